/** Threads and containers as rows: both take their programs from the processes they belong to. */
import type { Containers } from '../analyzers/containers.js';
import { busiestOf } from '../analyzers/counts.js';
import type { Threads } from '../analyzers/threads.js';
import type { ContainerRow, OtherProcesses, OtherThreads, ProcessRow, ThreadRow } from '../model/report.js';
import { order, type Listed } from './bounds.js';

const keyOf = (source: string, id: number | null): string => `${id} ${source}`;
const idOf = ({ tgid, tid }: { tgid: number | null; tid?: number }): number | null => tgid ?? tid ?? null;

function byKey(processes: readonly ProcessRow[]): ReadonlyMap<string, ProcessRow> {
  return new Map(processes.map((row) => [keyOf(row.source, idOf(row)), row]));
}

/** Most working time first. */
export function threadRows(
  { threads, other }: Threads,
  all: readonly ProcessRow[],
): readonly (ThreadRow | OtherThreads)[] {
  const processes = byKey(all);
  const rows = threads
    .map(({ source, tgid, tid, counts }) => ({
      source,
      tgid,
      tid,
      program: processes.get(keyOf(source, tgid ?? tid))?.program ?? null,
      calls: counts.calls,
      errors: counts.errors,
      total_ns: counts.total,
      waiting_ns: counts.waiting,
      busiest: busiestOf(counts),
    }))
    .toSorted(
      (a, b) =>
        b.total_ns - b.waiting_ns - (a.total_ns - a.waiting_ns) ||
        b.calls - a.calls ||
        a.tid - b.tid ||
        order(a.source, b.source),
    );
  if (other === null) return rows;
  const { calls, errors, total, waiting } = other;
  return [...rows, { other: true, calls, errors, total_ns: total, waiting_ns: waiting }];
}

type Draft = { -readonly [K in keyof ContainerRow]: ContainerRow[K] };

/** A process belongs to the container of the first of its ancestors that the log shows. Most working time first. */
export function containerRows(
  containers: Containers,
  { rows: all, other }: Listed<ProcessRow, OtherProcesses>,
): readonly (ContainerRow | OtherProcesses)[] {
  const processes = byKey(all);
  const rootOf = (row: ProcessRow): ProcessRow => {
    const seen = new Set<ProcessRow>();
    let root = row;
    while (root.parent !== null && !seen.has(root)) {
      seen.add(root);
      const parent = processes.get(keyOf(root.source, root.parent));
      if (parent === undefined) break;
      root = parent;
    }
    return root;
  };
  const rows = new Map<string, Draft>();
  for (const process of all.toSorted((a, b) => (idOf(a) ?? 0) - (idOf(b) ?? 0))) {
    const { source } = process;
    const root = rootOf(process);
    const container = containers.get(source)?.get(idOf(root) ?? -1) ?? null;
    const key = `${container} ${source}`;
    let row = rows.get(key);
    if (row === undefined) {
      const { program, exit } = root;
      row = {
        source,
        container,
        processes: 0,
        threads: 0,
        calls: 0,
        errors: 0,
        total_ns: 0,
        waiting_ns: 0,
        program,
        exit,
      };
      rows.set(key, row);
    }
    row.processes++;
    row.threads += process.threads;
    row.calls += process.calls;
    row.errors += process.errors;
    row.total_ns += process.total_ns;
    row.waiting_ns += process.waiting_ns;
  }
  const sorted = [...rows.values()].toSorted(
    (a, b) =>
      b.total_ns - b.waiting_ns - (a.total_ns - a.waiting_ns) ||
      b.calls - a.calls ||
      order(a.container ?? '', b.container ?? '') ||
      order(a.source, b.source),
  );
  return other === null ? sorted : [...sorted, other];
}
