/** Processes, namespaces, chroot and users that the host refuses. */
import { defineRule } from '../rule.js';

export const sandboxPrivileges = defineRule({
  id: 'sandbox-privileges',
  severity: 'high',
  title: 'runsc may not build the sandbox on this host',
  needs: ['failures', 'runs'],
  sources: [
    'runsc/sandbox/sandbox.go createSandboxProcess',
    'runsc/container/container.go createGoferProcess',
    'runsc/cmd/chroot.go',
    'runsc/cmd/rootless.go',
  ],
  when: {
    'process-not-created:operation not permitted': {
      title: 'A process of the sandbox could not be started: operation not permitted',
      cause:
        'runsc starts itself again for the sandbox or the gofer ({path}) in new namespaces, and the host does not permit it: the caller lacks the capabilities, user namespaces are restricted, the id mappings of the spec are not allowed, or engine and runsc run in a chroot: the kernel makes no user namespace (CLONE_NEWUSER) for a process whose root is not that of its mount namespace.',
      confidence: 'likely',
      remedy: [
        'Run as root. Inside another container, give that the capabilities (docker run --privileged, or CAP_SYS_ADMIN and an open seccomp and AppArmor profile).',
        'Allow user namespaces: sysctl user.max_user_namespaces kernel.unprivileged_userns_clone kernel.apparmor_restrict_unprivileged_userns.',
        'If the engine runs in a chroot (schroot, debootstrap, a rescue system), start it outside, or let the chroot be entered with pivot_root (systemd-nspawn, a container).',
        'If the spec has a user namespace, its mappings must cover what runsc needs; try without it.',
      ],
    },
    'process-not-created:no space left on device': {
      title: 'The host allows no more namespaces',
      cause:
        'runsc starts itself again ({path}) in new namespaces, and the host answers "no space left on device": a limit of namespaces is reached or set to 0. It has nothing to do with disks.',
      remedy: [
        'Raise the limits: sysctl -w user.max_user_namespaces=15000 (and user.max_pid_namespaces, user.max_mnt_namespaces, ...).',
      ],
    },
    'process-not-created:invalid argument': {
      title: 'The kernel of the host makes no user namespaces',
      cause:
        'runsc starts itself again for the sandbox or the gofer ({path}) in a new user namespace, and the kernel answers "invalid argument": it does not know such a namespace, or has it switched off. That is so on RHEL and CentOS 7 (kernel 3.10) as they are installed, and on kernels that were built without CONFIG_USER_NS.',
      confidence: 'likely',
      remedy: [
        'Use a newer kernel (uname -r; gVisor asks for 4.14.77 or later, current releases for 5.x), or another host.',
        'On RHEL and CentOS 7 switch them on: grubby --args="user_namespace.enable=1" --update-kernel=ALL, reboot, and sysctl -w user.max_user_namespaces=15000.',
        'Check: unshare -U true, and grep USER_NS /boot/config-$(uname -r).',
      ],
    },
    'process-not-created:no such file or directory': {
      title: 'runsc cannot start itself again: {path} is not there for it',
      cause:
        'runsc starts itself again for sandbox, gofer and helpers of the chroot by {path}, and in the place where it does that (a new mount namespace, an empty root, a container around it, the user namespace of a rootless engine) /proc is not mounted, or the binary was deleted or replaced while it ran.',
      confidence: 'likely',
      remedy: [
        'With a rootless engine (dockerd-rootless, rootless podman) runsc needs its own rootless mode: --rootless=true or runsc run/do without root; under rootless Docker only --ignore-cgroups with --network=host or none, and in part the unsafe flag --TESTONLY-unsafe-nonroot, are known to work. Use the rootful engine otherwise.',
        'ls -l /proc/self/exe where runsc is started (proc must be mounted), and start it again if the binary was updated meanwhile.',
        'Update runsc: the set-up of its chroot in user namespaces has changed several times.',
      ],
    },
    'process-not-created:permission denied': {
      title: 'A process of the sandbox could not be started: permission denied',
      cause:
        'runsc starts itself again ({path}) in a new user namespace, and the host answers "permission denied": a security module keeps user namespaces from ordinary users (AppArmor of Ubuntu since 23.10, SELinux), or the runsc binary may not be executed by the user that it becomes there (a mount with noexec, a home directory that is closed to others).',
      confidence: 'likely',
      remedy: [
        'Ubuntu: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for runsc that allows userns; or run as root.',
        'Put runsc where everyone may execute it (chmod 755 /usr/local/bin/runsc, no noexec, readable directories above it).',
        'dmesg and the audit log name the module that refused (apparmor="DENIED", avc: denied).',
      ],
    },
    'process-not-created:resource temporarily unavailable': {
      title: 'The host allows no more processes',
      cause: 'runsc could not start a process ({path}): a limit of processes or threads is reached.',
      remedy: [
        'Raise the limit of processes: ulimit -u, the pids cgroup of the caller (docker --pids-limit), kernel.pid_max and kernel.threads-max.',
      ],
    },
    'process-not-created:cannot allocate memory': {
      title: 'There is no memory for a process of the sandbox',
      cause:
        'runsc could not start a process ({path}): the host or the memory cgroup of the caller has no memory left.',
      remedy: ['Free memory or raise the limit of the cgroup that runsc starts in.'],
    },
    'process-not-created': {
      title: 'A process of the sandbox could not be started: {errno}',
      cause:
        'runsc starts itself again for the sandbox or the gofer ({path}), and the host refused with "{errno}". Which setting of the host stands behind it, the log does not say.',
      confidence: 'possible',
      tier: 'symptom',
      leads: 'inconclusive',
      remedy: [
        'Run the same runsc command by hand as root: if it works there, the service that starts runsc is restricted (a systemd unit with ProtectSystem, a read-only or noexec mount, an outer container).',
      ],
      collect: [
        'strace -f -e trace=clone,clone3,execve,mount runsc ... of the failing command: the call that gives the error',
        'the unit or container that starts runsc (systemctl cat containerd docker; docker inspect), uname -a, sysctl user.max_user_namespaces kernel.yama.ptrace_scope',
      ],
    },
    'namespaces-limited': {
      title: 'The host allows no user namespaces',
      cause:
        'A process of the sandbox could not be started in a user namespace: the host allows none (user.max_user_namespaces is 0 or used up), or keeps them from ordinary users.',
      confidence: 'likely',
      remedy: [
        'Raise it: sysctl -w user.max_user_namespaces=15000; on Debian kernel.unprivileged_userns_clone=1, on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0.',
      ],
    },
    'rootless-unsupported': {
      title: 'This does not work rootless',
      cause: 'runsc runs rootless, and that is not supported here: {error}.',
      remedy: ['Use runsc run or do with --network=none or --network=host, or run as root.'],
    },
    'privileges-missing': {
      title: 'runsc lacks capabilities to confine the sandbox',
      cause: 'runsc is to confine its sandbox process and lacks the capabilities for it: {error}.',
      remedy: ['Run as real root (or with CAP_SETUID, CAP_SETGID, CAP_SYS_ADMIN), or rootless: runsc --rootless run.'],
    },
    'identity-refused': {
      title: 'A process of the sandbox cannot take on its user or capabilities',
      cause:
        'gofer and sandbox give up what they do not need before they begin: other user and group ids (nobody, or those of the user namespace), fewer capabilities; and the kernel refused: {error}. In a user namespace only ids that are mapped can be taken on ("invalid argument" otherwise), and "operation not permitted" means that CAP_SETUID, CAP_SETGID or CAP_SETPCAP is missing.',
      confidence: 'likely',
      remedy: [
        'As root of the host it works; inside another container give that CAP_SETUID, CAP_SETGID, CAP_SETPCAP and CAP_SYS_ADMIN.',
        'Rootless or with userns: map a whole range (65536 ids, nobody among them) in /etc/subuid, /etc/subgid and linux.uidMappings, gidMappings.',
      ],
    },
    'proc-not-left': {
      title: 'The sandbox could not give up /proc',
      cause:
        'The sandbox process unmounts /proc of its chroot once it has been set up, so that nothing of the host can be reached through it, and this failed: {error}.',
      confidence: 'likely',
      remedy: [
        'Inside another container: give it CAP_SYS_ADMIN and an unmasked /proc (--privileged, procMount: Unmasked); scanners of the host that hold open files below /proc are in the way, too.',
        'Start once more; update runsc if it comes back.',
      ],
    },
    'root-propagation-refused': {
      title: 'The gofer may not change the mount of the root file system',
      cause:
        'The gofer has the root file system mounted anew in its own mount namespace (read-only where the spec says so), and the kernel refused: {error}. In a user namespace, flags that the host has set on that mount (nosuid, nodev, noexec, ro) are locked.',
      confidence: 'likely',
      remedy: [
        'findmnt -T DIR of the root file system: keep it on a mount without such flags, or run as root of the host.',
        'root.readonly false in config.json (docker run without --read-only) tells whether it is the change to read-only.',
      ],
    },
    'host-facts-unreadable': {
      title: 'runsc cannot read what it needs to know of this host',
      cause:
        'runsc takes the amount of memory and the number of processors from /proc/meminfo and /sys/devices/system/cpu, and what it found there does not do: {error}. Inside of another container these may be masked, not mounted, or made up (lxcfs).',
      confidence: 'likely',
      remedy: [
        'cat /proc/meminfo /sys/devices/system/cpu/possible where runsc is started; let the outer container have the real /proc and /sys.',
      ],
    },
    'memory-file-refused': {
      title: 'The sandbox cannot make the file for its memory: {errno}',
      cause:
        'All memory of the programs is one memory file (memfd_create), and the kernel of the host refused it: {errno}. "function not implemented" and "operation not permitted" come of a seccomp profile around runsc or a kernel before 3.17, "permission denied" of vm.memfd_noexec=2, "too many open files" of a limit.',
      confidence: 'likely',
      remedy: [
        'sysctl vm.memfd_noexec (0 or 1), ulimit -n, uname -r of the host.',
        'Inside another container: --security-opt seccomp=unconfined for that one, and memory in its limit.',
      ],
    },
    'gofer-channel-refused': {
      title: 'Sandbox and gofer could not set up their shared memory',
      cause:
        'Sandbox and gofer talk through small memory files (memfd) that both map, and that failed: {error}. Either the host refused memory, mappings or descriptors (limits, a seccomp profile around runsc), or the other process ended in the middle.',
      confidence: 'likely',
      remedy: [
        'Read the gofer log to its end, and dmesg of that moment: if the gofer died, its last record is the cause.',
        'ulimit -n, ulimit -v, sysctl vm.max_map_count vm.memfd_noexec, the memory limit of the cgroup.',
      ],
    },
    'gofer-root-refused': {
      title: 'The gofer could not make a root of its own',
      cause:
        'The gofer puts /proc and the root file system together on a tmpfs at /proc/fs, in a mount namespace of its own, and changes its root to that; the host refused: {error}.',
      confidence: 'likely',
      remedy: [
        'As root of the host it works. Inside another container: --privileged, or CAP_SYS_ADMIN with an unmasked /proc (--security-opt systempaths=unconfined, procMount: Unmasked) and open seccomp and AppArmor profiles.',
        'dmesg and ausearch -m avc show a refusal by SELinux or AppArmor; device or resource busy: start again.',
      ],
    },
    'chroot-failed': {
      title: 'The chroot of the sandbox could not be set up',
      cause: 'The boot process could not set up its chroot: {error}.',
      remedy: [
        'invalid argument: pivot_root needs a root that is a mount point with a parent. Where the host (or the bundle) lives on its initramfs (rootfs, ramfs, a diskless or live system), there is none: boot from a real root file system, or switch_root to a tmpfs or disk before runsc is started.',
        'device or resource busy: something on the host holds the new mount (a scanner, an indexer): start again, and look for it if it comes back.',
        'operation not permitted: inside another container, give that CAP_SYS_ADMIN and an unmasked /proc (procMount: Unmasked, --privileged).',
      ],
    },
    'pivot-root-failed': {
      title: 'pivot_root is not possible here',
      cause:
        'The gofer could not change its root: {errno}. The root mount of this host has no parent (an initramfs), or pivot_root is not allowed.',
      remedy: ['Run from a real root file system; inside another container, give that CAP_SYS_ADMIN.'],
    },
  },
});
