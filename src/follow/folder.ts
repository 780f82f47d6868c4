/** The files below one path, each by what it is and not by how it is called: renamed, emptied, copied, replaced, gone, back again. */
import { basename } from 'node:path';
import type { LossTeller } from './losses.js';
import { GrowingFile, NotGrowing, type FileKey } from './growing-file.js';
import { LiveSource, type LiveOptions } from './live-source.js';
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
};

/** A file that was let go: if it grows, and still begins so, it is followed from there. */
type Done = { readonly head: string; readonly position: number; readonly lines: number };

/** What is not read. A copy is held open, so that no other file gets its number while it is remembered. */
type Passed = { readonly size: number; readonly modified: number; readonly held: GrowingFile | undefined };

/** Files that were let go and are remembered; the oldest are forgotten first. */
const MOST_DONE = 50_000;
/** Files that are open at once. */
const MOST_OPEN = 4096;
/** Of a file that was there before, this is read from its beginning; of a longer one its head and its end. */
export const WHOLE_BYTES = 8 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;
const END_BYTES = 4 * 1024 * 1024;

export class Folder {
  readonly entries = new Map<FileKey, Entry>();
  readonly watch: Watch;
  readonly #done = new Map<FileKey, Done>();
  /** Copies, and what cannot be followed. */
  readonly #passed = new Map<FileKey, Passed>();
  readonly #refused = new Set<string>();
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
  ) {
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
    if (this.#refused.has(path) || this.#refused.size >= MOST_DONE) return;
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
    // a number that is free again may be another file's
    for (const key of this.#done.keys()) if (!present.has(key)) this.#done.delete(key);
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
    for (const one of found) {
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
      if (one.size > 0 || done === undefined) await this.#open(one, now, fromEnd);
    }
  }

  #isPassed({ key, size, modified }: Found): boolean {
    const known = this.#passed.get(key);
    return known !== undefined && (known.held !== undefined || (known.size === size && known.modified === modified));
  }

  async #open(one: Found, now: number, fromEnd: boolean): Promise<void> {
    let file: GrowingFile;
    try {
      file = new GrowingFile(one.path);
    } catch (error) {
      if (error instanceof NotGrowing) this.#passed.set(one.key, { ...one, held: undefined });
      else if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        this.#refuse(one.path, error as NodeJS.ErrnoException);
      return;
    }
    const original = [...this.entries.values()].find(
      ({ source, file: before }) =>
        one.path !== source.name && basename(one.path).startsWith(basename(source.name)) && before.isBeginOf(file),
    );
    if (original !== undefined) {
      original.copy = file;
      this.#passed.set(one.key, { ...one, held: file });
      this.dirty.add(original);
      return;
    }
    const source = new LiveSource(one.path, file, { ...this.options, isListed: this.watch.isFolder !== false }, now);
    const entry: Entry = { source, file, path: one.path, copy: undefined, isLinked: true };
    this.entries.set(file.key, entry);
    this.#byPath.set(one.path, entry);
    this.dirty.add(entry);
    const done = this.#done.get(file.key);
    this.#done.delete(file.key);
    if (done !== undefined && done.head === file.digest) {
      await this.#from(entry, done.position, done.lines);
    } else if (fromEnd && one.size > WHOLE_BYTES) {
      file.rewind(file.readAt(0, HEAD_BYTES).lastIndexOf(10) + 1);
      while (await source.step(now));
      const from = one.size - END_BYTES;
      const newline = file.readAt(from, END_BYTES).indexOf(10);
      await this.#from(entry, from + newline + 1, 0);
    }
  }

  async #from(entry: Entry, offset: number, lines: number): Promise<void> {
    // of what was begun nothing more comes
    entry.file.rewind(0);
    await entry.source.nextPiece(entry.file, { offset, lines });
    entry.file.lift();
    entry.file.position = offset;
  }

  /** Reads on, at most so many blocks. False: nothing more is there for now. */
  async read(entry: Entry, now: number, blocks: number): Promise<boolean> {
    const { file, source } = entry;
    try {
      const { size } = file.stat();
      if (size < file.position || (size > file.position && now - source.touched > RECHECK && file.isReplaced))
        await this.#emptied(entry, now);
      for (let block = 0; block < blocks; block++) if (!(await source.step(now))) return false;
      return true;
    } catch (error) {
      this.#refuse(entry.path, error as NodeJS.ErrnoException);
      return false;
    }
  }

  /** The file was emptied and goes on from its beginning. What a copy of it holds beyond what was read comes first. */
  async #emptied(entry: Entry, now: number): Promise<void> {
    if (entry.copy === undefined) await this.look(now, false);
    const { copy, file, source } = entry;
    if (copy !== undefined) {
      const { position } = file;
      if (copy.stat().size > position) {
        copy.position = position;
        entry.source.readFrom(copy);
        while (await source.step(now));
      }
    }
    file.rewind(0);
    await source.nextPiece(file);
    file.lift();
    entry.copy = undefined;
    file.restart();
  }

  /** Lets a file go; it is remembered how far it was read. */
  release(entry: Entry): void {
    const { file, source } = entry;
    const lines = source.readings().reduce((sum, reading) => sum + reading.lines, 0);
    if (entry.isLinked) this.#done.set(file.key, { head: file.digest, position: file.position, lines });
    if (this.#done.size > MOST_DONE) this.#done.delete(this.#done.keys().next().value as string);
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

/** Whether a file was emptied and has grown beyond what was read is looked at after such a pause, in milliseconds. */
const RECHECK = 20;
