/** The kernel ended a process of runsc for a system call that runsc's own filter forbids. */
import { syscallOfNumber } from '../../../grammars/syscall-numbers.js';
import { isOfRunsc } from '../programs-of-runsc.js';
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const KILLED: Said = {
  title: "runsc's own seccomp filter killed {who} for the system call {call}",
  cause:
    'The kernel ended {who} with SIGSYS (signal 31) when it made the system call {call} (number {number}, {arch}). runsc puts a seccomp filter over its own processes, and this release does not allow the call, or not with these arguments: a path of the sentry, of Go or of the C library that its authors did not foresee, often with a newer kernel or processor. It is a defect of runsc, not of the program in the container.',
  remedy: [
    'Try a newer release of runsc, or go back to the one that worked; filters change with each release.',
    'Report it at github.com/google/gvisor/issues with this line, runsc --version and uname -r; a strace of the sandbox process from the host (strace -f -p PID) shows the arguments.',
  ],
};

const ARCHES: Readonly<Record<string, 'amd64' | 'arm64'>> = { c000003e: 'amd64', c00000b7: 'arm64' };

export const seccompKill = defineRule({
  id: 'seccomp-kill',
  severity: 'critical',
  leads: 'sandbox-crash',
  title: "A process of runsc was killed by runsc's own seccomp filter",
  remedy: KILLED.remedy,
  needs: ['tellings', 'runs'],
  sources: ['Linux kernel/audit.c audit_seccomp', 'runsc/boot/filter, runsc/fsgofer/filter, runsc/cmd'],
  judge({ tellings, runs }) {
    const kills = tellingsOf(tellings, ['seccomp-kill'], ({ captures }) =>
      isOfRunsc(captures['comm'] ?? '', captures['exe']),
    );
    const [first, ...rest] = kills;
    if (first === undefined) return { state: 'clear' };
    const { number = '', arch = '', comm = '' } = first.captures;
    const known = ARCHES[arch];
    const call = known === undefined ? undefined : syscallOfNumber(known, Number(number));
    const who = comm.includes('gofer')
      ? 'the gofer'
      : comm === 'runsc'
        ? 'a runsc command'
        : `a process of the sandbox (${comm})`;
    return verdictOf([
      matchOfTellings([first, ...rest], KILLED, runs, {
        who,
        call: call ?? `number ${number}`,
        arch: known ?? `architecture ${arch}`,
      }),
    ]);
  },
});
