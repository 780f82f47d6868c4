/** One log that grows: the same reader and the same folds as at rest, fed with what has come, and asked in between. */
import { diagnosisAnalyzers, ENDING_ANALYZERS, type DiagnosisProducts } from '../analyzers/diagnosis.js';
import { processOf } from '../analyzers/runs.js';
import { RecentBytes, type CarriedLine, type Carrier } from '../events/carriers.js';
import { SourceStream, type InputFormat } from '../events/stream.js';
import { readTail, TAIL_BYTES } from '../events/tail.js';
import { openStream, type OpenSource } from '../input/source.js';
import type { Batch, Fold, RowPlace } from '../model/analyzer.js';
import type { Kind, LogEvent } from '../model/event.js';
import type { Recorded } from '../model/follow.js';
import type { Reading } from '../model/reading.js';
import type { LiveScan } from '../scan.js';
import { OpenCalls } from './open-calls.js';
import { FlightRecorder } from './recorder.js';
import { Tally } from './tally.js';

/** Where the bytes of a live source come from. */
export type Feed = Pick<OpenSource, 'read' | 'readAt' | 'close'> & {
  readonly modified: number | null;
  /** Begins again at its first byte and gives none behind `limit`, until that is lifted; undefined where it cannot. */
  readonly rewind?: ((limit: number) => void) | undefined;
  lift?(): void;
  /** Are the bytes no longer those that were read? */
  readonly isReplaced?: boolean;
};

export type LiveOptions = {
  readonly inputFormat?: InputFormat;
  /** Found in a folder: if it holds no log, it is passed over. */
  readonly isListed: boolean;
  readonly startScan?: () => LiveScan;
  /** Count calls for a summary. */
  readonly tallies: boolean;
  /** Records of each task that a failure is told with; 0: none. */
  readonly recorder: number;
};

/** Records that may decide how a sandbox fared: whoever follows wants to know at once. */
const DECISIVE = new Set<Kind>([
  'fatal',
  'json-error',
  'panic',
  'watchdog',
  'exit',
  'fault',
  'stderr',
  'docker',
  'kubernetes',
  'shim',
  'kernel',
]);
const CALLS = ['syscall-exit', 'syscall-enter', 'native-syscall'] as const;
/** Logs of these commands hold next to no trace: they are read without the memory of the bulk reader. */
const SMALL = new Set(
  'create delete do events exec gofer kill list pause ps restore resume run spec start state wait'.split(' '),
);
/** Holds what is looked at before it is known what a source is. */
const BLOCK_BYTES = 128 * 1024;
/** What went on behind a record that was taken for whole is read again, up to this size. */
const REPEATED_BYTES = 64 * 1024 * 1024;
/** While bytes come, the end of a trace is read again after so many times as long as it took. */
const ENDING_REST = 50;
/** Of what is not known yet to be a log, so much is looked at. */
const UNKNOWN_BYTES = 64 * 1024;

type Folds = { readonly [Key in keyof typeof diagnosisAnalyzers]: Fold<DiagnosisProducts[Key]> };
const NAMES = Object.keys(diagnosisAnalyzers) as (keyof Folds)[];

function startFolds(): Folds {
  return Object.fromEntries(NAMES.map((name) => [name, diagnosisAnalyzers[name].start()])) as unknown as Folds;
}

function productsOf(folds: Folds): DiagnosisProducts {
  return Object.fromEntries(NAMES.map((name) => [name, folds[name].finish(new Set())])) as unknown as DiagnosisProducts;
}

/** Hands a record to those folds that read its kind. */
function feed(folds: Folds, event: LogEvent, names: readonly (keyof Folds)[] = NAMES): void {
  for (const name of names) if (READS[name].has(event.kind)) folds[name].see(event);
}

export type LiveProducts = { readonly products: DiagnosisProducts; readonly recorded: readonly Recorded[] };

/** What the end of a trace tells, as of some moment. */
type Ending = LiveProducts & {
  /** `changes` of that moment. */
  readonly changes: number;
  /** When it was read, and how long that took, in milliseconds. */
  readonly at: number;
  readonly took: number;
};

export class LiveSource {
  #feed: Feed;
  #stream: SourceStream;
  #folds: Folds = startFolds();
  readonly #scan: LiveScan | undefined;
  readonly #scanFold: Fold<unknown> | undefined;
  readonly #scanned: ReadonlySet<string>;
  readonly calls = new OpenCalls();
  readonly tally: Tally | undefined;
  /** Readings of what the file held before it was emptied or replaced. */
  readonly #past: Reading[] = [];
  /** Bytes and lines of the file before the first byte that the stream got. */
  #base = { offset: 0, lines: 0 };
  readonly #carriers = new Map<number, Carrier>();
  #carriedLines: readonly CarriedLine[] = [];
  /** What came, where it cannot be read again. */
  #recent: RecentBytes | undefined;
  /** Up to here scan and tallies have seen the bytes of this feed. */
  #seen = 0;
  #isEnded = false;
  /** It was there before anybody asked: what it held then is no news. */
  isOld = false;
  /** Grows whenever what the folds hold may have changed. */
  changes = 0;
  /** When bytes came last, in milliseconds of the wall clock. */
  touched: number;
  /** Bytes have come that are not settled. */
  isOpen = false;
  /** A record came that may decide, since the last time that was asked. */
  isDecisive = false;
  #known: (LiveProducts & { readonly version: number }) | undefined;
  #ending: Ending | undefined;
  /** How often the end of the trace was read again. */
  #endings = 0;

  constructor(
    readonly name: string,
    feed: Feed,
    readonly options: LiveOptions,
    now: number,
  ) {
    this.#feed = feed;
    this.touched = now;
    this.#scan = options.startScan?.();
    this.#scanFold = this.#scan?.analyzer.start();
    this.#scanned = new Set(this.#scan?.analyzer.reads);
    this.tally = options.tallies ? new Tally() : undefined;
    this.#stream = this.#open();
  }

  #open(): SourceStream {
    const { name, options } = this;
    const feed = this.#feed;
    this.#recent = feed.readAt === undefined ? new RecentBytes(TAIL_BYTES) : undefined;
    const source: OpenSource = {
      name,
      compression: 'none',
      modified: feed.modified,
      read: (into, at) => this.#feed.read(into, at),
      goesOn: () => !this.#isEnded,
      ...(feed.readAt === undefined
        ? {}
        : { readAt: (offset: number, length: number) => this.#readAt(offset, length) }),
      close() {},
    };
    const isBulk = options.inputFormat !== 'native-strace' && !SMALL.has(processOf(name, null).command ?? '');
    return new SourceStream(source, {
      ...(options.inputFormat === undefined ? {} : { inputFormat: options.inputFormat }),
      carriers: this.#carriers,
      carriedLines: this.#carriedLines,
      onlyLogs: options.isListed,
      blockBytes: BLOCK_BYTES,
      onStart: () => this.#starts(),
      onEvent: (event) => this.#see(event),
      onForged: (event) => this.#folds.forgeries.seeForged?.(event),
      onBytes: (buffer, start, end) => this.#recent?.add(buffer, start, end),
      ...(isBulk ? { onRows: (batch: Batch, place: RowPlace) => this.#seeRows(batch, place) } : {}),
    });
  }

  /** Bytes by their place in the stream. */
  #readAt(offset: number, length: number): Buffer {
    return this.#feed.readAt?.(offset + this.#base.offset, length) ?? Buffer.alloc(0);
  }

  #isStarted = false;
  /** Those that were told that the source starts: what is rotated away goes on in them. */
  #started: Folds | undefined;
  #starts(): void {
    if (this.#started !== this.#folds) for (const name of NAMES) this.#folds[name].sourceStarts?.(this.name);
    this.#started = this.#folds;
    if (!this.#isStarted) this.#scanFold?.sourceStarts?.(this.name);
    this.#isStarted = true;
  }

  #see(event: LogEvent): void {
    if (event.repeated === true) return;
    const isNew = event.offset >= this.#seen;
    if (this.#base.offset > 0) place(event, this.#base);
    if (DECISIVE.has(event.kind)) this.isDecisive = true;
    feed(this.#folds, event, STEADY);
    if (!isNew) return;
    if (this.#scanned.has(event.kind)) this.#scanFold?.see(event);
    if (event.kind !== 'syscall-enter' && event.kind !== 'syscall-exit') return;
    this.calls.see(event, this.touched);
    this.tally?.see(event);
  }

  #seeRows(batch: Batch, within: RowPlace): void {
    if (within.offset + (within.starts[batch.count - 1] ?? 0) < this.#seen) return;
    const { offset, lines } = this.#base;
    const whole = offset === 0 ? within : { ...within, offset: within.offset + offset, line: within.line + lines };
    this.#scanFold?.seeRows?.(batch, whole);
    this.calls.seeRows(batch, whole, this.touched);
    this.tally?.seeRows(batch);
  }

  /** Bytes that were read of what the feed gives now. */
  get bytes(): number {
    return this.#stream.bytes + this.#stream.pending;
  }

  /** Is it known that there is no log in it? It may become one while it is small. */
  isNoLog = false;

  /** Reads one block. False: no more has come. `now` in milliseconds of the wall clock. */
  async step(now: number): Promise<boolean> {
    if (this.#isEnded) return false;
    if (this.isNoLog) this.#retry();
    if (this.isNoLog) return false;
    const before = this.bytes;
    const more = await this.#stream.step();
    if (!more) {
      this.isNoLog = true;
      this.isOpen = false;
      return false;
    }
    if (this.bytes === before) return false;
    this.touched = now;
    this.isOpen = true;
    this.changes++;
    return true;
  }

  #retry(): void {
    if (this.#feed.rewind === undefined || this.bytes > UNKNOWN_BYTES) return;
    this.#feed.rewind(Number.POSITIVE_INFINITY);
    this.#stream = this.#open();
    this.isNoLog = false;
  }

  /** Nothing more has come for a while: what is there is told. */
  settle(): void {
    this.isOpen = false;
    if (this.isNoLog || this.#isEnded) return;
    this.#stream.settle();
    this.changes++;
  }

  /** Reads again what was told too early, as the whole that it became. */
  async mend(): Promise<void> {
    const stream = this.#stream;
    const isLate = stream.lateCarriers.length > 0;
    if ((!stream.isSpoiled && !isLate) || this.#past.length > 0 || this.#feed.rewind === undefined) return;
    if (stream.bytes > REPEATED_BYTES || this.#feed.isReplaced === true) return;
    for (const carrier of stream.lateCarriers) this.#carriers.set(carrier.offset, carrier);
    this.#carriedLines = stream.carriedLines;
    this.#seen = Math.max(this.#seen, stream.bytes);
    const { bytes } = this;
    stream.close();
    this.#folds = startFolds();
    this.#feed.rewind(bytes);
    this.#stream = this.#open();
    if (this.#isEnded) {
      while (await this.#stream.step());
      this.#stream.close();
    }
    for (let before = -1; !this.#isEnded && this.bytes > before && this.bytes < bytes;) {
      before = this.bytes;
      await this.#stream.step();
    }
    this.#feed.lift?.();
    if (!this.isOpen && !this.#isEnded) this.#stream.settle();
    this.changes++;
  }

  /** The same bytes go on in a copy of the file. */
  readFrom(copy: Feed): void {
    this.#feed = copy;
  }

  /** The file was emptied or replaced: what follows has places of its own, and goes on for the folds. Gives the reading of what was before. */
  async nextPiece(feed: Feed, base = { offset: 0, lines: 0 }): Promise<Reading | undefined> {
    await this.#endStream();
    this.#isEnded = false;
    const past = this.reading();
    if (past !== undefined) this.#past.push(past);
    this.#carriers.clear();
    this.#carriedLines = [];
    this.#seen = 0;
    this.calls.clear();
    this.#feed = feed;
    this.#base = base;
    this.#stream = this.#open();
    this.changes++;
    return past;
  }

  async #endStream(): Promise<void> {
    this.#isEnded = true;
    if (!this.isNoLog) while (await this.#stream.step());
    this.#stream.close();
  }

  /** No more will come: the last line is whole now, whatever it is. */
  async end(): Promise<void> {
    if (this.#isEnded) return;
    const before = this.reading();
    await this.#endStream();
    await this.mend();
    if (this.#isStarted) this.#scanFold?.sourceEnds?.(this.name, false);
    // what was settled is not judged anew
    const after = this.reading();
    if (before?.bytes !== after?.bytes || before?.records !== after?.records || this.isOpen) this.changes++;
  }

  /** Findings of rules that are to be told now. */
  drain(isSettled: boolean): ReturnType<LiveScan['drain']> {
    return this.#scan?.drain(isSettled) ?? [];
  }

  /** What rules had to forget at a bound since this was asked last, by name. */
  takeDropped(): ReadonlyMap<string, number> {
    const more = new Map<string, number>();
    for (const [name, count] of Object.entries(this.#scan?.dropped() ?? {})) {
      const before = this.#dropped.get(name) ?? 0;
      if (count > before) more.set(name, count - before);
      this.#dropped.set(name, count);
    }
    return more;
  }
  readonly #dropped = new Map<string, number>();

  /** Readings of what the file no longer holds. */
  get past(): readonly Reading[] {
    return this.#past;
  }

  /** Of what the file holds. */
  reading(): Reading | undefined {
    return this.isNoLog || !this.#stream.isStarted ? undefined : this.#stream.reading();
  }

  /** Lines that the file holds before what is read next. */
  get lines(): number {
    return this.#base.lines + (this.reading()?.lines ?? 0);
  }

  readings(): readonly Reading[] {
    const reading = this.reading();
    return reading === undefined ? this.#past : [...this.#past, reading];
  }

  /** Grows whenever `products` may give something else. */
  get version(): number {
    return this.changes + this.#endings;
  }

  /** Is the end of the trace known as it is now? */
  get isEndKnown(): boolean {
    return !this.#hasCalls() || this.#ending?.changes === this.changes;
  }

  #hasCalls(): boolean {
    const events = this.reading()?.events;
    return events !== undefined && CALLS.some((kind) => (events[kind] ?? 0) > 0);
  }

  /**
   * Is it time to read the end of the trace again, which takes up to half a second? While bytes come, nothing that it tells is decided:
   * then it takes a small part of the time. `now` in milliseconds of the wall clock.
   */
  isEndDue(now: number): boolean {
    if (this.isEndKnown) return false;
    return !this.isOpen || this.#ending === undefined || now - this.#ending.at > this.#ending.took * ENDING_REST;
  }

  /** What the folds hold now, the end of the trace included: as it is, or (`isEndOld`) as it was known last. Undefined where there is no log. */
  async products(isEndOld = false): Promise<LiveProducts | undefined> {
    if (this.isNoLog) return undefined;
    if (!this.#isStarted) return this.#provisional();
    if (!isEndOld && !this.isEndKnown) await this.#readEnding();
    const { version } = this;
    if (this.#known?.version !== version) {
      const { calls, waits, refusals } = (this.#ending ?? NOTHING_KNOWN).products;
      const products = { ...productsOf(this.#folds), calls, waits, refusals };
      this.#known = { version, products, recorded: this.#ending?.recorded ?? [] };
    }
    return this.#known;
  }

  async #readEnding(): Promise<void> {
    const begun = performance.now();
    const { changes } = this;
    // if it cannot be read, that is no reason to try for ever
    this.#ending = { ...(this.#ending ?? NOTHING_KNOWN), changes };
    const { bytes } = this.#stream;
    const folds = startFolds();
    const recorder = new FlightRecorder(this.options.recorder);
    const from = Math.max(0, bytes - TAIL_BYTES, this.#recent?.start ?? 0);
    const tail = this.#recent?.read(from, TAIL_BYTES) ?? this.#readAt(from, bytes - from);
    await readTail(
      { name: this.name, modified: this.#feed.modified },
      { bytes: tail, offset: from, lines: this.#stream.reading().lines },
      { carriers: this.#carriers },
      (event) => {
        if (this.#base.offset > 0) place(event, this.#base);
        feed(folds, event, ENDING_ANALYZERS);
        if (this.options.recorder > 0) recorder.see(event);
      },
    );
    this.#endings++;
    this.#ending = {
      products: productsOf(folds),
      recorded: recorder.recorded(),
      changes,
      at: Date.now(),
      took: performance.now() - begun,
    };
  }

  /** Of so little that it is not known what it is: as it would read if it were all. */
  async #provisional(): Promise<LiveProducts | undefined> {
    if (this.#feed.readAt === undefined || this.bytes === 0) return undefined;
    const bytes = this.#feed.readAt(0, Math.min(this.bytes, UNKNOWN_BYTES));
    async function* chunks(): AsyncGenerator<Buffer> {
      yield bytes;
    }
    const folds = startFolds();
    const stream = new SourceStream(
      { ...openStream(this.name, chunks()), modified: this.#feed.modified },
      {
        onlyLogs: this.options.isListed,
        onStart: () => NAMES.forEach((name) => folds[name].sourceStarts?.(this.name)),
        onEvent: (event) => feed(folds, event),
      },
    );
    while (await stream.step());
    return stream.isLog ? { products: productsOf(folds), recorded: [] } : undefined;
  }

  /** The record at a place, as long as it can be read. */
  textAt(offset: number, length: number): string {
    return (this.#recent?.read(offset, length) ?? this.#feed.readAt?.(offset, length) ?? Buffer.alloc(0)).toString(
      'utf8',
    );
  }

  /** The line of the file in which a place stands; counted anew, for records that were read in bulk. */
  lineAt(offset: number): number {
    let line = 1;
    for (let at = 0; at < offset; at += BLOCK_BYTES) {
      const block = this.#recent?.read(at, BLOCK_BYTES) ?? this.#feed.readAt?.(at, BLOCK_BYTES);
      if (block === undefined || block.length === 0) break;
      const end = Math.min(block.length, offset - at);
      for (let newline = block.indexOf(10); newline !== -1 && newline < end; newline = block.indexOf(10, newline + 1))
        line++;
    }
    return line;
  }

  /** Is anything of a log in it, as far as is known? */
  get isLog(): boolean {
    return this.#past.length > 0 || this.#stream.isLog;
  }

  close(): void {
    this.#stream.close();
    this.#feed.close();
  }
}

/** Where an event stands in the whole file; it was made for us alone. */
function place(event: LogEvent, base: { readonly offset: number; readonly lines: number }): void {
  const own = event as { line: number; offset: number };
  own.line += base.lines;
  own.offset += base.offset;
}

const STEADY = NAMES.filter((name) => !ENDING_ANALYZERS.includes(name));
const READS = Object.fromEntries(
  NAMES.map((name) => [name, new Set<string>(diagnosisAnalyzers[name].reads)]),
) as unknown as {
  readonly [Key in keyof Folds]: ReadonlySet<string>;
};
const NOTHING_KNOWN: Ending = { products: productsOf(startFolds()), recorded: [], changes: -1, at: 0, took: 0 };
