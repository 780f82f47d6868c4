/** The lists of texts that execs print, read once for all that print the same: most programs are started with a few of them. */
import { wordsOf } from './arguments.js';

const MOST_LISTS = 1024;
/** Of all lists that are kept. */
const MOST_CHARACTERS = 1 << 20;

export class WordLists {
  readonly #words = new Map<string, readonly string[]>();
  #characters = 0;

  /** Of the lists that are kept. */
  get characters(): number {
    return this.#characters;
  }

  /** The texts of a list as it is printed: `["nc", "-l"]`. */
  of(list: string): readonly string[] {
    const known = this.#words.get(list);
    if (known !== undefined) return known;
    // not by map: that makes two sorts of arrays, and V8 has code for one at first
    const words: string[] = [];
    for (const word of wordsOf(list)) words.push(detached(word));
    if (list.length > MOST_CHARACTERS) return words;
    if (this.#words.size >= MOST_LISTS || this.#characters + list.length > MOST_CHARACTERS) {
      this.#words.clear();
      this.#characters = 0;
    }
    this.#words.set(detached(list), words);
    this.#characters += list.length;
    return words;
  }
}

/** A piece of a record's text keeps all of it in memory: a copy does not. */
export const detached = (text: string): string => Buffer.from(text).toString();
