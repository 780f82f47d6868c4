/** A running sandbox disappeared: others lost their connection to it, and its own log stops without an end. */
import type { Run } from '../../analyzers/runs.js';
import { endingOf, wasEnded } from '../endings.js';
import { defineRule, matchOf, verdictOf, type Products, type Said } from '../rule.js';

const KILLED: Said = {
  title: 'The sandbox process died without a word',
  cause:
    'The sandbox process (sentry) disappeared while the container ran: the command that waited for it lost the connection, and the boot log {boot} stops without an end line or a panic. It was killed from outside (SIGKILL: the OOM killer, a memory limit, an operator or an engine), or its panic went to another file.',
  confidence: 'likely',
  remedy: [
    'Look at dmesg and the journal of the host at {time}: the OOM killer names the process (runsc-sandbox or exe). If it was the memory limit, raise it: sentry and program share the limit of the container.',
    'If --panic-log is set, look there: a panic of the sentry does not stand in the debug log then.',
  ],
};

/** Calls that bring a container up. */
const START = /\.(?:StartRoot|Start(?:Subc|C)ontainer|Create\w*|Restore)$/;

/** A boot process that wrote records and no end. */
function abruptEnd({ runs }: Products): Run | undefined {
  return runs.runs.findLast((run) => run.command === 'boot' && run.exit === null && run.records > 0);
}

export const sandboxVanished = defineRule({
  id: 'sandbox-vanished',
  severity: 'high',
  tier: 'aftermath',
  leads: 'sandbox-crash',
  supersedes: ['application-exit'],
  title: 'The sandbox process disappeared while the container ran',
  remedy: KILLED.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['runsc/sandbox/sandbox.go Wait, WaitPID'],
  judge(products) {
    const { failures, sentences, runs } = products;
    const lost = (sentences.get('wait-rpc-failed')?.first ?? []).find((one) =>
      /EOF|reset|broken pipe/.test(one.captures['error'] ?? ''),
    );
    const dead = sentences.get('sandbox-found-dead')?.first[0];
    const heard = lost ?? dead;
    const closed = failures.failures.find((one) => one.known === 'urpc-closed');
    const evidence = heard?.evidence ?? closed?.evidence;
    if (evidence === undefined) return { state: 'clear' };
    const boot = abruptEnd(products);
    if (endingOf(products)?.exit?.of === 'application') return { state: 'clear' };
    if (failures.failures.some((one) => one.kind === 'panic')) return { state: 'clear' };
    if (boot === undefined && runs.runs.some((run) => run.command === 'boot')) return { state: 'clear' };
    // Nothing of the sandbox itself is there, and it died before the program ran: an echo of the start.
    if (boot === undefined && heard === undefined && START.test(closed?.captures['method'] ?? '')) {
      return { state: 'clear' };
    }
    if (wasEnded(products, null)) return { state: 'clear' };
    const failure = {
      kind: 'outside' as const,
      known: 'wait-rpc-failed',
      captures: heard?.captures ?? {},
      error: '',
      evidence,
      pid: heard?.pid ?? closed?.pid ?? null,
      order: closed?.order ?? Number.MAX_SAFE_INTEGER,
    };
    const last = boot?.last ?? null;
    return verdictOf([
      matchOf({ failure, evidence: last === null ? [evidence] : [evidence, last] }, KILLED, runs, {
        boot: boot === undefined ? '(not in the input)' : boot.source.slice(boot.source.lastIndexOf('/') + 1),
        time: last?.time ?? evidence.time ?? 'that time',
      }),
    ]);
  },
});
