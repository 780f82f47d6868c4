/** Tells the calls that wait by design from those that work: by name, by what is read from, by the operation of a futex. */
import type { Analyzer, Batch, BatchTexts, Fold } from '../model/analyzer.js';
import type { LogEvent } from '../model/event.js';
import type { SourceName } from '../model/units.js';
import {
  FUTEX_WAITS,
  LOCK_WAITS,
  WAITING_BY_OPERATION,
  WAITING_CALLS,
  WAITING_IN_TABLE,
  WAITING_NATIVELY,
  WAITING_TO_READ,
} from '../knowledge/waiting-calls.js';
import { addBins, BINS, binOf, type Bins } from './syscall-usage.js';

/** The calls of one syscall that waited; time in nanoseconds. */
export type Waited = {
  calls: number;
  total: number;
  /** Counts by `binOf` of the duration. */
  readonly bins: Bins;
};

/** By the name of the syscall; one that never waited is not in it. */
export type Waiting = ReadonlyMap<string, Waited>;

type Sort = 'never' | 'always' | 'reading' | 'reading-events' | 'futex' | 'flock' | 'fcntl' | 'native';

/** Whose time is told: a call's, or that of the task that makes it, of which fewer calls are taken for waiting. */
type Of = 'call' | 'task';

/** In what way calls of a name wait, as far as the name tells. */
export function sortOf(name: string, of: Of): Sort {
  if (WAITING_CALLS.has(name)) return 'always';
  if (WAITING_TO_READ.has(name)) return of === 'task' ? 'reading' : 'reading-events';
  if (name === WAITING_BY_OPERATION) return 'futex';
  if (of === 'task') return 'never';
  if (WAITING_IN_TABLE.has(name)) return 'always';
  if (name === WAITING_NATIVELY) return 'native';
  return name === 'flock' || name === 'fcntl' ? name : 'never';
}

const BLANK = 32;
const COMMA = 44;
const A = 97;
const P = 112;
const S = 115;
const H = 104;
const COLON = 58;

/** `0x3 pipe:[5], ...`, `0x4 socket:[7]`, `0x0 host:[1]`, of calls also `0x5 anon_inode:[eventfd]`: what one has to wait for. */
function isWaitedFor(text: Buffer, from: number, to: number, areEvents: boolean): boolean {
  for (let at = from; at < to; at++) {
    const c = text[at] as number;
    if (c === COMMA) return false;
    if (c !== BLANK) continue;
    const first = text[at + 1];
    if (first === P || first === H) return at + 5 < to && text[at + 5] === COLON;
    if (first === A) return areEvents && at + 11 < to && text[at + 11] === COLON;
    return first === S && at + 7 < to && text[at + 7] === COLON;
  }
  return false;
}

/** So much of the arguments holds the operation: their beginning, or their end. */
const OPERATION_BYTES = 120;

/** Does the call of a row wait? Without a text (native traces) a futex and a flock do, a read and a fcntl do not. */
function waits(sort: Sort, batch: Batch, row: number): boolean {
  if (sort === 'always') return true;
  const { texts } = batch;
  const from = texts?.from[row] ?? 0;
  const to = texts?.to[row] ?? 0;
  if (sort === 'native') return texts === null || isNative(texts, row);
  if (texts === null || to === from) return sort === 'futex' || sort === 'flock';
  const text = texts.blocks[texts.block[row] as number] as Buffer;
  if (sort === 'reading' || sort === 'reading-events') return isWaitedFor(text, from, to, sort === 'reading-events');
  if (sort === 'futex') return FUTEX_WAITS.test(text.toString('latin1', from, Math.min(to, from + OPERATION_BYTES)));
  return LOCK_WAITS.get(sort)?.test(text.toString('latin1', Math.max(from, to - OPERATION_BYTES), to)) === true;
}

/** Is the row of another tracer, which has no text here? */
function isNative({ starts, to }: BatchTexts, row: number): boolean {
  const start = starts[row] as number;
  return start === -2 || (start >= 0 && to[row] === 0);
}

/** Adds the calls of a name that waited, in another log or in many. */
export function addWaited(into: Map<string, Waited>, name: string, { calls, total, bins }: Waited): void {
  const sum = into.get(name);
  if (sum === undefined) {
    into.set(name, { calls, total, bins: bins.slice() });
    return;
  }
  sum.calls += calls;
  sum.total += total;
  addBins(sum.bins, bins);
}

/** Tells which rows of one log wait: numbers of names are its own. */
export class WaitingTeller {
  readonly #sorts: Sort[] = [];

  constructor(readonly of: Of) {}

  /** Does the call of an exit row wait by design? */
  waits(batch: Batch, row: number): boolean {
    const id = batch.name[row] as number;
    const sort = (this.#sorts[id] ??= sortOf(batch.names[id] ?? '', this.of));
    return sort !== 'never' && waits(sort, batch, row);
  }
}

class SourceWaiting {
  readonly #teller = new WaitingTeller('call');
  readonly waited: { name: string; waited: Waited }[] = [];

  see(batch: Batch): void {
    const { count, isExit, name, names, elapsed } = batch;
    for (let row = 0; row < count; row++) {
      if (isExit[row] !== 1) continue;
      if (!this.#teller.waits(batch, row)) continue;
      const id = name[row] as number;
      const waited = (this.waited[id] ??= {
        name: names[id] ?? '',
        waited: { calls: 0, total: 0, bins: new Uint32Array(BINS) },
      }).waited;
      waited.calls++;
      const time = elapsed[row] as number;
      // NaN: a native trace without times
      if (!(time >= 0)) continue;
      waited.total += time;
      const bin = binOf(time);
      waited.bins[bin] = (waited.bins[bin] as number) + 1;
    }
  }
}

/** The analyzer behind the parting of time into waiting and work. Reads trace records as columns, with their texts. */
export const waiting: Analyzer<Waiting> = {
  name: 'waiting',
  reads: [],
  start(): Fold<Waiting> {
    const whole = new Map<string, Waited>();
    const pending = new Map<SourceName, SourceWaiting>();
    let current = new SourceWaiting();
    const merge = ({ waited }: SourceWaiting): void => {
      for (const one of waited) if (one !== undefined) addWaited(whole, one.name, one.waited);
    };
    return {
      wantsTexts: true,
      sourceStarts() {
        current = new SourceWaiting();
      },
      see(_event: LogEvent) {},
      seeBatch(batch) {
        current.see(batch);
      },
      sourceEnds(source, mayRepeat) {
        if (mayRepeat) pending.set(source, current);
        else merge(current);
      },
      finish(repeats) {
        for (const [source, one] of pending) if (!repeats.has(source)) merge(one);
        return whole;
      },
    };
  },
};
