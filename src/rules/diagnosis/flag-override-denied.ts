/** The spec carries an annotation `dev.gvisor.flag.*` and the runtime does not allow it. */
import { defineRule } from '../rule.js';

export const flagOverrideDenied = defineRule({
  id: 'flag-override-denied',
  severity: 'high',
  title: 'An annotation may not change a flag of runsc',
  needs: ['failures', 'runs'],
  sources: ['runsc/config/flags.go Override'],
  when: {
    'flag-override-denied': {
      title: 'An annotation may not set the flag {flag|of runsc}',
      cause:
        'An annotation of the container (dev.gvisor.flag.{flag|NAME}) wants to set the flag {flag|of runsc} to "{value|another value}", and this runtime does not let containers change its flags.',
      remedy: [
        'Remove the annotation dev.gvisor.flag.{flag|NAME} from the pod or config.json, or set --{flag|NAME} for the runtime itself.',
        'If you trust whoever writes specs on this host, add --allow-flag-override to the arguments of the runtime.',
      ],
    },
  },
});
