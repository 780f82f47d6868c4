/** Files by path: how often they were named, opened, and how much was moved. Bounded; what is let go is summed up. */

import { FailingPaths } from './failing-paths.js';
import { PathTable } from './path-table.js';

export type FileUsage = {
  readonly path: string;
  calls: number;
  errors: number;
  opens: number;
  open_errors: number;
  bytes_read: number;
  bytes_written: number;
  total_ns: number;
  /** The longest of its calls, and what that was; null where no call took any time. */
  max_ns: number;
  slowest: string | null;
};
/** What is added up. */
type Sum = Exclude<keyof FileUsage, 'path' | 'max_ns' | 'slowest'>;

/** Paths that are kept exactly; at this many the least used are let go. */
const PATHS_LIMIT = 16_384;
/** Bytes of a character of a string at most. */
const MOST_UTF8 = 3;
/** How many stay then. */
const PATHS_KEPT = 5_000;

const column = (): Float64Array => new Float64Array(PATHS_LIMIT);

/** Columns by the number of a row: no object a path, since a log may name hundreds of thousands. */
export class FileTable {
  readonly #paths = new PathTable(PATHS_LIMIT);
  /** Where total times are sorted to see which stay. */
  #order: Float64Array | undefined;
  readonly #columns = {
    calls: column(),
    errors: column(),
    opens: column(),
    open_errors: column(),
    bytes_read: column(),
    bytes_written: column(),
    total_ns: column(),
  };
  readonly #named = Object.entries(this.#columns) as [Sum, Float64Array][];
  readonly #longest = column();
  /** The number in `#calls` of each row's longest call. */
  readonly #slowest = new Int32Array(PATHS_LIMIT);
  readonly #calls: string[] = [];
  readonly failing = new FailingPaths();
  /** The number in `failing` of each row's path, one up; 0: no call failed on it. */
  readonly #failing = new Int32Array(PATHS_LIMIT);
  readonly #scratch = Buffer.alloc(16 * 1024);
  readonly #other: FileUsage = emptyUsage();
  /** The largest total time that was ever let go: rows above it are exact but for so much, as often as rows were let go. */
  #bound = 0;
  /** By so much the times that were added from elsewhere may be too low; null: they are exact. */
  #added: number | null = null;
  /** In an array, since V8 takes a field for a constant until it is set again, and drops the code that was built on that. */
  readonly #evictions = new Uint32Array(1);

  /** How often rows were let go. */
  get evictions(): number {
    return this.#evictions[0] as number;
  }

  /** By so much the time of a row may be too low, in nanoseconds; null: all rows are exact. */
  get bound(): number | null {
    return this.evictions === 0 ? this.#added : this.#bound * this.evictions + (this.#added ?? 0);
  }

  /** The number of a path's row; good until `evictions` changes. */
  row(path: string): number {
    // a buffer for each is freed late
    if (path.length * MOST_UTF8 <= this.#scratch.length) return this.rowAt(this.#scratch, 0, this.#scratch.write(path));
    const bytes = Buffer.from(path);
    return this.rowAt(bytes, 0, bytes.length);
  }

  /** The same for a path in bytes. */
  rowAt(bytes: Buffer, from: number, to: number): number {
    const row = this.#paths.number(bytes, from, to);
    if (row !== -1) return row;
    this.#evict();
    return this.#paths.number(bytes, from, to);
  }

  pathOf(row: number): string {
    return this.#paths.textOf(row);
  }

  /** The number under which a call is told to `count`. */
  call(name: string): number {
    const known = this.#calls.indexOf(name);
    return known === -1 ? this.#calls.push(name) - 1 : known;
  }

  /** A call names the path. */
  count(row: number, time: number, isError: boolean, call: number): void {
    if (time >= (this.#longest[row] as number) && time > 0) this.#took(row, time, call);
    const { calls, total_ns, errors } = this.#columns;
    calls[row] = (calls[row] as number) + 1;
    total_ns[row] = (total_ns[row] as number) + time;
    if (isError) errors[row] = (errors[row] as number) + 1;
  }

  /** Of calls that took as long the first by name counts, so that the order of logs does not matter. */
  #took(row: number, time: number, call: number): void {
    const isFirst = (this.#calls[call] ?? '') < (this.#calls[this.#slowest[row] as number] ?? '');
    if (time === this.#longest[row] && !isFirst) return;
    this.#longest[row] = time;
    this.#slowest[row] = call;
  }

  #slowestOf(row: number): Pick<FileUsage, 'max_ns' | 'slowest'> {
    const time = this.#longest[row] as number;
    return { max_ns: time, slowest: time === 0 ? null : (this.#calls[this.#slowest[row] as number] ?? null) };
  }

  /** A call that names the path failed. */
  failed(row: number, errno: number): void {
    let number = this.#failing[row] as number;
    if (number === 0) this.#failing[row] = number = this.failing.numberIn(this.#paths, row) + 1;
    this.failing.count(errno, number - 1);
  }

  opened(row: number): void {
    const { opens } = this.#columns;
    opens[row] = (opens[row] as number) + 1;
  }

  notOpened(row: number): void {
    const { open_errors: errors } = this.#columns;
    errors[row] = (errors[row] as number) + 1;
  }

  /** Bytes that a call read from the file, or wrote to it. */
  moved(row: number, read: number, written: number): void {
    const { bytes_read: into, bytes_written: out } = this.#columns;
    into[row] = (into[row] as number) + read;
    out[row] = (out[row] as number) + written;
  }

  /** Adds what was counted of a file elsewhere. */
  add(usage: FileUsage): void {
    const row = this.row(usage.path);
    for (const [name, values] of this.#named) values[row] = (values[row] as number) + usage[name];
    const { max_ns: time, slowest } = usage;
    if (slowest !== null && time >= (this.#longest[row] as number)) this.#took(row, time, this.call(slowest));
  }

  /** Adds the sum of files that were let go elsewhere, and by how much the times that are added from there may be too low. */
  addOther(sum: FileUsage, bound: number | null): void {
    add(this.#other, sum);
    if (bound !== null) this.#added = (this.#added ?? 0) + bound;
  }

  /** The rows with the largest total time, and the sum of all others (null: there are none). */
  top(most: number): { readonly rows: readonly FileUsage[]; readonly other: FileUsage | null } {
    const sorted = this.#sorted();
    const other = add(this.#sum(sorted.slice(most)), this.#other);
    return { rows: sorted.slice(0, most).map((row) => this.#usage(row)), other: other.calls === 0 ? null : other };
  }

  /** Numbers of rows, most time first, ties by path. */
  #sorted(): number[] {
    const { total_ns: time } = this.#columns;
    return Array.from({ length: this.#paths.size }, (_, row) => row).sort(
      (a, b) => (time[b] as number) - (time[a] as number) || (this.pathOf(a) < this.pathOf(b) ? -1 : 1),
    );
  }

  /** Rows that stay, while others are let go. */
  readonly #kept = new Int32Array(PATHS_KEPT);
  /** Lets all rows go but those with the largest total time; those that stay are numbered anew. */
  #evict(): void {
    const { size } = this.#paths;
    const { total_ns: time } = this.#columns;
    const order = (this.#order ??= new Float64Array(PATHS_LIMIT));
    order.set(time);
    const least = order.subarray(0, size).sort()[size - PATHS_KEPT] as number;
    const room = PATHS_KEPT - countAbove(time, size, least);
    const tied = this.#firstOf(least, room);
    let bound = 0;
    let kept = 0;
    const rows = this.#kept;
    for (let row = 0; row < size; row++) {
      const total = time[row] as number;
      if (total > least || (total === least && tied.has(row))) rows[kept++] = row;
      else {
        bound = Math.max(bound, total);
        if ((this.#longest[row] as number) >= this.#other.max_ns) takeSlowest(this.#other, this.#slowestOf(row));
      }
    }
    // what is kept moves up column by column, and what is left of each column is the sum of the others
    for (const [name, values] of this.#named) {
      for (let row = 0; row < size; row++) this.#other[name] += values[row] as number;
      for (let to = 0; to < kept; to++) {
        const value = values[rows[to] as number] as number;
        values[to] = value;
        this.#other[name] -= value;
      }
    }
    for (let to = 0; to < kept; to++) {
      this.#longest[to] = this.#longest[rows[to] as number] as number;
      this.#slowest[to] = this.#slowest[rows[to] as number] as number;
    }
    this.#bound = Math.max(this.#bound, bound);
    this.#evictions[0] = this.evictions + 1;
    this.#paths.keep(rows, kept);
    this.#failing.fill(0);
    for (const [, values] of this.#named) values.fill(0, kept);
    this.#longest.fill(0, kept);
  }

  /** So many rows with just this total time, the first by their paths. */
  #firstOf(time: number, most: number): ReadonlySet<number> {
    const { total_ns: times } = this.#columns;
    const rows: number[] = [];
    for (let row = 0; row < this.#paths.size; row++) if (times[row] === time) rows.push(row);
    if (rows.length > most) rows.sort((a, b) => (this.pathOf(a) < this.pathOf(b) ? -1 : 1)).length = most;
    return new Set(rows);
  }

  #usage(row: number): FileUsage {
    const usage = this.#sum([row]);
    return { ...usage, path: this.pathOf(row) };
  }

  #sum(rows: readonly number[]): FileUsage {
    const sum = emptyUsage();
    for (const [name, values] of this.#named) for (const row of rows) sum[name] += values[row] as number;
    for (const row of rows) takeSlowest(sum, this.#slowestOf(row));
    return sum;
  }
}

function emptyUsage(): FileUsage {
  return {
    path: '',
    calls: 0,
    errors: 0,
    opens: 0,
    open_errors: 0,
    bytes_read: 0,
    bytes_written: 0,
    total_ns: 0,
    max_ns: 0,
    slowest: null,
  };
}

function takeSlowest(sum: FileUsage, { max_ns: time, slowest }: Pick<FileUsage, 'max_ns' | 'slowest'>): void {
  if (slowest === null || time < sum.max_ns) return;
  if (time === sum.max_ns && sum.slowest !== null && sum.slowest <= slowest) return;
  sum.max_ns = time;
  sum.slowest = slowest;
}

function countAbove(values: Float64Array, size: number, least: number): number {
  let count = 0;
  for (let row = 0; row < size; row++) if ((values[row] as number) > least) count++;
  return count;
}

function add(sum: FileUsage, one: FileUsage): FileUsage {
  sum.calls += one.calls;
  sum.errors += one.errors;
  sum.opens += one.opens;
  sum.open_errors += one.open_errors;
  sum.bytes_read += one.bytes_read;
  sum.bytes_written += one.bytes_written;
  sum.total_ns += one.total_ns;
  takeSlowest(sum, one);
  return sum;
}
