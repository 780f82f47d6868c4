/** Distributions of durations: buckets of powers of two for a glance, bins of one part in 16 for a close look. */
import { lowestOf, type Bins, type Usage } from '../analyzers/syscall-usage.js';
import type { Waiting } from '../analyzers/waiting.js';
import type { Histogram, HistogramBin, LatencyBucket } from '../model/report.js';

/** The power of two that a bin of one part in 16 belongs to. */
function powerOf(bin: number): number {
  const from = lowestOf(bin);
  return from < 1 ? 0 : 2 ** Math.floor(Math.log2(from));
}

/** Calls by powers of two of their time, in nanoseconds; what no call fell into is left out. */
export function latencyOf(bins: Bins): readonly LatencyBucket[] {
  const buckets: { from_ns: number; calls: number }[] = [];
  for (let bin = 0; bin < bins.length; bin++) {
    const calls = bins[bin] as number;
    if (calls === 0) continue;
    const from = powerOf(bin);
    const last = buckets.at(-1);
    if (last?.from_ns === from) last.calls += calls;
    else buckets.push({ from_ns: from, calls });
  }
  return buckets;
}

/** What stands for all syscalls. */
const ALL = 'all';

/** The durations of one syscall, or of all; without bins where the log holds none of them. */
export function histogramOf(name: string, { syscalls }: Usage, waiting: Waiting | undefined): Histogram {
  const wanted = syscalls.filter((row) => name === ALL || row.name === name);
  const calls = new Map<number, { calls: number; waiting: number }>();
  for (const { name: syscall, bins } of wanted) {
    const waited = waiting?.get(syscall)?.bins;
    for (let bin = 0; bin < bins.length; bin++) {
      const count = bins[bin] as number;
      if (count === 0) continue;
      const sum = calls.get(bin) ?? { calls: 0, waiting: 0 };
      sum.calls += count;
      sum.waiting += waited?.[bin] ?? 0;
      calls.set(bin, sum);
    }
  }
  const timed = [...calls.values()].reduce((sum, one) => sum + one.calls, 0);
  const bins: HistogramBin[] = [];
  let seen = 0;
  for (const [bin, one] of [...calls].toSorted((a, b) => a[0] - b[0])) {
    seen += one.calls;
    bins.push({ from_ns: lowestOf(bin), to_ns: lowestOf(bin + 1), ...one, cumulative: seen / timed });
  }
  return { name, calls: wanted.reduce((sum, row) => sum + row.calls, 0), bins };
}
