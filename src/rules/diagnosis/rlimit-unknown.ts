/** `process.rlimits` has a name that Linux does not know; the boot process dies of it and the command only sees EOF. */
import { defineRule } from '../rule.js';

export const rlimitUnknown = defineRule({
  id: 'rlimit-unknown',
  severity: 'high',
  title: 'The spec names a resource limit that does not exist',
  needs: ['failures', 'runs'],
  sources: ['runsc/boot/limits.go createLimitSet'],
  when: {
    'rlimit-unknown': {
      title: 'The spec sets an unknown resource limit, {name}',
      cause:
        'process.rlimits names {name}, which is not a resource limit of Linux; the boot process ends over it, and the command only sees its pipe close (EOF).',
      remedy: [
        "Correct or remove {name} in process.rlimits of config.json (docker run --ulimit, or the engine's default ulimits); for open files the name is RLIMIT_NOFILE.",
      ],
    },
  },
});
