/** Makes the summary document: what was counted, as rows in the order that a reader wants. */
import { errnoName } from '../../grammars/errno.js';
import { BINS, errnosByName, percentile, type SyscallUsage, type Usage } from '../analyzers/syscall-usage.js';
import type { Containers } from '../analyzers/containers.js';
import type { TimeLine } from '../analyzers/seconds.js';
import type { SeenCalls } from '../analyzers/seen-calls.js';
import type { Threads } from '../analyzers/threads.js';
import type { Runtimes } from '../analyzers/runtime.js';
import type { Volume } from '../analyzers/volume.js';
import type { Waiting } from '../analyzers/waiting.js';
import type { FailingPaths } from '../analyzers/failing-paths.js';
import type { Workload } from '../analyzers/workload.js';
import { whyNormal } from '../knowledge/normal-errors.js';
import { classOf } from '../knowledge/syscall-classes.js';
import type { Reading } from '../model/reading.js';
import type {
  ErrnoRow,
  FileRow,
  Merged,
  OtherProcesses,
  OtherSockets,
  ShownRecords,
  SummaryReport,
  SummaryTotals,
  SyscallRow,
} from '../model/report.js';
import { adviceOf } from './advice.js';
import { listedProcesses, listedSockets, type Listed } from './bounds.js';
import { classRows } from './classes.js';
import { histogramOf, latencyOf } from './latency.js';
import { runtimeRows, supportOf } from './runtimes.js';
import { slowestOf } from './slowest.js';
import { containerRows, threadRows } from './tasks.js';
import { timeLineOf } from './time-line.js';

/** Files that are listed once some were let go; before that all are, which are three times as many at most. */
const MOST_FILES = 5000;
/** Paths that are listed of an errno. */
const MOST_PATHS = 25;

/** What analyzers counted; null or not there: it was not asked for. */
export type Counted = {
  readonly usage: Usage;
  readonly workload?: Workload | undefined;
  /** Sums of processes and sockets beyond those of the workload, of which too many were merged. */
  readonly beyond?: { readonly processes: OtherProcesses | null; readonly sockets: OtherSockets | null } | undefined;
  readonly waiting?: Waiting | undefined;
  readonly threads?: Threads | undefined;
  readonly containers?: Containers | undefined;
  readonly seconds?: TimeLine | undefined;
  readonly runtimes?: Runtimes | undefined;
  readonly volume?: Volume | undefined;
  readonly shown?: ShownRecords | undefined;
  readonly seen?: SeenCalls | undefined;
};

/** What of one summary is shown beside the tables. */
export type Asked = {
  /** Whose durations are listed in full: a syscall, or `all`. */
  readonly histogram?: string | undefined;
  /** Of what it was merged. */
  readonly merged?: Merged | undefined;
};

/** Rows by total time, ties by name; errnos by count, ties by name. What was not asked for is left out. */
export function assembleSummary(counted: Counted, reading: readonly Reading[], asked: Asked = {}): SummaryReport {
  const { usage, workload, waiting } = counted;
  const worked = workOf(usage, waiting);
  const support = counted.runtimes === undefined ? undefined : supportOf(counted.runtimes);
  const syscalls = usage.syscalls
    .map((row) => ({
      ...syscallRow(row, usage.total, waiting, worked),
      ...(counted.volume === undefined ? {} : { log_bytes: counted.volume.get(row.name) ?? 0 }),
      ...(support === undefined ? {} : { support: support(row.name) }),
    }))
    .toSorted((a, b) => b.total_ns - a.total_ns || (a.name < b.name ? -1 : 1));
  const errnos = errnoRows(usage.syscalls, workload);
  const processes = listedProcesses(workload?.processes ?? [], counted.beyond?.processes);
  const sockets = listedSockets(workload?.sockets ?? [], counted.beyond?.sockets);
  return {
    schema: 'runsight/summary@1',
    totals: totalsOf(usage, errnos, waiting),
    syscalls,
    classes: classRows(syscalls),
    ...(workload === undefined
      ? {}
      : {
          processes: listOf(processes),
          files: fileRows(workload),
          sockets: listOf(sockets),
        }),
    errnos,
    ...(counted.threads === undefined ? {} : { threads: threadRows(counted.threads, processes.rows) }),
    ...(counted.containers === undefined ? {} : { containers: containerRows(counted.containers, processes) }),
    ...(counted.seconds === undefined ? {} : { seconds: timeLineOf(counted.seconds) }),
    ...(asked.histogram === undefined ? {} : { histogram: histogramOf(asked.histogram, usage, waiting) }),
    ...(counted.shown === undefined ? {} : { shown: counted.shown }),
    ...(counted.seen === undefined ? {} : { unfiltered: unfilteredOf(counted.seen) }),
    ...(counted.runtimes === undefined ? {} : { runtimes: runtimeRows(counted.runtimes) }),
    ...(counted.volume === undefined ? {} : { advice: adviceOf(syscalls, counted.volume, isNative(reading)) }),
    ...(asked.merged === undefined ? {} : { merged: asked.merged }),
    reading,
  };
}

function listOf<Row, Other>({ rows, other }: Listed<Row, Other>): readonly (Row | Other)[] {
  return other === null ? rows : [...rows, other];
}

function unfilteredOf({ calls, syscalls, errnos }: SeenCalls): NonNullable<SummaryReport['unfiltered']> {
  const most = (counts: ReadonlyMap<string, number>): Record<string, number> =>
    Object.fromEntries([...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
  return { calls, syscalls: most(syscalls), errnos: most(errnos) };
}

/** Is all of it of strace(1)? */
function isNative(reading: readonly Reading[]): boolean {
  return reading.length > 0 && reading.every(({ format }) => format === 'native-strace');
}

/** Time of the calls that did not wait. */
function workOf(usage: Usage, waiting: Waiting | undefined): number {
  let waited = 0;
  for (const { total } of waiting?.values() ?? []) waited += total;
  return usage.total - waited;
}

function totalsOf(usage: Usage, errnos: readonly ErrnoRow[], waiting: Waiting | undefined): SummaryTotals {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
  const totals = {
    calls: usage.calls,
    errors: sum(usage.syscalls.map(({ errors }) => errors)),
    normal_errors: sum(errnos.map(({ normal }) => normal)),
    total_ns: usage.total,
  };
  if (waiting === undefined) return totals;
  return {
    ...totals,
    waiting_ns: usage.total - workOf(usage, waiting),
    slowest: slowestOf(workingBins(usage, waiting)),
  };
}

/** How long the calls took that did not wait. */
function workingBins({ syscalls }: Usage, waiting: Waiting): Float64Array {
  const sums = new Float64Array(BINS);
  for (const { name, bins } of syscalls) {
    const waited = waiting.get(name)?.bins;
    for (let bin = 0; bin < bins.length; bin++) {
      const count = bins[bin] as number;
      if (count > 0) sums[bin] = (sums[bin] as number) + count - (waited?.[bin] ?? 0);
    }
  }
  return sums;
}

function fileRows({ files }: Workload): readonly FileRow[] {
  const { rows, other } = files.top(files.bound === null ? Number.POSITIVE_INFINITY : MOST_FILES);
  if (other === null) return rows;
  const { path: _, ...sums } = other;
  return [...rows, { other: true, ...sums, ...(files.bound === null ? {} : { bound_ns: files.bound }) }];
}

function syscallRow(usage: SyscallUsage, total: number, waiting: Waiting | undefined, worked: number): SyscallRow {
  const { calls = 0, total: waited = 0 } = waiting?.get(usage.name) ?? {};
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
    mean_ns: usage.calls === 0 ? 0 : Math.round(usage.total / usage.calls),
    class: classOf(usage.name),
    latency: latencyOf(usage.bins),
    ...(waiting === undefined
      ? {}
      : {
          waiting_calls: calls,
          waiting_ns: waited,
          working_share: worked === 0 ? 0 : (usage.total - waited) / worked,
        }),
  };
}

function errnoRows(syscalls: readonly SyscallUsage[], workload: Workload | undefined): readonly ErrnoRow[] {
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
    .map(([name, row]) => {
      const sorted = row.syscalls.toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      const reasons = sorted.map(([call, count]) => ({ call, count, why: whyNormal(name, call) }));
      return {
        name,
        count: row.count,
        syscalls: Object.fromEntries(sorted),
        normal: reasons.reduce((sum, { count, why }) => sum + (why === undefined ? 0 : count), 0),
        why: reasons.flatMap(({ call, why }) => (why === undefined ? [] : [{ syscall: call, why }])),
        ...(workload === undefined ? {} : pathRows(workload.files.failing, row.errno)),
      };
    })
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

/** The paths that failed most with an errno, and how many failures there were on paths beyond those that are kept. */
function pathRows(failing: FailingPaths, errno: number): Pick<ErrnoRow, 'paths' | 'paths_other'> {
  const other = failing.other(errno);
  return { paths: failing.of(errno).slice(0, MOST_PATHS), ...(other === 0 ? {} : { paths_other: other }) };
}
