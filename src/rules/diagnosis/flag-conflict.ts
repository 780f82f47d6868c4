/** Flags that are each valid do not go together. */
import { defineRule } from '../rule.js';

export const flagConflict = defineRule({
  id: 'flag-conflict',
  severity: 'high',
  title: 'Two flags of runsc exclude each other',
  needs: ['failures', 'runs'],
  sources: ['runsc/config/config.go validate'],
  when: {
    'flag-conflict': {
      cause: 'The flags of runsc do not fit together: {error}.',
      remedy: [
        'Keep one of the two in the runtime arguments: --overlay2 replaces --overlay (all:memory is the old meaning), --host-uds replaces --fsgofer-host-uds, and an overlay needs --file-access=exclusive.',
      ],
    },
  },
});
