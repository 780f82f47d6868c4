/** config.json cannot be parsed; the record goes on with the whole file. */
import { defineRule } from '../rule.js';

export const specMalformed = defineRule({
  id: 'spec-malformed',
  severity: 'high',
  title: 'config.json is not valid JSON',
  needs: ['failures', 'runs'],
  sources: ['runsc/specutils/specutils.go ReadSpecFromFile'],
  when: {
    'spec-malformed': {
      cause: '{path|config.json} is not a valid JSON document of an OCI spec: {error}.',
      remedy: [
        'Correct the syntax: `jq . {path|config.json}` shows the place. A comma behind the last entry, a missing bracket and a file that was cut off while it was written are the usual reasons.',
        'If an engine wrote the file, check that the disk is not full and start the container again.',
      ],
    },
  },
});
