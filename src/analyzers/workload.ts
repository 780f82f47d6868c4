/**
 * What a workload does, seen from four sides: its processes, its files, its sockets, and the paths that calls failed on. Reads trace
 * records as columns with their texts; a call that names nothing costs a look into a table.
 */
import { errnoName } from '../../grammars/errno.js';
import { signalName } from '../../grammars/signals.js';
import { splitArguments, type Argument } from '../events/arguments.js';
import { learnContext, type Context } from '../events/arguments-of.js';
import type { Analyzer, Batch, Fold } from '../model/analyzer.js';
import { RESTART_FIRST, RESTART_LAST, type LogEvent } from '../model/event.js';
import type { Exit } from '../model/report.js';
import type { SourceName } from '../model/units.js';
import { ArgumentScan, Shape } from './argument-scan.js';
import { callPlans, FUTEX_WAITS, type CallPlan } from './call-plans.js';
import { FileTable, type FileUsage } from './files.js';
import { fileOf, joined, normalised } from './paths.js';
import { SocketTable, type SocketUsage } from './sockets.js';
import { specAfter, type SpecFacts } from './spec.js';

/** Processes that are kept; more is no workload. */
const PROCESSES_LIMIT = 100_000;
/** Different paths that are kept of an errno. */
const ERRNO_PATHS_LIMIT = 10_000;

export type ProcessUsage = {
  readonly source: SourceName;
  /** Null where the log tags tasks with a TID only; then `tid` is the task. */
  readonly tgid: number | null;
  readonly tid?: number;
  parent: number | null;
  program: string | null;
  argv: readonly string[] | null;
  exit: Exit;
  threads: number;
  calls: number;
  errors: number;
  total_ns: number;
  waiting_ns: number;
};

export type Workload = {
  readonly processes: readonly ProcessUsage[];
  readonly files: FileTable;
  readonly sockets: readonly SocketUsage[];
  /** Errno number → path → failed calls. */
  readonly errnoPaths: ReadonlyMap<number, ReadonlyMap<string, number>>;
  readonly dropped: number;
};

/** A process while its log is read. */
type Process = ProcessUsage & {
  readonly tasks: Set<number>;
  cwd: string | null;
  /** `cwd` as AT_FDCWD printed it last, in bytes; empty where it comes from elsewhere. */
  standsAt: string;
  /** Did it execute a program itself? Until then it runs that of its parent. */
  hasExecuted: boolean;
  hasParent: boolean;
  /** The line `EXEC:` that its program was taken from. */
  exec: string | undefined;
  firstThreadExit: number | undefined;
  isGroupEnded: boolean;
  /** What `socket` and `accept` returned, until a record prints which socket it is. */
  readonly descriptors: Map<number, SocketOrigin>;
};
/** What a child gets from its parent at its fork. */
type Legacy = Pick<Process, 'program' | 'argv' | 'cwd' | 'descriptors'> & { readonly id: number };

export type SocketOrigin = {
  readonly family: string | null;
  readonly type: string | null;
  readonly peer: string | null;
};

const EMPTY_PLAN: CallPlan = { act: null, names: false, paths: [], shapes: null, waits: null };
/** Texts of paths whose file is known; beyond that the memory of them begins anew. */
const KNOWN_TEXTS = 16_384;

/** One log: tasks have ids of their own in each. */
class SourceWorkload {
  readonly processes = new Map<number, Process>();
  readonly #byNested = new Map<number, Process[]>();
  /** Forks whose child has not been seen: its id → what it gets from its parent. Ids of nested namespaces apart. */
  readonly #children = new Map<number, Legacy>();
  readonly #nestedChildren = new Map<number, Legacy>();
  readonly #plans: (CallPlan | undefined)[] = [];
  #table: ReadonlyMap<string, CallPlan> | undefined;
  readonly #context: Context = {};
  #spec: SpecFacts | null = null;
  #execs: string[] = [];
  dropped = 0;
  readonly sockets: SocketTable;

  constructor(
    readonly source: SourceName,
    readonly files: FileTable,
    readonly errnoPaths: Map<number, Map<string, number>>,
  ) {
    this.sockets = new SocketTable(source);
  }

  // ------------------------------------------------------------------------------------------------ other records

  see(event: LogEvent): void {
    if (event.kind === 'banner') learnContext(this.#context, event.values);
    else if (event.kind === 'spec') this.#spec = specAfter(this.#spec, event.message);
    else if (event.kind === 'note' && event.known === 'container-exec')
      this.#execs.push(event.captures?.['argv'] ?? '');
    else if (event.kind === 'signal') this.#seeSignal(event);
    else if (event.kind === 'exit' && event.of === 'application') this.#seeEnd(event.status, event.signal);
  }

  #seeSignal(event: Extract<LogEvent, { kind: 'signal' }>): void {
    if (event.task === undefined || !event.message.includes('terminating thread group')) return;
    const process = this.processes.get(event.task.tgid ?? event.task.tid);
    if (process === undefined || process.isGroupEnded) return;
    process.isGroupEnded = true;
    process.exit = { signal: signalName(event.signal) };
  }

  /** How the container ended says how its first process did, where that itself says nothing. */
  #seeEnd(status: number | null, signal: number | null): void {
    const process = this.processes.get(1);
    if (process === undefined || process.isGroupEnded || status !== null || signal === null) return;
    process.isGroupEnded = true;
    process.exit = { signal: signalName(signal) };
  }

  // ------------------------------------------------------------------------------------------------ trace records

  seeBatch(batch: Batch): void {
    const { count, isExit, name, names } = batch;
    for (let row = 0; row < count; row++) {
      const plan = this.#planOf(name[row] as number, names);
      const process = this.#processOf(batch, row);
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
    return plan;
  }

  /** The task of the row before: records come in runs of one task. */
  #lastTgid = -2;
  #lastTid = -2;
  #lastProcess: Process | undefined;

  #processOf(batch: Batch, row: number): Process | undefined {
    const tgid = batch.tgid[row] as number;
    const tid = batch.tid[row] as number;
    if (tgid === this.#lastTgid && tid === this.#lastTid) return this.#lastProcess;
    const id = tgid === -1 ? tid : tgid;
    const process = this.processes.get(id) ?? this.#begin(id, tgid === -1, batch.texts?.nestedTgid[row] ?? -1);
    if (process !== undefined && !process.tasks.has(tid)) process.tasks.add(tid);
    this.#lastTgid = tgid;
    this.#lastTid = tid;
    this.#lastProcess = process;
    return process;
  }

  #begin(id: number, isTask: boolean, nested: number): Process | undefined {
    if (this.processes.size >= PROCESSES_LIMIT) {
      this.dropped++;
      return undefined;
    }
    const process: Process = {
      source: this.source,
      tgid: isTask ? null : id,
      ...(isTask ? { tid: id } : {}),
      parent: null,
      program: null,
      argv: null,
      exit: null,
      threads: 0,
      calls: 0,
      errors: 0,
      total_ns: 0,
      waiting_ns: 0,
      tasks: new Set(),
      cwd: null,
      standsAt: '',
      hasExecuted: false,
      hasParent: false,
      exec: undefined,
      firstThreadExit: undefined,
      isGroupEnded: false,
      descriptors: new Map(),
    };
    this.processes.set(id, process);
    const legacy = this.#children.get(id) ?? (nested === -1 ? undefined : this.#nestedChildren.get(nested));
    this.#children.delete(id);
    if (legacy !== undefined) {
      if (nested !== -1) this.#nestedChildren.delete(nested);
      this.#inherit(process, legacy);
    } else {
      if (nested !== -1) this.#byNested.set(nested, [...(this.#byNested.get(nested) ?? []), process]);
      this.#takeExec(process);
    }
    return process;
  }

  /** A process that no other created takes the last line that says what was executed; each line once. */
  #takeExec(process: Process): void {
    const exec = this.#execs.pop();
    this.#execs = [];
    if (exec === undefined) return;
    process.exec = exec;
    process.program = exec.split(' ', 1)[0] || null;
    if (this.#spec !== null && this.#spec.args.join(' ') === exec) process.argv = this.#spec.args;
    process.cwd = this.#spec?.cwd ?? null;
  }

  #inherit(child: Process, parent: Legacy): void {
    if (child.hasParent) return;
    child.hasParent = true;
    child.parent = parent.id;
    // the line was for another process: this one was made by a fork whose record came late
    if (child.exec !== undefined) {
      this.#execs.push(child.exec);
      child.exec = undefined;
    }
    if (!child.hasExecuted) {
      child.program = parent.program;
      child.argv = parent.argv;
    }
    child.cwd ??= parent.cwd;
    for (const [fd, origin] of parent.descriptors) if (!child.descriptors.has(fd)) child.descriptors.set(fd, origin);
  }

  #exit(batch: Batch, row: number, process: Process, plan: CallPlan): void {
    const text = textOf(batch, row);
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
    if (plan.waits === 'always') process.waiting_ns += time;
    else if (plan.waits === 'futex' && FUTEX_WAITS.test(textOf(batch, row, 200))) process.waiting_ns += time;
    if ((plan.names || plan.act !== null) && !this.#scan(batch, row, process, plan, isError))
      this.#read(batch, row, process, plan, isError);
  }

  readonly #scanned = new ArgumentScan();
  /** Files by the texts that name them: beside a descriptor, absolute, and below a folder. */
  readonly #known = {
    beside: new Map<string, FileUsage>(),
    paths: new Map<string, FileUsage>(),
    below: new Map<string, FileUsage>(),
  };
  #evictions = 0;
  readonly #named: FileUsage[] = [];

  /**
   * Counts a call that only names files and moves bytes, from its bytes alone. False: it is not such a one, or not surely; then nothing
   * has been counted.
   */
  #scan(batch: Batch, row: number, process: Process, plan: CallPlan, isError: boolean): boolean {
    const { texts, errno } = batch;
    if (plan.shapes === null || texts === null) return false;
    const buf = texts.blocks[texts.block[row] as number] as Buffer;
    const scan = this.#scanned;
    if (!scan.read(plan.shapes, buf, texts.from[row] as number, texts.to[row] as number)) return false;
    const named = this.#named;
    named.length = 0;
    const { evictions } = this.files;
    let isBlocking = false;
    for (let index = 0; index < plan.shapes.length; index++) {
      const shape = plan.shapes[index];
      if (!scan.hasText(index)) continue;
      const at = scan.textStart[index] as number;
      const isAbsolute = buf[at] === SLASH;
      if (shape === Shape.Descriptor) {
        if (buf[at] === LETTER_S) return false; // a socket: its state is followed
        if (index === 0) isBlocking = buf[at] === LETTER_P || buf[at] === LETTER_H;
        if (!isAbsolute) continue;
        const printed = buf.toString('latin1', at, scan.end[index]);
        if (buf[scan.start[index] as number] === LETTER_A) this.#stands(process, printed);
        const isBase = plan.paths.includes(index + 1) && scan.hasText(index + 1);
        if (!isBase) this.#name('d', '', printed);
      } else if (shape === Shape.Path && plan.paths.includes(index)) {
        const path = buf.toString('latin1', at, scan.end[index]);
        const before = plan.shapes[index - 1];
        if (isAbsolute) this.#name('p', '', path);
        else if (before === Shape.Number)
          return false; // a folder that is printed as a number
        else if (before !== Shape.Descriptor) this.#name('c', process.cwd ?? '', path);
        else if (buf[scan.textStart[index - 1] as number] === SLASH && scan.hasText(index - 1)) {
          this.#name('b', buf.toString('latin1', scan.textStart[index - 1], scan.end[index - 1]), path);
        } else return false;
      }
    }
    // a row that was let go while the others were looked up would count for nothing
    if (evictions !== this.files.evictions) return false;
    const time = timeOf(batch, row);
    if (plan.waits === 'reading' && isBlocking) process.waiting_ns += time;
    const isDone = errno[row] === 0;
    for (const file of named) {
      file.calls++;
      file.total_ns += time;
      if (isError) {
        file.errors++;
        countPath(this.errnoPaths, errno[row] as number, file.path);
      }
    }
    const last = named[named.length - 1];
    if (last === undefined) return true;
    if (plan.act === 'open') {
      if (isDone) last.opens++;
      else if (isError) last.open_errors++;
    } else if (isDone && plan.act === 'read') last.bytes_read += texts.ret[row] as number;
    else if (isDone && plan.act === 'write') last.bytes_written += texts.ret[row] as number;
    return true;
  }

  /** A process shows where it stands: `AT_FDCWD /srv`. */
  #stands(process: Process, printed: string): void {
    if (process.standsAt === printed) return;
    process.standsAt = printed;
    process.cwd = normalised(decoded(printed));
  }

  /**
   * Adds a file to those that the call names, each once: `d` a text beside a descriptor, `p` an absolute path, `b` a path below the
   * printed folder `base`, `c` one below the folder of the process.
   */
  #name(form: 'd' | 'p' | 'b' | 'c', base: string, printed: string): void {
    const { beside, paths, below } = this.#known;
    if (this.#evictions !== this.files.evictions || beside.size + paths.size + below.size >= KNOWN_TEXTS) {
      for (const one of [beside, paths, below]) one.clear();
      this.#evictions = this.files.evictions;
    }
    // nearly all names are whole ones: they are looked up as they are printed
    const known = base !== '' ? this.#known.below : form === 'd' ? this.#known.beside : this.#known.paths;
    const key = base === '' ? printed : `${form}${base}\n${printed}`;
    let row = known.get(key);
    if (row === undefined) {
      const file = fileNamed(form, base, decoded(printed));
      if (file === undefined) return;
      row = this.files.row(file);
      if (this.#evictions === this.files.evictions) known.set(key, row);
    }
    if (!this.#named.includes(row)) this.#named.push(row);
  }

  /** A call that names something, or changes what its process is. */
  #read(batch: Batch, row: number, process: Process, plan: CallPlan, isError: boolean): void {
    const name = batch.names[batch.name[row] as number] ?? '';
    const args = splitArguments(name, textOf(batch, row), this.#context);
    const errno = batch.errno[row] as number;
    const time = timeOf(batch, row);
    const ret = batch.texts?.ret[row] ?? 0;
    const isDone = errno === 0;
    for (const arg of args) {
      if (arg.kind === 'FD' && arg.fd === AT_FDCWD && arg.path?.startsWith('/') === true) {
        process.cwd = normalised(arg.path);
        process.standsAt = '';
      }
    }
    const files = namesOf(args, plan, process);
    const count = isDone ? ret : 0;

    const reading = plan.act === 'read' || plan.act === 'receive' || name === 'recvmmsg';
    if (plan.waits === 'reading' && canBlock(args[0])) process.waiting_ns += time;
    for (const file of files) this.files.count(file, time, isError);
    if (plan.act === 'open') {
      const file = files.at(-1);
      if (file !== undefined && isDone) this.files.opened(file);
      else if (file !== undefined && isError) this.files.notOpened(file);
    } else if (plan.act === 'copy' && isDone) this.#copy(name, args, ret);
    else if (isDone && (reading || plan.act === 'write')) {
      const file = fileOf(pathOf(args[0]));
      if (file !== undefined) this.files.moved(file, reading ? count : 0, reading ? 0 : count);
    }
    if (isError) for (const file of files) countPath(this.errnoPaths, errno, file);
    this.#seeSockets(name, args, process, plan, { errno, isError, ret, isDone });
    if (isDone) this.#act(batch, row, process, plan, args, ret);
  }

  #copy(name: string, args: readonly Argument[], ret: number): void {
    const [from, to] = name === 'sendfile' ? [args[1], args[0]] : [args[0], args[2]];
    const [source, target] = [fileOf(pathOf(from)), fileOf(pathOf(to))];
    if (source !== undefined) this.files.moved(source, ret, 0);
    if (target !== undefined) this.files.moved(target, 0, ret);
    const [readSocket, writtenSocket] = [socketOf(pathOf(from)), socketOf(pathOf(to))];
    if (name === 'copy_file_range') return;
    if (readSocket !== undefined) this.sockets.get(readSocket).bytes_in += ret;
    if (writtenSocket !== undefined) this.sockets.get(writtenSocket).bytes_out += ret;
  }

  /** What a successful call changes: processes, their programs and folders. */
  #act(batch: Batch, row: number, process: Process, plan: CallPlan, args: readonly Argument[], ret: number): void {
    switch (plan.act) {
      case 'fork':
        this.#fork(process, args, ret, batch.texts?.nestedTgid[row] ?? -1);
        break;
      case 'exec':
        this.#execute(process, args);
        break;
      case 'chdir': {
        const path = pathOf(args[0]);
        if (path !== undefined && path !== '') process.cwd = absolute(path, process.cwd) ?? process.cwd;
        process.standsAt = '';
        break;
      }
      case 'fchdir':
      case 'getcwd':
        process.cwd = fileOf(pathOf(args[0])) ?? process.cwd;
        process.standsAt = '';
    }
  }

  #fork(process: Process, args: readonly Argument[], ret: number, nested: number): void {
    // where tasks are listed as processes, a thread is one, too
    const isThread = args.some((arg) => arg.kind === 'CloneFlags' && arg.flags.includes('CLONE_THREAD'));
    if (ret <= 0 || (process.tgid !== null && (isThread || (process.tasks.has(ret) && nested === -1)))) return;
    const { program, argv, cwd } = process;
    const legacy = {
      id: process.tgid ?? process.tid ?? 0,
      program,
      argv,
      cwd,
      descriptors: new Map(process.descriptors),
    };
    const seen = nested === -1 ? this.processes.get(ret) : this.#byNested.get(ret)?.findLast((one) => !one.hasParent);
    if (seen !== undefined) this.#inherit(seen, legacy);
    else (nested === -1 ? this.#children : this.#nestedChildren).set(ret, legacy);
  }

  #execute(process: Process, args: readonly Argument[]): void {
    const strings = args.find((arg) => arg.kind === 'ExecveStringVector');
    const argv = strings?.kind === 'ExecveStringVector' ? (strings.strings ?? null) : null;
    const place = args[0]?.kind === 'FD' ? 1 : 0;
    const printed = pathOf(args[place]) ?? '';
    const path = printed === '' && place === 1 ? pathOf(args[0]) : printed;
    const base = args[0]?.kind === 'FD' ? (args[0].path ?? null) : null;
    process.hasExecuted = true;
    process.argv = argv;
    if (path === undefined || path === '') return;
    if (path === '/proc/self/exe' && process.program !== null) return;
    process.program = absolute(path, base ?? process.cwd) ?? path;
  }

  #seeSockets(
    name: string,
    args: readonly Argument[],
    process: Process,
    plan: CallPlan,
    result: { readonly errno: number; readonly isError: boolean; readonly ret: number; readonly isDone: boolean },
  ): void {
    const { errno, isError, ret, isDone } = result;
    if (plan.act === 'socket' && isDone) {
      const type = args[1]?.kind === 'SockType' ? (args[1].flags[0] ?? null) : null;
      const family = args[0] !== undefined && 'name' in args[0] ? (args[0].name ?? null) : null;
      process.descriptors.set(ret, { family, type, peer: null });
      return;
    }
    const counted = new Set<string>();
    const see = (fd: number, printed: string | undefined): void => {
      const id = socketOf(printed);
      if (id === undefined) return;
      const usage = this.sockets.get(id);
      const origin = process.descriptors.get(fd);
      if (origin !== undefined) {
        usage.family ??= origin.family;
        usage.type ??= origin.type;
        usage.peer ??= origin.peer;
        process.descriptors.delete(fd);
      }
      if (counted.has(id)) return;
      counted.add(id);
      usage.calls++;
      if (isError) usage.errors++;
    };
    for (const arg of args) {
      if (arg.kind === 'FD') see(arg.fd, arg.path);
      else if (arg.kind === 'PollFDs') for (const poll of arg.polls ?? []) see(poll.fd, poll.path);
    }
    const first = args[0];
    const id = first?.kind === 'FD' ? socketOf(first.path) : undefined;
    if (id === undefined || first?.kind !== 'FD') return;
    const usage = this.sockets.get(id);
    const address = args.map(addressOf).find((found) => found !== undefined);
    switch (plan.act) {
      case 'bind':
      case 'getsockname':
        if (address !== undefined) usage.local = address;
        break;
      case 'connect':
        usage.connects++;
        if (address !== undefined) usage.peer = address;
        if (errno === EINPROGRESS) this.sockets.connecting.add(usage);
        else this.sockets.connecting.delete(usage);
        if (isError && errno !== EINPROGRESS) countError(usage, errno);
        break;
      case 'getpeername':
        if (address !== undefined) usage.peer = address;
        break;
      case 'accept':
        if (!isDone) break;
        usage.accepted++;
        process.descriptors.set(ret, { family: usage.family, type: usage.type, peer: address ?? null });
        break;
      case 'getsockopt': {
        if (!isDone || !isSocketError(args) || !this.sockets.connecting.delete(usage)) break;
        const value = args.find((arg) => arg.kind === 'GetSockOptVal');
        const failed = value?.kind === 'GetSockOptVal' ? Number(value.value ?? 0) : 0;
        if (failed !== 0) countError(usage, failed);
        break;
      }
      case 'read':
      case 'receive':
        if (isDone && (name === 'read' || name === 'readv' || plan.act === 'receive')) usage.bytes_in += ret;
        break;
      case 'write':
      case 'send':
        if (isDone && (name === 'write' || name === 'writev' || plan.act === 'send')) usage.bytes_out += ret;
    }
  }

  finish(): readonly ProcessUsage[] {
    return [...this.processes.values()].map((process) => {
      const { source, tgid, tid, parent, program, argv, calls, errors, total_ns, waiting_ns } = process;
      const exit = process.exit ?? (process.firstThreadExit === undefined ? null : { status: process.firstThreadExit });
      const id = tid === undefined ? {} : { tid };
      return {
        source,
        tgid,
        ...id,
        parent,
        program,
        argv,
        exit,
        threads: process.tasks.size,
        calls,
        errors,
        total_ns,
        waiting_ns,
      };
    });
  }
}

const AT_FDCWD = -100;
const SLASH = 47;
const LETTER_A = 65;
const LETTER_H = 104;
const LETTER_P = 112;
const LETTER_S = 115;
const EINPROGRESS = 115;

/** Nanoseconds; 0 of a native trace without times. */
function timeOf({ elapsed }: Batch, row: number): number {
  const time = elapsed[row] as number;
  return time >= 0 ? time : 0;
}

const decoded = (printed: string): string => Buffer.from(printed, 'latin1').toString('utf8');

function fileNamed(form: 'd' | 'p' | 'b' | 'c', base: string, path: string): string | undefined {
  if (form === 'd') return fileOf(path);
  if (form === 'p') return normalised(path);
  if (base === '') return path;
  return joined(form === 'b' ? decoded(base) : base, path);
}

function textOf({ texts }: Batch, row: number, most = Number.POSITIVE_INFINITY): string {
  if (texts === null) return '';
  const block = texts.blocks[texts.block[row] as number] as Buffer;
  const from = texts.from[row] as number;
  return block.toString('utf8', from, Math.min(texts.to[row] as number, from + most));
}

function pathOf(arg: Argument | undefined): string | undefined {
  return arg !== undefined && (arg.kind === 'FD' || arg.kind === 'Path' || arg.kind === 'PostPath')
    ? arg.path
    : undefined;
}

function absolute(path: string, base: string | null): string | undefined {
  if (path.startsWith('/')) return normalised(path);
  return base === null ? undefined : joined(base, path);
}

const SOCKET = /^socket:\[\d+\]$/;
function socketOf(printed: string | undefined): string | undefined {
  return printed !== undefined && SOCKET.test(printed) ? printed : undefined;
}

/** Does a read from this descriptor wait for somebody? */
function canBlock(arg: Argument | undefined): boolean {
  return arg?.kind === 'FD' && /^(?:pipe|socket|host):/.test(arg.path ?? '');
}

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

const ANY: Readonly<Record<string, string>> = { AF_INET: '0.0.0.0', AF_INET6: '::' };

/** An address as people write it; undefined where the argument is none, or of a family without names. */
function addressOf(arg: Argument): string | undefined {
  if (arg.kind !== 'SockAddr' && arg.kind !== 'PostSockAddr') return undefined;
  const { family, addr, port, path } = arg;
  if (family === 'AF_UNIX') return path;
  if (family !== 'AF_INET' && family !== 'AF_INET6') return undefined;
  const host = addr === undefined || addr === '' ? (ANY[family] ?? '') : addr;
  return family === 'AF_INET6' ? `[${host}]:${port}` : `${host}:${port}`;
}

function isSocketError(args: readonly Argument[]): boolean {
  const [, level, option] = args;
  return level?.raw === 'SOL_SOCKET' && option?.raw === 'SO_ERROR';
}

function countError(usage: SocketUsage, errno: number): void {
  const name = errnoName(errno);
  usage.connect_errors[name] = (usage.connect_errors[name] ?? 0) + 1;
}

function countPath(errnos: Map<number, Map<string, number>>, errno: number, path: string): void {
  let paths = errnos.get(errno);
  if (paths === undefined) errnos.set(errno, (paths = new Map()));
  if (paths.size < ERRNO_PATHS_LIMIT || paths.has(path)) paths.set(path, (paths.get(path) ?? 0) + 1);
}

export const workload: Analyzer<Workload> = {
  name: 'workload',
  reads: ['banner', 'spec', 'note', 'signal', 'exit'],
  start(): Fold<Workload> {
    const files = new FileTable();
    const errnoPaths = new Map<number, Map<string, number>>();
    const sources: SourceWorkload[] = [];
    let current: SourceWorkload | undefined;
    return {
      wantsTexts: true,
      sourceStarts(source) {
        current = new SourceWorkload(source, files, errnoPaths);
        sources.push(current);
      },
      see: (event) => current?.see(event),
      seeBatch: (batch) => current?.seeBatch(batch),
      finish: (repeats) => {
        const counted = sources.filter(({ source }) => !repeats.has(source));
        return {
          processes: counted.flatMap((one) => one.finish()),
          files,
          sockets: counted.flatMap((one) => one.sockets.rows()),
          errnoPaths,
          dropped: counted.reduce((sum, one) => sum + one.dropped, 0),
        };
      },
    };
  },
};
