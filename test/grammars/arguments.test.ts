/** Holds the splitter to the rules of the format, and the hand decoder to the chevrotain grammar. */
import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';

import { type ArgumentGrammar, loadArgumentGrammar, parseArgument } from '../../grammars/arguments.js';
import {
  ARGUMENT_KINDS,
  type ArgumentKind,
  EPOLL_EVENT,
  flagSet,
  IOVEC_HEAD,
  NAME_OR_NUMBER,
  SHAPES,
  SIGACTION_HEAD,
  SIGNAL,
  structurePattern,
  TERMINALS,
  timerPart,
  UNAME_LABELS,
  USAGE,
} from '../../grammars/kinds.js';
import { releaseNumber } from '../../grammars/releases.js';
import { argumentTable } from '../../grammars/syscall-table.js';
import {
  type Argument,
  decodeArgument,
  fitsCall,
  readExecve,
  splitArguments,
  unquote,
  wordsOf,
} from '../../src/events/arguments.js';
import { samples } from '../tools/samples.js';
import { SEED } from '../tools/seed.js';

const amd64 = { arch: 'amd64' } as const;
const rawsOf = (list: readonly Argument[]): string[] => list.map(({ raw }) => raw);
const kindsOf = (list: readonly Argument[]): string[] => list.map(({ kind }) => kind);

describe('splitting', () => {
  it.each<[name: string, args: string, pieces: string[]]>([
    ['getpid', '', []],
    ['close', '0x3 /srv/a', ['0x3 /srv/a']],
    [
      'openat',
      'AT_FDCWD /srv, 0x55d0 data, O_RDWR|O_CREAT, 0o644',
      ['AT_FDCWD /srv', '0x55d0 data', 'O_RDWR|O_CREAT', '0o644'],
    ],
    // raw text: shortest first, and back where the rest does not fit
    [
      'openat',
      'AT_FDCWD /d, (x) [1], {y}, 0x55d0 n, O_RDONLY|0x0, 0o0, 0x3|0x0, 0o0',
      ['AT_FDCWD /d, (x) [1], {y}', '0x55d0 n, O_RDONLY|0x0, 0o0', '0x3|0x0', '0o0'],
    ],
    ['rename', '0x10 a, b, 0x20 c', ['0x10 a, b', '0x20 c']],
    ['symlink', '0x10 a, 0x7f b, 0x20 c', ['0x10 a', '0x7f b, 0x20 c']], // two readings: the shortest first name
    ['readlink', '0x10 s, 0x1 l, 0x20, 0x64', ['0x10 s, 0x1 l', '0x20', '0x64']],
    ['access', '0x10 line\nbreak, 0o4', ['0x10 line\nbreak', '0o4']],
    ['newfstatat', 'AT_FDCWD /, 0x10 , 0x20, 0x0', ['AT_FDCWD /', '0x10 ', '0x20', '0x0']],
    [
      'mmap',
      '0x0, 0x10, 0x0, MAP_SHARED, 0x3 /a, 0x0, 0x0',
      ['0x0', '0x10', '0x0', 'MAP_SHARED', '0x3 /a, 0x0', '0x0'],
    ],
    ['utimensat', '0x3 /d, <null>, null, 0x0', ['0x3 /d', '<null>', 'null', '0x0']],
    // data: the comma inside quotes, an empty piece, dots, vectors without a bracket around them
    ['write', '0x1 pipe:[1], 0x20 "a, \\"b\\", 0x3", 0x3', ['0x1 pipe:[1]', '0x20 "a, \\"b\\", 0x3"', '0x3']],
    ['write', '0x1 f, , 0x0', ['0x1 f', '', '0x0']],
    ['write', '0x1 f, ..., 0x3', ['0x1 f', '...', '0x3']],
    [
      'writev',
      '0x1 f, 0x20 {base=0x1, len=2, "a,"}, {base=0x2, len=0}, 0x2',
      ['0x1 f', '0x20 {base=0x1, len=2, "a,"}, {base=0x2, len=0}', '0x2'],
    ],
    ['writev', '0x1 f, 0x20 , 0x0', ['0x1 f', '0x20 ', '0x0']],
    ['execve', '0x1 /b, 0x2 ["a, b", "c"], 0x3 []', ['0x1 /b', '0x2 ["a, b", "c"]', '0x3 []']],
    ['execve', '0x1 /no, [such], 0x2 [], 0x3 []', ['0x1 /no, [such]', '0x2 []', '0x3 []']],
    [
      'poll',
      '0x1 [{FD: 0x4 /a, Events: x}, {FD: y, Events: POLLIN, REvents: ...}], 0x1, 0x0',
      ['0x1 [{FD: 0x4 /a, Events: x}, {FD: y, Events: POLLIN, REvents: ...}]', '0x1', '0x0'],
    ],
    ['sys_437', '0x1, 0x2, 0x3, 0x4, 0x5, 0x6', ['0x1', '0x2', '0x3', '0x4', '0x5', '0x6']],
  ])('%s(%s)', (name, args, pieces) => {
    expect(rawsOf(splitArguments(name, args, amd64))).toEqual(pieces);
    expect(fitsCall(name, args, amd64)).toBe(true);
  });

  it('reports the kinds of the newest list with as many arguments, also for bare numbers of old releases', () => {
    const kinds = (name: string, args: string, release?: string): string[] =>
      kindsOf(splitArguments(name, args, { arch: 'amd64', release }));
    expect(kinds('rt_sigaction', '0x20, 0x7f, 0x0', '2018-11')).toEqual(['Signal', 'SigAction', 'PostSigAction']);
    expect(kinds('rt_sigaction', 'SIGHUP, 0x7f, 0x0, 0x8')).toEqual(['Signal', 'SigAction', 'PostSigAction', 'Hex']);
    expect(kinds('openat', '0xffffff9c, 0x7f x, O_RDONLY, 0o0', '2018-11')).toEqual([
      'FD',
      'Path',
      'OpenFlags',
      'Mode',
    ]);
    expect(kinds('sys_99', '0x0, 0x0, 0x0, 0x0, 0x0, 0x0')).toEqual(Array(6).fill('Hex'));
  });

  it('takes a bare address for a path only where a release printed one', () => {
    expect(kindsOf(splitArguments('pivot_root', '0x10, 0x20', { arch: 'amd64', release: '2018-11' }))).toEqual([
      'Path',
      'Path',
    ]);
    expect(fitsCall('pivot_root', '0x10, 0x20', amd64)).toBe(true); // release not known
    expect(fitsCall('rename', '0x10, 0x20', amd64)).toBe(false);
    // what the release prints bare cannot hold text, so this name is longer than the shortest reading says
    const inotify = '0x3, 0x10 a, b, 0x1';
    expect(rawsOf(splitArguments('inotify_add_watch', inotify, amd64))).toEqual(['0x3', '0x10 a, b', '0x1']);
  });

  it('knows both architectures, and tries both when it is told neither', () => {
    expect(fitsCall('membarrier', '0x10', { arch: 'arm64' })).toBe(true);
    expect(fitsCall('membarrier', '0x10', amd64)).toBe(false);
    expect(fitsCall('membarrier', '0x10')).toBe(true);
    expect(fitsCall('open', '0x1 a, O_RDONLY|0x0, 0o0', { arch: 'arm64' })).toBe(false);
  });

  it('falls back to quotes and brackets where no list fits', () => {
    const split = (name: string, args: string): [string, string][] =>
      splitArguments(name, args, amd64).map(({ kind, raw }) => [kind, raw]);
    expect(split('new_call', '0x1, "a, b", {c=1, d=2}, x')).toEqual([
      ['Hex', '0x1'],
      ['Unknown', '"a, b"'],
      ['Unknown', '{c=1, d=2}'],
      ['Unknown', 'x'],
    ]);
    // cut at the end of a file
    expect(split('write', '0x1 pipe:[1], 0x20 "half, of')).toEqual([
      ['FD', '0x1 pipe:[1]'],
      ['Unknown', '0x20 "half, of'],
    ]);
    expect(split('close', '0x1, 0x2 y')).toEqual([
      ['FD', '0x1, 0x2 y'].slice(0, 0).length ? [] : ['Hex', '0x1'],
      ['Unknown', '0x2 y'],
    ]);
    expect(split('read', '')).toEqual([]);
  });
});

describe('decoding', () => {
  it.each<[kind: ArgumentKind, raw: string, fields: object]>([
    ['Hex', '0x1000', { value: 4096 }],
    ['Hex', '0xffffffffffffffff', { value: '18446744073709551615' }],
    ['Hex', '0x1fffffffffffff', { value: 2 ** 53 - 1 }],
    ['Oct', '0o755', { value: 493 }],
    ['FD', '0x3 /a (deleted)', { fd: 3, path: '/a (deleted)' }],
    ['FD', '0xffffff9c', { fd: -100 }],
    ['FD', 'AT_FDCWD /', { fd: -100, path: '/' }],
    ['FD', '0xffffffffffffffff (bad FD)', { fd: -1, error: 'bad FD' }],
    ['FD', '0x4 (bad FD), x', { fd: 4, path: '(bad FD), x' }],
    ['Path', '0x7f ', { address: '0x7f', path: '' }],
    ['Path', '<null>', { address: '0x0' }],
    ['Path', '0x10 (error decoding path: bad address)', { address: '0x10', error: 'error decoding path: bad address' }],
    ['Path', '0x10 (error', { address: '0x10', path: '(error' }],
    ['ReadBuffer', '', { text: '', cut: false }],
    ['ReadBuffer', '0x7f "a\\n"...', { address: '0x7f', text: 'a\n', cut: true }],
    ['WriteBuffer', '...', {}],
    [
      'WriteBuffer',
      '0x7f {error decoding string: bad address}',
      { address: '0x7f', error: 'error decoding string: bad address' },
    ],
    [
      'WriteIOVec',
      '0x5 {base=0x5, len=1, "x"}',
      { address: '0x5', iovecs: [{ base: '0x5', len: 1, text: 'x', cut: false }] },
    ],
    [
      'ReadIOVec',
      '0x5 {base=0x10, len=4, ""..., error decoding string: bad address}',
      {
        address: '0x5',
        iovecs: [{ base: '0x10', len: 4, text: '', cut: true, error: 'error decoding string: bad address' }],
      },
    ],
    ['IOVec', '0x5 ', { address: '0x5', iovecs: [] }],
    [
      'IOVec',
      '0x5 (error decoding iovecs: invalid iovcnt)',
      { address: '0x5', error: 'error decoding iovecs: invalid iovcnt' },
    ],
    [
      'SendMsgHdr',
      '0x1 {name=0x0, namelen=0, iovecs=0x2 {base=0x3, len=1, "a"}, {base=0x4, len=0}, control={0x0 }, flags=-3}',
      {
        address: '0x1',
        fields: {
          name: '0x0',
          namelen: 0,
          iovecs: [
            { base: '0x3', len: 1, text: 'a', cut: false },
            { base: '0x4', len: 0 },
          ],
          control: '{0x0 }',
          flags: -3,
        },
      },
    ],
    [
      'RecvMsgHdr',
      '0x1 {name=0x0, namelen=0, iovecs=0x2 , control=0x5, control_len=56, flags=0}',
      { address: '0x1', fields: { name: '0x0', namelen: 0, iovecs: [], control: '0x5', control_len: 56, flags: 0 } },
    ],
    ['ExecveStringVector', '0x7f ["sh", "-c, \\"x\\"", ""]', { address: '0x7f', strings: ['sh', '-c, "x"', ''] }],
    [
      'ExecveStringVector',
      '0x0 {error copying vector: bad address}',
      { address: '0x0', error: 'error copying vector: bad address' },
    ],
    ['PipeFDs', '0x7f [4 5]', { address: '0x7f', fds: [4, 5] }],
    ['SelectFDSet', '0x0 (negative nfds)', { address: '0x0', error: 'negative nfds' }],
    [
      'SockAddr',
      '0x7f {Family: AF_INET, Addr: , Port: 80}',
      { address: '0x7f', family: 'AF_INET', addr: '', port: 80 },
    ],
    [
      'SockAddr',
      '0x7f {Family: AF_INET6, Addr: ::1, Port: 80}',
      { address: '0x7f', family: 'AF_INET6', addr: '::1', port: 80 },
    ],
    ['SockAddr', '0x7f {Family: AF_UNIX, Addr: "\\x00u, }"}', { address: '0x7f', family: 'AF_UNIX', path: '\0u, }' }],
    [
      'SockAddr',
      '0x7f {Family: AF_NETLINK, PortID: 1, Groups: 0}',
      { address: '0x7f', family: 'AF_NETLINK', fields: { PortID: 1, Groups: 0 } },
    ],
    [
      'PostSockAddr',
      '0x7f {Family: AF_UNIX, error extracting address: address family not supported by protocol}',
      {
        address: '0x7f',
        family: 'AF_UNIX',
        error: 'error extracting address: address family not supported by protocol',
      },
    ],
    [
      'SockAddr',
      '0x7f {Family: 0x63, family addr format unknown}',
      { address: '0x7f', family: '0x63', error: 'family addr format unknown' },
    ],
    ['SockAddr', '0x7f {address too short: 1 bytes}', { address: '0x7f', error: 'address too short: 1 bytes' }],
    ['PostSockAddr', '0x7f {length null}', { address: '0x7f', error: 'length null' }],
    ['SockLen', '0x7f {length=16}', { address: '0x7f', length: 16 }],
    ['OpenFlags', 'O_RDWR|0x0', { flags: ['O_RDWR'], rest: null }],
    ['OpenFlags', '0x3|0x0', { flags: [], rest: '0x3' }],
    ['Mode', 'S_ISUID|0o755', { flags: ['S_ISUID'], rest: '0o755' }],
    ['Mode', '0o0', { flags: [], rest: '0o0' }],
    ['Mode', '0xf000|S_ISUID|S_ISVTX|0o7', { flags: ['S_ISUID', 'S_ISVTX'], rest: '0xf000|0o7' }],
    ['SockType', '0xd|0x40', { flags: [], rest: '0xd|0x40' }],
    ['SockFlags', '0', { flags: [], rest: null }],
    ['MmapProt', '0x0', { flags: [], rest: null }],
    ['EpollCtlOp', 'EPOLL_CTL_ADD', { name: 'EPOLL_CTL_ADD' }],
    ['SockFamily', '0x3e7', { value: 999 }],
    ['SetSockOptVal', '0x7f {value=1}', { address: '0x7f', value: 1 }],
    ['GetSockOptVal', '0x7f "reno\\x00"', { address: '0x7f', text: 'reno\0', cut: false }],
    ['Signal', 'SIGUSR1', { signal: 'SIGUSR1' }],
    ['Signal', '34', { signal: 34 }],
    ['Signal', '0x20', { signal: 32 }],
    ['SigSet', '0x7f [SIGTERM 34]', { address: '0x7f', signals: ['SIGTERM', 34] }],
    ['PostSigSet', 'null', { address: '0x0' }],
    [
      'SigAction',
      '0x7f {Handler: SIG_IGN, Flags: SA_RESTART|0x4, Restorer: 0x0, Mask: [SIGHUP 40]}',
      {
        address: '0x7f',
        fields: { Handler: 'SIG_IGN', Flags: 'SA_RESTART|0x4', Restorer: '0x0', Mask: ['SIGHUP', 40] },
      },
    ],
    ['UTimeTimespec', '0x7f {sec=5 nsec=UTIME_NOW}', { address: '0x7f', fields: { sec: 5, nsec: 'UTIME_NOW' } }],
    [
      'Timespec',
      '0x7f (error decoding timespec: bad address)',
      { address: '0x7f', error: 'error decoding timespec: bad address' },
    ],
    ['Utimbuf', '0x7f {actime=5, modtime=-6}', { address: '0x7f', fields: { actime: 5, modtime: -6 } }],
    ['CapHeader', '0x7f {Version: 3, Pid: 0}', { address: '0x7f', fields: { Version: 3, Pid: 0 } }],
    ['CapHeader', '0x7f {Version: beef, Pid: -1}', { address: '0x7f', fields: { Version: 'beef', Pid: -1 } }],
    [
      'CapData',
      '0x7f {Permitted: CAP_CHOWN|0x4, Inheritable: 0x0, Effective: CAP_KILL}',
      { address: '0x7f', fields: { Permitted: 'CAP_CHOWN|0x4', Inheritable: '0x0', Effective: 'CAP_KILL' } },
    ],
    [
      'Uname',
      '0x7f {Sysname: Linux, Nodename: a, Release: 4, Version: #1, {x}, Machine: m, Domainname: }',
      {
        address: '0x7f',
        fields: { Sysname: 'Linux', Nodename: 'a', Release: '4', Version: '#1, {x}', Machine: 'm', Domainname: '' },
      },
    ],
    [
      'Rusage',
      '0x7f {_:{} UTime:{Sec:0 Usec:20000} STime:{Sec:1 Usec:2} MaxRSS:3168}',
      { address: '0x7f', fields: { _: {}, UTime: { Sec: 0, Usec: 20000 }, STime: { Sec: 1, Usec: 2 }, MaxRSS: 3168 } },
    ],
    [
      'ItimerVal',
      '0x10 {interval=0x10 (error decoding timeval: bad address), value=0x20 {sec=10 usec=5}}',
      { address: '0x10', fields: { interval: null, value: { sec: 10, usec: 5 } } },
    ],
    [
      'PollFDs',
      '0x7f [{FD: 0xb pipe:[2], Events: POLLIN|POLLPRI, REvents: ...}, {FD: 0xffffffffffffffff (bad FD), Events: 0x0, REvents: POLLNVAL}]',
      {
        address: '0x7f',
        polls: [
          { fd: 11, path: 'pipe:[2]', events: 'POLLIN|POLLPRI', revents: '...' },
          { fd: -1, error: 'bad FD', events: '0x0', revents: 'POLLNVAL' },
        ],
      },
    ],
    [
      'EpollEvent',
      '0x7f {events=EPOLLIN|EPOLLET data=[0x1, -0x1]}',
      { address: '0x7f', fields: { events: 'EPOLLIN|EPOLLET', data: ['0x1', '-0x1'] } },
    ],
    [
      'EpollEvents',
      '0x7f {{events=EPULLHUP data=[0x1, 0x0]}{events=EPOLLIN data=[0x2, 0x0]}...}',
      {
        address: '0x7f',
        events: [
          { events: 'EPULLHUP', data: ['0x1', '0x0'] },
          { events: 'EPOLLIN', data: ['0x2', '0x0'] },
        ],
        cut: true,
      },
    ],
    [
      'Stat',
      '0x7f {dev=17, ino=4, mode=S_IFREG|0o644, nlink=1, uid=0, gid=0, rdev=0, size=5003, blksize=4096, blocks=10, atime=2026-01-02 03:04:05.06 +0000 UTC, mtime=2026-01-02 03:04:05 +0100 CET, ctime=292277022399-01-02 03:04:05 +0000 UTC}',
      {
        address: '0x7f',
        fields: {
          dev: 17,
          ino: 4,
          mode: 'S_IFREG|0o644',
          nlink: 1,
          uid: 0,
          gid: 0,
          rdev: 0,
          size: 5003,
          blksize: 4096,
          blocks: 10,
          atime: '2026-01-02 03:04:05.06 +0000 UTC',
          mtime: '2026-01-02 03:04:05 +0100 CET',
          ctime: '292277022399-01-02 03:04:05 +0000 UTC',
        },
      },
    ],
  ])('%s %s', async (kind, raw, fields) => {
    expect(decodeArgument(kind, raw)).toEqual({ kind, raw, ...fields });
    expect(await parseArgument(kind, raw)).toEqual({ kind, raw, ...fields });
  });

  it.each([
    ['plain é', 'plain é'],
    ['\\a\\b\\f\\n\\r\\t\\v\\\\\\"', '\x07\b\f\n\r\t\v\\"'],
    ['\\x00\\x7f\\u200b\\U0001f600', '\0\x7f\u200b\u{1f600}'],
    ['a\\xffb', 'a\ufffdb'],
    ['\\xc3\\xa9', 'é'], // bytes that are UTF-8 after all
    ['\\xe2\\x82', '\ufffd'], // a cut character
    ['\\ud800\\U00110000', '\ufffd\ufffd'],
    ['\\xg1\\q\\', 'xg1q\\'], // not Go's: kept
  ])('undoes the escapes of %s', (quoted, text) => {
    expect(unquote(`<${quoted}>`, 1, quoted.length + 1)).toBe(text);
  });
});

// ---------------------------------------------------------------------------------------------------- one format, two readers

/** The pattern of a kind, put together from the patterns of grammars/kinds.ts; raw text is any short text. */
function patternOf(kind: ArgumentKind): string {
  const shape = SHAPES[kind];
  const { Hex, Decimal, Null, ParenError, BraceError, Quoted, Dots } = TERMINALS;
  const pointed = (body: string): string => `(?:${Null}|${Hex}(?: (?:${body}|${ParenError}|${BraceError}))?)`;
  const listed = (element: string, separator: string): string => `\\[(?:${element}(?:${separator}${element}){0,3})?\\]`;
  const dump = `${Quoted}(?:${Dots})?`;
  const vector = `${IOVEC_HEAD}(?:, ${dump}(?:, error [a-z:]*)?)?\\}`;
  const vectors = `(?:${vector}(?:, ${vector}){0,2})?`;
  const event = EPOLL_EVENT;
  const text = '[ -~]{0,9}';
  switch (shape.form) {
    case 'number':
      return TERMINALS[shape.terminal];
    case 'descriptor':
      return `(?:${TERMINALS.Cwd}|${Hex})(?: (?:${TERMINALS.BadFd}|${text}))?`;
    case 'path':
      return `(?:${TERMINALS.PathNull}|${Hex}(?: (?:${ParenError}|${text}))?)`;
    case 'buffer':
      return `(?:|${Dots}|${pointed(dump)}|${IOVEC_HEAD}\\})`;
    case 'optionValue':
      return `(?:|${pointed(`(?:\\{value=${Decimal}\\}|${dump})`)})`;
    case 'iovecs':
      return `(?:${Dots}|${pointed(vectors)})`;
    case 'message':
      return pointed(
        `\\{name=${Hex}, namelen=${Decimal}, iovecs=${pointed(vectors)}, control=(?:\\{${Hex} (?:\\{[a-z=: ]*\\})?\\}|${Hex}, control_len=${Decimal}), flags=${Decimal}\\}`,
      );
    case 'strings':
      return pointed(listed(Quoted, ', '));
    case 'numbers':
      return pointed(listed(Decimal, ' '));
    case 'signals':
      return pointed(listed(SIGNAL, ' '));
    case 'address':
      return pointed(
        `\\{Family: ${NAME_OR_NUMBER}, (?:Addr: ${Quoted}|Addr: [0-9a-f.:]{0,9}, Port: ${Decimal}|PortID: ${Decimal}, Groups: ${Decimal}|${TERMINALS.PlainError})\\}`,
      );
    case 'length':
      return pointed(`\\{length=${Decimal}\\}`);
    case 'flags':
      return flagSet(shape.prefix);
    case 'name':
      return NAME_OR_NUMBER;
    case 'signal':
      return SIGNAL;
    case 'action':
      return pointed(`${SIGACTION_HEAD}(?:${SIGNAL}(?: ${SIGNAL}){0,3})?\\]\\}`);
    case 'structure':
      return pointed(structurePattern(shape.structure));
    case 'usage':
      return pointed(USAGE);
    case 'system':
      return pointed(`\\{${UNAME_LABELS.map((label) => `${label}: ${text}`).join(', ')}\\}`);
    case 'timer':
      return pointed(`\\{interval=${timerPart(shape.structure)}, value=${timerPart(shape.structure)}\\}`);
    case 'polls': {
      const flags = flagSet('POLL');
      const poll = `\\{FD: (?:${TERMINALS.Cwd}|${Hex})(?: ${text})?, Events: ${flags}, REvents: (?:${flags}|${Dots})\\}`;
      return pointed(listed(poll, ', '));
    }
    case 'event':
      return pointed(event);
    case 'events':
      return pointed(`\\{(?:${event}|${BraceError}){0,3}(?:${Dots})?\\}`);
    default:
      return shape satisfies never;
  }
}

const textOf = (kind: ArgumentKind): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^${patternOf(kind)}$`));

/** A text with one character left out, doubled, or put in place of another. */
const damaged = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(texts, fc.nat(), fc.constantFrom('drop', 'double', 'replace'), fc.constantFrom(...' ,{}[]()"\\.=:|0x-aA_\n'))
    .map(([text, at, how, char]) => {
      const i = at % (text.length + 1);
      return (
        text.slice(0, i) +
        (how === 'drop' ? '' : how === 'double' ? text.slice(i, i + 1).repeat(2) : char) +
        text.slice(i + 1)
      );
    });

describe.each(ARGUMENT_KINDS)('%s: the hand decoder and the grammar', (kind) => {
  let grammar: ArgumentGrammar;
  beforeAll(async () => {
    grammar = await loadArgumentGrammar();
  });

  it('read every text that the patterns give, alike', () => {
    fc.assert(
      fc.property(textOf(kind), (raw) => {
        const decoded = decodeArgument(kind, raw);
        expect(decoded).toBeDefined();
        expect(grammar.parse(kind, raw)).toEqual(decoded);
      }),
      { numRuns: 40 },
    );
  });

  it('agree on damaged texts', () => {
    fc.assert(
      fc.property(damaged(textOf(kind)), (raw) => {
        expect(grammar.parse(kind, raw)).toEqual(decodeArgument(kind, raw));
      }),
      { numRuns: 100 },
    );
  });
});

describe('real samples', () => {
  const samples = new URL('../../samples/', import.meta.url);
  const files = existsSync(samples)
    ? readdirSync(samples, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.log'))
    : [];

  it('fit the tables, and both readers read their arguments alike', async () => {
    const grammar = await loadArgumentGrammar();
    const seen = new Set<string>();
    for (const file of files) {
      const text = readFileSync(new URL(file, samples), 'utf8');
      for (const [, name = '', args = ''] of text.matchAll(/^I.* strace\.go:\d+\] \[[^\]]*\] \S* E (\w+)\((.*)\)$/gm)) {
        expect(fitsCall(name, args), `${file}: ${name}(${args})`).toBe(true);
        for (const argument of splitArguments(name, args)) {
          const key = `${argument.kind} ${argument.raw.replace(/[0-9a-f]{3,}/g, '#')}`;
          if (argument.kind === 'Unknown' || seen.has(key)) continue;
          seen.add(key);
          expect(grammar.parse(argument.kind, argument.raw)).toEqual(argument);
        }
      }
    }
  });
});

// --------------------------------------------------------------------------------------------------------------- hostile text

const NAMES = [
  'linkat',
  'renameat2',
  'openat',
  'execve',
  'writev',
  'sendmsg',
  'poll',
  'uname',
  'select',
  'sys_1',
  'nothing',
];

describe('hostile text', () => {
  const bits = [
    ', ',
    '0x1',
    ' a',
    '"',
    '{base=0x1, len=1',
    '}',
    '[',
    ']',
    '(',
    ')',
    '\\',
    'null',
    '...',
    '|',
    'O_A',
    '\n',
    '\ufffd',
    '0o7',
  ];

  it('always gives the text back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.array(fc.constantFrom(...bits), { maxLength: 12 }), (name, parts) => {
        const args = parts.join('');
        expect(rawsOf(splitArguments(name, args)).join(', ')).toBe(args);
      }),
      { numRuns: 3000 },
    );
  });

  it('gives every call of the tables back whole, in its own kinds', () => {
    const isText = (kind: ArgumentKind): boolean => ['descriptor', 'path', 'system'].includes(SHAPES[kind].form);
    const texts = Object.fromEntries(
      ARGUMENT_KINDS.map((kind) => [
        kind,
        textOf(kind).filter((raw) => !(isText(kind) && raw.includes(', ')) && !(kind === 'Path' && !/[ <]/.test(raw))),
      ]),
    ) as Record<ArgumentKind, fc.Arbitrary<string>>;
    const calls = (['amd64', 'arm64'] as const).flatMap((arch) =>
      [...argumentTable(arch)].map(([name, [list]]) => ({ arch, name, kinds: list?.kinds ?? [] })),
    );
    const records = fc
      .constantFrom(...calls)
      .chain((call) => fc.tuple(fc.constant(call), fc.tuple(...call.kinds.map((kind) => texts[kind]))));
    fc.assert(
      fc.property(records, ([{ arch, name, kinds }, raws]) => {
        const pieces = splitArguments(name, raws.join(', '), { arch });
        expect(rawsOf(pieces)).toEqual(raws);
        expect(kindsOf(pieces)).toEqual(kinds);
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['separators', 'linkat', `AT_FDCWD /${', 0x1 x'.repeat(100_000)}`],
    ['near misses', 'renameat2', `0x1 a${', 0x1 a, 0x2 b'.repeat(50_000)}, zz`],
    ['open quotes', 'execve', `0x1 /b, 0x2 ["${'", "'.repeat(200_000)}`],
    ['vectors', 'execve', `0x1 a${', 0x1 [", ", '.repeat(50_000)}`],
    ['escapes', 'write', `0x1 f, 0x2 "${'\\x00'.repeat(1_000_000)}", 0x1`],
    ['backslashes', 'write', `0x1 f, 0x2 "${'\\'.repeat(1_000_001)}"${'"'.repeat(1000)}, 0x1`],
    ['elements', 'writev', `0x1 f, 0x2 ${'{base=0x1, len=1}, '.repeat(50_000)}0x1 y`],
    ['flags', 'openat', `AT_FDCWD /, 0x1 a, ${'O_A|'.repeat(1_000_000)}`],
    ['digits', 'close', `0x${'f'.repeat(100_000)}`],
    ['a flag set of megabytes', 'unshare', 'CLONE_FS|'.repeat(1_000_000) + '0x1'],
    ['an address of megabytes', 'bind', `0x1 f, 0x2 {Family: AF_UNIX, Addr: "${'\\n'.repeat(2_000_000)}"}, 0x6e`],
    ['polls', 'poll', `0x1 [${'{FD: 0x1 a, Events: 0x0, REvents: ...}, '.repeat(20_000)}`],
    ['strings', 'execve', `0x1 /b, 0x2 [${'"a", '.repeat(200_000)}"a"], 0x3 []`],
    ['control messages', 'sendmsg', `0x1 f${', 0x1 {name=0x0, namelen=0, iovecs=0x0 , control={0x1 '.repeat(20_000)}`],
    ['a number of megabytes', 'brk', `0x${'f'.repeat(1_000_000)}`],
    ['nesting', 'nothing', '[{('.repeat(300_000)],
  ])('reads %s in time and gives them back', (_, name, args) => {
    const started = performance.now();
    const pieces = splitArguments(name, args, amd64);
    expect(rawsOf(pieces).join(', ') === args).toBe(true);
    expect(performance.now() - started).toBeLessThan(20_000); // linear: far less; a square of these lengths: minutes
  });

  it('takes no name of Object for a call', () => {
    expect(kindsOf(splitArguments('constructor', '0x1, x'))).toEqual(['Hex', 'Unknown']);
    expect(kindsOf(splitArguments('__proto__', '0x1'))).toEqual(['Hex']);
  });
});

describe('releases', () => {
  it.each([
    ['2018-11', 2018110000],
    ['20190529.1', 2019052901],
    ['0.0~20221219', 2022121900],
    ['release-20240729.0', 2024072900],
    ['VERSION_MISSING', undefined],
  ])('%s', (text, number) => {
    expect(releaseNumber(text)).toBe(number);
  });
});

describe('an execve of the usual form', () => {
  /** What the splitter finds in its place: the path of the first argument, the texts of the others. */
  function split(args: string): unknown {
    const [path, argv, env] = splitArguments('execve', args);
    const stringsOf = (arg: Argument | undefined): unknown =>
      arg?.kind === 'ExecveStringVector' ? arg.strings : undefined;
    return { path: path?.kind === 'Path' ? path.path : undefined, argv: stringsOf(argv), env: stringsOf(env) };
  }

  it('is read as the splitter reads it, or left to it', () => {
    let read = 0;
    const text = fc.stringMatching(/^[ -~]{0,8}$/);
    const odd = fc.oneof(
      text,
      fc.constantFrom('/bin/a', 'a, 0x1', '0x1 ["', '"], 0x2 ["', '", "', ']', '\\', '\\"', '(bad', ', '),
    );
    const list = fc
      .array(odd, { maxLength: 3 })
      .map((texts) => `[${texts.map((one) => JSON.stringify(one)).join(', ')}]`);
    const address = fc.constantFrom('0x0', '0x7f12', '0x7f12', '0x5', 'null', '0xfg');
    fc.assert(
      fc.property(address, odd, address, list, address, list, odd, (a, path, b, argv, c, env, rest) => {
        for (const args of [
          `${a} ${path}, ${b} ${argv}, ${c} ${env}`,
          `${a} ${path}, ${b} ${argv}, ${c} ${env}${rest}`,
        ]) {
          const found = readExecve(args);
          if (found === undefined) continue;
          read++;
          expect({ path: found.path, argv: wordsOf(found.words), env: wordsOf(found.env) }, args).toEqual(split(args));
        }
      }),
      { numRuns: 3000, seed: SEED },
    );
    expect(read).toBeGreaterThan(300);
  });

  it('is that of nearly all in the samples', () => {
    let [all, read] = [0, 0];
    for (const { bytes } of samples()) {
      for (const [, args = ''] of bytes.toString().matchAll(/^[DI]\d.* X execve\((0x.*)\) = .*$/gm)) {
        all++;
        const found = readExecve(args);
        if (found === undefined) continue;
        read++;
        expect({ path: found.path, argv: wordsOf(found.words), env: wordsOf(found.env) }, args).toEqual(split(args));
      }
    }
    expect(all).toBeGreaterThan(40);
    expect(read / all).toBeGreaterThan(0.9);
  });
});
