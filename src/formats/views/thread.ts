/** Threads: which of a process's tasks work, and which wait. */
import type { OtherThreads, ThreadRow } from '../../model/report.js';
import { duration, plural } from '../layout.js';
import { printable } from '../printable.js';
import type { View } from '../view.js';
import { counted, cutAtEnd, text, timed } from './columns.js';
import { nativeNote } from './notes.js';

type Row = ThreadRow | OtherThreads;
const of = <T>(row: Row, value: (thread: ThreadRow) => T, otherwise: T): T => ('tid' in row ? value(row) : otherwise);

export const threadView: View<Row> = {
  noun: ['thread', 'threads'],
  columns: [
    counted('calls', (row) => row.calls),
    counted('errors', (row) => row.errors),
    timed('active', (row) => row.total_ns - row.waiting_ns),
    timed('waiting', (row) => row.waiting_ns, {
      cell: (row) => (row.waiting_ns === 0 ? '' : duration(row.waiting_ns)),
    }),
    timed('total', (row) => row.total_ns, { hidden: true }),
    text('busiest', (row) => of(row, ({ busiest }) => busiest, null), { rank: 1 }),
    {
      name: 'pid',
      ascends: true,
      value: (row) => of(row, ({ tgid }) => tgid, null),
      cell: (row) => of(row, ({ tgid }) => String(tgid ?? ''), ''),
    },
    {
      name: 'tid',
      ascends: true,
      value: (row) => of<number | null>(row, ({ tid }) => tid, null),
      cell: (row) => of(row, ({ tid }) => String(tid), ''),
    },
    text('source', (row) => of<string | null>(row, ({ source }) => source, null), { hidden: true }),
    text('program', (row) => of(row, ({ program }) => program, null), {
      cell: (row, room) =>
        cutAtEnd(
          of(row, ({ program }) => printable(program ?? ''), '(all others)'),
          room,
        ),
    }),
  ],
  rows: ({ threads = [] }) => threads,
  headline: (_report, rows) => {
    const active = rows.reduce((sum, row) => sum + row.total_ns - row.waiting_ns, 0);
    const waiting = rows.reduce((sum, row) => sum + row.waiting_ns, 0);
    return `${plural(rows.length, 'thread')}: ${duration(active)} active in calls, ${duration(waiting)} waiting.`;
  },
  notes: nativeNote,
};
