/** A dump of goroutines shows tasks that have waited for a lock for minutes: they hang inside the sentry. */
import { subsystemOf } from '../../knowledge/packages.js';
import type { Goroutine } from '../../analyzers/tellings.js';
import { frameText } from '../frames.js';
import { defineRule, matchOfTellings, verdictOf, type Said } from '../rule.js';

const WAIT: Said = {
  title: 'Tasks wait for a lock inside the sentry: {site}',
  cause:
    '{count} of the dump {waits} for a lock since {minutes}, in {site}, called by {callers}: {areas}. Locks of the sentry are held for microseconds; a wait of minutes is a deadlock: whoever holds the lock waits for another one that this task, or a task behind it, holds (locks taken in opposite order). Programs that make such a call hang.',
  confidence: 'likely',
  remedy: [
    'Update runsc: such a deadlock is a defect of runsc, and many are mended in later releases.',
    'Dump all goroutines (runsc debug --stacks ID) twice, some seconds apart: the goroutine that holds the lock stands elsewhere in the dump, mostly in the same functions. Report it with the whole dump at github.com/google/gvisor/issues.',
    'Until then avoid the combination in the program that the stack shows, or restart the container when it hangs.',
  ],
};

const LOCKS = /^(?:semacquire|sync\.(?:RW)?Mutex\.R?Lock|sync\.\(\*(?:RW)?Mutex\)\.R?Lock)/;

export const sandboxLockWait = defineRule({
  id: 'sandbox-lock-wait',
  severity: 'high',
  leads: 'hang',
  title: 'Tasks wait for a lock inside the sentry',
  remedy: WAIT.remedy,
  needs: ['failures', 'tellings', 'runs'],
  sources: ['Go runtime traceback; runsc debug --stacks'],
  judge({ failures, tellings, runs }) {
    if (failures.failures.some((one) => one.kind === 'panic' || one.kind === 'watchdog')) return { state: 'clear' };
    const sites = new Map<string, Goroutine[]>();
    for (const one of tellings.goroutines) {
      const [first] = one.frames;
      if (!LOCKS.test(one.state) || one.minutes === 0 || first === undefined) continue;
      const site = frameText(first);
      sites.set(site, [...(sites.get(site) ?? []), one]);
    }
    const groups = [...sites].toSorted((a, b) => b[1].length - a[1].length);
    const most = groups[0];
    if (most === undefined) return { state: 'clear' };
    const [site, goroutines] = most;
    const [first] = goroutines as [Goroutine, ...Goroutine[]];
    const minutes = Math.max(...goroutines.map((one) => one.minutes));
    const callers = first.frames.slice(1, 4).map(frameText);
    const areas = [...new Set(first.frames.slice(0, 5).flatMap((frame) => subsystemOf(frame.package) ?? []))];
    const all = groups.flatMap(([, of]) => of).map((one) => ({ ...one, captures: {}, kind: 'goroutines' as const }));
    return verdictOf([
      matchOfTellings([all[0] as (typeof all)[number], ...all.slice(1)], WAIT, runs, {
        site,
        count: goroutines.length === 1 ? `Goroutine ${first.id}` : `${goroutines.length} goroutines`,
        waits: goroutines.length === 1 ? 'waits' : 'wait',
        minutes: minutes === 1 ? 'a minute' : `${minutes} minutes`,
        callers: callers.length === 0 ? 'functions that the dump does not show' : callers.join(' ← '),
        areas: areas.length === 0 ? 'shared code of the sentry' : areas.join('; '),
      }),
    ]);
  },
});
