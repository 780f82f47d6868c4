/** What `events` writes of rows is what it writes of their events. */
import { expect, it } from 'vitest';
import type { Carrier } from '../../src/events/carriers.js';
import { LineBytes } from '../../src/events/line-bytes.js';
import { RowWriter } from '../../src/events/row-json.js';
import { SourceStream } from '../../src/events/stream.js';
import { harmlessJson } from '../../src/formats/document.js';
import { eventJson } from '../../src/formats/events.js';
import { chance, damaged } from '../fuzz/damage.js';
import { samples } from '../tools/samples.js';
import { SEED } from '../tools/seed.js';
import { sourceOf } from '../tools/byte-source.js';

type Lines = { readonly text: string; readonly rows: number };

/** Reads as often as carriers of forged records are found too late, as the pipeline does by reading ahead. */
async function linesOf(bytes: Buffer, name: string, isBulk: boolean): Promise<Lines> {
  const carriers = new Map<number, Carrier>();
  for (;;) {
    const { late, ...lines } = await readOnce(bytes, name, isBulk, carriers);
    if (late.length === 0) return lines;
    for (const carrier of late) carriers.set(carrier.offset, carrier);
  }
}

async function readOnce(
  bytes: Buffer,
  name: string,
  isBulk: boolean,
  carriers: ReadonlyMap<number, Carrier>,
): Promise<Lines & { readonly late: readonly Carrier[] }> {
  let text = '';
  let rows = 0;
  const writer = new RowWriter(name, harmlessJson);
  const lines = new LineBytes(1024);
  const stream = new SourceStream(sourceOf(bytes, { name }), {
    carriers,
    onEvent: (event) => (text += `${eventJson(event)}\n`),
    now: new Date('2026-11-26T00:00:00Z'),
    ...(isBulk
      ? {
          onRows: (batch, place) => {
            rows += batch.count;
            writer.write(batch, place, lines);
            text += lines.take().toString();
          },
        }
      : {}),
  });
  while (await stream.step()) {
    // Each step hands on what it read.
  }
  return { text, rows, late: stream.lateCarriers };
}

async function expectSame(bytes: Buffer, name: string): Promise<number> {
  const bulk = await linesOf(bytes, name, true);
  const single = await linesOf(bytes, name, false);
  if (bulk.text !== single.text) expect(bulk.text.split('\n'), name).toEqual(single.text.split('\n'));
  return bulk.rows;
}

it('of every sample, in order, with lines and offsets', async () => {
  let rows = 0;
  for (const { name, bytes } of samples()) rows += await expectSame(bytes, name);
  expect(rows).toBeGreaterThan(5000);
}, 120_000);

it('of damaged samples', async () => {
  const random = chance(SEED);
  const small = samples().filter(({ bytes }) => bytes.length > 5_000 && bytes.length < 200_000);
  let rows = 0;
  for (let round = 0; round < 120; round++) {
    const { name, bytes } = small[Math.floor(random() * small.length)] as (typeof small)[number];
    rows += await expectSame(damaged(bytes, random), `${name}, round ${round} of seed ${SEED}`);
  }
  expect(rows).toBeGreaterThan(500);
}, 120_000);

const record = (stamp: string, call: string, letter = 'D'): string =>
  `${letter}${stamp}    4383 strace.go:605] ${call}\n`;

it('of odd bytes, old results, nested ids, levels and a year that turns', async () => {
  const calls = [
    '[   1:   1] sh X write(0x1 /srv/\u0001\u001b[31m"\\\u007f, ..., 0x2) = 2 (0x2) (1.5µs)',
    '[   3(   2):   4(   3)] app X close(0x3 /é) = 0 (0x0) errno=9 (bad file number) (1h2m3s)',
    '[   1] sleep X nanosleep(0x7ed5, 0x0) = 0xffffffffffffffff errno=516 (interrupted by signal) (659.7ms)',
    '[   1:   2] app X openat(AT_FDCWD /srv, 0x55d0 nope, O_RDONLY|0x0, 0o0) = -1 errno=2 (no such file) (1.7µs)',
    '[   1:   1]  a b  E getpid()',
    '[   1:   1] sh E read(0x0 host:[1], 0x7f, 0x10)',
    '[   1:   1] sh X unlink(0x7f /\u009b31m\u202e) = 0 (0x0) (2ms)',
  ];
  const stamps = ['1231 23:59:59.999999', '0101 00:00:00.000001', '1231 23:59:59.000000', '0102 00:00:01.000001'];
  const text = stamps
    .flatMap((stamp) => calls.map((call, index) => record(stamp, call, index % 2 === 0 ? 'D' : 'I')))
    .join(`${record('0102 00:00:01.500000', 'no call', 'W')}`);
  const bytes = Buffer.concat([
    Buffer.from(text),
    Buffer.from(record('0102 00:00:02.000000', '[   1:   1] sh X unlink(0x7f /\xff\xfe) = 0 (0x0) (1ns)'), 'latin1'),
    Buffer.from(text.repeat(50)),
    Buffer.from(record('0102 00:00:03.000000', '[   1:   1] sh E pause()')),
  ]);
  expect(await expectSame(bytes, 'odd "name".txt')).toBeGreaterThan(100);
});

it('lets nothing of a name act on a terminal', async () => {
  const bytes = Buffer.from(
    record('1123 22:49:16.171857', '[   1:   1] sh X unlink(0x7f /\u009b31m\u202e) = 0 (0x0) (2ms)').repeat(3),
  );
  const { text, rows } = await linesOf(bytes, 'a', true);
  expect(rows).toBeGreaterThan(0);
  expect(text).toContain('\\u009b31m\\u202e');
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u007f-\u009f\u202e]/);
});
