/** The summary of one or many sources, as a value. */
import { containers } from './analyzers/containers.js';
import { seconds } from './analyzers/seconds.js';
import { syscallUsage } from './analyzers/syscall-usage.js';
import { runtimes } from './analyzers/runtime.js';
import { slowestRecords } from './analyzers/slowest-records.js';
import { seenCalls } from './analyzers/seen-calls.js';
import { threads } from './analyzers/threads.js';
import { volume } from './analyzers/volume.js';
import { waiting } from './analyzers/waiting.js';
import { workload } from './analyzers/workload.js';
import type { Analyzer } from './model/analyzer.js';
import type { LogEvent } from './model/event.js';
import type { PartialReport } from './model/partial.js';
import type { Reading } from './model/reading.js';
import type { SummaryReport } from './model/report.js';
import { analyze, type Input, type InputProblem, type ReadOptions } from './pipeline.js';
import { assemblePartial, logsOf } from './report/partial.js';
import { assembleSummary, type Counted } from './report/summary.js';

export { maskedSummary } from './report/redaction.js';

export type SummaryOptions = ReadOptions & {
  /** Also processes, files, sockets and the paths of errors (default): they take the arguments of each call. */
  readonly views?: boolean;
  /** Also how long calls waited by design (default: as `views`). */
  readonly waiting?: boolean;
  /** Also what each task, each container or each second did: tables that are there only where they are asked for. */
  readonly by?: readonly ('thread' | 'container' | 'second')[];
  /** Also how far the releases of the log support each call (default: as `views`). */
  readonly support?: boolean;
  /** Also which calls make the log large, and how the next one can be smaller (default: as `views`). */
  readonly volume?: boolean;
  /** Also so many of the slowest calls, as they stand in the log. Each record is then read one by one: slower. */
  readonly show?: number;
  /** Also the durations of this syscall (`all`: of all of them) in full. */
  readonly histogram?: string;
};

/** Reads the sources and counts their syscalls. What could not be read is in `problems`, and the rest is counted. */
export async function summarize(
  input: Input,
  options: SummaryOptions = {},
): Promise<{ readonly report: SummaryReport; readonly problems: readonly InputProblem[] }> {
  const { counted, readings, problems } = await countedOf(input, options);
  return { report: assembleSummary(counted, readings, { histogram: options.histogram }), problems };
}

/** What a partial is made of: everything but records and histograms, which do not add up. */
export type PartialOptions = ReadOptions &
  Pick<SummaryOptions, 'by'> & {
    /** What `where` was made of, as flags by name: partials of other filters are not added. */
    readonly filter?: PartialReport['filter'];
  };

/** The same as a document to which those of other runs can be added: see `merge`. */
export async function summarizePartially(
  input: Input,
  { filter = null, ...options }: PartialOptions = {},
): Promise<{ readonly partial: PartialReport; readonly problems: readonly InputProblem[] }> {
  const digests = new Map<string, string>();
  const { counted, readings, problems } = await countedOf(input, {
    ...options,
    onDigest: (source, digest) => digests.set(source, digest),
  });
  const logs = logsOf(readings, digests, counted.runtimes);
  const sources = readings.map(({ source }) => source);
  return { partial: assemblePartial(counted, sources, { partials: 1, filter, logs, skipped: [] }), problems };
}

async function countedOf(
  input: Input,
  options: SummaryOptions,
): Promise<{
  readonly counted: Counted;
  readonly readings: readonly Reading[];
  readonly problems: readonly InputProblem[];
}> {
  const { views = true, waiting: waits = views, support = views, volume: sizes = views, ...rest } = options;
  const { by = [], histogram: _, show, ...reading } = rest;
  const { where } = reading;
  const seen = where === undefined ? undefined : seenCalls();
  const shown = show === undefined ? undefined : slowestRecords(show, where !== undefined);
  // what is not asked for costs nothing
  const analyzers: Readonly<Record<string, Analyzer<unknown>>> = {
    usage: syscallUsage,
    ...(views ? { workload } : {}),
    ...(waits ? { waiting } : {}),
    ...(support ? { runtimes } : {}),
    ...(sizes ? { volume } : {}),
    ...(shown === undefined ? {} : { shown: shown.analyzer }),
    ...(seen === undefined ? {} : { seen: seen.analyzer }),
    ...(by.includes('thread') ? { threads } : {}),
    ...(by.includes('container') ? { containers } : {}),
    ...(by.includes('second') ? { seconds } : {}),
  } satisfies { [K in keyof Counted]: Analyzer<Counted[K]> };
  const { products, readings, problems } = await analyze(input, analyzers, {
    ...reading,
    isOnce: true,
    ...(seen === undefined && shown === undefined ? {} : { where: watched(where, seen?.see, shown?.see) }),
  });
  return { counted: products as Counted, readings, problems };
}

type Condition = NonNullable<ReadOptions['where']>;

/** The same condition; what it is asked of is seen by the one, what it lets pass by the other. */
function watched(
  where: Condition = () => true,
  asked: (event: LogEvent) => void = () => {},
  passed: (event: LogEvent) => void = () => {},
): Condition {
  return (event) => {
    asked(event);
    if (!where(event)) return false;
    passed(event);
    return true;
  };
}
