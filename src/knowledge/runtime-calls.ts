/**
 * Calls that a profile has to allow though no trace of the workload shows them: those that the runtime makes between loading the filter
 * and executing the program, those that the kernel or the vDSO make necessary.
 */

export const RUNTIMES = ['runc', 'crun'] as const;
export type Runtime = (typeof RUNTIMES)[number];

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * Measured: `strace -f` of runc 1.1.5 and crun 1.8.1 that start a container with a filter that allows all, as root and as another user,
 * with and without noNewPrivileges (without, the filter is loaded early, and the runtime drops its rights under it; Docker's default).
 * Of runc also what its Go runtime may do at any time (threads, memory, signals, timers), and what newer releases do: close_range
 * (1.2), readlinkat and fchdir (checks of procfs, 1.1.12 and 1.2.8).
 * Source: opencontainers/runc libcontainer/standard_init_linux.go, init_linux.go; containers/crun src/libcrun/container.c
 */
const STARTS: Readonly<Record<Runtime, readonly string[]>> = {
  runc: words(`
    capget capset chdir clone close close_range epoll_ctl epoll_pwait execve exit exit_group faccessat2 fchdir fchown fcntl fstat
    fstatfs futex getcwd getdents64 getpid getppid gettid madvise mmap munmap nanosleep newfstatat openat prctl read readlinkat
    rt_sigaction rt_sigprocmask rt_sigreturn sched_yield setgid setgroups setuid sigaltstack tgkill write`),
  crun: words(`
    capset chdir close close_range execve exit_group fcntl getpid prctl read rt_sigaction rt_sigprocmask seccomp setgroups setresgid
    setresuid write`),
};

/** What each of these runtimes needs so that a container starts. */
export function startCalls(runtime: Runtime): readonly string[] {
  return STARTS[runtime];
}

/** No process begins, ends or comes back from a signal or a stop without these, and a trace may not show them. */
export const KERNEL_CALLS: readonly string[] = words('execve exit exit_group restart_syscall rt_sigreturn');

/** Answered by the vDSO without a call, as long as the clock of the machine allows it. Source: vdso(7) */
export const VDSO_CALLS: readonly string[] = words('clock_getres clock_gettime getcpu gettimeofday time');
