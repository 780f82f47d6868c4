/** The rules of every family as pages: what `runsight rules` lists and shows. */
import { RULE_PAGES } from '../knowledge/rule-pages.js';
import type { RuleGroup, RulePage } from '../model/rule-page.js';
import { DIAGNOSIS_RULES } from './index.js';
import { fill, type Rule, type Tier } from './rule.js';

/** What the tiers of rule.ts are to a reader. */
const TIERS: Readonly<Record<Tier, RuleGroup>> = {
  cause: { name: 'cause', says: 'says why something failed; the earliest in time comes first' },
  aftermath: { name: 'aftermath', says: 'a failure that may follow from others: counts where no cause is found' },
  symptom: { name: 'symptom', says: 'proves that something failed, not why: counts where nothing else is found' },
  hint: { name: 'hint', says: 'an error that is told and not known: counts where no rule knows more' },
  note: { name: 'note', says: 'worth saying whatever the verdict, and no part of it' },
};
const ORDER = Object.keys(TIERS);

/** `{path}` is `<path>` to a reader, `{path|words}` the words. */
function withNames(text: string): string {
  return fill(text.replace(/\{(\w+)\}/g, '<$1>'), {});
}

function pageOf(rule: Rule): RulePage {
  const { id, family, severity, title, remedy, tier, leads, supersedes, sources } = rule;
  const { means = `${title}.`, doubt = null, example = [] } = RULE_PAGES[id] ?? {};
  return {
    id,
    family,
    group: TIERS[tier],
    severity,
    verdict: tier === 'note' ? null : leads,
    title,
    means,
    doubt,
    remedy: remedy.map(withNames),
    supersedes,
    superseded_by: DIAGNOSIS_RULES.filter((other) => other.supersedes.includes(id)).map((other) => other.id),
    sources,
    example,
  };
}

/** Every rule, by family, group and id. */
export function rulePages(): readonly RulePage[] {
  return DIAGNOSIS_RULES.map(pageOf).toSorted(
    (a, b) => ORDER.indexOf(a.group.name) - ORDER.indexOf(b.group.name) || (a.id < b.id ? -1 : 1),
  );
}
