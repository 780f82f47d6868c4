/** Where bytes come from: files, folders, pipes, compressed ones, and all that can be wrong with them. */
import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOutcome, perform, type Case } from './cases.js';
import { bash, documentOf, linesOf, runsight } from './cli.js';
import { BOOT_LOG, makeFixtures, type Fixtures } from './fixtures.js';

type Reading = {
  readonly source: string;
  readonly format: string;
  readonly compression: string;
  readonly bytes: number;
  readonly records: number;
  readonly unread: Readonly<Record<string, number>>;
};
type Summary = { readonly syscalls: readonly { name: string; calls: number }[]; readonly reading: readonly Reading[] };

const hasPython = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;

let fixtures: Fixtures;
beforeAll(() => {
  fixtures = makeFixtures();
});
afterAll(() => fixtures.remove());

/** What grep says of the sample. */
const EXITS = readFileSync(BOOT_LOG, 'latin1')
  .split('\n')
  .filter((line) => /\] \[[ \d:]+\] .{1,15} X \w+\(/.test(line)).length;

const callsOf = ({ syscalls }: Summary): number => syscalls.reduce((sum, { calls }) => sum + calls, 0);

const SEEN = [new RegExp(`^${EXITS} calls of `)];

const CASES: readonly Case[] = [
  { what: 'a file', run: 'summary {boot}', code: 0, stdout: SEEN, stderr: [] },
  { what: 'a folder', run: 'summary {healthy}', code: 0, stdout: [...SEEN, '3 files'], stderr: [] },
  {
    what: 'a folder of other files, too',
    run: 'summary {tmp}/mixed',
    code: 0,
    stdout: [...SEEN, '1 file,'],
    stderr: [],
  },
  { what: 'a file and its folder: once', run: 'summary {boot} {healthy}', code: 0, stdout: [...SEEN, '3 files'] },
  {
    what: 'a log twice: once, and said',
    run: 'summary {boot} {boot}',
    code: 0,
    stdout: [...SEEN, '1 file,'],
    stderr: [/was given twice: it counts once/],
  },
  {
    what: 'a log and its copy: once, and said',
    run: 'summary {boot} {tmp}/mixed/deep/notes.md',
    code: 0,
    stdout: [...SEEN, /1 file\s+repeating\s+another,\s+counted\s+once/],
    stderr: [],
  },
  {
    what: 'a log and its copy, filtered',
    run: 'summary --where tid>=0 {boot} {tmp}/mixed/deep/notes.md',
    code: 0,
    stdout: SEEN,
    stderr: [],
  },
  { what: 'stdin by its name', run: 'summary -', stdin: '| {boot}', code: 0, stdout: SEEN, stderr: [] },
  { what: 'a pipe without a path', run: 'summary', stdin: '| {boot}', code: 0, stdout: SEEN, stderr: [] },
  { what: 'a pipe before flags', run: 'summary --top 3', stdin: '| {boot}', code: 0, stdout: SEEN, stderr: [] },
  { what: 'a file as stdin', run: 'summary', stdin: '< {boot}', code: 0, stdout: SEEN, stderr: [] },
  { what: 'a file as stdin, by its name', run: 'summary -', stdin: '< {boot}', code: 0, stdout: SEEN, stderr: [] },
  { what: 'a path goes before stdin', run: 'summary {boot}', stdin: '| {tmp}/prose.log', code: 0, stdout: SEEN },
  { what: 'a file and stdin', run: 'summary {failed} -', stdin: '| {boot}', code: 0, stdout: SEEN },
  { what: 'gzip with another name', run: 'summary {tmp}/no-gz-in-its-name.txt', code: 0, stdout: SEEN, stderr: [] },
  {
    what: 'gzip from a pipe',
    run: 'summary',
    stdin: '| {tmp}/no-gz-in-its-name.txt',
    code: 0,
    stdout: SEEN,
    stderr: [],
  },
  { what: 'gzip as stdin', run: 'summary', stdin: '< {tmp}/no-gz-in-its-name.txt', code: 0, stdout: SEEN, stderr: [] },
  {
    what: 'a file that is missing, and one that is not',
    run: 'summary {tmp}/missing.log {boot}',
    code: 3,
    stdout: SEEN,
    stderr: [/missing\.log: no such file/, /--debug-log/],
  },
  {
    what: 'nothing but a missing file',
    run: 'events {tmp}/missing.log',
    code: 3,
    stdout: [],
    stderr: ['no such file'],
  },
  {
    what: 'no word of syscalls where no log was read',
    run: 'summary {tmp}/missing.log',
    code: 3,
    stdout: [/^No log was read\./],
    never: ['--strace'],
  },
  { what: 'an empty file', run: 'summary {tmp}/empty.log', code: 3, stderr: ['empty.log: the input is empty'] },
  {
    what: 'an empty file has no events',
    run: 'events {tmp}/empty.log',
    code: 3,
    stdout: [],
    stderr: ['empty.log: the input is empty'],
  },
  { what: 'an empty file beside a log', run: 'summary {tmp}/empty.log {boot}', code: 0, stdout: SEEN, stderr: [] },
  { what: 'an empty pipe', run: 'summary', stdin: '| /dev/null', code: 3, stderr: [/^error: -: the input is empty/] },
  {
    what: 'a binary file',
    run: 'summary {tmp}/binary.log',
    code: 3,
    stdout: ['not understood (binary)'],
    stderr: ['no line of a runsc log was found', '--input-format'],
  },
  {
    what: 'a binary file and a log',
    run: 'summary {tmp}/binary.log {boot}',
    code: 3,
    stdout: SEEN,
    stderr: ['binary.log'],
  },
  { what: 'prose', run: 'events {tmp}/prose.log', code: 3, stdout: ['"why":"not-a-log"'], stderr: ['prose.log'] },
  { what: 'a folder without a log', run: 'summary {tmp}/others', code: 3, stderr: ['no runsc log was found'] },
  {
    what: 'a folder without a log has no events',
    run: 'events {tmp}/others',
    code: 3,
    stdout: [],
    stderr: ['no runsc log'],
  },
  { what: 'an empty folder', run: 'summary {tmp}/nothing', code: 3, stderr: ['no runsc log was found'] },
  {
    what: 'gzip that is cut off',
    run: 'summary {tmp}/cut.log.gz',
    code: 3,
    stdout: [/^\d+ calls of /],
    stderr: ['cut.log.gz', 'ends in the middle'],
  },
  { what: 'gzip that is damaged', run: 'summary {tmp}/damaged.log.gz', code: 3, stderr: ['damaged.log.gz', 'damaged'] },
  {
    what: 'gzip that is cut off, from a pipe',
    run: 'summary',
    stdin: '| {tmp}/cut.log.gz',
    code: 3,
    stdout: [/^\d+ calls of /],
    stderr: ['ends in the middle'],
  },
];

describe('inputs', () => {
  it('count what is in them', () => expect(EXITS).toBeGreaterThan(100));

  it.concurrent.each(CASES)('$what', async (wanted) => {
    expectOutcome(wanted, await perform(wanted, fixtures));
  });

  it('a pipe that node opened (a socket) is read like one of the shell', async () => {
    const outcome = await runsight(['summary', '--json'], { stdin: { bytes: readFileSync(BOOT_LOG) } });
    expect(outcome.code).toBe(0);
    expect(callsOf(documentOf<Summary>(outcome))).toBe(EXITS);
  });

  it('a pipe that trickles is read to its end', async () => {
    const outcome = await bash('(head -c 7000 "$1"; sleep 0.3; tail -c +7001 "$1") | $RUNSIGHT summary --json', [
      BOOT_LOG,
    ]);
    expect(outcome.code).toBe(0);
    expect(callsOf(documentOf<Summary>(outcome))).toBe(EXITS);
  });

  it('a gzip pipe whose writer is slow to begin is gzip', async () => {
    const gzip = fixtures.path('no-gz-in-its-name.txt');
    const outcome = await bash('(sleep 0.7; cat "$1") | $RUNSIGHT summary --json', [gzip]);
    expect(outcome.code).toBe(0);
    expect(callsOf(documentOf<Summary>(outcome))).toBe(EXITS);
  });

  it('a gzip pipe that trickles, its first byte alone, is read to its end', async () => {
    const gzip = fixtures.path('no-gz-in-its-name.txt');
    const outcome = await bash('(head -c 1 "$1"; sleep 0.3; tail -c +2 "$1") | $RUNSIGHT summary --json', [gzip]);
    expect(outcome.code).toBe(0);
    expect(callsOf(documentOf<Summary>(outcome))).toBe(EXITS);
  });

  it.skipIf(!hasPython)(
    'a pipe that another made non-blocking is read like any (skipped without python3)',
    async () => {
      const loosen = `python3 -c 'import os; os.set_blocking(0, False)'`;
      for (const file of [BOOT_LOG, fixtures.path('no-gz-in-its-name.txt')]) {
        const outcome = await bash(
          `(sleep 0.7; head -c 1 "$1"; sleep 0.7; tail -c +2 "$1") | (${loosen}; $RUNSIGHT summary --json)`,
          [file],
        );
        expect(outcome.code, outcome.stderr).toBe(0);
        expect(callsOf(documentOf<Summary>(outcome)), file).toBe(EXITS);
      }
    },
  );

  it('gzip of many members (rotated logs, joined) is one log', async () => {
    const log = readFileSync(BOOT_LOG);
    const half = log.indexOf(10, log.length >> 1) + 1;
    const bytes = Buffer.concat([gzipSync(log.subarray(0, half)), gzipSync(log.subarray(half))]);
    const outcome = await runsight(['summary', '--json'], { stdin: { bytes } });
    expect(outcome.code).toBe(0);
    const report = documentOf<Summary>(outcome);
    expect(callsOf(report)).toBe(EXITS);
    expect(report.reading).toMatchObject([{ source: '-', compression: 'gzip', bytes: log.length }]);
  });

  it('every byte is in one event, whatever the input', async () => {
    const names = ['binary.log', 'prose.log', 'hostile.log', 'no-gz-in-its-name.txt', 'mixed/deep/notes.md'];
    for (const name of names) {
      const outcome = await runsight(['events', fixtures.path(name)]);
      const size = name.startsWith('no-gz') ? readFileSync(BOOT_LOG).length : readFileSync(fixtures.path(name)).length;
      let end = 0;
      for (const { offset, bytes } of linesOf<{ offset: number; bytes: number }>(outcome)) {
        expect(offset, name).toBe(end);
        end += bytes;
      }
      expect(end, name).toBe(size);
    }
  });

  it('what a cut gzip file held is counted, and only that', async () => {
    const outcome = await runsight(['summary', '--json', fixtures.path('cut.log.gz')]);
    const report = documentOf<Summary>(outcome);
    expect(callsOf(report)).toBeGreaterThan(0);
    expect(callsOf(report)).toBeLessThan(EXITS);
    expect(report.reading[0]?.bytes).toBeGreaterThan(1000);
  });

  it('--input-format overrides what the content says', async () => {
    const [auto, glog, json, text] = await Promise.all(
      ['auto', 'glog', 'json', 'text'].map(async (format) => {
        const outcome = await runsight(['summary', '--json', '--input-format', format, BOOT_LOG]);
        return documentOf<Summary>(outcome).reading[0]?.format;
      }),
    );
    expect({ auto, glog, json, text }).toEqual({ auto: 'glog', glog: 'glog', json: 'json', text: 'text' });
    const forced = await runsight(['events', '--input-format', 'text', fixtures.path('prose.log')]);
    expect(forced.stdout).toMatch('not-a-log');
    const native = await runsight(['events', '--input-format', 'native-strace', fixtures.path('prose.log')]);
    expect(native.code, 'a format that was named is believed').toBe(0);
  });

  describe('without permission', () => {
    const asUser = process.getuid?.() === 0 ? 65534 : undefined;

    it('says which command would read it, and reads the others', async ({ skip }) => {
      const probe = await runsight(['--version'], { uid: asUser }).catch(() => undefined);
      if (probe?.code !== 0) skip('another user cannot read this checkout, so the command cannot be run as one');
      const outcome = await runsight(['summary', fixtures.path('unreadable.log'), fixtures.path('mixed')], {
        uid: asUser,
      });
      expect(outcome.code).toBe(3);
      expect(outcome.stdout).toMatch(SEEN[0] ?? '');
      expect(outcome.stderr).toMatch(/unreadable\.log: permission denied/);
      expect(outcome.stderr).toMatch(/sudo cat \S*unreadable\.log \| runsight \w+/);
    });
  });
});
