/** Adds up partial summaries, as a value: what `runsight merge` prints. */
import { documentsOf } from './documents.js';
import { failureOf } from './input/source.js';
import { PARTIAL_SCHEMA, type PartialReport } from './model/partial.js';
import type { SkippedLog, SummaryReport } from './model/report.js';
import { openAll, type Input, type InputProblem } from './pipeline.js';
import { checkedPartial } from './report/partial-check.js';
import { assemblePartial } from './report/partial.js';
import { PartialSum, type Added, type AskedTable } from './report/partial-sum.js';
import { ShapeFault } from './report/shape.js';
import { assembleSummary } from './report/summary.js';
import type { SummaryOptions } from './summarize.js';

export type MergeOptions = Pick<SummaryOptions, 'views' | 'waiting' | 'support' | 'volume'> & {
  /** Also the durations of this syscall (`all`: of all of them) in full. */
  readonly histogram?: string;
  /** Told of each partial that was read, for a progress line. */
  readonly onProgress?: (source: string, bytes: number) => void;
};

export type MergeResult = {
  readonly problems: readonly InputProblem[];
  /** Logs that came twice. */
  readonly skipped: readonly SkippedLog[];
  /** Tables that are left out since a partial was made without them: its name, by table. */
  readonly lacking: ReadonlyMap<AskedTable, string>;
};

/** What one run of `summarize` over all the logs of the partials would give. What cannot be added is in `problems`. */
export async function merge(
  input: Input,
  { histogram, views = true, waiting = views, support = views, volume = views, ...options }: MergeOptions = {},
): Promise<MergeResult & { readonly report: SummaryReport }> {
  const { sum, problems } = await sumOf(input, options);
  const names = sum.names();
  const { partials, filter, skipped } = sum.frame(names);
  const all = sum.counted(names);
  const counted = {
    ...all,
    ...(views ? {} : { workload: undefined, beyond: undefined }),
    ...(waiting ? {} : { waiting: undefined }),
    ...(support ? {} : { runtimes: undefined }),
    ...(volume ? {} : { volume: undefined }),
  };
  const report = assembleSummary(counted, sum.readings(names), {
    histogram,
    merged: { partials, filter, skipped },
  });
  return { report, problems, skipped, lacking: sum.lacking };
}

/** The same as a partial again, for trees of merges. */
export async function mergePartially(
  input: Input,
  options: MergeOptions = {},
): Promise<MergeResult & { readonly partial: PartialReport }> {
  const { sum, problems } = await sumOf(input, options);
  const names = sum.names();
  const frame = sum.frame(names);
  return {
    partial: assemblePartial(sum.counted(names), names, frame),
    problems,
    skipped: frame.skipped,
    lacking: sum.lacking,
  };
}

/** Of one partial so many bytes are read: one of 100,000 processes takes a third. */
const MOST_BYTES = 128 * 1024 * 1024;

/** More are not told of one by one. */
const MOST_PROBLEMS = 1000;

async function sumOf(
  input: Input,
  { onProgress }: MergeOptions,
): Promise<{ sum: PartialSum; problems: InputProblem[] }> {
  const sum = new PartialSum();
  const problems: InputProblem[] = [];
  for await (const { source, listed } of openAll(input, problems, { isEach: true })) {
    let isFirst = true;
    let bytes = 0;
    try {
      for await (const { text, line } of documentsOf(source, MOST_BYTES)) {
        const name = line === 1 ? source.name : `${source.name}:${line}`;
        const problem = text === undefined ? TOO_LONG : added(sum, text, name);
        bytes += text?.length ?? 0;
        onProgress?.(source.name, bytes);
        // what a folder holds beside partials is passed over, and what begins with none is read no further
        const isNone = problem?.kind === 'no-log' && isFirst;
        if (problem !== undefined && !(listed && isNone) && problems.length < MOST_PROBLEMS)
          problems.push({ source: name, ...problem });
        if (isNone) break;
        isFirst = false;
      }
      if (isFirst && bytes === 0 && !listed) problems.push({ source: source.name, ...EMPTY });
    } catch (error) {
      problems.push({ kind: 'unreadable', ...failureOf(source.name, error) });
    } finally {
      source.close();
    }
  }
  return { sum, problems };
}

type Problem = Omit<InputProblem, 'source'>;

const MAKE = 'make one with: runsight summary --partial LOG';
const EMPTY: Problem = {
  kind: 'empty',
  why: 'it is empty: whoever should have written a partial summary did not',
  suggestion: `${MAKE}, and look at how that ended`,
};
const TOO_MUCH: Problem = {
  kind: 'unreadable',
  why: 'it has more parts than any partial summary',
  suggestion: MAKE,
};
const TOO_LONG: Problem = {
  kind: 'unreadable',
  why: `it is longer than ${MOST_BYTES / 1024 / 1024} MB, which no partial summary is`,
  suggestion: MAKE,
};

/** So many lists and objects, and strings, are in one at most: some times those of 100,000 processes and sockets. */
const MOST_PARTS = 4_000_000;
const MOST_QUOTES = 16_000_000;
/** What is shorter needs no count. */
const SMALL = 1_000_000;

/** Could the text be a partial? What is made of the smallest parts takes 50 times its size as values. */
function isPlausible(text: string): boolean {
  if (text.length < SMALL) return true;
  let parts = 0;
  let quotes = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === BRACKET || c === BRACE) parts++;
    else if (c === QUOTE) quotes++;
  }
  return parts <= MOST_PARTS && quotes <= MOST_QUOTES;
}
const QUOTE = 34;
const BRACKET = 91;
const BRACE = 123;

/** Adds the partial that a text is; says what is wrong where it cannot. */
function added(sum: PartialSum, text: string, name: string): Problem | undefined {
  if (!isPlausible(text)) return TOO_MUCH;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text.startsWith('{')
      ? {
          kind: 'unreadable',
          why: 'the JSON is damaged, or was cut off',
          suggestion: 'write it again; what others hold was added',
        }
      : { kind: 'no-log', why: 'it holds no partial summary', suggestion: MAKE };
  }
  const strange = otherSchema(value);
  if (strange !== undefined) return strange;
  try {
    return problemOf(sum.add(checkedPartial(value), name));
  } catch (error) {
    if (!(error instanceof ShapeFault)) throw error;
    const place = error.place === '' ? 'the document' : error.place.slice(1);
    return { kind: 'unreadable', why: `it is no sound partial summary: ${place} ${error.message}`, suggestion: MAKE };
  }
}

/** What to say of a document that is none of ours, or none of this version. */
function otherSchema(value: unknown): Problem | undefined {
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema === PARTIAL_SCHEMA) return undefined;
  const [, command, version] =
    /^runsight\/([a-z]{1,20})@(\d{1,6})$/.exec(typeof schema === 'string' ? schema : '') ?? [];
  if (command === undefined) return { kind: 'no-log', why: 'it holds no partial summary', suggestion: MAKE };
  if (command !== 'partial')
    return {
      kind: 'no-log',
      why: `it is a document of runsight ${command}, to which nothing can be added`,
      suggestion: MAKE,
    };
  return {
    kind: 'unreadable',
    why: `it was made by another version of runsight (partial@${version}; this one adds up ${PARTIAL_SCHEMA.split('/')[1]})`,
    suggestion: 'merge it with the version that made it, or make it again with this one',
  };
}

function problemOf(added: Added): Problem | undefined {
  switch (added.as) {
    case 'counted':
    case 'repeated':
      return undefined;
    case 'overlapping': {
      const { known, others } = added;
      return {
        kind: 'unreadable',
        why: `of its logs ${known.length} (${known[0]}${known.length > 1 ? ', ...' : ''}) are counted already, and ${others} not: it can be neither added nor left out`,
        suggestion: 'make partials of logs that stand in no other, best one of each log',
      };
    }
    case 'filtered':
      return {
        kind: 'unreadable',
        why: `it was made with ${flagsOf(added.filter)}, those before it with ${flagsOf(added.others)}`,
        suggestion: 'merge only what was made with the same filter',
      };
    case 'absurd':
      return { kind: 'unreadable', why: 'it holds more different syscalls than there are', suggestion: MAKE };
  }
}

function flagsOf(filter: PartialReport['filter']): string {
  if (filter === null) return 'no filter';
  return Object.entries(filter)
    .map(([name, value]) => `--${name} ${JSON.stringify(value)}`)
    .join(' ');
}
