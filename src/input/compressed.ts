/** Compressed bytes to plain ones, as a stream: gzip by node, zstd by node where it can, else by zstd(1), xz by xz(1). */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, createReadStream } from 'node:fs';
import { Readable, type Duplex } from 'node:stream';
import * as zlib from 'node:zlib';
import type { Compression } from '../model/reading.js';

/** Input that cannot be read on: says why, and what the user can do. */
export class InputFault extends Error {
  override readonly name = 'InputFault';
  readonly suggestion: string;
  /** No program is there that could read it. */
  readonly isUnreadable: boolean;
  constructor(message: string, suggestion: string, options: { isUnreadable?: boolean } = {}) {
    super(message);
    this.suggestion = suggestion;
    this.isUnreadable = options.isUnreadable ?? false;
  }
}

const MAGIC: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
];
/** So many bytes tell every compression. */
export const MAGIC_BYTES = 6;

/** By the first bytes. */
export function compressionOf(bytes: Uint8Array): Compression {
  return MAGIC.find(([, magic]) => magic.every((byte, index) => bytes[index] === byte))?.[0] ?? 'none';
}

/** Are these the first bytes of a compression, as far as they go? */
export function mayBeCompressed(bytes: Uint8Array): boolean {
  return MAGIC.some(([, magic]) => bytes.every((byte, index) => index >= magic.length || magic[index] === byte));
}

/** Turns chunks into reads: what did not fit is kept for the next call. */
export class ChunkReader {
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
    // What it is asked to end may have failed already; nobody waits for that any more.
    this.#chunks.return?.()?.catch(() => undefined);
  }
}

/** Plain bytes of compressed ones. */
export type Decompressed = { read(into: Buffer, at: number): Promise<number>; close(): void };

/** Reads compressed bytes: those of an open file, which is closed with it, or those that come in chunks. */
export function decompressed(compression: Compression, input: number | AsyncIterable<Buffer>): Decompressed {
  const inside = inflatorOf(compression);
  return inside === undefined ? readByProgram(compression, input) : readInside(inside, input);
}

/** The decompressor that this node has. */
function inflatorOf(compression: Compression): Duplex | undefined {
  if (compression === 'gzip') return zlib.createGunzip();
  if (compression !== 'zstd') return undefined;
  return (zlib as { createZstdDecompress?: () => Duplex }).createZstdDecompress?.();
}

function readInside(inflator: Duplex, input: number | AsyncIterable<Buffer>): Decompressed {
  const source = typeof input === 'number' ? createReadStream('', { fd: input, start: 0 }) : Readable.from(input);
  source.on('error', (error: Error) => inflator.destroy(error));
  const reader = new ChunkReader(source.pipe(inflator));
  return {
    read: (into, at) => reader.read(into, at),
    close: () => {
      reader.stop();
      source.destroy();
    },
  };
}

/** The programs that read what this node cannot, and the Debian packages that hold them. */
const PROGRAMS: Readonly<Partial<Record<Compression, { command: string; args: readonly string[]; package: string }>>> =
  {
    zstd: { command: 'zstd', args: ['-dcq'], package: 'zstd' },
    // The dictionary of a hostile file may be as large as it likes; xz -9 needs 65 MB.
    xz: {
      command: 'xz',
      args: ['-dc', '--format=xz', '--threads=1', '--memlimit-decompress=256MiB'],
      package: 'xz-utils',
    },
  };

function readByProgram(compression: Compression, input: number | AsyncIterable<Buffer>): Decompressed {
  const program = PROGRAMS[compression];
  if (program === undefined) throw new InputFault(`nothing reads ${compression}`, 'decompress it first');
  const child = spawn(program.command, program.args, {
    stdio: [typeof input === 'number' ? input : 'pipe', 'pipe', 'pipe'],
    // Options of the user's own would change what comes out.
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
  });
  const ending = endingOf(child);
  let source: Readable | undefined;
  if (typeof input === 'number') closeSync(input);
  else if (child.stdin !== null) {
    const { stdin } = child;
    source = Readable.from(input);
    // Who stops reading, as a program does at the end or at damage, is no error of its own.
    stdin.on('error', () => source?.destroy());
    source.on('error', () => stdin.destroy());
    source.pipe(stdin);
  }
  const output = async function* (): AsyncGenerator<Buffer> {
    if (child.stdout !== null) for await (const chunk of child.stdout) yield chunk as Buffer;
    const fault = await ending;
    if (fault !== undefined) throw faultOf(compression, program.command, program.package, fault);
  };
  const reader = new ChunkReader(output());
  return {
    read: (into, at) => reader.read(into, at),
    close: () => {
      child.kill();
      child.stdout?.destroy();
      source?.destroy();
      reader.stop();
    },
  };
}

/** What a program that failed said of it is kept as far as this. */
const MOST_WORDS = 2000;

type Fault = { readonly isMissing: boolean; readonly words: string };

/** How the program ended: a fault, or undefined where all went well. */
function endingOf(child: ChildProcess): Promise<Fault | undefined> {
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    if (words.length < MOST_WORDS) words += chunk.toString('latin1');
  });
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ isMissing: error.code === 'ENOENT', words: error.message }),
    );
    child.once('close', (code) => resolve(code === 0 ? undefined : { isMissing: false, words }));
  });
}

function faultOf(compression: Compression, command: string, wanted: string, { isMissing, words }: Fault): InputFault {
  if (isMissing) {
    return new InputFault(
      `the ${compression} data needs the program ${command}, which is not installed`,
      `apt-get install ${wanted}, or decompress it elsewhere`,
      { isUnreadable: true },
    );
  }
  if (/premature|unexpected end/i.test(words)) {
    return new InputFault(`the ${compression} data ends in the middle`, 'copy the file again; what it held was read');
  }
  if (/memory/i.test(words)) {
    return new InputFault(
      `the ${compression} data needs more memory than is given to it`,
      `decompress it with ${command} and read the result`,
    );
  }
  return new InputFault(`the ${compression} data is damaged`, 'copy the file again; what came before was read');
}
