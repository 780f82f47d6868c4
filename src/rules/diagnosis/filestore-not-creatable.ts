/** The default --overlay2=root:self keeps a file in the root directory, which cannot be written. */
import { defineRule } from '../rule.js';

export const filestoreNotCreatable = defineRule({
  id: 'filestore-not-creatable',
  severity: 'high',
  title: "The overlay's backing file cannot be created",
  needs: ['failures', 'runs'],
  sources: ['runsc/container/container.go createGoferFilestoreInSelf'],
  when: {
    'filestore-not-creatable': {
      title: 'No filestore can be created in {path}',
      cause:
        'The overlay keeps its data in a file in {path} (--overlay2=root:self, the default since 2023), and it cannot be created there: {errno}.',
      remedy: [
        'Use --overlay2=root:memory or --overlay2=none, if {path} is to stay as it is.',
        'Or make {path} writable for runsc, with room left on its file system.',
      ],
    },
  },
});
