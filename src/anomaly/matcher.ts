/** What thresholds and sequences have counted so far, for each key; bounded in every direction, by the log's own clock. */
import type { Evidence } from '../model/finding.js';
import type { Field } from '../expressions/fields.js';
import type { Subject } from './fields.js';
import type { Sequence, Threshold } from './rule-book.js';

/** Keys that are kept for a clause; the oldest half goes when more come. */
const KEYS_LIMIT = 4096;
/** Different values that are kept for a key. */
const VALUES_LIMIT = 4096;
/** Of all keys of a clause. */
const ALL_VALUES_LIMIT = 65_536;

type Counted = {
  /** Times of the last events, a ring. */
  readonly times: number[];
  at: number;
  size: number;
  readonly values: readonly Map<string, { at: number; fits: boolean }>[];
  readonly counts: number[];
  /** What is taken off, by time. */
  taken: number[];
  first: Evidence | undefined;
  lastAt: number;
  fired: boolean;
  total: number;
};

type Stepped = { readonly begun: number[]; readonly records: (Evidence | undefined)[] };

/** What a clause says when it is told of a moment that fits. */
export type Fired = {
  /** Records that came before. */
  readonly records: readonly Evidence[];
  /** How many events it counted. */
  readonly count: number;
  /** Does it go on what was reported before? */
  readonly goesOn: boolean;
  /** The state of the key that was counted: what goes on is counted with what was found for it. */
  readonly of?: object;
};

export function keyOf(subject: Subject, fields: readonly Field<Subject>[]): string {
  let key = '';
  for (const field of fields) {
    const value = field.of(subject);
    key += `${Array.isArray(value) ? String(value[0]) : String(value)}\u0000`;
  }
  return key;
}

/** The same as a number where the fields have one each: numbers are looked up faster than texts are made. */
function numberedKey(subject: Subject, fields: readonly Field<Subject>[]): number | undefined {
  if (fields.length > 2) return undefined;
  let key = 0;
  for (const { idOf } of fields) {
    const id = idOf?.(subject);
    if (id === undefined || id < 0 || id >= 2 ** 26) return undefined;
    key = key * 2 ** 26 + id;
  }
  return key;
}

/** Of thresholds that count nothing but events. */
const NO_VALUES: readonly never[] = [];
const NO_COUNTS: never[] = [];

export class Counter {
  readonly #keys = new Map<string | number, Counted>();
  readonly #threshold: Threshold;
  /** How many times are kept. */
  readonly #ring: number;
  /** Which event's record is kept as that of the first: most keys are met a few times, and to write a record down costs something. */
  readonly #firstAt: number;
  /** Of all keys. */
  #values = 0;
  forgotten = 0;

  constructor(threshold: Threshold) {
    this.#threshold = threshold;
    this.#firstAt = Math.max(1, Math.floor(threshold.count / 4));
    this.#ring = threshold.hasMinus ? VALUES_LIMIT : Math.max(1, threshold.count);
  }

  see(subject: Subject): Fired | undefined {
    const { by, within, count, distinct, all } = this.#threshold;
    const { moment } = subject;
    const now = moment.at;
    const key = numberedKey(subject, by) ?? keyOf(subject, by);
    let state = this.#keys.get(key);
    if (state === undefined) {
      if (this.#keys.size >= KEYS_LIMIT) this.#drop();
      state = {
        times: [],
        at: 0,
        size: 0,
        values: distinct.length === 0 ? NO_VALUES : distinct.map(() => new Map()),
        counts: all === undefined ? NO_COUNTS : all.map(() => 0),
        taken: this.#threshold.hasMinus ? [] : NO_COUNTS,
        first: undefined,
        lastAt: now,
        fired: false,
        total: 0,
      };
      this.#keys.set(key, state);
    }
    if (now - state.lastAt > within) this.#restart(state);
    state.lastAt = now;
    state.total++;
    if (state.first === undefined && state.total >= this.#firstAt) state.first = moment.evidence;
    const ring = state.times;
    ring[state.at] = now;
    state.at = state.at + 1 === this.#ring ? 0 : state.at + 1;
    if (state.size < this.#ring) state.size++;
    if (distinct.length > 0) this.#countValues(state, subject, now);
    if (all !== undefined)
      for (const [index, one] of all.entries())
        if (one.test(subject)) state.counts[index] = (state.counts[index] ?? 0) + 1;
    if (state.fired) return { records: [], count: state.total, goesOn: true, of: state };
    if (state.size < count || !this.#isMet(state, now)) return undefined;
    state.fired = true;
    return {
      records: state.first === undefined ? [] : [state.first],
      count: state.total,
      goesOn: false,
      of: state,
    };
  }

  #countValues(state: Counted, subject: Subject, now: number): void {
    const { within, distinct, share } = this.#threshold;
    for (const [index, { field, count: wanted }] of distinct.entries()) {
      const value = String(field.of(subject));
      const values = state.values[index] as Map<string, { at: number; fits: boolean }>;
      const fits = share?.test(subject) ?? true;
      const known = values.get(value);
      if (known !== undefined) {
        known.at = now;
        known.fits = fits;
      } else if (values.size < VALUES_LIMIT) {
        values.set(value, { at: now, fits });
        this.#values++;
      } else this.forgotten++;
      if (values.size < wanted) continue;
      const before = values.size;
      for (const [one, { at }] of values) if (now - at > within) values.delete(one);
      this.#values -= before - values.size;
    }
    if (this.#values > ALL_VALUES_LIMIT) this.#drop();
  }

  #isMet(state: Counted, now: number): boolean {
    const { within, count, distinct, all, share, hasMinus } = this.#threshold;
    if (hasMinus) {
      while (state.taken.length > 0 && now - (state.taken[0] as number) > within) state.taken.shift();
      if (!this.#hasBefore(state, count + state.taken.length, now - within)) return false;
    } else if (!this.#hasBefore(state, count, now - within)) return false;
    for (const [index, { count: wanted }] of distinct.entries()) {
      const values = state.values[index] as Map<string, { at: number; fits: boolean }>;
      if (values.size < wanted) return false;
      if (share !== undefined) {
        const fitting = [...values.values()].filter(({ fits }) => fits).length;
        if (fitting <= values.size * share.above) return false;
      }
    }
    return (all ?? []).every(({ count: wanted }, index) => (state.counts[index] ?? 0) >= wanted);
  }

  /** Do the last `count` events all lie after `since`? */
  #hasBefore({ times, at, size }: Counted, count: number, since: number): boolean {
    if (size < count) return false;
    return (times[(at - count + this.#ring) % this.#ring] as number) >= since;
  }

  #restart(state: Counted): void {
    state.size = 0;
    state.at = 0;
    state.total = 0;
    if (state.taken.length > 0) state.taken = [];
    state.first = undefined;
    this.#clearValues(state);
    state.counts.fill(0);
  }

  #clearValues(state: Counted): void {
    for (const values of state.values) {
      this.#values -= values.size;
      values.clear();
    }
  }

  /** Something is taken off the count. */
  take(subject: Subject): void {
    const { by } = this.#threshold;
    const state = this.#keys.get(numberedKey(subject, by) ?? keyOf(subject, by));
    if (state === undefined) return;
    state.taken.push(subject.moment.at);
    if (state.taken.length > VALUES_LIMIT) state.taken.shift();
  }

  reset(subject: Subject): void {
    if (this.#keys.size === 0) return;
    const { by } = this.#threshold;
    const state = this.#keys.get(numberedKey(subject, by) ?? keyOf(subject, by));
    if (state === undefined) return;
    state.size = 0;
    state.at = 0;
    state.total = 0;
    state.first = undefined;
    state.counts.fill(0);
  }

  #drop(): void {
    let left = this.#keys.size / 2;
    for (const [key, state] of this.#keys) {
      if (left-- <= 0) return;
      this.#clearValues(state);
      this.#keys.delete(key);
      this.forgotten++;
    }
  }
}

export class Follower {
  readonly #keys = new Map<string, Stepped>();
  readonly #sequence: Sequence;
  forgotten = 0;

  constructor(sequence: Sequence) {
    this.#sequence = sequence;
  }

  see(subject: Subject, step: number): Fired | undefined {
    const { within, same, steps } = this.#sequence;
    const { moment } = subject;
    const key = keyOf(subject, same);
    const now = moment.at;
    let state = this.#keys.get(key);
    if (state === undefined) {
      if (step !== 0) return undefined;
      if (this.#keys.size >= KEYS_LIMIT) {
        this.#keys.clear();
        this.forgotten += KEYS_LIMIT;
      }
      state = { begun: [], records: [] };
      this.#keys.set(key, state);
    }
    if (step > 0) {
      const begun = state.begun[step - 1];
      if (begun === undefined || now - begun > within) return undefined;
      state.begun[step] = begun;
    } else state.begun[0] = now;
    if (step < steps - 1) {
      state.records[step] = moment.evidence;
      return undefined;
    }
    const records = state.records.flatMap((one) => one ?? []);
    return { records, count: 1, goesOn: false };
  }
}
