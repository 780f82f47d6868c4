/** Processes as a tree: each below its parent, with its program, its end, and its time at work and waiting. */
import { basename } from 'node:path';
import type { OtherProcesses, ProcessRow } from '../../model/report.js';
import { duration, plural } from '../layout.js';
import type { View } from '../view.js';
import { counted, cutAtBegin, cutAtEnd, text, timed } from './columns.js';
import { nativeNote } from './notes.js';

/** The last row may stand for many. */
type Row = { readonly row: ProcessRow | OtherProcesses; readonly depth: number };

/** Deeper processes stand no further to the right. */
const MOST_DEPTH = 8;

const idOf = (row: Row['row']): number => row.tgid ?? row.tid ?? 0;
const isListed = (row: Row['row']): row is ProcessRow => !('other' in row);

/** Children below their parents, each with its depth. */
function inTree(processes: readonly ProcessRow[]): readonly Row[] {
  const keyOf = (source: string, id: number | null): string => `${id} ${source}`;
  const known = new Set(processes.map((row) => keyOf(row.source, idOf(row))));
  const children = new Map<string, ProcessRow[]>();
  const roots: ProcessRow[] = [];
  for (const row of processes.toSorted((a, b) => idOf(a) - idOf(b))) {
    const parent = keyOf(row.source, row.parent);
    if (row.parent === null || !known.has(parent) || row.parent === idOf(row)) roots.push(row);
    else children.set(parent, [...(children.get(parent) ?? []), row]);
  }
  const tree: Row[] = [];
  const seen = new Set<ProcessRow>();
  const stack = roots.toReversed().map((row) => ({ row, depth: 0 }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next.row)) continue;
    seen.add(next.row);
    tree.push(next);
    const below = children.get(keyOf(next.row.source, idOf(next.row))) ?? [];
    for (const row of below.toReversed()) stack.push({ row, depth: next.depth + 1 });
  }
  return [...tree, ...processes.filter((row) => !seen.has(row)).map((row) => ({ row, depth: 0 }))];
}

function endOf({ exit }: Row['row']): string {
  if (exit === null || exit === undefined) return '';
  return 'status' in exit ? `exit ${exit.status}` : exit.signal;
}

/**
 * What was run, as its user would call it, and the file that it is in where its name does not tell: an applet of busybox runs as
 * `/proc/self/exe` with its own name as first argument.
 */
function commandOf({ program, argv }: ProcessRow): { readonly command: string; readonly file?: string } {
  const [name, ...args] = argv ?? [];
  if (name === undefined || name === '') return { command: [program ?? '(unknown program)', ...args].join(' ') };
  // a login shell has a hyphen before its name
  const isSame = program !== null && basename(name.replace(/^-/, '')) === basename(program);
  if (isSame) return { command: [program, ...args].join(' ') };
  return { command: [name, ...args].join(' '), ...(program === null ? {} : { file: program }) };
}

export const processView: View<Row> = {
  noun: ['process', 'processes'],
  columns: [
    counted('calls', ({ row }) => row.calls),
    counted('errors', ({ row }) => row.errors),
    timed('active', ({ row }) => row.total_ns - row.waiting_ns),
    timed('waiting', ({ row }) => row.waiting_ns, {
      cell: ({ row }) => (row.waiting_ns === 0 ? '' : duration(row.waiting_ns)),
    }),
    timed('total', ({ row }) => row.total_ns, { hidden: true }),
    counted('threads', ({ row }) => row.threads, {
      rank: 1,
      cell: ({ row }) => (row.threads < 2 ? '' : String(row.threads)),
    }),
    text('end', ({ row }) => endOf(row)),
    counted('pid', ({ row }) => idOf(row), { hidden: true, ascends: true }),
    counted('parent', ({ row }) => row.parent ?? 0, { hidden: true, ascends: true }),
    text('source', ({ row }) => row.source ?? null, { hidden: true }),
    text('program', ({ row }) => (isListed(row) ? row.program : null), { hidden: true }),
    {
      ...text<Row>('process', ({ row }) => row.argv?.join(' ') ?? row.program ?? null),
      least: 40,
      cell: ({ row, depth }, room) => {
        if (!isListed(row)) return '(all others)';
        const indent = '  '.repeat(Math.min(depth, MOST_DEPTH));
        const { command, file } = commandOf(row);
        const line = `${indent}${row.tgid ?? row.tid ?? '?'} ${command}`;
        if (file === undefined) return cutAtEnd(line, room);
        const mark = ` (${cutAtBegin(file, Math.floor(room / 2))})`;
        return cutAtEnd(line, room - mark.length) + mark;
      },
    },
  ],
  rows: ({ processes = [] }) => processes.map((row) => ({ row, depth: 0 })),
  arranged: (rows) => [
    ...inTree(rows.map(({ row }) => row).filter(isListed)),
    ...rows.filter(({ row }) => !isListed(row)),
  ],
  headline: (_report, rows) => {
    const active = rows.reduce((sum, { row }) => sum + row.total_ns - row.waiting_ns, 0);
    const waiting = rows.reduce((sum, { row }) => sum + row.waiting_ns, 0);
    return `${plural(
      rows.reduce((sum, { row }) => sum + ('other' in row ? row.processes : 1), 0),
      'process',
      'processes',
    )}: ${active + waiting === 0 ? 'no times' : `${duration(active)} active in calls, ${duration(waiting)} waiting`}.`;
  },
  notes: nativeNote,
};
