/** Archives of logs: every regular member is a source of its own, whatever made the archive, and whoever wishes us ill. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpack } from '../../src/input/archive.js';
import { openStream, type OpenSource } from '../../src/input/source.js';
import type { Reading } from '../../src/model/reading.js';
import { analyze, readEvents } from '../../src/pipeline.js';
import { summarize } from '../../src/summarize.js';
import { SAMPLES_FOLDER } from '../tools/samples.js';

const folder = mkdtempSync(join(tmpdir(), 'runsight-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hasTar = spawnSync('tar', ['--version'], { stdio: 'ignore' }).status === 0;
const hasProgram = (name: string): boolean => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;

const LINE = 'I1123 22:27:15.478394       1 x:0] message\n';
const LONG = `deep/${'x'.repeat(90)}/${'y'.repeat(120)}`;

/** A member of a tar archive, by hand: what tar would never write can be written, too. */
function member(
  path: string,
  content: string | Buffer,
  more: { type?: string; size?: string; magic?: string } = {},
): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  header.write('0000644\0', 100);
  header.write(more.size ?? `${bytes.length.toString(8).padStart(11, '0')}\0`, 124, 12, 'latin1');
  header.write('14751234567\0', 136);
  header.write('        ', 148);
  header.write(more.type ?? '0', 156);
  header.write(more.magic ?? 'ustar\x0000', 257, 8, 'latin1');
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
const END = Buffer.alloc(1024);

type Found = { readonly source: string; readonly bytes: number; readonly compression: string };
async function read(input: string | AsyncIterable<Buffer>): Promise<{ found: Found[]; problems: string[] }> {
  const { readings, problems } = await analyze(input, {});
  return {
    found: readings.map(({ source, bytes, compression }: Reading) => ({
      source: source.replace(`${folder}/`, ''),
      bytes,
      compression,
    })),
    problems: problems.map(({ source, why }) => `${source.replace(`${folder}/`, '')}: ${why}`),
  };
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function write(name: string, ...parts: readonly Buffer[]): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

describe.skipIf(!hasTar)('of tar (skipped where it is missing)', () => {
  const logs = join(folder, 'logs');
  const from = join(SAMPLES_FOLDER, 'release-20240729/connection-refused');
  beforeAll(() => {
    mkdirSync(join(logs, LONG), { recursive: true });
    for (const name of readdirSync(from)) copyFileSync(join(from, name), join(logs, name));
    copyFileSync(join(SAMPLES_FOLDER, 'native/follow-6.1/native.strace'), join(logs, LONG, 'trace.strace'));
    writeFileSync(join(logs, 'notes.txt'), 'words\n'.repeat(50_000));
    writeFileSync(join(logs, 'empty.log'), '');
    symlinkSync('notes.txt', join(logs, 'link'));
  });

  it.each([
    ['logs.tar', ['--format=gnu'], 'none'],
    ['logs-pax.tar', ['--format=posix'], 'none'],
    ['logs-of-gzip', ['--format=gnu', '-z'], 'gzip'],
    ['logs.tar.zst', ['--format=posix', '--zstd'], 'zstd'],
    ['logs.tar.xz', ['--format=gnu', '-J'], 'xz'],
  ])('%s holds what the folder holds', async (name, options, compression) => {
    if (compression !== 'none' && !hasProgram(compression)) return;
    spawnSync('tar', [...options, '-cf', join(folder, name), '-C', folder, 'logs']);
    const expected = (await read(logs)).found.map((one) => ({ ...one, source: one.source.replace('logs/', '') }));
    expect(expected.length).toBeGreaterThan(3);
    const bytes = readFileSync(join(folder, name));
    for (const [input, source] of [
      [join(folder, name), name],
      [pieces(bytes, 777), '-'],
    ] as const) {
      const { found, problems } = await read(input);
      expect(problems).toEqual([]);
      const plain = found
        .map((one) => ({ ...one, source: one.source.replace(`${source}:logs/`, '') }))
        .toSorted((a, b) => (a.source < b.source ? -1 : 1));
      expect(plain.map(({ source: path, bytes: size }) => [path, size])).toEqual(
        expected.map(({ source: path, bytes: size }) => [path, size]),
      );
      expect(plain.find(({ source: path }) => path.endsWith('trace.strace'))).toMatchObject({
        source: `${LONG}/trace.strace`,
        compression,
      });
    }
    const whole = await summarize(join(folder, name));
    expect(whole.report.syscalls).toEqual((await summarize(logs)).report.syscalls);
  });

  it('in a folder is read there', async () => {
    mkdirSync(join(folder, 'outer'));
    spawnSync('tar', ['-czf', join(folder, 'outer', 'a.tgz'), '-C', folder, 'logs']);
    const { found } = await read(join(folder, 'outer'));
    expect(found.length).toBeGreaterThan(3);
    expect(found[0]?.source).toMatch(/^outer\/a\.tgz:logs\//);
  });
});

describe('made by hand', () => {
  it('has every byte of a member in its events', async () => {
    const path = write('events.tar', member('a.log', LINE.repeat(1000)), member('b.log', LINE), END);
    const sizes = new Map<string, number>();
    for await (const event of readEvents(path)) {
      expect(event.offset).toBe(sizes.get(event.source) ?? 0);
      sizes.set(event.source, event.offset + event.bytes);
    }
    expect([...sizes]).toEqual([
      [`${path}:a.log`, LINE.length * 1000],
      [`${path}:b.log`, LINE.length],
    ]);
  });

  it('names a path that comes twice apart, and takes none as a path of ours', async () => {
    writeFileSync(join(folder, 'victim'), LINE);
    const path = write(
      'tricks.tar',
      member('a.log', LINE),
      member('a.log', LINE.repeat(2)),
      member('../victim', LINE.repeat(3)),
      member('/etc/passwd', LINE.repeat(4)),
      member('./b.log', LINE.repeat(5)),
      member('link', '', { type: '2' }),
      member('folder/', '', { type: '5' }),
      member('', LINE.repeat(6)),
      END,
    );
    expect((await read(path)).found.map(({ source, bytes }) => [source, bytes / LINE.length])).toEqual([
      ['tricks.tar:a.log', 1],
      ['tricks.tar:a.log#2', 2],
      ['tricks.tar:../victim', 3],
      ['tricks.tar:etc/passwd', 4],
      ['tricks.tar:b.log', 5],
      ['tricks.tar:?', 6],
    ]);
    expect(readdirSync(folder)).not.toContain('a.log');
    expect(existsSync('b.log')).toBe(false);
  });

  it('has members that are compressed themselves, and such as are no logs', async () => {
    const path = write(
      'inner.tar',
      member('blob', Buffer.alloc(300_000, 7)),
      member('a.gz', gzipSync(LINE.repeat(9))),
      member('cut.gz', gzipSync(Buffer.alloc(1000)).subarray(0, 20)),
      member('blob.gz', gzipSync(Buffer.alloc(3_000_000, 7))),
      member('b.log', LINE),
      END,
    );
    for (const input of [path, pieces(readFileSync(path), 512), pieces(gzipSync(readFileSync(path)), 64)]) {
      expect((await read(input)).found.map(({ source, bytes }) => [source.split(':')[1], bytes])).toEqual([
        ['a.gz', LINE.length * 9],
        ['b.log', LINE.length],
      ]);
    }
  });

  it('goes on behind a member that was left while it was being read ahead', async () => {
    const noise = Buffer.from(
      Array.from({ length: 200_000 }, (_, index) => (Math.imul(index, 2_654_435_761) >>> 13) & 0xff),
    );
    const bytes = Buffer.concat([member('blob.gz', gzipSync(noise)), member('b.log', LINE.repeat(3)), END]);
    for (const size of [512, 3000, 50_000]) {
      for (const reads of [1, 2, 5]) {
        const slow = (async function* () {
          for await (const piece of pieces(bytes, size)) {
            await new Promise((resolve) => setTimeout(resolve, 1));
            yield piece;
          }
        })();
        const taken: string[] = [];
        for await (const { source } of unpack(openStream('-', slow))) {
          const into = Buffer.alloc(200);
          for (let read = 0; read < reads; read++) await source.read(into, 0);
          taken.push(`${source.name} ${into.toString('latin1', 0, 5)}`);
          source.close();
        }
        expect(taken[1]).toBe('-:b.log I1123');
      }
    }
  });

  it.each([
    ['a number with more digits than bytes exist', '77777777777\0'],
    ['a binary number beyond all', '\x80\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff'],
  ])('with a member of absurd size (%s) gives what is there', async (_, size) => {
    const path = write('absurd.tar', member('a.log', LINE), member('b.log', LINE.repeat(20), { size }));
    const { found, problems } = await read(path);
    expect(found.map(({ source }) => source)).toEqual(['absurd.tar:a.log', 'absurd.tar:b.log']);
    expect(found[1]?.bytes).toBeGreaterThanOrEqual(LINE.length * 20);
    expect(problems).toEqual(['absurd.tar: the archive ends in the middle']);
  });

  it.each([
    ['a long name', 'L'],
    ['attributes', 'x'],
    ['attributes of all', 'g'],
  ])('with %s of absurd size does not take memory for it', async (_, type) => {
    const path = write('names.tar', member('a.log', LINE), member('x', LINE, { type, size: '77777777777\0' }));
    const { found, problems } = await read(path);
    expect(found.map(({ source }) => source)).toEqual(['names.tar:a.log']);
    expect(problems).toEqual(['names.tar: the archive ends in the middle']);
  });

  it('whose attributes are nonsense is read as if they were not there', async () => {
    const path = write(
      'pax.tar',
      member('x', '25 path=\n99999 size=-5\nabc', { type: 'x' }),
      member('a.log', LINE),
      member('x', '18 path=other.log\n12 size=43\n', { type: 'x' }),
      member('b.log', LINE),
      END,
    );
    expect((await read(path)).found.map(({ source }) => source)).toEqual(['pax.tar:a.log', 'pax.tar:other.log']);
  });

  it('that is cut or damaged says so after what came before', async () => {
    const whole = Buffer.concat([member('a.log', LINE.repeat(100)), member('b.log', LINE.repeat(100)), END]);
    const cut = await read(write('cut.tar', whole.subarray(0, 6000)));
    expect(cut.problems).toEqual(['cut.tar: the archive ends in the middle']);
    expect(cut.found.map(({ source }) => source)).toEqual(['cut.tar:a.log', 'cut.tar:b.log']);
    const damaged = Buffer.from(whole);
    damaged.fill(1, 5120, 5160);
    const { found, problems } = await read(write('damaged.tar', damaged));
    expect(found.map(({ source }) => source)).toEqual(['damaged.tar:a.log']);
    expect(problems).toEqual(['damaged.tar: the archive is damaged']);
    const zipped = gzipSync(Buffer.concat([member('a.log', LINE.repeat(5000)), member('b', Buffer.alloc(5000)), END]));
    const part = await read(write('cut.tgz', zipped.subarray(0, zipped.length - 30)));
    expect(part.problems).toEqual(['cut.tgz: the gzip data ends in the middle']);
    expect(part.found.map(({ source }) => source)).toContain('cut.tgz:a.log');
  });

  it('without zeros at its end, or with garbage behind them, is whole', async () => {
    const one = member('a.log', LINE);
    for (const parts of [[one], [one.subarray(0, 512 + LINE.length)], [one, END, Buffer.from('garbage')]]) {
      expect(await read(write('end.tar', ...parts))).toMatchObject({ found: [{ bytes: LINE.length }], problems: [] });
    }
  });

  it('of more members than anybody has stops there', { timeout: 30_000 }, async () => {
    let made = 0;
    const one = member('a', 'x');
    const endless = (async function* () {
      for (; made < 1_000_000; made += 100) yield Buffer.concat(Array.from({ length: 100 }, () => one));
    })();
    let members = 0;
    await expect(async () => {
      for await (const { source } of unpack(openStream('-', endless))) {
        members++;
        source.close();
      }
    }).rejects.toThrow('more than');
    expect(members).toBe(20_000);
    expect(made).toBeLessThan(30_000);
  });
});

describe('what is none', () => {
  it.each([
    ['nothing', ''],
    ['a line without its end', LINE.trim()],
    ['a log with ustar where tar has it', `${LINE.trim().padEnd(257, '.')}ustar${' '.repeat(300)}\n${LINE}`],
    ['a short line of one byte', 'x'],
    ['numbers where tar has them', `${'a'.repeat(100)}0000644 ${'0'.repeat(400)}\n${LINE}`],
  ])('%s is one source, in whatever pieces', async (_, text) => {
    for (const size of [1, 100, 4096]) {
      const taken: OpenSource[] = [];
      let bytes = '';
      for await (const { source, isMember } of unpack(openStream('-', pieces(Buffer.from(text), size)))) {
        expect(isMember).toBe(false);
        taken.push(source);
        const into = Buffer.alloc(5000);
        for (let count = await source.read(into, 0); count > 0; count = await source.read(into, 0)) {
          bytes += into.toString('latin1', 0, count);
        }
      }
      expect(taken).toHaveLength(1);
      expect(bytes).toBe(text);
    }
  });

  it('is told by a terminal’s first line, before a second one comes', async () => {
    let isAsked = false;
    const lines = (async function* () {
      yield Buffer.from('I11\n');
      isAsked = true;
      yield Buffer.from(LINE);
    })();
    for await (const { source } of unpack(openStream('-', lines))) {
      expect(await source.read(Buffer.alloc(100), 0)).toBe(4);
      expect(isAsked).toBe(false);
    }
  });
});

it('a compressed archive is read from stdin, too', () => {
  const zipped = gzipSync(Buffer.concat([member('a.log', LINE), END]));
  expect(gunzipSync(zipped).length).toBe(2048);
  const { status, stdout } = spawnSync(process.execPath, ['bin/run.js', 'events'], { input: zipped });
  expect(status).toBe(0);
  expect(JSON.parse(stdout.toString())).toMatchObject({ source: '-:a.log', bytes: LINE.length });
});
