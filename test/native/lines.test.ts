/** Lines of native strace(1) as events: tasks, times, results, halves of calls, and what damage leaves of them. */
import * as chevrotain from 'chevrotain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGrammar, compileReader, type Production } from '../../grammars/compile.js';
import { errnoName, errnoNumberOf } from '../../grammars/errno.js';
import * as native from '../../grammars/native.js';
import * as terminals from '../../grammars/native-terminals.js';
import type { LogEvent } from '../../src/model/event.js';
import { readSoundly } from '../events/conservation.js';
import { chance, damaged } from '../fuzz/damage.js';
import { readersAgreeOn } from '../grammars/agreement.js';
import { withoutLookahead } from '../grammars/agreement-lines.js';
import { samplesOf } from '../tools/samples.js';
import { SEED } from '../tools/seed.js';

const BEGIN = ['execve("/a", ["a"], 0x7ffd /* 4 vars */) = 0', 'brk(NULL) = 0x1000', 'close(3) = 0'];

/** Events of lines that stand in a trace. */
async function eventsIn(lines: readonly string[], name = 'native.strace'): Promise<readonly LogEvent[]> {
  const { events, reading } = await readSoundly(Buffer.from(`${[...BEGIN, ...lines].join('\n')}\n`), { name });
  expect(reading.format).toBe('native-strace');
  return events.slice(BEGIN.length);
}

describe('a line', () => {
  it.each<[string, object]>([
    [
      'openat(AT_FDCWD</srv>, "x) = 3 (y", O_RDONLY) = -1 ENOENT (No such file or directory) <0.000012>',
      {
        name: 'openat',
        args: 'AT_FDCWD</srv>, "x) = 3 (y", O_RDONLY',
        ret: '-1',
        errno: 2,
        errno_name: 'ENOENT',
        duration_ns: 12_000,
      },
    ],
    ['openat(AT_FDCWD, "a", O_RDONLY) = 3</srv/a) = 0>', { args: 'AT_FDCWD, "a", O_RDONLY', ret: '3', errno: null }],
    ['brk(NULL)                               = 0x2a8d0000', { ret: '713883648', duration_ns: null }],
    ['umask(022)                              = 077', { ret: '63' }],
    ['mmap(NULL, 8192) = 0x7ffff7fc3fff <0.000000005>', { ret: '140737353891839', duration_ns: 5 }],
    ['poll([{fd=3}], 1, 0) = 1 ([{fd=3, revents=POLLIN}]) <1.5000>', { ret: '1', duration_ns: 1_500_000_000 }],
    ['pause() = ? ERESTARTNOHAND (To be restarted if no handler)', { ret: '-1', errno: 514 }],
    ['pause() = ? ERESTARTSYS (To be restarted if SA_RESTART is set) <0.5>', { errno: 512, duration_ns: 5e8 }],
    ['pause() = -1 ERESTARTNOHAND (Unknown error 514)', { errno: 514, errno_name: 'ERESTARTNOHAND' }],
    ['pause() = -1 EIO (Input/output error) (INJECTED) <0.000014>', { errno: 5, duration_ns: 14_000 }],
    ['ioctl(3, 1) = -1 EOPNOTSUPP (Operation not supported)', { errno: 95, errno_name: 'ENOTSUP' }],
    ['foo(1) = -1 (errno 1000)', { name: 'foo', errno: 1000, errno_name: 'errno 1000' }],
    ['exit_group(5) = ?', { ret: '?', errno: null }],
    ['syscall_0x3e7(0x1, 0x2) = -1 ENOSYS (Function not implemented)', { name: 'syscall_0x3e7', errno: 38 }],
    ['futex(0x7f02, FUTEX_WAIT, 2, NULL <unfinished ...>) = ?', { ret: '?', unfinished: true, args: /NULL$/ }],
    ['wait4(-1,  <unfinished ...>', { ret: null, unfinished: true, args: '-1, ' }],
    ['<... wait4 resumed>NULL, 0, NULL) = 8 <0.1>', { ret: '8', resumed: true, args: 'NULL, 0, NULL' }],
    ['<... futex resumed>)              = ? <unavailable>', { ret: '?', resumed: true }],
    ['???( <unfinished ...>', { name: '???', ret: null, unfinished: true }],
    ['1700000000.123456 [00007f3c8a2b1c2d] close(3) = 0', { time: '2023-11-14T22:13:20.123456Z', name: 'close' }],
    ['12:13:14.123456 close(3) = 0', { time: null, clock: '12:13:14.123456' }],
    ['     0.000046 close(3) = 0', { since_ns: 46_000 }],
    ['11654 20:50:24 (+     0.000051) [ 257] [00007f729469e090] close(3) = 0', { since_ns: 51_000, clock: '20:50:24' }],
    ['[pid  1234] close(3) = 0', { task: { tgid: null, tid: 1234 } }],
    ['1234<a b> close(3) = 0', { task: { tgid: null, tid: 1234 } }],
    ['[pid 7<sh>] close(3) = 0', { task: { tgid: null, tid: 7 } }],
    ['close(3) = 0', { task: { tgid: null, tid: 0 } }],
    [
      'restart_syscall(<... resuming interrupted nanosleep ...>) = 0 <0.7>',
      { name: 'restart_syscall', args: '<... resuming interrupted nanosleep ...>', ret: '0', duration_ns: 7e8 },
    ],
    [
      'clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=1, tv_nsec=0}, 0x7f) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)',
      { ret: '-1', errno: 516, errno_name: 'ERESTART_RESTARTBLOCK' },
    ],
    ['rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)', { errno: 4 }],
    ["4136<a> fork() = 2<a b> /* 4137 in strace's PID NS */", { task: { tgid: null, tid: 4136 }, ret: '2' }],
    ["fork() = 2 /* 4137 in strace's PID NS */ <0.000010>", { ret: '2', duration_ns: 10_000 }],
    [
      'accept4(5<TCP:[1.1.1.1:1]>, NULL, NULL, 0) = 7<TCP:[1.1.1.1:1->2.2.2.2:2]> <0.1>',
      { ret: '7', args: '5<TCP:[1.1.1.1:1]>, NULL, NULL, 0', duration_ns: 1e8 },
    ],
    ['write(2</dev/null<char 1:3>>, "", 0) = 0', { ret: '0', args: '2</dev/null<char 1:3>>, "", 0' }],
    ['open("/dev/null", 0x2) = 3</dev/null<char 1:3>>', { ret: '3' }],
    ['openat(-100, "x", 0x2 /* O_RDWR */) = -1 (errno 2)', { ret: '-1', errno: 2, errno_name: 'ENOENT' }],
  ])('%s', async (line, fields) => {
    const [event, ...others] = await eventsIn([line]);
    expect(others).toEqual([]);
    const expected = Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [
        key,
        value instanceof RegExp ? expect.stringMatching(value) : value,
      ]),
    );
    expect(event).toMatchObject({ kind: 'native-syscall', ...expected });
  });

  it.each<[string, object]>([
    [
      "2<a> --- SIGCHLD {si_signo=SIGCHLD, si_pid=3<b> /* 4136 in strace's PID NS */, si_uid=0} ---",
      { kind: 'native-signal', signal: 'SIGCHLD', info: /si_uid=0$/, task: { tgid: null, tid: 2 } },
    ],
    ['--- SIGCHLD {si_signo=SIGCHLD, si_pid=8} ---', { kind: 'native-signal', signal: 'SIGCHLD', info: /si_pid=8$/ }],
    ['[pid 8] --- stopped by SIGSTOP ---', { kind: 'native-signal', signal: 'SIGSTOP', task: { tgid: null, tid: 8 } }],
    ['8     +++ exited with 3 +++', { kind: 'native-exit', status: 3, signal: null }],
    ['+++ killed by SIGSEGV (core dumped) +++', { kind: 'native-exit', status: null, signal: 'SIGSEGV' }],
    ['8 +++ superseded by execve in pid 9 +++', { kind: 'native-exit', status: null, signal: null, successor: 9 }],
    ['strace: Process 8 attached', { kind: 'native-note' }],
    ['/usr/bin/strace: Process 8 attached', { kind: 'native-note' }],
    ['% time     seconds  usecs/call     calls    errors syscall', { kind: 'native-table' }],
    ['------ ----------- ----------- --------- --------- ----------------', { kind: 'native-table' }],
    [
      '  4.47    0.000075          18         4         1 openat',
      { name: 'openat', calls: 4, errors: 1, total_ns: 75_000 },
    ],
    [
      '100.00    0.001677                   67         5 total',
      { kind: 'native-table', name: 'total', calls: 67, errors: 5 },
    ],
    ['openat(AT_FDCWD, "/us', { kind: 'native-note' }],
    ['close(3) = -1 ENOSUCHERROR (What)', { kind: 'native-note' }],
    ['words of a program', { kind: 'text' }],
  ])('%s', async (line, fields) => {
    const [event] = await eventsIn([line]);
    const expected = Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [
        key,
        value instanceof RegExp ? expect.stringMatching(value) : value,
      ]),
    );
    expect(event).toMatchObject(expected);
  });

  it.each([
    ['/logs/native.strace.4711', 4711],
    ['o.123', 123],
    ['/logs/o.5.gz', 5],
    ['/logs/7/o.strace', 0],
  ])('has the task of its file’s name, where strace wrote a file a task: %s', async (name, tid) => {
    const [event] = await eventsIn(['close(3) = 0'], name);
    expect(event).toMatchObject({ task: { tgid: null, tid } });
  });
});

describe('a call of several lines', () => {
  it('is two halves, and the second has the arguments of both', async () => {
    const events = await eventsIn([
      '[pid 8] wait4(-1,  <unfinished ...>',
      '[pid 9] read(0,  <unfinished ...>',
      '[pid 8] <... wait4 resumed>NULL, 0, NULL) = 9',
      '[pid 9] <... read resumed>"", 1) = 0',
    ]);
    expect(events.map((event) => 'args' in event && event.args)).toEqual([
      '-1, ',
      '0, ',
      '-1, NULL, 0, NULL',
      '0, "", 1',
    ]);
  });

  it('is divided in front of the comma by strace 7', async () => {
    const events = await eventsIn(['8 wait4(-1 <unfinished ...>', '8 <... wait4 resumed>, NULL, 0, NULL) = 9']);
    expect(events).toMatchObject([
      { args: '-1', unfinished: true, ret: null },
      { args: '-1, NULL, 0, NULL', resumed: true, ret: '9' },
    ]);
  });

  it('goes on without a head below its first half, as -z of strace 6.1 has it', async () => {
    const events = await eventsIn([
      '8 wait4(9,  <unfinished ...>',
      'NULL, 0, NULL) = 9',
      '9 execve("/a", ["a"], 0x7f /* 2 vars */ <unfinished ...>',
      ')                                       = 0',
      '9 pause( <unfinished ...>',
      'words of a program',
    ]);
    expect(events).toMatchObject([
      { name: 'wait4', args: '9, NULL, 0, NULL', ret: '9', task: { tid: 8 } },
      { name: 'execve', args: '"/a", ["a"], 0x7f /* 2 vars */', ret: '0', task: { tid: 9 } },
      { name: 'pause', ret: null, unfinished: true },
      { kind: 'text' },
    ]);
    expect(events.slice(0, 2).filter((event) => 'unfinished' in event)).toEqual([]);
  });

  it('began before strace named the task, or ends when no other is left to name it for', async () => {
    const events = await eventsIn([
      'clone(flags=SIGCHLDstrace: Process 9 attached',
      ' <unfinished ...>',
      '[pid 9] close(0) = 0',
      '[pid 8] <... clone resumed>) = 9',
      '[pid 8] wait4(-1,  <unfinished ...>',
      '[pid 9] +++ exited with 0 +++',
      '<... wait4 resumed>NULL, 0, NULL) = 9',
    ]);
    expect(events).toMatchObject([
      { name: 'clone', args: 'flags=SIGCHLD', unfinished: true, task: { tid: 0 } },
      { task: { tid: 9 } },
      { name: 'clone', args: 'flags=SIGCHLD', ret: '9', task: { tid: 8 } },
      { task: { tid: 8 } },
      { kind: 'native-exit' },
      { name: 'wait4', args: '-1, NULL, 0, NULL', ret: '9', resumed: true, task: { tid: 8 } },
    ]);
  });

  it('holds what the program wrote in its midst, and what stands below it', async () => {
    const events = await eventsIn([
      'write(2, "hello\\n", 6hello',
      ')                  = 6',
      'write(2, "a", 1)  = 1',
      ' > /usr/lib/libc.so.6(write+0x14) [0xf7b84]',
      ' > /srv/app/probe(main+0x0) [0x1540]',
      'read(3, "ab", 2) = 2',
      ' | 00000  61 62                                             ab               |',
      'words of a program',
      'close(3) = 0',
    ]);
    expect(events).toMatchObject(
      [
        { name: 'write', ret: '6' },
        { name: 'write', ret: '1', message: /main/ },
        { name: 'read', ret: '2', args: '3, "ab", 2' },
        { kind: 'text' },
        { name: 'close' },
      ].map((fields) => ('message' in fields ? { ...fields, message: expect.stringMatching(/main/) } : fields)),
    );
  });

  it('that has lines of Windows is the same', async () => {
    const lines = [
      '[pid 8] wait4(-1,  <unfinished ...>',
      '[pid 8] <... wait4 resumed>) = 9 <0.000001>',
      '+++ exited with 0 +++',
    ];
    const events = await eventsIn(lines.map((line) => `${line}\r`));
    expect(events).toMatchObject([
      { name: 'wait4', unfinished: true },
      { ret: '9', duration_ns: 1000 },
      { kind: 'native-exit', status: 0 },
    ]);
  });
});

it('long lines are read in their time', async () => {
  const long = [
    `write(1, "${') = 1 ('.repeat(100_000)}", 5) = 5`,
    `write(1, "${') = 1 ('.repeat(100_000)}`,
    `execve("/a", ["a"], [${'"A=B", '.repeat(50_000)}]) = 0`,
  ];
  const begun = performance.now();
  const events = await eventsIn(long);
  expect(performance.now() - begun).toBeLessThan(20_000);
  expect(events).toMatchObject([{ name: 'write', ret: '5' }, { kind: 'native-note' }, { name: 'execve', ret: '0' }]);
});

it('damaged samples keep every byte, and are read by both paths alike', { timeout: 60_000 }, async () => {
  const all = samplesOf('native/');
  for (let round = 0; round < 150; round++) {
    const random = chance(SEED + round);
    const one = all[Math.floor(random() * all.length)];
    if (one === undefined) continue;
    await readSoundly(damaged(one.bytes, random), { name: one.name, size: () => 1 + Math.floor(random() * 4000) });
  }
});

it('every line of the samples is understood', async () => {
  for (const { name, bytes } of samplesOf('native/')) {
    const { reading } = await readSoundly(bytes, { name });
    const kinds = Object.keys(reading.events).filter(
      (kind) => !/^native-(?:syscall|signal|exit|table|note)$/.test(kind),
    );
    expect(kinds, name).toEqual([]);
    expect(reading.format, name).toBe('native-strace');
  }
});

describe('the productions', () => {
  const rules = Object.values(native).filter(
    (value): value is Production => typeof value === 'object' && 'parts' in value && 'name' in value,
  );
  const lines = samplesOf('native/').flatMap(({ bytes }) => bytes.toString('latin1').split('\n'));
  const results = lines.flatMap((line) => [...line.matchAll(/\)(?= *= )/g)].map(({ index }) => line.slice(index)));

  it.each(rules.map((rule) => [rule.name, rule] as const))('%s: both readers agree on the samples', (name, rule) => {
    const readers = { rule, fast: compileReader(rule), grammar: compileGrammar(rule, chevrotain) };
    const from = name === 'nativeResult' ? results : lines;
    const some = from.filter((line, index) => index % 3 === 0 || !/\(/.test(line));
    expect(readersAgreeOn(readers, some)).toBeGreaterThan(name === 'nativeExit' ? 100 : 50);
  });

  it('have terminals that match something, without groups, each under its own name', () => {
    for (const [name, terminal] of Object.entries(terminals)) {
      expect(terminal.name).toBe(name);
      expect(new RegExp(`^(?:${withoutLookahead(terminal.pattern)})$`).test(''), name).toBe(false);
      expect(new RegExp(`${terminal.pattern}|`).exec('')?.length, name).toBe(1);
    }
  });

  it('find the result at the right end, whatever the arguments hold', () => {
    const piece = fc.constantFrom(
      ') = 3',
      ') = 3 (',
      ' <unfinished ...>',
      '"',
      ', ',
      '(',
      ')',
      ' = ',
      '<',
      '>',
      '\\n',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const args = `"${pieces.join('')}", 5`;
        const end = native.endOfArguments(`${args}) = -1 EACCES (Permission denied) <0.000010>`);
        expect(end?.at).toBe(args.length);
        expect(end?.result).toMatchObject({ errnoName: 'EACCES', elapsed: '0.000010' });
      }),
    );
  });
});

it('errno names go both ways', () => {
  for (let number = 1; number < 530; number++) {
    const name = errnoName(number);
    if (!name.startsWith('errno')) expect(errnoNumberOf(name)).toBe(number);
  }
  expect(['EWOULDBLOCK', 'EOPNOTSUPP', 'EDEADLOCK', 'ENOTSUPP', 'ENONE'].map(errnoNumberOf)).toEqual([
    11,
    95,
    35,
    524,
    undefined,
  ]);
});
