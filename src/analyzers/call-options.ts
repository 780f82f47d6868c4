/** What a call asks for by its arguments: which option, request, flag, family or special file; by names, as Linux has them. */
import { optionName, type NamedOption } from '../knowledge/option-names.js';
import { specialFile } from '../knowledge/option-support.js';
import { SOCKET_LEVELS, socketOptionName } from '../knowledge/socket-options.js';
import type { Argument } from '../events/arguments.js';
import { joined } from './paths.js';

/** What an option belongs to: a call, or a part of what `socket` is asked for (`netlink`, `inet`), or files. */
export type CallOption = { readonly of: string; readonly option: string };

const AT_FDCWD = -100;

/** The text or number of an argument, by name where it has one. */
function named(arg: Argument | undefined, kind: NamedOption | undefined): string | undefined {
  if (arg === undefined) return undefined;
  if ('name' in arg && arg.name !== undefined) return arg.name;
  const number = 'value' in arg && arg.value !== undefined ? Number(arg.value) : undefined;
  if (number !== undefined && !Number.isNaN(number)) {
    const name = kind === undefined ? undefined : optionName(kind, number);
    return name ?? `0x${number.toString(16)}`;
  }
  // strace writes what fits the request behind it: `TCGETS or SNDCTL_TMR_TIMEBASE`
  return /^[A-Z][A-Z0-9_]+/.exec(arg.raw)?.[0] ?? (/^(?:0x[0-9a-f]+|\d+)$/.test(arg.raw) ? arg.raw : undefined);
}

const flagsOf = (arg: Argument | undefined): readonly string[] =>
  arg !== undefined && 'flags' in arg ? arg.flags : [];

function one(of: string, option: string | undefined): readonly CallOption[] {
  return option === undefined ? [] : [{ of, option }];
}

/** `SOL_TCP` of runsc and strace is `IPPROTO_TCP`; only the option decides. */
function socketOptionOf(name: string, args: readonly Argument[]): readonly CallOption[] {
  const [, level, option] = args;
  const printed = named(option, undefined);
  if (printed === undefined) return [];
  if (!printed.startsWith('0x')) return [{ of: name, option: printed }];
  const levelName = named(level, undefined) ?? '';
  const number = levelName.startsWith('0x') ? Number(levelName) : SOCKET_LEVELS[levelName];
  const known = number === undefined ? undefined : socketOptionName(number, Number(printed));
  return [{ of: name, option: known ?? `${levelName}/${Number(printed)}` }];
}

/** `AF_INET SOCK_STREAM IPPROTO_TCP`: the family, and of netlink and IP the protocol. */
function socketOf(name: string, [family, type, protocol]: readonly Argument[]): readonly CallOption[] {
  const familyName = named(family, 'family');
  if (familyName === undefined) return [];
  const found: CallOption[] = [{ of: name, option: familyName === 'AF_LOCAL' ? 'AF_UNIX' : familyName }];
  if (familyName === 'AF_NETLINK') found.push(...one('netlink', named(protocol, 'netlink')));
  if (familyName === 'AF_INET' || familyName === 'AF_INET6') {
    const kind = flagsOf(type).find((flag) => /^SOCK_(?:STREAM|DGRAM|RAW|SEQPACKET)$/.test(flag));
    const asked = named(protocol, 'protocol');
    if (kind !== undefined && asked !== undefined) found.push({ of: 'inet', option: `${kind}/${asked}` });
  }
  return found;
}

/** Flags of clone3 stand in a structure that runsc does not print. */
function cloneFlags(args: readonly Argument[]): readonly string[] {
  const flags = args.find((arg) => arg.kind === 'CloneFlags');
  if (flags !== undefined) return flagsOf(flags);
  return (/^\{flags=([A-Z0-9_|]+)/.exec(args[0]?.raw ?? '')?.[1] ?? '').split('|');
}

const CLONE = /^CLONE_/;
const READERS: Readonly<Record<string, (name: string, args: readonly Argument[]) => readonly CallOption[]>> = {
  setsockopt: socketOptionOf,
  getsockopt: socketOptionOf,
  socket: socketOf,
  socketpair: (_, args) => socketOf('socket', args).slice(0, 1),
  prctl: (name, args) => one(name, named(args[0], 'prctl')),
  arch_prctl: (name, args) => one(name, named(args[0], undefined)),
  // strace writes flags beside the kind: `PER_LINUX|ADDR_NO_RANDOMIZE`
  personality: (name, [arg]) =>
    arg === undefined
      ? []
      : [
          {
            of: name,
            option:
              named(arg, undefined)?.startsWith('0x') === true ? (named(arg, undefined) ?? '') : arg.raw.slice(0, 200),
          },
        ],
  fcntl: (name, args) => one(name, named(args[1], 'fcntl')),
  ioctl: (name, args) => one(name, named(args[1], 'ioctl')),
  madvise: (name, args) => one(name, named(args[2], 'madvise')),
  ptrace: (name, args) => one(name, named(args[0], undefined)),
  mmap: (name, args) => flagsOf(args[3]).map((option) => ({ of: name, option })),
  clone: (name, args) =>
    cloneFlags(args)
      .filter((flag) => CLONE.test(flag))
      .map((option) => ({ of: name, option })),
  clone3: (_, args) =>
    cloneFlags(args)
      .filter((flag) => CLONE.test(flag))
      .map((option) => ({ of: 'clone', option })),
  unshare: (name, args) => flagsOf(args[0]).map((option) => ({ of: name, option })),
};

/** Flags that records of runsc print as one number: where it stands (-1: last), and the bits of which gVisor lacks or lacked some. */
const BITS: Readonly<Record<string, { readonly place: number; readonly bits: Readonly<Record<string, number>> }>> = {
  statx: { place: 2, bits: { AT_NO_AUTOMOUNT: 0x800 } },
  newfstatat: { place: 3, bits: { AT_NO_AUTOMOUNT: 0x800 } },
  getrandom: { place: 2, bits: { GRND_INSECURE: 4 } },
  memfd_create: { place: 1, bits: { MFD_HUGETLB: 4, MFD_NOEXEC_SEAL: 8, MFD_EXEC: 16 } },
  renameat2: { place: 4, bits: { RENAME_NOREPLACE: 1, RENAME_EXCHANGE: 2, RENAME_WHITEOUT: 4 } },
  preadv2: { place: -1, bits: { RWF_HIPRI: 1, RWF_DSYNC: 2, RWF_SYNC: 4, RWF_NOWAIT: 8, RWF_APPEND: 16 } },
  pwritev2: { place: -1, bits: { RWF_HIPRI: 1, RWF_DSYNC: 2, RWF_SYNC: 4, RWF_NOWAIT: 8, RWF_APPEND: 16 } },
  fallocate: {
    place: 1,
    bits: {
      FALLOC_FL_KEEP_SIZE: 1,
      FALLOC_FL_PUNCH_HOLE: 2,
      FALLOC_FL_COLLAPSE_RANGE: 8,
      FALLOC_FL_ZERO_RANGE: 16,
      FALLOC_FL_INSERT_RANGE: 32,
    },
  },
};

function bitsOf(name: string, args: readonly Argument[]): readonly CallOption[] {
  const known = BITS[name];
  const arg = known === undefined ? undefined : args.at(known.place);
  if (known === undefined || arg === undefined) return [];
  const number = 'value' in arg && arg.value !== undefined ? Number(arg.value) : undefined;
  return Object.entries(known.bits)
    .filter(([flag, bit]) => (number === undefined ? arg.raw.split('|').includes(flag) : (number & bit) !== 0))
    .map(([option]) => ({ of: name, option }));
}

/** Calls whose options matter, and the calls that name files. */
export const hasOptions = (name: string): boolean => Object.hasOwn(READERS, name) || Object.hasOwn(BITS, name);
const NAMES_FILES =
  /^(?:open|openat|openat2|creat|stat|lstat|newfstatat|fstatat|statx|access|faccessat2?|readlink|readlinkat|statfs|chdir|mount|inotify_add_watch|truncate)$/;
export const namesFiles = (name: string): boolean => NAMES_FILES.test(name);
/** Most calls for the state of a file carry no flag that matters. */
const FLAGGED = /, 0x[0-9a-f]*[89a-f]00\b|AUTOMOUNT/;
/** Texts without any of these name no special file. */
const SPECIAL = /\/(?:proc|sys|dev)\//;

/** The options that a call asks for. `args` is asked only where that is needed; `text` is all of them as printed. */
export function optionsOf(name: string, text: string, args: () => readonly Argument[]): readonly CallOption[] {
  const reader = READERS[name];
  if (reader !== undefined) return reader(name, args());
  const isPlain = (name === 'newfstatat' || name === 'statx') && !FLAGGED.test(text);
  const bits = isPlain || !Object.hasOwn(BITS, name) ? [] : bitsOf(name, args());
  if (!namesFiles(name)) return bits;
  const isTemporary = name.startsWith('open') && text.includes('O_TMPFILE');
  if (!isTemporary && !SPECIAL.test(text)) return bits;
  const found: CallOption[] = isTemporary ? [...bits, { of: 'open', option: 'O_TMPFILE' }] : [...bits];
  for (const [place, arg] of args().entries()) {
    if (arg.kind !== 'Path' || arg.path === undefined || arg.path === '') continue;
    const before = args()[place - 1];
    const base = before?.kind === 'FD' && before.fd !== AT_FDCWD ? before.path : undefined;
    const path = base?.startsWith('/') === true ? joined(base, arg.path) : arg.path;
    const option = path.length > 200 ? undefined : specialFile(path);
    if (option !== undefined) found.push({ of: 'file', option });
  }
  return found;
}

/** The place of the option among the six numbers that a notice of an unsupported call prints: `ioctl(0x3,0x5402,...)`. */
const NOTICED: Readonly<Record<string, { readonly place: number; readonly names?: NamedOption }>> = {
  ioctl: { place: 1, names: 'ioctl' },
  fcntl: { place: 1, names: 'fcntl' },
  prctl: { place: 0, names: 'prctl' },
  arch_prctl: { place: 0 },
  madvise: { place: 2, names: 'madvise' },
  ptrace: { place: 0 },
};

/** The same of a notice. */
export function optionOfNotice(name: string, numbers: readonly number[]): CallOption | undefined {
  if (name === 'setsockopt' || name === 'getsockopt') {
    const [, level = -1, option = -1] = numbers;
    return { of: name, option: socketOptionName(level, option) ?? `${level}/${option}` };
  }
  const known = NOTICED[name];
  const number = known === undefined ? undefined : numbers[known.place];
  if (known === undefined || number === undefined) return undefined;
  const option = known.names === undefined ? undefined : optionName(known.names, number);
  return { of: name, option: option ?? `0x${number.toString(16)}` };
}
