/**
 * Sources that hold others: compressed streams, and tar archives, whose members are read one after the other as they
 * come, without a file on disk. The names in an archive are labels: nothing is ever opened by them.
 */
import type { Compression } from '../model/reading.js';
import { compressionOf, decompressed, InputFault, MAGIC_BYTES, mayBeCompressed } from './compressed.js';
import type { OpenSource } from './source.js';

/** A source as it can be read. `isMember`: it came out of an archive, and is dropped if it holds no log. */
export type Unpacked = { readonly source: OpenSource; readonly isMember: boolean };

const BLOCK = 512;
/** Where tar writes `ustar`. */
const MAGIC_AT = 257;
const MAGIC_END = MAGIC_AT + 5;

/** Members that are read of one archive, and how long a name is told: a hostile one has no end of either. */
const MOST_MEMBERS = 20_000;
const MOST_NAME = 1024;
/** A long name or a list of attributes is shorter than this. */
const MOST_EXTENSION = 64 * 1024;

/**
 * What a source holds: itself, decompressed where it is compressed; of an archive its regular members. Each has to be
 * read (or closed) before the next one is asked for.
 */
export async function* unpack(source: OpenSource): AsyncGenerator<Unpacked> {
  const { plain, isArchive } = await opened(source);
  if (!isArchive) {
    yield { source: plain, isMember: false };
    return;
  }
  try {
    const archive = new TarReader(plain);
    for (let member = await archive.next(); member !== undefined; member = await archive.next()) {
      const { bytes, source: whole } = await Peeked.of(member);
      const compression = compressionOf(bytes);
      yield { source: compression === 'none' ? whole : inflated(whole, compression), isMember: true };
    }
  } finally {
    plain.close();
  }
}

/** The source, decompressed where it is compressed, and whether it is an archive. */
async function opened(source: OpenSource): Promise<{ readonly plain: OpenSource; readonly isArchive: boolean }> {
  if (source.readAt !== undefined) return { plain: source, isArchive: isTar(source.readAt(0, BLOCK)) };
  try {
    let head = await Peeked.of(source);
    const compression = source.compression === 'none' ? compressionOf(head.bytes) : 'none';
    if (compression !== 'none') head = await Peeked.of(inflated(head.source, compression));
    return { plain: head.source, isArchive: isTar(head.bytes) };
  } catch (error) {
    source.close();
    throw error;
  }
}

/** A source whose first bytes are known, and still come. */
class Peeked {
  readonly bytes: Buffer;
  readonly source: OpenSource;

  private constructor(source: OpenSource, bytes: Buffer, fault: unknown) {
    this.bytes = bytes;
    let rest = bytes;
    let isFaulty = fault !== undefined;
    this.source = {
      ...source,
      read: (into, at) => {
        if (rest.length > 0) {
          const count = rest.copy(into, at);
          rest = rest.subarray(count);
          return count;
        }
        if (!isFaulty) return source.read(into, at);
        isFaulty = false;
        throw fault;
      },
    };
  }

  /** Waits for no more than tells what the source is. An error comes where it would have come. */
  static async of(source: OpenSource): Promise<Peeked> {
    const head = Buffer.alloc(BLOCK);
    let filled = 0;
    let fault: unknown;
    try {
      while (filled < BLOCK && !isTold(head.subarray(0, filled))) {
        const pending = source.read(head, filled);
        const count = typeof pending === 'number' ? pending : await pending;
        if (count === 0) break;
        filled += count;
      }
    } catch (error) {
      // What no program reads is told at once: in a folder, a source without a byte would be passed over.
      if (filled === 0 && error instanceof InputFault && error.isUnreadable) throw error;
      fault = error;
    }
    return new Peeked(source, head.subarray(0, filled), fault);
  }
}

/** Is it clear what begins so? A line of a log is told by its first newline, or where an archive has its numbers. */
function isTold(head: Buffer): boolean {
  if (head.length === 0) return false;
  if (mayBeCompressed(head)) return head.length >= MAGIC_BYTES || compressionOf(head) !== 'none';
  if (head.includes(10)) return true;
  if (head.length > 107 && !/^[0-7 \0]*$/.test(head.toString('latin1', 100, 108))) return true;
  return head.length >= MAGIC_END && head.toString('latin1', MAGIC_AT, MAGIC_END) !== 'ustar';
}

function inflated(source: OpenSource, compression: Compression): OpenSource {
  const { read, close } = decompressed(compression, chunksOf(source));
  return {
    name: source.name,
    compression,
    modified: source.modified,
    read,
    close() {
      close();
      source.close();
    },
  };
}

async function* chunksOf(source: OpenSource): AsyncGenerator<Buffer> {
  for (;;) {
    const chunk = Buffer.allocUnsafe(64 * 1024);
    const pending = source.read(chunk, 0);
    const count = typeof pending === 'number' ? pending : await pending;
    if (count === 0) return;
    yield chunk.subarray(0, count);
  }
}

function isTar(head: Buffer): boolean {
  return head.length === BLOCK && head.toString('latin1', MAGIC_AT, MAGIC_END) === 'ustar' && isSound(head);
}

/** Does the header's checksum hold? Its own field counts as blanks. */
function isSound(header: Buffer): boolean {
  let sum = 8 * 32;
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += header[at] as number;
  return numberAt(header, 148, 8) === sum;
}

/** Octal digits, or (what does not fit into them) a binary number behind a set bit. */
function numberAt(header: Buffer, at: number, length: number): number {
  if (((header[at] as number) & 0x80) === 0) {
    return Number.parseInt(/[0-7]+/.exec(header.toString('latin1', at, at + length))?.[0] ?? '0', 8);
  }
  let value = (header[at] as number) & 0x7f;
  for (let byte = 1; byte < length; byte++) value = value * 256 + (header[at + byte] as number);
  return value;
}

function textAt(header: Buffer, at: number, length: number): string {
  const bytes = header.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? length : end);
}

const ENDS = 'the archive ends in the middle';
const AGAIN = 'copy the file again; what came before was read';

/** Types of regular files: of today, of old, contiguous, and sparse ones, whose stored bytes are read. */
const REGULAR = '0\x007S';

/** What extension headers say of the member that follows. */
type Extension = { path?: string; size?: number };

/** Reads an archive from its beginning, member by member. */
class TarReader {
  readonly #source: OpenSource;
  readonly #scratch = Buffer.allocUnsafe(64 * 1024);
  readonly #names = new Map<string, number>();
  #members = 0;
  /** Bytes of the open member that have not been read, and the zeros behind them. */
  #left = 0;
  #padding = 0;
  /** The archive itself failed within a member. */
  #fault: unknown;
  /** A read that is under way: a reader that looks ahead may be closed in the midst of one. */
  #pending: Promise<unknown> = Promise.resolve();

  constructor(source: OpenSource) {
    this.#source = source;
  }

  /** The next regular member; undefined at the end. */
  async next(): Promise<OpenSource | undefined> {
    let extension: Extension = {};
    for (;;) {
      await this.#skip();
      const header = await this.#header();
      if (header === undefined) return undefined;
      const type = String.fromCharCode(header[156] as number);
      const size = extension.size ?? numberAt(header, 124, 12);
      // Links, devices and folders have no bytes, whatever their size says.
      this.#left = '123456'.includes(type) ? 0 : size;
      this.#padding = this.#left % BLOCK === 0 ? 0 : BLOCK - (this.#left % BLOCK);
      if (type === 'L') extension = { ...extension, path: textAt(await this.#extension(), 0, MOST_EXTENSION) };
      else if (type === 'x') extension = { ...extension, ...attributesOf(await this.#extension()) };
      else if (REGULAR.includes(type)) {
        if (type === 'S') await this.#passMaps(header[482] !== 0);
        if (this.#left > 0) return this.#member(extension.path ?? pathOf(header), numberAt(header, 136, 12) * 1000);
        extension = {};
      } else if (type !== 'g' && type !== 'K') extension = {};
    }
  }

  #member(path: string, modified: number): OpenSource {
    this.#members++;
    if (this.#members > MOST_MEMBERS) {
      throw new InputFault(`the archive holds more than ${MOST_MEMBERS} files`, 'unpack it, and give the folder');
    }
    let isOpen = true;
    return {
      name: this.#label(path),
      compression: this.#source.compression,
      modified: Number.isSafeInteger(modified) && modified > 0 ? modified : null,
      read: (into, at) => (isOpen ? this.#read(into, at) : 0),
      close() {
        isOpen = false;
      },
    };
  }

  /** `logs.tar.gz:path/in/it`; a path that comes again gets a number. */
  #label(path: string): string {
    const label = path.replace(/^(?:\.?\/)+/, '').slice(0, MOST_NAME) || '?';
    const times = (this.#names.get(label) ?? 0) + 1;
    this.#names.set(label, times);
    return `${this.#source.name}:${label}${times === 1 ? '' : `#${times}`}`;
  }

  /** Bytes of the open member; 0 at its end, and where the archive fails: `next` tells that. */
  #read(into: Buffer, at: number): number | Promise<number> {
    const most = Math.min(this.#left, into.length - at);
    if (most === 0 || this.#fault !== undefined) return 0;
    const took = (count: number): number => {
      if (count === 0) this.#fault = new InputFault(ENDS, AGAIN);
      this.#left -= count;
      return count;
    };
    const failed = (error: unknown): number => {
      this.#fault = error;
      return 0;
    };
    try {
      const pending = this.#source.read(into.subarray(0, at + most), at);
      if (typeof pending === 'number') return took(pending);
      const reading = pending.then(took, failed);
      this.#pending = reading;
      return reading;
    } catch (error) {
      return failed(error);
    }
  }

  /** Passes over what is left of the member. */
  async #skip(): Promise<void> {
    await this.#pending;
    while (this.#left > 0 && this.#fault === undefined) await this.#read(this.#scratch, 0);
    if (this.#fault !== undefined) throw this.#fault;
    while (this.#padding > 0) {
      const count = await this.#source.read(this.#scratch.subarray(0, this.#padding), 0);
      // Who cut the zeros off took nothing.
      if (count === 0) return;
      this.#padding -= count;
    }
  }

  /** The next header; undefined at the end: a block of zeros, or no more bytes. */
  async #header(isChecked = true): Promise<Buffer | undefined> {
    const header = Buffer.alloc(BLOCK);
    let filled = 0;
    while (filled < BLOCK) {
      const count = await this.#source.read(header, filled);
      if (count === 0) break;
      filled += count;
    }
    if (filled === 0 || (filled === BLOCK && header.every((byte) => byte === 0))) return undefined;
    if (filled < BLOCK) throw new InputFault(ENDS, AGAIN);
    if (isChecked && !isSound(header)) throw new InputFault('the archive is damaged', AGAIN);
    return header;
  }

  /** Passes over the maps of a sparse file's holes that its header has no room for. */
  async #passMaps(isMore: boolean): Promise<void> {
    for (let more = isMore; more;) {
      const map = await this.#header(false);
      more = map !== undefined && map[504] !== 0;
    }
  }

  /** The bytes of an extension; none of one that is absurdly long. */
  async #extension(): Promise<Buffer> {
    if (this.#left > MOST_EXTENSION) return Buffer.alloc(0);
    const bytes = Buffer.alloc(this.#left);
    let filled = 0;
    while (filled < bytes.length && this.#fault === undefined) filled += await this.#read(bytes, filled);
    return bytes;
  }
}

/** Name and, in front of it, the prefix that POSIX has and GNU uses for other things. */
function pathOf(header: Buffer): string {
  const name = textAt(header, 0, 100);
  const prefix = header.toString('latin1', MAGIC_END, 263) === '\0' ? textAt(header, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** `30 path=logs/boot.txt\n`: the attributes of POSIX that matter here. */
function attributesOf(bytes: Buffer): Extension {
  const extension: Extension = {};
  for (let at = 0; at < bytes.length;) {
    const length = Number(/^\d{1,6}(?= )/.exec(bytes.toString('latin1', at, at + 8))?.[0] ?? 0);
    if (length === 0) break;
    const [, key = '', value = ''] = /^\d+ ([^=]+)=([\s\S]*)\n$/.exec(bytes.toString('utf8', at, at + length)) ?? [];
    if (key === 'path' || key === 'GNU.sparse.name') extension.path = value;
    if (key === 'size' && /^\d{1,15}$/.test(value)) extension.size = Number(value);
    at += length;
  }
  return extension;
}
