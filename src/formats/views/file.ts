/** Files by path: how often they were opened, what went through them, the time of their calls. */
import type { FileRow } from '../../model/report.js';
import { bytes, plural } from '../layout.js';
import type { View } from '../view.js';
import { counted, cutAtBegin, sized, text, timed } from './columns.js';
import { nativeNote } from './notes.js';

const sum = (rows: readonly FileRow[], field: 'bytes_read' | 'bytes_written'): string =>
  bytes(rows.reduce((total, row) => total + row[field], 0));

/** The last row may stand for many. */
function filesOf(rows: readonly FileRow[]): string {
  const named = rows.filter((row) => 'path' in row).length;
  return named < rows.length ? `more than ${plural(named, 'file')}` : plural(named, 'file');
}

export const fileView: View<FileRow> = {
  noun: ['file', 'files'],
  columns: [
    counted('calls', (row) => row.calls),
    counted('errors', (row) => row.errors),
    counted('opens', (row) => row.opens),
    counted('failed', (row) => row.open_errors),
    sized('read', (row) => row.bytes_read),
    sized('written', (row) => row.bytes_written),
    timed('time', (row) => row.total_ns),
    timed('max', (row) => row.max_ns, { rank: 1 }),
    text('slowest', (row) => row.slowest, { rank: 2 }),
    {
      ...text<FileRow>('file', (row) => ('path' in row ? row.path : '')),
      least: 40,
      cell: (row, room) => ('path' in row ? cutAtBegin(row.path, room) : '(all others)'),
    },
  ],
  rows: ({ files = [] }) => files,
  headline: (_report, rows) =>
    `${filesOf(rows)}: ${sum(rows, 'bytes_read')} read, ${sum(rows, 'bytes_written')} written.`,
  notes: nativeNote,
};
