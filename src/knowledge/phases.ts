/** What runsc was doing when an error came by: by wrapper of an error chain (grammars/errors.ts), by control call, by command. */

export type Phase = {
  /** `while` this; what the finding's title says. */
  readonly doing: string;
  /** What happens in this phase, and who has a part in it. */
  readonly means: string;
  /** What to look at, the likeliest first. */
  readonly checks: readonly string[];
  /** The file, flag or command that decides. */
  readonly decides: string;
};

const BOOT_LOG = 'the boot log of the sandbox (runsc.log.*.boot.txt): its last records before this one';
const GOFER_LOG =
  'the gofer log (runsc.log.*.gofer.txt): the gofer ends with a record of its own where it failed first';

export const PHASES: Readonly<Record<string, Phase>> = {
  // commands, from the outside in
  oci: {
    doing: 'working for the engine',
    means: 'The engine, or the shim below it, passes on what runsc said: the last error of its log.json.',
    checks: ['The debug logs of runsc, which say more than the one line that engines pass on.'],
    decides: BOOT_LOG,
  },
  run: {
    doing: 'running a container',
    means: 'run creates the container and starts it in one go, so either half may have failed.',
    checks: ['The innermost part of the error; then the boot and gofer logs of the same start.'],
    decides: BOOT_LOG,
  },
  create: {
    doing: 'creating the container',
    means:
      'create starts the gofer and the sandbox process, makes their cgroup and network, runs the hooks and waits until the sandbox answers.',
    checks: [
      'The gofer log and the boot log of the same second: a process that dies there leaves only an echo here.',
      'The rights of who runs runsc: namespaces, cgroups and mounts need root or a prepared rootless set-up.',
    ],
    decides: GOFER_LOG,
  },
  start: {
    doing: 'starting the container',
    means: 'start asks the sandbox, which is up already, to mount the file systems and to load the program.',
    checks: ['The program (process.args) and the mounts of config.json.', 'The end of the boot log.'],
    decides: BOOT_LOG,
  },
  'start-root': {
    doing: 'starting the first container of the sandbox',
    means:
      'The control call that starts the first container failed: mounts, the look-up of the program, or its loading.',
    checks: ['The program (process.args), its interpreter, and mounts[] of config.json.'],
    decides: BOOT_LOG,
  },
  'start-sub': {
    doing: 'starting another container of the pod',
    means: 'The sandbox of the pod runs, and one more container was to start in it.',
    checks: [
      'Whether the sandbox of the pod still runs: runsc list with the same --root.',
      'The program and the mounts of this container; those of the other containers are not concerned.',
    ],
    decides: 'the boot log of the sandbox of the pod: its id is in the annotation io.kubernetes.cri.sandbox-id',
  },
  'start-sandbox': {
    doing: 'starting the program in the sandbox',
    means: 'The sentry builds the mounts, looks the program up, and makes its first process.',
    checks: ['The innermost part of the error, which comes from the sentry itself.'],
    decides: BOOT_LOG,
  },
  'create-sandbox': {
    doing: 'bringing up the sandbox process',
    means:
      'The process of the sandbox is started in new namespaces, gets its descriptors, and reports when it is ready.',
    checks: [
      'Whether namespaces and cgroups may be made by who runs runsc.',
      'Memory and process limits of the host (dmesg, ulimit -a).',
    ],
    decides: BOOT_LOG,
  },
  'create-sub': {
    doing: 'preparing another container of the pod',
    means: 'The sandbox is told of one more container: its gofer, its descriptors and its terminal are handed over.',
    checks: ['Whether the sandbox still runs (runsc list); the number of open files of the host process.'],
    decides: BOOT_LOG,
  },
  'create-gofer': {
    doing: 'starting the gofer',
    means: 'The gofer, which serves files to the sandbox, is started as a process of its own in new namespaces.',
    checks: [
      'sysctl user.max_user_namespaces kernel.unprivileged_userns_clone kernel.apparmor_restrict_unprivileged_userns',
      'An outer container or a systemd unit that restricts clone, mount or the id maps (newuidmap, /etc/subuid).',
    ],
    decides: GOFER_LOG,
  },
  'client-sync': {
    doing: 'waiting for the sandbox to report that it is ready',
    means: 'The sandbox process closed its pipe or was not heard of: it died, or something held it up.',
    checks: ['FATAL ERROR in the gofer log, then in the boot log; dmesg for a kill.'],
    decides: GOFER_LOG,
  },
  restore: {
    doing: 'saving or restoring the container',
    means: 'The state of the sandbox is written to, or read from, the image directory.',
    checks: ['Whether --image-path holds a whole checkpoint (checkpoint.img, pages), made by the same release.'],
    decides: BOOT_LOG,
  },
  exec: {
    doing: 'starting a further program in the running container',
    means: 'The container runs; one more program (docker exec, kubectl exec) was to start in it.',
    checks: ['Whether the program, its user and its working directory exist in the container.'],
    decides: BOOT_LOG,
  },
  'exec-command': {
    doing: 'starting a further program in the running container',
    means: 'The sentry refused the program of an exec; the container itself goes on.',
    checks: ['Whether the program, its user and its working directory exist in the container.'],
    decides: BOOT_LOG,
  },
  load: {
    doing: 'looking up the container by its id',
    means:
      'A command reads the state file of a container in the state directory (--root) before it does anything else.',
    checks: [
      'runsc --root DIR list with the --root of the engine (Docker: /run/docker/runtime-runc/moby and its like; containerd: /run/containerd/runsc/k8s.io): another root shows other containers.',
      'Whether the container was deleted in the meantime.',
    ],
    decides: 'ls -l of the state directory (--root)',
  },
  signal: {
    doing: 'sending a signal into the container',
    means:
      'kill reaches the program through the sandbox, which looks the process up and delivers the signal; nothing of a start is concerned.',
    checks: [
      'Whether container and process still live: runsc state ID, runsc ps ID (numbers are those inside).',
      'If the sandbox does not answer at all: runsc kill --all ID KILL, then runsc delete -force ID.',
    ],
    decides: BOOT_LOG,
  },
  pause: {
    doing: 'pausing or resuming the container',
    means: 'pause stops all tasks of the sandbox, resume lets them go on; both are calls into a running sandbox.',
    checks: ['runsc state ID: only a running container can be paused, only a paused one resumed.'],
    decides: BOOT_LOG,
  },
  inspect: {
    doing: 'asking the sandbox about itself',
    means:
      'events, ps, state and debug ask the running sandbox for numbers, processes and stacks; that the question failed says nothing of why a container did not start.',
    checks: ['Whether the sandbox lives (runsc state ID), and whether command and sandbox are of one release.'],
    decides: BOOT_LOG,
  },
  'stop-sandbox': {
    doing: 'ending the sandbox process',
    means:
      'delete and kill end the sandbox process and wait until it is gone; a process that hangs in the kernel of the host (storage that does not answer), or a cgroup that is frozen, does not go.',
    checks: [
      'ps -o pid,stat,wchan:30,cmd -C runsc-sandbox: state D waits for the host; cat cgroup.freeze or freezer.state of its cgroup.',
      'runsc delete -force ID again; kill -9 of the pid of the sandbox as root.',
    ],
    decides: 'dmesg of that moment, and /proc/PID/stack of the sandbox process',
  },
  'state-file': {
    doing: 'keeping the state file of the container',
    means:
      'runsc keeps what it knows of a container in a file of the state directory (--root), written anew at each step.',
    checks: ['ls -la, df -h and df -i of the state directory (--root; by default /var/run/runsc).'],
    decides: 'the state directory: whether root can write and read it',
  },
  'fetch-spec': {
    doing: 'reading the spec of the container',
    means:
      'A command looks for the spec of its container, in the bundle or in the state directory, before anything else.',
    checks: ['Whether the container exists (runsc list), and config.json of the bundle.'],
    decides: 'config.json of the bundle; ls -l of the state directory (--root)',
  },
  destroy: {
    doing: 'deleting the container',
    means: 'The processes of the container are ended and its mounts, cgroup and state files are removed.',
    checks: [
      'Processes that do not end: ps -eo pid,stat,cmd | grep runsc (D means stuck in the kernel).',
      'Mounts that are left (grep ID /proc/mounts), and the cgroup of the container.',
    ],
    decides: 'ps, /proc/mounts and the cgroup of the container on the host',
  },
  'wait-container': {
    doing: 'waiting for the end of the container',
    means: 'The command that waits for the program lost the sandbox or found none.',
    checks: ['The end of the boot log: does it hold an end of the program, a panic, or nothing?', 'dmesg for a kill.'],
    decides: BOOT_LOG,
  },
  flags: {
    doing: 'reading its arguments',
    means: 'The arguments behind the command could not be read; nothing was started.',
    checks: ['runsc help COMMAND lists what this release takes behind it; global flags stand before the command.'],
    decides: 'runtimeArgs of /etc/docker/daemon.json, [runsc_config] of runsc.toml, runsc flags',
  },
  annotations: {
    doing: 'applying the annotations of the spec to its settings',
    means: 'Annotations dev.gvisor.flag.NAME of config.json change flags for one container.',
    checks: ['annotations of config.json (docker run --annotation, metadata.annotations of the pod).'],
    decides: 'annotations in config.json',
  },
  spec: {
    doing: 'reading config.json of the bundle',
    means: 'The OCI spec is read and checked before anything is started.',
    checks: ['config.json of the bundle: is it whole JSON, and does it hold what the error names?'],
    decides: 'config.json of the bundle',
  },
  cgroup: {
    doing: 'making the cgroup of the container',
    means:
      'Directories below /sys/fs/cgroup are made, limits of the spec are written into them, and processes are moved in.',
    checks: [
      'mount | grep cgroup and cat /sys/fs/cgroup/cgroup.controllers: which version, which controllers.',
      'Whether who runs runsc may write there (root, or a delegated cgroup); --ignore-cgroups leaves it out.',
      'linux.resources of config.json: a limit that the host cannot take.',
    ],
    decides: 'ls -ld of the cgroup path, and linux.cgroupsPath and linux.resources of config.json',
  },
  'cgroup-remove': {
    doing: 'removing the cgroup of the container',
    means: 'At the end the directories of the cgroup are removed; one that still has processes or children stays.',
    checks: ['cat cgroup.procs below that path: end what is left, then rmdir it.'],
    decides: 'cgroup.procs of that path',
  },
  network: {
    doing: 'setting up the network of the sandbox',
    means:
      "Interfaces, addresses and routes of the container's network namespace are copied into the sandbox, or devices are made for runsc do.",
    checks: [
      "ip addr and ip route in the container's network namespace (nsenter --net=PATH ip addr).",
      '--network=none tells whether anything else is wrong; --network=host uses the stack of the host.',
    ],
    decides: 'ip addr; ip route in the network namespace of the container',
  },
  interfaces: {
    doing: 'copying the interfaces of the network namespace',
    means:
      'Each interface with an address gets a raw socket that carries its packets, and its addresses are taken over.',
    checks: [
      'CAP_NET_ADMIN and CAP_NET_RAW of who runs runsc; a seccomp profile around it.',
      'ip addr in that namespace: an interface of a kind that cannot be taken over.',
    ],
    decides: 'ip -d link; ip addr in the network namespace of the container',
  },
  address: {
    doing: 'taking an address over from the host interface',
    means: 'The address is removed from the interface of the namespace, so that only the sandbox answers for it.',
    checks: ['CAP_NET_ADMIN of who runs runsc; whether the CNI plugin still works on that interface.'],
    decides: 'ip addr in the network namespace of the container',
  },
  'dev-weight': {
    doing: 'setting up packets through XDP',
    means: 'XDP (--EXPERIMENTAL-xdp) needs a setting of the host below /proc/sys/net/core.',
    checks: ['Whether /proc/sys is masked or read-only where runsc runs; leave --EXPERIMENTAL-xdp out.'],
    decides: 'ls -l /proc/sys/net/core/dev_weight',
  },
  urpc: {
    doing: 'calling {method|into the sandbox}',
    means: 'A command asked the sandbox through its control socket, and the sandbox answered with this error.',
    checks: ['The boot log at that moment: the call and what it did stand there.'],
    decides: BOOT_LOG,
  },
  control: {
    doing: 'connecting to the sandbox',
    means: 'Commands reach the sandbox through a control socket in the state directory, or one named after its pid.',
    checks: [
      'Whether the sandbox process still runs: ps -p PID; the end of its boot log says why not.',
      'Whether the command has the same --root and stands in the same mount and network namespace as the one that created it.',
    ],
    decides: BOOT_LOG,
  },
  // the sentry
  loader: {
    doing: 'setting up the sentry',
    means: 'The boot process sets up platform, memory, network stack, file systems and the first process.',
    checks: ['The innermost part of the error; the last records of the boot log before it.'],
    decides: BOOT_LOG,
  },
  'init-process': {
    doing: 'preparing the first process of the container',
    means: 'User, capabilities, limits and environment of process{} in config.json become a process of the sentry.',
    checks: ['process.user, process.capabilities, process.rlimits and process.env of config.json.'],
    decides: 'process{} of config.json',
  },
  process: {
    doing: 'making the first process',
    means: 'The program is opened and loaded inside the sandbox.',
    checks: ['process.args and process.cwd of config.json, and the file in the image.'],
    decides: 'process.args of config.json; ls -l of the program in the root file system',
  },
  limits: {
    doing: 'reading the limits of the process',
    means: 'process.rlimits of config.json become limits of the sentry.',
    checks: ['process.rlimits of config.json: names as in getrlimit(2), soft not above hard.'],
    decides: 'process.rlimits of config.json',
  },
  environment: {
    doing: 'reading the environment of the process',
    means: 'Every entry of process.env must read NAME=VALUE.',
    checks: ['process.env of config.json (docker run -e, env of the pod).'],
    decides: 'process.env of config.json',
  },
  capabilities: {
    doing: 'reading the capabilities of the process',
    means: 'Each name in process.capabilities must be one that this release knows.',
    checks: ['process.capabilities of config.json; newer kernels bring names that older releases lack.'],
    decides: 'process.capabilities of config.json',
  },
  'call-self': {
    doing: 'starting itself again with fewer rights',
    means:
      'boot and gofer replace themselves, as another user or with a few capabilities only, before they do their work.',
    checks: [
      'The capabilities of who runs runsc (CAP_SETUID, CAP_SETGID, CAP_SETPCAP, CAP_SYS_ADMIN); in an outer container they must be given.',
      'Whether the runsc binary can be executed by others (chmod 755, no noexec mount, readable directories above it).',
    ],
    decides: 'grep Cap /proc/self/status where runsc is started; ls -l of the runsc binary',
  },
  'death-signal': {
    doing: 'tying its life to that of its parent',
    means: 'A helper asks the kernel by prctl to be ended with its parent.',
    checks: ['A seccomp profile around runsc that forbids prctl.'],
    decides: 'dmesg | grep audit: a call that was refused',
  },
  platform: {
    doing: 'setting up the platform',
    means:
      'systrap and ptrace start stub processes and trace them, kvm opens /dev/kvm: this is where the host must play along.',
    checks: [
      'Another platform: --platform=systrap needs ptrace and seccomp, --platform=kvm a usable /dev/kvm.',
      'kernel.yama.ptrace_scope, and a seccomp profile around runsc; memory and process limits.',
    ],
    decides: 'uname -a; sysctl kernel.yama.ptrace_scope; ls -l /dev/kvm; dmesg | tail',
  },
  'memory-file': {
    doing: 'making the memory file of the sandbox',
    means: 'All memory of the programs is one memory file (memfd) of the host.',
    checks: [
      'Memory and shared memory of the host and of the memory cgroup; a seccomp profile that forbids memfd_create.',
    ],
    decides: 'free -m; the memory cgroup of the caller; dmesg | tail',
  },
  strace: {
    doing: 'switching on the trace of system calls',
    means: '--strace-syscalls names the calls that are logged.',
    checks: ['--strace-syscalls: names as this release and architecture knows them, joined by commas.'],
    decides: '--strace-syscalls in the arguments of the runtime',
  },
  // files and mounts
  'setup-mounts': {
    doing: 'preparing the file systems of the container on the host',
    means: 'The gofer mounts the root file system and every bind mount of the spec, below a directory of its own.',
    checks: [
      'root.path and mounts[] of config.json: does each source exist, and may root enter every directory above it?',
      'Inside another container mounts need CAP_SYS_ADMIN there.',
    ],
    decides: GOFER_LOG,
  },
  'mount-call': {
    doing: 'mounting on the host',
    means: 'The mount call of the host failed for the source and the destination that stand in the error.',
    checks: [
      'The same mount by hand: mount --rbind SOURCE DIR.',
      'CAP_SYS_ADMIN, and AppArmor or seccomp around runsc.',
    ],
    decides: 'dmesg | tail: file systems and security modules say there why they refuse',
  },
  'stat-call': {
    doing: 'looking at {target|the source of a mount}',
    means: 'The gofer looks at the source of a mount on the host before it mounts it.',
    checks: ['ls -ld {target|the source} on the host, as root; network file systems often keep root out.'],
    decides: 'stat {target|of the source} on the host',
  },
  'mkdir-call': {
    doing: 'making the mount point {target|}',
    means: 'A destination that the image lacks is created in the root file system.',
    checks: ['Whether the root file system can be written to by root; create {target|the directory} in the image.'],
    decides: 'ls -ld of the directory in the root file system of the bundle',
  },
  'mounts-file': {
    doing: 'reading the list of mounts from the gofer',
    means:
      'The gofer resolves the mounts and sends them to the boot process through a pipe; if it died, the list is cut short.',
    checks: ['The gofer log: its FATAL ERROR is the cause, this one follows from it.'],
    decides: GOFER_LOG,
  },
  mounts: {
    doing: 'building the file systems inside the sandbox',
    means: 'The sentry mounts the root, the overlay and every mount of the spec, in the order of their paths.',
    checks: [
      'mounts[] of config.json: type and options of the mount that the error names.',
      'The gofer log: it serves these files.',
    ],
    decides: BOOT_LOG,
  },
  submount: {
    doing: 'mounting {target|a file system} in the sandbox',
    means: 'One mount of the spec could not be made inside the sandbox.',
    checks: ['Type, source and options of the mount at {target|that path} in mounts[] of config.json.'],
    decides: BOOT_LOG,
  },
  'root-overlay': {
    doing: 'putting the overlay over the root file system',
    means: 'Writes to the root go to an overlay (--overlay2), whose data is in memory or in a file on the host.',
    checks: [
      'Whether the directory of the root file system, or that of dir=, can be written to and has room.',
      '--overlay2=root:memory or none tells whether the overlay is to blame.',
    ],
    decides: BOOT_LOG,
  },
  // the shim
  'shim-spec': {
    doing: 'reading config.json for the shim',
    means: 'containerd-shim-runsc-v1 reads config.json of the bundle before it calls runsc.',
    checks: [
      'Whether the bundle below /run/containerd still exists: a container that was removed in the meantime has none.',
    ],
    decides: 'config.json of the bundle; the journal of containerd',
  },
  'shim-volume': {
    doing: 'changing the annotations of volumes',
    means: 'The shim turns the annotations dev.gvisor.spec.mount.NAME.* of the pod into mounts that containers share.',
    checks: [
      'dev.gvisor.spec.mount annotations of the pod: each NAME needs share, type and options, and a volume of that name.',
    ],
    decides: 'metadata.annotations of the pod',
  },
};

/** What a control call of the sandbox does; the method's name says more than the wrapper. */
export const METHODS: Readonly<Record<string, keyof typeof PHASES>> = {
  'containerManager.StartRoot': 'start-root',
  'containerManager.StartSubcontainer': 'start-sub',
  'containerManager.CreateSubcontainer': 'create-sub',
  'containerManager.Execute': 'exec',
  'containerManager.ExecuteAsync': 'exec',
  'containerManager.Checkpoint': 'restore',
  'containerManager.Restore': 'restore',
  'containerManager.Wait': 'wait-container',
  'containerManager.WaitPID': 'wait-container',
  'containerManager.Destroy': 'destroy',
  'containerManager.DestroySubcontainer': 'destroy',
  'Network.CreateLinksAndRoutes': 'network',
};

/** Where no wrapper says what was done: what the process that gave up is there for. */
export const WORK: Readonly<Record<string, keyof typeof PHASES>> = {
  run: 'run',
  create: 'create',
  start: 'start',
  restore: 'restore',
  checkpoint: 'restore',
  exec: 'exec',
  delete: 'destroy',
  wait: 'wait-container',
  boot: 'loader',
  gofer: 'setup-mounts',
};
