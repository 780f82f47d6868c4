/**
 * Calls of native strace(1), whole or in two halves, in bytes (AssemblyScript): the forms that nearly all lines have. What has lines
 * below it, results of other forms, or a name of its task is left to the record reader (../native.ts), as grammars/native.ts has it.
 */
import {
  CLOSE,
  CLOSE_BRACKET,
  COLON,
  DOT,
  EQUALS,
  GREATER,
  LESS,
  LETTER_X,
  MINUS,
  OPEN,
  OPEN_BRACKET,
  QUESTION,
  SPACE,
  ZERO,
  byte,
  clock,
  isDigit,
  isHexByte,
  isNameByte,
  isWord,
} from './bytes';
import { ERRNO_OF_NAME_AT, NATIVE_NAMED, NATIVE_OFF, SCRATCH_AT } from './memory';
import { find, intern } from './names';

/** Do lines name their task (NATIVE_NAMED), or are all of one (NATIVE_NAMELESS)? */
let mode: i32 = NATIVE_OFF;
let onlyTask: i32 = 0;

export function setNative(is: i32, task: i32): void {
  mode = is;
  onlyTask = task;
}

/** Remembers the errno of the name in SCRATCH. */
export function learnErrno(length: i32, errno: i32): void {
  let hash: i32 = 0;
  for (let at = 0; at < length; at++) hash = hash * 31 + byte(SCRATCH_AT + at);
  const name = intern(SCRATCH_AT, SCRATCH_AT + length, hash);
  store<i32>(ERRNO_OF_NAME_AT + (name << 2), errno);
}

// Of the call that was read last.
export let nativeIsExit: bool = false;
export let nativeName: i32 = 0;
export let nativeTask: i32 = 0;
export let nativeErrno: i32 = 0;
/** NaN where the trace has no times; 0 of a call that has not returned. */
export let nativeElapsed: f64 = 0;
export let nativeSecond: i32 = -1;

/** Behind pid and clock of a line; 0 if it begins in another way, or names its task where the others do not. */
function leaderEnd(start: usize, end: usize): usize {
  let at = start;
  nativeSecond = -1;
  if (mode == NATIVE_NAMED) {
    const isBracketed = byte(at) == OPEN_BRACKET;
    // [pid
    if (isBracketed) {
      if (load<u32>(at) != 0x6469705b || byte(at + 4) != SPACE) return 0;
      at += 5;
      while (byte(at) == SPACE) at++;
    }
    const first = at;
    let task: i32 = 0;
    for (; isDigit(byte(at)); at++) task = task * 10 + <i32>(byte(at) - ZERO);
    if (at == first || at - first > 8) return 0;
    if (isBracketed) {
      if (byte(at) != CLOSE_BRACKET) return 0;
      at++;
    }
    const blanks = at;
    while (byte(at) == SPACE) at++;
    if (at == blanks || at - blanks > 40 || at >= end || (isBracketed && at - blanks != 1)) return 0;
    nativeTask = task;
  } else nativeTask = onlyTask;
  return isDigit(byte(at)) ? clockEnd(at) : at;
}

/** Behind a clock (`22:42:14.877567 `) or the seconds since 1970; 0 if it is neither. */
function clockEnd(start: usize): usize {
  let at = start;
  const isClock = byte(at + 2) == COLON;
  if (isClock) {
    for (let part: usize = 0; part < 8; part += 3) {
      if (!isDigit(byte(at + part)) || !isDigit(byte(at + part + 1))) return 0;
      if (part < 6 && byte(at + part + 2) != COLON) return 0;
    }
    nativeSecond = clock(at);
    // as the grammar has it: 23:59:69 is the last there is
    const hours = (byte(at) - ZERO) * 10 + byte(at + 1) - ZERO;
    if (hours > 23 || byte(at + 3) > 53 || byte(at + 6) > 54) return 0;
    at += 8;
  } else {
    let seconds: f64 = 0;
    for (; isDigit(byte(at)); at++) seconds = seconds * 10 + <f64>(byte(at) - ZERO);
    if (at - start < 9 || at - start > 11) return 0;
    nativeSecond = <i32>(seconds - Math.floor(seconds / 86400) * 86400);
  }
  if (byte(at) == DOT) {
    const dot = at++;
    while (isDigit(byte(at))) at++;
    if (at - dot < 4 || at - dot > 10) return 0;
  }
  return byte(at) == SPACE ? at + 1 : 0;
}

/** Where the name of a call ends that begins at `at`; 0 if none does. */
function nameEnd(at: usize, end: usize): usize {
  const first = byte(at);
  if (first - 97 > 25 && first != 95) return 0;
  let next = at + 1;
  while (next < end && isNameByte(byte(next))) next++;
  return next;
}

/** Where the parenthesis of a call stands whose name begins at `at`; 0 if none does. */
function openingOf(at: usize, end: usize): usize {
  const next = nameEnd(at, end);
  return next != 0 && next < end && byte(next) == OPEN ? next : 0;
}

/** Does a call or the second half of one begin at `start`? What is no whole opening of one may belong to the line above. */
export function beginsNative(start: usize, end: usize): bool {
  const task = nativeTask;
  const second = nativeSecond;
  const at = leaderEnd(start, end);
  nativeTask = task;
  nativeSecond = second;
  if (at == 0) return false;
  // <...
  const isResumed = load<u32>(at) == 0x2e2e2e3c && byte(at + 4) == SPACE;
  return (isResumed ? resumedOf(at + 5, end) : openingOf(at, end)) != 0;
}

/** Reads the line `[start, end)`. False: not a call, or a half of one, of the usual form. */
export function readNative(start: usize, end: usize): bool {
  let from = leaderEnd(start, end);
  if (from == 0) return false;
  // <...
  const isResumed = load<u32>(from) == 0x2e2e2e3c && byte(from + 4) == SPACE;
  let open: usize = 0;
  if (isResumed) {
    from += 5;
    open = resumedOf(from, end);
  } else open = openingOf(from, end);
  if (open == 0) return false;
  nativeIsExit = resultOf(open + 1, end);
  if (!nativeIsExit) {
    // the first half of a call: nothing in it may look like a result
    if (isResumed || !isUnfinished(end) || equalsBefore(end, open + 1) != 0) return false;
    nativeErrno = 0;
    nativeElapsed = 0;
  }
  let hash: i32 = 0;
  for (let at = from; at < open; at++) hash = hash * 31 + byte(at);
  nativeName = intern(from, open, hash);
  return true;
}

/** Where the name of the second half of a call ends, which begins at `at`: `wait4 resumed>`; 0 if it is none. */
function resumedOf(at: usize, end: usize): usize {
  const next = nameEnd(at, end);
  // ` resume`, `d>`
  const isIt = next != 0 && isWord(next, 0x73657220, 0x64656d75) && byte(next + 8) == GREATER;
  return isIt && next + 9 <= end ? next : 0;
}

/** Reads from the right: `) = value [NAME (text)] [<seconds>]`. */
function resultOf(args: usize, end: usize): bool {
  let right = end;
  nativeElapsed = NaN;
  if (byte(right - 1) == GREATER) {
    const less = spentBefore(right - 1, args);
    if (less != 0) right = less - 1;
  }
  const equals = equalsBefore(right, args);
  if (equals == 0) return false;
  nativeErrno = 0;
  const value = equals + 2;
  if (byte(value) == MINUS) return byte(value + 1) == 49 && failure(value + 1, right);
  if (byte(value) == QUESTION) return failure(value, right);
  let at = value;
  if (byte(at) == ZERO && byte(at + 1) == LETTER_X) {
    at += 2;
    const digits = at;
    while (at < right && isHexByte(byte(at))) at++;
    if (at == digits || at - digits > 16) return false;
  } else {
    while (at < right && isDigit(byte(at))) at++;
    if (at == value || at - value > 22) return false;
  }
  return at == right || isDescriptor(at, right);
}

/** `</etc/passwd>`: the path of a descriptor, or the name of one. */
function isDescriptor(at: usize, right: usize): bool {
  if (byte(at) != LESS || byte(right - 1) != GREATER) return false;
  for (let inner = at + 1; inner < right - 1; inner++) {
    const c = byte(inner);
    if (c == LESS || c == GREATER || c == OPEN || c == CLOSE) return false;
  }
  return true;
}

/** `1 ENOENT (No such file or directory)` of `-1`, `? ERESTARTSYS (To be restarted)`. */
function failure(value: usize, right: usize): bool {
  if (byte(value + 1) != SPACE) return false;
  const first = value + 2;
  let at = first;
  let hash: i32 = 0;
  for (; at < right; at++) {
    const c = byte(at);
    if (c - 65 > 25 && !isDigit(c) && c != 95) break;
    hash = hash * 31 + c;
  }
  if (at - first < 2 || byte(at) != SPACE || byte(at + 1) != OPEN || byte(right - 1) != CLOSE) return false;
  for (let inner = at + 2; inner < right - 1; inner++) {
    const c = byte(inner);
    if (c == OPEN || c == CLOSE || c == LESS || c == GREATER) return false;
  }
  const name = find(first, at, hash);
  if (name == -1) return false;
  nativeErrno = load<i32>(ERRNO_OF_NAME_AT + (name << 2));
  return nativeErrno > 0;
}

/** The `<` of ` <0.000012>` whose `>` is at `close`, its seconds kept; 0 if it is none. */
function spentBefore(close: usize, args: usize): usize {
  let at = close - 1;
  while (at > args && isDigit(byte(at))) at--;
  if (byte(at) != DOT || close - at > 10 || close - at < 2) return 0;
  const dot = at;
  at--;
  while (at > args && isDigit(byte(at))) at--;
  if (byte(at) != LESS || byte(at - 1) != SPACE || dot - at < 2 || dot - at > 11) return 0;
  let whole: f64 = 0;
  for (let digit = at + 1; digit < dot; digit++) whole = whole * 10 + <f64>(byte(digit) - ZERO);
  let fraction: f64 = 0;
  for (let digit: usize = 1; digit < 10; digit++) {
    const place = dot + digit;
    fraction = fraction * 10 + (place < close ? <f64>(byte(place) - ZERO) : 0);
  }
  nativeElapsed = whole * 1e9 + fraction;
  return at;
}

/** The `=` of the last `) = ` (with any blanks between) before `right`; 0 if there is none near. */
function equalsBefore(right: usize, args: usize): usize {
  const limit = max(args, right - min(right, <usize>4096));
  for (let at = right - 2; at > limit; at--) {
    if (byte(at) != EQUALS || byte(at + 1) != SPACE || byte(at - 1) != SPACE) continue;
    let blank = at - 1;
    while (blank > limit && byte(blank) == SPACE) blank--;
    if (byte(blank) != CLOSE) continue;
    // an unfinished call that ended with its task looks like a whole one
    return byte(blank - 1) == GREATER && isUnfinished(blank) ? 0 : at;
  }
  return 0;
}

/** Does `<unfinished ...>` stand in front of `at`? */
function isUnfinished(at: usize): bool {
  return isWord(at - 16, 0x666e753c, 0x73696e69) && isWord(at - 8, 0x20646568, 0x3e2e2e2e);
}
