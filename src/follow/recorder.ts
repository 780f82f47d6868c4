/** A flight recorder: the last records of each task before the end, of the part of a trace that is read again. */
import { evidenceOf } from '../analyzers/evidence.js';
import type { LogEvent, SyscallEnter, SyscallExit } from '../model/event.js';
import type { Recorded } from '../model/follow.js';

/** Tasks that are kept apart; the ones that wrote last. */
const MOST_TASKS = 256;
/** Tasks that are told of. */
const TOLD_TASKS = 4;

export class FlightRecorder {
  readonly #tasks = new Map<string, (SyscallEnter | SyscallExit)[]>();

  /** `records`: how many of each task. */
  constructor(readonly records: number) {}

  see(event: LogEvent): void {
    if (event.kind !== 'syscall-enter' && event.kind !== 'syscall-exit') return;
    const key = `${event.task.tgid}:${event.task.tid}`;
    const ring = this.#tasks.get(key) ?? [];
    this.#tasks.delete(key);
    if (this.#tasks.size >= MOST_TASKS) this.#tasks.delete(this.#tasks.keys().next().value as string);
    this.#tasks.set(key, ring);
    ring.push(event);
    if (ring.length > 2 * this.records) ring.splice(0, ring.length - this.records);
  }

  /** Of the tasks that wrote last, the last one first. */
  recorded(): readonly Recorded[] {
    return [...this.#tasks.values()]
      .slice(-TOLD_TASKS)
      .toReversed()
      .flatMap((ring) => {
        const last = ring.at(-1);
        if (last === undefined) return [];
        const { tgid, tid } = last.task;
        return [
          { task: { tgid: tgid ?? null, tid }, comm: last.comm, records: ring.slice(-this.records).map(evidenceOf) },
        ];
      });
  }
}
