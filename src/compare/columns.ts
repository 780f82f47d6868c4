/** The calls of one side as columns: some 40 bytes a call, so that millions fit; beyond a bound the middle is let go and counted. */

/** Calls that are kept of the beginning, and of the end: of two sides some 150 MB. A program acts on its last failures. */
const HEAD = 1_500_000;
const TAIL = 500_000;

/** A call to be kept. */
export type Row = {
  readonly key: number;
  readonly answer: number;
  readonly errno: number;
  /** Number of its name, task and source. */
  readonly name: number;
  readonly task: number;
  readonly source: number;
  /** Where its record stands in the source, and how many bytes it has. */
  readonly place: number;
  readonly bytes: number;
};

export class Columns {
  count = 0;
  /** Calls between head and tail. */
  dropped = 0;
  key = new Float64Array(4096);
  place = new Float64Array(4096);
  answer = new Int32Array(4096);
  bytes = new Int32Array(4096);
  task = new Int32Array(4096);
  name = new Uint16Array(4096);
  errno = new Int16Array(4096);
  source = new Uint16Array(4096);
  /** Where the next row of the tail goes, once it is full. */
  #next = HEAD;

  /** Where the next row will stand. */
  get next(): number {
    return this.count === HEAD + TAIL ? this.#next : this.count;
  }

  add(row: Row): void {
    let at = this.count;
    if (at === HEAD + TAIL) {
      at = this.#next;
      this.#next = at + 1 === HEAD + TAIL ? HEAD : at + 1;
      this.dropped++;
    } else {
      if (at === this.key.length) this.#grow();
      this.count++;
    }
    this.key[at] = row.key;
    this.place[at] = row.place;
    this.answer[at] = row.answer;
    this.bytes[at] = row.bytes;
    this.task[at] = row.task;
    this.name[at] = row.name;
    this.errno[at] = row.errno;
    this.source[at] = row.source;
  }

  #grow(): void {
    const size = Math.min(Math.ceil(this.key.length * 1.5), HEAD + TAIL);
    const larger = <T extends { set(from: T): void }>(next: T, old: T): T => {
      next.set(old);
      return next;
    };
    this.key = larger(new Float64Array(size), this.key);
    this.place = larger(new Float64Array(size), this.place);
    this.answer = larger(new Int32Array(size), this.answer);
    this.bytes = larger(new Int32Array(size), this.bytes);
    this.task = larger(new Int32Array(size), this.task);
    this.name = larger(new Uint16Array(size), this.name);
    this.errno = larger(new Int16Array(size), this.errno);
    this.source = larger(new Uint16Array(size), this.source);
  }

  /** Rows in the order in which they were read, by task. */
  byTask(tasks: number): readonly Int32Array[] {
    const counts = new Int32Array(tasks);
    for (let at = 0; at < this.count; at++)
      counts[this.task[at] as number] = (counts[this.task[at] as number] as number) + 1;
    const lists = Array.from(counts, (count) => new Int32Array(count));
    const filled = new Int32Array(tasks);
    const put = (at: number): void => {
      const task = this.task[at] as number;
      const place = filled[task] as number;
      (lists[task] as Int32Array)[place] = at;
      filled[task] = place + 1;
    };
    const head = Math.min(this.count, HEAD);
    for (let at = 0; at < head; at++) put(at);
    for (let at = this.#next; at < this.count; at++) put(at);
    for (let at = head; at < this.#next && this.count === HEAD + TAIL; at++) put(at);
    return lists;
  }
}
