/** Which processes belong to one life of one sandbox, on one clock, whatever their files are called. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose.js';
import { selectFiles } from '../../src/select.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groups-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const STARS = '***************************';

/** A log of one process: `HH:MM:SS.mmm message` a line; its arguments stand in a banner. */
function log(pid: number, lines: readonly string[]): string {
  return lines
    .map((line) => {
      const [time = '', ...words] = line.split(' ');
      const header = `I0410 ${time}000 ${String(pid).padStart(7)} main.go:1]`;
      const message = words.join(' ');
      return message.startsWith('Args: ')
        ? [STARS, message, STARS].map((one) => `${header} ${one}\n`).join('')
        : `${header} ${message}\n`;
    })
    .join('');
}

type Files = Readonly<Record<string, string>>;

async function sandboxesOf(files: Files) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { report } = await diagnose([folder]);
  return report;
}
const membersOf = (report: Awaited<ReturnType<typeof sandboxesOf>>): readonly (readonly string[])[] =>
  report.sandboxes.map(({ files }) => files.map((file) => basename(file)));

const FATAL =
  'FATAL ERROR: creating container: cannot create sandbox: cannot read client sync file: waiting for sandbox to start: EOF';

it('an id that is used again after its container was deleted begins another life', async () => {
  const report = await sandboxesOf({
    'a.create.log': log(7, [
      '10:00:00.000 Args: [runsc create --bundle /b/web web]',
      '10:00:00.500 Exiting with status: 0',
    ]),
    'a.delete.log': log(8, ['10:00:05.000 Args: [runsc delete web]', '10:00:05.100 Exiting with status: 0']),
    'b.create.log': log(9, ['10:01:00.000 Args: [runsc create --bundle /b/web web]', `10:01:00.500 ${FATAL}`]),
    'b.gofer.log': log(1, ['10:01:00.100 Args: [runsc-gofer gofer --bundle /b/web]']),
  });
  expect(membersOf(report)).toEqual([
    ['b.create.log', 'b.gofer.log'],
    ['a.create.log', 'a.delete.log'],
  ]);
  expect(report.sandboxes.map((one) => one.verdict)).toEqual(['inconclusive', 'healthy']);
});

it('a second create under an id in use belongs to the life that has it', async () => {
  const report = await sandboxesOf({
    'a.create.log': log(7, ['10:00:00.000 Args: [runsc create web]', '10:00:00.500 Exiting with status: 0']),
    'b.create.log': log(9, [
      '10:00:30.000 Args: [runsc create web]',
      '10:00:30.100 FATAL ERROR: creating container: container already exists',
    ]),
  });
  expect(report.sandboxes).toHaveLength(1);
});

it('a gofer and a program started by do go to the start that shares their stamp, or the nearest before them', async () => {
  const report = await sandboxesOf({
    'runsc.log.20260410-100000.000100.do.txt': log(7, [
      '10:00:00.000 Args: [runsc do /bin/a]',
      '10:00:00.050 Create container, cid: runsc-1, rootDir: "/r"',
    ]),
    'runsc.log.20260410-100000.000100.gofer.txt': log(1, ['10:00:00.100 Args: [runsc-gofer gofer --bundle /tmp/x1]']),
    'runsc.log.20260410-100001.000100.do.txt': log(8, [
      '10:00:01.000 Args: [runsc do /bin/b]',
      '10:00:01.050 Create container, cid: runsc-2, rootDir: "/r"',
    ]),
    'runsc.log.20260410-100001.000400.gofer.txt': log(1, ['10:00:01.100 Args: [runsc-gofer gofer --bundle /tmp/x2]']),
  });
  expect(membersOf(report)).toEqual([
    ['runsc.log.20260410-100001.000100.do.txt', 'runsc.log.20260410-100001.000400.gofer.txt'],
    ['runsc.log.20260410-100000.000100.do.txt', 'runsc.log.20260410-100000.000100.gofer.txt'],
  ]);
});

it('containers of a pod share the sandbox that their create names', async () => {
  const report = await sandboxesOf({
    'pod.create.log': log(7, ['10:00:00.000 Args: [runsc create pause]', '10:00:00.100 Exiting with status: 0']),
    'app.create.log': log(8, [
      '10:00:02.000 Args: [runsc create app]',
      '10:00:02.100 Creating new container, cid: app, sandbox: pause',
    ]),
    'other.create.log': log(9, ['10:00:03.000 Args: [runsc create other]', '10:00:03.100 Exiting with status: 0']),
  });
  expect(report.sandboxes.map((one) => [one.id, one.containers])).toEqual([
    ['other', ['other']],
    ['pause', ['pause', 'app']],
  ]);
});

it('a boot process that writes another zone is put on the clock of the command that started it', async () => {
  const report = await sandboxesOf({
    'a.run.log': log(7, [
      '10:00:00.000 Args: [runsc run --bundle /b/web web]',
      '10:00:00.300 Sandbox started, PID: 77',
      '10:00:02.000 Exiting with status: 0',
    ]),
    'a.boot.log': log(77, [
      '04:30:00.400 Args: [runsc-sandbox boot --bundle=/b/web web]',
      '04:30:00.900 Process should have started...',
    ]),
  });
  const [web] = report.sandboxes;
  expect(web?.clocks).toEqual(['boot (a.boot.log) is 330 min behind']);
  expect(web?.timeline.map(({ after_ms: after, what }) => [after, what])).toEqual([
    [0, 'run begins'],
    [300, 'the sandbox process is started'],
    [400, 'boot begins'],
    [900, 'the sandbox runs the program'],
  ]);
});

it('a gofer that changes its zone in mid-file is followed', async () => {
  const report = await sandboxesOf({
    'runsc.log.20260410-100000.000100.run.txt': log(7, [
      '10:00:00.000 Args: [runsc run --bundle /b/web web]',
      '10:00:00.900 Exiting with status: 0',
    ]),
    'runsc.log.20260410-100000.000200.gofer.txt': log(1, [
      '10:00:00.100 Args: [runsc-gofer gofer --bundle /b/web]',
      '08:00:00.200 Gofer started',
      '08:00:00.800 All gofer work done',
    ]),
  });
  expect(report.sandboxes[0]?.clocks).toEqual([
    'gofer (runsc.log.20260410-100000.000200.gofer.txt) is 2 h behind from line 4 on',
  ]);
});

it('a pause of hours later in a file is a pause, and so is one that is no quarter of an hour', async () => {
  const report = await sandboxesOf({
    'a.run.log': log(7, ['10:00:00.000 Args: [runsc run web]', '10:07:03.000 Exiting with status: 0']),
  });
  expect(report.sandboxes[0]?.clocks).toEqual([]);
});

it('each failure of several is judged by itself, and the newest leads', async () => {
  const report = await sandboxesOf({
    'a.create.log': log(7, [
      '10:00:00.000 Args: [runsc create old]',
      '10:00:00.500 FATAL ERROR: reading spec: Mount.Destination must be an absolute path: &{data bind /tmp [rbind ro] [] []}',
    ]),
    'b.create.log': log(8, ['10:01:00.000 Args: [runsc create new]', `10:01:00.500 ${FATAL}`]),
    'c.create.log': log(9, ['10:02:00.000 Args: [runsc create fine]', '10:02:00.500 Exiting with status: 0']),
  });
  expect(report.sandboxes.map((one) => [one.id, one.verdict])).toEqual([
    ['fine', 'healthy'],
    ['new', 'inconclusive'],
    ['old', 'failed-start'],
  ]);
  expect(report.verdict).toBe('failed-start');
  expect(report.headline).toMatch(/^Container old did not start: .*\(1 of 3 sandboxes failed\)$/);
  expect(report.findings.map(({ sandbox, rule }) => [sandbox, rule])).toEqual([
    ['old', 'mount-destination-relative'],
    ['new', 'start-echo'],
  ]);
  // the end of file in another sandbox is no echo of this cause
  expect(report.findings[0]?.echoes).toEqual([]);
});

it('of hundreds of files the newest sandboxes are read, those that are asked for, or all', () => {
  for (let index = 0; index < 400; index++) {
    const minute = String(index % 60).padStart(2, '0');
    const hour = String(10 + Math.floor(index / 60)).padStart(2, '0');
    writeFileSync(
      join(folder, `runsc.log.20260410-${hour}${minute}00.000100.create.txt`),
      log(7, [`${hour}:${minute}:00.000 Args: [runsc create c${index}]`]),
    );
  }
  const read = (selection: Parameters<typeof selectFiles>[1]): number =>
    400 - selectFiles([folder], selection).skip.size;
  expect(read({})).toBe(10);
  expect(selectFiles([folder], {}).left).toEqual({ sandboxes: 390, files: 390 });
  expect(read({ last: 3 })).toBe(3);
  expect(read({ id: 'c39' })).toBe(11);
  expect(read({ all: true })).toBe(400);
  const newest = selectFiles([folder], { last: 1 }).skip;
  expect(newest.has(join(folder, 'runsc.log.20260410-163900.000100.create.txt'))).toBe(false);
});
