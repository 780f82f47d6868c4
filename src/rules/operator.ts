/** Did whoever runs the container end it? Then it did not fail. */
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
