/** The gofer ended while the container ran, and the sentry ended the container with it. */
import { endingOf, wasEnded } from '../endings.js';
import { defineRule, matchOf, verdictOf, type Said } from '../rule.js';

const LOST: Said = {
  title: 'The gofer process ended while the container ran',
  cause:
    'The sandbox lost the connection to its gofer, the process that serves the files of the host, and ended the container for it. Nobody had asked for an end: the gofer was killed (SIGKILL by the OOM killer, a memory or pids limit, an operator), or crashed.',
  confidence: 'likely',
  remedy: [
    'Look at dmesg and the journal of the host at {time}: the OOM killer names the process (runsc-gofer or exe), and its cgroup.',
    'Read the end of the gofer log of this sandbox: a panic of the gofer stands there; a log that stops without an end was cut off by a kill.',
  ],
};

export const goferLost = defineRule({
  id: 'gofer-lost',
  severity: 'high',
  tier: 'aftermath',
  leads: 'sandbox-crash',
  title: 'The gofer process ended while the container ran',
  supersedes: ['application-exit'],
  remedy: LOST.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['runsc/boot/loader.go (Gofer socket disconnected, killing container)'],
  judge(products) {
    const { sentences, runs } = products;
    const heard = sentences.get('gofer-disconnected')?.first[0];
    if (heard === undefined) return { state: 'clear' };
    const ending = endingOf(products);
    // the gofer goes after the program, too: only what died of it tells
    if (ending?.exit?.of === 'application' && ending.exit.signal !== KILL) return { state: 'clear' };
    if (ending !== undefined && runs.when(ending.evidence) < runs.when(heard.evidence)) return { state: 'clear' };
    if (ending === undefined && runs.runs.some(({ command, exit }) => command === 'boot' && exit !== null)) {
      return { state: 'clear' };
    }
    const gofer = runs.runs.findLast((run) => run.command === 'gofer');
    if (gofer?.exit !== null && gofer !== undefined) return { state: 'clear' };
    if (wasEnded(products, KILL, heard.captures['container'] ?? null)) return { state: 'clear' };
    const failure = {
      kind: 'outside' as const,
      known: 'gofer-disconnected',
      captures: heard.captures,
      error: '',
      evidence: heard.evidence,
      pid: heard.pid,
      order: ending?.order ?? 0,
    };
    const last = gofer?.last ?? null;
    return verdictOf([
      matchOf({ failure, evidence: last === null ? [heard.evidence] : [heard.evidence, last] }, LOST, runs, {
        time: heard.evidence.time ?? 'that time',
      }),
    ]);
  },
});

const KILL = 9;
