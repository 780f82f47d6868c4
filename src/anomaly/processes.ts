/** The processes of a sandbox as rules see them: who started whom, which program each runs, and what it has touched. */
import type { SpecFacts } from '../analyzers/spec.js';
import { TaskSet } from '../analyzers/task-set.js';
import type { Evidence } from '../model/finding.js';
import { ForkedMap, ForkedSet } from './forked.js';
import type { Made, Origin, PathEntry } from './paths.js';
import { programOf, type Program } from './program-names.js';

/** One program in one process: an exec begins a new one, a fork copies it. */
export type Run = {
  program: Program;
  /** Micros of the log's clock. */
  startedAt: number;
  /** The record that started it. */
  record: Evidence | null;
  env: readonly string[];
  /** Entries of it that `known` does not have, once they were asked for. */
  newEnv: {
    readonly known: readonly string[];
    readonly env: readonly string[];
    readonly fresh: readonly string[];
  } | null;
  /** Did it read from a network socket, or from a pipe that a program fed which had? `null`: no. */
  carries: Origin | null;
  carriesRecord: Evidence | null;
  /** Modification times, in seconds, that stat told it, and whether it read files and set modes: a copy that keeps times does all of it. */
  readonly statTimes: ForkedSet<number>;
  /** Times of access that stat told it (`PrintedStat`), with the time of modification of the same file. */
  readonly atimes: ForkedMap<string, number>;
  /** How many files it has looked at closely. */
  looks: number;
  hasReadFile: boolean;
  hasReadArchive: boolean;
  /** What made the file that it opened last to read; null where that was there before. */
  lastRead: Made | null;
  /** Paths that it opened. */
  readonly opened: ForkedSet<string>;
  readonly changedModes: ForkedSet<string>;
  readonly written: ForkedSet<string>;
};

/** A container, as far as a log tells them apart: the processes that descend from one first process. */
export type Container = {
  readonly first: Process;
  /** Micros; the start phase ends ten seconds later, or when the network is met. */
  readonly startedAt: number;
  inStartPhase: boolean;
};

export type Process = {
  readonly id: number;
  parent: Process | null;
  container: Container;
  /** Started by `runsc exec`, not by its container. */
  isExec: boolean;
  run: Run;
  /** What ran before the last exec. */
  before: Run | null;
  hasExecuted: boolean;
  cwd: string | null;
  /** Known user id. */
  uid: number | null;
  /** It was root, and gave up no more than its effective id: to take it back is no gain. */
  regains: boolean;
  /** Files that it emptied and that nobody has written into since, with the records. */
  emptying: { readonly entry: PathEntry; readonly record: Evidence }[];
  /** Files below /etc that it opened to write. */
  readonly contents: ForkedSet<PathEntry>;
  /** Sockets that it connected. */
  readonly connections: ForkedSet<number>;
  comm: string;
  /** What descriptors show: 0 to 2 and those of files that were opened. */
  fds: ForkedMap<number, string>;
  /** Descriptors whose socket has not been printed yet: family, peer and the record that made them. */
  newSockets: ForkedMap<number, NewSocket>;
  /** Opened from /proc/PID/exe. */
  exeFds: ForkedSet<number>;
  listens: Evidence | null;
  /** The last connection that it accepted; those of Unix sockets whose names are known apart. */
  accepted: Evidence | null;
  /** By the names of Unix sockets: who accepted there, it or one that it was forked of, and the last record. */
  readonly unixAccepted: Map<string, { readonly by: Process; readonly record: Evidence }>;
  memfd: Evidence | null;
  forked: Evidence | null;
  readonly tasks: TaskSet;
  /** The terminal whose other end it or an ancestor opened last. */
  terminal: Terminal | null;
  /** The last exec that found no file, until another succeeds. */
  missedExec: { readonly path: string; readonly errno: number; readonly record: Evidence } | null;
  /** The last library that was looked for and not found. */
  missedLibrary: { readonly name: string; readonly folders: readonly string[]; readonly record: Evidence } | null;
  hasEnded: boolean;
  /** How many files it looked at: stat and open. */
  looked: number;
  chroots: number;
  /** In how many pid namespaces it is. */
  depth: number;
  /** Of those that replace files: by what number they and their relatives that do go. */
  family: number | null;
};

/** A pseudo-terminal, known by whoever opened its master and by those that it forked since. */
export type Terminal = {
  /** What ran in the process that opened the master. */
  readonly by: Run;
  /** The record that wrote what had come from the network into the master; null: nobody has. */
  fed: Evidence | null;
};

/** What a child has from its parent as it was at the fork. */
type Copied = Pick<Process, 'run' | 'cwd' | 'uid' | 'regains' | 'comm' | 'fds'>;

/** A child that came back from a fork. */
type Expected = {
  /** Its id in the namespace of its parent. */
  readonly child: number;
  readonly parent: Process;
  readonly record: Evidence;
  readonly copy: Copied;
};

export type NewSocket = {
  readonly family: string;
  readonly peer: Peer | null;
  readonly record: Evidence | null;
  readonly isAccepted: boolean;
};

export type Peer = { readonly ip: string; readonly port: number } | { readonly path: string };

const PROCESSES_LIMIT = 65_536;
/** Two keys each. */
const EXPECTED_LIMIT = 8192;
/** Those above are forgotten: each child may make the next and end. */
const ANCESTORS_LIMIT = 256;
const START_PHASE = 10_000_000;
const WRAPPERS = new Set(['env', 'nice', 'nohup', 'setsid', 'stdbuf', 'sudo', 'timeout', 'chrt', 'ionice']);
const MARKS_LIMIT = 512;
const TIMES_LIMIT = 64;
const DESCRIPTORS_LIMIT = 1024;

export function emptyRun(program: Program, startedAt: number, record: Evidence | null): Run {
  return {
    program,
    startedAt,
    record,
    env: [],
    newEnv: null,
    carries: null,
    carriesRecord: null,
    statTimes: new ForkedSet(MARKS_LIMIT),
    atimes: new ForkedMap(TIMES_LIMIT),
    looks: 0,
    hasReadFile: false,
    hasReadArchive: false,
    lastRead: null,
    opened: new ForkedSet(MARKS_LIMIT),
    changedModes: new ForkedSet(MARKS_LIMIT),
    written: new ForkedSet(MARKS_LIMIT),
  };
}

/** Adds to a set that an application could let grow without end. */
export function mark<T>(set: Set<T>, value: T): void {
  if (set.size < MARKS_LIMIT) set.add(value);
}

export class ProcessTable {
  readonly #processes = new Map<number, Process>();
  readonly #byNested = new Map<number, Process>();
  /** Tasks that are within a fork that has not come back, the latest last. */
  readonly #forking = new Map<number, Process>();
  /** Children that came back from a fork and have not written a record: what they are copies of. */
  readonly #expected = new Map<number, Expected>();
  #execs: { readonly text: string; readonly record: Evidence }[] = [];
  #spec: SpecFacts | null = null;
  #lastContainer: Container | null = null;
  forgotten = 0;

  get size(): number {
    return this.#processes.size;
  }

  all(): Iterable<Process> {
    return this.#processes.values();
  }

  get(id: number): Process | undefined {
    return this.#processes.get(id);
  }

  /** A process by an id that another one knows it by: within a nested pid namespace, that of the namespace. */
  find(id: number, of: Process): Process | undefined {
    return of.depth > 1 ? (this.#byNested.get(id) ?? this.#processes.get(id)) : this.#processes.get(id);
  }

  /** Did `of` make a process of this id that has written no record yet? */
  awaits(id: number, of: Process): boolean {
    return this.#expected.get(id)?.parent === of || this.#expected.get(-id - 2)?.parent === of;
  }

  learnSpec(spec: SpecFacts | null): void {
    this.#spec = spec;
  }

  /** The line that says what a first process executes. */
  learnExec(text: string, record: Evidence): void {
    if (this.#execs.length < 256) this.#execs.push({ text, record });
  }

  /** The process of a record, made if it is new; `began` tells that it is. */
  of(id: number, tid: number, nested: number, at: number): { readonly process: Process; readonly began: boolean } {
    const known = this.#processes.get(id);
    if (known !== undefined && !this.isReused(known)) {
      known.tasks.add(tid);
      return { process: known, began: false };
    }
    if (this.#processes.size >= PROCESSES_LIMIT) this.#forgetEnded();
    const expected = this.#expected.get(id) ?? (nested === -1 ? undefined : this.#expected.get(-nested - 2));
    if (expected !== undefined) this.#came(expected);
    const parent = expected?.parent ?? this.#forker(id);
    const process =
      parent === undefined
        ? this.#first(id, nested, at)
        : this.#child(id, parent, expected?.copy ?? copiedOf(parent), nested);
    if (expected !== undefined) process.forked = expected.record;
    process.tasks.add(tid);
    this.#processes.set(id, process);
    if (nested !== -1) this.#byNested.set(nested, process);
    return { process, began: true };
  }

  /** A fork was entered and has not come back. */
  forks(tid: number, process: Process): void {
    this.#forking.delete(tid);
    this.#forking.set(tid, process);
  }

  /** A fork came back with the id of a child, in the namespace of the parent. */
  forked(tid: number, parent: Process, child: number, record: Evidence): Process | undefined {
    this.#forking.delete(tid);
    if (child <= 0) return undefined;
    const seen = this.#processes.get(child) ?? this.#byNested.get(child);
    if (seen !== undefined && seen !== parent && seen.forked === null) {
      seen.forked = record;
      if (seen.parent !== parent && (seen.parent === null || !seen.hasExecuted)) {
        if (seen.parent === null && seen.hasExecuted) return seen;
        seen.parent = parent;
        seen.container = parent.container;
        if (!seen.hasExecuted) seen.run = { ...copyOf(parent.run), startedAt: seen.run.startedAt };
      }
      return seen;
    }
    const expected = { child, parent, record, copy: copiedOf(parent) };
    for (const [, oldest] of this.#expected) {
      if (this.#expected.size < EXPECTED_LIMIT) break;
      this.#came(oldest);
    }
    this.#expected.set(child, expected);
    this.#expected.set(-child - 2, expected);
    return undefined;
  }

  #came({ child }: Expected): void {
    this.#expected.delete(child);
    this.#expected.delete(-child - 2);
  }

  /** Has a process ended, and was its id given to a new one? */
  isReused({ id, hasEnded }: Process): boolean {
    return hasEnded && this.#expected.has(id);
  }

  /** Who is within a fork and may have made it: the latest. */
  #forker(id: number): Process | undefined {
    let found: Process | undefined;
    for (const process of this.#forking.values()) if (process.id !== id) found = process;
    return found;
  }

  #first(id: number, nested: number, at: number): Process {
    const exec = this.#execs.shift();
    const spec = this.#spec;
    const words = exec?.text.split(' ') ?? [];
    const isSpec = spec !== null && (exec === undefined || spec.args.join(' ') === exec.text);
    const argv = isSpec ? spec.args : words;
    const cwd = spec?.cwd ?? '/';
    const [word] = argv;
    // a bare name was looked for in the search path: which of its places it was the log does not tell
    const path = word === undefined ? null : word.includes('/') ? word : `/usr/bin/${word}`;
    const run = emptyRun(
      programOf(path === null || path.startsWith('/') ? path : absoluteOf(path, cwd), argv, (one) =>
        absoluteOf(one, cwd),
      ),
      at,
      exec?.record ?? null,
    );
    if (isSpec) run.env = spec.env;
    const inner = nested === -1 ? id : nested;
    const isExec = this.#lastContainer !== null && inner !== 1;
    const process = blank(id, run, spec?.cwd ?? '/', null);
    process.uid = isSpec ? (spec?.uid ?? null) : null;
    process.isExec = isExec;
    process.hasExecuted = exec !== undefined;
    process.depth = nested === -1 ? 1 : 2;
    const container =
      isExec && this.#lastContainer !== null
        ? this.#lastContainer
        : { first: process, startedAt: at, inStartPhase: exec !== undefined };
    process.container = container;
    if (!isExec) this.#lastContainer = container;
    return process;
  }

  #child(id: number, parent: Process, copy: Copied, nested: number): Process {
    const process = blank(id, copy.run, copy.cwd, parent.container);
    process.parent = parent;
    process.isExec = parent.isExec;
    process.uid = copy.uid;
    process.regains = copy.regains;
    process.comm = copy.comm;
    process.fds = copy.fds;
    process.newSockets = parent.newSockets.fork();
    process.exeFds = parent.exeFds.fork();
    process.listens = parent.listens;
    process.accepted = parent.accepted;
    for (const [name, one] of parent.unixAccepted) process.unixAccepted.set(name, one);
    process.memfd = parent.memfd;
    process.terminal = parent.terminal;
    process.depth = nested === -1 ? 1 : 2;
    let ancestor: Process | null = parent;
    for (let hop = 0; ancestor !== null && hop < ANCESTORS_LIMIT; hop++) ancestor = ancestor.parent;
    if (ancestor !== null) ancestor.parent = null;
    return process;
  }

  /** A program took the place of another. */
  exec(process: Process, program: Program, env: readonly string[], at: number, record: Evidence): void {
    process.before = process.run;
    const kept = process.run.carries;
    process.run = emptyRun(program, at, record);
    process.run.env = env;
    if (process.before.program.names.some((name) => WRAPPERS.has(name))) process.run.carries = kept;
    process.hasExecuted = true;
    process.missedExec = null;
    process.missedLibrary = null;
  }

  /** After the rules have seen an exec: a new program serves nobody yet, except behind a wrapper. */
  settle(process: Process): void {
    if (process.run.program.names.some((name) => WRAPPERS.has(name))) return;
    process.listens = null;
    process.accepted = null;
    process.unixAccepted.clear();
    process.newSockets.clear();
  }

  inStartPhase(process: Process, at: number): boolean {
    const { container } = process;
    if (process.isExec || !container.inStartPhase) return false;
    if (at - container.startedAt > START_PHASE) container.inStartPhase = false;
    return container.inStartPhase;
  }

  ended(process: Process): void {
    process.hasEnded = true;
    for (const tid of process.tasks) this.#forking.delete(tid);
  }

  #forgetEnded(): void {
    const before = this.#processes.size;
    for (const [id, process] of this.#processes) if (process.hasEnded) this.#processes.delete(id);
    if (this.#processes.size >= PROCESSES_LIMIT) this.#processes.clear();
    this.#byNested.clear();
    this.forgotten += before - this.#processes.size;
  }
}

function copiedOf({ run, cwd, uid, regains, comm, fds }: Process): Copied {
  return { run: copyOf(run), cwd, uid, regains, comm, fds: fds.fork() };
}

function copyOf(run: Run): Run {
  return {
    ...run,
    statTimes: run.statTimes.fork(),
    atimes: run.atimes.fork(),
    changedModes: run.changedModes.fork(),
    written: run.written.fork(),
    opened: run.opened.fork(),
  };
}

/** `container` null: it is the first of one. */
function blank(id: number, run: Run, cwd: string | null, container: Container | null): Process {
  const process: Process = {
    id,
    parent: null,
    container: container as Container,
    isExec: false,
    run,
    before: null,
    hasExecuted: false,
    cwd,
    uid: null,
    regains: false,
    emptying: [],
    contents: new ForkedSet(MARKS_LIMIT),
    connections: new ForkedSet(MARKS_LIMIT),
    comm: '',
    fds: new ForkedMap(DESCRIPTORS_LIMIT),
    newSockets: new ForkedMap(DESCRIPTORS_LIMIT),
    exeFds: new ForkedSet(DESCRIPTORS_LIMIT),
    listens: null,
    accepted: null,
    unixAccepted: new Map(),
    memfd: null,
    terminal: null,
    forked: null,
    tasks: new TaskSet(),
    missedExec: null,
    missedLibrary: null,
    hasEnded: false,
    looked: 0,
    chroots: 0,
    depth: 1,
    family: null,
  };
  if (container === null) process.container = { first: process, startedAt: 0, inStartPhase: false };
  return process;
}

/** A path as a process sees it, absolute where that is known. */
export function absoluteOf(path: string, cwd: string | null): string {
  return path.startsWith('/') || cwd === null ? path : `${cwd === '/' ? '' : cwd}/${path}`;
}

/** Is `child` below `parent`, at whatever depth? */
export function isBelow(child: Process, parent: Process): boolean {
  let at: Process | null = child.parent;
  for (let hop = 0; at !== null && hop < 1000; hop++, at = at.parent) if (at === parent) return true;
  return false;
}
