/** `runsight compat`: which gaps of gVisor does this workload meet, in which release? */
import { Args, Flags } from '@oclif/core';
import type { InputFormat } from '../events/stream.js';
import { EXIT } from '../errors.js';
import { FORMATS } from '../formats/index.js';
import { BaseCommand, Output } from './base.js';

export default class Compat extends BaseCommand {
  static override description = `Say which gaps of gVisor a workload meets, in a release.

Every call, option and special file that it used, from a runsc log (--strace) or from a trace of strace(1), so that one can know before
moving, against what a release supports: what is missing or partial, what the program did about it, and since when it works.`;
  static override examples = [
    '<%= config.bin %> compat boot.log',
    '<%= config.bin %> compat --release 20240729.0 native.strace',
    '<%= config.bin %> compat --release newest --fail-on blocked --format markdown boot.log',
  ];
  static override strict = false;
  static override args = { path: Args.string({ description: 'files, folders, or - for stdin', ignoreStdin: true }) };
  static override flags = {
    format: Flags.string({ description: 'how the report is written', options: FORMATS.compat, default: 'text' }),
    json: Flags.boolean({ description: 'the same as --format json' }),
    verbose: Flags.boolean({ char: 'v', description: 'tell everything that is not fully supported, with records' }),
    all: Flags.boolean({ description: 'list what is fully supported, too' }),
    release: Flags.string({
      description: "judge against this release (20240729.0, newest); else the log's own, else the newest that is known",
    }),
    arch: Flags.string({ description: 'of a native trace; a log of runsc tells it', options: ['amd64', 'arm64'] }),
    'fail-on': Flags.string({
      description: 'exit with 1 if the workload is blocked, or (fallbacks) if it also only goes another way',
      options: ['blocked', 'fallbacks'],
    }),
    redact: Flags.boolean({ description: 'mask environments, passwords and tokens', default: true, allowNo: true }),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Compat);
    const [{ compat }, { pathsOf }] = await Promise.all([import('../compat.js'), import('./paths.js')]);
    const paths = pathsOf(argv as string[]);
    const progress = await this.progress(flags, paths);
    const output = new Output(flags.output, paths);
    const format = flags.json ? 'json' : flags.format;
    const { report, problems } = await compat(paths, {
      inputFormat: flags['input-format'] as InputFormat,
      onProgress: progress.told,
      all: flags.all,
      redact: !flags.redact ? 'none' : format === 'markdown' ? 'identity' : 'secrets',
      ...(flags.release === undefined ? {} : { release: flags.release }),
      ...(flags.arch === undefined ? {} : { architecture: flags.arch as 'amd64' | 'arm64' }),
    });
    progress.done();
    if (format === 'json') {
      const { documentJson } = await import('../formats/document.js');
      await output.write(documentJson(report));
    } else {
      const { formatCompat, formatCompatMarkdown } = await import('../formats/compat.js');
      const view = { verbose: flags.verbose };
      await output.write(
        format === 'markdown' ? formatCompatMarkdown(report, view) : formatCompat(report, this.screen(flags), view),
      );
    }
    await output.end();
    const isMet =
      flags['fail-on'] !== undefined &&
      (report.verdict === 'blocked' || (flags['fail-on'] === 'fallbacks' && report.verdict === 'ready-with-fallbacks'));
    const records = report.reading.reduce((sum, reading) => sum + reading.records, 0);
    let code = this.report(problems, flags, records);
    if (flags['fail-on'] !== undefined && report.verdict === 'inconclusive' && code === EXIT.done) {
      // a gate that nothing came before must not be passed
      this.logToStderr('error: the input holds no calls: nothing was judged that --fail-on could be about');
      code = EXIT.unreadable;
    }
    if (code !== 0 || isMet) this.exit(code === 0 ? 1 : code);
  }
}
