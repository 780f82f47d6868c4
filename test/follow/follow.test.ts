/** What `follow` tells while logs grow is what the other commands say of the same bytes at rest, whatever happens to the files. */
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose.js';
import { UserError } from '../../src/errors.js';
import { follow } from '../../src/follow.js';
import { Follower } from '../../src/follow/follower.js';
import { LossTeller } from '../../src/follow/losses.js';
import type { FollowRecord, Told } from '../../src/model/follow.js';
import type { DiagnoseReport } from '../../src/model/report.js';
import { liveScans, scan } from '../../src/scan.js';
import { SAMPLES } from '../commands/cli.js';
import { Live, logsOf, newFolder, pause, writePieces } from './live.js';

const FAILED = `${SAMPLES}/release-20240729/bind-source-missing`;
const ATTACK = `${SAMPLES}/release-20240729/attack-reverse-shell`;
const JOB = `${SAMPLES}/release-20240729/healthy-job`;

const said = ({ verdict, findings }: DiagnoseReport): string => `${verdict} ${findings[0]?.rule ?? '-'}`;
const bootOf = (sample: string): { readonly name: string; readonly bytes: Buffer } => {
  const log = logsOf(sample).find(({ name }) => name.includes('boot'));
  if (log === undefined) throw new Error(`no boot log in ${sample}`);
  return log;
};
const linesIn = (bytes: Buffer): number => bytes.toString('latin1').split('\n').length - 1;

/** Samples of all releases with logs that grow, every third of them: each takes a second. */
const replayed = ['release-20211019.0', 'release-20221219', 'release-20240729'].flatMap((release) =>
  readdirSync(join(SAMPLES, release))
    .map((name) => `${release}/${name}`)
    .filter((_, index) => index % 3 === 0),
);

describe('a sandbox that is followed', () => {
  it.concurrent.each(replayed)('fares as at rest: %s', async (sample) => {
    const logs = logsOf(join(SAMPLES, sample));
    const live = await Live.start();
    for (const { name, bytes } of logs) await writePieces(live.path(name), bytes);
    await pause(100);
    await live.end();
    const { report } = await diagnose(live.folder);
    const last = new Map(live.all('verdict').map((one) => [one.sandbox, one]));
    const verdicts = [...last.values()].map(({ diagnosis }) => said(diagnosis));
    if (logs.some(({ bytes }) => bytes.length > 0) && report.reading.length > 0)
      expect(verdicts).toContain(said(report));
    expect([...last.values()].every(({ final }) => final)).toBe(true);
    expect(live.all('loss')).toEqual([]);
    expect(live.all('end')).toHaveLength(1);
    const rest = report.reading.reduce((sum, { records }) => sum + records, 0);
    expect(live.all('end')[0]?.reading.reduce((sum, { records }) => sum + records, 0)).toBe(rest);
    live.remove();
  });

  it('is told of with its cause before anybody asks, and once more when it is final', async () => {
    const live = await Live.start();
    for (const { name, bytes } of logsOf(FAILED)) appendFileSync(live.path(name), bytes);
    expect(await live.until(() => live.all('verdict').some(({ final }) => final))).toBe(true);
    const [first] = live.all('verdict');
    expect(first?.diagnosis.findings[0]?.rule).toBe('mount-source-missing');
    expect(live.all('sandbox').map(({ state }) => state)).toEqual(
      ['created', 'booted', 'ended'].filter((state) => live.all('sandbox').some((one) => one.state === state)),
    );
    await live.end();
    expect(new Set(live.all('verdict').map(({ diagnosis }) => said(diagnosis))).size).toBe(1);
    live.remove();
  });

  it('is told of although its last record ends the file', async () => {
    const live = await Live.start();
    const log = logsOf(FAILED).find(({ name }) => name.includes('gofer')) ?? bootOf(FAILED);
    writeFileSync(live.path(log.name), log.bytes.subarray(0, log.bytes.lastIndexOf(10, log.bytes.length - 2) + 1));
    await pause(300);
    appendFileSync(live.path(log.name), log.bytes.subarray(log.bytes.lastIndexOf(10, log.bytes.length - 2) + 1));
    expect(await live.until(() => live.all('verdict').length > 0)).toBe(true);
    await live.end();
    live.remove();
  });

  it('is read again where a record went on behind what was taken for its end', async () => {
    const { name, bytes } = bootOf(`${SAMPLES}/release-20240729/bind-source-missing`);
    const live = await Live.start();
    // in the midst of the spec, which is one record of many lines
    const cut = bytes.indexOf('\n', bytes.indexOf('"ociVersion"')) + 1;
    expect(cut).toBeGreaterThan(1);
    writeFileSync(live.path(name), bytes.subarray(0, cut));
    await pause(400);
    appendFileSync(live.path(name), bytes.subarray(cut));
    await pause(200);
    await live.end();
    const { report } = await diagnose(live.folder);
    expect(live.all('end')[0]?.reading.map(({ events }) => events)).toEqual(report.reading.map(({ events }) => events));
    live.remove();
  });
});

describe('findings', () => {
  it.each([ATTACK, `${SAMPLES}/release-20240729/attack-dropped-program`])(
    'are those of scan, each told once: %s',
    async (sample) => {
      const live = await Live.start({ minSeverity: 'medium' });
      const { name, bytes } = bootOf(sample);
      await writePieces(live.path(name), bytes);
      await live.until(() => live.all('finding').length > 0);
      await live.end();
      const { report } = await scan(live.folder, { minSeverity: 'medium' });
      const told = live.all('finding').filter(({ what }) => what === 'new' || what === 'changed');
      const explained = new Set(
        live
          .all('finding')
          .filter(({ what }) => what === 'explained')
          .map(({ id }) => id),
      );
      const left = [...new Map(told.map((one) => [one.id, one])).values()].filter(({ id }) => !explained.has(id));
      expect(left.map(({ finding }) => finding.rule).toSorted()).toEqual(
        report.findings.map(({ rule }) => rule).toSorted(),
      );
      live.remove();
    },
  );

  it('and verdicts are not told twice by a run that goes on where another was killed', async () => {
    const folder = newFolder();
    const state = join(dirname(folder), 'state.json');
    const { name, bytes } = bootOf(ATTACK);
    const first = await Live.start({ minSeverity: 'medium', state }, folder);
    appendFileSync(first.path(name), bytes);
    await first.until(() => first.all('finding').length > 0);
    await pause(1300);
    const before = readFileSync(state, 'utf8');
    const found = first.all('finding').length;
    expect(found).toBeGreaterThan(0);
    await first.end();
    // as kill -9 would have left it
    writeFileSync(state, before);
    const second = await Live.start({ minSeverity: 'medium', state }, folder);
    await pause(1500);
    for (const log of logsOf(FAILED)) appendFileSync(second.path(log.name), log.bytes);
    await second.until(() => second.all('verdict').length > 0);
    await second.end();
    const ids = first.all('finding').map(({ id, what }) => `${id} ${what}`);
    expect(second.all('finding').filter(({ id, what }) => what === 'new' && ids.includes(`${id} new`))).toEqual([]);
    expect(second.all('verdict').map(({ diagnosis }) => diagnosis.findings[0]?.rule)).toContain('mount-source-missing');
    second.remove();
  });
});

describe('a run that goes on', () => {
  it.each([
    { what: 'renamed', act: (from: string, to: string) => renameSync(from, to) },
    {
      what: 'copied and emptied',
      act(from: string, to: string) {
        copyFileSync(from, to);
        truncateSync(from, 0);
      },
    },
  ])('tells no finding of a file again that was $what meanwhile', async ({ act }) => {
    const folder = newFolder();
    const state = join(dirname(folder), 'state.json');
    const { name, bytes } = bootOf(ATTACK);
    writeFileSync(join(folder, name), bytes);
    const first = await Live.start({ minSeverity: 'medium', state }, folder);
    await first.until(() => first.all('finding').length > 0);
    await pause(500);
    await first.end();
    expect(first.all('finding').length).toBeGreaterThan(0);
    act(join(folder, name), join(folder, `${name}.1`));
    const second = await Live.start({ minSeverity: 'medium', state }, folder);
    await pause(1000);
    await second.end();
    expect(second.all('finding')).toEqual([]);
    expect(second.all('verdict')).toEqual([]);
    expect(second.all('sandbox')).toEqual([]);
    second.remove();
  });

  it('tells what happened while nobody followed', async () => {
    const folder = newFolder();
    const state = join(dirname(folder), 'state.json');
    const first = await Live.start({ from: 'end', state }, folder);
    await pause(300);
    await first.end();
    for (const log of logsOf(FAILED)) writeFileSync(join(folder, log.name), log.bytes);
    const second = await Live.start({ from: 'end', state }, folder);
    expect(await second.until(() => second.all('verdict').some(({ final }) => final))).toBe(true);
    await second.end();
    const third = await Live.start({ from: 'end', state }, folder);
    await pause(900);
    await third.end();
    expect(third.all('verdict')).toEqual([]);
    third.remove();
  });

  it('beside a sandbox that runs, ends with it', async () => {
    const folder = newFolder();
    const logs = logsOf(`${SAMPLES}/release-20240729/healthy-job`);
    const cut = (bytes: Buffer): number => bytes.lastIndexOf(10, bytes.indexOf('application exiting')) + 1;
    for (const { name, bytes } of logs)
      writeFileSync(
        join(folder, name),
        name.includes('boot') ? bytes.subarray(0, cut(bytes)) : bytes.subarray(0, bytes.length >> 1),
      );
    const live = await Live.start({ from: 'end', untilExit: true }, folder);
    await pause(1500);
    expect(live.all('verdict')).toEqual([]);
    for (const { name, bytes } of logs)
      appendFileSync(
        join(folder, name),
        name.includes('boot') ? bytes.subarray(cut(bytes)) : bytes.subarray(bytes.length >> 1),
      );
    expect(await live.until(() => live.all('end').length > 0)).toBe(true);
    expect(live.all('verdict').at(-1)?.diagnosis.verdict).toBe('healthy');
    expect(live.all('end')[0]?.reason).toBe('until');
    live.remove();
  });
});

describe('a file', () => {
  /** Parts of a log, each of whole lines. */
  const parts = (bytes: Buffer, count: number): readonly Buffer[] => {
    const cuts = Array.from(
      { length: count - 1 },
      (_, index) => bytes.indexOf(10, Math.floor((bytes.length * (index + 1)) / count)) + 1,
    );
    return [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index] ?? bytes.length));
  };
  const linesRead = (live: Live): number =>
    live.all('end')[0]?.reading.reduce((sum, { lines }) => sum + lines, 0) ?? -1;
  const { name, bytes } = bootOf(JOB);

  it.each([
    {
      what: 'that is renamed is followed under its new name, and another one under the old name is another one',
      async act(live: Live, [one, two, three]: readonly Buffer[]) {
        writeFileSync(live.path(name), one as Buffer);
        await pause(200);
        renameSync(live.path(name), live.path(`${name}.1`));
        appendFileSync(live.path(`${name}.1`), two as Buffer);
        writeFileSync(live.path(name), three as Buffer);
      },
    },
    {
      what: 'that is copied and emptied goes on, and its copy is not read',
      async act(live: Live, [one, two, three]: readonly Buffer[]) {
        writeFileSync(live.path(name), one as Buffer);
        await pause(200);
        appendFileSync(live.path(name), two as Buffer);
        copyFileSync(live.path(name), live.path(`${name}.1`));
        truncateSync(live.path(name), 0);
        appendFileSync(live.path(name), three as Buffer);
      },
    },
    {
      what: 'that is deleted is read to its end',
      async act(live: Live, [one, two, three]: readonly Buffer[]) {
        writeFileSync(live.path(name), Buffer.concat([one as Buffer, two as Buffer]));
        await pause(200);
        rmSync(live.path(name));
        await pause(200);
        writeFileSync(live.path(name), three as Buffer);
      },
    },
    {
      what: 'in a folder that vanishes and comes back is found again',
      async act(live: Live, [one, two, three]: readonly Buffer[]) {
        writeFileSync(live.path(name), one as Buffer);
        await pause(300);
        rmSync(live.folder, { recursive: true });
        await pause(300);
        mkdirSync(live.folder);
        writeFileSync(live.path('b.boot.txt'), two as Buffer);
        writeFileSync(live.path('c.boot.txt'), three as Buffer);
        await live.until(() => false, 2500);
      },
    },
  ])('$what', async ({ act }) => {
    for (const isPolling of [false, true]) {
      const live = await Live.start({ isPolling });
      await act(live, parts(bytes, 3));
      await pause(400);
      await live.end();
      expect(linesRead(live)).toBe(linesIn(bytes));
      expect(live.all('loss')).toEqual([]);
      live.remove();
    }
  });

  it('that cannot be read is told once, and the others are followed', async () => {
    const live = await Live.start();
    writeFileSync(live.path('folder-name.boot.txt'), '');
    mkdirSync(live.path('deep'));
    writeFileSync(live.path(`deep/${name}`), bytes);
    writeFileSync(live.path('old.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]));
    await pause(300);
    await live.end();
    expect(linesRead(live)).toBe(linesIn(bytes));
    live.remove();
  });

  it.skipIf(process.getuid?.() === 0)('of somebody else (skipped as root, who reads all)', async () => {
    const live = await Live.start();
    writeFileSync(live.path(name), bytes);
    chmodSync(live.path(name), 0);
    await pause(300);
    await live.end();
    expect(live.all('loss').map(({ why }) => why)).toEqual([expect.stringContaining('permission denied')]);
    live.remove();
  });

  it('that does not exist yet is waited for, and so is its folder', async () => {
    const folder = newFolder();
    const live = await Live.start({}, join(folder, 'later', name));
    mkdirSync(join(folder, 'later'));
    writeFileSync(join(folder, 'later', name), bytes);
    await live.until(() => live.records.length > 0, 3000);
    await live.end();
    expect(linesRead(live)).toBe(linesIn(bytes));
    rmSync(dirname(folder), { recursive: true });
  });

  it('that is no log does not get into the way of one', async () => {
    const live = await Live.start();
    const prose = Buffer.from('a sentence about nothing that a program wrote\n'.repeat(3000));
    writeFileSync(live.path('aaa.txt'), prose);
    await pause(200);
    for (let at = 0; at < bytes.length; at += 4000) {
      appendFileSync(live.path(name), bytes.subarray(at, at + 4000));
      appendFileSync(live.path('aaa.txt'), prose.subarray(0, 2000));
      await pause(2);
    }
    await pause(300);
    await live.end();
    expect(linesRead(live)).toBe(linesIn(bytes));
    live.remove();
  });

  it('that is larger than what is read of one that was there is read once, its head and its end', async () => {
    const folder = newFolder();
    const line = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
    writeFileSync(join(folder, name), Buffer.concat(Array.from({ length: Math.ceil(9e6 / line.length) }, () => line)));
    const live = await Live.start({ from: 'end' }, folder);
    await pause(1500);
    await live.end();
    const read = live.all('end')[0]?.reading.reduce((sum, one) => sum + one.bytes, 0) ?? 0;
    expect(read).toBeGreaterThan(4_000_000);
    expect(read).toBeLessThan(4_400_000);
    live.remove();
  });

  it('of before is only gone on with where nobody asks for its beginning', async () => {
    const folder = newFolder();
    for (const log of logsOf(FAILED)) writeFileSync(join(folder, log.name), log.bytes);
    const live = await Live.start({ from: 'end' }, folder);
    await pause(600);
    await live.end();
    expect(live.all('verdict')).toEqual([]);
    live.remove();
  });
});

describe('a pipe', () => {
  it('is followed to its end, and `tail -F` of several files is parted', async () => {
    const logs = logsOf(FAILED).filter(({ bytes }) => bytes.at(-1) === 10);
    const stdin = new PassThrough();
    const records: FollowRecord[] = [];
    const { ended } = await follow('-', (record) => void records.push(record), { stdin, minSeverity: 'off' });
    logs.forEach(({ name, bytes }, index) => {
      stdin.write(`${index === 0 ? '' : '\n'}==> /tmp/runsc/${name} <==\n`);
      stdin.write(bytes);
    });
    stdin.end();
    expect(await ended).toBe(true);
    const verdicts = records.flatMap((record) => (record.type === 'verdict' ? [record] : []));
    expect(verdicts.at(-1)?.diagnosis.findings[0]?.rule).toBe('mount-source-missing');
    const [end] = records.flatMap((record) => (record.type === 'end' ? [record] : []));
    expect(end?.reason).toBe('closed');
    expect(end?.reading.map(({ source }) => source)).toEqual(logs.map(({ name }) => `/tmp/runsc/${name}`));
    expect(end?.reading.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(
      logs.reduce((sum, { bytes }) => sum + bytes.length, 0),
    );
  });
});

describe('forged records in a pipe', () => {
  it('are found late, and what was taken for true is read again', async () => {
    const forged = `${SAMPLES}/release-20240729/forged-text`;
    const { bytes } = bootOf(forged);
    async function* chunks(): AsyncGenerator<Buffer> {
      yield bytes;
    }
    const { report } = await diagnose(chunks());
    const stdin = new PassThrough();
    const records: FollowRecord[] = [];
    const { ended } = await follow('-', (record) => void records.push(record), { stdin, minSeverity: 'off' });
    for (let at = 0; at < bytes.length; at += 3000) {
      stdin.write(bytes.subarray(at, at + 3000));
      await pause(2);
    }
    stdin.end();
    await ended;
    const verdict = records.flatMap((record) => (record.type === 'verdict' ? [record] : [])).at(-1);
    expect(verdict && said(verdict.diagnosis)).toBe(said(report));
    const [end] = records.flatMap((record) => (record.type === 'end' ? [record] : []));
    expect(end?.reading[0]?.forged).toBe(report.reading[0]?.forged);
  });
});

describe('a line like those of `tail`', () => {
  it('parts a stream only behind a blank line, or with a name that came before', async () => {
    const { bytes } = bootOf(JOB);
    const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
    const stdin = new PassThrough();
    const records: FollowRecord[] = [];
    const { ended } = await follow('-', (record) => void records.push(record), { stdin, minSeverity: 'off' });
    stdin.write('==> /logs/a <==\n');
    stdin.write(whole);
    stdin.write('==> /logs/forged <==\n');
    stdin.write(whole);
    stdin.write('\n==> /logs/b <==\n');
    stdin.write(whole);
    stdin.write('==> /logs/a <==\n');
    stdin.write(whole);
    stdin.end();
    await ended;
    const [end] = records.flatMap((record) => (record.type === 'end' ? [record] : []));
    expect(end?.reading.map(({ source, lines }) => [source, lines])).toEqual([
      ['/logs/a', 3 * linesIn(whole) + 1],
      ['/logs/b', linesIn(whole)],
    ]);
  });
});

describe('what was there before anybody asked', () => {
  it('does not silence what begins while it is read', async () => {
    const folder = newFolder();
    const { bytes } = bootOf(JOB);
    for (let at = 0; at < 4; at++)
      writeFileSync(join(folder, `${at}.boot.txt`), Buffer.concat(Array(Math.floor(7e6 / bytes.length)).fill(bytes)));
    const live = await Live.start({ from: 'end' }, folder);
    for (const log of logsOf(FAILED)) writeFileSync(join(folder, log.name), log.bytes);
    expect(await live.until(() => live.all('verdict').some(({ final }) => final))).toBe(true);
    expect(live.all('verdict').map(({ diagnosis }) => diagnosis.findings[0]?.rule)).toContain('mount-source-missing');
    expect(live.all('verdict').flatMap(({ diagnosis }) => diagnosis.reading.map(({ source }) => source))).not.toContain(
      join(folder, '0.boot.txt'),
    );
    await live.end();
    live.remove();
  });
});

describe('what rules had to forget', () => {
  it('is told as a loss, and counted', async () => {
    const folder = newFolder();
    const { name, bytes } = bootOf(JOB);
    writeFileSync(join(folder, name), bytes);
    const start = await liveScans({ minSeverity: 'high' });
    const told: Told[] = [];
    const losses = new LossTeller();
    const follower = new Follower({
      root: folder,
      from: 'start',
      untilExit: false,
      recorder: 0,
      redact: true,
      isPolling: false,
      losses,
      startScan: () => ({ ...start(), dropped: () => ({ paths: 3 }) }),
      tell: (one) => void told.push(one),
    });
    const ended = follower.run();
    await pause(600);
    follower.stop();
    await ended;
    expect(told.flatMap((one) => (one.type === 'loss' ? [`${one.count} ${one.why}`] : []))).toEqual([
      expect.stringMatching(/^3 paths that rules had to forget/),
    ]);
    expect(losses.total).toBe(3);
    rmSync(dirname(folder), { recursive: true });
  });
});

describe('files that are written', () => {
  it.each([
    { what: 'both the same', state: 'x', metrics: 'x' },
    { what: 'the followed one', state: 'runsc/a.boot.txt' },
    { what: 'the followed one, by a link', metrics: 'link' },
    { what: 'some other file', metrics: 'prose' },
  ])('$what: refused', async ({ state, metrics }) => {
    const folder = newFolder();
    const log = join(folder, 'a.boot.txt');
    writeFileSync(log, bootOf(JOB).bytes);
    symlinkSync(log, join(dirname(folder), 'link'));
    writeFileSync(join(dirname(folder), 'prose'), 'a sentence');
    const at = (name: string | undefined): string | undefined => name && join(dirname(folder), name);
    const asked = { state: at(state), metrics: at(metrics) };
    await expect(
      follow(log, () => undefined, {
        ...(asked.state === undefined ? {} : { state: asked.state }),
        ...(asked.metrics === undefined ? {} : { metrics: asked.metrics }),
      }),
    ).rejects.toThrow(UserError);
    rmSync(dirname(folder), { recursive: true });
  });
});

describe('beside findings', () => {
  it('a task that does not come back is told once; one that sleeps is not', async () => {
    const live = await Live.start({ stuck: 300 });
    const time = 'D1123 22:01:14.834607       1 strace.go:599]';
    const { bytes } = bootOf(JOB);
    const banner = bytes.subarray(0, bytes.indexOf(' E ', 0) > 0 ? bytes.lastIndexOf(10, bytes.indexOf(' E ')) + 1 : 0);
    writeFileSync(
      live.path('x.boot.txt'),
      `${banner.toString()}${time} [   1:   1] sh E openat(AT_FDCWD /, 0x7f0 /mnt/slow, O_RDONLY, 0o0)\n${time} [   2:   2] sleep E nanosleep(0x7f0 {sec=100 nsec=0}, null)\n`,
    );
    await live.until(() => live.all('stuck').length > 0, 4000);
    await pause(500);
    await live.end();
    expect(live.all('stuck').map(({ name, task, comm }) => ({ name, task, comm }))).toEqual([
      { name: 'openat', task: { tgid: 1, tid: 1 }, comm: 'sh' },
    ]);
    live.remove();
  });

  it('the summaries of all intervals add up to the calls of the log', async () => {
    const live = await Live.start({ summaryEvery: 150 });
    const { name, bytes } = bootOf(JOB);
    const half = bytes.lastIndexOf(' X ', bytes.lastIndexOf(' X ') - 4000);
    await writePieces(live.path(name), bytes.subarray(0, half));
    await live.until(() => live.all('summary').length > 0);
    await writePieces(live.path(name), bytes.subarray(half));
    await pause(300);
    await live.end();
    const exits = live.all('end')[0]?.reading[0]?.events['syscall-exit'];
    expect(live.all('summary').length).toBeGreaterThan(1);
    expect(live.all('summary').reduce((sum, { summary }) => sum + summary.totals.calls, 0)).toBe(exits);
    live.remove();
  });

  it('a program gets each failure as JSON on its standard input, and nothing in its arguments', async () => {
    const folder = newFolder();
    const out = join(dirname(folder), 'out.txt');
    const program = join(dirname(folder), 'hook.sh');
    writeFileSync(program, `#!/bin/sh\necho "args: $*" >> ${out}\ncat >> ${out}\n`, { mode: 0o755 });
    const live = await Live.start({ exec: [program, 'fixed'] }, folder);
    for (const log of logsOf(FAILED)) writeFileSync(live.path(log.name), log.bytes);
    await live.until(() => existsSync(out) && readFileSync(out, 'utf8').includes('verdict'));
    await live.end();
    const [args, json = ''] = readFileSync(out, 'utf8').split('\n');
    expect(args).toBe('args: fixed');
    expect((JSON.parse(json) as FollowRecord).type).toBe('verdict');
    live.remove();
  });

  const promtool = spawnSync('promtool', ['--version']).status === 0;
  it('counters are written as text that Prometheus reads', async () => {
    const folder = newFolder();
    const metrics = join(dirname(folder), 'runsight.prom');
    const live = await Live.start({ metrics, minSeverity: 'medium' }, folder);
    const { name, bytes } = bootOf(ATTACK);
    writeFileSync(live.path(name), bytes);
    await pause(500);
    await live.end();
    const text = readFileSync(metrics, 'utf8');
    expect(text).toContain(`runsight_read_bytes_total ${bytes.length}\n`);
    expect(text).toMatch(/^runsight_findings_total\{rule="shell-stdio-socket",severity="critical"\} 1$/m);
    expect(
      text
        .split('\n')
        .filter(
          (line) =>
            line !== '' &&
            !/^(?:# (?:HELP|TYPE) runsight_\w+ .+|runsight_\w+(?:\{(?:\w+="[^"\n]*",?)+\})? \d+)$/.test(line),
        ),
    ).toEqual([]);
    if (promtool) expect(spawnSync('promtool', ['check', 'metrics'], { input: text }).status).toBe(0);
    expect(statSync(metrics).isFile()).toBe(true);
    live.remove();
  });

  it('a failure comes with the last records of its tasks', async () => {
    const live = await Live.start({ recorder: 3 });
    for (const { name, bytes } of logsOf(
      `${SAMPLES}/release-20240729/${readdirSync(`${SAMPLES}/release-20240729`).find((one) => one.startsWith('app-')) ?? 'exit-status'}`,
    ))
      writeFileSync(live.path(name), bytes);
    await live.until(() => live.all('verdict').length > 0, 4000);
    await live.end();
    const [verdict] = live.all('verdict');
    expect(verdict?.recorder?.[0]?.records.length).toBeGreaterThan(0);
    expect(verdict?.recorder?.every(({ records }) => records.length <= 3)).toBe(true);
    live.remove();
  });
});
