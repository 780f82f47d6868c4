/** Bytes that come in pieces of any size and are taken out in the same order: joined, so that small pieces cost no more than their bytes. */

/** The first block is small: most streams bring little at once. */
const FIRST_BLOCK = 4096;
const LARGEST_BLOCK = 65_536;

export class Blocks {
  /** All but the last are full. */
  #blocks: Buffer[] = [];
  /** Where the bytes begin in the first block, and where they end in the last. */
  #begin = 0;
  #end = 0;

  add(bytes: Buffer): void {
    for (let from = 0; from < bytes.length;) {
      let last = this.#blocks.at(-1);
      if (last === undefined || this.#end === last.length) {
        last = Buffer.allocUnsafeSlow(last === undefined ? FIRST_BLOCK : Math.min(2 * last.length, LARGEST_BLOCK));
        this.#blocks.push(last);
        this.#end = 0;
      }
      const count = bytes.copy(last, this.#end, from);
      this.#end += count;
      from += count;
    }
  }

  /** Moves bytes to a place in a buffer, as many as there are and fit; says how many. */
  take(into: Buffer, at: number): number {
    let filled = at;
    for (let [first] = this.#blocks; first !== undefined && filled < into.length; [first] = this.#blocks) {
      const end = this.#blocks.length === 1 ? this.#end : first.length;
      const count = first.copy(into, filled, this.#begin, end);
      filled += count;
      this.#begin += count;
      if (this.#begin < end) break;
      this.#blocks.shift();
      this.#begin = 0;
    }
    return filled - at;
  }

  /** The same bytes, to be taken once more; nothing may be added to the copy, and what is added later is not in it. */
  copy(): Blocks {
    const copy = new Blocks();
    copy.#blocks = [...this.#blocks];
    copy.#begin = this.#begin;
    copy.#end = this.#end;
    return copy;
  }

  clear(): void {
    this.#blocks = [];
    this.#begin = 0;
    this.#end = 0;
  }
}
