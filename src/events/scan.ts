/**
 * The bulk reader: trace records from bytes to columns, with no string and no object for any of them. It takes a
 * physical line only if it is a whole, well-formed record (the productions printEnter and printExit of
 * grammars/syscall.ts, plain ASCII up to the name, one reading only); whatever else there is goes to the record reader.
 * Both are held together by test/events/agreement.test.ts.
 *
 * Written by hand because a composed expression over strings costs four times as much (npm run perf).
 */
import { COMM_BYTES } from '../../grammars/syscall.js';
import { isDigit, siteStart } from '../input/header.js';
import type { Batch, BatchTexts } from '../model/analyzer.js';

const BATCH_ROWS = 4096;
const SPACE = 32;
const OPEN = 40;
const CLOSE = 41;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const EQUALS = 61;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

/** Shapes of records that tell dialects apart, as bits. */
const TID_ONLY = 1;
const THREAD_GROUP = 2;
const MINUS_ONE = 4;

/** Distinct names that are kept apart (Linux has fewer than 500), and how long one may be; the others count as one. */
export const MAX_NAMES = 4096;
const MAX_NAME_BYTES = 64;
/** Number of the name under which they count. */
const OTHER = 0;

/** Syscall names by their bytes: open addressing, so that no name is made a string twice. */
class Names {
  readonly list: string[] = [];
  #slots = new Int32Array(1024).fill(-1);
  #hashes = new Int32Array(512);
  readonly #bytes: Uint8Array[] = [];

  constructor() {
    this.internText('(other)');
  }

  /** The number of the name in `[start, end)`, whose hash is `hash`. */
  intern(buf: Buffer, start: number, end: number, hash: number): number {
    if (end - start > MAX_NAME_BYTES) return OTHER;
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot] as number;
      if (id === -1) return this.list.length < MAX_NAMES ? this.#add(buf, start, end, hash, slot) : OTHER;
      if (this.#hashes[id] === hash && this.#same(id, buf, start, end)) return id;
    }
  }

  /** The number of a name that the record reader found. */
  internText(text: string): number {
    const bytes = Buffer.from(text, 'latin1');
    let hash = 0;
    for (const byte of bytes) hash = (Math.imul(hash, 31) + byte) | 0;
    return this.intern(bytes, 0, bytes.length, hash);
  }

  #same(id: number, buf: Buffer, start: number, end: number): boolean {
    const bytes = this.#bytes[id] as Uint8Array;
    if (bytes.length !== end - start) return false;
    for (let i = 0; i < bytes.length; i++) if (bytes[i] !== buf[start + i]) return false;
    return true;
  }

  #add(buf: Buffer, start: number, end: number, hash: number, slot: number): number {
    const id = this.list.length;
    this.list.push(buf.toString('latin1', start, end));
    this.#bytes.push(Uint8Array.prototype.slice.call(buf, start, end));
    if (id >= this.#hashes.length) this.#hashes = grown(this.#hashes);
    this.#hashes[id] = hash;
    this.#slots[slot] = id;
    // A hostile log may hold any number of names: the table grows so that it never fills.
    if (id * 2 >= this.#slots.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let id = 0; id < this.list.length; id++) {
      let slot = (this.#hashes[id] as number) & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

const EMPTY: Buffer = Buffer.alloc(0);

/** What the record reader read of a row: the arguments as text, the result, ids of a nested namespace. */
export type RowText = {
  readonly args: string;
  readonly ret: number;
  readonly nestedTgid: number;
  readonly nestedTid: number;
};

/** The texts of a batch: of scanned rows they stand in the block, of others in a buffer of their own. */
class Texts implements BatchTexts {
  readonly blocks: Buffer[] = [EMPTY, Buffer.allocUnsafe(64 * 1024)];
  readonly block = new Uint8Array(BATCH_ROWS);
  readonly from = new Int32Array(BATCH_ROWS);
  readonly to = new Int32Array(BATCH_ROWS);
  readonly ret = new Float64Array(BATCH_ROWS);
  readonly nestedTgid = new Int32Array(BATCH_ROWS);
  readonly nestedTid = new Int32Array(BATCH_ROWS);
  #filled = 0;

  add(row: number, buf: Buffer, from: number, to: number, ret: number, nestedTgid: number, nestedTid: number): void {
    this.blocks[0] = buf;
    this.block[row] = 0;
    this.from[row] = from;
    this.to[row] = to;
    this.ret[row] = ret;
    this.nestedTgid[row] = nestedTgid;
    this.nestedTid[row] = nestedTid;
  }

  addText(row: number, text: RowText | undefined): void {
    const bytes = text === undefined ? EMPTY : Buffer.from(text.args);
    if (this.#filled + bytes.length > (this.blocks[1] as Buffer).length) this.#grow(this.#filled + bytes.length);
    (this.blocks[1] as Buffer).set(bytes, this.#filled);
    this.block[row] = 1;
    this.from[row] = this.#filled;
    this.#filled += bytes.length;
    this.to[row] = this.#filled;
    this.ret[row] = text?.ret ?? 0;
    this.nestedTgid[row] = text?.nestedTgid ?? -1;
    this.nestedTid[row] = text?.nestedTid ?? -1;
  }

  clear(): void {
    this.#filled = 0;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, (this.blocks[1] as Buffer).length * 2));
    (this.blocks[1] as Buffer).copy(larger, 0, 0, this.#filled);
    this.blocks[1] = larger;
  }
}

/** Reads lines into a batch of columns and hands it on when it is full. */
export class BulkScanner {
  readonly #names = new Names();
  readonly #header = new TraceHeader();
  readonly #onBatch: (batch: Batch) => void;
  readonly batch: Batch;
  /** Lines that this reader took by itself. */
  scanned = 0;
  /** Records of the tracer, of both readers. */
  enters = 0;
  exits = 0;
  /** Had the line that was taken last a shape that none before it had? Shapes tell the dialect. */
  isNews = false;
  #shapes = 0;
  #shape = 0;
  /** Where the number that was read last ended. */
  #at = 0;
  /** Had the id that was read last one of a nested namespace beside it? */
  #isNested = false;
  /** Of the line that was read last. */
  isExit = false;
  tid = 0;
  #buf: Buffer = EMPTY;
  #name = 0;
  #tgid = 0;
  #errno = 0;
  #elapsed = 0;
  #nestedTgid = -1;
  #nestedTid = -1;
  #nestedId = -1;
  /** Arguments of the line that was read last, and its result. */
  #from = 0;
  #to = 0;
  #ret = 0;
  readonly #texts: Texts | null;

  constructor(onBatch: (batch: Batch) => void, wantsTexts = false) {
    this.#onBatch = onBatch;
    this.#texts = wantsTexts ? new Texts() : null;
    this.batch = {
      texts: this.#texts,
      count: 0,
      isExit: new Uint8Array(BATCH_ROWS),
      name: new Int32Array(BATCH_ROWS),
      errno: new Int32Array(BATCH_ROWS),
      elapsed: new Float64Array(BATCH_ROWS),
      tgid: new Int32Array(BATCH_ROWS),
      tid: new Int32Array(BATCH_ROWS),
      names: this.#names.list,
    };
  }

  /** Hands on what is in the batch. */
  flush(): void {
    if (this.batch.count === 0) return;
    this.#onBatch(this.batch);
    this.batch.count = 0;
    this.#texts?.clear();
  }

  /** A record that the record reader read: the same columns. */
  add(isExit: boolean, name: string, errno: number, elapsed: number, tgid: number, tid: number, text?: RowText): void {
    this.#texts?.addText(this.batch.count, text);
    this.#push(isExit, this.#names.internText(name), errno, elapsed, tgid, tid);
  }

  /** A call of another tracer (native strace): the same columns, but none of this tracer's records. */
  addOther(isExit: boolean, name: string, errno: number, elapsed: number, tgid: number, tid: number): void {
    this.#texts?.addText(this.batch.count, undefined);
    this.#push(isExit, this.#names.internText(name), errno, elapsed, tgid, tid);
    if (isExit) this.exits--;
    else this.enters--;
  }

  /** Where the message of a tracer's record begins, if one starts at `start`; -1 otherwise. */
  messageAt(buf: Buffer, start: number, end: number): number {
    return this.#header.end(buf, start, end);
  }

  /** Reads a record from its message (`messageAt`) to the end of its line. False: not one for this reader. */
  line(buf: Buffer, message: number, end: number): boolean {
    if (end - message < 16 || buf[end - 1] !== CLOSE) return false;
    const comm = this.#tag(buf, message, end);
    if (comm === -1) return false;
    // The name of the task, then the first place where a call begins. Beyond ASCII the record reader counts characters
    // and this one bytes: such lines are left to it.
    const last = Math.min(end - 4, comm + COMM_BYTES);
    let space = comm;
    let hash = 0;
    let at = 0;
    for (; ; space++) {
      if (space > last) return false;
      const c = buf[space] as number;
      if (c >= 128) return false;
      if (c !== SPACE || !isDirection(buf, space + 1)) continue;
      hash = 0;
      at = space + 3;
      for (let b = buf[at] as number; isNameByte(b); b = buf[at] as number) {
        hash = (Math.imul(hash, 31) + b) | 0;
        at++;
      }
      if (at > space + 3 && buf[at] === OPEN) break;
    }
    const letter = buf[space + 1];
    // A second place where the call could begin: which of them is meant, the record reader decides.
    if (at < last && !isOnlyReading(buf, at, last)) return false;
    if (letter === 88) {
      if (!this.#result(buf, at + 1, end)) return false;
    } else {
      this.#errno = 0;
      this.#elapsed = 0;
      this.#ret = 0;
      this.#to = end - 1;
    }
    this.#from = at + 1;
    this.#buf = buf;
    this.isExit = letter === 88;
    this.#name = this.#names.intern(buf, space + 3, at, hash);
    return true;
  }

  /** Makes the line that was read last a row. Apart from `line`, so that the record before it comes first. */
  take(): void {
    this.scanned++;
    this.isNews = (this.#shapes | this.#shape) !== this.#shapes;
    this.#shapes |= this.#shape;
    this.#texts?.add(this.batch.count, this.#buf, this.#from, this.#to, this.#ret, this.#nestedTgid, this.#nestedTid);
    this.#push(this.isExit, this.#name, this.#errno, this.#elapsed, this.#tgid, this.tid);
  }

  #push(isExit: boolean, name: number, errno: number, elapsed: number, tgid: number, tid: number): void {
    const { batch } = this;
    const row = batch.count++;
    batch.isExit[row] = isExit ? 1 : 0;
    batch.name[row] = name;
    batch.errno[row] = errno;
    batch.elapsed[row] = elapsed;
    batch.tgid[row] = tgid;
    batch.tid[row] = tid;
    if (isExit) this.exits++;
    else this.enters++;
    if (batch.count === BATCH_ROWS) this.flush();
  }

  /** Reads the task tag at `at`; gives the place of the task's name, -1 if it is no tag. */
  #tag(buf: Buffer, at: number, end: number): number {
    if (buf[at] !== OPEN_BRACKET) return -1;
    const first = this.#id(buf, at + 1, end);
    const isNested = this.#isNested;
    const nested = this.#nestedId;
    let second = -1;
    if (buf[this.#at] === COLON) {
      second = this.#id(buf, this.#at + 1, end);
      if (second === -1 || this.#isNested !== isNested) return -1;
    } else if (isNested) return -1;
    if (first === -1 || buf[this.#at] !== CLOSE_BRACKET || buf[this.#at + 1] !== SPACE) return -1;
    this.#tgid = second === -1 ? -1 : first;
    this.tid = second === -1 ? first : second;
    this.#nestedTgid = nested;
    this.#nestedTid = this.#nestedId;
    this.#shape = second === -1 ? TID_ONLY : THREAD_GROUP;
    return this.#at + 2;
  }

  /** A padded number, and behind it perhaps the one of a nested namespace: `   3(   2)`. Gives the first. */
  #id(buf: Buffer, at: number, end: number): number {
    const id = this.#number(buf, at, end);
    this.#isNested = id !== -1 && buf[this.#at] === OPEN;
    this.#nestedId = -1;
    if (this.#isNested) {
      this.#nestedId = this.#number(buf, this.#at + 1, end);
      if (this.#nestedId === -1 || buf[this.#at] !== CLOSE) return -1;
      this.#at++;
    }
    return id;
  }

  /** Blanks, then at most nine digits. */
  #number(buf: Buffer, at: number, end: number): number {
    let from = at;
    while (from < end && buf[from] === SPACE) from++;
    let value = 0;
    let to = from;
    for (; to < end; to++) {
      const c = buf[to] as number;
      if (c < ZERO || c > NINE) break;
      value = value * 10 + c - ZERO;
    }
    this.#at = to;
    return from === at || to === from || to - from > 9 ? -1 : value;
  }

  /** Reads the result from the right end: `) = value [errno=n (text)] (elapsed)`. */
  #result(buf: Buffer, from: number, end: number): boolean {
    const open = openBefore(buf, end - 1, from);
    if (open === -1) return false;
    const elapsed = nanos(buf, open + 1, end - 1);
    if (elapsed < 0) return false;
    this.#elapsed = elapsed;
    this.#errno = 0;
    let stop = open - 1;
    if (buf[stop - 1] === CLOSE) {
      const paren = openBefore(buf, stop - 1, from);
      if (paren !== -1 && isHex(buf, paren + 1, stop - 1) && this.#succeeded(buf, paren - 1, from)) return true;
      stop = this.#failed(buf, from, stop);
      if (stop === -1) return false;
      if (buf[stop - 1] === CLOSE) {
        const inner = openBefore(buf, stop - 1, from);
        return inner !== -1 && isHex(buf, inner + 1, stop - 1) && this.#succeeded(buf, inner - 1, from);
      }
      if (buf[stop - 1] === 49 && buf[stop - 2] === 45) {
        this.#shape |= MINUS_ONE;
        this.#ret = -1;
        this.#to = stop - 6;
        return endsCall(buf, stop - 2, from);
      }
    }
    // A bare hexadecimal value, as until 20210927.0.
    let start = stop;
    while (start > from && isHexByte(buf[start - 1] as number)) start--;
    if (start === stop || buf[start - 1] !== 120 || buf[start - 2] !== ZERO) return false;
    if (this.#texts !== null) this.#ret = Number.parseInt(buf.toString('latin1', start, stop), 16);
    this.#to = start - 6;
    return endsCall(buf, start - 2, from);
  }

  /** A decimal number that ends at `stop`, behind `) = `. */
  #succeeded(buf: Buffer, stop: number, from: number): boolean {
    let start = stop;
    while (start > from && isDigit(buf[start - 1] as number)) start--;
    if (this.#texts !== null) {
      let value = 0;
      for (let at = start; at < stop; at++) value = value * 10 + (buf[at] as number) - ZERO;
      this.#ret = value;
    }
    this.#to = start - 4;
    return start < stop && endsCall(buf, start, from);
  }

  /** ` errno=n (text)` that ends at `stop`: gives its start, -1 if it is none. The text has at most 200 bytes. */
  #failed(buf: Buffer, from: number, stop: number): number {
    const limit = Math.max(from, stop - 230);
    for (let at = stop - 2; at > limit; at--) {
      // 'errno=' is looked for by its '=', which gVisor's texts do not hold.
      if (buf[at] !== EQUALS || buf[at - 1] !== 111 || buf[at - 6] !== SPACE) continue;
      if (buf[at - 5] !== 101 || buf[at - 4] !== 114 || buf[at - 3] !== 114 || buf[at - 2] !== 110) continue;
      let errno = 0;
      let to = at + 1;
      for (; isDigit(buf[to] as number); to++) errno = errno * 10 + (buf[to] as number) - ZERO;
      if (to === at + 1 || to - at > 6 || buf[to] !== SPACE || buf[to + 1] !== OPEN) return -1;
      const length = stop - 1 - (to + 2);
      if (length < 1 || length > 200) return -1;
      this.#errno = errno;
      return at - 6;
    }
    return -1;
  }
}

/** Is `strace.go:`, a line number and `] ` at `at`? Gives where the message begins; -1 otherwise. */
function messageBehind(buf: Buffer, at: number): number {
  let to = at;
  while (isDigit(buf[to] as number)) to++;
  return to === at || buf[to] !== CLOSE_BRACKET || buf[to + 1] !== SPACE ? -1 : to + 2;
}

const SITE = Buffer.from('strace.go:');

/** Four ASCII digits, read as one number of 32 bits. */
function areDigits(word: number): boolean {
  return (word & 0xf0f0f0f0) === 0x30303030 && (((word & 0x0f0f0f0f) + 0x06060606) & 0xf0f0f0f0) === 0;
}

/**
 * Recognises the tracer's headers. Within a second nearly all of them are alike but for the microseconds: what was
 * checked to the letter once is compared in words of four bytes from then on (a quarter of the scan's time less).
 */
class TraceHeader {
  #buf: Buffer | undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #day = 0;
  #clock = 0;
  #minute = 0;
  #second = 0;
  /** From the blank behind the microseconds to the colon behind `strace.go`, in words; the last two may overlap. */
  readonly #words = new Int32Array(16);
  #wordCount = 0;
  #tailLength = 0;

  /** Where the message begins, if the line is a record of the tracer; -1 otherwise. */
  end(buf: Buffer, s: number, end: number): number {
    if (end - s < 52) return -1;
    if (buf !== this.#buf) {
      this.#buf = buf;
      this.#view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength);
    }
    const view = this.#view;
    if (
      view.getInt32(s) === this.#day &&
      view.getInt32(s + 4) === this.#clock &&
      view.getInt32(s + 8) === this.#minute &&
      view.getInt32(s + 11) === this.#second &&
      areDigits(view.getInt32(s + 15)) &&
      isDigit(buf[s + 19] as number) &&
      isDigit(buf[s + 20] as number) &&
      s + 21 + this.#tailLength < end &&
      this.#isSameTail(view, s + 21)
    ) {
      return messageBehind(buf, s + 21 + this.#tailLength);
    }
    return this.#check(buf, s, end);
  }

  #isSameTail(view: DataView, at: number): boolean {
    const words = this.#words;
    const last = this.#wordCount - 1;
    for (let i = 0; i < last; i++) if (view.getInt32(at + i * 4) !== words[i]) return false;
    return view.getInt32(at + this.#tailLength - 4) === words[last];
  }

  /** Reads the header to the letter, and keeps it for the next ones. */
  #check(buf: Buffer, s: number, end: number): number {
    const site = siteStart(buf, s, end);
    if (site === -1 || end - site < 24) return -1;
    for (let i = 0; i < SITE.length; i++) if (buf[site + i] !== SITE[i]) return -1;
    const view = this.#view;
    const tailLength = site + SITE.length - (s + 21);
    if (tailLength <= 60) {
      this.#day = view.getInt32(s);
      this.#clock = view.getInt32(s + 4);
      this.#minute = view.getInt32(s + 8);
      this.#second = view.getInt32(s + 11);
      this.#tailLength = tailLength;
      this.#wordCount = Math.ceil(tailLength / 4);
      for (let i = 0; i < this.#wordCount - 1; i++) this.#words[i] = view.getInt32(s + 21 + i * 4);
      this.#words[this.#wordCount - 1] = view.getInt32(s + 21 + tailLength - 4);
    }
    return messageBehind(buf, site + SITE.length);
  }
}

/** `E ` or `X `, the letter between a task's name and its call. */
function isDirection(buf: Buffer, at: number): boolean {
  return (buf[at] === 69 || buf[at] === 88) && buf[at + 1] === SPACE;
}

/** Does no call begin in `[from, to]`, as far as the name of a task may reach? */
function isOnlyReading(buf: Buffer, from: number, to: number): boolean {
  for (let at = from; at <= to; at++) {
    const c = buf[at] as number;
    if (c >= 128) return false;
    if (c === SPACE && isDirection(buf, at + 1) && isCall(buf, at + 3)) return false;
  }
  return true;
}

function isCall(buf: Buffer, at: number): boolean {
  let to = at;
  while (isNameByte(buf[to] as number)) to++;
  return to > at && buf[to] === OPEN;
}

/** The last ` (` before `close`, in front of text without parentheses. */
function openBefore(buf: Buffer, close: number, from: number): number {
  const limit = Math.max(from, close - 40);
  for (let at = close - 1; at > limit; at--) {
    const c = buf[at];
    if (c === OPEN) return buf[at - 1] === SPACE ? at : -1;
    if (c === CLOSE) return -1;
  }
  return -1;
}

/** Do the arguments end before the value that starts at `value`: `) = `? */
function endsCall(buf: Buffer, value: number, from: number): boolean {
  return (
    value - 4 >= from &&
    buf[value - 1] === SPACE &&
    buf[value - 2] === EQUALS &&
    buf[value - 3] === SPACE &&
    buf[value - 4] === CLOSE
  );
}

function isHex(buf: Buffer, start: number, end: number): boolean {
  if (end - start < 3 || buf[start] !== ZERO || buf[start + 1] !== 120) return false;
  for (let at = start + 2; at < end; at++) if (!isHexByte(buf[at] as number)) return false;
  return true;
}

function isHexByte(c: number): boolean {
  return (c >= ZERO && c <= NINE) || (c >= 97 && c <= 102);
}

function isNameByte(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= ZERO && c <= NINE) || c === 95;
}

/** Powers of ten for fractions: Go prints at most nine digits behind the dot. */
const TENS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** Nanoseconds of a Go duration; -1 when it is none. */
function nanos(buf: Buffer, start: number, end: number): number {
  const short = shortNanos(buf, start, end);
  return short < 0 ? longNanos(buf, start, end) : short;
}

/** One number and one unit, as nearly all are (`15.433µs`); -1 when it is not that. */
function shortNanos(buf: Buffer, start: number, end: number): number {
  let whole = 0;
  let at = start;
  for (; isDigit(buf[at] as number); at++) whole = whole * 10 + (buf[at] as number) - ZERO;
  if (at === start || at - start > 3) return -1;
  let fraction = 0;
  let digits = 0;
  if (buf[at] === DOT) {
    const dot = at++;
    for (; isDigit(buf[at] as number); at++) fraction = fraction * 10 + (buf[at] as number) - ZERO;
    digits = at - dot - 1;
    if (digits === 0 || digits > 9) return -1;
  }
  const unit = unitAt(buf, at, end);
  if (unit === 0) return -1;
  return digits === 0 ? whole * unit : whole * unit + Math.round((fraction * unit) / (TENS[digits] as number));
}

/** Nanoseconds of the unit that fills `[at, end)`; 0 when it is none of ns, µs, μs, us, ms, s. */
function unitAt(buf: Buffer, at: number, end: number): number {
  const length = end - at;
  const c = buf[at];
  if (length === 1) return c === 115 ? 1e9 : 0;
  if (buf[end - 1] !== 115) return 0;
  if (length === 2) return c === 110 ? 1 : c === 109 ? 1e6 : c === 117 ? 1e3 : 0;
  if (length !== 3) return 0;
  return (c === 0xc2 && buf[at + 1] === 0xb5) || (c === 0xce && buf[at + 1] === 0xbc) ? 1e3 : 0;
}

/** `2m3.4s`, `1h0m5s`: hours, minutes, then the rest. -1 when it is not one. */
function longNanos(buf: Buffer, start: number, end: number): number {
  let total = 0;
  let at = start;
  for (const [unit, size, most] of LONG_UNITS) {
    let to = at;
    let value = 0;
    for (; isDigit(buf[to] as number); to++) value = value * 10 + (buf[to] as number) - ZERO;
    if (to === at || buf[to] !== unit || to + 1 >= end) continue;
    if (to - at > most) return -1;
    total += value * size;
    at = to + 1;
  }
  if (at === start) return -1;
  const rest = shortNanos(buf, at, end);
  return rest < 0 ? -1 : total + rest;
}
/** Hours and minutes: their letter, their nanoseconds, and how many digits Go prints at most. */
const LONG_UNITS = [
  [104, 3600e9, 7],
  [109, 60e9, 2],
] as const;
