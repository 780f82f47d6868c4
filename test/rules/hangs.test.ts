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
