/** Threads of a program wait for locks that are never released: each holds what the other wants. */
import type { Wait } from '../../analyzers/waits.js';
import { endingOf, wasEnded } from '../endings.js';
import { enderOf, waitedOf } from '../waiting.js';
import { defineRule, verdictOf, type Match, type Products } from '../rule.js';

/**
 * A wait for a lock that has an owner and other waiters: libraries (glibc, musl, Go's and Rust's too) mark it with the value 2. It has
 * no time-out. A join waits with FUTEX_WAIT_BITSET for the value that is the thread's id.
 */
const LOCK = /^(0x[0-9a-f]+), FUTEX_WAIT(?:\|[A-Z_|]+)?, 0x2, null,/;
/** A shorter wait is contention. */
const LONG = 1;
/** A wait that another thread may still end is worth a word when it has lasted so long. */
const NOTABLE = 10;
const NOTE = { severity: 'low', tier: 'note' } as const;

const DEADLOCK = 'That is a deadlock of the program: the threads took the locks in opposite order.';
const IDLE =
  'Another thread may still release them: it sleeps, or waits for a client or a signal. Idle threads of a pool wait in the same way (musl), and then nothing is wrong.';

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
  needs: ['failures', 'runs', 'waits'],
  sources: ['pkg/sentry/syscalls/linux/sys_futex.go (FUTEX_WAIT), pkg/sentry/strace/futex.go'],
  judge(products: Products) {
    if (endingOf(products)?.exit?.status === 0) return { state: 'clear' };
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
        // a wait for anything but a lock can end, and its thread may hold one: a timer, a socket. Idle threads of musl's wait alike
        const others = own.filter((one) => lockOf(one) === undefined);
        const isHang = others.every((one) => enderOf(one) === 'task');
        if (!isHang && seconds < NOTABLE) continue;
        const [first, second] = [...locks].map((lock) => locked.find((one) => lockOf(one) === lock)) as [Wait, Wait];
        const whole =
          others.length === 0
            ? ''
            : `, while ${others.length === 1 ? 'another thread waits' : `${others.length} others wait`} for them`;
        const ended = wasEnded(products, null) ? '; then the container was killed' : '';
        matches.push({
          ...(isHang ? {} : NOTE),
          title: isHang
            ? `Threads of ${first.comm} wait for each other’s locks for ever (deadlock)`
            : `Threads of ${first.comm} wait for locks, or for work`,
          cause: `${locked.length} threads of ${first.comm} [${tgid}] wait without a time-out for ${locks.size} different locks (futexes at ${[...locks].slice(0, 4).join(', ')}), each of which has an owner; no thread of the program runs${whole}. They had waited for ${seconds.toFixed(1)} s${ended}. ${isHang ? DEADLOCK : IDLE}`,
          remedy: REMEDY,
          confidence: isHang ? 'likely' : 'possible',
          evidence: [first.evidence, second.evidence, ...[first.end, second.end].filter((one) => one !== null)],
          order: first.order,
        });
      }
    }
    return verdictOf(matches);
  },
});
