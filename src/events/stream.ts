/**
 * One source from bytes to events and columns: the loop in which the bulk scanner and the record reader share the lines.
 * What the scanner takes is a row; all else is an event. `reading` is the sum of both.
 */
import { DIALECTS } from '../../grammars/dialects.js';
import { NATIVE_BELOW, readNativeLine } from '../../grammars/native.js';
import { isBehind, isReport, isSession } from '../../grammars/posted.js';
import { CRASH } from '../../grammars/record.js';
import type { Architecture } from '../../grammars/syscall-table.js';
import { HEADER_BYTES, headerEnd, isHeaderAt } from '../input/header.js';
import { RecordReader, isJsonAt, type LogRecord } from '../input/records.js';
import {
  cutOf,
  isBroken,
  isCarriedLine,
  isPostedRecord,
  postedSign,
  Recovery,
  widthOf,
  type Posted,
} from '../input/recovery.js';
import type { OpenSource } from '../input/source.js';
import type { Batch, RowPlace } from '../model/analyzer.js';
import type { Kind, LogEvent } from '../model/event.js';
import { FORMATS, type Format, type Reading, type YearFrom } from '../model/reading.js';
import { CarrierFinder, COMPARED_BYTES, RecentBytes, type CarriedLine, type Carrier } from './carriers.js';
import { nativeRowOf } from './native.js';
import { EventReader, isKnownText, speaksOfFailure } from './read.js';
import { BLOCK_BYTES, BulkScanner, secondOf } from './scan.js';
import { isWrittenTwice, Twins } from './twins.js';
import { yearOf } from './year.js';

/** How much of a slow source is waited for before it is decided whether it holds a log. */
const SNIFF_BYTES = 64 * 1024;

/** Names of formats that `--input-format` takes; `auto` decides by content. */
export const INPUT_FORMATS = ['auto', ...FORMATS.filter((format) => format !== 'empty')] as const;
export type InputFormat = (typeof INPUT_FORMATS)[number];

export type StreamOptions = {
  readonly inputFormat?: InputFormat;
  /** Called with every event; trace records come here only when `onBatch` is not given. */
  readonly onEvent: (event: LogEvent) => void;
  /** Called with trace records as columns. */
  readonly onBatch?: (batch: Batch) => void;
  /** Which calls become rows of a batch: asked of each as an event, so that none is read in bulk. */
  readonly where?: (event: LogEvent) => boolean;
  /** Do batches hold the texts of their rows? Then they and the events come in the order of the input. */
  readonly wantsTexts?: boolean;
  /** Does the order matter for this event? If nobody looks at it, the batch goes on; without it, it matters for all. */
  readonly isOrdered?: (event: LogEvent) => boolean;
  /** Does nobody look at idle notes (grammars/idle.ts)? Then most of them are counted and no event. */
  readonly passesIdle?: boolean;
  /** And which files they name? */
  readonly wantsFiles?: boolean;
  /** And texts of native calls that the record reader read? */
  readonly wantsNativeTexts?: boolean;
  /** Called with trace records of text logs that were read in bulk, in place of their events; all others are events. */
  readonly onRows?: (batch: Batch, place: RowPlace) => void;
  /** May calls of native strace(1) be rows alone, and no events? */
  readonly onlyRows?: boolean;
  /** Called with every record that carries forged ones, besides. */
  readonly onForged?: (event: LogEvent) => void;
  /** Recognise known sentences (default); counting kinds does not need it. */
  readonly sentences?: boolean;
  /** Carriers of forged records that were found when the source was read before, by their place, and what they carry. */
  readonly carriers?: ReadonlyMap<number, Carrier>;
  readonly carriedLines?: readonly CarriedLine[];
  /** Called before each block that may hold records of runsc, with the bytes read so far: for whoever reads ahead. */
  readonly beforeBlock?: (bytes: number) => Promise<void>;
  /** Called with the bytes of each block, before their events. */
  readonly onBytes?: (buffer: Buffer, start: number, end: number) => void;
  /** Called once, when it is known that the source holds a log, before its first event. */
  readonly onStart?: () => void;
  /** Read no further if it holds none (a file that was found in a folder). */
  readonly onlyLogs?: boolean;
  /** Read a source that is no clean log as if it were one; for tests. */
  readonly recovery?: false;
  /** Read in blocks of so many bytes where nothing is read in bulk: for sources that stay open by the hundred. */
  readonly blockBytes?: number;
  /** The clock for a year that nothing tells; for tests. */
  readonly now?: Date;
};

/** Reads one source, block by block. */
export class SourceStream {
  readonly #source: OpenSource;
  readonly #options: StreamOptions;
  readonly #buffer: Buffer;
  #filled = 0;
  #ended = false;
  #started = false;
  #failure: { readonly error: unknown } | undefined;
  #records!: RecordReader;
  #reader!: EventReader;
  #recovery: Recovery | undefined;
  readonly #scanner: BulkScanner | undefined;
  #twins: Twins | undefined;
  #year: { value: number; from: YearFrom } | null = null;
  #isLog = false;
  /** A native trace in which no header of runsc has been seen. */
  #onlyNative = false;
  readonly #events = new Map<Kind, number>();
  readonly #unread = new Map<string, number>();
  readonly #shapes = new Map<string, number>();
  #truncated = 0;
  #forged = 0;
  #repeated = 0;
  /** Place of the buffer's first byte in the source. */
  #blockOffset = 0;
  readonly #traceKeys: string[] = [];
  readonly #recent: RecentBytes | undefined;
  readonly #finder: CarrierFinder;
  #errors = 0;
  #k8s = 0;
  /** Objects of a JSON log that were taken in bulk; known once it is closed. */
  #objects = 0;
  #isClosed = false;
  #search: OpenerSearch | undefined;
  /** A source that is followed has given all that there is for now. */
  #isDry = false;
  #isSettling = false;
  /** Up to here records were ended by `settle`; -1: by none. */
  #settledAt = -1;
  #isSpoiled = false;

  constructor(source: OpenSource, options: StreamOptions) {
    this.#source = source;
    this.#options = options;
    const { onBatch, onRows } = options;
    if (onRows !== undefined) {
      this.#scanner = new BulkScanner((batch) => onRows(batch, this.#placeOfRows()), true, options.wantsFiles, true);
    } else if (onBatch !== undefined) {
      this.#scanner = new BulkScanner(onBatch, options.wantsTexts, options.wantsFiles);
    }
    if (options.passesIdle === true) this.#scanner?.passIdle();
    this.#buffer = this.#scanner?.block ?? Buffer.allocUnsafe(options.blockBytes ?? BLOCK_BYTES);
    const recent = source.readAt === undefined ? new RecentBytes() : undefined;
    this.#recent = recent;
    this.#finder = new CarrierFinder(
      (at, length) => recent?.read(at, length) ?? source.readAt?.(at, length) ?? EMPTY,
      options.carriedLines,
    );
  }

  /**
   * Reads the next block and hands on what it holds. False: the source has ended. A source that fails in mid-read
   * throws once all that came before is handed on and counted.
   */
  async step(): Promise<boolean> {
    // its memory is another reader's by now
    if (this.#isClosed) return false;
    if (!this.#started) {
      if (!(await this.#sniff())) return true;
      this.#started = true;
      if (!this.#isLog && this.#options.onlyLogs === true) {
        this.close();
        return false;
      }
      this.#options.onStart?.();
    } else if (!this.#ended) await this.#fill();
    if (this.#mayHoldRecords()) await this.#options.beforeBlock?.(this.#records.offset);
    this.#lines();
    if (!this.#ended) return true;
    this.#records.end();
    this.#scanner?.flush();
    this.close();
    if (this.#failure !== undefined) throw this.#failure.error;
    return false;
  }

  /**
   * What has come of a source that is followed counts as all there is: its whole lines are handed on, and the record that they end
   * with. If that one goes on later all the same, `isSpoiled` tells. False: it is not known yet what the source is, or a line or a
   * call is not whole.
   */
  settle(): boolean {
    if (!this.#started || this.#isClosed) return false;
    this.#isSettling = true;
    this.#lines();
    this.#isSettling = false;
    if (this.#records.wantsMore) return false;
    this.#records.close();
    this.#scanner?.flush();
    this.#settledAt = this.#records.offset;
    return true;
  }

  /** Did a record go on behind the place where it was settled? Then events are not those of the whole. */
  get isSpoiled(): boolean {
    return this.#isSpoiled;
  }

  /** Is it known what the source is, so that records of it were read? */
  get isStarted(): boolean {
    return this.#started;
  }

  /** Bytes that have come and are no whole line yet. */
  get pending(): number {
    return this.#filled;
  }

  /** Gives the memory of the bulk reader back; to be called where a source is not read to its end. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#objects = this.#scanner?.objects ?? 0;
    this.#scanner?.close();
  }

  /** A native trace holds no record of runsc, unless runsc itself was traced and wrote into the same file. */
  #mayHoldRecords(): boolean {
    if (!this.#onlyNative) return true;
    const buf = this.#buffer;
    for (let at = 0; at < this.#filled;) {
      if (isHeaderAt(buf, at, this.#filled)) {
        this.#onlyNative = false;
        return true;
      }
      const newline = buf.indexOf(10, at);
      if (newline === -1) break;
      at = newline + 1;
    }
    return false;
  }

  async #fill(): Promise<void> {
    try {
      const pending = this.#source.read(this.#buffer, this.#filled);
      const count = typeof pending === 'number' ? pending : await pending;
      this.#isDry = count === 0 && this.#source.goesOn?.() === true;
      if (this.#isDry) return;
      if (count === 0) this.#ended = true;
      this.#recent?.add(this.#buffer, this.#filled, this.#filled + count);
      this.#options.onBytes?.(this.#buffer, this.#filled, this.#filled + count);
      this.#filled += count;
    } catch (error) {
      this.#failure = { error };
      this.#ended = true;
    }
  }

  /** Bytes read so far. */
  get bytes(): number {
    return this.#started ? this.#records.offset : 0;
  }

  /** Does the source hold any log? Known after the first step. */
  get isLog(): boolean {
    return this.#isLog;
  }

  /** May the source be one of two that hold the same trace? Only builds before 20190722 wrote such. */
  get mayRepeat(): boolean {
    return this.#reader.dialect === DIALECTS[0];
  }

  /** What tells the trace of such a source from another: time within the hour and text of its first records. */
  get traceKeys(): readonly string[] {
    return this.#traceKeys;
  }

  /** How many processes wrote into it, by their banners. */
  get banners(): number {
    return (this.#events.get('banner') ?? 0) / 2;
  }

  /** Reads until it is clear what the source is: an opener, enough bytes, or the end. False: no more has come. */
  async #sniff(): Promise<boolean> {
    const search = (this.#search ??= new OpenerSearch());
    const buf = this.#buffer;
    const sniffed = (): number => Math.min(this.#filled, SNIFF_BYTES);
    do {
      await this.#fill();
      if (this.#isDry) return false;
      search.look(buf, sniffed(), this.#ended || this.#filled >= SNIFF_BYTES);
      // Only builds of 2018 wrote `x:0`, and records twice: that shows in many lines alone.
    } while (!this.#ended && this.#filled < SNIFF_BYTES && (search.opener === 'none' || search.isOld));
    const { opener } = search;
    const isBinary = isBinaryText(buf, opener === 'none' ? sniffed() : search.at);
    const format = this.#options.inputFormat ?? 'auto';
    const native = format === 'native-strace' || (format === 'auto' && opener === 'native');
    this.#onlyNative = native;
    const posted = this.#options.recovery === false || isBinary || native ? undefined : search.posted;
    const isRecord = opener !== 'none' && (opener !== 'posted' || search.posted?.sign === 'record');
    this.#isLog = isRecord || (format !== 'auto' && format !== 'text') || (!isBinary && this.#speaksOfRunsc(opener));
    const { carriers } = this.#options;
    this.#records = new RecordReader((record) => this.#record(record), {
      native,
      ...(this.#options.recovery === false || native ? {} : { isBehind }),
      carriers: {
        known: (offset) => carriers?.get(offset),
        find: (offset, line) => this.#findCarrier(offset, line),
        isCarriedLine: (buffer, start, end, endsWith) => this.#finder.isCarriedLine(buffer, start, end, endsWith),
      },
    });
    if (posted !== undefined) this.#recovery = new Recovery(this.#records, posted);
    if (opener === 'glog' || posted !== undefined) {
      // The first header alone decides, so that it does not matter how much has been read by now.
      const text =
        posted === undefined
          ? buf.toString('latin1', search.at, Math.min(sniffed(), search.at + HEADER_BYTES))
          : buf.toString('latin1', 0, sniffed());
      this.#year = yearOf(this.#source, text, this.#options.now);
    }
    this.#reader = new EventReader({
      source: this.#source.name,
      year: this.#year?.value ?? 0,
      isLog: this.#isLog,
      hasRecords: opener !== 'none' && posted === undefined,
      sentences: this.#options.sentences ?? true,
      isBinary,
    });
    if (search.isOld && isWrittenTwice(buf, sniffed())) this.#twins = new Twins();
    return true;
  }

  /**
   * Text without a single record may still be what runsc or its caller printed: an error that is known. A file that
   * only lies in the folder must begin a line with it; notes that quote one are no log. A file that is given may also be a
   * session in a shell, or tell of a failure in a program's words. Words about runsc alone are no log.
   */
  #speaksOfRunsc(opener: Opener): boolean {
    const text = this.#buffer.toString('utf8', 0, Math.min(this.#filled, SNIFF_BYTES));
    const isListed = this.#options.onlyLogs === true;
    if (opener === 'posted') return !isListed || /\b(?:runsc|gvisor|nvproxy|OCI runtime)\b/i.test(text);
    if (text.split('\n', 2000).some((line) => isKnownText(line, isListed))) return true;
    return !isListed && (isSession(text) || isReport(text) || speaksOfFailure(text));
  }

  /** Is there too little of a stream yet to look ahead? */
  #awaits(available: number): boolean {
    return this.#recent !== undefined && !this.#ended && available < COMPARED_BYTES;
  }

  /** Does the line carry forged records, or is it one? Only asked in sources that hold some. */
  #isCarrying(buf: Buffer, start: number, end: number): boolean {
    if (this.#finder.isEmpty) return false;
    return (
      this.#options.carriers?.has(this.#records.offset) === true ||
      this.#finder.isCarriedLine(buf, start, end, () => true)
    );
  }

  /** A header stands in a trace record that is not whole: does the record carry it? */
  #findCarrier(offset: number, line: string): Carrier | undefined {
    const tag = TASK.exec(line);
    if (tag === null) return undefined;
    const tid = Number(tag[2] ?? tag[1]);
    return / X [a-z0-9_]+\(/.test(line.slice(tag.index, tag.index + tag[0].length + 40))
      ? this.#finder.resolve(tid, offset, line)
      : this.#finder.resolveEnter(offset, line);
  }

  /**
   * Carriers that were found only at their exit record: what their enter record carries has been taken for records
   * already, so the source must be read again with these known.
   */
  get lateCarriers(): readonly Carrier[] {
    const { carriers } = this.#options;
    return this.#finder.late.filter(({ offset }) => carriers?.has(offset) !== true);
  }

  /** Carried lines that look like records, known and found. */
  get carriedLines(): readonly CarriedLine[] {
    return this.#finder.lines;
  }

  #placeOfRows(): RowPlace {
    const { block, starts, lines, firstLine: line } = this.#scanner as BulkScanner;
    const dateOf = (monthDay: string): string => this.#reader.dateOf(monthDay);
    return { block, starts, lines, line, offset: this.#blockOffset, dateOf };
  }

  /** Hands each whole line of the buffer to the reader it is for, and keeps the rest for the next block. */
  #lines(): void {
    const buf = this.#buffer;
    const filled = this.#filled;
    const records = this.#records;
    const isBulk = this.#twins === undefined && this.#recovery === undefined && this.#options.where === undefined;
    const scanner = isBulk ? this.#scanner : undefined;
    let at = 0;
    this.#blockOffset = records.offset;
    const entered = (tid: number, start: number): void => this.#finder.entered(tid, records.offset + start - at);
    // A line is taken in bulk only when the next one begins a record: so that line must be there, too.
    const needed = scanner === undefined || this.#ended || this.#isSettling ? 0 : HEADER_BYTES;
    let message = scanner === undefined || records.wantsMore ? -1 : scanner.messageAt(0, filled);
    // rows that are told with their places are those of text logs
    const isOnly = this.#options.onlyRows === true && this.#options.onRows === undefined;
    const natives = this.#onlyNative && isOnly ? scanner : undefined;
    for (;;) {
      if (natives !== undefined && records.takesNative) {
        const stop = this.#runNative(natives, at, filled, needed);
        if (stop !== at) message = natives.messageAt(stop, filled);
        at = stop;
      }
      const newline = buf.indexOf(10, at);
      if (newline === -1 || newline >= filled) break;
      const next = newline + 1;
      if (filled - next < needed) break;
      if (records.offset === this.#settledAt && !this.#beginsRecord(buf, at, next)) this.#isSpoiled = true;
      let nextMessage = scanner === undefined ? -1 : scanner.messageAt(next, filled);
      const isWhole =
        nextMessage !== -1 ||
        next === filled ||
        headerEnd(buf, next, filled) !== -1 ||
        isNextObject(buf, at, next, filled);
      // Whether a header stands within the open record is told by what follows: in a pipe, that has to be there first.
      if (records.wantsMore && this.#awaits(filled - at) && isHeaderAt(buf, at, filled)) break;
      const isFree = message !== -1 && isWhole && !records.wantsMore && !this.#isCarrying(buf, at, newline);
      if (isFree && scanner?.line(at, message, newline) === true) {
        if (!scanner.isExit) this.#finder.entered(scanner.tid, records.offset);
        records.skip(next - at, 1);
        if (scanner.batch.count === 0) scanner.firstLine = records.line - 1;
        scanner.take(at, next);
        if (scanner.isNews) this.#reader.peek(buf.toString('latin1', at, newline));
        at = next;
        if (this.#finder.isEmpty) {
          // No record is open now, and none carries others: what the scanner can, it takes in one go.
          const { scanned, idle } = scanner;
          if (scanner.batch.count === 0) scanner.firstLine = records.line;
          const stop = scanner.run(at, filled, needed, entered);
          if (stop !== at) {
            const begin = buf.lastIndexOf(10, stop - 2) + 1;
            if (scanner.isNews) this.#reader.peek(buf.toString('latin1', begin, stop - 1));
            records.skip(stop - at, scanner.scanned - scanned + scanner.idle - idle);
            at = stop;
            nextMessage = scanner.messageAt(at, filled);
          }
        }
      } else {
        // That the next line begins a record was seen in its header; where records carry forged ones, each is looked at.
        const isPlain = scanner !== undefined && message === -1 && isWhole && next < filled && this.#finder.isEmpty;
        if (!isPlain || !isHeaderAt(buf, next, filled) || !records.takeWhole(buf, at, next))
          this.#feed(buf, at, next, true);
        at = next;
      }
      message = nextMessage;
    }
    if (this.#ended && (at < filled || records.midLine)) {
      this.#feed(buf, at, filled, true);
      at = filled;
    } else if (at === 0 && filled === buf.length) {
      // A line that is longer than the block: its pieces go to the record reader, which keeps a bounded part.
      const newline = buf.indexOf(10);
      const last = this.#recovery === undefined ? filled : cutOf(buf, filled);
      const stop = newline === -1 ? last : newline + 1;
      this.#feed(buf, 0, stop, newline !== -1);
      at = stop;
    }
    scanner?.flush();
    buf.copyWithin(0, at, filled);
    this.#filled = filled - at;
  }

  #beginsRecord(buf: Buffer, at: number, next: number): boolean {
    if (headerEnd(buf, at, next) !== -1 || isJsonAt(buf, at, next)) return true;
    return this.#onlyNative && readNativeLine(buf.toString('latin1', at, next).trimEnd()) !== undefined;
  }

  /** Whole calls of a native trace in bulk; gives where the first line stands that is none. */
  #runNative(scanner: BulkScanner, at: number, filled: number, needed: number): number {
    const { natives } = this.#reader;
    scanner.readNative(natives.nameless);
    if (!scanner.isNativeAt(at, filled, needed)) return at;
    // What was open ends first: its row comes first, and it may be the first line that names its task.
    const { nameless } = natives;
    this.#records.skip(0, 0);
    if (natives.nameless !== nameless) {
      scanner.readNative(natives.nameless);
      if (!scanner.isNativeAt(at, filled, needed)) return at;
    }
    const { natives: before } = scanner;
    const stop = scanner.runNative(at, filled, needed, (tid) => natives.saw(tid));
    this.#records.skip(stop - at, scanner.natives - before);
    this.#reader.sawRecord();
    return stop;
  }

  #feed(buf: Buffer, start: number, end: number, isWhole: boolean): void {
    if (this.#recovery === undefined) this.#records.feed(buf, start, end, isWhole);
    else this.#recovery.line(buf, start, end, isWhole);
  }

  #record(record: LogRecord): void {
    // Rows come first, and take their dates first.
    if (this.#options.onRows !== undefined) this.#scanner?.flush();
    const event = this.#mark(this.#reader.read(record), record);
    this.#shapes.set(record.shape, (this.#shapes.get(record.shape) ?? 0) + 1);
    if (record.shape === 'json') {
      if (event.level === 'error') this.#errors++;
      if (record.text.startsWith('{"log"')) this.#k8s++;
    }
    if (event.repeated === true) this.#repeated++;
    if (event.cut !== undefined || isCutOff(event)) this.#truncated++;
    if (event.forged !== undefined) {
      this.#forged += event.forged;
      this.#options.onForged?.(event);
    }
    if (event.kind === 'unread') this.#unread.set(event.why, (this.#unread.get(event.why) ?? 0) + 1);
    if (event.kind === 'syscall-enter') this.#finder.entered(event.task.tid, event.offset);
    const isCall = event.kind === 'syscall-exit' || event.kind === 'syscall-enter';
    if (isCall && this.#traceKeys.length < MOST_KEYS && this.mayRepeat && event.repeated !== true) {
      this.#traceKeys.push(traceKey(event));
    }
    if (this.#options.onRows !== undefined) {
      this.#events.set(event.kind, (this.#events.get(event.kind) ?? 0) + 1);
      this.#options.onEvent(event);
      return;
    }
    if (this.#scanner !== undefined && isCall) {
      if (event.repeated !== true && this.#isWanted(event)) this.#row(this.#scanner, event);
      else this.#events.set(event.kind, (this.#events.get(event.kind) ?? 0) + 1);
      return;
    }
    if (this.#scanner !== undefined && event.kind === 'native-syscall') {
      const row = this.#isWanted(event) ? nativeRowOf(event) : undefined;
      const text =
        this.#options.wantsNativeTexts === true
          ? { args: event.args, ret: Number(event.ret), nestedTgid: -1, nestedTid: -1, isNative: true as const }
          : undefined;
      if (row !== undefined) this.#scanner.addOther({ ...row, second: secondOfEvent(event), bytes: event.bytes, text });
    }
    this.#events.set(event.kind, (this.#events.get(event.kind) ?? 0) + 1);
    if (this.#options.wantsTexts === true && this.#options.isOrdered?.(event) !== false) this.#scanner?.flush();
    if (event.kind === 'banner' && isArchitecture(event.values['arch'])) {
      this.#scanner?.learnArchitecture(event.values['arch']);
    }
    this.#options.onEvent(event);
  }

  #isWanted(event: LogEvent): boolean {
    return this.#options.where === undefined || this.#options.where(event);
  }

  #mark(event: LogEvent, record: LogRecord): LogEvent {
    let marked = record.forged > 0 ? { ...event, forged: record.forged } : event;
    if (this.#source.isUtf16 === true) {
      marked = { ...marked, recovered: marked.recovered === undefined ? 'utf-16' : `utf-16,${marked.recovered}` };
    }
    return this.#twins?.isSecond(record.text) === true ? { ...marked, repeated: true } : marked;
  }

  #row(scanner: BulkScanner, event: Extract<LogEvent, { kind: 'syscall-exit' | 'syscall-enter' }>): void {
    const { tid, tgid, nested } = event.task;
    const isExit = event.kind === 'syscall-exit';
    const text =
      this.#options.wantsTexts === true
        ? {
            args: event.args,
            ret: isExit ? Number(event.ret) : 0,
            nestedTgid: nested?.tgid ?? -1,
            nestedTid: nested?.tid ?? -1,
          }
        : undefined;
    scanner.add({
      isExit,
      name: event.name,
      errno: isExit ? (event.errno ?? 0) : 0,
      elapsed: isExit ? event.duration_ns : 0,
      tgid: tgid ?? -1,
      tid,
      second: secondOfEvent(event),
      bytes: event.bytes,
      text,
    });
  }

  /** What was read; complete once `step` has answered false. */
  reading(): Reading {
    const events: Partial<Record<Kind, number>> = Object.fromEntries(this.#events);
    if (this.#scanner !== undefined) {
      if (this.#scanner.exits > 0) events['syscall-exit'] = (events['syscall-exit'] ?? 0) + this.#scanner.exits;
      const { natives, idle } = this.#scanner;
      if (idle > 0) events['note'] = (events['note'] ?? 0) + idle;
      if (natives > 0) events['native-syscall'] = (events['native-syscall'] ?? 0) + natives;
      if (this.#scanner.enters > 0) events['syscall-enter'] = (events['syscall-enter'] ?? 0) + this.#scanner.enters;
    }
    const counted = Object.values(events).reduce((sum, count) => sum + (count ?? 0), 0);
    return {
      source: this.#source.name,
      format: this.#format(),
      dialect: this.#reader.dialect?.id ?? null,
      compression: this.#source.compression,
      bytes: this.#records.offset,
      lines: this.#records.line - 1,
      records: counted,
      events,
      unread: Object.fromEntries(this.#unread),
      forged: this.#forged,
      truncated: this.#truncated,
      repeated: this.#repeated,
      year: this.#year,
    };
  }

  /** The format that most records have. */
  #format(): Format {
    if (this.#options.inputFormat !== undefined && this.#options.inputFormat !== 'auto')
      return this.#options.inputFormat;
    const of = (shape: string): number => this.#shapes.get(shape) ?? 0;
    const objects = this.#objects;
    const { scanned, idle, natives } = this.#scanner ?? { scanned: 0, idle: 0, natives: 0 };
    const glog = of('glog') + scanned + idle - objects;
    const json = of('json') + objects;
    if (this.#records.offset === 0) return 'empty';
    if (glog > 0 && glog >= json) return 'glog';
    if (json > 0) return this.#k8s > 0 ? 'json-k8s' : this.#errors === json ? 'error-log' : 'json';
    if (of('native') + natives > 0) return 'native-strace';
    return of('crash') > 0 ? 'go-crash' : 'text';
  }
}

/** Of two lines, do both hold objects of a JSON log? */
function isNextObject(buf: Buffer, at: number, next: number, filled: number): boolean {
  return isJsonAt(buf, at, next) && isJsonAt(buf, next, filled);
}

/** A record of the tracer that is neither of its two: its end was never written, or was cut off. */
function isCutOff(event: LogEvent): boolean {
  return event.kind === 'note' && event.site?.startsWith('strace.go:') === true;
}

const EMPTY = Buffer.alloc(0);
const isArchitecture = (word: string | undefined): word is Architecture => word === 'amd64' || word === 'arm64';
/** Seconds of the day of an event, by its clock as printed. */
function secondOfEvent(event: LogEvent): number {
  if (event.time !== null) return secondOf(event.time.slice(11, 19));
  return event.kind === 'native-syscall' && event.clock !== undefined ? secondOf(event.clock.slice(0, 8)) : -1;
}
/** The ids of a task tag: TGID and TID, or the TID alone. */
const TASK = /\] \[ *(\d+)(?:\( *\d+\))?(?:: *(\d+))?/;
const MOST_KEYS = 256;

/** Microseconds within the hour: two logs of one process may differ in zone and in digits. */
function traceKey(event: LogEvent): string {
  return `${/:(\d\d:\d\d\.\d{6})/.exec(event.time ?? '')?.[1] ?? ''} ${event.message}`;
}

type Opener = 'glog' | 'json' | 'crash' | 'native' | 'posted' | 'none';

/**
 * Looks for the first line that begins a record of a log, as its bytes come: the answer is the same in whatever chunks.
 */
class OpenerSearch {
  opener: Opener = 'none';
  /** Where the first record begins; before that, where the first line begins that is not whole yet. */
  at = 0;
  /** Is the first record of a build that wrote no call sites? */
  isOld = false;
  /** What is there in place of a clean log, if its first record is none of a clean log. */
  posted: Posted | undefined;
  /** A fence, a prompt, a header of tail stood before. */
  #frame: Posted | undefined;
  /** Whether lines were broken is told by many of them: so much has to come first. */
  #awaitsAll = false;
  #native = 0;
  #other = 0;

  /** Goes on where it was. `isAll`: no more will come, so that the last line is whole. */
  look(buf: Buffer, filled: number, isAll: boolean): void {
    if (this.#awaitsAll && !isAll) return;
    while (this.opener === 'none' && this.at < filled) {
      const { at } = this;
      const newline = buf.indexOf(10, at);
      const isWhole = newline !== -1 && newline < filled;
      const end = isWhole ? newline : filled;
      this.opener = openerAt(buf, at, end);
      if (this.opener === 'glog') {
        // The call site must have come, too.
        if (end - at < SITE_BYTES && !isWhole && !isAll) this.opener = 'none';
        else this.isOld = / x:0\] /.test(buf.toString('latin1', at, Math.min(end, at + SITE_BYTES)));
      }
      if (this.opener === 'json' && (isWhole || isAll) && isCarriedLine(buf.toString('latin1', at, end))) {
        this.opener = 'posted';
        this.posted = { sign: 'record', isPage: false, width: 0 };
      }
      const isOwn = this.opener === 'glog' || this.opener === 'json';
      if (isOwn && !this.#isSettled(buf, filled, isAll)) {
        this.opener = 'none';
        return;
      }
      if (this.opener !== 'none' || (!isWhole && !isAll)) return;
      const text = buf.toString('latin1', at, buf[end - 1] === 13 ? end - 1 : end);
      if (readNativeLine(text) !== undefined) this.#native++;
      else if (text.trim() !== '' && !NATIVE_BELOW.test(text)) {
        this.#other++;
        const sign = this.#native > 0 ? undefined : postedSign(text);
        if (sign?.sign === 'frame') this.#frame = sign;
        else if (sign !== undefined) {
          this.#post(sign, buf, filled, isAll);
          return;
        }
      }
      // A page of prose may hold a line like strace's; a trace is made of them.
      if (this.#native >= 3 && this.#native > this.#other) {
        this.opener = 'native';
        this.at = 0;
      } else this.at = end + 1;
    }
    if (isAll && this.opener === 'none' && this.#native > 0 && this.#native >= this.#other) {
      this.opener = 'native';
      this.at = 0;
    }
  }

  /** A page may have broken its lines; machines that put a prefix before each do not. */
  #post(posted: Posted, buf: Buffer, filled: number, isAll: boolean): void {
    this.#awaitsAll = posted.isPage && !isAll;
    this.opener = this.#awaitsAll ? 'none' : 'posted';
    if (this.#awaitsAll) return;
    this.posted = posted.isPage ? { ...posted, width: widthOf(buf.toString('latin1', this.at, filled)) } : posted;
  }

  /**
   * The first record may be whole and still none of a clean log: others stand behind it on its line, or a line of its banner was
   * broken or set by a page. The banner must have come up to its arguments before it is known.
   */
  #isSettled(buf: Buffer, filled: number, isAll: boolean): boolean {
    const page: Posted = { sign: 'record', isPage: true, width: 0 };
    let at = this.at;
    for (let line = 0; line < BANNER_LINES; line++) {
      if (at >= filled) {
        // What ends with a line may go on with the banner all the same.
        if (!isAll) return false;
        break;
      }
      const newline = buf.indexOf(10, at);
      const isWhole = newline !== -1 && newline < filled;
      if (!isWhole && !isAll) return false;
      const end = isWhole ? newline : filled;
      const text = buf.toString('latin1', at, buf[end - 1] === 13 ? end - 1 : end);
      // Nothing of a banner before its arguments has a second line.
      const isCut = isWhole && (isBroken(text) || (line > 0 && openerAt(buf, at, end) === 'none'));
      if (isCut && !isAll) {
        this.#awaitsAll = true;
        return false;
      }
      if (isPostedRecord(text) || (isCut && widthOf(buf.toString('latin1', this.at, filled), 1) > 0)) {
        this.#post(page, buf, filled, isAll);
        if (this.posted?.width === 0 && isCut) {
          this.posted = { ...page, width: widthOf(buf.toString('latin1', this.at, filled), 1) };
        }
        return this.opener !== 'none';
      }
      if (isCut || !GOES_ON.test(text)) break;
      at = end + 1;
    }
    // Clean records within a frame end where the frame does.
    if (this.#frame !== undefined) {
      this.#post({ ...this.#frame, sign: 'record' }, buf, filled, isAll);
      return this.opener !== 'none';
    }
    return true;
  }
}

/** A banner's line with the arguments is one of so many. */
const BANNER_LINES = 6;
/** Lines of a banner before that one. */
const GOES_ON = /\*{5}(?:$|")|\] (?:Version |Page size: )/;

/** A header and the literal x:0 behind it fit into so many bytes. */
const SITE_BYTES = 60;

function openerAt(buf: Buffer, at: number, end: number): Opener {
  if (isHeaderAt(buf, at, end)) return 'glog';
  if (isJsonAt(buf, at, end)) return 'json';
  return CRASH.test(buf.toString('latin1', at, Math.min(end, at + 300))) ? 'crash' : 'none';
}

/** Text has next to no control bytes. */
function isBinaryText(buf: Buffer, filled: number): boolean {
  const length = Math.min(filled, 8192);
  let controls = 0;
  for (let at = 0; at < length; at++) {
    const c = buf[at] as number;
    if (c < 9 || (c > 13 && c < 27) || (c > 27 && c < 32)) controls++;
  }
  return controls * 20 > length;
}
