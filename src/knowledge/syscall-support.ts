/** How far a release of runsc supports a syscall, and what of it is missing, in our own words. */
import { releaseNumber } from '../../grammars/releases.js';
import { AMD64, ARM64 } from './syscall-support-table.js';

/** `handled`: releases before 2019-07 tell only that there is a handler. */
export type SupportLevel = 'full' | 'partial' | 'handled' | 'unimplemented';
export type Support = { readonly level: SupportLevel; readonly note: string | null };

type Step = { readonly from: number; readonly letter: string; readonly answer: string | undefined };

const tables = new Map<string, ReadonlyMap<string, readonly Step[]>>();

/** The steps of each syscall, newest first. */
function read(table: string): ReadonlyMap<string, readonly Step[]> {
  const known = tables.get(table);
  if (known !== undefined) return known;
  const steps = new Map<string, readonly Step[]>();
  tables.set(table, steps);
  for (const line of table.trim().split('\n')) {
    const [history = '', names = ''] = line.split(' = ');
    const list = history.split(' ').map((text) => {
      const [what = '', from] = text.split('@');
      const [letter = '', answer] = what.split(':');
      return { from: releaseNumber(from) ?? 0, letter, answer };
    });
    for (const name of names.split(' ')) steps.set(name, list);
  }
  return steps;
}

const STUB = 'accepted, and of no effect';
const KERNEL_AIO = 'works, but the ring that is shared with the kernel is not used';
const INSIDE = 'sees what happens within the sandbox, not what the host changes';
const LOCKED = 'accepted, though a sandbox may not lock memory';

/** What is missing where support is partial. */
const PARTS: Readonly<Record<string, string>> = {
  msync: 'does not promise that all data has reached the disk',
  mincore: 'takes every mapped page to be in memory',
  madvise: 'MADV_DONTNEED and MADV_DONTFORK work, other advice is ignored',
  shmget: 'no huge pages (SHM_HUGETLB)',
  shmat: 'no rounding of addresses (SHM_RND)',
  shmctl: 'no SHM_LOCK, SHM_UNLOCK',
  clone: 'no CLONE_NEWTIME, CLONE_SYSVSEM',
  clone3: 'no CLONE_NEWTIME, CLONE_SYSVSEM, chosen thread ids',
  semop: 'no undo at exit (SEM_UNDO)',
  getrusage: 'no memory, faults and block I/O; its times are coarse',
  sysinfo: 'no load, shared, buffer, swap and high memory',
  ptrace: 'no PTRACE_PEEKSIGINFO, PTRACE_SECCOMP_GET_FILTER',
  syslog: "answers with a made-up log, not the host's",
  personality: 'only what changes nothing can be set',
  prctl: 'a part of its options',
  arch_prctl: 'no ARCH_GET_GS, ARCH_SET_GS',
  setrlimit: 'not every limit is enforced',
  afs_syscall: 'for tests of the sentry',
  futex: 'no robust futexes',
  fadvise64: 'accepted, advice is ignored',
  fallocate: 'a part of its options',
  mbind: 'there is one NUMA node, policies are kept and ignored',
  keyctl: 'session keyrings without keys',
  unshare: 'no time and cgroup namespaces',
  bpf: 'programs for device cgroups can be loaded, and have no effect',
  membarrier: 'not on every platform',
  rseq: 'not on every platform',
  preadv2: 'no RWF flags',
  pwritev2: 'no RWF flags',
  io_uring_setup: 'few operations, and off without --iouring',
  io_uring_enter: 'few operations, and off without --iouring',
  move_mount: 'no MOVE_MOUNT_SET_GROUP, MOVE_MOUNT_BENEATH',
  fsopen: 'its messages cannot be read',
  fsconfig: 'only flags, strings and FSCONFIG_CMD_CREATE, which is what checks them',
  fsmount: 'no MOUNT_ATTR_NOSYMFOLLOW, MOUNT_ATTR_NODIRATIME',
  ...Object.fromEntries(
    ['io_cancel', 'io_destroy', 'io_getevents', 'io_setup', 'io_submit'].map((n) => [n, KERNEL_AIO]),
  ),
  ...Object.fromEntries(
    ['inotify_add_watch', 'inotify_init', 'inotify_init1', 'inotify_rm_watch'].map((n) => [n, INSIDE]),
  ),
  ...Object.fromEntries(['mlock', 'mlock2', 'mlockall', 'munlock', 'munlockall'].map((n) => [n, LOCKED])),
  ...Object.fromEntries(
    'get_mempolicy getpriority ioprio_get ioprio_set sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_setaffinity sched_setattr sched_setscheduler set_mempolicy setpriority'
      .split(' ')
      .map((n) => [n, STUB]),
  ),
};

/** What a call answers that a release does not implement: an errno, or a capability without which it is EPERM. */
function answered(answer: string | undefined): string {
  if (answer === undefined) return 'always fails';
  return answer.startsWith('CAP_') ? `always fails: EPERM without ${answer}, else ENOSYS` : `always fails: ${answer}`;
}

function supportIn({ letter, answer }: Step, name: string): Support {
  switch (letter) {
    case 'F':
      return { level: 'full', note: null };
    case 'P':
      return { level: 'partial', note: PARTS[name] ?? 'a part of it' };
    case 'L':
      return { level: 'handled', note: 'this release has it and does not say how much of it' };
    default:
      return {
        level: 'unimplemented',
        note: letter === 'E' || letter === 'U' ? answered(answer) : 'always fails: ENOSYS',
      };
  }
}

export type SupportTable = (name: string) => Support | undefined;

/** A release from which on a call has another level of support. */
export type Change = { readonly release: string; readonly level: SupportLevel };

/** A release as it is written: 2024072900 is `20240729.0`, 2018050000 is `2018-05`. */
function releaseText(number: number): string {
  const day = Math.floor(number / 100);
  return day % 100 === 0
    ? `${Math.floor(day / 10_000)}-${String(Math.floor(day / 100) % 100).padStart(2, '0')}`
    : `${day}.${number % 100}`;
}

/** What changed for a call, the newest first; its first state is no change. Empty for a name that no release knows. */
export function supportChanges(architecture: 'amd64' | 'arm64', name: string): readonly Change[] {
  const own = read(architecture === 'amd64' ? AMD64 : ARM64).get(name) ?? [];
  return own.slice(0, -1).map((step) => ({ release: releaseText(step.from), level: supportIn(step, name).level }));
}

/** The newest release that the table of calls knows something new of. */
export function newestRelease(): string {
  const froms = [...read(AMD64).values(), ...read(ARM64).values()].flatMap((steps) => steps.map(({ from }) => from));
  return releaseText(Math.max(...froms));
}

/**
 * What a release supports, by the name that it prints. Undefined for a name that no release knows; one that a later release
 * brought is not implemented.
 */
export function supportTable(architecture: 'amd64' | 'arm64', release: string): SupportTable {
  const steps = read(architecture === 'amd64' ? AMD64 : ARM64);
  const number = releaseNumber(release) ?? Number.POSITIVE_INFINITY;
  return (name) => {
    if (/^sys_\d+$/.test(name)) return { level: 'unimplemented', note: 'a number that this release does not know' };
    const own = steps.get(name);
    if (own === undefined) return undefined;
    const step = own.find(({ from }) => from <= number);
    return step === undefined ? { level: 'unimplemented', note: 'always fails: ENOSYS' } : supportIn(step, name);
  };
}
