/** Syscalls since Linux 5.1, which have the same number on every architecture: releases that do not know them print numbers. */

/** Names from 424 on, in order. Source: Linux 6.15 scripts/syscall.tbl */
const FIRST = 424;
const NAMES =
  'pidfd_send_signal io_uring_setup io_uring_enter io_uring_register open_tree move_mount fsopen fsconfig fsmount fspick pidfd_open clone3 close_range openat2 pidfd_getfd faccessat2 process_madvise epoll_pwait2 mount_setattr quotactl_fd landlock_create_ruleset landlock_add_rule landlock_restrict_self memfd_secret process_mrelease futex_waitv set_mempolicy_home_node cachestat fchmodat2 map_shadow_stack futex_wake futex_wait futex_requeue statmount listmount lsm_get_self_attr lsm_set_self_attr lsm_list_modules mseal setxattrat getxattrat listxattrat removexattrat open_tree_attr'.split(
    ' ',
  );

/** `openat2` of 437; undefined for a number before them, or after the last that is known here. */
export function newerSyscall(number: number): string | undefined {
  return NAMES[number - FIRST];
}
