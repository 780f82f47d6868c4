/** The time line: what came back in each second, as a row of blocks and as a table. */
import type { SecondRow, SummaryReport } from '../../model/report.js';
import { count, duration, plural } from '../layout.js';
import { sparkline } from '../sparkline.js';
import type { View } from '../view.js';
import { counted, text, timed } from './columns.js';

/** Glyphs of the time line. */
const GLYPHS = 60;

/** The counts of the whole time in so many steps at the most, spans without a call included. */
function steps({ width, spans }: NonNullable<SummaryReport['seconds']>): { counts: number[]; seconds: number } {
  const last = spans.at(-1)?.after ?? 0;
  const length = last / width + 1;
  const each = Math.ceil(length / GLYPHS);
  const counts = Array.from({ length: Math.ceil(length / each) }, () => 0);
  for (const { after, calls } of spans) {
    const at = Math.floor(after / width / each);
    counts[at] = (counts[at] ?? 0) + calls;
  }
  return { counts, seconds: each * width };
}

/** Rows of a page. */
const ROWS = 60;

/** Spans as long as it takes for all of them to stand on a page. */
function merged({ width, spans }: NonNullable<SummaryReport['seconds']>): readonly SecondRow[] {
  if (spans.length <= ROWS) return spans;
  const length = (spans.at(-1)?.after ?? 0) / width + 1;
  const each = Math.ceil(length / ROWS) * width;
  const rows = new Map<number, SecondRow>();
  for (const span of spans) {
    const key = Math.floor(span.after / each);
    const row = rows.get(key);
    if (row === undefined) {
      rows.set(key, span);
      continue;
    }
    const work = (one: SecondRow): number => one.total_ns - one.waiting_ns;
    rows.set(key, {
      time: row.time,
      after: row.after,
      calls: row.calls + span.calls,
      errors: row.errors + span.errors,
      total_ns: row.total_ns + span.total_ns,
      waiting_ns: row.waiting_ns + span.waiting_ns,
      // of the second that worked most
      busiest: work(span) > work(row) ? span.busiest : row.busiest,
    });
  }
  return [...rows.values()];
}

export const secondView: View<SecondRow> = {
  noun: ['row', 'rows'],
  columns: [
    text('time', (row) => row.time),
    {
      name: 'after',
      unit: 's',
      ascends: true,
      hidden: true,
      value: (row) => row.after,
      cell: (row) => count(row.after),
    },
    counted('calls', (row) => row.calls),
    counted('errors', (row) => row.errors),
    timed('active', (row) => row.total_ns - row.waiting_ns),
    timed('waiting', (row) => row.waiting_ns, {
      cell: (row) => (row.waiting_ns === 0 ? '' : duration(row.waiting_ns)),
    }),
    timed('total', (row) => row.total_ns, { hidden: true }),
    text('busiest', (row) => row.busiest),
  ],
  rows: ({ seconds }, { isPage }) => (seconds === undefined ? [] : isPage === true ? merged(seconds) : seconds.spans),
  headline: ({ seconds, totals }, rows) => {
    if (seconds === undefined || rows.length === 0) {
      return totals.calls === 0
        ? 'No syscall was traced.'
        : 'The records tell no time: run strace with -t, -tt or -ttt for it.';
    }
    const span = (seconds.spans.at(-1)?.after ?? 0) + seconds.width;
    const busy = seconds.spans.reduce((most, row) => (row.calls > most.calls ? row : most));
    const each = seconds.width === 1 ? 'seconds' : `${seconds.width} seconds`;
    const rest = seconds.timeless === 0 ? '' : `; ${plural(seconds.timeless, 'call')} without a time`;
    return `${plural(totals.calls, 'call')} within ${plural(span, 'second')}, counted by ${each}${rest}. Most at ${busy.time}: ${count(busy.calls)}.`;
  },
  chart: ({ seconds }, { ascii }) => {
    if (seconds === undefined || seconds.spans.length === 0) return [];
    const { counts, seconds: each } = steps(seconds);
    const first = seconds.spans[0]?.time ?? '';
    const unit = each === 1 ? 'a second' : `${count(each)} seconds`;
    return [`${first}  ${sparkline(counts, ascii)}  calls, ${unit} each`];
  },
};
