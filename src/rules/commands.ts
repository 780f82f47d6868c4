/** Commands on a container that is there already (exec, kill, state): what fails of them is theirs, and not the container's. */
import type { Run } from '../analyzers/runs.js';
import type { Found } from './answers.js';
import { endingOf, isStopped } from './endings.js';
import { runOf, type Match, type Products } from './rule.js';

/** Commands that bring a container up; the failure of another is no failed start of it. */
const STARTING = new Set(['create', 'run', 'do', 'start', 'boot', 'gofer', 'restore']);

/** Does a process of runsc only something to a container that others brought up? */
export const isOnContainer = ({ command }: Pick<Run, 'command'>): boolean => command !== null && !STARTING.has(command);

const NOTHING_LEFT = 'Whoever stops a container sends more than one command; the last one finds nothing left to do.';
/** Commands that whoever stops a container sends until it is gone. */
const STOPPING = new Set(['kill', 'state', 'wait', 'delete']);
/** What it means where such a command then fails, by the rule that speaks of it. */
const AFTER_STOP: Readonly<Record<string, string>> = {
  'container-unknown': NOTHING_LEFT,
  'container-state-wrong': NOTHING_LEFT,
  'control-socket-lost': NOTHING_LEFT,
  'container-running':
    'Its sandbox process was not gone yet (it was still ending, or its parent had not waited for it), and delete removes only what is gone; an engine tries again.',
};
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
  const meaning = STOPPING.has(writer?.command ?? '') && after >= 0 && after < SOON ? AFTER_STOP[rule.id] : undefined;
  if (meaning !== undefined && ending?.exit !== undefined && isStopped(products, ending.exit)) {
    return {
      rule,
      tier: 'note',
      match: {
        ...match,
        tier: 'note',
        severity: 'low',
        confidence: 'likely',
        title: `runsc ${writer?.command} came when the container had ended already`,
        cause: `The container had been told to end and had ended ${(after / 1000).toFixed(1)} s before runsc ${writer?.command} came. ${meaning}`,
        remedy: ['Nothing is to be done.'],
      },
    };
  }
  const lingers = rule.id === 'container-running' && after >= 0 ? lingering(after) : {};
  return {
    rule,
    tier: tier === 'cause' ? 'aftermath' : tier,
    match: { ...match, ...lingers, leads: 'degraded', severity: 'medium' },
  };
}

/** What runsc calls running is a sandbox process that is there; its program may have ended. */
const lingering = (after: number): Pick<Match, 'title' | 'cause' | 'confidence'> => ({
  title: 'delete was refused: the sandbox process of the container was not gone yet',
  cause: `The program of the container had ended ${(after / 1000).toFixed(1)} s before, but its sandbox process was still there: it was still ending, or its parent (the engine, a shim, a script) had not waited for it. delete without --force removes only what is gone.`,
  confidence: 'likely',
});
