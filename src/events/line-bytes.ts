/**
 * Lines of text as bytes, one behind the other: each line is encoded when it comes. Put together as one text they would be a tree
 * of a million pieces, which has to be made flat before it is encoded: a third of the time of `events`.
 */
export class LineBytes {
  #bytes: Buffer;
  #filled = 0;

  constructor(size = 1 << 20) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
  }

  get isEmpty(): boolean {
    return this.#filled === 0;
  }

  add(line: string): void {
    // three bytes a character at most
    const needed = this.#filled + line.length * 3;
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#filled += this.#bytes.write(line, this.#filled);
  }

  /** All that was added; it holds until the next line is. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#filled);
    this.#filled = 0;
    return taken;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#filled);
    this.#bytes = larger;
  }
}
