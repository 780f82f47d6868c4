/** The watchdog found tasks that have been inside of the sentry for minutes. */
import { defineRule, matchOf, verdictOf, type Said } from '../rule.js';

const STUCK: Said = {
  title: '{tasks} task(s) are stuck inside of the sentry',
  cause:
    'The watchdog of the sentry found {tasks} task(s) that did not come back from a system call for minutes: what they wait for on the host does not answer (a frozen or slow disk or network file system under a mount), or the sentry has a deadlock.',
  confidence: 'likely',
  remedy: [
    'Look at the goroutines behind the record: a stack that ends in a host call (pread, fstat, futex of a lock held by it) names what is waited for. Check the storage below the mounts of the container (dmesg, iostat).',
    'A machine that was suspended or starved of CPU gives the same report once and goes on.',
    'If the stacks show only locks of the sentry, report them at github.com/google/gvisor/issues; --watchdog-action=panic ends such a sandbox instead of leaving it.',
  ],
};

export const watchdogStuckTasks = defineRule({
  id: 'watchdog-stuck-tasks',
  severity: 'high',
  leads: 'hang',
  title: 'Tasks are stuck inside of the sentry',
  remedy: STUCK.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['pkg/sentry/watchdog/watchdog.go report'],
  judge({ failures, sentences, runs }) {
    const heard = sentences.get('watchdog-stuck');
    const [first, ...rest] = heard?.first ?? [];
    if (first === undefined) return { state: 'clear' };
    const same = failures.failures.find(
      (one) => one.evidence.source === first.evidence.source && one.evidence.line === first.evidence.line,
    );
    const failure = {
      kind: 'watchdog' as const,
      known: 'watchdog-stuck',
      captures: first.captures,
      error: '',
      evidence: first.evidence,
      pid: first.pid,
      order: same?.order ?? 0,
    };
    return verdictOf([
      matchOf({ failure, evidence: [first.evidence, ...rest.slice(0, 2).map((one) => one.evidence)] }, STUCK, runs),
    ]);
  },
});
