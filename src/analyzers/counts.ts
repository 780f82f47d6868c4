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
  /** What did not wait, by syscall. */
  readonly work: Map<string, { time: number; calls: number }>;
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
  addWork(counts, name, time, 1);
}

function addWork({ work }: Counts, name: string, time: number, calls: number): void {
  const sum = work.get(name);
  if (sum === undefined) {
    work.set(name, { time, calls });
    return;
  }
  sum.time += time;
  sum.calls += calls;
}

export function addCounts(into: Counts, other: Counts): void {
  into.calls += other.calls;
  into.errors += other.errors;
  into.total += other.total;
  into.waiting += other.waiting;
  for (const [name, { time, calls }] of other.work) addWork(into, name, time, calls);
}

/** The syscall with the most working time, without times with the most calls; null where none worked. */
export function busiestOf({ work }: Counts): string | null {
  const [busiest] = [...work].toSorted(
    ([a, one], [b, other]) => other.time - one.time || other.calls - one.calls || (a < b ? -1 : 1),
  );
  return busiest?.[0] ?? null;
}
