/** The rules as a value: all of them, or one by its id. */
import type { RuleFileText } from './anomaly/pages.js';
import type { RuleFault } from './anomaly/rule-file.js';
import { UserError } from './errors.js';
import type { RulePage, RulesReport, RuleWords } from './model/rule-page.js';
import { nearest } from './nearest.js';
import { rulePages } from './rules/catalogue.js';
import type { RuleSource } from './scan.js';

/** Every rule with its page: those of diagnosis, then those of anomalies; one of `own` takes the place of a built-in one. */
export async function listRules(own: readonly RuleSource[] = []): Promise<RulesReport> {
  return { schema: 'runsight/rules@1', rules: [...rulePages(), ...(await pagesOfAnomalies(own))] };
}

/** One rule with its page. An id that is none is the user's to mend: what comes nearest is suggested. */
export async function showRule(id: string, own: readonly RuleSource[] = []): Promise<RulesReport> {
  const { rules } = await listRules(own);
  const page = rules.findLast((one) => one.id === id);
  if (page !== undefined) return { schema: 'runsight/rules@1', rules: [page] };
  const near = nearest(
    id,
    rules.map((one) => one.id),
  );
  throw new UserError(`there is no rule ${JSON.stringify(id.slice(0, 80))}`, {
    suggestions: [
      ...(near.length === 0 ? [] : [`did you mean ${near.join(' or ')}?`]),
      'all rules: runsight rules list',
      ...(own.length > 0 ? [] : ['a rule of your own: runsight rules show ID --rules FILE']),
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
async function pagesOfAnomalies(own: readonly RuleSource[]): Promise<readonly RulePage[]> {
  const [{ anomalyPages }, { builtInSources, failOn, readBuiltInRules }, { readRuleFile }] = await Promise.all([
    import('./anomaly/pages.js'),
    import('./scan.js'),
    import('./anomaly/rule-file.js'),
  ]);
  const faults: RuleFault[] = [];
  const added: RuleFileText[] = [];
  for (const { name, text } of own) added.push({ file: await readRuleFile(name, text, faults, nearest), text });
  failOn(faults);
  const replaced = new Set(added.flatMap(({ file }) => file.rules.map(({ id }) => id)));
  const [files, sources] = await Promise.all([readBuiltInRules(true), builtInSources()]);
  const shipped = files.map((file, place) => ({
    file: { ...file, rules: file.rules.filter(({ id }) => !replaced.has(id)) },
    text: sources[place]?.text ?? '',
  }));
  return anomalyPages([...shipped, ...added]);
}
