/** What each task did: the threads behind the processes. */
import type { Analyzer, Batch, Fold } from '../model/analyzer.js';
import type { LogEvent } from '../model/event.js';
import type { SourceName } from '../model/units.js';
import { addCounts, countCall, emptyCounts, type Counts } from './counts.js';
import { WaitingTeller } from './waiting.js';

export type ThreadUsage = {
  readonly source: SourceName;
  /** Null where the log tags tasks with a TID only. */
  readonly tgid: number | null;
  readonly tid: number;
  readonly counts: Counts;
};

export type Threads = {
  readonly threads: readonly ThreadUsage[];
  /** The sum of those beyond the limit. */
  readonly other: Counts | null;
};

/** Threads that are kept apart, in all sources. */
export const THREADS_LIMIT = 20_000;

/** Reads trace records as columns, with their texts. */
export const threads: Analyzer<Threads> = {
  name: 'threads',
  reads: [],
  start(): Fold<Threads> {
    const all: ThreadUsage[] = [];
    const others = new Map<SourceName, Counts>();
    let bySource = new Map<number, ThreadUsage>();
    let teller = new WaitingTeller('task');
    let source: SourceName = '';
    const countsOf = ({ tgid, tid }: Batch, row: number): Counts => {
      const id = tid[row] as number;
      const known = bySource.get(id);
      if (known !== undefined) return known.counts;
      if (all.length >= THREADS_LIMIT) {
        const other = others.get(source) ?? emptyCounts();
        others.set(source, other);
        return other;
      }
      const group = tgid[row] as number;
      const thread = { source, tgid: group === -1 ? null : group, tid: id, counts: emptyCounts() };
      bySource.set(id, thread);
      all.push(thread);
      return thread.counts;
    };
    return {
      wantsTexts: true,
      sourceStarts(name) {
        source = name;
        bySource = new Map();
        teller = new WaitingTeller('task');
      },
      see(_event: LogEvent) {},
      seeBatch(batch) {
        for (let row = 0; row < batch.count; row++)
          if (batch.isExit[row] === 1) countCall(countsOf(batch, row), batch, row, teller.waits(batch, row));
      },
      finish(repeats) {
        const rest = [...others].filter(([name]) => !repeats.has(name));
        const other = rest.length === 0 ? null : emptyCounts();
        if (other !== null) for (const [, counts] of rest) addCounts(other, counts);
        return { threads: all.filter((thread) => !repeats.has(thread.source) && thread.counts.calls > 0), other };
      },
    };
  },
};
