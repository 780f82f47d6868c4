/** The watchdog waits for a start that does not come, or comes late. */
import { defineRule, groupErrors, matchOf, verdictOf, type Said } from '../rule.js';

const NEVER: Said = {
  cause:
    'The watchdog of the sandbox reports that no start command reached it within {time} after it was created: the engine stopped between create and start, or the start is stuck.',
  remedy: [
    'Look at what the engine did after create (docker or containerd log, a start file beside this log); then start or delete the container: runsc start {id|ID}.',
  ],
  confidence: 'likely',
};

const LATE: Said = {
  title: 'The container was started late: {late} s after the watchdog began to wait',
  cause:
    'The sandbox was created, and start reached it only {late} s later; its watchdog reports every start that takes longer than {time}, with the stacks of all goroutines. Then the program ran: whoever created the container waited, or was held, between create and start.',
  remedy: [
    'Find what the engine did between create and start (docker or containerd log): a slow network plugin, hooks, a machine without processor time.',
    'Nothing is to be done if the wait was meant (a container that is created beforehand): the stacks in the log are no crash.',
  ],
  confidence: 'likely',
  severity: 'medium',
  // what happened to the program afterwards is another matter, and a worse one
  tier: 'aftermath',
  leads: 'degraded',
};

export const sandboxStartHang = defineRule({
  id: 'sandbox-start-hang',
  severity: 'high',
  leads: 'hang',
  title: 'The container was created and never started',
  remedy: NEVER.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['pkg/sentry/watchdog/watchdog.go'],
  judge({ failures, sentences, runs }) {
    const started = sentences.get('process-started')?.first[0]?.evidence;
    return verdictOf(
      groupErrors(failures, ({ known }) => known === 'watchdog-start').map((group) => {
        const waited = started === undefined ? Number.NaN : runs.when(started) - runs.when(group.failure.evidence);
        if (started === undefined || !(waited >= 0)) return matchOf(group, NEVER, runs);
        const limit = Number.parseFloat(group.failure.captures['time'] ?? '0');
        const [first, ...rest] = group.evidence;
        return matchOf({ ...group, evidence: [first, started, ...rest] }, LATE, runs, {
          late: (limit + waited / 1000).toFixed(0),
        });
      }),
    );
  },
});
