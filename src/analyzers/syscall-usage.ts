/** Folds trace records into the table of syscalls: calls, errors, times, quantiles. Columns only, no object a record. */
import { errnoName } from '../../grammars/errno.js';
import type { Analyzer, Batch, Fold } from '../model/analyzer.js';
import { RESTART_FIRST, RESTART_LAST, type LogEvent } from '../model/event.js';
import type { SourceName } from '../model/units.js';

/** What one syscall did; times in nanoseconds. */
export type SyscallUsage = {
  readonly name: string;
  calls: number;
  errors: number;
  restarts: number;
  unfinished: number;
  /** By errno number, restarts left out. */
  readonly errnos: Map<number, number>;
  /** Of the calls whose time is known; 0 where none is (a native trace without -T), as are `min` and `max`. */
  total: number;
  min: number;
  max: number;
  /** Counts by `binOf` of the duration. */
  readonly bins: Bins;
};

/** Counts by bin of duration; those of many machines may be beyond 32 bits. */
export type Bins = Uint32Array | Float64Array;

export type Usage = { readonly syscalls: readonly SyscallUsage[]; readonly calls: number; readonly total: number };

/** Durations up to 2^53 ns in bins of one part in 16: exact below 16 ns, then 16 bins an octave. */
export const BINS = (53 - 3) * 16 + 16;

/** The bin of a duration: `d` below 16, else 16 bins for each power of two. */
export function binOf(nanos: number): number {
  if (nanos < 16) return nanos;
  if (nanos < 0x7fffffff) {
    const exponent = 31 - Math.clz32(nanos);
    return (exponent - 3) * 16 + (nanos >>> (exponent - 4)) - 16;
  }
  const exponent = Math.min(52, Math.floor(Math.log2(nanos)));
  return Math.min(BINS - 1, (exponent - 3) * 16 + Math.floor(nanos / 2 ** (exponent - 4)) - 16);
}

/** The shortest duration that falls into a bin, in nanoseconds. */
export function lowestOf(bin: number): number {
  if (bin < 16) return bin;
  return ((bin % 16) + 16) * 2 ** (Math.floor(bin / 16) - 1);
}

/** The middle of a bin, in nanoseconds. */
export function valueOf(bin: number): number {
  if (bin < 16) return bin;
  const exponent = Math.floor(bin / 16) + 3;
  const width = 2 ** (exponent - 4);
  return ((bin % 16) + 16) * width + (width - 1) / 2;
}

/**
 * The nearest-rank percentile of a usage, right to one part in 16; its smallest and largest are exact. Calls whose time
 * is not known are left out; 0 where no time is known.
 */
export function percentile(usage: SyscallUsage, percent: number): number {
  const timed = sumOf(usage.bins);
  if (timed === 0) return 0;
  const rank = Math.max(1, Math.ceil((percent / 100) * timed));
  if (rank === 1) return usage.min;
  let seen = 0;
  for (let bin = 0; bin < usage.bins.length; bin++) {
    seen += usage.bins[bin] as number;
    if (seen >= rank) return Math.min(usage.max, Math.max(usage.min, Math.round(valueOf(bin))));
  }
  return usage.max;
}

/** How many calls fell into bins. */
export function sumOf(bins: Bins): number {
  let sum = 0;
  for (let bin = 0; bin < bins.length; bin++) sum += bins[bin] as number;
  return sum;
}

export function addBins(into: Bins, bins: Bins): void {
  for (let bin = 0; bin < bins.length; bin++) into[bin] = (into[bin] as number) + (bins[bin] as number);
}

/** Tasks below this number have their open call in an array; others, which no real log has, in a bounded map. */
const DENSE_TASKS = 1 << 20;
const MOST_SPARSE = 65_536;

/** Usage within one source: by the number of the name in its batches, with the call that each task is in. */
class SourceUsage {
  #rows: SyscallUsage[] = [];
  /** By task; so short that it grows before V8 takes it for a constant. */
  #open = new Int32Array(4);
  readonly #sparse = new Map<number, number>();

  see(batch: Batch): void {
    const { count, isExit, name, errno, elapsed, tid, names } = batch;
    for (let row = 0; row < count; row++) {
      const id = name[row] as number;
      const usage = this.#rows[id] ?? this.#add(id, names[id] ?? '');
      if (isExit[row] === 1) {
        this.#left(tid[row] as number, id);
        const time = elapsed[row] as number;
        usage.calls++;
        // NaN: a native trace without times.
        if (time >= 0) {
          usage.total += time;
          if (time < usage.min) usage.min = time;
          if (time > usage.max) usage.max = time;
          const bin = binOf(time);
          usage.bins[bin] = (usage.bins[bin] as number) + 1;
        }
        if (errno[row] !== 0) fail(usage, errno[row] as number);
      } else this.#entered(tid[row] as number, id);
    }
  }

  /** The rows, with the calls that never came back. */
  finish(): readonly SyscallUsage[] {
    for (const open of this.#open) this.#abandon(open);
    for (const open of this.#sparse.values()) this.#abandon(open);
    this.#open = new Int32Array(0);
    this.#sparse.clear();
    return this.#rows.filter((row) => row !== undefined);
  }

  #add(id: number, name: string): SyscallUsage {
    const usage = emptyUsage(name);
    this.#rows[id] = usage;
    return usage;
  }

  #abandon(open: number): void {
    const usage = open === 0 ? undefined : this.#rows[open - 1];
    if (usage !== undefined) usage.unfinished++;
  }

  #entered(tid: number, id: number): void {
    if (tid < DENSE_TASKS) {
      if (tid >= this.#open.length) this.#grow(tid);
      this.#abandon(this.#open[tid] as number);
      this.#open[tid] = id + 1;
    } else {
      this.#abandon(this.#sparse.get(tid) ?? 0);
      if (this.#sparse.size < MOST_SPARSE || this.#sparse.has(tid)) this.#sparse.set(tid, id + 1);
      else this.#abandon(id + 1);
    }
  }

  #left(tid: number, id: number): void {
    const isDense = tid < DENSE_TASKS;
    const open = isDense ? (this.#open[tid] ?? 0) : (this.#sparse.get(tid) ?? 0);
    if (open === 0) {
      // A native trace names its first task only once there are others: the call may have begun without a name.
      if (this.#open[0] === id + 1) this.#open[0] = 0;
      return;
    }
    if (open !== id + 1) this.#abandon(open);
    if (isDense) this.#open[tid] = 0;
    else this.#sparse.delete(tid);
  }

  #grow(tid: number): void {
    const larger = new Int32Array(Math.min(DENSE_TASKS, Math.max(this.#open.length * 2, tid + 1)));
    larger.set(this.#open);
    this.#open = larger;
  }
}

function emptyUsage(name: string): SyscallUsage {
  return {
    name,
    calls: 0,
    errors: 0,
    restarts: 0,
    unfinished: 0,
    errnos: new Map(),
    total: 0,
    min: Number.POSITIVE_INFINITY,
    max: 0,
    bins: new Uint32Array(BINS),
  };
}

function fail(usage: SyscallUsage, errno: number): void {
  if (errno >= RESTART_FIRST && errno <= RESTART_LAST) {
    usage.restarts++;
    return;
  }
  usage.errors++;
  usage.errnos.set(errno, (usage.errnos.get(errno) ?? 0) + 1);
}

/** Adds the rows of another log, or of many; those of new names become rows of the sum. `min` is infinite where no time is known. */
export function addUsage(into: Map<string, SyscallUsage>, rows: readonly SyscallUsage[]): void {
  for (const row of rows) {
    const sum = into.get(row.name);
    if (sum === undefined) {
      into.set(row.name, row);
      continue;
    }
    sum.calls += row.calls;
    sum.errors += row.errors;
    sum.restarts += row.restarts;
    sum.unfinished += row.unfinished;
    sum.total += row.total;
    sum.min = Math.min(sum.min, row.min);
    sum.max = Math.max(sum.max, row.max);
    for (const [errno, count] of row.errnos) sum.errnos.set(errno, (sum.errnos.get(errno) ?? 0) + count);
    addBins(sum.bins, row.bins);
  }
}

/** The product of such a sum. */
export function usageOf(sums: Iterable<SyscallUsage>): Usage {
  const syscalls = [...sums].filter((row) => row.calls > 0 || row.unfinished > 0);
  let calls = 0;
  let total = 0;
  for (const row of syscalls) {
    if (row.min === Number.POSITIVE_INFINITY) row.min = 0;
    calls += row.calls;
    total += row.total;
  }
  return { syscalls, calls, total };
}

/** Errnos of a usage by name, most frequent first. */
export function errnosByName(errnos: ReadonlyMap<number, number>): Record<string, number> {
  const sorted = [...errnos].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]);
  return Object.fromEntries(sorted.map(([errno, count]) => [errnoName(errno), count]));
}

/** The analyzer behind the table of `summary`. Reads trace records as columns. */
export const syscallUsage: Analyzer<Usage> = {
  name: 'syscall-usage',
  reads: [],
  start(): Fold<Usage> {
    const whole = new Map<string, SyscallUsage>();
    const pending = new Map<SourceName, readonly SyscallUsage[]>();
    let current = new SourceUsage();
    return {
      sourceStarts() {
        current = new SourceUsage();
      },
      see(_event: LogEvent) {},
      seeBatch(batch) {
        current.see(batch);
      },
      sourceEnds(source, mayRepeat) {
        const rows = current.finish();
        if (mayRepeat) pending.set(source, rows);
        else addUsage(whole, rows);
      },
      finish(repeats) {
        for (const [source, rows] of pending) if (!repeats.has(source)) addUsage(whole, rows);
        return usageOf(whole.values());
      },
    };
  },
};
