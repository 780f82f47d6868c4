/** Makes the partial document: what was counted as sums that others can be added to, nothing derived and nothing rounded. */
import type { Counts } from '../analyzers/counts.js';
import type { FileTable, FileUsage } from '../analyzers/files.js';
import type { TimeLine } from '../analyzers/seconds.js';
import type { Bins, SyscallUsage } from '../analyzers/syscall-usage.js';
import { sumOf } from '../analyzers/syscall-usage.js';
import type { Threads } from '../analyzers/threads.js';
import type { Runtimes } from '../analyzers/runtime.js';
import type { Reading } from '../model/reading.js';
import {
  PARTIAL_SCHEMA,
  type Digest,
  type PartialBins,
  type PartialCounts,
  type PartialLog,
  type PartialReport,
  type PartialSyscall,
} from '../model/partial.js';
import type { SourceName } from '../model/units.js';
import { listedProcesses, listedSockets } from './bounds.js';
import type { Counted } from './summary.js';

/** What a partial says beside its counts. */
export type PartialFrame = Pick<PartialReport, 'partials' | 'filter' | 'logs' | 'skipped'>;

/** The logs of one run of `summary`, as its partial lists them. `digests`: by source. */
export function logsOf(
  readings: readonly Reading[],
  digests: ReadonlyMap<SourceName, Digest>,
  runtimes: Runtimes | undefined,
): readonly PartialLog[] {
  return readings.map(({ repeats, ...reading }) => {
    const { release, architecture } = runtimes?.get(reading.source) ?? {};
    return {
      ...reading,
      digest: digests.get(reading.source) ?? '',
      runtime: release === undefined || architecture === undefined ? null : { release, architecture },
      ...(repeats === undefined ? {} : { repeats: digests.get(repeats) ?? '' }),
    };
  });
}

/** `sources`: what the counts call each of the logs. */
export function assemblePartial(
  counted: Counted,
  sources: readonly SourceName[],
  { partials, filter, logs, skipped }: PartialFrame,
): PartialReport {
  const numbers = new Map(sources.map((source, number) => [source, number]));
  const inLog = <Row extends { readonly source: SourceName }>({ source, ...row }: Row) => ({
    log: numbers.get(source) ?? 0,
    ...row,
  });
  const { workload, threads, containers, seconds, seen } = counted;
  const processes = listedProcesses(workload?.processes ?? [], counted.beyond?.processes);
  const sockets = listedSockets(workload?.sockets ?? [], counted.beyond?.sockets);
  return {
    schema: PARTIAL_SCHEMA,
    partials,
    filter,
    logs,
    skipped,
    syscalls: counted.usage.syscalls.map((usage) => syscallOf(usage, counted)),
    processes: processes.rows.map(inLog),
    sockets: sockets.rows.map(inLog),
    other_processes: processes.other,
    other_sockets: sockets.other,
    ...fileTables(workload?.files),
    ...(threads === undefined ? {} : { threads: threadsOf(threads, inLog) }),
    ...(containers === undefined
      ? {}
      : {
          containers: [...containers].flatMap(([source, ids]) =>
            [...byContainer(ids)].map(([container, ofIt]) => inLog({ source, container, processes: ofIt })),
          ),
        }),
    ...(seconds === undefined ? {} : { seconds: spansOf(seconds) }),
    ...(seen === undefined
      ? {}
      : { unfiltered: { calls: seen.calls, syscalls: [...seen.syscalls], errnos: [...seen.errnos] } }),
  };
}

function pairsOf(bins: Bins): PartialBins {
  const pairs: [number, number][] = [];
  for (let bin = 0; bin < bins.length; bin++) if (bins[bin] !== 0) pairs.push([bin, bins[bin] as number]);
  return pairs;
}

function syscallOf(usage: SyscallUsage, { waiting, volume }: Counted): PartialSyscall {
  const { name, calls, errors, restarts, unfinished, errnos, total, min, max, bins } = usage;
  const waited = waiting?.get(name);
  return {
    name,
    calls,
    errors,
    restarts,
    unfinished,
    errnos: [...errnos].toSorted(([a], [b]) => a - b),
    total_ns: total,
    min_ns: sumOf(bins) === 0 ? null : min,
    max_ns: max,
    bins: pairsOf(bins),
    waiting: {
      calls: waited?.calls ?? 0,
      total_ns: waited?.total ?? 0,
      bins: waited === undefined ? [] : pairsOf(waited.bins),
    },
    log_bytes: volume?.get(name) ?? 0,
  };
}

function fileTables(files: FileTable | undefined): Pick<PartialReport, 'files' | 'failures'> {
  if (files === undefined) return { files: { rows: [], other: null, bound_ns: null }, failures: [] };
  const { rows, other } = files.top(Number.MAX_SAFE_INTEGER);
  const { failing } = files;
  return {
    files: { rows, other: other === null ? null : sumsOf(other), bound_ns: files.bound },
    failures: failing.errnos().map((errno) => ({
      errno,
      paths: failing.of(errno).map(({ path, count }) => [path, count] as const),
      other: failing.other(errno),
    })),
  };
}

function sumsOf(usage: FileUsage): Omit<FileUsage, 'path'> {
  const { path: _, ...sums } = usage;
  return sums;
}

function countsOf({ calls, errors, total, waiting, work }: Counts): PartialCounts {
  return {
    calls,
    errors,
    total_ns: total,
    waiting_ns: waiting,
    work: [...work].map(([name, one]) => [name, one.time, one.calls] as const),
  };
}

function threadsOf(
  { threads, other }: Threads,
  inLog: <Row extends { readonly source: SourceName }>(row: Row) => Omit<Row, 'source'> & { readonly log: number },
): NonNullable<PartialReport['threads']> {
  return {
    rows: threads.map(({ counts, ...thread }) => ({ ...inLog(thread), ...countsOf(counts) })),
    other:
      other === null
        ? null
        : { calls: other.calls, errors: other.errors, total_ns: other.total, waiting_ns: other.waiting },
  };
}

function byContainer(ids: ReadonlyMap<number, string | null>): ReadonlyMap<string | null, number[]> {
  const groups = new Map<string | null, number[]>();
  for (const [id, container] of ids) {
    const group = groups.get(container);
    if (group === undefined) groups.set(container, [id]);
    else group.push(id);
  }
  return groups;
}

function spansOf({ width, timeless, spans }: TimeLine): NonNullable<PartialReport['seconds']> {
  return { width, timeless, spans: [...spans].map(([at, counts]) => ({ at, ...countsOf(counts) })) };
}
