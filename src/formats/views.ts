/** The views of a summary as tables: by process (as a tree), by file, by socket, by errno. */
import type { ErrnoRow, FileRow, ProcessRow, SocketRow, SummaryReport } from '../model/report.js';
import type { View } from './index.js';
import { bytes, count, duration, plural, type Screen } from './layout.js';
import { printable } from './printable.js';
import { readLine } from './reading.js';
import { tableLines, type Column } from './table.js';

const number = (value: number): string => (value === 0 ? '' : count(value));

/** A text that fits into a column: its end is what tells files and programs apart. */
function fitted(text: string, width: number): string {
  const shown = printable(text);
  return shown.length <= width ? shown : `…${shown.slice(shown.length - width + 1)}`;
}

/** Writes one view; `top` rows of it. */
export function formatView(
  report: SummaryReport,
  view: Exclude<View, 'syscall'>,
  screen: Screen,
  top?: number,
): string {
  const { lines, rows } = {
    process: () => processView(report.processes ?? [], screen, top),
    file: () => fileView(report.files ?? [], screen, top),
    socket: () => socketView(report.sockets ?? [], screen, top),
    errno: () => errnoView(report.errnos, screen, top),
  }[view]();
  const left = top === undefined ? 0 : rows - Math.min(rows, top);
  // of strace(1) only names, results and times are followed so far
  const isNative = report.reading.some(({ format }) => format === 'native-strace');
  return `${[
    ...lines,
    '',
    ...(isNative
      ? ['Of traces of strace(1) this view knows no programs, files and sockets: it is of runsc logs.', '']
      : []),
    ...(left > 0 ? [`${plural(left, 'more row')} not shown.`, ''] : []),
    ...readLine(report.reading, 'More: --json, --top N', screen),
  ].join('\n')}\n`;
}

type Written = { readonly lines: readonly string[]; readonly rows: number };

/** Children below their parents, each with its depth. */
function inTree(processes: readonly ProcessRow[]): readonly { readonly row: ProcessRow; readonly depth: number }[] {
  const idOf = (row: ProcessRow): number => row.tgid ?? row.tid ?? 0;
  const keyOf = (source: string, id: number | null): string => `${id} ${source}`;
  const known = new Set(processes.map((row) => keyOf(row.source, idOf(row))));
  const children = new Map<string, ProcessRow[]>();
  const roots: ProcessRow[] = [];
  for (const row of processes.toSorted((a, b) => idOf(a) - idOf(b))) {
    const parent = keyOf(row.source, row.parent);
    if (row.parent === null || !known.has(parent) || row.parent === idOf(row)) roots.push(row);
    else children.set(parent, [...(children.get(parent) ?? []), row]);
  }
  const tree: { row: ProcessRow; depth: number }[] = [];
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

function endOf({ exit }: ProcessRow): string {
  if (exit === null) return '';
  return 'status' in exit ? `exit ${exit.status}` : exit.signal;
}

function processView(processes: readonly ProcessRow[], screen: Screen, top: number | undefined): Written {
  const columns: readonly Column<{ readonly row: ProcessRow; readonly depth: number }>[] = [
    { head: 'calls', cell: ({ row }) => count(row.calls) },
    { head: 'errors', cell: ({ row }) => number(row.errors) },
    { head: 'active', cell: ({ row }) => duration(row.total_ns - row.waiting_ns) },
    { head: 'waiting', cell: ({ row }) => (row.waiting_ns === 0 ? '' : duration(row.waiting_ns)) },
    { head: 'threads', cell: ({ row }) => (row.threads < 2 ? '' : count(row.threads)) },
    { head: 'end', left: true, cell: ({ row }) => endOf(row) },
    {
      head: 'process',
      left: true,
      cell: ({ row, depth }, room) => {
        const id = `${'  '.repeat(Math.min(depth, 8))}${row.tgid ?? row.tid ?? '?'} `;
        const args = row.argv === null ? '' : ` ${row.argv.slice(1).join(' ')}`;
        const text = id + printable(`${row.program ?? '(unknown program)'}${args}`);
        return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
      },
    },
  ];
  const active = processes.reduce((sum, row) => sum + row.total_ns - row.waiting_ns, 0);
  const waiting = processes.reduce((sum, row) => sum + row.waiting_ns, 0);
  const head = `${plural(processes.length, 'process', 'processes')}: ${duration(active)} active in calls, ${duration(waiting)} waiting.`;
  const tree = inTree(processes).slice(0, top);
  return { lines: [head, '', ...tableLines(tree, columns, screen)], rows: processes.length };
}

function fileView(files: readonly FileRow[], screen: Screen, top: number | undefined): Written {
  const columns: readonly Column<FileRow>[] = [
    { head: 'calls', cell: (row) => count(row.calls) },
    { head: 'errors', cell: (row) => number(row.errors) },
    { head: 'opens', cell: (row) => number(row.opens) },
    { head: 'failed', cell: (row) => number(row.open_errors) },
    { head: 'read', cell: (row) => (row.bytes_read === 0 ? '' : bytes(row.bytes_read)) },
    { head: 'written', cell: (row) => (row.bytes_written === 0 ? '' : bytes(row.bytes_written)) },
    { head: 'time', cell: (row) => duration(row.total_ns) },
    { head: 'file', left: true, cell: (row, room) => ('path' in row ? fitted(row.path, room) : '(all others)') },
  ];
  const sum = (field: 'bytes_read' | 'bytes_written'): string =>
    bytes(files.reduce((total, row) => total + row[field], 0));
  const head = `${plural(files.length, 'file')}: ${sum('bytes_read')} read, ${sum('bytes_written')} written.`;
  return { lines: [head, '', ...tableLines(files.slice(0, top), columns, screen)], rows: files.length };
}

function kindOf({ family, type }: SocketRow): string {
  return [family?.replace('AF_', '') ?? '?', type?.replace('SOCK_', '') ?? ''].join(' ').trim().toLowerCase();
}

/** Where it is bound, whom it speaks to, and what came of its connects and accepts. */
function addressesOf({ local, peer, connects, connect_errors: failed, accepted }: SocketRow): string {
  const words = [
    ...(local === null ? [] : [local]),
    ...(peer === null ? [] : [`to ${peer}`]),
    ...(accepted === 0 ? [] : [`accepted ${count(accepted)}`]),
    ...(connects < 2 ? [] : [`${count(connects)} connects`]),
    ...Object.entries(failed).map(([name, n]) => `${name} ${count(n)}`),
  ];
  return words.join(', ');
}

function socketView(sockets: readonly SocketRow[], screen: Screen, top: number | undefined): Written {
  const columns: readonly Column<SocketRow>[] = [
    { head: 'calls', cell: (row) => count(row.calls) },
    { head: 'errors', cell: (row) => number(row.errors) },
    { head: 'in', cell: (row) => (row.bytes_in === 0 ? '' : bytes(row.bytes_in)) },
    { head: 'out', cell: (row) => (row.bytes_out === 0 ? '' : bytes(row.bytes_out)) },
    { head: 'socket', cell: (row) => row.socket.replace(/^socket:/, '') },
    { head: 'kind', left: true, cell: kindOf },
    { head: 'addresses', left: true, cell: (row, room) => fitted(addressesOf(row), room) },
  ];
  const head = `${plural(sockets.length, 'socket')}.`;
  return { lines: [head, '', ...tableLines(sockets.slice(0, top), columns, screen)], rows: sockets.length };
}

function errnoView(errnos: readonly ErrnoRow[], screen: Screen, top: number | undefined): Written {
  const columns: readonly Column<ErrnoRow>[] = [
    { head: 'count', cell: (row) => count(row.count) },
    { head: 'errno', left: true, cell: (row) => row.name },
    {
      head: 'calls',
      left: true,
      cell: (row) => {
        const entries = Object.entries(row.syscalls);
        const shown = entries.slice(0, 2).map(([name, n]) => `${printable(name)} ${count(n)}`);
        return shown.join(', ') + (entries.length > 2 ? ', …' : '');
      },
    },
    {
      head: 'paths',
      left: true,
      cell: (row, room) => {
        const [first, second] = row.paths ?? [];
        if (first === undefined) return '';
        const n = ` ${count(first.count)}${second === undefined ? '' : ', …'}`;
        return fitted(first.path, room - n.length) + n;
      },
    },
  ];
  const failed = errnos.reduce((sum, row) => sum + row.count, 0);
  const head = `${plural(failed, 'call')} failed, with ${plural(errnos.length, 'error')}.`;
  return { lines: [head, '', ...tableLines(errnos.slice(0, top), columns, screen)], rows: errnos.length };
}
