/** An entry of `process.env` is not of the form NAME=value. */
import { defineRule } from '../rule.js';

export const environmentInvalid = defineRule({
  id: 'environment-invalid',
  severity: 'high',
  title: 'An environment entry of the spec has no "="',
  needs: ['failures', 'runs'],
  sources: ['runsc/specutils/specutils.go ResolveEnvs'],
  when: {
    'environment-invalid': {
      cause: 'process.env has the entry "{name}", which is not of the form NAME=value.',
      remedy: [
        'Write it as {name}=value, or remove it from process.env (docker run -e and --env-file, env of the pod, ENV of the image).',
      ],
    },
  },
});
