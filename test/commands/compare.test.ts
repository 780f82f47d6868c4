/** `runsight compare`: what it prints in each format, the exit codes, and what it says where there is little to compare. */
import { gunzipSync } from 'node:zlib';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CompareBatch, CompareReport } from '../../src/model/compare.js';
import { documentOf, ROOT, runsight } from './cli.js';
import { makeFixtures, type Fixtures } from './fixtures.js';

const PAIRS = `${ROOT}test/compare/pairs`;
const sides = (name: string): readonly [string, string] => [`${PAIRS}/${name}/a`, `${PAIRS}/${name}/b`];

let fixtures: Fixtures;
beforeAll(() => {
  fixtures = makeFixtures();
});
afterAll(() => fixtures.remove());

const reportOf = async (...argv: readonly string[]): Promise<CompareReport> =>
  documentOf<CompareReport>(await runsight(['compare', '--json', ...argv]));

describe('text', () => {
  it('stands one side above the other at 80 columns, and beside it at 120', async () => {
    const narrow = await runsight(['compare', ...sides('device')]);
    const wide = await runsight(['compare', ...sides('device')], { env: { COLUMNS: '120' } });
    expect(narrow.code).toBe(0);
    for (const [outcome, width] of [
      [narrow, 80],
      [wide, 120],
    ] as const) {
      expect(outcome.stdout).toMatch(/^DIFFERS {2}openat of \/dev\/kmsg works in A and/);
      for (const line of outcome.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    }
    expect(narrow.stdout).toMatch(/^ {2}A\n(?: {4}.*\n)+ {2}> openat\(.*\n/m);
    expect(wide.stdout).toMatch(/^ {2}> openat\(.* \| openat\(.*= ENOENT$/m);
  });

  it('nothing of a trace acts on a terminal', async () => {
    const path = fixtures.path('hostile.strace');
    const evil = '\\33]0;x\\7\\302\\233';
    writeFileSync(
      path,
      `7 10:00:00.100000 execve("/bin/x", ["x"], 0x7f /* 1 var */) = 0 <0.000100>\n7 10:00:00.200000 openat(AT_FDCWD</>, "/a${evil}", O_RDONLY) = -1 ENOENT (No such file or directory) <0.000100>\n7 10:00:00.300000 write(2</dev/null>, "/a${evil}: No such file or directory", 4) = 4 <0.000100>\n7 10:00:00.400000 exit_group(1) = ?\n7 10:00:00.500000 +++ exited with 1 +++\n`,
    );
    const good = fixtures.path('good.strace');
    writeFileSync(
      good,
      `7 10:00:00.100000 execve("/bin/x", ["x"], 0x7f /* 1 var */) = 0 <0.000100>\n7 10:00:00.200000 openat(AT_FDCWD</>, "/a${evil}", O_RDONLY) = 3</a> <0.000100>\n7 10:00:00.400000 exit_group(0) = ?\n7 10:00:00.500000 +++ exited with 0 +++\n`,
    );
    for (const format of ['text', 'markdown', 'json']) {
      const { stdout } = await runsight(['compare', '--format', format, '--verbose', good, path]);
      // oxlint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      expect(stdout).toContain('openat');
    }
  });

  it('says that both do the same', async () => {
    const { stdout } = await runsight(['compare', ...sides('twice-shell')]);
    expect(stdout).toMatch(/^SAME {2}both sides do the same\n/);
  });
});

it('Markdown holds the answer, the records, and a table of the others', async () => {
  const { stdout } = await runsight(['compare', '--format', 'markdown', ...sides('device')]);
  expect(stdout).toMatch(/^\*\*DIFFERS\*\*: openat of/);
  expect(stdout).toContain('### `openat /dev/kmsg`');
  expect(stdout).toMatch(/^```text\nA .*native\.strace:\d+/m);
  expect(stdout).toMatch(/^\| known-gap \| fails \| `openat \/proc\/vmstat` \| 1 \|/m);
});

describe('exit codes', () => {
  it.each([
    ['device', 1],
    ['twice-native', 0],
    ['fallback', 0],
  ] as const)('--fail-on divergence of %s is %i', async (name, code) => {
    expect((await runsight(['compare', '--fail-on', 'divergence', ...sides(name)])).code).toBe(code);
  });
  it('one side is wrong usage', async () => {
    const { code, stderr } = await runsight(['compare', sides('device')[0]]);
    expect(code).toBe(2);
    expect(stderr).toContain('two sides');
  });
  it('a side that is not there is told, and is 3', async () => {
    const { code, stderr } = await runsight(['compare', sides('device')[0], '/nowhere/at/all']);
    expect(code).toBe(3);
    expect(stderr).toContain('/nowhere/at/all');
  });
});

describe('little to compare', () => {
  const native = (name: string): string => readFileSync(`${PAIRS}/${name}/a/native.strace`, 'utf8');
  const written = (name: string, text: string): string => {
    writeFileSync(fixtures.path(name), text);
    return fixtures.path(name);
  };

  it('a side that ends in the middle is compared up to there', async () => {
    const lines = native('device').split('\n');
    const cut = written('cut.strace', lines.slice(0, Math.floor(lines.length * 0.4)).join('\n'));
    const report = await reportOf(sides('device')[0], cut);
    expect(report).toMatchObject({ verdict: 'same', differences: [] });
    expect(report.sides[1].truncated).toBe(true);
    expect(report.notes.join()).toContain('B ends in the middle');
    const log = gunzipSync(readFileSync(`${PAIRS}/ioctl/b/boot.log.gz`)).toString();
    const half = written(
      'half.boot.log',
      log.slice(0, log.indexOf('FS_IOC') === -1 ? log.indexOf('/proc/vmstat') : log.length),
    );
    expect(
      (await reportOf(sides('ioctl')[0], half)).differences.filter(({ label }) => label === 'likely-cause'),
    ).toEqual([]);
  });

  it('an empty side, and logs without calls', async () => {
    const empty = await reportOf(sides('device')[0], written('empty.log', ''));
    expect(empty.verdict).toBe('incomparable');
    expect(empty.headline).toContain('B holds no calls');
  });

  it('a native trace without -f, -T and -y says which flags show more', async () => {
    const bare = native('child')
      .replace(/<\/[^>]*>|<(?:pipe|socket):\[\d+\]>/g, '')
      .replace(/ <\d\.\d+>$/gm, '')
      .split('\n')
      .filter((line) => line.startsWith(native('child').slice(0, 5)))
      .map((line) => line.replace(/^\d+ +/, ''))
      .join('\n');
    const { notes, verdict } = await reportOf(written('bare.strace', bare), written('bare-again.strace', bare));
    expect(verdict).toBe('same');
    for (const flag of ['strace -f', 'strace -T', 'strace -y']) expect(notes.join('\n')).toContain(flag);
  });

  it('commas and folders name the files of a side', async () => {
    const [a, b] = sides('device');
    const report = await reportOf(`${a}/native.strace,${a}/native.strace`, b);
    expect(report.sides[0].sources).toHaveLength(1);
    expect(report.differences[0]).toMatchObject({ subject: '/dev/kmsg' });
  });
});

describe('a log with several containers', () => {
  const pod = `${ROOT}samples/release-20240729/healthy-pod`;
  it('names them, and compares one of them if it is told which', async () => {
    const whole = await reportOf(pod, pod);
    expect(whole.notes.join()).toContain('2 containers (pod, api)');
    const one = await reportOf('--container', 'api', pod, pod);
    expect(one.notes).toEqual([]);
    expect(one.sides[0].calls).toBeLessThan(whole.sides[0].calls);
    expect(one.sides[0].calls).toBeGreaterThan(0);
    expect(one.verdict).toBe('same');
  });
  it('says which there are', async () => {
    const { code, stderr } = await runsight(['compare', '--container', 'web', pod, pod]);
    expect(code).toBe(2);
    expect(stderr).toContain('pod, api');
  });
});

describe('many pairs', () => {
  const list = (): string => {
    const path = fixtures.path('list.txt');
    const lines = (
      [
        ['device', 'one'],
        ['device', 'two'],
        ['ioctl', 'three'],
        ['twice-native', 'four'],
      ] as const
    ).map(([name, called]) => [...sides(name), called].join(' '));
    writeFileSync(path, `# A B NAME\n${lines.join('\n')}\n`);
    return path;
  };

  it('are grouped by their first difference, what hurts and the larger group first', async () => {
    const batch = documentOf<CompareBatch>(await runsight(['compare', '--json', '--pairs', list()]));
    expect(batch.pairs.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['one', 'differs'],
      ['two', 'differs'],
      ['three', 'differs'],
      ['four', 'same'],
    ]);
    expect(batch.groups.map(({ pairs }) => pairs)).toEqual([['one', 'two'], ['three']]);
    expect(batch.groups[0]?.group).toContain('/dev/kmsg');
  });

  it('are a table', async () => {
    const { stdout, code } = await runsight(['compare', '--fail-on', 'divergence', '--pairs', list()]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^4 pairs: 3 differs, 1 same\n/);
    expect(stdout).toMatch(/^ *2 {2}likely cause {2}fails: openat \/dev\/kmsg: ENOENT/m);
  });

  it('a line that names one side is told with its place', async () => {
    const path = fixtures.path('wrong.txt');
    writeFileSync(path, 'a b\nonly\n');
    const { code, stderr } = await runsight(['compare', '--pairs', path]);
    expect(code).toBe(2);
    expect(stderr).toContain('wrong.txt:2');
  });
});
