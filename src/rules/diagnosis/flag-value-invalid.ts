/** A flag exists, its value does not. */
import { VALUES } from '../../knowledge/flags.js';
import { defineRule, groupErrors, matchOf, verdictOf, type Said } from '../rule.js';

const WHERE =
  'Correct --{flag} in the runtime arguments (runtimeArgs in /etc/docker/daemon.json, [runsc_config] in runsc.toml, the command line).';

const INVALID: Said = {
  title: '--{flag} does not take the value "{value|}"',
  cause: 'The flag --{flag} of runsc was given "{value|nothing}", which is not a valid value.{takes}',
  remedy: [WHERE, 'runsc flags says what this release takes.'],
};

const TRACE: Said = {
  title: '--strace-syscalls names an unknown system call, {name}',
  cause: 'The flag --strace-syscalls names {name}, which is no system call of this release and architecture.',
  remedy: ['Correct {name} in --strace-syscalls, or leave the flag out: all calls are logged then.'],
};

export const flagValueInvalid = defineRule({
  id: 'flag-value-invalid',
  severity: 'high',
  title: 'A flag of runsc has a value that it does not take',
  remedy: [INVALID.remedy[1] ?? ''],
  needs: ['failures', 'runs'],
  sources: ['runsc/config/config.go, runsc/config/flags.go'],
  judge({ failures, runs }) {
    return verdictOf(
      groupErrors(failures, ({ known }) => known === 'flag-value-invalid' || known === 'strace-name-unknown').map(
        (group) => {
          if (group.failure.known === 'strace-name-unknown') return matchOf(group, TRACE, runs);
          const { flag = '', error = '' } = group.failure.captures;
          const isBoolean = group.failure.error.includes('invalid boolean value') || error.includes('ParseBool');
          const known = VALUES[flag] ?? (isBoolean ? { takes: 'true, false (a flag alone is true)' } : undefined);
          const said: Said =
            known === undefined
              ? INVALID
              : {
                  ...INVALID,
                  remedy: [WHERE, `Valid are: ${known.takes}.${known.note === undefined ? '' : ` ${known.note}`}`],
                };
          const takes = known === undefined ? '' : ` It takes ${known.takes}.`;
          return matchOf(group, said, runs, { takes });
        },
      ),
    );
  },
});
