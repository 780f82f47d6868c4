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

/**
 * Beside all these, for the table of calls, its headline and its time line alone: messages, semaphores, ends of input and output, and
 * other forms of a futex. The `waiting_ns` of processes and threads leaves them out, and who judges a call that does not come back
 * (a lock that nobody lets go) must not take them for sleep.
 */
export const WAITING_IN_TABLE: ReadonlySet<string> = new Set(
  'msgrcv semop semtimedop io_getevents io_pgetevents mq_timedreceive futex_wait futex_waitv'.split(' '),
);

/**
 * In a native trace alone: until the child runs a program or ends. runsc prints the call before that stop: its time is the making of
 * the child (500 ms in a native trace, 0.3 ms in runsc's, of one program).
 */
export const WAITING_NATIVELY = 'vfork';

/** As their arguments say, in the table alone: LOCK_SH or LOCK_EX without LOCK_NB; F_SETLKW and F_OFD_SETLKW. */
export const LOCK_WAITS: ReadonlyMap<string, RegExp> = new Map([
  ['flock', /, (?:0x[12]|LOCK_(?:SH|EX))$/],
  ['fcntl', /, (?:(?:0x7|0x26), 0x[0-9a-f]+|F_(?:OFD_)?SETLKW, [^,]*(?:, \w+=[^,]*)*)$/],
]);
