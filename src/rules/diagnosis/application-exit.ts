/** The program in the container ran and ended with a status other than 0, or by a signal. */
import type { Failure } from '../../analyzers/failures.js';
import { wasEnded } from '../operator.js';
import { defineRule, matchOf, verdictOf, type Products, type Said } from '../rule.js';

const STATUS: Said = {
  confidence: 'likely',
  title: 'The program ended with exit status {status}',
  cause:
    'The container started as it should; its program {program} ended by itself with exit status {status}{meaning}.',
  remedy: [
    'Read what the program printed before it ended (docker logs, kubectl logs).',
    'If that is not enough, run it with --strace and --debug and look at the last failing calls before exit_group: runsight summary shows which calls failed on which files.',
  ],
};

const SIGNAL: Said = {
  confidence: 'likely',
  title: 'The program was ended by signal {signal} ({name})',
  cause: 'The container started as it should; its program {program} was ended by signal {signal} ({name}){meaning}.',
  remedy: [
    'For SIGSEGV, SIGBUS, SIGILL and SIGABRT debug the program: it crashed by itself; try the same image with another runtime to see whether gVisor has a part in it.',
    'For SIGKILL look for whoever sent it: the OOM killer (dmesg), a memory limit, an operator.',
  ],
};

/** What shells and runtimes mean by some statuses. */
const MEANINGS: Readonly<Record<number, string>> = {
  125: ' (of Docker: the container could not be started)',
  126: ' (of a shell: the command was found and could not be executed)',
  127: ' (of a shell: a command was not found)',
  134: ' (128 + 6: a child ended by SIGABRT)',
  137: ' (128 + 9: a child was killed)',
  139: ' (128 + 11: a child crashed with SIGSEGV)',
  143: ' (128 + 15: a child ended by SIGTERM)',
};
const NAMES: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  31: 'SIGSYS',
};

/** How the application ended: what the sentry says of it, else what the command that waited for it returned. */
export function endingOf({ failures, runs }: Products): Failure | undefined {
  const application = failures.failures.findLast((one) => one.exit?.of === 'application');
  if (application !== undefined) return application;
  // old boot files may lack that line: run and wait return the status
  return failures.failures.findLast((one) => {
    if (one.exit?.of !== 'command') return false;
    const run = runs.runs.find((each) => each.source === one.evidence.source && each.pid === one.pid);
    return run?.command === 'run' || run?.command === 'wait' || run?.command === 'do' || run?.command === 'boot';
  });
}

export const applicationExit = defineRule({
  id: 'application-exit',
  severity: 'high',
  tier: 'aftermath',
  leads: 'app-failure',
  title: 'The program in the container failed',
  remedy: STATUS.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['runsc/cmd/boot.go (application exiting with)', 'runsc/cli/main.go (Exiting with status)'],
  judge(products) {
    const failure = endingOf(products);
    const exit = failure?.exit;
    if (failure === undefined || exit === undefined)
      return { state: 'not-applicable', why: 'no record says how the program ended' };
    const { status, signal } = exit;
    if (status === 0 || (signal !== null && wasEnded(products, signal))) return { state: 'clear' };
    const args = products.runs.runs.find((run) => run.spec !== null && run.spec.args.length > 0)?.spec?.args ?? [];
    const program = args.length === 0 ? '(unnamed in this log)' : args.join(' ').slice(0, 120);
    const said = signal !== null ? SIGNAL : STATUS;
    const faults = products.failures.failures.filter((one) => one.kind === 'fault').slice(-2);
    const evidence = [failure.evidence, ...faults.map((one) => one.evidence)] as const;
    const meaning =
      status !== null
        ? (MEANINGS[status] ?? '')
        : faults.length > 0
          ? ', after a memory fault that it did not handle'
          : '';
    return verdictOf([
      matchOf({ failure, evidence }, said, products.runs, {
        status: String(status ?? ''),
        signal: String(signal ?? ''),
        name: NAMES[signal ?? 0] ?? 'unnamed',
        program,
        meaning,
      }),
    ]);
  },
});
