/**
 * What a sandbox's calls amount to, kept while they are read: programs, descriptors, sockets, files and where they came from. It says
 * what follows from a record (`derived`); rules say what to make of it.
 */
import { specAfter, type SpecFacts } from '../analyzers/spec.js';
import { isRestart, type LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import { execPathOf, type Derived, type EventName, type Moment } from './moment.js';
import { PathTable, type Made, type Origin, type PathEntry } from './paths.js';
import { absoluteOf, mark, ProcessTable, type Process, type Run } from './processes.js';
import { baseName, programOf, ProgramTable, SHELL } from './program-names.js';
import { isNetwork, outcomeOf, SocketTable, type Outcome, type SocketEntry } from './sockets.js';
import { isWaitByDesign, lockOf, type PendingCall } from './stalls.js';
import { TaskState } from './tasks.js';

/** Names that the world itself has to know: who fetches, decodes and copies. Rules have lists of their own. */
export type Trades = {
  readonly downloaders: ReadonlySet<string>;
  readonly decoders: ReadonlySet<string>;
  readonly copiers: ReadonlySet<string>;
  readonly fetchers: ReadonlySet<string>;
  /** Of the copiers those that unpack: what comes out of a fetched archive was in it, it was not fetched itself. */
  readonly unpackers: ReadonlySet<string>;
  /** What they write is what it is called, although it was written while the log ran. */
  readonly installers: ReadonlySet<string>;
};

const TASKS_LIMIT = 131_072;
const ZOMBIES_LIMIT = 2048;
const ZOMBIE_AGE = 250_000;

export class World {
  readonly processes = new ProcessTable();
  readonly sockets = new SocketTable();
  readonly #programs = new ProgramTable();
  readonly tasks = new Map<number, TaskState>();
  /** Process → since when it is a zombie. */
  readonly #zombies = new Map<number, { readonly at: number; readonly record: Evidence }>();
  #spec: SpecFacts | null = null;
  /** The API server of the cluster, as the environment of a process told it. */
  apiServer: string | null = null;
  /** What follows from the record at hand; whoever reads it empties it. */
  readonly derived: Derived[] = [];
  /** Micros of the last record. */
  lastAt = 0;
  hasClone3 = false;
  /** The environment that was looked through last. */
  #learnt: readonly string[] = [];
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
    const isSame = known !== undefined && (tgid === -1 || known.process.id === tgid);
    if (isSame && !this.processes.isReused(known.process)) return known;
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

  /** A task shows another name than before, and executed nothing in between. */
  named(task: TaskState, moment: Moment): void {
    const { comm } = moment;
    const old = task.comm;
    if (comm === old) return;
    task.comm = comm;
    if (old !== '') this.emit('thread-name', task.process, { name: comm, old_name: old }, []);
  }

  /** A record that is no call. */
  line(event: LogEvent, moment: Moment): void {
    if (event.kind === 'spec') {
      this.#spec = specAfter(this.#spec, event.message);
      this.processes.learnSpec(this.#spec);
      this.learnEnv(this.#spec?.env ?? []);
    } else if (event.kind === 'note' && event.known === 'container-exec') {
      this.processes.learnExec(event.captures?.['argv'] ?? '', moment.evidence);
    } else if (event.kind === 'signal') this.#signal(event, moment);
    else if (event.kind === 'note' || event.kind === 'warning') this.#note(event, moment);
  }

  learnEnv(env: readonly string[]): void {
    if (env === this.#learnt) return;
    this.#learnt = env;
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
    if (!message.startsWith('[')) return;
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
    if (state === 'Zombie' && leader === tid && this.#zombies.size < ZOMBIES_LIMIT)
      this.#zombies.set(tid, { at: moment.at, record: moment.evidence });
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
    if (isShell && !SHELL.test(process.run.program.exeNames[0] ?? '')) return;
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
    if (entry.isProgram && entry.made === null) mark(this.systemNames, baseName(entry.path));
  }

  /** An exec that succeeded. */
  execute(moment: Moment): void {
    const { process } = moment;
    const { argv = [], env = [] } = moment.exec;
    const printed = execPathOf(moment);
    const isOwn = printed === '/proc/self/exe' || printed === '/proc/thread-self/exe';
    const path = isOwn ? process.run.program.exe : printed === undefined ? undefined : this.#behind(printed, process);
    const resolve = (one: string): string => this.paths.of(absoluteOf(one, process.cwd)).path;
    const shown = path === null || path === undefined ? null : path.startsWith('/memfd:') ? path : resolve(path);
    // a script stands where the process stands, and where links lead may change
    const place = `${isOwn} ${this.paths.generation} ${shown} ${process.cwd}`;
    const program = this.#programs.started(argv, place, () => programOf(shown, argv, resolve, isOwn));
    this.processes.exec(process, program, env, moment.at, moment.evidence);
    this.learnEnv(env);
    const task = this.tasks.get(moment.tid);
    if (task !== undefined) task.comm = '';
    const entry = shown === null || !shown.startsWith('/') || shown.startsWith('/memfd:') ? null : this.paths.of(shown);
    if (entry !== null) this.sawProgram(entry);
    this.emit('exec', process, { printed: printed ?? '' }, [], { entry });
  }

  /** The file behind a path that names a descriptor, as far as it is known what that shows. */
  #behind(path: string, process: Process): string {
    const [, pid, digits] = DESCRIPTOR.exec(path) ?? [];
    if (digits === undefined) return path.startsWith('/memfd:') ? path.replace(/ \(deleted\)$/, '') : path;
    const isOwn = pid === undefined || pid === 'self' || pid === 'thread-self';
    const owner = isOwn ? process : this.processes.find(Number(pid), process);
    const shows = owner?.fds.get(Number(digits));
    return shows?.startsWith('/') === true ? shows.replace(/ \(deleted\)$/, '') : path;
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
    process.connections.add(socket.number);
    socket.connectedAt = moment.at;
    if (isRestart(moment.errno)) return;
    socket.outcome = outcomeOf(moment.errno);
    const name = moment.errno === 0 ? this.unixName(moment) : null;
    if (name !== null) this.sockets.unix.connected(name, process);
    if (isNetwork(socket)) {
      process.container.inStartPhase &&= socket.outcome !== 'established' && process !== process.container.first;
      if (socket.outcome !== 'pending') this.#connected(socket, process, []);
    }
  }

  /**
   * What a Unix socket is known by: its path, or its name in the abstract namespace. Builds from 20230517 to 20240807 print neither,
   * but how long the address is, and both sides pass the same. Null: it is no Unix socket, or has no name.
   */
  unixName(moment: Moment): string | null {
    const { address, process } = moment;
    if (address?.family !== 'AF_UNIX') return null;
    const { path } = address;
    if (path === undefined) return `#${moment.number(3) ?? ''}`;
    if (path === '') return null;
    return path.startsWith('\0') || path.startsWith('\\x00')
      ? `@${path}`
      : this.paths.of(absoluteOf(path, process.cwd)).path;
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

export function peerValues(socket: SocketEntry): Derived['values'] {
  const { peer } = socket;
  if (peer === null) return {};
  return 'path' in peer ? { 'peer.path': peer.path } : { 'peer.ip': peer.ip, 'peer.port': peer.port };
}

const DESCRIPTOR = /^\/(?:proc\/(self|thread-self|\d+)(?:\/task\/\d+)?|dev)\/fd\/(\d+)$/;
