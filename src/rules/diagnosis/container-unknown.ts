/** A command names a container that does not exist under this --root, often after a start that failed. */
import { defineRule, groupErrors, matchOf, runOf, verdictOf, type Said } from '../rule.js';

const UNKNOWN: Said = {
  title: 'No container of the id {container|that was given} is known',
  cause:
    'No container of {container|that id} is known under this --root: it was never created, its start failed, it ended and was removed, or it was created with another --root. An engine that starts runsc in two ways (podman and conmon, a wrapper script, sudo for one command) without saying --root gets two different defaults (/var/run/runsc, $XDG_RUNTIME_DIR/runsc).',
  remedy: [
    'List what exists: runsc --root=DIR list, with the --root of the engine (/var/run/docker/runtime-runc/moby, /run/containerd/runsc/k8s.io).',
    'Give the same --root to all commands: root=DIR among the flags of the runtime (podman --runtime-flag root=DIR, runtimeArgs of Docker, root in runsc.toml).',
    'If its start failed, diagnose the log of create or run: it holds the cause.',
  ],
};

export const containerUnknown = defineRule({
  id: 'container-unknown',
  severity: 'medium',
  tier: 'aftermath',
  title: 'The container is not known',
  remedy: UNKNOWN.remedy,
  needs: ['failures', 'runs'],
  sources: ['runsc/container/container.go Load', 'runsc/boot/loader.go'],
  judge: ({ failures, runs }) =>
    verdictOf(
      groupErrors(failures, ({ known }) => known === 'container-unknown').map((group) => {
        // the message may not say which: the command was called with it
        const { captures } = group.failure;
        return matchOf(group, UNKNOWN, runs, {
          container: captures['container'] ?? runOf(group.failure, runs)?.container ?? '',
        });
      }),
    ),
});
