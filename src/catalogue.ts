/** The rules as a value: all of them, or one by its id. */
import { UserError } from './errors.js';
import type { RulePage, RulesReport, RuleWords } from './model/rule-page.js';
import { nearest } from './nearest.js';
import { rulePages } from './rules/catalogue.js';

/** Every rule with its page: those of diagnosis, then those of anomalies. */
export async function listRules(): Promise<RulesReport> {
  return { schema: 'runsight/rules@1', rules: [...rulePages(), ...(await pagesOfAnomalies())] };
}

/** One rule with its page. An id that is none is the user's to mend: what comes nearest is suggested. */
export async function showRule(id: string): Promise<RulesReport> {
  const { rules } = await listRules();
  const page = rules.find((one) => one.id === id);
  if (page !== undefined) return { schema: 'runsight/rules@1', rules: [page] };
  const near = nearest(
    id,
    rules.map((one) => one.id),
  );
  throw new UserError(`there is no rule ${JSON.stringify(id.slice(0, 80))}`, {
    suggestions: [
      ...(near.length === 0 ? [] : [`did you mean ${near.join(' or ')}?`]),
      'all rules: runsight rules list',
    ],
  });
}

/** What conditions of rules can name: events, fields, and the lists and conditions that are built in. */
export async function ruleWords(): Promise<RuleWords> {
  const [{ EVENTS }, { RULE_FIELDS }, { readBuiltInRules }] = await Promise.all([
    import('./anomaly/moment.js'),
    import('./anomaly/fields.js'),
    import('./scan.js'),
  ]);
  const files = await readBuiltInRules();
  return {
    events: Object.entries(EVENTS).map(([name, says]) => ({ name, says })),
    fields: [...RULE_FIELDS.values()]
      .map(({ name, type, says }) => ({ name, type, says }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    conditions: files.flatMap(({ macros }) => [...macros.keys()]).toSorted(),
    lists: files.flatMap(({ lists }) => [...lists.keys()]).toSorted(),
  };
}

/** Rule files are read, with their parser, when somebody asks for them. */
async function pagesOfAnomalies(): Promise<readonly RulePage[]> {
  const [{ anomalyPages }, { builtInSources, readBuiltInRules }] = await Promise.all([
    import('./anomaly/pages.js'),
    import('./scan.js'),
  ]);
  const [files, sources] = await Promise.all([readBuiltInRules(true), builtInSources()]);
  return anomalyPages(files.map((file, place) => ({ file, text: sources[place]?.text ?? '' })));
}
