/** The rules as a value: all of them, or one by its id. */
import { UserError } from './errors.js';
import { nearest } from './nearest.js';
import type { RulesReport } from './model/rule-page.js';
import { rulePages } from './rules/catalogue.js';

/** Every rule with its page. */
export function listRules(): RulesReport {
  return { schema: 'runsight/rules@1', rules: rulePages() };
}

/** One rule with its page. An id that is none is the user's to mend: what comes nearest is suggested. */
export function showRule(id: string): RulesReport {
  const pages = rulePages();
  const page = pages.find((one) => one.id === id);
  if (page !== undefined) return { schema: 'runsight/rules@1', rules: [page] };
  const near = nearest(
    id,
    pages.map((one) => one.id),
  );
  throw new UserError(`there is no rule ${JSON.stringify(id.slice(0, 80))}`, {
    suggestions: [
      ...(near.length === 0 ? [] : [`did you mean ${near.join(' or ')}?`]),
      'all rules: runsight rules list',
    ],
  });
}
