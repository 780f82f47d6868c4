/**
 * The glog header in bytes: the production `emit` of grammars/record.ts, written by hand because every line of every
 * text log is asked (npm run perf). Held to the production by test/events/agreement.test.ts.
 */

const SPACE = 32;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const CLOSE_BRACKET = 93;
const NEWLINE = 10;

/** `Lmmdd hh:mm:ss.uuuuuu `: so many bytes come before the pid's padding ends at the earliest. */
const CLOCK_BYTES = 22;

/** Enough bytes of a line to see (nearly always) that it begins with a whole header. */
export const HEADER_BYTES = 64;

/** Does a line begin like a header? Looks at its fixed columns only; `headerEnd` reads it to the letter. */
export function isHeaderAt(buf: Uint8Array, at: number, end: number): boolean {
  if (end - at < 27) return false;
  const c = buf[at];
  if (c !== 73 && c !== 68 && c !== 87 && c !== 63) return false; // I D W ?
  return (
    buf[at + 5] === SPACE &&
    buf[at + 8] === COLON &&
    buf[at + 11] === COLON &&
    buf[at + 14] === DOT &&
    buf[at + 21] === SPACE &&
    isDigit(buf[at + 1] as number) &&
    isDigit(buf[at + 4] as number) &&
    isDigit(buf[at + 6] as number) &&
    isDigit(buf[at + 20] as number)
  );
}

/** `Lmmdd hh:mm:ss.uuuuuu ` with numbers in their bounds. */
export function isClockAt(buf: Uint8Array, s: number, end: number): boolean {
  if (end - s < 27) return false;
  const letter = buf[s];
  if (letter !== 73 && letter !== 68 && letter !== 87 && letter !== 63) return false;
  if (buf[s + 5] !== SPACE || buf[s + 8] !== COLON || buf[s + 11] !== COLON) return false;
  if (buf[s + 14] !== DOT || buf[s + 21] !== SPACE) return false;
  const month = pair(buf, s + 1);
  const day = pair(buf, s + 3);
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return false;
  if (!(pair(buf, s + 6) <= 23 && pair(buf, s + 9) <= 59 && pair(buf, s + 12) <= 59)) return false;
  for (let at = s + 15; at < s + 21; at++) if (!isDigit(buf[at] as number)) return false;
  return true;
}

/** Where the call site of a header begins (`strace.go:599] ...`), behind clock and pid; -1 when it is no header. */
export function siteStart(buf: Uint8Array, start: number, end: number): number {
  if (!isClockAt(buf, start, end)) return -1;
  let at = start + CLOCK_BYTES;
  while (at < end && buf[at] === SPACE) at++;
  const pid = at;
  while (at < end && isDigit(buf[at] as number)) at++;
  return at === pid || at >= end || buf[at] !== SPACE ? -1 : at + 1;
}

/** Where the message of a record begins; -1 when the line does not begin with a whole header. */
export function headerEnd(buf: Uint8Array, start: number, end: number): number {
  const site = siteStart(buf, start, end);
  if (site === -1) return -1;
  let at = site;
  for (; at < end; at++) {
    const c = buf[at];
    if (c === COLON) break;
    if (c === SPACE || c === NEWLINE) return -1;
  }
  const line = at + 1;
  if (at === site || at >= end) return -1;
  for (at = line; at < end && isDigit(buf[at] as number);) at++;
  return at === line || at + 1 >= end || buf[at] !== CLOSE_BRACKET || buf[at + 1] !== SPACE ? -1 : at + 2;
}

export function isDigit(c: number): boolean {
  return c >= ZERO && c <= NINE;
}

/** Two digits as a number; NaN when they are not. */
function pair(buf: Uint8Array, at: number): number {
  const high = (buf[at] as number) - ZERO;
  const low = (buf[at + 1] as number) - ZERO;
  return high < 0 || high > 9 || low < 0 || low > 9 ? Number.NaN : high * 10 + low;
}
