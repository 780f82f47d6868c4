/** The seccomp profile of the container refused the program a call: a filter answers EPERM, and runsc's trace does not show the call. */
import { ERRNOS } from '../../knowledge/errnos.js';
import type { RefusedCall } from '../../analyzers/refusals.js';
import { endingOf } from '../endings.js';
import { defineRule, verdictOf, type Match, type Products } from '../rule.js';

const EPERM = 1;
const REMEDY = [
  'Make the profile anew from a run that does what was refused, or add to it: runsight seccomp --merge PROFILE LOG -o PROFILE.',
  'Start the container once without the profile (docker run --security-opt seccomp=unconfined): if it works then, the profile is the cause; if not, a capability or the owner of a file is.',
];
/** A write of the program that speaks of it. */
const WORDS = ERRNOS[EPERM]?.words ?? '';
const ON = /(?:^| )--?oci-seccomp(?:=true)?(?: |$)/;

/** Whole, also where the trace has it in two halves and the record of its end has no arguments. */
function callOf({ name, args }: RefusedCall): string {
  return `${name}(${args.slice(0, 160)})`;
}

/** A native trace of a runtime, or of its container: the record that puts the filter in, and what failed with EPERM behind it. */
function nativeMatches({ refusals }: Products): readonly Match[] {
  return [...refusals.values()].flatMap(({ refused, filter, lastEndedWell }) => {
    const denied = refused.filter(
      ({ isNative, errno, order }) => isNative && errno === 'EPERM' && filter !== null && order > filter.order,
    );
    const [first, ...rest] = denied.toReversed();
    if (filter === null || first === undefined || lastEndedWell) return [];
    const names = [...new Set(denied.map(({ name }) => name))].join(', ');
    return [
      {
        title: `The seccomp profile refused a call of the program: ${names} failed with EPERM`,
        cause: `The trace shows that a seccomp filter was put over the process, and that behind it ${names} failed with EPERM, the last of them ${callOf(first)}: the answer that a profile gives for a call which it does not allow, or not with these arguments.`,
        remedy: REMEDY,
        confidence: 'likely',
        evidence: [first.evidence, ...rest.slice(0, 2).map(({ evidence }) => evidence), filter.evidence],
        order: first.order,
      } satisfies Match,
    ];
  });
}

/** A log of runsc --oci-seccomp: the program speaks of EPERM, and no call in the trace has it, since the filter comes before the trace. */
function sandboxMatches(products: Products): readonly Match[] {
  const { runs, calls } = products;
  const ending = endingOf(products);
  const exit = ending?.exit;
  if (ending === undefined || exit === undefined || exit.status === 0) return [];
  if (!runs.runs.some(({ args }) => ON.test(args ?? ''))) return [];
  const boot = calls.get(ending.evidence.source) ?? [...calls.values()].at(-1);
  const spoken = boot?.words.findLast(({ text }) => text.includes(WORDS));
  if (boot === undefined || spoken === undefined || boot.failed.some(({ errno }) => errno === EPERM)) return [];
  return [
    {
      title: `The seccomp profile refused a call of ${spoken.comm}, which the trace does not show`,
      cause: `${spoken.comm} [${spoken.tgid}] says "${spoken.text.trim().slice(0, 160)}", and no call in the trace failed with EPERM. The profile of the spec is in force here (--oci-seccomp), and the sentry asks it before it traces a call: what the profile refuses stands in no record.`,
      why: 'Without --oci-seccomp runsc ignores the profile of the spec; with runc it always holds.',
      remedy: REMEDY,
      confidence: 'likely',
      evidence: [spoken.evidence, ending.evidence],
      order: ending.order,
    },
  ];
}

export const seccompProfileRefusal = defineRule({
  id: 'seccomp-profile-refusal',
  severity: 'high',
  leads: 'app-failure',
  title: 'The seccomp profile of the container refused the program a call',
  remedy: REMEDY,
  needs: ['failures', 'runs', 'calls', 'refusals'],
  supersedes: ['feature-missing', 'application-exit', 'application-call-failed'],
  sources: ['pkg/sentry/kernel/task_syscall.go (executeSyscall), runsc/specutils/seccomp; seccomp(2)'],
  judge: (products) => verdictOf([...nativeMatches(products), ...sandboxMatches(products)]),
});
