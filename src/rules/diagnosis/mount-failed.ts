/** The host refused a mount of the spec. */
import { defineRule } from '../rule.js';

export const mountFailed = defineRule({
  id: 'mount-failed',
  severity: 'high',
  title: 'A mount of the spec failed',
  needs: ['failures', 'runs'],
  sources: ['runsc/cmd/gofer.go setupMounts'],
  when: {
    'mount-failed:permission denied': {
      cause: '{source|The source} could not be mounted at {destination|its destination}: {error}.',
      remedy: [
        'Let the gofer enter every directory above {source|the source} (it runs as root of its user namespace; network file systems often squash root), or choose another source.',
      ],
    },
    'mount-failed': {
      title: 'The mount at {destination|one destination} failed',
      cause:
        '{source|The source} could not be mounted at {destination|its destination} ({type|of an unnamed type}, options {options|none}): {error}.',
      remedy: [
        'Try the mount by hand on the host: mount --rbind {source|SOURCE} DIR. If that fails, too, correct the source or the permissions.',
        'Inside another container or a user namespace mounts need CAP_SYS_ADMIN there.',
      ],
    },
  },
});
