/** A flag exists, its value does not. */
import { defineRule } from '../rule.js';

export const flagValueInvalid = defineRule({
  id: 'flag-value-invalid',
  severity: 'high',
  title: 'A flag of runsc has a value that it does not take',
  needs: ['failures', 'runs'],
  sources: ['runsc/config/config.go, runsc/config/flags.go'],
  when: {
    'flag-value-invalid': {
      title: '--{flag} does not take the value "{value|}"',
      cause: 'The flag --{flag} of runsc was given "{value|nothing}", which is not a valid value.',
      remedy: [
        'Correct --{flag} in the runtime arguments (runtimeArgs in /etc/docker/daemon.json, [runsc_config] in runsc.toml, the command line).',
        'Valid are: platform systrap, ptrace, kvm; network sandbox, host, none; file-access exclusive, shared; overlay2 root:self, root:memory, all:memory, root:dir=/abs/path, none.',
      ],
    },
    'strace-name-unknown': {
      title: '--strace-syscalls names an unknown system call, {name}',
      cause: 'The flag --strace-syscalls names {name}, which is no system call of this release and architecture.',
      remedy: ['Correct {name} in --strace-syscalls, or leave the flag out: all calls are logged then.'],
    },
  },
});
