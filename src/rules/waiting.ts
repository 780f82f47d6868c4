/** What rules about waiting tasks share: how long a task waits, and on what. */
import type { Wait } from '../analyzers/waits.js';
import type { Products } from './rule.js';

/** Seconds: as the tracer measured until a signal broke the call off, else until the last record of the sandbox; NaN without times. */
export function waitedOf({ waited_ns: waited, evidence }: Wait, { runs }: Products): number {
  if (waited !== null) return waited / 1e9;
  const begin = runs.when(evidence);
  const last = runs.runs.flatMap((run) => (run.last === null ? [] : [runs.when(run.last)]));
  return (Math.max(...last) - begin) / 1000;
}

/** The path that a call is about: its first one that is no mere folder to start from. */
export function pathOf(args: string): string | undefined {
  return / (\/[^,]*)/.exec(args.replace(/^AT_FDCWD \/[^,]*, /, ''))?.[1];
}
