/** Distributions of durations: buckets of powers of two for a glance, bins of one part in 16 for a close look. */
import { lowestOf } from '../analyzers/syscall-usage.js';
import type { LatencyBucket } from '../model/report.js';

/** The power of two that a bin of one part in 16 belongs to. */
function powerOf(bin: number): number {
  const from = lowestOf(bin);
  return from < 1 ? 0 : 2 ** Math.floor(Math.log2(from));
}

/** Calls by powers of two of their time, in nanoseconds; what no call fell into is left out. */
export function latencyOf(bins: Uint32Array): readonly LatencyBucket[] {
  const buckets = new Map<number, number>();
  for (const [bin, calls] of bins.entries())
    if (calls > 0) buckets.set(powerOf(bin), (buckets.get(powerOf(bin)) ?? 0) + calls);
  return [...buckets].map(([from_ns, calls]) => ({ from_ns, calls }));
}
