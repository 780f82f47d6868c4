/** Which calls wait by design: for a time, for a child, for whoever writes. Their time is not time at work. */

/** Always. */
export const WAITING_CALLS: ReadonlySet<string> = new Set(
  'poll ppoll select pselect6 epoll_wait epoll_pwait epoll_pwait2 nanosleep clock_nanosleep restart_syscall wait4 waitid pause rt_sigsuspend rt_sigtimedwait accept accept4'.split(
    ' ',
  ),
);

/** When they read from a pipe, a socket or a file of the host that is handed in: what can be waited for. */
export const WAITING_TO_READ: ReadonlySet<string> = new Set(['read', 'readv', 'recvfrom', 'recvmsg', 'recvmmsg']);

/** As its operation says: FUTEX_WAIT, FUTEX_WAIT_BITSET, FUTEX_WAIT_REQUEUE_PI, FUTEX_LOCK_PI. */
export const WAITING_BY_OPERATION = 'futex';

/** The arguments of a futex call that waits. */
export const FUTEX_WAITS = /^0x[0-9a-f]+(?: [^,]*)?, FUTEX_(?:WAIT|WAIT_BITSET|WAIT_REQUEUE_PI|LOCK_PI)(?:[|,]|$)/;
