/** Calls that were refused as calls are that a kernel does not have: of the last part of a trace, one of each sort. */
import type { Analyzer, Fold } from '../model/analyzer.js';
import { isRestart, type LogEvent, type NativeSyscallEvent, type SyscallExit } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import type { SourceName } from '../model/units.js';
import { evidenceOf } from './evidence.js';
import { nameMade, nameToMake } from './made-names.js';

/** Refused calls that are kept of a source, one of each name, errno and beginning of arguments. */
const CALLS_LIMIT = 64;

/** A call that failed, of a trace of runsc's or of strace. */
export type RefusedCall = {
  readonly name: string;
  readonly args: string;
  readonly errno: string;
  readonly isNative: boolean;
  /** Did its process go on with other work afterwards, and not only tell of it, tidy up and end? */
  readonly wentOn: boolean;
  readonly evidence: Evidence;
  readonly order: number;
};

export type Refusals = ReadonlyMap<
  SourceName,
  {
    readonly refused: readonly RefusedCall[];
    /** Did a program in a native trace end with status 0? */
    readonly endedWell: boolean;
    /** Of a native trace: did the process whose end is its last one end with status 0? */
    readonly lastEndedWell: boolean;
    /** The record in which a native process put a seccomp filter over itself, and what it executes: the last one. */
    readonly filter: { readonly evidence: Evidence; readonly order: number } | null;
  }
>;

/** Errors that say that a feature is not there; others are the everyday of a program. */
const REFUSALS = new Set([
  'EINVAL',
  'ENOSYS',
  'ENOTTY',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EPERM',
  'EAFNOSUPPORT',
  'EPROTONOSUPPORT',
  'ESOCKTNOSUPPORT',
  'ENODEV',
  'ENOPROTOOPT',
]);

/** Answers that are the everyday of other calls. */
const REFUSALS_OF: Readonly<Record<string, RegExp>> = {
  EBADF: /xattr/,
  EFAULT: /^(?:p?read(?:v2?|64)?|p?write(?:v2?|64)?|recv\w*|send\w*|ioctl|sendfile)$/,
  EXDEV: /^(?:rename|link)/,
  EACCES: /^bind$/,
};

/** Libraries ask every descriptor whether it is a terminal. */
const TERMINAL = /, (?:0x54[0-9a-f]{2}|TC[A-Z]+\w*|TIOC\w+|FIO\w+)\b/;
const ADDRESS = /0x[0-9a-f]{9,16}/g;

/** A filter is put in; programs that ask what there is hand over NULL. */
const FILTERS = /^(?:seccomp\(SECCOMP_SET_MODE_FILTER, [^,]+, \{|prctl\(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, \{)/;

/** What a program still calls that has given up: it prints, lets go of what it has, and asks who it is. */
const LAST_CALLS =
  /^(?:close|m(?:un)?map|mprotect|madvise|brk|f?stat\w*|newfstatat|lseek|ioctl|fcntl|futex|unlink\w*|rt_sig\w+|sigaltstack|get\w+|writev?|exit\w*)$/;
/** Its output is on 1 and 2; a write to anything else is work. */
const OUTPUT = /^0x[12][ ,]/;

function isWork({ name, args }: SyscallExit): boolean {
  return !LAST_CALLS.test(name) || (name.startsWith('write') && !OUTPUT.test(args));
}

type Entry = {
  /** The refused calls; those whose process has not gone on yet are in `open`, too. */
  readonly calls: Map<string, Draft>;
  readonly open: Set<Draft>;
  /** Refused renames and links, by the names that they were to make. */
  readonly toMake: Map<string, Set<Draft>>;
  endedWell: boolean;
  lastEndedWell: boolean;
  filter: { readonly evidence: Evidence; readonly order: number } | null;
};

/** Names that refused calls were to make, and that nothing has made, of one source. */
const NAMES_LIMIT = 256;

/** Processes that are known by number of those to which the same was refused. */
const GROUPS_LIMIT = 16;
/** Stands for all processes beyond that limit, and for those of native traces: none of them is seen to go on. */
const OTHERS = Number.NaN;

/** A record, and where it stands. */
type Place = Pick<RefusedCall, 'evidence' | 'order'>;

type Draft = Omit<RefusedCall, 'wentOn'> & {
  /** The last such refusal of each process that has not gone on with other work. */
  readonly open: Map<number, Place>;
  /** The last one of all. */
  last: Place;
  readonly key: string;
  /** Names that it was to make, and that are not made yet. */
  readonly names: Set<string>;
};

/** The record of a process that did not go on explains more than that of one that did. */
function refusedCallOf({ open, last, key: _key, names: _names, ...call }: Draft): RefusedCall {
  return { ...call, ...([...open.values()].at(-1) ?? last), wentOn: open.size === 0 };
}

/** Remembers the name that a refused call was to make. Beyond the limit such a call stays, whatever is made. */
function keepName(call: Draft, name: string | undefined, toMake: Entry['toMake']): void {
  if (name === undefined) return;
  const known = toMake.get(name) ?? new Set();
  const isFull = toMake.size >= NAMES_LIMIT && known.size === 0;
  call.names.add(isFull ? '' : name);
  if (!isFull) toMake.set(name, known.add(call));
}

/** A rename or link that was refused, and whose name came to be in another way, is no failure. */
function forgetWhatIsMade(entry: Entry | undefined, event: SyscallExit | NativeSyscallEvent): void {
  if (entry === undefined || entry.toMake.size === 0) return;
  const { calls, open, toMake } = entry;
  const made = nameMade(event);
  if (made === undefined) return;
  for (const call of toMake.get(made) ?? []) {
    call.names.delete(made);
    if (call.names.size > 0) continue;
    calls.delete(call.key);
    open.delete(call);
  }
  toMake.delete(made);
}

export const refusalsAnalyzer: Analyzer<Refusals> = {
  name: 'refusals',
  reads: ['syscall-exit', 'native-syscall', 'native-exit'],
  start(): Fold<Refusals> {
    const sources = new Map<SourceName, Entry>();
    let order = 0;
    const entryOf = (source: SourceName): Entry => {
      const entry = sources.get(source) ?? {
        calls: new Map(),
        open: new Set(),
        toMake: new Map(),
        endedWell: false,
        lastEndedWell: false,
        filter: null,
      };
      sources.set(source, entry);
      return entry;
    };
    return {
      see(event: LogEvent) {
        order++;
        if (event.kind === 'native-exit') {
          const entry = entryOf(event.source);
          if (event.status === 0) entry.endedWell = true;
          entry.lastEndedWell = event.status === 0;
          return;
        }
        if (event.kind !== 'syscall-exit' && event.kind !== 'native-syscall') return;
        const { errno_name: errno, name, args } = event;
        if (event.kind === 'native-syscall' && errno === null && FILTERS.test(`${name}(${args}`) && event.ret === '0')
          entryOf(event.source).filter = { evidence: evidenceOf(event), order };
        const group = event.kind === 'syscall-exit' ? (event.task.tgid ?? event.task.tid) : OTHERS;
        if (event.kind === 'syscall-exit' && (event.errno === null || event.errno === 0) && isWork(event)) {
          const open = sources.get(event.source)?.open;
          for (const one of open ?? []) {
            one.open.delete(group);
            if (one.open.size === 0) open?.delete(one);
          }
        }
        if (event.kind === 'syscall-exit' ? event.errno === null || event.errno === 0 : errno === null)
          forgetWhatIsMade(sources.get(event.source), event);
        if (
          errno === null ||
          (!REFUSALS.has(errno) && REFUSALS_OF[errno]?.test(name) !== true) ||
          event.errno === null ||
          isRestart(event.errno)
        )
          return;
        if (name === 'ioctl' && TERMINAL.test(args)) return;
        const { calls, open, toMake } = entryOf(event.source);
        const key = `${name} ${errno} ${args.replace(ADDRESS, '').slice(0, 60)}`;
        const known = calls.get(key);
        if (known === undefined && calls.size >= CALLS_LIMIT) return;
        const place = { evidence: evidenceOf(event), order };
        const isNative = event.kind === 'native-syscall';
        const call = known ?? {
          name,
          args: args.slice(0, 400),
          errno,
          isNative,
          ...place,
          open: new Map(),
          last: place,
          key,
          names: new Set<string>(),
        };
        calls.set(key, call);
        keepName(call, nameToMake(event), toMake);
        // refused once more: it may be over this one that its process ends
        call.last = place;
        const by = call.open.has(group) || call.open.size < GROUPS_LIMIT ? group : OTHERS;
        call.open.delete(by);
        call.open.set(by, place);
        open.add(call);
      },
      finish: () =>
        new Map(
          [...sources].map(([source, { calls, endedWell, lastEndedWell, filter }]) => [
            source,
            { refused: [...calls.values()].map(refusedCallOf), endedWell, lastEndedWell, filter },
          ]),
        ),
    };
  },
};
