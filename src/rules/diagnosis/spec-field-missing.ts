/** A section that runsc insists on is not in config.json. */
import { defineRule } from '../rule.js';

export const specFieldMissing = defineRule({
  id: 'spec-field-missing',
  severity: 'high',
  title: 'The spec lacks a part that every container needs',
  needs: ['failures', 'runs'],
  sources: ['runsc/specutils/specutils.go ValidateSpec'],
  when: {
    'spec-field-missing': {
      title: 'The spec has no {field|part that runsc needs}',
      cause: '{field} is not set in config.json of the bundle, and runsc starts no container without it.',
      remedy: [
        'Add {field} to config.json; `runsc spec` writes a complete one to compare with.',
        'If an engine wrote the file, look there: it passed an incomplete container to the runtime.',
      ],
    },
  },
});
