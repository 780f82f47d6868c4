/** Calls, errors and times of whatever rows are counted together: a thread, a second. */
import type { Batch } from '../model/analyzer.js';
import { RESTART_FIRST, RESTART_LAST } from '../model/event.js';

/** Sums over exit records; times in nanoseconds. */
export type Counts = {
  calls: number;
  errors: number;
  total: number;
  /** The part of it in calls that wait by design. */
  waiting: number;
  /** Working time by syscall. */
  readonly work: Map<string, number>;
};

export function emptyCounts(): Counts {
  return { calls: 0, errors: 0, total: 0, waiting: 0, work: new Map() };
}

/** Counts the call of an exit row. */
export function countCall(counts: Counts, batch: Batch, row: number, waits: boolean): void {
  const errno = batch.errno[row] as number;
  const elapsed = batch.elapsed[row] as number;
  // NaN: a native trace without times
  const time = elapsed >= 0 ? elapsed : 0;
  counts.calls++;
  if (errno !== 0 && (errno < RESTART_FIRST || errno > RESTART_LAST)) counts.errors++;
  counts.total += time;
  if (waits) {
    counts.waiting += time;
    return;
  }
  const name = batch.names[batch.name[row] as number] ?? '';
  counts.work.set(name, (counts.work.get(name) ?? 0) + time);
}

export function addCounts(into: Counts, other: Counts): void {
  into.calls += other.calls;
  into.errors += other.errors;
  into.total += other.total;
  into.waiting += other.waiting;
  for (const [name, time] of other.work) into.work.set(name, (into.work.get(name) ?? 0) + time);
}

/** The syscall with the most working time; null where none worked. */
export function busiestOf({ work }: Counts): string | null {
  let busiest: string | null = null;
  let most = -1;
  for (const [name, time] of work) {
    if (time > most || (time === most && busiest !== null && name < busiest)) {
      busiest = name;
      most = time;
    }
  }
  return busiest;
}
