/** Tables without borders: rows must survive `sort`, `grep` and a copy into an issue. */
import Table from 'cli-table3';
import type { Screen } from './layout.js';

export type Column<Row> = {
  readonly head: string;
  /** `room`: how wide it may be; only the last column is bounded. */
  readonly cell: (row: Row, room: number) => string;
  readonly left?: boolean;
  /** The last column has at least this, before others are left out for it. */
  readonly least?: number;
};

/** The last column has at least this, on a screen however narrow. */
const LEAST_ROOM = 24;

const BORDERLESS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map((name) => [name, '']),
);

/** How wide each column is at least; the last one, where it is bounded by its room, has the least of it. */
export function widthsOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): readonly number[] {
  return columns.map(({ head, cell, least = LEAST_ROOM }, index) => {
    const room = index === columns.length - 1 ? least : Number.POSITIVE_INFINITY;
    return rows.reduce((most, row) => Math.max(most, cell(row, room).length), head.length);
  });
}

/** The lines of a table: its head, then a line a row. The last column takes what the others leave of the screen. */
export function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  screen: Screen,
): readonly string[] {
  const table = new Table({
    head: columns.map((column) => screen.paint('strong', column.head)),
    colAligns: columns.map((column) => (column.left === true ? 'left' : 'right')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1, compact: true },
    chars: { ...BORDERLESS, middle: ' ' },
  });
  const cells = rows.map((row) => columns.slice(0, -1).map((column) => column.cell(row, Number.POSITIVE_INFINITY)));
  const used = widthsOf(rows, columns)
    .slice(0, -1)
    .reduce((sum, width) => sum + width + 2, 0);
  const room = Math.max(LEAST_ROOM, screen.width - used - 1);
  for (const [index, row] of rows.entries())
    table.push([...(cells[index] ?? []), columns.at(-1)?.cell(row, room) ?? '']);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
