/**
 * Where gVisor answers otherwise than Linux by design, or lacks something: by call, what it is about, and errno. In our own words.
 * Source: gvisor.dev compatibility pages; pkg/sentry/fsimpl/{proc,sys,dev}, pkg/sentry/syscalls/linux, pkg/sentry/kernel
 */
import { CAPABILITIES } from './errnos.js';
import { FEATURES } from './features.js';
import { supportTable, type SupportTable } from './syscall-support.js';

export type GvisorDifference = {
  /** `known-gap`: this release lacks it; `expected`: every gVisor is so. */
  readonly label: 'known-gap' | 'expected';
  /** What is so; a clause that stands behind a colon. */
  readonly why: string;
  readonly remedy: readonly string[];
};

/** A call that differs: what the other side got, and what runsc answered (errno names; null: success). */
export type Asked = {
  readonly name: string;
  readonly subject: string;
  readonly errno: string | null;
  /** What the reference got. */
  readonly reference: string | null;
};

type Row = {
  readonly calls: RegExp;
  readonly subject?: RegExp;
  /** What runsc answers: errnos with blanks between; `ok`; any where it is left out. */
  readonly errnos?: string;
  readonly label: GvisorDifference['label'];
  readonly why: string;
  readonly remedy?: readonly string[];
};

const OTHER = 'If the program cannot do without it, run this container with another runtime (runc).';
const UPDATE = 'Try a newer release of runsc: what it implements grows with each.';
const LOOKUPS =
  /^(?:open|openat|openat2|stat|lstat|newfstatat|statx|access|faccessat2?|readlink|readlinkat|chdir|statfs|getxattr|inotify_add_watch)$/;

/** The first that fits counts: narrow ones first. */
const ROWS: readonly Row[] = [
  {
    calls: /^rseq$/,
    label: 'expected',
    why: 'gVisor has no restartable sequences (on most platforms); the C library does without',
  },
  {
    calls: /^set_robust_list$/,
    label: 'expected',
    why: 'old releases keep no robust futexes; the C library does without',
  },
  {
    calls: /^clone3$/,
    errnos: 'ENOSYS EINVAL',
    label: 'known-gap',
    why: 'this release has no clone3; the C library uses clone',
  },
  {
    calls: /^membarrier$/,
    label: 'expected',
    why: 'gVisor offers membarrier on some platforms only; programs use slower barriers',
  },
  { calls: /^arch_prctl$/, label: 'expected', why: 'gVisor has no shadow stacks and knows a part of the options only' },
  {
    calls: /^uname$/,
    label: 'expected',
    why: 'gVisor calls itself Linux 4.4.0 whatever the host runs; its features are not those of that kernel',
    remedy: [
      'Let the program test for the feature instead of the version, or switch its check off if it has a flag for that.',
    ],
  },
  {
    calls: /^ioctl$/,
    subject: /^(?:TC|TIOC)/,
    errnos: 'ENOTTY EIO ENXIO EPERM ok',
    label: 'expected',
    why: 'stdio of a sandbox is another kind of file than that of the host',
  },
  {
    calls: /^(?:open|openat)$/,
    subject: /^\/dev\/tty$/,
    errnos: 'EIO ENXIO ENOENT',
    label: 'expected',
    why: 'without a terminal Linux answers ENXIO and gVisor EIO; either way there is none',
  },
  {
    calls: LOOKUPS,
    subject: /^\/proc\//,
    errnos: 'ENOENT EACCES EPERM ENOTDIR EINVAL',
    label: 'known-gap',
    why: "gVisor's /proc has no such file: it shows what its own kernel keeps, not what the host's does",
    remedy: ['Mount a file with the content that the program needs there, or let it go on without.', OTHER],
  },
  {
    calls: LOOKUPS,
    subject: /^\/sys\//,
    errnos: 'ENOENT EACCES EPERM ENOTDIR',
    label: 'known-gap',
    why: "gVisor's /sys is nearly empty: no devices, modules and drivers of the host are shown",
    remedy: ['Let the program go on without it, or mount a file with what it needs there.', OTHER],
  },
  {
    calls: LOOKUPS,
    subject: /^\/dev\//,
    errnos: 'ENOENT ENXIO ENODEV EACCES EPERM',
    label: 'known-gap',
    why: 'the device is not in the sandbox: its /dev holds null, zero, full, random, urandom, tty, ptmx, pts, shm, fuse and what the spec adds and gVisor supports',
    remedy: ['Let the program do without the device.', OTHER],
  },
  {
    calls: /^(?:open|openat)$/,
    subject: /^\/proc\/(?:sys\/|self\/(?:oom_|clear_refs|timerslack))/,
    errnos: 'EACCES EPERM EROFS EINVAL',
    label: 'known-gap',
    why: "most files of gVisor's /proc cannot be written",
    remedy: ['Set it from outside (sysctls of the spec), or let the program go on without.'],
  },
  {
    calls: /^write$/,
    subject: /^\/(?:proc|sys)\//,
    label: 'known-gap',
    why: "most files of gVisor's /proc and /sys take no values",
  },
  {
    calls: /^(?:read|pread64|readlink|readlinkat|getdents64)$/,
    subject: /^\/(?:proc|sys)\//,
    label: 'expected',
    why: "gVisor's own kernel makes this file: it tells of the sandbox, not of the host",
  },
  {
    calls: /^(?:read|newfstatat|stat|statx)$/,
    subject: /^\/etc\/(?:hosts|hostname|resolv\.conf|mtab)$/,
    label: 'expected',
    why: 'engines make this file for each container',
  },
  {
    calls: /^ioctl$/,
    errnos: 'ENOTTY EINVAL ENOSYS EOPNOTSUPP ENOTSUP EPERM ENODEV',
    label: 'known-gap',
    why: 'gVisor does not implement this request on this kind of file',
    remedy: [UPDATE, OTHER],
  },
  {
    calls: /^fcntl$/,
    errnos: 'EINVAL ENOSYS EPERM',
    label: 'known-gap',
    why: 'gVisor does not implement this command of fcntl',
    remedy: [UPDATE, OTHER],
  },
  {
    calls: /^prctl$/,
    errnos: 'EINVAL ENOSYS EPERM',
    label: 'known-gap',
    why: 'gVisor does not implement this option of prctl',
    remedy: [UPDATE],
  },
  {
    calls: /^[gs]etsockopt$/,
    errnos: 'ENOPROTOOPT EINVAL ENOTSUP EPERM ENODEV ENOSYS',
    label: 'known-gap',
    why: "gVisor's network stack does not have this option",
    remedy: [UPDATE, '--network=host uses the network stack of the host, where that is acceptable.'],
  },
  {
    calls: /^[gs]etsockopt$/,
    errnos: 'ok',
    label: 'expected',
    why: "gVisor's network stack takes this option where the host's refused it",
  },
  {
    calls: /^socket$/,
    subject: /AF_(?!INET|UNIX|NETLINK)/,
    errnos: 'EAFNOSUPPORT EPROTONOSUPPORT ESOCKTNOSUPPORT EPERM EINVAL',
    label: 'known-gap',
    why: 'gVisor has sockets of the families AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK (and AF_PACKET) only',
    remedy: ['Let the program use TCP or a Unix socket.', OTHER],
  },
  {
    calls: /^socket$/,
    subject: /SOCK_RAW|AF_PACKET/,
    errnos: 'EPERM EACCES EPROTONOSUPPORT',
    label: 'known-gap',
    why: 'raw and packet sockets need the capability NET_RAW and the flag --net-raw of runsc, which is off by default',
    remedy: ['Add --net-raw to the arguments of the runtime and NET_RAW to the capabilities of the container.'],
  },
  {
    calls: /^socket$/,
    errnos: 'EAFNOSUPPORT EPROTONOSUPPORT ESOCKTNOSUPPORT EINVAL',
    label: 'known-gap',
    why: "gVisor's network stack does not have this protocol",
    remedy: [OTHER],
  },
  {
    calls: /^socket$/,
    subject: /AF_NETLINK/,
    label: 'known-gap',
    why: 'gVisor has netlink sockets for routes and events of devices only',
  },
  {
    calls: /^(?:statfs|fstatfs)$/,
    label: 'expected',
    why: 'file systems of a sandbox are those of gVisor, with types and sizes of their own',
  },
  {
    calls: /^[lf]?(?:get|set|list|remove)xattr$/,
    errnos: 'ENOTSUP ENODATA EPERM ENOSYS ok',
    label: 'expected',
    why: 'gVisor supports extended attributes of the user namespace on some file systems only',
  },
  {
    calls: /^(?:sched_getaffinity|sysinfo|getcpu)$/,
    label: 'expected',
    why: 'the sandbox sees the CPUs and memory that it was given',
  },
  { calls: /^prlimit64$|^getrlimit$/, label: 'expected', why: 'limits are those of the spec and of gVisor' },
  {
    calls: /^(?:inotify_\w+)$/,
    errnos: 'ENOSYS EINVAL ENOSPC',
    label: 'known-gap',
    why: 'inotify sees changes made within the sandbox only',
  },
  {
    calls: /^(?:mount|umount2|pivot_root|unshare|setns)$/,
    errnos: 'EINVAL ENODEV ENOSYS',
    label: 'known-gap',
    why: 'gVisor mounts its own kinds of file systems and has a part of the namespaces only',
    remedy: [UPDATE, OTHER],
  },
  {
    calls:
      /^(?:quotactl|quotactl_fd|swapon|swapoff|acct|kexec_load|init_module|finit_module|delete_module|reboot|iopl|ioperm|modify_ldt|lookup_dcookie|add_key|request_key|keyctl|bpf|perf_event_open|userfaultfd|fanotify_init|fanotify_mark|name_to_handle_at|open_by_handle_at|vhangup|adjtimex|clock_adjtime|settimeofday|clock_settime)$/,
    errnos: 'ENOSYS EPERM ENODEV EINVAL EOPNOTSUPP ENOTSUP',
    label: 'known-gap',
    why: 'gVisor keeps this part of the kernel out of the sandbox',
    remedy: [OTHER],
  },
  {
    calls: /^(?:newfstatat|stat|lstat|fstat|statx)$/,
    label: 'expected',
    why: 'the file system of the sandbox has other sizes and modes for such files',
  },
  {
    calls: /^getpriority$|^sched_/,
    label: 'expected',
    why: 'gVisor keeps priorities and policies of scheduling and has no use for them',
  },
  { calls: /^personality$/, label: 'expected', why: 'gVisor has one personality only' },
  {
    calls: /^(?:mlock|mlockall|mlock2|munlock)$/,
    label: 'expected',
    why: 'locks of memory are accepted or refused by the limits of the sandbox',
  },
  { calls: /^capget$/, label: 'expected', why: 'a container has the capabilities of its spec' },
];

/** Answers of gVisor to what it does not implement. */
const UNIMPLEMENTED = new Set(['ENOSYS', 'EOPNOTSUPP', 'ENOTSUP']);
let tables: { readonly release: string; readonly architecture: string; readonly table: SupportTable } | undefined;

/** What is known of a difference between Linux and runsc (or two releases of runsc); undefined where nothing is. */
export function gvisorDifference(
  { name, subject, errno, reference }: Asked,
  release: string | null,
  architecture: 'amd64' | 'arm64',
): GvisorDifference | undefined {
  if (tables === undefined || tables.release !== (release ?? '') || tables.architecture !== architecture)
    tables = { release: release ?? '', architecture, table: supportTable(architecture, release ?? '') };
  const support = tables.table(name);
  const answer = errno ?? 'ok';
  const row = ROWS.find(
    (one) =>
      one.calls.test(name) &&
      (one.subject === undefined || one.subject.test(subject)) &&
      (one.errnos === undefined || one.errnos.split(' ').includes(answer)),
  );
  if (row !== undefined && (row.label === 'expected' || support?.level !== 'unimplemented' || errno !== 'ENOSYS'))
    return { label: row.label, why: row.why, remedy: row.remedy ?? [] };
  const isUnknown = support === undefined || support.level === 'unimplemented';
  if (errno !== null && (errno === 'ENOSYS' || (isUnknown && errno !== 'ENOENT'))) {
    const feature = featureOf(name, subject, errno);
    return {
      label: 'known-gap',
      why:
        feature?.says ??
        `${release === null ? 'this release' : `release ${release}`} of runsc does not implement ${name}${support?.note === null || support === undefined ? '' : ` (${support.note})`}`,
      remedy: feature?.remedy ?? [UPDATE, OTHER],
    };
  }
  if (errno !== null && UNIMPLEMENTED.has(errno) && support?.level === 'partial')
    return {
      label: 'known-gap',
      why: `gVisor implements ${name} in part: ${support.note ?? 'not all of it'}`,
      remedy: [UPDATE],
    };
  if (errno === null && reference !== null && row === undefined)
    return { label: 'expected', why: 'gVisor allows what the kernel of the reference refused', remedy: [] };
  return row === undefined ? undefined : { label: row.label, why: row.why, remedy: row.remedy ?? [] };
}

function featureOf(name: string, subject: string, errno: string): (typeof FEATURES)[number] | undefined {
  return FEATURES.find(({ calls }) =>
    calls.some(
      (one) =>
        one.name.test(name) &&
        one.errnos.split(' ').includes(errno) &&
        (one.args === undefined || one.args.test(`, ${subject}`)),
    ),
  );
}

/** Which capability a call needs that answered EPERM. */
export function capabilityFor(name: string): string | undefined {
  return CAPABILITIES.find(([calls]) => calls.test(name))?.[1];
}
