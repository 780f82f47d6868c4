/** `runsight diagnose`: why did this container not start, or die? */
import { Args, Flags } from '@oclif/core';
import { FORMATS } from '../formats/index.js';
import type { InputFormat } from '../events/stream.js';
import { BaseCommand, Output } from './base.js';

export default class Diagnose extends BaseCommand {
  static override description = `Say why a container did not start, or died.

Give all files of one start (create or run, boot, gofer, start, ...): the cause stands in one of them, its echoes in others.`;
  static override examples = [
    '<%= config.bin %> diagnose /tmp/runsc',
    '<%= config.bin %> diagnose --json runsc.log.*.create.txt',
    '<%= config.bin %> diagnose --format markdown --output report.md /tmp/runsc',
  ];
  static override strict = false;
  static override args = {
    path: Args.string({ description: 'files, folders, or - for stdin', ignoreStdin: true }),
  };
  static override flags = {
    verbose: Flags.boolean({ char: 'v', description: 'show every finding, whole records, and what was set aside' }),
    format: Flags.string({ description: 'how the diagnosis is written', options: FORMATS.diagnose, default: 'text' }),
    json: Flags.boolean({ description: 'the same as --format json' }),
    'fail-on': Flags.string({
      description: 'exit with 1 if there is a finding of this severity or above',
      options: ['info', 'low', 'medium', 'high', 'critical'],
    }),
    id: Flags.string({ description: 'only sandboxes with a container whose id begins so' }),
    last: Flags.integer({ description: 'only so many of the newest sandboxes', min: 1 }),
    all: Flags.boolean({ description: 'all sandboxes of a folder that holds hundreds', exclusive: ['last'] }),
    explain: Flags.boolean({ description: 'show which rules matched, why so sure, and why the others lost' }),
    redact: Flags.boolean({
      description: 'mask environments, passwords and tokens; in markdown home directories and addresses, too',
      default: true,
      allowNo: true,
    }),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Diagnose);
    const [{ diagnose }, { pathsOf }] = await Promise.all([import('../diagnose.js'), import('./paths.js')]);
    const paths = pathsOf(argv as string[]);
    const progress = await this.progress(flags, paths);
    const output = new Output(flags.output, paths);
    const isMarkdown = flags.format === 'markdown' && !flags.json;
    const { report, problems } = await diagnose(paths, {
      inputFormat: flags['input-format'] as InputFormat,
      onProgress: progress.told,
      redact: flags.redact && isMarkdown ? 'identity' : flags.redact,
      explain: flags.explain,
      select: {
        all: flags.all,
        ...(flags.id === undefined ? {} : { id: flags.id }),
        ...(flags.last === undefined ? {} : { last: flags.last }),
      },
    });
    progress.done();
    if (flags.json || flags.format === 'json') {
      const { documentJson } = await import('../formats/document.js');
      await output.write(documentJson(report));
    } else if (isMarkdown) {
      const { formatMarkdown } = await import('../formats/markdown.js');
      await output.write(formatMarkdown(report, { verbose: flags.verbose }));
    } else {
      const { formatDiagnosis } = await import('../formats/diagnosis.js');
      await output.write(formatDiagnosis(report, this.screen(flags), { verbose: flags.verbose }));
    }
    await output.end();
    const { SEVERITIES } = await import('../model/finding.js');
    const level = SEVERITIES.findIndex((severity) => severity === flags['fail-on']);
    const isMet = level !== -1 && report.findings.some((finding) => SEVERITIES.indexOf(finding.severity) >= level);
    const code = this.report(
      problems,
      flags,
      report.reading.reduce((sum, reading) => sum + reading.records, 0),
    );
    if (code !== 0 || isMet) this.exit(code === 0 ? 1 : code);
  }
}
