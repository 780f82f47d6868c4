/** Containers of a sandbox: what the processes did that were started in each. */
import type { ContainerRow, OtherProcesses } from '../../model/report.js';
import { duration, plural } from '../layout.js';
import { printable } from '../printable.js';
import type { View } from '../view.js';
import { counted, cutAtEnd, text, timed } from './columns.js';
import { nativeNote } from './notes.js';

type Row = ContainerRow | OtherProcesses;

function endOf({ exit }: Row): string {
  if (exit === null || exit === undefined) return '';
  return 'status' in exit ? `exit ${exit.status}` : exit.signal;
}

/** Ids are of 64 digits; so many tell them apart. */
const ID = 12;

export const containerView: View<Row> = {
  noun: ['container', 'containers'],
  columns: [
    text('container', ({ container }) => container ?? null, {
      cell: ({ container }) => {
        const id = container === undefined ? '(all others)' : printable(container ?? '(not told)');
        return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, ID) : cutAtEnd(id, 24);
      },
    }),
    counted('processes', (row) => row.processes),
    counted('threads', (row) => row.threads, { rank: 2 }),
    counted('calls', (row) => row.calls),
    counted('errors', (row) => row.errors),
    timed('active', (row) => row.total_ns - row.waiting_ns),
    timed('waiting', (row) => row.waiting_ns, {
      cell: (row) => (row.waiting_ns === 0 ? '' : duration(row.waiting_ns)),
    }),
    timed('total', (row) => row.total_ns, { hidden: true }),
    text('end', endOf, { rank: 1 }),
    text('source', ({ source }) => source ?? null, { hidden: true }),
    text('program', ({ program }) => program ?? null),
  ],
  rows: ({ containers = [] }) => containers,
  headline: (_report, rows) => `${plural(rows.length, 'container')}.`,
  notes: nativeNote,
};
