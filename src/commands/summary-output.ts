/** What `summary` and `merge` share: which view is shown, in which columns, and how. */
import { Flags } from '@oclif/core';
import { UserError } from '../errors.js';
import { FORMATS, VIEWS, type ViewName } from '../formats/index.js';
import type { Screen } from '../formats/layout.js';
import { printable } from '../formats/printable.js';
import type { SummaryFormat } from '../formats/summary.js';
import type { Choice } from '../formats/view.js';
import type { SummaryReport } from '../model/report.js';

export const SUMMARY_FLAGS = {
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
  columns: Flags.string({ description: 'only these columns, with commas between them; a wrong name lists them' }),
  sort: Flags.string({ description: 'by this column: the largest first, names from A to Z' }),
  wide: Flags.boolean({ description: 'all columns, however wide the screen is' }),
  ascii: Flags.boolean({
    description: 'signs of ASCII only (the default where the locale of a terminal is not UTF-8)',
  }),
  format: Flags.string({ description: 'how the summary is written', options: FORMATS.summary, default: 'table' }),
  json: Flags.boolean({ description: 'the same as --format json' }),
  redact: Flags.boolean({
    description: 'mask passwords and tokens in command lines and records (JSON holds command lines as they are)',
    default: true,
    allowNo: true,
  }),
};

/** What oclif makes of these flags. */
export type SummaryFlags = {
  readonly top?: number | undefined;
  readonly by: string;
  readonly histogram?: string | undefined;
  readonly show?: number | undefined;
  readonly columns?: string | undefined;
  readonly sort?: string | undefined;
  readonly wide: boolean;
  readonly ascii: boolean;
  readonly format: string;
  readonly json: boolean;
  readonly redact: boolean;
  readonly output?: string | undefined;
};

/** What is shown of a summary. */
export type Shown = {
  readonly view: ViewName;
  readonly format: SummaryFormat;
  readonly columns: readonly string[] | undefined;
  /** Writes the report in pieces. */
  readonly pieces: (report: SummaryReport, screen: Screen, more?: Choice) => Iterable<string>;
};

/** What flags ask for. Throws a UserError where a column is none of the view. */
export async function shownOf(flags: SummaryFlags): Promise<Shown> {
  const [{ summaryPieces, columnNames }, { isAsciiLocale }, { maskedSummary }] = await Promise.all([
    import('../formats/summary.js'),
    import('../formats/ascii.js'),
    import('../summarize.js'),
  ]);
  const view = viewOf(flags);
  const format = (flags.json ? 'json' : flags.format) as SummaryFormat;
  const known = columnNames(view);
  const columns = flags.columns?.split(',').map((name) => name.trim());
  for (const name of [...(columns ?? []), ...(flags.sort === undefined ? [] : [flags.sort])])
    if (!known.includes(name)) throw await noColumn(name, view, known);
  const isTerminal = flags.output === undefined && process.stdout.isTTY === true;
  return {
    view,
    format,
    columns,
    pieces: (report, screen, more) =>
      // one view alone shows command lines
      summaryPieces(
        flags.redact ? maskedSummary(report, format === 'json' || view !== 'process') : report,
        view,
        format,
        screen,
        {
          columns,
          sort: flags.sort,
          top: flags.top,
          wide: flags.wide,
          ascii: flags.ascii || (isTerminal && isAsciiLocale(process.env)),
          ...more,
        },
      ),
  };
}

/** Views that take the arguments of each call. */
const ARGUMENT_VIEWS: ReadonlySet<ViewName> = new Set(['process', 'thread', 'container', 'file', 'socket', 'errno']);
/** Columns that tell waiting from working. */
const WAITING_COLUMNS = ['waiting', 'work'] as const;

/** Which parts of a summary are shown: the others are left out, and cost nothing where they are not counted. */
export function partsOf(
  { view, format, columns }: Shown,
  { wide, sort, advice }: SummaryFlags & { readonly advice?: boolean },
): { readonly views: boolean; readonly support: boolean; readonly volume: boolean; readonly waiting: boolean } {
  const wanted = new Set([...(columns ?? WAITING_COLUMNS), sort ?? '']);
  const isAll = format === 'json';
  return {
    views: isAll || ARGUMENT_VIEWS.has(view),
    support: isAll || wide || wanted.has('support'),
    volume: isAll || wide || advice === true || wanted.has('volume') || (view === 'syscall' && columns === undefined),
    waiting: isAll || view === 'histogram' || WAITING_COLUMNS.some((name) => wanted.has(name)),
  };
}

/** A partial summary is one document, whatever is shown of it later. */
export function refuseShape(flags: SummaryFlags & { readonly advice?: boolean }): void {
  const { top, columns, sort, histogram, show, wide, ascii, advice, format } = flags;
  const given = Object.entries({ top, columns, sort, histogram, show, wide, ascii, advice }).find(
    ([, value]) => value !== undefined && value !== false,
  );
  const name = given?.[0] ?? (format === 'table' || format === 'json' ? undefined : 'format');
  if (name === undefined) return;
  throw new UserError(`--${name} has no meaning for a partial summary`, {
    suggestions: [
      name === 'show' || name === 'advice' ? 'leave it out' : `give it to the merge: runsight merge --${name} ...`,
    ],
  });
}

function viewOf({ by, histogram, show }: SummaryFlags): ViewName {
  if (show !== undefined) return 'record';
  return histogram === undefined ? (by as ViewName) : 'histogram';
}

async function noColumn(name: string, view: ViewName, known: readonly string[]): Promise<UserError> {
  const { nearest } = await import('../nearest.js');
  const near = nearest(name, known);
  return new UserError(`no column "${name}" in the view of ${view}s`, {
    suggestions: [...(near.length === 0 ? [] : [`did you mean ${near.join(' or ')}?`]), `columns: ${known.join(', ')}`],
  });
}

/** What to say of a histogram's name that no call has: those that may have been meant, else those that there were. */
export async function hintOf({ histogram, syscalls }: SummaryReport): Promise<string | undefined> {
  const { nearest } = await import('../nearest.js');
  const names = syscalls.map(({ name }) => printable(name));
  const near = nearest(histogram?.name ?? '', names);
  if (near.length > 0) return `did you mean ${near.join(' or ')}?`;
  const most = names.slice(0, MOST_NAMED);
  return names.length === 0
    ? undefined
    : `calls of this log: ${most.join(', ')}${names.length > most.length ? ', …' : ''}`;
}
const MOST_NAMED = 8;
