/** A task is held in a call that does not wait by nature: opening a FIFO that nobody writes to, a file lock, a file of a stuck host. */
import type { Wait } from '../../analyzers/waits.js';
import { endingOf, senderOf } from '../endings.js';
import { canAnyGoOn, pathOf, waitedOf } from '../waiting.js';
import { defineRule, verdictOf, type Match, type Products } from '../rule.js';

/** Calls that end at once unless something holds them, and what that is. */
const HELD: Readonly<Record<string, { readonly why: string; readonly remedy: string }>> = {
  open: {
    why: 'opening a FIFO waits for the other end; opening a file waits for the gofer and the file system of the host',
    remedy: 'If {path} is a FIFO, start what opens its other end, or open it with O_NONBLOCK (O_RDWR never waits).',
  },
  flock: {
    why: 'another process holds the lock of the file',
    remedy:
      'Find who holds the lock ({path}); a lock that is left from a former container goes with the process that holds it.',
  },
  lock: {
    why: 'another process holds a record lock of the file (F_SETLKW)',
    remedy: 'Find who holds the lock ({path}), or let the program ask without waiting (F_SETLK).',
  },
  sync: {
    why: 'the file system of the host does not finish the write: a full or frozen disk, a network file system that is gone',
    remedy: 'Look at the host below {path}: dmesg, df, and processes in state D (ps -eo pid,stat,wchan,comm).',
  },
};
const FAMILY: Readonly<Record<string, keyof typeof HELD>> = {
  open: 'open',
  openat: 'open',
  openat2: 'open',
  creat: 'open',
  flock: 'flock',
  fcntl: 'lock',
  fsync: 'sync',
  fdatasync: 'sync',
  sync: 'sync',
  syncfs: 'sync',
  rename: 'sync',
  renameat: 'sync',
  renameat2: 'sync',
  mkdir: 'sync',
  mkdirat: 'sync',
  unlink: 'sync',
  unlinkat: 'sync',
  stat: 'sync',
  lstat: 'sync',
  newfstatat: 'sync',
  statx: 'sync',
  getdents64: 'sync',
};
/** What ends sooner, in seconds, was slow. Some calls wait for the host: nobody sees from here that it will not answer. */
const LONG: Readonly<Record<keyof typeof HELD, number>> = { open: 2, flock: 1, lock: 1, sync: 30 };
/** A wait that others may still end is worth a word when it has lasted so long. */
const NOTABLE = 10;
const REMEDY = Object.values(HELD).map(({ remedy }) => remedy.replace('{path}', 'the path'));

function familyOf({ name, args }: Wait): keyof typeof HELD | undefined {
  if (name === 'fcntl' && !/, (?:F_SETLKW|F_OFD_SETLKW|0x7|0x26),/.test(args)) return undefined;
  return FAMILY[name];
}

export const callStuck = defineRule({
  id: 'call-stuck',
  severity: 'medium',
  tier: 'aftermath',
  leads: 'hang',
  supersedes: ['application-exit'],
  title: 'A task is held in a call that should end at once',
  remedy: REMEDY,
  needs: ['failures', 'runs', 'waits', 'faults'],
  sources: ['pkg/sentry/strace/strace.go (a call without its exit record)'],
  judge(products: Products) {
    const ending = endingOf(products);
    // a program that ended well waited for nothing in vain; one that its own signal ended did not wait for ever
    if (ending?.exit?.status === 0) return { state: 'clear' };
    const sender = ending === undefined ? undefined : senderOf(products, ending);
    const matches: Match[] = [];
    for (const [source, own] of products.waits ?? []) {
      const isOver = canAnyGoOn(own) || sender !== undefined;
      for (const wait of own.waits) {
        const family = familyOf(wait);
        const held = family === undefined ? undefined : HELD[family];
        const seconds = waitedOf(wait, products);
        if (family === undefined || held === undefined || !(seconds >= (LONG[family] ?? 0))) continue;
        const path = (pathOf(wait.args) ?? 'the file').slice(0, 200);
        const givenUp =
          wait.end === null
            ? undefined
            : products.calls?.get(source)?.sent.find(({ target, isOwn }) => target === wait.tgid && !isOwn);
        const isHang = family === 'sync' || !isOver || (givenUp !== undefined && ending !== undefined);
        if (!isHang && seconds < NOTABLE) continue;
        const until =
          wait.end === null
            ? 'the log ends'
            : givenUp === undefined
              ? 'a signal broke it off'
              : `${givenUp.comm} [${givenUp.tgid}] gave it up with ${givenUp.signal}`;
        // the gofer opens files on the host
        const isOpen = family === 'open';
        const others = isHang
          ? family === 'sync' || givenUp !== undefined
            ? ''
            : `. All other tasks of the container wait as well, for it or for each other: nothing in there can release it any more${isOpen ? ', only what opens the other end from outside or the file system of the host' : ''}`
          : `. Other tasks of the container still go on and may release it${isOpen ? ', or the file system of the host may' : ''}`;
        matches.push({
          title: isHang
            ? `${wait.comm} is held in ${wait.name} of ${path}`
            : `${wait.comm} waits in ${wait.name} of ${path} for others`,
          cause: `${wait.comm} [${wait.tgid}] called ${wait.name} on ${path} and had been held there for ${seconds.toFixed(1)} s when ${until}: ${held.why}${others}.`,
          remedy: [held.remedy.replace('{path}', path)],
          confidence: isHang && family !== 'sync' ? 'likely' : 'possible',
          ...(isHang ? {} : { severity: 'low', tier: 'note' }),
          evidence: wait.end === null ? [wait.evidence] : [wait.evidence, wait.end],
          order: wait.order,
        });
      }
    }
    const hangs = matches.filter(({ tier }) => tier !== 'note');
    return verdictOf((hangs.length > 0 ? hangs : matches).slice(0, 4));
  },
});
