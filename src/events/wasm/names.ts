/** Names of calls by their bytes: open addressing, so that no name is made a string twice (AssemblyScript). */
import { byte } from './bytes';
import {
  ERRNO_OF_NAME_AT,
  MAX_NAMES,
  MAX_NAME_BYTES,
  NAME_BYTES_AT,
  NAME_HASHES_AT,
  NAME_LENGTHS_AT,
  NAME_SLOTS,
  NAME_SLOTS_AT,
  SCRATCH_AT,
  STATE_AT,
  STATE_NAMES,
} from './memory';

/** Number of the name under which those count that are too long or too many. */
const OTHER: i32 = 0;

let names: i32 = 0;

export function resetNames(): void {
  names = 0;
  memory.fill(NAME_SLOTS_AT, 0xff, NAME_SLOTS << 2);
  memory.fill(ERRNO_OF_NAME_AT, 0, MAX_NAMES << 2);
  store<i32>(STATE_AT + (STATE_NAMES << 2), 0);
}

/** The number of the name of `length` bytes in SCRATCH. */
export function internScratch(length: i32): i32 {
  let hash: i32 = 0;
  for (let at = 0; at < length; at++) hash = hash * 31 + byte(SCRATCH_AT + at);
  return intern(SCRATCH_AT, SCRATCH_AT + length, hash);
}

/** The number of the name in `[start, end)`, whose hash is `hash`. No name is made a string twice. */
export function intern(start: usize, end: usize, hash: i32): i32 {
  const length = <i32>(end - start);
  if (length > MAX_NAME_BYTES) return OTHER;
  const known = find(start, end, hash);
  return known == -1 ? add(start, length, hash) : known;
}

/** The same, -1 where it has none yet. */
export function find(start: usize, end: usize, hash: i32): i32 {
  const length = <i32>(end - start);
  const mask = NAME_SLOTS - 1;
  let slot = hash & mask;
  let known = load<i32>(NAME_SLOTS_AT + (slot << 2));
  while (known != -1) {
    const isIt =
      load<i32>(NAME_HASHES_AT + (known << 2)) == hash &&
      load<i32>(NAME_LENGTHS_AT + (known << 2)) == length &&
      isSameName(NAME_BYTES_AT + (known << 6), start, length);
    if (isIt) return known;
    slot = (slot + 1) & mask;
    known = load<i32>(NAME_SLOTS_AT + (slot << 2));
  }
  free = slot;
  return -1;
}

/** The place that `find` ended at when it found nothing. */
let free: i32 = 0;

function add(start: usize, length: i32, hash: i32): i32 {
  if (names >= MAX_NAMES) return OTHER;
  const known = names++;
  memory.copy(NAME_BYTES_AT + (known << 6), start, length);
  store<i32>(NAME_LENGTHS_AT + (known << 2), length);
  store<i32>(NAME_HASHES_AT + (known << 2), hash);
  store<i32>(NAME_SLOTS_AT + (free << 2), known);
  store<i32>(STATE_AT + (STATE_NAMES << 2), names);
  return known;
}

function isSameName(known: usize, start: usize, length: i32): bool {
  for (let at = 0; at < length; at++) if (byte(known + at) != byte(start + at)) return false;
  return true;
}
