/** Only an echo of a failed start is there: a process died, and the input does not hold the record that says why. */
import { ECHOES } from '../../knowledge/echoes.js';
import { defineRule, factsOf, groupErrors, matchOf, verdictOf, type Products, type Said } from '../rule.js';

const ECHO: Said = {
  title: 'The sandbox ended before it was ready; the input does not say why',
  cause:
    '{says} That is an echo: several different causes are known to end like this, and the record that names the cause is in another file ({missing}).',
  confidence: 'possible',
  remedy: ['Collect what is listed and diagnose it together with this log.'],
};

/** What would decide, with the ids of this log. */
function collected({ runs }: Products, id: string): readonly string[] {
  const has = (command: string): boolean => runs.runs.some((run) => run.command === command);
  const name = id === '' ? 'this start' : `container ${id.slice(0, 12)}`;
  const files = ['boot', 'gofer'].filter((command) => !has(command));
  const steps: string[] = [];
  if (files.length > 0) {
    steps.push(
      `the debug log files of ${files.join(' and ')} of ${name} (runsc.log.*.${files.join('.txt, runsc.log.*.')}.txt), which stand beside that of create or run; if there are none, add --debug --debug-log=/tmp/runsc/ to the arguments of the runtime and start again`,
    );
  } else
    steps.push(
      `the output of runsc on stderr and log.json of ${name}: a process can die before it writes its debug log`,
    );
  steps.push(
    'dmesg | tail -50 and the journal at that time: OOM killer, seccomp (SIGSYS) and crashes leave no line in a log of runsc',
  );
  steps.push('runsc --version, uname -a and sysctl kernel.yama.ptrace_scope user.max_user_namespaces of the host');
  return steps;
}

export const startEcho = defineRule({
  id: 'start-echo',
  severity: 'medium',
  tier: 'symptom',
  leads: 'inconclusive',
  title: 'A start failed and the cause is in another file',
  remedy: ECHO.remedy,
  needs: ['failures', 'runs'],
  sources: [
    'runsc/sandbox/sandbox.go waitForStart (waiting for sandbox to start: EOF)',
    'runsc/cmd/boot.go (Error reading mounts file)',
    'pkg/urpc',
  ],
  judge(products) {
    const { failures, runs } = products;
    const groups = groupErrors(
      failures,
      ({ known }) => known !== null && ECHOES[known] !== undefined && ECHOES[known].quiet !== true,
    );
    return verdictOf(
      groups.map((group) => {
        const { id = '' } = factsOf(group.failure, runs);
        const missing = ['gofer', 'boot'].filter((command) => !runs.runs.some((run) => run.command === command));
        const match = matchOf(group, ECHO, runs, {
          says: ECHOES[group.failure.known ?? '']?.says ?? '',
          missing: missing.length === 0 ? 'or was never written' : `that of ${missing.join(' or ')}`,
        });
        return { ...match, collect: collected(products, id) };
      }),
    );
  },
});
