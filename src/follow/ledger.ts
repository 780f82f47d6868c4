/**
 * Keeps the counts of files that are not followed, or not yet, so that every line is counted once, over restarts as well.
 *
 * A run reads again what still stands, since its folds need it. So the state file tells of each file how much of it was
 * counted (`CountedFile`). A later run that finds the file reads it again and counts it once; of a file that it does not find, the
 * counts of the earlier run stand. What was read after the last state was written, of a file that is gone before the later
 * run looks, is in no count: that such files vanished is told.
 */
import { moreOf, NO_COUNTS, sumOf, type Counts } from './counts.js';
import { GrowingFile, type FileKey, type Head } from './growing-file.js';
import type { LossTeller } from './losses.js';

/** A place in a file before which some of it was passed over. */
export type Start = { readonly offset: number; readonly lines: number };

/** A file that was counted. */
export type CountedFile = {
  readonly key: FileKey;
  readonly path: string;
  readonly head: Head;
  readonly counts: Counts;
  /** Only what stands from here on was read, and its head. */
  readonly from?: Start;
  /** It was followed: more may have been written to it. */
  readonly isOpen?: true;
};

/** What the state file holds of counts. */
export type Counted = {
  /** Of what no later run can read. */
  readonly gone: Counts;
  readonly files: readonly CountedFile[];
};
export const NOTHING_COUNTED: Counted = { gone: NO_COUNTS, files: [] };

/** A folder may come back so late after a start, in milliseconds; then its files are taken for gone. */
const OWED_FOR = 600_000;
/** So many files that vanished are told by name, more by their number alone. */
const MOST_NAMED = 8;
const VANISHED = 'vanished while nobody followed: whether more was written to it is not known';

export class Ledger {
  #gone: Counts;
  /** Files that stand and are not followed: let go, or copies of what was counted. */
  readonly #kept = new Map<FileKey, CountedFile>();
  /** Counted by an earlier run, and not found yet, by number as long as no other file has it. */
  readonly #owed = new Map<string, CountedFile>();
  readonly #owedUntil: number;

  /** `now` in milliseconds of the wall clock. */
  constructor({ gone, files }: Counted, now: number) {
    this.#gone = gone;
    this.#owedUntil = now + OWED_FOR;
    for (const one of files) this.#owed.set(this.#owed.has(one.key) ? `${one.key} ${one.head.digest}` : one.key, one);
  }

  /** All that was counted of files that are not followed now. */
  total(): Counts {
    return sumOf([this.#gone, ...this.files().map(({ counts }) => counts)]);
  }

  /** Can be read by nobody any more. */
  lose(counts: Counts): void {
    this.#gone = sumOf([this.#gone, counts]);
  }

  get gone(): Counts {
    return this.#gone;
  }

  files(): readonly CountedFile[] {
    return [...this.#kept.values(), ...this.#owed.values()];
  }

  /** A file that stands, and is not followed from here on. */
  keep(file: CountedFile): void {
    this.#takeOut(file.key);
    this.#kept.set(file.key, file);
  }

  /** Did an earlier run count a file of this number? Such files are to be opened first: others may be copies of them. */
  isOwed(key: FileKey): boolean {
    return this.#owed.has(key);
  }

  /** What was counted of a file that is opened now, in this run or (`isOwed`) in an earlier one. `isThere`: does a file stand there? */
  claim(
    file: GrowingFile,
    isThere: (key: FileKey) => boolean,
  ): (CountedFile & { readonly isOwed: boolean }) | undefined {
    const kept = this.#kept.get(file.key);
    if (kept !== undefined && file.beginsWith(kept.head)) {
      this.#kept.delete(file.key);
      return { ...kept, isOwed: false };
    }
    this.#takeOut(file.key);
    const owed = this.#owed.get(file.key);
    this.#owed.delete(file.key);
    if (owed !== undefined && file.beginsWith(owed.head)) return { ...owed, isOwed: true };
    // emptied, or its number is another file's: a copy may hold it
    if (owed !== undefined) this.#owed.set(`${owed.key} ${owed.head.digest}`, owed);
    // copied or moved while nobody looked
    for (const [at, one] of this.#owed) {
      if (isThere(at) || one.head.brief !== file.head.brief) continue;
      if (!GrowingFile.isTelling(one.head) || !file.beginsWith(one.head)) continue;
      this.#owed.delete(at);
      return { ...one, isOwed: true };
    }
    return undefined;
  }

  /** What stood there under this number has no bytes any more. */
  #takeOut(key: FileKey): void {
    const before = this.#kept.get(key);
    if (before !== undefined) this.lose(before.counts);
    this.#kept.delete(key);
  }

  /** What is not there is gone; what an earlier run counted may still come back for a while. */
  look(isThere: (key: FileKey) => boolean): void {
    for (const key of this.#kept.keys()) if (!isThere(key)) this.#takeOut(key);
  }

  /** Tells once which files an earlier run followed below `root` that are not there; takes them for gone when they do not come back. */
  settle(now: number, root: string, losses: LossTeller): void {
    if (this.#owed.size === 0) return;
    const vanished = [...this.#owed].filter(([, { isOpen }]) => isOpen === true);
    for (const [key, { isOpen: _, ...file }] of vanished) {
      if (vanished.length <= MOST_NAMED) losses.tell(file.path, VANISHED, 1);
      this.#owed.set(key, file);
    }
    if (vanished.length > MOST_NAMED) losses.tell(root, VANISHED, vanished.length);
    if (now < this.#owedUntil) return;
    for (const { counts } of this.#owed.values()) this.lose(counts);
    this.#owed.clear();
  }
}

/** What a file holds that is read now: what an earlier run counted of the same bytes is no less. */
export function countsOfPiece(read: Counts, before: Counts, earlier: Counts): Counts {
  return moreOf(sumOf([before, read]), earlier);
}
