/** The sentry, or another process of runsc, crashed: a Go panic or a fatal error of its runtime. */
import type { Failure } from '../../analyzers/failures.js';
import type { Goroutine } from '../../analyzers/tellings.js';
import { DEFECTS } from '../../knowledge/defects.js';
import { subsystemOf } from '../../knowledge/packages.js';
import { frameText } from '../frames.js';
import { defineRule, groupErrors, matchOf, runOf, verdictOf, type Match, type Said } from '../rule.js';

/** Crashes whose cause another rule names. */
const ELSEWHERE = new Set([
  'memory-not-reserved',
  'memory-exhausted',
  'threads-exhausted',
  'ptrace-denied',
  'address-space-small',
  'seccomp-unusable',
  'illegal-instruction',
  'kvm-address-space',
  'kvm-processor-refused',
  'kvm-run-failed',
  'stub-untraceable',
  'stub-died',
  'stub-memory-corrupted',
]);

const PANIC: Said = {
  title: '{who} crashed: {title}',
  cause:
    '{who} ended with a Go panic ("{title}"){place}, and every container of the sandbox with it. This is a defect of runsc{version_}, not of the program that ran in the container{known}.',
  remedy: [
    'Update runsc and try again: many such defects are mended.',
    'If it stays, report it at github.com/google/gvisor/issues with this record, the goroutine that stands first behind it, and the release.',
    'Until then run this workload with another platform or file system setting, or with another runtime.',
  ],
};

const INTENDED: Said = {
  title: 'The sentry panicked on purpose: {title}',
  cause:
    'The program made the system call {call|that a test option turns into a panic}, and the sentry was started with a test option that lets a program crash the sandbox by it; the panic is intended.',
  remedy: [
    'Remove the test option from the arguments of the runtime (--TESTONLY-afs-syscall-panic for afs_syscall, --panic-signal for signals).',
  ],
};

const FORBIDDEN: Said = {
  title: 'The sentry made a system call that its own filter forbids',
  cause:
    "The host killed the sentry with SIGSYS: it made a system call that runsc's own seccomp filter does not allow, on a path that this release did not foresee (a newer kernel or C library, for instance).",
  remedy: [
    'dmesg or the audit log on the host names the call (syscall=N with exe=/usr/bin/runsc). Update runsc, and report the number and the stack if that does not help.',
  ],
};

const VANISHED: Said = {
  title: 'Memory that the sentry used vanished: {title}',
  cause:
    'The sentry touched memory that was not there any more: a file that is mapped was cut short, or the file system behind it is full or broken.',
  confidence: 'likely',
  remedy: [
    "Free space on the file system of the overlay's filestore, of /tmp and of shared memory; do not truncate files on the host that containers have mapped.",
  ],
};

const OTHER: Said = {
  title: 'A Go program that is none of runsc crashed: {title}',
  cause:
    'A Go program ended with a panic ("{title}") in {function}. No function of gVisor is on its stack: this is the engine, a tool or the program in the container, not runsc, which at most gave it an answer that it did not expect.',
  confidence: 'likely',
  severity: 'high',
  leads: 'app-failure',
  remedy: [
    'Look for this panic with the project of that function, and update the program.',
    'If it happens in gVisor only, run it with --strace --debug: the last failing call before the crash is what it stumbled over.',
  ],
};

/** The goroutine that panicked: the first that runs behind the panic. */
function stackOf(failure: Failure, goroutines: readonly Goroutine[]): Goroutine | undefined {
  const { source, line } = failure.evidence;
  const behind = goroutines.filter((one) => one.evidence.source === source && one.evidence.line >= line);
  return behind.find((one) => one.state === 'running') ?? behind[0];
}

/** Addresses and numbers of goroutines differ from crash to crash. */
function normalised(error: string): string {
  return error
    .replace(/^panic: /, '')
    .replace(/0x[0-9a-f]{3,}/g, '0x…')
    .replace(/\s*\[recovered\]$/, '')
    .replace(/\.$/, '')
    .slice(0, 200);
}

/** The stack is the better half of the evidence. */
function withStack(match: Match, { evidence }: Goroutine): Match {
  const [first, ...rest] = match.evidence;
  return { ...match, evidence: [first, evidence, ...rest.slice(0, 3)] };
}

function saying(failure: Failure): Said {
  if (failure.known === 'intended-panic') return INTENDED;
  if (failure.known === 'forbidden-host-call') return FORBIDDEN;
  if (failure.known === 'host-memory-vanished') return VANISHED;
  return PANIC;
}

export const sentryPanic = defineRule({
  id: 'sentry-panic',
  severity: 'critical',
  leads: 'sandbox-crash',
  title: 'A process of runsc crashed',
  remedy: PANIC.remedy,
  needs: ['failures', 'runs', 'tellings'],
  sources: ['Go runtime; pkg/sentry, runsc/boot'],
  judge({ failures, runs, tellings }) {
    const panics = failures.failures.filter((one) => one.kind === 'panic' && !ELSEWHERE.has(one.known ?? ''));
    const groups = groupErrors(
      { ...failures, failures: panics.map((one) => ({ ...one, known: one.known ?? 'panic' })) },
      () => true,
    );
    return verdictOf(
      groups.slice(0, 2).map((group) => {
        const run = runOf(group.failure, runs);
        const who =
          run?.command === 'gofer'
            ? 'The gofer'
            : run?.command === 'boot' || run === undefined
              ? 'The sentry'
              : `runsc ${run.command ?? ''}`.trim();
        const version = run?.version ?? runs.runs.find((one) => one.version !== null)?.version;
        const title = normalised(group.failure.error);
        const stack = stackOf(group.failure, tellings.goroutines);
        const frames = stack?.frames ?? [];
        const [first] = frames;
        const area = frames.slice(0, 3).map((frame) => subsystemOf(frame.package));
        const areas = [...new Set(area.filter((one) => one !== undefined))];
        const other = stack?.other ?? null;
        if (first === undefined && other !== null && run === undefined) {
          return matchOf(group, OTHER, runs, { title, function: other });
        }
        const defect = DEFECTS.find(
          (one) => one.panic.test(title) && frames.some((frame) => one.frame.test(`${frame.package}.${frame.name}`)),
        );
        const match = matchOf(group, saying(group.failure), runs, {
          who,
          title,
          version_: version === undefined || version === null ? '' : ` (${version})`,
          place:
            first === undefined
              ? ''
              : ` in ${frames.slice(0, 3).map(frameText).join(' ← ')}${areas.length === 0 ? '' : `, that is ${areas.join('; ')}`}`,
          known: defect === undefined ? '' : `. It is known: it comes from ${defect.what}`,
        });
        const stacked = stack === undefined ? match : withStack(match, stack);
        if (defect === undefined) return stacked;
        return {
          ...stacked,
          remedy: [
            `Update runsc: this defect is mended in releases since ${defect.mended}.`,
            ...(defect.around === undefined ? [] : [defect.around]),
            ...match.remedy.slice(1),
          ],
        };
      }),
    );
  },
});
