/** The calls around a difference, on both sides, as they were aligned: which rows, and how a record is shown as one call. */
import type { ContextRow } from '../model/compare.js';
import type { LogEvent } from '../model/event.js';
import type { Compared } from './differences.js';
import type { Told } from './judge.js';

/** Calls before and behind it. */
const BEFORE = 4;
const BEHIND = 5;

/** Rows that stand side by side; -1 where one side has none. */
export type RowPair = { readonly a: number; readonly b: number };

/** The rows around the call of a difference; none where it is in no sequence (a call that is left out of them). */
export function rowsAround(compared: readonly Compared[], told: Told): readonly RowPair[] {
  const sequences = compared.find(({ pair }) => pair === told.pair)?.sequences ?? [];
  for (const { a, b, to } of sequences) {
    const inA = told.rows.a === -1 ? -1 : a.indexOf(told.rows.a);
    const inB = told.rows.b === -1 ? -1 : b.indexOf(told.rows.b);
    if (inA === -1 && inB === -1) continue;
    const from = new Int32Array(b.length).fill(-1);
    for (const [i, j] of to.entries()) if (j !== -1) from[j] = i;
    const all: RowPair[] = [];
    // where both sides agree is where a window begins
    let [i, j] = [inA, inB];
    if (i === -1) i = lastBefore(from, j);
    if (j === -1) j = lastBefore(to, i);
    let [startA, startB] = [Math.max(0, i), Math.max(0, j)];
    for (let steps = 0; steps < BEFORE && (startA > 0 || startB > 0); steps++) {
      const isPair = startA > 0 && startB > 0 && to[startA - 1] === startB - 1;
      if (isPair) {
        startA--;
        startB--;
      } else if (startA > 0 && to[startA - 1] === -1) startA--;
      else if (startB > 0 && from[startB - 1] === -1) startB--;
      else break;
    }
    const [endA, endB] = [
      Math.min(a.length, Math.max(i, startA) + BEHIND + 1),
      Math.min(b.length, Math.max(j, startB) + BEHIND + 1),
    ];
    for (let x = startA, y = startB; x < endA || y < endB;) {
      if (x < endA && y < endB && (to[x] === y || (x === inA && y === inB) || (to[x] === -1 && from[y] === -1))) {
        const isSame = to[x] === y || (x === inA && y === inB);
        if (isSame) all.push({ a: a[x++] as number, b: b[y++] as number });
        else {
          all.push({ a: a[x++] as number, b: -1 });
          all.push({ a: -1, b: b[y++] as number });
        }
      } else if (x < endA && (to[x] === -1 || y >= endB)) all.push({ a: a[x++] as number, b: -1 });
      else if (y < endB) all.push({ a: -1, b: b[y++] as number });
      else break;
    }
    return all;
  }
  return [];
}

function lastBefore(places: Int32Array, at: number): number {
  for (let place = at; place >= 0; place--) if (places[place] !== -1) return (places[place] as number) + 1;
  return 0;
}

/** The records of rows as calls. */
export function contextOf(
  rows: readonly RowPair[],
  told: Told,
  eventA: (row: number) => LogEvent | undefined,
  eventB: (row: number) => LogEvent | undefined,
): readonly ContextRow[] {
  return rows.map(({ a, b }) => ({
    a: a === -1 ? null : callLine(eventA(a)),
    b: b === -1 ? null : callLine(eventB(b)),
    isHere: (a !== -1 && a === told.rows.a) || (b !== -1 && b === told.rows.b),
  }));
}

/** `openat(AT_FDCWD /, /dev/kmsg, O_RDONLY|0x0, 0o0) = ENOENT`: without addresses, times, and how long it took. */
function callLine(event: LogEvent | undefined): string {
  if (event === undefined) return '…';
  if (event.kind === 'native-syscall' || event.kind === 'syscall-exit') {
    const result = event.errno_name ?? event.ret ?? '?';
    return `${event.name}(${plainArguments(event.args)}) = ${result}`;
  }
  if (event.kind === 'syscall-enter') return `${event.name}(${plainArguments(event.args)})`;
  return event.message;
}

const plainArguments = (args: string): string =>
  args.replace(/\b0x[0-9a-f]{5,} (?=[/"{[])/g, '').replace(/\b0x[0-9a-f]{8,}\b/g, '0x…');
