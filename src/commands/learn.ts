/** `runsight learn`: what do good runs of this workload do? */
import { Args, Flags } from '@oclif/core';
import { readFileSync } from 'node:fs';
import { EXIT, unreadable, UserError } from '../errors.js';
import type { InputFormat } from '../events/stream.js';
import type { Baseline } from '../learn.js';
import { BaseCommand, Output } from './base.js';

export default class Learn extends BaseCommand {
  static override description = `Write down what good runs of a workload do, for "scan --baseline".

Programs and whom they start, files, peers, rights, calls and errors; parts that change by themselves are generalised. Give the boot
logs (--strace) of several good runs: the more ways the workload has, the more runs.`;
  static override examples = [
    '<%= config.bin %> learn good-1.boot.log good-2.boot.log -o web.baseline.json',
    '<%= config.bin %> scan --baseline web.baseline.json boot.log',
    '<%= config.bin %> learn --update web.baseline.json new-release.boot.log -o web.baseline.json',
  ];
  static override strict = false;
  static override args = { path: Args.string({ description: 'logs of good runs', ignoreStdin: true }) };
  static override flags = {
    update: Flags.string({ description: 'add to this baseline, after you looked at what is new' }),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Learn);
    const [{ baselineText, learn }, { pathsOf }, { shellWord }, { severityCounts }] = await Promise.all([
      import('../learn.js'),
      import('./paths.js'),
      import('../input/source.js'),
      import('../formats/scan.js'),
    ]);
    const paths = pathsOf(argv as string[]);
    const base = flags.update === undefined ? {} : { base: await baselineOf(flags.update) };
    const progress = await this.progress(flags, paths);
    const { baseline, logs, severities, problems } = await learn(paths, {
      inputFormat: flags['input-format'] as InputFormat,
      onProgress: progress.told,
      ...base,
    });
    progress.done();
    if (logs === 0) {
      if (problems.length > 0) this.exit(this.report(problems, flags, logs));
      throw new UserError('no log with calls was found: there is nothing to learn', {
        exit: EXIT.unreadable,
        suggestions: ['give boot logs of runsc --debug --strace'],
      });
    }
    const output = new Output(flags.output, paths);
    await output.write(baselineText(baseline));
    await output.end();
    const grave = severities.filter((one) => one === 'critical' || one === 'high');
    if (grave.length > 0 && !flags.quiet) {
      const what = `${severityCounts(grave).join(' and ')} ${grave.length === 1 ? 'finding' : 'findings'}`;
      this.logToStderr(
        `warning: ${logs === 1 ? 'this run has' : 'these runs have'} ${what}, which the baseline now allows\n` +
          `  look first: runsight scan --min-severity high ${paths.map(shellWord).join(' ')}`,
      );
    }
    const code = this.report(problems, flags, logs);
    if (code !== 0) this.exit(code);
  }
}

/** Reads a baseline file. Throws a UserError that says what is wrong with it. */
export async function baselineOf(path: string): Promise<Baseline> {
  const { readBaseline } = await import('../learn.js');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable('baseline', path, error);
  }
  const found = readBaseline(text);
  if (typeof found === 'string') throw new UserError(`${path} cannot be used as a baseline: ${found}`);
  return found;
}
