/** The records behind the numbers: the slowest, with their places, whatever order they come in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterOf } from '../../src/filter.js';
import { summarize } from '../../src/summarize.js';

const chunks = (text: string): AsyncIterable<Buffer> =>
  (async function* () {
    yield Buffer.from(text);
  })();
const record = (call: string, nanos: number, result = '0 (0x0)'): string =>
  `I1123 22:01:14.834607   11 strace.go:605] [   1:   2] sh X ${call} = ${result} (${nanos}ns)\n`;

describe('the slowest records', () => {
  it('are those of a sorted list, equals in the order of the log', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        async (times, show) => {
          const text = times.map((nanos) => record('getpid()', nanos)).join('');
          const { report } = await summarize(chunks(text), { show });
          const expected = times
            .map((nanos, index) => ({ nanos, line: index + 1 }))
            .toSorted((a, b) => b.nanos - a.nanos || a.line - b.line)
            .slice(0, show);
          expect(report.shown?.records.map(({ line, duration_ns }) => ({ nanos: duration_ns, line }))).toEqual(
            expected,
          );
          expect(report.shown?.calls).toBe(times.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('hold place, task, call and result', async () => {
    const text = record('open(0x7f /absent, O_RDONLY, 0o0)', 5, '-1 errno=2 (no such file or directory)');
    const { report } = await summarize(chunks(text), { show: 1 });
    expect(report.shown?.records).toMatchObject([
      {
        source: '-',
        line: 1,
        syscall: 'open',
        tgid: 1,
        tid: 2,
        comm: 'sh',
        duration_ns: 5,
        errno: 'ENOENT',
        call: 'open(0x7f /absent, O_RDONLY, 0o0) = -1 ENOENT',
      },
    ]);
    expect(report.shown?.records[0]?.time).toContain('22:01:14.834607');
  });

  const mixed = [
    record('wait4(0x1, 0x7f, 0x0, 0x0)', 900),
    record('read(0x3 pipe:[1], 0x7f "", 0x1)', 800),
    record('read(0x3 /etc/passwd, 0x7f "", 0x1)', 7),
    record('futex(0x7f12, FUTEX_WAIT, 0x0, null)', 600),
    record('futex(0x7f12, FUTEX_WAKE, 0x1)', 5),
  ].join('');
  it('leave out what waits by design, unless a filter asks for it', async () => {
    const { report } = await summarize(chunks(mixed), { show: 9 });
    expect(report.shown?.records.map(({ line }) => line)).toEqual([3, 5]);
    const filter = await filterOf({ syscall: 'wait4,read' });
    const filtered = await summarize(chunks(mixed), { show: 9, ...(filter && { where: filter.passes }) });
    expect(filtered.report.shown?.records.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(filtered.report.shown?.of).toBe('matching');
  });

  it('agree with the table: all of them are as many, and take as long', async () => {
    const { report } = await summarize('samples/release-20221219/healthy-pipeline', { show: 1000 });
    const { totals, shown } = report;
    expect(shown?.records.reduce((sum, row) => sum + (row.duration_ns ?? 0), 0)).toBe(
      totals.total_ns - (totals.waiting_ns ?? 0),
    );
  });

  it('of forged records none is shown, though the log is read again to know them', async () => {
    const { report } = await summarize('samples/release-20240729/forged-text', { show: 1000 });
    const waits = report.syscalls.reduce((sum, row) => sum + (row.waiting_calls ?? 0), 0);
    expect(report.shown?.calls).toBe(report.totals.calls - waits);
    const places = report.shown?.records.map(({ source, line }) => `${source}:${line}`) ?? [];
    expect(new Set(places).size).toBe(places.length);
  });
});

it('a filter that lets nothing pass tells what there was', async () => {
  const filter = await filterOf({ errno: 'EDOM' });
  const { report } = await summarize(chunks(mixedErrors), { ...(filter && { where: filter.passes }) });
  expect(report.totals.calls).toBe(0);
  expect(report.unfiltered).toEqual({ calls: 3, syscalls: { open: 2, getpid: 1 }, errnos: { ENOENT: 2 } });
});
it('and counts no call that did not return', async () => {
  const trace = 'openat(AT_FDCWD, "/a", O_RDONLY) = 3\nread(3, "", 9) = 0\nclose(3) = 0\nexit_group(0) = ?\n';
  const filter = await filterOf({ errno: 'EDOM' });
  const { report } = await summarize(chunks(trace), { ...(filter && { where: filter.passes }) });
  expect(report.unfiltered?.calls).toBe(3);
});
const mixedErrors = [
  record('open(0x7f /absent, O_RDONLY, 0o0)', 5, '-1 errno=2 (no such file or directory)'),
  record('open(0x7f /absent, O_RDONLY, 0o0)', 5, '-1 errno=2 (no such file or directory)'),
  record('getpid()', 5),
].join('');
