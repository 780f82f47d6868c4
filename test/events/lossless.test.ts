/** No byte is lost, none is counted twice, and nothing throws: for real logs, damaged ones, and what is no log at all. */
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, TAIL_BYTES } from '../../src/input/records.js';
import { chance, chunkSizes, damaged, garbage } from '../fuzz/damage.js';
import { readAll, sourceOf } from '../tools/byte-source.js';
import { sample, samples } from '../tools/samples.js';
import { SEED } from '../tools/seed.js';
import { holdsEveryByte, readSoundly } from './conservation.js';

/** Runs `check` and names the round that failed, so that it can be repeated alone. */
async function rounds(count: number, check: (random: () => number) => Promise<void>): Promise<void> {
  for (let round = 0; round < count; round++) {
    try {
      await check(chance(SEED + round));
    } catch (error) {
      throw new Error(`round ${round} of seed ${SEED}: ${String(error)}`, { cause: error });
    }
  }
}

it('of every sample', async () => {
  for (const { name, bytes } of samples()) await readSoundly(bytes, { name });
});

it('of damaged samples', { timeout: 60_000 }, async () => {
  const all = samples().filter(({ bytes }) => bytes.length > 0);
  await rounds(250, async (random) => {
    const { name, bytes } = all[Math.floor(random() * all.length)] ?? sample('runsc.log');
    const from = Math.floor(random() * Math.max(1, bytes.length - 20_000));
    const part = random() < 0.5 ? bytes.subarray(0, 20_000) : bytes.subarray(from, from + 20_000);
    const size = chunkSizes(random);
    await readSoundly(damaged(part, random), { name, size: () => Math.max(16, size()) });
  });
});

it('of garbage', async () => {
  await rounds(150, async (random) => {
    await readSoundly(garbage(Math.floor(random() * 4000), random), { size: chunkSizes(random) });
  });
});

describe('of what is hardly a log', () => {
  const header = 'I1123 22:27:15.478394       1 x:0] ';
  it.each<[what: string, bytes: Buffer | string, kinds: readonly string[]]>([
    ['nothing', '', []],
    ['one newline', '\n', ['blank']],
    ['only newlines', '\n\n\n', ['blank', 'blank', 'blank']],
    ['only newlines of Windows', '\r\n\r\n', ['blank', 'blank']],
    ['NUL bytes', Buffer.alloc(5000), ['unread']],
    ['invalid UTF-8', Buffer.from([0xff, 0xfe, 0xc2, 10, 0xc2]), ['unread']],
    ['prose', 'Lorem ipsum\ndolor sit amet\n', ['unread']],
    ['a header without a message', header, ['note']],
    ['half a header', header.slice(0, 20), ['unread']],
    ['a header and invalid UTF-8', Buffer.concat([Buffer.from(header), Buffer.from([0xc3, 10])]), ['note']],
    ['an object cut short', '{"msg":"a","level":"info","ti', ['unread']],
    ['a bracket of JSON', '{"msg"', ['unread']],
    ['an object of something else', '{"time":1}\n', ['unread']],
    [
      'glued objects',
      '{"msg":"a","level":"info","time":"t"}{"msg":"b","level":"info","time":"t"}\n\n',
      ['note', 'note', 'blank'],
    ],
    [
      'objects that are nested, and glued',
      '{"msg":"a","x":{"y":{}},"level":"info"}{"msg":"b","level":"info","x":{}}{"msg":"c","level":"info"}',
      ['note', 'note', 'note'],
    ],
    ['objects that are nested', '{"msg":"a","x":{"y":"}"},"level":"info"}', ['note']],
  ])('%s', async (_, content, kinds) => {
    const bytes = Buffer.from(content);
    for (const size of [1, 2, 65_536]) {
      const { events } = await readSoundly(bytes, { size });
      expect(events.map(({ kind }) => kind)).toEqual(kinds);
    }
  });
});

it('of JSON logs whose objects are glued, parted by blank lines, or mixed with text', async () => {
  const logs = samples().filter(({ name, bytes }) => name.includes('json') && bytes[0] === 0x7b);
  expect(logs.length).toBeGreaterThan(5);
  for (const { name, bytes } of logs) {
    const lines = bytes.toString('latin1').split('\n');
    const plain = await readSoundly(bytes, { name });
    const changed = lines.map((line, index) => {
      if (index % 7 === 3) return `${line}\n\n`;
      if (index % 7 === 4) return `${line}\nplain text between\n`;
      const isGlued = index % 3 === 1 && line.startsWith('{') && lines[index + 1]?.startsWith('{') === true;
      return isGlued ? line : `${line}\n`;
    });
    const { events } = await readSoundly(Buffer.from(changed.join(''), 'latin1'), { name });
    const calls = (kind: string, of: typeof events): number => of.filter((event) => event.kind === kind).length;
    for (const kind of ['syscall-enter', 'syscall-exit', 'spec', 'json-error']) {
      expect(calls(kind, events), `${name} ${kind}`).toBe(calls(kind, plain.events));
    }
  }
});

/** A source that makes its bytes as it is read; says how much memory the process took meanwhile. */
async function readMade(total: number, byteAt: (offset: number) => number | string, bulk: boolean) {
  let made = 0;
  let most = 0;
  const taken = (): number => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = taken();
  const reading = await readAll(
    {
      name: 'made.log',
      compression: 'none',
      modified: null,
      read(into, at) {
        const count = Math.min(into.length - at, total - made);
        into.fill(byteAt(made), at, at + count);
        if (made === 0) into.write('I1123 22:27:15.478394       1 x:0] ', at, 'latin1');
        made += count;
        most = Math.max(most, taken() - before);
        return count;
      },
      close() {},
    },
    { bulk },
  );
  return { ...reading, most };
}

describe('of a line of 100 MB', () => {
  const MB = 1024 * 1024;
  it.each([
    ['with a newline nowhere', 100 * MB, false],
    ['with a newline nowhere, in bulk', 100 * MB, true],
    ['of a length that no block divides', 100 * MB - 12_345, true],
  ])('%s, in bounded memory', { timeout: 30_000 }, async (_, total, bulk) => {
    const { events, reading, most } = await readMade(total, () => 'µ', bulk);
    expect(reading).toMatchObject({ bytes: total, lines: 1, records: 1, truncated: 1, events: { note: 1 } });
    expect(events[0]).toMatchObject({ offset: 0, line: 1, bytes: total, cut: total - HEAD_BYTES - TAIL_BYTES });
    expect(events[0]?.message.length).toBeLessThanOrEqual(HEAD_BYTES + TAIL_BYTES);
    expect(most).toBeLessThan(48 * MB);
  });

  it('with a newline as its last byte, then another record', async () => {
    const bytes = Buffer.concat([
      Buffer.from('I1123 22:27:15.478394       1 x:0] '),
      Buffer.alloc(3 * MB, 'x'),
      Buffer.from('\nI1123 22:27:15.478395       1 x:0] next\n'),
    ]);
    const { events } = await readSoundly(bytes);
    expect(events).toMatchObject([{ line: 1 }, { line: 2, message: 'next' }]);
  });

  it('keeps head and tail of an exit record, and reads its result', async () => {
    const bytes = Buffer.from(
      `I1123 22:27:15.478394       1 strace.go:599] [   1:   2] a X write(0x1 f, "${'x'.repeat(2 * MB)}", 0x5) = 5 (0x5) (3µs)\n`,
    );
    const { events, rows } = await readAll(sourceOf(bytes), { bulk: true });
    expect(events).toEqual([]);
    expect(rows).toMatchObject([{ name: 'write', elapsed: 3000, tid: 2, tgid: 1 }]);
    const { events: objects } = await readAll(sourceOf(bytes));
    expect(objects).toMatchObject([{ kind: 'syscall-exit', ret: '5', bytes: bytes.length }]);
  });

  it('whose length is that of a whole number of blocks counts as a line', async () => {
    for (const size of [256 * 1024, 512 * 1024]) {
      const bytes = Buffer.alloc(size, 'x');
      holdsEveryByte(bytes, await readAll(sourceOf(bytes)));
      bytes[size - 1] = 10;
      holdsEveryByte(bytes, await readAll(sourceOf(bytes)));
    }
  });
});
