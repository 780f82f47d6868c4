/** config.json has an empty `process.args`: nothing to start. */
import { defineRule } from '../rule.js';

export const specArgsEmpty = defineRule({
  id: 'spec-args-empty',
  severity: 'high',
  title: 'The spec names no program to run',
  needs: ['failures', 'runs'],
  sources: ['runsc/specutils/specutils.go ValidateSpec'],
  when: {
    'spec-args-empty': {
      cause: 'process.args of the spec is empty: it does not say which program to run.',
      remedy: [
        'Give the container a command: an ENTRYPOINT or CMD in the image, arguments behind the image name of docker run, or command in the pod.',
        'If you write config.json yourself, list the program and its arguments in process.args.',
      ],
    },
  },
});
