/** The table of syscalls, as users of `strace -c` know it: what works first, what waits by design below it. */
import type { SummaryReport, SyscallRow } from '../../model/report.js';
import { bytes, count, duration, labelled, percent, plural, type Screen } from '../layout.js';
import { printable } from '../printable.js';
import { axisOf, onAxis, sparkline, type Axis } from '../sparkline.js';
import type { Choice, View, ViewColumn } from '../view.js';

/** A row, with the axis that its sparkline shares with the others; without numbers it parts the sections. */
type Row = SyscallRow & { readonly axis: Axis; readonly ascii: boolean; readonly isHeading?: true };

/** Glyphs of a sparkline. */
const GLYPHS = 12;
/** Errors, and kinds of them, that are listed below the table. */
const MOST_ERRNOS = 8;
const MOST_CALLS = 3;

const time = (
  name: string,
  value: (row: SyscallRow) => number,
  more: Partial<ViewColumn<Row>> = {},
): ViewColumn<Row> => ({
  name,
  unit: 'ns',
  isTime: true,
  value,
  cell: (row) => (row.isHeading === true ? '' : duration(value(row))),
  ...more,
});

const number = (
  name: string,
  value: (row: SyscallRow) => number,
  more: Partial<ViewColumn<Row>> = {},
): ViewColumn<Row> => ({
  name,
  value,
  cell: (row) => (value(row) === 0 ? '' : count(value(row))),
  ...more,
});

const errnosOf = ({ errnos }: SyscallRow): string =>
  Object.entries(errnos)
    .map(([name, n]) => `${name} ${count(n)}`)
    .join(', ');

export const COLUMNS: readonly ViewColumn<Row>[] = [
  {
    name: 'name',
    head: 'syscall',
    left: true,
    ascends: true,
    value: (row) => row.name,
    cell: (row) => printable(row.name),
  },
  number('calls', (row) => row.calls),
  number('errors', (row) => row.errors),
  number('restarts', (row) => row.restarts, { hidden: true }),
  number('unfinished', (row) => row.unfinished, { hidden: true }),
  time('total', (row) => row.total_ns),
  {
    ...time('waiting', (row) => row.waiting_ns ?? 0, { rank: 5 }),
    cell: (row) => ((row.waiting_ns ?? 0) === 0 ? '' : duration(row.waiting_ns ?? 0)),
  },
  {
    name: 'work',
    isTime: true,
    value: (row) => row.working_share ?? row.share,
    cell: (row) => (row.isHeading === true || row.working_share === 0 ? '' : percent(row.working_share ?? row.share)),
  },
  {
    name: 'share',
    isTime: true,
    hidden: true,
    value: (row) => row.share,
    cell: (row) => (row.isHeading === true ? '' : percent(row.share)),
  },
  time('min', (row) => row.min_ns, { rank: 7 }),
  time('mean', (row) => row.mean_ns, { rank: 8 }),
  time('p50', (row) => row.p50_ns),
  time('p95', (row) => row.p95_ns, { rank: 4 }),
  time('p99', (row) => row.p99_ns, { rank: 2 }),
  time('max', (row) => row.max_ns),
  {
    name: 'latency',
    left: true,
    isTime: true,
    rank: 3,
    value: (row) => row.latency.map(({ from_ns, calls }) => `${from_ns}:${calls}`).join(' '),
    cell: (row) => (row.isHeading === true ? '' : sparkline(onAxis(row.latency, row.axis), row.ascii)),
  },
  {
    name: 'support',
    left: true,
    hidden: true,
    ascends: true,
    value: ({ support }) => support?.level ?? null,
    cell: ({ support }) => support?.level ?? '',
  },
  {
    name: 'volume',
    unit: 'bytes',
    hidden: true,
    value: ({ log_bytes: size = 0 }) => size,
    cell: ({ log_bytes: size = 0 }) => (size === 0 ? '' : bytes(size)),
  },
  { name: 'class', left: true, hidden: true, ascends: true, value: (row) => row.class, cell: (row) => row.class },
  {
    name: 'errnos',
    left: true,
    rank: 6,
    value: ({ errnos }) =>
      Object.entries(errnos)
        .map(([name, n]) => `${name}:${n}`)
        .join(' '),
    cell: (row, room) => {
      const text = errnosOf(row);
      return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
    },
  },
];

/** Does more than half of its time wait? */
const isWaiting = (row: SyscallRow): boolean => (row.waiting_ns ?? 0) * 2 > row.total_ns;

const isTimed = ({ totals }: SummaryReport): boolean => totals.total_ns > 0;

function rowsOf({ syscalls, totals }: SummaryReport, { ascii = false }: Choice): readonly Row[] {
  const axis = axisOf(
    syscalls.map(({ latency }) => latency),
    GLYPHS,
  );
  const work = (row: SyscallRow): number => row.total_ns - (row.waiting_ns ?? 0);
  const sorted = syscalls.toSorted(
    (a, b) =>
      (totals.total_ns === 0 ? b.calls - a.calls : 0) ||
      Number(isWaiting(a)) - Number(isWaiting(b)) ||
      (isWaiting(a) ? 0 : work(b) - work(a)),
  );
  return sorted.map((row) => ({ ...row, axis, ascii }));
}

const HEADING: Omit<Row, 'axis' | 'ascii'> = {
  name: 'mostly waiting:',
  calls: 0,
  errors: 0,
  restarts: 0,
  unfinished: 0,
  errnos: {},
  total_ns: 0,
  min_ns: 0,
  max_ns: 0,
  p50_ns: 0,
  p95_ns: 0,
  p99_ns: 0,
  share: 0,
  mean_ns: 0,
  class: '',
  latency: [],
  isHeading: true,
};

/** A line between what works and what waits. */
function inSections(rows: readonly Row[]): readonly Row[] {
  const first = rows.findIndex(isWaiting);
  const [some] = rows;
  if (first < 1 || some === undefined) return rows;
  return rows.toSpliced(first, 0, { ...HEADING, axis: some.axis, ascii: some.ascii });
}

function headline(report: SummaryReport): string {
  const { totals, syscalls } = report;
  if (syscalls.length === 0) return nothingTraced(report);
  const failed =
    totals.errors === 0
      ? 'None failed.'
      : `${count(totals.errors)} failed (${percent(totals.errors / Math.max(1, totals.calls))})${normalPart(report)}.`;
  const calls = `${plural(totals.calls, 'call')} of ${plural(syscalls.length, 'syscall')}`;
  if (!isTimed(report)) return `${calls}, without times: run strace with -T for them. ${failed}`;
  return `${calls}, ${duration(totals.total_ns)} in them${workPart(report)}. ${failed}`;
}

/** How many of the errors are no sign of trouble. */
function normalPart({ totals }: SummaryReport): string {
  const { errors, normal_errors: normal } = totals;
  if (normal === 0) return '';
  return normal === errors ? ', as healthy programs do' : `, ${count(normal)} of them as in healthy programs`;
}

/** Calls that take this part of the working time together are named. */
const NAMED = 0.6;
const MOST_NAMED = 3;

/** Where the time goes that matters. */
function workPart({ totals, syscalls }: SummaryReport): string {
  const { waiting_ns: waiting, slowest } = totals;
  if (waiting === undefined) return ' (waiting included)';
  const work = totals.total_ns - waiting;
  if (work <= 0) return ', all of it waiting';
  const busiest = syscalls.toSorted((a, b) => (b.working_share ?? 0) - (a.working_share ?? 0));
  const named: string[] = [];
  let taken = 0;
  for (const { name, working_share: share = 0 } of busiest) {
    if (named.length === MOST_NAMED || taken >= NAMED) break;
    named.push(`${printable(name)} ${percent(share)}`);
    taken += share;
  }
  const of =
    waiting === 0 ? 'at work' : `${percent(waiting / totals.total_ns)} of it waiting; of the other ${duration(work)}`;
  const few =
    slowest === undefined || slowest === null
      ? ''
      : `, and the slowest ${percent(slowest.share_of_calls)} of the calls take ${percent(slowest.share_of_time)}`;
  return waiting === 0 ? `: ${named.join(', ')}${few}` : `, ${of}: ${named.join(', ')}${few}`;
}

/** Calls after which the task is gone: one of them that is not left hangs nowhere. */
const NEVER_RETURN = new Set(['exit', 'exit_group']);

function nothingTraced(report: SummaryReport): string {
  const hasTable = report.reading.some(({ events }) => (events['native-table'] ?? 0) > 0);
  if (hasTable) {
    return 'This is the table of strace -c, the counts of which are made already: for more than these, trace the calls themselves (strace -f -T -o FILE PROGRAM).';
  }
  const isLog = report.reading.some(({ format }) => format !== 'empty' && format !== 'text');
  return isLog || report.merged !== undefined
    ? 'No syscall was traced: either --strace (with --debug-log) or the boot log is missing, or the program did not start (runsight diagnose).'
    : 'No log was read.';
}

function notes(report: SummaryReport, screen: Screen, choice: Choice, shown: readonly Row[]): readonly string[] {
  const lines: string[] = [];
  const say = (label: string, text: string): void => {
    lines.push(...labelled(label, printable(text), 11, screen, 0));
  };
  if (choice.columns === undefined && shown.length > 0 && isTimed(report)) {
    const waiting = waitingText(report);
    if (waiting !== '') say('waiting', waiting);
  }
  const axis = shown.find(({ latency }) => latency.length > 0)?.axis;
  const hasLatency = choice.columns?.includes('latency') ?? false;
  if (axis !== undefined && (hasLatency || choice.wide === true)) say('latency', axisText(axis));
  if (choice.columns === undefined || choice.columns.includes('errnos')) {
    for (const [index, text] of errorLines(report).entries()) say(index === 0 ? 'errors' : '', text);
  }
  const listed = (field: 'restarts' | 'unfinished'): string =>
    report.syscalls
      .filter((row) => row[field] > 0)
      .filter(({ name }) => !NEVER_RETURN.has(name))
      .toSorted((a, b) => b[field] - a[field])
      .slice(0, 6)
      .map((row) => `${row.name} ${count(row[field])}`)
      .join(', ');
  if (choice.columns === undefined) {
    if (listed('restarts') !== '') say('restarts', `interrupted and redone, not errors: ${listed('restarts')}`);
    if (listed('unfinished') !== '') say('unfinished', `entered and not left: ${listed('unfinished')}`);
  }
  if (choice.columns === undefined || choice.columns.includes('support'))
    for (const [index, text] of supportLines(report, choice).entries()) say(index === 0 ? 'support' : '', text);
  const isLarge =
    (report.advice?.trace_bytes ?? 0) >= LARGE && choice.columns === undefined && choice.isFiltered !== true;
  if (choice.advice === true || isLarge) {
    const { text, flag } = adviceOf(report);
    if (text !== '') say('volume', text);
    // in one piece, however long: it is to be copied
    if (flag !== '') lines.push(`           ${flag}`);
  }
  return lines;
}

/** Smaller logs are no burden. */
const LARGE = 50e6;

/** Calls that the release does not implement; with --wide or the column also what others lack. */
function supportLines({ syscalls, runtimes }: SummaryReport, choice: Choice): readonly string[] {
  if (runtimes === undefined) return [];
  const [runtime] = runtimes;
  if (runtime === undefined) return ['not known: no banner tells the release'];
  const name = `${runtime.release} (${runtime.architecture})${runtimes.length > 1 ? ', of several releases the least,' : ''}`;
  const of = (level: string): readonly SyscallRow[] => syscalls.filter(({ support }) => support?.level === level);
  const noted = (rows: readonly SyscallRow[]): string =>
    rows.map(({ name: call, support }) => `${call} (${support?.note ?? 'no word on what'})`).join(', ');
  const missing = of('unimplemented');
  const parts = of('partial');
  const isFull = choice.wide === true || choice.columns !== undefined;
  return [
    ...(missing.length === 0
      ? [`runsc ${name} implements all of them`]
      : [`runsc ${name} does not implement ${noted(missing)}`]),
    ...(parts.length === 0 || !isFull ? [] : [`in part: ${noted(parts)}`]),
  ];
}

function adviceOf({ advice }: SummaryReport): { readonly text: string; readonly flag: string } {
  if (advice === undefined) return { text: '', flag: '' };
  if (advice === null) return { text: 'nothing to save: what the log holds is worth its room', flag: '' };
  const large = advice.large
    .filter(({ kept }) => !kept)
    .slice(0, 5)
    .map(({ name, share }) => `${printable(name)} ${percent(share)}`);
  const data = advice.data_bytes / advice.trace_bytes;
  const sized =
    data < DATA_PART ? '' : ` (${advice.data_flag} bounds what reads and writes show: ${percent(data)} of it)`;
  return {
    text: `${bytes(advice.trace_bytes)} of trace records, mainly ${large.join(', ')}${sized}. What programs do is in ${percent(advice.kept_bytes / advice.trace_bytes)} of it:`,
    flag: printable(advice.flag),
  };
}
const DATA_PART = 0.2;

/** What one glyph of a sparkline stands for. */
function axisText({ first, step, length }: Axis): string {
  const each = step === 1 ? 'a glyph for each power of two' : `a glyph for each ${step} powers of two`;
  return `${each}, from ${duration(2 ** first)} to ${duration(2 ** (first + step * length))}`;
}

function waitingText({ totals, syscalls }: SummaryReport): string {
  const { waiting_ns: waiting = 0 } = totals;
  if (waiting === 0) return '';
  const rows = syscalls
    .filter((row) => (row.waiting_ns ?? 0) > 0)
    .toSorted((a, b) => (b.waiting_ns ?? 0) - (a.waiting_ns ?? 0));
  const named = rows
    .slice(0, 6)
    .map(({ name, waiting_ns = 0, waiting_calls = 0 }) => `${name} ${duration(waiting_ns)} in ${count(waiting_calls)}`);
  const more = rows.length > named.length ? ', …' : '';
  return `by design, until something happens: ${named.join(', ')}${more === '' ? '.' : more} "work" is the share of the other time.`;
}

/** Errors that may be a sign of trouble, then those that are none. */
function errorLines({ errnos }: SummaryReport): readonly string[] {
  const said = (isNormal: boolean): string => {
    const rows = errnos
      .map(({ name, syscalls, why }) => ({
        name,
        calls: Object.entries(syscalls).filter(([call]) => why.some(({ syscall }) => syscall === call) === isNormal),
      }))
      .filter(({ calls }) => calls.length > 0)
      .map((row) => ({ ...row, sum: row.calls.reduce((sum, [, n]) => sum + n, 0) }))
      .toSorted((x, y) => y.sum - x.sum);
    const shown = rows.slice(0, MOST_ERRNOS).map(({ name, calls, sum }) => {
      const listed = calls.slice(0, MOST_CALLS).map(([call, n]) => `${call} ${count(n)}`);
      return `${name} ${count(sum)} (${listed.join(', ')}${calls.length > MOST_CALLS ? ', …' : ''})`;
    });
    return shown.join(' · ') + (rows.length > MOST_ERRNOS ? ` · and ${rows.length - MOST_ERRNOS} more` : '');
  };
  const [odd, normal] = [said(false), said(true)];
  return [...(odd === '' ? [] : [odd]), ...(normal === '' ? [] : [`normal (--by errno says why): ${normal}`])];
}

export const syscallView: View<Row> = {
  columns: COLUMNS,
  noun: ['syscall', 'syscalls'],
  rows: rowsOf,
  parted: inSections,
  headline,
  notes,
};
