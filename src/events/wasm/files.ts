/**
 * Which files a call names, in bytes (AssemblyScript): where its arguments begin and end, and a number for each text that names
 * a file, so that a name that is known costs a look into a table. No text is decoded and nothing is made.
 *
 * It takes an argument text only if it reads it as the splitter does (../arguments.ts): the shortest text of each path after
 * which the rest has the shapes that remain. Whatever else there is, it leaves to that one;
 * test/events/file-names.test.ts holds the two together.
 */
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  DOT,
  LESS,
  CAPITAL_A,
  LETTER_S,
  LETTER_X,
  OPEN,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SLASH,
  SPACE,
  ZERO,
  byte,
  isHexByte,
  isWord,
} from './bytes';
import {
  ARGUMENTS_AT,
  BASE_CWD,
  BASE_DESCRIPTOR,
  BASE_ROOT,
  BLOCK_AT,
  ENTRIES_AT,
  ENTRY_BYTES_AT,
  ENTRY_SLOTS,
  ENTRY_SLOTS_AT,
  FIRST_FILE_AT,
  FOLDER_AT,
  FROM_AT,
  IN_BLOCK,
  IS_EXIT_AT,
  MAX_ARGUMENTS,
  NAME_AT,
  NONE,
  NOT_READ,
  PLANS_AT,
  PLAN_BYTES,
  SECOND_FILE_AT,
  SHAPE_BUFFER,
  SHAPE_DESCRIPTOR,
  SHAPE_NUMBER,
  SHAPE_PATH,
  SHAPE_STAT,
  SHAPE_STRUCT,
  SHAPE_WORD,
  SOCKET_AT,
  STATE_AT,
  STATE_ENTRIES,
  STATE_ENTRY_BYTES,
  TEXT_BLOCK_AT,
  TO_AT,
  UNESCAPED_AT,
} from './memory';

/** Ends of a free text that are tried; a name with more commas is left to the splitter. */
const MOST_ENDS = 16;

const MIX: u64 = ((<u64>0x9e3779b9) << 32) | 0x7f4a7c15;

let entries: i32 = 0;
let entryBytes: i32 = 0;

/** Forgets all texts. */
export function resetFiles(): void {
  entries = 0;
  entryBytes = 0;
  memory.fill(ENTRY_SLOTS_AT, 0xff, ENTRY_SLOTS << 2);
  tell();
}

function tell(): void {
  store<i32>(STATE_AT + (STATE_ENTRIES << 2), entries);
  store<i32>(STATE_AT + (STATE_ENTRY_BYTES << 2), entryBytes);
}

/** Fills the columns of files for the rows `[first, end)`. */
export function nameFiles(first: i32, end: i32): void {
  for (let row = first; row < end; row++) {
    const narrow = row << 2;
    let isRead = false;
    if (load<u8>(IS_EXIT_AT + row) != 0) {
      const plan: usize = PLANS_AT + load<i32>(NAME_AT + narrow) * PLAN_BYTES;
      const texts = load<u8>(TEXT_BLOCK_AT + row) == IN_BLOCK ? BLOCK_AT : UNESCAPED_AT;
      isRead = byte(plan) != 0 && filesOf(plan, texts + load<i32>(FROM_AT + narrow), texts + load<i32>(TO_AT + narrow));
    }
    store<i32>(FIRST_FILE_AT + narrow, isRead ? firstFile : NOT_READ);
    store<i32>(SECOND_FILE_AT + narrow, isRead ? secondFile : NOT_READ);
    store<i32>(FOLDER_AT + narrow, isRead ? folder : NOT_READ);
    store<i32>(SOCKET_AT + narrow, isRead ? socket : NOT_READ);
  }
  tell();
}

// --------------------------------------------------------------------------------------------------- files of a call

let firstFile: i32 = NONE;
let secondFile: i32 = NONE;
let folder: i32 = NONE;
let socket: i32 = NONE;

/** False: it is not such a call, or not surely. */
function filesOf(plan: usize, start: usize, end: usize): bool {
  const count = <i32>byte(plan);
  const paths = byte(plan + 1);
  if (!readArguments(plan + 2, count, start, end) || isOdd) return false;
  firstFile = NONE;
  secondFile = NONE;
  folder = NONE;
  socket = NONE;
  for (let index = 0; index < count; index++) {
    if (!hasText(index)) continue;
    const shape = byte(plan + 2 + index);
    const text = textStart(index);
    const length = <i32>(argumentEnd(index) - text);
    const isAbsolute = byte(text) == SLASH;
    if (shape == SHAPE_DESCRIPTOR) {
      if (byte(text) == LETTER_S) {
        const entry = entryOf(text, length, BASE_DESCRIPTOR);
        if (socket != NONE && socket != entry) return false;
        socket = entry;
      }
      if (!isAbsolute) continue;
      const isCwd = byte(argumentStart(index)) == CAPITAL_A;
      const isBase = (paths & (2 << index)) != 0 && index + 1 < count && hasText(index + 1);
      if (!isCwd && isBase) continue;
      const entry = entryOf(text, length, BASE_DESCRIPTOR);
      if (isCwd) folder = entry;
      if (!isBase && !addFile(entry)) return false;
    } else if (shape == SHAPE_PATH && (paths & (1 << index)) != 0) {
      let base = BASE_ROOT;
      if (!isAbsolute) {
        const before: i32 = index == 0 ? -1 : <i32>byte(plan + 1 + index);
        if (before == SHAPE_NUMBER) return false; // a folder that is printed as a number
        if (before != SHAPE_DESCRIPTOR) base = BASE_CWD;
        else {
          if (!hasText(index - 1) || byte(textStart(index - 1)) != SLASH) return false;
          const printed = textStart(index - 1);
          base = entryOf(printed, <i32>(argumentEnd(index - 1) - printed), BASE_DESCRIPTOR);
        }
      }
      if (!addFile(entryOf(text, length, base))) return false;
    }
  }
  return true;
}

/** A call that names more than two different texts is left to others. One that is named twice is the second, too. */
function addFile(entry: i32): bool {
  if (firstFile == NONE) firstFile = entry;
  else if (secondFile == NONE || secondFile == firstFile) secondFile = entry;
  else return entry == firstFile || entry == secondFile;
  return true;
}

// ------------------------------------------------------------------------------------------------------------ entries

/** The number of a text below a base. */
function entryOf(text: usize, length: i32, base: i32): i32 {
  const hash = hashOf(text, length, base);
  let slot = hash & (ENTRY_SLOTS - 1);
  let known = load<i32>(ENTRY_SLOTS_AT + (slot << 2));
  while (known != -1) {
    const entry: usize = ENTRIES_AT + (known << 4);
    const isIt =
      load<i32>(entry) == hash &&
      load<i32>(entry + 4) == base &&
      load<i32>(entry + 12) == length &&
      isSame(ENTRY_BYTES_AT + load<i32>(entry + 8), text, length);
    if (isIt) return known;
    slot = (slot + 1) & (ENTRY_SLOTS - 1);
    known = load<i32>(ENTRY_SLOTS_AT + (slot << 2));
  }
  return addEntry(text, length, base, hash, slot);
}

function addEntry(text: usize, length: i32, base: i32, hash: i32, slot: i32): i32 {
  const added = entries++;
  const entry: usize = ENTRIES_AT + (added << 4);
  store<i32>(entry, hash);
  store<i32>(entry + 4, base);
  store<i32>(entry + 8, entryBytes);
  store<i32>(entry + 12, length);
  memory.copy(ENTRY_BYTES_AT + entryBytes, text, length);
  entryBytes += length;
  store<i32>(ENTRY_SLOTS_AT + (slot << 2), added);
  return added;
}

function hashOf(text: usize, length: i32, base: i32): i32 {
  let hash: u64 = ((<u64>length) << 32) ^ (<u64>base);
  let at = text;
  const end = text + length;
  for (; at + 8 <= end; at += 8) {
    hash = (hash ^ load<u64>(at)) * MIX;
    hash ^= hash >> 29;
  }
  let rest: u64 = 0;
  for (; at < end; at++) rest = (rest << 8) | byte(at);
  hash = (hash ^ rest) * MIX;
  return <i32>(hash >> 32);
}

function isSame(one: usize, other: usize, length: i32): bool {
  let at = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(one + at) != load<u64>(other + at)) return false;
  for (; at < length; at++) if (byte(one + at) != byte(other + at)) return false;
  return true;
}

// ---------------------------------------------------------------------------------------------------------- arguments

let limit: usize = 0;
let shapes: usize = 0;
let count: i32 = 0;
let tries: i32 = 0;
/** Does a text hold what looks like the next argument, `, 0x7f b`? Who knows the name has to tell where it ends. */
let isOdd: bool = false;

const ENDS_AT = ARGUMENTS_AT + MAX_ARGUMENTS * 4;
const TEXTS_AT = ENDS_AT + MAX_ARGUMENTS * 4;

function argumentStart(index: i32): usize {
  return load<u32>(ARGUMENTS_AT + (index << 2));
}
function argumentEnd(index: i32): usize {
  return load<u32>(ENDS_AT + (index << 2));
}
function textStart(index: i32): usize {
  return load<u32>(TEXTS_AT + (index << 2));
}
/** Has argument `index` a text, a path? */
function hasText(index: i32): bool {
  return textStart(index) < argumentEnd(index);
}

function readArguments(shapesAt: usize, number: i32, start: usize, end: usize): bool {
  limit = end;
  shapes = shapesAt;
  count = number;
  tries = 0;
  isOdd = false;
  return argument(0, start);
}

function argument(index: i32, at: usize): bool {
  store<u32>(ARGUMENTS_AT + (index << 2), <u32>at);
  const shape = byte(shapes + index);
  if (shape == SHAPE_DESCRIPTOR) {
    // AT_FDCWD
    const isCwd = at + 8 <= limit && isWord(at, 0x465f5441, 0x44574344);
    return named(index, isCwd ? at + 8 : hex(at), true);
  }
  if (shape == SHAPE_PATH) {
    if (byte(at) != LESS) return named(index, hex(at), false);
    // <null>
    return at + 6 <= limit && (load<u64>(at) & 0xffffffffffff) == 0x3e6c6c756e3c && closed(index, at + 6);
  }
  if (shape == SHAPE_NUMBER) return closed(index, hex(at));
  if (shape == SHAPE_WORD) return closed(index, word(at));
  if (shape == SHAPE_BUFFER) return closed(index, buffer(at));
  if (shape == SHAPE_STRUCT) return closed(index, structure(at));
  return shape == SHAPE_STAT && closed(index, stat(at));
}

/** An argument that ends at `end` (0: it has not its shape), then the others. */
function closed(index: i32, end: usize): bool {
  if (end == 0) return false;
  store<u32>(ENDS_AT + (index << 2), <u32>end);
  store<u32>(TEXTS_AT + (index << 2), <u32>end);
  if (index + 1 == count) return end == limit;
  return byte(end) == COMMA && byte(end + 1) == SPACE && end + 2 <= limit && argument(index + 1, end + 2);
}

/** A number, and a free text behind it: the shortest one after which the rest fits. */
function named(index: i32, end: usize, canBeBare: bool): bool {
  if (end == 0) return false;
  if (end == limit || byte(end) == COMMA) return canBeBare && closed(index, end);
  if (byte(end) != SPACE) return false;
  const text = end + 1;
  // what stands in parentheses is an error of the sentry, or the beginning of a strange name
  if (byte(text) == OPEN) {
    // (bad FD)
    const isBad = text + 8 <= limit && isWord(text, 0x64616228, 0x29444620);
    return isBad && canBeBare && closed(index, text + 8);
  }
  const isLast = index + 1 == count;
  if (isLast) {
    store<u32>(ENDS_AT + (index << 2), <u32>limit);
    store<u32>(TEXTS_AT + (index << 2), <u32>text);
    if (index > 0) seekAddress(text);
    return true;
  }
  for (let at = firstOf(text, COMMA, COMMA); at < limit; at = firstOf(at + 1, COMMA, COMMA)) {
    if (byte(at + 1) != SPACE) continue;
    if (++tries > MOST_ENDS) return false;
    if (!argument(index + 1, at + 2)) {
      if (isAddress(at)) isOdd = true;
      continue;
    }
    store<u32>(ENDS_AT + (index << 2), <u32>at);
    store<u32>(TEXTS_AT + (index << 2), <u32>text);
    return true;
  }
  return false;
}

/** A comma behind which a number begins. */
function isAddress(comma: usize): bool {
  return byte(comma + 1) == SPACE && byte(comma + 2) == ZERO && byte(comma + 3) == LETTER_X;
}

/** The last argument is a second name: part of it may belong to the first. */
function seekAddress(text: usize): void {
  for (let at = firstOf(text, COMMA, COMMA); at < limit; at = firstOf(at + 1, COMMA, COMMA))
    if (isAddress(at)) isOdd = true;
}

/** `0x` and digits: their end, 0 where there are none. */
function hex(at: usize): usize {
  if (byte(at) != ZERO || byte(at + 1) != LETTER_X) return 0;
  let end = at + 2;
  while (end < limit && isHexByte(byte(end))) end++;
  return end == at + 2 ? 0 : end;
}

/** `null`, or an address. */
function pointer(at: usize): usize {
  return at + 4 <= limit && load<u32>(at) == 0x6c6c756e ? at + 4 : hex(at);
}

/** Flags and octal numbers: letters, digits, `_` and `|`. */
function word(at: usize): usize {
  let end = at;
  while (end < limit && isWordByte(byte(end))) end++;
  return end == at ? 0 : end;
}

/** An address, and perhaps the text that was moved, cut off or not; nothing or `...` where texts are not to be logged. */
function buffer(at: usize): usize {
  if (byte(at) == COMMA) return at;
  if (byte(at) == DOT && byte(at + 1) == DOT && byte(at + 2) == DOT) return at + 3;
  const end = pointer(at);
  if (end == 0 || end == limit || byte(end) == COMMA) return end;
  if (byte(end) != SPACE || byte(end + 1) != QUOTE) return 0;
  let close = firstOf(end + 2, QUOTE, BACKSLASH);
  while (close < limit && byte(close) == BACKSLASH) close = firstOf(close + 2, QUOTE, BACKSLASH);
  if (close >= limit) return 0;
  const after = close + 1;
  // ...
  return byte(after) == DOT && byte(after + 1) == DOT && byte(after + 2) == DOT ? after + 3 : after;
}

function stat(at: usize): usize {
  const end = pointer(at);
  if (end == 0 || end == limit || byte(end) == COMMA) return end;
  // ` {dev=`
  if (end + 6 > limit || (load<u64>(end) & 0xffffffffffff) != 0x3d7665647b20) return 0;
  const close = firstOf(end + 6, OPEN_BRACE, CLOSE_BRACE);
  return close < limit && byte(close) == CLOSE_BRACE ? close + 1 : 0;
}

/** An address, and perhaps ` {...}` or ` [...]` with what it holds: numbers and names, no text of the application. */
function structure(at: usize): usize {
  const end = pointer(at);
  if (end == 0 || end == limit || byte(end) == COMMA) return end;
  if (byte(end) != SPACE || (byte(end + 1) != OPEN_BRACE && byte(end + 1) != OPEN_BRACKET)) return 0;
  let depth = 0;
  for (let close = end + 1; close < limit; close++) {
    const c = byte(close);
    if (c == QUOTE || c == OPEN || c == BACKSLASH) return 0;
    if (c == OPEN_BRACE || c == OPEN_BRACKET) depth++;
    else if ((c == CLOSE_BRACE || c == CLOSE_BRACKET) && --depth == 0) return close + 1;
  }
  return 0;
}

/** The first place from `at` on where one of two bytes stands; `limit` or beyond: nowhere. */
function firstOf(at: usize, one: u32, other: u32): usize {
  const ones = i8x16.splat(<i8>one);
  const others = i8x16.splat(<i8>other);
  for (let from = at; from < limit; from += 16) {
    const bytes = v128.load(from);
    const found = i8x16.bitmask(v128.or(i8x16.eq(bytes, ones), i8x16.eq(bytes, others)));
    if (found != 0) return from + ctz(found);
  }
  return limit;
}

function isWordByte(c: u32): bool {
  return c - ZERO <= 9 || c - 65 <= 25 || c - 97 <= 25 || c == 95 || c == 124;
}
