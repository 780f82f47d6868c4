/** What runsc's errors are about (grammars/subjects.ts), and what mostly stands behind them: for texts that no rule knows. */

export type Subject = {
  /** What the thing is to runsc, and what mostly goes wrong with it. Sentences. */
  readonly means: string;
  /** What to look at or to do, the likeliest first. */
  readonly checks: readonly string[];
};

export const SUBJECTS: Readonly<Record<string, Subject>> = {
  json: {
    means:
      'A file or a message is no whole JSON, or has a value of another kind than is expected: it was cut short, written by hand, or comes from a version that writes it otherwise. A cut one mostly means that whoever wrote it died, or that the disk was full.',
    checks: [
      'python3 -m json.tool FILE (config.json of the bundle, the state file below --root, daemon.json): the place of the fault.',
      'If the file is a state file of runsc: df -h of the state directory, and delete the container (runsc --root DIR delete -force ID).',
    ],
  },
  gpu: {
    means:
      "It is about a GPU: nvproxy passes the calls of NVIDIA's libraries on to the driver of the host, and knows certain driver versions and calls only; device files and libraries come from the NVIDIA container toolkit.",
    checks: [
      'runsc nvproxy list-supported-drivers against nvidia-smi on the host: another driver, or a newer runsc, or --nvproxy-driver-version.',
      '--nvproxy=true, ls -l /dev/nvidia*, and nvidia-container-cli info on the host.',
    ],
  },
  tpu: {
    means:
      'It is about a TPU: with --tpuproxy its device files (/dev/accel*, /dev/vfio) and their part of /sys are taken into the sandbox.',
    checks: ['--tpuproxy, ls -l /dev/accel* /dev/vfio on the host, and whether this release knows that kind of TPU.'],
  },
  kvm: {
    means:
      'It is about the KVM platform, which needs /dev/kvm: hardware virtualisation that is switched on, rights on the device, and in a virtual machine nested virtualisation, which is often unstable.',
    checks: [
      'ls -l /dev/kvm as the user that runs runsc; grep -cE "vmx|svm" /proc/cpuinfo; lsmod | grep kvm.',
      'Use --platform=systrap (before 2023: ptrace), which needs none of it, above all in virtual machines.',
    ],
  },
  yama: {
    means:
      'It is about the rule of the host on who may trace whom (kernel.yama.ptrace_scope): systrap and ptrace trace their stub processes.',
    checks: ['sysctl kernel.yama.ptrace_scope: 0 or 1 (2 wants CAP_SYS_PTRACE, 3 forbids it); or --platform=kvm.'],
  },
  platform: {
    means:
      'It is about the platform, by which the sentry runs the code of programs and gets their system calls: systrap and ptrace start stub processes and trace them with seccomp, kvm runs them in a virtual machine.',
    checks: [
      'Another platform in the arguments of the runtime: --platform=systrap, ptrace (older releases) or kvm.',
      'A seccomp profile around runsc, kernel.yama.ptrace_scope, limits of processes and memory, and the kernel (uname -r).',
    ],
  },
  cpu: {
    means:
      'It is about the processor or the layout of its address space: features that are missing or differ between two hosts, or an older kernel that does not show them.',
    checks: [
      'grep -m1 flags /proc/cpuinfo on each host; uname -rm; the type of the virtual machine.',
      'A newer release of runsc; for checkpoints a host with the same features, or --cpu-features where the release has it.',
    ],
  },
  'oom-score': {
    means:
      'It is about oom_score_adj: runsc sets it for the sandbox and the gofer, lower values need CAP_SYS_RESOURCE, and a process that has ended has none.',
    checks: ['process.oomScoreAdj of config.json; whether the sandbox still runs; the rights of who runs runsc.'],
  },
  'systemd-cgroup': {
    means:
      'It is about systemd as the manager of cgroups (--systemd-cgroup): runsc asks it over D-Bus for a scope, and the path has to read slice:prefix:name. Where no systemd runs (containers, WSL, minimal hosts), or engine and runsc disagree on the driver, that fails.',
    checks: [
      'One driver on all sides: SystemdCgroup of containerd, native.cgroupdriver of Docker, cgroupDriver of the kubelet, systemd-cgroup of runsc.',
      'systemctl is-system-running; ls /run/systemd/private /run/dbus/system_bus_socket. Without systemd leave --systemd-cgroup out.',
    ],
  },
  cgroup: {
    means:
      'It is about the cgroup of the container: its directory could not be made, entered or given a limit. The usual reasons: the controller is not there or not delegated, cgroup version 1 and 2 are mixed up, another driver (systemd, cgroupfs) than the engine uses, or no rights.',
    checks: [
      'stat -fc %T /sys/fs/cgroup (cgroup2fs is version 2), and cgroup.controllers and cgroup.subtree_control on the way.',
      'linux.cgroupsPath and linux.resources of config.json; --ignore-cgroups if limits are not needed.',
    ],
  },
  seccomp: {
    means:
      'It is about seccomp filters: runsc puts its own over sentry and gofer, needs a kernel that takes them, and works under a profile of an outer container only if that allows what it calls.',
    checks: [
      'The kernel (uname -r; CONFIG_SECCOMP_FILTER), and the seccomp profile around runsc: seccomp=unconfined for the outer container.',
      'linux.seccomp of config.json: runsc looks at it only with --oci-seccomp, and knows fewer actions than libseccomp.',
    ],
  },
  capabilities: {
    means:
      'It is about capabilities: runsc gives its processes only those that they need, and needs them itself first (CAP_SYS_ADMIN, CAP_SETPCAP, CAP_SYS_CHROOT and others), also within an outer container.',
    checks: [
      'grep Cap /proc/self/status where runsc is started (capsh --decode), --privileged or --cap-add for an outer container.',
      'process.capabilities of config.json: names that this release or the kernel does not know.',
    ],
  },
  checkpoint: {
    means:
      'It is about saving or restoring the state of a sandbox. It has to be restored by the same release, with the same flags, mounts and processor features, from a whole image; what belongs to the host (devices, host sockets, connections, files that changed) cannot be saved or has to be there again.',
    checks: [
      'runsc --version, flags and config.json (mounts above all) of both sides; size of the files in the image directory.',
      'What the program holds open at that moment (sockets, devices, GPUs, host files); a newer release saves more kinds of objects.',
    ],
  },
  console: {
    means:
      'It is about the terminal of the container: with process.terminal the engine hands over a socket (--console-socket) for the pseudo-terminal, and runsc opens one of the host.',
    checks: [
      'process.terminal of config.json against the call: -t of docker run, tty: true of the pod, --console-socket of runsc create.',
      'ls -l /dev/ptmx /dev/pts of the host, and whether the socket still has a listener.',
    ],
  },
  hook: {
    means:
      'It is about a hook of the spec: a program of the host that engine or toolkit put into config.json; it runs outside of the sandbox, and if one before the start fails, the container is not started.',
    checks: [
      'hooks{} of config.json: run the command by hand with the state (runsc state ID) on its standard input.',
      'The log of the toolkit that put it there (nvidia-container-toolkit, network plugins).',
    ],
  },
  'user-namespace': {
    means:
      'It is about user namespaces (rootless, or userns of the engine): ids have to be mapped, which the kernel or its policy may forbid, and newuidmap needs entries in /etc/subuid and /etc/subgid.',
    checks: [
      'sysctl user.max_user_namespaces kernel.unprivileged_userns_clone kernel.apparmor_restrict_unprivileged_userns.',
      'grep $USER /etc/subuid /etc/subgid, ls -l $(which newuidmap); or run runsc as root.',
    ],
  },
  'packet-socket': {
    means:
      'It is about the sockets through which the sandbox sends and gets its packets: raw packet sockets (CAP_NET_RAW), or XDP, and the offloads of the interface (GSO, GRO, checksums), which not every kernel and interface has.',
    checks: [
      'CAP_NET_RAW and CAP_NET_ADMIN of who runs runsc; ethtool -k INTERFACE.',
      '--gso=false, --software-gso, or without --EXPERIMENTAL-xdp; --network=none or host to see whether anything else is wrong.',
    ],
  },
  network: {
    means:
      "It is about the network of the sandbox: runsc takes interfaces, addresses and routes out of the container's network namespace and serves them with its own stack (netstack), so the namespace has to be prepared before, and runsc needs CAP_NET_ADMIN in it.",
    checks: [
      'ip addr; ip route in that namespace (nsenter --net=PATH), before runsc is started; the log of the CNI plugin.',
      '--network=none or --network=host tells whether anything else is wrong.',
    ],
  },
  namespace: {
    means:
      'It is about a namespace of Linux: one of the spec that is to be joined does not exist (any more) or may not be joined, or the kernel does not let runsc make one.',
    checks: [
      'linux.namespaces of config.json: ls -l each path; whether the pod sandbox that owns it still runs.',
      'CAP_SYS_ADMIN, and sysctl user.max_user_namespaces (user.max_net_namespaces and so on).',
    ],
  },
  resolver: {
    means:
      'It is about the files that engines make for names (/etc/resolv.conf, /etc/hosts, /etc/hostname) and mount into the container.',
    checks: ['mounts[] of config.json with those destinations: whether their sources exist and can be read by root.'],
  },
  filestore: {
    means:
      'It is about the file on the host that holds what an overlay (--overlay2) writes: it is made beside the root file system or in the directory of dir=, and is left behind where a sandbox did not end well.',
    checks: [
      'Rights and room of that directory; files .gvisor.filestore.* of containers that are gone.',
      '--overlay2=none or root:memory to go without it.',
    ],
  },
  'pid-file': {
    means: 'It is about the file in which runsc writes the pid of the sandbox for the engine.',
    checks: ['The directory of --pid-file: does it exist, can it be written, is there room?'],
  },
  'control-socket': {
    means:
      'It is about the control socket, by which commands reach the sandbox process: it stands in the state directory (--root, at most 107 bytes of path) or is abstract, and answers only as long as the sandbox lives and in the same network namespace.',
    checks: [
      'Whether the sandbox process runs (ps -ef | grep "runsc.* boot"); the end of its boot log.',
      'A shorter --root; the same --root and network namespace for all commands.',
    ],
  },
  state: {
    means:
      'It is about the state directory (--root), in which runsc keeps a file and a lock for each container: it cannot be written or read, belongs to another user, or holds what another release or a container that died left.',
    checks: [
      'ls -la of the directory (--root; by default /var/run/runsc or $XDG_RUNTIME_DIR/runsc), df -h and findmnt -T.',
      'runsc --root DIR list; delete what is left over with runsc --root DIR delete -force ID.',
    ],
  },
  descriptors: {
    means:
      'It is about file descriptors that one process of runsc hands to another: one is not open, is used twice, or too many are open. Whoever starts runsc may have left some open (without close-on-exec), which the sandbox then inherits.',
    checks: [
      'ulimit -n of the service that starts runsc; ls -l /proc/PID/fd of the process that starts it, for descriptors that it leaves open.',
      'Start runsc from another parent (a shell instead of the service), and with a newer release.',
    ],
  },
  memory: {
    means:
      'It is about memory: all memory of the programs is one memory file (memfd) that the sentry maps, so that limits of memory, of mappings (vm.max_map_count) and of the address space end in an error there.',
    checks: [
      'The memory limit of the container (memory.max) and free -m; sysctl vm.max_map_count vm.overcommit_memory; ulimit -v.',
      'dmesg | tail for a kill; a larger limit: the sentry itself needs some 30 MB and more for what it caches.',
    ],
  },
  'start-process': {
    means:
      'It is about starting a process of runsc itself: gofer and sandbox are the same binary, executed again (/proc/self/exe) in namespaces of their own. Limits of processes, a missing right, a noexec mount or /proc that is not mounted forbid it.',
    checks: [
      'ls -l of the runsc binary (755, no noexec mount), /proc mounted; getcap and file of the binary.',
      'pids.max of the cgroup, ulimit -u; CAP_SYS_ADMIN and the seccomp profile around runsc.',
    ],
  },
  gofer: {
    means:
      'It is about the gofer, the process that opens files of the host for the sandbox: a file or directory that it serves is gone or may not be opened, or the gofer itself has ended.',
    checks: [
      'The gofer log to its end; ls -ld of the path as root; network file systems often keep root out.',
      'ulimit -n where many files are open; --directfs=false or --file-access tell whether the way of access matters.',
    ],
  },
  rlimit: {
    means: 'It is about resource limits: process.rlimits of config.json, or a limit of who starts runsc.',
    checks: ['process.rlimits of config.json (names as in getrlimit(2), soft not above hard); ulimit -a.'],
  },
  sysctl: {
    means:
      'It is about a setting below /proc/sys: of the host, which may be read-only or masked inside an outer container, or of the spec (linux.sysctl), of which gVisor knows few.',
    checks: [
      'linux.sysctl of config.json (--sysctl of docker, securityContext.sysctls); ls -l of the file on the host.',
    ],
  },
  profile: {
    means:
      'It is about profiles, metrics or trace points (--profile, --metric-server, --pod-init-config), not about the container itself.',
    checks: ['Start without that flag; the socket or file that it names has to exist and to be writable.'],
  },
  strace: {
    means: 'It is about which system calls are logged (--strace-syscalls), not about the container itself.',
    checks: [
      '--strace-syscalls: names as this release and architecture knows them, joined by commas; or leave it out.',
    ],
  },
  spec: {
    means:
      'It is about config.json, the OCI spec of the container (or an annotation in it): a field is missing, has a value that runsc does not take, or this release does not know it.',
    checks: [
      'config.json of the bundle at the field that the error names; what engine or tool wrote it.',
      'Compare with a spec that runsc spec writes; a newer runsc where the engine is newer.',
    ],
  },
  mount: {
    means:
      'It is about a mount: a source that is missing or cannot be entered, a destination that cannot be made, a type or option that gVisor does not have, or no right to mount (inside of another container: CAP_SYS_ADMIN).',
    checks: [
      'mounts[] and root of config.json: ls -ld each source as root, type and options of each.',
      'The same mount by hand; dmesg | tail for what the kernel or AppArmor and SELinux say.',
    ],
  },
  device: {
    means:
      'It is about a device file: gVisor has few devices of its own, and takes those of the host in only where a flag says so (--nvproxy, --tpuproxy, /dev/net/tun).',
    checks: ['linux.devices of config.json (--device of docker); ls -l of the device on the host.'],
  },
  user: {
    means:
      'It is about a user or group: the name or number is not in /etc/passwd or /etc/group of the image, or may not be taken on.',
    checks: [
      'process.user of config.json (--user of docker, runAsUser of the pod), and /etc/passwd of the image; use numbers.',
    ],
  },
  program: {
    means:
      'It is about the program of the container: the file, its interpreter or its directory is not there, is no program of this machine, or may not be executed.',
    checks: ['process.args and process.cwd of config.json; ls -l and file of the program in the root file system.'],
  },
  flags: {
    means: 'It is about a flag or its value: this release does not know it, or not together with another.',
    checks: [
      'runsc flags (or runsc help COMMAND) of this very binary; runtimeArgs of daemon.json, [runsc_config] of runsc.toml.',
    ],
  },
  log: {
    means: 'It is about a log file: its directory is missing, full or not writable for who runs runsc.',
    checks: ['ls -ld and df -h of the directory of --debug-log, --log and --panic-log.'],
  },
};
