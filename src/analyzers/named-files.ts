/** Rows of files by the numbers under which the bulk reader knows the texts that name them. */
import { BASE_CWD, BASE_DESCRIPTOR, MAX_ENTRIES, NONE } from '../events/file-names.js';
import type { FileNames } from '../model/analyzer.js';
import type { FileTable } from './files.js';
import { fileOf, joined, normalised } from './paths.js';

/** Numbers of one generation are below this. */
export const MOST_NUMBERS = MAX_ENTRIES;
/** A number whose file has not been asked for. */
const UNKNOWN = -3;

export class NamedFiles {
  readonly #rows = new Int32Array(MOST_NUMBERS).fill(UNKNOWN);
  /** Those below where a process stands, by that place. */
  readonly #below = new Map<string, Map<number, number>>();
  readonly #files: FileTable;
  #names: FileNames | undefined;
  #generation = -1;
  #evictions = 0;

  constructor(files: FileTable) {
    this.#files = files;
  }

  /** Another source begins: its numbers are its own. */
  forget(): void {
    this.#names = undefined;
  }

  /** The numbers that are asked for are of these names. */
  use(names: FileNames): void {
    if (this.#names === names && this.#generation === names.generation && !this.isStale) return;
    this.#names = names;
    this.#generation = names.generation;
    this.#evictions = this.#files.evictions;
    this.#rows.fill(UNKNOWN);
    this.#below.clear();
  }

  /** Were rows let go since `use`? Then what was asked for means nothing. */
  get isStale(): boolean {
    return this.#evictions !== this.#files.evictions;
  }

  /** The row of the file that a text names, to a process that stands at `cwd`; NONE where it names none. */
  row(number: number, cwd: string | null): number {
    const known = this.#rows[number] as number;
    return known === UNKNOWN ? this.#find(number, cwd) : known;
  }

  #find(number: number, cwd: string | null): number {
    const names = this.#names as FileNames;
    const base = names.baseOf(number);
    if (base === BASE_CWD) return this.#rowBelow(number, cwd, names.textOf(number));
    const row = this.#rowOf(number, base === BASE_DESCRIPTOR, names);
    this.#rows[number] = row;
    return row;
  }

  #rowOf(number: number, isDescriptor: boolean, names: FileNames): number {
    names.read(number);
    if (isPlain(names, isDescriptor)) return this.#files.rowAt(names.bytes, names.from, names.to);
    const text = names.textOf(number);
    const path = isDescriptor ? fileOf(text) : normalised(text);
    return path === undefined ? NONE : this.#files.row(path);
  }

  #rowBelow(number: number, cwd: string | null, text: string): number {
    const folder = cwd ?? '';
    let rows = this.#below.get(folder);
    if (rows === undefined) this.#below.set(folder, (rows = new Map()));
    let row = rows.get(number);
    if (row === undefined) rows.set(number, (row = this.#files.row(cwd === null ? text : joined(cwd, text))));
    return row;
  }
}

const SLASH = 47;
const DOT = 46;
const CLOSE = 41;
const COLON = 58;

/** Is it the path of a file as it stands: nothing to normalise, not deleted, no memfd? */
function isPlain({ bytes, from, to }: FileNames, isDescriptor: boolean): boolean {
  const last = bytes[to - 1];
  if (bytes[from] !== SLASH || (last === SLASH && to - from > 1)) return false;
  if (isDescriptor && (last === CLOSE || bytes[from + MEMFD_COLON] === COLON)) return false;
  for (let at = from + 1; at < to; at++) {
    const c = bytes[at] as number;
    // what is no UTF-8 is one path with its replacement characters
    if (c >= 128 || (bytes[at - 1] === SLASH && (c === SLASH || c === DOT))) return false;
  }
  return true;
}
/** Where the colon of `/memfd:` stands. */
const MEMFD_COLON = 6;
