/** How much was read: the sums that metrics show and that the state file keeps. */
import type { Reading } from '../model/reading.js';

const COUNTED = ['bytes', 'lines', 'records', 'unread'] as const;
export type Counts = { readonly [Key in (typeof COUNTED)[number]]: number };
export const NO_COUNTS: Counts = { bytes: 0, lines: 0, records: 0, unread: 0 };

export function countsOf(readings: readonly (Reading | undefined)[]): Counts {
  let { bytes, lines, records, unread } = NO_COUNTS;
  for (const one of readings) {
    if (one === undefined) continue;
    bytes += one.bytes;
    lines += one.lines;
    records += one.records;
    for (const count of Object.values(one.unread)) unread += count;
  }
  return { bytes, lines, records, unread };
}

export function sumOf(counts: Iterable<Counts>): Counts {
  const sum = { ...NO_COUNTS } as Record<keyof Counts, number>;
  for (const one of counts) for (const key of COUNTED) sum[key] += one[key];
  return sum;
}

/** Of two counts of the same bytes the one that saw more. */
export function moreOf(a: Counts, b: Counts): Counts {
  return a.bytes > b.bytes ? a : b;
}

/** Counts of a file that somebody could have written: whole numbers that are not negative, 0 where one is missing. */
export function readCounts(value: unknown): Counts | undefined {
  const { bytes, lines, records, unread } = { ...NO_COUNTS, ...(value as Partial<Counts>) };
  const found = { bytes, lines, records, unread };
  return COUNTED.every((key) => isCount(found[key])) ? found : undefined;
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
