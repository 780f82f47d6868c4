/**
 * Paths that hold what looks like an argument (`/srv/a, 0x7f00 b`). Of a call that names two paths, where the first one ends cannot be
 * told by its record; calls that name one alone show what such a path is.
 */
import { detached } from '../events/word-lists.js';

const ARGUMENT = ', 0x';
/** Nobody has so many; more are read as if they were not known. */
const MOST_NAMES = 64;
/** What the system calls a path, and something more. */
const MOST_CHARACTERS = 4200;

export class OddNames {
  readonly #names = new Set<string>();

  /** The names for a text that may hold some of them; undefined where it cannot. */
  in(text: string): ReadonlySet<string> | undefined {
    return this.#names.size > 0 && text.includes(ARGUMENT) ? this.#names : undefined;
  }

  /** Learns from the files of a call: a single one is what its path says. */
  learn(files: readonly string[]): void {
    if (files.length !== 1) return;
    const name = files[0] as string;
    if (!name.includes(ARGUMENT) || name.length > MOST_CHARACTERS || this.#names.size >= MOST_NAMES) return;
    if (!this.#names.has(name)) this.#names.add(detached(name));
  }
}
