/** How the program in the container ended, and whether whoever runs it ended it: then it did not fail. */
import type { Failure } from '../analyzers/failures.js';
import type { Evidence } from '../model/finding.js';
import type { Products } from './rule.js';

/** Signals that an operator or an engine sends to end a container. */
const ENDING_SIGNALS = new Set([1, 2, 3, 9, 15]);

/** Records of a command and of what it brings about are written at nearly the same time. */
const SLACK = 2;

/** When the program or its sandbox ended, as the first record of it says; infinite where none does. */
function endTime(products: Products): number {
  const { sentences, runs } = products;
  const said = endingOf(products);
  const lost = ['wait-rpc-failed', 'gofer-disconnected'].flatMap((id) => sentences.get(id)?.first.slice(0, 1) ?? []);
  const cut = runs.runs.find((run) => run.command === 'boot' && run.exit === null && run.last !== null)?.last;
  const times = [
    ...(said === undefined ? [] : [runs.when(said.evidence)]),
    ...(said?.exit?.of === 'application' ? [] : lost.map(({ evidence }) => runs.when(evidence))),
    ...(said?.exit?.of === 'application' || cut === undefined || cut === null || lost.length === 0
      ? []
      : [runs.when(cut)]),
  ].filter((time) => !Number.isNaN(time));
  return times.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...times);
}

/** The record that told the container to end by a signal, before it ended: a control call of `runsc kill`, or what it prints itself. */
export function endingSignal(products: Products): { readonly signal: number; readonly evidence: Evidence } | undefined {
  const { sentences, runs } = products;
  const end = endTime(products);
  const found = sentences
    .get('container-signalled')
    ?.first.findLast(
      (one) => ENDING_SIGNALS.has(Number(one.captures['signal'] ?? 0)) && !(runs.when(one.evidence) > end + SLACK),
    );
  return found === undefined ? undefined : { signal: Number(found.captures['signal']), evidence: found.evidence };
}

/** Did whoever runs the container end it? What is done to one that has ended by then did not. */
export function wasEnded(products: Products, signal: number | null): boolean {
  const { sentences, runs } = products;
  if (signal !== null && !ENDING_SIGNALS.has(signal)) return false;
  const end = endTime(products);
  const isBefore = (evidence: Evidence): boolean => !(runs.when(evidence) > end + SLACK);
  const killed = runs.runs.some(
    (run) =>
      (run.command === 'kill' || (run.command === 'delete' && FORCED.test(run.args ?? ''))) &&
      isBefore({ source: run.source, line: 1, time: run.firstTime, text: '' }),
  );
  if (killed || endingSignal(products) !== undefined) return true;
  return (sentences.get('signal-received')?.first ?? []).some(({ evidence }) => isBefore(evidence));
}
const FORCED = /(?:^| )--?force(?:=true)?(?: |$)/;

/** How the application ended: what the sentry says of it, else what the command that waited for it returned. */
export function endingOf(products: Products): Failure | undefined {
  const { failures, runs } = products;
  const application = failures.failures.findLast((one) => one.exit?.of === 'application');
  if (application !== undefined) return application;
  // of a trace that was cut out of its log: how the last process ended itself
  const traced = tracedEnd(products);
  if (traced !== undefined) return traced;
  // old boot files may lack that line: run and wait return the status
  return failures.failures.findLast((one) => {
    if (one.exit?.of !== 'command') return false;
    const run = runs.runs.find((each) => each.source === one.evidence.source && each.pid === one.pid);
    return run?.command === 'run' || run?.command === 'wait' || run?.command === 'do' || run?.command === 'boot';
  });
}

/** An excerpt of a trace, without the record of the end: its last process gave up by itself. */
function tracedEnd({ calls, runs }: Products): Failure | undefined {
  if (calls === undefined || runs.runs.some(({ banners }) => banners > 0)) return undefined;
  const ended = [...calls.values()].flatMap((one) => one.ended ?? []).at(-1);
  if (ended === undefined || ended.status === 0) return undefined;
  const { evidence, order, status } = ended;
  const exit = { of: 'application' as const, status, signal: null };
  return { kind: 'exit', known: null, captures: {}, error: evidence.text, evidence, pid: null, order, exit };
}
