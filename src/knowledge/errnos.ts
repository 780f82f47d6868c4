/** What programs print for an error number (glibc's words, which musl and Python share), and what it means for a container. */

export type ErrnoMeaning = {
  /** As strerror prints it. */
  readonly words: string;
  /** What programs print of their own instead. */
  readonly also?: RegExp;
  readonly title: string;
  readonly cause: string;
  readonly remedy: readonly string[];
};

/** Which capability a call needs that answers EPERM without it. */
export const CAPABILITIES: readonly (readonly [RegExp, string])[] = [
  [/^(?:l|f)?chown(?:at|32)?$|^fchownat$/, 'the capability CHOWN (only the owner root may give files away)'],
  [/^f?chmod(?:at2?)?$|^utime|^futimesat$|^utimensat$/, 'to be the owner of the file, or the capability FOWNER'],
  [
    /^(?:u?mount2?|pivot_root|fsopen|fsmount|move_mount|open_tree|mount_setattr|setns|unshare|swapon|quotactl)$|^set(?:host|domain)name$/,
    'the capability SYS_ADMIN',
  ],
  [/^setre?s?uid|^setfsuid|^setuid/, 'the capability SETUID'],
  [/^setre?s?gid|^setfsgid|^setgid|^setgroups/, 'the capability SETGID'],
  [/^mknod(?:at)?$/, 'the capability MKNOD'],
  [/^chroot$/, 'the capability SYS_CHROOT'],
  [/^t?g?kill$|^rt_t?g?sigqueueinfo$/, 'the capability KILL, or the same user as the process'],
  [/^(?:setpriority|nice|ioprio_set)$|^sched_set/, 'the capability SYS_NICE'],
  [/^(?:settimeofday|clock_settime|clock_adjtime|adjtimex)$/, 'the capability SYS_TIME'],
  [/^(?:setrlimit|prlimit64)$/, 'the capability SYS_RESOURCE (to raise a hard limit)'],
  [/^ptrace$|^process_vm_/, 'the capability SYS_PTRACE'],
  [/^(?:mlock2?|mlockall)$/, 'the capability IPC_LOCK, or a higher RLIMIT_MEMLOCK'],
  [/^socket$/, 'the capability NET_RAW, and --net-raw of runsc'],
  [/^capset$/, 'capabilities that the process does not have itself'],
];

/** By number; `{object}` is the path or address of the call, `{user}` who made it, `{capability}` what EPERM is mostly about. */
export const ERRNOS: Readonly<Record<number, ErrnoMeaning>> = {
  1: {
    words: 'Operation not permitted',
    also: /permission denied|are you root|must be (?:run as )?root|superuser|privilege/i,
    title: '{program} was not permitted to {call} {object}',
    cause: '{call} on {object} was refused: the operation needs {capability}, which this container does not have',
    remedy: [
      'Let the container have what {call} needs, {capability} (docker run --cap-add, capabilities.add in securityContext of the pod), or let the program do without.',
    ],
  },
  2: {
    words: 'No such file or directory',
    title: '{object} does not exist in the container',
    cause: '{object} does not exist in the file system of the container',
    remedy: [
      'Add {object} to the image, install the package that holds it, or mount it as a volume; if it is there under another path, correct the path or PATH.',
    ],
  },
  12: {
    words: 'Cannot allocate memory',
    title: '{program} could not allocate memory',
    cause:
      'the sandbox refused memory: a limit is reached, RLIMIT_AS of the spec (ulimit -v) or the memory limit of the container',
    remedy: [
      'Raise RLIMIT_AS (process.rlimits, docker run --ulimit as=...) or the memory limit of the container, or let the program use less.',
    ],
  },
  13: {
    words: 'Permission denied',
    title: 'User {user} may not access {object}',
    cause: 'user {user} lacks the permission for {object}: its owner or mode does not allow it',
    remedy: [
      'Change the owner or mode of {object} or of its directory in the image or volume (chown {uid}, chmod), or run the container as another user (fsGroup in a pod).',
    ],
  },
  17: {
    words: 'File exists',
    title: '{object} exists already',
    cause: '{object} exists already, and the program wanted to create it',
    remedy: ['Remove {object} before the start (a leftover of an earlier run), or mount an empty directory there.'],
  },
  24: {
    words: 'Too many open files',
    title: '{program} has too many open files',
    cause:
      'the limit of open file descriptors (RLIMIT_NOFILE{limit}) is reached: the program does not close what it opens, or the limit is too low',
    remedy: [
      'Raise RLIMIT_NOFILE (docker run --ulimit nofile=...; process.rlimits), or close descriptors that are leaked.',
    ],
  },
  28: {
    words: 'No space left on device',
    title: 'There is no space left for {object}',
    cause:
      'the file system behind {object} is full: a tmpfs or the overlay, whose data is in a filestore file on the host, in the directory of the root file system or of --overlay2',
    remedy: [
      "Free space on the host's file system that holds the filestore of the overlay, or make the tmpfs or volume larger.",
    ],
  },
  30: {
    words: 'Read-only file system',
    title: '{object} is on a read-only file system',
    cause:
      '{object} is on a file system that is mounted read-only: the root file system of the container (root.readonly, --read-only, readOnlyRootFilesystem) or a volume mounted ro',
    remedy: ['Mount a writable volume or a tmpfs where the program writes, or make the root file system writable.'],
  },
  38: {
    words: 'Function not implemented',
    title: 'runsc does not implement {call}',
    cause: 'the system call {call} is not implemented by this release of runsc, or is switched off (ENOSYS)',
    remedy: [
      'Let the program do without {call} (most have a setting or fall back), switch it on where runsc has a flag for it (--iouring for io_uring), or update runsc.',
    ],
  },
  98: {
    words: 'Address already in use',
    title: 'Address {object} is already in use',
    cause:
      '{object} is already bound by another socket of the container: a second process, or the program itself, listens there',
    remedy: [
      'Stop the other process that uses the port, or choose a different port; in a pod all containers share the addresses.',
    ],
  },
  99: {
    words: 'Cannot assign requested address',
    title: 'Address {object} is not one of this container',
    cause: '{object} is not an address of an interface of the sandbox',
    remedy: [
      'Bind to 0.0.0.0 or to an address that the container has; with --network=none there is only the loopback interface.',
    ],
  },
  101: {
    words: 'Network is unreachable',
    title: 'There is no route to {object}',
    cause:
      "the container's network namespace has no interface or route that leads to {object}: with --network=none only loopback, in a new network namespace not even lo is up{isolated}{dns}",
    remedy: [
      "Give the container a network (docker network, CNI), bring the interface up in its network namespace (ip link set lo up), or use --network=host with the host's namespace.",
    ],
  },
  110: {
    words: 'Connection timed out',
    title: '{object} does not answer',
    cause: '{object} did not answer: the connection timed out',
    remedy: [
      "See whether {object} can be reached from the container's network (firewall, routes), and whether the server runs there.",
    ],
  },
  113: {
    words: 'No route to host',
    title: 'There is no way to {object}',
    cause:
      'the network stack of the sandbox has no route to {object}, or nobody answers there for that address{isolated}{dns}',
    remedy: [
      'Give the container a network that leads to {object} (docker run without --network=none, runsc without --network=none; CNI), or correct the address.',
      'If it has one, look at its routes (ip route in the container) and whether {object} is up.',
    ],
  },
  111: {
    words: 'Connection refused',
    title: 'Nothing listens on {object}',
    cause: 'the connection to {object} was refused: no process listens there',
    remedy: [
      'Start the server at {object} first, or correct host and port; 127.0.0.1 is the container itself, not the host.',
    ],
  },
  115: {
    // a connection in the background: the program gives up when its own timer runs out
    words: 'timed out',
    title: '{object} did not answer in time',
    cause: "the connection to {object} was begun and not answered before the program's own timeout ran out",
    remedy: [
      "See whether {object} can be reached from the container's network (routes, firewall, --network=none has no way out), and whether the server runs there.",
    ],
  },
};

/** What is meant where the object is a Unix socket: `{object}` may be unnamed. */
export const SOCKET_ERRNOS: Readonly<Record<number, Omit<ErrnoMeaning, 'words'>>> = {
  2: {
    title: 'The Unix socket {object} does not exist in the container',
    cause:
      'there is no socket {object} in the file system of the container: its server has not made it, or it is not mounted',
    remedy: [
      'Start the server that makes {object} first, or correct the path.',
      'If it is a socket of the host, mount it (or its directory) and start runsc with --host-uds=open (since release 20221026.0; before --fsgofer-host-uds), without which a program may not connect to it.',
    ],
  },
  111: {
    title: 'Nothing listens on the Unix socket {object}',
    cause:
      'the connection to {object} was refused: no process listens there, or it is a socket of the host, which runsc keeps from programs unless a flag opens it',
    remedy: [
      'Start the server behind {object} first; a socket that a server left behind refuses as well.',
      'If it comes from the host by a mount, start runsc with --host-uds=open (since release 20221026.0; before --fsgofer-host-uds).',
    ],
  },
};
