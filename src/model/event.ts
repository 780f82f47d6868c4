/** The events of a runsc log: one meaning per record, every byte of the input in exactly one of them. */
import type { Bytes, LineNumber, Nanos, SourceName } from './units.js';

/** The kinds of the contract, in its order. A kind is added here and nowhere else. */
export const KINDS = [
  'banner',
  'config',
  'spec',
  'fatal',
  'warning',
  'note',
  'syscall-enter',
  'syscall-exit',
  'unsupported-syscall',
  'signal',
  'fault',
  'exit',
  'panic',
  'goroutines',
  'dump',
  'watchdog',
  'packet',
  'seccomp-dump',
  'dropped',
  'stderr',
  'json-error',
  'shim',
  'docker',
  'kubernetes',
  'kernel',
  'native-syscall',
  'native-signal',
  'native-exit',
  'native-note',
  'native-table',
  'continuation',
  'text',
  'blank',
  'unread',
] as const;
export type Kind = (typeof KINDS)[number];

/** runsc has three letters (I, W, D); `error` occurs only in the error log (`--log`). */
export type Level = 'debug' | 'info' | 'warning' | 'error';

/**
 * A task of the sentry. `tgid` is null in logs until 20210927.0, whose tag holds a TID only. In a nested PID namespace
 * `tgid` and `tid` are those of the root namespace and `nested` those that the task itself sees.
 */
export type Task = {
  readonly tgid: number | null;
  readonly tid: number;
  readonly nested?: { readonly tgid: number; readonly tid: number };
};

/** What every event carries. Field names are those of the JSON contract, so that the library and `--json` speak alike. */
export type EventBase = {
  readonly source: SourceName;
  /** Physical line on which the record starts. */
  readonly line: LineNumber;
  /** Place of its first byte in the decompressed input. */
  readonly offset: Bytes;
  /** All its bytes: header, continuation lines and line ends. */
  readonly bytes: Bytes;
  /** ISO 8601 as the record prints it: with a zone where the log has one. */
  readonly time: string | null;
  readonly level: Level | null;
  /** The pid in the header, in the process's own PID namespace; JSON logs have none. */
  readonly pid: number | null;
  /** `file.go:123`; null where the log names none (JSON before 20240109). */
  readonly site: string | null;
  /** The decoded record without its header, newlines real. */
  readonly message: string;
  /** How many bytes of `message` were not kept (a record may be longer than memory). */
  readonly cut?: number;
  /** How many records this one pretends to hold. */
  readonly forged?: number;
  /** How the text had to be mended to be read. */
  readonly recovered?: string;
  /** Builds of 2018 wrote each record twice: this is the second copy, which takes part in no count. */
  readonly repeated?: true;
};

/** The captures of a known sentence (grammars/messages.ts), by name. */
export type Captures = Readonly<Record<string, string>>;
type Known = { readonly known?: string; readonly captures?: Captures };

/** Why bytes could not be read. */
export type UnreadReason = 'not-a-log' | 'broken-json' | 'binary' | 'undecodable';

export type SyscallEnter = EventBase & {
  readonly kind: 'syscall-enter';
  readonly task: Task;
  /** 0 to 15 raw bytes; may hold anything but NUL. */
  readonly comm: string;
  readonly name: string;
  /** Argument text as printed. */
  readonly args: string;
};

export type SyscallExit = EventBase & {
  readonly kind: 'syscall-exit';
  readonly task: Task;
  readonly comm: string;
  readonly name: string;
  readonly args: string;
  /** The returned value as an unsigned 64-bit decimal string; `-1` where the log prints that. */
  readonly ret: string;
  /** Linux errno number, 512 to 516 for restarts; null on success. */
  readonly errno: number | null;
  readonly errno_name: string | null;
  readonly duration_ns: Nanos;
};

export type BannerField =
  | 'delimiter'
  | 'args'
  | 'version'
  | 'revision'
  | 'goos'
  | 'goarch'
  | 'pid'
  | 'uid'
  | 'page-size'
  | 'startup'
  | 'heading';

/** Facts of the banner's line, by name (`version`, `go`, `arch`, `cpus`, `os`, `pid`, `ppid`, `uid`, `gid`, `args`, ...). */
export type BannerEvent = EventBase & {
  readonly kind: 'banner';
  readonly field: BannerField;
  readonly values: Captures;
};

/** One line of the configuration block: the settings it prints, by the name it prints (`Platform`, `Config.RootDir`). */
export type ConfigEvent = EventBase & {
  readonly kind: 'config';
  readonly values: Captures;
  /** The command-line flag behind the field, where the line names it. */
  readonly flag?: string;
};

export type FatalEvent = EventBase &
  Known & {
    readonly kind: 'fatal';
    /** The text after `FATAL ERROR: `. */
    readonly error: string;
  };

export type JsonErrorEvent = EventBase & Known & { readonly kind: 'json-error'; readonly error: string };

export type ExitEvent = EventBase & {
  readonly kind: 'exit';
  /** Who ended: the application, the runsc command, or the runsc command in failure. */
  readonly of: 'application' | 'command' | 'command-failure';
  /** Exit status 0 to 255 (of a command: decoded from the raw wait status), or null where a signal ended it. */
  readonly status: number | null;
  readonly signal: number | null;
};

export type SignalEvent = EventBase & {
  readonly kind: 'signal';
  readonly task?: Task;
  readonly signal: number;
  readonly comm?: string;
};

export type UnsupportedSyscallEvent = EventBase & {
  readonly kind: 'unsupported-syscall';
  readonly task?: Task;
  readonly name: string;
};

export type PanicEvent = EventBase &
  Known & {
    readonly kind: 'panic';
    /** The first line: `panic: ...`, `fatal error: ...`, `SIGSEGV: ...`. */
    readonly error: string;
  };

export type DroppedEvent = EventBase & { readonly kind: 'dropped'; readonly count: number };

export type UnreadEvent = EventBase & { readonly kind: 'unread'; readonly why: UnreadReason };

/**
 * What a line of native strace(1) says of its task and time. `time` of the event is that of `-ttt`; other forms print no
 * date. `tgid` is null, strace prints none; `tid` is the task that the line names, else that of the file's name (`-ff`),
 * else the only one that is left, and 0 as long as no line has named the task.
 */
type NativeLine = {
  readonly task: Task;
  /** `22:42:14.877567`: local time without a date (`-t`, `-tt`). */
  readonly clock?: string;
  /** Time since the line before (`-r`). */
  readonly since_ns?: Nanos;
};

/** A call in a native trace. Of a call in two halves only the second has a result, and the arguments of both. */
export type NativeSyscallEvent = EventBase &
  NativeLine & {
    readonly kind: 'native-syscall';
    /** As printed; `???` where strace could not read it. */
    readonly name: string;
    /** Argument text as printed. */
    readonly args: string;
    /** Decimal text; `-1` of a call that failed or is restarted, `?` of one that did not return, null of a first half. */
    readonly ret: string | null;
    readonly errno: number | null;
    readonly errno_name: string | null;
    /** Null where the trace holds none (without `-T`). */
    readonly duration_ns: Nanos | null;
    /** Other lines came before its end, or the task ended in it. */
    readonly unfinished?: true;
    /** The second half of a call. */
    readonly resumed?: true;
  };

export type NativeSignalEvent = EventBase &
  NativeLine & {
    readonly kind: 'native-signal';
    /** `SIGCHLD`, as printed. */
    readonly signal: string;
    /** The fields of siginfo_t as printed, without their braces. */
    readonly info?: string;
  };

/** A task ended; both null where another task's execve ended it (`successor`). */
export type NativeExitEvent = EventBase &
  NativeLine & {
    readonly kind: 'native-exit';
    readonly status: number | null;
    readonly signal: string | null;
    readonly successor?: number;
  };

/** A line of the table of `strace -c`; its rows have fields. */
export type NativeTableEvent = EventBase & {
  readonly kind: 'native-table';
  readonly name?: string;
  readonly calls?: number;
  readonly errors?: number;
  readonly total_ns?: Nanos;
};

/** A line of a caller of runsc (shim, docker, kubernetes) or of the host's kernel. */
export type OutsideEvent = EventBase &
  Known & {
    readonly kind: 'shim' | 'docker' | 'kubernetes' | 'kernel';
    /** What the line tells by name: `id`, `reason`, `unit`; of the kernel `event`, `pid`, `comm`, `signal`, `syscall`. */
    readonly fields: Captures;
  };

/** Kinds that carry no more than the base and, where the sentence is known, its id and captures. */
export type PlainEvent = EventBase &
  Known & {
    readonly kind: Exclude<
      Kind,
      | 'banner'
      | 'config'
      | 'fatal'
      | 'json-error'
      | 'syscall-enter'
      | 'syscall-exit'
      | 'exit'
      | 'signal'
      | 'unsupported-syscall'
      | 'panic'
      | 'dropped'
      | 'unread'
      | 'native-syscall'
      | 'native-signal'
      | 'native-exit'
      | 'native-table'
      | OutsideEvent['kind']
    >;
  };

/** Not `Event`: Node has a global of that name. */
export type LogEvent =
  | SyscallEnter
  | SyscallExit
  | BannerEvent
  | ConfigEvent
  | FatalEvent
  | JsonErrorEvent
  | ExitEvent
  | SignalEvent
  | UnsupportedSyscallEvent
  | PanicEvent
  | DroppedEvent
  | UnreadEvent
  | NativeSyscallEvent
  | NativeSignalEvent
  | NativeExitEvent
  | NativeTableEvent
  | OutsideEvent
  | PlainEvent;

/** Ends a `switch` over a union: a new member does not compile until it is handled. */
export function assertNever(value: never): never {
  throw new Error(`unhandled member ${JSON.stringify(value)}`);
}

/** Errno numbers of the kernel's own: the call is redone or seen as EINTR; the contract counts them as restarts. */
export const RESTART_FIRST = 512;
export const RESTART_LAST = 516;

/** Is this errno a restart (ERESTARTSYS to ERESTART_RESTARTBLOCK) rather than an error? */
export function isRestart(errno: number | null): boolean {
  return errno !== null && errno >= RESTART_FIRST && errno <= RESTART_LAST;
}
