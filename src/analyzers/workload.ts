/**
 * What a workload does, seen from four sides: its processes, its files, its sockets, and the paths that calls failed on. Reads trace
 * records as columns with their texts; a call that names nothing costs a look into a table.
 */
import { readExecve, splitArguments, type Argument } from '../events/arguments.js';
import { learnContext, type Context } from '../events/arguments-of.js';
import { NONE, NOT_READ } from '../events/file-names.js';
import { detached, WordLists } from '../events/word-lists.js';
import type { Analyzer, Batch, FileNames, Fold } from '../model/analyzer.js';
import { RESTART_FIRST, RESTART_LAST, type LogEvent } from '../model/event.js';
import type { SourceName } from '../model/units.js';
import { callPlans, type CallPlan } from './call-plans.js';
import { FileTable } from './files.js';
import { MOST_NUMBERS, NamedFiles } from './named-files.js';
import { OddNames } from './odd-names.js';
import { fileOf, joined, normalised } from './paths.js';
import { ProcessTable, type Process, type ProcessUsage } from './processes.js';
import { socketOf, SocketTable, type SocketUsage } from './sockets.js';
import { WaitingTeller } from './waiting.js';

export type Workload = {
  readonly processes: readonly ProcessUsage[];
  readonly files: FileTable;
  readonly sockets: readonly SocketUsage[];
  readonly dropped: number;
};

const EMPTY_PLAN: CallPlan = { act: null, names: false, paths: [], isPlain: false, isRead: false };

/** One log: tasks have ids of their own in each. */
class SourceWorkload {
  readonly #teller = new WaitingTeller('task');
  readonly #plans: (CallPlan | undefined)[] = [];
  /** The numbers of names in the table of files. */
  readonly #calls: number[] = [];
  #table: ReadonlyMap<string, CallPlan> | undefined;
  readonly #context: Context = {};
  readonly #odd = new OddNames();
  readonly processes: ProcessTable;
  readonly sockets: SocketTable;

  constructor(
    readonly source: SourceName,
    readonly files: FileTable,
    readonly named: NamedFiles,
  ) {
    this.processes = new ProcessTable(source);
    this.sockets = new SocketTable(source);
  }

  see(event: LogEvent): void {
    if (event.kind === 'banner') learnContext(this.#context, event.values);
    else this.processes.see(event);
  }

  seeBatch(batch: Batch): void {
    const { count, isExit, name, names } = batch;
    for (let row = 0; row < count; row++) {
      const plan = this.#planOf(name[row] as number, names);
      const process = this.processes.of(batch, row);
      if (process === undefined) continue;
      if (isExit[row] === 1) this.#leave(batch, row, process, plan);
      else if (plan.act === 'exit' || plan.act === 'exit-group') this.#exit(batch, row, process, plan);
    }
  }

  #planOf(id: number, names: readonly string[]): CallPlan {
    const known = this.#plans[id];
    if (known !== undefined) return known;
    this.#table ??= callPlans(this.#context.arch ?? 'amd64');
    const plan = this.#table.get(names[id] ?? '') ?? EMPTY_PLAN;
    this.#plans[id] = plan;
    this.#calls[id] = this.files.call(names[id] ?? '');
    return plan;
  }

  #exit(batch: Batch, row: number, process: Process, plan: CallPlan): void {
    const text = textOf(batch, row);
    if (text === '') return; // a native trace: its line of the end says how
    const status = Number.parseInt(text, 16) & 0xff;
    if (plan.act === 'exit-group') {
      if (process.isGroupEnded) return;
      process.isGroupEnded = true;
      process.exit = { status };
    } else if (batch.tid[row] === (process.tgid ?? process.tid)) process.firstThreadExit = status;
  }

  #leave(batch: Batch, row: number, process: Process, plan: CallPlan): void {
    const errno = batch.errno[row] as number;
    const time = timeOf(batch, row);
    const isError = errno !== 0 && (errno < RESTART_FIRST || errno > RESTART_LAST);
    process.calls++;
    if (isError) process.errors++;
    process.total_ns += time;
    if (this.#teller.waits(batch, row)) process.waiting_ns += time;
    if (!plan.isRead) return;
    if (plan.act === 'fork' && !plan.names) {
      if (errno === 0) this.#fork(batch, row, process);
    } else if (!this.#count(batch, row, process, plan, isError)) this.#read(batch, row, process, plan, isError);
  }

  #fork(batch: Batch, row: number, process: Process): void {
    const isThread = THREAD.test(textOf(batch, row));
    this.processes.fork(process, batch.texts?.ret[row] ?? 0, isThread, batch.texts?.nestedTgid[row] ?? -1);
  }

  /**
   * Counts a call that only names files and moves bytes, by the numbers of their names. False: it is not such a one, or not surely;
   * then nothing has been counted.
   */
  #count(batch: Batch, row: number, process: Process, plan: CallPlan, isError: boolean): boolean {
    const { texts, errno } = batch;
    if (!plan.isPlain || texts === null) return false;
    const { names } = texts;
    const first = texts.firstFile[row] as number;
    if (first === NOT_READ) return false;
    const { named } = this;
    named.use(names);
    const folder = texts.folder[row] as number;
    if (folder !== NONE) this.#stands(process, folder, names);
    let file = first === NONE ? NONE : named.row(first, process.cwd);
    const second = texts.secondFile[row] as number;
    let other = second === NONE ? NONE : named.row(second, process.cwd);
    if (named.isStale) return false;
    const socket = texts.socket[row] as number;
    const isCopy = plan.act === 'copy';
    const isPair = socket === NONE && other !== NONE && file !== other;
    if (isCopy && (file === NONE || (second !== NONE && !isPair))) return false;
    if (socket !== NONE && !this.#countSocket(batch, row, process, plan, isError)) return false;
    const time = timeOf(batch, row);
    if (other === file) other = NONE;
    if (file === NONE) {
      if (other === NONE) return true;
      file = other;
      other = NONE;
    }
    const failure = errno[row] as number;
    const call = this.#calls[batch.name[row] as number] as number;
    this.#countFile(file, call, time, isError, failure);
    if (other !== NONE) this.#countFile(other, call, time, isError, failure);
    if (plan.act === null) return true;
    const last = other === NONE ? file : other;
    const isDone = failure === 0;
    if (plan.act === 'open') {
      if (isDone) this.files.opened(last);
      else if (isError) this.files.notOpened(last);
    } else if (isDone) {
      const ret = texts.ret[row] as number;
      if (plan.act === 'read') this.files.moved(last, ret, 0);
      else if (plan.act === 'write') this.files.moved(last, 0, ret);
      else if (isCopy) this.#copied(batch, row, file, other);
    }
    return true;
  }

  /** Bytes went from one argument of a call to another, which are two files, or one and no other: their order tells which way. */
  #copied(batch: Batch, row: number, file: number, other: number): void {
    const { texts } = batch;
    if (texts === null) return;
    const name = batch.names[batch.name[row] as number] ?? '';
    const ret = texts.ret[row] as number;
    const isFirst = other !== NONE || beginsWithFile(batch, row);
    const isSource = isFirst === (name !== 'sendfile');
    const source = isSource ? file : other;
    const target = isSource ? other : file;
    if (source !== NONE) this.files.moved(source, ret, 0);
    if (target !== NONE) this.files.moved(target, 0, ret);
    const socket = texts.socket[row] as number;
    const usage = socket === NONE || name === 'copy_file_range' ? null : this.sockets.numbered(socket, texts.names);
    if (usage === null) return;
    if (isSource) usage.bytes_out += ret;
    else usage.bytes_in += ret;
  }

  /** Counts a call of a socket that only moves bytes, or changes nothing. False: it may be a socket that was just made. */
  #countSocket(batch: Batch, row: number, process: Process, plan: CallPlan, isError: boolean): boolean {
    const { texts } = batch;
    if (texts === null || process.descriptors.size > 0) return false;
    const usage = this.sockets.numbered(texts.socket[row] as number, texts.names);
    if (usage === null) return true;
    usage.calls++;
    if (isError) usage.errors++;
    if (plan.act === null || batch.errno[row] !== 0) return true;
    const name = batch.names[batch.name[row] as number];
    const ret = texts.ret[row] as number;
    if (name === 'read' || name === 'readv') usage.bytes_in += ret;
    else if (name === 'write' || name === 'writev') usage.bytes_out += ret;
    return true;
  }

  #countFile(file: number, call: number, time: number, isError: boolean, errno: number): void {
    this.files.count(file, time, isError, call);
    if (isError) this.files.failed(file, errno);
  }

  /** A process shows where it stands: `AT_FDCWD /srv`. */
  #stands(process: Process, folder: number, names: FileNames): void {
    const place = names.generation * MOST_NUMBERS + folder;
    if (process.standsAt === place) return;
    process.standsAt = place;
    process.cwd = normalised(names.textOf(folder));
  }

  /** A call that names something, or changes what its process is. */
  #read(batch: Batch, row: number, process: Process, plan: CallPlan, isError: boolean): void {
    const name = batch.names[batch.name[row] as number] ?? '';
    const text = textOf(batch, row);
    if (plan.act === 'exec' && this.#exec(batch, row, process, text, isError)) return;
    if (plan.act === 'getcwd' && batch.errno[row] === 0 && showsFolder(text, process)) return;
    const args = splitArguments(name, text, this.#context, this.#odd.in(text));
    const errno = batch.errno[row] as number;
    const time = timeOf(batch, row);
    const ret = batch.texts?.ret[row] ?? 0;
    const isDone = errno === 0;
    for (const arg of args) {
      if (arg.kind === 'FD' && arg.fd === AT_FDCWD && arg.path?.startsWith('/') === true) {
        process.cwd = normalised(arg.path);
        process.standsAt = -1;
      }
    }
    const files = namesOf(args, plan, process);
    this.#odd.learn(files);
    const count = isDone ? ret : 0;

    const reading = plan.act === 'read' || plan.act === 'receive' || name === 'recvmmsg';
    const call = this.#calls[batch.name[row] as number] as number;
    for (const file of files) this.#countFile(this.files.row(file), call, time, isError, errno);
    if (plan.act === 'open') {
      const file = files.at(-1);
      if (file !== undefined && isDone) this.files.opened(this.files.row(file));
      else if (file !== undefined && isError) this.files.notOpened(this.files.row(file));
    } else if (plan.act === 'copy' && isDone) this.#copy(name, args, ret);
    else if (isDone && (reading || plan.act === 'write')) {
      const file = fileOf(pathOf(args[0]));
      if (file !== undefined) this.files.moved(this.files.row(file), reading ? count : 0, reading ? 0 : count);
    }
    this.sockets.see({ name, act: plan.act, errno, isError, ret }, args, process.descriptors);
    if (isDone) this.#act(batch, row, process, plan, args);
  }

  /** An execve of the usual form. False: it is not one. */
  #exec(batch: Batch, row: number, process: Process, text: string, isError: boolean): boolean {
    const exec = readExecve(text);
    if (exec === undefined || exec.path === '') return false;
    const errno = batch.errno[row] as number;
    const call = this.#calls[batch.name[row] as number] as number;
    const file = this.files.row(resolved(exec.path, undefined, process));
    this.#countFile(file, call, timeOf(batch, row), isError, errno);
    if (errno === 0) this.#runs(process, exec.path, null, this.#words.of(exec.words));
    return true;
  }

  readonly #words = new WordLists();

  #copy(name: string, args: readonly Argument[], ret: number): void {
    const [from, to] = name === 'sendfile' ? [args[1], args[0]] : [args[0], args[2]];
    const [source, target] = [fileOf(pathOf(from)), fileOf(pathOf(to))];
    if (source !== undefined) this.files.moved(this.files.row(source), ret, 0);
    if (target !== undefined) this.files.moved(this.files.row(target), 0, ret);
    const [readSocket, writtenSocket] = [socketOf(pathOf(from)), socketOf(pathOf(to))];
    if (name === 'copy_file_range') return;
    if (readSocket !== undefined) this.sockets.get(readSocket).bytes_in += ret;
    if (writtenSocket !== undefined) this.sockets.get(writtenSocket).bytes_out += ret;
  }

  /** What a successful call changes: processes, their programs and folders. */
  #act(batch: Batch, row: number, process: Process, plan: CallPlan, args: readonly Argument[]): void {
    switch (plan.act) {
      case 'fork':
        this.#fork(batch, row, process);
        break;
      case 'exec':
        this.#execute(process, args);
        break;
      case 'chdir': {
        const path = pathOf(args[0]);
        if (path !== undefined && path !== '') process.cwd = absolute(path, process.cwd) ?? process.cwd;
        process.standsAt = -1;
        break;
      }
      case 'fchdir':
      case 'getcwd':
        process.cwd = fileOf(pathOf(args[0])) ?? process.cwd;
        process.standsAt = -1;
    }
  }

  #execute(process: Process, args: readonly Argument[]): void {
    const strings = args.find((arg) => arg.kind === 'ExecveStringVector');
    const argv = strings?.kind === 'ExecveStringVector' ? (strings.strings ?? null) : null;
    const place = args[0]?.kind === 'FD' ? 1 : 0;
    const printed = pathOf(args[place]) ?? '';
    const path = printed === '' && place === 1 ? pathOf(args[0]) : printed;
    const base = args[0]?.kind === 'FD' ? (args[0].path ?? null) : null;
    this.#runs(process, path, base, argv === null ? null : argv.map(detached));
  }

  /** A process runs another program; `base` is the folder that its path is relative to, where the call named one. */
  #runs(process: Process, path: string | undefined, base: string | null, argv: readonly string[] | null): void {
    process.hasExecuted = true;
    process.argv = argv;
    if (path === undefined || path === '') return;
    if (path === '/proc/self/exe' && process.program !== null) return;
    process.program = detached(absolute(path, base ?? process.cwd) ?? path);
  }
}

const AT_FDCWD = -100;

const FOLDER = /^0x[0-9a-f]+ (\/[^\n]*), 0x[0-9a-f]+$/;

/** Takes where a process stands from a getcwd of the usual form. False: it is not one. */
function showsFolder(text: string, process: Process): boolean {
  const folder = FOLDER.exec(text)?.[1];
  if (folder === undefined) return false;
  process.cwd = fileOf(folder) ?? process.cwd;
  process.standsAt = -1;
  return true;
}

/** Nanoseconds; 0 of a native trace without times. */
function timeOf({ elapsed }: Batch, row: number): number {
  const time = elapsed[row] as number;
  return time >= 0 ? time : 0;
}

function textOf({ texts }: Batch, row: number): string {
  if (texts === null) return '';
  const block = texts.blocks[texts.block[row] as number] as Buffer;
  return block.toString('utf8', texts.from[row], texts.to[row]);
}

/** Is a file printed beside the descriptor that a call has for its first argument? */
function beginsWithFile({ texts }: Batch, row: number): boolean {
  if (texts === null) return false;
  const block = texts.blocks[texts.block[row] as number] as Buffer;
  return block[block.indexOf(BLANK, texts.from[row] as number) + 1] === SLASH;
}
const BLANK = 32;
const SLASH = 47;

function pathOf(arg: Argument | undefined): string | undefined {
  return arg !== undefined && (arg.kind === 'FD' || arg.kind === 'Path' || arg.kind === 'PostPath')
    ? arg.path
    : undefined;
}

function absolute(path: string, base: string | null): string | undefined {
  if (path.startsWith('/')) return normalised(path);
  return base === null ? undefined : joined(base, path);
}

/** A flag of clone, which prints no text of a program. */
const THREAD = /\bCLONE_THREAD\b/;

/** The files that a call names, each once: those of its paths, and those beside its descriptors that are no mere base. */
function namesOf(args: readonly Argument[], { paths }: CallPlan, process: Process): readonly string[] {
  const files: string[] = [];
  const add = (file: string | undefined): void => {
    if (file !== undefined && !files.includes(file)) files.push(file);
  };
  for (const [index, arg] of args.entries()) {
    if (arg.kind === 'FD') {
      const next = paths.includes(index + 1) ? args[index + 1] : undefined;
      const isBase = next?.kind === 'Path' && next.path !== undefined && next.path !== '';
      if (!isBase) add(fileOf(arg.path));
    } else if (arg.kind === 'PollFDs') for (const poll of arg.polls ?? []) add(fileOf(poll.path));
    else if (arg.kind === 'Path' && paths.includes(index) && arg.path !== undefined && arg.path !== '') {
      add(resolved(arg.path, args[index - 1], process));
    }
  }
  return files;
}

/** A path of a call, absolute as far as the log tells what it is relative to. */
function resolved(path: string, before: Argument | undefined, process: Process): string {
  if (path.startsWith('/')) return normalised(path);
  if (before?.kind === 'FD') {
    if (before.path?.startsWith('/') === true) return joined(before.path, path);
    return before.fd === AT_FDCWD && process.cwd !== null ? joined(process.cwd, path) : path;
  }
  // renameat prints the second directory as a number
  if (before?.kind === 'Hex' && before.value !== 0xffffff9c && before.raw !== '0xffffffffffffff9c') return path;
  return process.cwd === null ? path : joined(process.cwd, path);
}

export const workload: Analyzer<Workload> = {
  name: 'workload',
  reads: ['banner', 'spec', 'note', 'signal', 'exit', 'native-exit'],
  start(): Fold<Workload> {
    const files = new FileTable();
    const named = new NamedFiles(files);
    const sources: SourceWorkload[] = [];
    let current: SourceWorkload | undefined;
    return {
      wantsTexts: true,
      wantsFiles: true,
      sourceStarts(source) {
        named.forget();
        current = new SourceWorkload(source, files, named);
        sources.push(current);
      },
      passesIdle: true,
      isFor: (event) => event.kind !== 'note' || event.known === 'container-exec',
      see: (event) => current?.see(event),
      seeBatch: (batch) => current?.seeBatch(batch),
      finish: (repeats) => {
        const counted = sources.filter(({ source }) => !repeats.has(source));
        return {
          processes: counted.flatMap((one) => one.processes.rows()),
          files,
          sockets: counted.flatMap((one) => one.sockets.rows()),
          dropped: counted.reduce((sum, one) => sum + one.processes.dropped, 0),
        };
      },
    };
  },
};
