/**
 * What differs between two processes that were paired: calls of which one side alone got an error, or another answer, and calls
 * that one side alone made. Loops, retries and threads make equal calls often and in other orders: a difference is an outcome
 * that a call has on one side and never on the other.
 */
import { isRestart } from '../model/event.js';
import { align } from './align.js';
import type { Columns } from './columns.js';
import type { ProcessPair } from './pairing.js';
import type { Traced } from './processes.js';
import type { Side } from './side.js';

export type FoundKind = 'fails' | 'succeeds' | 'result' | 'missing' | 'extra';

/** A difference by its rows: what the records say is read later. */
export type Found = {
  readonly kind: FoundKind;
  readonly pair: ProcessPair;
  readonly name: string;
  /** Rows of the call on either side; -1 where there is none. */
  readonly a: number;
  readonly b: number;
  readonly errnoA: number;
  readonly errnoB: number;
  count: number;
  /** Where it stands among the calls of its process in B, as far as the alignment tells. */
  readonly order: number;
};

/** Calls of a pair that have no counterpart, one behind the other, and where they stand. */
export type Gap = {
  readonly pair: ProcessPair;
  /** Place in B's order at which it begins, and rows around it; -1 at the ends. */
  readonly order: number;
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** So many calls in all. */
  readonly weight: number;
  /** Does nothing of either side follow? */
  isLast: boolean;
};

/** What was compared of a pair. */
export type Compared = {
  readonly pair: ProcessPair;
  readonly found: readonly Found[];
  readonly gaps: readonly Gap[];
  /** Calls that both sides made. */
  readonly matched: number;
  readonly callsA: number;
  readonly callsB: number;
  /** Of each row of B in a sequence its row in A, by the place in the sequence; for the calls around a difference. */
  readonly sequences: readonly Aligned[];
};

/** The rows of two tasks and which of them are one call. */
export type Aligned = { readonly a: Int32Array; readonly b: Int32Array; readonly to: Int32Array };

/** Rows of a gap that are kept by number. */
const SHOWN = 8;
/** Differences that are kept of a pair of processes. */
const FOUND_LIMIT = 2000;
/** Errors that say that there was nothing yet. */
const PASSING = new Set([4, 11, 115, 114]);

/** Rows of each task of a side. */
export type TaskRows = readonly Int32Array[];

export class Comparer {
  readonly #a: Side;
  readonly #b: Side;
  readonly #rowsA: ReadonlyMap<Traced, readonly Int32Array[]>;
  readonly #rowsB: ReadonlyMap<Traced, readonly Int32Array[]>;
  #keysA: Float64Array | undefined;
  #keysB: Float64Array | undefined;

  constructor(a: Side, b: Side) {
    this.#a = a;
    this.#b = b;
    this.#rowsA = rowsByProcess(a);
    this.#rowsB = rowsByProcess(b);
  }

  compare(pair: ProcessPair): Compared {
    const rowsOf = (
      rows: ReadonlyMap<Traced, readonly Int32Array[]>,
      process: Traced | null,
      from: number,
    ): readonly Int32Array[] =>
      process === null
        ? []
        : (rows.get(process) ?? []).map((list) => (from < 0 ? list : list.filter((row) => row > from)));
    const tasksA = rowsOf(this.#rowsA, pair.a, pair.fromA);
    const tasksB = rowsOf(this.#rowsB, pair.b, pair.fromB);
    const sequences: Aligned[] = [];
    for (let task = 0; task < Math.max(tasksA.length, tasksB.length); task++) {
      const a = tasksA[task] ?? new Int32Array(0);
      const b = tasksB[task] ?? new Int32Array(0);
      sequences.push({ a, b, to: align(keysOf(this.#a.columns, a), keysOf(this.#b.columns, b)) });
    }
    return this.#collect(pair, sequences);
  }

  #collect(pair: ProcessPair, sequences: readonly Aligned[]): Compared {
    const { columns: ca } = this.#a;
    const { columns: cb } = this.#b;
    const changed: [number, number, number][] = [];
    const restA: [number, number][] = [];
    const restB: [number, number][] = [];
    const gaps: Gap[] = [];
    let matched = 0;
    let calls = 0;
    for (const sequence of sequences) {
      const { a, b, to } = sequence;
      let j = 0;
      let gap: { order: number; a: number[]; b: number[]; weight: number } | undefined;
      const open = (order: number): NonNullable<typeof gap> => (gap ??= { order, a: [], b: [], weight: 0 });
      const close = (): void => {
        if (gap !== undefined) gaps.push({ pair, ...gap, isLast: false });
        gap = undefined;
      };
      for (let i = 0; i <= a.length; i++) {
        const place = i < a.length ? (to[i] as number) : b.length;
        if (place === -1) {
          const row = a[i] as number;
          const one = open(calls + j);
          one.weight++;
          if (one.a.length < SHOWN) one.a.push(row);
          restA.push([row, calls + j]);
          continue;
        }
        for (; j < place; j++) {
          const row = b[j] as number;
          const one = open(calls + j);
          one.weight++;
          if (one.b.length < SHOWN) one.b.push(row);
          restB.push([row, calls + j]);
        }
        if (i === a.length) break;
        close();
        matched++;
        const [rowA, rowB] = [a[i] as number, b[place] as number];
        if (differs(ca, rowA, cb, rowB)) changed.push([rowA, rowB, calls + place]);
        j = place + 1;
      }
      const last = gap;
      if (last !== undefined)
        gaps.push({ pair, ...(last as { order: number; a: number[]; b: number[]; weight: number }), isLast: true });
      calls += b.length;
    }
    // what moved within the process: other threads, other order
    const byKey = new Map<number, [number, number][]>();
    for (const one of restA) {
      const key = ca.key[one[0]] as number;
      const list = byKey.get(key);
      if (list === undefined) byKey.set(key, [one]);
      else list.push(one);
    }
    const leftB: [number, number][] = [];
    const moved = new Set<number>();
    for (const one of restB) {
      const mate = byKey.get(cb.key[one[0]] as number)?.shift();
      if (mate === undefined) {
        leftB.push(one);
        continue;
      }
      matched++;
      moved.add(mate[0]);
      if (differs(ca, mate[0], cb, one[0])) changed.push([mate[0], one[0], one[1]]);
    }
    const leftA = restA.filter(([row]) => !moved.has(row));
    const found = this.#found(pair, sequences, changed, leftA, leftB);
    return {
      pair,
      found,
      gaps,
      matched,
      callsA: sequences.reduce((sum, { a }) => sum + a.length, 0),
      callsB: calls,
      sequences,
    };
  }

  /** Differences by what they are about: an outcome that the other side has, too, is none. */
  #found(
    pair: ProcessPair,
    sequences: readonly Aligned[],
    changed: readonly (readonly [number, number, number])[],
    leftA: readonly (readonly [number, number])[],
    leftB: readonly (readonly [number, number])[],
  ): readonly Found[] {
    const { columns: ca } = this.#a;
    const { columns: cb } = this.#b;
    const asked = new Set<number>();
    for (const [row] of changed) asked.add(ca.key[row] as number);
    for (const [row] of leftA) asked.add(ca.key[row] as number);
    for (const [row] of leftB) asked.add(cb.key[row] as number);
    const outcomesA = outcomesOf(ca, sequences, asked, 'a');
    const outcomesB = outcomesOf(cb, sequences, asked, 'b');
    const all = new Map<string, Found>();
    const add = (one: Omit<Found, 'count' | 'pair'>, key: number): void => {
      const id = `${one.kind} ${key} ${one.errnoA} ${one.errnoB}`;
      const known = all.get(id);
      if (known !== undefined) known.count++;
      else if (all.size < FOUND_LIMIT) all.set(id, { ...one, pair, count: 1 });
    };
    for (const [a, b, order] of changed) {
      const key = ca.key[a] as number;
      const [errnoA, errnoB] = [errnoOf(ca, a), errnoOf(cb, b)];
      const name = this.#b.names[cb.name[b] as number]?.name ?? '';
      if (errnoA === errnoB) {
        const mine = outcomesA.get(key);
        const others = outcomesB.get(key);
        if (mine?.answers.has(cb.answer[b] as number) === true && others?.answers.has(ca.answer[a] as number) === true)
          continue;
        add({ kind: 'result', name, a, b, errnoA, errnoB, order }, key);
        continue;
      }
      if (PASSING.has(errnoA) || PASSING.has(errnoB)) continue;
      const seenA = outcomesA.get(key)?.errnos.has(errnoB) === true;
      const seenB = outcomesB.get(key)?.errnos.has(errnoA) === true;
      if (seenA && seenB) continue;
      const kind = errnoA === 0 ? 'fails' : errnoB === 0 ? 'succeeds' : 'result';
      add({ kind, name, a, b, errnoA, errnoB, order }, key);
    }
    for (const [b, order] of leftB) {
      const key = cb.key[b] as number;
      const errnoB = errnoOf(cb, b);
      if (PASSING.has(errnoB)) continue;
      const name = this.#b.names[cb.name[b] as number]?.name ?? '';
      const known = outcomesA.get(key);
      if (known !== undefined) {
        if (known.errnos.has(errnoB)) continue;
        const [errnoA, a] = [...known.errnos][0] as [number, number];
        const kind = errnoB === 0 ? 'succeeds' : errnoA === 0 ? 'fails' : 'result';
        add({ kind, name, a, b, errnoA, errnoB, order }, key);
        continue;
      }
      if (this.#isElsewhere('a', key, errnoB)) continue;
      add({ kind: 'extra', name, a: -1, b, errnoA: 0, errnoB, order }, key);
    }
    for (const [a, order] of leftA) {
      const key = ca.key[a] as number;
      const errnoA = errnoOf(ca, a);
      if (PASSING.has(errnoA)) continue;
      const name = this.#a.names[ca.name[a] as number]?.name ?? '';
      const known = outcomesB.get(key);
      if (known !== undefined) {
        if (known.errnos.has(errnoA)) continue;
        const [errnoB, b] = [...known.errnos].at(-1) as [number, number];
        const kind = errnoA === 0 ? 'fails' : errnoB === 0 ? 'succeeds' : 'result';
        add({ kind, name, a, b, errnoA, errnoB, order }, key);
        continue;
      }
      if (this.#isElsewhere('b', key, errnoA)) continue;
      add({ kind: 'missing', name, a, b: -1, errnoA, errnoB: 0, order }, key);
    }
    return this.#joinedNumbers([...all.values()]).toSorted((one, other) => one.order - other.order);
  }

  /** A release that has no name for a call prints numbers for its arguments: it is the call that only A made. */
  #joinedNumbers(all: readonly Found[]): readonly Found[] {
    const nameless = all.filter(
      (one) =>
        one.kind === 'extra' &&
        one.errnoB !== 0 &&
        this.#b.names[this.#b.columns.name[one.b] as number]?.printed !== one.name,
    );
    if (nameless.length === 0) return all;
    const gone = new Set<Found>();
    const joined = nameless.flatMap((one): readonly Found[] => {
      const mates = all.filter((other) => other.kind === 'missing' && other.name === one.name && !gone.has(other));
      if (mates.length === 0) return [];
      gone.add(one);
      mates.forEach((other) => gone.add(other));
      return mates.map((other) => ({
        ...other,
        kind: other.errnoA === 0 ? ('fails' as const) : ('result' as const),
        b: one.b,
        errnoB: one.errnoB,
        order: one.order,
      }));
    });
    return [...all.filter((one) => !gone.has(one)), ...joined];
  }

  /** Does another process of that side make the call, with the same end? Workers share what there is to do. */
  #isElsewhere(side: 'a' | 'b', key: number, errno: number): boolean {
    const { columns } = side === 'a' ? this.#a : this.#b;
    const sorted = side === 'a' ? (this.#keysA ??= sortedKeys(columns)) : (this.#keysB ??= sortedKeys(columns));
    return has(sorted, withErrno(key, errno));
  }
}

function keysOf(columns: Columns, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => columns.key[row] as number);
}

function rowsByProcess(side: Side): ReadonlyMap<Traced, readonly Int32Array[]> {
  const { tree, columns } = side;
  const lists = columns.byTask(tree.tasks.length + 1);
  const map = new Map<Traced, Int32Array[]>();
  for (const task of tree.tasks) {
    const rows = lists[task.number] as Int32Array;
    if (rows.length === 0) continue;
    const list = map.get(task.process);
    if (list === undefined) map.set(task.process, [rows]);
    else list.push(rows);
  }
  for (const list of map.values()) list.sort((one, other) => (one[0] as number) - (other[0] as number));
  return map;
}

const errnoOf = (columns: Columns, row: number): number => {
  const errno = columns.errno[row] as number;
  return isRestart(errno) ? 0 : errno;
};

/** Did the same question get another answer? What one trace does not show is no difference. */
function differs(ca: Columns, a: number, cb: Columns, b: number): boolean {
  if (errnoOf(ca, a) !== errnoOf(cb, b)) return true;
  const [mine, others] = [ca.answer[a] as number, cb.answer[b] as number];
  return mine !== others && mine !== 0 && others !== 0;
}

/** Errnos (0: success) with a row each, and answers. */
type Outcomes = { readonly errnos: Map<number, number>; readonly answers: Set<number> };

function outcomesOf(
  columns: Columns,
  sequences: readonly Aligned[],
  asked: ReadonlySet<number>,
  side: 'a' | 'b',
): ReadonlyMap<number, Outcomes> {
  const outcomes = new Map<number, Outcomes>();
  for (const sequence of sequences) {
    for (const row of sequence[side]) {
      const key = columns.key[row] as number;
      if (!asked.has(key)) continue;
      let known = outcomes.get(key);
      if (known === undefined) outcomes.set(key, (known = { errnos: new Map(), answers: new Set() }));
      const errno = errnoOf(columns, row);
      if (!known.errnos.has(errno)) known.errnos.set(errno, row);
      if (known.answers.size < 64) known.answers.add(columns.answer[row] as number);
    }
  }
  return outcomes;
}

const withErrno = (key: number, errno: number): number => key * 3 + errno * 1_000_003;

function sortedKeys(columns: Columns): Float64Array {
  const keys = new Float64Array(columns.count);
  for (let row = 0; row < columns.count; row++)
    keys[row] = withErrno(columns.key[row] as number, errnoOf(columns, row));
  return keys.sort();
}

function has(sorted: Float64Array, value: number): boolean {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = sorted[middle] as number;
    if (found === value) return true;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
