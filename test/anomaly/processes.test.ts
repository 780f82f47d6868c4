/** Processes that come and go for long: whose child each is, also where ids are given again. */
import { expect, it } from 'vitest';
import { findingsOf } from './scanning.js';

const RULES = `rules:
  - id: probe
    title: Probe
    severity: low
    when: syscall == openat and ok and target == "/probe"
    message: '{program.name} of {parent.exe}'
    key: [pid]
`;
const tag = (pid: number): string => `[${String(pid).padStart(4)}:${String(pid).padStart(4)}]`;
const fork = (child: number | string): string => `[   1:   1] sh X fork() = ${child} (0x0) (10µs)`;
const probe = (pid: number): string =>
  `${tag(pid)} sh X openat(AT_FDCWD /, 0x7f /probe, O_RDONLY|0x0, 0o0) = 3 (0x3) (10µs)`;
const execve = (pid: number, path: string): string =>
  `${tag(pid)} sh X execve(0x7f ${path}, 0x7f ["${path}"], 0x7f []) = 0 (0x0) (10µs)`;
const END = (pid: number): string => `${tag(pid)} sh E exit_group(0x0)`;
const FIRST = ['EXEC: [/bin/first]', '[   1:   1] first E getpid()', '[   1:   1] first X getpid() = 1 (0x1) (1µs)'];

it('knows the parent of a child that comes after many which wrote no record', async () => {
  const forks = Array.from({ length: 8 }, (_, at) => `x9999: ${fork(`${at + 1}0{n}`)}`);
  const findings = await findingsOf(RULES, [...FIRST, ...forks, fork(7), probe(7)].join('\n'));
  expect(findings.map(({ cause }) => cause)).toEqual(['first of /bin/first']);
});

it('knows that an id was given again', async () => {
  const lines = [...FIRST, fork(7), execve(7, '/bin/one'), END(7), fork(7), probe(7)];
  const findings = await findingsOf(RULES, lines.join('\n'));
  expect(findings.map(({ cause }) => cause)).toEqual(['first of /bin/first']);
});

it('knows of times of files what the process itself looked at, and those that it comes of before', async () => {
  const rules = `rules:
  - id: back
    title: Back
    severity: low
    when: syscall == utimensat and backdated
    message: '{pid}'
`;
  const look = (pid: number, path: string, year: number): string =>
    `${tag(pid)} sh X newfstatat(AT_FDCWD /, 0x7f ${path}, 0x7f {dev=9, ino=3, mode=S_IFREG|0o644, atime=${year}-01-01 00:00:00 +0000 UTC, mtime=2010-01-01 00:00:00 +0000 UTC, ctime=2010-01-01 00:00:00 +0000 UTC}, 0x0) = 0 (0x0) (10µs)`;
  const set = (pid: number, year: number): string =>
    `${tag(pid)} sh X utimensat(AT_FDCWD /, 0x7f /new, 0x7f {sec=${Date.UTC(year) / 1000} nsec=0}, 0x0) = 0 (0x0) (10µs)`;
  const forked = [look(1, '/before', 2098), fork(7), `${tag(7)} sh X getpid() = 7 (0x7) (1µs)`];
  const lines = [...FIRST, ...forked, look(1, '/after', 2099), set(7, 2099), set(1, 2099), set(7, 2098)];
  const findings = await findingsOf(rules, lines.join('\n'));
  expect(findings.map(({ cause, count }) => [cause, count]).toSorted()).toEqual([
    ['1', 1],
    ['7', 1],
  ]);
});

it.each([
  [
    'a file in memory',
    ['memfd_create(0x7f kworker, 0x0) = 3 (0x3) (1µs)', 'execve(0x7f /proc/self/fd/3'],
    '/memfd:kworker',
  ],
  ['one without a name', ['memfd_create(0x7f , 0x0) = 3 (0x3) (1µs)', 'execve(0x7f /dev/fd/3'], '/memfd:'],
  [
    'one by the number of the process, after a dup',
    [
      'memfd_create(0x7f a, 0x0) = 3 (0x3) (1µs)',
      'dup(0x3 /memfd:a (deleted)) = 7 (0x7) (1µs)',
      'execve(0x7f /proc/5/task/5/fd/7',
    ],
    '/memfd:a',
  ],
  ['one that the exec prints', ['execveat(0x3 /memfd:b (deleted), 0x7f '], '/memfd:b'],
  [
    'a file on disk',
    ['openat(AT_FDCWD /, 0x7f /srv/tool, O_RDONLY|0x0, 0o0) = 3 (0x3) (1µs)', 'execve(0x7f /proc/thread-self/fd/3'],
    '/srv/tool',
  ],
  ['what is not known', ['execve(0x7f /proc/self/fd/9'], '/proc/self/fd/9'],
])('a program that is executed by its descriptor is %s', async (_, calls, exe) => {
  const rules = `rules: [{ id: started, title: t, severity: low, on: exec, when: pid == 5, message: '{program.name} {exe}' }]`;
  const end = ', 0x7f ["[kw]"], 0x7f []) = 0 (0x0) (1µs)';
  const lines = calls.map((call) => `[   5:   5] py X ${call}${call.includes(' = ') ? '' : end}`);
  const findings = await findingsOf(rules, lines.join('\n'));
  const name = exe.startsWith('/proc/') ? 'fd/9' : exe.slice(exe.lastIndexOf('/') + 1);
  expect(findings.map(({ cause, process }) => [cause, process.program])).toEqual([[`${name} ${exe}`, exe]]);
});
