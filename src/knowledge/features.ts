/**
 * What Linux has and gVisor lacks, lacked, or offers only with a flag: by the call that is refused, and by the words in which
 * programs complain. Source: gvisor.dev compatibility pages, pkg/sentry/syscalls/linux (linux64.go), release notes.
 */

export type Feature = {
  readonly name: string;
  /** Call name, arguments, and errnos that the sentry answers with. */
  readonly calls: readonly { readonly name: RegExp; readonly args?: RegExp; readonly errnos: string }[];
  /** A complaint of a program about it. */
  readonly words?: RegExp;
  /** What gVisor does instead. */
  readonly says: string;
  readonly remedy: readonly string[];
};

const UPDATE = 'Update runsc: the list of implemented calls grows with each release.';
const OTHER = 'If the program cannot do without, run this container with another runtime.';

export const FEATURES: readonly Feature[] = [
  {
    name: 'tun/tap devices',
    calls: [
      {
        name: /^ioctl$/,
        args: /TUN(?:SET|GET)\w+|\/dev\/net\/tun|0x[48c]00454[cd][0-9a-f]/,
        errnos: 'EINVAL ENOTTY ENOSYS EPERM',
      },
    ],
    words: /TUNSET\w+|\/dev\/net\/tun|\btuntap\b/,
    says: "gVisor's /dev/net/tun supports a part of the flags and calls of Linux only: until May 2025 exclusive (IFF_TUN_EXCL, which ip tuntap sets) and persistent devices (TUNSETPERSIST) were missing",
    remedy: [
      'Update runsc: releases since May 2025 accept IFF_TUN_EXCL and TUNSETPERSIST.',
      'Programs that open /dev/net/tun themselves with plain IFF_TUN or IFF_TAP work in older releases; NET_ADMIN is needed in any case.',
    ],
  },
  {
    name: 'queries of record locks (F_GETLK)',
    calls: [
      { name: /^fcntl$/, args: /F_(?:OFD_)?GETLK|F_OFD_SETLKW?|, 0x(?:5|24|25|26)(?:,|$)/, errnos: 'EINVAL ENOSYS' },
    ],
    words:
      /(?:sqlite|rpm|dnf|yum|database|SQLSTATE|sql).{0,400}disk I\/O error|disk I\/O error.{0,200}(?:sqlite|database)|F_(?:OFD_)?GETLK/i,
    says: 'fcntl lacked F_GETLK, the query of record locks, until 2021-01-22; SQLite asks it for its locking and reports a "disk I/O error" although the disk is fine (rpm, dnf and many other programs keep a SQLite database)',
    remedy: [
      'Update runsc: releases since 2021-01-22 implement F_GETLK.',
      'With a newer release look at the calls on the database file (--strace): a full or read-only file system and a network mount give the same message.',
    ],
  },
  {
    name: 'io_uring',
    calls: [{ name: /^io_uring_\w+$/, errnos: 'ENOSYS EPERM EINVAL' }],
    words: /io_?uring/i,
    says: 'io_uring is switched off by default (flag --iouring, since 2023) and offers few operations',
    remedy: [
      'Let the program use another way of I/O (most have a switch: epoll, threads, libaio).',
      'Or try --iouring=true with a current release.',
    ],
  },
  {
    name: 'fanotify',
    calls: [{ name: /^fanotify_\w+$/, errnos: 'ENOSYS EPERM' }],
    words: /fanotify/i,
    says: 'fanotify is not implemented',
    remedy: ['Use inotify, which is.', OTHER],
  },
  {
    name: 'BPF',
    calls: [{ name: /^bpf$/, errnos: 'ENOSYS EPERM EINVAL' }],
    words: /\bbpf\(|\be?bpf\b/i,
    says: 'programs in the sandbox cannot load BPF programs or maps',
    remedy: ['Run agents that use BPF on the host and not in the sandbox.', OTHER],
  },
  {
    name: 'performance counters',
    calls: [{ name: /^perf_event_open$/, errnos: 'ENODEV ENOSYS EPERM ENOENT' }],
    words: /perf_event_open|perf_event_paranoid/,
    says: 'performance counters of the processor are not offered to programs (perf_event_open)',
    remedy: ["Profile with timers instead of hardware events, or with runsc's own profiling.", OTHER],
  },
  {
    name: 'the kernel key ring',
    calls: [{ name: /^(?:keyctl|add_key|request_key)$/, errnos: 'ENOSYS EPERM EACCES' }],
    words: /\b(?:keyctl|add_key|request_key|session keyring)\b/,
    says: 'only a small part of the key ring (session keyrings) is implemented',
    remedy: ['Switch the use of the kernel key ring off in the program (for an inner runc: --no-new-keyring).', UPDATE],
  },
  {
    name: 'userfaultfd',
    calls: [{ name: /^userfaultfd$/, errnos: 'ENOSYS EPERM' }],
    words: /userfaultfd/,
    says: 'page faults are not handed to programs (userfaultfd)',
    remedy: [OTHER],
  },
  {
    name: 'raw and packet sockets',
    calls: [
      {
        name: /^socket$/,
        args: /SOCK_RAW|AF_PACKET|PF_PACKET|SOCK_PACKET/,
        errnos: 'EPERM EPROTONOSUPPORT ESOCKTNOSUPPORT EAFNOSUPPORT',
      },
    ],
    words:
      /(?:ping|traceroute|tcpdump|arping|nmap|raw socket|SOCK_RAW|AF_PACKET|libpcap).{0,120}(?:[Oo]peration not permitted|not supported)|\bsocket: Operation not permitted/,
    says: 'raw and packet sockets are refused unless runsc runs with --net-raw and the container has the capability NET_RAW',
    remedy: [
      'Start runsc with --net-raw (runtimeArgs of Docker, net-raw = "true" in runsc.toml) and give the container NET_RAW.',
      'Or use unprivileged ICMP sockets or TCP checks.',
    ],
  },
  {
    name: 'this netlink family',
    calls: [{ name: /^socket$/, args: /NETLINK_(?!ROUTE\b)\w+/, errnos: 'EPROTONOSUPPORT EPERM EINVAL' }],
    words: /NETLINK_\w+|netlink.{0,80}[Pp]rotocol not supported/,
    says: 'gVisor offers netlink for routes (NETLINK_ROUTE) and device events; netfilter, xfrm, audit and generic families are missing or partial',
    remedy: [UPDATE, 'Let the program go without (for firewalls: switch its iptables or nftables support off).'],
  },
  {
    name: 'this socket family or protocol',
    calls: [
      {
        name: /^socket$/,
        args: /AF_(?:VSOCK|BLUETOOTH|ALG|XDP|CAN|TIPC|KEY|RDS|SMC)|IPPROTO_(?:SCTP|DCCP|MPTCP)/,
        errnos: 'EAFNOSUPPORT EPROTONOSUPPORT ESOCKTNOSUPPORT EPERM',
      },
      { name: /^socket(?:pair)?$/, args: /^(?![AP]F_(?:INET6?|UNIX|LOCAL|NETLINK|PACKET)\b)/, errnos: 'EAFNOSUPPORT' },
    ],
    words: /\b(?:SCTP|VSOCK|AF_ALG|DCCP|MPTCP)\b.{0,120}not supported/i,
    says: 'the network stack of the sandbox knows IPv4, IPv6, TCP, UDP, ICMP and Unix sockets; no SCTP, VSOCK, AF_ALG and the like',
    remedy: ['Use TCP or UDP.', OTHER],
  },
  {
    name: 'FUSE',
    calls: [{ name: /^(?:mount|openat|open)$/, args: /fuse/, errnos: 'ENODEV EPERM EINVAL ENOSYS' }],
    words: /\bfuse(?:rmount3?)?\b.{0,200}(?:not found|not permitted|No such device|failed|invalid)/i,
    says: 'FUSE file systems are off in older releases and need /dev/fuse and the capability SYS_ADMIN; not all operations are there',
    remedy: [UPDATE, 'Mount the file system on the host and give it to the container as a volume.'],
  },
  {
    name: 'mounting this file system',
    calls: [{ name: /^(?:mount|fsopen|fsmount|move_mount|open_tree)$/, errnos: 'ENODEV ENOSYS EINVAL EPERM' }],
    words:
      /\bmount(?:\.\w+)?\b.{0,200}(?:unknown filesystem type|No such device|Operation not permitted|not supported)/,
    says: 'the sentry mounts its own file systems only (tmpfs, proc, sysfs, overlay, cgroup, bind mounts): none of block devices, NFS or CIFS, and needs SYS_ADMIN for it',
    remedy: [
      'Mount it on the host and give it to the container as a volume.',
      'For tmpfs, overlay and bind mounts inside add the capability SYS_ADMIN.',
    ],
  },
  {
    name: 'namespaces and pivot_root inside the sandbox',
    calls: [{ name: /^(?:unshare|setns|pivot_root|clone3?)$/, errnos: 'EINVAL EPERM ENOSYS' }],
    words: /\b(?:unshare|setns|pivot_root|CLONE_NEW\w+|bubblewrap|bwrap)\b|move to new namespace|No usable sandbox/,
    says: 'not all namespaces can be created or entered inside the sandbox, and those that can need SYS_ADMIN or a user namespace',
    remedy: [UPDATE, "Switch the program's own sandboxing off (for browsers --no-sandbox): gVisor is one already."],
  },
  {
    name: 'this ptrace request',
    calls: [{ name: /^ptrace$/, errnos: 'EINVAL EPERM EIO ENOSYS' }],
    words:
      /\b(?:ptrace|PTRACE_\w+|strace|gdb)\b.{0,120}(?:not permitted|not supported|not implemented|[Ii]nvalid argument)/,
    says: 'ptrace inside the sandbox knows a part of the requests of Linux, and needs SYS_PTRACE for processes that are no children',
    remedy: [
      'Add the capability SYS_PTRACE to the container.',
      'Instead of strace use --strace of runsc, which sees every call.',
      UPDATE,
    ],
  },
  {
    name: 'loading kernel modules',
    calls: [{ name: /^(?:init_module|finit_module|delete_module)$/, errnos: 'EPERM ENOSYS' }],
    words: /\b(?:modprobe|insmod|init_module)\b.{0,160}(?:not permitted|not implemented|not supported)/,
    says: 'there is no Linux kernel in the sandbox into which a module could be loaded',
    remedy: ['Load the module on the host, or do without; modprobe in an image is mostly a left-over.'],
  },
  {
    name: 'loop and block devices',
    calls: [
      {
        name: /^ioctl$/,
        args: /LOOP_\w+|BLK\w+|\/dev\/(?:loop|sd|vd|nvme|dm-|mapper)/,
        errnos: 'ENOTTY EINVAL ENOSYS EPERM ENODEV',
      },
    ],
    words:
      /\b(?:losetup|loop device|\/dev\/loop\S*|LOOP_\w+)\b.{0,120}(?:not permitted|No such device|Inappropriate|failed|[Ii]nvalid)/,
    says: 'the sandbox has no block devices',
    remedy: ['Mount the image on the host and give it to the container as a volume.', OTHER],
  },
  {
    name: 'flags, clones and extents of files',
    calls: [
      {
        name: /^ioctl$/,
        args: /, (?:FS_IOC_\w+|FICLONE\w*|FIDEDUPERANGE|FIEMAP|FITRIM|FIFREEZE|FITHAW|0x[48c]0[0-9a-f]{2}(?:66|58|94|76)[0-9a-f]{2})\b/,
        errnos: 'ENOTTY EOPNOTSUPP ENOTSUP EINVAL ENOSYS EPERM',
      },
    ],
    words:
      /\b(?:chattr|lsattr|FICLONE|FIEMAP|FITRIM|reflink|filefrag)\b.{0,160}(?:Inappropriate ioctl|not supported|not permitted)/,
    says: 'the file systems of the sentry have no attributes (chattr), clones (reflink) and extents that programs could ask for by ioctl',
    remedy: ['Let the program copy files in the ordinary way (cp --reflink=never) and go without attributes.', OTHER],
  },
  {
    name: 'POSIX message queues',
    calls: [{ name: /^mq_\w+$/, errnos: 'ENOSYS EPERM' }],
    words: /\bmq_\w+/,
    says: 'POSIX message queues are implemented in part, in newer releases only',
    remedy: [UPDATE, 'Use another way to communicate (pipes, sockets).'],
  },
  {
    name: 'Landlock',
    calls: [{ name: /^landlock_\w+$/, errnos: 'ENOSYS EOPNOTSUPP' }],
    words: /landlock/i,
    says: 'Landlock is not implemented',
    remedy: ['Switch the use of Landlock off in the program.'],
  },
  {
    name: 'handles of files',
    calls: [{ name: /^(?:name_to_handle_at|open_by_handle_at)$/, errnos: 'ENOSYS EOPNOTSUPP ENOTSUP' }],
    words: /(?:name_to|open_by)_handle_at/,
    says: 'files have no handles in the sandbox',
    remedy: [OTHER],
  },
  {
    name: 'memory of other processes, quotas, NUMA and similar calls of administration',
    calls: [
      {
        name: /^(?:process_vm_\w+|quotactl|kcmp|migrate_pages|move_pages|swapon|swapoff|acct|kexec_\w+|iopl|ioperm|lookup_dcookie|nfsservctl|remap_file_pages|process_madvise|memfd_secret|vhangup)$/,
        errnos: 'ENOSYS EPERM EINVAL',
      },
    ],
    says: 'the sentry does not implement this call',
    remedy: [UPDATE, OTHER],
  },
  {
    name: 'this entry of /proc or /sys',
    calls: [],
    words:
      /^(?!.*(?:runsc|OCI runtime|rpc error|creating container|FATAL ERROR|fork\/exec)).*\/(?:proc\/(?!self\/exe)|sys\/(?!fs\/cgroup)).{0,200}(?:No such file|Read-only file system)/i,
    says: 'the sentry writes /proc and /sys itself, with the entries that programs need most; others, settings of the kernel (sysctl) among them, are not there or cannot be written',
    remedy: [
      UPDATE,
      'Let the program go without the setting; those of the host kernel have no effect inside the sandbox.',
    ],
  },
  {
    name: 'a newer kernel',
    calls: [],
    words: /kernel (?:is )?too old|requires? (?:a )?(?:Linux )?kernel/i,
    says: 'the sandbox presents itself as Linux 4.4 (uname), whatever kernel the host runs, and programs that compare this number refuse to start although the calls that they need may be there',
    remedy: [
      'Look for a switch of the program that skips its check of the kernel version.',
      'A base image with a C library for older kernels (glibc: "FATAL: kernel too old") starts.',
      UPDATE,
    ],
  },
];
