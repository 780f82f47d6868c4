/**
 * What a rule is asked about: one call, one line, or something that several of them amount to (`EVENTS`). One object for all, filled
 * anew each time; what costs something is read when a condition asks for it.
 */
import { readExecve, splitArguments, type Argument, type ArgumentContext } from '../events/arguments.js';
import { BASE_CWD, BASE_ROOT, NONE, NOT_READ } from '../events/file-names.js';
import { WordLists } from '../events/word-lists.js';
import type { FieldValue } from '../expressions/fields.js';
import type { Batch, FileNames, RowPlace } from '../model/analyzer.js';
import type { LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import type { PathEntry, PathTable } from './paths.js';
import { absoluteOf, type Process } from './processes.js';
import { addressOf } from './sockets.js';

/** What rules can be about (`on:`), and what each is. */
export const EVENTS = {
  exit: 'a call that came back, with its result',
  enter: 'a call that was entered, with the data that it hands over',
  exec: 'a program that was started: an exec that succeeded, or the first process of a container or of `runsc exec`',
  line: 'any record that is no call: warnings, signals, panics, unsupported syscalls',
  fork: 'a process that another one made; told of the one that made it',
  began: 'the first record of a process that another one made; told of itself',
  'process-end': 'a process that ended by itself (`code`) or by a signal (`signal`)',
  'exec-failure': 'a program that could not be started, after all places of the search path were tried',
  'thread-name': 'a task that took another name (`name`, `old_name`)',
  connected: 'a connection whose outcome is known',
  'session-end': 'a connection that was closed by the process that made it (`lifetime`)',
  'replaced-file': 'a file that gave way to one with another ending (`ending`)',
  emptied: 'a log or history that was truncated and into which nobody wrote until its process ended',
  content:
    'a file below /etc that was written, or that another file was put upon (`payload`: what the log shows of it)',
  zombies: 'processes that ended and have not been reaped (`count`)',
  stalled: 'a call that had not come back when the log ended (`duration`)',
  deadlock: 'threads of a process that wait for each other (`count`)',
  end: 'the end of the log',
} as const;
export type EventName = keyof typeof EVENTS;

/** Something that follows from the record at hand. */
export type Derived = {
  readonly event: EventName;
  readonly process: Process;
  readonly values: Readonly<Record<string, FieldValue>>;
  /** What proves it, besides the record at hand; the decisive one first. */
  readonly records: readonly Evidence[];
  readonly entry?: PathEntry | null;
  readonly at?: number;
  readonly syscall?: string;
};

const NO_VALUES: Derived['values'] = {};
const NO_RECORDS: readonly Evidence[] = [];

const AT_FDCWD = -100;
/** Calls whose last path is meant itself, not what a link of that name leads to. */
const NAMES = new Set([
  'unlink',
  'unlinkat',
  'rename',
  'renameat',
  'renameat2',
  'symlink',
  'symlinkat',
  'link',
  'linkat',
  'lstat',
  'readlink',
  'readlinkat',
  'rmdir',
  'lchown',
  'lsetxattr',
  'mknod',
  'mknodat',
]);
/** Calls with two names, the second being the one that comes to be. */
const TWO_NAMES = new Set(['rename', 'renameat', 'renameat2', 'link', 'linkat', 'symlink', 'symlinkat']);
/** Calls that name one file in the way that the bulk reader knows. */
const ONE_NAME = new Set([
  'open',
  'openat',
  'creat',
  'stat',
  'lstat',
  'newfstatat',
  'statx',
  'access',
  'faccessat',
  'faccessat2',
  'readlink',
  'readlinkat',
  'mkdir',
  'mkdirat',
  'rmdir',
  'unlink',
  'unlinkat',
  'chmod',
  'fchmodat',
  'truncate',
  'chdir',
  'read',
  'pread64',
  'readv',
  'write',
  'pwrite64',
  'writev',
  'fstat',
  'fsync',
  'fdatasync',
  'ftruncate',
  'fchmod',
  'getdents64',
  'getdents',
  'statfs',
  'chown',
  'lchown',
  'fchown',
  'fchownat',
  'utime',
  'utimes',
  'utimensat',
  'futimesat',
  'fcntl',
  'fallocate',
]);

/** What the name of a call says of its paths. */
type NamePlan = { readonly isOneName: boolean; readonly isName: boolean; readonly hasTwo: boolean };
const planned = new Map<string, NamePlan>();
function planOf(name: string): NamePlan {
  let plan = planned.get(name);
  if (plan === undefined) {
    plan = { isOneName: ONE_NAME.has(name), isName: NAMES.has(name), hasTwo: TWO_NAMES.has(name) };
    if (planned.size < 4096) planned.set(name, plan);
  }
  return plan;
}
const BELOW_LIMIT = 64;

/** Files by the numbers of the texts that name them. */
class Known {
  readonly entries: (PathEntry | null | undefined)[] = [];
  /** The generations of links at which they were found. */
  readonly since: number[] = [];
  /** Numbers of those that links lead to. */
  readonly linked = new Set<number>();

  forget(): void {
    this.entries.length = 0;
    this.since.length = 0;
    this.linked.clear();
  }

  /** Links came or went. */
  renew(): void {
    if (this.linked.size === 0) return;
    for (const number of this.linked) this.entries[number] = undefined;
    this.linked.clear();
  }
}

/** A descriptor, and the text beside it. */
type Shown = { readonly number: number; readonly shows: string };
type Address = { readonly family?: string; readonly ip?: string; readonly port?: number; readonly path?: string };

export class Moment {
  event: EventName = 'exit';
  name = '';
  isExit = false;
  /** 0: success. */
  errno = 0;
  ret = 0;
  /** Nanoseconds. */
  elapsed = 0;
  tid = 0;
  process!: Process;
  values: Readonly<Record<string, FieldValue>> = NO_VALUES;
  records: readonly Evidence[] = NO_RECORDS;
  /** The record itself, where it is no row. */
  record: LogEvent | undefined;
  #batch: Batch | undefined;
  #row = 0;
  #place: RowPlace | undefined;
  #text: string | undefined;
  #args: readonly Argument[] | undefined;
  #entry: PathEntry | null | undefined;
  #second: PathEntry | null | undefined;
  #at: number | undefined;
  #flags: readonly string[] | undefined;
  #fdNumber: number | undefined;
  #open = -1;
  /** Null: not read. */
  #fd: Shown | undefined | null = null;
  #address: Address | undefined | null = null;
  #exec: PrintedExec | undefined;
  #plan: NamePlan = planOf('');
  /** Of the names of a batch, by their numbers. */
  readonly #plans: (NamePlan | undefined)[] = [];
  readonly clock = new Clock();
  #evidence: Evidence | undefined;
  /** Of the days that records print, the beginning in micros. */
  #day = 0;
  #dayMicros = 0;
  #date = '';
  readonly #byNumber = new Known();
  readonly #asNames = new Known();
  /** Folders and absolute paths as they are printed, by their numbers. */
  readonly #printed: (string | undefined)[] = [];
  #printedGeneration = -1;
  readonly #below = new Map<string, Known>();
  #generation = -1;
  #pathGeneration = -1;
  #pathEpoch = -1;

  constructor(
    readonly source: string,
    readonly paths: PathTable,
    readonly context: ArgumentContext,
  ) {}

  /** A row of the bulk reader; in force until the batch ends. */
  useRow(batch: Batch, row: number, place: RowPlace, process: Process): void {
    this.#clear();
    this.#batch = batch;
    this.#row = row;
    this.#place = place;
    this.record = undefined;
    this.isExit = batch.isExit[row] === 1;
    this.event = this.isExit ? 'exit' : 'enter';
    const number = batch.name[row] as number;
    this.name = batch.names[number] as string;
    this.#plan = this.#plans[number] ??= planOf(this.name);
    this.errno = batch.errno[row] as number;
    this.elapsed = batch.elapsed[row] as number;
    this.ret = batch.texts?.ret[row] ?? 0;
    this.tid = batch.tid[row] as number;
    this.process = process;
  }

  /** A record; `process` is that of its task. */
  useEvent(event: LogEvent, process: Process): void {
    this.#clear();
    this.#batch = undefined;
    this.record = event;
    this.process = process;
    const isCall = event.kind === 'syscall-exit' || event.kind === 'syscall-enter';
    this.isExit = event.kind === 'syscall-exit';
    this.event = event.kind === 'syscall-exit' ? 'exit' : event.kind === 'syscall-enter' ? 'enter' : 'line';
    this.name = isCall ? event.name : '';
    this.#plan = planOf(this.name);
    this.errno = event.kind === 'syscall-exit' ? (event.errno ?? 0) : 0;
    this.ret = event.kind === 'syscall-exit' ? Number(event.ret) : 0;
    this.elapsed = event.kind === 'syscall-exit' ? event.duration_ns : 0;
    this.tid = isCall ? event.task.tid : 0;
    if (isCall) this.#text = event.args;
  }

  /** Something that follows from the record at hand, for as long as `ask` runs. */
  as(derived: Derived, ask: () => void): void {
    const { event, process, values, records, name } = this;
    const entry = this.#entry;
    const at = this.#at;
    this.event = derived.event;
    this.process = derived.process;
    this.values = derived.values;
    this.records = derived.records;
    if (derived.entry !== undefined) this.#entry = derived.entry;
    if (derived.at !== undefined) this.#at = derived.at;
    if (derived.syscall !== undefined) this.name = derived.syscall;
    ask();
    this.event = event;
    this.process = process;
    this.values = values;
    this.records = records;
    this.#entry = entry;
    this.#at = at;
    this.name = name;
  }

  /** The row at hand is kept, to be cited beyond its batch: as bytes, since nearly never anybody does. */
  settle(): void {
    const place = this.#place as RowPlace;
    const start = place.starts[this.#row] as number;
    const bytes = this.#batch?.bytes[this.#row] as number;
    if (this.#kept.length < bytes) this.#kept = Buffer.allocUnsafe(bytes * 2);
    place.block.copy(this.#kept, 0, start, start + bytes);
    const line = place.line + (place.lines[this.#row] as number);
    const { offset, dateOf } = place;
    this.#place = { block: this.#kept, starts: AT_FIRST, lines: AT_FIRST, line, offset, dateOf };
    this.#row = 0;
    this.#keptBytes = bytes;
  }
  #kept = Buffer.allocUnsafe(4096);
  #keptBytes = -1;

  #clear(): void {
    this.#keptBytes = -1;
    this.#text = undefined;
    this.#args = undefined;
    this.#entry = undefined;
    this.#second = undefined;
    this.#at = undefined;
    this.#flags = undefined;
    this.#fdNumber = undefined;
    this.#open = -1;
    this.#fd = null;
    this.#address = null;
    this.#exec = undefined;
    this.#evidence = undefined;
    this.values = NO_VALUES;
    this.records = NO_RECORDS;
  }

  /** The arguments as printed. */
  get text(): string {
    if (this.#text === undefined) {
      const texts = this.#batch?.texts;
      if (texts === null || texts === undefined) return '';
      const block = texts.blocks[texts.block[this.#row] as number] as Buffer;
      this.#text = block.toString('utf8', texts.from[this.#row], texts.to[this.#row]);
    }
    return this.#text;
  }

  /** Do the arguments hold a word of ASCII? No text is made for it. */
  hasWord(word: string): boolean {
    const texts = this.#batch?.texts;
    if (texts === null || texts === undefined || this.#text !== undefined) return this.text.includes(word);
    const block = texts.blocks[texts.block[this.#row] as number] as Buffer;
    const last = (texts.to[this.#row] as number) - word.length;
    const first = word.charCodeAt(0);
    for (let at = texts.from[this.#row] as number; at <= last; at++) {
      if (block[at] !== first) continue;
      let length = 1;
      while (length < word.length && block[at + length] === word.charCodeAt(length)) length++;
      if (length === word.length) return true;
    }
    return false;
  }

  /** What an exec names and hands over. */
  get exec(): PrintedExec {
    this.#exec ??= this.#readExec();
    return this.#exec;
  }

  #readExec(): PrintedExec {
    const usual = this.name === 'execve' ? readExecve(this.text) : undefined;
    if (usual !== undefined)
      return { path: usual.path, base: null, argv: this.#words.of(usual.words), env: this.#words.of(usual.env) };
    const [first] = this.args;
    const base = first?.kind === 'FD' ? first.path : null;
    const path = this.args[first?.kind === 'FD' ? 1 : 0];
    const [argv, env] = this.args.flatMap((arg) => (arg.kind === 'ExecveStringVector' ? [arg.strings ?? []] : []));
    return { path: path?.kind === 'Path' ? path.path : undefined, base, argv, env };
  }
  readonly #words = new WordLists();

  /** What the call printed of a file that it looked at. */
  get stat(): PrintedStat | undefined {
    const texts = this.#batch?.texts;
    if (texts === null || texts === undefined || this.#text !== undefined) {
      const bytes = Buffer.from(this.text);
      return statAt(bytes, 0, bytes.length);
    }
    const block = texts.blocks[texts.block[this.#row] as number] as Buffer;
    return statAt(block, texts.from[this.#row] as number, texts.to[this.#row] as number);
  }

  get args(): readonly Argument[] {
    this.#args ??= this.name === '' ? [] : splitArguments(this.name, this.text, this.context);
    return this.#args;
  }

  /**
   * What the first argument, a descriptor, shows: `s`ocket, `p`ipe, `/` a path, `h`ost, `a`non_inode, `(` for a bad one; '' for none.
   * Only a few bytes are looked at.
   */
  get fdKind(): string {
    const texts = this.#batch?.texts;
    if (texts === null || texts === undefined || this.#text !== undefined) {
      return /^(?:0x[0-9a-f]+|AT_FDCWD) (.)/.exec(this.text)?.[1] ?? '';
    }
    const block = texts.blocks[texts.block[this.#row] as number] as Buffer;
    const from = texts.from[this.#row] as number;
    const last = Math.min(from + 20, texts.to[this.#row] as number);
    for (let at = from; at < last; at++) {
      const c = block[at];
      if (c === 32) return String.fromCharCode(block[at + 1] ?? 0);
      if (c === 44) return '';
    }
    return '';
  }

  /** Does the first descriptor show something that begins so? */
  fdShows(beginning: string): boolean {
    const texts = this.#batch?.texts;
    if (texts === null || texts === undefined || this.#text !== undefined)
      return this.fd?.shows.startsWith(beginning) === true;
    const block = texts.blocks[texts.block[this.#row] as number] as Buffer;
    let at = texts.from[this.#row] as number;
    const last = at + 12;
    while (at < last && block[at] !== SPACE) at++;
    for (let i = 0; i < beginning.length; i++) if (block[at + 1 + i] !== beginning.charCodeAt(i)) return false;
    return true;
  }

  /** The first descriptor: its number and what it shows. */
  get fd(): Shown | undefined {
    if (this.#fd === null) this.#fd = this.#readFd();
    return this.#fd;
  }

  #readFd(): Shown | undefined {
    const [, digits, shows] = /^(0x[0-9a-f]+|AT_FDCWD) ([^,]*)/.exec(this.text.slice(0, 4200)) ?? [];
    if (digits === undefined) {
      const bare = /^0x[0-9a-f]+/.exec(this.text)?.[0];
      return bare === undefined ? undefined : { number: Number.parseInt(bare.slice(2), 16) | 0, shows: '' };
    }
    return { number: digits === 'AT_FDCWD' ? AT_FDCWD : Number(digits), shows: shows ?? '' };
  }

  /** The number of the first descriptor, of which no more than its digits are looked at; -1: none. */
  get fdNumber(): number {
    if (this.#fdNumber === undefined) {
      const texts = this.#batch?.texts;
      if (texts === null || texts === undefined || this.#text !== undefined) this.#fdNumber = this.fd?.number ?? -1;
      else {
        const block = texts.blocks[texts.block[this.#row] as number] as Buffer;
        this.#fdNumber = hexAt(block, texts.from[this.#row] as number);
        if (this.#fdNumber === -1) this.#fdNumber = this.fd?.number ?? -1;
      }
    }
    return this.#fdNumber;
  }

  /** Of fcntl: is it F_DUPFD or F_DUPFD_CLOEXEC? */
  get duplicates(): boolean {
    const texts = this.#batch?.texts;
    if (texts !== null && texts !== undefined && this.#text === undefined) {
      const block = texts.blocks[texts.block[this.#row] as number] as Buffer;
      let at = texts.from[this.#row] as number;
      const to = texts.to[this.#row] as number;
      while (at < to && block[at] !== COMMA) at++;
      const command = hexAt(block, at + 2);
      if (command !== -1 && command !== 0 && command !== 0x406) return false;
    }
    return /^\S+(?: [^,]*)?, 0x(?:0|406)(?:,|$)/.test(this.text);
  }

  /** The number of the socket or pipe that the first descriptor shows; -1 if it shows none. */
  numberOf(kind: 'socket' | 'pipe'): number {
    if (this.fdKind !== (kind === 'socket' ? 's' : 'p')) return -1;
    const shows = this.fd?.shows ?? '';
    return shows.startsWith(`${kind}:[`) ? Number.parseInt(shows.slice(kind.length + 2), 10) : -1;
  }

  /** The file that the call is about: of two names the one that comes to be. Null: none. */
  get entry(): PathEntry | null {
    if (this.#entry === undefined) this.#entry = this.#findEntry();
    return this.#entry;
  }

  /** Of two names the other one: what is renamed or linked. */
  get second(): PathEntry | null {
    if (this.#second === undefined) {
      if (!this.#plan.hasTwo || this.name.startsWith('symlink')) this.#second = null;
      else {
        const path = this.#resolved(this.#paths()[0] ?? -1);
        this.#second = path === undefined ? null : this.paths.of(path, true);
      }
    }
    return this.#second;
  }

  #findEntry(): PathEntry | null {
    const texts = this.#batch?.texts;
    const { isOneName, isName, hasTwo } = this.#plan;
    if (texts !== null && texts !== undefined && isOneName) {
      const number = texts.firstFile[this.#row] as number;
      if (number === NONE) return null;
      if (number >= 0) return this.#numbered(number);
    }
    if (this.name === 'execve') {
      const { path } = this.exec;
      const whole = path === undefined ? '' : absoluteOf(path, this.process.cwd);
      if (path !== undefined && path !== '') return whole.startsWith('/') ? this.paths.of(whole) : null;
    }
    const places = this.#paths();
    const place = hasTwo ? places.at(-1) : places[0];
    if (place !== undefined) {
      const path = this.#resolved(place);
      if (path !== undefined && path.startsWith('/')) return this.paths.of(path, isName);
      if (path !== undefined && path !== '') return hasTwo ? this.#besideOld(path) : null;
    }
    const fd = this.args.find((arg) => arg.kind === 'FD');
    const shown = fd?.kind === 'FD' ? fd.path : undefined;
    if (shown === undefined || !shown.startsWith('/')) return null;
    return this.paths.of(shown.replace(/ \(deleted\)$/, ''), true);
  }

  /** The second directory of a rename is printed as a number: that of the old name is taken. */
  #besideOld(path: string): PathEntry | null {
    const old = this.second;
    if (old === null) return null;
    return this.paths.of(`${old.path.slice(0, old.path.lastIndexOf('/'))}/${path}`, true);
  }

  #numbered(number: number): PathEntry | null {
    const names = (this.#batch as Batch).texts?.names;
    if (names === undefined) return null;
    if (names.generation !== this.#generation || this.paths.generation !== this.#pathGeneration) this.#renew(names);
    const isName = this.#plan.isName;
    const isBelow = names.baseOf(number) === BASE_CWD;
    const known = isBelow ? this.#belowCwd(isName) : isName ? this.#asNames : this.#byNumber;
    let entry = known.entries[number];
    if (entry === undefined || (entry !== null && entry.movedAt > (known.since[number] as number))) {
      known.entries[number] = entry = this.#pathOf(names.textOf(number), isBelow, isName);
      known.since[number] = this.#pathGeneration;
      if (entry !== null && !this.paths.isDirect) known.linked.add(number);
    }
    return entry;
  }

  /** What is known of texts that are relative to where the process stands. */
  #belowCwd(isName: boolean): Known {
    const place = `${isName ? 'n' : ''}${this.process.cwd ?? ''}`;
    let below = this.#below.get(place);
    if (below === undefined) {
      if (this.#below.size >= BELOW_LIMIT) this.#below.clear();
      this.#below.set(place, (below = new Known()));
    }
    return below;
  }

  /** Numbers began anew, or links came or went. */
  #renew(names: FileNames): void {
    const isOther = names.generation !== this.#generation || this.paths.epoch !== this.#pathEpoch;
    this.#generation = names.generation;
    this.#pathEpoch = this.paths.epoch;
    this.#pathGeneration = this.paths.generation;
    if (isOther) {
      this.#byNumber.forget();
      this.#asNames.forget();
      this.#below.clear();
      return;
    }
    this.#byNumber.renew();
    this.#asNames.renew();
    for (const known of this.#below.values()) known.renew();
  }

  #pathOf(text: string, isBelow: boolean, isName: boolean): PathEntry | null {
    const path = isBelow ? absoluteOf(text, this.process.cwd) : text;
    if (!path.startsWith('/') || path.startsWith('/memfd:')) return null;
    return this.paths.of(path.replace(/ \(deleted\)$/, ''), isName);
  }

  /** Places of the arguments that are paths. */
  #paths(): readonly number[] {
    return this.args.flatMap((arg, at) =>
      arg.kind === 'Path' && arg.path !== undefined && arg.path !== '' ? [at] : [],
    );
  }

  /** The path at a place, absolute as far as the log tells what it is relative to. */
  #resolved(place: number): string | undefined {
    const arg = this.args[place];
    if (arg?.kind !== 'Path' || arg.path === undefined) return undefined;
    const { path } = arg;
    if (path.startsWith('/')) return path;
    const before = this.args[place - 1];
    if (before?.kind === 'FD') {
      if (before.path?.startsWith('/') === true) return absoluteOf(path, before.path);
      return before.fd === AT_FDCWD ? absoluteOf(path, this.process.cwd) : path;
    }
    if (before?.kind === 'Hex' && before.raw !== '0xffffff9c' && before.raw !== '0xffffffffffffff9c') return path;
    return absoluteOf(path, this.process.cwd);
  }

  /** Where the process stands, if the call prints it. */
  get printedCwd(): string | undefined {
    const number = this.#batch?.texts?.folder[this.#row] ?? NOT_READ;
    if (number === NOT_READ) return /^AT_FDCWD (\/[^,]*)/.exec(this.text)?.[1];
    return number === NONE ? undefined : this.#printedText(number);
  }

  #printedText(number: number): string {
    const names = (this.#batch as Batch).texts?.names as FileNames;
    if (names.generation !== this.#printedGeneration) {
      this.#printedGeneration = names.generation;
      this.#printed.length = 0;
    }
    return (this.#printed[number] ??= names.textOf(number));
  }

  /** The path as printed, if it is absolute; of other paths it may be left out what they are. */
  get printedRoot(): string | undefined {
    const texts = this.#batch?.texts;
    if (texts !== null && texts !== undefined && this.#plan.isOneName) {
      const number = texts.firstFile[this.#row] as number;
      if (number === NONE) return undefined;
      if (number >= 0) return texts.names.baseOf(number) === BASE_ROOT ? this.#printedText(number) : undefined;
    }
    return this.printedPath;
  }

  /** The path as printed, of the first path argument. */
  get printedPath(): string | undefined {
    const arg = this.args.find((one) => one.kind === 'Path');
    return arg?.kind === 'Path' ? arg.path : undefined;
  }

  /** All words that the arguments print for flags and choices. */
  get flags(): readonly string[] {
    this.#flags ??= this.#readFlags();
    return this.#flags;
  }

  #readFlags(): readonly string[] {
    if ((this.name === 'openat' || this.name === 'open') && this.#args === undefined) {
      const last = this.text.lastIndexOf(', ');
      const before = this.text.lastIndexOf(', ', last - 1);
      if (before > 0) return this.text.slice(before + 2, last).split('|');
    }
    const found: string[] = [];
    for (const arg of this.args) {
      if ('flags' in arg) found.push(...arg.flags);
      else if ('name' in arg && arg.name !== undefined) found.push(arg.name);
    }
    return found;
  }

  /** Is it an open that may write? Asked of every open: no text is made for it. */
  get opensToWrite(): boolean {
    return (this.#openBits & OPEN_WRITES) !== 0;
  }

  get opensDirectory(): boolean {
    return (this.#openBits & OPEN_DIRECTORY) !== 0;
  }

  /** Is it an open with O_CREAT, or with O_TRUNC? */
  get opensToCreate(): boolean {
    return (this.#openBits & OPEN_CREATES) !== 0;
  }

  get opensToTruncate(): boolean {
    return (this.#openBits & OPEN_TRUNCATES) !== 0;
  }

  get #openBits(): number {
    if (this.#open === -1) this.#open = this.#readOpen();
    return this.#open;
  }

  #readOpen(): number {
    if (this.name !== 'openat' && this.name !== 'open') return this.name === 'creat' ? OPEN_WRITES : 0;
    const texts = this.#batch?.texts;
    if (texts !== null && texts !== undefined && this.#text === undefined) {
      const block = texts.blocks[texts.block[this.#row] as number] as Buffer;
      const bits = openBitsAt(block, texts.from[this.#row] as number, texts.to[this.#row] as number);
      if (bits !== -1) return bits;
    }
    const { text } = this;
    const last = text.lastIndexOf(', ');
    const flags = text.lastIndexOf(', O_', last - 1);
    const tail = flags === -1 ? text : text.slice(flags + 2, last);
    const isRead = tail.startsWith('O_RDONLY');
    const writes = tail.includes('O_CREAT') || tail.includes('O_TRUNC') || (!isRead && /O_WRONLY|O_RDWR/.test(tail));
    const { flags: words } = this;
    return (
      (writes ? OPEN_WRITES : 0) |
      (text.includes('|O_DIRECTORY') ? OPEN_DIRECTORY : 0) |
      (words.includes('O_CREAT') ? OPEN_CREATES : 0) |
      (words.includes('O_TRUNC') ? OPEN_TRUNCATES : 0)
    );
  }

  /** A number among the arguments, from 1 on. */
  number(place: number): number | undefined {
    if (this.#args === undefined) {
      const texts = this.#batch?.texts;
      if (texts !== null && texts !== undefined && this.#text === undefined) {
        const block = texts.blocks[texts.block[this.#row] as number] as Buffer;
        const hex = hexWithin(block, texts.from[this.#row] as number, texts.to[this.#row] as number, place);
        if (hex !== -1) return hex;
      }
      const plain = numberWithin(this.text, place);
      if (plain !== undefined) return plain;
    }
    const arg = this.args[place - 1];
    if (arg === undefined) return undefined;
    if (arg.kind === 'FD') return arg.fd;
    if ('value' in arg && arg.value !== undefined) return Number(arg.value);
    if (arg.kind === 'Signal') return Number(arg.signal);
    const bare = /^-?(?:0x[0-9a-f]+|0o[0-7]+|\d+)$/i.exec(arg.raw)?.[0];
    return bare === undefined ? undefined : Number(bare);
  }

  /** The address that the call prints. */
  get address(): Address | undefined {
    if (this.#address === null) this.#address = this.#readAddress();
    return this.#address;
  }

  #readAddress(): Address | undefined {
    if (!ADDRESSED.has(this.name)) return undefined;
    for (const arg of this.args) {
      if ((arg.kind === 'SockAddr' || arg.kind === 'PostSockAddr') && arg.family !== undefined) {
        const family = { family: arg.family };
        if (arg.addr !== undefined && arg.port !== undefined) {
          return { ...family, ip: addressOf(arg.addr), port: Number(arg.port) };
        }
        const path = arg.path ?? arg.addr;
        return path === undefined ? family : { ...family, path };
      }
    }
    // sendmsg prints it within the header of the message
    const [, family = '', ip = '', port = ''] = MESSAGE_ADDRESS.exec(this.name.endsWith('msg') ? this.text : '') ?? [];
    return family === '' ? undefined : { family, ip: addressOf(ip), port: Number(port) };
  }

  /** The data that the call hands over or got. */
  get payload(): string {
    const told = this.values['payload'];
    if (typeof told === 'string') return told;
    let found = '';
    for (const arg of this.args) {
      if ('text' in arg && typeof arg.text === 'string') found += arg.text;
      if ('iovecs' in arg) for (const one of arg.iovecs ?? []) found += one.text ?? '';
    }
    return found === '' && this.name.endsWith('msg') ? this.text : found;
  }

  /** The name of the task, as the record prints it. */
  get comm(): string {
    const { record } = this;
    if (record !== undefined) return 'comm' in record ? (record.comm ?? '') : '';
    const place = this.#place as RowPlace;
    const from = this.#batch?.texts?.from[this.#row] as number;
    // ` X openat(` stands behind it, `[   1:   1] ` before it
    const end = from - this.name.length - 4;
    let begin = end;
    while (begin > end - 16 && place.block[begin - 1] !== CLOSE_BRACKET) begin--;
    return place.block.toString('latin1', begin + 1, end);
  }

  /** Micros of the log's own clock. */
  get at(): number {
    if (this.#at === undefined) {
      this.#at = this.#time();
      // a record without a time is as late as the one before it
      this.#last = this.#at;
    }
    return this.#at;
  }

  #time(): number {
    const place = this.#place;
    if (this.#batch !== undefined && place !== undefined) {
      const start = place.starts[this.#row] as number;
      const { block } = place;
      this.#useDay(block, start, place);
      const two = (at: number): number =>
        ((block[start + at] as number) - 48) * 10 + (block[start + at + 1] as number) - 48;
      const micros = two(15) * 10_000 + two(17) * 100 + two(19);
      return this.#dayMicros + (two(6) * 3600 + two(9) * 60 + two(12)) * 1e6 + micros;
    }
    const { record } = this;
    if (record === undefined || record.time === null) return this.#last;
    return this.clock.microsOf(record.time);
  }
  #last = 0;

  #useDay(block: Buffer, start: number, place: RowPlace): void {
    const day = block.readInt32LE(start + 1);
    if (day === this.#day) return;
    this.#day = day;
    this.#date = place.dateOf(block.toString('latin1', start + 1, start + 5));
    this.#dayMicros = Date.parse(`${this.#date}T00:00:00Z`) * 1000;
  }

  /** The record at hand, whole. */
  get evidence(): Evidence {
    this.#evidence ??= this.#cite();
    return this.#evidence;
  }

  #cite(): Evidence {
    const { record } = this;
    if (record !== undefined) return evidenceOf(record);
    const place = this.#place as RowPlace;
    const start = place.starts[this.#row] as number;
    const bytes = this.#keptBytes === -1 ? (this.#batch?.bytes[this.#row] as number) : this.#keptBytes;
    this.#useDay(place.block, start, place);
    return {
      source: this.source,
      line: place.line + (place.lines[this.#row] as number),
      time: `${this.#date}T${place.block.toString('latin1', start + 6, start + 21)}`,
      text: place.block.toString('utf8', start, start + bytes).trimEnd(),
    };
  }
}

/** Calls that print an address. */
const ADDRESSED = new Set([
  'connect',
  'bind',
  'accept',
  'accept4',
  'sendto',
  'sendmsg',
  'recvfrom',
  'recvmsg',
  'getsockname',
  'getpeername',
]);

/** The value of `0x1f ` or `0x1f,` at a place; -1 if there is no such. */
function hexAt(block: Buffer, from: number): number {
  if (block[from] !== 48 || block[from + 1] !== 120) return -1;
  let value = 0;
  for (let at = from + 2; at < from + 10; at++) {
    const c = block[at] as number;
    if (c >= 48 && c <= 57) value = value * 16 + c - 48;
    else if (c >= 97 && c <= 102) value = value * 16 + c - 87;
    else return at > from + 2 ? value : -1;
  }
  return -1;
}

/** An exec as it is printed, with the words and the environment of its program. */
export type PrintedExec = {
  readonly path: string | undefined;
  /** What is printed beside a descriptor that stands before the path; null: there is none. */
  readonly base: string | null | undefined;
  readonly argv: readonly string[] | undefined;
  readonly env: readonly string[] | undefined;
};

/** What a stat says of a file. */
export type PrintedStat = {
  /** The letter behind `mode=S_IF`: of a directory D, of a FIFO I; '' where none is printed. */
  readonly type: string;
  /** Seconds since 1970 and nanoseconds: `1700000000.5000`. */
  readonly atime: string;
  /** Seconds since 1970; NaN where it is not printed. */
  readonly mtime: number;
};

/** Of `..., 0x7f {dev=8, mode=S_IFREG|0o644, atime=2026-11-23 22:49:16.5 +0000 UTC, mtime=..., ...}` what stands in the last braces. */
function statAt(block: Buffer, from: number, to: number): PrintedStat | undefined {
  let at = to - 1;
  while (at >= from && block[at] !== OPEN_BRACE) at--;
  if (at < from) return undefined;
  let type = '';
  let atime = '';
  let mtime = Number.NaN;
  for (; at < to; at++) {
    if (block[at] !== EQUALS) continue;
    if (block[at - 1] === LETTER_SMALL_E && block[at - 2] === LETTER_SMALL_D) {
      // mode=S_IFDIR
      if (block[at + 1] === LETTER_S && block[at + 2] === UNDERSCORE)
        type = String.fromCharCode(block[at + 5] as number);
    } else if (block[at - 4] === LETTER_SMALL_T) {
      // atime=2026-11-23 22:49:16.5
      const letter = block[at - 5];
      if (letter === LETTER_SMALL_A) atime = `${secondsAt(block, at + 1)}.${nanosAt(block, at + 20, to)}`;
      else if (letter === LETTER_SMALL_M) mtime = secondsAt(block, at + 1);
    }
  }
  return { type, atime, mtime };
}

/** Seconds since 1970 of `2026-11-23 22:49:16`; NaN if it is none. */
function secondsAt(block: Buffer, at: number): number {
  const two = (place: number): number =>
    ((block[at + place] as number) - 48) * 10 + (block[at + place + 1] as number) - 48;
  if (block[at + 4] !== DASH || block[at + 13] !== COLON) return Number.NaN;
  return Date.UTC(two(0) * 100 + two(2), two(5) - 1, two(8), two(11), two(14), two(17)) / 1000;
}

/** Nanoseconds of `.5`; 0 where no fraction is printed. */
function nanosAt(block: Buffer, at: number, to: number): number {
  if (block[at] !== POINT) return 0;
  let nanos = 0;
  let scale = 1e8;
  for (let digit = at + 1; digit < to && scale >= 1; digit++, scale /= 10) {
    const c = block[digit] as number;
    if (c < DIGIT_0 || c > DIGIT_9) break;
    nanos += (c - DIGIT_0) * scale;
  }
  return nanos;
}

/** What the words of `..., O_RDONLY|O_CLOEXEC|0x0, 0o0` at the end of an open's arguments say of it; -1: not surely. */
function openBitsAt(block: Buffer, from: number, to: number): number {
  let at = to - 1;
  while (at > from && block[at] !== COMMA) at--;
  at--;
  while (at > from && isFlagByte(block[at] as number)) at--;
  // the blank and the comma before the first word
  if (at <= from || block[at] !== SPACE || block[at - 1] !== COMMA || block[at + 1] !== LETTER_O) return -1;
  const isRead = block[at + 3] === LETTER_R && block[at + 5] === LETTER_O;
  let bits = 0;
  for (at += 1; block[at] === LETTER_O && block[at + 1] === UNDERSCORE; at++) {
    const one = block[at + 2];
    const two = block[at + 3];
    // O_CREAT, O_TRUNC; and O_WRONLY, O_RDWR of those that are not for reading alone
    if (one === LETTER_C && two === LETTER_R) bits |= OPEN_WRITES | OPEN_CREATES;
    else if (one === LETTER_T && two === LETTER_R) bits |= OPEN_WRITES | OPEN_TRUNCATES;
    else if (!isRead && (one === LETTER_W || (one === LETTER_R && block[at + 4] === LETTER_W))) bits |= OPEN_WRITES;
    else if (one === LETTER_D && block[at + 8] === LETTER_O) bits |= OPEN_DIRECTORY;
    while (isFlagByte(block[at] as number) && block[at] !== BAR) at++;
    if (block[at] !== BAR) break;
  }
  return bits;
}
const OPEN_WRITES = 1;
const OPEN_DIRECTORY = 2;
const OPEN_CREATES = 4;
const OPEN_TRUNCATES = 8;
const COMMA = 44;
const BAR = 124;
const UNDERSCORE = 95;
const LETTER_C = 67;
const LETTER_D = 68;
const LETTER_O = 79;
const LETTER_R = 82;
const LETTER_T = 84;
const LETTER_W = 87;

/** One of `O_RDONLY|O_CLOEXEC|0x0`. */
const isFlagByte = (c: number): boolean =>
  (c >= 65 && c <= 90) || c === UNDERSCORE || c === BAR || (c >= 48 && c <= 57) || (c >= 97 && c <= 122);

/** A number among arguments that hold nothing but numbers up to it. */
function numberWithin(text: string, place: number): number | undefined {
  let at = 0;
  for (let one = 1; one < place; one++) {
    const comma = text.indexOf(', ', at);
    if (comma === -1) return undefined;
    for (let i = at; i < comma; i++) {
      const c = text.charCodeAt(i);
      if (c === 34 || c === 123 || c === 91) return undefined;
    }
    at = comma + 2;
  }
  const end = text.indexOf(', ', at);
  const piece = end === -1 ? text.slice(at) : text.slice(at, end);
  return piece.length < 19 && /^(?:0x[0-9a-f]+|0o[0-7]+|\d+)$/.test(piece) ? Number(piece) : undefined;
}

/** The same of hexadecimal digits, as bytes; -1: no such number, or none of that form. */
function hexWithin(block: Buffer, from: number, to: number, place: number): number {
  let at = from;
  for (let one = 1; one < place; one++) {
    let c = block[at];
    while (at < to && c !== COMMA) {
      if (c === QUOTE || c === OPEN_BRACE || c === OPEN_BRACKET) return -1;
      c = block[++at];
    }
    if (at >= to || block[at + 1] !== SPACE) return -1;
    at += 2;
  }
  if (block[at] !== DIGIT_0 || block[at + 1] !== LETTER_SMALL_X) return -1;
  const begin = at + 2;
  let found = 0;
  for (at = begin; at < to && at - begin < 13; at++) {
    const c = block[at] as number;
    if (c >= DIGIT_0 && c <= DIGIT_9) found = found * 16 + c - DIGIT_0;
    else if (c >= LETTER_SMALL_A && c <= LETTER_SMALL_F) found = found * 16 + c - LETTER_SMALL_A + 10;
    else break;
  }
  if (at === begin) return -1;
  return at >= to || (block[at] === COMMA && block[at + 1] === SPACE) ? found : -1;
}
const QUOTE = 34;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const OPEN_BRACKET = 91;
const LETTER_SMALL_A = 97;
const LETTER_SMALL_F = 102;
const LETTER_SMALL_X = 120;
const OPEN_BRACE = 123;
const EQUALS = 61;
const DASH = 45;
const POINT = 46;
const COLON = 58;
const LETTER_S = 83;
const LETTER_SMALL_D = 100;
const LETTER_SMALL_E = 101;
const LETTER_SMALL_M = 109;
const LETTER_SMALL_T = 116;

const AT_FIRST = new Int32Array(1);
const CLOSE_BRACKET = 93;
const SPACE = 32;
const MESSAGE_ADDRESS = /Family: (AF_INET6?), Addr: ([0-9a-f.:]+), Port: (\d+)/;

/** Micros since 1970 of a time as records print it; its zone is left aside, since one log keeps to one. */
export function microsOf(time: string): number {
  const fraction = /\.(\d{1,6})/.exec(time)?.[1] ?? '';
  return Date.parse(`${time.slice(0, 19)}Z`) * 1000 + Number(fraction.padEnd(6, '0'));
}

/** The same for records of one day after the other: `2026-11-23T22:49:16.607075` is taken apart, and only its day is looked up. */
export class Clock {
  #day = '';
  #micros = 0;

  microsOf(time: string): number {
    if (time.length !== 26 || time[10] !== 'T' || time[19] !== '.') return microsOf(time);
    if (!time.startsWith(this.#day) || this.#day === '') {
      this.#day = time.slice(0, 10);
      this.#micros = Date.parse(`${this.#day}T00:00:00Z`) * 1000;
    }
    const two = (at: number): number => (time.charCodeAt(at) - 48) * 10 + time.charCodeAt(at + 1) - 48;
    const micros = two(20) * 10_000 + two(22) * 100 + two(24);
    return this.#micros + (two(11) * 3600 + two(14) * 60 + two(17)) * 1e6 + micros;
  }
}

const LETTERS: Readonly<Record<string, string>> = { debug: 'D', info: 'I', warning: 'W', error: 'E' };

/** A record as it stands in a log of text, with its header; of others its message. */
export function evidenceOf(event: LogEvent): Evidence {
  const { source, line, time, level, pid, site, message } = event;
  const isText = level !== null && pid !== null && site !== null && time !== null;
  const header = isText
    ? `${LETTERS[level] ?? 'I'}${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 26)} ${String(pid).padStart(7)} ${site}] `
    : '';
  return { source, line, time, text: `${header}${message.trimEnd()}` };
}

/** The path that an exec names: of execveat with an empty one that of its descriptor. */
export function execPathOf(moment: Moment): string | undefined {
  const { path, base } = moment.exec;
  if (base !== null && (path === undefined || path === '')) return base;
  if (path === undefined || path.startsWith('/')) return path;
  return absoluteOf(path, base?.startsWith('/') === true ? base : moment.process.cwd);
}
