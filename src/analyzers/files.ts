/** Files by path: how often they were named, opened, and how much was moved. Bounded; what is let go is summed up. */

export type FileUsage = {
  readonly path: string;
  calls: number;
  errors: number;
  opens: number;
  open_errors: number;
  bytes_read: number;
  bytes_written: number;
  total_ns: number;
};

/** Paths that are kept exactly; at this many the least used are let go. */
const PATHS_LIMIT = 32_768;
/** How many stay then. */
const PATHS_KEPT = 5_000;

function usageOf(path: string): FileUsage {
  return { path, calls: 0, errors: 0, opens: 0, open_errors: 0, bytes_read: 0, bytes_written: 0, total_ns: 0 };
}

function add(sum: FileUsage, one: FileUsage): void {
  sum.calls += one.calls;
  sum.errors += one.errors;
  sum.opens += one.opens;
  sum.open_errors += one.open_errors;
  sum.bytes_read += one.bytes_read;
  sum.bytes_written += one.bytes_written;
  sum.total_ns += one.total_ns;
}

/** By total time, ties by path. */
export function byTime(a: FileUsage, b: FileUsage): number {
  return b.total_ns - a.total_ns || (a.path < b.path ? -1 : 1);
}

export class FileTable {
  #rows = new Map<string, FileUsage>();
  readonly #other = usageOf('');
  /** The largest total time that was ever let go: rows above it are exact but for so much. */
  bound = 0;
  evictions = 0;

  /** The row of a path; good until `evictions` changes. */
  row(path: string): FileUsage {
    const known = this.#rows.get(path);
    if (known !== undefined) return known;
    if (this.#rows.size >= PATHS_LIMIT) this.#evict();
    const row = usageOf(path);
    this.#rows.set(path, row);
    return row;
  }

  #evict(): void {
    const sorted = [...this.#rows.values()].toSorted(byTime);
    this.#rows = new Map(sorted.slice(0, PATHS_KEPT).map((row) => [row.path, row]));
    for (const row of sorted.slice(PATHS_KEPT)) add(this.#other, row);
    this.bound = Math.max(this.bound, sorted[PATHS_KEPT]?.total_ns ?? 0);
    this.evictions++;
  }

  count(path: string, time: number, isError: boolean): void {
    const row = this.row(path);
    row.calls++;
    row.total_ns += time;
    if (isError) row.errors++;
  }

  opened(path: string): void {
    this.row(path).opens++;
  }

  notOpened(path: string): void {
    this.row(path).open_errors++;
  }

  moved(path: string, read: number, written: number): void {
    const row = this.row(path);
    row.bytes_read += read;
    row.bytes_written += written;
  }

  /** The rows with the largest total time, and the sum of all others (null: there are none). */
  top(most: number): { readonly rows: readonly FileUsage[]; readonly other: FileUsage | null } {
    const sorted = [...this.#rows.values()].toSorted(byTime);
    const other = usageOf('');
    add(other, this.#other);
    for (const row of sorted.slice(most)) add(other, row);
    return { rows: sorted.slice(0, most), other: other.calls === 0 ? null : other };
  }
}
