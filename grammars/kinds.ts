/**
 * The kinds of syscall arguments: which there are, and what shapes their text can take. Every pattern stands here once; the
 * splitter (src/events/arguments.ts) and the grammar (grammars/arguments.ts) are both built from this page.
 *
 * Source: gVisor pkg/sentry/strace (strace.go, socket.go, poll.go, select.go, epoll.go, signal.go, capability.go)
 */

/** The kinds, as gVisor's FormatSpecifier calls them. Their order is the code of `syscall-table.ts`: add at the end only. */
export const ARGUMENT_KINDS = [
  'Hex',
  'FD',
  'Path',
  'Oct',
  'ReadBuffer',
  'WriteBuffer',
  'ReadIOVec',
  'WriteIOVec',
  'IOVec',
  'SendMsgHdr',
  'RecvMsgHdr',
  'PostPath',
  'ExecveStringVector',
  'PipeFDs',
  'SelectFDSet',
  'SockAddr',
  'PostSockAddr',
  'SockLen',
  'OpenFlags',
  'Mode',
  'CloneFlags',
  'FutexOp',
  'MmapProt',
  'MmapFlags',
  'SockType',
  'SockFlags',
  'CloseRangeFlags',
  'SockFamily',
  'SockProtocol',
  'SockOptLevel',
  'SockOptName',
  'EpollCtlOp',
  'ItimerType',
  'PtraceRequest',
  'SignalMaskAction',
  'SetSockOptVal',
  'GetSockOptVal',
  'Signal',
  'SigSet',
  'PostSigSet',
  'SigAction',
  'PostSigAction',
  'Timespec',
  'PostTimespec',
  'UTimeTimespec',
  'Timeval',
  'Utimbuf',
  'Stat',
  'Uname',
  'CapHeader',
  'CapData',
  'PostCapData',
  'Rusage',
  'ItimerVal',
  'ItimerSpec',
  'PostItimerVal',
  'PostItimerSpec',
  'PollFDs',
  'EpollEvent',
  'EpollEvents',
] as const;

export type ArgumentKind = (typeof ARGUMENT_KINDS)[number];

/**
 * The terminals. None matches the empty text, but for `SocketHost` (the any-address prints nothing).
 *
 *     Quoted       Go's %q; the dots of a cut stand after the closing quote
 *     ParenError   what stands beside the address of an argument that the sentry could not read
 *     BraceError   the same, as the socket, epoll and execve printers write it
 *     GoTime       Go's default text of a time.Time: 2026-01-02 03:04:05.06 +0000 UTC (years beyond 9999 occur)
 */
export const TERMINALS = {
  Hex: '0x[0-9a-f]+',
  SignedHex: '-?0x[0-9a-f]+',
  Decimal: '-?[0-9]+',
  Octal: '0o[0-7]+',
  Null: 'null',
  PathNull: '<null>',
  Cwd: 'AT_FDCWD',
  BadFd: '\\(bad FD\\)',
  Quoted: '"[^"\\\\]*(?:\\\\[^][^"\\\\]*)*"',
  Dots: '\\.\\.\\.',
  ParenError: '\\((?:error|negative|unknown|invalid|unsupported) [^(){}\\n]*\\)',
  BraceError: '\\{(?:(?:error|unknown|invalid|unsupported) [^{}\\n]*|address too short: [0-9]+ bytes|length null)\\}',
  Name: '[A-Z][A-Z0-9_]*',
  Word: '[A-Za-z_][A-Za-z0-9_]*',
  GoTime: '-?[0-9]+-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)? [-+][0-9]{4} [-+A-Za-z0-9]+',
  CapVersion: '[0-9a-f]+',
  SocketHost: '[^,{}"\\n]*',
  PlainError: '(?:error [^{}\\n]*|family addr format unknown)',
} as const;

export type TerminalName = keyof typeof TERMINALS;

/** A set of flags: names with this beginning, and numbers, with `|` between them; the numbers stand last or, rarely, first. */
export const flagSet = (prefix: string): string => {
  const part = `(?:${prefix}[A-Z0-9_]+|0x[0-9a-f]+|0o[0-7]+|[0-9]+)`;
  return `${part}(?:\\|${part})*`;
};

/** One named value of a structure. `flags` and `time` stay text, `number` may be a name (UTIME_NOW), `version` has no 0x. */
export type Field = { readonly name: string; readonly value: FieldValue };
export type FieldValue = 'number' | 'flags' | 'time' | 'version';

/** The patterns of the values above. */
export const FIELD_VALUES: Record<FieldValue, string> = {
  number: `(?:${TERMINALS.Decimal}|UTIME_[A-Z]+)`,
  flags: flagSet('[A-Z]'),
  time: TERMINALS.GoTime,
  version: TERMINALS.CapVersion,
};

/** `{sec=1 nsec=2}`, `{actime=5, modtime=6}` or `{Version: 3, Pid: 0}`: names and values in a fixed order. */
export type Structure = {
  readonly sign: '=' | ': ';
  readonly separator: ' ' | ', ';
  readonly fields: readonly Field[];
};

const structure = (sign: '=' | ': ', separator: ' ' | ', ', fields: string): Structure => ({
  sign,
  separator,
  fields: fields.split(' ').map((field) => {
    const [name = '', value = 'number'] = field.split('/');
    return { name, value: value as FieldValue };
  }),
});

const TIMESPEC = structure('=', ' ', 'sec nsec');
const TIMEVAL = structure('=', ' ', 'sec usec');
const STAT = structure(
  '=',
  ', ',
  'dev ino mode/flags nlink uid gid rdev size blksize blocks atime/time mtime/time ctime/time',
);
const CAPABILITIES = structure(': ', ', ', 'Permitted/flags Inheritable/flags Effective/flags');

/** The pattern of a structure, braces included. */
export const structurePattern = ({ sign, separator, fields }: Structure): string =>
  `\\{${fields.map(({ name, value }) => `${name}${sign}${FIELD_VALUES[value]}`).join(separator)}\\}`;

/**
 * What the text of a kind looks like. `bare` says that a bare number is printed, too: by a "post" kind before the call, by the
 * releases that did not decode the argument yet, or where the sentry does not read it.
 */
export type Shape =
  | { readonly form: 'number'; readonly terminal: 'Hex' | 'Octal' } // 0x3, 0o755
  | { readonly form: 'descriptor' } // 0x3 /path, AT_FDCWD /cwd, 0x4d (bad FD)
  | { readonly form: 'path'; readonly bare: boolean } // 0x7f name, <null>, 0x10 (error decoding path: bad address)
  | { readonly form: 'buffer' } // 0x7f "data"..., "...", nothing at all
  | { readonly form: 'optionValue' } // 0x7f {value=1}, or a buffer
  | { readonly form: 'iovecs' } // 0x7f {base=0x1, len=2, "ab"}, {base=0x3, len=0}
  | { readonly form: 'message' } // 0x7f {name=0x0, namelen=0, iovecs=…, control=…, flags=0}
  | { readonly form: 'strings' } // 0x7f ["a", "b"]
  | { readonly form: 'numbers' } // 0x7f [4 5]
  | { readonly form: 'signals' } // 0x7f [SIGTERM 34]
  | { readonly form: 'address' } // 0x7f {Family: AF_INET, Addr: 127.0.0.1, Port: 80}
  | { readonly form: 'length' } // 0x7f {length=16}
  | { readonly form: 'flags'; readonly prefix: string } // O_RDONLY|0x0
  | { readonly form: 'name' } // SOL_SOCKET, 0x3e7
  | { readonly form: 'signal' } // SIGUSR1, 34, 0x20
  | { readonly form: 'action' } // 0x7f {Handler: SIG_IGN, Flags: 0x0, Restorer: 0x0, Mask: []}
  | { readonly form: 'structure'; readonly structure: Structure }
  | { readonly form: 'usage' } // 0x7f {UTime:{Sec:0 Usec:0} … NIvCSw:0}
  | { readonly form: 'system' } // 0x7f {Sysname: Linux, Nodename: …}, raw text
  | { readonly form: 'timer'; readonly structure: Structure } // 0x7f {interval=0x7f {…}, value=0x8f {…}}
  | { readonly form: 'polls' } // 0x7f [{FD: 0x4 socket:[3], Events: POLLIN, REvents: ...}]
  | { readonly form: 'event' } // 0x7f {events=EPOLLIN data=[0x1, 0x0]}
  | { readonly form: 'events' }; // 0x7f {{events=…}{events=…}...}

const flags = (prefix: string): Shape => ({ form: 'flags', prefix });
const fixed = (structure: Structure): Shape => ({ form: 'structure', structure });

export const SHAPES: Record<ArgumentKind, Shape> = {
  Hex: { form: 'number', terminal: 'Hex' },
  Oct: { form: 'number', terminal: 'Octal' },
  FD: { form: 'descriptor' },
  Path: { form: 'path', bare: false },
  PostPath: { form: 'path', bare: true },
  ReadBuffer: { form: 'buffer' },
  WriteBuffer: { form: 'buffer' },
  SetSockOptVal: { form: 'optionValue' },
  GetSockOptVal: { form: 'optionValue' },
  ReadIOVec: { form: 'iovecs' },
  WriteIOVec: { form: 'iovecs' },
  IOVec: { form: 'iovecs' },
  SendMsgHdr: { form: 'message' },
  RecvMsgHdr: { form: 'message' },
  ExecveStringVector: { form: 'strings' },
  PipeFDs: { form: 'numbers' },
  SelectFDSet: { form: 'numbers' },
  SockAddr: { form: 'address' },
  PostSockAddr: { form: 'address' },
  SockLen: { form: 'length' },
  OpenFlags: flags('O_'),
  Mode: flags('S_'),
  CloneFlags: flags('CLONE_'),
  FutexOp: flags('FUTEX_'),
  MmapProt: flags('PROT_'),
  MmapFlags: flags('MAP_'),
  SockType: flags('SOCK_'),
  SockFlags: flags('SOCK_'),
  CloseRangeFlags: flags('CLOSE_RANGE_'),
  SockFamily: { form: 'name' },
  SockProtocol: { form: 'name' },
  SockOptLevel: { form: 'name' },
  SockOptName: { form: 'name' },
  EpollCtlOp: { form: 'name' },
  ItimerType: { form: 'name' },
  PtraceRequest: { form: 'name' },
  SignalMaskAction: { form: 'name' },
  Signal: { form: 'signal' },
  SigSet: { form: 'signals' },
  PostSigSet: { form: 'signals' },
  SigAction: { form: 'action' },
  PostSigAction: { form: 'action' },
  Timespec: fixed(TIMESPEC),
  PostTimespec: fixed(TIMESPEC),
  UTimeTimespec: fixed(TIMESPEC),
  Timeval: fixed(TIMEVAL),
  Utimbuf: fixed(structure('=', ', ', 'actime modtime')),
  Stat: fixed(STAT),
  CapHeader: fixed(structure(': ', ', ', 'Version/version Pid')),
  CapData: fixed(CAPABILITIES),
  PostCapData: fixed(CAPABILITIES),
  Uname: { form: 'system' },
  Rusage: { form: 'usage' },
  ItimerVal: { form: 'timer', structure: TIMEVAL },
  PostItimerVal: { form: 'timer', structure: TIMEVAL },
  ItimerSpec: { form: 'timer', structure: TIMESPEC },
  PostItimerSpec: { form: 'timer', structure: TIMESPEC },
  PollFDs: { form: 'polls' },
  EpollEvent: { form: 'event' },
  EpollEvents: { form: 'events' },
};

/** The labels of a utsname, in order; the raw text of a field ends where the next label first stands. */
export const UNAME_LABELS = ['Sysname', 'Nodename', 'Release', 'Version', 'Machine', 'Domainname'] as const;

/** Where the text of a descriptor in a poll list ends: `, Events: POLLIN, REvents: ...}` and the next element or the end. */
export const POLL_TAIL = `, Events: (${flagSet('POLL')}), REvents: (${flagSet('POLL')}|${TERMINALS.Dots})\\}`;
export const POLL_HEAD = `\\{FD: (${TERMINALS.Cwd}|${TERMINALS.Hex})(?= |, Events: )`;

/** Patterns of the longer shapes, from the terminals. */
const { Hex, SignedHex, Decimal, Name, ParenError } = TERMINALS;

export const SIGNAL = `(?:SIG[A-Z0-9_]+|${Hex}|${Decimal})`;
export const NAME_OR_NUMBER = `(?:${Name}|${Hex}|${Decimal})`;
/** `{events=EPOLLIN|EPOLLET data=[0x1, 0x0]}`: the data as two signed halves, the low one first. */
export const EPOLL_EVENT = `\\{events=(${flagSet('EP[OU]LL')}) data=\\[(${SignedHex}), (${SignedHex})\\]\\}`;
/** `{Handler: SIG_IGN, Flags: 0x0, Restorer: 0x0, Mask: [`, then signals. */
export const SIGACTION_HEAD = `\\{Handler: (${Name}|${Hex}), Flags: (${flagSet('SA_')}), Restorer: (${Hex}), Mask: \\[`;
/** `0x7f {sec=0 usec=0}` inside an itimer, or `0x10 (error decoding timeval: bad address)`. */
export const timerPart = (structure: Structure): string =>
  `(?:${TERMINALS.Null}|${Hex} (?:${structurePattern(structure)}|${ParenError}))`;
/** The control messages of a msghdr: address, blank, messages (numbers and names, no raw text) or what was wrong. */
const CONTROL_MESSAGE = '\\{[^{}"\\n]*\\}';
export const CONTROL = `\\{${Hex} (?:${CONTROL_MESSAGE}(?:, ${CONTROL_MESSAGE})*|\\(error [^{}"\\n]*\\))?\\}(?=, flags=)`;
/** `{base=0x1, len=2`, the head of an element of an I/O vector, and the end of one that could not be read. */
export const IOVEC_HEAD = `\\{base=(${Hex}), len=(${Decimal})`;
export const IOVEC_ERROR = ', (error [^{}\\n]*)\\}';
/** Go's %+v: `{UTime:{Sec:0 Usec:10000} … NIvCSw:0}`, since 2026-01-26 with a leading `_:{}`. */
const USAGE_VALUE = `[A-Za-z_]+:${Decimal}`;
const USAGE_ENTRY = `(?:${USAGE_VALUE}|[A-Za-z_]+:\\{(?:${USAGE_VALUE}(?: ${USAGE_VALUE})*)?\\})`;
export const USAGE = `\\{${USAGE_ENTRY}(?: ${USAGE_ENTRY})*\\}`;
