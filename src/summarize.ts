/** The summary of one or many sources, as a value. */
import { syscallUsage } from './analyzers/syscall-usage.js';
import { workload } from './analyzers/workload.js';
import type { SummaryReport } from './model/report.js';
import { analyze, type Input, type InputProblem, type ReadOptions } from './pipeline.js';
import { assembleSummary } from './report/summary.js';

export type SummaryOptions = ReadOptions & {
  /** Also processes, files, sockets and the paths of errors (default): they take the arguments of each call. */
  readonly views?: boolean;
};

/** Reads the sources and counts their syscalls. What could not be read is in `problems`, and the rest is counted. */
export async function summarize(
  input: Input,
  options: SummaryOptions = {},
): Promise<{ readonly report: SummaryReport; readonly problems: readonly InputProblem[] }> {
  const { views = true, ...reading } = options;
  if (!views) {
    const { products, readings, problems } = await analyze(input, { usage: syscallUsage }, reading);
    return { report: assembleSummary(products.usage, null, readings), problems };
  }
  const { products, readings, problems } = await analyze(input, { usage: syscallUsage, workload }, reading);
  return { report: assembleSummary(products.usage, products.workload, readings), problems };
}
