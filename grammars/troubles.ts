/**
 * What programs and their users say where gVisor answers otherwise than Linux, or where a limit around the sandbox is met. Each id is
 * explained in src/knowledge/troubles.ts; the wordings of one id mean the same.
 */
import type { Sign } from './told.js';

/** How programs and people say that something did not go. */
const REFUSED =
  "(?:[Oo]peration not (?:permitted|supported)|[Pp]ermission denied|[Nn]ot supported|[Nn]ot implemented|[Ii]nvalid argument|[Nn]o such (?:file|device)|[Rr]ead-only file ?system|[Ii]nappropriate ioctl|EPERM|EACCES|ENOTSUP|EOPNOTSUPP|ENOSYS|EINVAL|ENOENT|ENODEV|EROFS|fail(?:s|ed|ure)?\\b|[Cc]annot|[Cc]an't|[Cc]ould(?: not|n't)|[Uu]nable|broken|denied|does(?: not|n't) (?:exist|work))";

/** `about`, then a refusal, or the other way round, within one line. */
const near = (about: string, refused = REFUSED): RegExp =>
  new RegExp(`(?:${about}).{0,240}?(?<refusal>${refused})|(?<refusal2>${refused}).{0,240}?(?:${about})`);

const LIMITS: readonly Sign[] = [
  {
    id: 'trouble-descriptor-table',
    words: ['descriptor', 'descriptors', 'NOFILE', 'RLIMIT_NOFILE', 'nofile', 'ulimit', 'files'],
    pattern:
      /(?:allocat\w+ (?:the |a )?(?:file )?descriptor table|(?:NOFILE|nofile|open files).{0,80}(?:too (?:large|high|big)|out of memory|cannot modify limit|exceeds)|(?:closing|close) all (?:file )?descriptors.{0,80}(?:slow|hang|minutes|forever))/i,
  },
  {
    id: 'trouble-open-files',
    words: ['many', 'EMFILE', 'ENFILE'],
    pattern: /[Tt]oo many open files(?: in system)?|\bE[MN]FILE\b/,
  },
  {
    id: 'trouble-threads',
    words: ['thread', 'threads', 'fork', 'pthread_create', 'uv_thread_create', 'Fork', 'newproc', 'EAGAIN'],
    pattern:
      /(?:pthread_create|uv_thread_create|clone|fork)\w{0,16}(?:\(\))?.{0,60}(?:[Rr]esource temporarily unavailable|EAGAIN|failed)|(?:unable to|can't|cannot|could not|failed to) (?:create|start|spawn)(?: (?:a|any|new|native|OS|more|worker))* threads?|Cannot fork|[Ff]ork failed/,
  },
  {
    id: 'trouble-bad-address',
    words: ['Bad', 'bad', 'EFAULT'],
    pattern: /^(?!.*[Uu]ser fault)(?:.*(?:\b|[:\]] )[Bb]ad address\b(?! ['"`])|.*\bEFAULT\b)/,
  },
  {
    id: 'trouble-memory-refused',
    words: [
      'CoreCLR',
      'limit',
      'allocate',
      'bad_alloc',
      'OutOfMemoryError',
      'MemoryError',
      'ENOMEM',
      'heap',
      'memory',
      'mmap',
    ],
    pattern:
      /(?:[Cc]an(?:no|')t allocate memory|std::bad_alloc|java\.lang\.OutOfMemoryError: (?!unable)|^MemoryError|\bENOMEM\b|insufficient memory for the Java Runtime|heap out of memory|Reached heap limit|GC heap initialization failed|CoreCLR, HRESULT: 0x8007000[8eE]|(?:could not|failed to|unable to|can't) (?:reserve|map|commit|mmap|allocate) .{0,60}(?:memory|heap|address space|bytes)|mmap\w{0,16}(?:\(\))? failed)/i,
  },
  {
    id: 'trouble-huge-pages',
    words: ['MAP_HUGETLB', 'SHM_HUGETLB', 'huge_pages', 'HugePages', 'hugepages', 'huge', 'UseLargePages', 'hugetlbfs'],
    pattern: near('MAP_HUGETLB|SHM_HUGETLB|huge_?pages?|HugePages|huge pages|UseLargePages|hugetlbfs'),
  },
  {
    id: 'trouble-priority',
    words: [
      'sched_setscheduler',
      'sched_setaffinity',
      'sched_setattr',
      'SCHED_FIFO',
      'SCHED_RR',
      'setpriority',
      'realtime',
      'ionice',
      'ioprio_set',
      'mlockall',
      'mlock',
      'RLIMIT_MEMLOCK',
      'pthread_setaffinity_np',
      'lock',
      'locked',
    ],
    pattern: near(
      '\\bsched_set\\w|SCHED_(?:FIFO|RR)|setpriority|realtime (?:priority|scheduling)|ioprio_set|ionice|\\bmlock(?:all|2)?\\b|RLIMIT_MEMLOCK|pthread_setaffinity_np|(?:lock|locked) (?:the )?memory',
    ),
  },
  {
    id: 'trouble-numa',
    words: ['mbind', 'set_mempolicy', 'get_mempolicy', 'move_pages', 'NUMA', 'numactl', 'libnuma', 'numa'],
    pattern: near('mbind|[gs]et_mempolicy|move_pages|\\bNUMA\\b|numactl|libnuma|\\bnuma_\\w'),
  },
  {
    id: 'trouble-shared-memory',
    words: ['shm', 'shmget', 'shmat', 'semget', 'semop', 'semctl', 'msgget', 'semaphores', 'shared'],
    pattern:
      /(?:\b(?:shmget|shmat|semget|semop|semctl|msgget)\b|shared memory segment|create semaphores).{0,160}(?:No space|Invalid argument|not implemented|failed|[Cc]annot allocate|not permitted|too (?:big|large))|(?:\/dev\/shm|shared memory).{0,120}(?:[Nn]o space left|too small|insufficient|[Bb]us error|out of (?:space|memory))|insufficient shared memory/,
  },
];

const FILES: readonly Sign[] = [
  {
    id: 'trouble-xattr-link',
    words: ['Bad', 'bad', 'EBADF'],
    pattern:
      /(?:^|\s)(?:ls|stat|find|cp|mv|tar|rsync|getfattr|getcap|install|ln|du)(?:\[\d+\])?: .{0,200}(?:Bad file descriptor|EBADF)|(?:get|list)xattr.{0,160}(?:[Bb]ad file (?:descriptor|number)|EBADF)/,
  },
  {
    id: 'trouble-xattr',
    words: [
      'xattr',
      'xattrs',
      'attribute',
      'attributes',
      'setxattr',
      'lsetxattr',
      'fsetxattr',
      'getxattr',
      'lgetxattr',
      'listxattr',
      'llistxattr',
      'SetXattr',
      'SetXattrAt',
      'setXattr',
      'GetXattr',
      'ListXattr',
      'setcap',
      'capabilities',
      'cap_set_file',
      'setfattr',
      'security',
      'trusted',
      'selinux',
      'copy',
      'copyup',
    ],
    pattern: near(
      '\\b[lf]?(?:set|get|list|remove)xattr\\b|(?:Set|Get|List|Remove)Xattr(?:At)?|\\bxattrs?\\b|extended attributes?|\\bsetcap\\b|\\bsetfattr\\b|[Ff]ailed to set capabilities on|\\bcap_set_file\\b|\\b(?:security\\.(?:selinux|capability|ima|evm)|trusted\\.overlay)\\b|overlay copy[- ]?up|copy[- ]?up (?:of|from|failed)',
    ),
  },
  {
    id: 'trouble-fifo',
    words: ['mkfifo', 'mknod', 'mknodat', 'mkfifoat', 'fifo', 'FIFO', 'pipe', 'node', 'nodes'],
    pattern: near(
      '\\bmk(?:fifo|nod)(?:at)?\\b|(?:creat\\w{1,8}|mak\\w{1,8}) (?:a |the )?(?:named pipes?|fifos?|FIFOs?|device (?:nodes?|files?))',
    ),
  },
  {
    id: 'trouble-sysctl',
    words: ['sysctl', 'sysctls', 'proc', 'max_map_count'],
    pattern: new RegExp(
      `(?:\\bsysctls?\\b.{0,200}?(?:${REFUSED}|unknown key|is an unknown)|/proc/sys/(?<path>[\\w./-]{3,160}).{0,120}?(?:${REFUSED}|nonexistent|not exist|missing)|(?:${REFUSED}).{0,120}?/proc/sys/(?<path2>[\\w./-]{3,160})|max virtual memory areas vm\\.max_map_count)`,
    ),
  },
  {
    id: 'trouble-sysctl-written',
    words: ['proc', 'sysctl'],
    pattern:
      /(?:\b(?:echo|printf|cat)\b.{0,200}>{1,2} ?["']?\/proc\/sys\/(?<path>[\w./-]{3,160})|\btee (?:-a )?["']?\/proc\/sys\/(?<path2>[\w./-]{3,160})|\bsysctl (?:-\w+ ){0,3}-w\b ?["']?(?<path3>[\w./-]{3,160})|\bsysctl (?:-[a-z] )?["']?(?<path4>[\w./-]{3,160}) ?=)/,
  },
  {
    id: 'trouble-proc-file',
    words: ['proc', 'sys'],
    pattern:
      /(?<path>\/(?:proc\/(?!self\/exe\b|sys\/|self\/fd\b|\d+\/ns\/|self\/mountinfo)|sys\/(?!fs\/cgroup))[\w.:/*-]{2,160})["'`)\]]{0,2}[:,]? .{0,80}?(?:[Pp]ermission denied|EACCES|[Nn]o such file|ENOENT|[Rr]ead-only file system|EROFS|[Ii]nvalid argument|[Oo]peration not permitted|not found|does(?: not|n't) exist|missing|not readable)|(?:[Cc]an(?:no|')t|[Cc]ould not|[Uu]nable to|[Ff]ailed to|[Ee]rror) (?:open|read|stat|write|access|opendir|opening|reading|writing)(?: \w+){0,3} ["'`]?(?<path2>\/(?:proc\/(?!self\/exe\b|sys\/|self\/fd\b|\d+\/ns\/|self\/mountinfo)|sys\/(?!fs\/cgroup))[\w.:/*-]{2,160})/,
  },
  {
    id: 'trouble-device-file',
    words: ['dev'],
    pattern:
      /(?<path>\/dev\/(?:kmsg|(?<!\b(?:ls|stat): .{0,40}\/dev\/)kvm|mem|port|loop(?:-control|\d+)|mapper\/\S{1,64}|uinput|hugepages|rtc\d?|watchdog\d?|infiniband\/\S{1,64}|kfd|cpu\/\S{1,32}|sd[a-z]\d?|nvme\S{1,16}|vhost-\w{1,16}|vfio\/\S{1,32}|hidraw\d|console|ppp|cuse))\b.{0,120}(?:[Nn]o such (?:file|device)|not found|does(?: not|n't) exist|[Pp]ermission denied|not permitted|missing|[Cc]annot open)|(?:[Nn]o such (?:file|device)|[Cc]an(?:no|')t open|[Cc]ould not open|[Ff]ailed to open|[Uu]nable to open|[Mm]issing) .{0,60}(?<path2>\/dev\/(?:kmsg|kvm|mem|port|loop(?:-control|\d+)|mapper\/\S{1,64}|uinput|hugepages|rtc\d?|watchdog\d?|infiniband\/\S{1,64}|kfd|cpu\/\S{1,32}|sd[a-z]\d?|vhost-\w{1,16}|vfio\/\S{1,32}|hidraw\d|ppp|cuse))\b/,
  },
  {
    id: 'trouble-controlling-terminal',
    words: ['tty'],
    pattern: near('/dev/tty(?![\\w/])'),
  },
  {
    id: 'trouble-host-mount-later',
    words: ['propagation', 'HostToContainer', 'rshared', 'rslave', 'bind', 'mounted', 'mount', 'mounts'],
    pattern:
      /(?:mount(?:s|ed)?|bind)\b.{0,160}\bafter\b.{0,120}(?:start|running|creat|launch).{0,160}(?:not (?:visible|seen|appear|show|propagat)\w*|invisible|never (?:appears?|shows?|becomes?)|does(?: not|n't) (?:appear|show|propagate|become))|(?:mountPropagation|HostToContainer|rshared|rslave|mount propagation)\b.{0,160}(?:not (?:work|support|visible|propagat)\w*|does(?: not|n't)|ignored|invisible)/,
  },
  {
    id: 'trouble-address-in-use',
    words: ['use', 'EADDRINUSE'],
    // what an engine publishes is its own affair
    pattern:
      /^(?!.{0,1000}(?:external connectivity|userland proxy|port is already allocated|Bind for )).{0,1000}?(?:\bEADDRINUSE\b|[Aa]ddress already in use)/,
  },
  {
    id: 'trouble-io-error',
    words: ['Input', 'EIO', 'input', 'output'],
    pattern: /[Ii]nput\/output error|\bEIO\b/,
  },
  {
    id: 'trouble-entry-missing',
    words: ['exec', 'tini', 'dumb', 'exec_program'],
    pattern:
      /\[FATAL tini \(\d+\)\] exec (?<path>\S{1,400}) failed: (?<errno>.{3,60})|\[dumb-init\] (?<path2>\S{1,400}): (?<errno2>No such file or directory|Permission denied)/,
  },
  {
    id: 'trouble-times',
    words: ['chtimes', 'utimensat', 'utimes', 'utime', 'times', 'touch', 'timestamps'],
    pattern: near(
      '\\bchtimes\\b|\\butimensat\\b|\\butimes?\\b|(?:set|setting|change|preserve|preserving) (?:the )?(?:times|timestamps)|setting times of',
    ),
  },
  {
    id: 'trouble-go-module',
    words: ['undefined', 'cannot', 'arguments', 'invalid', 'imported'],
    pattern:
      /\.go:\d{1,6}(?::\d{1,4})?: (?:undefined: |cannot use |not enough arguments|too many arguments|invalid operation|unknown field|imported and not used)/,
  },
  {
    id: 'trouble-library-missing',
    words: ['libraries', 'library'],
    pattern:
      /error while loading shared libraries: (?<path>[^\s:]{1,200}): cannot open shared object file|Error loading shared library (?<path2>[^\s:]{1,200}): No such file/,
  },
  {
    id: 'trouble-no-space',
    words: ['space', 'ENOSPC', 'quota'],
    pattern:
      /[Nn]o space left on device(?!.{0,80}(?:inotify|watch))|\bENOSPC\b(?!.{0,80}(?:inotify|watch))|[Dd]isk quota exceeded/,
  },
  {
    id: 'trouble-kernel-module',
    words: ['modprobe', 'insmod', 'Module', 'module', 'lsmod'],
    pattern:
      /\b(?:modprobe|insmod)\b.{0,160}(?:FATAL|ERROR|not found|not permitted|can't|could not)|(?:kernel )?[Mm]odule \S{1,40} not found in directory \/lib\/modules/,
  },
  {
    id: 'trouble-native-aio',
    words: ['AIO', 'libaio', 'io_setup', 'aio'],
    pattern: near('\\b(?:Linux )?[Nn]ative AIO\\b|\\blibaio\\b|\\bio_setup\\b|\\bio_submit\\b'),
  },
  {
    id: 'trouble-watches',
    words: [
      'inotify',
      'inotify_add_watch',
      'inotify_init',
      'inotify_init1',
      'fsnotify',
      'watch',
      'watcher',
      'watchers',
      'watching',
      'Watchpack',
      'chokidar',
      'inotifywait',
      'reload',
    ],
    pattern: near(
      '(?<!fanotify.{0,80})\\binotify\\w{0,24}(?!.{0,80}fanotify)|\\bfsnotify\\b|file (?:system )?watch(?:er|ers|ing|es)?\\b|\\bchokidar\\b|\\bWatchpack\\b|(?:hot|live|auto)[- ]reload(?:ing)?',
      `(?:${REFUSED}|ENOSPC|limit|never|no events?|not (?:get|receiv|deliver|trigger|fir|notic|detect|see|work)\\w*|do(?:es)?(?: not|n't) (?:get|fire|notice|detect|see|trigger|receive)|miss(?:es|ing|ed))`,
    ),
  },
  {
    id: 'trouble-stale-files',
    words: ['stale', 'host', 'changes', 'outside'],
    pattern:
      /\bstale (?:file|data|content|cache|read|dentr)|\b(?:changes?|modif\w{1,12}|updates?|updated|new files?|written)\b.{0,100}(?:on|from|by|in) (?:the )?(?:host|outside|other container|volume).{0,120}(?:not (?:seen|visible|reflected|show\w*|propagat\w+|appear\w*|picked)|never|do(?:es)?(?: not|n't) (?:see|show|appear|propagate)|old (?:content|data|version))/i,
  },
  {
    id: 'trouble-copied-out',
    words: ['cp', 'commit', 'diff', 'export', 'find'],
    pattern:
      /(?:docker|podman|nerdctl|ctr)(?: container)? (?:cp|commit|diff|export)\b.{0,300}(?:missing|empty|not (?:found|there|visible|includ\w+|show\w*|in|contain\w*|appear\w*)|[Nn]o such|[Cc]ould not find|lost|does(?: not|n't)|nothing|cannot|can't|fail\w*)|[Cc]ould not find the file \S{1,400} in container/,
  },
  {
    id: 'trouble-file-call',
    words: [
      'fallocate',
      'posix_fallocate',
      'sync_file_range',
      'O_DIRECT',
      'O_TMPFILE',
      'copy_file_range',
      'splice',
      'vmsplice',
      'tee',
      'F_SETLEASE',
      'lease',
      'io_setup',
      'io_submit',
      'io_getevents',
      'libaio',
      'mmap',
      'flush',
      'fadvise',
      'posix_fadvise',
    ],
    pattern:
      /\b(?<call>(?:posix_)?fallocate(?:64)?|sync_file_range|O_DIRECT|O_TMPFILE|copy_file_range|vmsplice|splice|F_SETLEASE|io_(?:setup|submit|getevents)|libaio|mmap(?:64)?|(?:posix_)?fadvise(?:64)?|flush dirty data)\b.{0,200}?(?:not (?:implemented|supported)|[Ii]nvalid argument|ENOSYS|EOPNOTSUPP|ENOTSUP|EINVAL|[Nn]o such device|ENODEV|EAGAIN|temporarily unavailable)/,
  },
  {
    id: 'trouble-file-as-directory',
    words: ['directory', 'drw', 'dr'],
    pattern:
      /(?:reading|listing|opening) directory ['"`]?(?<path>\/[^'"`:\s]{1,400})['"`]?: Not a directory|\(0[0-7]{3}\/d(?:r-|rw|-w|--)-(?:r|-)(?:w|-)-(?:r|-)(?:w|-)-\)/,
  },
  {
    id: 'trouble-cross-device',
    words: ['cross', 'EXDEV', 'Cross'],
    pattern: /[Ii]nvalid cross-device link|[Cc]ross-device link|\bEXDEV\b/,
  },
  {
    id: 'trouble-owner',
    words: [
      'chown',
      'lchown',
      'fchown',
      'ownership',
      'owner',
      'setuid',
      'seteuid',
      'setgid',
      'setegid',
      'setgroups',
      'setresuid',
      'setresgid',
      'initgroups',
      'UIDs',
    ],
    pattern:
      /(?:\b[lf]?chown(?:at)?\b|[Cc]hang\w{1,4} (?:the )?(?:owner(?:ship)?)\b|\bset(?:e|re|res)?[ug]id\b|\bsetgroups\b|\binitgroups\b).{0,200}(?:not permitted|[Ii]nvalid argument|EPERM|EINVAL)|insufficient UIDs or GIDs/,
  },
];

const RIGHTS: readonly Sign[] = [
  {
    id: 'trouble-host-socket',
    words: [
      'display',
      'DISPLAY',
      'X',
      'daemon',
      'bus',
      'Wayland',
      'wayland',
      'PulseAudio',
      'pulse',
      'agent',
      'unix',
      'socket',
      'sock',
      'UNIX',
      'Unix',
      'UDS',
      'mysqld',
    ],
    pattern:
      /(?:[Cc]an(?:no|')t|[Uu]nable to|[Cc]ould not|[Ff]ailed to) (?:open|connect to|access)(?: the| any| X)* ?(?:display|X server|X11|Wayland)\b|Missing X server or \$DISPLAY|[Cc]annot connect to the Docker daemon at unix:\S{1,200}|dial unix (?<path>\S{1,200}?): connect: (?:connection refused|operation not permitted|permission denied|no such (?:file|device)\b)|(?:connect|Connection|open).{0,128}?(?<path2>\/[\w./-]{1,200}(?:\.sock(?:et)?|\.X11-unix\/X\d+|bus_socket|wayland-\d|pulse\/native|\.s\.PGSQL\.\d+)\b).{0,80}(?:[Cc]onnection refused|[Oo]peration not permitted|[Pp]ermission denied|No such device|ECONNREFUSED|EPERM|EACCES)|Could not open a connection to your authentication agent|pa_context_connect\(\) failed|(?:UNIX|Unix|unix)(?: domain)? sockets?\b.{0,120}(?:cannot be|can't be|not (?:be )?(?:mounted|connect\w*|work\w*|support\w*|allowed))/,
  },
  {
    id: 'trouble-socket-mounted',
    words: ['sock', 'X11', 'dbus', 'wayland', 'pulse', 'socket'],
    pattern:
      /(?:(?:-v|--volume|--mount|hostPath|[Ss]ource=|src=|bind|path:)[ =:"]{0,4}\S{0,100}?|mount submount "|failed to mount ")(?<path>\/[\w./-]{0,200}(?:\.X11-unix|\.sock(?:et)?|dbus\S{0,40}|wayland-\d|pulse\S{0,40}))\b/,
  },
  {
    id: 'trouble-raw-socket',
    words: [
      'ping',
      'raw',
      'RAW',
      'SOCK_RAW',
      'AF_PACKET',
      'tcpdump',
      'traceroute',
      'arping',
      'icmp',
      'ICMP',
      'pcap',
      'libpcap',
      'capture',
      'nmap',
      'mtr',
      'dhclient',
    ],
    pattern:
      /(?:\b(?:ping6?|arping|traceroute6?|mtr|tcpdump|nmap|hping3?|dhclient)\b.{0,80}(?:[Oo]peration not permitted|[Pp]ermission denied|EPERM|are you root|not supported)|(?:raw|packet|RAW|ICMP|icmp)\b.{0,24}sockets?.{0,120}(?:not permitted|denied|EPERM|not supported|root|CAP_NET_RAW)|SOCK_RAW.{0,80}(?:not permitted|EPERM|not supported|denied)|AF_PACKET.{0,120}(?:not permitted|EPERM|not supported|EAFNOSUPPORT)|permission to capture on that device|capabilities or setuid\? )/,
  },
  {
    id: 'trouble-setuid',
    words: ['sudo', 'su', 'suid', 'setuid', 'nosuid', 'privileges', 'pkexec', 'doas', 'newuidmap', 'newgidmap'],
    pattern:
      /effective uid is not 0|must be (?:run as |owned by |set)?(?:uid 0 |root )?(?:and have the )?(?:set-?)?suid\b|(?:must|should) be (?:setuid|suid)(?: root)?|installed setuid root|no new privileges.{0,40}flag|(?:sudo|su|pkexec|doas|newuidmap|newgidmap).{0,120}(?:nosuid|setuid bit|[Oo]peration not permitted|[Aa]uthentication failure|must be suid)/,
  },
  {
    id: 'trouble-low-port',
    words: ['bind', 'Bind', 'listen', 'binding', 'EACCES', 'socket'],
    pattern:
      /(?:bind|listen|socket)\w{0,16}\b.{0,160}?(?:\]?:|port |PORT )(?<port>[1-9]\d{0,2}|10[01]\d|102[0-3])\b.{0,60}?(?:[Pp]ermission denied|EACCES|\(13\b)|(?:[Pp]ermission denied|EACCES).{0,100}?(?:bind|listen).{0,68}?(?:\]?:|port )(?<port2>[1-9]\d{0,2}|10[01]\d|102[0-3])\b/,
  },
  {
    id: 'trouble-streams-owner',
    words: ['stdin', 'stdout', 'stderr'],
    pattern:
      /(?:can't|cannot|unable to|failed to) (?:change (?:an? |the )?owner of|chown) \S{0,40}(?<path>\/dev\/std(?:in|out|err)|std(?:in|out|err)).{0,200}not permitted|chown \/dev\/(?<path2>std(?:in|out|err)): operation not permitted/i,
  },
  {
    id: 'trouble-rootless',
    words: ['rootless', 'Rootless', 'podman', 'Podman', 'containers', 'user', 'unshare'],
    pattern:
      /--rootless\b|\brootless\b|\/\.local\/share\/containers\/|\/run\/user\/[1-9]\d{0,9}\/|\bpodman\b|buildah unshare|podman unshare/i,
  },
  {
    id: 'trouble-audit',
    words: ['audit', 'audit_log_acct_message', 'audit_log_user_message', 'NETLINK_AUDIT', 'Audit'],
    pattern:
      /audit_log_\w{1,40}\(\) failed|(?:open\w{0,8}|writ\w{1,8} to|initiali[sz]\w{1,8}|connect\w{0,8} to|access\w{0,8}) (?:the )?(?:linux )?[Aa]udit (?:interface|socket|system|subsystem|daemon|log)\b|NETLINK_AUDIT|PAM audit/,
  },
  {
    id: 'trouble-systemd',
    words: ['systemd', 'bus', 'Bus', 'D', 'Freezing', 'init', 'manager'],
    pattern:
      /not been booted with systemd|Failed to (?:connect to bus|get D-Bus connection|allocate manager object|create \S{0,80}init\.scope)|Freezing execution|systemd(?:\[1\])?: .{0,80}(?:[Ff]ailed to mount|Failed to (?:set up|allocate|create|initialize))/,
  },
  {
    id: 'trouble-seccomp-program',
    words: [
      'seccomp',
      'libseccomp',
      'PR_SET_SECCOMP',
      'SECCOMP_SET_MODE_FILTER',
      'SECCOMP_RET_USER_NOTIF',
      'NEW_LISTENER',
    ],
    pattern:
      /^(?!.*panic: seccomp failed).*(?:\bseccomp\b|libseccomp|PR_SET_SECCOMP|SECCOMP_\w|NEW_LISTENER).{0,176}(?:not supported|[Ii]nvalid argument|not implemented|ENOSYS|EINVAL|not permitted|(?:install|load|appl|init)\w{0,12} (?:the )?(?:seccomp )?filter.{0,40}fail|failed)/,
  },
  {
    id: 'trouble-clock',
    words: [
      'clock_settime',
      'settimeofday',
      'hwclock',
      'adjtimex',
      'date',
      'ntpd',
      'ntpdate',
      'chronyd',
      'CLOCK_REALTIME_ALARM',
      'CLOCK_BOOTTIME_ALARM',
      'timerfd_create',
    ],
    pattern: near(
      'clock_settime|settimeofday|\\bhwclock\\b|\\badjtimex\\b|cannot set date|\\b(?:ntpd|ntpdate|chronyd)\\b|CLOCK_(?:REALTIME|BOOTTIME)_ALARM',
      "(?:not permitted|EPERM|[Ii]nvalid argument|EINVAL|not supported|[Ff]ailed|[Cc]annot|[Cc]an't)",
    ),
  },
  {
    id: 'trouble-cgroup-inside',
    words: ['cgroup', 'cgroups', 'Cgroup', 'Devices', 'cgroupfs'],
    pattern:
      /cgroup\.controllers.{0,80}(?:=> false|[Nn]o such file|not (?:found|exist|there)|missing)|cgroup ?v2.{0,120}\bsees?\b.{0,60}\bv1\b|(?:only|still) (?:exposes|shows|sees|offers|provides|has).{0,40}cgroup.{0,12}v1|(?:cgroups?: )?cgroup mountpoint does not exist|[Dd]evices cgroup isn't mounted|(?:cannot|could not|unable to) find (?:the )?cgroup (?:mount|mountpoint|root)|no cgroup mount found|[Ff]ailed to mount cgroup at|cgroups? (?:is |are )?not mounted/,
  },
  {
    id: 'trouble-host-denied',
    words: ['apparmor', 'avc', 'AVC'],
    pattern:
      /(?<module>apparmor)="DENIED" operation="(?<operation>[\w-]{1,64})".{0,600}?comm="(?<comm>runsc[\w:.-]{0,32}|exe|gofer|containerd-shim\S{0,32})"|(?<module2>avc): +denied +\{ (?<operation2>[\w ]{1,80}) \}.{0,600}?comm="(?<comm2>runsc[\w:.-]{0,32}|exe|gofer|containerd-shim\S{0,32})"/,
  },
];

const NETWORK: readonly Sign[] = [
  {
    id: 'trouble-unreachable',
    words: ['unreachable', 'ENETUNREACH', 'EHOSTUNREACH', 'route'],
    pattern: /[Nn]etwork is unreachable|ENETUNREACH|[Nn]o route to host|EHOSTUNREACH/,
  },
  {
    id: 'trouble-connect-timeout',
    words: ['timed', 'ETIMEDOUT', 'connect'],
    pattern:
      /\bETIMEDOUT\b|[Cc]onnection timed out|[Ff]ailed to connect to \S{1,200} port \d{1,5}.{0,60}(?:timed out|Timeout)/,
  },
  {
    id: 'trouble-interfaces',
    words: [
      'RTNETLINK',
      'netlink',
      'Netlink',
      'tc',
      'qdisc',
      'wireguard',
      'WireGuard',
      'wg',
      'ipvs',
      'IPVS',
      'ipset',
      'conntrack',
      'bridge',
      'veth',
      'vlan',
      'macvlan',
      'ip',
    ],
    pattern:
      /RTNETLINK answers: [A-Z]|(?:[Cc]annot|[Cc]an't|[Cc]ould not|[Ff]ailed to) (?:open|bind|create|send|connect)\w{0,8} .{0,20}netlink|netlink.{0,80}(?:not supported|not permitted|receive: )|\b(?:tc|qdisc|wg(?:-quick)?|wireguard|ipvsadm|ipset|conntrack|ip link|veth|macvlan|vlan|bridge)\b.{0,160}(?:[Oo]peration not (?:supported|permitted)|[Pp]rotocol not supported|[Uu]nknown device type|not supported|Kernel error|kernel module)/i,
  },
  {
    id: 'trouble-port-forward',
    words: ['portforward', 'forwarding', 'forward', 'PortForward', 'portforwarding'],
    pattern:
      /(?:port-?forward\w*|PortForward|forwarding (?:local )?port|port forwarding).{0,400}(?:refused|fail\w*|error|unable|time(?:d )?out|lost connection|not work\w*|EOF|no such)|error forwarding port|[Ll]ost connection to pod/,
  },
];

const ACCELERATORS: readonly Sign[] = [
  {
    id: 'trouble-gpu-mapping',
    words: ['nvproxy', 'MapInternal'],
    pattern: /nvproxy: rejecting (?<what>[\w.()*]{3,80})|rejecting (?<what2>\w{0,40}Memmap\w{0,40}\.MapInternal)/,
  },
  {
    id: 'trouble-gpu-memory',
    words: [
      'CUDA',
      'cuda',
      'cudaErrorMemoryAllocation',
      'CUDA_ERROR_OUT_OF_MEMORY',
      'NVML_SUCCESS',
      'CUDACachingAllocator',
      'OutOfMemoryError',
      'cudaMalloc',
    ],
    pattern:
      /CUDA out of memory|CUDA error: out of memory|cudaErrorMemoryAllocation|CUDA_ERROR_OUT_OF_MEMORY|cuda.{0,56}out of memory|NVML_SUCCESS ?== ?\w+|torch\.(?:cuda\.)?OutOfMemoryError|CUDACachingAllocator.{0,40}(?:ASSERT|assert)/,
  },
  {
    id: 'trouble-gpu-graphics',
    words: [
      'Vulkan',
      'vulkan',
      'vkCreateInstance',
      'vulkaninfo',
      'EGL',
      'eglInitialize',
      'GLX',
      'OpenGL',
      'libGL',
      'NVENC',
      'NVDEC',
      'nvenc',
      'nvdec',
      'cuvid',
      'OptiX',
      'VK_ERROR_INCOMPATIBLE_DRIVER',
      'VK_ERROR_INITIALIZATION_FAILED',
    ],
    pattern: near(
      '[Vv]ulkan(?:info)?|vkCreateInstance|\\bVK_ERROR_\\w|\\bEGL\\b|eglInitialize|\\bGLX\\b|OpenGL|libGL|NVENC|NVDEC|nvenc|nvdec|cuvid|OptiX',
    ),
  },
  {
    id: 'trouble-gpu-network',
    words: [
      'GPUDirect',
      'RDMA',
      'rdma',
      'ibv_open_device',
      'ibv_get_device_list',
      'InfiniBand',
      'infiniband',
      'gdrcopy',
      'nvidia_peermem',
      'NCCL',
      'ibverbs',
      'libibverbs',
    ],
    pattern: near(
      'GPUDirect|\\b[Rr][Dd][Mm][Aa]\\b|\\bibv_\\w|[Ii]nfini[Bb]and|gdrcopy|nvidia_peermem|NCCL (?:WARN|error|ERROR)|libibverbs',
      `(?:${REFUSED}|WARN|error|no devices? found|No such)`,
    ),
  },
  {
    id: 'trouble-gpu-driver',
    words: ['nvidia', 'NVIDIA', 'nvproxy', 'driver', 'cli', 'NVML', 'smi', 'cuda', 'libcuda'],
    pattern:
      /nvidia-container-cli: .{0,200}|nvidia-smi has failed|[Dd]river\/library version mismatch|(?:unsupported|unknown) (?:nvidia |NVIDIA )?driver version|driver version .{0,60}(?:is )?not supported|CUDA driver version is insufficient|Found no NVIDIA driver|torch\.cuda\.is_available\(\).{0,20}\b(?:False|false)\b|libcuda\.so\S{0,16}.{0,60}(?:not found|cannot open|missing)|(?:missing|no) .{0,60}libcuda\b|[Cc]ouldn't communicate with the NVIDIA driver|NVIDIA driver.{0,60}not (?:loaded|found|installed)|[Ff]ailed to initialize NVML(?!: GPU access blocked)/,
  },
  {
    id: 'trouble-accelerator-busy',
    words: ['vfio', 'TPU', 'tpu', 'accel', 'iommu'],
    pattern:
      /(?:\/dev\/(?:vfio|accel)\S{0,32}|\bTPU\b|\biommu\b|\btpu\b).{0,200}(?:[Rr]esource busy|EBUSY|already in use|in use by)/,
  },
];

const RUNNING: readonly Sign[] = [
  {
    id: 'trouble-debugger',
    words: ['strace', 'gdb', 'ptrace', 'PTRACE_SEIZE', 'PTRACE_ATTACH', 'attach', 'ptrace_scope', 'delve', 'dlv', 'py'],
    pattern:
      /\b(?:strace|gdb|ptrace|dlv|delve|py-spy|jstack)\b.{0,120}(?:not permitted|not supported|not implemented|[Ii]nvalid argument|[Ff]ailed to attach|[Pp]ermission [Dd]enied)|[Cc]ould not attach to process|PTRACE_\w.{0,132}(?:not permitted|EPERM|EIO|[Ii]nvalid argument)/,
  },
  {
    id: 'trouble-file-lock',
    words: ['flock', 'fcntl', 'lockf', 'locked', 'ENOLCK', 'locks', 'lock', 'F_OFD_SETLK', 'F_SETLK'],
    pattern:
      /\b(?:flock|lockf|fcntl|F_(?:OFD_)?SETLKW?)\b.{0,160}(?:[Bb]ad file descriptor|not supported|[Ii]nvalid argument|temporarily unavailable|ENOLCK|failed|EBADF)|database is locked|[Nn]o locks available|\bENOLCK\b|(?:unable to|can't|cannot|could not) (?:acquire|obtain|get|take|create) (?:the |a |an )?(?:\w+ )?lock(?: ?file)?\b/,
  },
  {
    id: 'trouble-foreign-binary',
    words: ['exec', 'Exec', 'execute', 'ENOEXEC'],
    pattern: /[Ee]xec format error|cannot execute binary file|\bENOEXEC\b/,
  },
  {
    id: 'trouble-read-only',
    words: ['Read', 'read', 'EROFS'],
    pattern: /[Rr]ead-only file ?system|\bEROFS\b/,
  },
  {
    id: 'trouble-slow',
    words: ['slow', 'slower', 'slowly', 'slowdown', 'performance', 'takes', 'latency', 'throughput', 'times'],
    pattern:
      /^(?=.{0,1000}?\b(?:runsc|gvisor)\b).{0,1000}?\b(?:slow(?:er|ly|down|s)?|(?:poor|bad|low|worse) (?:performance|throughput|latency)|performance (?:issue|problem|regression|drop|degradation)|takes? (?:\w+ ){0,4}(?:minutes|seconds|longer|times)|\d+ ?(?:x|times) (?:slower|longer|more))\b/i,
  },
  {
    id: 'trouble-hang',
    words: [
      'hang',
      'hangs',
      'hanging',
      'hung',
      'stuck',
      'freezes',
      'frozen',
      'stalls',
      'stalled',
      'blocks',
      'never',
      'deadlock',
    ],
    pattern:
      /^(?=.{0,1000}?\b(?:runsc|gvisor|sandbox|container)\b).{0,1000}?\b(?:hangs?|hanging|hung|(?:gets?|is|are|stays?|becomes?) (?:stuck|frozen|blocked)|freezes|stalls|stalled|deadlocks?|never (?:returns?|exits?|finish(?:es)?|starts?|completes?|responds?))\b/i,
  },
];

export const TROUBLE_SIGNS: readonly Sign[] = [...LIMITS, ...FILES, ...RIGHTS, ...NETWORK, ...ACCELERATORS, ...RUNNING];
