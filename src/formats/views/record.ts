/** Records behind the numbers: the slowest calls, each with its place in the log. */
import type { ShownRecord } from '../../model/report.js';
import { clockOf, count, duration, percent, plural, shortNames } from '../layout.js';
import { printable } from '../printable.js';
import type { View } from '../view.js';
import { cutAtEnd, text, timed } from './columns.js';

type Row = ShownRecord & { readonly place: string };

/** `22:01:14.834607` of an ISO time; a clock of strace as it is. */
const timeOf = ({ time }: Row): string => clockOf(time) || (time ?? '');

/** An address says nothing beside what it points to: `open(0x7f12 /etc/passwd, ...)`. */
const withoutAddresses = (call: string): string => call.replace(/\b0x[0-9a-f]{5,} (?=["/{[])/g, '');
/** Nor does the folder that an absolute path does not begin in: `openat(AT_FDCWD /srv, /etc/passwd, ...)`. */
const plainly = (call: string): string => withoutAddresses(call).replace(/^(\w+\()AT_FDCWD \/[^,()]*, (?=\/)/, '$1');

export const recordView: View<Row> = {
  noun: ['record', 'records'],
  columns: [
    text('place', (row) => `${row.source}:${row.line}`, { cell: (row) => printable(row.place) }),
    text('source', (row) => row.source, { hidden: true }),
    { name: 'line', hidden: true, ascends: true, value: (row) => row.line, cell: (row) => String(row.line) },
    text('time', timeOf, { rank: 2 }),
    timed('duration', (row) => row.duration_ns ?? 0, {
      isTime: true,
      cell: (row) => (row.duration_ns === null ? '' : duration(row.duration_ns)),
    }),
    text('errno', (row) => row.errno, { hidden: true }),
    { name: 'pid', ascends: true, hidden: true, value: (row) => row.tgid, cell: (row) => String(row.tgid ?? '') },
    { name: 'tid', ascends: true, rank: 3, value: (row) => row.tid, cell: (row) => String(row.tid) },
    text('comm', (row) => row.comm, { rank: 4, cell: (row) => printable(row.comm ?? '') }),
    text('syscall', (row) => row.syscall, { hidden: true }),
    text('call', (row) => row.call, {
      least: 48,
      isBelow: true,
      cell: (row, room) => cutAtEnd(plainly(row.call), room),
    }),
  ],
  rows: ({ shown }) => {
    const records = shown?.records ?? [];
    const names = shortNames([...new Set(records.map(({ source }) => source))]);
    return records.map((row) => ({ ...row, place: `${names.get(row.source) ?? row.source}:${row.line}` }));
  },
  headline: ({ shown, totals }, rows) => {
    if (shown === undefined || rows.length === 0) return 'No call was traced.';
    const which = shown.of === 'matching' ? 'that fit the filter' : 'that did not wait by design';
    if (totals.total_ns === 0)
      return `The first ${count(rows.length)} of ${count(shown.calls)} calls ${which}, without times: run strace with -T for them.`;
    if (rows.length === shown.calls) return `All ${plural(rows.length, 'call')} ${which}, the slowest first.`;
    const total = rows.reduce((sum, row) => sum + (row.duration_ns ?? 0), 0);
    const share = shown.total_ns === 0 ? '' : `: ${duration(total)}, ${percent(total / shown.total_ns)} of their time`;
    return `The ${rows.length === 1 ? '' : `${count(rows.length)} `}slowest of ${count(shown.calls)} calls ${which}${share}.`;
  },
};
