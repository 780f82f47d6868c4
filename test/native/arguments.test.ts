/** The arguments of native calls: split, unescaped, and under the kinds and fields that runsc's have. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeArgument } from '../../src/events/arguments.js';
import { ArgumentReader } from '../../src/events/arguments-of.js';
import { splitNativeArguments } from '../../src/events/native-arguments.js';
import { readSoundly } from '../events/conservation.js';
import { chance, damaged } from '../fuzz/damage.js';
import { samplesOf } from '../tools/samples.js';
import { SEED } from '../tools/seed.js';

function withoutRaw(argument: object): object {
  return Object.fromEntries(Object.entries(argument).filter(([key]) => key !== 'raw'));
}

/** An argument by its kind and what it says; the raw text is asked for elsewhere. */
const said = (name: string, args: string): readonly object[] => splitNativeArguments(name, args).map(withoutRaw);

describe('a call', () => {
  it.each<[name: string, args: string, expected: readonly object[]]>([
    [
      'openat',
      'AT_FDCWD</srv>, "x, \\"y\\" (z", O_RDWR|O_CREAT|O_CLOEXEC, 0644',
      [
        { kind: 'FD', fd: -100, path: '/srv' },
        { kind: 'Path', path: 'x, "y" (z' },
        { kind: 'OpenFlags', flags: ['O_RDWR', 'O_CREAT', 'O_CLOEXEC'], rest: null },
        { kind: 'Mode', flags: [], rest: '0o644' },
      ],
    ],
    [
      'openat',
      '-100</srv/app>, "f", 0x80042, 0644',
      [
        { kind: 'FD', fd: -100, path: '/srv/app' },
        { kind: 'Path', path: 'f' },
        { kind: 'OpenFlags', flags: [], rest: '0x80042' },
        { kind: 'Mode', flags: [], rest: '0o644' },
      ],
    ],
    [
      'openat',
      '-100 /* AT_FDCWD */, "\\x2f\\x66", 0x80042 /* O_RDWR|O_CREAT */, 0644',
      [
        { kind: 'FD', fd: -100 },
        { kind: 'Path', path: '/f' },
        { kind: 'OpenFlags', flags: ['O_RDWR', 'O_CREAT'], rest: null },
        { kind: 'Mode', flags: [], rest: '0o644' },
      ],
    ],
    [
      'rename',
      '"/a b", "/na\\303\\257ve \\377\\n\\0012"',
      [
        { kind: 'Path', path: '/a b' },
        { kind: 'Path', path: '/naïve \ufffd\n\u00012' },
      ],
    ],
    [
      'linkat',
      '3</srv>, "a", 4</tmp>, "b", AT_SYMLINK_FOLLOW',
      [
        { kind: 'FD', fd: 3, path: '/srv' },
        { kind: 'Path', path: 'a' },
        { kind: 'FD', fd: 4, path: '/tmp' },
        { kind: 'Path', path: 'b' },
        { kind: 'Unknown' },
      ],
    ],
    [
      'write',
      '3</srv/x) = 3 (y>, "a \\"quoted\\" line) = 0\\n\\0\\33\\177"..., 24',
      [
        { kind: 'FD', fd: 3, path: '/srv/x) = 3 (y' },
        { kind: 'WriteBuffer', text: 'a "quoted" line) = 0\n\0\u001b\u007f', cut: true },
        { kind: 'Hex', value: 24 },
      ],
    ],
    ['close', '3</srv/app/\\" \\74unfinished ...\\76>', [{ kind: 'FD', fd: 3, path: '/srv/app/" <unfinished ...>' }]],
    ['close', '7</tmp/gone>(deleted)', [{ kind: 'FD', fd: 7, path: '/tmp/gone' }]],
    ['close', '2</dev/null<char 1:3>>', [{ kind: 'FD', fd: 2, path: '/dev/null' }]],
    ['close', '3<socket:[123]>', [{ kind: 'FD', fd: 3, path: 'socket:[123]' }]],
    ['close', '7<TCP:[127.0.0.1:80->127.0.0.1:9]>', [{ kind: 'FD', fd: 7, path: 'TCP:[127.0.0.1:80->127.0.0.1:9]' }]],
    ['close', '9<UNIX-STREAM:[10,"/tmp/s>"]>', [{ kind: 'FD', fd: 9, path: 'UNIX-STREAM:[10,"/tmp/s>"]' }]],
    ['close', '3</tmp/a->', [{ kind: 'FD', fd: 3, path: '/tmp/a-' }]],
    [
      'renameat2',
      'AT_FDCWD, "a", AT_FDCWD, "b", RENAME_NOREPLACE',
      [
        { kind: 'FD', fd: -100 },
        { kind: 'Path', path: 'a' },
        { kind: 'FD', fd: -100 },
        { kind: 'Path', path: 'b' },
        { kind: 'Unknown' },
      ],
    ],
    ['close', '-1', [{ kind: 'FD', fd: -1 }]],
    [
      'execve',
      '"/bin/true", ["true", "a, b"...], 0x7ffd /* 4 vars */',
      [
        { kind: 'Path', path: '/bin/true' },
        { kind: 'ExecveStringVector', strings: ['true', 'a, b'] },
        { kind: 'ExecveStringVector', address: '0x7ffd' },
      ],
    ],
    ['unlink', 'NULL', [{ kind: 'Path', address: '0x0' }]],
    ['unlink', '0x10', [{ kind: 'Path', address: '0x10' }]],
    ['unlink', '""', [{ kind: 'Path', path: '' }]],
    [
      'access',
      '"/a", R_OK|X_OK',
      [
        { kind: 'Path', path: '/a' },
        { kind: 'Oct', value: 5 },
      ],
    ],
    [
      'readlink',
      '"/l", "t", 4096',
      [
        { kind: 'Path', path: '/l' },
        { kind: 'ReadBuffer', text: 't', cut: false },
        { kind: 'Hex', value: 4096 },
      ],
    ],
    [
      'connect',
      '3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16',
      [
        { kind: 'FD', fd: 3 },
        { kind: 'SockAddr', family: 'AF_INET', addr: '127.0.0.1', port: 80 },
        { kind: 'Hex', value: 16 },
      ],
    ],
    [
      'bind',
      '3, {sa_family=AF_INET6, sin6_port=htons(9), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28',
      [
        { kind: 'FD', fd: 3 },
        { kind: 'SockAddr', family: 'AF_INET6', addr: '::1', port: 9 },
        { kind: 'Hex', value: 28 },
      ],
    ],
    [
      'connect',
      '3, {sa_family=AF_UNIX, sun_path="/run/a, b"}, 110',
      [
        { kind: 'FD', fd: 3 },
        { kind: 'SockAddr', family: 'AF_UNIX', path: '/run/a, b' },
        { kind: 'Hex', value: 110 },
      ],
    ],
    [
      'getsockname',
      '3, {sa_family=AF_NETLINK, nl_pid=42, nl_groups=00000010}, [128 => 12]',
      [
        { kind: 'FD', fd: 3 },
        { kind: 'PostSockAddr', family: 'AF_NETLINK', fields: { PortID: 42, Groups: 16 } },
        { kind: 'SockLen', length: 12 },
      ],
    ],
    [
      'rt_sigaction',
      'SIGALRM, {sa_handler=SIG_IGN, sa_mask=[INT RT_2], sa_flags=SA_RESTORER|SA_RESTART, sa_restorer=0x7f}, NULL, 8',
      [
        { kind: 'Signal', signal: 'SIGALRM' },
        {
          kind: 'SigAction',
          fields: { Handler: 'SIG_IGN', Flags: 'SA_RESTORER|SA_RESTART', Restorer: '0x7f', Mask: ['SIGINT', 34] },
        },
        { kind: 'PostSigAction', address: '0x0' },
        { kind: 'Hex', value: 8 },
      ],
    ],
    [
      'nanosleep',
      '{tv_sec=1, tv_nsec=5} => {tv_sec=0, tv_nsec=7}, NULL',
      [
        { kind: 'Timespec', fields: { sec: 0, nsec: 7 } },
        { kind: 'PostTimespec', address: '0x0' },
      ],
    ],
    [
      'clone',
      'child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x10',
      [
        { kind: 'Hex', value: 0 },
        { kind: 'CloneFlags', flags: ['CLONE_CHILD_SETTID', 'SIGCHLD'], rest: null },
        { kind: 'Hex', value: 16 },
      ],
    ],
    [
      'clone3',
      '{flags=CLONE_VM|CLONE_FS, exit_signal=0} => {parent_tid=[105]}, 88',
      [{ kind: 'Unknown' }, { kind: 'Hex', value: 88 }],
    ],
    [
      'writev',
      '7, [{iov_base="ab"..., iov_len=9}, {iov_base=0x7f, iov_len=1}], 2',
      [
        { kind: 'FD', fd: 7 },
        {
          kind: 'WriteIOVec',
          iovecs: [
            { text: 'ab', cut: true, len: 9 },
            { base: '0x7f', len: 1 },
          ],
        },
        { kind: 'Hex', value: 2 },
      ],
    ],
    [
      'poll',
      '[{fd=5<TCP:[1.1.1.1:1->2.2.2.2:2]>, events=POLLIN|POLLOUT}], 1, -1',
      [
        {
          kind: 'PollFDs',
          polls: [{ fd: 5, path: 'TCP:[1.1.1.1:1->2.2.2.2:2]', events: 'POLLIN|POLLOUT', revents: '...' }],
        },
        { kind: 'Hex', value: 1 },
        { kind: 'Hex', value: -1 },
      ],
    ],
    [
      'epoll_ctl',
      '3, EPOLL_CTL_ADD, 5, {events=EPOLLIN, data={u32=5, u64=4294967301}}',
      [
        { kind: 'FD', fd: 3 },
        { kind: 'EpollCtlOp', name: 'EPOLL_CTL_ADD' },
        { kind: 'FD', fd: 5 },
        { kind: 'EpollEvent', fields: { events: 'EPOLLIN', data: ['0x5', '0x1'] } },
      ],
    ],
    [
      'pipe2',
      '[7<pipe:[1]>, 8<pipe:[1]>], O_CLOEXEC',
      [
        { kind: 'PipeFDs', fds: [7, 8] },
        { kind: 'OpenFlags', flags: ['O_CLOEXEC'], rest: null },
      ],
    ],
    [
      'pselect6',
      '6, [4 5<TCP:[9]>], NULL, NULL, {tv_sec=0, tv_nsec=0}, NULL',
      [
        { kind: 'Hex', value: 6 },
        { kind: 'SelectFDSet', fds: [4, 5] },
        { kind: 'SelectFDSet', address: '0x0' },
        { kind: 'SelectFDSet', address: '0x0' },
        { kind: 'Timespec', fields: { sec: 0, nsec: 0 } },
        { kind: 'SigSet', address: '0x0' },
      ],
    ],
    [
      'uname',
      '{sysname="Linux", nodename="vm", ...}',
      [{ kind: 'Uname', fields: { Sysname: 'Linux', Nodename: 'vm' } }],
    ],
    [
      'newfstatat',
      '3, "", {st_mode=S_IFREG|0644, st_size=18446744073709551615, ...}, AT_EMPTY_PATH',
      [
        { kind: 'FD', fd: 3 },
        { kind: 'Path', path: '' },
        { kind: 'Stat', fields: { mode: 'S_IFREG|0644', size: '18446744073709551615' } },
        { kind: 'Unknown' },
      ],
    ],
    [
      'openat2',
      'AT_FDCWD, "f", {flags=O_RDONLY, resolve=0}, 24',
      [{ kind: 'FD', fd: -100 }, { kind: 'Path', path: 'f' }, { kind: 'Unknown' }, { kind: 'Hex', value: 24 }],
    ],
    [
      'kill',
      "2<sleep> /* 4136 in strace's PID NS */, SIGTERM",
      [
        { kind: 'Hex', value: 2 },
        { kind: 'Signal', signal: 'SIGTERM' },
      ],
    ],
    ['restart_syscall', '<... resuming interrupted nanosleep ...>', [{ kind: 'Unknown' }]],
    [
      'new_call',
      '3</srv>, "text"..., 0x10, A|B, {a="}, "}, 1<<2',
      [
        { kind: 'FD', fd: 3, path: '/srv' },
        { kind: 'Unknown', text: 'text', cut: true },
        { kind: 'Hex', value: 16 },
        { kind: 'Unknown' },
        { kind: 'Unknown' },
        { kind: 'Unknown' },
      ],
    ],
    ['sync', '', []],
  ])('%s(%s)', (name, args, expected) => {
    expect(said(name, args)).toEqual(expected);
    expect(
      splitNativeArguments(name, args)
        .map(({ raw }) => raw)
        .join(', '),
    ).toBe(args);
  });

  it('that blocks all signals but a few has all others', () => {
    const [, set] = splitNativeArguments('rt_sigprocmask', 'SIG_SETMASK, ~[KILL STOP RTMIN], NULL, 8');
    const signals = set?.kind === 'SigSet' ? (set.signals ?? []) : [];
    expect(signals).toHaveLength(61);
    for (const absent of ['SIGKILL', 'SIGSTOP', 32]) expect(signals).not.toContain(absent);
    for (const present of ['SIGHUP', 'SIGSYS', 33, 64]) expect(signals).toContain(present);
  });
});

it('the same call has the same fields in both logs', () => {
  const pairs = [
    ['FD', '0x3 /etc/passwd', 'read', '3</etc/passwd>'],
    ['OpenFlags', 'O_RDWR|O_CREAT', 'open', '"a", O_RDWR|O_CREAT'],
    ['Mode', '0o644', 'open', '"a", O_RDONLY, 0644'],
  ] as const;
  for (const [kind, runsc, name, args] of pairs) {
    const expected = withoutRaw(decodeArgument(kind, runsc) ?? {});
    expect(said(name, args).find((argument) => 'kind' in argument && argument.kind === kind)).toEqual(expected);
  }
});

describe('of the samples', () => {
  const all = samplesOf('native/');

  it('the raw texts are the arguments again, and paths stand in them', async () => {
    const reader = new ArgumentReader();
    const paths = new Set<string>();
    for (const { name, bytes } of all) {
      const { events } = await readSoundly(bytes, { name });
      for (const event of events) {
        if (event.kind !== 'native-syscall') continue;
        const split = reader.of(event).arguments ?? [];
        expect(split.map(({ raw }) => raw).join(', ')).toBe(event.args);
        if (event.name === 'openat' && event.ret !== null) {
          expect(split.map(({ kind }) => kind).slice(0, 3), event.message).toEqual(['FD', 'Path', 'OpenFlags']);
          for (const argument of split) if (argument.kind === 'Path') paths.add(argument.path ?? '');
        }
      }
    }
    expect([...paths].toSorted()).toEqual(
      [
        '/srv/app/data.txt',
        '/srv/app/x) = 3 (y',
        '/srv/app/" <unfinished ...>',
        '/srv/app/line\nbreak) = 0',
        '/srv/app/naïve \ufffd',
        '/srv/app/missing/x',
        '/srv/app/missing',
      ].toSorted(),
    );
  });

  it('damage throws nothing, and loses nothing', async () => {
    const reader = new ArgumentReader();
    for (let round = 0; round < 60; round++) {
      const random = chance(SEED + round);
      const one = all[Math.floor(random() * all.length)];
      if (one === undefined) continue;
      const { events } = await readSoundly(damaged(one.bytes, random), { name: one.name });
      for (const event of events) {
        if (event.kind !== 'native-syscall') continue;
        expect((reader.of(event).arguments ?? []).map(({ raw }) => raw).join(', ')).toBe(event.args);
      }
    }
  });
});

it('any text is split, and put together again', () => {
  const piece = fc.constantFrom(
    '"',
    '\\',
    ', ',
    '<',
    '>',
    '{',
    '}',
    '[',
    ']',
    '(',
    '=',
    ' => ',
    '/* ',
    ' */',
    '3',
    'A',
    '|',
    '~',
    ' ',
    '->',
    'sa_family=',
    'iov_base=',
    'data=',
    'events=',
    '0x',
    '__proto__=',
    '@"',
    'é',
    '\n',
  );
  const call = fc.constantFrom(
    'openat',
    'connect',
    'epoll_ctl',
    'epoll_wait',
    'writev',
    'rt_sigaction',
    'clone',
    'poll',
    'sendmsg',
    'stat',
    'new_call',
  );
  fc.assert(
    fc.property(call, fc.array(piece, { maxLength: 40 }), (name, pieces) => {
      const args = pieces.join('');
      expect(
        splitNativeArguments(name, args)
          .map(({ raw }) => raw)
          .join(', '),
      ).toBe(args);
    }),
    { seed: SEED, numRuns: 3000 },
  );
});

it.each(['3<', '"', '{', '{a=', '[', ', ', '/* ', ' => ', '<TCP:[', '\\', '3</a\\', '{{a="', 'A|', '9', ' /* A */'])(
  'a megabyte of %s takes its time, and no more',
  (piece) => {
    const args = piece.repeat(1_000_000 / piece.length);
    const begun = performance.now();
    for (const name of ['openat', 'connect', 'sendmsg', 'poll', 'epoll_wait', 'clone'])
      splitNativeArguments(name, args);
    expect(performance.now() - begun).toBeLessThan(25_000);
  },
);
