/** Counts the calls of an interval: the table of `summary`, fed row by row and record by record. */
import { syscallUsage, type Usage } from '../analyzers/syscall-usage.js';
import type { Batch, Fold } from '../model/analyzer.js';
import type { SyscallEnter, SyscallExit } from '../model/event.js';

/** A batch of one row, used again and again. */
class OneRow {
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly batch: Batch = {
    count: 1,
    isExit: new Uint8Array(1),
    name: new Int32Array(1),
    errno: new Int32Array(1),
    elapsed: new Float64Array(1),
    tgid: new Int32Array(1),
    tid: new Int32Array(1),
    second: new Int32Array(1),
    bytes: new Int32Array(1),
    names: this.#names,
    texts: null,
  };

  of(event: SyscallEnter | SyscallExit): Batch {
    const { batch } = this;
    let number = this.#numbers.get(event.name);
    if (number === undefined) {
      number = this.#names.push(event.name) - 1;
      this.#numbers.set(event.name, number);
    }
    batch.name[0] = number;
    const isExit = event.kind === 'syscall-exit';
    batch.isExit[0] = isExit ? 1 : 0;
    batch.errno[0] = isExit ? (event.errno ?? 0) : 0;
    batch.elapsed[0] = isExit ? event.duration_ns : 0;
    batch.tgid[0] = event.task.tgid ?? -1;
    batch.tid[0] = event.task.tid;
    return batch;
  }
}

/** Numbers of names differ between rows that were read in bulk and others: each has a fold of its own, and they are added. */
export class Tally {
  readonly #row = new OneRow();
  #bulk = syscallUsage.start();
  #single = syscallUsage.start();
  calls = 0;

  seeRows(batch: Batch): void {
    this.calls += batch.count;
    this.#bulk.seeBatch?.(batch);
  }

  see(event: SyscallEnter | SyscallExit): void {
    this.calls++;
    this.#single.seeBatch?.(this.#row.of(event));
  }

  /** What was counted since the last time. */
  take(): readonly Usage[] {
    const usages = [this.#bulk, this.#single].map((fold: Fold<Usage>) => {
      fold.sourceEnds?.('', false);
      return fold.finish(new Set());
    });
    this.#bulk = syscallUsage.start();
    this.#single = syscallUsage.start();
    this.calls = 0;
    return usages;
  }
}
