/** What is written where: documents, colours, escapes, pipes that close, exit codes of findings. */
import { openSync, closeSync, readFileSync, statSync, writeSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOutcome, perform, type Case } from './cases.js';
import { bash, documentOf, runsight, SAMPLES } from './cli.js';
import { BOOT_LOG, FAILED_START, HEALTHY, HOSTILE, makeFixtures, type Fixtures } from './fixtures.js';

let fixtures: Fixtures;
beforeAll(() => {
  fixtures = makeFixtures();
});
afterAll(() => fixtures.remove());

const ESCAPE = '\u001b[';
/** All that moves a cursor, hides text or turns its direction; line ends are ours, and a tab does no harm. */
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

const CASES: readonly Case[] = [
  { what: 'diagnose is plain in a pipe', run: 'diagnose {failed}', code: 0, never: [ESCAPE] },
  { what: 'summary is plain in a pipe', run: 'summary {boot}', code: 0, never: [ESCAPE] },
  { what: 'diagnose in colours', run: 'diagnose --color always {failed}', code: 0, stdout: [ESCAPE] },
  { what: 'summary in colours', run: 'summary --color always {boot}', code: 0, stdout: [ESCAPE] },
  {
    what: 'who asks for colours gets them',
    run: 'summary --color always {boot}',
    env: { NO_COLOR: '1' },
    code: 0,
    stdout: [ESCAPE],
  },
  { what: 'no colours', run: 'summary --color never {boot}', env: { FORCE_COLOR: '1' }, code: 0, never: [ESCAPE] },
  {
    what: 'no colours in what is said of a wrong flag',
    run: 'summary --color never --bogus {boot}',
    env: { FORCE_COLOR: '1' },
    code: 2,
    stderr: ['--bogus', 'all flags: runsight summary --help'],
    never: [ESCAPE],
  },
  {
    what: 'no colours in help',
    run: 'summary --help --color never',
    env: { FORCE_COLOR: '1' },
    code: 0,
    never: [ESCAPE],
  },
  { what: 'json has no colours', run: 'summary --json --color always {boot}', code: 0, never: [ESCAPE] },
  {
    what: 'a failed start meets --fail-on',
    run: 'diagnose --fail-on high {failed}',
    code: 1,
    stdout: [/^FAILED START/],
    stderr: [],
  },
  { what: 'a level that is not met', run: 'diagnose --fail-on critical {healthy}', code: 0, stderr: [] },
  {
    what: 'an input that fails goes before --fail-on',
    run: 'diagnose --fail-on high {failed} {tmp}/missing',
    code: 3,
    stdout: [/^FAILED START/],
  },
  {
    what: 'columns that need no analysis of waiting get none',
    run: 'summary --columns name,calls,errors,total,max {boot}',
    code: 0,
    stdout: ['(waiting included)', /^syscall +calls +errors +total +max$/m],
    never: ['by design'],
  },
  {
    what: 'a share of the work does need it',
    run: 'summary --columns name,work {boot}',
    code: 0,
    stdout: ['of it waiting'],
  },
  {
    what: 'as many columns as COLUMNS says',
    run: 'summary {boot}',
    env: { COLUMNS: '140' },
    code: 0,
    stdout: [/^Read .{90,}/m],
  },
  {
    what: 'a histogram of a call that is near to none: which there are',
    run: 'summary --histogram zzzz {boot}',
    code: 0,
    stderr: [/calls of this log: wait4, /],
  },
  {
    what: 'a time at which there was no record: from when to when there were',
    run: 'summary --since 23:59 {boot}',
    code: 0,
    stderr: [/were looked at, from \d{4}-\S+ to \d{4}-\S+/],
  },
  {
    what: 'signs of ASCII only',
    run: 'summary --ascii {boot}',
    code: 0,
    stdout: [/\d(?:us|ms)\b/],
    never: [/[^ -~\n]/],
  },
  {
    what: 'CSV',
    run: 'summary --format csv --columns name,calls --sort name --top 1 {boot}',
    code: 0,
    stdout: [/^name,calls\r\narch_prctl,\d+\r\n$/],
  },
  {
    what: 'a histogram of a call that is misspelt',
    run: 'summary --histogram opnat {boot}',
    code: 0,
    stdout: ['No call of opnat was traced.'],
    stderr: ['did you mean openat?'],
  },
  {
    what: 'a process that is not there: those that are',
    run: 'summary --pid 999 {boot}',
    code: 0,
    stdout: ['--by process'],
    stderr: [/no record fits the filter; .*; processes with most records: 1 \(\d+\)/],
    never: [/newfstatat \d/],
  },
  {
    what: 'a name that no task has: those that there are',
    run: 'events --comm nope {boot}',
    code: 0,
    stderr: [/; names with most records: \w+ \(\d+\)/],
  },
  {
    what: 'a filter that lets nothing pass: what there was',
    run: 'summary --errno EDOM {boot}',
    code: 0,
    stdout: ['No call fits the filter. There were'],
    stderr: ['no record fits the filter'],
  },
  {
    what: 'advice where it is asked for, its flag in one piece',
    run: 'summary --advice {boot}',
    code: 0,
    stdout: [/^ +--strace-syscalls=[a-z0-9_,]+$/m],
  },
  { what: 'as many rows as asked for', run: 'summary --top 3 {boot}', code: 0, stdout: [/more syscalls not shown/] },
];

describe('output', () => {
  it.concurrent.each(CASES)('$what', async (wanted) => {
    expectOutcome(wanted, await perform(wanted, fixtures));
  });

  it.each([
    ['diagnose', FAILED_START],
    ['diagnose', HEALTHY],
    ['summary', HEALTHY],
  ])('%s --json is one document and nothing else (%s)', async (command, folder) => {
    const short = await runsight([command, '--json', folder]);
    const long = await runsight([command, '--format', 'json', folder]);
    expect(short.code).toBe(0);
    expect(short.stderr).toBe('');
    expect(short.stdout.indexOf('\n')).toBe(short.stdout.length - 1);
    expect(documentOf(short)['schema']).toBe(`runsight/${command}@1`);
    expect(long.stdout).toBe(short.stdout);
  });

  it('what could not be read is told on stderr, and stdout stays one document', async () => {
    const outcome = await runsight(['diagnose', '--json', fixtures.path('missing.log'), FAILED_START]);
    expect(outcome.code).toBe(3);
    expect(documentOf(outcome)['verdict']).toBe('failed-start');
    expect(outcome.stderr).toMatch('missing.log');
  });

  it.each([
    ['diagnose', '--json'],
    ['diagnose', '--format=text'],
    ['summary', '--json'],
    ['summary', '--format=table'],
    ['events', '--args'],
    ['events', '--format=text'],
  ])('%s %s writes the same bytes twice', async (command, flag) => {
    const folders = [FAILED_START, `${SAMPLES}/release-20240729/weird-bytes-json`];
    const [first, second] = await Promise.all([0, 1].map(() => runsight([command, flag, ...folders])));
    expect(first?.stdout.length).toBeGreaterThan(100);
    expect(second?.stdout).toBe(first?.stdout);
    expect(second?.stderr).toBe(first?.stderr);
  });

  it('--output writes the file, and nothing to stdout', async () => {
    for (const argv of [['events'], ['summary', '--json'], ['diagnose']]) {
      const file = fixtures.path(`${argv[0] ?? ''}.out`);
      const piped = await runsight([...argv, HEALTHY]);
      const filed = await runsight([...argv, '-o', file, HEALTHY]);
      expect({ code: filed.code, stdout: filed.stdout }).toEqual({ code: 0, stdout: '' });
      expect(readFileSync(file, 'utf8')).toBe(piped.stdout);
    }
  });

  describe('log text is hostile', () => {
    const logs = [
      'release-20221219/weird-bytes-text',
      'release-20221219/weird-bytes-json',
      'release-20240729/weird-bytes-text',
      'release-20240729/weird-bytes-json',
    ].map((name) => `${SAMPLES}/${name}`);

    it('the invented log holds what is to be kept from the terminal, and the commands speak of it', async () => {
      const log = readFileSync(fixtures.path('hostile.log'), 'utf8');
      for (const name of HOSTILE) expect(log).toContain(name);
      expect(log).toMatch(UNSAFE);
      const outcome = await runsight(['diagnose', fixtures.path('hostile.log')]);
      expect(outcome.stdout).toMatch(/^FAILED START/);
      expect(outcome.stdout, 'escaped').toMatch(/\\x1b\[1;31mPWNED/);
      expect(outcome.stdout, 'escaped').toMatch(/\\u202e/);
    });

    const views = ['diagnose', 'diagnose --verbose', 'summary', 'events --format text'];
    it.concurrent.each(views)('%s never sends it to a terminal', async (view) => {
      const words = view.split(' ');
      for (const path of [fixtures.path('hostile.log'), ...logs]) {
        const outcome = await runsight([...words, path]);
        expect(outcome.code, path).toBe(0);
        expect(outcome.stdout.length, path).toBeGreaterThan(50);
        expect(UNSAFE.exec(outcome.stdout), path).toBeNull();
        expect(UNSAFE.exec(outcome.stderr), path).toBeNull();
      }
    });

    it('a hostile file name is kept from the terminal, too', async () => {
      const outcome = await bash(
        'cp "$1" "$2" && $RUNSIGHT events --format text "$2"; $RUNSIGHT summary "$2.missing"',
        [BOOT_LOG, fixtures.path(`\u001b[31m\u202ename.log`)],
      );
      expect(outcome.stdout).toMatch('name.log');
      expect(UNSAFE.exec(outcome.stdout)).toBeNull();
      expect(outcome.stderr).toMatch('name.log.missing');
      expect(UNSAFE.exec(outcome.stderr)).toBeNull();
    });

    it('json escapes what a terminal would act on as JSON does', async () => {
      const outcome = await runsight(['events', fixtures.path('hostile.log')]);
      // oxlint-disable-next-line no-control-regex
      expect(/[\u0000-\u0009\u000b-\u001f]/.exec(outcome.stdout)).toBeNull();
    });
  });

  describe('a reader that closes the pipe', () => {
    const SIZE = 300e6;
    let big: string;
    beforeAll(() => {
      const log = readFileSync(BOOT_LOG);
      big = fixtures.path('big.log');
      const file = openSync(big, 'w');
      for (let written = 0; written < SIZE;) written += writeSync(file, log);
      closeSync(file);
    });

    it.each(['events', 'events --args', 'events --format text'])(
      '%s | head -1 ends at once, quietly',
      async (command) => {
        expect(statSync(big).size).toBeGreaterThanOrEqual(SIZE);
        // All of it would take tens of seconds.
        const outcome = await bash(`$RUNSIGHT ${command} "$1" | head -1`, [big]);
        expect(outcome).toMatchObject({ code: 0, stderr: '' });
        expect(outcome.stdout.split('\n')).toHaveLength(2);
        expect(outcome.milliseconds).toBeLessThan(10_000);
      },
    );

    it('summary into a closed pipe ends quietly', async () => {
      const outcome = await bash('$RUNSIGHT summary --json "$1" | true', [BOOT_LOG]);
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
    });
  });
});

it('summary masks command lines where people read them, and shows them where asked', async () => {
  const header = 'I0410 10:00:00.100000       5 strace.go:605] [   1:   1] sh X';
  const bytes = `${header} execve(0x1 /usr/bin/curl, 0x2 ["curl", "-u", "me:hunter22", "http://x"], 0x3 ["A=b"]) = 0 (0x0) (9µs)\n`;
  const shows = async (...flags: readonly string[]): Promise<boolean> => {
    const { stdout } = await runsight(['summary', '--wide', ...flags, '-'], { stdin: { bytes } });
    return stdout.includes('curl') && stdout.includes('hunter22');
  };
  expect(await shows('--by', 'process')).toBe(false);
  expect(await shows('--by', 'process', '--format', 'csv')).toBe(false);
  expect(await shows('--by', 'process', '--no-redact')).toBe(true);
  expect(await shows('--show', '1')).toBe(false);
  expect(await shows('--show', '1', '--no-redact')).toBe(true);
});
