/** Runs the rules of diagnosis over the products, ranks what they find (cause before echo), and says what it amounts to. */
import type { Failure } from '../analyzers/failures.js';
import { BENIGN } from '../knowledge/benign.js';
import { ECHOES } from '../knowledge/echoes.js';
import { SEVERITIES, type Evidence, type Finding, type Severity } from '../model/finding.js';
import type { Judgement } from '../model/judgement.js';
import type { Benign, Verdict } from '../model/report.js';
import { answersOf, type Found } from './answers.js';
import { unrecognisedError } from './diagnosis/unrecognised-error.js';
import { asCommand, isOnContainer, writerOf } from './commands.js';
import { endingOf } from './endings.js';
import { DIAGNOSIS_RULES } from './index.js';
import { type Match, type Products, type Rule, type RuleVerdict, type Tier } from './rule.js';

/** Further records of a finding that is said of several. */
const SAME_LIMIT = 4;
/** Echoes shown under a finding; a crash may have hundreds. */
const ECHO_LIMIT = 12;

/** A rule that throws is `failed`, and the others go on. */
function ask(rule: Rule, products: Products): RuleVerdict {
  const missing = rule.needs.find((need) => products[need] === undefined);
  if (missing !== undefined) return { state: 'not-applicable', why: `the input was read without ${missing}` };
  try {
    return rule.judge(products);
  } catch (error) {
    return { state: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

const TIERS: readonly Tier[] = ['cause', 'aftermath', 'symptom', 'hint'];

/** Earlier in time first, where both tell it; else in the order of reading. */
function byTime(clock: (evidence: Evidence) => number) {
  return (a: Found, b: Found): number => {
    const [left, right] = [clock(a.match.evidence[0]), clock(b.match.evidence[0])];
    if (left !== right && !Number.isNaN(left) && !Number.isNaN(right)) return left - right;
    return a.match.order - b.match.order || (a.rule.id < b.rule.id ? -1 : 1);
  };
}

const severityOf = ({ rule, match }: Found): Severity => match.severity ?? rule.severity;

function findingOf({ rule, match }: Found, echoes: readonly Evidence[]): Finding {
  return {
    rule: rule.id,
    severity: severityOf({ rule, match, tier: rule.tier }),
    confidence: match.confidence,
    title: match.title ?? rule.title,
    cause: match.cause,
    ...(match.why === undefined ? {} : { why: match.why }),
    remedy: match.remedy,
    evidence: match.evidence,
    echoes: [...(match.echoes ?? []), ...echoes],
  };
}

/** What followed from the first finding: errors that only say that another process had died. */
function echoesOf({ failures }: Products, top: Found): readonly Evidence[] {
  const own = new Set(top.match.evidence.map((one) => `${one.source}:${one.line}`));
  return failures.failures
    .filter(
      (one) =>
        one.known !== null &&
        ECHOES[one.known] !== undefined &&
        one.known !== 'gofer-connection-closed' &&
        one.kind !== 'stderr',
    )
    .filter((one) => !own.has(`${one.evidence.source}:${one.evidence.line}`))
    .slice(0, ECHO_LIMIT)
    .map((one) => one.evidence);
}

/** Alarming lines that are normal, by kind; errors among them only where nothing else is found that they follow from. */
function benignOf(
  { sentences, failures }: Products,
  somethingFound: boolean,
): readonly (Benign & { readonly first: Evidence | undefined })[] {
  const counts = new Map<string, { count: number; first: Evidence | undefined }>();
  for (const [id, heard] of sentences) {
    if (BENIGN[id] !== undefined) counts.set(id, { count: heard.count, first: heard.first[0]?.evidence });
  }
  for (const { known, kind, evidence } of failures.failures) {
    if (known === null || BENIGN[known] === undefined || kind === 'stderr') continue;
    if (somethingFound && known !== 'gofer-connection-closed') continue;
    const entry = counts.get(known) ?? { count: 0, first: evidence };
    counts.set(known, { ...entry, count: entry.count + 1 });
  }
  return [...counts]
    .map(([rule, { count, first }]) => ({ rule, count, why: BENIGN[rule] as string, first }))
    .toSorted((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1));
}

const shortId = (id: string): string => (/^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id.slice(0, 80));

function headlineOf(
  verdict: Verdict,
  top: Found | undefined,
  products: Products,
  notes: readonly Finding[],
  life: string | undefined,
): string {
  const { runs } = products;
  const ids = new Set(runs.runs.map((run) => run.container).filter((id) => id !== null));
  const writer = top === undefined ? undefined : writerOf(top.match, products);
  // in a pod, the container of the process that failed; its sandbox writes for all of them
  const only = ids.size === 1 ? [...ids][0] : writer?.command === 'boot' ? undefined : (writer?.container ?? undefined);
  const subject = only === undefined ? 'The container' : `Container ${shortId(only)}`;
  if (top === undefined) {
    // an excerpt without the life of a container: what it says is the answer
    const [note] = notes;
    if (note !== undefined && runs.runs.every(({ banners }) => banners === 0)) return `${note.title}.`;
    if (verdict === 'inconclusive') return 'The input holds no record that says how a container fared.';
    const sandbox = runs.runs.find(({ command, container }) => command === 'boot' && container !== null)?.container;
    if (ids.size > 1 && sandbox !== undefined && sandbox !== null) {
      return `Sandbox ${shortId(sandbox)} with ${ids.size} containers: nothing failed.`;
    }
    return life === undefined ? `${subject}: nothing failed.` : `${subject}: ${life}.`;
  }
  const title = top.match.title ?? top.rule.title;
  if (verdict === 'failed-start') {
    const command = writer?.command ?? null;
    if (/^The checkpoint failed\b/.test(title)) return only === undefined ? `${title}.` : `${subject}: ${title}.`;
    if (command === 'exec' || title.startsWith('exec failed: ')) return `${subject}: ${title}.`;
    if (command !== null && title.startsWith(`runsc ${command} `)) return `${title}.`;
    if (writer !== undefined && isOnContainer(writer)) return `runsc ${command} failed: ${title}.`;
    return `${subject} did not start: ${title}.`;
  }
  return only === undefined ? `${title}.` : `${subject}: ${title}.`;
}

/** What a rule says of several records in the same words is one finding. */
function distinct(matches: readonly Match[]): readonly Match[] {
  const said = new Map<string, Match>();
  for (const match of matches) {
    const key = `${match.title ?? ''}\n${match.cause}\n${match.tier ?? ''}`;
    const first = said.get(key);
    said.set(
      key,
      first === undefined
        ? match
        : {
            ...first,
            evidence: [first.evidence[0], ...[...first.evidence.slice(1), ...match.evidence].slice(0, SAME_LIMIT)],
          },
    );
  }
  return [...said.values()];
}

/** Judges a run: what the rules find, ranked, and the verdict that follows. */
export function judge(products: Products, rules: readonly Rule[] = DIAGNOSIS_RULES): Judgement {
  const verdicts = rules.map((rule) => ({ rule, verdict: ask(rule, products) }));
  const matched: Found[] = verdicts.flatMap(({ rule, verdict }) =>
    verdict.state === 'found'
      ? distinct(verdict.matches).map((match) => ({ rule, match, tier: match.tier ?? rule.tier }))
      : [],
  );
  const found = [...matched, ...unclaimed(products, matched)].map((one) => asCommand(one, products));
  const hidden = new Set(found.flatMap(({ rule }) => rule.supersedes));
  // A note may itself be the answer: somebody posts a harmless line alone, and nothing else that speaks of an error.
  const noted = new Set(
    found
      .filter((one) => one.tier === 'note')
      .flatMap(({ match }) => match.evidence.map(({ source, line }) => `${source}:${line}`)),
  );
  const isHarmless =
    found.some((one) => one.tier === 'note' && (one.match.leads ?? one.rule.leads) === 'healthy') &&
    !found.some(
      ({ tier, match: { evidence } }) => tier === 'hint' && !noted.has(`${evidence[0].source}:${evidence[0].line}`),
    );
  const best = TIERS.find((tier) => found.some((one) => one.tier === tier) && !(tier === 'hint' && isHarmless));
  const earlier = byTime(products.runs.when);
  // Without a cause, what takes more down comes first: the program that died before the command that was refused.
  const weight = (one: Found): number => (best === 'cause' ? 0 : SEVERITIES.indexOf(severityOf(one)));
  const ranked = found
    .filter((one) => one.tier === best && !hidden.has(one.rule.id))
    .toSorted((a, b) => weight(b) - weight(a) || earlier(a, b));
  const [top] = ranked;
  const benign = benignOf(products, top !== undefined);
  const echoes = top === undefined ? [] : echoesOf(products, top);
  // Records without a beginning or an end of anything are no sign of health either.
  const nothingRead =
    products.failures.failures.length === 0 &&
    products.runs.runs.every(({ banners, exit }) => banners === 0 && exit === null);
  // A caller or the kernel tells of a failure that no rule knows: that is no good health.
  const isTold = products.failures.failures.some(
    ({ kind, known }) => kind === 'outside' && known !== null && BENIGN[known] === undefined,
  );
  const leads = top === undefined ? undefined : (top.match.leads ?? top.rule.leads);
  const verdict: Verdict =
    leads !== undefined
      ? // what came to a good end was held up, and does not hang
        leads === 'hang' && endingOf(products)?.exit?.status === 0
        ? 'degraded'
        : leads
      : isTold || (nothingRead && !isHarmless)
        ? 'inconclusive'
        : 'healthy';

  const findings =
    top === undefined
      ? benign.flatMap(({ rule, count, why, first }) =>
          first === undefined ? [] : [benignFinding(rule, count, why, first)],
        )
      : ranked.map((one, index) => findingOf(one, index === 0 ? echoes : []));
  const notes = found.filter((one) => one.tier === 'note' && !hidden.has(one.rule.id)).map((one) => findingOf(one, []));
  const collect = [...new Set(ranked.flatMap((one) => one.match.collect ?? []))];
  return {
    verdict,
    headline: headlineOf(
      verdict,
      top,
      products,
      notes,
      found.find(({ rule, match }) => match.life !== undefined && !hidden.has(rule.id))?.match.life,
    ),
    findings: top === undefined ? [...notes, ...findings] : [...findings, ...notes],
    collect:
      nothingRead && top === undefined && !isHarmless
        ? [
            'the debug logs of runsc: add --debug --debug-log=/tmp/runsc/ to the arguments of the runtime and start again',
          ]
        : collect,
    benign: benign.map(({ rule, count, why }) => ({ rule, count, why })),
    answers: answersOf({ verdicts, found, ranked, echoes, weight }, products),
  };
}

/**
 * Fatal errors that nobody spoke of, though their sentence is known (a rule that picks by the error number, say): they are quoted
 * like unknown ones. A fatal error never passes in silence.
 */
function unclaimed(products: Products, found: readonly Found[]): readonly Found[] {
  const cited = new Set(found.flatMap(({ match }) => match.evidence.map((one) => `${one.source}:${one.line}`)));
  const spoken = new Set<string>();
  const { failures } = products.failures;
  const causeOf = (one: Failure): string => one.captures['cause'] ?? one.error;
  for (const one of failures) if (cited.has(`${one.evidence.source}:${one.evidence.line}`)) spoken.add(causeOf(one));
  // An echo is a failure, too, where nothing else is found that it follows from.
  const left = failures.filter(
    (one) =>
      (one.kind === 'fatal' || one.kind === 'json-error') &&
      one.known !== null &&
      (ECHOES[one.known] === undefined || found.length === 0) &&
      BENIGN[one.known] === undefined &&
      !spoken.has(causeOf(one)),
  );
  if (left.length === 0) return [];
  const unknown = { ...products.failures, failures: left.map((one) => ({ ...one, known: 'unknown-error' })) };
  const verdict = ask(unrecognisedError, { ...products, failures: unknown });
  if (verdict.state !== 'found') return [];
  return verdict.matches.map((match) => ({
    rule: unrecognisedError,
    match,
    tier: match.tier ?? unrecognisedError.tier,
  }));
}

/** A harmless line as a finding, for a run in which there is nothing else to say. */
function benignFinding(rule: string, count: number, why: string, first: Evidence): Finding {
  return {
    rule,
    severity: 'info',
    confidence: 'likely',
    title: count === 1 ? 'A line that looks bad is normal' : `${count} lines that look bad are normal`,
    cause: why,
    remedy: [],
    evidence: [first],
    echoes: [],
  };
}
