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

/** A line within raw text that looks like a record, with the end of what stands in front of it. */
export type CarriedLine = { readonly before: Buffer; readonly line: Buffer };

/** Bytes of the input at a place, as far as they can still be had; fewer, or none, where not. */
export type ReadAt = (offset: number, length: number) => Buffer;

/** Longest text that is compared, and farthest that is looked for it: two paths of PATH_MAX, names and vectors beside them. */
export const COMPARED_BYTES = 64 * 1024;
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
/** Carried lines that are remembered, and how much of the text in front of each. */
const MOST_LINES = 256;
const BEFORE_BYTES = 32;
/** Of a carried line its header is kept, and so much of its message. */
const MESSAGE_BYTES = 6;

/** Finds carriers by their exit records. One a source; told of the records in order. */
export class CarrierFinder {
  readonly #readAt: ReadAt;
  readonly #known: readonly CarriedLine[];
  /** Places of the last enter records of each task, REMEMBERED a task; -1 where there was none. Grows before V8 takes it for a constant. */
  #entered = new Float64Array(4 * REMEMBERED).fill(-1);
  #next = new Uint8Array(4);
  /** Enter records whose carried text had been taken for records by the time they were found. */
  readonly late: Carrier[] = [];
  /** Places of enter records that were found in time. */
  readonly #inTime = new Set<number>();
  /** Carried lines that look like records. */
  readonly lines: CarriedLine[] = [];

  /** `known` are the lines that another reader of the source finds; it may grow. */
  constructor(readAt: ReadAt, known: readonly CarriedLine[] = []) {
    this.#readAt = readAt;
    this.#known = known;
  }

  /** Has nothing been found yet, as in nearly every source? */
  get isEmpty(): boolean {
    return this.lines.length === 0 && this.#known.length === 0;
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
    return undefined;
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
    this.#keep(e, startE, startE + same);
    return [
      { offset: entered, bytes: Math.min(e.length, endE + 1), forged },
      { offset: left, bytes: Math.min(x.length, endX + 1), forged },
    ];
  }

  /** Keeps the carried lines: the same text may be shown again by other calls, or by other parts of the sentry. */
  #keep(text: Buffer, from: number, end: number): void {
    for (let newline = text.indexOf(NEWLINE, from); newline !== -1 && newline < end;) {
      const next = text.indexOf(NEWLINE, newline + 1);
      const stop = next === -1 || next > end ? end : next;
      const message = headerEnd(text, newline + 1, stop);
      if (message !== -1) {
        // Behind the header the record's own tail may begin, which differs from call to call; in front of the text its address.
        const line = Buffer.from(text.subarray(newline + 1, Math.min(stop, message + MESSAGE_BYTES)));
        const front = text.subarray(Math.max(from, newline - BEFORE_BYTES), newline);
        const before = Buffer.from(front.subarray(front.lastIndexOf(SPACE) + 1));
        if (!this.lines.some((known) => known.line.equals(line) && known.before.equals(before))) {
          this.lines.push({ before, line });
          if (this.lines.length > MOST_LINES) this.lines.shift();
        }
      }
      newline = next;
    }
  }

  /** Is the line at `start` one that was carried before, behind the same text as then? */
  isCarriedLine(buf: Buffer, start: number, end: number, endsWith: (text: Buffer) => boolean): boolean {
    const isIt = ({ before, line }: CarriedLine): boolean =>
      start + line.length <= end && line.compare(buf, start, start + line.length) === 0 && endsWith(before);
    return this.lines.some(isIt) || this.#known.some(isIt);
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
  readonly #ring: Buffer;
  #end = 0;

  constructor(bytes = 1024 * 1024) {
    this.#ring = Buffer.allocUnsafe(bytes);
  }

  /** Begins anew, for another source. */
  clear(): void {
    this.#end = 0;
  }

  /** Place of the first byte that is kept. */
  get start(): number {
    return Math.max(0, this.#end - this.#ring.length);
  }

  get end(): number {
    return this.#end;
  }

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
    if (offset < this.start || offset >= this.#end) return Buffer.alloc(0);
    const bytes = Math.min(length, this.#end - offset);
    const from = offset % this.#ring.length;
    if (from + bytes <= this.#ring.length) return Buffer.from(this.#ring.subarray(from, from + bytes));
    return Buffer.concat([this.#ring.subarray(from), this.#ring.subarray(0, from + bytes - this.#ring.length)]);
  }
}
