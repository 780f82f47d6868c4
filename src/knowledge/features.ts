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
    name: 'control of terminals',
    calls: [
      {
        name: /^ioctl$/,
        args: /, (?:TIOC(?:SCTTY|NOTTY|STI|GSID|SPGRP|LINUX|VHANGUP|PKT)\w*|TCSBRK\w*|KD\w+|VT_\w+)\b/,
        errnos: 'ENOTTY EPERM EINVAL EIO',
      },
    ],
    words: /\b(?:TIOC\w{2,12}|TCSETS\w*|tcsetpgrp|tcsetattr|controlling terminal|job control|setsid)\b/,
    says: 'terminals of the sandbox know a part of the requests of Linux; to take a controlling terminal (TIOCSCTTY), to change its foreground group and to let it go were added one by one until 2023',
    remedy: [
      UPDATE,
      'apt, script, sudo and others go on without the terminal: such a message of theirs is mostly a warning. Start without -t where it is an error.',
    ],
  },
  {
    name: 'video, sound and other devices of the host',
    calls: [
      {
        name: /^ioctl$/,
        args: /\/dev\/(?:video|snd|dri|media|input|bus|usb|i2c|spi|gpio|tty(?:USB|ACM|S)|kvm|vfio)|VIDIOC_\w+|SNDRV_\w+|DRM_\w+/,
        errnos: 'ENOTTY EINVAL ENOSYS EPERM ENODEV',
      },
    ],
    words:
      /\b(?:VIDIOC_\w+|v4l2|video4linux2?|SNDRV_\w+|ALSA|DRM_IOCTL\w*|\/dev\/(?:video|snd|dri|media|input|bus|ttyUSB|ttyACM|i2c|spidev|gpio)\S{0,40})/,
    says: 'a device that is mounted into the container can be opened, read and written, but its ioctls are not passed on to the driver of the host; only GPUs of NVIDIA (--nvproxy), TPUs, tun and FUSE have drivers of their own in the sentry',
    remedy: [
      'Let a program on the host (or in a container with another runtime) serve the device, and reach it over a socket or pipe.',
      OTHER,
    ],
  },
  {
    name: 'requests about network interfaces (SIOC...)',
    calls: [
      { name: /^ioctl$/, args: /, (?:SIOC\w+|0x89[0-9a-f]{2})\b/, errnos: 'ENOTTY EINVAL ENOSYS EPERM EOPNOTSUPP' },
    ],
    words: /\b(?:SIOC[A-Z]{2,16}|ethtool|ifconfig|brctl|iwconfig)\b/,
    says: 'interfaces can be listed and their addresses be read; queue lengths, hardware settings, bridges and most changes by ioctl are missing or partial, and with --network=host everything that would change the host',
    remedy: [
      'What the command lists is right as far as it goes: the network works without the request. Compare ping or curl before looking further.',
      'Make interfaces, addresses and routes outside, in the network namespace, before the container starts; --network=host of runsc uses that of the container, and with plain runsc run none is there unless the spec names one.',
      UPDATE,
    ],
  },
  {
    name: 'the destination of redirected connections (SO_ORIGINAL_DST)',
    calls: [
      {
        name: /^getsockopt$/,
        args: /SO_ORIGINAL_DST|IP6T_SO_ORIGINAL_DST|SOL_IP, 0x50/,
        errnos: 'ENOPROTOOPT ENOENT EINVAL EOPNOTSUPP ENOTCONN',
      },
    ],
    words: /SO_ORIGINAL_DST|original destination/i,
    says: 'SO_ORIGINAL_DST answers only for connections that iptables rules inside the sandbox redirected; redirects that the host or another container makes are not known there, and older releases do not offer the option at all for some protocols',
    remedy: [
      'Set the REDIRECT rule inside the sandbox (iptables-legacy, --net-raw, NET_ADMIN), or let the proxy use TPROXY or an explicit address (SOCKS, HTTP proxy) instead of transparent redirection.',
      UPDATE,
      OTHER,
    ],
  },
  {
    name: 'this socket option',
    calls: [],
    words:
      /\b(?:SO_\w{3,24}|TCP_\w{3,24}|IP(?:V6)?_\w{3,24}|SOL_\w+|[gs]etsockopt)\b.{0,160}(?:[Pp]rotocol not available|not supported|[Ii]nvalid argument|ENOPROTOOPT|EOPNOTSUPP)/,
    says: 'the network stack of the sandbox is not that of Linux and knows a part of its socket options; the rest answers "protocol not available", and netlink sockets knew hardly any in 2018',
    remedy: [UPDATE, 'Most programs go on without the option: look whether anything else fails.', OTHER],
  },
  {
    name: 'the GPU',
    calls: [
      { name: /^(?:openat|open|ioctl)$/, args: /\/dev\/nvidia/, errnos: 'EPERM EACCES ENODEV EINVAL ENOTTY ENXIO' },
    ],
    words:
      /\b(?:NVML|nvidia-smi|CUDA|cuInit|cudaGetDeviceCount|libcuda\S*|No CUDA GPUs)\b.{0,200}(?:blocked by the operating system|not found|[Nn]o (?:devices|CUDA)|[Uu]nknown error|failed|insufficient|not supported|unsupported|initialization error|are available)|No CUDA GPUs are available|GPU access blocked|OS call failed or operation not supported on this OS|CUDA_ERROR_\w+|cudaError\w+/,
    says: "programs reach the GPU only through nvproxy, which forwards the calls it knows for the driver versions it knows; the device files and NVIDIA's libraries must be put into the container as well, which nvidia-container-cli does for an engine (docker --gpus) and nobody for a plain runsc run",
    remedy: [
      'Use --nvproxy=true, and let the engine bring devices and libraries (docker run --gpus=all; with Kubernetes the device plugin; for a plain bundle a spec with the devices and mounts that nvidia-ctk or nvidia-container-cli lists).',
      'Compare nvidia-smi on the host with runsc nvproxy list-supported-drivers, and grep nvproxy in the boot log (--debug): "unknown control command" or "ioctl" names a call that this release does not forward.',
      UPDATE,
    ],
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
    name: 'a flag of a sending or receiving call',
    calls: [
      {
        name: /^(?:send(?:to|msg|mmsg)|recv(?:from|msg|mmsg))$/,
        args: /(?:MSG_(?:CMSG_CLOEXEC|ERRQUEUE|OOB|ZEROCOPY|PROBE|FASTOPEN|MORE|BATCH)|0x[4-7][0-9a-f]{7})\b/,
        errnos: 'EINVAL EOPNOTSUPP',
      },
    ],
    says: 'the socket calls of the sentry take the flags that they know and refuse a call with any other by EINVAL, where Linux ignores flags that have no meaning for it (0x40000000 is MSG_CMSG_CLOEXEC, which only receiving calls know; 0x4000000 MSG_ZEROCOPY; 0x20000000 MSG_FASTOPEN)',
    remedy: [
      'Update runsc: such a refusal is a defect that newer releases may not have; report it with the call if the newest one still refuses it.',
      'Let the program leave the flag out, where it has a switch for it.',
      OTHER,
    ],
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
    words: /\b(?:SCTP|VSOCK|AF_ALG|DCCP|MPTCP)\b.{0,120}(?:not supported|fail|invalid argument|not permitted)/i,
    says: 'the network stack of the sandbox knows IPv4, IPv6, TCP, UDP, ICMP and Unix sockets; no SCTP, VSOCK, AF_ALG and the like',
    remedy: ['Use TCP or UDP.', OTHER],
  },
  {
    name: 'FUSE',
    calls: [{ name: /^(?:mount|openat|open)$/, args: /fuse/, errnos: 'ENODEV EPERM EINVAL ENOSYS' }],
    words: /\bfuse(?:rmount3?)?\b.{0,200}(?:not found|not permitted|No such device|failed|invalid)/i,
    says: 'FUSE file systems need the device /dev/fuse in the container and the capability SYS_ADMIN, and older releases (and managed services on gVisor, such as the first generation of Cloud Run) do not offer them; not all operations are there',
    remedy: [
      'Mount the file system on the host and give it to the container as a volume; where gVisor is a managed service, choose its other execution environment (Cloud Run: second generation) or its own volume mounts.',
      'With a runsc of your own: --device /dev/fuse and --cap-add SYS_ADMIN for the container.',
      UPDATE,
    ],
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
    words:
      /\b(?:unshare|setns|pivot_root|CLONE_NEW\w+|bubblewrap|bwrap)\b|move to new namespace|reassociate to namespace|\bnsenter\b|cannot clone|No usable sandbox|(?:user|mount|network|net|pid|uts|ipc)[ -]?(?:ns\b|namespace)/i,
    says: 'not all namespaces can be created or entered inside the sandbox: the links in /proc/PID/ns of user namespaces, for instance, could not be joined with setns (a rootless podman or buildah does so from its second command on), and those that can be made need SYS_ADMIN or a user namespace of their own',
    remedy: [
      UPDATE,
      'Run an inner engine as root of the sandbox (rootful podman, dockerd) instead of rootless.',
      "Switch the program's own sandboxing off (for browsers --no-sandbox): gVisor is one already.",
    ],
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
