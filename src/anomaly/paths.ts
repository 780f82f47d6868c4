/** Every path that calls name, once: what rules found out about it, who made it, and where links lead. */
import { normalised } from '../analyzers/paths.js';
import type { Evidence } from '../model/finding.js';
import type { Memory } from '../expressions/fields.js';
import { Memories } from './memories.js';
import type { Run } from './processes.js';

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
  /** Of a copy: what made the file that was copied. */
  readonly copied: Made | null;
};

/** A file that was opened to be written, and what of it the log shows. */
export type Content = { readonly record: Evidence; payload: string; isTold: boolean; readonly writes: Evidence[] };

export type PathEntry = Memory & {
  readonly path: string;
  /** The generation of the table at which a link last came or went at the path or above it; -1: none has. */
  movedAt: number;
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

export class PathTable {
  readonly #entries = new Map<string, PathEntry>();
  readonly #links = new Map<string, string>();
  /** Folders of all paths, and those above; not known before there are links. */
  #folders: Set<string> | undefined;
  /** Is the path that was asked for last what it says, without a link? */
  isDirect = true;
  readonly #memories: Memories;
  #serial = 0;
  /** Changes when a path may lead elsewhere: of those that say what they are, the ones with that `movedAt`. */
  generation = -1;
  /** Changes when entries were let go. */
  epoch = -1;
  /** Paths that had to be forgotten. */
  forgotten = 0;

  /** `verdicts`: how much is kept of each path, in bytes: an answer for each condition on paths, and what its owner puts there. */
  constructor(verdicts: number) {
    this.#memories = new Memories(verdicts);
    // V8 takes a field for a constant until it is set again, and drops the code that was built on that
    this.generation++;
    this.epoch++;
    this.isDirect = false;
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
    const { verdicts, verdictsFrom } = this.#memories.next();
    entry = {
      path: plain,
      verdicts,
      verdictsFrom,
      movedAt: -1,
      made: null,
      existed: false,
      isFifo: false,
      isDirectory: false,
      wasLooked: false,
      isProgram: PROGRAM.test(plain),
      mtime: null,
      copyOf: null,
      id: ++this.#serial,
      writers: null,
      isEmptied: false,
      content: null,
      writtenAt: Number.NEGATIVE_INFINITY,
      renamedFrom: null,
      shadowedBy: null,
      goneAt: Number.NEGATIVE_INFINITY,
    };
    this.#entries.set(plain, entry);
    if (this.#folders !== undefined) this.#addFolders(plain);
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

  /** A link came or went: what is at the path or below it may be something else. */
  #changed(path: string): void {
    const generation = ++this.generation;
    const entry = this.#entries.get(path);
    if (entry !== undefined) entry.movedAt = generation;
    if (this.#folders === undefined) {
      this.#folders = new Set();
      for (const one of this.#entries.keys()) this.#addFolders(one);
    }
    // thousands of links come and go, and few have paths below them
    if (!this.#folders.has(path)) return;
    const below = `${path}/`;
    for (const one of this.#entries.values()) if (one.path.startsWith(below)) one.movedAt = generation;
  }

  #addFolders(path: string): void {
    const folders = this.#folders as Set<string>;
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (folders.has(folder)) return;
      folders.add(folder);
    }
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
    this.epoch++;
    this.#folders = undefined;
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
