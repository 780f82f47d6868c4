/** A capability set of the spec holds an unknown name. */
import { defineRule } from '../rule.js';

export const capabilityUnknown = defineRule({
  id: 'capability-unknown',
  severity: 'high',
  title: 'The spec names a capability that runsc does not know',
  needs: ['failures', 'runs'],
  sources: ['runsc/specutils/specutils.go Capabilities', 'runsc/cmd/capability.go applyCaps'],
  when: {
    'capability-unknown': {
      title: 'The spec asks for an unknown capability, {name}',
      cause:
        'process.capabilities of the spec names {name}, which this runsc does not know: the name is misspelt, or younger than this release.',
      remedy: [
        'Remove or correct {name} (docker run --cap-add, capabilities.add of the pod, process.capabilities of config.json).',
        'If Linux has the capability, install a newer release of runsc.',
      ],
    },
  },
});
