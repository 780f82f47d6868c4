/** Every path that calls name, once: what rules found out about it, who made it, and where links lead. */
import { normalised } from '../analyzers/paths.js';
import type { Evidence } from '../model/finding.js';
import type { Run } from './processes.js';
import type { Probe } from './rule-book.js';

/** Where the content of a file came from. */
export type Origin = 'network' | 'decoder' | 'archive' | 'copy' | 'plain';

/** A file that was created while the log ran. */
export type Made = {
  readonly by: Run;
  readonly pid: number;
  readonly at: number;
  /** Fixed when it was made; what its writer read later counts, too (`originOf`). */
  origin: Origin;
  readonly record: Evidence;
  /** Was it made by a process that serves clients? */
  readonly byServer: boolean;
};

/** A file that was opened to be written, and what of it the log shows. */
export type Content = { readonly record: Evidence; payload: string; isTold: boolean; readonly writes: Evidence[] };

export type PathEntry = {
  readonly path: string;
  /** What rules' conditions on the path said: 0 not asked, 1 holds, 2 does not. */
  readonly verdicts: Uint8Array;
  made: Made | null;
  /** Was it there before anything of this log made it? */
  existed: boolean;
  isFifo: boolean;
  isDirectory: boolean;
  wasLooked: boolean;
  /** Does it lie where the programs of the system lie? */
  readonly isProgram: boolean;
  /** When it was changed last, in seconds, as a stat told it. */
  mtime: number | null;
  /** The file whose data it got within the sentry (sendfile, copy_file_range). */
  copyOf: PathEntry | null;
  /** A number of its own, for keys. */
  readonly id: number;
  /** Of each list of conditions those that can hold for the path. */
  readonly lists: (readonly Probe[] | undefined)[];
  /** Executables and scripts that wrote into it; of files below /var/log. */
  writers: Set<string> | null;
  /** Was it emptied, and has nobody written into it since? */
  isEmptied: boolean;
  /** What was written into it since it was opened; of files below /etc. */
  content: Content | null;
  /** When it was last opened to be written, or written by a name that went over to another. */
  writtenAt: number;
  /** The old name of a file that was renamed to this one; the name without an ending of one that is gone. */
  renamedFrom: PathEntry | null;
  /** A new file whose name begins with this one's was written at. */
  shadowedBy: PathEntry | null;
  goneAt: number;
};

const PROGRAM = /^(?:\/usr)?\/s?bin\//;
const ENTRIES_LIMIT = 65_536;
const LINKS_LIMIT = 4096;
const CHANGES_LIMIT = 64;

export class PathTable {
  readonly #entries = new Map<string, PathEntry>();
  readonly #links = new Map<string, string>();
  /** Where links came or went, the latest last. */
  #changes: string[] = [];
  /** Is the path that was asked for last what it says, without a link? */
  isDirect = true;
  readonly #verdicts: number;
  #serial = 0;
  /** Changes when a path may lead elsewhere. */
  generation = 0;
  /** Paths that had to be forgotten. */
  forgotten = 0;

  /** `verdicts`: how many conditions on paths the rules have. */
  constructor(verdicts: number) {
    this.#verdicts = verdicts;
  }

  /**
   * The entry of an absolute path, links followed as far as they were made in this log; `isName`: the last part is meant itself, not
   * what a link of that name leads to.
   */
  of(path: string, isName = false): PathEntry {
    const whole = canonical(path);
    const plain = isName ? this.#named(whole) : this.#followed(whole);
    this.isDirect = plain === whole;
    let entry = this.#entries.get(plain);
    if (entry !== undefined) return entry;
    if (this.#entries.size >= ENTRIES_LIMIT) this.#forget();
    entry = {
      path: plain,
      verdicts: new Uint8Array(this.#verdicts),
      made: null,
      existed: false,
      isFifo: false,
      isDirectory: false,
      wasLooked: false,
      isProgram: PROGRAM.test(plain),
      mtime: null,
      copyOf: null,
      id: ++this.#serial,
      lists: [],
      writers: null,
      isEmptied: false,
      content: null,
      writtenAt: Number.NEGATIVE_INFINITY,
      renamedFrom: null,
      shadowedBy: null,
      goneAt: Number.NEGATIVE_INFINITY,
    };
    this.#entries.set(plain, entry);
    return entry;
  }

  get(path: string): PathEntry | undefined {
    return this.#entries.get(path);
  }

  link(from: string, to: string): void {
    if (this.#links.size >= LINKS_LIMIT) return;
    const whole = canonical(from);
    this.#links.set(whole, to.startsWith('/') ? canonical(to) : canonical(`${folderOf(from)}/${to}`));
    this.#changed(whole);
  }

  unlink(path: string): void {
    if (this.#links.size === 0) return;
    const whole = canonical(path);
    if (this.#links.delete(whole)) this.#changed(whole);
  }

  #changed(path: string): void {
    this.generation++;
    this.#changes.push(path);
    if (this.#changes.length > CHANGES_LIMIT) this.#changes.shift();
  }

  /** Paths at which a link came or went since a generation; undefined: that is long ago. */
  changesSince(generation: number): readonly string[] | undefined {
    const count = this.generation - generation;
    return count > this.#changes.length ? undefined : this.#changes.slice(this.#changes.length - count);
  }

  #named(path: string): string {
    if (this.#links.size === 0) return path;
    const folder = folderOf(path);
    const found = this.#followed(folder);
    return found === folder ? path : canonical(`${found}/${path.slice(path.lastIndexOf('/') + 1)}`);
  }

  #followed(path: string): string {
    if (this.#links.size === 0) return path;
    let found = path;
    for (let hop = 0; hop < 8; hop++) {
      const whole = this.#links.get(found);
      if (whole !== undefined) {
        found = whole;
        continue;
      }
      let at = found.indexOf('/', 1);
      let next: string | undefined;
      for (; at !== -1 && next === undefined; at = found.indexOf('/', at + 1)) {
        const folder = this.#links.get(found.slice(0, at));
        if (folder !== undefined) next = canonical(folder + found.slice(at));
      }
      if (next === undefined) return found;
      found = next;
    }
    return found;
  }

  /** Those of which nothing was learnt go first. */
  #forget(): void {
    const before = this.#entries.size;
    for (const entry of this.#entries.values()) if (entry.made === null && !entry.existed) this.#drop(entry);
    if (this.#entries.size > ENTRIES_LIMIT / 2) for (const entry of this.#entries.values()) this.#drop(entry);
    this.forgotten += before - this.#entries.size;
    this.generation++;
    this.#changes = [];
  }

  /** What it leads to is let go, too: copies of copies would keep all that was forgotten. */
  #drop(entry: PathEntry): void {
    this.#entries.delete(entry.path);
    entry.copyOf = null;
    entry.renamedFrom = null;
    entry.shadowedBy = null;
  }
}

/** One path of several names: `/var/run` is `/run`, one's own root is the root. */
export function canonical(path: string): string {
  const plain = normalised(path);
  const own = plain.startsWith('/proc/') ? plain.replace(/^\/proc\/(?:thread-)?self\/root(?=\/|$)/, '') || '/' : plain;
  return own.startsWith('/var/run/') || own === '/var/run' ? own.slice(4) : own;
}

export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at <= 0 ? '/' : path.slice(0, at);
}
