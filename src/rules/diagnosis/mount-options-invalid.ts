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
  },
});
