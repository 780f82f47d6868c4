/** A command names a container that does not exist under this --root, often after a start that failed. */
import { defineRule } from '../rule.js';

export const containerUnknown = defineRule({
  id: 'container-unknown',
  severity: 'medium',
  tier: 'aftermath',
  title: 'The container is not known',
  needs: ['failures', 'runs'],
  sources: ['runsc/container/container.go Load', 'runsc/boot/loader.go'],
  when: {
    'container-unknown': {
      title: 'No container of the id {container|that was given} is known',
      cause:
        'No container of that id is known under this --root: it was never created, its start failed, or it was created with another --root. An engine that starts runsc in two ways (podman and conmon, a wrapper script, sudo for one command) without saying --root gets two different defaults (/var/run/runsc, $XDG_RUNTIME_DIR/runsc).',
      remedy: [
        'List what exists: runsc --root=DIR list, with the --root of the engine (/var/run/docker/runtime-runc/moby, /run/containerd/runsc/k8s.io).',
        'Give the same --root to all commands: root=DIR among the flags of the runtime (podman --runtime-flag root=DIR, runtimeArgs of Docker, root in runsc.toml).',
        'If its start failed, diagnose the log of create or run: it holds the cause.',
      ],
    },
  },
});
