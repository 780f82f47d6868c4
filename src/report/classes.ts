/** Sums up syscalls by what they are about. */
import type { ClassRow, SyscallRow } from '../model/report.js';

/** Most working time first, where that is known, else most time. */
export function classRows(syscalls: readonly SyscallRow[]): readonly ClassRow[] {
  const classes = new Map<string, SyscallRow[]>();
  for (const row of syscalls) {
    const rows = classes.get(row.class);
    if (rows === undefined) classes.set(row.class, [row]);
    else rows.push(row);
  }
  const shareOf = (row: SyscallRow): number => row.working_share ?? row.share;
  const sum = (rows: readonly SyscallRow[], of: (row: SyscallRow) => number): number =>
    rows.reduce((total, row) => total + of(row), 0);
  return [...classes]
    .map(([name, rows]) => ({
      name,
      calls: sum(rows, (row) => row.calls),
      errors: sum(rows, (row) => row.errors),
      total_ns: sum(rows, (row) => row.total_ns),
      ...(rows[0]?.waiting_ns === undefined ? {} : { waiting_ns: sum(rows, (row) => row.waiting_ns ?? 0) }),
      share: sum(rows, shareOf),
      max_ns: rows.reduce((most, row) => Math.max(most, row.max_ns), 0),
      syscalls: rows.toSorted((a, b) => shareOf(b) - shareOf(a) || b.calls - a.calls).map((row) => row.name),
    }))
    .toSorted((a, b) => b.share - a.share || b.total_ns - a.total_ns || b.calls - a.calls);
}
