/** The files below one path, each by what it is and not by how it is called: renamed, emptied, copied, replaced, gone, back again. */
import { basename } from 'node:path';
import { countsOf, NO_COUNTS, sumOf, type Counts } from './counts.js';
import { GrowingFile, NotGrowing, type FileKey } from './growing-file.js';
import { countsOfPiece, Ledger, NOTHING_COUNTED, type Counted, type CountedFile, type Start } from './ledger.js';
import { LiveSource, type LiveOptions } from './live-source.js';
import type { LossTeller } from './losses.js';
import { Watch, type Found } from './watch.js';

/** A file that is followed. */
export type Entry = {
  readonly source: LiveSource;
  file: GrowingFile;
  /** How it is called now. */
  path: string;
  /** A copy of it that somebody made before emptying it. */
  copy: GrowingFile | undefined;
  isLinked: boolean;
  /** Bytes that it held when it was looked at last. */
  size: number;
  /** Counted of what it holds, but not by its source: before it was let go and taken up again, or before `from`. */
  before: Counts;
  /** Counted by an earlier run of what it holds. */
  earlier: Counts;
  /** Only what stands from here on is read, and its head. */
  from: Start | undefined;
};

/** A file that was let go: if it grows, and still begins so, it is followed from there. */
type Done = { readonly position: number; readonly lines: number };

/** What is not read. A copy is held open, so that no other file gets its number while it is remembered. */
type Passed = { readonly size: number; readonly modified: number; readonly held: GrowingFile | undefined };

/** Paths that were refused and are remembered. */
const MOST_REFUSED = 50_000;
/** Files that are open at once. */
const MOST_OPEN = 4096;
/** Of a file that was there before, this is read from its beginning; of a longer one its head and its end. */
export const WHOLE_BYTES = 8 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;
const END_BYTES = 4 * 1024 * 1024;
/** What may become a copy of a file has so long to do it, in milliseconds. */
const COPY_TIME = 1000;

export class Folder {
  readonly entries = new Map<FileKey, Entry>();
  readonly watch: Watch;
  readonly #done = new Map<FileKey, Done>();
  /** Copies, and what cannot be followed. */
  readonly #passed = new Map<FileKey, Passed>();
  readonly #refused = new Set<string>();
  /** What may become a copy of a file that is followed: since when, in milliseconds. */
  readonly #nascent = new Map<FileKey, number>();
  /** Were found and could not be opened: renamed, or deleted before they were read. */
  #vanished: readonly Found[] = [];
  /** What was there before anybody asked, and how much of it: until it is read. */
  readonly #old = new Map<Entry, number>();
  /** Counts of what is not followed. */
  readonly ledger: Ledger;
  /** Entries that may have more. */
  readonly dirty = new Set<Entry>();
  /** Something was made, renamed or taken away. */
  isChanged = true;
  readonly #byPath = new Map<string, Entry>();
  onWake: () => void = () => undefined;

  constructor(
    root: string,
    readonly options: Omit<LiveOptions, 'isListed'>,
    readonly losses: LossTeller,
    isPolling = false,
    counted: Counted = NOTHING_COUNTED,
  ) {
    this.ledger = new Ledger(counted, Date.now());
    this.watch = new Watch(
      root,
      (path) => {
        const entry = path === null ? undefined : this.#byPath.get(path);
        if (entry === undefined) this.isChanged = true;
        else this.dirty.add(entry);
        this.onWake();
      },
      (path, error) => this.#refuse(path, error),
      isPolling,
    );
  }

  #refuse(path: string, error: NodeJS.ErrnoException): void {
    if (this.#refused.has(path) || this.#refused.size >= MOST_REFUSED) return;
    this.#refused.add(path);
    const why =
      error.code === 'EACCES' || error.code === 'EPERM'
        ? 'permission denied: runsc logs belong to root'
        : error.message;
    this.losses.tell(path, why, 1);
  }

  /** Was the root refused, so that nothing can be followed? */
  isRefused(): boolean {
    return this.#refused.has(this.watch.root);
  }

  /** Looks at what is there now. `isFirst`: what is there was there before anybody asked; `fromEnd`: of that only the end matters. */
  async look(now: number, fromEnd: boolean): Promise<void> {
    this.isChanged = false;
    const found = this.watch.list();
    const present = new Map(found.map((one) => [one.key, one]));
    const isThere = (key: FileKey): boolean => present.has(key);
    // a number that is free again may be another file's
    for (const key of this.#done.keys()) if (!isThere(key)) this.#done.delete(key);
    for (const key of this.#nascent.keys()) if (!isThere(key)) this.#nascent.delete(key);
    for (const { key, path, size } of this.#vanished)
      if (!isThere(key) && size > 0) this.losses.tell(path, 'deleted before it was read: so many bytes', size);
    this.#vanished = [];
    this.ledger.look(isThere);
    for (const [key, { held }] of this.#passed) {
      if (present.has(key)) continue;
      held?.close();
      this.#passed.delete(key);
    }
    for (const [key, entry] of this.entries) {
      const there = present.get(key);
      entry.isLinked = there !== undefined;
      if (there === undefined) {
        this.dirty.add(entry); // what was written before it lost its name
        continue;
      }
      if (entry.path !== there.path) {
        if (this.#byPath.get(entry.path) === entry) this.#byPath.delete(entry.path);
        entry.path = there.path;
        this.#byPath.set(there.path, entry);
      }
      if (there.size !== entry.file.position) {
        if (
          !this.watch.isPolling &&
          !this.dirty.has(entry) &&
          there.size > entry.file.position &&
          there.modified < now - 1000
        )
          this.watch.missed();
        this.dirty.add(entry);
      }
    }
    const owedFirst = found.toSorted((a, b) => Number(this.ledger.isOwed(b.key)) - Number(this.ledger.isOwed(a.key)));
    for (const one of owedFirst) {
      if (this.entries.has(one.key) || this.#isPassed(one)) continue;
      const done = this.#done.get(one.key);
      if (done !== undefined && one.size <= done.position) {
        if (one.size < done.position) this.#done.delete(one.key);
        else continue;
      }
      if (this.entries.size >= MOST_OPEN) {
        this.#refuse('(more files)', new Error(`more than ${MOST_OPEN} files are open: the others are not read`));
        break;
      }
      if (one.size > 0 || done === undefined) await this.#open(one, { now, fromEnd, isThere });
    }
    if (this.watch.isFolder !== undefined) this.ledger.settle(now, this.watch.root, this.losses);
  }

  #isPassed({ key, size, modified }: Found): boolean {
    const known = this.#passed.get(key);
    return known !== undefined && (known.held !== undefined || (known.size === size && known.modified === modified));
  }

  async #open(one: Found, at: { now: number; fromEnd: boolean; isThere: (key: FileKey) => boolean }): Promise<void> {
    const { now, fromEnd, isThere } = at;
    let file: GrowingFile;
    try {
      file = new GrowingFile(one.path);
    } catch (error) {
      if (error instanceof NotGrowing) this.#passed.set(one.key, { ...one, held: undefined });
      else if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        this.#refuse(one.path, error as NodeJS.ErrnoException);
      else this.#vanished = [...this.#vanished, one];
      return;
    }
    const namesakes = [...this.entries.values()].filter(
      ({ source }) => one.path !== source.name && basename(one.path).startsWith(basename(source.name)),
    );
    const original = namesakes.find(({ file: before }) => before.isBeginOf(file));
    if (original !== undefined) {
      original.copy = file;
      this.#nascent.delete(one.key);
      this.#passed.set(one.key, { ...one, held: file });
      this.dirty.add(original);
      return;
    }
    if (namesakes.some(({ file: before }) => before.mayBecome(file)) && this.#isNascent(file.key, now)) {
      file.close();
      return;
    }
    const claimed = this.ledger.claim(file, isThere);
    const source = new LiveSource(one.path, file, { ...this.options, isListed: this.watch.isFolder !== false }, now);
    const entry: Entry = {
      source,
      file,
      path: one.path,
      copy: undefined,
      isLinked: true,
      size: one.size,
      before: NO_COUNTS,
      earlier: claimed?.isOwed === true ? claimed.counts : NO_COUNTS,
      from: undefined,
    };
    source.isOld = fromEnd;
    if (fromEnd) this.#old.set(entry, one.size);
    this.entries.set(file.key, entry);
    this.#byPath.set(one.path, entry);
    this.dirty.add(entry);
    const done = this.#done.get(file.key);
    this.#done.delete(file.key);
    if (claimed?.isOwed === false) {
      // it was let go, and goes on
      entry.before = claimed.counts;
      entry.from = claimed.from;
      if (done !== undefined) await this.#from(entry, { offset: done.position, lines: done.lines });
      return;
    }
    const from = claimed === undefined ? (fromEnd ? this.#endOf(file, one.size) : undefined) : claimed.from;
    if (from === undefined || from.offset > one.size) return;
    file.rewind(file.readAt(0, HEAD_BYTES).lastIndexOf(10) + 1);
    while (await source.step(now));
    await this.#from(entry, from);
    entry.before = countsOf(source.past);
    entry.from = from;
  }

  /** Of a file that was there before anybody asked: where its end begins. Undefined: it is short enough to be read as a whole. */
  #endOf(file: GrowingFile, size: number): Start | undefined {
    if (size <= WHOLE_BYTES) return undefined;
    const from = size - END_BYTES;
    return { offset: from + file.readAt(from, END_BYTES).indexOf(10) + 1, lines: 0 };
  }

  /** Is it still so new that it may become a copy? It is looked at again soon. */
  #isNascent(key: FileKey, now: number): boolean {
    const since = this.#nascent.get(key) ?? now;
    this.#nascent.set(key, since);
    this.isChanged = true;
    return now - since < COPY_TIME;
  }

  async #from(entry: Entry, start: Start): Promise<void> {
    // of what was begun nothing more comes
    entry.file.rewind(0);
    await entry.source.nextPiece(entry.file, start);
    entry.file.lift();
    entry.file.position = start.offset;
  }

  /** Reads on, at most so many blocks. False: nothing more is there for now. */
  async read(entry: Entry, now: number, blocks: number): Promise<boolean> {
    const { file, source } = entry;
    try {
      const { size } = file.stat();
      if (size < file.position || file.isStale || file.isReplaced) await this.#emptied(entry, now);
      else entry.size = size;
      for (let block = 0; block < blocks; block++) if (!(await source.step(now))) return file.isStale;
      return true;
    } catch (error) {
      this.#refuse(entry.path, error as NodeJS.ErrnoException);
      return false;
    }
  }

  /** The file was emptied and goes on from its beginning. What a copy of it holds beyond what was read comes first. */
  async #emptied(entry: Entry, now: number): Promise<void> {
    if (entry.copy === undefined) await this.look(now, false);
    const { copy, file, source, size } = entry;
    const { head } = file;
    let { position } = file;
    if (copy !== undefined && copy.stat().size > position) {
      copy.position = position;
      source.readFrom(copy);
      while (await source.step(now));
      ({ position } = copy);
    }
    if (size > position) this.losses.tell(entry.path, 'emptied before it was read: so many bytes', size - position);
    file.rewind(0);
    const reading = await source.nextPiece(file);
    file.lift();
    const counts = countsOfPiece(countsOf([reading]), entry.before, entry.earlier);
    // a later run finds the copy, and reads that
    if (copy !== undefined && this.#passed.has(copy.key))
      this.ledger.keep({ key: copy.key, path: copy.path, head, counts });
    else this.ledger.lose(counts);
    this.#old.delete(entry);
    entry.copy = undefined;
    entry.before = NO_COUNTS;
    entry.earlier = NO_COUNTS;
    entry.from = undefined;
    file.restart();
    entry.size = file.stat().size;
  }

  #countsOf({ source, before, earlier }: Entry): Counts {
    return countsOfPiece(countsOf([source.reading()]), before, earlier);
  }

  /** All that was counted, in this run and before it. */
  counts(): Counts {
    return sumOf([this.ledger.total(), ...[...this.entries.values()].map((entry) => this.#countsOf(entry))]);
  }

  /** What a later run has to know of it. */
  counted(): Counted {
    const files: CountedFile[] = [...this.ledger.files()];
    const gone: Counts[] = [this.ledger.gone];
    for (const entry of this.entries.values()) {
      const counts = this.#countsOf(entry);
      if (!entry.isLinked) gone.push(counts);
      else if (counts.bytes > 0) files.push({ ...this.#kept(entry, counts), isOpen: true });
    }
    return { gone: sumOf(gone), files };
  }

  #kept({ file, path, from }: Entry, counts: Counts): CountedFile {
    return { key: file.key, path, head: file.head, counts, ...(from === undefined ? {} : { from }) };
  }

  /** Has been read what was there before anybody asked? */
  isCaughtUp(): boolean {
    for (const [entry, size] of this.#old)
      if (entry.file.position >= size || !this.dirty.has(entry)) this.#old.delete(entry);
    return this.#old.size === 0;
  }

  /** Lets a file go; it is remembered how far it was read. */
  release(entry: Entry): void {
    const { file, source } = entry;
    const counts = this.#countsOf(entry);
    if (entry.isLinked) {
      this.#done.set(file.key, { position: file.position, lines: source.lines });
      this.ledger.keep(this.#kept(entry, counts));
    } else this.ledger.lose(counts);
    this.entries.delete(file.key);
    this.dirty.delete(entry);
    if (this.#byPath.get(entry.path) === entry) this.#byPath.delete(entry.path);
    source.close();
  }

  close(): void {
    this.watch.close();
    for (const { source } of this.entries.values()) source.close();
    for (const { held } of this.#passed.values()) held?.close();
  }
}
