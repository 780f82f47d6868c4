/** How far a release supports an option of a call, or an entry of /proc, /sys and /dev, and what of it is missing, in our own words. */
import { releaseNumber } from '../../grammars/releases.js';
import { FILES, OPTIONS } from './option-support-table.js';
import type { Change, SupportLevel } from './syscall-support.js';

/** The newest release whose answers were measured. */
export const MEASURED = '20240729';

export type OptionSupport = {
  readonly level: Exclude<SupportLevel, 'handled'>;
  readonly note: string | null;
  /** The errno with which it is refused. */
  readonly errno: string | null;
  /** The release that changed it, where that is older than the one asked for or newer. */
  readonly changes: readonly Change[];
};

type Step = { readonly from: string; readonly letter: string; readonly errno: string | null };

function read(table: string, isFile: boolean): ReadonlyMap<string, readonly Step[]> {
  const steps = new Map<string, readonly Step[]>();
  for (const line of table.trim().split('\n')) {
    const [head = '', names = ''] = line.split(' = ');
    const [first = '', ...rest] = head.split(' ');
    const list = (isFile ? [first, ...rest] : rest).map((text) => {
      const [what = '', from = ''] = text.split('@');
      const [letter = '', errno] = what.split(':');
      return { from, letter, errno: errno ?? null };
    });
    for (const name of names.split(' ')) steps.set(isFile ? name : `${first} ${name}`, list);
  }
  return steps;
}

let tables:
  | { readonly options: ReadonlyMap<string, readonly Step[]>; readonly files: ReadonlyMap<string, readonly Step[]> }
  | undefined;

/** What is missing where an option works in part. */
const PARTS: Readonly<Record<string, string>> = {
  'getsockopt SO_ORIGINAL_DST': 'only of connections that iptables within the sandbox redirected',
  'setsockopt IP_MTU_DISCOVER': 'only the values that change nothing can be set',
  'ioctl TUNSETIFF': 'no exclusive devices (IFF_TUN_EXCL, which ip tuntap sets)',
  'prctl PR_SET_MM': 'only PR_SET_MM_EXE_FILE',
};

/** What a flag or a capability opens. */
const NEEDS: Readonly<Record<string, string>> = {
  'socket AF_PACKET': 'needs --net-raw of runsc and the capability NET_RAW',
  'inet SOCK_RAW/IPPROTO_ICMP': 'needs --net-raw of runsc and the capability NET_RAW',
  'inet SOCK_RAW/IPPROTO_RAW': 'needs --net-raw of runsc and the capability NET_RAW',
};

function supportOf({ letter, errno }: Step, key: string): Omit<OptionSupport, 'changes'> {
  switch (letter) {
    case 'F':
      return { level: 'full', note: null, errno: null };
    case 'S':
      return { level: 'partial', note: 'accepted, and of no effect', errno: null };
    case 'P':
      return { level: 'partial', note: PARTS[key] ?? 'a part of it', errno: null };
    case 'R':
      return { level: 'partial', note: NEEDS[key] ?? 'needs a flag or a capability', errno: 'EPERM' };
    default:
      return {
        level: 'unimplemented',
        note: errno === null ? 'is not there' : `is refused: ${errno}`,
        errno,
      };
  }
}

function lookUp(steps: readonly Step[] | undefined, key: string, release: string): OptionSupport | undefined {
  if (steps === undefined) return undefined;
  const number = releaseNumber(release) ?? Number.POSITIVE_INFINITY;
  const step = steps.find(({ from }) => (releaseNumber(from) ?? 0) <= number);
  if (step === undefined) return undefined;
  const changes = steps.slice(0, -1).map((one) => ({ release: one.from, level: supportOf(one, key).level }));
  return { ...supportOf(step, key), changes };
}

/** What is known of an option; undefined where it, or the release, was not measured. `of` is the call, or `netlink` or `inet` of sockets. */
export function optionSupport(of: string, option: string, release: string): OptionSupport | undefined {
  tables ??= { options: read(OPTIONS, false), files: read(FILES, true) };
  const key = `${of} ${option}`;
  return lookUp(tables.options.get(key), key, release);
}

/** The same of a file below /proc, /sys or /dev, in the spelling of `specialFile`. */
export function fileSupport(path: string, release: string): OptionSupport | undefined {
  tables ??= { options: read(OPTIONS, false), files: read(FILES, true) };
  return lookUp(tables.files.get(path), path, release);
}

/** Files that every process has differently, or of which there are many, under one name; undefined for others. */
export function specialFile(path: string): string | undefined {
  if (!/^\/(?:proc|sys|dev)\/./.test(path)) return undefined;
  return path
    .replace(/^\/proc\/(?:self|thread-self|\d+)(?=\/|$)/, '/proc/PID')
    .replace(/^(\/proc\/PID\/task)\/\d+/, '$1/N')
    .replace(/^\/proc\/PID\/task\/N\/(?=.)/, '/proc/PID/')
    .replace(/\/(fd|fdinfo|map_files)\/.+$/, '/$1/N')
    .replace(/\b(cpu|node|nvidia|loop|ttyS|tty|sd|vcs|vcsa|index|policy)\d+(?=\/|$)/g, '$1N')
    .replace(/^\/dev\/pts\/\d+$/, '/dev/pts/N')
    .replace(/\/\d+(?=\/|$)/g, '/N');
}
