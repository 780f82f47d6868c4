/** `dev.gvisor.flag.NAME` names a flag that does not exist in this release. */
import { defineRule } from '../rule.js';

export const flagAnnotationUnknown = defineRule({
  id: 'flag-annotation-unknown',
  severity: 'high',
  title: 'An annotation sets a flag that this runsc does not have',
  needs: ['failures', 'runs'],
  sources: ['runsc/config/flags.go Override'],
  when: {
    'flag-annotation-unknown': {
      title: 'An annotation sets the unknown flag {flag}',
      cause:
        'An annotation of the container (dev.gvisor.flag.{flag}) sets a flag that this release of runsc does not know.',
      remedy: ['Correct or remove the annotation; `runsc flags` lists what {version|this release} knows.'],
    },
  },
});
