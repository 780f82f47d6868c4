/** The tasks of a process, which mostly has one: a set of its own costs as much as all else that is kept of it. */
export class TaskSet {
  #first: number | undefined;
  #others: Set<number> | undefined;

  get size(): number {
    return (this.#first === undefined ? 0 : 1) + (this.#others?.size ?? 0);
  }

  has(tid: number): boolean {
    return tid === this.#first || this.#others?.has(tid) === true;
  }

  add(tid: number): void {
    if (this.#first === undefined) this.#first = tid;
    else if (tid !== this.#first) (this.#others ??= new Set()).add(tid);
  }

  *[Symbol.iterator](): Iterator<number> {
    if (this.#first !== undefined) yield this.#first;
    if (this.#others !== undefined) yield* this.#others;
  }
}
