/**
 * Paths by their bytes, each with a number: open addressing over typed arrays, so that a path costs its bytes and a few more, and
 * none is a string until it is asked for. Maps of strings took 60 MiB more in a prototype, on 170,000 paths.
 */

/** So few that it grows soon: V8 takes a field for a constant until it is set again, and drops the code that was built on that. */
const FIRST_BYTES = 1024;

export class PathTable {
  readonly #limit: number;
  readonly #slots: Int32Array;
  readonly #hashes: Int32Array;
  /** Where each path begins in the bytes, and behind the last one where that ends. */
  readonly #starts: Int32Array;
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #size = 0;

  /** Holds `limit` paths at most, a power of two. */
  constructor(limit: number) {
    this.#limit = limit;
    this.#slots = new Int32Array(limit * 2).fill(-1);
    this.#hashes = new Int32Array(limit);
    this.#starts = new Int32Array(limit + 1);
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size >= this.#limit;
  }

  /** The number of a path; -1 where it is not known and the table is full. */
  number(bytes: Buffer, from: number, to: number): number {
    const hash = hashOf(bytes, from, to);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let known = this.#slots[slot] as number; known !== -1; known = this.#slots[slot] as number) {
      if (this.#hashes[known] === hash && this.#isSame(known, bytes, from, to)) return known;
      slot = (slot + 1) & mask;
    }
    if (this.isFull) return -1;
    const added = this.#size++;
    const start = this.#starts[added] as number;
    if (start + to - from > this.#bytes.length) this.#grow(start, start + to - from);
    this.#bytes.set(bytes.subarray(from, to), start);
    this.#starts[added + 1] = start + to - from;
    this.#hashes[added] = hash;
    this.#slots[slot] = added;
    return added;
  }

  /** The number of a path that is a string. */
  numberOf(path: string): number {
    const bytes = Buffer.from(path);
    return this.number(bytes, 0, bytes.length);
  }

  textOf(number: number): string {
    return this.#bytes.toString('utf8', this.#starts[number], this.#starts[number + 1]);
  }

  /** Forgets all paths but the first `count` of `numbers`, which ascend: each gets its place there for a number. */
  keep(numbers: Int32Array, count: number): void {
    this.#slots.fill(-1);
    const mask = this.#slots.length - 1;
    let end = 0;
    for (let to = 0; to < count; to++) {
      const number = numbers[to] as number;
      const from = this.#starts[number] as number;
      const length = (this.#starts[number + 1] as number) - from;
      this.#bytes.copyWithin(end, from, from + length);
      const hash = this.#hashes[number] as number;
      let slot = hash & mask;
      while (this.#slots[slot] !== -1) slot = (slot + 1) & mask;
      this.#slots[slot] = to;
      this.#hashes[to] = hash;
      this.#starts[to] = end;
      end += length;
    }
    this.#starts[count] = end;
    this.#size = count;
  }

  /** Puts a path of this table into another one: its number there. */
  copyTo(other: PathTable, number: number): number {
    return other.number(this.#bytes, this.#starts[number] as number, this.#starts[number + 1] as number);
  }

  #grow(filled: number, needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, filled);
    this.#bytes = larger;
  }

  #isSame(number: number, bytes: Buffer, from: number, to: number): boolean {
    const start = this.#starts[number] as number;
    if ((this.#starts[number + 1] as number) - start !== to - from) return false;
    const own = this.#bytes;
    for (let at = from; at < to; at++) if (own[start + at - from] !== bytes[at]) return false;
    return true;
  }
}

function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = to - from;
  for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
  return hash ^ (hash >>> 15);
}
