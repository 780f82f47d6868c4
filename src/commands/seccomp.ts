/** `runsight seccomp`: which syscalls does this workload need, as a profile with reasons? */
import { Args, Flags } from '@oclif/core';
import { readFileSync } from 'node:fs';
import { EXIT, UserError } from '../errors.js';
import type { InputFormat } from '../events/stream.js';
import { FORMATS } from '../formats/index.js';
import type { ProfileSource } from '../seccomp.js';
import { BaseCommand, Output } from './base.js';

const RUNTIMES = ['runc', 'crun', 'all', 'none'] as const;

export default class Seccomp extends BaseCommand {
  static override description = `Make a seccomp profile of exactly what a workload needs.

From one or many runsc logs (--strace) or traces of strace(1). The profile is what docker run --security-opt seccomp=FILE and
linux.seccomp of a config.json take; what a runtime needs to start the container is in it.`;
  static override examples = [
    '<%= config.bin %> seccomp boot.log -o profile.json && docker run --security-opt seccomp=profile.json IMAGE',
    '<%= config.bin %> seccomp --explain boot.log',
    '<%= config.bin %> seccomp --merge profile.json other-run.strace -o profile.json',
    '<%= config.bin %> seccomp --diff profile.json next-release.log',
  ];
  static override strict = false;
  static override args = { path: Args.string({ description: 'files, folders, or - for stdin', ignoreStdin: true }) };
  static override flags = {
    format: Flags.string({ description: 'the profile, what it is made of, or both as a document', options: FORMATS.seccomp, default: 'profile' }), // prettier-ignore
    json: Flags.boolean({ description: 'the same as --format json' }),
    explain: Flags.boolean({
      description: 'say of each call who needed it, how often and where first; the profile goes to --output, if given',
    }),
    merge: Flags.string({ description: 'allow what this profile allows, too' }),
    diff: Flags.string({ description: 'say what this profile allows more, and less, than is needed' }),
    runtime: Flags.string({
      description: 'whose start of a container is allowed, too',
      options: [...RUNTIMES],
      multiple: true,
      multipleNonGreedy: true,
      default: ['all'],
    }),
    conditions: Flags.boolean({
      description: 'conditions on arguments (flags of clone, personality, families of socket)',
      default: true,
      allowNo: true,
    }),
    clone3: Flags.string({
      description: 'allow it as it was seen, or refuse it so that libraries take clone, whose flags a filter can see',
      options: ['seen', 'enosys'],
      default: 'seen',
    }),
    arch: Flags.string({ description: 'of a native trace; a log of runsc tells it', options: ['amd64', 'arm64'] }),
    redact: Flags.boolean({ description: 'mask environments, passwords and tokens', default: true, allowNo: true }),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Seccomp);
    const [{ seccomp }, { pathsOf }] = await Promise.all([import('../seccomp.js'), import('./paths.js')]);
    const paths = pathsOf(argv as string[]);
    const merge = flags.merge === undefined ? undefined : profileOf(flags.merge);
    const diff = flags.diff === undefined ? undefined : profileOf(flags.diff);
    const progress = await this.progress(flags, paths);
    const wanted = new Set(flags.runtime as (typeof RUNTIMES)[number][]);
    const { report, problems } = await seccomp(paths, {
      inputFormat: flags['input-format'] as InputFormat,
      onProgress: progress.told,
      runtimes: (['runc', 'crun'] as const).filter((one) => wanted.has('all') || wanted.has(one)),
      conditions: flags.conditions,
      refuseClone3: flags.clone3 === 'enosys',
      redact: flags.redact,
      ...(flags.arch === undefined ? {} : { architecture: flags.arch as 'amd64' | 'arm64' }),
      ...(merge === undefined ? {} : { merge }),
      ...(diff === undefined ? {} : { diff }),
    });
    progress.done();
    const records = report.reading.reduce((sum, reading) => sum + reading.records, 0);
    const isJson = flags.json || flags.format === 'json';
    const isTold = !isJson && (flags.format === 'text' || flags.explain || diff !== undefined);
    const { formatSeccomp, profileText, seccompNote } = await import('../formats/seccomp.js');
    // A profile is read, and only then written: the same file may be merged into.
    const output = new Output(flags.output, paths);
    if (isJson) {
      const { documentJson } = await import('../formats/document.js');
      await output.write(documentJson(report));
    } else if (!isTold || flags.output !== undefined) await output.write(profileText(report.profile));
    await output.end();
    if (isTold) {
      const screen = this.screen({ color: flags.color, quiet: flags.quiet });
      const told = new Output(undefined, paths);
      await told.write(formatSeccomp(report, screen, { explain: flags.explain, diff: diff !== undefined }));
      await told.end();
    } else if (!isJson && !flags.quiet) this.logToStderr(`note: ${seccompNote(report)}`);
    const code = this.report(problems, flags, records);
    if (code !== 0) this.exit(code);
  }
}

function profileOf(path: string): ProfileSource {
  try {
    return { name: path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    throw new UserError(`cannot read the profile: ${(error as Error).message}`, { exit: EXIT.unreadable });
  }
}
