/** Which call each task is in, and since when: for tasks that do not come back. Columns only, no object a record. */
import type { Batch, RowPlace } from '../model/analyzer.js';
import type { SyscallEnter, SyscallExit } from '../model/event.js';

/** Tasks below this have a place; no real log has others. */
const MOST_TASKS = 1 << 16;

export type OpenCall = {
  readonly tid: number;
  /** When its record was read, in milliseconds of the wall clock. */
  readonly since: number;
  /** Where its record stands in the source. */
  readonly offset: number;
  readonly bytes: number;
};

export class OpenCalls {
  #since = new Float64Array(256);
  #offset = new Float64Array(256);
  #bytes = new Int32Array(256);
  /** One was told of: not again until the task comes back. */
  #isTold = new Uint8Array(256);
  #most = 0;

  /** `now` in milliseconds of the wall clock. */
  seeRows({ count, isExit, tid, bytes }: Batch, { starts, offset }: RowPlace, now: number): void {
    for (let row = 0; row < count; row++) {
      const task = tid[row] as number;
      if (isExit[row] === 1) this.#leave(task);
      else this.#enter(task, offset + (starts[row] as number), bytes[row] as number, now);
    }
  }

  see(event: SyscallEnter | SyscallExit, now: number): void {
    if (event.kind === 'syscall-exit') this.#leave(event.task.tid);
    else this.#enter(event.task.tid, event.offset, event.bytes, now);
  }

  #enter(tid: number, offset: number, bytes: number, now: number): void {
    if (tid < 0 || tid >= MOST_TASKS) return;
    if (tid >= this.#since.length) this.#grow(tid);
    this.#since[tid] = now;
    this.#offset[tid] = offset;
    this.#bytes[tid] = bytes;
    this.#isTold[tid] = 0;
    if (tid > this.#most) this.#most = tid;
  }

  #leave(tid: number): void {
    if (tid >= 0 && tid < this.#since.length) this.#since[tid] = 0;
  }

  #grow(tid: number): void {
    const size = Math.min(MOST_TASKS, Math.max(this.#since.length * 2, tid + 1));
    const copied = <T extends Float64Array | Int32Array | Uint8Array>(from: T, into: T): T => {
      into.set(from);
      return into;
    };
    this.#since = copied(this.#since, new Float64Array(size));
    this.#offset = copied(this.#offset, new Float64Array(size));
    this.#bytes = copied(this.#bytes, new Int32Array(size));
    this.#isTold = copied(this.#isTold, new Uint8Array(size));
  }

  /** Calls that were entered before a time and have not come back, each once. */
  *overdue(before: number): Generator<OpenCall> {
    for (let tid = 0; tid <= this.#most; tid++) {
      const since = this.#since[tid] as number;
      if (since === 0 || since > before || this.#isTold[tid] === 1) continue;
      this.#isTold[tid] = 1;
      yield { tid, since, offset: this.#offset[tid] as number, bytes: this.#bytes[tid] as number };
    }
  }

  /** Places in a source that begins anew mean nothing any more. */
  clear(): void {
    this.#since.fill(0);
  }
}
