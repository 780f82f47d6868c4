/** `runsight summary`: which syscalls, how often, how long, failing how. */
import { Args, Flags } from '@oclif/core';
import { FORMATS, VIEWS, type View } from '../formats/index.js';
import type { InputFormat } from '../events/stream.js';
import { BaseCommand, FILTER_FLAGS, Output } from './base.js';

export default class Summary extends BaseCommand {
  static override description = `Count the syscalls of a workload: calls, errors, times.

Reads the boot log of a run with --strace. Times include time blocked; percentiles are right to one part in 16.`;
  static override examples = [
    '<%= config.bin %> summary /tmp/runsc',
    '<%= config.bin %> summary --by file --top 20 boot.log',
    'zcat boot.log.gz | <%= config.bin %> summary --top 10',
  ];
  static override strict = false;
  static override args = {
    path: Args.string({ description: 'files, folders, or - for stdin', ignoreStdin: true }),
  };
  static override flags = {
    top: Flags.integer({
      description: 'show this many syscalls in the table, most time first; the JSON document always holds all',
      min: 1,
    }),
    by: Flags.string({
      description: 'what the table is of: processes as a tree, files, sockets, errors with their paths',
      options: VIEWS,
      default: 'syscall',
    }),
    format: Flags.string({ description: 'how the summary is written', options: FORMATS.summary, default: 'table' }),
    json: Flags.boolean({ description: 'the same as --format json' }),
    ...FILTER_FLAGS,
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Summary);
    const [{ summarize }, { pathsOf }] = await Promise.all([import('../summarize.js'), import('./paths.js')]);
    const isJson = flags.json || flags.format === 'json';
    const progress = this.progress(flags);
    const paths = pathsOf(argv as string[]);
    const output = new Output(flags.output, paths);
    const filter = await this.filter(flags);
    const { report, problems } = await summarize(paths, {
      ...(filter === undefined ? {} : { where: filter.passes }),
      inputFormat: flags['input-format'] as InputFormat,
      onProgress: progress.told,
      views: isJson || flags.by !== 'syscall',
    });
    progress.done();
    if (isJson) {
      const { documentJson } = await import('../formats/document.js');
      await output.write(documentJson(report));
    } else if (flags.by !== 'syscall') {
      const { formatView } = await import('../formats/views.js');
      await output.write(formatView(report, flags.by as Exclude<View, 'syscall'>, this.screen(flags), flags.top));
    } else {
      const { formatSummary } = await import('../formats/summary.js');
      await output.write(
        formatSummary(report, this.screen(flags), {
          ...(flags.top === undefined ? {} : { top: flags.top }),
          isFiltered: filter !== undefined,
        }),
      );
    }
    await output.end();
    this.noteFilter(filter, flags);
    const code = this.report(
      problems,
      flags,
      report.reading.reduce((sum, reading) => sum + reading.records, 0),
    );
    if (code !== 0) this.exit(code);
  }
}
