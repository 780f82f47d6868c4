/** A namespace that the spec wants to join does not exist. */
import { defineRule, groupErrors, matchOf, specOf, verdictOf, type Said } from '../rule.js';

const MISSING: Said = {
  title: 'The {kind} namespace {path} does not exist',
  cause:
    'The spec tells the container to join the {kind} namespace at {path}, and that path does not exist ({errno}): the namespace was removed, was never created, or belongs to a pod that is gone.',
  remedy: [
    'Create the {kind} namespace again{how}, or correct linux.namespaces[].path in config.json.',
    'Under Kubernetes delete the pod, so that the CNI plugin sets up a new one; a reboot or a restart of containerd removes such paths.',
  ],
};

const REFUSED: Said = {
  title: 'The kernel does not let runsc change its namespace: {errno}',
  cause:
    'runsc was to enter {path|the namespaces of the spec, or a user namespace of its own}, and the kernel answered "{errno}". Entering a namespace takes CAP_SYS_ADMIN in the user namespace that owns it, and a user namespace cannot be entered by a process with several threads or twice.',
  confidence: 'likely',
  remedy: [
    'Run runsc (or the engine) as root of the host; inside another container, with CAP_SYS_ADMIN and an open seccomp profile.',
    'Rootless: let the engine create the namespaces, so that they belong to the same user namespace as runsc; nsenter --net=PATH true, as the same user, gives the same answer.',
    'Kernels and distributions may forbid user namespaces: sysctl user.max_user_namespaces kernel.unprivileged_userns_clone kernel.apparmor_restrict_unprivileged_userns.',
  ],
};

const NAMES: Readonly<Record<string, string>> = { net: 'network', network: 'network', ns: 'mount', mnt: 'mount' };

export const namespaceMissing = defineRule({
  id: 'namespace-missing',
  severity: 'high',
  title: 'A namespace that the spec wants to join does not exist',
  remedy: MISSING.remedy,
  needs: ['failures', 'runs'],
  sources: ['runsc/specutils/namespace.go StartInNS, ApplyNS', 'runsc/sandbox/network.go joinNetNS'],
  judge({ failures, runs }) {
    const groups = groupErrors(failures, ({ known }) => known === 'namespace-missing' || known === 'namespace-refused');
    return verdictOf(
      groups.map((group) => {
        if (group.failure.known === 'namespace-refused') return matchOf(group, REFUSED, runs);
        const { path = '' } = group.failure.captures;
        const listed = Object.entries(specOf(group.failure, runs)?.namespaces ?? {}).find(
          ([, where]) => where === path,
        )?.[0];
        const guessed = /\/netns\/|\/ns\/net$/.test(path) ? 'network' : (/\/ns\/(\w+)$/.exec(path)?.[1] ?? '');
        const kind = NAMES[listed ?? guessed] ?? listed ?? guessed;
        const how =
          kind === 'network' && path.includes('/netns/')
            ? ` (ip netns add ${path.slice(path.lastIndexOf('/') + 1)})`
            : '';
        return matchOf(group, MISSING, runs, { kind: kind === '' ? 'unnamed' : kind, how });
      }),
    );
  },
});
