/** Records that were written twice, in one file (builds of 2018) and in two (`--log` beside `--debug-log`): counted once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syscallUsage } from '../../src/analyzers/syscall-usage.js';
import { Twins } from '../../src/events/twins.js';
import { analyze } from '../../src/pipeline.js';
import { summarize } from '../../src/summarize.js';
import { eventsOf } from '../tools/byte-source.js';
import { readSoundly } from './conservation.js';

const record = (second: number, message: string, site = 'x:0'): string =>
  `I1123 22:27:${`${second}`.padStart(2, '0')}.478394       1 ${site}] ${message}\n`;

const calls = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => [
    record(index % 60, `[   1] sh E read(0x${index.toString(16)})`),
    record(index % 60, `[   1] sh X read(0x${index.toString(16)}) = 0x1 (${index + 1}µs)`),
  ]).flat();

const banner = [
  record(0, '***************************'),
  record(0, 'Args: [runsc boot]'),
  record(0, 'Git Revision: adf8138e069'),
  record(0, '***************************'),
];

const twice = (records: readonly string[]): string => records.flatMap((text) => [text, text]).join('');

describe('a file that holds each record twice', () => {
  it('is read whole, and counted once', async () => {
    const bytes = Buffer.from(twice(calls(20)));
    const { events, reading } = await readSoundly(bytes);
    expect(events).toHaveLength(80);
    expect(events.filter(({ repeated }) => repeated === true)).toHaveLength(40);
    expect(reading).toMatchObject({ repeated: 40, records: 80, events: { 'syscall-enter': 40, 'syscall-exit': 40 } });
  });

  it('is known as such in chunks of any size', async () => {
    const bytes = Buffer.from(twice(calls(20)));
    for (const size of [1, 100, 1000]) expect((await readSoundly(bytes, { size })).reading.repeated).toBe(40);
  });

  it('may have a few records that other threads parted', async () => {
    const parts = calls(30).flatMap((text) => [text, text]);
    [parts[40], parts[41], parts[42]] = [parts[40] ?? '', parts[42] ?? '', parts[41] ?? ''];
    expect((await readSoundly(Buffer.from(parts.join('')))).reading.repeated).toBe(60);
  });

  it('is none where a single record repeats, where call sites are real, or where there is next to nothing', async () => {
    const [first = '', ...others] = calls(20);
    expect((await readSoundly(Buffer.from([first, first, ...others].join('')))).reading.repeated).toBe(0);
    const real = twice(calls(20)).replaceAll(' x:0]', ' strace.go:599]');
    expect((await readSoundly(Buffer.from(real))).reading.repeated).toBe(0);
    expect((await readSoundly(Buffer.from(twice(calls(1))))).reading.repeated).toBe(0);
  });
});

it('a third copy is the first of another pair', () => {
  const twins = new Twins();
  expect(['a', 'a', 'a', 'a', 'b', 'a', 'b'].map((text) => twins.isSecond(text))).toEqual([
    false,
    true,
    false,
    true,
    false,
    false,
    true,
  ]);
  const long = 'x'.repeat(10_000);
  expect([twins.isSecond(long), twins.isSecond(`${long}y`), twins.isSecond(long)]).toEqual([false, false, true]);
});

describe('two files of which one is a copy', () => {
  let folder = '';
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'twins-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const json = (text: string): string => {
    const [, clock = '', message = ''] = /^I1123 (\S+) +1 x:0\] (.*)\n$/.exec(text) ?? [];
    return `${JSON.stringify({ msg: message, level: 'info', time: `2018-11-23T${clock}123Z` })}\n`;
  };

  it.each([
    ['text', (text: string) => text],
    ['JSON', json],
  ])('count once, the copy being %s of all commands', async (_, copied) => {
    const trace = calls(40);
    const debug = write('boot.log', [...banner, ...trace].join(''));
    const log = write('all.log', [...banner, ...banner, ...banner, ...trace].map(copied).join(''));
    for (const paths of [
      [debug, log],
      [log, debug],
    ]) {
      const { products, readings } = await analyze(paths, { usage: syscallUsage });
      expect(products.usage.calls).toBe(40);
      expect(readings.find(({ source }) => source === log)?.repeats).toBe(debug);
      expect(readings.find(({ source }) => source === debug)?.repeats).toBeUndefined();
    }
    const { products } = await analyze([log], { usage: syscallUsage });
    expect(products.usage.calls).toBe(40);
  });

  it('name their files once', async () => {
    const trace = calls(40).map((line) => line.replace('read(0x', 'stat(0x7f /etc/passwd, 0x'));
    const debug = write('boot.log', [...banner, ...trace].join(''));
    const log = write('all.log', [...banner, ...banner, ...trace].join(''));
    for (const paths of [[debug], [debug, log], [log, debug]]) {
      const { report } = await summarize(paths);
      expect(report.files).toMatchObject([{ path: '/etc/passwd', calls: 40 }]);
    }
  });

  it('count both where they are two runs', async () => {
    const one = write('one.log', calls(40).join(''));
    const two = write('two.log', calls(40).join('').replaceAll('.478394', '.999999'));
    expect((await analyze([one, two], { usage: syscallUsage })).products.usage.calls).toBe(80);
  });
});

it('the second copy takes part in no event of the contract but its own', async () => {
  const { events } = await eventsOf(twice(calls(10)));
  for (const event of events) expect(event.repeated === true || event.repeated === undefined).toBe(true);
});
