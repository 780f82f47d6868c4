/** Messages that are kinds of their own: endings, signals, dumps, notices; and lines of native strace. */
import { describe, expect, it } from 'vitest';
import { readNativeLine } from '../../grammars/native.js';
import { readEnding } from '../../grammars/notices.js';
import { eventsOf } from '../tools/byte-source.js';

describe('endings', () => {
  it.each<[message: string, of: string, status: number | null, signal: number | null]>([
    ['application exiting with exit status 42', 'application', 42, null],
    ['application exiting with killed by signal 11', 'application', null, 11],
    ['application exiting with {Code:42 Signo:0}', 'application', 42, null],
    ['application exiting with {Code:0 Signo:11}', 'application', null, 11],
    ['application exiting with Code=42', 'application', 42, null],
    ['application exiting with Code=42, Signal=11', 'application', null, 11],
    ['application exiting with Signal=9', 'application', null, 9],
    ['application exiting with ', 'application', 0, null],
    ['Exiting with status: 10752', 'command', 42, null],
    ['Exiting with status: 0', 'command', 0, null],
    ['Exiting with status: 512', 'command', 2, null],
    ['Exiting with status: 9', 'command', null, 9],
    ['Failure to execute command, err: 1', 'command-failure', 1, null],
  ])('%j', (message, of, status, signal) => {
    expect(readEnding(message)).toEqual({ of, status, signal });
  });
  it.each(['Exiting with status: x', 'An application exiting with exit status 1', ''])('%j is none', (message) => {
    expect(readEnding(message)).toBeUndefined();
  });
});

describe('kinds', () => {
  const line = (message: string, letter = 'I', site = 'task_log.go:1'): string =>
    `${letter}1123 22:27:15.478394       1 ${site}] ${message}\n`;
  it.each<[message: string, kind: string, more?: Readonly<Record<string, unknown>>, letter?: string]>([
    ['Unsupported syscall rseq(0x7f1,0x20,0x0). It is likely ...', 'unsupported-syscall', { name: 'rseq' }],
    ['Unsupported syscall: sys_425, regs: rax:1', 'unsupported-syscall', { name: 'sys_425' }],
    [
      '[   1:   2] Unsupported syscall rseq(0x7f1). It',
      'unsupported-syscall',
      { name: 'rseq', task: { tgid: 1, tid: 2 } },
    ],
    [
      '[   1:   1] Signal 11, PID: 1, TID: 1, fault addr: 0x0: terminating thread group',
      'signal',
      { signal: 11, task: { tgid: 1, tid: 1 } },
    ],
    [
      '[   3(   2):   4(   3)] Signal 9: terminating thread group',
      'signal',
      { signal: 9, task: { tgid: 3, tid: 4, nested: { tgid: 2, tid: 3 } } },
    ],
    ['Received external signal 15', 'signal', { signal: 15 }],
    ['Spec:\n{\n}', 'spec'],
    ['Spec.Hooks: &{}', 'spec'],
    ['Seccomp program dump:\n0: A', 'seccomp-dump'],
    ['syscall filter read: [] => 0x7fff0000', 'seccomp-dump'],
    ['Sentry detected 1 stuck task(s):', 'watchdog', {}, 'W'],
    ['send tcp 10.0.0.2:40000 -> 10.0.0.1:80 len:0', 'packet'],
    ['recv unknown network protocol: 34958', 'packet'],
    ['[   1:   1] Registers:', 'dump'],
    ['[   1:   1] Rax      = 00000000000000ff', 'dump'],
    ['[   1:   1] 7f9f0d606e80: 01 00 00 00', 'dump'],
    ['Stack traces:\n\ngoroutine 1 [running]:\nmain()', 'goroutines'],
    ['     *** Stack dump ***\ngoroutine 40 [running]:\nmain()', 'goroutines'],
    ['FATAL ERROR: a: b', 'fatal', { error: 'a: b' }, 'W'],
    ['anything else', 'warning', {}, 'W'],
    ['anything else', 'note'],
    ['Spectacular', 'note'],
    ['sending', 'note'],
    ['[   1:   1] a X b() = 0', 'note'],
    ['[] a X b() = 0 (0x0) (1us)', 'note'],
    ['[   1:   1:] a E b()', 'note'],
    ['[()] Signal 9: terminating thread group', 'note'],
    ['[ 12345678901] Signal 9: terminating thread group', 'note'],
  ])('%j is %s', async (message, kind, more = {}, letter = 'I') => {
    expect((await eventsOf(line(message, letter))).events).toMatchObject([{ kind, ...more }]);
  });

  it('a call needs the tracer’s site, or none that says otherwise', async () => {
    const call = '[   1:   1] a X b() = 0 (0x0) (1us)';
    for (const [site, kind] of [
      ['strace.go:1', 'syscall-exit'],
      ['x:0', 'syscall-exit'],
      ['task_exit.go:1', 'note'],
    ] as const) {
      expect((await eventsOf(line(call, 'I', site))).events[0]?.kind).toBe(kind);
    }
  });

  it('of two readings the one that fits the tables is taken', async () => {
    const { events } = await eventsOf(
      line('[   1:   1] a X kill(1) = ( X close(0x3 /x) = 0 (0x0) (1us)', 'I', 'strace.go:1') +
        line('[   1:   1] a E b( E close(0x3 /x)', 'I', 'strace.go:1'),
    );
    expect(events).toMatchObject([
      { name: 'close', comm: 'a X kill(1) = (' },
      { name: 'close', comm: 'a E b(' },
    ]);
  });
});

describe('native strace', () => {
  it.each([
    ['execve("/bin/true", ["true"], 0x7ffd /* 4 vars */) = 0', 'native-syscall', 'execve'],
    ['[pid  1234] read(3, "abc", 10) = 3', 'native-syscall', 'read'],
    [
      '25221 22:42:14.877567 openat(AT_FDCWD, "x", O_RDONLY) = -1 ENOENT (No such file or directory) <0.000321>',
      'native-syscall',
      'openat',
    ],
    ['1700000000.123456 [00007f3c8a2b1c2d] close(3)          = 0', 'native-syscall', 'close'],
    ['wait4(-1,  <unfinished ...>', 'native-syscall', 'wait4'],
    ['[pid 7] <... wait4 resumed>NULL, 0, NULL) = 8', 'native-syscall', 'wait4'],
    ['???( <unfinished ...>', 'native-syscall', '???'],
    ['exit_group(0) = ?', 'native-syscall', 'exit_group'],
    ['--- SIGCHLD {si_signo=SIGCHLD} ---', 'native-signal', ''],
    ['+++ exited with 0 +++', 'native-exit', ''],
    ['strace: Process 7 attached', 'native-note', ''],
    ['% time     seconds  usecs/call     calls    errors syscall', 'native-table', ''],
    ['100.00    0.000000           0        76        10 total', 'native-table', ''],
  ])('%j', (text, kind, name) => {
    expect(readNativeLine(text)).toEqual({ kind, name });
  });
  it.each(['int main(void) {', 'I1123 22:27:15.478394       1 x:0] a', 'f(x) = y', ''])('%j is none', (text) => {
    expect(readNativeLine(text)).toBeUndefined();
  });
  it('a trace of them is a log, and a page of prose with one such line is none', async () => {
    const trace = 'execve("/a", [], 0x7 /* 4 vars */) = 0\nclose(3) = 0\n+++ exited with 0 +++\n';
    expect((await eventsOf(trace)).reading).toMatchObject({
      format: 'native-strace',
      unread: {},
      events: { 'native-syscall': 2, 'native-exit': 1 },
    });
    const prose = `Some words\nmore words\n${trace.split('\n')[0]}\nwords\n`;
    expect((await eventsOf(prose)).reading.unread).toEqual({ 'not-a-log': 1 });
  });
});
