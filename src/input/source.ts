/** Where bytes come from: a file, a folder's logs, stdin, a pipe; plain or compressed. Knows nothing of what they mean. */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import type { Compression } from '../model/reading.js';
import { ChunkReader, compressionOf, decompressed, InputFault, MAGIC_BYTES } from './compressed.js';
import { readUtf16, utf16Of } from './utf16.js';

/**
 * A source that is open. `read` fills `into` from `at` and says how many bytes came (0: the end, or of a source that
 * `goesOn` no more for now). It answers at once for files and blocking pipes, and with a promise for what only streams.
 */
export interface OpenSource {
  readonly name: string;
  readonly compression: Compression;
  /** Were its bytes UTF-16? Then what is read of it is UTF-8. */
  readonly isUtf16?: boolean;
  /** Time of the last change in milliseconds since the epoch, for the year that headers lack; null for a stream. */
  readonly modified: number | null;
  read(into: Buffer, at: number): number | Promise<number>;
  /** Of a source that is followed: may more come? */
  goesOn?(): boolean;
  /** Bytes at a place, where the source can be asked (a plain file): fewer than `length` at its end. */
  readAt?(offset: number, length: number): Buffer;
  /** The same source from its beginning, where it can be read twice. */
  reopen?(): OpenSource;
  close(): void;
}

/** A source that could not be opened or read: reported, while the others are read. */
export type SourceFailure = { readonly source: string; readonly why: string; readonly suggestion: string };

const STDIN = 0;

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

/** Opens a file. Throws what the file system says. */
export function openFile(path: string): OpenSource {
  const fd = openSync(path, 'r');
  try {
    const stat = fstatSync(fd);
    // Only a regular file can be read from a place: a FIFO would lose the bytes.
    const first = stat.isFile() ? bytesAt(fd, 0, MAGIC_BYTES) : Buffer.alloc(0);
    const compression = compressionOf(first);
    const encoding = utf16Of(first);
    if (encoding !== undefined) {
      return {
        name: path,
        compression: 'none',
        isUtf16: true,
        modified: stat.mtimeMs,
        read: readUtf16(encoding, (into) => readSync(fd, into, 0, into.length, null)),
        reopen: () => openFile(path),
        close: () => closeSync(fd),
      };
    }
    if (compression !== 'none') {
      const { read, close } = decompressed(compression, fd);
      return { name: path, compression, modified: stat.mtimeMs, read, close, reopen: () => openFile(path) };
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
    filled = readSync(STDIN, head, 0, head.length, null);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return openStream('-', process.stdin);
    if (code !== 'EOF') throw error;
  }
  const first = head.subarray(0, filled);
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
  if (error instanceof InputFault) return { source, why: error.message, suggestion: error.suggestion };
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
        suggestion: `runsc logs belong to root: run the command with sudo, or: sudo cat ${shellWord(source)} | runsight COMMAND -`,
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
