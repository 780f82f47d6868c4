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

  /** The same for a path that stands in another table. */
  numberIn(table: PathTable, path: number): number {
    return table.copyTo(this.#paths, path);
  }

  /** Counts one failure on the path with a number. */
  count(errno: number, path: number): void {
    if (path === -1) {
      this.#others.set(errno, this.other(errno) + 1);
      return;
    }
    const counts = this.#countsOf(errno);
    counts.set(path, (counts.get(path) ?? 0) + 1);
  }

  #countsOf(errno: number): Map<number, number> {
    let counts = this.#counts.get(errno);
    if (counts === undefined) this.#counts.set(errno, (counts = new Map()));
    return counts;
  }

  /** The paths that failed with an errno, most failures first, ties by path. */
  of(errno: number): readonly { readonly path: string; readonly count: number }[] {
    return [...(this.#counts.get(errno) ?? [])]
      .map(([path, count]) => ({ path: this.#paths.textOf(path), count }))
      .toSorted((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1));
  }

  /** Numbers of the errors that were counted. */
  errnos(): readonly number[] {
    return [...new Set([...this.#counts.keys(), ...this.#others.keys()])];
  }

  /** Adds failures that were counted elsewhere; null: on paths that are not listed there. */
  add(errno: number, path: string | null, failures: number): void {
    const number = path === null ? -1 : this.number(path);
    if (number === -1) {
      if (failures > 0) this.#others.set(errno, this.other(errno) + failures);
      return;
    }
    const counts = this.#countsOf(errno);
    counts.set(number, (counts.get(number) ?? 0) + failures);
  }

  /** Failures with an errno on paths that are not listed. */
  other(errno: number): number {
    return this.#others.get(errno) ?? 0;
  }
}
