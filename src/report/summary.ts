/** Makes the summary document of the usage of syscalls. */
import { errnoName } from '../../grammars/errno.js';
import { errnosByName, percentile, type SyscallUsage, type Usage } from '../analyzers/syscall-usage.js';
import type { Workload } from '../analyzers/workload.js';
import type { Reading } from '../model/reading.js';
import type { ErrnoRow, FileRow, SummaryReport, SyscallRow } from '../model/report.js';

/** Rows of a list; what is beyond them is summed up. */
const MOST_ROWS = 1000;
/** Paths that are listed of an errno. */
const MOST_PATHS = 25;

/** Rows by total time, ties by name; errnos by count, ties by name. Without a workload the views are left out. */
export function assembleSummary(usage: Usage, workload: Workload | null, reading: readonly Reading[]): SummaryReport {
  const syscalls = usage.syscalls
    .map((row) => syscallRow(row, usage.total))
    .toSorted((a, b) => b.total_ns - a.total_ns || (a.name < b.name ? -1 : 1));
  const errnos = errnoRows(usage.syscalls, workload);
  if (workload === null) return { schema: 'runsight/summary@1', syscalls, errnos, reading };
  return {
    schema: 'runsight/summary@1',
    syscalls,
    processes: workload.processes.toSorted(
      (a, b) => b.total_ns - a.total_ns || (a.tgid ?? a.tid ?? 0) - (b.tgid ?? b.tid ?? 0),
    ),
    files: fileRows(workload),
    sockets: workload.sockets.toSorted((a, b) => b.calls - a.calls || (a.socket < b.socket ? -1 : 1)),
    errnos,
    reading,
  };
}

function fileRows({ files }: Workload): readonly FileRow[] {
  const { rows, other } = files.top(MOST_ROWS);
  if (other === null) return rows;
  const { path: _, ...sums } = other;
  return [
    ...rows,
    { other: true, ...sums, ...(files.evictions === 0 ? {} : { bound_ns: files.bound * files.evictions }) },
  ];
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

function errnoRows(syscalls: readonly SyscallUsage[], workload: Workload | null): readonly ErrnoRow[] {
  const rows = new Map<string, { errno: number; count: number; syscalls: [string, number][] }>();
  for (const { name, errnos } of syscalls) {
    for (const [errno, count] of errnos) {
      const key = errnoName(errno);
      const row = rows.get(key) ?? { errno, count: 0, syscalls: [] };
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
      ...(workload === null ? {} : { paths: pathRows(workload.errnoPaths.get(row.errno)) }),
    }))
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

function pathRows(
  paths: ReadonlyMap<string, number> | undefined,
): readonly { readonly path: string; readonly count: number }[] {
  return [...(paths ?? [])]
    .map(([path, count]) => ({ path, count }))
    .toSorted((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1))
    .slice(0, MOST_PATHS);
}
