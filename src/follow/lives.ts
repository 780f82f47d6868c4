/** What is known of each life of a sandbox while it goes on: how far it has come, what was told of it. */
import type { Run } from '../analyzers/runs.js';
import { BEGINNING } from '../analyzers/groups.js';
import type { Portion } from '../analyzers/portions.js';
import { sandboxOf } from '../analyzers/sandboxes.js';
import type { Recorded, LifeState } from '../model/follow.js';
import type { DiagnoseReport } from '../model/report.js';

/** Commands that last as long as the life that they begin. */
const WAITING = new Set(['run', 'do']);

export class Life {
  /** Of every process of it: file and pid. */
  readonly processes = new Set<string>();
  readonly sources = new Set<string>();
  containers: readonly string[] = [];
  readonly told = new Set<LifeState>();
  /** Bytes that were there when it was judged last. */
  judgedAt = -1;
  verdict: { readonly report: DiagnoseReport; readonly recorded: readonly Recorded[] } | undefined;
  /** What was told last of how it fared. */
  toldVerdict = '';
  isToldFinal = false;
  /** When its last bytes came, when it was looked at last, and when it was found to have ended, in milliseconds of the wall clock. */
  touched = 0;
  /** How many records its processes had written. */
  mark = '';
  lookedAt = 0;
  endedAt: number | undefined;

  constructor(
    readonly id: string | null,
    /** Stays the same when the same bytes are read again. */
    readonly key: string,
  ) {}
}

/** JSON logs tell no pid: a file that another one takes the place of holds another process, which began at another time. */
export const processKey = (run: Run): string => `${run.pid} ${run.source} ${run.firstTime}`;

/** The key of a life that is new: its id, and when its first process began. */
export function lifeKey({ group }: Portion): string {
  const times = group.runs.flatMap(({ firstTime }) => (firstTime === null ? [] : [firstTime]));
  return `${group.id ?? ''} ${times.toSorted()[0] ?? ''}`;
}

/** The steps that the life has come to, in order, each with what there is to say of it. */
export function stepsOf(portion: Portion): readonly { readonly state: LifeState; readonly detail: string }[] {
  const { group } = portion;
  const sandbox = sandboxOf(portion);
  const steps: { state: LifeState; detail: string }[] = [];
  const begun = group.runs.find(({ command }) => BEGINNING.has(command ?? ''));
  const boot = group.runs.find(({ command }) => command === 'boot');
  if (begun !== undefined || boot !== undefined)
    steps.push({ state: 'created', detail: [begun?.command, sandbox.version].filter(Boolean).join(', ') });
  if (boot !== undefined) steps.push({ state: 'booted', detail: boot.config['Platform'] ?? sandbox.platform ?? '' });
  if (boot !== undefined && hasStarted(portion))
    steps.push({ state: 'started', detail: sandbox.config['program'] ?? '' });
  if (hasEnded(portion)) steps.push({ state: 'ended', detail: sandbox.outcome });
  return steps;
}

function hasStarted({ group, products }: Portion): boolean {
  if (products.sentences.has('process-started')) return true;
  return group.runs.some(({ source }) => {
    const calls = products.calls.get(source);
    return calls !== undefined && (calls.failed.length > 0 || calls.words.length > 0 || calls.ended !== null);
  });
}

/**
 * Do the records say that it is over? A container that ended ends its sandbox, but for one of several. The end of a log alone says nothing:
 * whoever writes it may be asleep.
 */
export function hasEnded(portion: Portion): boolean {
  const { runs, containers } = portion.group;
  if (
    runs.some(({ command, fatal, container }) => command === 'delete' && fatal === 0 && container === portion.group.id)
  )
    return true;
  if (runs.some(({ command, exit }) => WAITING.has(command ?? '') && exit !== null)) return true;
  if (runs.some(({ command, fatal }) => fatal > 0 && (BEGINNING.has(command ?? '') || command === 'boot'))) return true;
  if (portion.products.sentences.has('sandbox-killed')) return true;
  return containers.length < 2 && sandboxOf(portion).exit !== null;
}

/** What tells one verdict from another; how long something has lasted by now does not. */
export function verdictKey({ verdict, findings }: DiagnoseReport): string {
  const [first] = findings;
  return `${verdict} ${first?.rule ?? '-'} ${(first?.cause ?? '').replace(/\d[\d.,]*/g, '#')}`;
}
