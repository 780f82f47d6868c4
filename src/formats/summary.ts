/** The table of syscalls, as users of `strace -c` know it, with what failed and what never returned below it. */
import type { SummaryReport, SyscallRow } from '../model/report.js';
import { count, duration, labelled, percent, plural, type Screen } from './layout.js';
import { printable } from './printable.js';
import { readLine } from './reading.js';
import { tableLines, type Column as TableColumn } from './table.js';

type Column = TableColumn<SyscallRow> & {
  /** Shown only from this width on. */
  readonly from?: number;
  /** Left out where the trace holds no times: strace without -T. */
  readonly isTime?: true;
};

const COLUMNS: readonly Column[] = [
  { head: 'syscall', cell: (row) => printable(row.name), left: true },
  { head: 'calls', cell: (row) => count(row.calls) },
  { head: 'errors', cell: (row) => (row.errors === 0 ? '' : count(row.errors)) },
  { head: 'total', cell: (row) => duration(row.total_ns), isTime: true },
  { head: 'share', cell: (row) => percent(row.share), isTime: true },
  { head: 'min', cell: (row) => duration(row.min_ns), isTime: true },
  { head: 'p50', cell: (row) => duration(row.p50_ns), isTime: true },
  { head: 'p95', cell: (row) => duration(row.p95_ns), from: 90, isTime: true },
  { head: 'p99', cell: (row) => duration(row.p99_ns), from: 100, isTime: true },
  { head: 'max', cell: (row) => duration(row.max_ns), isTime: true },
];

export function formatSummary(
  report: SummaryReport,
  screen: Screen,
  options: { readonly top?: number; readonly isFiltered?: boolean } = {},
): string {
  const rows = report.syscalls.slice(0, options.top ?? report.syscalls.length);
  const isTimed = report.syscalls.some(({ total_ns }) => total_ns > 0);
  const columns = COLUMNS.filter((column) => (column.from ?? 0) <= screen.width && (isTimed || column.isTime !== true));
  const lines = [
    report.syscalls.length === 0 && options.isFiltered === true ? 'No call fits the filter.' : headline(report),
    '',
  ];
  if (rows.length > 0) {
    lines.push(...tableLines(rows, columns, screen), '');
  }
  if (rows.length < report.syscalls.length)
    lines.push(`${plural(report.syscalls.length - rows.length, 'more syscall')} not shown.`, '');
  lines.push(...footer(report, screen));
  return `${lines.join('\n')}\n`;
}

function headline(report: SummaryReport): string {
  if (report.syscalls.length === 0) {
    return 'No syscall was traced: run with --strace (and --debug-log), and give the boot log.';
  }
  const sum = (field: 'calls' | 'errors' | 'total_ns'): number =>
    report.syscalls.reduce((total, row) => total + row[field], 0);
  const calls = sum('calls');
  const failed = sum('errors');
  const share = calls === 0 ? '0 %' : percent(failed / calls);
  const time = sum('total_ns') === 0 ? 'without times' : `${duration(sum('total_ns'))} in all (waiting included)`;
  return `${plural(calls, 'call')} of ${plural(report.syscalls.length, 'syscall')}, ${time}; ${count(failed)} failed (${share}).`;
}

function footer(report: SummaryReport, screen: Screen): string[] {
  const lines: string[] = [];
  if (report.errnos.length > 0) {
    const rows = report.errnos.slice(0, 8).map(({ name, count: n, syscalls }) => {
      const entries = Object.entries(syscalls);
      const shown = entries.slice(0, 3).map(([syscall, calls]) => `${syscall} ${count(calls)}`);
      return `${name} ${count(n)} (${shown.join(', ')}${entries.length > 3 ? ', …' : ''})`;
    });
    const more = report.errnos.length > 8 ? ` · and ${report.errnos.length - 8} more` : '';
    lines.push(...labelled('errors', printable(rows.join(' · ') + more), 11, screen, 0));
  }
  const listed = (field: 'restarts' | 'unfinished'): string[] =>
    report.syscalls
      .filter((row) => row[field] > 0)
      .toSorted((a, b) => b[field] - a[field])
      .slice(0, 6)
      .map((row) => `${row.name} ${count(row[field])}`);
  const restarts = listed('restarts');
  if (restarts.length > 0)
    lines.push(
      ...labelled('restarts', printable(`interrupted and redone, not errors: ${restarts.join(', ')}`), 11, screen, 0),
    );
  const open = listed('unfinished');
  if (open.length > 0)
    lines.push(...labelled('unfinished', printable(`entered and not left: ${open.join(', ')}`), 11, screen, 0));
  if (lines.length > 0) lines.push('');
  lines.push(...readLine(report.reading, 'More: --by process|file|socket|errno, --json, --top N', screen));
  return lines;
}
