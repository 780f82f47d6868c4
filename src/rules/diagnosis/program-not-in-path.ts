/** The first argument has no slash, and no directory of PATH holds it. */
import { defineRule } from '../rule.js';

export const programNotInPath = defineRule({
  id: 'program-not-in-path',
  severity: 'high',
  title: 'The program to run is in no directory of PATH',
  needs: ['failures', 'runs'],
  sources: ['runsc/boot/loader.go, pkg/sentry/fsimpl/user/path.go ResolveExecutablePath'],
  when: {
    'program-not-in-path': {
      title: '{name} is not in PATH of the container',
      cause:
        'The program {name} is in none of the directories that PATH of the container names ({directories}): the image does not hold it, or PATH lacks its directory.',
      remedy: [
        'Install {name} in the image, or start it with its absolute path.',
        'If it is in the image, add its directory to PATH (ENV PATH in the Dockerfile, process.env in config.json).',
      ],
    },
  },
});
