/**
 * The bulk reader: trace records from bytes to columns, with no string and no object for any of them. It takes a
 * physical line only if it is a whole, well-formed record (the productions printEnter and printExit of
 * grammars/syscall.ts, plain ASCII up to the name, one reading only); whatever else there is goes to the record reader.
 * Both are held together by test/events/agreement.test.ts.
 *
 * Its inner loop is a WebAssembly module (wasm/scan.ts), whose memory holds the block that is read and the columns.
 */
import { isDigit, siteStart } from '../input/header.js';
import { IDLE_NOTES } from '../../grammars/idle.js';
import { errnoNames } from '../../grammars/errno.js';
import type { Architecture } from '../../grammars/syscall-table.js';
import type { Batch, BatchTexts, FileNames } from '../model/analyzer.js';
import { namePlans } from './file-names.js';
import * as memory from './wasm/memory.js';
import moduleBytes from './wasm/module.wasm';

export const { BLOCK_BYTES } = memory;

const EMPTY: Buffer = Buffer.alloc(0);

/** What is used of the runtime; the types of Node leave it out. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object) => { readonly exports: unknown };
  };
};

/** What the module exports; places are within the block. */
type Exports = {
  readonly memory: { readonly buffer: ArrayBuffer };
  reset(texts: boolean, isOnlyText: boolean): void;
  learn(tail: number, second: number): void;
  run(at: number, filled: number, needed: number, row: number): number;
  runNative(at: number, filled: number, needed: number, row: number, isTry: boolean): number;
  setNative(mode: number, task: number): void;
  learnErrno(length: number, errno: number): void;
  messageAt(at: number, end: number): number;
  line(start: number, message: number, end: number): number;
  take(row: number, start: number, next: number): void;
  passIdle(kinds: number): void;
  internScratch(length: number): number;
  clearUnescaped(): void;
  resetFiles(): void;
  nameFiles(row: number, end: number): void;
};

/** The module with views of its memory. */
class Module {
  readonly exports: Exports;
  readonly block: Buffer;
  readonly state: Int32Array;
  readonly nameLengths: Int32Array;
  readonly nameBytes: Buffer;
  readonly scratch: Buffer;
  readonly unescaped: Buffer;
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly idle: Buffer;
  readonly starts: Int32Array;
  readonly lines: Int32Array;
  readonly columns: Omit<Batch, 'count' | 'names' | 'texts'>;
  readonly texts: Omit<BatchTexts, 'blocks' | 'names'>;
  readonly plans: Uint8Array;
  readonly entries: Int32Array;
  readonly entryBytes: Buffer;

  constructor(from: object) {
    this.exports = new WebAssembly.Instance(from).exports as Exports;
    const { buffer } = this.exports.memory;
    const bytes = (at: number): Uint8Array => new Uint8Array(buffer, at, memory.ROWS);
    const ints = (at: number): Int32Array => new Int32Array(buffer, at, memory.ROWS);
    const floats = (at: number): Float64Array => new Float64Array(buffer, at, memory.ROWS);
    this.block = Buffer.from(buffer, memory.BLOCK_AT, memory.BLOCK_BYTES);
    this.state = new Int32Array(buffer, memory.STATE_AT, 16);
    this.nameLengths = new Int32Array(buffer, memory.NAME_LENGTHS_AT, memory.MAX_NAMES);
    this.nameBytes = Buffer.from(buffer, memory.NAME_BYTES_AT, memory.MAX_NAMES * memory.MAX_NAME_BYTES);
    this.scratch = Buffer.from(buffer, memory.SCRATCH_AT, memory.MAX_NAME_BYTES);
    this.unescaped = Buffer.from(buffer, memory.UNESCAPED_AT, memory.BLOCK_BYTES);
    this.head = Buffer.from(buffer, memory.HEAD_AT, 16);
    this.tail = Buffer.from(buffer, memory.TAIL_AT, memory.MAX_TAIL_BYTES);
    this.idle = Buffer.from(buffer, memory.IDLE_AT, memory.MAX_IDLE * memory.IDLE_BYTES);
    this.starts = ints(memory.START_AT);
    this.lines = ints(memory.LINE_AT);
    this.columns = {
      isExit: bytes(memory.IS_EXIT_AT),
      name: ints(memory.NAME_AT),
      errno: ints(memory.ERRNO_AT),
      elapsed: floats(memory.ELAPSED_AT),
      tgid: ints(memory.TGID_AT),
      tid: ints(memory.TID_AT),
      second: ints(memory.SECOND_AT),
      bytes: ints(memory.BYTES_AT),
    };
    this.texts = {
      starts: this.starts,
      block: bytes(memory.TEXT_BLOCK_AT),
      from: ints(memory.FROM_AT),
      to: ints(memory.TO_AT),
      ret: floats(memory.RET_AT),
      nestedTgid: ints(memory.NESTED_TGID_AT),
      nestedTid: ints(memory.NESTED_TID_AT),
      firstFile: ints(memory.FIRST_FILE_AT),
      secondFile: ints(memory.SECOND_FILE_AT),
      folder: ints(memory.FOLDER_AT),
      socket: ints(memory.SOCKET_AT),
    };
    this.plans = new Uint8Array(buffer, memory.PLANS_AT, memory.MAX_NAMES * memory.PLAN_BYTES);
    this.entries = new Int32Array(buffer, memory.ENTRIES_AT, memory.MAX_ENTRIES * 4);
    this.entryBytes = Buffer.from(buffer, memory.ENTRY_BYTES_AT, memory.MAX_ENTRY_BYTES);
  }
}

let compiled: object | undefined;
/** Modules that no scanner uses: a folder may hold thousands of files, and memory of a module is freed late. */
const idle: Module[] = [];

function moduleForUse(wantsTexts: boolean, isOnlyText: boolean): Module {
  compiled ??= new WebAssembly.Module(moduleBytes);
  const module = idle.pop() ?? new Module(compiled);
  module.exports.reset(wantsTexts, isOnlyText);
  module.exports.clearUnescaped();
  return module;
}

/** What the record reader read of a row: the arguments as text, the result, ids of a nested namespace. */
export type RowText = {
  readonly args: string;
  readonly ret: number;
  readonly nestedTgid: number;
  readonly nestedTid: number;
  readonly isNative?: true;
};

/** A row that was read elsewhere. */
export type OtherRow = {
  readonly isExit: boolean;
  readonly name: string;
  readonly errno: number;
  readonly elapsed: number;
  readonly tgid: number;
  readonly tid: number;
  readonly second: number;
  readonly bytes: number;
  readonly text?: RowText | undefined;
};

/** The texts of a batch: of scanned rows they stand in the block, of others in a buffer of their own. */
class Texts implements FileNames {
  readonly blocks: Buffer[];
  readonly #module: Module;
  /** The calls of another architecture have other arguments. */
  architecture: Architecture = 'amd64';
  #filled = 0;
  #joined = Buffer.allocUnsafe(4096);
  generation = -1;
  bytes: Buffer = EMPTY;
  from = 0;
  to = 0;

  constructor(module: Module) {
    this.#module = module;
    this.blocks = [module.block, Buffer.allocUnsafe(64 * 1024), module.unescaped];
    this.#forget();
  }

  #forget(): void {
    this.#module.exports.resetFiles();
    this.generation++;
  }

  baseOf(number: number): number {
    return this.#module.entries[number * 4 + 1] as number;
  }

  textOf(number: number): string {
    this.read(number);
    return this.bytes.toString('utf8', this.from, this.to);
  }

  read(number: number): void {
    const { entries, entryBytes } = this.#module;
    const base = this.baseOf(number);
    const at = entries[number * 4 + 2] as number;
    const length = entries[number * 4 + 3] as number;
    if (base < 0) {
      this.bytes = entryBytes;
      this.from = at;
      this.to = at + length;
      return;
    }
    const before = entries[base * 4 + 2] as number;
    const joint = entries[base * 4 + 3] as number;
    this.from = 0;
    this.to = joint + 1 + length;
    if (this.to > this.#joined.length) this.#joined = Buffer.allocUnsafe(this.to * 2);
    this.bytes = this.#joined;
    this.bytes.set(entryBytes.subarray(before, before + joint));
    this.bytes[joint] = SLASH;
    this.bytes.set(entryBytes.subarray(at, at + length), joint + 1);
  }

  /** How the arguments of a call are read, once its name has a number. */
  plan(number: number, name: string): void {
    const plan = namePlans(this.architecture).get(name);
    const shapes = plan?.shapes ?? [];
    const paths = plan?.paths.reduce((bits, place) => bits | (1 << place), 0) ?? 0;
    this.#module.plans.set([shapes.length, paths, ...shapes], number * memory.PLAN_BYTES);
  }

  add(row: number, text: RowText | undefined): void {
    const { block, from, to, starts, ret, nestedTgid, nestedTid, firstFile, secondFile, folder, socket } =
      this.#module.texts;
    // of a native call nobody may have asked for the text
    starts[row] = text === undefined || text.isNative === true ? -2 : -1;
    firstFile[row] = secondFile[row] = folder[row] = socket[row] = memory.NOT_READ;
    const args = text?.args ?? '';
    // three bytes a character at most; a buffer for each text is freed late
    if (this.#filled + args.length * 3 > (this.blocks[1] as Buffer).length) this.#grow(this.#filled + args.length * 3);
    block[row] = 1;
    from[row] = this.#filled;
    this.#filled += (this.blocks[1] as Buffer).write(args, this.#filled);
    to[row] = this.#filled;
    ret[row] = text?.ret ?? 0;
    nestedTgid[row] = text?.nestedTgid ?? -1;
    nestedTid[row] = text?.nestedTid ?? -1;
  }

  /** The batch has been handed on. */
  clear(): void {
    this.#filled = 0;
    const { state, exports } = this.#module;
    exports.clearUnescaped();
    const isFull =
      (state[memory.STATE_ENTRIES] as number) + memory.ROWS * 4 > memory.MAX_ENTRIES ||
      (state[memory.STATE_ENTRY_BYTES] as number) + memory.BLOCK_BYTES > memory.MAX_ENTRY_BYTES;
    if (isFull) this.#forget();
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, (this.blocks[1] as Buffer).length * 2));
    (this.blocks[1] as Buffer).copy(larger, 0, 0, this.#filled);
    this.blocks[1] = larger;
  }
}

/** Reads lines of its block into a batch of columns and hands it on when it is full. */
export class BulkScanner {
  readonly #module: Module;
  readonly #exports: Exports;
  readonly #onBatch: (batch: Batch) => void;
  readonly #wantsFiles: boolean;
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #texts: Texts | null;
  /** The bytes that are read; all places are within it. */
  readonly block: Buffer;
  readonly batch: Batch;
  /** Where the line of each row begins in the block, of rows that it took by itself. */
  readonly starts: Int32Array;
  /** And how many lines after the first row's (`firstLine`). */
  readonly lines: Int32Array;
  /** Number of the first row's line, as whoever reads told it. */
  firstLine = 0;
  /** Lines that this reader took by itself. */
  scanned = 0;
  /** Idle notes (grammars/idle.ts) that it passed over. */
  idle = 0;
  /** Calls of a native trace that it took. */
  natives = 0;
  #isNative = false;
  /** Records of the tracer, of both readers. */
  enters = 0;
  exits = 0;
  /** Had the line that was taken last a shape that none before it had? Shapes tell the dialect. */
  isNews = false;

  constructor(onBatch: (batch: Batch) => void, wantsTexts = false, wantsFiles = false, isOnlyText = false) {
    this.#onBatch = onBatch;
    this.#wantsFiles = wantsFiles;
    this.#module = moduleForUse(wantsTexts, isOnlyText);
    this.#exports = this.#module.exports;
    this.block = this.#module.block;
    this.starts = this.#module.starts;
    this.lines = this.#module.lines;
    this.#texts = wantsTexts ? new Texts(this.#module) : null;
    const texts =
      this.#texts === null ? null : { blocks: this.#texts.blocks, names: this.#texts, ...this.#module.texts };
    this.batch = { count: 0, ...this.#module.columns, names: this.#names, texts };
    this.#number('(other)');
  }

  /** Nobody wants idle notes: `run` counts them, and passes over them. */
  passIdle(): void {
    for (const [kind, text] of IDLE_NOTES.entries())
      this.#module.idle.write(text.slice(0, memory.IDLE_BYTES), kind * memory.IDLE_BYTES, 'latin1');
    this.#exports.passIdle(IDLE_NOTES.length);
  }

  /** The architecture of the machine, once the log has told it. */
  learnArchitecture(architecture: Architecture): void {
    if (this.#texts === null) return;
    this.#texts.architecture = architecture;
    for (const [number, name] of this.#names.entries()) this.#texts.plan(number, name);
  }

  /** Gives its memory back; it reads no more. */
  close(): void {
    idle.push(this.#module);
  }

  /** Hands on what is in the batch. */
  flush(): void {
    if (this.batch.count === 0) return;
    this.#onBatch(this.batch);
    this.batch.count = 0;
    this.#texts?.clear();
  }

  /** A record that the record reader read: the same columns. */
  add(row: OtherRow): void {
    this.addOther(row);
    if (row.isExit) this.exits++;
    else this.enters++;
  }

  /** A call of another tracer (native strace): the same columns, but none of this tracer's records. */
  addOther({ isExit, name, errno, elapsed, tgid, tid, second, bytes, text }: OtherRow): void {
    const { batch } = this;
    const row = batch.count++;
    this.#texts?.add(row, text);
    batch.isExit[row] = isExit ? 1 : 0;
    batch.name[row] = this.#number(name);
    batch.errno[row] = errno;
    batch.elapsed[row] = elapsed;
    batch.tgid[row] = tgid;
    batch.tid[row] = tid;
    batch.second[row] = second;
    batch.bytes[row] = bytes;
    if (batch.count === memory.ROWS) this.flush();
  }

  /** Lines of them that are objects of a JSON log. */
  get objects(): number {
    return this.#module.state[memory.STATE_JSON] as number;
  }

  /** Where the message of a tracer's record begins, if one starts at `start`; -1 otherwise. */
  messageAt(start: number, end: number): number {
    if (end - start < 52) return -1;
    const message = this.#exports.messageAt(start, end);
    return message === -1 && this.block[start] !== OPEN_BRACE ? this.#check(start, end) : message;
  }

  /** Reads the record at `start` from its message (`messageAt`) to the end of its line. False: not one for this reader. */
  line(start: number, message: number, end: number): boolean {
    return this.#exports.line(start, message, end) !== 0;
  }

  /** Is the line that was read last an exit record? */
  get isExit(): boolean {
    return this.#module.state[memory.STATE_IS_EXIT] === 1;
  }

  get tid(): number {
    return this.#module.state[memory.STATE_TID] as number;
  }

  /** Makes the line that was read last a row. Apart from `line`, so that the record before it comes first. */
  take(start: number, next: number): void {
    const row = this.batch.count++;
    this.#exports.take(row, start, next);
    this.#learnNames();
    if (this.#wantsFiles) this.#exports.nameFiles(row, row + 1);
    this.isNews = this.#module.state[memory.STATE_IS_NEWS] === 1;
    this.scanned++;
    if (this.batch.isExit[row] === 1) this.exits++;
    else this.enters++;
    if (this.batch.count === memory.ROWS) this.flush();
  }

  /**
   * Takes lines from `at` on, each a whole record with a header that is known and another one behind it; `entered` is told of
   * the task and the place of each enter record. Idle notes between them are counted, if nobody wants them. Gives the place of the
   * first line that it left, and stops after news.
   */
  run(at: number, filled: number, needed: number, entered: (tid: number, start: number) => void): number {
    const { batch } = this;
    this.isNews = false;
    for (let from = at; ;) {
      const first = batch.count;
      const next = this.#exports.run(from, filled, needed, first);
      const { isExit, tid } = batch;
      const rows = this.#module.state[memory.STATE_ROWS] as number;
      const { starts } = this.#module;
      let exits = 0;
      for (let row = first; row < rows; row++) {
        if (isExit[row] === 1) exits++;
        else entered(tid[row] as number, starts[row] as number);
      }
      this.scanned += rows - first;
      this.idle += this.#module.state[memory.STATE_IDLE] as number;
      this.exits += exits;
      this.enters += rows - first - exits;
      this.#learnNames();
      if (this.#wantsFiles) this.#exports.nameFiles(first, rows);
      batch.count = rows;
      if (rows > first) this.isNews = this.#module.state[memory.STATE_IS_NEWS] === 1;
      if (rows < memory.ROWS) return next;
      this.flush();
      this.firstLine += rows + (this.#module.state[memory.STATE_IDLE_OF_BATCH] as number);
      if (this.isNews) return next;
      from = next;
    }
  }

  /** The lines of a native trace name their tasks; or (`task`) do not, and are all of one. */
  readNative(task: number | undefined): void {
    const isFirst = !this.#isNative;
    this.#isNative = true;
    if (isFirst) {
      for (const [name, errno] of errnoNames()) {
        this.#module.scratch.write(name, 'latin1');
        this.#exports.learnErrno(name.length, errno);
      }
      this.#learnNames();
    }
    this.#exports.setNative(task === undefined ? memory.NATIVE_NAMED : memory.NATIVE_NAMELESS, task ?? 0);
  }

  /** Is the line at `at` a whole call of a native trace, with another record behind it? */
  isNativeAt(at: number, filled: number, needed: number): boolean {
    return this.#exports.runNative(at, filled, needed, 0, true) === 1;
  }

  /** Takes such lines from `at` on; `seen` is told of their tasks. Gives the place of the first line that it left. */
  runNative(at: number, filled: number, needed: number, seen: (tid: number) => void): number {
    const { batch } = this;
    for (let from = at; ;) {
      const first = batch.count;
      const next = this.#exports.runNative(from, filled, needed, first, false);
      const rows = this.#module.state[memory.STATE_ROWS] as number;
      const { tid } = batch;
      for (let row = first; row < rows; row++) if (row === first || tid[row] !== tid[row - 1]) seen(tid[row] as number);
      if (this.#wantsFiles) this.#exports.nameFiles(first, rows);
      this.natives += rows - first;
      this.#learnNames();
      batch.count = rows;
      if (rows < memory.ROWS) return next;
      this.flush();
      from = next;
    }
  }

  /** The number of a name that the record reader found. */
  #number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const bytes = Buffer.from(name, 'latin1');
    if (bytes.length > memory.MAX_NAME_BYTES) return 0;
    this.#module.scratch.set(bytes);
    const number = this.#exports.internScratch(bytes.length);
    this.#learnNames();
    return number;
  }

  #learnNames(): void {
    const { state, nameLengths, nameBytes } = this.#module;
    const known = state[memory.STATE_NAMES] as number;
    for (let id = this.#names.length; id < known; id++) {
      const at = id * memory.MAX_NAME_BYTES;
      const name = nameBytes.toString('latin1', at, at + (nameLengths[id] as number));
      this.#names.push(name);
      this.#numbers.set(name, id);
      this.#texts?.plan(id, name);
    }
  }

  /**
   * Reads the header to the letter, and keeps it for the next ones: within a second nearly all of them are alike but for the
   * microseconds.
   */
  #check(start: number, end: number): number {
    const { block } = this;
    const site = siteStart(block, start, end);
    if (site === -1 || end - site < 24) return -1;
    for (let i = 0; i < SITE.length; i++) if (block[site + i] !== SITE[i]) return -1;
    const length = site + SITE.length - (start + MICROS_END);
    if (length >= 16 && length <= memory.MAX_TAIL_BYTES) {
      const { head, tail } = this.#module;
      head.set(block.subarray(start, start + 16));
      tail.set(block.subarray(start + MICROS_END, start + MICROS_END + length));
      this.#exports.learn(length, secondOf(block.toString('latin1', start + 6, start + 14)));
    }
    return messageBehind(block, site + SITE.length);
  }
}

const SITE = Buffer.from('strace.go:');
/** Behind `D1123 22:49:16.123456`. */
const MICROS_END = 21;
const CLOSE_BRACKET = 93;
const SPACE = 32;
const OPEN_BRACE = 123;
const SLASH = 47;

/** Seconds of the day of `22:49:16`; -1 where it is no clock. */
export function secondOf(clock: string): number {
  const [hours, minutes, seconds] = clock.split(':').map(Number);
  const second = (hours ?? Number.NaN) * 3600 + (minutes ?? Number.NaN) * 60 + (seconds ?? Number.NaN);
  return Number.isInteger(second) ? second : -1;
}

/** Is a line number and `] ` at `at`? Gives where the message begins; -1 otherwise. */
function messageBehind(buf: Buffer, at: number): number {
  let to = at;
  while (isDigit(buf[to] as number)) to++;
  return to === at || buf[to] !== CLOSE_BRACKET || buf[to + 1] !== SPACE ? -1 : to + 2;
}
