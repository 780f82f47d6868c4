/**
 * What the words of a program, a tool or a person mean in gVisor, by the id of their sign (grammars/troubles.ts). Sources: gvisor.dev
 * (FAQ, compatibility, networking, filesystem, rootless, GPU), pkg/sentry, runsc/fsgofer.
 */
import type { Verdict } from '../model/report.js';

export type Trouble = {
  readonly title: string;
  /** Goes on behind `{words} is said`: the mechanism. */
  readonly cause: string;
  readonly remedy: readonly string[];
  /** Where the words prove the mechanism, and not only that something was refused. */
  readonly confidence?: 'likely';
  readonly severity?: 'high' | 'low';
  readonly leads?: Verdict;
  /** A person's words about how it runs are no proof of anything: only a hint. */
  readonly tier?: 'hint';
  readonly collect?: readonly string[];
  /** Counts only where one of these signs stands in the same input, too. */
  readonly beside?: readonly string[];
  /** The same in a trace: a call that was refused. */
  readonly calls?: readonly { readonly name: RegExp; readonly args?: RegExp; readonly errnos: string }[];
  /** Signs that make it likely, and are quoted with it. */
  readonly backed?: readonly string[];
};

const UPDATE =
  'Update runsc: each release supports more of Linux; report it with a small program if the newest one does not.';
const TRACE = 'Run it with --debug --strace: the failing call, its arguments and its errno stand in the boot log.';
const OTHER = 'If the program cannot do without, run this container with another runtime.';

export const TROUBLES: Readonly<Record<string, Trouble>> = {
  'trouble-descriptor-table': {
    title: 'The limit of open files is so large that a table for all descriptors does not fit into memory',
    cause:
      'Some programs (Java, older shells, daemons that close all descriptors) make a table, or a loop, over as many file descriptors as RLIMIT_NOFILE allows. The container got a huge or unlimited limit from its engine (nofile of 1,000,000,000), the memory for that table is refused, and the program aborts; the signals that end its threads only follow.',
    confidence: 'likely',
    remedy: [
      'Give the container a sane limit: docker run --ulimit nofile=65536:65536, default-ulimits in daemon.json, LimitNOFILE= in the unit of containerd or docker, RLIMIT_NOFILE in process.rlimits of config.json.',
      'ulimit -n inside the container shows the limit that the program sees.',
    ],
  },
  'trouble-open-files': {
    title: 'A limit of open files is reached',
    cause:
      'The limit of file descriptors (RLIMIT_NOFILE of the program, or that of runsc, since sentry and gofer hold descriptors of the host for files of the container) is reached.',
    remedy: [
      'Raise it for the container (docker run --ulimit nofile=..., process.rlimits) and for who starts runsc (LimitNOFILE= of the unit of containerd or docker, fs.file-max of the host).',
      'Look whether the program leaks descriptors: ls /proc/PID/fd inside.',
    ],
  },
  'trouble-threads': {
    title: 'The sandbox cannot get more threads or processes',
    cause:
      'A thread or process was refused. Each thread in the sandbox needs threads of the host (stubs of systrap or ptrace, goroutines of the sentry), so that the pids limit of the cgroup, ulimit -u or kernel.threads-max is reached sooner than under runc; lack of memory for the stack is the other reason.',
    remedy: [
      'Raise the pids limit (docker run --pids-limit, podPidsLimit of the kubelet, TasksMax= of the unit) and ulimit -u; cat pids.current pids.max in the cgroup of the sandbox shows how near it is.',
      'Let the program use fewer threads (worker pools follow the number of processors that it sees), or raise the memory limit.',
    ],
  },
  'trouble-bad-address': {
    calls: [{ name: /^/, errnos: 'EFAULT' }],
    title: 'A system call failed with EFAULT (Bad address): the sentry could not use the memory of the program',
    cause:
      'EFAULT means that the sentry could not read or write the buffer that the program gave to a system call. If the address is a good one, the memory behind it could not be had: under a memory limit (docker run --memory, the limit of a pod) the host refuses the sentry the pages for a large buffer, and gVisor answers EFAULT where Linux would call the OOM killer; memory of a device (GPU) or of a file that was cut short gives the same.',
    remedy: [
      'Raise the memory limit of the container, or let the program use smaller buffers: if the error goes away, the limit it was.',
      UPDATE,
      TRACE,
    ],
  },
  'trouble-huge-pages': {
    title: 'gVisor has no huge pages that a program could reserve',
    cause:
      'The program asks for huge pages (hugetlbfs, MAP_HUGETLB, SHM_HUGETLB), which the sentry does not offer: it manages memory of its own and leaves transparent huge pages to the host.',
    remedy: [
      'Switch huge pages off in the program (huge_pages=off of PostgreSQL, no -XX:+UseLargePages of Java, large-pages=0 of MySQL), and take the limit hugepages-2Mi out of the pod.',
      OTHER,
    ],
  },
  'trouble-priority': {
    calls: [
      { name: /^(?:sched_setscheduler|sched_setattr|sched_setparam|ioprio_set)$/, errnos: 'EPERM ENOSYS EINVAL' },
    ],
    title: 'Scheduling, affinity or locked memory is not given to the program',
    cause:
      'The program wants to set a scheduling policy, priority or affinity, or to lock memory. The sentry has a scheduler of its own: realtime policies (SCHED_FIFO, SCHED_RR) are not supported or have no effect, others need the capability SYS_NICE or IPC_LOCK and RLIMIT_MEMLOCK.',
    remedy: [
      'Switch it off in the program (a lower priority is mostly only a wish); or give SYS_NICE or IPC_LOCK and --ulimit memlock=-1 to the container.',
      'Set processors and priority of the whole sandbox from outside (docker run --cpuset-cpus, --cpu-shares).',
      OTHER,
    ],
  },
  'trouble-numa': {
    calls: [{ name: /^(?:mbind|[gs]et_mempolicy|move_pages|migrate_pages)$/, errnos: 'ENOSYS EPERM EINVAL' }],
    title: 'gVisor does not place memory on NUMA nodes',
    cause:
      'The program asks for the placement of memory on NUMA nodes (mbind, set_mempolicy, move_pages). The sandbox shows one node; these calls are not supported or do nothing.',
    remedy: [
      'Switch NUMA support of the program off.',
      'Bind the whole sandbox from outside: docker run --cpuset-mems.',
      UPDATE,
    ],
  },
  'trouble-shared-memory': {
    title: 'Shared memory or semaphores of the sandbox are refused or too small',
    cause:
      'System V shared memory and semaphores are the sentry\'s own, with its limits; sysctls of the host or of the engine (kernel.shmmax, kernel.sem) do not reach it. /dev/shm is a tmpfs of 64 MB where the engine mounts it, and its files count as memory of the container; a full one shows as "No space left on device" or a bus error.',
    remedy: [
      'Make /dev/shm larger: docker run --shm-size=1g, in a pod an emptyDir with medium Memory at /dev/shm; and raise the memory limit with it.',
      'Let the program use POSIX shared memory or mmap instead of System V (dynamic_shared_memory_type and shared_memory_type of PostgreSQL).',
      UPDATE,
    ],
  },
  'trouble-xattr-link': {
    calls: [{ name: /xattr$/, errnos: 'EBADF' }],
    title: 'An extended attribute of a symbolic link is asked for, and gVisor answers EBADF (Bad file descriptor)',
    cause:
      'Tools that show or copy files (ls -l, cp -a, rsync) ask each file for its extended attributes (lgetxattr, llistxattr: security labels, access lists), also symbolic links. Some releases of gVisor answer EBADF for a symbolic link or a descriptor that was opened with O_PATH, where Linux says that there is none; the tool prints "Bad file descriptor" and goes on. The file itself is in order, the message is mostly cosmetic.',
    remedy: [
      'Ignore it where the output behind it is right; update runsc: this is a defect of some releases that newer ones do not have.',
      'Where a program stops over it, switch off its copying of attributes (cp without -a or --preserve=xattr, rsync without -X, tar --no-xattrs), and report it with a trace (--strace).',
    ],
    leads: 'degraded',
  },
  'trouble-xattr': {
    calls: [
      { name: /^[lf]?(?:set|list|remove)xattr$/, errnos: 'EOPNOTSUPP ENOTSUP EPERM EINVAL ENOSYS' },
      { name: /^[lf]?getxattr$/, errnos: 'EPERM EINVAL ENOSYS' },
    ],
    title: 'Extended attributes (xattr) are not supported as on Linux',
    cause:
      'A file was to get or to show an extended attribute (security.selinux labels, security.capability of setcap, trusted.* or user.*). In gVisor which attributes a file takes depends on the file system: the memory upper layer of an overlay and tmpfs take few, files of the host go through the gofer, which passes on only some. An overlay that copies a file or directory up from the lower layer copies its attributes as well (copy-up), and fails as a whole where one is refused, security.selinux on hosts with SELinux above all.',
    remedy: [
      'Update runsc, or try an older release if it came with an update: the passing on of attributes changed several times, and a copy-up that fails over them is a defect.',
      'Do without: --overlay2=none (writes go to the root itself), a host directory without SELinux labels, tar --no-xattrs, cp without -a, no setcap in the image at run time.',
      TRACE,
    ],
  },
  'trouble-fifo': {
    calls: [{ name: /^mknod(?:at)?$/, errnos: 'EPERM ENOSYS EINVAL EOPNOTSUPP ENOTSUP' }],
    title: 'A named pipe (FIFO) or device node could not be created on this mount',
    cause:
      'mkfifo or mknod was refused. A directory that comes from the host (a volume or bind mount: a gofer mount, 9p in older releases) is served by the gofer, which for long did not support mknod at all and creates no device nodes; the tmpfs and overlay of the sentry do support named pipes. Device nodes need the capability MKNOD besides, and only devices that gVisor implements can be opened.',
    remedy: [
      'Put named pipes on a tmpfs of the sandbox (docker run --tmpfs /tmp, an emptyDir with medium Memory), not on a volume or bind mount.',
      'Update runsc: newer releases create named pipes on gofer mounts, too, and have --host-fifo=open for those of the host.',
      'Leave device nodes out (tar --exclude=./dev); the sentry makes its own /dev.',
    ],
    confidence: 'likely',
  },
  'trouble-sysctl': {
    title: 'A kernel setting below /proc/sys is not there or cannot be written in gVisor',
    cause:
      'The sandbox has a kernel of its own (the sentry), which shows only a part of /proc/sys, mostly read-only; settings of the host (sysctl -w there) and the sysctls of an engine or pod have no effect inside. Files that do not exist (no such file), or are not writable, make programs fail that insist on them; with set -e a whole start script.',
    remedy: [
      'Let the program or script go without the setting (skip the write if the file is missing: [ -w FILE ] || true), or switch its check off (discovery.type=single-node of Elasticsearch).',
      'Take sysctls out of the spec, docker run --sysctl and securityContext.sysctls where runsc does not support them.',
      UPDATE,
      OTHER,
    ],
    confidence: 'likely',
  },
  'trouble-sysctl-written': {
    title: 'A script writes to /proc/sys/{path|...}, which gVisor does not have or does not let be written',
    cause:
      'The container ends with an error, and its command writes a kernel setting below /proc/sys. The sandbox has a kernel of its own (the sentry), which shows only a part of /proc/sys, and most of it read-only: the file does not exist ("no such file", "nonexistent directory") or refuses the write, and with set -e or && the script ends there.',
    remedy: [
      'Skip the write where the file is missing or read-only: [ -w FILE ] && echo ... > FILE || true; or leave the sysctl out for this runtime (nothing outside of the sandbox is reached by it).',
      UPDATE,
      OTHER,
    ],
    beside: ['failed-exit', 'alarm', 'exit-code'],
  },
  'trouble-file-as-directory': {
    title: '{path|A file} is a file that the sandbox shows as a directory',
    cause:
      'One call takes {path|it} for a directory, and the next one answers that it is none; a directory that nobody may enter (mode 0644) shows the same. A single file that is mounted into the container (resolv.conf, hosts and hostname of the engine, files of secrets and ConfigMaps) got a directory as its place in the upper layer of the overlay, or a mount point of the wrong kind: a defect of releases in which the overlay (--overlay) and the newer layer of file systems (--vfs2) were young (2020 and 2021).',
    remedy: [
      'Update runsc; the newer layer of file systems is the only one since 2022, and mounts of single files have been mended.',
      'Until then start runsc without --overlay (or without --vfs2), or mount the directory that holds the file.',
      'If a newest release does it, report it with the mount and the flags of runsc.',
    ],
  },
  'trouble-proc-file': {
    title: 'gVisor does not have {path|this file of /proc or /sys} as Linux does',
    cause:
      'The sentry writes /proc and /sys itself, with the entries that programs need most. {path|The entry} is missing, read-only or closed to this user there, and a program that insists on it gives up.',
    remedy: [
      'Let the program go without the entry: it is mostly statistics or a setting of the host kernel, which has no effect inside the sandbox.',
      UPDATE,
      OTHER,
    ],
  },
  'trouble-device-file': {
    title: 'The device file {path|that the program wants} is not in the sandbox',
    cause:
      'The sentry makes /dev itself, with the devices that it implements (null, zero, full, random, urandom, tty, ptmx, shm, fuse and net/tun; GPUs with --nvproxy, TPUs with --tpuproxy). {path|Another device} is not supported, or was not given to the container: a device of the host that is mounted in cannot be used.',
    remedy: [
      'Let the program go without it, or serve the device by a process outside of the sandbox.',
      'For /dev/fuse and /dev/net/tun give the device to the container (--device) and the capability that goes with it.',
      OTHER,
    ],
  },
  'trouble-watches': {
    title: 'File watches (inotify) do not work as on Linux',
    cause:
      "gVisor implements inotify for what happens inside the sandbox. Changes that the host or another container makes to a mounted directory come by the gofer and raise no event, and limits of watches are the sentry's own, not those of sysctl fs.inotify on the host; older releases lack some events.",
    remedy: [
      'Let the program poll instead (CHOKIDAR_USEPOLLING=1, WATCHPACK_POLLING=true, tail ---disable-inotify, --poll), or make the changes inside the container.',
      'Update runsc; for changes from outside --file-access=shared or --file-access-mounts=shared at least shows the new content.',
    ],
  },
  'trouble-controlling-terminal': {
    title: 'The program finds no controlling terminal: /dev/tty cannot be opened',
    cause:
      '/dev/tty stands for the terminal that controls the session of the program. Opening it fails where the container has no terminal (no -t, no tty: true), where the program was started in another session (setsid, background), and in releases of gVisor that do not have the device, or do not make the terminal of the container the controlling one of its first process.',
    remedy: [
      'Start the container with a terminal (docker run -it, kubectl run -it, tty: true and stdin: true in the pod).',
      'Update runsc: support of /dev/tty and of controlling terminals came step by step, the last part after 2024.',
      'Try it through a shell, which sets up the terminal itself (sh -c PROGRAM, script -qc PROGRAM /dev/null), or without a terminal user interface (--batch, -nw and the like).',
    ],
  },
  'trouble-connect-timeout': {
    title: 'A connection of the program is not answered',
    cause:
      'Nobody answers the connection: packets get lost on the way. Where other hosts are reached from the same sandbox, it is the far side or a firewall between; where none is, packets do not leave the sandbox or their answers do not come back (network policy of the cluster, NAT of the host, an interface whose offloads or MTU do not fit, a proxy that has to be used).',
    remedy: [
      'Compare with a container of another runtime in the same network, and with --network=host of runsc; proxy variables (HTTPS_PROXY) reach the program?',
      'tcpdump on the veth of the container on the host: do packets leave, do answers come? --gso=false and a smaller MTU rule offloads out.',
      UPDATE,
    ],
  },
  'trouble-times': {
    title: 'The times of a file could not be set',
    cause:
      'A program sets access and modification times (utimensat, chtimes, touch, tar and rsync that preserve them) and is refused: "invalid argument" for a time out of range (a zero time of Go, which is in the year 1, a negative one, more than 999,999,999 nanoseconds), "operation not permitted" where the user owns neither file nor capability (FOWNER) or a mount of the host keeps root out. gVisor is stricter than some file systems of Linux there.',
    remedy: [
      'Update the program: tools that unpack images had to learn not to hand over the zero time; rsync --omit-dir-times, tar -m and the like leave the times out.',
      TRACE,
      UPDATE,
    ],
  },
  'trouble-go-module': {
    title: 'A Go program does not compile against the gVisor module that it was given',
    cause:
      'The compiler, not a container, says so: packages of gVisor as a Go library (netstack: gvisor.dev/gvisor/pkg/tcpip) promise no stable interface, and the version in go.mod is not the one that the program or a module of it (tailscale, a VPN, a proxy) was written for; go get -u raises it on the way.',
    beside: ['gvisor-module'],
    remedy: [
      'Pin the version that the other module names in its own go.mod (go mod graph | grep gvisor): go get gvisor.dev/gvisor@VERSION, or a replace line.',
      'Update the module that uses it to a release that is written for the newer gVisor. No runsc is concerned.',
    ],
  },
  'trouble-address-in-use': {
    title: 'The port that the program wants to listen on is taken',
    cause:
      'Another process of the same network has the address: one that the program or its entry point started before (a second copy, a supervisor that starts again too soon), another container of the pod, or, with --network=host, a service of the host. A socket file or an address in TIME_WAIT gives the same answer.',
    remedy: [
      'ss -ltnp inside of the container (with --network=host, and in a pod: of the host or of all its containers) shows who listens.',
      'End that one, or give the program another port; SO_REUSEADDR helps after a restart; remove a stale socket file.',
    ],
  },
  'trouble-io-error': {
    title: 'A file of the program cannot be read or written: input/output error',
    cause:
      'EIO comes from below the program: the disk or network file system of the host that holds the file, or the gofer, which serves the files of the host and may have ended or lost its descriptor of the file. Older releases of gVisor also answered EIO to requests that they did not implement on a mount (fsync and locks on some).',
    remedy: [
      'dmesg on the host for errors of the disk or of NFS; the gofer log (runsc.log.*.gofer.txt) to its end.',
      'Try the same file on a plain volume (ext4, xfs) and with --directfs=false; update runsc.',
      TRACE,
    ],
  },
  'trouble-entry-missing': {
    title: 'The program that the entry point is to start cannot be executed: {path}',
    cause:
      'The init of the container (tini, dumb-init) runs, and the program that it is given is not there, or its interpreter or dynamic loader is not (the message is the same), or it is not executable: in the image, in a volume that hides the directory, or built for another libc.',
    confidence: 'likely',
    remedy: [
      'ls -l and file of {path} in the image, head -1 of a script (#! line, line ends of Windows), ldd of a binary.',
      'docker run --entrypoint sh IMAGE -c "ls -l {path}" with runc and with runsc: the same answer means that it is the image.',
    ],
  },
  'trouble-library-missing': {
    title: 'A shared library of the program is missing in the container: {path|see its words}',
    cause:
      'The dynamic loader of the container did not find a library that the program needs. It looks in the file system of the container only (and in LD_LIBRARY_PATH), never on the host: the image lacks the package, the program was built for another distribution (glibc or musl), or a volume hides the directory. Libraries that hooks of the host put in (GPU drivers) are missing where the hook did not run.',
    confidence: 'likely',
    remedy: [
      'ldd PROGRAM in the image shows what is missing; install its package in the image, or build the program there (or statically).',
      'If the same image works with runc, compare the mounts and hooks of both (runsc and runc spec, docker inspect): something puts the library in there.',
    ],
  },
  'trouble-no-space': {
    title: 'No space is left where the program writes',
    cause:
      'The file system answers "no space left on device" (or that a quota is used up). What a container writes to its root goes to an overlay of runsc (--overlay2: a file in the directory of the root file system, or memory), and tmpfs lies in the memory of the sandbox: the disk below the container, the limit of a tmpfs (size=), or an emptyDir with a limit is full, also where df inside shows other numbers. The kernel gives the same answer where no disk is concerned: a limit of namespaces (user.max_user_namespaces = 0 switches user namespaces off), of file watches, or of a device is reached.',
    remedy: [
      'df -h and df -i on the host for the directory of the containers (/var/lib/docker, /var/lib/containerd, /run), and inside for the path of the error.',
      'Give the program a volume with room; raise size= of the tmpfs or --shm-size; --overlay2=none or root:dir=/PATH puts the overlay elsewhere.',
      'With space left: sysctl user (limits of namespaces), fs.inotify, and df -i for inodes.',
    ],
  },
  'trouble-kernel-module': {
    title: 'The program wants a module of the kernel, and gVisor is no Linux kernel',
    cause:
      'There is no Linux kernel in the sandbox into which a module could be loaded, and /lib/modules of the version that uname shows (4.4.0) is not there. The message is mostly that of a script which goes on without it; where the program needs what the module brings (iptables, a file system, a device), that fails next.',
    remedy: [
      'Ignore it if the program goes on; leave modprobe out of the script otherwise.',
      'Load the module on the host if the program talks to the host; for iptables in the sandbox see --net-raw and iptables-legacy.',
    ],
  },
  'trouble-native-aio': {
    title: "Linux's asynchronous I/O (libaio) is not usable as the program wants it",
    cause:
      'gVisor implements io_setup and io_submit in part: files are read and written in order, without the direct I/O that databases use them for, and limits (fs.aio-max-nr) are its own. A database that tests for it says that native AIO is not supported and falls back or stops.',
    remedy: [
      'Switch it off in the program (innodb_use_native_aio=0 of MySQL and MariaDB, aio threads of nginx, posix AIO of others).',
      UPDATE,
    ],
  },
  'trouble-host-mount-later': {
    title: 'Mounts that the host makes after the start do not appear in the sandbox',
    cause:
      'The gofer opens the root of each mount of the spec once, at the start, and the sandbox goes on from that descriptor: what the host mounts on or below that place later is not followed. Mount propagation (rshared, rslave, HostToContainer) is not offered by gVisor.',
    remedy: [
      'Let the mount be there before the container starts, or start the container again.',
      'Copy or write the content into the directory instead of mounting over it: files that change below a shared mount are seen (--file-access-mounts=shared, the default).',
      OTHER,
    ],
  },
  'trouble-accelerator-busy': {
    title: 'The accelerator is still held: its device is opened by another process, or by the sandbox itself',
    cause:
      'A TPU or VFIO device can be opened by one process at a time. In the sandbox the device of the host is opened by the sentry for the program (--tpuproxy); releases that keep that descriptor after the program has ended make every later one fail with "Device or resource busy" until the sandbox is gone. Another container, or a process of the host, that has the device open gives the same answer.',
    remedy: [
      'See who holds it on the host: fuser -v /dev/vfio/* /dev/accel* (a runsc-sandbox process is the sandbox itself).',
      'Update runsc: newer releases give the device back when the last descriptor in the sandbox is closed; report it if the newest does not.',
      'Until then start a new container for each run, or keep one process alive that uses the device.',
    ],
  },
  'trouble-stale-files': {
    title: 'Changes of files from outside are not seen in the sandbox',
    cause:
      'The root file system is taken to belong to the sandbox alone (--file-access=exclusive): the sentry caches names, sizes and content, and the overlay (--overlay2=root:self) hides what the host changes below it. Other mounts are shared by default and are looked up again.',
    remedy: [
      'Put shared files on a volume or bind mount and use --file-access-mounts=shared (the default); for the root itself --file-access=shared and --overlay2=none.',
      UPDATE,
    ],
    leads: 'degraded',
  },
  'trouble-copied-out': {
    title: 'Files that the container wrote are not in its root file system on the host',
    cause:
      'runsc puts an overlay over the root (--overlay2=root:self, the default since 2023): what programs write stays inside the sandbox (a filestore file), so that docker cp, commit, diff and export, which look at the root file system on the host, do not find it; and a file that docker cp puts there may not be seen inside.',
    remedy: [
      'Copy through the container: docker exec CONTAINER cat FILE, tar over stdin and stdout (kubectl cp does so), or a volume.',
      'Or switch the overlay off for such containers: --overlay2=none, with --file-access=shared for files that come from outside.',
      'For images build with another runtime; runsc tar rootfs-upper writes out the upper layer in new releases.',
    ],
    confidence: 'likely',
    leads: 'degraded',
  },
  'trouble-file-call': {
    calls: [
      {
        name: /^(?:fallocate|sync_file_range|copy_file_range|v?msplice|splice|tee|fadvise64|io_(?:setup|submit|getevents))$/,
        errnos: 'ENOSYS EOPNOTSUPP ENOTSUP EINVAL',
      },
      { name: /^mmap$/, errnos: 'ENODEV' },
      { name: /^open(?:at)?$/, args: /O_TMPFILE|O_DIRECT/, errnos: 'EOPNOTSUPP ENOTSUP EINVAL' },
    ],
    title: 'gVisor does not support {call|this file operation} here',
    cause:
      'The program uses {call|a file operation} which the sentry does not implement, or not for this file system: direct and asynchronous I/O, preallocation, sync_file_range, O_TMPFILE, splice between some files, and memory mappings of special files (pipes, sockets, files of /proc and /sys, some files of a gofer or FUSE mount give ENODEV) depend on tmpfs, overlay or gofer mount.',
    remedy: [
      'Switch it off in the program (direct I/O, fallocate, native AIO and flush hints have switches: innodb_use_native_aio=0, backend_flush_after=0 and the like).',
      'Try another place for the file: a tmpfs, a volume (gofer mount), or the overlay; and --overlay2=none or --directfs=false for comparison.',
      UPDATE,
      TRACE,
    ],
  },
  'trouble-cross-device': {
    calls: [{ name: /^(?:rename|link)/, errnos: 'EXDEV' }],
    title: 'A rename or link goes from one mount to another (EXDEV)',
    cause:
      'A rename or hard link between two mounts gives EXDEV (Invalid cross-device link), on Linux as well. In gVisor an overlay lies over the root and each volume is a mount of its own, also where both are one file system of the host; and the overlay refuses to rename a directory of the image layer.',
    remedy: [
      'Let the program copy instead, or keep both paths on one mount.',
      'For directories of the image --overlay2=none, or a directory on a volume or tmpfs.',
    ],
  },
  'trouble-owner': {
    title: 'A change of owner or user is refused',
    cause:
      'chown, setuid, setgid or setgroups was refused. The container lacks the capability (CHOWN, SETUID, SETGID), or the user id has no mapping: a rootless sandbox, or one in a user namespace, knows only few ids ("invalid argument" for all others); and files of a volume belong to the host, where the gofer may lack the right or NFS squashes root.',
    remedy: [
      'Add CHOWN, SETUID and SETGID to the container, or let it run as one user from the start.',
      'Rootless: run runsc as root, or give it more ids (newuidmap, /etc/subuid, idmap of the spec); apt: APT::Sandbox::User "root".',
      'For volumes set owners on the host, or fsGroup; try --directfs=false for comparison.',
    ],
  },
  'trouble-host-socket': {
    title: 'gVisor does not connect the container to a Unix socket of the host',
    cause:
      'The program wants to talk to a server of the host over a Unix socket (X11, Wayland, docker.sock, D-Bus, a database, an ssh agent). A socket file that is mounted into the container shows up there, but runsc keeps programs from connecting to sockets of the host unless a flag allows it, since that is a way out of the sandbox. If the server is to run in the container itself, it does not run.',
    remedy: [
      "If you trust the program with it: --host-uds=open in the runtime's arguments (since release 20221026.0; before --fsgofer-host-uds), and mount the directory that holds the socket. =all also lets it create sockets there.",
      'Or reach the server over TCP (DISPLAY=host:0, DOCKER_HOST=tcp://..., a host name for the database), or run it in a container of the same pod.',
    ],
    backed: ['trouble-socket-mounted'],
  },
  'trouble-raw-socket': {
    title: 'Raw and packet sockets (ping, tcpdump, traceroute) are refused',
    cause:
      'ping, tcpdump and the like open raw or packet sockets. runsc refuses them unless it runs with --net-raw and the container has the capability NET_RAW, which gVisor takes away by default; --network=host allows fewer still.',
    confidence: 'likely',
    remedy: [
      'Add --net-raw to the arguments of the runtime (net-raw = "true" in runsc.toml) and NET_RAW to the container (docker run --cap-add=NET_RAW).',
      'Or use what needs none: ping of busybox or iputils over ICMP datagram sockets, curl or nc as a check.',
      UPDATE,
    ],
  },
  'trouble-setuid': {
    title: 'Set-user-id programs (sudo, su) have no effect in this sandbox',
    cause:
      'sudo, su and their like become root by the set-user-id bit of their file. gVisor ignores that bit: older releases did not support it, those since 20250820.0 have it switched off by default (--allow-suid), and no_new_privileges (allowPrivilegeEscalation: false) or a mount with nosuid does the same anywhere.',
    confidence: 'likely',
    remedy: [
      'Start the container or the exec as root (docker exec -u 0, runAsUser: 0), or change the user with a program that starts as root (gosu, su-exec, setpriv).',
      'Or --allow-suid in the arguments of the runtime (since release 20250820.0), without no-new-privileges.',
    ],
  },
  'trouble-low-port': {
    calls: [{ name: /^bind$/, args: /Port: (?:[1-9]\d{0,2}|10[01]\d|102[0-3])\}/, errnos: 'EACCES' }],
    title: 'A user other than root may not listen on port {port|below 1024}',
    cause:
      'Ports below 1024 need root or the capability NET_BIND_SERVICE. Docker since 20.10 and new Kubernetes set net.ipv4.ip_unprivileged_port_start=0 for containers, which allows it under runc; the network stack of the sandbox does not take over that sysctl in all releases.',
    remedy: [
      'Let the program listen on a port from 1024 on and publish that (-p 80:8080), or give NET_BIND_SERVICE to the container, or run it as root.',
      UPDATE,
    ],
  },
  'trouble-streams-owner': {
    title:
      'runsc may not give {path|its standard streams} to the user of the container: it runs rootless, in a user namespace',
    cause:
      'runsc itself wants to change the owner of {path|the standard streams} that it inherited to the user of the container (chown). Under rootless podman, or any engine without root, runsc runs as root of a user namespace only, in which the owner of that terminal or pipe has no mapping, and the kernel refuses. Releases before mid 2023 gave up over it, later ones only warn.',
    beside: ['trouble-rootless'],
    severity: 'high',
    leads: 'failed-start',
    remedy: [
      'Run the engine as root (sudo podman), which gVisor expects, or update runsc to a release that only warns.',
      'Rootless: podman --runtime-flag for runsc with --network=host or none, --ignore-cgroups and --rootless where the release supports it; for a trial without a change of user --TESTONLY-unsafe-nonroot.',
      'Do without the terminal (no -t), with </dev/null as standard input.',
    ],
  },
  'trouble-audit': {
    calls: [{ name: /^socket$/, args: /NETLINK_AUDIT/, errnos: 'EPROTONOSUPPORT EPERM' }],
    title: 'gVisor has no audit subsystem (NETLINK_AUDIT)',
    cause:
      'PAM, sshd, useradd, cron and auditd report to the audit subsystem of the kernel over netlink, which the sentry does not implement: the socket is refused.',
    remedy: [
      'Ignore it where the program goes on; leave pam_loginuid and auditing out of its configuration, or use a build without audit support.',
      UPDATE,
    ],
  },
  'trouble-systemd': {
    title: 'systemd does not run as in a virtual machine in this sandbox',
    cause:
      'systemd as the first process needs writable cgroups, mounts, a D-Bus and a number of kernel interfaces; a container does not start it by itself, and gVisor supports it only in part.',
    remedy: [
      'Start the service directly (its binary, supervisord, s6, tini) instead of systemctl.',
      'Where it must be systemd: a current runsc, --cgroupns=private with a writable cgroup mount, tmpfs on /run and /tmp, SYS_ADMIN; or another runtime.',
    ],
  },
  'trouble-seccomp-program': {
    title: 'A seccomp filter of the program is not supported',
    cause:
      'The program (a browser, a container engine, a sandboxing tool) installs a seccomp filter of its own. gVisor supports filters with the classic actions; user notification (NEW_LISTENER), some flags and checks of libseccomp are missing in part.',
    remedy: [
      "Switch the program's own sandbox off (--no-sandbox, seccomp=unconfined for an inner engine): gVisor is one already.",
      UPDATE,
    ],
  },
  'trouble-clock': {
    calls: [{ name: /^(?:clock_settime|settimeofday|adjtimex|clock_adjtime)$/, errnos: 'EPERM ENOSYS EINVAL' }],
    title: 'The clock of the sandbox cannot be set',
    cause:
      'The sandbox takes its time from the host; setting it (clock_settime, settimeofday, hwclock, ntpd) and alarm clocks that wake the machine are not supported.',
    remedy: ['Synchronise the host, and leave time services out of the container.', OTHER],
  },
  'trouble-cgroup-inside': {
    title: 'A program in the sandbox finds no cgroup hierarchy',
    cause:
      'An engine, a Java runtime or systemd in the sandbox looks for cgroups. gVisor shows its own, of version 1 whatever the host has (so that cgroup.controllers and other files of version 2 are missing), and only if the spec mounts them (/sys/fs/cgroup), with the controllers that the sentry implements (cpu, cpuacct, cpuset, devices, job, memory, pids); limits are enforced outside by the host.',
    remedy: [
      'Mount cgroups for the container (docker run --cgroupns=private, a cgroup mount in the spec), with a current runsc.',
      'Let an inner engine go without (cgroup-manager=cgroupfs, --cgroups=disabled of podman), or tell the program its memory and processors by its own flags.',
      UPDATE,
    ],
  },
  'trouble-host-denied': {
    title: 'A security module of the host (AppArmor or SELinux) refuses runsc {operation|an operation}',
    cause:
      'The kernel of the host denied {comm|runsc} the operation {operation|that the line names}. runsc builds its sandbox with user namespaces, mounts and ptrace; Ubuntu since 23.10 keeps user namespaces from programs without a profile (apparmor_restrict_unprivileged_userns), SELinux and AppArmor profiles of outer containers forbid the others.',
    confidence: 'likely',
    severity: 'high',
    leads: 'failed-start',
    remedy: [
      'Run runsc as root, or allow it: an AppArmor profile for runsc with userns, or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0; of an outer container apparmor=unconfined and label=disable.',
      'SELinux: restorecon -v on the runsc binary, ausearch -m avc with audit2allow for a rule, setenforce 0 as a test only.',
    ],
  },
  'trouble-unreachable': {
    title: 'The sandbox has no route to where the program wants',
    cause:
      'The sandbox has a network stack of its own, which takes addresses and routes of its network namespace over at the start. With --network=none there is a loopback only; an address family (mostly IPv6), an interface or a route that was not there at that moment is not there later, either (docker network connect to a running container, a CNI plugin that comes late).',
    remedy: [
      'Compare ip addr and ip route inside the container with those of its namespace on the host; start the container again once the network is complete.',
      'Use IPv4 where the namespace has no global IPv6 address; do without --network=none of engine or runsc.',
      'For comparison --network=host of runsc (the stack of the host), which isolates less.',
    ],
  },
  'trouble-interfaces': {
    title: 'gVisor does not support this change or query of the network (netlink, ip, tc, wg, ipset)',
    cause:
      'The network stack of the sandbox offers netlink for routes, addresses and links, a part of their changes (dummy, bridge and veth only in newer releases, with NET_ADMIN), and neither traffic control, WireGuard, IPVS, ipset nor conntrack; there are no kernel modules behind it. With --network=host changes are refused altogether.',
    remedy: [
      'Set interfaces, routes, tunnels and rules up outside, in the network namespace, before the container starts.',
      'Use user-space replacements (wireguard-go or boringtun over tun, a user-space proxy).',
      UPDATE,
      OTHER,
    ],
  },
  'trouble-port-forward': {
    title: 'Port forwarding does not reach the network stack of the sandbox',
    cause:
      'kubectl port-forward lets the engine enter the network namespace of the pod and connect to localhost there. A gVisor sandbox has its own network stack: its listening sockets do not exist in that namespace, and the connection is refused.',
    remedy: [
      'Reach the pod by its address or a Service (kubectl expose, kubectl proxy), or from another pod; let the program listen on 0.0.0.0 and not on 127.0.0.1.',
      'Newer releases have runsc port-forward; or --network=host of runsc, whose sockets are those of the namespace.',
    ],
    confidence: 'likely',
    leads: 'degraded',
  },
  'trouble-gpu-mapping': {
    title: 'nvproxy does not map GPU memory into the sentry: {what|the mapping is refused}',
    cause:
      'A program passed memory that is mapped from an NVIDIA device (cudaMallocHost, managed or mapped memory) to a system call such as read or write. The sentry has to reach that memory itself to copy the data, nvproxy of this release refuses to map it there (MapInternal), and the call comes back short or with EFAULT: a file that is read into it seems to end too early.',
    confidence: 'likely',
    severity: 'high',
    remedy: [
      'Update runsc: newer releases map such memory for the sentry.',
      'Or read into ordinary memory first and copy it to the GPU from there (no pinned or managed buffer for read, write, recv).',
    ],
  },
  'trouble-gpu-memory': {
    title: 'The GPU ran out of memory, or the report about it failed',
    cause:
      'An allocation of GPU memory failed: the memory of the device is used up, by this or another program. Libraries then ask NVML who uses it (PyTorch: NVML_SUCCESS == r); inside gVisor those control commands reach the driver only if nvproxy supports them, and where it lacks one the report itself fails with an assertion in place of "CUDA out of memory".',
    remedy: [
      'Let the program use less memory of the GPU (a smaller batch), or free it: nvidia-smi on the host shows all processes that hold some.',
      'Update runsc: newer releases forward more control commands of NVML; grep nvproxy in the boot log (--debug) for "unknown control command".',
    ],
  },
  'trouble-gpu-graphics': {
    title: 'Graphics and video of the GPU are not available in the sandbox',
    cause:
      'nvproxy forwards the calls of compute and utility by default. Vulkan, OpenGL, EGL, encoders and decoders (NVENC, NVDEC) need the driver capabilities graphics, video or display, and calls that only newer releases know; other GPUs (DRM, /dev/dri) are not supported.',
    remedy: [
      'Allow the capability: --nvproxy-allowed-driver-capabilities=all (or compute,utility,graphics,video) of runsc, and NVIDIA_DRIVER_CAPABILITIES=all in the container, so that the libraries are mounted, too.',
      'Update runsc; or render in software (llvmpipe, --disable-gpu, SwiftShader).',
    ],
  },
  'trouble-gpu-network': {
    title: 'InfiniBand, RDMA and GPUDirect are not supported in the sandbox',
    cause:
      'Network adapters with RDMA and direct transfers between GPU and network (GPUDirect, gdrcopy) have drivers of their own that gVisor does not pass on: /dev/infiniband is not usable, and NCCL has to go another way.',
    remedy: [
      'Let NCCL use sockets and NVLink or shared memory: NCCL_IB_DISABLE=1, NCCL_NET_GDR_LEVEL=0, NCCL_DEBUG=INFO shows what it takes; NCCL_P2P_DISABLE=1 if peer access fails.',
      UPDATE,
      OTHER,
    ],
  },
  'trouble-gpu-driver': {
    title: 'NVIDIA driver, libraries and nvproxy do not fit together',
    cause:
      'The driver of the host, its libraries in the container and the versions that nvproxy of this runsc supports have to fit. The message says that the driver was not found, is of another version than the libraries, or is not supported; without --nvproxy=true the device files lead nowhere. nvproxy passes calls on only: the user-mode libraries (libcuda, libnvidia-ml) have to be put into the container by the hooks of the NVIDIA container toolkit or by CDI, which a runtime that is called directly by its shim does not run.',
    remedy: [
      'nvidia-smi on the host first; then runsc nvproxy list-supported-drivers, --nvproxy=true, and the devices and libraries by the engine (docker run --gpus=all, the device plugin, NVIDIA_VISIBLE_DEVICES).',
      'Install a driver version from that list, or update runsc; --nvproxy-driver-version names one by hand where the detection fails.',
    ],
  },
  'trouble-memory-refused': {
    title: 'The program could not get memory',
    cause:
      'An allocation was refused. The memory of programs belongs to the sandbox process, together with that of the sentry and with files in tmpfs and memory overlays, so the memory limit of the container is reached sooner; RLIMIT_AS, vm.overcommit_memory and vm.max_map_count of the host refuse large reservations, too.',
    remedy: [
      'Raise the memory limit of the container or pod, or tell the program its share (-Xmx of Java, --max-old-space-size of Node, DOTNET_GCHeapHardLimit of .NET).',
      'Lift ulimit -v for who starts runsc; set vm.overcommit_memory to 0 or 1 and vm.max_map_count to 1048576 or more on the host.',
    ],
  },
  'trouble-debugger': {
    title: 'A debugger or tracer may not attach to a process (ptrace)',
    cause:
      'strace, gdb and profilers attach to other processes with ptrace. gVisor implements a part of its requests, lets a program trace its own children, and asks for the capability SYS_PTRACE for others (the rule of yama ptrace_scope 1).',
    remedy: [
      'Give the container SYS_PTRACE (docker run --cap-add=SYS_PTRACE), or start the program under the debugger instead of attaching.',
      'See all calls from outside: --strace --debug of runsc; stacks of the sandbox: runsc debug --stacks ID.',
      UPDATE,
    ],
    calls: [{ name: /^ptrace$/, errnos: 'EPERM EIO ENOSYS EINVAL' }],
  },
  'trouble-file-lock': {
    title: 'A lock on a file fails or does not hold',
    cause:
      'Locks on files (flock, fcntl, lockf) are kept by the sentry: they hold among programs of the sandbox and are not shared with the host or with other sandboxes that have the same volume, older releases lacked some kinds (F_GETLK until 2021, open file description locks), and a database that believes to be locked may meet its own other process or a lock file that was left.',
    remedy: [
      'Let one sandbox alone use the database or directory, or share it over a server; containers of one pod share a sandbox and its locks.',
      UPDATE,
      TRACE,
    ],
  },
  'trouble-foreign-binary': {
    title: 'The program is built for another processor, or is no program (exec format error)',
    cause:
      'The kernel answers "exec format error": the binary is for another architecture (an arm64 image on an amd64 host or the other way round), for 32 bits (gVisor runs 64-bit programs only), is cut short, or is a script without a #! line. Emulation by binfmt_misc and qemu of the host does not work in the sandbox.',
    remedy: [
      'file PROGRAM and uname -m; take the image for this platform (docker pull --platform=linux/amd64 or linux/arm64), a 64-bit build, a #! line for scripts.',
      'Other architectures and 32-bit programs: another runtime.',
    ],
  },
  'trouble-read-only': {
    title: 'The program writes where the file system is read-only',
    cause:
      'The root or a mount of the container is read-only (docker run --read-only, readOnlyRootFilesystem, a volume with ro), or the program writes to a file system of the sentry that takes no writes (/proc, /sys). An overlay of runsc keeps writes to a read-only root from the host, but does not make it writable for programs.',
    remedy: [
      'Give the program a writable place: a volume, or a tmpfs at the path (docker run --tmpfs, emptyDir).',
      'Leave --read-only or ro out if it is not meant.',
    ],
  },
  'trouble-slow': {
    title: 'Something is slower in the sandbox than outside; why the text does not tell',
    cause:
      'Each system call and page fault of a program goes through the sentry, files of the host through the gofer, packets through a network stack of its own. What is slow depends on what the program does: many small files (gofer, --directfs, overlay), many calls or threads (platform), network throughput (netstack, GSO), start of programs, memory.',
    tier: 'hint',
    leads: 'inconclusive',
    remedy: [
      'Measure one thing at a time against runc: pure computing should be equal; then calls, files, network.',
      'Platform: systrap is the default since mid 2023 and quicker than ptrace; kvm on bare metal, not in a virtual machine without nested virtualisation.',
      'Files: the overlay (--overlay2=root:self) and --directfs (both defaults since 2023), data on a tmpfs or inside the root rather than on a bind mount; --file-access=exclusive for the root.',
      'Network: --gso and --network=host for comparison. Debug logging and --strace slow everything down: leave them out. Update runsc.',
    ],
    collect: [
      'runsc --version and the flags of the runtime, the platform and uname -r, and a profile (runsc debug --profile-cpu=FILE ID)',
    ],
  },
  'trouble-hang': {
    title: 'Something hangs or stalls in the sandbox; where the text does not tell',
    cause:
      'The text tells that a program or container does not go on. What it waits for stands in the stacks of the sentry and in the last calls of its tasks, and not in this text.',
    tier: 'hint',
    leads: 'inconclusive',
    remedy: [
      'runsc debug --stacks ID (twice, some seconds apart) shows what each task waits for; runsc debug --ps ID the processes.',
      'Run it with --debug --strace: an entered call without an exit is what it waits in.',
      'Try another platform (--platform=systrap, ptrace or kvm) and the newest release for comparison.',
    ],
    collect: ['the output of runsc debug --stacks ID, and the boot log with --debug --strace, to its end'],
  },
};
