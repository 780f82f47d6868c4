/** The table of syscalls: the same counts from columns as from events, right quantiles, and calls that never came back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binOf,
  errnosByName,
  percentile,
  syscallUsage,
  valueOf,
  type SyscallUsage,
  type Usage,
} from '../../src/analyzers/syscall-usage.js';
import type { Batch } from '../../src/model/analyzer.js';
import { isRestart, type LogEvent } from '../../src/model/event.js';
import { analyze } from '../../src/pipeline.js';
import { chance, damaged } from '../fuzz/damage.js';
import { readAll, sourceOf, type Row } from '../tools/byte-source.js';
import { samples } from '../tools/samples.js';
import { SEED } from '../tools/seed.js';

/** What a reader of events, one by one, would count. */
function counted(events: readonly LogEvent[]) {
  const usages = new Map<string, ReturnType<typeof empty>>();
  const empty = (name: string) => ({
    name,
    calls: 0,
    errors: 0,
    restarts: 0,
    unfinished: 0,
    errnos: {} as Record<string, number>,
    times: [] as number[],
  });
  const of = (name: string): ReturnType<typeof empty> => {
    const usage = usages.get(name) ?? empty(name);
    usages.set(name, usage);
    return usage;
  };
  const open = new Map<number, string>();
  for (const event of events) {
    if (event.repeated === true) continue;
    if (event.kind === 'syscall-enter') {
      const before = open.get(event.task.tid);
      if (before !== undefined) of(before).unfinished++;
      open.set(event.task.tid, event.name);
      of(event.name);
    } else if (event.kind === 'syscall-exit') {
      const before = open.get(event.task.tid);
      if (before !== undefined && before !== event.name) of(before).unfinished++;
      open.delete(event.task.tid);
      const usage = of(event.name);
      usage.calls++;
      usage.times.push(event.duration_ns);
      if (isRestart(event.errno)) usage.restarts++;
      else if (event.errno !== null && event.errno !== 0) {
        usage.errors++;
        usage.errnos[event.errno] = (usage.errnos[event.errno] ?? 0) + 1;
      }
    }
  }
  for (const name of open.values()) of(name).unfinished++;
  return [...usages.values()].filter(({ calls, unfinished }) => calls > 0 || unfinished > 0);
}

/** Folds rows, as the bulk path hands them on. */
function folded(rows: readonly Row[], blockRows = 4096): Usage {
  const fold = syscallUsage.start();
  fold.sourceStarts?.('rows');
  const names = [...new Set(rows.map(({ name }) => name))];
  for (let at = 0; at < rows.length; at += blockRows) {
    const block = rows.slice(at, at + blockRows);
    const batch: Batch = {
      count: block.length,
      isExit: Uint8Array.from(block, ({ isExit }) => Number(isExit)),
      name: Int32Array.from(block, ({ name }) => names.indexOf(name)),
      errno: Int32Array.from(block, ({ errno }) => errno),
      elapsed: Float64Array.from(block, ({ elapsed }) => elapsed),
      tgid: Int32Array.from(block, ({ tgid }) => tgid),
      tid: Int32Array.from(block, ({ tid }) => tid),
      second: new Int32Array(block.length).fill(-1),
      bytes: new Int32Array(block.length),
      names,
      texts: null,
    };
    fold.seeBatch?.(batch);
  }
  fold.sourceEnds?.('rows', false);
  return fold.finish(new Set());
}

const byName = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** Both ways of counting agree, times and quantiles included. */
function agree(usage: Usage, events: readonly LogEvent[]): void {
  const expected = byName(counted(events));
  const found = byName(usage.syscalls).map(({ name, calls, errors, restarts, unfinished, errnos, total }) => ({
    name,
    calls,
    errors,
    restarts,
    unfinished,
    total,
    errnos: Object.fromEntries(errnos),
  }));
  expect(found).toEqual(
    expected.map(({ times, ...counts }) => ({ ...counts, total: times.reduce((sum, time) => sum + time, 0) })),
  );
  for (const [index, row] of byName(usage.syscalls).entries()) hasQuantilesOf(row, expected[index]?.times ?? []);
  expect(usage.calls).toBe(expected.reduce((sum, { calls }) => sum + calls, 0));
}

function hasQuantilesOf(row: SyscallUsage, times: readonly number[]): void {
  if (times.length === 0) return;
  const sorted = times.toSorted((a, b) => a - b);
  expect(row.min).toBe(sorted[0]);
  expect(row.max).toBe(sorted.at(-1));
  for (const percent of [1, 50, 90, 95, 99, 100]) {
    const exact = sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length)) - 1] as number;
    const found = percentile(row, percent);
    if (Math.abs(found - exact) > exact / 16) expect(found, `${row.name} p${percent}`).toBeCloseTo(exact);
  }
}

describe('usage', () => {
  it('of every sample is what its events say', async () => {
    let calls = 0;
    for (const { name, bytes } of samples()) {
      const whole = await readAll(sourceOf(bytes, { name }));
      if (whole.reading.events['syscall-exit'] === undefined) continue;
      const bulk = await readAll(sourceOf(bytes, { name }), { bulk: true });
      const usage = folded(bulk.rows);
      agree(usage, whole.events);
      calls += usage.calls;
    }
    expect(calls).toBeGreaterThan(3000);
  });

  it('of damaged samples, too', async () => {
    const traces = samples().filter(({ name, bytes }) => name.includes('boot') && bytes.length > 40_000);
    for (let round = 0; round < 40; round++) {
      const random = chance(SEED + round);
      const { bytes } = traces[Math.floor(random() * traces.length)] ?? { bytes: Buffer.alloc(0) };
      const broken = damaged(bytes.subarray(Math.max(0, bytes.length - 40_000)), random);
      const whole = await readAll(sourceOf(broken));
      const bulk = await readAll(sourceOf(broken), { bulk: true });
      agree(folded(bulk.rows, 7), whole.events);
    }
  });

  it('by way of the pipeline is the same', async () => {
    for (const { name, bytes } of samples().filter(
      (one) => /healthy-(?:pipeline|threads|pod|json)\//.test(one.name) && one.name.includes('boot'),
    )) {
      const whole = await readAll(sourceOf(bytes, { name }));
      const chunks = (async function* () {
        yield bytes;
      })();
      const { products, readings } = await analyze(chunks, { usage: syscallUsage });
      agree(products.usage, whole.events);
      expect(readings[0]?.events).toEqual(whole.reading.events);
    }
  });

  const row = (isExit: boolean, name: string, tid: number, errno = 0, elapsed = 0): Row => ({
    isExit,
    name,
    errno,
    elapsed,
    tgid: 1,
    tid,
  });
  it('counts a call as unfinished that has no exit: at the end, before another, and under odd ids', () => {
    const rows = [
      row(false, 'read', 1),
      row(false, 'write', 1),
      row(true, 'write', 1),
      row(false, 'poll', 2),
      row(true, 'close', 2),
      row(true, 'open', 3),
      row(false, 'futex', 2_000_000),
      row(false, 'futex', 2_000_000),
      row(false, 'exit', 5000),
    ];
    const unfinished = Object.fromEntries(folded(rows).syscalls.map((usage) => [usage.name, usage.unfinished]));
    expect(unfinished).toEqual({ read: 1, write: 0, poll: 1, close: 0, open: 0, futex: 2, exit: 1 });
  });

  it('keeps restarts apart from errors', () => {
    const rows = [0, 4, 512, 513, 514, 515, 516, 517, 4].map((errno) => row(true, 'read', 1, errno, 5));
    expect(folded(rows).syscalls[0]).toMatchObject({
      calls: 9,
      errors: 3,
      restarts: 5,
      total: 45,
      errnos: new Map([
        [4, 2],
        [517, 1],
      ]),
    });
  });

  it('names errnos, most frequent first', () => {
    expect(
      Object.entries(
        errnosByName(
          new Map([
            [2, 1],
            [11, 5],
            [13, 1],
          ]),
        ),
      ),
    ).toEqual([
      ['EAGAIN', 5],
      ['ENOENT', 1],
      ['EACCES', 1],
    ]);
  });
});

const nanos = fc.oneof(
  fc.nat(40),
  fc.nat(2 ** 31 - 1),
  fc.integer({ min: 2 ** 31 - 20, max: 2 ** 31 + 20 }),
  fc.maxSafeNat(),
);

describe('bins', () => {
  it('hold each duration within one part in 16, and rise with it', () => {
    fc.assert(
      fc.property(nanos, nanos, (a, b) => {
        expect(Math.abs(valueOf(binOf(a)) - a)).toBeLessThanOrEqual(a / 16);
        if (a <= b) expect(binOf(a)).toBeLessThanOrEqual(binOf(b));
      }),
    );
  });
  it('are exact below 16 and meet at the powers of two', () => {
    for (let n = 0; n < 16; n++) expect(valueOf(binOf(n))).toBe(n);
    for (let power = 4; power < 53; power++) {
      expect(binOf(2 ** power), `2^${power}`).toBe(binOf(2 ** power - 1) + 1);
      expect(binOf(2 ** power + 2 ** (power - 4) - 1)).toBe(binOf(2 ** power));
    }
  });
});

describe('percentiles', () => {
  it('are the nearest rank, within one part in 16', () => {
    fc.assert(
      fc.property(fc.array(nanos, { minLength: 1, maxLength: 200 }), (times) => {
        const rows = times.map((elapsed): Row => ({ isExit: true, name: 'read', errno: 0, elapsed, tgid: 1, tid: 1 }));
        const [usage] = folded(rows).syscalls;
        if (usage !== undefined) hasQuantilesOf(usage, times);
        expect(usage?.calls).toBe(times.length);
      }),
    );
  });
});
