/** `runsight summary`: which syscalls, how often, how long, failing how. */
import { Args, Flags } from '@oclif/core';
import { UserError } from '../errors.js';
import { FORMATS, VIEWS, type ViewName } from '../formats/index.js';
import type { InputFormat } from '../events/stream.js';
import type { SummaryFormat } from '../formats/summary.js';
import type { SummaryReport } from '../model/report.js';
import { BaseCommand, FILTER_FLAGS, Output } from './base.js';

export default class Summary extends BaseCommand {
  static override description = `Count the syscalls of a workload: calls, errors, times.

Reads the boot log of a run with --strace. Calls that wait by design stand apart; percentiles are right to one part in 16.`;
  static override examples = [
    '<%= config.bin %> summary /tmp/runsc',
    '<%= config.bin %> summary --by file --top 20 boot.log',
    '<%= config.bin %> summary --columns name,calls,errors,p99,max --sort p99 boot.log',
    'zcat boot.log.gz | <%= config.bin %> summary --format csv > calls.csv',
  ];
  static override strict = false;
  static override args = {
    path: Args.string({ description: 'files, folders, or - for stdin', ignoreStdin: true }),
  };
  static override flags = {
    top: Flags.integer({
      description: 'show this many rows, most time first; the JSON document always holds all',
      min: 1,
    }),
    by: Flags.string({
      description: 'what the rows are: processes as a tree, files, errors with their paths, seconds, ...',
      options: VIEWS,
      default: 'syscall',
    }),
    histogram: Flags.string({
      description: 'how long the calls of this syscall took, in full (all: those of all syscalls)',
      exclusive: ['by'],
    }),
    show: Flags.integer({
      description: 'the slowest calls as they stand in the log, so many; with a filter of those that fit',
      min: 1,
      max: 1000,
      exclusive: ['by', 'histogram'],
    }),
    advice: Flags.boolean({ description: 'also how the next trace can be smaller (said of large logs in any case)' }),
    columns: Flags.string({ description: 'only these columns, with commas between them; a wrong name lists them' }),
    sort: Flags.string({ description: 'by this column: the largest first, names from A to Z' }),
    wide: Flags.boolean({ description: 'all columns, however wide the screen is' }),
    ascii: Flags.boolean({
      description: 'signs of ASCII only (the default where the locale of a terminal is not UTF-8)',
    }),
    format: Flags.string({ description: 'how the summary is written', options: FORMATS.summary, default: 'table' }),
    json: Flags.boolean({ description: 'the same as --format json' }),
    ...FILTER_FLAGS,
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Summary);
    const [{ summarize }, { pathsOf }, { formatSummary, columnNames }, { isAsciiLocale }] = await Promise.all([
      import('../summarize.js'),
      import('./paths.js'),
      import('../formats/summary.js'),
      import('../formats/ascii.js'),
    ]);
    const view = viewOf(flags);
    const format = (flags.json ? 'json' : flags.format) as SummaryFormat;
    const known = columnNames(view);
    const columns = flags.columns?.split(',').map((name) => name.trim());
    for (const name of [...(columns ?? []), ...(flags.sort === undefined ? [] : [flags.sort])])
      if (!known.includes(name)) throw await noColumn(name, view, known);
    const paths = pathsOf(argv as string[]);
    const output = new Output(flags.output, paths);
    const progress = await this.progress(flags, paths);
    const filter = await this.filter(flags);
    const shown = new Set([...(columns ?? WAITING_COLUMNS), flags.sort ?? '']);
    const { report, problems } = await summarize(paths, {
      ...(filter === undefined ? {} : { where: filter.passes }),
      inputFormat: flags['input-format'] as InputFormat,
      onProgress: progress.told,
      views: format === 'json' || ARGUMENT_VIEWS.has(view),
      by: COUNTED_APART.filter((name) => name === view),
      support: format === 'json' || flags.wide || shown.has('support'),
      volume:
        format === 'json' ||
        flags.wide ||
        flags.advice ||
        shown.has('volume') ||
        (view === 'syscall' && columns === undefined),
      ...(flags.histogram === undefined ? {} : { histogram: flags.histogram }),
      ...(flags.show === undefined ? {} : { show: flags.show }),
      waiting: format === 'json' || view === 'histogram' || WAITING_COLUMNS.some((name) => shown.has(name)),
    });
    progress.done();
    const isTerminal = flags.output === undefined && process.stdout.isTTY === true;
    await output.write(
      formatSummary(report, view, format, this.screen(flags), {
        columns,
        sort: flags.sort,
        top: flags.top,
        wide: flags.wide,
        isFiltered: filter !== undefined,
        advice: flags.advice,
        ascii: flags.ascii || (isTerminal && isAsciiLocale(process.env)),
      }),
    );
    await output.end();
    this.noteFilter(filter, flags);
    if (report.histogram?.calls === 0 && filter === undefined && !flags.quiet) await this.noteNoCall(report);
    const code = this.report(
      problems,
      flags,
      report.reading.reduce((sum, reading) => sum + reading.records, 0),
    );
    if (code !== 0) this.exit(code);
  }

  /** A name that no call has may be a slip of the hand. */
  private async noteNoCall({ histogram, syscalls }: SummaryReport): Promise<void> {
    const { nearest } = await import('../nearest.js');
    const names = syscalls.map(({ name }) => name);
    const near = nearest(histogram?.name ?? '', names);
    if (near.length > 0) this.logToStderr(`note: did you mean ${near.join(' or ')}?`);
  }
}

function viewOf(flags: {
  readonly by: string;
  readonly histogram?: string | undefined;
  readonly show?: number | undefined;
}): ViewName {
  if (flags.show !== undefined) return 'record';
  return flags.histogram === undefined ? (flags.by as ViewName) : 'histogram';
}

/** Views that take the arguments of each call. */
const ARGUMENT_VIEWS: ReadonlySet<ViewName> = new Set(['process', 'thread', 'container', 'file', 'socket', 'errno']);
/** Views that have an analyzer of their own. */
const COUNTED_APART = ['thread', 'container', 'second'] as const;
/** Columns that tell waiting from working. */
const WAITING_COLUMNS = ['waiting', 'share'] as const;

async function noColumn(name: string, view: ViewName, known: readonly string[]): Promise<UserError> {
  const { nearest } = await import('../nearest.js');
  const near = nearest(name, known);
  return new UserError(`no column "${name}" in the view of ${view}s`, {
    suggestions: [...(near.length === 0 ? [] : [`did you mean ${near.join(' or ')}?`]), `columns: ${known.join(', ')}`],
  });
}
