/** Errors that healthy programs meet all the time: by errno and call, with why. Others are worth a look. */

type NormalError = { readonly errno: string; readonly calls: RegExp; readonly why: string };

const LOOKUPS =
  /^(?:open|openat|openat2|stat|lstat|newfstatat|statx|access|faccessat2?|readlink|readlinkat|execve|statfs)$/;

/** The first that fits counts. `why` fits behind "normal:". */
const NORMAL: readonly NormalError[] = [
  { errno: 'ENOENT', calls: LOOKUPS, why: 'looks whether libraries, configuration or programs of PATH are there' },
  { errno: 'ENOENT', calls: /^(?:unlink|unlinkat|rmdir)$/, why: 'removes what may be there' },
  { errno: 'ENOENT', calls: /^connect$/, why: 'asks for a name service (nscd) that is not there' },
  { errno: 'ENOTDIR', calls: LOOKUPS, why: 'looks below a name that is no folder' },
  {
    errno: 'EEXIST',
    calls: /^(?:mkdir|mkdirat|open|openat|link|linkat|symlink|symlinkat)$/,
    why: 'makes what may be there',
  },
  { errno: 'EEXIST', calls: /^epoll_ctl$/, why: 'adds what is watched already' },
  {
    errno: 'EAGAIN',
    calls:
      /^(?:p?read(?:v|64|v2)?|p?write(?:v|64|v2)?|recv(?:from|msg|mmsg)|send(?:to|msg|mmsg|file)|accept4?|splice)$/,
    why: 'a non-blocking descriptor had nothing, or no room',
  },
  { errno: 'EAGAIN', calls: /^futex$/, why: 'the value had changed before the wait' },
  { errno: 'ETIMEDOUT', calls: /^(?:futex|epoll_p?wait2?|rt_sigtimedwait|mq_\w+)$/, why: 'a wait with a limit' },
  { errno: 'EAGAIN', calls: /^rt_sigtimedwait$/, why: 'a wait with a limit' },
  { errno: 'EINPROGRESS', calls: /^connect$/, why: 'a non-blocking connection has begun' },
  { errno: 'EALREADY', calls: /^connect$/, why: 'a non-blocking connection has begun' },
  { errno: 'EISCONN', calls: /^connect$/, why: 'asks whether a connection is there' },
  { errno: 'ENOTCONN', calls: /^(?:getpeername|shutdown)$/, why: 'the other side has closed, or none is there' },
  { errno: 'ENOTTY', calls: /^ioctl$/, why: 'asks whether it is a terminal' },
  { errno: 'EINVAL', calls: /^readlink(?:at)?$/, why: 'asks whether it is a link' },
  { errno: 'ESPIPE', calls: /^(?:lseek|pread64|fadvise64)$/, why: 'asks whether it is a pipe' },
  { errno: 'ECHILD', calls: /^(?:wait4|waitid)$/, why: 'no child is left' },
  { errno: 'EINVAL', calls: /^rt_sigaction$/, why: 'goes through all signals, SIGKILL included' },
  {
    errno: 'EBADF',
    calls: /^(?:close|fcntl|fstat|dup2|fchdir)$/,
    why: 'goes through all descriptors, or closes what is not open',
  },
  { errno: 'ENODATA', calls: /^[lf]?(?:get|remove)xattr$/, why: 'asks for an attribute that may be there' },
  { errno: 'ENOTSUP', calls: /^[lf]?(?:get|list|set)xattr$/, why: 'this file system has no such attributes' },
  {
    errno: 'ENOSYS',
    calls: /^(?:rseq|clone3|membarrier|openat2|close_range|io_uring_\w+|faccessat2|statx|futex_waitv)$/,
    why: 'libraries try it and do without',
  },
  { errno: 'EINTR', calls: /./, why: 'a signal came, the program goes on' },
  { errno: 'ERANGE', calls: /^(?:getcwd|[lf]?getxattr|[lf]?listxattr)$/, why: 'asks how much room is needed' },
  { errno: 'ESRCH', calls: /^(?:kill|tgkill|tkill)$/, why: 'asks whether a process is there' },
];

/** Why this error of this call is no sign of trouble; undefined where it may be one. */
export function whyNormal(errno: string, call: string): string | undefined {
  return NORMAL.find((one) => one.errno === errno && one.calls.test(call))?.why;
}
