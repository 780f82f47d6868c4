/** What programs and libraries do when a kernel does not have a call, and whether they miss it. */

export type Fallback = {
  /** The calls that then do its work, by name; empty where none is needed. */
  readonly to: readonly string[];
  /** The same for people. */
  readonly words: string;
  /** Nobody fails without it: what it does is a gain, not a need. */
  readonly isHarmless?: true;
  /** Libraries go back to the older call only if the answer is ENOSYS, not EPERM. */
  readonly needsNosys?: true;
};

const NOTHING = 'nothing at all: the program goes on without';

/** By name of the call, or by call and option with a blank between them. */
const FALLBACKS: Readonly<Record<string, Fallback>> = {
  rseq: { to: [], words: 'nothing at all: the library goes on without', isHarmless: true },
  membarrier: { to: ['mprotect', 'futex'], words: 'other barriers', isHarmless: true },
  set_robust_list: { to: [], words: NOTHING, isHarmless: true },
  cachestat: { to: [], words: NOTHING, isHarmless: true },
  map_shadow_stack: { to: [], words: NOTHING, isHarmless: true },
  mseal: { to: [], words: NOTHING, isHarmless: true },
  landlock_create_ruleset: { to: [], words: `${NOTHING} Landlock`, isHarmless: true },
  landlock_restrict_self: { to: [], words: `${NOTHING} Landlock`, isHarmless: true },
  landlock_add_rule: { to: [], words: `${NOTHING} Landlock`, isHarmless: true },
  mbind: { to: [], words: NOTHING, isHarmless: true },
  set_mempolicy: { to: [], words: NOTHING, isHarmless: true },
  get_mempolicy: { to: [], words: NOTHING, isHarmless: true },
  sched_setaffinity: { to: [], words: NOTHING, isHarmless: true },
  ioprio_set: { to: [], words: NOTHING, isHarmless: true },
  ioprio_get: { to: [], words: NOTHING, isHarmless: true },
  clone3: { to: ['clone', 'fork', 'vfork'], words: 'clone', needsNosys: true },
  faccessat2: { to: ['faccessat', 'access', 'newfstatat', 'statx'], words: 'faccessat', needsNosys: true },
  close_range: { to: ['close', 'getdents64', 'fcntl'], words: 'a loop of close', needsNosys: true },
  statx: { to: ['newfstatat', 'fstat', 'stat', 'lstat'], words: 'newfstatat', needsNosys: true },
  epoll_pwait2: { to: ['epoll_pwait', 'epoll_wait'], words: 'epoll_pwait', needsNosys: true },
  openat2: { to: ['openat', 'open'], words: 'openat', needsNosys: true },
  io_uring_setup: {
    to: [
      'epoll_create1',
      'epoll_create',
      'epoll_ctl',
      'epoll_wait',
      'epoll_pwait',
      'poll',
      'ppoll',
      'pread64',
      'pwrite64',
    ],
    words: 'ordinary reads and writes',
    needsNosys: true,
  },
  io_setup: { to: ['pread64', 'pwrite64'], words: 'ordinary reads and writes' },
  copy_file_range: {
    to: ['sendfile', 'pread64', 'pwrite64'],
    words: 'read and write',
    needsNosys: true,
  },
  preadv2: { to: ['preadv', 'readv', 'pread64'], words: 'preadv', needsNosys: true },
  pwritev2: { to: ['pwritev', 'writev', 'pwrite64'], words: 'pwritev', needsNosys: true },
  renameat2: { to: ['renameat', 'rename', 'linkat', 'link'], words: 'renameat', needsNosys: true },
  fchmodat2: { to: ['fchmodat', 'chmod', 'fchmod'], words: 'fchmodat', needsNosys: true },
  getrandom: { to: ['openat', 'open'], words: '/dev/urandom', needsNosys: true },
  memfd_create: { to: ['openat', 'open', 'shm_open'], words: 'a temporary file', needsNosys: true },
  memfd_secret: { to: ['mmap'], words: 'ordinary memory', needsNosys: true },
  mlock2: { to: ['mlock'], words: 'mlock', needsNosys: true },
  pidfd_open: { to: ['kill', 'wait4', 'waitid', 'tgkill'], words: 'signals to process ids', needsNosys: true },
  pidfd_send_signal: { to: ['kill', 'tgkill'], words: 'kill', needsNosys: true },
  process_madvise: { to: ['madvise'], words: 'madvise', needsNosys: true },
  sched_setattr: { to: ['sched_setscheduler', 'setpriority'], words: 'sched_setscheduler', needsNosys: true },
  userfaultfd: { to: ['mprotect', 'rt_sigaction'], words: NOTHING },
  futex_waitv: { to: ['futex'], words: 'futex', needsNosys: true },
  sendmmsg: { to: ['sendmsg', 'sendto'], words: 'sendmsg' },
  recvmmsg: { to: ['recvmsg', 'recvfrom'], words: 'recvmsg' },
  fallocate: { to: ['pwrite64', 'ftruncate'], words: 'writes' },
  splice: { to: ['sendfile'], words: 'read and write' },
  inotify_init1: { to: ['stat', 'newfstatat'], words: 'looking again and again' },
  'open O_TMPFILE': { to: ['openat', 'open'], words: 'a file with a name' },
  'ioctl FICLONE': { to: ['copy_file_range', 'sendfile'], words: 'copying' },
  'ioctl FICLONERANGE': { to: ['copy_file_range', 'sendfile'], words: 'copying' },
  'ioctl FIDEDUPERANGE': { to: ['copy_file_range'], words: NOTHING },
  'ioctl FS_IOC_FIEMAP': { to: ['lseek', 'pread64'], words: 'reading the whole file' },
  'ioctl FS_IOC_GETFLAGS': { to: [], words: NOTHING },
  'ioctl FS_IOC_SETFLAGS': { to: [], words: NOTHING },
  'ioctl FS_IOC_FSGETXATTR': { to: [], words: NOTHING },
  'ioctl FS_IOC_GETVERSION': { to: [], words: NOTHING },
  'ioctl FIGETBSZ': { to: ['fstat', 'newfstatat', 'statfs'], words: 'fstat' },
  'ioctl SIOCETHTOOL': { to: [], words: NOTHING },
  'ioctl SIOCGIWNAME': { to: [], words: NOTHING },
  'ioctl RNDGETENTCNT': { to: [], words: NOTHING },
  'ioctl TIOCGSID': { to: [], words: NOTHING },
  'fcntl F_OFD_SETLK': { to: ['fcntl', 'flock'], words: 'locks of the process (F_SETLK)' },
  'fcntl F_OFD_SETLKW': { to: ['fcntl', 'flock'], words: 'locks of the process (F_SETLK)' },
  'fcntl F_GET_RW_HINT': { to: [], words: NOTHING, isHarmless: true },
  'fcntl F_SET_RW_HINT': { to: [], words: NOTHING, isHarmless: true },
  'fcntl F_NOTIFY': { to: ['inotify_init1'], words: 'inotify' },
  'mmap MAP_SHARED_VALIDATE': { to: ['mmap'], words: 'MAP_SHARED' },
  'mmap MAP_SYNC': { to: ['mmap'], words: 'MAP_SHARED' },
};

/** What is asked of the kernel without need, whatever the option. */
const HARMLESS_OPTIONS =
  /^(?:prctl PR_(?!SET_SECCOMP|SET_SYSCALL_USER_DISPATCH|CAP_AMBIENT|SET_SECUREBITS)\w+|madvise \w+|getsockopt \w+)$/;

/** What stands in for a call, or for an option of one (`ioctl`, `FICLONE`); undefined where nothing is known to. */
export function fallbackOf(call: string, option = ''): Fallback | undefined {
  const key = option === '' ? call : `${call} ${option}`;
  const known = FALLBACKS[key];
  if (known !== undefined) return known;
  return HARMLESS_OPTIONS.test(key) ? { to: [], words: NOTHING, isHarmless: true } : undefined;
}

/** The calls after whose ENOSYS, and only that, libraries use an older one. */
export const NEED_NOSYS: readonly string[] = Object.entries(FALLBACKS)
  .filter(([, { needsNosys }]) => needsNosys === true)
  .map(([name]) => name)
  .toSorted();
