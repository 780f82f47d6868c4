/**
 * Aligns two sequences of keys: the calls of a task on both sides.
 *
 * Windows of 4,096 calls are aligned by Myers' greedy search for the shortest edit script (An O(ND) Difference Algorithm, 1986),
 * with at most 700 edits. Where a window needs more, the nearest place is looked for at which three calls in a row agree again,
 * up to 32,768 calls ahead on either side, and the search goes on behind it. So memory is bounded (the traces of one window, some
 * 2 MB), and time is at most 700 steps a call, which only two sides that have nothing in common come near. What moved farther than
 * a window (threads that take each other's work) is no match here: `differences.ts` brings equal calls of one process together.
 */

const WINDOW = 4096;
const MOST_EDITS = 700;
const AHEAD = 32_768;
/** So many calls in a row must agree for the search to go on there. */
const RUN = 3;

/** For each element of `a` its place in `b`, or -1. */
export function align(a: Float64Array, b: Float64Array): Int32Array {
  const to = new Int32Array(a.length).fill(-1);
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      to[i++] = j++;
      continue;
    }
    const end = window(a, b, i, j, to);
    if (end !== undefined) {
      [i, j] = end;
      continue;
    }
    const next = nextRun(a, b, i, j);
    if (next === undefined) break;
    [i, j] = next;
  }
  return to;
}

/** Aligns the windows at (i, j), writes their matches, and says how far they go; undefined: too many edits. */
function window(
  a: Float64Array,
  b: Float64Array,
  i: number,
  j: number,
  to: Int32Array,
): readonly [number, number] | undefined {
  const n = Math.min(WINDOW, a.length - i);
  const m = Math.min(WINDOW, b.length - j);
  const isLastA = i + n === a.length;
  const isLastB = j + m === b.length;
  const most = Math.min(MOST_EDITS, n + m);
  const offset = most + 1;
  const reach = new Int32Array(2 * most + 3);
  const traces: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    traces.push(reach.slice(offset - edits - 1, offset + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = reach[offset + diagonal + 1] as number;
      const right = (reach[offset + diagonal - 1] as number) + 1;
      let x = diagonal === -edits || (diagonal !== edits && right <= down) ? down : right;
      let y = x - diagonal;
      if (x > n || y > m) {
        reach[offset + diagonal] = Math.min(x, n + 1);
        continue;
      }
      while (x < n && y < m && a[i + x] === b[j + y]) {
        x++;
        y++;
      }
      reach[offset + diagonal] = x;
      // at the edge of a window that is not the last, the rest is left to the next one
      const isEnd = (x >= n && y >= m) || (x >= n && !isLastA) || (y >= m && !isLastB);
      if (isEnd) {
        backtrack(traces, edits, diagonal, x, i, j, to);
        return [i + x, j + y];
      }
    }
  }
  return undefined;
}

function backtrack(
  traces: readonly Int32Array[],
  edits: number,
  diagonal: number,
  end: number,
  i: number,
  j: number,
  to: Int32Array,
): void {
  let x = end;
  let k = diagonal;
  for (let d = edits; d >= 0; d--) {
    // the trace of d edits holds the diagonals from -d-1 to d+1 as they were before them
    const trace = traces[d] as Int32Array;
    const at = (one: number): number => trace[one + d + 1] as number;
    let before: number;
    let from: number;
    if (d === 0) {
      before = 0;
      from = k;
    } else {
      const down = at(k + 1);
      const right = at(k - 1) + 1;
      const isDown = k === -d || (k !== d && right <= down);
      before = isDown ? down : right;
      from = isDown ? k + 1 : k - 1;
    }
    for (let step = x; step > before; step--) to[i + step - 1] = j + step - 1 - k;
    if (d === 0) return;
    x = from === k + 1 ? before : before - 1;
    k = from;
  }
}

/** The nearest places at which both sides agree for a while. */
function nextRun(a: Float64Array, b: Float64Array, i: number, j: number): readonly [number, number] | undefined {
  const places = new Map<number, number[]>();
  const lastB = Math.min(b.length, j + AHEAD);
  for (let y = j; y < lastB; y++) {
    const key = b[y] as number;
    const list = places.get(key);
    if (list === undefined) places.set(key, [y]);
    else if (list.length < 4) list.push(y);
  }
  let best: readonly [number, number] | undefined;
  let distance = Number.POSITIVE_INFINITY;
  const lastA = Math.min(a.length, i + AHEAD);
  for (let x = i; x < lastA && x - i < distance; x++) {
    for (const y of places.get(a[x] as number) ?? []) {
      if (x - i + y - j >= distance || !agrees(a, b, x, y)) continue;
      best = [x, y];
      distance = x - i + y - j;
    }
  }
  return best;
}

function agrees(a: Float64Array, b: Float64Array, x: number, y: number): boolean {
  for (let step = 1; step < RUN; step++) if (a[x + step] === undefined || a[x + step] !== b[y + step]) return false;
  return true;
}
