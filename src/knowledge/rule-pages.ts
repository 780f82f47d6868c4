/** What the page of a rule of diagnosis says beside its data: what it means, what leaves a doubt, and how it looks in a log. */

export type RulePage = {
  readonly means: string;
  /** Where the rule is not certain: what else looks like this, and what would separate them. */
  readonly doubt?: string;
  /** Lines of a log on which the rule fires; values are invented. */
  readonly example: readonly string[];
};

export const RULE_PAGES: Readonly<Record<string, RulePage>> = {
  'accelerator-unusable': {
    means:
      'TPU support is on, and the host has no such device or does not let runsc list them; or it refused to set up the IOMMU for a device that a program uses through VFIO.',
    doubt:
      'A program may also ask for more locked memory than RLIMIT_MEMLOCK allows; dmesg of the host would separate them.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: creating container: could not find any TPU devices on the host',
    ],
  },
  'application-call-failed': {
    means:
      'The program gave up over a system call that failed. The call stands in the trace, and right behind it what the program printed about it.',
    doubt:
      'The order shows which call came before the message, not that the program meant it; a trace with --strace-log-size=0 shows the whole message.',
    example: [
      'I0410 09:12:03.100100       5 strace.go:567] [   1:   1] app E openat(AT_FDCWD /, 0x7efb00000010 /etc/app/keys.pem, O_RDONLY|0x0, 0o0)',
      'I0410 09:12:03.100200       5 strace.go:605] [   1:   1] app X openat(AT_FDCWD /, 0x7efb00000010 /etc/app/keys.pem, O_RDONLY|0x0, 0o0) = 0 (0x0) errno=2 (no such file or directory) (12.1µs)',
      'I0410 09:12:03.100300       5 strace.go:567] [   1:   1] app E write(0x2 host:[3], 0x7efb00000020 "app: /etc/app/keys.pem: No such file or directory\\n", 0x32)',
      'I0410 09:12:03.100400       5 strace.go:605] [   1:   1] app X write(0x2 host:[3], ..., 0x32) = 50 (0x32) (9.2µs)',
      'I0410 09:12:03.100500       5 boot.go:534] application exiting with exit status 1',
    ],
  },
  'application-exit': {
    means:
      "The program in the container started and ended with a status other than 0, or by a signal. runsc did its part; the reason is the program's own.",
    doubt: 'The log shows how the program ended and not why: its own output, or a trace (--strace), would tell.',
    example: [
      'I0410 09:12:03.100200       5 loader.go:900] Process should have started...',
      'I0410 09:12:08.500200       5 boot.go:534] application exiting with exit status 3',
      'I0410 09:12:08.500300       5 main.go:222] Exiting with status: 768',
    ],
  },
  'application-fault': {
    means:
      'A program of the container crashed: it touched memory in a way that it may not (a null pointer, its own used-up stack), and did not handle the fault.',
    doubt:
      'Address and mapping show what was touched and not why: a core dump, or the stack of the program, would tell.',
    example: [
      'D0410 09:12:03.100200       5 task_run.go:306] [   1:   1] Unhandled user fault: addr=7ec225bccd20 ip=40165c access=r-- sig=11 err=bad address',
      'D0410 09:12:03.100300       5 task_log.go:71] [   1:   1] Mappings:',
      'VMAs:',
      '00400000-00401000 r--p 00000000 00:19 9                                  /bin/app',
      '00401000-0047b000 r-xp 00001000 00:19 9                                  /bin/app',
      '7ec225bcd000-7ec2263cd000 rw-p 00000000 00:00 0                          [stack]',
      'PMAs:',
      '00400000-00401000 r--p 00003000 *pgalloc.MemoryFile',
      'I0410 09:12:03.200300       5 boot.go:534] application exiting with killed by signal 11',
    ],
  },
  'call-interrupted': {
    means:
      'A program failed with "interrupted system call" (EINTR) in a place where Linux restarts the call or never interrupts it.',
    doubt:
      'A program that handles no EINTR fails like this on Linux, too, though rarely; the same run with runc would separate them.',
    example: [
      '$ docker run --runtime=runsc builder make fetch',
      'Error: could not connect to store: dial unix /run/store.sock: connect: interrupted system call',
    ],
  },
  'call-stuck': {
    means:
      'A task is held in a call that does not wait by nature: it opens a FIFO that nobody writes to, waits for a file lock, or for a file of a host that does not answer.',
    doubt:
      "How long is too long is a guess: the last records of the call's peer would tell whether somebody was about to answer.",
    example: [
      'I0410 09:12:03.000100       5 strace.go:573] [   1:   1] cat E openat(AT_FDCWD /, 0x7f01 /run/queue, O_RDONLY|0x0, 0o0)',
      'D0410 09:12:09.000500       5 controller.go:767] containerManager.Signal: cid: web, PID: 0, signal: 9, mode: Process',
      'I0410 09:12:09.000600       5 strace.go:611] [   1:   1] cat X openat(AT_FDCWD /, 0x7f01 /run/queue, O_RDONLY|0x0, 0o0) = 0 (0x0) errno=512 (to be restarted if SA_RESTART is set) (6.0005s)',
      'I0410 09:12:09.000900       5 boot.go:534] application exiting with killed by signal 9',
    ],
  },
  'capability-unknown': {
    means:
      'A capability set of the spec holds a name that this release does not know: a typo, or a capability that is newer than runsc.',
    example: [
      'W0410 09:12:03.100200       5 util.go:64] FATAL ERROR: setCapsAndCallSelf([runsc-sandbox --root=/run/runsc boot --bundle=/b api], &{[CAP_NET_FOO] [] [] [] []}): applyCaps() failed: invalid capability "CAP_NET_FOO"',
    ],
  },
  'cgroup-unusable': {
    means:
      'The cgroup that the spec asks for cannot be made or joined: a controller is not mounted, the path is not writable, or its driver does not answer.',
    doubt:
      'The message names the file and not why it is so: the mounts of cgroups and the permissions on the host would tell.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: running container: creating container: configuring cgroup: stat /sys/fs/cgroup/hugetlb: no such file or directory',
    ],
  },
  'checkpoint-failed': {
    means: 'Saving or restoring a container is refused by this release or with these settings.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: checkpoint failed: checkpointing container "api": checkpoint not supported when using hostinet',
    ],
  },
  'checkpoint-object': {
    means: 'A checkpoint is refused for one object (a socket, a device, a mapping) that this release cannot save.',
    example: ['panic: struct hostinet.Socket does not implement SaverLoader'],
  },
  'checkpoint-state-broken': {
    means:
      'A checkpoint or restore stopped in the code of one object: the error comes with the stack of the function that was to save or load it.',
    doubt:
      'The stack shows which object it was, not how it came into that state; whether a newer release still does it, only a trial tells.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: checkpointing container "job": encoding error: timer is armed twice:',
      'goroutine 12 [running]:',
      'gvisor.dev/gvisor/pkg/state.safely.func1()',
      '\tpkg/state/state.go:309 +0x170',
      'gvisor.dev/gvisor/pkg/sentry/kernel.(*IntervalTimer).StateSave(0xc0002a1508)',
      '\tpkg/sentry/kernel/kernel_state_autogen.go:604 +0x4a',
    ],
  },
  'cleanup-incomplete': {
    means:
      'Deleting a container left something behind on the host: a cgroup with tasks in it, or a mount that is in use.',
    doubt:
      'The message names what is left and not who holds it: cgroup.procs of the cgroup, or lsof on the mount, would tell.',
    example: [
      'Error response from daemon: cannot remove container "job-4": runsc did not terminate successfully: stopping container: removing cgroup path "/sys/fs/cgroup/rdma/docker/77ab": directory not empty',
    ],
  },
  'command-failed': {
    means:
      'A command of runsc, or a call into a running sandbox, failed. The record with the reason is not in the input, or is no more than what is quoted.',
    doubt: 'The reason may be any: the whole log of the command, or its stderr, would tell.',
    example: ['W0410 09:12:03.100200    4100 main.go:257] Failure to execute command, err: 1'],
  },
  'command-refused': {
    means:
      'A command of runsc was refused for the way in which it was called, or for what it met: a number that is none, a file that cannot be read, a port on which nothing listens. The container itself is not concerned.',
    doubt: 'For ports: that nothing listens is the usual reason; the list of sockets inside the container would tell.',
    example: ['W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: it is invalid to specify both --all and --pid'],
  },
  'console-missing': {
    means: 'process.terminal of the spec is true, and no console socket was given or nobody listens on it.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: creating container: setting up console with socket "/tmp/pty1/pty.sock": dial unix /tmp/pty1/pty.sock: connect: connection refused',
    ],
  },
  'container-id-exists': {
    means:
      'create or run was called with an id that is in use under this --root, mostly the remains of an earlier start.',
    example: [
      'I0410 09:12:03.100300    4100 main.go:199] Args: [runsc --root=/run/runsc create --bundle /srv/b api]',
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: creating container: cannot lock container metadata file: container already exists',
    ],
  },
  'container-id-invalid': {
    means:
      'The id holds a character that runsc does not take. Ids become file names: letters, digits, _, +, - and . only.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: running container: creating container: invalid container id: team/api',
    ],
  },
  'container-running': {
    means: 'delete was called without --force on a container that has not stopped.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: cannot delete container that is not stopped without --force flag',
    ],
  },
  'container-state-wrong': {
    means: 'A command needs a container in another state: start one that is created, exec one that runs.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: starting container: cannot start container "api" in state stopped',
    ],
  },
  'container-unknown': {
    means: 'A command names a container that does not exist under this --root, often after a start that failed.',
    example: ['W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: loading container: file does not exist'],
  },
  'control-socket-in-use': {
    means:
      'The id is free under this --root, but a sandbox of the same name under another --root holds the control socket.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: running container: creating container: creating control server socket for sandbox "api": address already in use',
    ],
  },
  'control-socket-lost': {
    means:
      'Commands speak to a running sandbox through its control socket. It is gone, cannot be placed, or nobody answers on it.',
    doubt:
      'Whether the process has ended or the command looks in the wrong place, the list of processes on the host would tell.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: executing processes for container: no control socket found for sandbox "web"',
    ],
  },
  'descriptors-wrong': {
    means: 'The process got too many, too few, or already used file descriptors from whoever started it.',
    example: [
      'W0410 09:12:03.100200       5 util.go:64] FATAL ERROR: creating loader: unable to remap stdios, FD 64 is already in use',
    ],
  },
  'end-unknown': {
    means:
      'The program of the container was started, and the log of its sandbox ends without a record of an end. It says nothing bad of the container: it still runs, or somebody killed the sandbox from outside.',
    doubt:
      'A sandbox that is killed with SIGKILL writes nothing more: only the log of whoever waited for it (run, wait), the engine or the kernel tells the two apart.',
    example: [
      'I0410 09:12:03.100100       5 main.go:199] **************** gVisor ****************',
      'I0410 09:12:03.100110       5 main.go:199] Args: [runsc-sandbox boot --bundle=/srv/b web]',
      'I0410 09:12:03.100120       5 main.go:199] **************** gVisor ****************',
      'I0410 09:12:03.200200       5 loader.go:900] Process should have started...',
      'D0410 09:12:33.500200       5 watchdog.go:225] Still here',
    ],
  },
  'ended-well': {
    means:
      'An engine or a program that starts sandboxes reports that one ended, with status 0. By itself that is the end of a run that did its work; one that is started to write a checkpoint ends so each time.',
    doubt: 'Whether it should have gone on running, only its purpose and its own output tell.',
    example: ['pool: gvisor sandbox 12 exited early with code 0'],
  },
  'environment-invalid': {
    means: 'An entry of process.env is not of the form NAME=value.',
    example: [
      'W0410 09:12:03.100200       5 util.go:64] FATAL ERROR: creating loader: creating init process for root container: resolving env: invalid variable: JAVA_OPTS',
    ],
  },
  'error-told': {
    means:
      'A line of an engine, a shim, the kernel or a program speaks of a failure, in an excerpt that holds no more, and no rule knows it. It is quoted, with who speaks, what was being done, and what its answer means in general.',
    doubt: 'The sentence is not known: the words that it shares with others are all that is judged.',
    example: [
      'containerd[812]: time="2026-04-10T09:12:03Z" level=error msg="RunPodSandbox failed" error="failed to setup network for sandbox \\"7f3a\\": plugin type=\\"bridge\\" failed (add): open /run/bridge/env: no such file or directory"',
    ],
  },
  'feature-missing': {
    means: 'A program was refused something that Linux has and gVisor has not, or not in every release.',
    doubt:
      'Many programs try such calls and do without: what the program printed right behind it would tell whether this one minds.',
    example: [
      'io_uring_setup(256, {flags=0, sq_thread_cpu=0, sq_thread_idle=0}) = -1 ENOSYS (Function not implemented)',
      'write(2, "fatal: cannot set up the ring\\n", 30) = 30',
      'exit_group(1)                           = ?',
      '+++ exited with 1 +++',
    ],
  },
  'filestore-directory-missing': {
    means: "--overlay2 names a directory of the host for the overlay's data that does not exist.",
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: running container: creating container: failed to stat filestore directory "/mnt/scratch/runsc": stat /mnt/scratch/runsc: no such file or directory',
    ],
  },
  'filestore-not-creatable': {
    means:
      'The overlay keeps its data in a file in the root directory (--overlay2=root:self, the default), and that directory cannot be written.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: running container: creating container: failed to create filestore file inside "/images/ro/rootfs": open /images/ro/rootfs/.gvisor.filestore.api: read-only file system',
    ],
  },
  'filestore-stale': {
    means:
      'A file of the overlay (.gvisor.filestore.ID) was left behind by an earlier run, or the same root is in use twice.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: running container: creating container: "/srv/b/rootfs" mount source already has a filestore file at "/srv/b/rootfs/.gvisor.filestore.api"; repeated submounts are not supported with overlay optimizations',
    ],
  },
  'flag-annotation-unknown': {
    means: 'An annotation dev.gvisor.flag.NAME of the spec names a flag that this release does not have.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: reading spec: flag "netwrok" not found. Cannot set it to "host"',
    ],
  },
  'flag-conflict': {
    means: 'Flags that are each valid do not go together.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: overlay flag is incompatible with shared file access',
    ],
  },
  'flag-override-denied': {
    means: 'The spec wants to set a flag by an annotation dev.gvisor.flag.*, and the runtime does not allow it.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: reading spec: error setting flag debug="true": flag override disabled, use --allow-flag-override to enable it',
    ],
  },
  'flag-unknown': {
    means:
      'The command line of the runtime holds a flag that this release does not have. runsc prints its usage and opens no log.',
    example: ['flag provided but not defined: -overlay9', 'Usage: runsc <flags> <subcommand> <subcommand args>'],
  },
  'flag-value-invalid': {
    means: 'A flag exists, and its value is none that it takes.',
    example: ['W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: unknown platform: xen'],
  },
  'forged-records': {
    means:
      'An application wrote text into its own log that looks like records of runsc. Such records take part in no count and in no diagnosis.',
    example: [
      'I0410 09:12:03.100200    4100 strace.go:564] [   1:   1] app E access(0x7f21 /tmp/a',
      'I0410 09:12:03.100150    4100 strace.go:567] [   7:   7] init E kill(0x1, SIGKILL, 0o0)',
      'I0410 09:12:03.100300    4100 strace.go:602] [   1:   1] app X access(0x7f21 /tmp/a',
      'I0410 09:12:03.100150    4100 strace.go:567] [   7:   7] init E kill(0x1, SIGKILL, 0o0) = 0 (0x0) errno=2 (no such file or directory) (5.2µs)',
      'I0410 09:12:03.200300    4100 boot.go:534] application exiting with exit status 0',
    ],
  },
  'gofer-lost': {
    means:
      'The process that serves the files of the host ended while the container ran, and the sentry ended the container for it.',
    doubt: 'Who ended the gofer is not in the log: dmesg and the journal of the host would tell.',
    example: [
      'I0410 09:12:03.100200       5 loader.go:1215] Gofer socket disconnected, killing container "web"',
      'I0410 09:12:03.200300       5 boot.go:534] application exiting with killed by signal 9',
    ],
  },
  'gpu-call-unknown': {
    means: 'A call to the NVIDIA driver was refused since nvproxy of this release does not know it.',
    doubt:
      'Monitors ask for values that they can do without; a failure of CUDA or NCCL right behind it would tell that this one matters.',
    example: [
      'D0918 11:20:01.100100    4711 frontend.go:154] [   9:  12] nvproxy: frontend ioctl: nr = 0x0000002a, argSize = 0x00000020',
      'W0918 11:20:01.100120    4711 frontend.go:620] [   9:  12] nvproxy: unknown control command 0x20803e07 (paramsSize=24)',
      'I0918 11:20:01.100140    4711 strace.go:614] [   9:  12] train X ioctl(0x5 /dev/nvidiactl, 0xc020462a, 0x7ed21f5fe0d0) = 0 (0x0) errno=22 (invalid argument) (11.2µs)',
    ],
  },
  'hook-failed': {
    means: 'A hook of the spec ended with an error or took too long; what it printed follows in the same record.',
    doubt: 'A hook that was ended by its timeout prints nothing: its own log would tell.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: creating container: failure executing hook "/usr/local/bin/prepare", err: exit status 3',
      'stdout:',
      'stderr: cannot reach licence server',
    ],
  },
  'host-file-refused': {
    means:
      'Sockets, named pipes and character devices of the host that come in by a mount are closed to programs unless a flag opens them. runsc notes each refusal.',
    doubt: 'Whether the program needed it, its own messages would tell.',
    example: [
      'W0410 09:12:03.100200    1 gofer.go:1200] Rejecting attempt to connect to unix domain socket from host filesystem: "/run/db.sock". If you want to allow this, set flag --host-uds=open',
      'I0410 09:12:09.500100    1 boot.go:534] application exiting with exit status 0',
      'I0410 09:12:09.500200    1 main.go:222] Exiting with status: 0',
    ],
  },
  'host-kernel-old': {
    means: 'The kernel of the host is older than what this runsc needs.',
    doubt: 'The release of the kernel is told, what failed is not: a debug log of the same start would name it.',
    example: [
      'docker: Error response from daemon: OCI runtime create failed: /usr/bin/runsc did not terminate successfully: exit status 2: unknown.',
      'Linux build7 3.16.0-6-amd64 #1 SMP Debian 3.16.56-1+deb8u1 (2018-05-08) x86_64 GNU/Linux',
    ],
  },
  'host-settings-unsuitable': {
    means:
      'runsc looks at some settings of the kernel before it starts (since 20241021.0), and is told to insist on them.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: host settings: vm.max_map_count is 65530, must be at least 1048576 (use --host-settings=ignore to bypass)',
    ],
  },
  'host-tasks-many': {
    means: 'The sandbox has more and more tasks on the host: the limit of its pids cgroup is in reach, or reached.',
    doubt:
      'Whether runsc or the program makes the tasks does not show: pids.current beside the number of processes inside would tell.',
    example: ['[ 8120.500001] cgroup: fork rejected by pids controller in /docker/5c1f0a'],
  },
  'kvm-guest-failed': {
    means:
      'The kernel of the host dumps the state of a virtual processor that KVM could not enter. With the kvm platform that guest is the sandbox.',
    doubt:
      'Whose guest it was the dump does not say; nested virtualisation, an old kernel or a processor may be why: systrap on the same host would tell.',
    example: ['[ 9120.100200] *** Guest State ***'],
  },
  'log-cut': {
    means: 'The log of a start ends before the program was started, without an end and without an error.',
    doubt:
      'A log that was cut off and a process that was killed look alike: the file on the machine, and dmesg, would tell.',
    example: [
      'I0410 09:12:01.100200       5 main.go:1] ***************************',
      'I0410 09:12:01.100200       5 main.go:1] Args: [runsc-sandbox --root=/run/runsc boot --bundle=/b web]',
      'I0410 09:12:01.100200       5 main.go:1] ***************************',
      "D0410 09:12:01.300200       5 vfs.go:1] Configuring container's file system",
    ],
  },
  'log-incomplete': {
    means:
      'runsc could not write its log for a while and counted the records that it dropped. What is missing cannot be judged.',
    example: [
      'I0410 09:12:03.100200    1 loader.go:900] Process should have started...',
      '',
      '*** Dropped 17 log messages ***',
      '',
      'I0410 09:12:09.500100    1 boot.go:534] application exiting with exit status 0',
      'I0410 09:12:09.500200    1 main.go:222] Exiting with status: 0',
    ],
  },
  'log-unwritable': {
    means:
      'The place named by --log, --debug-log or --panic-log cannot be created, and runsc stops before it does anything.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: error opening debug log file in "/etc/issue/runsc/": error creating dir "/etc/issue/runsc": mkdir /etc/issue: not a directory',
    ],
  },
  'memory-kill': {
    means: 'The kernel of the host killed the sandbox for memory, or an engine says so.',
    doubt: 'Exit code 137 is a SIGKILL from anybody: an oom-kill line of dmesg with the pid would decide.',
    example: [
      '[90412.000411] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-a1,mems_allowed=0,oom_memcg=/kubepods/burstable/pod7,task_memcg=/kubepods/burstable/pod7/a1,task=exe,pid=55012,uid=65534',
      '[90412.000502] Memory cgroup out of memory: Killed process 55012 (exe) total-vm:9120444kB, anon-rss:204800kB, file-rss:0kB',
    ],
  },
  'monitoring-unusable': {
    means:
      'Metrics, a trace session or the file that a pod starts with was asked for, and cannot be had; the sandbox does not start without.',
    doubt: 'What the error quotes may be a name, a path or a collector; the file of the session would tell.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: creating trace session: point "syscall/flux/enter" not found',
    ],
  },
  'mount-destination-relative': {
    means:
      'A destination of a mount does not begin with a slash: a VOLUME instruction of the image that is no JSON array and fell apart at its blanks, or a typo.',
    example: [
      'W0410 09:12:03.100200    4100 specutils.go:112] noNewPrivileges ignored. PR_SET_NO_NEW_PRIVS is assumed to always be set.',
      'W0410 09:12:03.100300    4100 util.go:64] FATAL ERROR: reading spec: Mount.Destination must be an absolute path: &{["/srv", bind /var/lib/docker/volumes/0c3f5a7e9d1b2468ace013579bdf02468ace13579bdf02468ace13579bdf0246/_data [rbind] [] []}',
    ],
  },
  'mount-failed': {
    means: 'The host refused a mount of the spec.',
    example: [
      'W0410 09:12:03.100200       1 util.go:64] FATAL ERROR: error setting up FS: mounting {Destination:/data Type:bind Source:/srv/d Options:[rbind] UIDMappings:[] GIDMappings:[]}: mount("/srv/d", "/proc/fs/root/data", 20480) failed: operation not permitted',
    ],
  },
  'mount-kind-mismatch': {
    means: 'A file is mounted over a directory, or a directory over a file.',
    example: [
      'W0410 09:12:03.100200       1 util.go:64] FATAL ERROR: error setting up FS: mounting {Destination:/etc/app Type:bind Source:/srv/app.conf Options:[rbind] UIDMappings:[] GIDMappings:[]}: open("/proc/fs/root/etc/app") failed: open /proc/fs/root/etc/app: is a directory',
    ],
  },
  'mount-options-invalid': {
    means: 'The sentry mounts the file system itself, and it does not take one of the options.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: running container: starting container: starting root container: starting sandbox: failed to setupFS: mounting submounts: mount submount "/scratch": failed to mount "/scratch" (type: tmpfs): invalid argument, opts: &{{false false} size=lots}',
    ],
  },
  'mount-point-missing': {
    means:
      'The destination of a mount does not exist in the root file system, and cannot be created there since that is read-only.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: starting container: starting root container: starting sandbox: failed to setupFS: mounting submounts: mount submount "/opt/x": creating mount point "/opt/x": read-only file system',
    ],
  },
  'mount-source-missing': {
    means: 'The source of a bind mount does not exist on the host.',
    example: [
      'W0410 09:12:03.100300       1 util.go:64] FATAL ERROR: error setting up FS: mounting {Destination:/certificates Type:bind Source:/srv/certificates Options:[rbind ro] UIDMappings:[] GIDMappings:[]}: stat("/srv/certificates") failed: stat /srv/certificates: no such file or directory',
    ],
  },
  'mount-symlink': {
    means: 'The destination of a mount is a symbolic link that loops, leads nowhere, or changed while it was mounted.',
    example: [
      'W0410 09:12:03.100200       1 util.go:64] FATAL ERROR: error setting up FS: mounting {/var/run bind /srv/run [rbind]}: resolving symlinks to "/var/run": too many symlinks to follow, path: "/var/run/../run"',
    ],
  },
  'mount-type-unknown': {
    means: 'A mount of the spec has a file system type that runsc does not know: the mount is left out, or refused.',
    example: [
      'W0410 09:12:03.100300    4100 vfs.go:1020] ignoring unknown filesystem type "nfs"',
      'I0410 09:12:03.200300    4100 boot.go:534] application exiting with exit status 0',
    ],
  },
  'namespace-missing': {
    means: 'A namespace that the spec wants to join does not exist (any more).',
    example: [
      'W0410 09:12:03.100300    4100 util.go:64] FATAL ERROR: creating container: cannot create sandbox: cannot create sandbox process: starting sandbox: error opening "/var/run/netns/blue": open /var/run/netns/blue: no such file or directory',
    ],
  },
  'nested-engine': {
    means: 'An engine inside of the sandbox (dockerd, podman, a sidecar) cannot set up its network or storage there.',
    doubt: 'The engine names its last step only: its own debug log would tell the first that failed.',
    example: [
      'failed to start daemon: Error initializing network controller: error creating default "bridge" network: iptables failed: iptables -t nat -A POSTROUTING -j MASQUERADE: iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Operation not supported',
    ],
  },
  'network-namespace-root': {
    means: '--network=sandbox takes over the interfaces of a network namespace; that of the host itself it refuses.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: running container: starting container: setting up network: creating interfaces from net namespace "/proc/5300/ns/net": cannot run with network enabled in root network namespace',
    ],
  },
  'network-setup-failed': {
    means: 'The network of the sandbox could not be set up: routes, raw sockets, helper commands or address families.',
    doubt:
      'The message ends with a helper that failed: what the helper printed, or the interfaces of the namespace, would tell why.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: starting container: setting up network: creating interfaces from net namespace "/var/run/netns/blue": more than one default route found: [{Ifindex: 2}]',
    ],
  },
  'overlay-failed': {
    means:
      'The writable layer that runsc lays over the root file system or a mount could not be put together: the directory below cannot be opened, there is no room for what is written, or it is of a kind over which no overlay goes.',
    doubt: 'The text names the layer and not the mount; a start with --overlay2=none would separate them.',
    example: [
      `W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: running container: starting container: starting root container: starting sandbox: failed to setupFS: mounting root with overlay: failed to stat lower layer's root: permission denied`,
    ],
  },
  'platform-unusable': {
    means: 'The platform cannot run on this host: no /dev/kvm, no ptrace, no seccomp, another page size.',
    doubt:
      'The host refused without a word: ls -l /dev/kvm, kernel.yama.ptrace_scope and the seccomp profile of an outer container would tell.',
    example: [
      'W0410 09:12:03.100200       5 util.go:64] FATAL ERROR: creating loader: creating platform: error opening KVM device file (/dev/kvm): open /dev/kvm: no such file or directory',
    ],
  },
  'pod-sandbox-missing': {
    means: 'A container of a pod is to be created in a sandbox that runsc does not find.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: creating container: cannot load sandbox: open /run/runsc/7be01c_sandbox:7be01c.state: no such file or directory',
    ],
  },
  'program-format-foreign': {
    means: 'The program is built for another processor, or is no program at all (a script without a #! line).',
    doubt:
      'Both give "exec format error": the ELF line of the boot log, or file(1) on the program, would separate them.',
    example: [
      'W0410 09:12:03.100200       5 elf.go:586] Found mismatch for platform arm64 with ELF type amd64',
      'W0410 09:12:03.100300    4100 util.go:64] FATAL ERROR: starting container: starting root container: starting sandbox: creating process: failed to load /app/server: exec format error',
    ],
  },
  'program-hint': {
    means:
      'The sentry notes what it could not load, and which signals end processes. Programs look for others in several places, and children end by signals every day: alone such a line proves nothing.',
    doubt: 'The end of the log, or the error of the start, would tell whether it mattered.',
    example: ['I0410 09:12:03.100200    1 elf.go:150] Unsupported ELF machine 183'],
  },
  'program-interpreter-missing': {
    means:
      'The program is there, and the loader or interpreter that it names is not. The error names only the program.',
    doubt:
      'A missing loader and a missing program give the same error: the line "Error opening interpreter" of the boot log would separate them.',
    example: [
      'I0410 09:12:03.100200       5 elf.go:690] [   1:   1] Error opening interpreter /lib/ld-musl-x86_64.so.1: no such file or directory',
      'W0410 09:12:03.100300    4100 util.go:64] FATAL ERROR: running container: starting container: starting root container: starting sandbox: creating process: failed to load /app/server: no such file or directory',
    ],
  },
  'program-missing': {
    means: 'The program that the container is to run does not exist in its root file system.',
    example: [
      'I0410 09:12:03.100200       5 loader.go:270] [   1:   1] Error opening /usr/sbin/haproxy: no such file or directory',
      'W0410 09:12:03.100300    4100 util.go:64] FATAL ERROR: running container: starting container: starting root container: starting sandbox: creating process: failed to load /usr/sbin/haproxy: no such file or directory',
    ],
  },
  'program-not-executable': {
    means: 'The program exists and may not be executed: no x bit, a directory, or a mount with noexec.',
    example: [
      'I0410 09:12:03.100200       5 loader.go:270] [   1:   1] Error opening /app/start.sh: permission denied',
      'W0410 09:12:03.100300    4100 util.go:64] FATAL ERROR: starting container: starting root container: starting sandbox: creating init process: Failed to load /app/start.sh: permission denied',
    ],
  },
  'program-not-in-path': {
    means: 'The first argument of the program has no slash in it, and no directory of PATH holds such a program.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: running container: starting container: starting root container: starting sandbox: error finding executable "uvicorn" in PATH [/usr/local/bin /usr/bin /bin]: no such file or directory',
    ],
  },
  'program-not-loaded': {
    means: 'The program could not be loaded, for a reason that no other rule about programs names.',
    doubt:
      'A missing program, a missing loader and a missing directory give the same error: the boot log with --debug would separate them.',
    example: [
      'W0410 09:12:03.100300    4100 util.go:64] FATAL ERROR: running container: starting container: starting root container: starting sandbox: creating process: failed to load /bin/app: too many symbolic links encountered',
    ],
  },
  'resolver-unreachable': {
    means:
      'Names do not resolve: the resolver that Docker embeds (127.0.0.11) stands on the loopback of a network stack that the sandbox does not use.',
    doubt:
      'Other faults of DNS look alike: getent hosts NAME with another nameserver in the same network would separate them.',
    example: [
      '$ docker run --rm --runtime=runsc --network=backend curlimages/curl http://orders:8080/',
      '$ docker exec web cat /etc/resolv.conf',
      'curl: (6) Could not resolve host: orders',
      'nameserver 127.0.0.11',
    ],
  },
  'program-trouble': {
    means:
      'A program, a tool or whoever ran it says something that has a known meaning in gVisor: a feature that the sentry lacks or offers with a flag, a limit around the sandbox, a file, socket or device of the host that is kept out.',
    doubt:
      'The words show what was refused and not always why: the call in a trace (--strace), and the same image under runc, would tell.',
    example: [
      '$ docker run --rm --runtime=runsc -v /srv/queue:/queue alpine mkfifo /queue/in',
      'mkfifo: /queue/in: Operation not permitted',
    ],
  },
  'rlimit-unknown': {
    means:
      'process.rlimits holds a name that Linux does not know. The boot process dies of it, and the command sees only EOF.',
    example: [
      'W0410 09:12:03.100200       5 util.go:64] FATAL ERROR: creating loader: creating init process for root container: creating limits: unknown resource "RLIMIT_HANDLES"',
    ],
  },
  'rootfs-missing': {
    means: 'The root file system of the container is not there, or cannot be mounted.',
    doubt: 'The message may stand for the path or for a directory on the way to it: namei -l on the path would tell.',
    example: [
      'W0410 09:12:03.100300    4100 util.go:64] FATAL ERROR: running container: creating container: failed to stat mount "/srv/bundles/api/rootfs" to see if it were a directory: stat /srv/bundles/api/rootfs: no such file or directory',
    ],
  },
  'rootfs-unreadable': {
    means:
      'The program is there and may not be reached: a directory on the way to it, or the program, is closed to the sandbox.',
    doubt: 'A program without x bit gives the same error: namei -l on the path on the host would separate them.',
    example: ['$ sudo runsc --network=none run job', '/opt/app/start: permission denied'],
  },
  'runtime-not-registered': {
    means:
      'Docker, containerd, CRI-O, podman or Kubernetes know no runtime of the name that was asked for, or do not find its program.',
    example: [
      'time="2025-02-11T08:15:21.450120033Z" level=error msg="RunPodSandbox for &PodSandboxMetadata{Name:web-0,Uid:1f,Namespace:prod,Attempt:0,} failed, error" error="failed to get sandbox runtime: no runtime for \\"gvisor\\" is configured"',
    ],
  },
  'runtime-other': {
    means: 'The runtime that failed is another one (runc, crun, youki, Kata, Sysbox): no log of runsc can tell more.',
    doubt: 'The words are those of another runtime; docker inspect -f "{{.HostConfig.Runtime}}" would decide.',
    example: [
      'docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "serve": executable file not found in $PATH: unknown.',
    ],
  },
  'runtime-path-unwritable': {
    means: 'The state directory, the pid file or a capture file cannot be written.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: creating container: creating container root directory "/proc/runsc": mkdir /proc/runsc: no such file or directory',
    ],
  },
  'sandbox-lock-wait': {
    means: 'A dump of goroutines shows tasks that have waited for a lock for minutes: they hang inside of the sentry.',
    doubt: 'The dump shows who waits, and not always who holds: a second dump, some seconds later, would tell.',
    example: [
      'goroutine 977 [sync.Mutex.Lock, 12 minutes]:',
      'sync.runtime_SemacquireMutex(0xc0008f2a04?, 0x0?, 0x0?)',
      '\tGOROOT/src/runtime/sema.go:77 +0x25',
      'sync.(*Mutex).lockSlow(0xc0008f2a00)',
      '\tGOROOT/src/sync/mutex.go:171 +0x15d',
      'gvisor.dev/gvisor/pkg/sentry/kernel/pipe.(*Pipe).Readiness(0xc0008f2a00, 0x1)',
      '\tpkg/sentry/kernel/pipe/pipe.go:310 +0x34',
      'gvisor.dev/gvisor/pkg/sentry/vfs.(*EpollInstance).ReadEvents(0xc000aa1200, {0x0, 0x0, 0x0}, 0x10)',
      '\tpkg/sentry/vfs/epoll.go:412 +0x1b1',
    ],
  },
  'sandbox-privileges': {
    means: 'The host refuses what runsc needs to make a sandbox: processes, namespaces, chroot, or other users.',
    doubt:
      "Several settings of the host give the same error: user.max_user_namespaces, AppArmor and an outer container's profile would separate them.",
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: creating container: cannot create sandbox: cannot create sandbox process: starting sandbox: fork/exec /proc/self/exe: operation not permitted',
    ],
  },
  'sandbox-start-hang': {
    means: 'The watchdog waited in vain for a start that was begun.',
    doubt: 'Why the start does not go on does not show: runsc debug --stacks ID during the wait would tell.',
    example: ['W0410 09:12:03.100200       5 watchdog.go:200] Watchdog.Start() not called within 30s:'],
  },
  'sandbox-stop-hang': {
    means: 'A container or pod does not end though it was told to, and the engine gave up waiting.',
    doubt: 'The engine only tells that it waited: the boot log, or ps on the node, would tell what was left.',
    example: [
      'E0307 18:22:40.101112    1877 log.go:32] "StopPodSandbox from runtime service failed" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded" podSandboxID="8c1d"',
    ],
  },
  'sandbox-vanished': {
    means: 'A running sandbox disappeared: others lost their connection to it, and its own log stops without an end.',
    doubt:
      "The OOM killer, an operator's SIGKILL and a panic that went to another file leave the same gap: dmesg, the journal and --panic-log would separate them.",
    example: [
      'D0410 09:12:03.100200    4100 container.go:632] Wait on container, cid: api',
      'W0410 09:12:05.100200    4100 sandbox.go:1135] Wait RPC to container "api" failed: urpc method "containerManager.Wait" failed: EOF. Will try waiting on the sandbox process instead.',
      'W0410 09:12:05.300200    4100 util.go:64] FATAL ERROR: waiting on container "api": sandbox no longer running and its exit status is unavailable',
    ],
  },
  'seccomp-kill': {
    means: "The kernel ended a process of runsc for a system call that runsc's own filter forbids.",
    example: [
      'type=1326 audit(1761003344.120:412): auid=4294967295 uid=65534 gid=65534 ses=4294967295 pid=20411 comm="runsc-sandbox" exe="/usr/local/bin/runsc" sig=31 arch=c000003e syscall=28 compat=0 ip=0x4c01a2 code=0x80000000',
    ],
  },
  'seccomp-profile-refusal': {
    means:
      'The seccomp profile of the container does not allow a call that the program makes, or not with these arguments. In a native trace the call stands there with EPERM, behind the record that puts the filter in. With runsc --oci-seccomp the sentry asks the profile before it traces a call: the program speaks of EPERM, and no record has it.',
    doubt:
      'EPERM also comes of a missing capability and of the owner of a file; a run without the profile separates them.',
    example: [
      'I0410 09:12:03.000099       1 main.go:216] **************** gVisor ****************',
      'I0410 09:12:03.000100       1 main.go:217] Args: [runsc-sandbox --oci-seccomp=true --debug-log-fd=3 boot --bundle=/run/b web]',
      'I0410 09:12:03.000101       1 main.go:218] **************** gVisor ****************',
      'I0410 09:12:03.100300       1 strace.go:567] [   4:   4] mkdir E write(0x2 host:[3], 0x7efb00000020 "mkdir: /data/x: Operation not permitted\\n", 0x28)',
      'I0410 09:12:03.100400       1 strace.go:605] [   4:   4] mkdir X write(0x2 host:[3], ..., 0x28) = 40 (0x28) (9.2µs)',
      'I0410 09:12:03.100500       1 boot.go:534] application exiting with exit status 1',
    ],
  },
  'sentry-memory': {
    means: 'The Go runtime of runsc died for lack of memory, address space or threads.',
    example: [
      'runtime: out of memory: cannot allocate 4194304-byte block (8589934592 in use)',
      'fatal error: runtime: out of memory',
    ],
  },
  'sentry-panic': {
    means: 'The sentry, or another process of runsc, crashed: a Go panic or a fatal error of its runtime.',
    doubt: 'A SIGBUS has its cause on the host: the space of the file system behind the overlay would tell.',
    example: [
      'I0410 09:12:03.100200       5 loader.go:900] Process should have started...',
      'panic: Dentry.DecRef() called without holding a reference',
      '',
      'goroutine 88 [running]:',
      'gvisor.dev/gvisor/pkg/sentry/fsimpl/gofer.(*dentry).decRefNoCaching(...)',
      '\tpkg/sentry/fsimpl/gofer/gofer.go:1500 +0x88',
    ],
  },
  'setting-doubtful': {
    means:
      'runsc itself warns of a setting: one that weakens the sandbox, that has no effect, or that could not be read.',
    example: [
      'W0410 09:12:03.100200    1 filter.go:40] *** SECCOMP WARNING: syscall filter is DISABLED. Running in less secure mode.',
      'I0410 09:12:09.500100    1 boot.go:534] application exiting with exit status 0',
      'I0410 09:12:09.500200    1 main.go:222] Exiting with status: 0',
    ],
  },
  'shared-memory-mode': {
    means: '/dev/shm of the sandbox may not be written by ordinary users.',
    doubt:
      'Only the mode is seen, not a program that failed of it: an open of /dev/shm with EACCES in a trace would decide.',
    example: ['$ docker exec db stat /dev/shm; ls -ld /dev/shm', 'drwxr-xr-x 2 root root 40 Feb  3 10:20 /dev/shm'],
  },
  'shim-failed': {
    means:
      'containerd starts a shim for each pod, which starts runsc. The shim did not come up, or found no words of runsc to pass on.',
    doubt: 'What a shim that ends at once had to say, starting it by hand would tell.',
    example: ['W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: shim did not start in time'],
  },
  'spec-args-empty': {
    means: 'config.json has an empty process.args: there is nothing to start.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: reading spec: Spec.Process.Arg must be defined: &{Terminal:false User:{UID:0 GID:0} Args:[] Env:[PATH=/bin] Cwd:/}',
    ],
  },
  'spec-field-missing': {
    means: 'A section that runsc insists on is not in config.json.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: reading spec: Spec.Root must be defined: &{Version:1.0.2}',
    ],
  },
  'spec-malformed': {
    means: 'config.json cannot be parsed; the record goes on with the whole file.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: reading spec: error unmarshaling spec from file "/srv/bundles/api/config.json": invalid character \']\' after object key',
      ' {',
      '  "ociVersion": "1.0.0",',
      '  "process"]',
      ' }',
      'W0410 09:12:03.100200    4100 main.go:231] Failure to execute command, err: 1',
    ],
  },
  'spec-unreadable': {
    means: 'The bundle has no config.json, or it cannot be opened.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: reading spec: error opening spec file "/srv/bundles/api/config.json": open /srv/bundles/api/config.json: no such file or directory',
    ],
  },
  'spec-value-unsupported': {
    means: 'A section, mount option or propagation mode of the spec is one that runsc refuses rather than ignores.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: running container: creating container: mount option "idmap" is not supported',
    ],
  },
  'stack-logged': {
    means:
      'The sentry logged a warning together with the stack of the function that noticed something odd. It looks like a crash and is none: the sandbox goes on.',
    doubt: 'A program may have failed by what was odd; the errno of its own call (--strace) would tell.',
    example: [
      'W0511 10:20:30.400500       1 log.go:329] Unexpected state of the lease table: 3 of 2 in use:',
      'goroutine 71 [running]:',
      'gvisor.dev/gvisor/pkg/log.Stacks(0x7aea00, 0x1c0bd90, 0x0, 0xc00052b948)',
      '        pkg/log/log.go:313 +0xa8',
      'gvisor.dev/gvisor/pkg/log.Traceback(0x129db9f, 0x50, 0xc00033a900, 0x6, 0x6)',
      '        pkg/log/log.go:328 +0x2a',
    ],
  },
  'start-echo': {
    means:
      'Only an echo of a failed start is there: a process died, and the input does not hold the record that says why.',
    doubt: 'Several causes are known to end like this: the file of the process that died would name the one.',
    example: [
      'W0410 09:12:03.100300    4100 util.go:64] FATAL ERROR: running container: creating container: cannot create sandbox: cannot read client sync file: waiting for sandbox to start: EOF',
      'W0410 09:12:03.100400    4100 main.go:231] Failure to execute command, err: 1',
    ],
  },
  'start-stalled': {
    means: 'A sandbox began to start, and nothing says that it came up, failed or ended.',
    doubt:
      'A log that was cut, or copied too early, looks the same: the end of the boot log, or ps on the host, would decide.',
    example: [
      'I0410 09:12:03.100000    4100 main.go:197] **************** gVisor ****************',
      'I0410 09:12:03.100001    4100 main.go:199] Args: [runsc --platform=kvm run --bundle /srv/b api]',
      'I0410 09:12:03.100002    4100 main.go:201] **************** gVisor ****************',
      'I0410 09:12:03.100300    4100 sandbox.go:1208] Sandbox started, PID: 4110',
      'I0410 09:12:03.200000    4110 main.go:197] **************** gVisor ****************',
      'I0410 09:12:03.200001    4110 main.go:199] Args: [runsc-sandbox --platform=kvm boot --bundle=/srv/b api]',
      'I0410 09:12:03.200002    4110 main.go:201] **************** gVisor ****************',
      'I0410 09:12:03.300000    4110 seccomp.go:80] Installing seccomp filters for 70 syscalls (action=kill process)',
    ],
  },
  'start-surroundings': {
    means:
      'A start ended without words (the other process was gone), and the text tells of something around runsc that is known to end starts so: a seccomp profile or SELinux around it, nested virtualisation with the platform kvm, a build of its own, an engine that is too old, a flag with which it does start.',
    doubt:
      'The error does not prove it: the boot log of that start, dmesg and the audit log would. Changing the one thing and starting again is the shortest proof.',
    example: [
      'The node is a VM with nested virtualization, and runsc runs with --platform=kvm.',
      '',
      'docker: Error response from daemon: OCI runtime create failed: creating container: cannot create sandbox: cannot read client sync file: waiting for sandbox to start: EOF: unknown.',
    ],
  },
  'stub-fault': {
    means: 'The kernel tells of a fatal signal in a process of runsc: a stub of the platform, or the sentry itself.',
    doubt:
      'Platforms use faults in their stubs on purpose: a sandbox that died at that time would tell that this one was none of those.',
    example: [
      '[ 5120.100200] potentially unexpected fatal signal 4.',
      '[ 5120.100203] CPU: 11 PID: 30114 Comm: runsc-sandbox Not tainted 6.1.0-18-amd64 #1 Debian 6.1.76-1',
    ],
  },
  'stub-lost': {
    means:
      'Programs of the sandbox run in stub processes of the platform on the host. One was killed, vanished or could not be made.',
    doubt: 'Who killed it the log does not say; dmesg of that moment (OOM killer, audit) would.',
    example: ['W0410 09:12:03.100200    1 util.go:64] FATAL ERROR: systrap unexpected death'],
  },
  'tasks-deadlocked': {
    means: 'Threads of a program wait for locks that are never released: each holds what the other wants.',
    doubt: 'Waits are seen, owners of locks are not: stacks of the program (SIGQUIT, gdb) would decide.',
    example: [
      'I0410 09:12:03.000100       5 strace.go:576] [   1:   1] app E futex(0x7e00aa001990, FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME, 0x3, null, 0x0, 0xffffffff)',
      'I0410 09:12:03.000300       5 strace.go:611] [   1:   2] app X gettid() = 2 (0x2) (1µs)',
      'I0410 09:12:03.000400       5 strace.go:576] [   1:   2] app E futex(0x4bb320, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, 0x2, null, 0x0, 0x0)',
      'I0410 09:12:03.000500       5 strace.go:576] [   1:   3] app E futex(0x4bb360, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, 0x2, null, 0x0, 0x0)',
      'D0410 09:12:07.000500       5 controller.go:767] containerManager.Signal: cid: web, PID: 0, signal: 9, mode: Process',
      'I0410 09:12:07.000600       5 strace.go:614] [   1:   1] app X futex(0x7e00aa001990, FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME, 0x3, null, 0x0, 0xffffffff) = 0 (0x0) errno=512 (to be restarted if SA_RESTART is set) (4.0005s)',
      'I0410 09:12:07.000700       5 strace.go:614] [   1:   2] app X futex(0x4bb320, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, 0x2, null, 0x0, 0x0) = 0 (0x0) errno=512 (to be restarted if SA_RESTART is set) (4.0003s)',
      'I0410 09:12:07.000800       5 strace.go:614] [   1:   3] app X futex(0x4bb360, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, 0x2, null, 0x0, 0x0) = 0 (0x0) errno=512 (to be restarted if SA_RESTART is set) (4.0003s)',
      'I0410 09:12:07.000900       5 boot.go:534] application exiting with killed by signal 9',
    ],
  },
  'trouble-noted': {
    means:
      'runsc notes something that went wrong and goes on. It is worth knowing beside a failure, and none by itself.',
    doubt: 'Whether programs met it, their own failures at that moment would tell.',
    example: [
      'W0410 09:12:03.100200    1 connection.go:100] lisafs.Connection.service(channel = @0xc000412000): broken pipe',
      'I0410 09:12:09.500100    1 boot.go:534] application exiting with exit status 0',
      'I0410 09:12:09.500200    1 main.go:222] Exiting with status: 0',
    ],
  },
  'unrecognised-error': {
    means: 'A fatal error that no other rule knows. Its innermost part is quoted as it stands.',
    doubt: 'The sentence is not known: its words are taken as they are.',
    example: [
      'W0410 09:12:03.100300    4100 util.go:64] FATAL ERROR: running container: creating container: the flux capacitor is not charged: 1.20 of 1.21 gigawatts',
    ],
  },
  'unsupported-notice': {
    means:
      'A notice that a system call is not supported, and nothing else: programs try newer calls first and fall back on others.',
    doubt: 'The notice does not show what the program did next: its own last message would tell.',
    example: [
      'Container Sandbox: Unsupported syscall UNKNOWN[451/0x1c3](0x3,0x3e80c1,0x3e80d2,0x0,0x0,0x0). It is very likely that you can safely ignore this message and that this is not the cause of any error you might be troubleshooting.',
    ],
  },
  'user-fault': {
    means: 'A program touched memory that it may not, and nothing tells how it went on.',
    doubt: 'Programs handle some faults on purpose: the end of the program would tell.',
    example: [
      'W0802 13:00:00.400100    9120 task_run.go:333] [  31:  31] Unhandled user fault: addr=18 ip=55d0c1b2a94f access=r-- err=bad address',
    ],
  },
  'user-unknown': {
    means: 'The spec, or exec, names a user or group that the image does not have.',
    example: [
      'W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: executing processes for container: executing command "id" in sandbox: couldn\'t find builder',
    ],
  },
  'volume-unmounted': {
    means: 'A program unmounted a volume, and the container ended with it.',
    doubt: 'That both happened at one time is all that shows: the same run without the umount would decide.',
    example: ['I0505 09:00:01.000300    2201 strace.go:585] [   7] umount E umount2(0x55d0c1b2a940 /srv/cache, 0x0)'],
  },
  'watchdog-stuck-tasks': {
    means: 'The watchdog found tasks that have been inside of the sentry for minutes.',
    doubt:
      'A slow host or disk looks the same as a lock that is never released: the goroutines of these tasks in the dump would separate them.',
    example: [
      'W0410 09:12:03.100200       5 watchdog.go:370] Sentry detected 2 stuck task(s):',
      '\tTask tid: 3 (goroutine 61), entered RunSys state 3m10s ago.',
      '\tTask tid: 7 (goroutine 75), entered RunSys state 3m10s ago.',
      "Search for 'goroutine <id>' in the stack dump to find the offending goroutine(s):",
    ],
  },
  'working-directory-unusable': {
    means:
      'The working directory of the spec (process.cwd) does not exist in the root file system and cannot be created.',
    example: [
      'W0410 09:12:03.100300       1 util.go:64] FATAL ERROR: Error setting up root FS: creating working directory "/srv/app": mkdir /proc/fs/root/srv/app: read-only file system',
    ],
  },
};
