/** How long the calls of one syscall took, with bars: powers of two, or parts of them where all are much alike. */
import type { Histogram } from '../../model/report.js';
import { count, duration, percent, plural } from '../layout.js';
import { printable } from '../printable.js';
import { bar } from '../sparkline.js';
import type { View } from '../view.js';
import { counted, timed } from './columns.js';

type Row = {
  readonly from_ns: number;
  readonly to_ns: number;
  readonly calls: number;
  readonly waiting: number;
  readonly share: number;
  readonly cumulative: number;
  /** Beside the fullest row, 0 to 1. */
  readonly height: number;
  readonly ascii: boolean;
};

/** So many rows are a page. */
const ROWS = 24;
const BAR = 32;

/** Which row a duration falls into, with so many equal parts to a power of two; -1 below a nanosecond. */
function rowOf(nanos: number, parts: number): number {
  if (nanos < 1) return -1;
  const power = Math.floor(Math.log2(nanos));
  return power * parts + Math.floor((nanos / 2 ** power - 1) * parts);
}

/** The shortest duration of a row. */
function lowestOf(row: number, parts: number): number {
  return row < 0 ? 0 : 2 ** Math.floor(row / parts) * (1 + (row % parts) / parts);
}

/** As many rows to a power of two as fit, spans without a call between others included. */
function rowsOf(histogram: Histogram | undefined, ascii: boolean): readonly Row[] {
  const bins = histogram?.bins ?? [];
  const [first] = bins;
  const last = bins.at(-1);
  if (first === undefined || last === undefined) return [];
  const parts = [16, 8, 4, 2, 1].find((n) => rowOf(last.from_ns, n) - rowOf(first.from_ns, n) < ROWS) ?? 1;
  const sums = new Map<number, { calls: number; waiting: number }>();
  for (let key = rowOf(first.from_ns, parts); key <= rowOf(last.from_ns, parts); key++)
    sums.set(key, { calls: 0, waiting: 0 });
  for (const { from_ns, calls, waiting } of bins) {
    const sum = sums.get(rowOf(from_ns, parts));
    if (sum === undefined) continue;
    sum.calls += calls;
    sum.waiting += waiting;
  }
  const all = bins.reduce((sum, { calls }) => sum + calls, 0);
  const most = [...sums.values()].reduce((greatest, { calls }) => Math.max(greatest, calls), 0);
  let seen = 0;
  return [...sums].map(([key, { calls, waiting }]) => {
    seen += calls;
    return {
      from_ns: Math.round(lowestOf(key, parts)),
      to_ns: Math.round(lowestOf(key + 1, parts)),
      calls,
      waiting,
      share: calls / all,
      cumulative: seen / all,
      height: calls / most,
      ascii,
    };
  });
}

export const histogramView: View<Row> = {
  noun: ['row', 'rows'],
  columns: [
    timed('from', (row) => row.from_ns),
    timed('to', (row) => row.to_ns),
    counted('calls', (row) => row.calls),
    counted('waiting', (row) => row.waiting, { rank: 1 }),
    { name: 'share', value: (row) => row.share, cell: (row) => (row.calls === 0 ? '' : percent(row.share)) },
    { name: 'cumulative', head: 'up to', value: (row) => row.cumulative, cell: (row) => percent(row.cumulative) },
    {
      name: 'bar',
      head: '',
      left: true,
      inCsv: false,
      value: () => null,
      cell: (row, room) => bar(row.height, Math.max(1, Math.min(BAR, room - 1)), row.ascii),
    },
  ],
  idle: ({ histogram }) => ((histogram?.bins ?? []).some(({ waiting }) => waiting > 0) ? [] : ['waiting']),
  rows: ({ histogram }, { ascii = false }) => rowsOf(histogram, ascii),
  headline: ({ histogram, syscalls, totals }) => {
    const name = printable(histogram?.name ?? '');
    if (histogram === undefined || histogram.calls === 0) return `No call of ${name} was traced.`;
    if (histogram.bins.length === 0)
      return `${plural(histogram.calls, `call of ${name}`, `calls of ${name}`)}, without times: run strace with -T for them.`;
    const row = syscalls.find((one) => one.name === histogram.name);
    const of =
      row === undefined
        ? `${plural(histogram.calls, 'call')} of all syscalls, ${duration(totals.total_ns)}`
        : `${plural(histogram.calls, 'call')} of ${name}, ${duration(row.total_ns)}`;
    const tail =
      row === undefined
        ? ''
        : `: p50 ${duration(row.p50_ns)}, p95 ${duration(row.p95_ns)}, p99 ${duration(row.p99_ns)}, max ${duration(row.max_ns)}`;
    const waited = histogram.bins.reduce((sum, { waiting }) => sum + waiting, 0);
    return `${of}${tail}.${waited === 0 ? '' : ` ${count(waited)} of them waited by design.`}`;
  },
};
