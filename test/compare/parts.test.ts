/** The parts of a comparison by themselves: sequences, names, calls of both tracers, complaints, lists of pairs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align } from '../../src/compare/align.js';
import { CallReader, type Surroundings } from '../../src/compare/call-reader.js';
import { complaintsOf, masked, scoreOf, TELLING_SCORE } from '../../src/compare/complaints.js';
import { hashOf } from '../../src/compare/hash.js';
import { Names } from '../../src/compare/names.js';
import { readPairs } from '../../src/compare/pairs.js';
import type { Dialect } from '../../src/compare/pieces.js';
import { nativeParts } from '../../src/compare/side.js';
import { gvisorDifference } from '../../src/knowledge/gvisor-differences.js';

describe('sequences', () => {
  const keys = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 60 });
  const matches = (a: readonly number[], b: readonly number[]): readonly (readonly [number, number])[] =>
    [...align(Float64Array.from(a), Float64Array.from(b))].flatMap((j, i) => (j === -1 ? [] : [[i, j] as const]));

  it('are matched in order, and only where keys are equal', () => {
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        let last = -1;
        for (const [i, j] of matches(a, b)) {
          expect(a[i]).toBe(b[j]);
          expect(j).toBeGreaterThan(last);
          last = j;
        }
      }),
    );
  });

  it('have as many matches as there can be, as long as a window holds them', () => {
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        const table = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
        for (let i = a.length - 1; i >= 0; i--)
          for (let j = b.length - 1; j >= 0; j--)
            (table[i] as number[])[j] =
              a[i] === b[j]
                ? 1 + ((table[i + 1] as number[])[j + 1] as number)
                : Math.max((table[i + 1] as number[])[j] as number, (table[i] as number[])[j + 1] as number);
        expect(matches(a, b).length).toBe((table[0] as number[])[0]);
      }),
    );
  });

  it('that part for a long way meet again', () => {
    const part = (from: number, length: number): number[] => Array.from({ length }, (_, at) => from + at);
    const [a, b] = [
      [...part(0, 50), ...part(1e6, 9000), ...part(100, 5000)],
      [...part(0, 50), ...part(2e6, 3000), ...part(100, 5000)],
    ];
    expect(matches(a, b).length).toBe(5050);
  });
});

it('hashes tell texts apart', () => {
  const texts = Array.from({ length: 20_000 }, (_, at) => `openat /srv/app/part${at} r`);
  expect(new Set(texts.map(hashOf)).size).toBe(texts.length);
  for (const text of texts.slice(0, 50)) expect(Number.isSafeInteger(hashOf(text))).toBe(true);
});

describe('names of the moment', () => {
  it.each([
    ['/tmp/tmpk3jx_8aq/a', '/tmp/tmp0d_r2mma/a'],
    ['/tmp/tmp.gwpoDs', '/tmp/tmp.mzPYbv'],
    ['/proc/812/maps', '/proc/7/maps'],
    ['/run/app-1234.pid', '/run/app-88.pid'],
    ['socket:[331]', 'socket:[2]'],
  ])('%s and %s are one', (one, other) => {
    const names = new Names();
    expect(names.of(one)).toBe(names.of(other));
  });

  it('are those of files that were made new, whatever they look like', () => {
    const [a, b] = [new Names(), new Names()];
    a.madeNew('/tmp/job-tmcnxqm_');
    b.madeNew('/tmp/job-abcdefgh');
    expect(a.of('/tmp/job-tmcnxqm_/part-1')).toBe(b.of('/tmp/job-abcdefgh/part-1'));
    expect(a.of('/tmp/other')).toBe('/tmp/other');
  });

  it('others stay what they are', () => {
    for (const path of ['/etc/app.conf', '/usr/lib/python3.11/os.py', '/tmp/report', '/srv/v12/x86_64'])
      expect(new Names().of(path)).toBe(path);
  });
});

describe('a call is the same in the words of both tracers', () => {
  const read = (
    dialect: Dialect,
    name: string,
    args: string,
    errno = 0,
    ret = 0,
  ): { question: string; answer: number; subject: string } => {
    const reader = new CallReader();
    reader.dialect = dialect;
    const process: Surroundings = { cwd: null, fds: new Map(), fresh: new Set(['/etc/app.conf']) };
    const { question, answer, subject } = reader.read(process, name, reader.nameOf(name), args, errno, ret);
    return { question, answer, subject };
  };
  it.each([
    [
      'openat',
      'AT_FDCWD</srv>, "data.txt", O_RDWR|O_CREAT, 0644',
      'AT_FDCWD /srv, 0x55d0 data.txt, O_RDWR|O_CREAT, 0o644',
    ],
    ['openat', 'AT_FDCWD</>, "/etc/caf\\303\\251", O_RDONLY', 'AT_FDCWD /, 0x55d0 /etc/café, O_RDONLY|0x0, 0o0'],
    [
      'newfstatat',
      '3</etc/app.conf>, "", {st_mode=S_IFREG|0644, st_size=10, ...}, AT_EMPTY_PATH',
      '0x3 /etc/app.conf, 0x7f , 0x7e {dev=8, ino=3, mode=S_IFREG|0o644, nlink=1, uid=0, gid=0, rdev=0, size=10, blksize=4096}, 0x1000',
    ],
    ['read', '3</etc/app.conf>, "a\\tb\\n", 4096', '0x3 /etc/app.conf, 0x7f "a\\tb\\n", 0x1000'],
    ['write', '2<pipe:[12]>, "x: \\"y\\"\\n", 7', '0x2 host:[3], 0x7f "x: \\"y\\"\\n", 0x7'],
    ['ioctl', '3</etc/app.conf>, FS_IOC_GETFLAGS, 0x7ffc', '0x3 /etc/app.conf, 0x80086601, 0x7ffc'],
    ['fcntl', '3</etc/app.conf>, F_SETLEASE, F_RDLCK', '0x3 /etc/app.conf, 0x400, 0x0'],
    ['prctl', 'PR_CAPBSET_READ, CAP_SYS_ADMIN', '0x17, 0x15, 0x0, 0x0, 0x0'],
    ['socket', 'AF_VSOCK, SOCK_STREAM|SOCK_CLOEXEC, 0', '0x28, SOCK_STREAM|SOCK_CLOEXEC, 0x0'],
    ['setsockopt', '4<socket:[9]>, SOL_SOCKET, SO_ZEROCOPY, [1], 4', '0x4 socket:[1], SOL_SOCKET, 0x3c, 0x7e, 0x4'],
    [
      'bind',
      '3<socket:[9]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16',
      '0x3 socket:[1], 0x7f {Family: AF_INET, Addr: 127.0.0.1, Port: 80}, 0x10',
    ],
    ['readlink', '"/proc/self/exe", "/srv/app/x", 4096', '0x48 /proc/self/exe, 0x7e "/srv/app/x", 0x1000'],
  ])('%s(%s)', (name, native, runsc) => {
    const [one, other] = [read('native', name, native), read('runsc', name, runsc)];
    expect(other).toEqual(one);
    expect(one.question.length).toBeGreaterThan(name.length);
  });

  it('a number that a release has no name for is the call', () => {
    expect(new CallReader().nameOf('sys_437')).toBe('openat2');
    expect(new CallReader().nameOf('fstatat')).toBe('newfstatat');
  });

  it('another path, mode or content is another call or answer', () => {
    const of = (args: string): { question: string; answer: number } => read('native', 'openat', args);
    expect(of('AT_FDCWD</>, "/a", O_RDONLY').question).not.toBe(of('AT_FDCWD</>, "/b", O_RDONLY').question);
    expect(of('AT_FDCWD</>, "/a", O_RDONLY').question).not.toBe(of('AT_FDCWD</>, "/a", O_WRONLY').question);
    const text = (data: string): number => read('native', 'read', `3</etc/app.conf>, "${data}", 64`, 0, 9).answer;
    expect(text('mode=fast')).not.toBe(text('mode=slow'));
    expect(text('mode=fast')).toBe(text('mode=fast'));
  });
});

it.each([
  [
    '8     19:08:17.35 openat(AT_FDCWD</>, "/a) = 3", O_RDONLY) = -1 ENOENT (No such file or directory) <0.000012>',
    'openat',
    'AT_FDCWD</>, "/a) = 3", O_RDONLY',
    -1,
    false,
  ],
  [
    '8     19:08:17.35 openat(AT_FDCWD</>, "/a", O_RDONLY) = 5</dev/kmsg> <0.000022>',
    'openat',
    'AT_FDCWD</>, "/a", O_RDONLY',
    5,
    false,
  ],
  ['19:08:17 <... wait4 resumed>[{WIFEXITED(s)}], 0, NULL) = 11', 'wait4', '[{WIFEXITED(s)}], 0, NULL', 11, true],
  ['[pid  7] read(0,  <unfinished ...>', 'read', '0,', Number.NaN, false],
] as const)('%s', (line, name, args, ret, isResumed) => {
  expect(nativeParts(line, name)).toEqual({ args, ret, isResumed });
});

describe('a complaint', () => {
  const words = (texts: readonly string[]): Parameters<typeof complaintsOf>[0] =>
    texts.map((text, row) => ({ stream: 2, target: 'stderr', text, row, source: 0, place: 0, bytes: 0 }));

  it('is what one side alone wrote, in one piece', () => {
    const [complaint] = complaintsOf(words(['starting\n', 'db: ', 'no such file\n']), new Set(['starting\n']));
    expect(complaint?.text).toBe('db: no such file\n');
  });

  const open = { name: 'openat', subject: '/dev/kmsg', errno: 2, errnoName: 'ENOENT', text: '', reference: '' };
  it.each([
    ['kmsgd: /dev/kmsg: No such file or directory', open],
    ["FileNotFoundError: [Errno 2] No such file or directory: '/dev/kmsg'", open],
    ["Error: ENOENT: no such file or directory, open '/dev/kmsg'", open],
    ['open /dev/kmsg: no such file or directory', open],
    [
      'hostname: sethostname: Operation not permitted',
      { ...open, name: 'sethostname', subject: '', errno: 1, errnoName: 'EPERM' },
    ],
    [
      'kernel 4.4.0 is too old',
      { ...open, name: 'uname', subject: '', errno: 0, errnoName: null, text: '4.4.0', reference: '6.1.0' },
    ],
  ])('%s is about its call', (text, suspect) => {
    expect(scoreOf(suspect, text)).toBeGreaterThanOrEqual(TELLING_SCORE);
  });
  it('about something else is not', () => {
    expect(scoreOf(open, 'perf counter: No such device')).toBeLessThan(TELLING_SCORE);
    expect(scoreOf(open, 'bad configuration')).toBeLessThan(TELLING_SCORE);
  });
  it('is the same whatever numbers and names of the moment it holds', () => {
    expect(masked('pid 17 wrote /tmp/tmp.gwpoDs at 0x7f12')).toBe(masked('pid 9 wrote /tmp/tmp.mzPYbv at 0x55'));
  });
});

describe('what is known of gVisor', () => {
  it.each([
    ['rseq', '', 'ENOSYS', 'expected'],
    ['openat', '/proc/vmstat', 'ENOENT', 'known-gap'],
    ['openat2', '/etc/app.conf', 'ENOSYS', 'known-gap'],
    ['ioctl', 'FS_IOC_FIEMAP /data/x', 'ENOTTY', 'known-gap'],
    ['socket', 'AF_VSOCK SOCK_STREAM', 'EAFNOSUPPORT', 'known-gap'],
    ['openat', '/dev/tty', 'EIO', 'expected'],
  ])('%s of %s: %s is %s', (name, subject, errno, label) => {
    expect(gvisorDifference({ name, subject, errno, reference: null }, '20240729.0', 'amd64')?.label).toBe(label);
  });
  it.each([
    ['openat', '/etc/app.d/db.json', 'ENOENT'],
    ['sethostname', '', 'EPERM'],
    ['connect', '127.0.0.1:80', 'ECONNREFUSED'],
  ])('says nothing of %s of %s: %s', (name, subject, errno) => {
    expect(gvisorDifference({ name, subject, errno, reference: null }, '20240729.0', 'amd64')).toBeUndefined();
  });
});

it('lists of pairs', () => {
  const { pairs, faults } = readPairs('# what\n\na.strace  b/\ta name\nnative.strace /tmp/runsc web one\nonly-one\n');
  expect(pairs).toEqual([
    { a: 'a.strace  b/', b: 'a name', name: '3', line: 3 },
    { a: 'native.strace', b: '/tmp/runsc', name: 'web one', line: 4 },
  ]);
  expect(faults).toEqual([{ line: 5, text: 'only-one' }]);
});
