/**
 * Trace records of JSON logs, in bytes (AssemblyScript): an object of the three members that runsc writes, whose text is read as it
 * stands, escapes and all, since none of them can be in what the bulk reader looks at. Others are left to the record reader.
 */
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  LETTER_U,
  OPEN_BRACE,
  QUOTE,
  SPACE,
  byte,
  clock,
  isDigit,
  isWord,
} from './bytes';
import { UNESCAPED_AT } from './memory';

/** Of the object that was read last: its first and last escapes in the text (0: none), and its time in seconds of the day. */
export let firstEscape: usize = 0;
export let lastEscape: usize = 0;
export let jsonSecond: i32 = -1;

export function isJson(at: usize): bool {
  return byte(at) == OPEN_BRACE;
}

/** Does an object of a log begin at `at`: `{"msg":"` or `{"log":"`? */
function isObject(at: usize): bool {
  return isWord(at, 0x736d227b, 0x223a2267) || isWord(at, 0x6f6c227b, 0x223a2267);
}

/** Where the message of a trace record begins whose object begins at `at`: behind `strace.go:605] `; 0 if it is none. */
export function jsonMessage(at: usize, end: usize): usize {
  if (at + 32 > end || !isObject(at)) return 0;
  // stra ce.g o:
  if (!isWord(at + 8, 0x61727473, 0x672e6563) || load<u16>(at + 16) != 0x3a6f) return 0;
  const first = at + 18;
  let digit = first;
  while (isDigit(byte(digit))) digit++;
  return digit == first || byte(digit) != CLOSE_BRACKET || byte(digit + 1) != SPACE ? 0 : digit + 2;
}

/** Where the text of the object ends that ends before `newline`: `","level":"debug","time":"..."}`; 0 if it is none. */
export function jsonEnd(message: usize, newline: usize): usize {
  if (newline < message + 40 || byte(newline - 1) != CLOSE_BRACE || byte(newline - 2) != QUOTE) return 0;
  let at = newline - 3;
  while (at > message && byte(at) != QUOTE) {
    const c = byte(at);
    // digits, - . : + T Z
    if (!isDigit(c) && c != 45 && c != 46 && c != 58 && c != 43 && c != 84 && c != 90) return 0;
    at--;
  }
  const time = at + 1;
  // ","time":"
  if (at < message + 20 || !isWord(at - 8, 0x6974222c, 0x3a22656d) || byte(at - 9) != QUOTE) return 0;
  let level = at - 10;
  while (level > message && byte(level) - 97 <= 25) level--;
  // "level":"
  if (level < message + 10 || byte(level) != QUOTE || !isWord(level - 9, 0x656c222c, 0x226c6576)) return 0;
  if (byte(level - 1) != 58 || byte(level - 10) != QUOTE) return 0;
  jsonSecond = byte(time + 10) == 84 ? clock(time + 11) : -1;
  return level - 10;
}

/** Finds the escapes of a text. False: it holds others than of quotes, backslashes, `<`, `>` and `&`, or bytes that no string can. */
export function isPlainText(text: usize, end: usize): bool {
  firstEscape = 0;
  lastEscape = 0;
  const quote = i8x16.splat(<i8>QUOTE);
  const backslash = i8x16.splat(<i8>BACKSLASH);
  const control = i8x16.splat(32);
  let at = text;
  while (at < end) {
    const bytes = v128.load(at);
    const found = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)), i8x16.lt_u(bytes, control)),
    );
    if (found == 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    if (at >= end) break;
    if (byte(at) != BACKSLASH) return false;
    const length = escapeLength(at);
    if (length == 0 || at + length > end) return false;
    if (firstEscape == 0) firstEscape = at;
    lastEscape = at;
    at += length;
  }
  return true;
}

function escapeLength(at: usize): usize {
  const c = byte(at + 1);
  if (c == QUOTE || c == BACKSLASH) return 2;
  return c == LETTER_U && escaped(at) != 0 ? 6 : 0;
}

/** `<`, `>` and `&`, which Go writes as numbers. */
function escaped(at: usize): u32 {
  if (load<u16>(at + 2) != 0x3030) return 0;
  const digits: u32 = load<u16>(at + 4);
  // 3c, 3e, 26
  return digits == 0x6333 ? 0x3c : digits == 0x6533 ? 0x3e : digits == 0x3632 ? 0x26 : 0;
}

let unescaped: usize = 0;

/** A batch has been handed on. */
export function clearUnescaped(): void {
  unescaped = 0;
}

/** Copies `[from, to)` without its escapes; gives where the copy begins. It ends at `unescapedEnd`. */
export function unescape(from: usize, to: usize): usize {
  const start = <usize>UNESCAPED_AT + unescaped;
  let out = start;
  for (let at = from; at < to;) {
    const c = byte(at);
    if (c != BACKSLASH) {
      store<u8>(out++, c);
      at++;
      continue;
    }
    const isNumber = byte(at + 1) == LETTER_U;
    store<u8>(out++, isNumber ? escaped(at) : byte(at + 1));
    at += isNumber ? 6 : 2;
  }
  unescaped = out - UNESCAPED_AT;
  return start;
}

export function unescapedEnd(): usize {
  return <usize>UNESCAPED_AT + unescaped;
}
