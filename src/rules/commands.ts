/** Commands on a container that is there already (exec, kill, state): what fails of them is theirs, and not the container's. */
import type { Run } from '../analyzers/runs.js';
import type { Found } from './answers.js';
import { endingOf, isStopped } from './endings.js';
import { runOf, type Match, type Products } from './rule.js';

/** Commands that bring a container up; the failure of another is no failed start of it. */
const STARTING = new Set(['create', 'run', 'do', 'start', 'boot', 'gofer', 'restore']);

/** Does a process of runsc only something to a container that others brought up? */
export const isOnContainer = ({ command }: Pick<Run, 'command'>): boolean => command !== null && !STARTING.has(command);

/** Commands that whoever stops a container sends until it is gone, and rules that say that it is. */
const STOPPING = new Set(['kill', 'state', 'wait', 'delete']);
const GONE = new Set(['container-unknown', 'container-state-wrong']);
/** So many milliseconds after the end they are part of the stop. */
const SOON = 60_000;

/** The process of runsc that wrote the deciding record of a match. */
export function writerOf({ evidence: [first] }: Match, { failures, runs }: Products): Run | undefined {
  const failure = failures.failures.find(
    ({ evidence }) => evidence.source === first.source && evidence.line === first.line,
  );
  return runOf({ evidence: first, pid: failure?.pid ?? null }, runs);
}

/** Did a container of these logs come up? */
function hasRun({ runs, sentences, calls }: Products): boolean {
  return runs.runs.some(({ command }) => command === 'boot') && (sentences.has('process-started') || calls.size > 0);
}

/**
 * A finding of a command on a container that came up: no more than degraded, and behind what is wrong with the container itself. One that
 * came just after a stop found what it was to bring about.
 */
export function asCommand(found: Found, products: Products): Found {
  const { rule, match, tier } = found;
  const leads = match.leads ?? rule.leads;
  if (tier === 'note' || (leads !== 'failed-start' && leads !== 'inconclusive') || !hasRun(products)) return found;
  const writer = writerOf(match, products);
  const isExec = (match.title ?? rule.title).startsWith('exec failed: ');
  if (!isExec && (writer === undefined || !isOnContainer(writer))) return found;
  const ending = endingOf(products);
  const after =
    ending === undefined ? Number.NaN : products.runs.when(match.evidence[0]) - products.runs.when(ending.evidence);
  const isLate = STOPPING.has(writer?.command ?? '') && GONE.has(rule.id) && after >= 0 && after < SOON;
  if (isLate && ending?.exit !== undefined && isStopped(products, ending.exit)) {
    return {
      rule,
      tier: 'note',
      match: {
        ...match,
        tier: 'note',
        severity: 'low',
        confidence: 'likely',
        title: `runsc ${writer?.command} came when the container had ended already`,
        cause: `The container had been told to end and had ended ${(after / 1000).toFixed(1)} s before runsc ${writer?.command} looked for it. Whoever stops a container sends more than one command; the last one finds nothing left to do.`,
        remedy: ['Nothing is to be done.'],
      },
    };
  }
  return {
    rule,
    tier: tier === 'cause' ? 'aftermath' : tier,
    match: { ...match, leads: 'degraded', severity: 'medium' },
  };
}
