/** Controllers, drivers and paths of cgroups. */
import { defineRule } from '../rule.js';

export const cgroupUnusable = defineRule({
  id: 'cgroup-unusable',
  severity: 'high',
  title: 'The cgroup of the container could not be set up',
  needs: ['failures', 'runs'],
  sources: [
    'runsc/cgroup/cgroup.go, runsc/cgroup/cgroup_v2.go, runsc/cgroup/systemd.go',
    'runsc/container/container.go setupCgroupForRoot',
  ],
  when: {
    'memory-pressure-unwatched': {
      title: 'runsc cannot watch the memory pressure of its cgroup',
      cause:
        'The sandbox was told to give memory back as soon as its memory cgroup is under pressure, and could not ask for the news of it: {error}. cgroup v2 has no such file (memory.pressure_level), and with v1 the memory controller has to be mounted and visible to the sandbox.',
      confidence: 'likely',
      remedy: [
        'Leave the setting out (of the arguments of the runtime), or run on a host with cgroup v1 and the memory controller.',
        'Update runsc.',
      ],
    },
    'cgroup-limits-unreadable': {
      title: 'The {limit} of the cgroup cannot be read',
      cause:
        'runsc makes the sandbox as large as its cgroup allows (processors, memory), and could not read the {limit} from it: {error}. The controller (cpu, cpuset or memory) is not mounted or not handed down to this cgroup, or the cgroup was removed in the meantime.',
      confidence: 'likely',
      remedy: [
        'cat /sys/fs/cgroup/cgroup.controllers (v2) or /proc/cgroups (v1), and cgroup.subtree_control of the parents: let systemd delegate it (Delegate=yes).',
        'Start with --ignore-cgroups if limits are not needed, or update runsc: newer releases go on without a controller that is missing.',
      ],
    },
    'cgroup-hierarchy-missing': {
      title: 'The shim finds no cgroup hierarchy "{controller}" on this host',
      cause:
        'The shim reads the cgroups of the new sandbox process from /proc/PID/cgroup (version 1), and the hierarchy "{controller}" is not among those that are mounted. Hosts without systemd (WSL 2, Alpine, containers) have no hierarchy named systemd; others lack a controller.',
      confidence: 'likely',
      remedy: [
        'Make the hierarchy: mkdir -p /sys/fs/cgroup/{controller}; for systemd mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd, for a controller mount -t cgroup -o {controller} cgroup DIR. Or boot the host with systemd, or with cgroup v2.',
        'Let nobody ask for systemd there: SystemdCgroup = false of containerd, cgroupDriver: cgroupfs of the kubelet, no systemd-cgroup in runsc.toml.',
        'Try another release of containerd-shim-runsc-v1 together with runsc: not every one asks for that hierarchy.',
      ],
    },
    'cgroup-path-missing:no such file or directory': {
      title: 'cgroup {controller} is not there: {path}',
      cause:
        '{path} does not exist on this host: the cgroup controller {controller} that runsc wants to use is not mounted or not delegated (cgroup {cgroup|}).',
      remedy: [
        'Mount or enable the controller {controller} on the host (cat /proc/cgroups, mount | grep cgroup).',
        'Or start runsc with --ignore-cgroups, if limits are not needed.',
        'If the host uses cgroup v2 only, install a release of runsc that knows it (since 2022).',
        'Was runsc started by ip netns exec (or another tool that makes a mount namespace)? That mounts a new /sys without the cgroups: start runsc outside, and name the network namespace in config.json (linux.namespaces, type network, path /var/run/netns/NAME).',
      ],
    },
    'cgroup-limits-contradict': {
      title: 'The limits of memory and swap in the spec do not go together: {error}',
      cause:
        'config.json sets a limit of memory and swap together (linux.resources.memory.swap) without a limit of memory, or below it, and runsc cannot turn that into values of cgroup v2: "{error}". Engines write such a value by themselves where swap was set (--memory-swap) and memory was not, nerdctl of 2022 did so with no option at all.',
      confidence: 'likely',
      remedy: [
        'Set both: --memory=512m --memory-swap=512m of docker, podman or nerdctl (limits.memory of the pod), or neither; look at linux.resources.memory of config.json.',
        'Update the engine (nerdctl after 0.22.2 leaves the value out) and runsc; --ignore-cgroups leaves all limits out.',
      ],
    },
    'cgroup-path-missing:invalid argument': {
      title: 'The kernel does not take the value for {path}',
      cause:
        'runsc wrote a limit of the spec (linux.resources) into {path}, and the kernel answered "invalid argument": the value is out of range, names processors or memory nodes that this host (or the parent cgroup) does not have, or stands before another that it depends on.',
      confidence: 'likely',
      remedy: [
        'Compare the limit in config.json (--cpus, --cpuset-cpus, --memory, --memory-swap of docker; resources of the pod) with the same file of the parent cgroup, and with /proc/cpuinfo and the size of memory.',
        'Or start runsc with --ignore-cgroups, if limits are not needed.',
      ],
    },
    'cgroup-path-missing:device or resource busy': {
      title: '{path} cannot be set now: it is in use',
      cause:
        'runsc wrote into {path}, and the kernel answered "device or resource busy": the limit is below what the cgroup uses already, or processes are in a cgroup that may hold none.',
      confidence: 'likely',
      remedy: [
        'cat cgroup.procs and the usage file in that directory; remove what is left of an earlier container of the same id (rmdir), or raise the limit.',
      ],
    },
    'cgroup-value-invalid': {
      title: 'A limit of the spec has a value that runsc cannot use',
      cause:
        'A value of linux.resources in config.json, or in a file of the cgroup, is not of the form that runsc reads: {error}.',
      confidence: 'likely',
      remedy: [
        'Processors and memory nodes are lists as in 0-3,8; weights and limits are numbers; devices have to exist. Correct the option (--cpuset-cpus, --blkio-weight-device, --memory-swap) or the resources of the pod.',
      ],
    },
    'cgroup-path-missing': {
      title: '{path} cannot be written: {errno}',
      cause: 'The cgroup file {path} cannot be used: {errno}.',
      remedy: [
        'Run as root, delegate the cgroup (systemd: Delegate=yes), or start runsc with --ignore-cgroups.',
        'Inside another container, mount cgroups writable there.',
      ],
    },
    'cgroup-process-refused:device or resource busy': {
      title: 'The cgroup {path} takes no process: controllers are handed down from it',
      cause:
        'runsc wanted to move the sandbox into {path}, and the kernel answered "{errno}". In cgroup v2 a cgroup that hands controllers down to children (cgroup.subtree_control is not empty) holds no processes itself, only its leaves do. The pod cgroup is such an inner one, with the cgroups of its containers below it.',
      confidence: 'likely',
      remedy: [
        'Use one cgroup driver on all sides: cgroupDriver: systemd of the kubelet with SystemdCgroup = true of containerd and systemd-cgroup = "true" in runsc.toml, or cgroupfs everywhere.',
        'Update runsc if it is of 2022 or older: its support of cgroup v2 was new then.',
        'Until then boot the node with cgroup v1 (systemd.unified_cgroup_hierarchy=0), or start runsc with --ignore-cgroups.',
      ],
    },
    'cgroup-process-refused': {
      title: 'No process can be moved into the cgroup {path}: {errno}',
      cause:
        'runsc wanted to move a process of the sandbox into {path}, and the kernel refused: {errno}. The cgroup is not delegated to who runs runsc, is of the threaded kind, or lacks processors or memory nodes (cpuset).',
      confidence: 'likely',
      remedy: [
        'Run as root, let systemd delegate the cgroup (Delegate=yes), and look at cgroup.type, cpuset.cpus and cpuset.mems in that directory.',
        'Or start runsc with --ignore-cgroups.',
      ],
    },
    'cgroup-delegation-refused:no such file or directory': {
      title: '{path} does not take the controllers: {errno}',
      cause:
        'The host uses cgroup v2. runsc makes the cgroup of the container itself and hands controllers down from directory to directory by writing to cgroup.subtree_control; at {path} that failed with "{errno}": the directory above does not offer the controllers, since systemd, which owns a slice such as system.slice, was not asked to delegate them. runsc runs with its systemd driver off (--systemd-cgroup is not set) while the engine names the cgroup in the way of systemd (slice:prefix:name).',
      confidence: 'likely',
      remedy: [
        'Switch the systemd driver on: --systemd-cgroup=true in the runtime arguments (systemd-cgroup = "true" in runsc.toml), so that systemd makes the cgroup; releases of 2026 switch it on by themselves where the path is of that form.',
        'Or let the engine use cgroupfs (native.cgroupdriver=cgroupfs of Docker, SystemdCgroup = false of containerd), or start runsc with --ignore-cgroups if limits are not needed.',
        'See what is offered: cat cgroup.controllers cgroup.subtree_control in each directory of {path}.',
      ],
      update: { since: '20220321.0', brings: 'it is the first whose systemd driver works.' },
    },
    'cgroup-delegation-refused:device or resource busy': {
      title: '{path} cannot hand controllers down: processes are in that cgroup',
      cause:
        'In cgroup v2 a cgroup that holds processes may not hand controllers down to others below it. Writing to {path} failed with "{errno}", since processes stand in that very cgroup (mostly inside of another container, where everything runs in the root of its cgroup namespace).',
      confidence: 'likely',
      remedy: [
        'Move the processes of that cgroup into a child of it before runsc starts (mkdir init; write their pids to init/cgroup.procs), as the images of docker in docker do.',
        'Or start runsc with --ignore-cgroups, or with --systemd-cgroup where systemd runs.',
      ],
    },
    'cgroup-delegation-refused': {
      title: '{path} does not take the controllers: {errno}',
      cause:
        'The host uses cgroup v2, where runsc hands controllers down by writing to cgroup.subtree_control; writing to {path} failed: {errno}. The cgroup is not delegated to who runs runsc, is mounted read-only (in an outer container), or a controller cannot be handed down here.',
      confidence: 'likely',
      remedy: [
        'Run as root on the host, or let systemd delegate the cgroup (Delegate=yes in the unit that starts runsc).',
        'Inside another container mount /sys/fs/cgroup writable, or start runsc with --ignore-cgroups.',
      ],
    },
    'cgroup-lookup-failed': {
      title: 'runsc could not find its own cgroup: {error}',
      cause:
        'runsc looks its own cgroup up in /proc/self/cgroup and /proc/self/mountinfo, and could not put both together ({error}): releases of early 2022 read the path of cgroup v2 once for each cgroup2 mount, so that on a host with more than one of them (a second cgroup2 mount, as some virtual machines for minikube have it) an already relative path is no absolute one any more.',
      confidence: 'likely',
      remedy: [
        'Update runsc to a release from May 2022 on, in which that defect is fixed.',
        'Until then unmount the second cgroup2 mount (grep cgroup2 /proc/self/mountinfo shows them), or start runsc with --ignore-cgroups.',
      ],
    },
    'cgroup-controller-missing': {
      title: 'The host lacks the cgroup controller {controller}',
      cause: 'The cgroup controller {controller} is needed for the limits of the spec and is not available{path|}.',
      remedy: [
        'Enable or delegate the controller {controller} (cgroup.controllers and cgroup.subtree_control of the parent), or remove the limit that needs it.',
        'Or start runsc with --ignore-cgroups.',
      ],
    },
    'cgroup-driver-mismatch': {
      title: 'The engine and runsc use different cgroup drivers',
      cause:
        'The cgroup path of the spec and the driver of runsc do not fit: the engine speaks systemd ("slice:prefix:name", a parent that ends in .slice) and runsc cgroupfs, or kubelet and engine hand over a plain path (/kubepods/...) and runsc, started with --systemd-cgroup, asks systemd for it.',
      confidence: 'likely',
      remedy: [
        'Use the same driver on both sides: add --systemd-cgroup=true to the runtime if engine and kubelet use systemd, remove it if they use cgroupfs (native.cgroupdriver of Docker, SystemdCgroup of containerd, cgroupDriver of the kubelet).',
      ],
      update: { since: '20220321.0', brings: 'earlier releases have no systemd driver.' },
    },
    'cgroup-version-unsupported': {
      title: 'This release of runsc does not know cgroup v2, which the host uses',
      cause:
        'The host offers cgroup v2 (the unified hierarchy) only, and this runsc knows cgroup v1 only: "{error}". Distributions switched to v2 in 2021.',
      remedy: [
        'Update runsc: releases since the end of 2021 can use cgroup v2.',
        'Or boot the host with cgroup v1 (kernel argument systemd.unified_cgroup_hierarchy=0), or start runsc with --ignore-cgroups.',
      ],
    },
    'cgroup-systemd-unsupported': {
      title: 'The engine uses systemd cgroups, and this release of runsc has no support for them',
      cause:
        'The engine passes --systemd-cgroup, as Docker does on hosts with cgroup v2 and kubelets do that are set to the systemd driver; releases of runsc before March 2022 refuse that flag: "{error}".',
      remedy: [
        'Update runsc: releases since March 2022 have a systemd driver. Look which binary the engine starts (runsc --version of the path in daemon.json): an old one may stand beside the new.',
        'Or let the engine use cgroupfs: "exec-opts": ["native.cgroupdriver=cgroupfs"] of Docker, SystemdCgroup = false of containerd, cgroupDriver: cgroupfs of the kubelet.',
      ],
    },
    'cgroup-systemd-denied': {
      title: 'systemd does not let this user make the cgroup',
      cause:
        'runsc was to create the cgroup through systemd over D-Bus, and systemd (or polkit) asked for authentication, which nobody could give: the caller is not root. Rootless engines talk to the systemd of the host in this way.',
      confidence: 'likely',
      remedy: [
        'Run the engine as root, or start runsc with --ignore-cgroups (podman --runtime-flag ignore-cgroups), or let podman use --cgroup-manager=cgroupfs.',
        'A polkit rule for org.freedesktop.systemd1.manage-units lets that user make units.',
      ],
    },
    'cgroup-systemd-failed': {
      title: 'systemd did not create the cgroup',
      cause: 'runsc was to create the cgroup through systemd, which failed: {error}.',
      remedy: [
        'Remove --systemd-cgroup on hosts without systemd 244 or newer; otherwise stop the unit that is in the way (systemctl stop NAME.scope).',
      ],
    },
    'cgroup-setup-failed': {
      cause: 'The cgroup of the container could not be set up: {error}.',
      remedy: [
        'Look which controllers the host offers (cat /sys/fs/cgroup/cgroup.controllers, /proc/cgroups), run as root, or start runsc with --ignore-cgroups.',
      ],
      confidence: 'likely',
    },
  },
});
