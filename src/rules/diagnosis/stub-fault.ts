/** The kernel tells of a fatal signal in a process of runsc: the platform's stub, or the sentry itself. */
import { isOfRunsc } from '../programs-of-runsc.js';
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const FAULT: Said = {
  title: 'A process of the sandbox died of {signal} on the host',
  cause:
    'The kernel of the host reports that {who}, a process of runsc, died of {signal}{trap}. Programs in the sandbox run in stub processes of the platform (systrap, ptrace); a stub that crashes by itself points at the processor state that the platform saves and restores for each task: extended CPU state (AVX-512, AMX of Sapphire Rapids and newer) needs a larger XSAVE area than older releases expect. A program of the container that crashes does not end that way, it gets its signal inside of the sandbox.',
  confidence: 'possible',
  remedy: [
    'Update runsc: support for new processor features, AMX among them, came with later releases.',
    'Try another platform (--platform=kvm, or ptrace in older releases), or a machine of another processor generation; lscpu shows the flags (amx_tile, avx512f).',
    'If it stays, report it with these kernel lines, lscpu and uname -r.',
  ],
};

const SIGNALS: Readonly<Record<string, string>> = {
  4: 'SIGILL (illegal instruction)',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS (bus error)',
  8: 'SIGFPE',
  11: 'SIGSEGV (memory fault)',
  31: 'SIGSYS (bad system call)',
};

export const stubFault = defineRule({
  id: 'stub-fault',
  severity: 'high',
  leads: 'sandbox-crash',
  title: 'A process of the sandbox crashed on the host',
  remedy: FAULT.remedy,
  needs: ['tellings', 'runs'],
  sources: ['Linux kernel/signal.c print_fatal_signal, arch/x86/mm/fault.c', 'pkg/sentry/platform/systrap'],
  judge({ tellings, runs }) {
    const processes = tellingsOf(tellings, ['kernel-process'], ({ captures }) => isOfRunsc(captures['comm'] ?? ''));
    const signals = tellingsOf(tellings, ['fatal-signal']);
    const faults = tellingsOf(tellings, ['segfault'], ({ captures }) => isOfRunsc(captures['comm'] ?? ''));
    const [signal] = signals;
    const [process] = processes;
    const first = signal !== undefined && process !== undefined ? signal : faults[0];
    if (first === undefined) return { state: 'clear' };
    const codes = tellingsOf(tellings, ['exit-code']);
    const { comm = process?.captures['comm'] ?? 'exe', trap } = first.captures;
    const number = first.captures['signal'] ?? '11';
    const values = {
      who: comm,
      signal: trap === undefined ? (SIGNALS[number] ?? `signal ${number}`) : trap,
      trap: first.captures['address'] === undefined ? '' : ` at address ${first.captures['address']}`,
    };
    return verdictOf([matchOfTellings([first, ...processes, ...faults, ...codes], FAULT, runs, values)]);
  },
});
