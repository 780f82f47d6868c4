/** A notice that a system call is not supported, where nothing else is told: programs use another call instead. */
import { syscallOfNumber } from '../../../grammars/syscall-numbers.js';
import { socketOption } from '../../knowledge/socket-options.js';
import type { Telling } from '../../analyzers/tellings.js';
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const NOTICE: Said = {
  title: 'The notice about {call} is harmless by itself',
  cause:
    'The sandbox reports that a program made the system call {call}{detail}, which this release of gVisor does not implement (in full) and answers with an error. {fallback} Nothing in the input fails because of it.',
  confidence: 'likely',
  severity: 'info',
  leads: 'healthy',
  remedy: [
    'Nothing is to be done: the notice can be ignored as long as the program works; filter it out of the logs if it is noise.{since}',
    'If the program does fail, its own last message decides, not this notice.',
  ],
};

/** Calls that libraries ask for before they use an older one. */
const FALLBACKS: Readonly<Record<string, string>> = {
  clone3: 'clone',
  faccessat2: 'faccessat',
  close_range: 'a loop of close',
  statx: 'newfstatat',
  epoll_pwait2: 'epoll_pwait',
  openat2: 'openat',
  io_uring_setup: 'ordinary reads and writes',
  copy_file_range: 'read and write',
  preadv2: 'preadv',
  pwritev2: 'pwritev',
  renameat2: 'renameat',
  fchmodat2: 'fchmodat',
  rseq: 'nothing at all: the library goes on without',
  membarrier: 'other barriers',
  getrandom: '/dev/urandom',
  userfaultfd: 'nothing at all',
  landlock_create_ruleset: 'nothing at all: the program goes on without Landlock',
  sched_setattr: 'sched_setscheduler',
  mlock2: 'mlock',
  pidfd_open: 'signals to process ids',
  memfd_secret: 'ordinary memory',
  cachestat: 'nothing at all',
  map_shadow_stack: 'nothing at all',
};
/** Implemented since, where the release is known for certain. */
const SINCE: Readonly<Record<string, string>> = { clone3: 'August 2023' };
/** Numbers that gVisor's own tables do not name; they are the same on all architectures from 424 on. */
const NEWER: Readonly<Record<number, string>> = {
  437: 'openat2',
  440: 'process_madvise',
  442: 'mount_setattr',
  443: 'quotactl_fd',
  444: 'landlock_create_ruleset',
  445: 'landlock_add_rule',
  446: 'landlock_restrict_self',
  447: 'memfd_secret',
  448: 'process_mrelease',
  449: 'futex_waitv',
  450: 'set_mempolicy_home_node',
  451: 'cachestat',
  452: 'fchmodat2',
  453: 'map_shadow_stack',
  454: 'futex_wake',
  455: 'futex_wait',
  456: 'futex_requeue',
  457: 'statmount',
  458: 'listmount',
};

function callOf({ captures }: Telling): string {
  const { number, name } = captures;
  if (name !== undefined) return name;
  const known = NEWER[Number(number)] ?? syscallOfNumber('amd64', Number(number));
  return known === undefined ? `number ${number}` : known;
}

export const unsupportedNotice = defineRule({
  id: 'unsupported-notice',
  severity: 'info',
  tier: 'note',
  leads: 'healthy',
  title: 'A notice about an unsupported system call is harmless by itself',
  remedy: NOTICE.remedy,
  needs: ['failures', 'tellings', 'runs'],
  sources: ['pkg/sentry/kernel (UnimplementedSyscallEvent), runsc/boot/compat.go; Cloud Run logs'],
  judge({ tellings, runs }) {
    const calls = new Map<string, Telling[]>();
    // In a log of runsc's own such lines are set aside elsewhere.
    for (const one of tellingsOf(
      tellings,
      ['unsupported-notice'],
      ({ kind }) => kind !== 'warning' && kind !== 'note',
    )) {
      const call = callOf(one);
      const [, level, option] = (one.captures['args'] ?? '').split(',').map(Number);
      const detail =
        /^[gs]etsockopt$/.test(call) && level !== undefined && option !== undefined ? socketOption(level, option) : '';
      const key = `${call} ${detail}`;
      const group = calls.get(key);
      if (group !== undefined) group.push(one);
      else if (calls.size < 8) calls.set(key, [one]);
    }
    return verdictOf(
      [...calls].map(([key, group]) => {
        const [first, ...rest] = group as [Telling, ...Telling[]];
        const [call = '', ...words] = key.trim().split(' ');
        const detail = words.join(' ');
        const number = first.captures['number'];
        const other = FALLBACKS[call];
        return matchOfTellings([first, ...rest], NOTICE, runs, {
          call: call === 'number' ? `number ${number}` : call,
          detail: `${number === undefined || call === 'number' ? '' : ` (number ${number})`}${detail === '' ? '' : ` for the socket option ${detail}`}`,
          fallback:
            detail !== ''
              ? 'A program that cannot set or read an option goes on without it.'
              : other === undefined
                ? 'Programs and libraries try newer calls first and fall back on older ones.'
                : `The C library falls back on ${other}.`,
          since:
            SINCE[call] === undefined
              ? ''
              : ` gVisor implements ${call} since ${SINCE[call]}: a newer release does not print it.`,
        });
      }),
    );
  },
});
