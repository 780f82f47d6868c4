/** A program of the container crashed: it touched memory in a way that it may not, and did not handle the fault. */
import { signalName } from '../../../grammars/signals.js';
import type { Fault, FaultKind } from '../../analyzers/faults.js';
import { endingOf } from '../endings.js';
import { defineRule, matchOf, verdictOf, type Said } from '../rule.js';

/** What each kind of fault means, and what to do. `{name}` are the values of the fault. */
const KINDS: Readonly<Record<FaultKind, { readonly title: string; readonly what: string; readonly remedy: string }>> = {
  'null-pointer': {
    title: 'used a null pointer',
    what: 'tried to {access} {address}: a pointer was null, or the field of a null pointer was used{or}',
    remedy:
      'Find what is at {at} (addr2line -e FILE OFFSET, or gdb) and why its pointer was never set: often the result of a call that failed and was not checked.',
  },
  'stack-overflow': {
    title: 'ran out of stack',
    what: 'tried to {access} {address}, just below its stack: it needs more stack than it has, mostly by a recursion that does not end',
    remedy:
      'Look for endless recursion at {at}; if the depth is meant, raise the limit (ulimit -s, RLIMIT_STACK in process.rlimits of config.json) or the stack size of the thread.',
  },
  'no-code': {
    title: 'jumped to where no code is',
    what: 'jumped to {address}, where no code can be executed: a function pointer or a return address was overwritten, or a symbol was never resolved',
    remedy:
      'Look for writes beyond a buffer before the crash (valgrind, -fsanitize=address), and whether the image mixes libraries of different versions.',
  },
  protected: {
    title: 'touched memory that it may not {access}',
    what: 'tried to {access} {address}, which belongs to {target} and does not allow that',
    remedy: 'Find what is at {at}; a write to constants or to the code of a library is a defect of the program.',
  },
  unmapped: {
    title: 'touched memory that is not mapped',
    what: 'tried to {access} {address}, where nothing is mapped: a pointer that was freed, overwritten or never set',
    remedy:
      'Find what is at {at} (addr2line -e FILE OFFSET, or gdb), and run the program with -fsanitize=address or valgrind.',
  },
  unknown: {
    title: 'touched memory that it may not use',
    what: 'tried to {access} {address}, which it may not',
    remedy: 'Find what is at {at} (addr2line -e FILE OFFSET, or gdb).',
  },
};

/** A general protection fault has no address. */
const NO_ADDRESS =
  ' (or a pointer was overwritten with what is no address at all: the processor reports that as 0, too)';

const COMPARE =
  'Run the same image with runc: if it crashes there, too, it is the program’s own defect; if only under runsc, report it with this record and the platform.';

function sayingOf(fault: Fault): Said {
  const { title, what, remedy } = KINDS[fault.kind];
  return {
    title: `{program} crashed: it ${title}`,
    cause: `{program} ${what}. The instruction is at {at}. It did not handle the fault ({name}), and the container ended with {end}.`,
    remedy: [remedy, COMPARE],
    confidence: 'likely',
  };
}

export const applicationFault = defineRule({
  id: 'application-fault',
  severity: 'high',
  tier: 'aftermath',
  leads: 'app-failure',
  title: 'A program crashed over memory that it may not use',
  supersedes: ['application-exit', 'application-call-failed'],
  remedy: [COMPARE],
  needs: ['failures', 'runs', 'faults'],
  sources: ['pkg/sentry/kernel/task_run.go (Unhandled user fault)', 'pkg/sentry/kernel/task_log.go (Mappings)'],
  judge(products) {
    const ending = endingOf(products);
    const exit = ending?.exit;
    if (ending === undefined || exit === undefined) return { state: 'clear' };
    const fault = products.faults.get(ending.evidence.source)?.at(-1);
    // the signal of the fault ended the container, or a shell passes on that it ended a child
    if (fault === undefined || (exit.signal !== fault.signal && exit.status !== 128 + fault.signal))
      return { state: 'clear' };
    const args = products.runs.runs.find((run) => run.spec !== null && run.spec.args.length > 0)?.spec?.args ?? [];
    const file = /^(\/[^+]*)\+0x/.exec(fault.at)?.[1];
    const values = {
      program: file ?? args[0] ?? 'The program',
      address: fault.address,
      or: /^0x0+$/.test(fault.address) ? NO_ADDRESS : '',
      access: fault.access,
      at: fault.at,
      target: fault.target ?? 'a mapping',
      name: signalName(fault.signal),
      end: exit.status !== null ? `exit status ${exit.status}` : `signal ${exit.signal}`,
    };
    return verdictOf([
      matchOf({ failure: ending, evidence: [fault.evidence, ending.evidence] }, sayingOf(fault), products.runs, values),
    ]);
  },
});
