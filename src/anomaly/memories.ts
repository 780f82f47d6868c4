/** What conditions said of things that last, paths and programs: a byte for each condition. */
import type { Memory } from '../expressions/fields.js';

/** Things whose verdicts share an array: an array of its own for each takes longer to make than all else of it. */
const SHARED_BY = 64;

export class Memories {
  #verdicts = new Uint8Array(0);
  #next = 0;

  /** `count`: how many conditions there are. */
  constructor(readonly count: number) {}

  /** That of one more thing, of which nothing was asked. */
  next(): Memory {
    if (this.#next + this.count > this.#verdicts.length) {
      this.#verdicts = new Uint8Array(this.count * SHARED_BY);
      this.#next = 0;
    }
    const memory = { verdicts: this.#verdicts, verdictsFrom: this.#next };
    this.#next += this.count;
    return memory;
  }
}
