/** Threads of a program wait for locks that are never released: each holds what the other wants. */
import type { Wait } from '../../analyzers/waits.js';
import { wasEnded } from '../endings.js';
import { waitedOf } from '../waiting.js';
import { defineRule, verdictOf, type Match, type Products } from '../rule.js';

/**
 * A wait for a lock that has an owner and other waiters: libraries (glibc, musl, Go's and Rust's too) mark it with the value 2. It has
 * no time-out. A join waits with FUTEX_WAIT_BITSET for the value that is the thread's id.
 */
const LOCK = /^(0x[0-9a-f]+), FUTEX_WAIT(?:\|[A-Z_|]+)?, 0x2, null,/;
/** A shorter wait is contention. */
const LONG = 1;

const REMEDY = [
  'Make all threads take the locks in one order, or take them with a time-out; the addresses above name the two locks, a debugger (gdb -p in a native run, thread apply all bt) names the owners.',
  'Run the program under runc as well: a deadlock of its own is not tied to gVisor, but other timing shows it more often. If it never hangs there, report it with the stacks (runsc debug --stacks ID).',
];

function lockOf({ name, args }: Wait): string | undefined {
  return name === 'futex' ? LOCK.exec(args)?.[1] : undefined;
}

export const tasksDeadlocked = defineRule({
  id: 'tasks-deadlocked',
  severity: 'high',
  tier: 'aftermath',
  leads: 'hang',
  supersedes: ['application-exit'],
  title: 'Threads wait for each other’s locks for ever',
  remedy: REMEDY,
  needs: ['runs', 'waits'],
  sources: ['pkg/sentry/syscalls/linux/sys_futex.go (FUTEX_WAIT), pkg/sentry/strace/futex.go'],
  judge(products: Products) {
    const matches: Match[] = [];
    for (const { waits, busy } of products.waits?.values() ?? []) {
      const groups = new Set(waits.map(({ tgid }) => tgid));
      for (const tgid of groups) {
        const own = waits.filter((one) => one.tgid === tgid);
        // a thread that computes may still release the lock
        if (busy.some((one) => one.tgid === tgid)) continue;
        const locked = own.filter((one) => lockOf(one) !== undefined);
        const locks = new Set(locked.map(lockOf));
        const seconds = Math.min(...locked.map((one) => waitedOf(one, products)));
        if (locks.size < 2 || !(seconds >= LONG)) continue;
        // a wait for anything but a lock can end and wake a thread that holds one: a timer, a socket
        const others = own.filter((one) => lockOf(one) === undefined);
        const isSure = others.every(({ name, args }) => name === 'futex' && /, null,/.test(args));
        const [first, second] = [...locks].map((lock) => locked.find((one) => lockOf(one) === lock)) as [Wait, Wait];
        const whole =
          others.length === 0
            ? ''
            : `, while ${others.length === 1 ? 'another thread waits' : `${others.length} others wait`} for them`;
        const ended = wasEnded(products, null) ? '; then the container was killed' : '';
        matches.push({
          title: `Threads of ${first.comm} wait for each other’s locks for ever (deadlock)`,
          cause: `${locked.length} threads of ${first.comm} [${tgid}] wait without a time-out for ${locks.size} different locks (futexes at ${[...locks].slice(0, 4).join(', ')}), each of which has an owner; no thread of the program runs${whole}. They had waited for ${seconds.toFixed(1)} s${ended}. That is a deadlock of the program: the threads took the locks in opposite order.`,
          remedy: REMEDY,
          confidence: isSure ? 'likely' : 'possible',
          evidence: [first.evidence, second.evidence, ...[first.end, second.end].filter((one) => one !== null)],
          order: first.order,
        });
      }
    }
    return verdictOf(matches);
  },
});
