/** Compressed input: told by its first bytes, read as a stream, from files and pipes; damage and missing programs are said. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compressionOf, mayBeCompressed } from '../../src/input/compressed.js';
import { analyze, readEvents } from '../../src/pipeline.js';
import type { Reading } from '../../src/model/reading.js';
import { sample } from '../tools/samples.js';

const folder = mkdtempSync(join(tmpdir(), 'runsight-compressed-'));
afterAll(() => rmSync(folder, { recursive: true }));

const log = sample('release-20221219/healthy-text/runsc.log.20261125-194040.932711.boot.txt').bytes;

/** A log whose times differ, so that it does not shrink to nothing: cut or damaged in the middle, it has a beginning. */
const long = Buffer.from(
  Array.from({ length: 60_000 }, (_, index) => {
    const micros = String((index * 7_919_317) % 1_000_000).padStart(6, '0');
    return `I1123 22:27:15.${micros}       1 x:0] message ${(index * 2_654_435_761) % 4_294_967_296}\n`;
  }).join(''),
);

const hasProgram = (name: string): boolean => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;
const compress = (kind: string, bytes: Buffer): Buffer =>
  kind === 'gzip' ? gzipSync(bytes) : spawnSync(kind, ['-cq'], { input: bytes, maxBuffer: 1 << 28 }).stdout;

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

type Read = { readonly bytes: number; readonly readings: readonly Reading[]; readonly problems: readonly string[] };

/** All events of an input, which have to be in order and without gap. */
async function read(input: string | AsyncIterable<Buffer>): Promise<Read> {
  const readings: Reading[] = [];
  const problems: string[] = [];
  let bytes = 0;
  const events = readEvents(input, {
    onReading: (reading) => readings.push(reading),
    onProblem: ({ source, why, suggestion }) => problems.push(`${source.split('/').at(-1)}: ${why}; ${suggestion}`),
  });
  for await (const event of events) {
    if (event.offset !== bytes) expect(event.offset).toBe(bytes);
    bytes += event.bytes;
  }
  return { bytes, readings, problems };
}

/** Bytes as a pipe brings them: in pieces of this size, the first one alone. */
async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  yield bytes.subarray(0, 1);
  for (let at = 1; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const KINDS = ['gzip', 'zstd', 'xz'] as const;
describe.each(KINDS.map((kind) => [kind, kind === 'gzip' || hasProgram(kind)] as const))('%s', (kind, isThere) => {
  const it_ = it.skipIf(!isThere);

  it_('from a file without its ending, and from a pipe, is the plain log (skipped without the program)', async () => {
    const bytes = compress(kind, log);
    expect(compressionOf(bytes)).toBe(kind);
    for (const input of [write(`${kind}.txt`, bytes), pieces(bytes, 100), pieces(bytes, 1 << 20)]) {
      const { bytes: size, readings, problems } = await read(input);
      expect(problems).toEqual([]);
      expect(size).toBe(log.length);
      expect(readings).toMatchObject([{ compression: kind, bytes: log.length, format: 'glog', unread: {} }]);
    }
  });

  it_('of two members, one behind the other, is one log', async () => {
    const half = log.indexOf(10, log.length >> 1) + 1;
    const bytes = Buffer.concat([compress(kind, log.subarray(0, half)), compress(kind, log.subarray(half))]);
    const { readings, problems } = await read(write(`${kind}.members`, bytes));
    expect(problems).toEqual([]);
    expect(readings).toMatchObject([{ bytes: log.length }]);
  });

  it_('that is cut off gives what it held, then says so', async () => {
    const whole = compress(kind, long);
    const cut = whole.subarray(0, Math.floor(whole.length * 0.8));
    for (const input of [write(`cut-${kind}`, cut), pieces(cut, 5000)]) {
      const { bytes, readings, problems } = await read(input);
      expect(bytes).toBeGreaterThan(long.length / 4);
      expect(bytes).toBeLessThan(long.length);
      expect(readings).toMatchObject([{ bytes, compression: kind }]);
      expect(problems).toEqual([expect.stringContaining(`the ${kind} data ends in the middle`)]);
    }
  });

  it_('that is damaged gives what came before, then says so', async () => {
    const bytes = Buffer.from(compress(kind, long));
    bytes.fill(0x55, Math.floor(bytes.length * 0.8), Math.floor(bytes.length * 0.8) + 200);
    const { bytes: size, problems } = await read(write(`damaged-${kind}`, bytes));
    expect(size).toBeGreaterThan(long.length / 4);
    expect(problems).toEqual([expect.stringContaining(`the ${kind} data is damaged`)]);
  });

  it_('that nobody reads to its end leaves no process behind', async () => {
    for await (const event of readEvents(write(`left-${kind}`, compress(kind, long)))) {
      expect(event.kind).toBe('note');
      break;
    }
    const children = (): string =>
      spawnSync('ps', ['-o', 'stat=,args=', '--ppid', String(process.pid)]).stdout?.toString() ?? '';
    for (let wait = 0; wait < 50 && new RegExp(`^[^Z]\\S* +${kind} `, 'm').test(children()); wait++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(children()).not.toMatch(new RegExp(`^[^Z]\\S* +${kind} `, 'm'));
  });
});

describe('a program that is missing', () => {
  const { PATH } = process.env;
  beforeAll(() => {
    mkdirSync(join(folder, 'bin'));
    symlinkSync(process.execPath, join(folder, 'bin', 'node'));
    process.env['PATH'] = join(folder, 'bin');
  });
  afterAll(() => {
    process.env['PATH'] = PATH;
  });
  const xz = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 1, 2, 3]);

  it('is named with its package, for a file, in a folder, and for a pipe', async () => {
    mkdirSync(join(folder, 'only'));
    const path = write('only/log.xz', xz);
    for (const input of [path, join(folder, 'only'), pieces(xz, 3)]) {
      const { bytes, problems } = await read(input);
      expect(bytes).toBe(0);
      expect(problems).toEqual([
        expect.stringMatching(/needs the program xz, which is not installed; apt-get install xz-utils/),
      ]);
    }
  });

  it('does not keep the others from being read', async () => {
    const plain = write('plain.log', log);
    const { readings, problems } = await analyze([join(folder, 'only', 'log.xz'), plain], {});
    expect(problems).toMatchObject([{ kind: 'unreadable', source: join(folder, 'only', 'log.xz') }]);
    expect(readings).toMatchObject([{ source: plain, bytes: log.length }]);
  });
});

it('the first bytes tell, and no fewer', () => {
  expect(compressionOf(Buffer.from([0x1f, 0x8b]))).toBe('gzip');
  expect(compressionOf(Buffer.from([0x28, 0xb5, 0x2f]))).toBe('none');
  expect(mayBeCompressed(Buffer.from([0x28, 0xb5, 0x2f]))).toBe(true);
  expect(mayBeCompressed(Buffer.from('I1123'))).toBe(false);
  expect(compressionOf(readFileSync(process.execPath).subarray(0, 16))).toBe('none');
});
