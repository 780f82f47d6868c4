/** Makes the summary document of the usage of syscalls. */
import { errnoName } from '../../grammars/errno.js';
import { errnosByName, percentile, type SyscallUsage, type Usage } from '../analyzers/syscall-usage.js';
import type { Reading } from '../model/reading.js';
import type { ErrnoRow, SummaryReport, SyscallRow } from '../model/report.js';

/** Rows by total time, ties by name; errnos by count, ties by name. */
export function assembleSummary(usage: Usage, reading: readonly Reading[]): SummaryReport {
  const syscalls = usage.syscalls
    .map((row) => syscallRow(row, usage.total))
    .toSorted((a, b) => b.total_ns - a.total_ns || (a.name < b.name ? -1 : 1));
  return { schema: 'runsight/summary@1', syscalls, errnos: errnoRows(usage.syscalls), reading };
}

function syscallRow(usage: SyscallUsage, total: number): SyscallRow {
  return {
    name: usage.name,
    calls: usage.calls,
    errors: usage.errors,
    restarts: usage.restarts,
    unfinished: usage.unfinished,
    errnos: errnosByName(usage.errnos),
    total_ns: usage.total,
    min_ns: usage.calls === 0 ? 0 : usage.min,
    max_ns: usage.max,
    p50_ns: percentile(usage, 50),
    p95_ns: percentile(usage, 95),
    p99_ns: percentile(usage, 99),
    share: total === 0 ? 0 : usage.total / total,
  };
}

function errnoRows(syscalls: readonly SyscallUsage[]): readonly ErrnoRow[] {
  const rows = new Map<string, { count: number; syscalls: [string, number][] }>();
  for (const { name, errnos } of syscalls) {
    for (const [errno, count] of errnos) {
      const key = errnoName(errno);
      const row = rows.get(key) ?? { count: 0, syscalls: [] };
      row.count += count;
      row.syscalls.push([name, count]);
      rows.set(key, row);
    }
  }
  return [...rows]
    .map(([name, row]) => ({
      name,
      count: row.count,
      syscalls: Object.fromEntries(row.syscalls.toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))),
    }))
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
