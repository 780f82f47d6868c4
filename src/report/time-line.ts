/** The time line as rows: what came back in each second. */
import { busiestOf } from '../analyzers/counts.js';
import type { TimeLine } from '../analyzers/seconds.js';
import type { TimeLineTable } from '../model/report.js';

const DAY = 86_400;

/** `22:01:14`; `+1d 00:00:02` on the day after that of the first record. */
function clockOf(second: number, first: number): string {
  const days = Math.floor(second / DAY) - Math.floor(first / DAY);
  const two = (value: number): string => String(value).padStart(2, '0');
  const of = second % DAY;
  const clock = `${two(Math.floor(of / 3600))}:${two(Math.floor(of / 60) % 60)}:${two(of % 60)}`;
  return days === 0 ? clock : `+${days}d ${clock}`;
}

/** In the order of time. */
export function timeLineOf({ width, spans, timeless }: TimeLine): TimeLineTable {
  const sorted = [...spans].toSorted(([a], [b]) => a - b);
  const first = (sorted[0]?.[0] ?? 0) * width;
  return {
    width,
    timeless,
    spans: sorted.map(([key, counts]) => ({
      time: clockOf(key * width, first),
      after: key * width - first,
      calls: counts.calls,
      errors: counts.errors,
      total_ns: counts.total,
      waiting_ns: counts.waiting,
      busiest: busiestOf(counts),
    })),
  };
}
