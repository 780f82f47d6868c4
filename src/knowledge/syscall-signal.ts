/** Which calls tell what a program does, and which only fill the log: what a smaller trace should keep. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Always worth a record: who runs what, whom it speaks to, what it changes. */
export const TELLING_CALLS: ReadonlySet<string> = new Set(
  words(`execve execveat clone clone3 fork vfork exit exit_group kill tkill tgkill wait4 waitid ptrace
    socket connect bind listen accept accept4 sendto sendmsg socketpair
    open openat openat2 creat unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat mkdir mkdirat rmdir
    chmod fchmod fchmodat chown fchown lchown fchownat mknod mknodat truncate chroot chdir mount umount2 pivot_root
    move_mount open_tree fsmount
    setuid setgid setreuid setregid setresuid setresgid setgroups capset prctl seccomp unshare setns
    memfd_create process_vm_readv process_vm_writev init_module finit_module bpf perf_event_open userfaultfd`),
);

/** Asked for even where this log has none of them; known to every release and architecture, so that runsc takes the list. */
export const ALWAYS_KEPT: readonly string[] = words(
  'execve clone exit_group kill socket connect bind listen accept4 openat unlinkat',
);

/** Their records hold what is read and written: --strace-log-size bounds it. */
export const DATA_CALLS: ReadonlySet<string> = new Set(
  words(
    `read write pread64 pwrite64 readv writev preadv pwritev preadv2 pwritev2 sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg`,
  ),
);
