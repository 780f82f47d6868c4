/** Idle notes that nobody wants are passed over in bulk: they are counted, and nothing else changes. */
import { describe, expect, it } from 'vitest';
import { IDLE_NOTES } from '../../grammars/idle.js';
import { recogniseMessage } from '../../grammars/messages.js';
import { LineBytes } from '../../src/events/line-bytes.js';
import { RowWriter } from '../../src/events/row-json.js';
import { SourceStream } from '../../src/events/stream.js';
import { IDLE_BYTES, MAX_IDLE } from '../../src/events/wasm/memory.js';
import { harmlessJson } from '../../src/formats/document.js';
import { eventJson } from '../../src/formats/events.js';
import type { Reading } from '../../src/model/reading.js';
import { builtInSources, loadRules, scan } from '../../src/scan.js';
import { chance, damaged } from '../fuzz/damage.js';
import { sourceOf } from '../tools/byte-source.js';
import { samples } from '../tools/samples.js';
import { SEED } from '../tools/seed.js';

type Read = { readonly lines: readonly string[]; readonly reading: Reading };

/** `hasRows`: trace records are written from their rows, with their lines; else they are counted alone. */
async function read(bytes: Buffer, name: string, passesIdle: boolean, hasRows: boolean): Promise<Read> {
  let text = '';
  const writer = new RowWriter(name, harmlessJson);
  const lines = new LineBytes(1024);
  const stream = new SourceStream(sourceOf(bytes, { name, size: 7_000 }), {
    passesIdle,
    onEvent: (event) => (text += `${eventJson(event)}\n`),
    now: new Date('2026-11-26T00:00:00Z'),
    ...(hasRows
      ? {
          onRows: (batch, place) => {
            writer.write(batch, place, lines);
            text += lines.take().toString();
          },
        }
      : { onBatch: ({ count }) => (text += '-\n'.repeat(count)) }),
  });
  while (await stream.step()) {
    // Each step hands on what it read.
  }
  return { lines: text.split('\n'), reading: stream.reading() };
}

const isIdle = (line: string): boolean =>
  line.startsWith('{"kind":"note"') && IDLE_NOTES.some((text) => line.includes(`] ${text.slice(0, IDLE_BYTES)}`));

/** How many of the notes were passed over. */
async function expectSame(bytes: Buffer, name: string, hasRows: boolean): Promise<number> {
  const [all, rest] = [await read(bytes, name, false, hasRows), await read(bytes, name, true, hasRows)];
  expect(rest.reading, name).toEqual(all.reading);
  if (!hasRows) return all.lines.length - rest.lines.length;
  let at = 0;
  let passed = 0;
  for (const line of all.lines) {
    if (line === rest.lines[at]) at++;
    else if (isIdle(line)) passed++;
    else expect(rest.lines[at], name).toBe(line);
  }
  expect(at, name).toBe(rest.lines.length);
  return passed;
}

describe('idle notes', () => {
  it('begin in ways of their own, and are no sentence that anybody knows', () => {
    expect(IDLE_NOTES.length).toBeLessThanOrEqual(MAX_IDLE);
    expect(new Set(IDLE_NOTES.map((text) => text.slice(0, IDLE_BYTES))).size).toBe(IDLE_NOTES.length);
    for (const text of IDLE_NOTES) {
      expect(text.length).toBeGreaterThanOrEqual(IDLE_BYTES);
      expect(recogniseMessage(`${text}7f3a5c1a2b40)`), text).toBeUndefined();
    }
  });

  it.each([true, false])('are passed over in samples (rows: %s)', async (hasRows) => {
    let passed = 0;
    for (const { name, bytes } of samples()) passed += await expectSame(bytes, name, hasRows);
    expect(passed).toBeGreaterThan(300);
  });

  it('are none of the tracer', async () => {
    const line = (at: number, head: string, message: string): string =>
      `${head[0]}1123 22:27:15.00000${at}       1 ${head.slice(1)}] [   1:   1] ${message}\n`;
    const log = [
      line(1, 'Istrace.go:605', 'app X getpid() = 1 (0x1) (1µs)'),
      line(2, 'Dusertrap.go:9', 'Found the pattern at ip 1'),
      line(3, 'Istrace.go:605', 'app X getpid() = 1 (0x1) (1µs)'),
      line(4, 'Dstrace.go:605', 'Found the pattern at ip 2'),
      line(5, 'Istrace.go:605', 'app X getpid() = 1 (0x1) (1µs)'),
    ].join('');
    expect(await expectSame(Buffer.from(log), 'runsc.log.20261123-222715.000000.boot.txt', false)).toBe(1);
    expect((await read(Buffer.from(log), 'boot.txt', true, false)).reading.truncated).toBe(1);
  });

  it('are passed over in damaged samples', async () => {
    const random = chance(SEED);
    const full = samples().filter(({ bytes }) => bytes.length < 200_000 && bytes.includes('Apply the binary patch'));
    expect(full.length).toBeGreaterThan(3);
    let passed = 0;
    for (let round = 0; round < 100; round++) {
      const { name, bytes } = full[Math.floor(random() * full.length)] as (typeof full)[number];
      passed += await expectSame(damaged(bytes, random), name, true);
    }
    expect(passed).toBeGreaterThan(300);
  }, 60_000);
});

describe('rules', () => {
  const log = (count: number): string =>
    Array.from({ length: count }, (_, index) => [
      `D1123 22:27:15.${String(index).padStart(6, '0')}       1 strace.go:605] [   1:   1] app X getpid() = 1 (0x1) (1µs)`,
      `D1123 22:27:15.${String(index).padStart(6, '0')}       1 usertrap.go:9] [   1:   1] Found the pattern at ip ${index}`,
    ])
      .flat()
      .join('\n');
  const finds = async (when: string): Promise<number> => {
    const text = `rules:\n  - id: own\n    title: Own\n    severity: low\n    message: own\n    on: line\n    when: ${when}\n`;
    const input = (async function* () {
      yield Buffer.from(log(50));
    })();
    const { report } = await scan(input, { rules: [{ name: 'own.yaml', text }], onlyOwn: true, inputFormat: 'glog' });
    return report.findings[0]?.count ?? 0;
  };

  it('that may look at notes get them all', async () => {
    expect(await finds('message contains "Found the pattern"')).toBe(50);
    expect(await finds('kind == note and message contains "pattern"')).toBe(50);
    expect(await finds('kind != warning')).toBe(50);
  });

  it('that are built in do not ask for them, and none fires at them', async () => {
    const book = await loadRules({});
    expect(book.wantsIdle).toBe(false);
    expect(book.index.events.get('line')?.length).toBeGreaterThan(2);
    const own = await builtInSources();
    const input = (async function* () {
      for (const text of IDLE_NOTES)
        yield Buffer.from(`D1123 22:27:15.000001       1 x.go:9] [   1:   1] ${text}7f3a5c1a2b40)\n`);
    })();
    const { report } = await scan(input, { rules: own, onlyOwn: true, inputFormat: 'glog' });
    expect(report.reading[0]?.events.note).toBe(IDLE_NOTES.length);
    expect(report.findings).toEqual([]);
  });
});
