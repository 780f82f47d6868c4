/** What is merged is what one run gives: any split of the logs into pieces, in any order, over any tree of merges. */
import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PartialReport } from '../../src/model/partial.js';
import type { SummaryReport } from '../../src/model/report.js';
import { compileCondition } from '../../src/expressions/compile.js';
import { nearest } from '../../src/nearest.js';
import { summarize, summarizePartially } from '../../src/summarize.js';
import { SAMPLES_FOLDER } from '../tools/samples.js';
import { chunks, exit, inTree, partialOf, reportOf, summed } from './merging.js';

/** Without what only a merge has to say, and without the order of the readings, which is that of the logs. */
function comparable(report: SummaryReport): unknown {
  const { merged, reading, ...rest } = JSON.parse(JSON.stringify(report)) as SummaryReport;
  void merged;
  return { ...rest, reading: reading.toSorted((a, b) => (a.source < b.source ? -1 : 1)) };
}

/** The logs of all samples, compressed ones and empty ones, too. */
const LOGS = readdirSync(SAMPLES_FOLDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(?:txt|gz|log|strace)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .toSorted();

const BY = ['thread', 'container', 'second'] as const;
const ASKED = { by: BY, histogram: 'all' };

/** Logs of all kinds: text and JSON, pods and threads, bytes that are no text, and strace(1) with and without times. */
const KINDS_OF_LOGS =
  /healthy-(?:text|pod|threads|json|json-k8s|pipeline)\/|weird-bytes|forged|connection-refused|native\/(?:tasks|plain|relative|both)-7/;

describe('one run over several logs', () => {
  const paths = LOGS.filter((path) => KINDS_OF_LOGS.test(path));
  let whole: unknown;
  let pieces: ReadonlyMap<string, PartialReport>;
  beforeAll(async () => {
    const { report } = await summarize(paths, ASKED);
    whole = comparable(report);
    expect(report.totals.calls).toBeGreaterThan(2000);
    expect(report.processes?.length).toBeGreaterThan(20);
    expect(report.reading.map(({ format }) => format)).toEqual(
      expect.arrayContaining(['glog', 'json', 'json-k8s', 'native-strace']),
    );
    const made = new Map<string, PartialReport>();
    for (const path of paths) made.set(path, (await summarizePartially([path], { by: BY })).partial);
    pieces = made;
  });

  it('is what its logs one by one give, in whatever order and tree', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(paths, { minLength: paths.length }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 8 }),
        (order, choices) => {
          const tree = inTree(
            order.map((path) => pieces.get(path) as PartialReport),
            choices,
          );
          expect(comparable(reportOf(summed([tree]), 'all'))).toEqual(whole);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('is what pieces of several logs give', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4), { minLength: paths.length, maxLength: paths.length }), async (parts) => {
        const partials: PartialReport[] = [];
        for (let part = 0; part < 5; part++) {
          const group = paths.filter((_, index) => parts[index] === part);
          if (group.length > 0) partials.push((await summarizePartially(group, { by: BY })).partial);
        }
        expect(comparable(reportOf(summed(partials), 'all'))).toEqual(whole);
      }),
      { numRuns: 3 },
    );
  });
});

it('all samples, log by log, are what one run over them gives; those that are the same but for their name once', async () => {
  const partials = new Map<string, PartialReport>();
  const digests = new Set<string>();
  for (const path of LOGS) {
    const { partial } = await summarizePartially([path], { by: BY });
    const [log] = partial.logs;
    if (log === undefined || (log.bytes > 0 && digests.has(log.digest))) continue;
    digests.add(log.digest);
    partials.set(path, partial);
  }
  const { report } = await summarize([...partials.keys()], ASKED);
  expect(report.reading.length).toBeGreaterThan(300);
  expect(comparable(reportOf(summed([...partials.values()]), 'all'))).toEqual(comparable(report));
});

it('with a filter, and what there was before it', async () => {
  const paths = LOGS.filter((path) => /connection-refused|healthy-text/.test(path));
  const where = await compileCondition('syscall in (openat, connect)', () => [], nearest);
  const filter = { where: 'syscall in (openat, connect)' };
  const { report } = await summarize(paths, { where });
  const partials: PartialReport[] = [];
  for (const path of paths) partials.push((await summarizePartially([path], { where, filter })).partial);
  expect(report.unfiltered?.calls).toBeGreaterThan(report.totals.calls);
  expect(comparable(reportOf(summed(partials)))).toEqual(comparable(report));
});

describe('numbers that do not simply add up', () => {
  it('the shortest time is that of the calls whose time is known', async () => {
    const native = (time: string): string =>
      `execve("/bin/true", ["true"], 0x7ffc /* 9 vars */) = 0${time}\n+++ exited with 0 +++\n`;
    const timed = await partialOf(native(' <0.000300>'));
    const untimed = await partialOf(native(''));
    for (const order of [
      [timed, untimed],
      [untimed, timed],
    ]) {
      const [row] = reportOf(summed(order)).syscalls;
      expect([row?.calls, row?.min_ns, row?.max_ns, row?.p50_ns]).toEqual([2, 300_000, 300_000, 300_000]);
    }
    expect(reportOf(summed([untimed])).syscalls[0]?.min_ns).toBe(0);
  });

  it('more calls of one duration than 32 bits count', async () => {
    const one = await partialOf(exit('getpid()'));
    const many = (digest: string): PartialReport => ({
      ...one,
      logs: one.logs.map((log) => ({ ...log, digest: digest.repeat(64) })),
      syscalls: one.syscalls.map((row) => ({
        ...row,
        calls: 3e9,
        total_ns: 6e12,
        bins: [[row.bins[0]?.[0] ?? 0, 3e9]],
      })),
    });
    const [row] = reportOf(summed([many('a'), many('b')]), 'all').syscalls;
    expect([row?.calls, row?.latency]).toEqual([6e9, [{ from_ns: 1024, calls: 6e9 }]]);
  });

  it('a log that was cut in the middle: its calls are counted, the one at the cut is not finished', async () => {
    const enter = exit('read(0x3 /etc/passwd)').replace(/ X (.*) = .*/, ' E $1');
    const before = exit('getpid()', '1 (0x1)') + enter;
    const after = exit('read(0x3 /etc/passwd)') + exit('getuid()');
    const row = (report: SummaryReport): unknown =>
      report.syscalls.map(({ name, calls, unfinished }) => [name, calls, unfinished]).toSorted();
    const whole = (await summarize(chunks(before + after))).report;
    const merged = reportOf(summed([await partialOf(before), await partialOf(after)]));
    expect(row(whole)).toEqual([
      ['getpid', 1, 0],
      ['getuid', 1, 0],
      ['read', 1, 0],
    ]);
    expect(row(merged)).toEqual([
      ['getpid', 1, 0],
      ['getuid', 1, 0],
      ['read', 1, 1],
    ]);
  });
});

describe('more than is kept', () => {
  const COUNT = 9_000;
  /** Opens of 9,000 files each, of which the first are the same in all; the 50 busiest take longest. */
  const opens = (from: number): string =>
    Array.from({ length: COUNT }, (_, n) => {
      const path = n < 50 ? `/busy/${n}` : `/piece/${from}/${n}`;
      const error = n % 3 === 0 ? '0 (0x0) errno=2 (no such file or directory)' : '3 (0x3)';
      return exit(`openat(AT_FDCWD /, 0x7f00 ${path}, O_RDONLY|0x0, 0o0)`, error, n < 50 ? '1ms' : '2µs');
    }).join('');

  it('files: the sums are exact, the busiest are listed, and no time is further off than is said', async () => {
    const texts = [1, 2, 3].map(opens);
    const merged = reportOf(summed([inTree(await Promise.all(texts.map((text) => partialOf(text))), [1, 0])]));
    const files = merged.files ?? [];
    expect(files.reduce((sum, row) => sum + row.calls, 0)).toBe(3 * COUNT);
    expect(files.reduce((sum, row) => sum + row.total_ns, 0)).toBe(merged.totals.total_ns);
    expect(
      files
        .slice(0, 50)
        .map((row) => ('path' in row ? row.path : ''))
        .every((path) => path.startsWith('/busy/')),
    ).toBe(true);
    const other = files.at(-1);
    const bound = other !== undefined && 'other' in other ? other.bound_ns : undefined;
    expect(bound).toBeGreaterThan(0);
    for (const row of files.slice(0, 50)) expect(Math.abs(row.total_ns - 3_000_000)).toBeLessThanOrEqual(bound ?? 0);
  });

  it('paths that failed: what is not listed is counted', async () => {
    const partials = await Promise.all([1, 2, 3, 4, 5, 6].map((from) => partialOf(opens(from))));
    const sum = summed([inTree(partials, [0])]);
    const { workload } = sum.counted(sum.names());
    const listed = workload?.files.failing.of(2).reduce((total, { count }) => total + count, 0) ?? 0;
    expect(workload?.files.failing.other(2)).toBeGreaterThan(0);
    expect(listed + (workload?.files.failing.other(2) ?? 0)).toBe((6 * COUNT) / 3);
  });
});
