/** Loops, dangling links, or a link that changed while it was mounted. */
import { defineRule } from '../rule.js';

export const mountSymlink = defineRule({
  id: 'mount-symlink',
  severity: 'high',
  title: 'A mount destination leads through symbolic links that cannot be followed',
  needs: ['failures', 'runs'],
  sources: ['runsc/cmd/gofer.go resolveSymlinks', 'runsc/specutils/safemount.go'],
  when: {
    'mount-symlink': {
      cause:
        'A mount destination ({destination|see the record}) goes through symbolic links of the image that runsc cannot or will not follow: {error}.',
      remedy: ['Mount at the real directory instead of a symbolic link, or correct the link in the image.'],
    },
  },
});
