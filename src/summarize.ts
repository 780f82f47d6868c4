/** The summary of one or many sources, as a value. */
import { containers } from './analyzers/containers.js';
import { seconds } from './analyzers/seconds.js';
import { syscallUsage } from './analyzers/syscall-usage.js';
import { threads } from './analyzers/threads.js';
import { waiting } from './analyzers/waiting.js';
import { workload } from './analyzers/workload.js';
import type { Analyzer } from './model/analyzer.js';
import type { SummaryReport } from './model/report.js';
import { analyze, type Input, type InputProblem, type ReadOptions } from './pipeline.js';
import { assembleSummary, type Counted } from './report/summary.js';

export type SummaryOptions = ReadOptions & {
  /** Also processes, files, sockets and the paths of errors (default): they take the arguments of each call. */
  readonly views?: boolean;
  /** Also how long calls waited by design (default: as `views`). */
  readonly waiting?: boolean;
  /** Also what each task, each container or each second did: tables that are there only where they are asked for. */
  readonly by?: readonly ('thread' | 'container' | 'second')[];
  /** Also the durations of this syscall (`all`: of all of them) in full. */
  readonly histogram?: string;
};

/** Reads the sources and counts their syscalls. What could not be read is in `problems`, and the rest is counted. */
export async function summarize(
  input: Input,
  options: SummaryOptions = {},
): Promise<{ readonly report: SummaryReport; readonly problems: readonly InputProblem[] }> {
  const { views = true, waiting: waits = views, by = [], histogram, ...reading } = options;
  // what is not asked for costs nothing
  const analyzers: Readonly<Record<string, Analyzer<unknown>>> = {
    usage: syscallUsage,
    ...(views ? { workload } : {}),
    ...(waits ? { waiting } : {}),
    ...(by.includes('thread') ? { threads } : {}),
    ...(by.includes('container') ? { containers } : {}),
    ...(by.includes('second') ? { seconds } : {}),
  } satisfies { [K in keyof Counted]: Analyzer<Counted[K]> };
  const { products, readings, problems } = await analyze(input, analyzers, reading);
  return { report: assembleSummary(products as Counted, readings, { histogram }), problems };
}
