/** On which paths calls failed, by errno. Bounded: beyond so many different paths, failures on new ones are counted apart. */
import { PathTable } from './path-table.js';

const PATHS_LIMIT = 16_384;

export class FailingPaths {
  readonly #paths = new PathTable(PATHS_LIMIT);
  /** Errno number → number of a path → failed calls. */
  readonly #counts = new Map<number, Map<number, number>>();
  readonly #others = new Map<number, number>();

  /** The number of a path; -1 where there is room for no other. */
  number(path: string): number {
    return this.#paths.numberOf(path);
  }

  /** Counts one failure on the path with a number. */
  count(errno: number, path: number): void {
    if (path === -1) {
      this.#others.set(errno, this.other(errno) + 1);
      return;
    }
    let counts = this.#counts.get(errno);
    if (counts === undefined) this.#counts.set(errno, (counts = new Map()));
    counts.set(path, (counts.get(path) ?? 0) + 1);
  }

  /** The paths that failed with an errno, most failures first, ties by path. */
  of(errno: number): readonly { readonly path: string; readonly count: number }[] {
    return [...(this.#counts.get(errno) ?? [])]
      .map(([path, count]) => ({ path: this.#paths.textOf(path), count }))
      .toSorted((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1));
  }

  /** Failures with an errno on paths that are not listed. */
  other(errno: number): number {
    return this.#others.get(errno) ?? 0;
  }
}
