/** A dump of goroutines shows tasks that have waited for a lock for minutes: they hang inside the sentry. */
import { subsystemOf } from '../../knowledge/packages.js';
import type { Goroutine, Tellings } from '../../analyzers/tellings.js';
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

const HELD: Said = {
  title: 'A goroutine of the sentry has not come back for {minutes}: {site}',
  cause:
    'Goroutine {id} of the dump has been in state "{state}" for {minutes}, in {site}, called by {callers}: {areas}. Work of the sentry on behalf of a program takes far less; the task behind it hangs, and programs that wait for it as well. Either the host does not answer (its KVM or scheduler, storage), or runsc lost a wake-up.',
  confidence: 'possible',
  remedy: [
    'Take the dump twice, some seconds apart (runsc debug --stacks ID): a goroutine that stands in the same place with more minutes is the one.',
    'Update runsc: lost wake-ups and deadlocks are mended in many releases; report it with the whole dump and the release at github.com/google/gvisor/issues if it stays.',
    'Look at dmesg of the host (hung tasks, KVM, storage), and try another platform (--platform=systrap) if the stack stands in one.',
  ],
};

/** Goroutines that wait by design, for as long as nothing happens. */
const IDLE =
  /sighandling|fdnotifier|flipcall|lisafs|fsgofer|p9\.|urpc|unet|control\/server|watchdog|\btime\.|tcpip|socket\/|WaitExited|\(\*(?:ThreadGroup|Kernel)\)\.Wait|waitContainer|startGoferMonitor|\(\*containerManager\)|epoll|pipe\.|futex|\(\*Task\)\.[Bb]lock|\(\*runInterrupt|hostcpu|timer/i;
/** States in which a goroutine works for a program, and does not only wait for a message. */
const AT_WORK = /^(?:syscall|running|runnable|IO wait)$/;

/** One that waits for something else than a lock. */
function heldOf({ goroutines }: Tellings): Goroutine | undefined {
  return goroutines
    .filter(
      ({ state, minutes, frames }) =>
        minutes > 1 &&
        AT_WORK.test(state) &&
        frames.some((frame) => /^pkg\/(?:sentry|ring0)\b/.test(frame.package)) &&
        !frames.some((frame) => IDLE.test(`${frame.package}.${frame.name}`)),
    )
    .toSorted((a, b) => b.minutes - a.minutes)[0];
}

/** What the frames of a goroutine say. */
function valuesOf({ id, state, minutes, frames }: Goroutine): Readonly<Record<string, string>> {
  const callers = frames.slice(1, 4).map(frameText);
  const areas = [...new Set(frames.slice(0, 5).flatMap((frame) => subsystemOf(frame.package) ?? []))];
  return {
    id,
    state,
    minutes: minutes === 1 ? 'a minute' : `${minutes} minutes`,
    site: frames[0] === undefined ? '' : frameText(frames[0]),
    callers: callers.length === 0 ? 'functions that the dump does not show' : callers.join(' ← '),
    areas: areas.length === 0 ? 'shared code of the sentry' : areas.join('; '),
  };
}

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
    if (most === undefined) {
      const held = heldOf(tellings);
      if (held === undefined) return { state: 'clear' };
      return verdictOf([matchOfTellings([{ ...held, captures: {}, kind: 'goroutines' }], HELD, runs, valuesOf(held))]);
    }
    const [site, goroutines] = most;
    const [first] = goroutines as [Goroutine, ...Goroutine[]];
    const minutes = Math.max(...goroutines.map((one) => one.minutes));
    const all = groups.flatMap(([, of]) => of).map((one) => ({ ...one, captures: {}, kind: 'goroutines' as const }));
    return verdictOf([
      matchOfTellings([all[0] as (typeof all)[number], ...all.slice(1)], WAIT, runs, {
        ...valuesOf({ ...first, minutes }),
        site,
        count: goroutines.length === 1 ? `Goroutine ${first.id}` : `${goroutines.length} goroutines`,
        waits: goroutines.length === 1 ? 'waits' : 'wait',
      }),
    ]);
  },
});
