/** The sentry mounts it, with options that its file system does not take. */
import { defineRule } from '../rule.js';

export const mountOptionsInvalid = defineRule({
  id: 'mount-options-invalid',
  severity: 'high',
  title: 'A file system of the sandbox refuses its mount options',
  needs: ['failures', 'runs'],
  sources: ['runsc/boot/vfs.go mountSubmount'],
  when: {
    'mount-options-invalid': {
      title: 'The {type} mount at {path} is refused: {errno}',
      cause:
        'The sentry cannot mount {type} at {path} ({errno}); its options are "{options}", and one of them has a value that {type} does not take.',
      remedy: [
        'Correct the options of the mount at {path} in config.json (docker run --tmpfs {path}:OPTIONS, --mount): sizes are numbers with k, m or g, modes octal.',
      ],
    },
    'shared-mount-conflict': {
      title: 'A volume that containers share is read-only, and one of them wants to write',
      cause:
        'A volume of the pod is shared between its containers by annotations (dev.gvisor.spec.mount.NAME.*), the first mount of it is read-only, and this container mounts it read-write.',
      remedy: [
        'Make both alike: leave ro out of dev.gvisor.spec.mount.NAME.options (or readOnly out of the first mount), or mount it read-only here as well.',
      ],
    },
  },
});
