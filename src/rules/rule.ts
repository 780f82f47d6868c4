/** The contract of a rule: data with a small judge. What the rules are is in index.ts, who runs them in diagnose.ts. */
import type { Faults } from '../analyzers/faults.js';
import type { Failure, Failures, Sentences } from '../analyzers/failures.js';
import type { Forgeries } from '../analyzers/forgeries.js';
import type { LastCalls } from '../analyzers/last-calls.js';
import type { Refusals } from '../analyzers/refusals.js';
import type { Run, Runs } from '../analyzers/runs.js';
import type { Telling, Tellings } from '../analyzers/tellings.js';
import type { Waits } from '../analyzers/waits.js';
import type { Captures } from '../model/event.js';
import type { Confidence, Evidence, Severity } from '../model/finding.js';
import type { Verdict } from '../model/report.js';
import { isOlder, releaseName } from '../../grammars/releases.js';

/** What analyzers yield, by the names that rules ask for. */
export type Products = {
  readonly failures: Failures;
  readonly sentences: Sentences;
  readonly runs: Runs;
  readonly tellings: Tellings;
  readonly faults: Faults;
  /** Of these three the last part of a trace: its last failing calls, what tasks wait in at the end, and calls that were refused. */
  readonly calls: LastCalls;
  readonly waits: Waits;
  readonly refusals: Refusals;
  readonly forgeries: Forgeries;
};
export type ProductName = keyof Products;

/**
 * `cause` explains why something failed; `aftermath` is a failure of its own that also follows from others (a second command that
 * finds nothing), so it counts only where no cause is found; `symptom` proves that something failed and not what; `hint` is a line
 * that speaks of an error nobody knows; `note` is worth saying whatever the verdict, and has no part in it.
 */
export type Tier = 'cause' | 'aftermath' | 'symptom' | 'hint' | 'note';

/** One thing that a rule found. */
export type Match = {
  readonly title?: string;
  readonly cause: string;
  readonly why?: string;
  readonly remedy: readonly string[];
  readonly confidence: Confidence;
  readonly severity?: Severity;
  readonly tier?: Tier;
  readonly leads?: Verdict;
  /** Of a note: how the container fared, for the headline where nothing failed. */
  readonly life?: string;
  /** The deciding record first. */
  readonly evidence: readonly [Evidence, ...Evidence[]];
  /** Records that only follow from this one. */
  readonly echoes?: readonly Evidence[];
  /** Place in the order of reading: the earliest cause wins. */
  readonly order: number;
  /** What decides where this does not (`tier: 'symptom'`). */
  readonly collect?: readonly string[];
};

/** Four honest answers. `failed` is made by the runner alone. */
export type RuleVerdict =
  | { readonly state: 'found'; readonly matches: readonly [Match, ...Match[]] }
  | { readonly state: 'clear' }
  | { readonly state: 'not-applicable'; readonly why: string }
  | { readonly state: 'failed'; readonly error: Error };

export type Rule = {
  /** File name, fixture name and what the report prints: a noun, never renamed. */
  readonly id: string;
  readonly family: 'diagnosis';
  readonly severity: Severity;
  readonly title: string;
  /** What the rule's page says of the way out; the finding fills in the values. */
  readonly remedy: readonly string[];
  readonly tier: Tier;
  /** The verdict of a run of which this is the first finding. */
  readonly leads: Verdict;
  readonly needs: readonly ProductName[];
  /** Rules whose findings this one explains, and therefore hides. */
  readonly supersedes: readonly string[];
  /** Who prints it: gVisor files and functions. */
  readonly sources: readonly string[];
  readonly judge: (products: Products) => RuleVerdict;
};

/** What a rule says of a known sentence. `{name}` is filled from the captures, `{name|words}` with words where there is none. */
export type Said = {
  readonly title?: string;
  readonly cause: string;
  readonly why?: string;
  readonly remedy: readonly string[];
  readonly confidence?: Confidence;
  readonly severity?: Severity;
  readonly tier?: Tier;
  readonly leads?: Verdict;
  readonly life?: string;
  /** With `tier: 'symptom'`: what would decide. */
  readonly collect?: readonly string[];
  /** From which release on things are better; told unless the log is of one that is as new. A sentence. */
  readonly update?: { readonly since: string; readonly brings: string };
};

/** Id of a known sentence → what it means; `id:errno text` where the error at its end decides. */
export type Sayings = Readonly<Record<string, Said>>;

type RuleHead = Omit<Rule, 'judge' | 'family' | 'tier' | 'leads' | 'remedy' | 'supersedes'> & {
  readonly tier?: Tier;
  readonly leads?: Verdict;
  readonly remedy?: readonly string[];
  readonly supersedes?: readonly string[];
};
type RuleBody = { readonly when: Sayings } | { readonly judge: (products: Products) => RuleVerdict };

/** Makes a rule of its data. Where `when` is given, known sentences decide and no code is needed. */
export function defineRule(definition: RuleHead & RuleBody): Rule {
  const { tier = 'cause', leads = 'failed-start', supersedes = [] } = definition;
  const judge = 'when' in definition ? judgeSentences(definition.when) : definition.judge;
  const remedy = definition.remedy ?? ('when' in definition ? (Object.values(definition.when)[0]?.remedy ?? []) : []);
  const { id, severity, title, needs, sources } = definition;
  return { id, family: 'diagnosis', severity, title, remedy, tier, leads, needs, supersedes, sources, judge };
}

const HOLE = /\{(\w+)(?:\|([^{}]*))?\}/g;

/** Fills a template. A value that the log does not print is said to be missing rather than left out in silence. */
export function fill(template: string, values: Captures): string {
  return template.replace(HOLE, (_, name: string, fallback: string | undefined) => {
    const value = values[name];
    return value === undefined || value === '' ? (fallback ?? value ?? 'an unnamed one') : value;
  });
}

/** The process that wrote a record. */
export function runOf(failure: Pick<Failure, 'evidence' | 'pid'>, runs: Runs): Run | undefined {
  const { source } = failure.evidence;
  return (
    runs.runs.find((run) => run.source === source && run.pid === failure.pid) ??
    runs.runs.find((run) => run.source === source)
  );
}

/** Did runsc write any of the input? A text of others has a run, too, which nobody began. */
export const isWrittenByRunsc = ({ runs }: Runs): boolean =>
  runs.some(({ banners, command }) => banners > 0 || command !== null);

/** The first spec that any process of the input prints with what is asked; those of the failing process first. */
export function specOf(failure: Pick<Failure, 'evidence' | 'pid'>, runs: Runs): Run['spec'] {
  return runOf(failure, runs)?.spec ?? runs.runs.find((run) => run.spec !== null)?.spec ?? null;
}

/** What templates may use beside the captures: `id`, `bundle`, `version`, `command`, `root`. */
export function factsOf(failure: Pick<Failure, 'evidence' | 'pid'>, runs: Runs): Captures {
  const own = runOf(failure, runs);
  const any = <Key extends 'container' | 'bundle' | 'version' | 'root'>(key: Key): string =>
    own?.[key] ?? runs.runs.find((run) => run[key] !== null)?.[key] ?? '';
  return {
    id: any('container'),
    bundle: any('bundle'),
    version: any('version'),
    stateRoot: any('root'),
    process: own?.command ?? '',
  };
}

/** Records that a finding quotes; more of the same kind prove no more. */
const EVIDENCE_LIMIT = 5;
/** Different values of one sentence that are told apart (two missing mounts). */
const GROUPS_LIMIT = 8;

/** Which record of several that say the same is shown first. */
const RANK: Readonly<Record<Failure['kind'], number>> = {
  fatal: 0,
  panic: 0,
  watchdog: 0,
  fault: 0,
  exit: 0,
  'json-error': 1,
  outside: 2,
  stderr: 3,
};

/** The same error, written by several processes and by callers, once: its records, the one that decides first. */
export type ErrorGroup = { readonly failure: Failure; readonly evidence: readonly [Evidence, ...Evidence[]] };

/** Gathers the failures that `wanted` picks by what they say. */
export function groupErrors(failures: Failures, wanted: (failure: Failure) => boolean): readonly ErrorGroup[] {
  const groups = new Map<string, Failure[]>();
  for (const failure of failures.failures) {
    if (failure.known === null || !wanted(failure)) continue;
    const { captures } = failure;
    const key = `${failure.known} ${captures['path'] ?? captures['name'] ?? captures['cause'] ?? failure.error}`;
    const group = groups.get(key);
    if (group !== undefined) group.push(failure);
    else if (groups.size < GROUPS_LIMIT) groups.set(key, [failure]);
  }
  return [...groups.values()].map((group) => {
    const sorted = [...group].sort(
      (a, b) =>
        Number(a.isWarning ?? false) - Number(b.isWarning ?? false) || RANK[a.kind] - RANK[b.kind] || a.order - b.order,
    );
    const first = sorted[0] as Failure;
    // stderr repeats the text of a fatal record word for word
    const rest = sorted.slice(1).filter((one) => one.kind !== 'stderr');
    return {
      failure: first,
      evidence: [first.evidence, ...rest.slice(0, EVIDENCE_LIMIT - 1).map((one) => one.evidence)],
    };
  });
}

/** Makes a match of a group of errors and what a rule says of it. */
export function matchOf(group: ErrorGroup, said: Said, runs: Runs, more: Captures = {}): Match {
  const values = { ...factsOf(group.failure, runs), ...group.failure.captures, ...more };
  const { title, why, severity, tier, leads, life, collect, update } = said;
  const version = values['version'] ?? '';
  const updates =
    update === undefined || isOlder(version, update.since) === false
      ? []
      : [
          `Update runsc to ${releaseName(update.since)} or later${version === '' ? '' : ` (this one is ${version})`}: ${update.brings}`,
        ];
  return {
    ...(title === undefined ? {} : { title: fill(title, values) }),
    cause: fill(said.cause, values),
    ...(why === undefined ? {} : { why: fill(why, values) }),
    remedy: [...said.remedy.map((one) => fill(one, values)), ...updates],
    // What somebody only tells of is no record.
    confidence: said.confidence ?? (group.failure.isQuoted === true ? 'likely' : 'certain'),
    ...(severity === undefined ? {} : { severity }),
    ...(tier === undefined ? {} : { tier }),
    // whoever warns goes on: an error beside it is more
    ...(group.failure.isWarning === true ? { tier: 'hint' as const, confidence: 'possible' as const } : {}),
    ...(leads === undefined ? {} : { leads }),
    ...(life === undefined ? {} : { life: fill(life, values) }),
    ...(collect === undefined ? {} : { collect: collect.map((one) => fill(one, values)) }),
    evidence: group.evidence,
    order: group.failure.order,
  };
}

/** Every telling of these signs, in the order of reading; those that `wanted` picks. */
export function tellingsOf(
  tellings: Tellings,
  ids: readonly string[],
  wanted: (telling: Telling) => boolean = () => true,
): readonly (Telling & { readonly id: string })[] {
  return ids
    .flatMap((id) => (tellings.signs.get(id)?.first ?? []).map((one) => ({ ...one, id })))
    .filter(wanted)
    .toSorted((a, b) => a.order - b.order || a.evidence.line - b.evidence.line);
}

/** Makes a match of tellings and what a rule says of them; the deciding one first. */
export function matchOfTellings(
  [first, ...rest]: readonly [Telling, ...Telling[]],
  said: Said,
  runs: Runs,
  more: Captures = {},
): Match {
  const { captures, evidence, order } = first;
  const failure: Failure = { kind: 'outside', known: null, captures, error: '', evidence, pid: null, order };
  const seen = new Set([`${evidence.source}:${evidence.line}`]);
  const others = rest.filter(({ evidence: one }) => {
    const place = `${one.source}:${one.line}`;
    return !seen.has(place) && seen.add(place);
  });
  return matchOf(
    { failure, evidence: [evidence, ...others.slice(0, EVIDENCE_LIMIT - 1).map((one) => one.evidence)] },
    said,
    runs,
    more,
  );
}

/** `found` with what there is, or `clear`. */
export function verdictOf(matches: readonly Match[]): RuleVerdict {
  const [first, ...rest] = matches;
  return first === undefined ? { state: 'clear' } : { state: 'found', matches: [first, ...rest] };
}

function sayingOf(failure: Failure, sayings: Sayings): Said | undefined {
  const { known, captures } = failure;
  if (known === null) return undefined;
  return sayings[`${known}:${captures['errno'] ?? ''}`] ?? sayings[known];
}

function judgeSentences(sayings: Sayings): Rule['judge'] {
  return ({ failures, runs }) =>
    verdictOf(
      groupErrors(failures, (failure) => sayingOf(failure, sayings) !== undefined).map((group) =>
        matchOf(group, sayingOf(group.failure, sayings) as Said, runs),
      ),
    );
}
