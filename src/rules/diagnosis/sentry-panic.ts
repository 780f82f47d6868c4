/** The sentry, or another process of runsc, crashed: a Go panic or a fatal error of its runtime. */
import type { Failure } from '../../analyzers/failures.js';
import type { Runs } from '../../analyzers/runs.js';
import type { Frame, Goroutine } from '../../analyzers/tellings.js';
import { DEFECTS } from '../../knowledge/defects.js';
import { subsystemOf } from '../../knowledge/packages.js';
import { DETOURS, PANICS, WORKS } from '../../knowledge/panics.js';
import { frameText } from '../frames.js';
import { defineRule, groupErrors, matchOf, matchOfTellings, runOf, verdictOf, type Match, type Said } from '../rule.js';

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

const LIBRARY: Said = {
  title: "A program that uses gVisor's network stack as a library crashed: {title}",
  cause:
    'A Go program ended with a panic ("{title}"){place}. The copy of gVisor on its stack is a module that the program was built with (VPN clients, proxies and tunnels take its network stack, netstack, for their own packets): no runsc and no sandbox has to do with it. Either that version of the library has a defect, or the program uses it in a way that it does not allow{caller}.',
  confidence: 'likely',
  severity: 'high',
  leads: 'app-failure',
  remedy: [
    'Update the program: it must be built with a newer version of gvisor.dev/gvisor (the date stands in the paths of the stack).',
    'Report it with the project of that program, with this stack; with gVisor only if its newest version does the same.',
  ],
};

const TRACED: Said = {
  title: 'runsc crashed in {site}',
  cause:
    'A debugger or a core dump shows where a process of runsc died{place}. This is a defect of runsc{version_}, or a call of its own that the host forbade; why it ended there, the stack alone does not say{known}.',
  confidence: 'likely',
  remedy: [
    'Look at dmesg and the audit log of that moment: a line with sig=31 names a call that the seccomp filter of runsc forbids, one of the OOM killer says that memory ran out.',
    'Update runsc and try again, and report it at github.com/google/gvisor/issues with this stack, the release, and the first line of the panic if there is one (--panic-log, --debug-log).',
    'Until then run this workload with another platform, network or file system setting, or with another runtime.',
  ],
};

/** gVisor's sandbox is on the stack, not only the network stack that others use as well. */
const isSandbox = ({ frames }: Goroutine): boolean =>
  frames.some((frame) => /^(?:pkg\/sentry|runsc|pkg\/ring0|pkg\/lisafs|pkg\/shim)\b/.test(frame.package));

/** `, in a ← b, that is the KVM platform, while a program made the system call Read`. */
function placeOf({ frames }: Goroutine): string {
  if (frames.length === 0) return '';
  // Helpers that serve everywhere have no area of their own: the next frames tell whom they served.
  const near = [...new Set(frames.slice(0, 3).flatMap((frame) => subsystemOf(frame.package) ?? []))];
  const areas = near.length > 0 ? near : frames.flatMap((frame) => subsystemOf(frame.package) ?? []).slice(0, 2);
  const works = frames.flatMap((frame) => {
    const text = `${frame.package}.${frame.name}`;
    const work = WORKS.find((one) => one.frame.test(text));
    return work === undefined ? [] : [work.doing.replace('{name}', work.frame.exec(text)?.[1] ?? '')];
  });
  const area = areas.length === 0 ? '' : `, that is ${areas.join('; ')}`;
  return ` in ${frames.slice(0, 3).map(frameText).join(' ← ')}${area}${works[0] === undefined ? '' : `, while ${works[0]}`}`;
}

/** The goroutine that panicked: the first that runs behind the panic. */
function stackOf(failure: Failure, goroutines: readonly Goroutine[]): Goroutine | undefined {
  const { source, line } = failure.evidence;
  const behind = goroutines.filter((one) => one.evidence.source === source && one.evidence.line >= line);
  return behind.find((one) => one.state === 'running') ?? behind[0];
}

/** What to do without until the defect is mended, by the innermost frame that has a way around. */
function detourOf(frames: readonly Frame[]): string | undefined {
  for (const frame of frames) {
    const found = DETOURS.find((one) => one.frame.test(frame.package));
    if (found !== undefined) return found.remedy;
  }
  return undefined;
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

/** A panic without a stack, over an error of Go's libraries that runsc wraps in words of its own: a program's, by all signs. */
const BORROWED: Said = {
  title: 'A program written in Go panicked: {title}',
  cause:
    'The text is the end of a Go program ("{title}") without a stack of gVisor. Its words are those with which Go programs give up over a file, a connection or a thread, and none of runsc: by all signs a program in the sandbox ended so, not the sandbox.',
  confidence: 'possible',
  tier: 'aftermath',
  leads: 'app-failure',
  severity: 'low',
  remedy: [
    'Look at what the error names (the file, the address), inside the container.',
    'The stack behind the panic tells whose it is: functions of gvisor.dev/gvisor are runsc, all others the program.',
  ],
};
/** Is it what a program says whose call of the system or the network failed? */
export const isBorrowed = (error: string): boolean =>
  /^(?:panic: |fatal error: )?(?:runtime\/cgo: |SIGABRT: abort$|runtime: epollwait on fd|runtime: netpoll failed|all goroutines are asleep|concurrent map |(?:open|stat|lstat|mkdir|read|write|remove|rename|readlink) \/|(?:dial|listen|lookup|read|write) (?:tcp|udp|unix)\b|exec: "|(?:json|yaml|sql|http|redis|pq|x509|tls): )/.test(
    error,
  );

/** No record of a panic, but the stack of a debugger. */
function matchOfTrace(stack: Goroutine, runs: Runs): Match {
  const version = runs.runs.find((one) => one.version !== null)?.version;
  const first = stack.frames.find((frame) => subsystemOf(frame.package) !== undefined) ?? stack.frames[0];
  return matchOfTellings([{ ...stack, captures: {}, kind: 'text' }], TRACED, runs, {
    site: first === undefined ? '' : frameText(first),
    place: placeOf(stack),
    version_: version === undefined || version === null ? '' : ` (${version})`,
    known: '',
  });
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
    const traced = tellings.goroutines.find(
      (one) => (one.state === 'backtrace' || tellings.signs.has('crash-registers')) && isSandbox(one),
    );
    if (groups.length === 0 && !failures.failures.some((one) => one.kind === 'panic')) {
      return verdictOf(traced === undefined ? [] : [matchOfTrace(traced, runs)]);
    }
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
        const other = stack?.other ?? null;
        const place = stack === undefined ? '' : placeOf(stack);
        if (stack?.isModule === true && !isSandbox(stack) && run === undefined) {
          const caller = other === null ? '' : `; its own function on the stack is ${other}`;
          return withStack(matchOf(group, LIBRARY, runs, { title, place, caller }), stack);
        }
        if (stack === undefined && run === undefined && isBorrowed(title)) {
          return matchOf(group, BORROWED, runs, { title });
        }
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
          place,
          known: defect === undefined ? '' : `. It is known: it comes from ${defect.what}`,
        });
        const stacked = stack === undefined ? match : withStack(match, stack);
        if (defect === undefined) {
          const meant = PANICS.find(
            (one) =>
              one.panic.test(title) &&
              (one.frame === undefined ||
                frames.some((frame) => one.frame?.test(`${frame.package}.${frame.name}`) === true)),
          );
          if (meant === undefined || group.failure.known === 'host-memory-vanished') {
            const detour = saying(group.failure) === PANIC ? detourOf(frames) : undefined;
            return detour === undefined ? stacked : { ...stacked, remedy: [...PANIC.remedy.slice(0, -1), detour] };
          }
          return {
            ...stacked,
            ...(meant.title === undefined ? {} : { title: meant.title.replace('{title}', title) }),
            cause: `${who} ended with a Go panic ("${title}")${place}. ${meant.what}`,
            remedy: meant.remedy,
            // that it crashed is certain; why is the usual reason of such a panic
            confidence: 'likely',
            ...(meant.leads === undefined ? {} : { leads: meant.leads }),
          };
        }
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
