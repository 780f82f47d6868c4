/** What thresholds and sequences have counted so far, for each key; bounded in every direction, by the log's own clock. */
import type { Evidence } from '../model/finding.js';
import type { Field } from '../expressions/fields.js';
import type { Subject } from './fields.js';
import type { Draft } from './findings.js';
import type { Sequence, Threshold } from './rule-book.js';

/** Keys that are kept for a clause; the half that was met longest ago goes when more come. */
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
  /** The finding that it came to: what goes on is counted with it. */
  found: Draft | null;
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
  /** The state of the key that was counted. */
  readonly of?: { found: Draft | null };
};

export function keyOf(subject: Subject, fields: readonly Field<Subject>[]): string {
  let key = '';
  for (const field of fields) {
    const value = field.of(subject);
    key += `${Array.isArray(value) ? String(value[0]) : String(value)}\u0000`;
  }
  return key;
}

const SMALL = 2 ** 15;

/** The same as a number where the fields have one each: numbers are looked up faster than texts are made. */
function numberedKey(subject: Subject, fields: readonly Field<Subject>[]): number | undefined {
  if (fields.length > 2) return undefined;
  let key = 0;
  for (const { idOf } of fields) {
    const id = idOf?.(subject);
    if (id === undefined || id < 0 || id >= 2 ** 26) return undefined;
    // small ones come to a small whole number, which V8 need not put aside
    key = key < SMALL && id < SMALL ? key * SMALL + id : -(key * 2 ** 26 + id) - 1;
  }
  return key;
}

/** Of thresholds that count nothing but events. */
const NO_VALUES: readonly never[] = [];
const NO_COUNTS: never[] = [];

export class Counter {
  /** What was counted; of a key that was met once, when. Those met lately, and those before them: the latter go as a whole. */
  #keys = new Map<string | number, Counted | number>();
  #old = new Map<string | number, Counted | number>();
  readonly #threshold: Threshold;
  /** Are events counted and nothing else? */
  readonly #isPlain: boolean;
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
    const { distinct, all, hasMinus } = threshold;
    this.#isPlain = distinct.length === 0 && all === undefined && !hasMinus && this.#firstAt > 1;
    this.#ring = threshold.hasMinus ? VALUES_LIMIT : Math.max(1, threshold.count);
    // V8 takes a field for a constant until it is set again, and drops the code that was built on that
    this.#drop();
  }

  see(subject: Subject): Fired | undefined {
    const { by, within, count, distinct, all } = this.#threshold;
    const { moment } = subject;
    const now = moment.at;
    const key = numberedKey(subject, by) ?? keyOf(subject, by);
    const known = this.#keys.get(key) ?? this.#takeOver(key);
    if (known === undefined) {
      if (this.#isPlain) {
        this.#put(key, now);
        return undefined;
      }
    }
    const state = typeof known === 'object' ? known : this.#begin(key, known, now);
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

  /** A state of its own for a key; `once`: when it was met before, once. */
  #begin(key: string | number, once: number | undefined, now: number): Counted {
    const { distinct, all, hasMinus } = this.#threshold;
    const before = once === undefined ? 0 : 1;
    const state: Counted = {
      times: once === undefined ? [] : [once],
      at: before,
      size: before,
      values: distinct.length === 0 ? NO_VALUES : distinct.map(() => new Map()),
      counts: all === undefined ? NO_COUNTS : all.map(() => 0),
      taken: hasMinus ? [] : NO_COUNTS,
      first: undefined,
      lastAt: once ?? now,
      fired: false,
      total: before,
      found: null,
    };
    this.#put(key, state);
    return state;
  }

  /** A key that is met again stays. */
  #takeOver(key: string | number): Counted | number | undefined {
    const known = this.#old.get(key);
    if (known === undefined) return undefined;
    this.#old.delete(key);
    this.#put(key, known);
    return known;
  }

  #put(key: string | number, value: Counted | number): void {
    if (this.#keys.size >= KEYS_LIMIT / 2 && !this.#keys.has(key)) this.#drop();
    this.#keys.set(key, value);
  }

  get isEmpty(): boolean {
    return this.#keys.size === 0 && this.#old.size === 0;
  }

  #find(key: string | number): Counted | number | undefined {
    return this.#keys.get(key) ?? this.#old.get(key);
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
    if (state.values === NO_VALUES) return;
    for (const values of state.values) {
      this.#values -= values.size;
      values.clear();
    }
  }

  /** Something is taken off the count. */
  take(subject: Subject): void {
    const { by } = this.#threshold;
    const state = this.#find(numberedKey(subject, by) ?? keyOf(subject, by));
    if (typeof state !== 'object') return;
    state.taken.push(subject.moment.at);
    if (state.taken.length > VALUES_LIMIT) state.taken.shift();
  }

  reset(subject: Subject): void {
    if (this.isEmpty) return;
    const { by } = this.#threshold;
    const key = numberedKey(subject, by) ?? keyOf(subject, by);
    const state = this.#find(key);
    if (typeof state !== 'object') {
      this.#keys.delete(key);
      this.#old.delete(key);
      return;
    }
    state.size = 0;
    state.at = 0;
    state.total = 0;
    state.first = undefined;
    state.counts.fill(0);
  }

  #drop(): void {
    this.forgotten += this.#old.size;
    for (const state of this.#old.values()) if (typeof state === 'object') this.#clearValues(state);
    this.#old = this.#keys;
    this.#keys = new Map();
  }
}

export class Follower {
  readonly #keys = new Map<string, Stepped>();
  readonly #sequence: Sequence;
  forgotten = 0;

  constructor(sequence: Sequence) {
    this.#sequence = sequence;
  }

  get isEmpty(): boolean {
    return this.#keys.size === 0;
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
