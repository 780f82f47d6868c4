/** The summary of one or many sources, as a value. */
import { syscallUsage } from './analyzers/syscall-usage.js';
import type { SummaryReport } from './model/report.js';
import { analyze, type Input, type InputProblem, type ReadOptions } from './pipeline.js';
import { assembleSummary } from './report/summary.js';

/** Reads the sources and counts their syscalls. What could not be read is in `problems`, and the rest is counted. */
export async function summarize(
  input: Input,
  options: ReadOptions = {},
): Promise<{ readonly report: SummaryReport; readonly problems: readonly InputProblem[] }> {
  const { products, readings, problems } = await analyze(input, { usage: syscallUsage }, options);
  return { report: assembleSummary(products.usage, readings), problems };
}
