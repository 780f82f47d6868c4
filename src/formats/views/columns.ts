/** Columns that several views have alike: counts, times, sizes, texts whose end matters. */
import { bytes, count, duration } from '../layout.js';
import { printable } from '../printable.js';
import type { ViewColumn } from '../view.js';

type More<Row> = Partial<Omit<ViewColumn<Row>, 'name' | 'value'>>;

/** A count; nothing for none. */
export function counted<Row>(name: string, value: (row: Row) => number, more: More<Row> = {}): ViewColumn<Row> {
  return { name, value, cell: (row) => (value(row) === 0 ? '' : count(value(row))), ...more };
}

/** Nanoseconds. */
export function timed<Row>(name: string, value: (row: Row) => number, more: More<Row> = {}): ViewColumn<Row> {
  return { name, unit: 'ns', isTime: true, value, cell: (row) => duration(value(row)), ...more };
}

/** Bytes; nothing for none. */
export function sized<Row>(name: string, value: (row: Row) => number, more: More<Row> = {}): ViewColumn<Row> {
  return { name, unit: 'bytes', value, cell: (row) => (value(row) === 0 ? '' : bytes(value(row))), ...more };
}

/** Text of the log; null for none. */
export function text<Row>(name: string, value: (row: Row) => string | null, more: More<Row> = {}): ViewColumn<Row> {
  return {
    name,
    left: true,
    ascends: true,
    value,
    cell: (row, room) => cutAtEnd(value(row) ?? '', room),
    ...more,
  };
}

/** A text that fits into a column; its beginning stays. */
export function cutAtEnd(value: string, room: number): string {
  const shown = printable(value);
  return shown.length <= room ? shown : `${shown.slice(0, room - 1)}…`;
}

/** A text that fits into a column: its end is what tells files and programs apart. */
export function cutAtBegin(value: string, room: number): string {
  const shown = printable(value);
  return shown.length <= room ? shown : `…${shown.slice(shown.length - room + 1)}`;
}

/** `ENOENT 12, EACCES 1` of counts by name. */
export function listed(counts: Readonly<Record<string, number>>, most = Number.POSITIVE_INFINITY): string {
  const entries = Object.entries(counts);
  const shown = entries.slice(0, most).map(([name, n]) => `${name} ${count(n)}`);
  return shown.join(', ') + (entries.length > most ? ', …' : '');
}
