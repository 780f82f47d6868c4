/** Syscalls by what they are about: file, network, memory, process, signal, time, ipc, ... */
import type { ClassRow } from '../../model/report.js';
import { duration, percent, plural } from '../layout.js';
import type { View } from '../view.js';
import { counted, text, timed } from './columns.js';

export const classView: View<ClassRow> = {
  noun: ['class', 'classes'],
  columns: [
    text('class', (row) => row.name),
    counted('calls', (row) => row.calls),
    counted('errors', (row) => row.errors),
    timed('total', (row) => row.total_ns),
    timed('waiting', (row) => row.waiting_ns ?? 0, {
      cell: (row) => ((row.waiting_ns ?? 0) === 0 ? '' : duration(row.waiting_ns ?? 0)),
    }),
    { name: 'work', isTime: true, value: (row) => row.share, cell: (row) => percent(row.share) },
    timed('max', (row) => row.max_ns, { rank: 1 }),
    text('syscalls', (row) => row.syscalls.join(', ')),
  ],
  rows: ({ classes }) => classes,
  headline: ({ totals }, rows) => {
    const waiting = totals.waiting_ns ?? 0;
    const time =
      totals.total_ns === 0 ? '' : `: ${duration(totals.total_ns - waiting)} at work, ${duration(waiting)} waiting`;
    const shares =
      totals.total_ns === 0
        ? ' (without times: run strace with -T for them)'
        : '. "work" is the share of the time at work';
    return `${plural(totals.calls, 'call')} of ${plural(rows.length, 'class', 'classes')}${time}${shares}.`;
  },
};
