/** How the program in the container ended, and whether whoever runs it ended it: then it did not fail. */
import type { Failure } from '../analyzers/failures.js';
import type { Evidence } from '../model/finding.js';
import type { Products } from './rule.js';

/** Signals that an operator or an engine sends to end a container. */
const ENDING_SIGNALS = new Set([1, 2, 3, 9, 15]);

/** Is there a command or a control call that kills or destroys the container? */
/** The record that tells the container to end by a signal, if there is one: a control call of `runsc kill`, or what it prints itself. */
export function endingSignal({
  sentences,
}: Products): { readonly signal: number; readonly evidence: Evidence } | undefined {
  const found = sentences
    .get('container-signalled')
    ?.first.findLast((one) => ENDING_SIGNALS.has(Number(one.captures['signal'] ?? 0)));
  return found === undefined ? undefined : { signal: Number(found.captures['signal']), evidence: found.evidence };
}

export function wasEnded(products: Products, signal: number | null): boolean {
  const { sentences, runs } = products;
  if (signal !== null && !ENDING_SIGNALS.has(signal)) return false;
  if (runs.runs.some((run) => run.command === 'kill')) return true;
  if (runs.runs.some((run) => run.command === 'delete' && /(?:^| )--?force(?:=true)?(?: |$)/.test(run.args ?? '')))
    return true;
  return sentences.has('signal-received') || endingSignal(products) !== undefined;
}

/** How the application ended: what the sentry says of it, else what the command that waited for it returned. */
export function endingOf({ failures, runs }: Products): Failure | undefined {
  const application = failures.failures.findLast((one) => one.exit?.of === 'application');
  if (application !== undefined) return application;
  // old boot files may lack that line: run and wait return the status
  return failures.failures.findLast((one) => {
    if (one.exit?.of !== 'command') return false;
    const run = runs.runs.find((each) => each.source === one.evidence.source && each.pid === one.pid);
    return run?.command === 'run' || run?.command === 'wait' || run?.command === 'do' || run?.command === 'boot';
  });
}
