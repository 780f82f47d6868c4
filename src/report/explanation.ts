/** Puts the answers of the rules into words: on what each confidence rests, and why what lost did not come first. */
import { RULE_PAGES } from '../knowledge/rule-pages.js';
import type { Loss, MatchAnswer, RuleAnswer } from '../model/judgement.js';
import type { ExplainedMatch, ExplainedRule, Explanation } from '../model/report.js';

/** What the deciding record is. */
const RECORDS: Readonly<Record<string, string>> = {
  fatal: 'the fatal error of runsc',
  'json-error': 'the error log of runsc',
  stderr: 'what runsc printed on stderr',
  panic: 'the panic',
  watchdog: 'the report of the watchdog',
  fault: 'the record of the fault',
  exit: 'the record of how it ended',
  outside: 'what is told from outside of runsc',
};

/** Values that are quoted, and how long each may be. */
const VALUES = 3;
const VALUE_CHARACTERS = 80;
/** Of two names for one value, the one that a reader knows. */
const TELLING = new Set(['path', 'name']);

export function explanationOf(answers: readonly RuleAnswer[]): Explanation {
  const rules = answers.flatMap((answer): readonly ExplainedRule[] =>
    answer.state === 'clear'
      ? []
      : [
          {
            rule: answer.rule,
            state: answer.state,
            ...(answer.why === undefined ? {} : { why: answer.why }),
            matches: (answer.matches ?? []).map((match) => explainedMatch(answer.rule, match)),
          },
        ],
  );
  const place = (rule: ExplainedRule): number => {
    const ranks = rule.matches.map(({ rank }) => rank ?? Number.MAX_SAFE_INTEGER - 1);
    return Math.min(Number.MAX_SAFE_INTEGER, ...ranks);
  };
  return {
    rules: rules.toSorted((a, b) => place(a) - place(b) || (a.rule < b.rule ? -1 : 1)),
    clear: answers.filter(({ state }) => state === 'clear').length,
  };
}

function explainedMatch(rule: string, match: MatchAnswer): ExplainedMatch {
  const { title, severity, confidence, evidence, rank, loss } = match;
  return {
    title,
    severity,
    confidence,
    because: becauseOf(rule, match),
    source: evidence.source,
    line: evidence.line,
    rank,
    ...(loss === undefined ? {} : { lost: lossText(rule, match.tier, loss) }),
  };
}

function becauseOf(rule: string, match: MatchAnswer): string {
  const record = RECORDS[match.kind ?? ''] ?? 'the record';
  const values = Object.entries(match.printed)
    .toSorted(([a], [b]) => Number(!TELLING.has(a)) - Number(!TELLING.has(b)))
    .filter(([, value], index, all) => all.findIndex(([, other]) => other === value) === index)
    .slice(0, VALUES)
    .map(([name, value]) => `${name} ${clipped(value ?? '')}`);
  const also =
    match.records === 1
      ? ''
      : `; ${match.records} records${match.sources === 1 ? '' : ` of ${match.sources} sources`} say so`;
  if (match.confidence === 'certain') {
    const what = values.length === 0 ? 'is a sentence that nothing else causes' : `prints it (${values.join(', ')})`;
    return `${record} ${what}${also}.`;
  }
  const seen =
    match.confidence === 'likely'
      ? `${record} fits this best${values.length === 0 ? '' : ` (${values.join(', ')})`}${also}`
      : `${record} is a hint and no proof${also}`;
  const doubt = RULE_PAGES[rule]?.doubt ?? 'Other causes may look alike.';
  // what to collect matters for what is an answer
  const first = match.rank === null ? undefined : match.collect[0];
  return `${seen}. ${doubt}${first === undefined ? '' : ` Collect: ${first}.`}`;
}

function clipped(value: string): string {
  return value.length > VALUE_CHARACTERS ? `${value.slice(0, VALUE_CHARACTERS - 1)}…` : value;
}

const TIERS: Readonly<Record<string, string>> = {
  cause: 'a cause',
  aftermath: 'a failure that may follow from others',
  symptom: 'a symptom',
};

function lossText(rule: string, tier: string, { reason, to }: Loss): string {
  const other = to === rule ? 'its first match' : (to ?? 'another');
  switch (reason) {
    case 'superseded':
      return `superseded: ${other} explains it.`;
    case 'echo':
      return `an echo: its record only follows from that of ${other}, and is listed there.`;
    case 'tier':
      return `outranked: it is ${TIERS[tier] ?? tier}, and ${other} explains more.`;
    case 'severity':
      return `after ${other}, which takes more down.`;
    case 'later':
      return `later: ${other} was first.`;
    case 'note':
      return 'a note: worth saying whatever the verdict, and no part of it.';
  }
}
