/**
 * Lines to records: which line begins a record and which belongs to the one before it. One state machine for every
 * source; it sees bytes, keeps a bounded part of each record, and counts all of them. What a record means is said
 * elsewhere.
 */
import { closesNativeCall, NATIVE_BELOW, nativeOpening } from '../../grammars/native.js';
import { CRASH, DROPPED, SYNC_DESCRIPTOR } from '../../grammars/record.js';
import { headerEnd } from './header.js';

/** How a record began. `loose` is a line that belongs to nothing: before the first record, or between JSON records. */
export type Shape =
  'glog' | 'json' | 'crash' | 'dropped' | 'stderr' | 'native' | 'outside' | 'cut-header' | 'blank' | 'loose';

/** One record with all its lines. `text` lives as long as its reader likes; nothing of the buffer is kept. */
export type LogRecord = {
  readonly shape: Shape;
  readonly line: number;
  readonly offset: number;
  readonly bytes: number;
  /** Decoded text without the last line end. */
  readonly text: string;
  /** Bytes that are not in `text`. */
  readonly cut: number;
  /** How many records it pretends to hold. */
  readonly forged: number;
  /** What had to be done to its text, in the order in which it was (grammars/posted.ts). */
  readonly recovered: readonly string[];
  /** What stood before it: the time and the writer that a prefix names. */
  readonly facts: Readonly<Record<string, string>>;
};

/** A line, or a part of one, that recovery has mended. */
export type MendedText = {
  /** One character a byte. */
  readonly text: string;
  /** Bytes that it had in the input. */
  readonly bytes: number;
  /** Does a line of the input end with it? */
  readonly isWhole: boolean;
  /** What it is where its first bytes do not tell; `more`: it goes on in the open line. */
  readonly as: 'outside' | 'cut-header' | 'loose' | 'more' | undefined;
  readonly marks: readonly string[];
  readonly facts?: Readonly<Record<string, string>>;
};

const NONE: readonly string[] = [];
const NO_FACTS: Readonly<Record<string, string>> = {};

/**
 * Asked about a record that may hold text which looks like the beginning of others. `known`: it was found when the
 * source was read before. Otherwise a header came while the record that begins with `line` is not whole.
 */
export interface Carriers {
  known(offset: number): { readonly bytes: number; readonly forged: number } | undefined;
  find(offset: number, line: string): { readonly bytes: number; readonly forged: number } | undefined;
  /** Is this line one that a record was seen to carry, and does the open record end as what stood in front of it then? */
  isCarriedLine(buf: Buffer, start: number, end: number, endsWith: (text: Buffer) => boolean): boolean;
}

/** Kept of one record: its head, and its tail, where an exit record has its result. */
export const HEAD_BYTES = 1024 * 1024;
export const TAIL_BYTES = 64 * 1024;

/** Bytes of a line that are enough to tell how it begins. */
export const OPENER_BYTES = 512;

const NEWLINE = 10;
const CR = 13;
const QUOTE = 34;
const BACKSLASH = 92;
const LETTER_W = 87;
const LETTER_E = 69;
const LETTER_X = 88;
const SPACE = 32;
const CLOSE_BRACKET = 93;
const OPEN_BRACKET = 91;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** `{"msg"`, `{"log"`, `{"level"`, `{"time"`: an object of a JSON log. */
export function isJsonAt(buf: Uint8Array, at: number, end: number): boolean {
  if (end - at < 7 || buf[at] !== OPEN_BRACE || buf[at + 1] !== QUOTE) return false;
  const key = String.fromCharCode(buf[at + 2] ?? 0, buf[at + 3] ?? 0, buf[at + 4] ?? 0);
  return key === 'msg' || key === 'log' || key === 'lev' || key === 'tim';
}

const CRASH_FIRST = new Set([...'pfrugS'].map((c) => c.charCodeAt(0)));

/** Bytes of one record: the first HEAD_BYTES and, of what is longer, the last TAIL_BYTES. */
class Kept {
  #head = Buffer.allocUnsafe(4096);
  #filled = 0;
  #tail: Buffer | undefined;
  /** Bytes that went into the tail's ring. */
  #tailed = 0;
  #total = 0;

  clear(): void {
    this.#filled = 0;
    this.#tailed = 0;
    this.#total = 0;
    if (this.#head.length > 256 * 1024) this.#head = Buffer.allocUnsafe(4096);
  }

  add(buf: Buffer, start: number, end: number): void {
    this.#total += end - start;
    const room = Math.min(end - start, HEAD_BYTES - this.#filled);
    if (this.#filled + room > this.#head.length) {
      const larger = Buffer.allocUnsafe(Math.min(HEAD_BYTES, Math.max(this.#head.length * 2, this.#filled + room)));
      this.#head.copy(larger, 0, 0, this.#filled);
      this.#head = larger;
    }
    buf.copy(this.#head, this.#filled, start, start + room);
    this.#filled += room;
    for (let at = Math.max(start + room, end - TAIL_BYTES); at < end;) {
      this.#tail ??= Buffer.allocUnsafe(TAIL_BYTES);
      const to = this.#tailed % TAIL_BYTES;
      const count = Math.min(end - at, TAIL_BYTES - to);
      buf.copy(this.#tail, to, at, at + count);
      this.#tailed += count;
      at += count;
    }
  }

  /** Takes off the last line end: the line goes on. */
  dropLineEnd(): void {
    if (this.#tailed > 0 || this.#filled === 0 || this.#head[this.#filled - 1] !== NEWLINE) return;
    this.#filled--;
    this.#total--;
  }

  /** The first line, as far as it was kept, one character a byte. */
  firstLine(): string {
    const newline = this.#head.indexOf(NEWLINE);
    return this.#head.toString('latin1', 0, newline === -1 || newline > this.#filled ? this.#filled : newline);
  }

  /** The last bytes so far, one character a byte. */
  end(bytes: number): string {
    if (this.#tail === undefined || this.#tailed === 0) {
      return this.#head.toString('latin1', Math.max(0, this.#filled - bytes), this.#filled);
    }
    const at = this.#tailed % TAIL_BYTES;
    const end = this.#tail.toString('latin1', Math.max(0, at - bytes), at);
    const before = this.#tailed < TAIL_BYTES ? '' : this.#tail.toString('latin1', TAIL_BYTES - (bytes - end.length));
    return before + end;
  }

  /** Do the bytes so far end in this text and a line end? */
  endsWith(text: Buffer): boolean {
    const end = this.#filled - 1;
    return this.#tailed === 0 && end >= text.length && text.compare(this.#head, end - text.length, end) === 0;
  }

  /**
   * Where the first line begins, behind the record's own first, that `isBehind` knows; -1 where none does, or not all bytes were kept.
   */
  findBehind(isBehind: (line: string, isAfterBlank: boolean) => boolean): number {
    if (this.#tailed > 0) return -1;
    let isAfterBlank = false;
    for (let newline = this.#head.indexOf(NEWLINE); newline !== -1 && newline + 1 < this.#filled;) {
      const start = newline + 1;
      newline = this.#head.indexOf(NEWLINE, start);
      const end = newline === -1 || newline > this.#filled ? this.#filled : newline;
      const line = openerText(this.#head, start, end);
      if (isBehind(line, isAfterBlank)) return start;
      isAfterBlank = line.trim() === '';
    }
    return -1;
  }

  /** The bytes from a place on, which are taken off. */
  cutFrom(at: number): Buffer {
    const rest = Buffer.from(this.#head.subarray(at, this.#filled));
    this.#total -= rest.length;
    this.#filled = at;
    return rest;
  }

  /** The text without its last line end, and how many bytes are missing from it. */
  take(): { text: string; cut: number } {
    const head = this.#head.toString('utf8', 0, this.#filled);
    if (this.#tail === undefined || this.#tailed === 0) return { text: withoutLineEnd(head), cut: 0 };
    const at = this.#tailed % TAIL_BYTES;
    const tail =
      this.#tailed < TAIL_BYTES
        ? this.#tail.subarray(0, this.#tailed)
        : Buffer.concat([this.#tail.subarray(at), this.#tail.subarray(0, at)]);
    const cut = this.#total - this.#filled - tail.length;
    return { text: withoutLineEnd(`${head}${cut > 0 ? '…' : ''}${tail.toString('utf8')}`), cut };
  }
}

function withoutLineEnd(text: string): string {
  if (!text.endsWith('\n')) return text;
  return text.slice(0, text.endsWith('\r\n') ? -2 : -1);
}

/** State of a scan for the end of a JSON object, kept from piece to piece. */
type ObjectScan = { depth: number; inString: boolean; escaped: boolean; done: boolean };

/**
 * The state machine. Feed it every line (in pieces where a line is longer than a block); it calls `sink` with each
 * record once it is whole. `skip` is for lines that another reader took: it ends the open record and moves on.
 */
export class RecordReader {
  readonly #sink: (record: LogRecord) => void;
  readonly #kept = new Kept();
  #shape: Shape | undefined;
  #startLine = 1;
  #startOffset = 0;
  #bytes = 0;
  #line = 1;
  #offset = 0;
  /** A line is open: its last piece had no line end. */
  #midLine = false;
  #object: ObjectScan | undefined;
  /** A trace record that is not whole yet: nothing but a header ends it. */
  #openTrace: Direction | undefined;
  /** The direction of the open trace record that is whole. Behind the result of an exit record nothing belongs to it. */
  #wholeTrace: Direction | undefined;
  /** Up to here everything belongs to the open record, whatever it looks like. */
  #openUntil = 0;
  #forged = 0;
  readonly #carriers: Carriers | undefined;
  /** Text of the last fatal error, of which a bare copy may follow: boot's stderr is the log itself. */
  #fatal: string | undefined;
  #openFatal = false;
  readonly #native: boolean;
  /** What was done to the text of the open record, and what stood before it. */
  readonly #recovered = new Set<string>();
  #facts = NO_FACTS;
  /** The open record is a native call whose result has not come: what an application wrote stands in its midst. */
  #openCall = false;
  readonly #isBehind: ((line: string, isAfterBlank: boolean) => boolean) | undefined;

  constructor(
    sink: (record: LogRecord) => void,
    options: {
      native?: boolean;
      carriers?: Carriers;
      /** Is a line within a record none of it, but what somebody put behind it? */
      isBehind?: (line: string, isAfterBlank: boolean) => boolean;
    } = {},
  ) {
    this.#sink = sink;
    this.#isBehind = options.isBehind;
    this.#native = options.native ?? false;
    this.#carriers = options.carriers;
  }

  get line(): number {
    return this.#line;
  }
  get offset(): number {
    return this.#offset;
  }

  /** Is a line open, of which only pieces have come? */
  get midLine(): boolean {
    return this.#midLine;
  }

  /** Must the next line come here, whatever it looks like? The open record is not whole, or known to go on. */
  get wantsMore(): boolean {
    return this.#midLine || this.#openTrace !== undefined || this.#offset < this.#openUntil;
  }

  /** Does a line that begins a native record begin one now? Not within a call that goes on, nor behind other records. */
  get takesNative(): boolean {
    return !this.wantsMore && !this.#openCall && this.#isBehindNative;
  }

  /** Is the open record, if there is one, of those behind which a native record may begin? */
  get #isBehindNative(): boolean {
    const open = this.#shape;
    return open === undefined || open === 'native' || open === 'loose' || open === 'blank';
  }

  /** Is the open record one that shows bytes of the application, and not whole? */
  get isInCall(): boolean {
    return this.#openTrace !== undefined;
  }

  /** A line, or a part of one, that is not as it was in the input. */
  feedMended(mended: MendedText): void {
    const buf = Buffer.from(mended.text, 'latin1');
    const offset = this.#offset;
    const open = this.#shape;
    if (offset < this.#openUntil) this.#add(buf, 0, buf.length);
    else if (mended.as === 'more' && open !== undefined) {
      this.#kept.dropLineEnd();
      this.#add(buf, 0, buf.length);
      if (this.#openFatal && this.#bytes < OPEN_FATAL_BYTES) this.#fatal = fatalText(this.#kept.take().text);
    } else if (mended.as === 'outside' || mended.as === 'cut-header') {
      this.#single(mended.as, buf, 0, buf.length);
    } else if (mended.as === 'loose' || mended.as === 'more') {
      if (open !== 'loose') this.#open('loose');
      this.#add(buf, 0, buf.length);
    } else {
      // The record before may end in the midst of a line.
      this.#closeTrace();
      this.#begin(buf, 0, buf.length);
    }
    // The bytes are those of the input, whatever was mended in them.
    this.#bytes += mended.bytes - buf.length;
    this.#offset = offset + mended.bytes;
    for (const mark of mended.marks) this.#recovered.add(mark);
    if (mended.facts !== undefined && this.#startOffset === offset) this.#facts = mended.facts;
    this.#midLine = !mended.isWhole;
    if (mended.isWhole) this.#lineEnds();
  }

  /** A whole line, or (complete: false) a piece of one that goes on with the next call. */
  feed(buf: Buffer, start: number, end: number, complete: boolean): void {
    if (this.#offset < this.#openUntil) this.#add(buf, start, end);
    else if (this.#midLine) this.#goOn(buf, start, end);
    else this.#begin(buf, start, end);
    this.#midLine = !complete;
    if (!complete) return;
    this.#lineEnds();
    if (this.#openCall && closesNative(buf, start, end)) this.#openCall = false;
  }

  #lineEnds(): void {
    this.#object = undefined;
    this.#line++;
    this.#closeTrace();
  }

  #closeTrace(): void {
    if (this.#openTrace !== undefined && closesRecord(this.#kept.end(RESULT_BYTES), this.#openTrace)) {
      this.#wholeTrace = this.#openTrace;
      this.#openTrace = undefined;
    }
  }

  /** Ends the open record, and counts a line of `bytes` that was read elsewhere as a record of its own. */
  skip(bytes: number, lines: number): void {
    this.close();
    this.#line += lines;
    this.#offset += bytes;
  }

  /**
   * A whole record on one line, which shows nothing of an application's and behind which another begins: what `feed` and the
   * beginning of the next one make of it, without its bytes being kept. False: not such a line.
   */
  takeWhole(buf: Buffer, start: number, end: number): boolean {
    // fatal records have copies, task records may show what programs wrote
    if (this.wantsMore || buf[start] === LETTER_W || this.#carriers?.known(this.#offset) !== undefined) return false;
    const message = headerEnd(buf, start, end);
    if (message === -1 || mayShow(buf, message, end)) return false;
    this.close();
    const record: LogRecord = {
      shape: 'glog',
      line: this.#line,
      offset: this.#offset,
      bytes: end - start,
      text: buf.toString('utf8', start, buf[end - 2] === CR ? end - 2 : end - 1),
      cut: 0,
      forged: 0,
      recovered: NONE,
      facts: NO_FACTS,
    };
    this.#line++;
    this.#offset += end - start;
    this.#sink(record);
    return true;
  }

  /** Ends the open record, since the input has ended. */
  end(): void {
    const behind = this.#behind();
    this.close();
    if (behind === undefined) return;
    const { line, offset } = { line: this.#line, offset: this.#offset };
    this.#line -= lineEndsOf(behind);
    this.#offset -= behind.length;
    this.#open('loose');
    this.#add(behind, 0, behind.length);
    this.#line = line;
    this.#offset = offset;
    this.close();
  }

  /** Ends the open record: the next record was read elsewhere. */
  close(): void {
    if (this.#shape === undefined) return;
    const { text, cut } = this.#kept.take();
    const record: LogRecord = {
      shape: this.#shape,
      line: this.#startLine,
      offset: this.#startOffset,
      bytes: this.#bytes,
      text,
      cut,
      forged: this.#forged,
      recovered: this.#recovered.size === 0 ? NONE : [...this.#recovered],
      facts: this.#facts,
    };
    this.#recovered.clear();
    this.#facts = NO_FACTS;
    this.#shape = undefined;
    this.#bytes = 0;
    this.#forged = 0;
    this.#openTrace = undefined;
    this.#wholeTrace = undefined;
    this.#openCall = false;
    if (this.#openFatal) this.#fatal = fatalText(record.text);
    this.#openFatal = false;
    this.#sink(record);
  }

  /**
   * A record has no end of its own. Where a prompt, a fence or a sentence follows the last one, somebody put it there: it is taken off.
   * What shows bytes of an application is left as it is.
   */
  #behind(): Buffer | undefined {
    if (this.#isBehind === undefined || this.#shape !== 'glog' || this.#recovered.size > 0) return undefined;
    if (this.#openTrace !== undefined || this.#wholeTrace !== undefined || this.#forged > 0) return undefined;
    const at = this.#kept.findBehind(this.#isBehind);
    if (at === -1) return undefined;
    const behind = this.#kept.cutFrom(at);
    this.#bytes -= behind.length;
    return behind;
  }

  #open(shape: Shape): void {
    this.close();
    this.#kept.clear();
    this.#shape = shape;
    this.#startLine = this.#line;
    this.#startOffset = this.#offset;
  }

  #add(buf: Buffer, start: number, end: number): void {
    this.#kept.add(buf, start, end);
    this.#bytes += end - start;
    this.#offset += end - start;
  }

  /** The next piece of a line whose kind is known. */
  #goOn(buf: Buffer, start: number, end: number): void {
    if (this.#object === undefined) this.#add(buf, start, end);
    else this.#objects(buf, start, end);
  }

  #begin(buf: Buffer, start: number, end: number): void {
    const message = headerEnd(buf, start, end);
    if (message !== -1) {
      if (this.#shape === 'glog' && this.#isCarried(buf, start, end)) {
        this.#add(buf, start, end);
        return;
      }
      this.#open('glog');
      const carrier = this.#carriers?.known(this.#offset);
      if (carrier !== undefined) this.#carry(carrier);
      this.#openTrace = directionOf(buf, message, end);
      this.#add(buf, start, end);
      if (buf[start] === LETTER_W) this.#sawFatal(buf, start, end);
    } else if (isJsonAt(buf, start, end) && this.#openTrace === undefined) {
      this.#objects(buf, start, end);
    } else {
      this.#other(buf, start, end);
    }
  }

  /**
   * Objects of a JSON log. Two may stand on one line with nothing between them, and a log.json is one line; each is
   * a record, and the line end belongs to the last of them.
   */
  #objects(buf: Buffer, start: number, end: number): void {
    let from = start;
    if (this.#object === undefined) {
      this.#open('json');
      this.#object = { depth: 0, inString: false, escaped: false, done: false };
    }
    const scan = this.#object;
    while (from < end) {
      if (scan.done) {
        // Behind an object: another one, or what ends the line.
        if (buf[from] !== OPEN_BRACE) break;
        this.#open('json');
        scan.done = false;
      }
      const stop = objectEnd(buf, from, end, scan);
      if (stop === -1) break;
      this.#add(buf, from, stop);
      this.#sawFatal(buf, from, stop);
      from = stop;
      scan.done = true;
    }
    if (from < end) this.#add(buf, from, end);
  }

  /** The first line of a fatal record is remembered at once: its bare copy is the next line. */
  #sawFatal(buf: Buffer, start: number, end: number): void {
    const at = buf.subarray(start, Math.min(end, start + 200)).indexOf(FATAL);
    if (at === -1) return;
    this.#openFatal = true;
    this.#fatal = fatalText(buf.toString('utf8', start, end));
  }

  /** Does the header that stands here stand within the open record? */
  #isCarried(buf: Buffer, start: number, end: number): boolean {
    if (this.#openTrace === 'EXEC') return this.#bytes < EXEC_BYTES;
    const carrier =
      this.#openTrace === undefined ? undefined : this.#carriers?.find(this.#startOffset, this.#kept.firstLine());
    if (carrier !== undefined) {
      this.#carry(carrier);
      return true;
    }
    if (this.#wholeTrace === 'X') return false;
    if (this.#carriers?.isCarriedLine(buf, start, end, (text) => this.#kept.endsWith(text)) !== true) return false;
    this.#forged++;
    return true;
  }

  #carry(carrier: { readonly bytes: number; readonly forged: number }): void {
    this.#openUntil = this.#startOffset + carrier.bytes;
    this.#forged = carrier.forged;
  }

  /** A line that begins neither with a header nor with an object. */
  #other(buf: Buffer, start: number, end: number): void {
    const first = buf[start] ?? 0;
    const blank = isBlank(buf, start, end);
    const open = this.#shape;
    if (this.#openTrace === undefined && !blank) {
      const text = openerText(buf, start, end);
      if (first === 42 && DROPPED.test(text)) return this.#single('dropped', buf, start, end);
      if (open !== 'stderr' && this.#fatal !== undefined && isFirstLineOf(this.#fatal, text)) {
        return this.#single('stderr', buf, start, end);
      }
      if (SYNC_DESCRIPTOR.test(text)) return this.#single('stderr', buf, start, end);
      if (CRASH_FIRST.has(first) && this.#opensCrash(text)) return this.#single('crash', buf, start, end);
      if (this.#native && this.#isBehindNative) {
        const kind = nativeOpening(text);
        if (kind !== undefined) {
          this.#single('native', buf, start, end);
          this.#openCall = kind === 'native-syscall';
          return;
        }
      }
    }
    const isCut = buf[end - 1] !== NEWLINE;
    const isBehindTrace = this.#wholeTrace === 'X' || (this.#wholeTrace === 'E' && isCut);
    const continues =
      (open === 'glog' && !isBehindTrace) ||
      open === 'crash' ||
      (open === 'native' &&
        (this.#openCall || NATIVE_BELOW.test(openerText(buf, start, end)) || this.#endsUnfinished(buf, start, end))) ||
      (open === 'loose' && !blank) ||
      (open === 'stderr' && this.#fatalGoesOn(buf, start, end));
    if (!continues) this.#open(blank ? 'blank' : 'loose');
    this.#add(buf, start, end);
  }

  /** A goroutine block goes on in an open crash or in the record of a dump; alone it begins a crash text. */
  #opensCrash(text: string): boolean {
    if (!CRASH.test(text)) return false;
    if (this.#shape === 'crash') return false;
    const isBlock = text.startsWith('goroutine ') || text.startsWith('runtime');
    return !(isBlock && this.#shape === 'glog');
  }

  /** strace 6.1 with `-z` or `-Z` writes the second half of a call without its head, on the line below the first. */
  #endsUnfinished(buf: Buffer, start: number, end: number): boolean {
    return UNFINISHED_LINE.test(this.#kept.end(UNFINISHED_BYTES)) && closesNative(buf, start, end);
  }

  #fatalGoesOn(buf: Buffer, start: number, end: number): boolean {
    const text = openerText(buf, start, end);
    return this.#fatal !== undefined && this.#fatal.includes(`\n${text}`);
  }

  #single(shape: Shape, buf: Buffer, start: number, end: number): void {
    this.#open(shape);
    this.#add(buf, start, end);
  }
}

/** The first bytes of a line, without its end. Header and openers are ASCII: latin1 is enough and never fails. */
function openerText(buf: Buffer, start: number, end: number): string {
  let stop = Math.min(end, start + OPENER_BYTES);
  if (stop === end) {
    if (stop > start && buf[stop - 1] === NEWLINE) stop--;
    if (stop > start && buf[stop - 1] === CR) stop--;
  }
  return buf.toString('latin1', start, stop);
}

function lineEndsOf(buf: Buffer): number {
  let count = 0;
  for (let at = buf.indexOf(NEWLINE); at !== -1; at = buf.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** A fatal error that came in more pieces than fit is not looked for in a copy. */
const OPEN_FATAL_BYTES = 64 * 1024;
const FATAL = Buffer.from('FATAL ERROR: ');

/** What stands behind `FATAL ERROR: ` in a record, decoded. */
function fatalText(record: string): string | undefined {
  let text = record;
  if (record.startsWith('{')) {
    try {
      const { msg, log } = JSON.parse(record) as { msg?: unknown; log?: unknown };
      text = String(msg ?? log ?? '');
    } catch {
      return undefined;
    }
  }
  const at = text.indexOf('FATAL ERROR: ');
  return at === -1 ? undefined : text.slice(at + 'FATAL ERROR: '.length).trimEnd();
}

/** Is this text the first line of the fatal error (as far as an opener shows)? */
function isFirstLineOf(fatal: string, text: string): boolean {
  if (text === '' || !fatal.startsWith(text)) return false;
  return text.length >= OPENER_BYTES || fatal.length === text.length || fatal[text.length] === '\n';
}

function isBlank(buf: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const c = buf[at];
    if (c !== 32 && c !== 9 && c !== NEWLINE && c !== CR) return false;
  }
  return true;
}

/** Which of the records that show the application's own bytes has begun: enter, exit, or the words of a program. */
type Direction = 'E' | 'X' | 'EXEC';

/** Might the record show bytes of an application's? A direction stands within the task's name and a blank behind its tag, or it is `EXEC: [`. */
function mayShow(buf: Buffer, message: number, end: number): boolean {
  if (buf[message] === LETTER_E) return true;
  if (buf[message] !== OPEN_BRACKET) return false;
  const close = buf.indexOf(CLOSE_BRACKET, message);
  if (close === -1 || close >= end) return false;
  const stop = Math.min(end, close + SHOWN_WITHIN);
  for (let at = close + 1; at < stop; at++) {
    const c = buf[at];
    if ((c === LETTER_E || c === LETTER_X) && buf[at - 1] === SPACE && buf[at + 1] === SPACE) return true;
  }
  return false;
}
/** A blank, a name of 15 bytes, a blank, the letter. */
const SHOWN_WITHIN = 20;

/** The direction of the record whose first line this is; undefined for records that show nothing raw. */
function directionOf(buf: Buffer, message: number, end: number): Direction | undefined {
  if (!mayShow(buf, message, end)) return undefined;
  const text = openerText(buf, message, Math.min(end, message + 120));
  return text.startsWith('EXEC: [') ? 'EXEC' : (TRACE.exec(text)?.[1] as Direction | undefined);
}
const TRACE = /^\[[ \d:()]+\] [^\n]{0,15}? ([EX]) [a-z0-9_]+\(/;
/** The words of a program are not escaped; a list of them that never ends in `]` is taken for cut off at this size. */
const EXEC_BYTES = 128 * 1024;

/**
 * Does the line end as records of this direction do? An enter record ends in `)`, an exit record in its result, the words
 * of a program in `]`; until then the application's own bytes are being printed, and nothing in them begins a record.
 */
function closesRecord(end: string, direction: Direction): boolean {
  const text = end.replace(/\r?\n$/, '');
  if (direction === 'EXEC') return text.endsWith(']');
  return direction === 'E' ? text.endsWith(')') : EXIT_END.test(text);
}
const EXIT_END = /\) = (?:0x[0-9a-f]+|\d+ \(0x[0-9a-f]+\)|-1)(?: errno=\d{1,6} \([^\n]{1,200}\))? \([^()\n]{2,40}\)$/;
/** A result is shorter than this. */
const RESULT_BYTES = 320;

/** Does the line end as a native call does? Its result is told by the end of the line. */
function closesNative(buf: Buffer, start: number, end: number): boolean {
  let last = end;
  while (last > start && (buf[last - 1] === NEWLINE || buf[last - 1] === CR)) last--;
  return closesNativeCall(buf.toString('latin1', Math.max(start, last - NATIVE_RESULT_BYTES), last));
}
const UNFINISHED_LINE = / <unfinished \.\.\.>\r?\n$/;
const UNFINISHED_BYTES = 20;
/** Two descriptors' paths, escaped, fit in. */
const NATIVE_RESULT_BYTES = 8192;

/**
 * Looks for the end of a JSON object in `[from, end)`; -1 when it is not there. A raw line end cannot stand in an
 * object that Go wrote, so the caller's line bounds a broken one.
 */
function objectEnd(buf: Buffer, from: number, end: number, scan: ObjectScan): number {
  let at = from;
  while (at < end) {
    if (scan.inString) {
      if (scan.escaped) {
        scan.escaped = false;
        at++;
        continue;
      }
      const c = buf[at];
      if (c === BACKSLASH) scan.escaped = true;
      else if (c === QUOTE) scan.inString = false;
      at++;
      continue;
    }
    const c = buf[at];
    at++;
    if (c === QUOTE) scan.inString = true;
    else if (c === OPEN_BRACE) scan.depth++;
    else if (c === CLOSE_BRACE && --scan.depth <= 0) {
      scan.depth = 0;
      return at;
    }
  }
  return -1;
}
