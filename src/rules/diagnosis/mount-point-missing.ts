/** The destination of a mount does not exist and the root cannot be written. */
import { defineRule } from '../rule.js';

export const mountPointMissing = defineRule({
  id: 'mount-point-missing',
  severity: 'high',
  title: 'A mount point cannot be created in the image',
  needs: ['failures', 'runs'],
  sources: ['runsc/boot/vfs.go makeMountPoint'],
  when: {
    'mount-point-missing': {
      title: 'Mount point {path} is not in the image and cannot be created',
      cause: 'The mount point {path} does not exist in the image and could not be created: {errno}.',
      remedy: [
        'Create {path} in the image, or make the root writable (root.readonly false, or an overlay with --overlay2=root:memory).',
      ],
    },
  },
});
