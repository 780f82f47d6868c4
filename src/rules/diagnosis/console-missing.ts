/** process.terminal is true and no console socket was given, or it cannot be used. */
import { defineRule } from '../rule.js';

export const consoleMissing = defineRule({
  id: 'console-missing',
  severity: 'high',
  title: 'The spec asks for a terminal and there is none',
  needs: ['failures', 'runs'],
  sources: ['runsc/boot/loader.go, runsc/console/console.go'],
  when: {
    'console-missing': {
      cause:
        'process.terminal of the spec is true, but no terminal could be set up{path|}: the console socket is missing or does not answer.',
      remedy: [
        'Pass --console-socket to create, or set process.terminal to false.',
        'With docker or kubectl, start without -t.',
      ],
    },
  },
});
