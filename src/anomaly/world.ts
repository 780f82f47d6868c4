/**
 * What a sandbox's calls amount to, kept while they are read: programs, descriptors, sockets, files and where they came from. It says
 * what follows from a record (`derived`); rules say what to make of it.
 */
import { specAfter, type SpecFacts } from '../analyzers/spec.js';
import type { Batch, RowPlace } from '../model/analyzer.js';
import { isRestart, type LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import type { Derived, EventName, Moment } from './moment.js';
import { folderOf, PathTable, type Made, type Origin, type PathEntry } from './paths.js';
import { absoluteOf, mark, ProcessTable, type Process, type Run } from './processes.js';
import { baseName, interpreterOf, programOf, scriptProgram } from './program-names.js';
import { isNetwork, SocketTable, type Outcome, type SocketEntry } from './sockets.js';
import { isWaitByDesign, lockOf, type PendingCall } from './stalls.js';

/** Names that the world itself has to know: who fetches, decodes and copies. Rules have lists of their own. */
export type Trades = {
  readonly downloaders: ReadonlySet<string>;
  readonly decoders: ReadonlySet<string>;
  readonly copiers: ReadonlySet<string>;
  readonly fetchers: ReadonlySet<string>;
  /** Of the copiers those that unpack: what comes out of a fetched archive was in it, it was not fetched itself. */
  readonly unpackers: ReadonlySet<string>;
};

type Handler = (world: World, moment: Moment) => void;

/** A task: what it is in, and its process. */
export class TaskState {
  /** The call that it entered. */
  pending: PendingCall | null = null;
  comm = '';
  loaderError: { readonly path: string; readonly record: Evidence } | null = null;
  /** Has nobody looked at it yet? */
  isNew: boolean;
  #batch: Batch | undefined;
  #row = -1;

  constructor(
    readonly tid: number,
    readonly process: Process,
    isNew: boolean,
  ) {
    this.isNew = isNew;
  }

  /** It entered a call: only if it has not come back by the end of the batch is that written down. */
  entered(batch: Batch, row: number, touched: TaskState[]): void {
    if (this.#batch === undefined) touched.push(this);
    this.#batch = batch;
    this.pending = AWAITED;
    this.#row = row;
  }

  enteredEvent(event: Extract<LogEvent, { kind: 'syscall-enter' }>, at: number, record: Evidence): void {
    this.pending = { name: event.name, text: event.args, at, path: pathWithin(event.args), record: () => record };
  }

  /** The batch ends. */
  keep(moment: Moment, place: RowPlace): void {
    const batch = this.#batch;
    this.#batch = undefined;
    if (this.pending !== AWAITED || batch === undefined) return;
    moment.useRow(batch, this.#row, place, this.process);
    const { name, text, at, evidence } = moment;
    this.pending = { name, text, at, path: pathWithin(text), record: () => evidence };
  }
}

/** Stands for a call whose record is still in the batch. */
const AWAITED: PendingCall = {
  name: '',
  text: '',
  at: 0,
  path: null,
  record: () => ({ source: '', line: 0, time: null, text: '' }),
};

const pathWithin = (text: string): string | null =>
  /^(?:0x[0-9a-f]+|AT_FDCWD \/[^,]*, 0x[0-9a-f]+) (\/[^,]*)/.exec(text)?.[1] ?? null;

const TASKS_LIMIT = 131_072;
const IN_PROGRESS = 115;
const REFUSED = 111;
const TIMED_OUT = 110;
const NO_ENTRY = 2;
const UNREACHABLE = new Set([101, 113]);
const ZOMBIE_AGE = 250_000;

export class World {
  readonly processes = new ProcessTable();
  readonly sockets = new SocketTable();
  readonly tasks = new Map<number, TaskState>();
  /** Process → since when it is a zombie. */
  readonly #zombies = new Map<number, { readonly at: number; readonly record: Evidence }>();
  #spec: SpecFacts | null = null;
  env: readonly string[] = [];
  /** The API server of the cluster, as the environment of a process told it. */
  apiServer: string | null = null;
  /** What follows from the record at hand; whoever reads it empties it. */
  readonly derived: Derived[] = [];
  /** Micros of the last record. */
  lastAt = 0;
  hasClone3 = false;
  forgottenTasks = 0;

  constructor(
    readonly paths: PathTable,
    readonly trades: Trades,
  ) {}

  /** The task of the record before, if this one is of the same; else it has to be looked for. */
  taskAgain(tgid: number, tid: number): TaskState | undefined {
    return tid === this.#lastTid && tgid === this.#lastTgid ? this.#lastTask : undefined;
  }

  /** The task of a record. */
  task(tgid: number, tid: number, nested: number, at: () => number): TaskState {
    const task = this.#task(tgid, tid, nested, at);
    this.#lastTid = tid;
    this.#lastTgid = tgid;
    this.#lastTask = task;
    return task;
  }
  #lastTid = -2;
  #lastTgid = -2;
  #lastTask: TaskState | undefined;

  #task(tgid: number, tid: number, nested: number, at: () => number): TaskState {
    const known = this.tasks.get(tid);
    if (known !== undefined && (tgid === -1 || known.process.id === tgid)) return known;
    const id = tgid === -1 ? tid : tgid;
    const { process, began } = this.processes.of(id, tid, nested, at());
    if (this.tasks.size >= TASKS_LIMIT) this.#forgetTasks();
    const task = new TaskState(tid, process, began);
    this.tasks.set(tid, task);
    if (began && process.parent !== null) this.#began(process);
    return task;
  }

  #forgetTasks(): void {
    this.#lastTid = -2;
    for (const [tid, { process }] of this.tasks) {
      if (!process.hasEnded) continue;
      this.tasks.delete(tid);
      this.forgottenTasks++;
    }
    if (this.tasks.size >= TASKS_LIMIT) this.tasks.clear();
  }

  #began(process: Process): void {
    const { parent } = process;
    // of clone3 nothing tells whether it makes a thread: a child with a group of its own shows that it did not
    if (parent !== null && process.forked === null) this.emit('fork', parent, {}, []);
    this.emit('began', process, {}, process.forked === null ? [] : [process.forked]);
  }

  emit(
    event: EventName,
    process: Process,
    values: Derived['values'],
    records: readonly Evidence[],
    more: Partial<Derived> = {},
  ): void {
    this.derived.push({ event, process, values, records, ...more });
  }

  /** Before the rules are asked. */
  before(moment: Moment): void {
    if (moment.isExit) EXIT_BEFORE.get(moment.name)?.(this, moment);
    else ENTER.get(moment.name)?.(this, moment);
  }

  /** After them. */
  after(moment: Moment): void {
    if (moment.isExit && moment.errno === 0) AFTER.get(moment.name)?.(this, moment);
  }

  /** A task shows another name than before, and executed nothing in between. */
  named(task: TaskState, moment: Moment): void {
    const { comm } = moment;
    const old = task.comm;
    if (comm === old) return;
    task.comm = comm;
    if (old !== '') this.emit('thread-name', task.process, { name: comm, old_name: old }, []);
  }

  watches(name: string, isExit: boolean): boolean {
    return isExit ? EXIT_BEFORE.has(name) || AFTER.has(name) : ENTER.has(name);
  }

  /** A record that is no call. */
  line(event: LogEvent, moment: Moment): void {
    if (event.kind === 'spec') {
      this.#spec = specAfter(this.#spec, event.message);
      this.env = envOf(event.message) ?? this.env;
      this.processes.learnSpec(this.#spec, this.env);
      this.learnEnv(this.env);
    } else if (event.kind === 'note' && event.known === 'container-exec') {
      this.processes.learnExec(event.captures?.['argv'] ?? '', moment.evidence);
    } else if (event.kind === 'signal') this.#signal(event, moment);
    else if (event.kind === 'note' || event.kind === 'warning') this.#note(event, moment);
  }

  learnEnv(env: readonly string[]): void {
    for (const one of env) {
      if (one.startsWith('KUBERNETES_SERVICE_HOST=')) this.apiServer = one.slice(24);
    }
  }

  #signal(event: Extract<LogEvent, { kind: 'signal' }>, moment: Moment): void {
    if (event.task === undefined || !event.message.includes('terminating thread group')) {
      const pid = Number(/PID: (\d+)/.exec(event.message)?.[1] ?? Number.NaN);
      const process = this.processes.get(pid);
      if (process !== undefined) moment.process = process;
      return;
    }
    const process = this.processes.get(event.task.tgid ?? event.task.tid);
    if (process === undefined) return;
    moment.process = process;
    if (!process.hasEnded) this.#ended(process, { signal: event.signal }, moment);
  }

  #note(event: LogEvent, moment: Moment): void {
    const { message } = event;
    const tag = /^\[ *(\d+)(?:\( *\d+\))?(?:: *(\d+))?/.exec(message);
    if (tag === null) return;
    const tid = Number(tag[2] ?? tag[1]);
    const task = this.tasks.get(tid);
    if (task !== undefined) moment.process = task.process;
    const transition = /Transitioning from exit state \w+ to TaskExit(\w+)/.exec(message);
    if (transition !== null) {
      this.#transition(task, tid, transition[1] as string, moment);
      return;
    }
    const name = /Set thread name to "((?:[^"\\]|\\.)*)"/.exec(message)?.[1];
    if (name !== undefined && task !== undefined) {
      const old = task.comm || task.process.comm;
      task.comm = name;
      this.emit('thread-name', task.process, { name, old_name: old }, []);
      return;
    }
    const opening = /Error opening (?:interpreter )?(.+?)(?:: [a-z][a-z -]*)?\s*$/s.exec(message)?.[1];
    if (opening !== undefined && task !== undefined) task.loaderError = { path: opening, record: moment.evidence };
  }

  #transition(task: TaskState | undefined, tid: number, state: string, moment: Moment): void {
    const leader = task === undefined ? tid : task.process.id;
    if (state === 'Zombie' && leader === tid) this.#zombies.set(tid, { at: moment.at, record: moment.evidence });
    else if (state === 'Dead') this.#zombies.delete(tid);
    if (task !== undefined) this.countZombies(task.process, moment.at);
  }

  countZombies(process: Process, at: number): void {
    if (this.#zombies.size < 10) return;
    const old = [...this.#zombies].filter(([, zombie]) => zombie.at <= at - ZOMBIE_AGE);
    if (old.length < 2) return;
    const [id] = old[0] as [number, unknown];
    const parent = this.processes.get(id)?.parent ?? process;
    const records = [...old.slice(0, 3), ...old.slice(-1)].map(([, { record }]) => record);
    this.emit('zombies', parent, { count: old.length }, records);
  }

  /** How a process ended: once. */
  #ended(process: Process, how: { readonly code: number } | { readonly signal: number }, moment: Moment): void {
    const { run } = process;
    this.closeAll(process, moment);
    this.emptied(process, false);
    for (const entry of process.contents) {
      const { content } = entry;
      if (content === null || content.isTold) continue;
      content.isTold = true;
      this.emit('content', process, {}, [content.record], { entry });
    }
    const missed = process.missedExec;
    if (missed !== null) {
      process.missedExec = null;
      this.emit('exec-failure', process, { errno: missed.errno }, [missed.record], {
        entry: this.paths.of(missed.path),
      });
    }
    const library = process.missedLibrary;
    this.emit(
      'process-end',
      process,
      {
        ...how,
        lifetime: (moment.at - run.startedAt) * 1000,
        executed: process.hasExecuted,
        ...(library === null ? {} : { library: library.name }),
      },
      [...(library === null ? [] : [library.record]), ...(run.record === null ? [] : [run.record])],
    );
    this.processes.ended(process);
  }

  end(process: Process, code: number, moment: Moment): void {
    if (!process.hasEnded) this.#ended(process, { code }, moment);
  }

  /** Connections that end with their process. */
  closeAll(process: Process, moment: Moment): void {
    for (const number of process.connections) {
      const socket = this.sockets.get(number);
      if (socket !== undefined) this.disconnected(socket, process, moment);
    }
    process.connections.clear();
  }

  /** A connection was closed by the process that made it. */
  disconnected(socket: SocketEntry, process: Process, moment: Moment): void {
    if (socket.connectedBy !== process.id || !isNetwork(socket)) return;
    if (socket.outcome === 'pending') this.resolved(socket, 'failed', process);
    const lifetime = (moment.at - socket.connectedAt) * 1000;
    const values = { lifetime, outcome: socket.outcome ?? 'failed', ...peerValues(socket) };
    this.emit('session-end', process, values, socket.record === null ? [] : [socket.record]);
    socket.connectedBy = -1;
  }

  /** Logs that were emptied, and into which nobody has written since. */
  emptied(process: Process, isShell: boolean, next?: PathEntry): void {
    if (isShell && !SHELLS.test(process.run.program.exeNames[0] ?? '')) return;
    // bash opens its history once more to write it
    if (process.emptying.some(({ entry }) => entry === next)) return;
    for (const { entry, record } of process.emptying) {
      if (entry.isEmptied) this.emit('emptied', process, {}, [record], { entry });
      entry.isEmptied = false;
    }
    process.emptying = [];
  }

  /** Names of programs of the system that this run has looked up or started. */
  readonly systemNames = new Set<string>();
  /** Logs of which a copy was made. */
  readonly rotated = new Set<string>();

  sawProgram(entry: PathEntry): void {
    const { path } = entry;
    if (
      !path.startsWith('/usr/bin/') &&
      !path.startsWith('/bin/') &&
      !path.startsWith('/usr/sbin/') &&
      !path.startsWith('/sbin/')
    )
      return;
    if (entry.made === null) mark(this.systemNames, baseName(path));
  }

  /** An exec that succeeded. */
  execute(moment: Moment): void {
    const { process } = moment;
    const { args } = moment;
    const vectors = args.filter((arg) => arg.kind === 'ExecveStringVector');
    const strings = (at: number): readonly string[] => {
      const vector = vectors[at];
      return vector?.kind === 'ExecveStringVector' ? (vector.strings ?? []) : [];
    };
    const argv = strings(0);
    const env = strings(1);
    const printed = execPathOf(moment);
    const isOwn = printed === '/proc/self/exe' || printed === '/proc/thread-self/exe';
    const path = isOwn ? process.run.program.exe : printed;
    const resolve = (one: string): string => this.paths.of(absoluteOf(one, process.cwd)).path;
    const shown = path === null || path === undefined ? null : path.startsWith('/memfd:') ? path : resolve(path);
    this.processes.exec(process, programOf(shown, argv, resolve, isOwn), env, moment.at, moment.evidence);
    this.learnEnv(env);
    const task = this.tasks.get(moment.tid);
    if (task !== undefined) task.comm = '';
    const entry = shown === null || !shown.startsWith('/') || shown.startsWith('/memfd:') ? null : this.paths.of(shown);
    if (entry !== null) this.sawProgram(entry);
    this.emit('exec', process, { printed: printed ?? '' }, [], { entry });
  }

  /** The first process of a container was started by no call. */
  started(process: Process): void {
    const { exe } = process.run.program;
    const { record } = process.run;
    if (record === null) return;
    const entry = exe?.startsWith('/') === true ? this.paths.of(exe) : null;
    if (process.run.env.length > 0) this.learnEnv(process.run.env);
    this.emit('exec', process, { printed: exe ?? '' }, [record], { entry });
  }

  /** Where what a process writes came from. */
  originOf(run: Run): Origin {
    const { names } = run.program;
    const { downloaders, decoders, copiers, fetchers, unpackers } = this.trades;
    if (run.carries === 'network' && names.some((name) => unpackers.has(name))) return 'archive';
    if (names.some((name) => downloaders.has(name))) return 'network';
    if (names.some((name) => decoders.has(name))) return 'decoder';
    if (names.some((name) => fetchers.has(name))) return 'archive';
    if (names.some((name) => copiers.has(name))) return run.carries === null ? 'copy' : run.carries;
    return run.carries ?? 'plain';
  }

  /** Where a file came from, with what its writer read since. */
  madeFrom(made: Made): Origin {
    return made.origin === 'plain' || made.origin === 'copy' ? this.originOf(made.by) : made.origin;
  }

  /** A process got data from the network, or from one that had. */
  carries(run: Run, origin: Origin, record: () => Evidence): void {
    if (run.carries !== null) return;
    run.carries = origin;
    run.carriesRecord = record();
  }

  /** The socket of the first descriptor; what made it is joined to it when its number is first printed. */
  socketOf(moment: Moment): SocketEntry | undefined {
    const number = moment.numberOf('socket');
    if (number === -1) return undefined;
    const socket = this.sockets.of(number);
    const { process } = moment;
    const fd = moment.fd?.number ?? -1;
    const made = process.newSockets.get(fd);
    if (made !== undefined) {
      process.newSockets.delete(fd);
      if (socket.family === null) {
        socket.family = made.family;
        socket.peer ??= made.peer;
        if (made.isAccepted) {
          socket.outcome = 'established';
          socket.record ??= made.record;
        }
      }
    }
    return socket;
  }

  connect(moment: Moment): void {
    const { address, process } = moment;
    const socket = this.socketOf(moment);
    if (socket === undefined || address === undefined) return;
    socket.family = address.family ?? socket.family;
    if (address.ip !== undefined && address.port !== undefined) socket.peer = { ip: address.ip, port: address.port };
    else if (address.path !== undefined) socket.peer = { path: address.path };
    socket.record = moment.evidence;
    socket.connectedBy = process.id;
    mark(process.connections, socket.number);
    socket.connectedAt = moment.at;
    if (isRestart(moment.errno)) return;
    socket.outcome = outcomeOf(moment.errno);
    if (isNetwork(socket)) {
      process.container.inStartPhase &&= socket.outcome !== 'established' && process !== process.container.first;
      if (socket.outcome !== 'pending') this.#connected(socket, process, []);
    }
  }

  #connected(socket: SocketEntry, process: Process, records: readonly Evidence[]): void {
    this.emit('connected', process, { outcome: socket.outcome ?? 'failed', ...peerValues(socket) }, records);
  }

  /** What a pending connection came to. */
  resolved(socket: SocketEntry, outcome: Outcome, process: Process): void {
    if (socket.outcome !== 'pending') return;
    socket.outcome = outcome;
    if (isNetwork(socket)) this.#connected(socket, process, socket.record === null ? [] : [socket.record]);
  }

  /** At the end of the log: calls that have not come back. */
  finish(): void {
    const waiting = new Map<Process, TaskState[]>();
    for (const task of this.tasks.values()) {
      if (task.process.hasEnded || task.pending === null) continue;
      let tasks = waiting.get(task.process);
      if (tasks === undefined) waiting.set(task.process, (tasks = []));
      tasks.push(task);
    }
    for (const [process, tasks] of waiting) {
      const calls = tasks.map((task) => task.pending as PendingCall);
      const old = calls.filter((call) => this.lastAt - call.at > 5e6);
      for (const call of old) {
        const entry = call.path === null ? null : this.paths.of(call.path);
        const waits = isWaitByDesign(call.name, call.text, entry?.isFifo === true);
        this.emit(
          'stalled',
          process,
          { duration: (this.lastAt - call.at) * 1000, waits, futex: call.name === 'futex' },
          [call.record()],
          {
            entry,
            syscall: call.name,
            at: call.at,
          },
        );
      }
      const locks = old.flatMap((call) => lockOf(call) ?? []);
      const contended = locks.filter((lock) => lock.isContended);
      const isAllAsleep =
        old.length === process.tasks.size && locks.length === old.length && locks.some((lock) => lock.isPrivate);
      if (new Set(contended.map((lock) => lock.address)).size >= 2 || (isAllAsleep && locks.length > 0)) {
        this.emit(
          'deadlock',
          process,
          { count: locks.length },
          locks.map((lock) => lock.call.record()),
        );
      }
    }
    if (this.#zombies.size > 0) {
      const [process] = this.processes.all();
      if (process !== undefined) this.countZombies(process, this.lastAt);
    }
  }

  fork(moment: Moment, isThread: boolean): void {
    const { process, tid, ret } = moment;
    if (moment.errno !== 0) {
      this.processes.forked(tid, process, 0, moment.evidence);
      return;
    }
    if (isThread) {
      this.processes.forked(tid, process, 0, moment.evidence);
      return;
    }
    if (moment.name === 'clone3') {
      this.hasClone3 = true;
      // a thread shows as a task of its own process
      if (process.tasks.has(ret)) {
        this.processes.forked(tid, process, 0, moment.evidence);
        return;
      }
    }
    const child = this.processes.forked(tid, process, ret, moment.evidence);
    // a child that wrote its first record before has been told of
    if (child === undefined && moment.name !== 'clone3') this.emit('fork', process, {}, [moment.evidence]);
  }
}

const outcomeOf = (errno: number): Outcome => {
  if (errno === 0) return 'established';
  if (errno === IN_PROGRESS) return 'pending';
  if (errno === REFUSED) return 'refused';
  if (errno === TIMED_OUT) return 'timeout';
  return UNREACHABLE.has(errno) ? 'unreachable' : 'failed';
};

export function peerValues(socket: SocketEntry): Derived['values'] {
  const { peer } = socket;
  if (peer === null) return {};
  return 'path' in peer ? { 'peer.path': peer.path } : { 'peer.ip': peer.ip, 'peer.port': peer.port };
}

const SHELLS = /^(?:ba|da|z|k|a|mk)?sh$/;

/** The path that an exec names: of execveat with an empty one that of its descriptor. */
export function execPathOf(moment: Moment): string | undefined {
  const { args, process } = moment;
  const isAt = args[0]?.kind === 'FD';
  const path = args[isAt ? 1 : 0];
  const printed = path?.kind === 'Path' ? path.path : undefined;
  const base = args[0]?.kind === 'FD' ? args[0].path : undefined;
  if (isAt && (printed === undefined || printed === '')) return base;
  if (printed === undefined || printed.startsWith('/')) return printed;
  return absoluteOf(printed, base?.startsWith('/') === true ? base : process.cwd);
}

/** The environment that a spec prints. */
function envOf(message: string): readonly string[] | undefined {
  const start = message.indexOf('{');
  if (start === -1 || message.length > 2_000_000) return undefined;
  try {
    const spec = JSON.parse(message.slice(start)) as { process?: { env?: unknown } };
    const env = spec.process?.env;
    return Array.isArray(env) ? env.filter((one) => typeof one === 'string') : undefined;
  } catch {
    return undefined;
  }
}

// ------------------------------------------------------------------------------------------------------------ what each call does

function open(world: World, moment: Moment): void {
  const { process, errno } = moment;
  const cwd = moment.printedCwd;
  if (cwd !== undefined) process.cwd = cwd;
  const { entry } = moment;
  if (entry === null) return;
  if (errno !== 0) {
    if (errno === NO_ENTRY && LIBRARY.test(entry.path)) missLibrary(process, entry.path, moment);
    return;
  }
  if (process.missedLibrary !== null && baseName(entry.path) === process.missedLibrary.name)
    process.missedLibrary = null;
  if (moment.ret < 1024) process.fds.set(moment.ret, entry.path);
  mark(process.run.opened, entry.path);
  world.sawProgram(entry);
  // a shell that opens its next file is done with the one before
  if (process.emptying.length > 0 && !process.run.program.isApplet) world.emptied(process, true, entry);
  if (moment.text.includes('/exe,') && PROC_EXE.test(moment.printedPath ?? '')) process.exeFds.add(moment.ret);
}
const LIBRARY = /\/lib[^/]*\.so[^/]*$/;
export const PROC_EXE = /^\/proc\/(?:self|thread-self|\d+)\/exe$/;

function missLibrary(process: Process, path: string, moment: Moment): void {
  const name = baseName(path);
  const folders = process.missedLibrary?.name === name ? process.missedLibrary.folders : [];
  process.missedLibrary = { name, folders: [...folders.slice(-16), folderOf(path)], record: moment.evidence };
}

/** A file was opened: what is known of it after the rules were asked. */
function opened(world: World, moment: Moment): void {
  const { process, entry } = moment;
  if (entry === null) return;
  const { run } = process;
  if (!entry.isDirectory && moment.text.includes('|O_DIRECTORY')) entry.isDirectory = true;
  if (!moment.opensToWrite) {
    if (ARCHIVE.test(entry.path)) run.hasReadArchive = true;
    if (entry.made === null) {
      entry.existed = true;
      run.hasReadFile = true;
    } else {
      run.hasReadFile = true;
      if (run.carries === null) {
        const origin = world.madeFrom(entry.made);
        if (origin !== 'plain' && origin !== 'copy') world.carries(run, origin, () => entry.made?.record as Evidence);
      }
    }
    return;
  }
  if (entry.path.startsWith('/dev/') || entry.path.startsWith('/proc/')) return;
  const { flags } = moment;
  mark(run.written, entry.path);
  entry.writtenAt = moment.at;
  if (EMPTIED.test(entry.path)) {
    if ((moment.name === 'creat' || flags.includes('O_TRUNC')) && process.emptying.length < 16) {
      entry.isEmptied = true;
      process.emptying.push({ entry, record: moment.evidence });
    }
    noteRotation(world, entry.path);
  }
  if (entry.path.startsWith('/etc/')) {
    entry.content = { record: moment.evidence, payload: '', isTold: false, writes: [] };
    mark(process.contents, entry);
  }
  if (flags.includes('O_CREAT') && entry.made === null && !entry.existed) make(world, moment, entry);
  const { renamedFrom } = entry;
  if (renamedFrom !== null && entry.made === null) {
    replaced(world, process, renamedFrom, entry, moment);
    entry.renamedFrom = null;
  }
  if (entry.made !== null) shadow(world, process, entry, moment);
}

const ARCHIVE = /\.(?:tar|tgz|txz|tbz2?|zip|whl|jar|war|gem|crate|deb|rpm|apk|7z|tar\.\w+)$/;
/** Files whose emptying is told. */
const EMPTIED = /^\/var\/log\/|_history$|^\/run\/utmp$/;
const ROTATED = /^(\/var\/log\/.+?)(?:\.\d+(?:\.\w{1,4})?|[-.]\d{8}.*|\.(?:gz|xz|bz2|zst|old))$/;

/** `app.log.1` is a copy of `app.log`. */
function noteRotation(world: World, path: string): void {
  const base = ROTATED.exec(path)?.[1];
  if (base !== undefined) mark(world.rotated, base);
}

/** The name of a log whose copy it is; itself where it is none. */
export const rotationBase = (path: string): string => ROTATED.exec(path)?.[1] ?? path;

/** Data is about to be written into a file below /etc. */
function writesContent(_world: World, moment: Moment): void {
  if (!moment.fdShows('/etc/')) return;
  const content = moment.entry?.content;
  if (content === null || content === undefined || content.payload.length >= 4096) return;
  content.payload += moment.payload;
  if (content.writes.length < 2) content.writes.push(moment.evidence);
}

/** Data was written into a file. */
function wroteFile(world: World, moment: Moment): void {
  if (moment.fdKind !== '/' || moment.ret <= 0) return;
  wroteInto(world, moment, moment.entry);
}

/** Data went from one file into another within the sentry. */
function copiedFile(world: World, moment: Moment): void {
  if (moment.ret <= 0) return;
  const shown = moment.args.flatMap((arg) =>
    arg.kind === 'FD' && arg.path?.startsWith('/') === true ? [world.paths.of(arg.path, true)] : [],
  );
  const [from, to] = moment.name === 'sendfile' ? [shown[1], shown[0]] : shown;
  if (to === undefined) return;
  if (from !== undefined && to.copyOf === null) to.copyOf = from;
  wroteInto(world, moment, to);
}

function wroteInto(world: World, moment: Moment, entry: PathEntry | null): void {
  const { process } = moment;
  if (entry === null) return;
  entry.isEmptied = false;
  const { made } = entry;
  // a shell opens the file, and what it starts fills it
  if (made !== null && made.by !== process.run && (made.origin === 'plain' || made.origin === 'copy')) {
    const origin = world.originOf(process.run);
    if (origin !== 'plain' && origin !== 'copy') entry.made = { ...made, origin, by: process.run };
  }
  if (entry.path.startsWith('/var/log/')) {
    const { exe, script } = process.run.program;
    entry.writers ??= new Set();
    mark(entry.writers, script ?? exe ?? '');
  }
  const { content } = entry;
  if (content === null) return;
  content.isTold = true;
  world.emit('content', process, { payload: content.payload }, [content.record, ...content.writes], { entry });
}

function make(world: World, moment: Moment, entry: PathEntry): void {
  const { process } = moment;
  entry.made = {
    by: process.run,
    pid: process.id,
    at: moment.at,
    origin: world.originOf(process.run),
    record: moment.evidence,
    byServer: process.accepted !== null,
  };
}

/** A new file whose name begins with that of an old one. */
function shadow(world: World, process: Process, entry: PathEntry, moment: Moment): void {
  const { path } = entry;
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const old = world.paths.get(path.slice(0, path.length - name.length + dot));
    if (old === undefined || old === entry) continue;
    if (old.made !== null && old.goneAt === Number.NEGATIVE_INFINITY) continue;
    if (old.goneAt > moment.at - 60e6) replaced(world, process, old, entry, moment);
    else old.shadowedBy = entry;
    return;
  }
}

function replaced(world: World, process: Process, old: PathEntry, fresh: PathEntry, moment: Moment): void {
  const ending = fresh.path.startsWith(old.path) ? fresh.path.slice(old.path.length + 1) : baseName(fresh.path);
  const family = process.parent?.key ?? process.key;
  const values = { ending, family };
  world.emit('replaced-file', process, values, [], { entry: old });
  world.emit('replaced-file', process, { ...values, family: process.key }, [], { entry: old });
  if (moment.at > 0) old.shadowedBy = null;
}

function renamed(world: World, moment: Moment): void {
  const { second: from, entry: to, process } = moment;
  if (from === null || to === null) return;
  to.made = from.made;
  to.isFifo = from.isFifo;
  noteRotation(world, to.path);
  if (to.path.startsWith('/etc/')) {
    const { content } = from;
    const values = content !== null && content.payload !== '' ? { payload: content.payload } : {};
    world.emit(
      'content',
      process,
      values,
      [moment.evidence, ...(content === null ? [] : [content.record, ...content.writes])],
      {
        entry: to,
      },
    );
    from.content = null;
  }
  const { shadowedBy } = from;
  if (from.made === null) {
    from.goneAt = moment.at;
    if (to.path.startsWith(`${from.path}.`)) {
      if (from.writtenAt > moment.at - 60e6) replaced(world, process, from, to, moment);
      else to.renamedFrom = from;
    }
  } else if (from.made !== null && shadowedBy === null) from.made = null;
  to.existed = from.existed;
  world.paths.unlink(from.path);
}

function linked(world: World, moment: Moment): void {
  const { second: from, entry: to, process } = moment;
  if (to?.path.startsWith('/etc/') === true) world.emit('content', process, {}, [moment.evidence], { entry: to });
  if (from !== null && to !== null && from.made !== null) to.made = from.made;
}

function unlinked(world: World, moment: Moment): void {
  const { entry, process } = moment;
  if (entry === null) return;
  world.paths.unlink(entry.path);
  if (entry.made === null) {
    entry.goneAt = moment.at;
    if (entry.shadowedBy !== null) replaced(world, process, entry, entry.shadowedBy, moment);
  }
  entry.made = null;
  entry.existed = false;
}

function linkMade(world: World, moment: Moment): void {
  const target = moment.args[0];
  const { entry } = moment;
  if (target?.kind === 'Path' && target.path !== undefined && entry !== null) world.paths.link(entry.path, target.path);
}

function madeNode(_world: World, moment: Moment): void {
  if (moment.flags.includes('S_IFIFO') && moment.entry !== null) moment.entry.isFifo = true;
}

function looked(world: World, moment: Moment): void {
  if (moment.errno !== 0) return;
  const { entry, process } = moment;
  if (entry === null) return;
  process.looked++;
  world.sawProgram(entry);
  if (entry.made === null) entry.existed = true;
  // of a file that was looked at once, and by a program that has looked at many, nothing more is learnt
  if (entry.wasLooked && process.run.looks >= 64) return;
  entry.wasLooked = true;
  process.run.looks++;
  const { text } = moment;
  if (text.includes('mode=S_IFIFO')) entry.isFifo = true;
  if (text.includes('mode=S_IFDIR')) entry.isDirectory = true;
  if (process.run.looks > 256) return;
  const [, atime, fraction = '', mtime] = TIMES.exec(text) ?? [];
  if (mtime === undefined) return;
  entry.mtime = secondsOf(mtime);
  mark(process.run.statTimes, entry.mtime);
  // touch -r prints no more than the first of the two times that it sets
  if (process.run.atimes.size < 64)
    process.run.atimes.set(`${secondsOf(atime ?? '')}.${Number(fraction.padEnd(9, '0'))}`, entry.mtime);
}

function read(world: World, moment: Moment): void {
  if (moment.errno !== 0 || moment.ret <= 0) return;
  const { process } = moment;
  switch (moment.fdKind) {
    case 's': {
      const socket = world.socketOf(moment);
      if (socket === undefined) return;
      if (socket.outcome === 'pending') world.resolved(socket, 'established', process);
      if (isNetwork(socket)) {
        if (process.run.carries === null) world.carries(process.run, 'network', () => moment.evidence);
        if (process.container.inStartPhase) process.container.inStartPhase = false;
      }
      break;
    }
    case 'p': {
      const pipe = world.sockets.pipe(moment.numberOf('pipe'));
      if (pipe?.origin != null && process.run.carries === null) {
        const { origin, record } = pipe;
        world.carries(process.run, origin, () => record ?? moment.evidence);
      }
      break;
    }
    case '/':
      readFile(world, moment);
  }
  const fd = standardFd(moment);
  if (fd !== undefined) process.fds.set(fd.number, fd.shows);
}

const TIMES = /atime=(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,9}))? [^,]*, mtime=(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/;
const secondsOf = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`) / 1000;

/** A program reads a file that was made in this run, or its own script. */
function readFile(world: World, moment: Moment): void {
  const { entry, process } = moment;
  const { run } = process;
  if (entry === null) return;
  if (entry.made !== null && run.carries === null) {
    const { made } = entry;
    const origin = world.madeFrom(made);
    if (origin !== 'plain' && origin !== 'copy') world.carries(run, origin, () => made.record);
  }
  if (entry.path !== run.program.exe || run.program.script !== null) return;
  const interpreter = interpreterOf(moment.payload);
  if (interpreter !== undefined) run.program = scriptProgram(run.program, interpreter);
}

function write(world: World, moment: Moment): void {
  const { process } = moment;
  const kind = moment.fdKind;
  if (kind === 's') {
    const socket = world.socketOf(moment);
    if (socket?.outcome === 'pending' && moment.errno === 0 && moment.ret > 0)
      world.resolved(socket, 'established', process);
  } else if (kind === 'p') {
    const origin = world.originOf(process.run);
    if (origin === 'network' || origin === 'decoder' || origin === 'archive') {
      world.sockets.feed(moment.numberOf('pipe'), origin, process.run.program.names[0] ?? '', moment.evidence);
    }
  }
}

/** A descriptor of 0 to 2 that shows what it is. */
function standardFd(moment: Moment): { readonly number: number; readonly shows: string } | undefined {
  const number = moment.fdKind === '' ? -1 : moment.fdNumber;
  return number >= 0 && number <= 2 ? moment.fd : undefined;
}

function duplicate(world: World, moment: Moment): void {
  const { process } = moment;
  if (moment.errno !== 0) return;
  if (moment.name === 'fcntl' && !/^\S+(?: [^,]*)?, 0x(?:0|406)(?:,|$)/.test(moment.text)) return;
  const { fd } = moment;
  if (fd === undefined) return;
  if (moment.fdKind === 's') world.socketOf(moment);
  const { ret } = moment;
  const socket = process.newSockets.get(fd.number);
  if (socket !== undefined) process.newSockets.set(ret, socket);
  if (process.exeFds.has(fd.number)) process.exeFds.add(ret);
  if (ret >= 0 && ret < 1024 && fd.shows !== '') process.fds.set(ret, fd.shows);
}

function socketMade(_world: World, moment: Moment): void {
  if (moment.errno !== 0) return;
  const family = moment.args.find((arg) => arg.kind === 'SockFamily');
  const name = family?.kind === 'SockFamily' ? (family.name ?? '') : '';
  const { newSockets } = moment.process;
  if (newSockets.size < 1024) newSockets.set(moment.ret, { family: name, peer: null, record: null, isAccepted: false });
}

function accept(world: World, moment: Moment): void {
  if (moment.errno !== 0) return;
  const { process, address } = moment;
  const listener = world.socketOf(moment);
  process.accepted = moment.evidence;
  process.container.inStartPhase = false;
  const family = address?.family ?? listener?.family ?? '';
  const peer = address?.ip === undefined || address.port === undefined ? null : { ip: address.ip, port: address.port };
  if (process.newSockets.size < 1024) {
    process.newSockets.set(moment.ret, { family, peer, record: moment.evidence, isAccepted: true });
  }
}

function listen(world: World, moment: Moment): void {
  if (moment.errno !== 0) return;
  const socket = world.socketOf(moment);
  if (socket !== undefined) socket.isListening = true;
  moment.process.listens = moment.evidence;
}

function bind(world: World, moment: Moment): void {
  const socket = world.socketOf(moment);
  if (socket !== undefined && moment.address?.family !== undefined) socket.family = moment.address.family;
}

function socketOption(world: World, moment: Moment): void {
  if (moment.errno !== 0 || !moment.text.includes('SO_ERROR')) return;
  const socket = world.socketOf(moment);
  if (socket?.outcome !== 'pending') return;
  const value = Number(/value=(-?\d+)/.exec(moment.text)?.[1] ?? 0);
  world.resolved(socket, outcomeOf(value), moment.process);
}

function close(world: World, moment: Moment): void {
  const { process } = moment;
  if (moment.fdKind === 's') {
    const socket = world.socketOf(moment);
    if (socket !== undefined) world.disconnected(socket, process, moment);
  }
  const fd = moment.fdNumber;
  if (fd >= 0) {
    process.fds.delete(fd);
    process.exeFds.delete(fd);
    process.newSockets.delete(fd);
  }
}

function exec(world: World, moment: Moment): void {
  const { process } = moment;
  const task = world.tasks.get(moment.tid);
  const loaderError = task?.loaderError ?? null;
  if (task !== undefined) task.loaderError = null;
  if (moment.errno === 0) {
    world.execute(moment);
    return;
  }
  if (isRestart(moment.errno)) return;
  const path = execPathOf(moment);
  if (path === undefined) return;
  const { evidence } = moment;
  const isInterpreter = loaderError !== null && !samePath(loaderError.path, path);
  if (isInterpreter || FINAL_FAILURES.has(moment.errno)) {
    const values = { errno: moment.errno, ...(isInterpreter ? { interpreter: loaderError.path } : {}) };
    const records = [evidence, ...(loaderError === null ? [] : [loaderError.record])];
    world.emit('exec-failure', process, values, records, path.startsWith('/') ? { entry: world.paths.of(path) } : {});
  } else if (moment.errno === NO_ENTRY) process.missedExec = { path, errno: moment.errno, record: evidence };
}
/** EACCES, ENOEXEC, EISDIR, ELOOP. */
const FINAL_FAILURES = new Set([13, 8, 21, 40]);
const samePath = (a: string, b: string): boolean => a === b || baseName(a) === baseName(b);

const UNCHANGED = 0xffff_ffff;

function changedUser(_world: World, moment: Moment): void {
  const { process, name } = moment;
  const ids = [1, 2, 3].map((place) => moment.number(place) ?? UNCHANGED);
  const effective = name === 'setuid' ? ids[0] : ids[1];
  const wasRoot = process.uid === 0 || process.regains;
  const keeps = name === 'setreuid' ? ids[0] === UNCHANGED : name === 'setresuid' && ids[2] === UNCHANGED;
  process.regains = wasRoot && keeps;
  if (effective !== undefined && effective < UNCHANGED && effective >= 0) process.uid = effective;
}

function toldUser(_world: World, moment: Moment): void {
  if (moment.errno === 0 && moment.ret >= 0 && moment.ret < 0xffff_ffff) moment.process.uid = moment.ret;
}

function moved(_world: World, moment: Moment): void {
  const { entry, process } = moment;
  if (moment.errno !== 0 || entry === null) return;
  process.cwd = entry.path;
  entry.isDirectory = true;
}

function stood(_world: World, moment: Moment): void {
  const path = /(\/[^,"]*)/.exec(moment.text)?.[1];
  if (moment.errno === 0 && path !== undefined) moment.process.cwd = path.trimEnd();
}

function memfd(_world: World, moment: Moment): void {
  if (moment.errno !== 0) return;
  moment.process.memfd = moment.evidence;
  moment.process.fds.set(moment.ret, '/memfd:');
}

function changedMode(_world: World, moment: Moment): void {
  if (moment.entry !== null) mark(moment.process.run.changedModes, moment.entry.path);
}

function forkLeft(world: World, moment: Moment): void {
  world.fork(moment, moment.text.includes('CLONE_THREAD'));
}

function forkEntered(world: World, moment: Moment): void {
  if (!moment.text.includes('CLONE_THREAD')) world.processes.forks(moment.tid, moment.process);
}

function exited(world: World, moment: Moment): void {
  const code = (moment.number(1) ?? 0) & 0xff;
  const { process } = moment;
  if (moment.name === 'exit' && (moment.tid !== process.id || process.tasks.size > 1)) return;
  world.end(process, code, moment);
}

const each = (names: readonly string[], handler: Handler): readonly (readonly [string, Handler])[] =>
  names.map((name) => [name, handler]);

const READS = ['read', 'readv', 'recvfrom', 'recvmsg', 'pread64', 'preadv'];
const SENDS = ['write', 'writev', 'sendto', 'sendmsg', 'pwrite64'];

const EXIT_BEFORE: ReadonlyMap<string, Handler> = new Map([
  ...each(['open', 'openat', 'creat'], open),
  ...each(READS, read),
  ...each(SENDS, write),
  ...each(['dup', 'dup2', 'dup3', 'fcntl'], duplicate),
  ...each(['socket'], socketMade),
  ...each(['connect'], (world, moment) => world.connect(moment)),
  ...each(['accept', 'accept4'], accept),
  ...each(['listen'], listen),
  ...each(['bind'], bind),
  ...each(['getsockopt'], socketOption),
  ...each(['close'], close),
  ...each(['execve', 'execveat'], exec),
  ...each(['getuid', 'geteuid'], toldUser),
  ...each(['chdir', 'fchdir'], moved),
  ...each(['getcwd'], stood),
  ...each(['memfd_create'], memfd),
  ...each(['clone', 'clone3', 'fork', 'vfork'], forkLeft),
  ...each(['stat', 'lstat', 'newfstatat', 'statx', 'fstat', 'access', 'faccessat', 'faccessat2'], looked),
]);

const ENTER: ReadonlyMap<string, Handler> = new Map([
  ...each(['clone', 'clone3', 'fork', 'vfork'], forkEntered),
  ...each(['exit', 'exit_group'], exited),
  ...each(['write', 'writev', 'pwrite64'], writesContent),
]);

const AFTER: ReadonlyMap<string, Handler> = new Map([
  ...each(['open', 'openat', 'creat'], opened),
  ...each(['rename', 'renameat', 'renameat2'], renamed),
  ...each(['link', 'linkat'], linked),
  ...each(['unlink', 'unlinkat'], unlinked),
  ...each(['symlink', 'symlinkat'], linkMade),
  ...each(['mknod', 'mknodat'], madeNode),
  ...each(['chmod', 'fchmod', 'fchmodat', 'chown', 'fchown', 'fchownat', 'lchown'], changedMode),
  ...each(['execve', 'execveat'], (world, moment) => world.processes.settle(moment.process)),
  ...each(['setuid', 'setreuid', 'setresuid'], changedUser),
  ...each(['mkdir', 'mkdirat'], (_world, moment) => {
    if (moment.entry === null) return;
    moment.entry.isDirectory = true;
    mark(moment.process.run.written, moment.entry.path);
  }),
  ...each(['write', 'writev', 'pwrite64'], wroteFile),
  ...each(['sendfile', 'copy_file_range'], copiedFile),
  ...each(['chroot'], (_world, moment) => {
    moment.process.chroots++;
  }),
]);
