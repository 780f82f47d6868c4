/** How the program in the container ended, and whether whoever runs it ended it: then it did not fail. */
import type { Failure } from '../analyzers/failures.js';
import type { Products } from './rule.js';

/** Signals that an operator or an engine sends to end a container. */
const ENDING_SIGNALS = new Set([1, 2, 3, 9, 15]);

/** Is there a command or a control call that kills or destroys the container? */
export function wasEnded({ sentences, runs }: Products, signal: number | null): boolean {
  if (signal !== null && !ENDING_SIGNALS.has(signal)) return false;
  if (runs.runs.some((run) => run.command === 'kill')) return true;
  if (runs.runs.some((run) => run.command === 'delete' && /(?:^| )--?force(?:=true)?(?: |$)/.test(run.args ?? '')))
    return true;
  return (
    sentences.has('signal-received') ||
    (sentences.get('container-signalled')?.first ?? []).some((one) =>
      ENDING_SIGNALS.has(Number(one.captures['signal'] ?? 0)),
    )
  );
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
