/** Panics whose words, or whose place on the stack, tell more than that the sentry crashed: what they mean, and the way out. */

export type Panic = {
  readonly panic: RegExp;
  /** Tried on each of gVisor's own frames, `package.name`; without it the words decide. */
  readonly frame?: RegExp;
  readonly title?: string;
  /** A sentence of its own behind the description of the crash. */
  readonly what: string;
  readonly remedy: readonly string[];
  /** Where no sandbox had begun. */
  readonly leads?: 'failed-start';
};

export const PANICS: readonly Panic[] = [
  {
    panic:
      /(?:error )?(?:restoring|applying|entering|joining|setting) (?:back )?(?:the )?namespaces?.{0,80}(?:not permitted|denied|invalid)/i,
    title: 'runsc may not change namespaces here: {title}',
    what: 'runsc goes into the network namespace of the container and back while it sets the sandbox up, and the kernel did not permit it: the caller is not root of the host (rootless podman or docker), or lacks CAP_SYS_ADMIN in the user namespace that owns that namespace.',
    remedy: [
      'Run the engine as root (sudo podman), which gVisor expects.',
      'Rootless: use runsc with --rootless and --network=none or --network=host (podman --runtime-flag), in a current release; older ones cannot do it.',
      'Inside another container give it CAP_SYS_ADMIN and CAP_NET_ADMIN.',
    ],
    leads: 'failed-start',
  },
  {
    panic: /^Signal-induced panic/,
    title: 'A signal from outside made the sandbox process panic',
    what: 'It did so since somebody on the host (an operator, an engine, a script with kill or pkill) sent it the signal that --panic-signal names, or one that this release answers with a panic while no program could take it. The stacks are only a picture of that moment, and nothing in them is broken.',
    remedy: [
      'Do not send signals to the process runsc-sandbox: use docker stop, docker kill, runsc kill ID SIGNAL, which reach the program inside.',
      'Look who sent it (the journal of the engine, auditctl -a always,exit -S kill on the host), and leave --panic-signal out unless you want such a dump.',
      'Update runsc: later releases end on SIGTERM without a panic.',
    ],
  },
  {
    panic:
      /failed to create a (?:syscall|stub) thread|(?:creating|unable to create|failed to (?:create|start|fork)).{0,40}(?:stub|syscall thread|subprocess|traced)/i,
    title: 'The platform could not start a stub process on this host',
    what: 'The platform runs programs in stub processes, which it makes with clone and drives with ptrace and seccomp; the kernel of the host refused one of these, or killed the new thread. Kernels of WSL, of virtual machine hosts and of nested containers, a seccomp profile around runsc, and limits of tasks (pids cgroup, ulimit -u) do so.',
    remedy: [
      'Look at dmesg and the audit log of the host at that moment, at pids.max of the cgroup and ulimit -u, and at kernel.yama.ptrace_scope.',
      'Try another platform (--platform=ptrace, or kvm where /dev/kvm is there), and another kernel (uname -r; of WSL: wsl --update).',
      'Update runsc, and report it with uname -a and the boot log if the kernel is a stock one.',
    ],
  },
  {
    panic:
      /makeslice: len out of range|slice bounds out of range|index out of range|unexpected EOF|cannot allocate|out of memory/,
    frame: /\(\*MemoryFile\)\.Load|AsyncMFLoad|pkg\/state\/?(?:wire|pretty)?\.|\(\*Kernel\)\.LoadFrom|restore/i,
    title: 'Reading a checkpoint crashed: {title}',
    what: 'It happened while the saved memory of a checkpoint was read: its pages were taken for something else than what was written. A checkpoint made by another release of runsc, or one that is cut short, ends like this where the versions are compared only after the memory is read.',
    remedy: [
      'Restore with the release of runsc that made the checkpoint (keep that binary beside the new one), or make a new checkpoint with this release.',
      'Compare the sizes of checkpoint.img, pages.img and pages_meta.img with those at the checkpoint: a copy may have been cut.',
      'runsc --version at the checkpoint and at the restore tells whether they fit; a check before the memory is read came in the second half of 2026 only.',
    ],
  },
  {
    panic: /page size is supported|[Pp]age ?size/,
    title: 'This build of runsc does not fit the page size of the kernel: {title}',
    what: 'runsc is built for memory pages of 4 KiB, and the kernel of this host uses larger ones (16 or 64 KiB, as kernels for arm64 of Asahi, RHEL, Kylin and others do). No command of runsc works here.',
    remedy: [
      'Boot a kernel with pages of 4 KiB (getconf PAGESIZE tells which it has; distributions offer both kinds), or use another host.',
      'Update runsc: look in its release notes whether a build for that page size exists.',
    ],
  },
  {
    panic: /Sentry detected \d+ stuck task|stuck task\(s\)|watchdog/i,
    what: 'The watchdog ended it on purpose (--watchdog-action=panic), since tasks did not come back from the sentry for minutes; the stacks of those tasks stand in the dump.',
    remedy: [
      'Look at the goroutines of the tasks that the report names: a wait for a lock is a deadlock of runsc, a call to the host points to storage that does not answer (dmesg, processes in state D) or a machine that was suspended.',
      'Update runsc; with --watchdog-action=logWarning the sandbox lives on.',
    ],
  },
  {
    panic: /all goroutines are asleep/,
    what: 'Every goroutine waited for another one: a deadlock of the process, not of the program in the container.',
    remedy: ['Update runsc, and report the whole dump if it stays.'],
  },
  {
    panic: /unrecoverable overlayfs inconsistency/,
    title: 'The overlay could not finish a change, nor undo it: {title}',
    what: 'A program made, removed or renamed a file in the overlay over its root or a mount; the upper layer took the first half of the change and refused the second, and going back failed as well. Mostly there is no room for the upper layer (the filestore on a full disk, the memory limit), or the storage below answers with errors.',
    remedy: [
      'df -h and df -i of the directory of the filestore (--overlay2=...:self or dir=), the memory limit of the container, dmesg for errors of the disk.',
      'Start it with --overlay2=none, or with the overlay in another place (--overlay2=root:dir=/DIR), until then.',
      'Update runsc, and report it with this text if there is room.',
    ],
  },
  {
    panic: /dentry file type changed from/,
    title: 'A file of the host became another kind of file under the sandbox: {title}',
    what: 'The sandbox remembers what it has seen of files of the host, and one of them had become a directory, link or other kind of file when it looked again: something outside of the sandbox replaced it. The root file system is taken for the sandbox alone (--file-access=exclusive).',
    remedy: [
      'Do not change the root file system of a running container from the host; what others change belongs into a volume.',
      'Start with --file-access=shared (for the root) and --file-access-mounts=shared (for volumes), which look again each time.',
      'Update runsc: later releases answer such a change with an error rather than with a panic.',
    ],
  },
  {
    panic: /Leak checking detected \d+ leaked objects/,
    title: 'The check for leaks ended the sandbox, as it was told to: {title}',
    what: 'With --ref-leak-mode=panic runsc looks at its end for objects that nobody released, and panics over them. The programs had ended by then.',
    remedy: ['Leave --ref-leak-mode out: it is there for the development of runsc.'],
  },
  {
    panic: /(?:couldn't|failed to) (?:open|parse|read) .*mmap_min_addr/,
    title: 'runsc cannot read /proc/sys/vm/mmap_min_addr',
    what: 'runsc reads that setting as soon as it starts, whatever the command: /proc is not mounted here, or /proc/sys is masked.',
    remedy: [
      'Mount /proc where runsc is started (mount -t proc proc /proc), with /proc/sys readable.',
      'Inside another container: --security-opt systempaths=unconfined or --privileged, procMount: Unmasked.',
    ],
    leads: 'failed-start',
  },
  {
    panic:
      /not (?:savable|saveable|restorable)|[Cc]an't save pma|evictions still pending|driver version .* not found in abis map|pauseUpdates must be called before Save/,
    title: 'A checkpoint or restore crashed over something that cannot be saved: {title}',
    what: 'The state of the sandbox is saved object by object, and one of them has no way to be saved or brought back (GPU and other devices of the host, terminals, mappings of these), or the host of the restore lacks what it needs (another driver of the GPU).',
    remedy: [
      'End the programs that use the device, terminals and exec sessions before the checkpoint; restore on a host with the same drivers, and with the same release.',
      'Update runsc: later releases save more kinds of objects, and report what cannot be saved as an error.',
    ],
  },
  {
    panic:
      /ptrace (?:sysemu|syscall-enter|set options|get signal info|wait|status unexpected|get-regs)|seccomp probe failed|wait failed: the process \d+:\d+ exited|can't detach new clone|error initializing first thread/,
    title: 'The host did not let the platform trace its stub process: {title}',
    what: 'The platform stops and continues programs of the sandbox with ptrace, in stub processes on the host, and the kernel refused one step of it or the stub was gone. Kernels without PTRACE_SYSEMU (arm64 before 5.3, WSL 1), gVisor inside of gVisor, other tracers, restrictions (yama, seccomp, a nested container) and a killed stub do so.',
    remedy: [
      'uname -r, sysctl kernel.yama.ptrace_scope, dmesg of that moment (a kill, an audit line); give an outer container CAP_SYS_PTRACE and seccomp=unconfined.',
      'Use another platform: --platform=systrap in releases since mid-2023, kvm where /dev/kvm is there.',
      'Update runsc, and report it with uname -a if the kernel is a stock one.',
    ],
  },
  {
    panic:
      /stub thread \d+ failed|context queue is full|imbalanced use of spinning queue|sysmsg->|shared memory corruption|unable to allocate a sysmsg stub thread/,
    title: 'systrap lost its stub, or the memory that it shares with it: {title}',
    what: 'systrap drives programs through small memory areas that the sentry and the stub process share, and what it found there makes no sense, or the stub ended with an error. A program that writes into that memory, a kernel that handles signals or futexes in another way (nested virtual machines, gVisor inside of gVisor), limits of threads, and defects of a release lead to it.',
    remedy: [
      'Try --platform=kvm, or --platform=ptrace in releases that still have it: if that works, it is systrap on this host.',
      'dmesg of that moment (a kill, a seccomp or segfault line of exe), pids.max and ulimit -u; uname -r.',
      'Update runsc: many defects of systrap were mended in 2023 and 2024; report it with the program and the boot log if it stays.',
    ],
  },
  {
    panic:
      /machinePool is full|KVM_NR_CPUID_ENTRIES|unable to translate segment|impossible translation|error (?:creating new|initialization|mapping run data|setting) ?v?CPU|error (?:mapping|unmapping) run ?data|unexpected (?:vector|tgkill error)|LookupPTEs failed|PhysicalFor failed|error parsing \/proc\/self\/maps/,
    title: 'The KVM platform failed on this host: {title}',
    what: 'The kvm platform runs the sentry itself in a virtual machine of its own, and the kernel or the processor of the host did not do as it expects. Nested virtualisation, processors with features that KVM hides, little memory and very many sandboxes or mappings are the usual reasons.',
    remedy: [
      'Use --platform=systrap (the default since mid-2023), which needs no virtualisation.',
      'If kvm is needed, run on real hardware or a machine with full nested virtualisation; dmesg | grep -i kvm; update runsc.',
    ],
  },
  {
    panic:
      /fdDispenser out of fds|(?:dentry|socket|symlink) .*controlFDLisa is not set|controlFDLisa is not set|goferless mode is only possible/,
    what: 'Sandbox, gofer and command did not agree on the files that are handed over: a defect of this release, or two releases that work together (a binary that was replaced while sandboxes run, a shim of another release).',
    remedy: [
      'End sandboxes that were started before an update; which -a runsc containerd-shim-runsc-v1, and runsc --version of each: they have to be of one release.',
      'Update runsc, and report it with the debug logs and the mounts of the spec if all are of one release.',
    ],
  },
  {
    panic:
      /Task goroutine (?:switching|in state)|Transitioning from exit state|Invalid (?:stopCount|running count)|internal stop|running on goroutine \d+|inactive address space|active address space lost/,
    what: 'The sentry keeps book of what each task does (runs, waits, stops, ends), and two steps came in an order that it does not allow: a race in runsc, which many threads, signals, ptrace inside of the sandbox and a checkpoint bring to light.',
    remedy: [
      'Update runsc, and report it with the whole dump: the stacks of the tasks involved stand in it.',
      'Until then start the container again; fewer threads, no debugger in the sandbox and another --platform make it less likely.',
    ],
  },
  {
    panic: /concurrent map (?:writes|iteration|read)|unlock of unlocked|data race|inconsistent (?:mutex|poll)/,
    what: 'Two goroutines changed the same data at once: a race in runsc, which depends on timing and the number of processors.',
    remedy: [
      'Update runsc, and report it with the whole dump: both goroutines stand in it.',
      'Until then start the container again: such a crash seldom comes at the same place twice.',
    ],
  },
  {
    panic:
      /without holding a reference|negative ref|non-positive (?:ref ?count|count)|(?:In|De)crementing non-positive|ref(?:erence)? ?count|leaked? ref|(?:In|De)cRef\(.*(?:references|unallocated|invalid range)|already destroyed dentry|with references on the dentry|called after destroy/i,
    what: 'An object was released more often than it was taken: a mistake in the counting of references, which races and failed calls bring to light.',
    remedy: [
      'Update runsc, and report it with the whole dump if it stays: the stack shows who released the object last.',
    ],
  },
];

/** What the sentry was doing, by a function on the stack, the innermost that says something. */
export const WORKS: readonly { readonly frame: RegExp; readonly doing: string }[] = [
  { frame: /^pkg\/sentry\/syscalls\/linux\.([A-Z]\w*?)$/, doing: 'a program made the system call {name}' },
  {
    frame:
      /^pkg\/(?:sentry\/)?state\b|AsyncMFLoad|\(\*Kernel\)\.(?:LoadFrom|SaveTo)|\(\*containerManager\)\.(?:Restore|Checkpoint)/,
    doing: 'a checkpoint was written or restored',
  },
  { frame: /^runsc\/boot\.\(\*containerManager\)\.(\w+)/, doing: 'a runsc command called {name} in the sandbox' },
  {
    frame: /^pkg\/sentry\/kernel\.\(\*Task\)\.(?:Execve|execve)|^pkg\/sentry\/loader\./,
    doing: 'a program was loaded',
  },
  {
    frame: /^pkg\/sentry\/kernel\.\(\*run(?:Exit\w*|Interrupt\w*)\)\.execute/,
    doing: 'a task of a program ended or took a signal',
  },
  {
    frame:
      /^runsc\/boot\.(?:New|createPlatform|newMemoryFile|\(\*Loader\)\.(?:Run|run|createContainerProcess|startSubcontainer|startGoferMonitor))/,
    doing: 'the sandbox was being started',
  },
  { frame: /^runsc\/fsgofer\b|^runsc\/cmd\.\(\*Gofer\)/, doing: 'the gofer served files' },
  {
    frame: /^pkg\/sentry\/kernel\.\(\*runApp\)\.execute|\.switchToApp|\.SwitchToUser/,
    doing: 'the platform ran code of a program',
  },
  { frame: /^pkg\/tcpip\b/, doing: 'the network stack handled packets or timers' },
  { frame: /\.init(?:\.\d+)?$/, doing: 'runsc itself was being started, before it read its arguments' },
  { frame: /^runsc\/cmd\.\(\*(\w+)\)\.Execute/, doing: 'runsc ran its command {name}' },
];

/** What to do without, by a package on the stack of a crash that nothing else explains: the first that fits. */
export const DETOURS: readonly { readonly frame: RegExp; readonly remedy: string }[] = [
  {
    frame: /^pkg\/sentry\/devices\/nvproxy\b/,
    remedy:
      'Until then: the driver of the host that runsc nvproxy list-supported-drivers names last, fewer libraries that talk to the GPU at once, or the container without GPU.',
  },
  {
    frame: /^pkg\/sentry\/fsimpl\/overlay\b/,
    remedy:
      'Until then start with --overlay2=none (writes go to the host), or with the overlay in memory (--overlay2=root:memory).',
  },
  {
    frame: /^(?:pkg\/sentry\/fsimpl\/gofer|pkg\/lisafs|pkg\/p9|runsc\/fsgofer)\b/,
    remedy:
      'Until then try --directfs=false, --file-access=shared, or --overlay2=all:memory (nothing is written to the host then), or keep what the program works on in a tmpfs.',
  },
  {
    frame: /^pkg\/sentry\/fsimpl\/(?:tmpfs|fuse|erofs|cgroupfs|devpts|proc|sys|mqfs)\b/,
    remedy:
      'Until then keep the program from that file system: another directory or kind of mount for what it writes, no mount of that type in the spec.',
  },
  {
    frame: /^pkg\/sentry\/platform\/systrap\b/,
    remedy: 'Until then use --platform=kvm, or --platform=ptrace in releases that still have it.',
  },
  {
    frame: /^pkg\/(?:sentry\/platform\/(?:kvm|ptrace)|ring0)\b/,
    remedy: 'Until then use --platform=systrap (in releases since mid-2023).',
  },
  {
    frame: /^pkg\/sentry\/socket\/hostinet\b/,
    remedy: 'Until then use the network stack of gVisor (leave out --network=host).',
  },
  {
    frame: /^pkg\/(?:tcpip|sentry\/socket\/(?:netstack|netfilter))\b/,
    remedy:
      'Until then try --network=host, --gso=false, or without iptables rules and raw sockets inside of the sandbox.',
  },
  {
    frame: /^(?:pkg\/state|pkg\/sentry\/state)\b/,
    remedy: 'Until then go on without checkpoints of this container, or make them with fewer programs running.',
  },
  {
    frame: /^pkg\/sentry\/seccheck\b/,
    remedy: 'Until then start without trace sessions (--pod-init-config, runsc trace).',
  },
  {
    frame: /^pkg\/cpuid\b/,
    remedy: 'Until then run on another type of processor or machine (CPU type host in virtual machines).',
  },
];
