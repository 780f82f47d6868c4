/** What a text tells of the surroundings of a start that ended without words, and which of it is known to end starts so. */
import type { Verdict } from '../model/report.js';

export type Surrounding = {
  /** One line for each of these groups of signs (grammars/told.ts): any of a group. */
  readonly signs: readonly (readonly string[])[];
  readonly title: string;
  readonly says: string;
  readonly remedy: readonly string[];
  readonly leads?: Verdict;
};

/** The narrow ones first: the first that fits speaks. */
export const SURROUNDINGS: readonly Surrounding[] = [
  {
    signs: [['engine-old']],
    title: 'Docker {engine} is older than runsc needs (17.09)',
    says: 'The engine is Docker {engine}: before 17.09 it cannot drive another OCI runtime as runsc needs it (its containerd of then hands over no console socket and reads no error of the runtime), so that the start fails without a word of runsc.',
    remedy: [
      'Upgrade Docker to 17.09 or later, best to a current release, and restart the daemon.',
      'docker version shows client and server: the server counts.',
    ],
  },
  {
    signs: [['built-as-pie']],
    title: 'This runsc is a build of its own, position independent (PIE), which does not start in its sandbox',
    says: 'runsc was built with -buildmode=pie (by flags of a distribution, or GOFLAGS). A position-independent binary may need the dynamic loader of the host, or lie at addresses where its platform wants to put the program; runsc executes itself again in an empty root, where no loader is, and ends before it can say anything. gVisor is built and tested as a static binary without PIE.',
    remedy: [
      'Build without PIE: no -buildmode=pie in GOFLAGS or the arguments, CGO_ENABLED=0, and the branch "go" of the repository (or bazel, make copy TARGETS=runsc).',
      'Or use the released binary (storage.googleapis.com/gvisor/releases) and compare: if that one starts, it is the build.',
      'file runsc and ldd runsc tell what it is: it should say "statically linked", and not "pie".',
    ],
  },
  {
    signs: [['seccomp-around']],
    title: 'The seccomp profile around runsc forbids a call that its sandbox needs at the start',
    says: 'runsc itself runs under a seccomp profile (RuntimeDefault of a pod, the default of Docker, or one of a policy), and its child processes call pivot_root, mount, unshare and clone with namespaces to build the root of the sandbox. Where the profile denies one of these, the child ends at once, and the parent only sees the pipe close.',
    remedy: [
      'Give the pod or container in which runsc runs the profile Unconfined (securityContext.seccompProfile.type: Unconfined; docker run --security-opt seccomp=unconfined), also where an admission policy sets RuntimeDefault.',
      'Or a profile of its own that allows pivot_root, mount, umount2, unshare, clone with namespaces, setns and ptrace (type: Localhost).',
      'The boot log (--debug-log) shows "operation not permitted" at the call if that is it.',
    ],
  },
  {
    signs: [['platform-kvm'], ['kvm-device-missing']],
    title: 'The KVM platform cannot use /dev/kvm: it is not there, or closed to runsc',
    says: 'runsc is to run with the platform kvm, and the device /dev/kvm of the host is missing or may not be opened: virtualisation is off in the firmware, the module (kvm_intel, kvm_amd) is not loaded, the machine is itself a virtual one without nesting, or the rights are missing. The sandbox process ends at its start then, which the engine only sees as a closed pipe.',
    remedy: [
      'Use --platform=systrap (before 2023: ptrace), which needs no device.',
      'Or switch virtualisation on (firmware, nested virtualisation of the hypervisor), modprobe kvm_intel or kvm_amd, and see ls -l /dev/kvm as the user that runs runsc.',
    ],
  },
  {
    signs: [['platform-kvm'], ['in-virtual-machine']],
    title: 'The KVM platform inside a virtual machine (nested virtualisation) is not stable',
    says: 'runsc runs with the platform kvm inside of a virtual machine, that is with nested virtualisation: the hypervisor outside has to imitate the hardware that the platform drives in unusual ways, and starts hang, crash or end without a word there, not always the same.',
    remedy: [
      'Use another platform in virtual machines: --platform=systrap (the default since 2023), or --platform=ptrace in older releases; kvm is meant for bare metal.',
      'If it must be kvm: bare metal or instances with a virtualisation that is offered for nesting, and a current kernel on both sides.',
    ],
  },
  {
    signs: [['flag-helps']],
    title: 'It starts with {flag}, as the text says: what that flag switches is where the sandbox ended',
    says: 'The text tells that the same container starts with {flag}. So the sandbox process ended in what this flag changes{means}; the last lines of its boot log show where.',
    remedy: [
      'Keep {flag} in the arguments of the runtime (runtimeArgs in daemon.json, runsc.toml) as a way around.',
      'Update runsc, and report it at github.com/google/gvisor/issues with the boot log of a start without the flag, if the newest release does the same.',
    ],
  },
  {
    signs: [['mandatory-access-control']],
    title: 'SELinux or AppArmor of the host may have ended the sandbox at its start',
    says: 'The text speaks of SELinux in enforcing mode or of an AppArmor profile. Such a policy keeps processes of runsc from mounting or executing, they end at once, and no log of runsc tells of it.',
    remedy: [
      'ausearch -m avc -ts recent, or dmesg | grep -i denied, at the time of the start: the line names process, call and file.',
      'Start once with setenforce 0 (or --security-opt label=disable, apparmor=unconfined) to see whether that is it; then label the binary (container_runtime_exec_t) or write a rule.',
    ],
  },
  {
    signs: [['trouble-socket-mounted']],
    title: 'A Unix socket of the host is mounted into the container, which runsc does not let programs use',
    says: 'The container gets {path|a socket of the host} mounted. runsc keeps programs from sockets of the host, since that is a way out of the sandbox: with releases of 2018 the container did not even start, newer ones start it and refuse the connection. What runsc said the engine did not understand.',
    remedy: [
      'Leave the socket out, or let the program reach the server over TCP; docker run --privileged does not change it.',
      'If you trust the program with it: --host-uds=open in the arguments of the runtime (since release 20221026.0; before --fsgofer-host-uds), and mount the directory that holds the socket.',
      'Update runsc; a program that manages the engine itself (through docker.sock) is better run with the default runtime.',
    ],
  },
];

/** What the flags change with which people find a start to work. */
export const FLAG_MEANS: Readonly<Record<string, string>> = {
  directfs:
    ' (with directfs the sandbox opens files of the host itself and gets more system calls of the host allowed)',
  platform: ' (how the sandbox intercepts the calls of programs)',
  network: ' (the set-up of the network in the sandbox)',
  overlay2: ' (where changes of the root file system are kept)',
  overlay: ' (where changes of the root file system are kept)',
  gso: ' (segmentation offload of packets)',
  rootless: ' (user namespaces instead of root)',
  'file-access': ' (how files of the host are cached)',
  'ignore-cgroups': ' (cgroups of the host)',
  vfs2: ' (the newer layer of file systems)',
  'TESTONLY-unsafe-nonroot': ' (it leaves namespaces, the change of user and the empty root out)',
};
