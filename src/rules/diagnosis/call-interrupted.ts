/** A program failed with "interrupted system call", which it never sees on Linux in that place. */
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const INTERRUPTED: Said = {
  title: 'A program gave up over "interrupted system call" (EINTR): {what}',
  cause:
    'The program stopped over EINTR in "{what}". Linux restarts most calls after a signal by itself or does not interrupt them at all, and many programs do not handle EINTR there. In gVisor an interrupt of the sentry (a signal with which Go\'s runtime preempts its threads, or a host call that was interrupted) could leak into the result of a call (open, connect, receive), where a program does not expect it. Interrupted waits in a trace (errno=4 of epoll, futex or poll) are normal and not meant.',
  confidence: 'likely',
  remedy: [
    'Update runsc: the leak of EINTR is mended on 2026-05-20.',
    'Until then set GODEBUG=asyncpreemptoff=1 for Go programs (an inner dockerd, containerd, runc or buildkit): fewer signals, fewer interrupted calls; or let the program try again.',
  ],
};

export const callInterrupted = defineRule({
  id: 'call-interrupted',
  severity: 'medium',
  leads: 'app-failure',
  title: 'A program gave up over "interrupted system call"',
  remedy: INTERRUPTED.remedy,
  needs: ['tellings', 'runs'],
  supersedes: ['runtime-other'],
  sources: ['signal(7) (restart of calls); pkg/sentry/kernel/task_syscall.go'],
  judge({ tellings, runs }) {
    const [first, ...rest] = tellingsOf(
      tellings,
      ['interrupted'],
      (one) => !['warning', 'note', 'panic', 'fatal', 'json-error'].includes(one.kind),
    );
    if (first === undefined) return { state: 'clear' };
    const { what, python, node } = first.captures;
    return verdictOf([
      matchOfTellings([first, ...rest], INTERRUPTED, runs, { what: (what ?? python ?? node ?? '').trim().slice(-100) }),
    ]);
  },
});
