/**
 * Trace records that carry forged ones. In a text log an application controls raw bytes of paths and names: it can put
 * a newline and a perfect header there, close its own record's parenthesis, and let the true tail complete its forgery.
 * It cannot make the two records of a call differ: the exit record repeats the text of the enter record byte for byte,
 * and only then come ` = ` and the result. So the length of the true text is found by comparing the two.
 */
import { headerEnd } from '../input/header.js';

/** A record of several lines whose inner lines look like records, and are none. */
export type Carrier = {
  /** Place of its first byte in the decompressed input. */
  readonly offset: number;
  readonly bytes: number;
  /** How many records it pretends to hold. */
  readonly forged: number;
};

/** Bytes of the input at a place, as far as they can still be had; fewer, or none, where not. */
export type ReadAt = (offset: number, length: number) => Buffer;

/** Longest text that is compared: two paths of PATH_MAX, names and vectors beside them. */
const COMPARED_BYTES = 128 * 1024;
/** Enter records of one task that are remembered: forged ones may stand behind the true one. */
const REMEMBERED = 4;
/** Tasks whose enter records are remembered; ids above that are looked for in the bytes before the exit record only. */
const MOST_TASKS = 65_536;
/** So many places of the bytes before are tried. */
const MOST_PLACES = 64;

const NEWLINE = 10;
const SPACE = 32;
const CLOSE = 41;
const LETTER_E = 69;
const LETTER_X = 88;
/** A task's name, and the blanks and letter behind it. */
const COMM_BYTES = 16;

const TAG = /\] (\[[ \d:()]+\] )/;
const RESULT = /\) = (?:0x[0-9a-f]+|\d+ \(0x[0-9a-f]+\)|-1)(?: errno=\d{1,6} \([^\n]{1,200}\))? \([^()\n]{2,40}\)\r?$/;
/** A result is shorter than this. */
const RESULT_BYTES = 320;
/** Carried texts that are remembered. */
const MOST_TEXTS = 64;

/** Finds carriers by their exit records. One a source; told of the records in order. */
export class CarrierFinder {
  readonly #readAt: ReadAt;
  /** Places of the last enter records of each task, REMEMBERED a task; -1 where there was none. */
  #entered = new Float64Array(256 * REMEMBERED).fill(-1);
  #next = new Uint8Array(256);
  /** Enter records whose carried text had been taken for records by the time they were found. */
  readonly late: Carrier[] = [];
  /** Places of enter records that were found in time. */
  readonly #inTime = new Set<number>();
  readonly #texts: Buffer[] = [];

  constructor(readAt: ReadAt) {
    this.#readAt = readAt;
  }

  /** An enter record, or the beginning of one, stands at `offset`. */
  entered(tid: number, offset: number): void {
    if (tid >= MOST_TASKS) return;
    if (tid >= this.#next.length) this.#grow(tid);
    const slot = this.#next[tid] as number;
    this.#next[tid] = (slot + 1) % REMEMBERED;
    this.#entered[tid * REMEMBERED + slot] = offset;
  }

  #grow(tid: number): void {
    const tasks = Math.min(MOST_TASKS, Math.max(this.#next.length * 2, tid + 1));
    const entered = new Float64Array(tasks * REMEMBERED).fill(-1);
    entered.set(this.#entered);
    this.#entered = entered;
    const next = new Uint8Array(tasks);
    next.set(this.#next);
    this.#next = next;
  }

  /**
   * The record at `offset`, whose first line is `line`, begins like a trace record and does not end like one. If it is
   * the exit record of a carrier, its own length is the answer, and the enter record is kept in `late` unless it was found
   * in time; undefined otherwise.
   */
  resolve(tid: number, offset: number, line: string): Carrier | undefined {
    for (const entered of this.#candidates(tid, offset, line)) {
      const pair = this.#compare(entered, offset);
      if (pair === undefined) continue;
      if (!this.#inTime.has(pair[0].offset)) this.late.push(pair[0], pair[1]);
      return pair[1];
    }
    return this.#known(offset);
  }

  /**
   * The record at `offset` is an enter record whose first line does not close it. Its exit record may already be there,
   * further on: then its own length is the answer.
   */
  resolveEnter(offset: number, line: string): Carrier | undefined {
    const call = /(\[[ \d:()]+\] [\s\S]{0,15}?) E ([a-z0-9_]+\([\s\S]*)/.exec(line);
    if (call === null) return undefined;
    const behind = this.#readAt(offset, COMPARED_BYTES);
    const text = Buffer.from(`${call[1]} X ${call[2]}`, 'latin1');
    for (let place = 0, at = 0; place < MOST_PLACES; place++) {
      at = behind.indexOf(text, at + 1);
      if (at === -1) return undefined;
      const pair = this.#compare(offset, offset + behind.lastIndexOf(NEWLINE, at) + 1);
      if (pair === undefined) continue;
      this.#inTime.add(offset);
      return pair[0];
    }
    return undefined;
  }

  /** Where the enter record may stand: among the last of the task, else where its text stands in the bytes before. */
  *#candidates(tid: number, offset: number, line: string): Generator<number> {
    const tried = new Set<number>();
    if (tid < this.#next.length) {
      for (const entered of this.#entered.subarray(tid * REMEMBERED, (tid + 1) * REMEMBERED)) {
        if (entered < 0 || entered >= offset || tried.has(entered)) continue;
        tried.add(entered);
        yield entered;
      }
    }
    const call = /(\[[ \d:()]+\] [\s\S]{0,15}?) X ([a-z0-9_]+\([\s\S]*)/.exec(line);
    if (call === null) return;
    const from = Math.max(0, offset - COMPARED_BYTES);
    const before = this.#readAt(from, offset - from);
    const text = Buffer.from(`${call[1]} E ${call[2]}`, 'latin1');
    let at = before.length;
    for (let place = 0; place < MOST_PLACES && at > 0; place++) {
      at = before.lastIndexOf(text, at - 1);
      if (at === -1) return;
      const start = before.lastIndexOf(NEWLINE, at) + 1;
      if (!tried.has(from + start)) yield from + start;
    }
  }

  #compare(entered: number, left: number): readonly [Carrier, Carrier] | undefined {
    const e = this.#readAt(entered, COMPARED_BYTES);
    const x = this.#readAt(left, COMPARED_BYTES);
    const fromE = behindTag(e);
    const fromX = behindTag(x);
    if (fromE === -1 || fromX === -1) return undefined;
    // The name of the task, up to the letter that tells the two records apart.
    const letter = common(e, fromE, x, fromX);
    if (letter > COMM_BYTES || e[fromE + letter] !== LETTER_E || x[fromX + letter] !== LETTER_X) return undefined;
    if (e[fromE + letter - 1] !== SPACE && letter > 0) return undefined;
    const startE = fromE + letter + 1;
    const startX = fromX + letter + 1;
    const same = common(e, startE, x, startX);
    // Behind the raw text the two may differ: what a call reads is shown when it comes back. That holds no newline.
    const endE = lineEnd(e, startE + same - 1);
    const endX = lineEnd(x, startX + same - 1);
    if (e[endE - 1] !== CLOSE || !RESULT.test(x.toString('latin1', Math.max(startX, endX - RESULT_BYTES), endX)))
      return undefined;
    const forged = headersIn(e, startE, startE + same);
    if (forged === 0) return undefined;
    this.#keep(e.subarray(e.indexOf(NEWLINE, startE), startE + same));
    return [
      { offset: entered, bytes: Math.min(e.length, endE + 1), forged },
      { offset: left, bytes: Math.min(x.length, endX + 1), forged },
    ];
  }

  /** Raw text that was carried, from its first newline on; a later call may show it at its exit alone (getcwd). */
  #keep(text: Buffer): void {
    if (this.#texts.some((known) => known.equals(text))) return;
    this.#texts.push(Buffer.from(text));
    if (this.#texts.length > MOST_TEXTS) this.#texts.shift();
  }

  /** An exit record that shows text which an earlier call was seen to carry. */
  #known(offset: number): Carrier | undefined {
    const x = this.#readAt(offset, COMPARED_BYTES);
    const newline = x.indexOf(NEWLINE);
    if (newline === -1) return undefined;
    for (const text of this.#texts) {
      const same = common(text, 0, x, newline);
      const forged = headersIn(x, newline, newline + same);
      // All of its headers must be there: behind the last of them the calls differ.
      if (forged === 0 || forged !== headersIn(text, 0, text.length)) continue;
      const end = lineEnd(x, newline + same - 1);
      if (!RESULT.test(x.toString('latin1', Math.max(newline, end - RESULT_BYTES), end))) continue;
      return { offset, bytes: Math.min(x.length, end + 1), forged };
    }
    return undefined;
  }
}

/** The end of the line in which `at` stands, without its line end. */
function lineEnd(buf: Buffer, at: number): number {
  const newline = buf.indexOf(NEWLINE, at);
  return newline === -1 ? buf.length : newline;
}

/** Where the text behind the task tag begins; -1 when there is no tag. */
function behindTag(buf: Buffer): number {
  const match = TAG.exec(buf.toString('latin1', 0, 200));
  return match === null ? -1 : match.index + match[0].length;
}

/** How many bytes are the same from two places on. */
function common(a: Buffer, atA: number, b: Buffer, atB: number): number {
  const most = Math.min(a.length - atA, b.length - atB);
  let length = 0;
  while (length < most && a[atA + length] === b[atB + length]) length++;
  return length;
}

/** Lines that begin behind `from` like a record. */
function headersIn(buf: Buffer, from: number, end: number): number {
  let headers = 0;
  for (let at = buf.indexOf(NEWLINE, from) + 1; at > 0 && at < end; at = buf.indexOf(NEWLINE, at) + 1) {
    if (headerEnd(buf, at, end) !== -1) headers++;
  }
  return headers;
}

/** The last bytes that were read, for sources that cannot be read again. */
export class RecentBytes {
  readonly #ring = Buffer.allocUnsafe(1024 * 1024);
  #end = 0;

  add(buf: Buffer, start: number, end: number): void {
    for (let at = Math.max(start, end - this.#ring.length); at < end;) {
      const to = (this.#end + at - start) % this.#ring.length;
      const count = Math.min(end - at, this.#ring.length - to);
      buf.copy(this.#ring, to, at, at + count);
      at += count;
    }
    this.#end += end - start;
  }

  read(offset: number, length: number): Buffer {
    if (offset < this.#end - this.#ring.length || offset >= this.#end) return Buffer.alloc(0);
    const bytes = Math.min(length, this.#end - offset);
    const from = offset % this.#ring.length;
    if (from + bytes <= this.#ring.length) return Buffer.from(this.#ring.subarray(from, from + bytes));
    return Buffer.concat([this.#ring.subarray(from), this.#ring.subarray(0, from + bytes - this.#ring.length)]);
  }
}
