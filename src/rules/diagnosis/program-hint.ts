/** An excerpt holds a hint of the sentry about a program, and not what came of it. */
import { endingOf } from '../endings.js';
import { matchesOfSentences } from '../notes.js';
import { defineRule, verdictOf, type Said } from '../rule.js';

const THEN =
  'If a program did not start, read on to the error of the start; if all went well, nothing is to be done: programs are looked for in several places.';

const HINTS: Readonly<Record<string, Said>> = {
  'not-an-elf': {
    title: 'A file that was to be executed is no ELF program',
    cause:
      'A program called exec on a file that is no ELF binary. Scripts are handled elsewhere by their #! line: a file that has neither is a script without that line, is cut short, or is no program.',
    remedy: ['Look at its first bytes (head -c 4 FILE); give a script a #! line.', THEN],
  },
  'elf-unknown-magic': {
    title: '{path} is neither an ELF program nor a script',
    cause:
      'A program called exec on {path}, which begins neither like an ELF binary nor with #!: the kernel answers "exec format error".',
    remedy: ['Look at its first bytes (head -c 4 {path}); give a script a #! line, copy a binary anew.', THEN],
  },
  'elf-machine-unsupported': {
    title: 'A program is built for another processor (ELF machine {machine})',
    cause:
      'A program called exec on a binary for ELF machine {machine} (3 is i386, 40 arm, 62 amd64, 183 arm64), which this sandbox does not run.',
    remedy: ['Use the image for the platform of the host (docker pull --platform).', THEN],
  },
  'elf-machine-mismatch': {
    title: 'A program is built for another processor ({machine})',
    cause: 'A program called exec on a binary for {machine}, and this sandbox runs {platform}.',
    remedy: ['Use the image for the platform of the host (docker pull --platform).', THEN],
  },
  'elf-class-unsupported': {
    title: 'A program is not built for 64 bits (ELF class {class})',
    cause:
      'A program called exec on a binary of ELF class {class}; 1 is 32 bits, and gVisor runs 64-bit programs only.',
    remedy: ['Use a 64-bit build of the program.', THEN],
  },
  'interpreter-not-opened': {
    title: 'The program interpreter {path} could not be opened',
    cause:
      'A program names {path} as its dynamic loader, which could not be opened ({errno}): a binary for another C library (glibc in an image with musl, or the other way round), or an image without one.',
    remedy: ['Use a base image that has {path}, or build the program statically.', THEN],
  },
  'elf-not-loaded': {
    title: 'A program could not be loaded: {error}',
    cause: 'The loader of the sentry gave up an ELF binary: {error}. Records before this one say more.',
    remedy: [THEN],
  },
  'signal-terminates': {
    title: 'Signal {signal} ended a process of the sandbox',
    cause:
      'Process {task} got signal {signal} and does not handle it, so it was ended. 9 and 15 come from whoever stops it, 11, 7, 4, 8 and 6 from a crash of its own.',
    remedy: ['Find out whether that process matters: children of shells end by signals every day.'],
  },
  'gofer-disconnected': {
    title: 'The gofer closed its connection, and the container was ended',
    cause:
      'The gofer of container {container} closed its connection, and the sentry ended the container. Right before the end of a container that is how they part; in the middle of its life the gofer had died, and the container with it.',
    remedy: [
      'See how far the end of the container is, how the log of the gofer ends, and whether dmesg tells of a kill.',
    ],
  },
  'unsupported-syscall': {
    title: 'A program asked for a call that this release does not implement',
    cause:
      'A program made the system call {name}, which this release of runsc does not implement; libraries ask for newer calls first and use older ones then. By itself that is no failure.',
    severity: 'info',
    remedy: ['If a program failed right behind it, its own message decides; a newer release may have the call.'],
  },
  'signal-uncaught': {
    title: 'Signal {signal} ended a process of the sandbox',
    cause:
      'A process got signal {signal} and does not handle it, so it was ended. 9 and 15 come from whoever stops it, 11, 7, 4, 8 and 6 from a crash of its own.',
    remedy: ['Find out whether that process matters: children of shells end by signals every day.'],
  },
};

export const programHint = defineRule({
  id: 'program-hint',
  severity: 'low',
  tier: 'note',
  leads: 'healthy',
  title: 'A hint about a program, without what came of it',
  remedy: [THEN],
  needs: ['failures', 'sentences', 'runs'],
  sources: ['pkg/sentry/loader/elf.go, loader.go', 'pkg/sentry/kernel/task_signals.go'],
  judge(products) {
    const { failures, runs } = products;
    // In a log that tells how it went, these are details of it.
    if (endingOf(products) !== undefined || runs.runs.some((run) => run.banners > 0)) return { state: 'clear' };
    if (failures.failures.some(({ kind }) => kind !== 'fault' && kind !== 'exit')) return { state: 'clear' };
    return verdictOf(matchesOfSentences(products, HINTS).map((one) => ({ ...one, confidence: 'possible' as const })));
  },
});
