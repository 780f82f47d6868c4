/** The processes of one side: who made whom, which programs each ran, what it wrote, and how it ended. */
import { signalName } from '../../grammars/signals.js';
import type { SpecFacts } from '../analyzers/spec.js';
import type { Exit } from '../model/report.js';
import type { Surroundings } from './call-reader.js';

/** Writes that are kept of each process, the last of them: what it complained of. */
const WORDS_LIMIT = 128;
/** So much of each is kept, and of what a process wrote to a stream in all. */
const WORD_CHARACTERS = 4096;
const OUTPUT_CHARACTERS = 16_384;

/** What a process wrote. */
export type Words = {
  readonly stream: 0 | 1 | 2;
  readonly target: string;
  readonly text: string;
  /** Number of its row in the columns. */
  readonly row: number;
  readonly source: number;
  readonly place: number;
  readonly bytes: number;
};

/** All that a process wrote to stdout or stderr, however it was cut into writes. */
export type Output = { length: number; hash: number; text: string };

/** A program in a process, from a row on. */
export type Execution = { readonly program: string; readonly argv: readonly string[] | null; readonly row: number };

export class Traced implements Surroundings {
  cwd: string | null = null;
  readonly fds = new Map<number, string>();
  readonly fresh = new Set<string>();
  parent: Traced | null = null;
  readonly children: Traced[] = [];
  readonly executions: Execution[] = [];
  readonly words: Words[] = [];
  readonly outputs: readonly [Output, Output] = [
    { length: 0, hash: 0, text: '' },
    { length: 0, hash: 0, text: '' },
  ];
  exit: Exit = null;
  hasEnded = false;
  calls = 0;
  /** Row of its last call; -1 without any. */
  last = -1;
  /** The process that this one turned out to be a thread of. */
  mergedInto: Traced | null = null;
  /** What `EXEC:` said of a first process. */
  line: { readonly text: string; readonly argv: readonly string[] | null } | null = null;

  constructor(
    readonly number: number,
    readonly id: number,
    readonly source: number,
  ) {}

  executed(program: string, argv: readonly string[] | null, row: number): void {
    this.executions.push({ program, argv, row });
  }

  wrote(
    stream: 0 | 1 | 2,
    target: string,
    text: string,
    row: number,
    source: number,
    place: number,
    bytes: number,
  ): void {
    this.words.push({ stream, target, text: text.slice(0, WORD_CHARACTERS), row, source, place, bytes });
    if (this.words.length > 2 * WORDS_LIMIT) this.words.splice(0, WORDS_LIMIT);
    if (stream === 0) return;
    const output = this.outputs[stream - 1] as Output;
    for (let at = 0; at < text.length; at++) output.hash = Math.imul(output.hash ^ text.charCodeAt(at), 0x01000193) + 1;
    output.length += text.length;
    if (output.text.length < OUTPUT_CHARACTERS) output.text += text.slice(0, OUTPUT_CHARACTERS - output.text.length);
  }

  /** Its last program; its parent's where it executed none. */
  get program(): string | null {
    const own = this.executions.at(-1)?.program ?? this.line?.text.split(' ', 1)[0];
    return own ?? this.parent?.programBefore(this) ?? null;
  }

  get argv(): readonly string[] | null {
    const own = this.executions.at(-1);
    if (own !== undefined) return own.argv;
    return this.line !== null ? this.line.argv : (this.parent?.argv ?? null);
  }

  programBefore(_child: Traced): string | null {
    return this.program;
  }
}

/** A thread: its number in the columns, and the call that it is in. */
export type Task = {
  readonly number: number;
  readonly tid: number;
  process: Traced;
  begun: { readonly name: string; readonly args: string; readonly place: number; readonly bytes: number } | null;
  open: { readonly name: string; readonly source: number; readonly place: number; readonly bytes: number } | null;
};

/** Tasks that are followed; more is no workload. */
const TASKS_LIMIT = 200_000;

export class ProcessTree {
  readonly tasks: Task[] = [];
  readonly processes: Traced[] = [];
  readonly #byTid = new Map<number, Task>();
  readonly #byId = new Map<number, Traced>();
  readonly #byNested = new Map<number, Traced>();
  /** Children that have not been seen: id → who made it, and whether it is a thread. */
  readonly #expected = new Map<number, { readonly parent: Traced; readonly isThread: boolean }>();
  readonly #lines: string[] = [];
  #source = 0;
  #last: Task | undefined;
  #lastKey = -1;

  sourceStarts(source: number): void {
    this.#source = source;
    this.#last = undefined;
  }

  task(source: number, tgid: number, tid: number, nested: number, isNative: boolean): Task {
    if (this.#last !== undefined && this.#lastKey === tid && (tgid === -1 || this.#last.process.id === tgid))
      return this.#last;
    // ids of a native trace are those of one machine; each log of runsc has its own
    const key = isNative ? tid : tid + source * 2 ** 32;
    let task = this.#byTid.get(key);
    if (task === undefined) task = this.#begin(key, source, tgid, tid, nested, isNative);
    this.#last = task;
    this.#lastKey = tid;
    return task;
  }

  #begin(key: number, source: number, tgid: number, tid: number, nested: number, isNative: boolean): Task {
    const id = tgid === -1 ? tid : tgid;
    const idKey = isNative ? id : id + source * 2 ** 32;
    const expected = this.#expected.get(idKey);
    let process = this.#byId.get(idKey);
    if (process === undefined && expected?.isThread === true && tgid === -1) process = expected.parent;
    if (process === undefined) {
      process = new Traced(this.processes.length, id, source);
      this.processes.push(process);
      this.#byId.set(idKey, process);
      if (nested !== -1) this.#byNested.set(nested + source * 2 ** 32, process);
      const nestedParent = nested === -1 ? undefined : this.#expected.get(-nested - source * 2 ** 32);
      const by = expected ?? nestedParent;
      if (by !== undefined && !by.isThread) this.#adopt(by.parent, process);
    }
    const task: Task = { number: Math.min(this.tasks.length, TASKS_LIMIT), tid, process, begun: null, open: null };
    if (this.tasks.length <= TASKS_LIMIT) this.tasks.push(task);
    this.#byTid.set(key, task);
    return task;
  }

  #adopt(parent: Traced, child: Traced): void {
    if (child.parent !== null || child === parent) return;
    child.parent = parent;
    child.cwd ??= parent.cwd;
    for (const [fd, shown] of parent.fds) if (!child.fds.has(fd)) child.fds.set(fd, shown);
    parent.children.push(child);
  }

  /** A task made another one; `child` is the id that the call returned. */
  forked(task: Task, child: number, isThread: boolean): void {
    const { process } = task;
    const isNative = this.#byTid.get(task.tid) === task;
    const key = isNative ? child : child + this.#source * 2 ** 32;
    if (isThread && isNative) {
      const made = this.#byTid.get(key);
      if (made === undefined) this.#expected.set(key, { parent: process, isThread: true });
      else if (made.process !== process && made.process.id === child) {
        made.process.mergedInto = process;
        process.calls += made.process.calls;
        process.last = Math.max(process.last, made.process.last);
        process.words.push(...made.process.words);
        made.process = process;
        this.#byId.set(key, process);
      }
      return;
    }
    if (isThread) return;
    const seen = this.#byId.get(key);
    if (seen !== undefined && seen.parent === null) this.#adopt(process, seen);
    else if (seen === undefined) {
      const nested = this.#byNested.get(key);
      if (nested !== undefined && nested.parent === null && nested !== process) this.#adopt(process, nested);
      else {
        this.#expected.set(key, { parent: process, isThread: false });
        this.#expected.set(-child - this.#source * 2 ** 32, { parent: process, isThread: false });
      }
    }
  }

  executes(text: string): void {
    if (this.#lines.length < 10_000) this.#lines.push(text);
  }

  exits(task: Task, status: number, isGroup: boolean): void {
    const { process } = task;
    if (isGroup) {
      process.hasEnded = true;
      process.exit ??= { status };
    } else if (task.tid === process.id && process.exit === null) {
      process.exit = { status };
      process.hasEnded = true;
    }
  }

  signalled(id: number, signal: number): void {
    const process = this.#byId.get(id + this.#source * 2 ** 32);
    if (process === undefined || process.hasEnded) return;
    process.hasEnded = true;
    process.exit = { signal: signalName(signal) };
  }

  /** How the container ended says how its first process did, where that itself says nothing. */
  applicationEnded(status: number | null, signal: number | null): void {
    const process = this.#byId.get(1 + this.#source * 2 ** 32);
    if (process === undefined) return;
    if (process.exit === null)
      process.exit = signal !== null ? { signal: signalName(signal) } : status === null ? null : { status };
    process.hasEnded = true;
  }

  nativeEnd(tid: number, status: number | null, signal: string | null): void {
    const task = this.#byTid.get(tid);
    if (task === undefined || task.process.id !== tid) return;
    task.process.hasEnded = true;
    if (signal !== null) task.process.exit = { signal };
    else if (status !== null) task.process.exit = { status };
  }

  /** First processes: those that no other made, in the order in which they came. */
  get roots(): readonly Traced[] {
    return this.processes.filter(({ parent, mergedInto }) => parent === null && mergedInto === null);
  }

  /** Leaves all processes out but these and what descends from them. */
  keep(own: ReadonlySet<Traced>): void {
    const isOwn = (process: Traced | null): boolean => {
      for (let one = process; one !== null; one = one.parent) if (own.has(one)) return true;
      return false;
    };
    for (let at = this.processes.length - 1; at >= 0; at--)
      if (!isOwn(this.processes[at] as Traced)) this.processes.splice(at, 1);
  }

  finish(spec: SpecFacts | null): void {
    const { roots } = this;
    // an order names the program of a first process, once each and in turn
    for (const [index, text] of this.#lines.entries()) {
      const root = roots[index];
      if (root === undefined) break;
      const isSpecs = spec !== null && spec.args.join(' ') === text;
      root.line = { text, argv: isSpecs ? spec.args : text.split(' ') };
    }
  }
}
