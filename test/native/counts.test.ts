/** Native traces counted: as strace counts the same program, and alike in every option set of the samples. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readEvents } from '../../src/pipeline.js';
import { summarize } from '../../src/summarize.js';
import { SAMPLES_FOLDER } from '../tools/samples.js';

const folder = mkdtempSync(join(tmpdir(), 'runsight-strace-'));
afterAll(() => rmSync(folder, { recursive: true }));

const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' }).status === 0;

/** Calls and what strace calls errors, restarts among them, by name. */
type Counts = Record<string, readonly [calls: number, errors: number]>;

/** By the table of `-c` in a file. */
async function tableOf(path: string): Promise<Counts> {
  const counts: Counts = {};
  for await (const event of readEvents(path)) {
    if (event.kind !== 'native-table' || event.name === undefined || event.name === 'total') continue;
    counts[event.name] = [event.calls ?? 0, event.errors ?? 0];
  }
  return counts;
}

/** By the calls in a file or folder. A call without a name is in no table of strace's. */
async function countsOf(path: string): Promise<Counts> {
  const { report } = await summarize(path);
  const rows = report.syscalls.filter(({ name, calls }) => calls > 0 && !name.startsWith('syscall_'));
  return Object.fromEntries(
    rows.map(({ name, calls, errors, restarts }): [string, readonly [number, number]] => [
      name,
      [calls, errors + restarts],
    ]),
  );
}

const PROGRAMS: readonly (readonly string[])[] = [
  ['true'],
  ['echo', 'one) = 2', 'three'],
  ['cat', '/etc/passwd', '/nope'],
  ['ls', '/', '/nope'],
  ['head', '-c', '5000', '/dev/zero'],
  ['wc', '/etc/passwd'],
  ['test', '-e', '/nope'],
  ['sh', '-c', 'exit 3'],
  ['sh', '-c', 'for f in /etc/passwd /nope; do cat "$f"; done'],
  ['sh', '-c', 'cd /nope; kill -TERM $$'],
];

describe.skipIf(!canTrace)('as strace -c counts them (skipped where strace is not installed, or may not trace)', () => {
  it.each(PROGRAMS.map((program) => [program.join(' '), program] as const))(
    '%s',
    { timeout: 20_000 },
    async (_, program) => {
      const table = join(folder, 'table');
      const trace = join(folder, 'trace');
      const options = { cwd: '/', stdio: 'ignore', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } } as const;
      spawnSync('strace', ['-f', '-c', '-o', table, ...program], options);
      const expected = await tableOf(table);
      expect(Object.keys(expected).length).toBeGreaterThan(3);
      for (const flags of [['-T'], ['-tt', '-y'], ['-X', 'raw', '-i']]) {
        spawnSync('strace', ['-f', ...flags, '-o', trace, ...program], options);
        expect(await countsOf(trace), flags.join(' ')).toEqual(expected);
      }
    },
  );

  it('of threads and signals, in the same run', { timeout: 20_000 }, async () => {
    const both = join(folder, 'both');
    const script = 'trap : USR1; (sleep 0.1; kill -USR1 $$) & wait; wait; echo a | cat';
    spawnSync('strace', ['-f', '-C', '-o', both, 'sh', '-c', script], { stdio: 'ignore' });
    expect(await countsOf(both)).toEqual(await tableOf(both));
  });
});

describe('in the samples', () => {
  const native = join(SAMPLES_FOLDER, 'native');
  const scenarios = readdirSync(native).toSorted();

  it('hold three versions of each option set', () => {
    for (const version of ['6.1', '6.13', '7.2']) {
      const missing = scenarios.filter((name) => !existsSync(join(native, name.replace(/-[^-]*$/, `-${version}`))));
      expect(missing, version).toEqual([]);
    }
    expect(scenarios.length).toBeGreaterThan(40);
  });

  it.each(scenarios.filter((name) => /^(?:succeeded|failed)-/.test(name)))(
    '%s: the calls that ended so, and no others',
    async (name) => {
      const { report } = await summarize(join(native, name));
      const sum = (field: 'calls' | 'errors' | 'restarts'): number =>
        report.syscalls.reduce((total, row) => total + row[field], 0);
      const counts = [sum('calls'), sum('errors'), sum('restarts')];
      expect(counts).toEqual(name.startsWith('failed') ? [8, 7, 1] : [114 - 8, 0, 0]);
    },
  );

  it.each(scenarios.filter((name) => !/^(?:plain|table|succeeded|failed)-/.test(name)))(
    '%s: the same as in the others',
    async (name) => {
      const { report } = await summarize(join(native, name));
      const sum = (field: 'calls' | 'errors' | 'restarts'): number =>
        report.syscalls.reduce((total, row) => total + row[field], 0);
      expect([sum('calls'), sum('errors'), sum('restarts')]).toEqual([114, 7, 1]);
      const open = report.syscalls.filter(({ unfinished }) => unfinished > 0);
      expect(Object.fromEntries(open.map((row) => [row.name, row.unfinished]))).toEqual({
        exit: 1,
        exit_group: 3,
        pause: 3,
      });
      expect(report.errnos.map(({ name: errno, count }) => [errno, count])).toEqual([
        ['ENOENT', 3],
        ['ENOSYS', 2],
        ['EBADF', 1],
        ['EINTR', 1],
      ]);
    },
  );

  it('show no times where the trace has none', async () => {
    const { report } = await summarize(join(native, 'follow-6.1'));
    expect(report.syscalls.reduce((sum, { total_ns: time }) => sum + time, 0)).toBeGreaterThan(50_000_000);
    const { report: timeless } = await summarize(join(native, 'terminal-6.1'));
    const times = timeless.syscalls.flatMap((row) => [row.total_ns, row.min_ns, row.max_ns, row.p50_ns, row.p99_ns]);
    expect(new Set(times)).toEqual(new Set([0]));
  });
});

it('says of each task how it ended, as strace does', async () => {
  const { report } = await summarize(join(SAMPLES_FOLDER, 'native', 'follow-7.2'));
  const ends = new Map(report.processes?.map((row) => ['tid' in row ? row.tid : 0, 'exit' in row ? row.exit : null]));
  let told = 0;
  for await (const event of readEvents(join(SAMPLES_FOLDER, 'native', 'follow-7.2'))) {
    if (event.kind !== 'native-exit') continue;
    told++;
    expect(ends.get(event.task.tid), event.message).toEqual(
      event.signal === null ? { status: event.status } : { signal: event.signal },
    );
  }
  expect(told).toBeGreaterThan(3);
});
