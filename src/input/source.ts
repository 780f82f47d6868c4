/** Where bytes come from: a file, a folder's logs, stdin, a pipe; plain or gzip. Knows nothing of what they mean. */
import { closeSync, createReadStream, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { createGunzip } from 'node:zlib';

/**
 * A source that is open. `read` fills `into` from `at` and says how many bytes came (0: the end). It answers at once
 * for files and blocking pipes, and with a promise for what only streams.
 */
export interface OpenSource {
  readonly name: string;
  readonly compression: 'none' | 'gzip';
  /** Time of the last change in milliseconds since the epoch, for the year that headers lack; null for a stream. */
  readonly modified: number | null;
  read(into: Buffer, at: number): number | Promise<number>;
  /** Bytes at a place, where the source can be asked (a plain file): fewer than `length` at its end. */
  readAt?(offset: number, length: number): Buffer;
  /** The same source from its beginning, where it can be read twice. */
  reopen?(): OpenSource;
  close(): void;
}

/** A source that could not be opened or read: reported, while the others are read. */
export type SourceFailure = { readonly source: string; readonly why: string; readonly suggestion: string };

const GZIP = [0x1f, 0x8b] as const;
const STDIN = 0;

function isGzip(bytes: Uint8Array, length: number): boolean {
  return length >= 2 && bytes[0] === GZIP[0] && bytes[1] === GZIP[1];
}

/** Turns chunks into reads: what did not fit is kept for the next call. */
class ChunkReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }
  async read(into: Buffer, at: number): Promise<number> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return 0;
      this.#rest = Buffer.isBuffer(value) ? value : Buffer.from(value);
    }
    const count = this.#rest.copy(into, at);
    this.#rest = this.#rest.subarray(count);
    return count;
  }
  stop(): void {
    void this.#chunks.return?.();
  }
}

/** Wraps any stream of bytes (an HTTP body, a child's output) as a source. */
export function openStream(name: string, chunks: AsyncIterable<Buffer>): OpenSource {
  const reader = new ChunkReader(chunks);
  return {
    name,
    compression: 'none',
    modified: null,
    read: (into, at) => reader.read(into, at),
    close: () => reader.stop(),
  };
}

function gunzipSource(name: string, modified: number | null, input: Readable): OpenSource {
  // A file cut in mid-stream still gives what it holds; the end that is missing is an error that the caller reports.
  const gunzip = createGunzip();
  input.on('error', (error) => gunzip.destroy(error));
  const reader = new ChunkReader(input.pipe(gunzip));
  return {
    name,
    compression: 'gzip',
    modified,
    read: (into, at) => reader.read(into, at),
    close: () => {
      reader.stop();
      input.destroy();
    },
  };
}

/** Opens a file. Throws what the file system says. */
export function openFile(path: string): OpenSource {
  const fd = openSync(path, 'r');
  try {
    const stat = fstatSync(fd);
    const magic = Buffer.alloc(2);
    // Only a regular file can be read from a place: a FIFO would lose the bytes.
    if (stat.isFile() && isGzip(magic, readSync(fd, magic, 0, 2, 0))) {
      const unzipped = gunzipSource(path, stat.mtimeMs, createReadStream('', { fd, start: 0 }));
      return { ...unzipped, reopen: () => openFile(path) };
    }
    return {
      name: path,
      compression: 'none',
      modified: stat.isFile() ? stat.mtimeMs : null,
      read: (into, at) => readSync(fd, into, at, into.length - at, null),
      ...(stat.isFile()
        ? { readAt: (offset, length) => bytesAt(fd, offset, length), reopen: () => openFile(path) }
        : {}),
      close: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function bytesAt(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
}

/**
 * Opens stdin. A pipe or file is read in blocking calls, which is what is fast; `process.stdin` is not touched, since
 * that would make it non-blocking. A terminal, and a pipe whose other end made it non-blocking, is read as it comes.
 */
export function openStdin(): OpenSource {
  if (isatty(STDIN)) return openStream('-', typedLines());
  const head = Buffer.alloc(64 * 1024);
  let filled = 0;
  try {
    // Two bytes tell gzip; a pipe may give one of them at first.
    while (filled < 2) {
      const count = readSync(STDIN, head, filled, head.length - filled, null);
      if (count === 0) break;
      filled += count;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return openNonBlocking(head.subarray(0, filled));
    if (code !== 'EOF') throw error;
  }
  const first = head.subarray(0, filled);
  if (isGzip(first, filled)) {
    const gunzip = createGunzip();
    gunzip.write(first);
    process.stdin.pipe(gunzip);
    const reader = new ChunkReader(gunzip);
    return { name: '-', compression: 'gzip', modified: null, read: (into, at) => reader.read(into, at), close() {} };
  }
  let rest: Buffer = first;
  let streaming: ChunkReader | undefined;
  return {
    name: '-',
    compression: 'none',
    modified: null,
    read(into, at) {
      if (rest.length > 0) {
        const count = rest.copy(into, at);
        rest = rest.subarray(count);
        return count;
      }
      if (streaming !== undefined) return streaming.read(into, at);
      try {
        return readSync(STDIN, into, at, into.length - at, null);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EOF') return 0;
        if (code !== 'EAGAIN') throw error;
        streaming = new ChunkReader(process.stdin);
        return streaming.read(into, at);
      }
    },
    close() {},
  };
}

/** A pipe that another made non-blocking, of which `first` has been read: whether it is gzip is known when more comes. */
function openNonBlocking(first: Buffer): OpenSource {
  let compression: 'none' | 'gzip' = 'none';
  async function* chunks(): AsyncGenerator<Buffer> {
    let head = first;
    const more = process.stdin[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
    while (head.length < 2) {
      const { done, value } = await more.next();
      if (done === true) break;
      head = Buffer.concat([head, value]);
    }
    async function* all(): AsyncGenerator<Buffer> {
      yield head;
      yield* more;
    }
    if (!isGzip(head, head.length)) return yield* all();
    compression = 'gzip';
    yield* Readable.from(all()).pipe(createGunzip());
  }
  const reader = new ChunkReader(chunks());
  return {
    name: '-',
    get compression() {
      return compression;
    },
    modified: null,
    read: (into, at) => reader.read(into, at),
    close: () => reader.stop(),
  };
}

/** What a person types or pastes, line by line. split2 is loaded for that alone. */
async function* typedLines(): AsyncGenerator<Buffer> {
  const { linesOf } = await import('./lines.js');
  yield* linesOf(process.stdin);
}

/** Is stdin something that was handed over (a pipe, a file), rather than a terminal or nothing at all? */
export function stdinIsGiven(): boolean {
  if (isatty(STDIN)) return false;
  try {
    const stat = fstatSync(STDIN);
    return stat.isFIFO() || stat.isFile() || stat.isSocket();
  } catch {
    return false;
  }
}

/** A file that a path leads to. `listed`: found in a folder, so that it is dropped if it holds no log. */
export type FoundFile = { readonly path: string; readonly listed: boolean };

/**
 * The files behind a path: itself, or all regular files below a folder, sorted by name. A link that leads nowhere, or
 * out of the folder in a circle, is passed over.
 */
export function filesBehind(path: string): readonly FoundFile[] {
  if (!statSync(path).isDirectory()) return [{ path, listed: false }];
  const found: FoundFile[] = [];
  const walk = (folder: string, depth: number): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const full = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (depth < MAX_DEPTH) walk(full, depth + 1);
      } else if (entry.isFile()) found.push({ path: full, listed: true });
      else if (entry.isSymbolicLink() && isRegularFile(full)) found.push({ path: full, listed: true });
    }
  };
  walk(path, 0);
  return found;
}

/** Deep enough for /var/log/pods/<pod>/<container>/; shallow enough for a folder that holds a whole disk. */
const MAX_DEPTH = 8;

function isRegularFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** What to say when a source cannot be opened or read. */
export function failureOf(source: string, error: unknown): SourceFailure {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return {
        source,
        why: 'no such file or folder',
        suggestion: 'check the path; runsc writes below its --debug-log',
      };
    case 'EACCES':
    case 'EPERM':
      return {
        source,
        why: 'permission denied',
        suggestion: `runsc logs belong to root: sudo cat ${shellWord(source)} | runsight diagnose -`,
      };
    case 'Z_BUF_ERROR':
      return {
        source,
        why: 'the gzip data ends in the middle',
        suggestion: 'copy the file again; what it held was read',
      };
    case 'Z_DATA_ERROR':
      return { source, why: 'the gzip data is damaged', suggestion: 'copy the file again; what came before was read' };
    default:
      return { source, why: message ?? String(error), suggestion: 'check the file' };
  }
}

/** A path as one word of a POSIX shell: names come from a folder that others may write. */
export function shellWord(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
