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
    panic: /concurrent map (?:writes|iteration|read)|unlock of unlocked|data race|inconsistent (?:mutex|poll)/,
    what: 'Two goroutines changed the same data at once: a race in runsc, which depends on timing and the number of processors.',
    remedy: [
      'Update runsc, and report it with the whole dump: both goroutines stand in it.',
      'Until then start the container again: such a crash seldom comes at the same place twice.',
    ],
  },
  {
    panic:
      /without holding a reference|negative ref|non-positive (?:ref ?count|count)|(?:In|De)crementing non-positive|ref(?:erence)? ?count|leaked? ref/i,
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
