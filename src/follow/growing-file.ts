/** A log file that others write, rename, empty and replace while it is read. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, type BigIntStats, type Stats } from 'node:fs';
import { compressionOf, MAGIC_BYTES } from '../input/compressed.js';
import { utf16Of } from '../input/utf16.js';

/** So much of the beginning of a file tells it from others: the banner holds time, pid and arguments. */
export const HEAD_BYTES = 4096;
/** What is shorter may be alike in two files. */
const TELLING_BYTES = 64;

/** What a file is, whatever it is called. */
export type FileKey = string;

/** The beginning of a file in short: its length in bytes, a digest of it, and one of its first `TELLING_BYTES`. */
export type Head = { readonly length: number; readonly digest: string; readonly brief: string };

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64').slice(0, 22);

export function keyOf(stat: Stats | BigIntStats): FileKey {
  return `${stat.dev}:${stat.ino}`;
}

/** Cannot be followed: it is compressed, or no file that grows at its end. */
export class NotGrowing extends Error {
  override readonly name = 'NotGrowing';
}

/** An open file and how far it was read. All sizes and places in bytes. */
export class GrowingFile {
  readonly fd: number;
  readonly key: FileKey;
  readonly modified: number;
  /** Place of the next byte that is read. */
  position = 0;
  /** Where reading stops although more is there. */
  #limit = Number.POSITIVE_INFINITY;
  #head: Buffer;
  #short: Head | undefined;
  /** Other bytes stand where those that were read did: nothing is read until it begins again. */
  isStale = false;

  /** Throws what the file system says, and NotGrowing. */
  constructor(readonly path: string) {
    this.fd = openSync(path, 'r');
    try {
      const stat = fstatSync(this.fd);
      if (!stat.isFile()) throw new NotGrowing('it is no regular file');
      this.key = keyOf(stat);
      this.modified = stat.mtimeMs;
      this.#head = this.readAt(0, HEAD_BYTES);
      const magic = this.#head.subarray(0, MAGIC_BYTES);
      if (compressionOf(magic) !== 'none' || utf16Of(magic) !== undefined)
        throw new NotGrowing('it is compressed, or UTF-16');
    } catch (error) {
      closeSync(this.fd);
      throw error;
    }
  }

  read(into: Buffer, at: number): number {
    const most = Math.min(into.length - at, this.#limit - this.position);
    if (most <= 0) return 0;
    const count = readSync(this.fd, into, at, most, this.position);
    if (count === 0) return 0;
    // emptied and filled again since it was looked at: these bytes are not what goes on
    const head = this.readAt(0, HEAD_BYTES);
    if (!head.subarray(0, this.#head.length).equals(this.#head)) {
      this.isStale = true;
      return 0;
    }
    if (head.length > this.#head.length) this.#begin(head);
    this.position += count;
    return count;
  }

  readAt(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(this.fd, bytes, 0, length, offset));
  }

  /** Its size now, and whether it still has a name. */
  stat(): { readonly size: number; readonly isLinked: boolean } {
    const { size, nlink } = fstatSync(this.fd);
    return { size, isLinked: nlink > 0 };
  }

  /** Begins again, and stops at a place until that is lifted: for whoever reads a part again. */
  rewind(limit: number): void {
    this.position = 0;
    this.#limit = limit;
  }

  lift(): void {
    this.#limit = Number.POSITIVE_INFINITY;
  }

  #begin(head: Buffer): void {
    this.#head = head;
    this.#short = undefined;
  }

  /** What it began with when it was read. */
  get head(): Head {
    const bytes = this.#head;
    this.#short ??= {
      length: bytes.length,
      digest: digestOf(bytes),
      brief: digestOf(bytes.subarray(0, TELLING_BYTES)),
    };
    return this.#short;
  }

  /** Is a beginning long enough to tell files apart that have nothing else in common? */
  static isTelling({ length }: Head): boolean {
    return length >= TELLING_BYTES;
  }

  /** Does it begin with what some file began with? */
  beginsWith({ length, digest }: Head): boolean {
    return this.#head.length >= length && digestOf(this.#head.subarray(0, length)) === digest;
  }

  /** Does another file begin with what this one began with when it was read? Then it is a copy of it. */
  isBeginOf(other: GrowingFile): boolean {
    return GrowingFile.isTelling(this.head) && other.beginsWith(this.head);
  }

  /** May another file, shorter than the beginning of this one, become a copy of it? */
  mayBecome(other: GrowingFile): boolean {
    const { length } = other.#head;
    return length < this.#head.length && this.#head.subarray(0, length).equals(other.#head);
  }

  /** Did somebody else's bytes take the place of those that were read? */
  get isReplaced(): boolean {
    return !this.readAt(0, this.#head.length).equals(this.#head);
  }

  /** The file was emptied: what is in it now is new. */
  restart(): void {
    this.position = 0;
    this.isStale = false;
    this.#begin(this.readAt(0, HEAD_BYTES));
  }

  close(): void {
    closeSync(this.fd);
  }
}
