/** Deleting a container left something on the host: a cgroup, a mount. */
import { defineRule, groupErrors, matchOf, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const CGROUP: Said = {
  title: 'The cgroup {path} could not be removed: {errno}',
  cause:
    'Deleting the container failed since {path} could not be removed: {errno}. A cgroup directory can be removed when no process and no child cgroup is in it, whatever files it shows; {why}.',
  remedy: [
    'Look what is in it: cat {path}/cgroup.procs, ls {path}. End processes that are left, remove child cgroups first, then rmdir {path}.',
    'If /proc/cgroups or mount shows no controller {controller}, the directory is an ordinary one: remove it by hand (rm -r {path}).',
    'Update runsc: releases since October 2021 check that a controller is there before they create its cgroup, and retry the removal.',
  ],
};

const KEPT: Said = {
  title: 'The cgroup {path} could not be removed',
  cause:
    'Deleting the container stopped at its cgroup {path}: {error}. A cgroup can be removed when no process and no child cgroup is in it.',
  confidence: 'likely',
  remedy: [
    'See what is left in it: cat {path}/cgroup.procs and ls {path}; end the processes, remove child cgroups, then delete the container once more.',
  ],
};

const MOUNT: Said = {
  title: '{path} could not be unmounted: {errno}',
  cause:
    'Cleaning up after the container failed since {path} is in use ({errno}): a process that outlived the container, the sandbox or gofer among them, or a mount namespace of another process still holds it.',
  confidence: 'likely',
  remedy: [
    'Find who holds it: fuser -vm {path}, or grep -l {path} /proc/*/mountinfo. End that process, then umount {path} (umount -l as a last resort).',
  ],
};

export const cleanupIncomplete = defineRule({
  id: 'cleanup-incomplete',
  severity: 'medium',
  tier: 'aftermath',
  leads: 'degraded',
  title: 'Deleting a container left something on the host',
  remedy: CGROUP.remedy,
  needs: ['failures', 'tellings', 'runs'],
  sources: ['runsc/cgroup/cgroup.go Uninstall; runsc/container/container.go stop; containerd mount cleanup'],
  judge({ failures, tellings, runs }) {
    // Among runsc's own warnings such a line is normal; posted or handed to an engine it is what somebody ran into.
    const left = tellingsOf(tellings, ['cgroup-left'], (one) => one.kind !== 'warning' && one.kind !== 'note');
    const [mount, ...moreMounts] = tellingsOf(
      tellings,
      ['mount-left'],
      (one) => one.kind !== 'warning' && one.kind !== 'note',
    );
    const [first, ...rest] = left;
    const missing = tellingsOf(tellings, ['kernel-without']);
    const matches = [];
    if (first !== undefined) {
      const path = first.captures['path'] ?? '';
      const controller = path.split('/')[4] ?? '';
      const without = missing.find(
        (one) => one.captures['controller']?.toLowerCase().replaceAll('_', '') === controller.replaceAll('_', ''),
      );
      const why =
        without !== undefined
          ? `here the kernel is built without the controller ${controller} (${without.evidence.text.replace(/^# /, '')}), so that the directory is no cgroup but an ordinary directory in which files were created`
          : first.captures['errno']?.includes('not empty') === true
            ? `so this one is an ordinary directory, made for a controller (${controller}) that the kernel does not have or that is not mounted, or a child cgroup is left in it`
            : 'a process of the container is still there';
      matches.push(
        matchOfTellings(
          [first, ...(without === undefined ? [] : [without]), ...rest],
          { ...CGROUP, confidence: without === undefined ? 'possible' : 'likely' },
          runs,
          { controller, why },
        ),
      );
    }
    if (first === undefined) {
      const kept = groupErrors(failures, ({ known }) => known === 'cgroup-remove-failed');
      matches.push(...kept.map((group) => matchOf(group, KEPT, runs)));
    }
    if (mount !== undefined) matches.push(matchOfTellings([mount, ...moreMounts], MOUNT, runs));
    return verdictOf(matches);
  },
});
