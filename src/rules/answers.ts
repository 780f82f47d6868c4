/** What each rule answered, and why what it found is not the first finding. Words are the report's affair. */
import type { Failure } from '../analyzers/failures.js';
import type { Captures } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import type { Loss, MatchAnswer, RuleAnswer } from '../model/judgement.js';
import type { Match, Products, Rule, RuleVerdict, Tier } from './rule.js';

export type Found = { readonly rule: Rule; readonly match: Match; readonly tier: Tier };

export type Ranking = {
  readonly verdicts: readonly { readonly rule: Rule; readonly verdict: RuleVerdict }[];
  readonly found: readonly Found[];
  /** The findings that count, the first one first. */
  readonly ranked: readonly Found[];
  /** Records that follow from the first finding. */
  readonly echoes: readonly Evidence[];
  /** What counts before time, if anything does. */
  readonly weight: (one: Found) => number;
};

export function answersOf(ranking: Ranking, { failures }: Products): readonly RuleAnswer[] {
  const failureAt = new Map<string, Failure>();
  for (const one of failures.failures)
    if (!failureAt.has(placeOf(one.evidence))) failureAt.set(placeOf(one.evidence), one);
  const byRule = new Map<Rule, MatchAnswer[]>();
  for (const one of ranking.found) {
    const answers = byRule.get(one.rule) ?? [];
    byRule.set(one.rule, answers);
    answers.push(matchAnswer(one, failureAt.get(placeOf(one.match.evidence[0])), ranking));
  }
  const asked = ranking.verdicts.map(({ rule, verdict }): RuleAnswer => {
    const matches = byRule.get(rule);
    byRule.delete(rule);
    if (matches !== undefined) return { rule: rule.id, state: 'found', matches };
    if (verdict.state === 'failed') return { rule: rule.id, state: 'failed', why: verdict.error.message };
    if (verdict.state === 'not-applicable') return { rule: rule.id, state: 'not-applicable', why: verdict.why };
    return { rule: rule.id, state: verdict.state };
  });
  // asked once more, for what nobody spoke of
  return [...asked, ...[...byRule].map(([{ id }, matches]): RuleAnswer => ({ rule: id, state: 'found', matches }))];
}

const placeOf = ({ source, line }: Evidence): string => `${source}:${line}`;

function matchAnswer(one: Found, failure: Failure | undefined, ranking: Ranking): MatchAnswer {
  const { rule, match, tier } = one;
  const rank = ranking.ranked.indexOf(one) + 1;
  const loss = rank === 1 ? undefined : lossOf(one, ranking);
  return {
    title: match.title ?? rule.title,
    severity: match.severity ?? rule.severity,
    confidence: match.confidence,
    tier,
    evidence: match.evidence[0],
    kind: failure?.kind ?? null,
    printed: printedIn(match.cause, failure?.captures ?? {}),
    records: match.evidence.length,
    sources: new Set(match.evidence.map(({ source }) => source)).size,
    collect: match.collect ?? [],
    rank: rank === 0 ? null : rank,
    ...(loss === undefined ? {} : { loss }),
  };
}

/** Captures that are a whole error again, and say nothing of their own. */
const WHOLE = new Set(['cause', 'error', 'wrappers', 'detail', 'mount']);

/** The captured values that the cause names: they are what the record proves. */
function printedIn(cause: string, captures: Captures): Captures {
  return Object.fromEntries(
    Object.entries(captures).filter(
      ([name, value]) => value !== undefined && value.length > 1 && !WHOLE.has(name) && cause.includes(value),
    ),
  );
}

function lossOf(one: Found, { found, ranked, echoes, weight }: Ranking): Loss {
  const [top] = ranked;
  const to = top?.rule.id ?? null;
  const { rule, match, tier } = one;
  const explaining = found.find((other) => other.rule.supersedes.includes(rule.id));
  if (explaining !== undefined) return { reason: 'superseded', to: explaining.rule.id };
  if (tier === 'note') return { reason: 'note', to };
  if (top === undefined || !ranked.includes(one)) {
    const own = placeOf(match.evidence[0]);
    return { reason: echoes.some((echo) => placeOf(echo) === own) ? 'echo' : 'tier', to };
  }
  return { reason: weight(top) > weight(one) ? 'severity' : 'later', to };
}
