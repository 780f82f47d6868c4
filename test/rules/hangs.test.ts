/** What hangs are told with: which task, in which call, on what, for how long, and what the stack of the sentry shows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose.js';

const folder = mkdtempSync(join(tmpdir(), 'hangs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function topOf(log: string) {
  const path = join(folder, 'x.boot.log');
  writeFileSync(path, log);
  const { report } = await diagnose([path]);
  return { verdict: report.verdict, ...report.findings[0] };
}

const REPORT = `W0410 09:15:03.100200       5 watchdog.go:370] Sentry detected 1 stuck task(s):
\tTask tid: 3 (goroutine 61), entered RunSys state 3m10s ago.
Search for 'goroutine <id>' in the stack dump to find the offending goroutine(s):
goroutine 9 [running]:
gvisor.dev/gvisor/pkg/log.Stacks(0x1)
\tpkg/log/log.go:319 +0x67

goroutine 61 [syscall, 3 minutes]:
syscall.Syscall(0x11, 0x22)
\tsyscall/syscall_linux.go:69 +0x27
gvisor.dev/gvisor/pkg/sentry/fsimpl/gofer.(*regularFileFD).PRead(0xc0001, 0x1)
\tpkg/sentry/fsimpl/gofer/regular_file.go:200 +0x1

`;
const ENTER = 'I0410 09:11:53.100200       5 strace.go:570] [   3:   3] cat E fsync(0x3 /mnt/share/db.sqlite)\n';

it('a stuck task is told with its call, its file and where its goroutine stands', async () => {
  const top = await topOf(ENTER + REPORT);
  expect(top).toMatchObject({ verdict: 'hang', rule: 'watchdog-stuck-tasks' });
  expect(top.title).toBe('1 task(s) are stuck inside of the sentry: fsync of /mnt/share/db.sqlite');
  expect(top.cause).toContain('cat (task 3) in fsync of /mnt/share/db.sqlite for 3m10s');
  expect(top.cause).toContain('in a host call below pkg/sentry/fsimpl/gofer.(*regularFileFD).PRead');
  expect(top.cause).toContain('does not answer');
});

it('a call that came back in the end is told so, with its record', async () => {
  const exit =
    'I0410 09:16:23.100200       5 strace.go:605] [   3:   3] cat X fsync(0x3 /mnt/share/db.sqlite) = 0 (0x0) (4m30s)\n';
  const top = await topOf(ENTER + REPORT + exit);
  expect(top.cause).toContain('came back after 270 s');
  expect(top.evidence?.[1]?.text).toContain('cat X fsync');
});

it('threads that wait for a lock each other holds are no deadlock while one of them computes', async () => {
  const wait = (tid: number, lock: string): string =>
    `I0410 09:12:03.00050${tid}       5 strace.go:576] [   1:   ${tid}] app E futex(${lock}, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, 0x2, null, 0x0, 0x0)\n`;
  const busy =
    'I0410 09:12:03.000400       5 strace.go:576] [   1:   4] app E getpid()\nI0410 09:12:03.000450       5 strace.go:576] [   1:   4] app X getpid() = 1 (0x1) (1µs)\n';
  const end = 'I0410 09:12:09.000500       5 watchdog.go:225] Still here\n';
  expect((await topOf(wait(2, '0x10') + wait(3, '0x20') + end)).rule).toBe('tasks-deadlocked');
  expect((await topOf(busy + wait(2, '0x10') + wait(3, '0x20') + end)).rule).not.toBe('tasks-deadlocked');
});

const enter = (at: string, pid: number, comm: string, call: string): string =>
  `I0410 09:12:${at}       5 strace.go:570] [${String(pid).padStart(4)}:${String(pid).padStart(4)}] ${comm} E ${call}\n`;
const exit = (at: string, pid: number, comm: string, call: string): string =>
  enter(at, pid, comm, call).replace(` ${comm} E `, ` ${comm} X `);
const killed = (at: string, pid: number, comm: string, call: string): string =>
  exit(at, pid, comm, `${call} = 0 (0x0) errno=512 (to be restarted if SA_RESTART is set) (5.5s)`);
const still = (at: string): string => `I0410 09:12:${at}       5 watchdog.go:225] Still here\n`;
const ended = (at: string, how: string): string =>
  `I0410 09:12:${at}       5 boot.go:534] application exiting with ${how}\n`;

/** A log that begins with its process, so that it is a life and no excerpt. */
const BEGIN = ['**************** gVisor ****************', 'Args: [runsc-sandbox boot --bundle=/srv/b web]']
  .map((line) => `I0410 09:12:02.000000       5 main.go:199] ${line}\n`)
  .join('');
const wholeOf = (log: string): ReturnType<typeof topOf> => topOf(BEGIN + log);

const SHELL = enter('03.000100', 1, 'sh', 'wait4(-1, 0x7f01, 0x0, 0x0)');
const FIFO = 'openat(AT_FDCWD /, 0x7f01 /run/queue, O_RDONLY|0x0, 0o0)';
const READER = enter('03.000200', 2, 'cat', FIFO);
const SLEEP = enter('03.000300', 3, 'sleep', 'clock_nanosleep(0x0, 0x0, 0x7f01 {sec=30 nsec=0}, null)');

it.each([
  ['nobody else is there', READER, 'hang', 'call-stuck'],
  ['another process waits for a signal', READER + enter('03.000300', 3, 'init', 'pause()'), 'hang', 'call-stuck'],
  ['another process sleeps, and may write to it then', READER + SLEEP, 'healthy', 'end-unknown'],
  [
    'another process waits for a client',
    READER + enter('03.000300', 3, 'web', 'accept4(0x3 socket:[7], null, null, 0x0)'),
    'healthy',
    'end-unknown',
  ],
  [
    'another process computes',
    READER + enter('03.000300', 3, 'web', 'getpid()') + exit('03.000310', 3, 'web', 'getpid() = 3 (0x3) (1µs)'),
    'healthy',
    'end-unknown',
  ],
])('a process that opens a FIFO hangs only where nothing can release it: %s', async (_, waits, verdict, rule) => {
  const top = await wholeOf(SHELL + waits + still('09.000000'));
  expect([top.verdict, top.rule]).toEqual([verdict, rule]);
});

it('a long wait that others may still end is worth a word, and no failure', async () => {
  const top = await wholeOf(SHELL + READER + SLEEP + still('29.000000'));
  expect(top).toMatchObject({ verdict: 'healthy', rule: 'call-stuck', severity: 'low', confidence: 'possible' });
  expect(top.cause).toContain('may release it, or the file system of the host may');
  const hang = await wholeOf(SHELL + READER + still('09.000000'));
  expect(hang.cause).toMatch(/nothing in there can release it any more, only .* or the file system of the host/);
});

it('without the first process in sight nobody knows who may release a wait', async () => {
  expect((await wholeOf(READER + still('09.000000'))).verdict).toBe('healthy');
});

it('a container that ended well did not hang, whatever was given up on the way', async () => {
  const timeout = enter('08.500000', 3, 'timeout', 'kill(0x2, SIGTERM)') + killed('08.500100', 2, 'cat', FIFO);
  const log = SHELL + READER + timeout;
  expect((await wholeOf(log + ended('09.000000', 'exit status 0'))).verdict).toBe('healthy');
  const failed = await wholeOf(log + ended('09.000000', 'exit status 143'));
  expect(failed).toMatchObject({ verdict: 'hang', rule: 'call-stuck' });
  expect(failed.cause).toContain('timeout [3] gave it up with SIGTERM');
});

it('processes that hold each other’s locks hang, though the end of one released the other', async () => {
  const flock = (pid: number, path: string): string => `flock(0x${pid} ${path}, 0x2)`;
  const log =
    enter('03.000100', 1, 'app', flock(1, '/run/b')) +
    enter('03.000200', 2, 'app', flock(2, '/run/a')) +
    killed('09.000000', 1, 'app', flock(1, '/run/b')) +
    exit('09.000100', 2, 'app', `${flock(2, '/run/a')} = 0 (0x0) (5.9s)`) +
    ended('09.000300', 'killed by signal 9');
  expect(await wholeOf(log)).toMatchObject({ verdict: 'hang', rule: 'call-stuck' });
});

it('a write that the disk has not finished yet is no hang before half a minute', async () => {
  const sync = enter('03.000100', 1, 'db', 'fsync(0x3 /data/wal)');
  expect((await wholeOf(sync + still('09.000000'))).verdict).toBe('healthy');
  expect(await wholeOf(sync + still('45.000000'))).toMatchObject({ verdict: 'hang', confidence: 'possible' });
});

it('idle threads of a pool are no deadlock while the program waits for a client or a signal', async () => {
  const idle = (tid: number): string =>
    `I0410 09:12:03.00050${tid}       5 strace.go:576] [   1:   ${tid}] app E futex(0x${tid}0, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, 0x2, null, 0x0, 0x0)\n`;
  for (const main of [
    'rt_sigtimedwait(0x7f01, 0x0, 0x0, 0x8)',
    'epoll_wait(0x4 anon_inode:[epoll], 0x7f01, 0x80, 0xffffffff)',
  ]) {
    const log = idle(2) + idle(3) + enter('03.000600', 1, 'app', main);
    expect((await wholeOf(log + still('09.000000'))).verdict).toBe('healthy');
    expect(await wholeOf(log + still('29.000000'))).toMatchObject({ verdict: 'healthy', severity: 'low' });
  }
});

it('what was held up and came to a good end is degraded, and no hang', async () => {
  const top = await wholeOf(
    ENTER + REPORT + 'I0410 09:17:23.100200       5 boot.go:534] application exiting with exit status 0\n',
  );
  expect(top).toMatchObject({ verdict: 'degraded', rule: 'watchdog-stuck-tasks' });
});
