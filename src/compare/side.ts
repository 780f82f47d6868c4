/**
 * One side of a comparison: its calls in columns, its processes, and what its log says of runtime and ends. A fold over the trace,
 * in one pass; what a single call said is read again where its record stands.
 */
import { learnContext } from '../events/arguments-of.js';
import type { Analyzer, Batch, BatchTexts, Fold } from '../model/analyzer.js';
import { isRestart, KINDS, type LogEvent } from '../model/event.js';
import type { SourceName } from '../model/units.js';
import { WAITING_CALLS, WAITING_TO_READ, WAITING_BY_OPERATION } from '../knowledge/waiting-calls.js';
import { specAfter, type SpecFacts } from '../analyzers/spec.js';
import { argvIn, CallReader, isQuiet, WRITES, type ReadCall } from './call-reader.js';
import { Columns } from './columns.js';
import { nativeText } from './halves.js';
import { hashOf } from './hash.js';
import { ProcessTree, type Task, type Traced } from './processes.js';
import type { Dialect } from './pieces.js';

/** Names of calls that are told apart; no kernel has so many. */
const NAMES_LIMIT = 4096;
/** Sources that are told apart: `strace -ff` writes one a task. */
const SOURCES_LIMIT = 65_000;

/** A call of the quiet ones that failed: how often, and where first. */
export type QuietError = {
  readonly name: string;
  readonly errno: number;
  readonly process: Traced;
  readonly source: number;
  readonly place: number;
  readonly bytes: number;
  count: number;
};

export type Side = {
  readonly kind: Dialect;
  readonly version: string | null;
  readonly release: string | null;
  readonly architecture: 'amd64' | 'arm64';
  /** As the banner or the boot process says; null where the log does not. */
  readonly cpus: number | null;
  readonly spec: SpecFacts | null;
  readonly sources: readonly SourceName[];
  readonly columns: Columns;
  /** Names of calls by their numbers in the columns: Linux's, and as printed. */
  readonly names: readonly { readonly name: string; readonly printed: string }[];
  readonly tree: ProcessTree;
  /** Of calls that strace broke in two, by row, where the first half stands. */
  readonly halves: ReadonlyMap<number, { readonly place: number; readonly bytes: number }>;
  readonly quietErrors: readonly QuietError[];
  /** Calls of each quiet name, by process. */
  readonly calls: number;
  /** Nanoseconds of work by name, and whether times were there at all. */
  readonly work: ReadonlyMap<string, number>;
  readonly hasTimes: boolean;
  /** Was any descriptor printed with what it is? */
  readonly showsPaths: boolean;
};

type Known = {
  readonly id: number;
  readonly name: string;
  readonly isQuiet: boolean;
  readonly isWrite: boolean;
  readonly waits: boolean;
};

/** Kinds that are looked at; all others only move the place on. */
const READ = KINDS.filter((kind) => kind !== 'syscall-enter' && kind !== 'syscall-exit');

export function sideOf(): Analyzer<Side> {
  return { name: 'compared-side', reads: READ, start: () => new SideFold() };
}

class SideFold implements Fold<Side> {
  readonly wantsTexts = true;
  readonly wantsNativeTexts = true;
  readonly #reader = new CallReader();
  readonly #columns = new Columns();
  readonly #tree = new ProcessTree();
  readonly #sources: SourceName[] = [];
  readonly #names: { name: string; printed: string }[] = [];
  readonly #known = new Map<string, Known>();
  readonly #quiet = new Map<string, QuietError>();
  readonly #work = new Map<string, number>();
  readonly #halves = new Map<number, { readonly place: number; readonly bytes: number }>();
  #source = -1;
  #offset = 0;
  #calls = 0;
  #native = 0;
  #runsc = 0;
  #version: string | null = null;
  #cpus: number | null = null;
  #spec: SpecFacts | null = null;
  #hasTimes = false;
  #showsPaths = false;

  sourceStarts(source: SourceName): void {
    this.#source = Math.min(this.#sources.length, SOURCES_LIMIT);
    this.#sources.push(source);
    this.#offset = 0;
    this.#tree.sourceStarts(this.#source);
  }

  see(event: LogEvent): void {
    this.#offset = event.offset + event.bytes;
    switch (event.kind) {
      case 'banner':
        learnContext(this.#reader.context, event.values);
        this.#version = event.values['version'] ?? this.#version;
        if (event.values['cpus'] !== undefined) this.#cpus = Number(event.values['cpus']);
        return;
      case 'spec':
        this.#spec = specAfter(this.#spec, event.message);
        return;
      case 'note': {
        if (event.known === 'container-exec') this.#tree.executes(event.captures?.['argv'] ?? '');
        const cpus = /^CPUs: (\d{1,5})$/.exec(event.message.trimEnd())?.[1];
        if (cpus !== undefined) this.#cpus = Number(cpus);
        return;
      }
      case 'signal':
        if (event.task !== undefined && event.message.includes('terminating thread group'))
          this.#tree.signalled(event.task.tgid ?? event.task.tid, event.signal);
        return;
      case 'exit':
        if (event.of === 'application') this.#tree.applicationEnded(event.status, event.signal);
        return;
      case 'native-exit':
        this.#tree.nativeEnd(event.task.tid, event.status, event.signal);
        return;
      default:
    }
  }

  seeBatch(batch: Batch): void {
    const { texts } = batch;
    if (texts === null) return;
    for (let row = 0; row < batch.count; row++) {
      const place = this.#offset;
      this.#offset = place + (batch.bytes[row] as number);
      this.#row(batch, texts, row, place);
    }
  }

  #name(printed: string): Known {
    let known = this.#known.get(printed);
    if (known !== undefined) return known;
    const name = this.#reader.nameOf(printed);
    const id = Math.min(this.#names.length, NAMES_LIMIT);
    if (id < NAMES_LIMIT) this.#names.push({ name, printed });
    const waits = WAITING_CALLS.has(name) || name === WAITING_BY_OPERATION;
    known = { id, name, isQuiet: isQuiet(name), isWrite: WRITES.has(name), waits };
    this.#known.set(printed, known);
    return known;
  }

  #row(batch: Batch, texts: BatchTexts, row: number, place: number): void {
    const printed = batch.names[batch.name[row] as number] as string;
    const known = this.#name(printed);
    const start = texts.starts[row] as number;
    const isBulk = start >= 0;
    const isNative = start === -2 || (isBulk && texts.to[row] === 0);
    if (isNative) this.#native++;
    else this.#runsc++;
    const tid = batch.tid[row] as number;
    const task = this.#tree.task(
      this.#source,
      batch.tgid[row] as number,
      tid,
      texts.nestedTgid[row] as number,
      isNative,
    );
    const errno = batch.errno[row] as number;
    if (batch.isExit[row] !== 1) {
      this.#enter(batch, texts, row, place, known, task, isNative, isBulk);
      return;
    }
    this.#calls++;
    const { process } = task;
    process.calls++;
    const elapsed = batch.elapsed[row] as number;
    if (elapsed >= 0) this.#hasTimes = true;
    const { begun } = task;
    task.begun = null;
    task.open = null;
    if (known.isQuiet) {
      if (elapsed > 0 && !known.waits) this.#work.set(known.name, (this.#work.get(known.name) ?? 0) + elapsed);
      if (errno !== 0 && !isRestart(errno)) this.#quietError(known, errno, process, place, batch.bytes[row] as number);
      return;
    }
    if (isRestart(errno)) return;
    const reader = this.#reader;
    reader.dialect = isNative ? 'native' : 'runsc';
    let args: string;
    let ret: number;
    if (isNative && isBulk) {
      const line = (texts.blocks[0] as Buffer).toString('utf8', start, start + (batch.bytes[row] as number) - 1);
      const parsed = nativeParts(line, printed);
      args = parsed.args;
      ret = errno === 0 ? parsed.ret : -1;
      if (parsed.isResumed && begun?.name === printed) args = nativeText(begun.args, args);
    } else {
      args = (texts.blocks[texts.block[row] as number] as Buffer).toString(
        'utf8',
        texts.from[row] as number,
        texts.to[row] as number,
      );
      ret = errno === 0 ? (texts.ret[row] as number) : -1;
      if (isNative && begun?.name === printed && !args.startsWith(begun.args)) args = nativeText(begun.args, args);
    }
    let at = place;
    let bytes = batch.bytes[row] as number;
    if (!isNative && known.isWrite && begun !== null) {
      // the data stands in the record of the entry
      args = begun.args;
      at = begun.place;
      bytes = begun.bytes;
    }
    if (!this.#showsPaths && (isNative ? args.includes('<') : /^0x[0-9a-f]+ |^AT_FDCWD \//.test(args)))
      this.#showsPaths = true;
    const call = reader.read(process, printed, known.name, args, errno, ret);
    if (elapsed > 0 && !known.waits && !(WAITING_TO_READ.has(known.name) && !call.subject.startsWith('/')))
      this.#work.set(known.name, (this.#work.get(known.name) ?? 0) + elapsed);
    this.#effects(task, call, args, errno, ret);
    const index = this.#columns.next;
    if (isNative && begun !== null && this.#halves.size < HALVES_LIMIT)
      this.#halves.set(index, { place: begun.place, bytes: begun.bytes });
    if (call.text !== '' && WRITES.has(call.name))
      process.wrote(call.stream, call.subject, call.text, index, this.#source, at, bytes);
    process.last = index;
    this.#columns.add({
      key: hashOf(call.question),
      answer: call.answer,
      errno,
      name: known.id,
      task: task.number,
      source: this.#source,
      place: at,
      bytes,
    });
  }

  /** The beginning of a call: the first half of a native one, the data of a write, and what may never come back. */
  #enter(
    batch: Batch,
    texts: BatchTexts,
    row: number,
    place: number,
    known: Known,
    task: Task,
    isNative: boolean,
    isBulk: boolean,
  ): void {
    const bytes = batch.bytes[row] as number;
    task.open = { name: known.name, source: this.#source, place, bytes };
    const isExit = known.name === 'exit_group' || known.name === 'exit';
    if (!isNative && !known.isWrite && !isExit) return;
    const args =
      isNative && isBulk
        ? nativeParts(
            (texts.blocks[0] as Buffer).toString(
              'utf8',
              texts.starts[row] as number,
              (texts.starts[row] as number) + bytes - 1,
            ),
            batch.names[batch.name[row] as number] as string,
          ).args
        : (texts.blocks[texts.block[row] as number] as Buffer).toString(
            'utf8',
            texts.from[row] as number,
            texts.to[row] as number,
          );
    if (isExit) {
      this.#tree.exits(task, Number.parseInt(args, isNative ? 10 : 16) & 0xff, known.name === 'exit_group');
      task.open = null;
      if (isNative && known.name === 'exit_group') this.#exitRow(known, task, place, bytes);
    } else if (args.length <= BEGUN_LIMIT) {
      task.begun = { name: batch.names[batch.name[row] as number] as string, args, place, bytes };
    }
  }

  /** strace prints no result of the call that ends a process: it stands among the others all the same. */
  #exitRow({ id, name }: Known, task: Task, place: number, bytes: number): void {
    this.#calls++;
    task.process.calls++;
    task.process.last = this.#columns.next;
    this.#columns.add({
      key: hashOf(name),
      answer: 0,
      errno: 0,
      name: id,
      task: task.number,
      source: this.#source,
      place,
      bytes,
    });
  }

  #quietError(known: Known, errno: number, process: Traced, place: number, bytes: number): void {
    const key = `${process.number} ${known.name} ${errno}`;
    const seen = this.#quiet.get(key);
    if (seen !== undefined) seen.count++;
    else if (this.#quiet.size < QUIET_LIMIT)
      this.#quiet.set(key, { name: known.name, errno, process, source: this.#source, place, bytes, count: 1 });
  }

  /** What a call means for its process. */
  #effects(task: Task, { name, subject }: ReadCall, args: string, errno: number, ret: number): void {
    if (errno !== 0) return;
    const { process } = task;
    switch (name) {
      case 'clone':
      case 'clone3':
      case 'fork':
      case 'vfork':
        if (ret > 0) this.#tree.forked(task, ret, args.includes('CLONE_THREAD'));
        return;
      case 'execve':
      case 'execveat':
        process.executed(subject, argvIn(args, this.#reader.dialect) ?? null, this.#columns.next);
        return;
      case 'pipe':
      case 'pipe2': {
        const [, one, other] = /\[(\d+),? (\d+)\]/.exec(args) ?? [];
        for (const fd of [one, other]) if (fd !== undefined) process.fds.set(Number(fd), 'pipe');
        return;
      }
      case 'fcntl':
        if (subject.startsWith('F_DUPFD')) process.fds.delete(ret);
        return;
      default: {
        const made = MADE[name];
        if (made !== undefined && ret >= 0) process.fds.set(ret, made);
      }
    }
  }

  /** runsc prints no set of CPUs: what the sandbox was given stands in its log. */
  #tellCpus(): void {
    const id = this.#names.findIndex(({ name }) => name === 'sched_getaffinity');
    if (this.#cpus === null || id === -1) return;
    const { count, name, errno, answer } = this.#columns;
    for (let row = 0; row < count; row++)
      if (name[row] === id && errno[row] === 0 && answer[row] === 0) answer[row] = this.#cpus + 1;
  }

  finish(repeats: ReadonlySet<SourceName>): Side {
    const { context } = this.#reader;
    this.#tree.finish(this.#spec);
    this.#tellCpus();
    return {
      kind: this.#native > this.#runsc ? 'native' : 'runsc',
      version: this.#version,
      release: context.release ?? null,
      architecture: context.arch ?? 'amd64',
      cpus: this.#cpus,
      spec: this.#spec,
      sources: this.#sources.filter((source) => !repeats.has(source)),
      columns: this.#columns,
      names: this.#names,
      tree: this.#tree,
      halves: this.#halves,
      quietErrors: [...this.#quiet.values()],
      calls: this.#calls,
      work: this.#work,
      hasTimes: this.#hasTimes,
      showsPaths: this.#showsPaths,
    };
  }
}

/** What calls return descriptors of, as tracers show it beside them. */
const MADE: Readonly<Record<string, string>> = {
  socket: 'socket',
  memfd_create: 'memfd',
  eventfd: 'anon_inode:[eventfd]',
  eventfd2: 'anon_inode:[eventfd]',
  epoll_create: 'anon_inode:[eventpoll]',
  epoll_create1: 'anon_inode:[eventpoll]',
  timerfd_create: 'anon_inode:[timerfd]',
  signalfd4: 'anon_inode:[signalfd]',
  inotify_init: 'anon_inode:inotify',
  inotify_init1: 'anon_inode:inotify',
  pidfd_open: 'anon_inode:[pidfd]',
  perf_event_open: 'anon_inode:[perf_event]',
};
/** Failed calls of the quiet ones that are told apart. */
const QUIET_LIMIT = 10_000;
/** Calls in two halves whose first is found again. */
const HALVES_LIMIT = 100_000;
/** A longer first half of a call is not kept. */
const BEGUN_LIMIT = 65_536;

/** Arguments and result of a line of strace(1) that holds a whole call, or a half of one. */
export function nativeParts(
  line: string,
  name: string,
): { readonly args: string; readonly ret: number; readonly isResumed: boolean } {
  const opening = line.indexOf(`${name}(`);
  const resumed = line.indexOf(`${name} resumed>`);
  const isResumed = resumed !== -1 && (opening === -1 || resumed < opening);
  const from = isResumed ? resumed + name.length + ' resumed>'.length : opening + name.length + 1;
  const equals = equalsOf(line, from);
  if (equals === -1) {
    const end = line.lastIndexOf('<unfinished ...>');
    return { args: line.slice(from, end === -1 ? line.length : end).trimEnd(), ret: Number.NaN, isResumed };
  }
  let close = equals - 1;
  while (line.charCodeAt(close) === 0x20) close--;
  const value = /^-?\w+/.exec(line.slice(equals + 2, equals + 30))?.[0] ?? '';
  const args = line.slice(from, close);
  return { args: isResumed ? args.trimStart() : args, ret: value === '?' ? Number.NaN : Number(value), isResumed };
}

/** The `=` of the last `) = `. */
function equalsOf(line: string, from: number): number {
  for (let at = line.lastIndexOf(' = '); at >= from; at = line.lastIndexOf(' = ', at - 1)) {
    let before = at;
    while (before > from && line.charCodeAt(before) === 0x20) before--;
    if (line.charCodeAt(before) === 0x29) return at + 1;
  }
  return -1;
}
