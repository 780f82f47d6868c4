/** The summary's own conclusions: where the time goes that matters, and which errors are no sign of trouble. */
import { describe, expect, it } from 'vitest';
import { BINS, binOf } from '../../src/analyzers/syscall-usage.js';
import { whyNormal } from '../../src/knowledge/normal-errors.js';
import { classOf, SYSCALL_CLASSES } from '../../src/knowledge/syscall-classes.js';
import { slowestOf } from '../../src/report/slowest.js';
import { latencyOf } from '../../src/report/latency.js';
import { summarize } from '../../src/summarize.js';

function bins(times: readonly (readonly [number, number])[]): Float64Array {
  const all = new Float64Array(BINS);
  for (const [nanos, calls] of times) all[binOf(nanos)] = (all[binOf(nanos)] ?? 0) + calls;
  return all;
}

describe('the slowest calls', () => {
  it('are the smallest part that takes half of the time', () => {
    const found = slowestOf(
      bins([
        [1_000, 9_990],
        [2_000_000, 10],
      ]),
    );
    expect(found?.calls).toBe(10);
    expect(found?.share_of_time).toBeCloseTo(0.667, 1);
    expect(
      slowestOf(
        bins([
          [1_000, 9_900],
          [1_000_000, 100],
        ]),
      )?.share_of_calls,
    ).toBe(0.01);
  });
  it('are none where the time is spread, or the calls are few', () => {
    expect(slowestOf(bins([[1_000, 5_000]]))).toBeNull();
    expect(slowestOf(bins([[1_000_000, 50]]))).toBeNull();
  });
});

it('a bucket of latencies holds what is below the next power of two', () => {
  const counts = new Uint32Array(BINS);
  for (const nanos of [0, 1023, 1024, 2047, 2048, 5e9]) counts[binOf(nanos)] = (counts[binOf(nanos)] ?? 0) + 1;
  expect(latencyOf(counts)).toEqual([
    { from_ns: 0, calls: 1 },
    { from_ns: 512, calls: 1 },
    { from_ns: 1024, calls: 2 },
    { from_ns: 2048, calls: 1 },
    { from_ns: 2 ** 32, calls: 1 },
  ]);
});

describe('knowledge of syscalls', () => {
  it('puts each into one class', () => {
    const all = SYSCALL_CLASSES.flatMap(({ calls }) => calls);
    expect(all.length).toBe(new Set(all).size);
    expect(classOf('sys_999')).toBe('other');
  });
  it('tells a look-up from trouble', () => {
    expect(whyNormal('ENOENT', 'openat')).toContain('libraries');
    expect(whyNormal('ENOENT', 'mount')).toBeUndefined();
    expect(whyNormal('EACCES', 'openat')).toBeUndefined();
    expect(whyNormal('ECONNREFUSED', 'connect')).toBeUndefined();
  });
});

it('the parts of working time add up to one, and waiting stands apart', async () => {
  const { report } = await summarize('samples/release-20221219/healthy-pipeline');
  const shares = report.syscalls.reduce((sum, row) => sum + (row.working_share ?? 0), 0);
  expect(shares).toBeCloseTo(1);
  expect(report.syscalls.find(({ name }) => name === 'wait4')?.working_share).toBe(0);
  // the processes know the same from their own reading of the arguments
  const waited = (report.processes ?? []).reduce((sum, row) => sum + row.waiting_ns, 0);
  expect(report.totals.waiting_ns).toBe(waited);
  expect(report.classes.reduce((sum, row) => sum + row.calls, 0)).toBe(report.totals.calls);
});
