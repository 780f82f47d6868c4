/** Threads, containers and seconds: tables with analyzers of their own. */
import { describe, expect, it } from 'vitest';
import { seconds } from '../../src/analyzers/seconds.js';
import type { Batch } from '../../src/model/analyzer.js';
import { timeLineOf } from '../../src/report/time-line.js';
import { summarize } from '../../src/summarize.js';

const chunks = (text: string): AsyncIterable<Buffer> =>
  (async function* () {
    yield Buffer.from(text);
  })();
const record = (clock: string, task: string, call: string, time = '2µs'): string =>
  `I1123 ${clock}   11 strace.go:605] [${task}] sh X ${call} = 0 (0x0) (${time})\n`;

describe('threads', () => {
  it('add up to their processes, in every sample that has some', async () => {
    const { report } = await summarize('samples/release-20240729/healthy-threads', { by: ['thread'] });
    const threads = report.threads ?? [];
    for (const process of report.processes ?? []) {
      const own = threads.filter((row) => 'tid' in row && row.source === process.source && row.tgid === process.tgid);
      expect(own.length).toBe(process.threads);
      for (const field of ['calls', 'errors', 'total_ns', 'waiting_ns'] as const)
        expect(own.reduce((sum, row) => sum + row[field], 0)).toBe(process[field]);
    }
    expect(threads.length).toBeGreaterThan(report.processes?.length ?? 0);
  });
  it('are not there unless they are asked for', async () => {
    const { report } = await summarize('samples/release-20240729/healthy-threads');
    expect(report).not.toHaveProperty('threads');
    expect(report).not.toHaveProperty('seconds');
    expect(report).not.toHaveProperty('containers');
  });
});

describe('containers', () => {
  it('of a pod have what was started in them, and what that forked', async () => {
    const { report } = await summarize('samples/release-20240729/healthy-pod', { by: ['container'] });
    const rows = (report.containers ?? []).map(({ container, processes, exit }) => [container, processes, exit]);
    expect(rows).toEqual([
      ['pod', 2, { signal: 'SIGKILL' }],
      ['api', 1, { status: 0 }],
    ]);
    const calls = report.containers?.reduce((sum, row) => sum + row.calls, 0);
    expect(calls).toBe(report.totals.calls);
  });
  it('keep what their processes fork after another one was started', async () => {
    const order = (call: string, container: string): string =>
      `D1123 22:01:14.000000   11 controller.go:253] containerManager.${call}, cid: ${container}\n`;
    const at = (task: string, call: string, result = '0 (0x0)'): string =>
      record('22:01:14.834607', task, call).replace('0 (0x0)', result);
    const text = [
      order('StartRoot', 'pod'),
      at('   1:   1', 'getpid()'),
      order('StartSubcontainer', 'api'),
      at('   2:   2', 'getpid()'),
      at('   1:   1', 'fork()', '3 (0x3)'),
      at('   3:   3', 'getpid()'),
    ].join('');
    const { report } = await summarize(chunks(text), { by: ['container'] });
    const rows = (report.containers ?? []).map(({ container, processes, calls }) => [container, processes, calls]);
    expect(rows.toSorted()).toEqual([
      ['api', 1, 1],
      ['pod', 2, 3],
    ]);
  });
  it('that the log does not name are one without a name', async () => {
    const text = record('22:01:14.834607', '   1:   1', 'getpid()');
    const { report } = await summarize(chunks(text), { by: ['container'] });
    expect(report.containers?.map(({ container, calls }) => [container, calls])).toEqual([[null, 1]]);
  });
});

describe('seconds', () => {
  it('count what came back in each, by the clock of the log, also past midnight', async () => {
    const text = [
      record('23:59:58.100000', '   1:   1', 'getpid()', '5ms'),
      record('23:59:58.900000', '   1:   1', 'wait4(0x1, 0x7f, 0x0, 0x0)', '1s'),
      record('00:00:01.000000', '   1:   1', 'getuid()', '7µs'),
    ].join('');
    const { report } = await summarize(chunks(text), { by: ['second'] });
    expect(report.seconds).toEqual({
      width: 1,
      timeless: 0,
      spans: [
        {
          time: '23:59:58',
          after: 0,
          calls: 2,
          errors: 0,
          total_ns: 1_005_000_000,
          waiting_ns: 1e9,
          busiest: 'getpid',
        },
        { time: '+1d 00:00:01', after: 3, calls: 1, errors: 0, total_ns: 7000, waiting_ns: 0, busiest: 'getuid' },
      ],
    });
  });

  /** A call in each of so many seconds. */
  function folded(count: number, step: number): ReturnType<typeof timeLineOf> {
    const fold = seconds.start();
    fold.sourceStarts?.('rows');
    for (let at = 0; at < count; at++) {
      const batch: Batch = {
        count: 1,
        isExit: Uint8Array.of(1),
        name: Int32Array.of(0),
        errno: Int32Array.of(0),
        elapsed: Float64Array.of(1),
        tgid: Int32Array.of(1),
        tid: Int32Array.of(1),
        second: Int32Array.of((at * step) % 86_400),
        bytes: Int32Array.of(1),
        names: ['getpid'],
        texts: null,
      };
      fold.seeBatch?.(batch);
    }
    fold.sourceEnds?.('rows', false);
    return timeLineOf(fold.finish(new Set()));
  }
  it('become longer spans where the log is long, and lose no call', () => {
    const line = folded(20_000, 60);
    expect(line.spans.length).toBeLessThanOrEqual(4096);
    expect(line.width).toBe(512);
    expect(line.spans.reduce((sum, { calls }) => sum + calls, 0)).toBe(20_000);
    expect(line.spans.at(-1)?.time).toMatch(/^\+13d /);
    expect(folded(10, 1).width).toBe(1);
  });
});

describe('a histogram', () => {
  it('holds every call of its syscall, and rises to one', async () => {
    const { report } = await summarize('samples/release-20221219/healthy-pipeline', { histogram: 'read' });
    const { histogram, syscalls } = report;
    const row = syscalls.find(({ name }) => name === 'read');
    expect(histogram?.bins.reduce((sum, { calls }) => sum + calls, 0)).toBe(row?.calls);
    expect(histogram?.bins.reduce((sum, { waiting }) => sum + waiting, 0)).toBe(row?.waiting_calls);
    expect(histogram?.bins.at(-1)?.cumulative).toBe(1);
    for (const { from_ns, to_ns } of histogram?.bins ?? [])
      expect(to_ns - from_ns).toBeLessThanOrEqual(from_ns / 16 + 1);
  });
  it('of all holds all calls; of a call that is not there none', async () => {
    const of = async (histogram: string) =>
      (await summarize('samples/release-20221219/healthy-pipeline', { histogram })).report;
    const all = await of('all');
    expect(all.histogram?.bins.reduce((sum, { calls }) => sum + calls, 0)).toBe(all.totals.calls);
    expect((await of('mount')).histogram).toEqual({ name: 'mount', calls: 0, bins: [] });
  });
});
