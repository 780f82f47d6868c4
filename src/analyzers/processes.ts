/** The processes of a sandbox: who made whom, which program each runs, where it stands, how it ended. */
import { signalName } from '../../grammars/signals.js';
import type { Batch } from '../model/analyzer.js';
import type { LogEvent } from '../model/event.js';
import type { Exit } from '../model/report.js';
import type { SourceName } from '../model/units.js';
import { Origins } from './sockets.js';
import { specAfter, type SpecFacts } from './spec.js';
import { TaskSet } from './task-set.js';

/** Processes that are kept; more is no workload. */
const PROCESSES_LIMIT = 100_000;

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

/** A process while its log is read. */
export type Process = ProcessUsage & {
  readonly tasks: TaskSet;
  cwd: string | null;
  /** The number under which AT_FDCWD printed `cwd` last; -1 where it comes from elsewhere. */
  standsAt: number;
  /** Did it execute a program itself? Until then it runs that of its parent. */
  hasExecuted: boolean;
  hasParent: boolean;
  /** The line `EXEC:` that its program was taken from. */
  exec: string | undefined;
  firstThreadExit: number | undefined;
  isGroupEnded: boolean;
  /** What `socket` and `accept` returned, until a record prints which socket it is. */
  readonly descriptors: Origins;
};
/** What a child gets from its parent at its fork. */
type Legacy = Pick<Process, 'program' | 'argv' | 'cwd'> & {
  readonly id: number;
  readonly descriptors: Origins;
};

const NO_DESCRIPTORS = new Origins();

/** One log: tasks have ids of their own in each. */
export class ProcessTable {
  readonly #processes = new Map<number, Process>();
  readonly #byNested = new Map<number, Process[]>();
  /** Forks whose child has not been seen: its id → what it gets from its parent. Ids of nested namespaces apart. */
  readonly #children = new Map<number, Legacy>();
  readonly #nestedChildren = new Map<number, Legacy>();
  #spec: SpecFacts | null = null;
  #execs: string[] = [];
  /** Processes beyond those that are kept. */
  dropped = 0;

  constructor(readonly source: SourceName) {}

  see(event: LogEvent): void {
    if (event.kind === 'spec') this.#spec = specAfter(this.#spec, event.message);
    else if (event.kind === 'note' && event.known === 'container-exec')
      this.#execs.push(event.captures?.['argv'] ?? '');
    else if (event.kind === 'signal') this.#seeSignal(event);
    else if (event.kind === 'exit' && event.of === 'application') this.#seeEnd(event.status, event.signal);
    else if (event.kind === 'native-exit') this.#seeNativeEnd(event);
  }

  #seeSignal(event: Extract<LogEvent, { kind: 'signal' }>): void {
    if (event.task === undefined || !event.message.includes('terminating thread group')) return;
    const process = this.#processes.get(event.task.tgid ?? event.task.tid);
    if (process === undefined || process.isGroupEnded) return;
    process.isGroupEnded = true;
    process.exit = { signal: signalName(event.signal) };
  }

  /** strace says of each task how it ended, and of one that another task's execve ended nothing. */
  #seeNativeEnd({ task, status, signal }: Extract<LogEvent, { kind: 'native-exit' }>): void {
    const process = this.#processes.get(task.tgid ?? task.tid);
    if (process === undefined) return;
    if (status !== null) process.exit = { status };
    else if (signal !== null) process.exit = { signal };
  }

  /** How the container ended says how its first process did, where that itself says nothing. */
  #seeEnd(status: number | null, signal: number | null): void {
    const process = this.#processes.get(1);
    if (process === undefined || process.isGroupEnded || status !== null || signal === null) return;
    process.isGroupEnded = true;
    process.exit = { signal: signalName(signal) };
  }

  /** The task of the row before: records come in runs of one task. */
  #lastTgid = -2;
  #lastTid = -2;
  #lastProcess: Process | undefined;

  /** The process of a row; undefined where there are too many. */
  of(batch: Batch, row: number): Process | undefined {
    const tgid = batch.tgid[row] as number;
    const tid = batch.tid[row] as number;
    if (tgid === this.#lastTgid && tid === this.#lastTid) return this.#lastProcess;
    const id = tgid === -1 ? tid : tgid;
    const process = this.#processes.get(id) ?? this.#begin(id, tgid === -1, batch.texts?.nestedTgid[row] ?? -1);
    if (process !== undefined && !process.tasks.has(tid)) process.tasks.add(tid);
    this.#lastTgid = tgid;
    this.#lastTid = tid;
    this.#lastProcess = process;
    return process;
  }

  #begin(id: number, isTask: boolean, nested: number): Process | undefined {
    if (this.#processes.size >= PROCESSES_LIMIT) {
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
      tasks: new TaskSet(),
      cwd: null,
      standsAt: -1,
      hasExecuted: false,
      hasParent: false,
      exec: undefined,
      firstThreadExit: undefined,
      isGroupEnded: false,
      descriptors: new Origins(),
    };
    this.#processes.set(id, process);
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
    child.descriptors.inherit(parent.descriptors);
  }

  /** A process made another one, or a thread; `child` is an id of its own namespace, `nested` its own in that or -1. */
  fork(process: Process, child: number, isThread: boolean, nested: number): void {
    // where tasks are listed as processes, a thread is one, too
    if (child <= 0 || (process.tgid !== null && (isThread || (process.tasks.has(child) && nested === -1)))) return;
    const { program, argv, cwd } = process;
    const legacy = {
      id: process.tgid ?? process.tid ?? 0,
      program,
      argv,
      cwd,
      descriptors: process.descriptors.size === 0 ? NO_DESCRIPTORS : process.descriptors.copy(),
    };
    const seen =
      nested === -1 ? this.#processes.get(child) : this.#byNested.get(child)?.findLast((one) => !one.hasParent);
    if (seen !== undefined) this.#inherit(seen, legacy);
    else {
      const children = nested === -1 ? this.#children : this.#nestedChildren;
      if (children.size < PROCESSES_LIMIT) children.set(child, legacy);
    }
  }

  rows(): readonly ProcessUsage[] {
    return [...this.#processes.values()].map((process) => {
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
