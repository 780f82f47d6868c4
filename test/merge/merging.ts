/** Partials as they come from files, added up: what the tests of merging share. */
import { expect } from 'vitest';
import type { PartialReport } from '../../src/model/partial.js';
import type { SummaryReport } from '../../src/model/report.js';
import { checkedPartial } from '../../src/report/partial-check.js';
import { assemblePartial } from '../../src/report/partial.js';
import { PartialSum } from '../../src/report/partial-sum.js';
import { assembleSummary } from '../../src/report/summary.js';
import { summarizePartially, type PartialOptions } from '../../src/summarize.js';

/** A stream of the bytes of a log. */
export const chunks = (text: string): AsyncIterable<Buffer> =>
  (async function* () {
    yield Buffer.from(text);
  })();

/** The partial of a text that is a log. */
export async function partialOf(text: string, options: PartialOptions = {}): Promise<PartialReport> {
  return (await summarizePartially(chunks(text), options)).partial;
}

/** An exit record of a trace. */
export const exit = (call: string, result = '0 (0x0)', time = '2µs', task = '   1:   1'): string =>
  `I1123 22:01:14.834607   11 strace.go:605] [${task}] sh X ${call} = ${result} (${time})\n`;

/** All of them, which must be new. */
export function summed(partials: readonly PartialReport[]): PartialSum {
  const sum = new PartialSum();
  for (const [index, partial] of partials.entries())
    expect(sum.add(checkedPartial(JSON.parse(JSON.stringify(partial))), `piece ${index}`).as).toBe('counted');
  return sum;
}

export function mergedPartial(partials: readonly PartialReport[]): PartialReport {
  const sum = summed(partials);
  const names = sum.names();
  return assemblePartial(sum.counted(names), names, sum.frame(names));
}

export function reportOf(sum: PartialSum, histogram?: string): SummaryReport {
  const names = sum.names();
  const { partials, filter, skipped } = sum.frame(names);
  return assembleSummary(sum.counted(names), sum.readings(names), { histogram, merged: { partials, filter, skipped } });
}

/** A tree of merges: neighbours at places by the numbers, until one is left. */
export function inTree(partials: readonly PartialReport[], choices: readonly number[]): PartialReport {
  const left = [...partials];
  for (let step = 0; left.length > 1; step++) {
    const at = (choices[step % choices.length] ?? 0) % (left.length - 1);
    left.splice(at, 2, mergedPartial(left.slice(at, at + 2)));
  }
  return left[0] as PartialReport;
}
