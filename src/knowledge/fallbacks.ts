/** Which calls do the work of one that a kernel does not have: what libraries and programs try next. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** By the call that fails. Source: glibc, musl, Go runtime, libuv, coreutils, tokio, systemd, and the manual pages of the calls */
const FALLBACKS: Readonly<Record<string, readonly string[]>> = {
  openat2: words('openat open'),
  clone3: words('clone fork vfork'),
  statx: words('newfstatat fstat stat lstat'),
  faccessat2: words('faccessat access newfstatat fstat stat'),
  fchmodat2: words('fchmodat chmod openat readlink fchmod'),
  copy_file_range: words('sendfile read write pread64 pwrite64 splice'),
  sendfile: words('read write splice pread64 sendto'),
  splice: words('read write sendfile'),
  io_uring_setup: words('epoll_create1 epoll_ctl epoll_wait read write pread64 pwrite64 preadv pwritev readv writev io_setup fsync clone'),
  io_setup: words('pread64 pwrite64 clone clone3'),
  epoll_pwait2: words('epoll_pwait epoll_wait'),
  preadv2: words('preadv readv pread64 read'),
  pwritev2: words('pwritev writev pwrite64 write'),
  renameat2: words('renameat rename linkat link unlink'),
  close_range: words('close fcntl openat getdents64'),
  memfd_create: words('openat open unlink shm_open'),
  memfd_secret: words('memfd_create mmap'),
  pidfd_open: words('kill wait4 waitid openat eventfd2 signalfd4'),
  pidfd_send_signal: words('kill tgkill rt_sigqueueinfo'),
  pidfd_getfd: words('sendmsg recvmsg'),
  getrandom: words('openat open read'),
  inotify_init1: words('newfstatat stat statx poll'),
  inotify_init: words('newfstatat stat statx poll'),
  inotify_add_watch: words('newfstatat stat statx poll'),
  fanotify_init: words('inotify_init1 inotify_add_watch'),
  eventfd2: words('pipe2 pipe eventfd'),
  signalfd4: words('pipe2 rt_sigaction signalfd'),
  timerfd_create: words('timer_create setitimer'),
  accept4: words('accept'),
  dup3: words('dup2'),
  pipe2: words('pipe'),
  fallocate: words('ftruncate pwrite64 write pread64'),
  mlock2: words('mlock'),
  process_vm_readv: words('ptrace openat pread64 read'),
  process_vm_writev: words('ptrace openat pwrite64 write'),
  userfaultfd: words('rt_sigaction mprotect'),
  futex_waitv: words('futex'),
  set_robust_list: [],
  rseq: words('sched_getcpu getcpu'),
  landlock_create_ruleset: [],
  open_tree: words('mount'),
  fsopen: words('mount'),
  fsconfig: words('mount'),
  move_mount: words('mount'),
  mount_setattr: words('mount'),
  name_to_handle_at: words('newfstatat statx openat read'),
  getdents64: words('getdents'),
  utimensat: words('utimes futimesat utime'),
  syncfs: words('sync fsync'),
  sync_file_range: words('fdatasync fsync'),
  cachestat: words('mincore'),
  linkat: words('rename renameat link'),
  symlinkat: words('symlink'),
  flock: words('fcntl'),
  bpf: [],
  perf_event_open: [],
  membarrier: words('mprotect futex'),
};
const NONE: ReadonlySet<string> = new Set();
const sets = new Map<string, ReadonlySet<string>>();

/** Calls that may do its work; an empty set of one that programs do without; undefined of a call without a known way around. */
export function fallbacksOf(name: string): ReadonlySet<string> | undefined {
  const list = FALLBACKS[name];
  if (list === undefined) return undefined;
  if (list.length === 0) return NONE;
  let set = sets.get(name);
  if (set === undefined) sets.set(name, (set = new Set(list)));
  return set;
}
