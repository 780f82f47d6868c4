/** Wires the rooms: sources to streams, events to analyzers, products to reports. The only file that knows them all. */
import { createHash, type Hash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { RecentBytes, type CarriedLine, type Carrier } from './events/carriers.js';
import { RowWriter } from './events/row-json.js';
import { SourceStream, type InputFormat, type StreamOptions } from './events/stream.js';
import { LineBytes } from './events/line-bytes.js';
import { readTail, TAIL_BYTES } from './events/tail.js';
import { unpack } from './input/archive.js';
import { copiesAmong } from './input/copies.js';
import {
  failureOf,
  filesBehind,
  openFile,
  openStdin,
  openStream,
  type OpenSource,
  type SourceFailure,
} from './input/source.js';
import type { Analyzer, Batch, Fold, RowPlace } from './model/analyzer.js';
import type { LogEvent } from './model/event.js';
import type { Reading } from './model/reading.js';

/** What to read: paths (`-` is stdin), or an open stream of bytes. */
export type Input = string | readonly string[] | AsyncIterable<Buffer>;

export type ReadOptions = {
  readonly inputFormat?: InputFormat;
  /** Which records count: of an analysis the calls, of events all. */
  readonly where?: (event: LogEvent) => boolean;
  /** Files in folders that are passed over. */
  readonly skip?: ReadonlySet<string>;
  /** Analyzers, by name, that see the trace records of the last bytes of a source alone, so that no others become objects. */
  readonly tail?: readonly string[];
  /** Is what stands in two files counted once? Of copies no call is handed on. */
  readonly isOnce?: boolean;
  /** Told of each block that was read, for a progress line. */
  readonly onProgress?: (source: string, bytes: number) => void;
  /** Told what each source of an analysis held: the SHA-256 of its bytes, decompressed. Takes 0.9 s a gigabyte. */
  readonly onDigest?: (source: string, digest: string) => void;
  /** The clock for years that nothing else tells. */
  readonly now?: Date;
};

/** A source that could not be read, holds nothing of runsc's (`no-log`), or is empty, as runsc leaves some files. */
export type InputProblem = SourceFailure & { readonly kind: 'unreadable' | 'no-log' | 'empty' };

/** A source in its turn. `listed`: found in a folder or an archive, so that it is dropped if it holds no log. */
type Turn = { readonly source: OpenSource; readonly listed: boolean };

/**
 * Opens each source in turn; what cannot be opened is a problem, and the others go on. A file counts once, under however many
 * names it is given, but for who tells of repeats (`isEach`).
 */
export async function* openAll(
  input: Input,
  problems: InputProblem[],
  { skip, isEach = false }: { readonly skip?: ReadonlySet<string> | undefined; readonly isEach?: boolean } = {},
): AsyncGenerator<Turn> {
  if (typeof input !== 'string' && !Array.isArray(input)) {
    yield* openOne('-', () => openStream('-', input as AsyncIterable<Buffer>), false, problems);
    return;
  }
  const seen = new Set<string>();
  const isNew = (path: string): boolean => {
    const { size } = seen;
    return isEach || seen.add(realPath(path)).size > size;
  };
  for (const path of typeof input === 'string' ? [input] : (input as readonly string[])) {
    if (path === '-') {
      if (!isNew(path)) continue;
      yield* openOne('-', openStdin, false, problems);
      continue;
    }
    let files: ReturnType<typeof filesBehind> = [];
    try {
      files = filesBehind(path);
    } catch (error) {
      problems.push({ kind: 'unreadable', ...failureOf(path, error) });
    }
    for (const file of files) {
      if ((file.listed && skip?.has(file.path) === true) || !isNew(file.path)) continue;
      yield* openOne(file.path, () => openFile(file.path), file.listed, problems);
    }
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** One source, or those that an archive holds. */
async function* openOne(
  name: string,
  open: () => OpenSource,
  listed: boolean,
  problems: InputProblem[],
): AsyncGenerator<Turn> {
  try {
    for await (const { source, isMember } of unpack(open())) yield { source, listed: listed || isMember };
  } catch (error) {
    problems.push({ kind: 'unreadable', ...failureOf(name, error) });
  }
}

type Visit = { readonly stream: SourceStream; readonly source: OpenSource };

/**
 * Reads every source to its end. `afterBlock` is where events are handed on and back-pressure is honoured; it is also
 * where a caller may stop.
 */
async function* visit(
  input: Input,
  options: ReadOptions,
  problems: InputProblem[],
  open: (source: OpenSource, onlyLogs: boolean) => Opened,
): AsyncGenerator<Visit & { readonly ended: boolean }> {
  for await (const { source, listed } of openAll(input, problems, { skip: options.skip })) {
    const { stream, close } = open(source, listed);
    try {
      for (;;) {
        const more = await stream.step();
        if (listed && !stream.isLog) break; // a folder holds other things, too
        options.onProgress?.(source.name, stream.bytes);
        yield { stream, source, ended: !more };
        if (more) continue;
        if (!stream.isLog) {
          problems.push({
            kind: stream.bytes === 0 ? 'empty' : 'no-log',
            source: source.name,
            why: stream.bytes === 0 ? 'the input is empty' : 'no line of a runsc log was found',
            suggestion: 'give a debug log of runsc (--debug-log), or say what it is with --input-format',
          });
        }
        break;
      }
    } catch (error) {
      problems.push({ kind: 'unreadable', ...failureOf(source.name, error) });
      yield { stream, source, ended: true };
    } finally {
      stream.close();
      source.close();
      close?.();
    }
  }
}

/** A stream, and what has to be closed with it. */
type Opened = { readonly stream: SourceStream; readonly close?: () => void };

/** A stream of events, and a scout ahead of it where the source can be read twice. */
function openAhead(
  source: OpenSource,
  onlyLogs: boolean,
  options: ReadOptions,
  told: Pick<StreamOptions, 'onEvent' | 'onRows'>,
): Opened {
  const reopen = source.reopen?.bind(source);
  if (reopen === undefined)
    return { stream: new SourceStream(source, { ...streamOptions(options), onlyLogs, ...told }) };
  const scout = new Scout(reopen);
  const stream = new SourceStream(source, {
    ...streamOptions(options),
    ...scout.carried,
    beforeBlock: (bytes) => scout.reach(bytes),
    onlyLogs,
    ...told,
  });
  return { stream, close: () => scout.close() };
}

/**
 * The events of a source or of many, in input order. Every byte belongs to exactly one event. Problems with a source
 * are told to `onProblem` (or thrown, where nobody listens), and the readings to `onReading`.
 */
export async function* readEvents(
  input: Input,
  options: ReadOptions & {
    readonly onReading?: (reading: Reading) => void;
    readonly onProblem?: (problem: InputProblem) => void;
  } = {},
): AsyncGenerator<LogEvent> {
  const problems: InputProblem[] = [];
  let events: LogEvent[] = [];
  const open = (source: OpenSource, onlyLogs: boolean): Opened =>
    openAhead(source, onlyLogs, options, {
      onEvent: (event) => {
        if (options.where === undefined || options.where(event)) events.push(event);
      },
    });
  for await (const { stream, ended } of visit(input, options, problems, open)) {
    const ready = events;
    events = [];
    yield* ready;
    if (ended) options.onReading?.(stream.reading());
  }
  for (const problem of problems) {
    if (options.onProblem === undefined) throw new Error(`${problem.source}: ${problem.why}; ${problem.suggestion}`);
    options.onProblem(problem);
  }
}

/**
 * The same as JSON Lines, in pieces of bytes, each of which holds until the next is asked for: `write` makes a line of an event. Trace
 * records of text logs become lines without becoming events.
 */
export async function* readEventLines(
  input: Input,
  options: Omit<ReadOptions, 'where'> & {
    readonly write: (event: LogEvent) => string;
    /** Makes JSON of a text. */
    readonly quote: (text: string) => string;
    readonly onProblem?: (problem: InputProblem) => void;
  },
): AsyncGenerator<{ readonly bytes: Buffer; readonly events: number }> {
  const problems: InputProblem[] = [];
  const lines = new LineBytes();
  let events = 0;
  const open = (source: OpenSource, onlyLogs: boolean): Opened => {
    const rows = new RowWriter(source.name, options.quote);
    return openAhead(source, onlyLogs, options, {
      onEvent: (event) => {
        lines.add(options.write(event));
        events++;
      },
      onRows: (batch, place) => {
        rows.write(batch, place, lines);
        events += batch.count;
      },
    });
  };
  for await (const _ of visit(input, options, problems, open)) {
    if (lines.isEmpty) continue;
    const ready = { bytes: lines.take(), events };
    events = 0;
    yield ready;
  }
  for (const problem of problems) options.onProblem?.(problem);
}

function streamOptions(options: ReadOptions): { inputFormat?: InputFormat; now?: Date } {
  return {
    ...(options.inputFormat === undefined ? {} : { inputFormat: options.inputFormat }),
    ...(options.now === undefined ? {} : { now: options.now }),
  };
}

/** So far ahead of the events a scout reads: calls that hold forged records come back within a few records. */
const SCOUT_BYTES = 4 * 1024 * 1024;

/** Reads a source ahead of its events, for where forged records stand: an event that was handed on cannot be taken back. */
class Scout {
  readonly carried = { carriers: new Map<number, Carrier>(), carriedLines: [] as CarriedLine[] };
  readonly #reopen: () => OpenSource;
  #source: OpenSource | undefined;
  #stream: SourceStream | undefined;
  #more = true;

  /** The source is opened once there is something to look for: a native trace holds no records that can be forged. */
  constructor(reopen: () => OpenSource) {
    this.#reopen = reopen;
  }

  async reach(bytes: number): Promise<void> {
    while (this.#more && (this.#stream?.bytes ?? 0) < bytes + SCOUT_BYTES) {
      try {
        this.#source ??= this.#reopen();
        this.#stream ??= new SourceStream(this.#source, { onEvent() {}, onBatch() {}, sentences: false });
        this.#more = await this.#stream.step();
      } catch {
        // The reader of the events meets the same error, and reports it.
        this.#more = false;
      }
      if (this.#stream === undefined) return;
      for (const carrier of this.#stream.lateCarriers) this.carried.carriers.set(carrier.offset, carrier);
      this.carried.carriedLines.splice(0, Number.POSITIVE_INFINITY, ...this.#stream.carriedLines);
    }
  }

  close(): void {
    this.#stream?.close();
    this.#source?.close();
  }
}

/** Products of analyzers, by the names under which they were asked for. */
export type Products<A> = { [K in keyof A]: A[K] extends Analyzer<infer P> ? P : never };

export type Analysis<A> = {
  readonly products: Products<A>;
  readonly readings: readonly Reading[];
  readonly problems: readonly InputProblem[];
};

/** Where the carriers of forged records stand in a source, and what they carry. */
type Carried = { readonly carriers: Map<number, Carrier>; carriedLines: readonly CarriedLine[] };
type Carriers = Map<string, Carried>;

/** Forged records show at the end of the call that carries them; to know all of them takes so many passes at most. */
const MOST_PASSES = 3;

/**
 * Runs analyzers over all sources, in one pass. Objects are made only of the kinds that one of them reads. Only where
 * forged records were found too late, and the input can be had again, it is read once more.
 */
export async function analyze<A extends Readonly<Record<string, Analyzer<unknown>>>>(
  input: Input,
  analyzers: A,
  options: ReadOptions = {},
): Promise<Analysis<A>> {
  const carriers: Carriers = new Map();
  const kept = isOnePipe(input) ? new KeptBytes() : undefined;
  const copies = new Map(
    options.isOnce === true && Array.isArray(input) ? copiesAmong(input as readonly string[]) : [],
  );
  for (let pass = 1; ; pass++) {
    const known = countOf(carriers) + copies.size;
    const again = kept?.isAll !== true || pass === 1 ? input : kept.stream();
    const analysis = await analyzeOnce(again, analyzers, options, carriers, copies, pass === 1 ? kept : undefined);
    if (options.isOnce === true)
      for (const { source, repeats } of analysis.readings) if (repeats !== undefined) copies.set(source, repeats);
    const canRead = kept === undefined ? canRepeat(input) : kept.isAll;
    if (pass === MOST_PASSES || countOf(carriers) + copies.size === known || !canRead) return analysis;
  }
}

/** What came through a pipe, as long as it is little: then it can be read again. */
class KeptBytes {
  /** One buffer that grows in place, and gives its memory back at once: pieces would stay until V8 collects what is old. */
  readonly #room = new ResizableBuffer(0, { maxByteLength: KEPT_BYTES });
  readonly #starts: number[] = [];
  #isTooMuch = false;

  add(buffer: Buffer, start: number, end: number): void {
    if (this.#isTooMuch) return;
    const filled = this.#room.byteLength;
    this.#isTooMuch = filled + end - start > KEPT_BYTES;
    this.#room.resize(this.#isTooMuch ? 0 : filled + end - start);
    if (this.#isTooMuch) return;
    this.#starts.push(filled);
    new Uint8Array(this.#room).set(buffer.subarray(start, end), filled);
  }

  /** False: it was too much. */
  get isAll(): boolean {
    return !this.#isTooMuch;
  }

  async *stream(): AsyncGenerator<Buffer> {
    for (const [index, start] of this.#starts.entries())
      yield Buffer.from(this.#room, start, (this.#starts[index + 1] ?? this.#room.byteLength) - start);
  }
}
/** The types of ES2023 leave out what Node 20 has. */
const ResizableBuffer = ArrayBuffer as unknown as new (
  length: number,
  options: { readonly maxByteLength: number },
) => ArrayBuffer & { resize(length: number): void };
const KEPT_BYTES = 8 * 1024 * 1024;

function countOf(carriers: Carriers): number {
  return [...carriers.values()].reduce((sum, one) => sum + one.carriers.size + one.carriedLines.length, 0);
}

/** Stdin or a stream, and nothing else. */
function isOnePipe(input: Input): boolean {
  if (typeof input === 'string') return input === '-';
  return !Array.isArray(input) || (input.length === 1 && (input as readonly string[])[0] === '-');
}

/** Paths can be read again, stdin and streams cannot. */
function canRepeat(input: Input): boolean {
  return typeof input === 'string'
    ? input !== '-'
    : Array.isArray(input) && !(input as readonly string[]).includes('-');
}

function addLate(carriers: Carriers, source: string, stream: SourceStream): void {
  if (stream.lateCarriers.length === 0 && stream.carriedLines.length === 0) return;
  const known = carriers.get(source) ?? { carriers: new Map<number, Carrier>(), carriedLines: [] };
  for (const carrier of stream.lateCarriers) known.carriers.set(carrier.offset, carrier);
  known.carriedLines = stream.carriedLines;
  carriers.set(source, known);
}

const isFor = ({ reads, fold }: { reads: ReadonlySet<string>; fold: Fold<unknown> }, event: LogEvent): boolean =>
  reads.has(event.kind) && fold.isFor?.(event) !== false;

async function analyzeOnce<A extends Readonly<Record<string, Analyzer<unknown>>>>(
  input: Input,
  analyzers: A,
  options: ReadOptions,
  carriers: Carriers,
  copies: ReadonlyMap<string, string>,
  kept: KeptBytes | undefined,
): Promise<Analysis<A>> {
  const problems: InputProblem[] = [];
  const readings: Reading[] = [];
  const all = Object.entries(analyzers).map(([name, analyzer]) => ({
    name,
    reads: new Set<string>(analyzer.reads),
    fold: analyzer.start() as Fold<unknown>,
  }));
  const folds = all.filter(({ name }) => options.tail?.includes(name) !== true);
  const tailFolds = all.filter(({ name }) => options.tail?.includes(name) === true);
  const wantsCalls = folds.some(({ reads }) => reads.has('syscall-exit') || reads.has('syscall-enter'));
  const rowFolds = folds.filter(({ fold }) => fold.seeRows !== undefined);
  const batchFolds = folds.filter(({ fold }) => fold.seeBatch !== undefined);
  const traces: Trace[] = [];
  let started: OpenSource | undefined;
  const tail = tailFolds.length === 0 ? undefined : new RecentBytes(TAIL_BYTES);
  let hash: Hash | undefined;
  const open = (source: OpenSource, onlyLogs: boolean): Opened => {
    tail?.clear();
    hash = options.onDigest === undefined ? undefined : createHash('sha256');
    const isCopy = copies.has(source.name);
    return {
      stream: new SourceStream(source, {
        ...streamOptions(options),
        ...carriers.get(source.name),
        onlyLogs,
        onBytes: (buffer, start, end) => {
          tail?.add(buffer, start, end);
          hash?.update(buffer.subarray(start, end));
          kept?.add(buffer, start, end);
        },
        onEvent(event) {
          if (event.repeated === true || (isCopy && CALLS.some((kind) => kind === event.kind))) return;
          for (const one of folds) if (isFor(one, event)) one.fold.see(event);
        },
        isOrdered: (event) => folds.some((one) => isFor(one, event)),
        passesIdle: !folds.some(({ reads, fold }) => reads.has('note') && fold.passesIdle !== true),
        onForged: (event) => folds.forEach(({ fold }) => fold.seeForged?.(event)),
        sentences: folds.some(({ reads }) => reads.size > 0),
        ...(rowFolds.length > 0 && options.where === undefined
          ? { onRows: (batch: Batch, place: RowPlace) => rowFolds.forEach(({ fold }) => fold.seeRows?.(batch, place)) }
          : {}),
        ...(wantsCalls
          ? {}
          : { onBatch: (batch) => (isCopy ? [] : batchFolds).forEach(({ fold }) => fold.seeBatch?.(batch)) }),
        ...(options.where === undefined || isCopy ? {} : { where: options.where }),
        wantsTexts: batchFolds.some(({ fold }) => fold.wantsTexts === true),
        wantsNativeTexts: batchFolds.some(({ fold }) => fold.wantsNativeTexts === true),
        wantsFiles: rowFolds.length > 0 || batchFolds.some(({ fold }) => fold.wantsFiles === true),
        onlyRows: !folds.some(({ reads, fold }) => reads.has('native-syscall') && fold.wantsNativeTexts !== true),
        onStart: () => {
          started = source;
          for (const { fold } of all) fold.sourceStarts?.(source.name);
        },
      }),
    };
  };
  for await (const { stream, source, ended } of visit(input, options, problems, open)) {
    if (!ended) continue;
    if (started === source)
      for (const { fold } of folds) fold.sourceEnds?.(source.name, stream.mayRepeat || copies.has(source.name));
    const reading = stream.reading();
    readings.push(reading);
    if (hash !== undefined) options.onDigest?.(source.name, hash.digest('hex'));
    addLate(carriers, source.name, stream);
    if (tail !== undefined && CALLS.some((kind) => (reading.events[kind] ?? 0) > 0)) {
      const tailEnd = { bytes: tail.read(tail.start, TAIL_BYTES), offset: tail.start, lines: reading.lines };
      const carried = carriers.get(source.name)?.carriers;
      await readTail(
        source,
        tailEnd,
        { ...streamOptions(options), ...(carried === undefined ? {} : { carriers: carried }) },
        (event) => {
          for (const { reads, fold } of tailFolds) if (reads.has(event.kind)) fold.see(event);
        },
      );
    }
    if (stream.mayRepeat) traces.push({ source: source.name, keys: stream.traceKeys, banners: stream.banners });
  }
  const repeats = new Map([...copies, ...findRepeats(traces)]);
  const products = Object.fromEntries(all.map(({ name, fold }) => [name, fold.finish(new Set(repeats.keys()))]));
  return {
    products: products as Products<A>,
    readings: readings.map((reading) => {
      const original = repeats.get(reading.source);
      return original === undefined ? reading : { ...reading, repeats: original };
    }),
    problems,
  };
}

const CALLS = ['syscall-exit', 'syscall-enter', 'native-syscall'] as const;
type Trace = { readonly source: string; readonly keys: readonly string[]; readonly banners: number };

/** So many records at the beginning of a trace must stand in other sources for it to be their copy. */
const TELLING = 32;

/**
 * Sources that hold the traces of others: until 20190722 `--log FILE` got a copy of what every command wrote into its
 * debug log. The one that more commands wrote into is the copy.
 */
function findRepeats(traces: readonly Trace[]): ReadonlyMap<string, string> {
  const repeats = new Map<string, string>();
  for (const trace of traces.toSorted((a, b) => b.banners - a.banners)) {
    if (trace.keys.length === 0) continue;
    const others = traces.filter(({ source }) => source !== trace.source && !repeats.has(source));
    const original = trace.keys.slice(0, TELLING).map((key) => others.find(({ keys }) => keys.includes(key)));
    const first = original[0];
    if (first !== undefined && original.every((found) => found !== undefined)) repeats.set(trace.source, first.source);
  }
  return repeats;
}
