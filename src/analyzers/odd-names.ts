/**
 * Paths that hold what looks like an argument (`/srv/a, 0x7f00 b`). Of a call that names two paths, where the first one ends cannot be
 * told by its record; calls that name one alone show what such a path is.
 */
import type { Argument } from '../events/arguments.js';
import { detached } from '../events/word-lists.js';

const ARGUMENT = ', 0x';
const AT_FDCWD = -100;
const DELETED = / \(deleted\)$/;
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

  /** Learns the path of a call that names no other, the folder of its process excepted. */
  learn(args: readonly Argument[]): void {
    let only: string | undefined;
    for (const arg of args) {
      if ((arg.kind !== 'FD' && arg.kind !== 'Path') || arg.path === undefined || arg.path === '') continue;
      if (arg.kind === 'FD' && arg.fd === AT_FDCWD && !arg.path.includes(ARGUMENT)) continue;
      if (only !== undefined) return;
      only = arg.path;
    }
    if (only === undefined || !only.startsWith('/') || !only.includes(ARGUMENT)) return;
    const isKept = only.length <= MOST_CHARACTERS && this.#names.size < MOST_NAMES;
    if (isKept && !this.#names.has(only)) this.#names.add(detached(only.replace(DELETED, '')));
  }
}
