/** Which small part of the calls takes the most of the time: from the bins of their durations. */
import { sumOf, valueOf } from '../analyzers/syscall-usage.js';
import type { SummaryTotals } from '../model/report.js';

/** Parts of the calls that are tried, the smallest first. */
const PARTS = [0.001, 0.01, 0.1] as const;
/** So much of the time makes a part worth telling of. */
const MOST = 0.5;
/** Fewer calls have no thousandth to speak of. */
const LEAST_CALLS = 100;

/**
 * The smallest of the parts that takes half of the time, as far as bins tell (one part in 16); null where the time is
 * spread, or the calls are few.
 */
export function slowestOf(bins: Float64Array): NonNullable<SummaryTotals['slowest']> | null {
  const calls = sumOf(bins);
  let time = 0;
  for (let bin = 0; bin < bins.length; bin++) time += (bins[bin] as number) * valueOf(bin);
  if (calls < LEAST_CALLS || time === 0) return null;
  for (const part of PARTS) {
    const most = Math.max(1, Math.floor(calls * part));
    let left = most;
    let taken = 0;
    for (let bin = bins.length - 1; bin >= 0 && left > 0; bin--) {
      const some = Math.min(left, bins[bin] as number);
      taken += some * valueOf(bin);
      left -= some;
    }
    if (taken / time >= MOST) return { calls: most, share_of_calls: most / calls, share_of_time: taken / time };
  }
  return null;
}
