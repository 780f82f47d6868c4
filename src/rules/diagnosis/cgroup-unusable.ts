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
    'cgroup-path-missing:no such file or directory': {
      title: 'cgroup {controller} is not there: {path}',
      cause:
        '{path} does not exist on this host: the cgroup controller {controller} that runsc wants to use is not mounted or not delegated (cgroup {cgroup|}).',
      remedy: [
        'Mount or enable the controller {controller} on the host (cat /proc/cgroups, mount | grep cgroup).',
        'Or start runsc with --ignore-cgroups, if limits are not needed.',
        'If the host uses cgroup v2 only, install a release of runsc that knows it (since 2022).',
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
        'The cgroup path of the spec and the driver of runsc do not fit: the engine speaks systemd ("slice:prefix:name") and runsc cgroupfs, or the other way round.',
      remedy: [
        'Use the same driver on both sides: add --systemd-cgroup=true to the runtime if engine and kubelet use systemd, remove it if they use cgroupfs (native.cgroupdriver of Docker, SystemdCgroup of containerd, cgroupDriver of the kubelet).',
        'Releases before 2022-03 have no systemd driver: update runsc.',
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
