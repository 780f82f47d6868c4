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
    this.position += count;
    if (this.#head.length < HEAD_BYTES && count > 0) this.#head = this.readAt(0, HEAD_BYTES);
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

  /** Does another file begin with what this one began with when it was read? Then it is a copy of it. */
  isBeginOf(other: GrowingFile): boolean {
    const length = this.#head.length;
    return length >= TELLING_BYTES && other.readAt(0, length).equals(this.#head);
  }

  /** What it begins with, in short. */
  get digest(): string {
    return createHash('sha256').update(this.#head).digest('base64');
  }

  /** Did somebody else's bytes take the place of those that were read? */
  get isReplaced(): boolean {
    return !this.readAt(0, this.#head.length).equals(this.#head);
  }

  /** The file was emptied: what is in it now is new. */
  restart(): void {
    this.position = 0;
    this.#head = this.readAt(0, HEAD_BYTES);
  }

  close(): void {
    closeSync(this.fd);
  }
}
