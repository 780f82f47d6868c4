/**
 * The bulk reader's inner loop, in AssemblyScript: trace records from bytes to columns. What it takes and what it leaves is
 * said in ../scan.ts, its memory in memory.ts. All places are addresses; 0 says "none".
 *
 * Compiled to WebAssembly since the same loop in JavaScript cost 2.5 times as much (npm run perf).
 */
import {
  CLOSE,
  CLOSE_BRACKET,
  COLON,
  DOT,
  EQUALS,
  CAPITAL_D,
  CAPITAL_E,
  CAPITAL_I,
  CAPITAL_W,
  LETTER_H,
  LETTER_M,
  LETTER_S,
  CAPITAL_X,
  OPEN,
  OPEN_BRACKET,
  SPACE,
  ZERO,
  byte,
  clock,
  isDigit,
  isHexByte,
  isNameByte,
} from './bytes';
import {
  firstEscape,
  isJson,
  isPlainText,
  jsonEnd,
  jsonMessage,
  jsonSecond,
  lastEscape,
  unescape,
  unescapedEnd,
} from './json';
import {
  BLOCK_AT,
  BYTES_AT,
  ELAPSED_AT,
  ERRNO_AT,
  FROM_AT,
  HEAD_AT,
  IDLE_AT,
  IDLE_BYTES,
  IN_BLOCK,
  IN_UNESCAPED,
  IS_EXIT_AT,
  LINE_AT,
  MAX_IDLE_LINE,
  NAME_AT,
  NATIVE_OFF,
  NESTED_TGID_AT,
  NESTED_TID_AT,
  RET_AT,
  ROWS,
  SECOND_AT,
  START_AT,
  STATE_AT,
  STATE_IDLE,
  STATE_IDLE_OF_BATCH,
  STATE_IS_EXIT,
  STATE_IS_NEWS,
  STATE_JSON,
  STATE_ROWS,
  STATE_TID,
  TAG_AT,
  TAIL_AT,
  TEXT_BLOCK_AT,
  TGID_AT,
  TID_AT,
  TO_AT,
  UNESCAPED_AT,
} from './memory';
import { intern, resetNames } from './names';
import {
  beginsNative,
  nativeElapsed,
  nativeErrno,
  nativeIsExit,
  nativeName,
  nativeSecond,
  nativeTask,
  readNative,
  setNative,
} from './native';

/** Shapes of records that tell dialects apart, as bits. */
const TID_ONLY: u32 = 1;
const THREAD_GROUP: u32 = 2;
const MINUS_ONE: u32 = 4;

const TAIL: usize = TAIL_AT;

// -------------------------------------------------------------------------------------------------------- the state

let tailLength: usize = 0;
let second: i32 = -1;
let shapes: u32 = 0;
let objects: i32 = 0;
/** Are texts of rows read? Then those of JSON logs lose their escapes. */
let wantsTexts: bool = false;
let wantsObjects: bool = true;
/** Beginnings of idle notes in IDLE; 0: such notes are wanted. */
let idleKinds: usize = 0;
/** Idle notes since the batch began. */
let idleOfBatch: i32 = 0;
/** Was the header that was read last the tracer's? */
let isTracer: bool = false;

// Of the line that was read last.
let shape: u32 = 0;
let comm: usize = 0;
let isExit: bool = false;
let name: i32 = 0;
let tgid: i32 = 0;
let tid: i32 = 0;
let nestedTgid: i32 = -1;
let nestedTid: i32 = -1;
let errno: i32 = 0;
let elapsed: f64 = 0;
let ret: f64 = 0;
let from: usize = 0;
let to: usize = 0;

/** Where the number that was read last ended, and the one of a nested namespace beside it (-1: none). */
let stop: usize = 0;
let isNested: bool = false;
let nestedId: i32 = -1;

function tell(what: i32, value: i32): void {
  store<i32>(STATE_AT + (what << 2), value);
}

/** Forgets all of a source. `isOnlyText`: objects of JSON logs are left to the record reader. */
export function reset(texts: bool, isOnlyText: bool): void {
  wantsTexts = texts;
  wantsObjects = !isOnlyText;
  idleKinds = 0;
  idleOfBatch = 0;
  objects = 0;
  tell(STATE_JSON, 0);
  tailLength = 0;
  second = -1;
  shapes = 0;
  resetNames();
  setNative(NATIVE_OFF, 0);
}

/** The header in HEAD and TAIL was checked: `tail` bytes behind the microseconds, its time in seconds of the day. */
export function learn(tail: i32, seconds: i32): void {
  tailLength = <usize>tail;
  second = seconds;
}

/** Notes that begin as so many texts in IDLE do are counted and passed over. */
export function passIdle(kinds: i32): void {
  idleKinds = <usize>kinds;
}

// ---------------------------------------------------------------------------------------------------------- the loop

/**
 * Takes lines from `at` on, as long as each is a whole record that is followed by the header of another one. `needed`: so
 * many bytes must stand behind a line. Gives the place of the first line that was not taken.
 */
export function run(start: i32, filledTo: i32, needed: i32, firstRow: i32): i32 {
  let at: usize = BLOCK_AT + start;
  const filled: usize = BLOCK_AT + filledTo;
  let row = firstRow;
  let idle = 0;
  if (row == 0) idleOfBatch = 0;
  let message = anyMessageOf(at, filled);
  tell(STATE_IS_NEWS, 0);
  while (message != 0 && row < ROWS) {
    const isTrace = isTracer;
    const newline = newlineFrom(message, filled);
    if (newline == 0) break;
    const next = newline + 1;
    if (next + needed > filled) break;
    const following = anyMessageOf(next, filled);
    if (following == 0) break;
    let isNews = false;
    if (isTrace) {
      if (!readLine(at, message, newline)) break;
      isNews = keep(row, at, next, second);
      row++;
    } else {
      if (!isIdle(at, message, newline)) break;
      idle++;
      idleOfBatch++;
    }
    at = next;
    message = following;
    if (isNews) break;
  }
  tell(STATE_ROWS, row);
  tell(STATE_IDLE, idle);
  tell(STATE_IDLE_OF_BATCH, idleOfBatch);
  return <i32>(at - BLOCK_AT);
}

/** The same for whole calls of a native trace (`setNative` says which); with `isTry` only whether the first line is one: 1 or 0. */
export function runNative(start: i32, filledTo: i32, needed: i32, firstRow: i32, isTry: bool): i32 {
  let at: usize = BLOCK_AT + start;
  const filled: usize = BLOCK_AT + filledTo;
  let row = firstRow;
  while (row < ROWS) {
    const newline = newlineFrom(at, filled);
    if (newline == 0) break;
    const next = newline + 1;
    if (next + needed > filled || !beginsNative(next, filled) || !readNative(at, newline)) break;
    if (isTry) return 1;
    isExit = nativeIsExit;
    shape = 0;
    name = nativeName;
    errno = nativeErrno;
    elapsed = nativeElapsed;
    tgid = -1;
    tid = nativeTask;
    nestedTgid = -1;
    nestedTid = -1;
    ret = 0;
    from = BLOCK_AT;
    to = BLOCK_AT;
    keep(row, at, next, nativeSecond);
    row++;
    at = next;
  }
  if (isTry) return 0;
  tell(STATE_ROWS, row);
  return <i32>(at - BLOCK_AT);
}

/** Reads one line, which begins at `start`, from its message to its end. */
export function line(start: i32, message: i32, end: i32): bool {
  const isRead = readLine(BLOCK_AT + start, BLOCK_AT + message, BLOCK_AT + end);
  tell(STATE_IS_EXIT, isExit ? 1 : 0);
  tell(STATE_TID, tid);
  return isRead;
}

/** Makes the line that was read last a row; it began at `start`, and the next one begins at `next`. */
export function take(row: i32, start: i32, next: i32): void {
  const at: usize = BLOCK_AT + start;
  if (row == 0) idleOfBatch = 0;
  // the header that is known may be the next one's by now
  keep(row, at, BLOCK_AT + next, clock(at + 6));
}

function readLine(start: usize, message: usize, end: usize): bool {
  return isJson(start) ? readObject(message, end) : read(message, end);
}

function readObject(message: usize, newline: usize): bool {
  const end = jsonEnd(message, newline);
  if (end == 0 || !isPlainText(message, end) || !read(message, end)) return false;
  // what was read by its bytes holds no escape: the tag, the task's name, the call, as far as that name may reach, the result
  return firstEscape == 0 || (firstEscape > from && firstEscape > comm + COMM_BYTES && lastEscape < to);
}

function keep(row: i32, start: usize, next: usize, written: i32): bool {
  const isFromJson = isJson(start);
  let block = IN_BLOCK;
  let texts: usize = BLOCK_AT;
  if (isFromJson) {
    objects++;
    tell(STATE_JSON, objects);
    if (wantsTexts && firstEscape != 0) {
      block = IN_UNESCAPED;
      texts = UNESCAPED_AT;
      from = unescape(from, to);
      to = unescapedEnd();
    }
  }
  const narrow = row << 2;
  const wide = row << 3;
  store<u8>(IS_EXIT_AT + row, isExit ? 1 : 0);
  store<u8>(TEXT_BLOCK_AT + row, block);
  store<i32>(NAME_AT + narrow, name);
  store<i32>(ERRNO_AT + narrow, errno);
  store<i32>(TGID_AT + narrow, tgid);
  store<i32>(TID_AT + narrow, tid);
  store<i32>(NESTED_TGID_AT + narrow, nestedTgid);
  store<i32>(NESTED_TID_AT + narrow, nestedTid);
  store<i32>(FROM_AT + narrow, <i32>(from - texts));
  store<i32>(TO_AT + narrow, <i32>(to - texts));
  store<i32>(START_AT + narrow, <i32>(start - BLOCK_AT));
  store<i32>(LINE_AT + narrow, row + idleOfBatch);
  store<i32>(BYTES_AT + narrow, <i32>(next - start));
  store<i32>(SECOND_AT + narrow, isFromJson ? jsonSecond : written);
  store<f64>(ELAPSED_AT + wide, elapsed);
  store<f64>(RET_AT + wide, ret);
  const isNews = (shapes | shape) != shapes;
  shapes |= shape;
  tell(STATE_IS_NEWS, isNews ? 1 : 0);
  return isNews;
}

function newlineFrom(at: usize, end: usize): usize {
  const newline = i8x16.splat(10);
  for (let from = at; from < end; from += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(from), newline));
    if (found == 0) continue;
    const place = from + ctz(found);
    return place < end ? place : 0;
  }
  return 0;
}

// -------------------------------------------------------------------------------------------------------- the header

/** Where the message begins, if the line at `at` has the known header but for its microseconds, or is an object; -1 otherwise. */
export function messageAt(at: i32, end: i32): i32 {
  const message = messageOf(BLOCK_AT + at, BLOCK_AT + end);
  return message == 0 ? -1 : <i32>(message - BLOCK_AT);
}

function messageOf(at: usize, end: usize): usize {
  if (isJson(at)) return wantsObjects ? jsonMessage(at, end) : 0;
  if (tailLength == 0 || at + 21 + tailLength + 4 >= end) return 0;
  // `D1123 22:49:16.`
  if ((i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(HEAD_AT))) & 0x7fff) != 0x7fff) return 0;
  if (!areMicros(at + 15)) return 0;
  const tail = at + 21;
  const last = tailLength - 16;
  for (let done: usize = 0; done < last; done += 16) {
    if (!isSame(tail + done, TAIL + done)) return 0;
  }
  if (!isSame(tail + last, TAIL + last)) return 0;
  let digit = tail + tailLength;
  const first = digit;
  while (isDigit(byte(digit))) digit++;
  return digit == first || byte(digit) != CLOSE_BRACKET || byte(digit + 1) != SPACE ? 0 : digit + 2;
}

function areMicros(at: usize): bool {
  const micros = load<u64>(at) & 0xffffffffffff;
  if ((micros & 0xf0f0f0f0f0f0) != 0x303030303030) return false;
  return (((micros & 0x0f0f0f0f0f0f) + 0x060606060606) & 0xf0f0f0f0f0f0) == 0;
}

/** The same of any record whose header is as the known one up to its call site; `isTracer` says whether it is the tracer's. */
function anyMessageOf(at: usize, end: usize): usize {
  const message = messageOf(at, end);
  isTracer = message != 0;
  if (isTracer || idleKinds == 0) return message;
  // what a site has at least, its number, and a tag must stand there, too
  const pid = tailLength - SITE_BYTES;
  if (tailLength < SITE_BYTES || at + 21 + pid + 24 >= end || isJson(at)) return 0;
  // all but the letter of its level
  if ((i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(HEAD_AT))) & 0x7ffe) != 0x7ffe || !areMicros(at + 15)) return 0;
  const level = byte(at);
  if (level != CAPITAL_D && level != CAPITAL_I && level != CAPITAL_W) return 0;
  for (let done: usize = 0; done < pid; done++) if (byte(at + 21 + done) != byte(TAIL + done)) return 0;
  const site = at + 21 + pid;
  // the tracer's own records count as cut off where they are no calls
  if (load<u64>(site) == load<u64>(TAIL + pid) && load<u16>(site + 8) == load<u16>(TAIL + pid + 8)) return 0;
  const limit = min(site + MAX_SITE_BYTES, end);
  let colon = site;
  for (; colon < limit; colon++) {
    const c = byte(colon);
    if (c == COLON) break;
    if (c == SPACE || c == 10) return 0;
  }
  if (colon == site || colon >= limit) return 0;
  let digit = colon + 1;
  while (digit < limit && isDigit(byte(digit))) digit++;
  if (digit == colon + 1 || digit + 1 >= end) return 0;
  return byte(digit) == CLOSE_BRACKET && byte(digit + 1) == SPACE ? digit + 2 : 0;
}

/** Is the note at `at` one that says nothing of the workload? */
function isIdle(at: usize, message: usize, end: usize): bool {
  // `D`: a warning is none
  if (byte(at) != CAPITAL_D || end - at > <usize>MAX_IDLE_LINE) return false;
  const text = tag(message, end);
  if (text == 0 || text + <usize>IDLE_BYTES > end) return false;
  const begin = v128.load(text);
  for (let kind: usize = 0; kind < idleKinds; kind++) {
    const known = v128.load(<usize>IDLE_AT + kind * <usize>IDLE_BYTES);
    if (i8x16.bitmask(i8x16.eq(begin, known)) == 0xffff) return true;
  }
  return false;
}

/** `strace.go:` */
const SITE_BYTES: usize = 10;
const MAX_SITE_BYTES: usize = 64;

function isSame(one: usize, other: usize): bool {
  return i8x16.bitmask(i8x16.eq(v128.load(one), v128.load(other))) == 0xffff;
}

// -------------------------------------------------------------------------------------------------------- the record

/** A task's name has at most so many bytes. */
const COMM_BYTES: usize = 15;

function read(message: usize, end: usize): bool {
  if (end - message < 16 || byte(end - 1) != CLOSE) return false;
  comm = tag(message, end);
  // behind the tag there has to be room for a call
  if (comm == 0 || comm + 4 > end) return false;
  // The name of the task, then the first place where a call begins: a blank of the 16 bytes that it stands within.
  const last = min(end - 4, comm + COMM_BYTES);
  const head = v128.load(comm);
  const reach = <i32>(last - comm);
  const inside = (2 << reach) - 1;
  // Beyond ASCII the record reader counts characters and this one bytes: such lines are left to it.
  if ((i8x16.bitmask(head) & inside) != 0) return false;
  let spaces = i8x16.bitmask(i8x16.eq(head, i8x16.splat(<i8>SPACE))) & inside;
  let space = comm;
  let at: usize = 0;
  let hash: i32 = 0;
  for (; ; spaces &= spaces - 1) {
    if (spaces == 0) return false;
    space = comm + ctz(spaces);
    if (!isDirection(space + 1)) continue;
    hash = 0;
    at = space + 3;
    for (let b = byte(at); isNameByte(b); b = byte(at)) {
      hash = hash * 31 + b;
      at++;
    }
    if (at > space + 3 && byte(at) == OPEN) break;
  }
  // A second place where the call could begin: which of them is meant, the record reader decides.
  for (spaces &= spaces - 1; spaces != 0; spaces &= spaces - 1) {
    const other = comm + ctz(spaces);
    if (other >= at && isDirection(other + 1) && isCall(other + 3)) return false;
  }
  isExit = byte(space + 1) == CAPITAL_X;
  errno = 0;
  elapsed = 0;
  ret = 0;
  to = end - 1;
  from = at + 1;
  if (isExit && !result(from, end)) return false;
  name = intern(space + 3, at, hash);
  return true;
}

/** Reads the task tag at `at`; gives the place of the task's name, 0 if it is no tag. */
function tag(at: usize, end: usize): usize {
  // mostly it is the one of the line before, whose bits of 16 bytes are `knownTag`
  if (knownTag != 0 && (i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(TAG_AT))) & knownTag) == knownTag) {
    tgid = knownTgid;
    tid = knownTid;
    nestedTgid = knownNestedTgid;
    nestedTid = knownNestedTid;
    shape = knownShape;
    return at + knownTagBytes;
  }
  const message = readTag(at, end);
  if (message == 0) return 0;
  const bytes = message - at;
  knownTag = 0;
  if (bytes > 16) return message;
  v128.store(TAG_AT, v128.load(at));
  knownTag = (1 << (<i32>bytes)) - 1;
  knownTagBytes = bytes;
  knownTgid = tgid;
  knownTid = tid;
  knownNestedTgid = nestedTgid;
  knownNestedTid = nestedTid;
  knownShape = shape;
  return message;
}

let knownTag: i32 = 0;
let knownTagBytes: usize = 0;
let knownTgid: i32 = 0;
let knownTid: i32 = 0;
let knownNestedTgid: i32 = -1;
let knownNestedTid: i32 = -1;
let knownShape: u32 = 0;

function readTag(at: usize, end: usize): usize {
  if (byte(at) != OPEN_BRACKET) return 0;
  const first = id(at + 1, end);
  const isFirstNested = isNested;
  const nested = nestedId;
  let other: i32 = -1;
  if (byte(stop) == COLON) {
    other = id(stop + 1, end);
    if (other == -1 || isNested != isFirstNested) return 0;
  } else if (isFirstNested) return 0;
  if (first == -1 || byte(stop) != CLOSE_BRACKET || byte(stop + 1) != SPACE) return 0;
  tgid = other == -1 ? -1 : first;
  tid = other == -1 ? first : other;
  nestedTgid = nested;
  nestedTid = nestedId;
  shape = other == -1 ? TID_ONLY : THREAD_GROUP;
  return stop + 2;
}

/** A padded number, and behind it perhaps the one of a nested namespace: `   3(   2)`. Gives the first. */
function id(at: usize, end: usize): i32 {
  const first = number(at, end);
  isNested = first != -1 && byte(stop) == OPEN;
  nestedId = -1;
  if (isNested) {
    nestedId = number(stop + 1, end);
    if (nestedId == -1 || byte(stop) != CLOSE) return -1;
    stop++;
  }
  return first;
}

/** Blanks, then at most nine digits. */
function number(at: usize, end: usize): i32 {
  let first = at;
  while (first < end && byte(first) == SPACE) first++;
  let value: u32 = 0;
  let next = first;
  for (; next < end; next++) {
    const c = byte(next);
    if (!isDigit(c)) break;
    value = value * 10 + c - ZERO;
  }
  stop = next;
  return first == at || next == first || next - first > 9 ? -1 : <i32>value;
}

/** Reads the result from the right end: `) = value [errno=n (text)] (elapsed)`. */
function result(args: usize, end: usize): bool {
  const open = openBefore(end - 1, args);
  if (open == 0) return false;
  elapsed = nanos(open + 1, end - 1);
  if (elapsed < 0) return false;
  let right = open - 1;
  if (byte(right - 1) == CLOSE) {
    const paren = openBefore(right - 1, args);
    if (paren != 0 && isHex(paren + 1, right - 1) && succeeded(paren - 1, args)) return true;
    right = failed(args, right);
    if (right == 0) return false;
    if (byte(right - 1) == CLOSE) {
      const inner = openBefore(right - 1, args);
      return inner != 0 && isHex(inner + 1, right - 1) && succeeded(inner - 1, args);
    }
    if (byte(right - 1) == 49 && byte(right - 2) == 45) {
      shape |= MINUS_ONE;
      ret = -1;
      to = right - 6;
      return endsCall(right - 2, args);
    }
  }
  // A bare hexadecimal value, as until 20210927.0.
  let start = right;
  while (start > args && isHexByte(byte(start - 1))) start--;
  if (start == right || right - start > 16 || byte(start - 1) != 120 || byte(start - 2) != ZERO) return false;
  let value: u64 = 0;
  for (let at = start; at < right; at++) {
    const c = byte(at);
    value = (value << 4) | (c <= 57 ? c - ZERO : c - 87);
  }
  ret = <f64>value;
  to = start - 6;
  return endsCall(start - 2, args);
}

/** A decimal number that ends at `right`, behind `) = `. */
function succeeded(right: usize, args: usize): bool {
  let start = right;
  while (start > args && isDigit(byte(start - 1))) start--;
  let value: f64 = 0;
  for (let at = start; at < right; at++) value = value * 10 + <f64>(byte(at) - ZERO);
  ret = value;
  to = start - 4;
  return start < right && endsCall(start, args);
}

/** ` errno=n (text)` that ends at `right`: gives its start, 0 if it is none. The text has at most 200 bytes. */
function failed(args: usize, right: usize): usize {
  const limit = max(args, right - 230);
  for (let at = right - 2; at > limit; at--) {
    // 'errno=' is looked for by its '=', which gVisor's texts do not hold.
    if (byte(at) != EQUALS || byte(at - 1) != 111 || byte(at - 6) != SPACE) continue;
    // 'errn'
    if (load<u32>(at - 5) != 0x6e727265) continue;
    let value: i32 = 0;
    let next = at + 1;
    for (; isDigit(byte(next)); next++) value = value * 10 + <i32>(byte(next) - ZERO);
    if (next == at + 1 || next - at > 6 || byte(next) != SPACE || byte(next + 1) != OPEN) return 0;
    const length = <isize>(right - 1) - <isize>(next + 2);
    if (length < 1 || length > 200) return 0;
    errno = value;
    return at - 6;
  }
  return 0;
}

/** The last ` (` before `close`, in front of text without parentheses. */
function openBefore(close: usize, args: usize): usize {
  const limit = max(args, close - 40);
  for (let at = close - 1; at > limit; at--) {
    const c = byte(at);
    if (c == OPEN) return byte(at - 1) == SPACE ? at : 0;
    if (c == CLOSE) return 0;
  }
  return 0;
}

/** Do the arguments end before the value that starts at `value`: `) = `? */
function endsCall(value: usize, args: usize): bool {
  // ') = '
  return value - 4 >= args && load<u32>(value - 4) == 0x203d2029;
}

/** `E ` or `X `, the letter between a task's name and its call. */
function isDirection(at: usize): bool {
  const c = byte(at);
  return (c == CAPITAL_E || c == CAPITAL_X) && byte(at + 1) == SPACE;
}

function isCall(at: usize): bool {
  let next = at;
  while (isNameByte(byte(next))) next++;
  return next > at && byte(next) == OPEN;
}

function isHex(start: usize, end: usize): bool {
  if (<isize>(end - start) < 3 || byte(start) != ZERO || byte(start + 1) != 120) return false;
  for (let at = start + 2; at < end; at++) if (!isHexByte(byte(at))) return false;
  return true;
}

// ---------------------------------------------------------------------------------------------------------- durations

/** Nanoseconds of a Go duration; -1 when it is none. */
function nanos(start: usize, end: usize): f64 {
  const short = shortNanos(start, end);
  return short < 0 ? longNanos(start, end) : short;
}

/** `2m3.4s`, `1h0m5s`: hours, minutes, then the rest. -1 when it is not one. */
function longNanos(start: usize, end: usize): f64 {
  let total: f64 = 0;
  let at = start;
  for (let part = 0; part < 2; part++) {
    const isHours = part == 0;
    let next = at;
    let value: f64 = 0;
    for (; isDigit(byte(next)); next++) value = value * 10 + <f64>(byte(next) - ZERO);
    if (next == at || byte(next) != (isHours ? LETTER_H : LETTER_M) || next + 1 >= end) continue;
    // Go prints so many digits at most.
    if (next - at > <usize>(isHours ? 7 : 2)) return -1;
    total += value * (isHours ? 3600e9 : 60e9);
    at = next + 1;
  }
  if (at == start) return -1;
  const rest = shortNanos(at, end);
  return rest < 0 ? -1 : total + rest;
}

/** One number and one unit, as nearly all are (`15.433µs`); -1 when it is not that. */
function shortNanos(start: usize, end: usize): f64 {
  let whole: u32 = 0;
  let at = start;
  for (; isDigit(byte(at)); at++) whole = whole * 10 + byte(at) - ZERO;
  if (at == start || at - start > 3) return -1;
  let fraction: u32 = 0;
  let scale: f64 = 1;
  if (byte(at) == DOT) {
    const dot = at++;
    for (; isDigit(byte(at)); at++) {
      fraction = fraction * 10 + byte(at) - ZERO;
      scale *= 10;
      if (at - dot > 9) return -1;
    }
    if (at == dot + 1) return -1;
  }
  const unit = unitAt(at, end);
  if (unit == 0) return -1;
  return <f64>whole * unit + Math.floor((<f64>fraction * unit) / scale + 0.5);
}

/** Nanoseconds of the unit that fills `[at, end)`; 0 when it is none of ns, µs, μs, us, ms, s. */
function unitAt(at: usize, end: usize): f64 {
  const length = end - at;
  const c = byte(at);
  if (length == 1) return c == LETTER_S ? 1e9 : 0;
  if (byte(end - 1) != LETTER_S) return 0;
  if (length == 2) return c == 110 ? 1 : c == 109 ? 1e6 : c == 117 ? 1e3 : 0;
  if (length != 3) return 0;
  const sign = load<u16>(at);
  // µ and μ
  return sign == 0xb5c2 || sign == 0xbcce ? 1e3 : 0;
}
