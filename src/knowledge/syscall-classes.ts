/** What syscalls are about: the classes of `summary --by class`, and which of them a trace is kept for. */

/** A class: what it is called, and what its calls do. */
export type SyscallClass = {
  readonly name: string;
  readonly about: string;
  readonly calls: readonly string[];
};

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** A name stands in one of them; in none: `other`. */
export const SYSCALL_CLASSES: readonly SyscallClass[] = [
  {
    name: 'file',
    about: 'opening, reading, writing and looking up files',
    calls:
      words(`read write open openat openat2 creat close lseek pread64 pwrite64 readv writev preadv pwritev preadv2 pwritev2
      sendfile splice tee vmsplice copy_file_range truncate ftruncate fallocate fsync fdatasync sync syncfs sync_file_range
      fadvise64 readahead getdents getdents64 dup dup2 dup3 fcntl flock ioctl close_range
      stat fstat lstat newfstatat statx statfs fstatfs ustat access faccessat faccessat2 readlink readlinkat
      chdir fchdir getcwd mkdir mkdirat rmdir rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat
      mknod mknodat chmod fchmod fchmodat chown fchown lchown fchownat umask utime utimes futimesat utimensat
      setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr
      fremovexattr name_to_handle_at open_by_handle_at inotify_init inotify_init1 inotify_add_watch inotify_rm_watch
      fanotify_init fanotify_mark lookup_dcookie quotactl
      io_setup io_destroy io_getevents io_pgetevents io_submit io_cancel io_uring_setup io_uring_enter io_uring_register`),
  },
  {
    name: 'network',
    about: 'sockets',
    calls:
      words(`socket connect accept accept4 sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg shutdown bind listen getsockname
      getpeername socketpair setsockopt getsockopt sethostname setdomainname`),
  },
  {
    name: 'memory',
    about: 'mapping and protecting memory',
    calls:
      words(`mmap mprotect munmap brk mremap msync mincore madvise mlock munlock mlockall munlockall mlock2 remap_file_pages
      mbind set_mempolicy get_mempolicy migrate_pages move_pages pkey_mprotect pkey_alloc pkey_free memfd_create userfaultfd
      process_vm_readv process_vm_writev membarrier process_madvise process_mrelease`),
  },
  {
    name: 'process',
    about: 'starting, ending and limiting processes and threads',
    calls:
      words(`clone clone3 fork vfork execve execveat exit exit_group wait4 waitid getpid getppid gettid getpgid getpgrp setpgid
      setsid getsid set_tid_address set_robust_list get_robust_list rseq arch_prctl prctl ptrace personality unshare setns
      pidfd_open pidfd_getfd pidfd_send_signal kcmp sched_yield sched_setparam sched_getparam sched_setscheduler
      sched_getscheduler sched_get_priority_max sched_get_priority_min sched_rr_get_interval sched_setaffinity
      sched_getaffinity sched_setattr sched_getattr getpriority setpriority ioprio_set ioprio_get getrlimit setrlimit
      prlimit64 getrusage getcpu set_thread_area get_thread_area modify_ldt`),
  },
  {
    name: 'identity',
    about: 'users, groups, capabilities and keys',
    calls:
      words(`getuid geteuid getgid getegid setuid setgid setreuid setregid getgroups setgroups setresuid getresuid setresgid
      getresgid setfsuid setfsgid capget capset add_key request_key keyctl seccomp`),
  },
  {
    name: 'signal',
    about: 'sending, handling and waiting for signals',
    calls:
      words(`rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo
      rt_sigsuspend sigaltstack kill tkill tgkill pause restart_syscall signalfd signalfd4`),
  },
  {
    name: 'wait',
    about: 'waiting for events of descriptors, and locks between threads',
    calls:
      words(`poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2
      futex futex_waitv futex_wake futex_wait futex_requeue`),
  },
  {
    name: 'time',
    about: 'clocks, timers and sleep',
    calls:
      words(`nanosleep clock_nanosleep clock_gettime clock_settime clock_getres clock_adjtime gettimeofday settimeofday time times
      adjtimex getitimer setitimer alarm timer_create timer_settime timer_gettime timer_getoverrun timer_delete timerfd_create
      timerfd_settime timerfd_gettime`),
  },
  {
    name: 'ipc',
    about: 'pipes, shared memory, semaphores and message queues',
    calls:
      words(`pipe pipe2 shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl mq_open mq_unlink
      mq_timedsend mq_timedreceive mq_notify mq_getsetattr`),
  },
  {
    name: 'system',
    about: 'mounts, modules and facts of the machine',
    calls:
      words(`mount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr swapon swapoff reboot
      uname sysinfo syslog getrandom init_module finit_module delete_module create_module kexec_load kexec_file_load bpf
      perf_event_open acct vhangup iopl ioperm sysfs _sysctl`),
  },
];

const BY_CALL: ReadonlyMap<string, string> = new Map(
  SYSCALL_CLASSES.flatMap(({ name, calls }) => calls.map((call): [string, string] => [call, name])),
);

/** The class of a call; `other` for what stands in none. */
export function classOf(call: string): string {
  return BY_CALL.get(call) ?? 'other';
}
