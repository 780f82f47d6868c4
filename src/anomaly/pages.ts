/** The pages of anomaly rules, made of their files: what `runsight rules` lists and shows of them. */
import type { RuleGroup, RulePage, RuleVariant } from '../model/rule-page.js';
import type { ClauseSpec, RuleFile, RuleSpec } from './rule-file.js';

/** The categories of the rules that are built in, in the order in which they are listed. */
const CATEGORIES: Readonly<Record<string, string>> = {
  execution: 'code is run that was not meant to be run here, or is steered from outside',
  'escape attempts': 'something reaches for the host, or for what is around the container',
  'privilege escalation': 'something gains rights that it was not given',
  'credential access': 'secrets are looked for, read or guessed',
  persistence: 'something makes sure that it is started again',
  'defense evasion': 'traces are removed or hidden',
  discovery: 'something looks around: the network, the host, the cluster',
  'lateral movement': 'something goes on to other machines',
  collection: 'data is gathered to be taken away',
  exfiltration: 'data is sent away',
  impact: 'data is destroyed, or the machine is used for others',
  stability: 'the workload fails, hangs or runs into a limit',
  performance: 'the workload wastes time in calls',
  compatibility: 'the workload asks for what gVisor does not have',
};
const ORDER = Object.keys(CATEGORIES);

/** A rule file and the text that it was read from. */
export type RuleFileText = { readonly file: RuleFile; readonly text: string };

/** A page for each rule, by category and id. */
export function anomalyPages(files: readonly RuleFileText[]): readonly RulePage[] {
  const rules = files.flatMap(({ file }) => file.rules);
  const macros = new Map(
    files.flatMap(({ file }) => [...file.macros].map(([name, { text }]) => [name, text] as const)),
  );
  const lists = new Map(files.flatMap(({ file }) => [...file.lists]));
  const placeOf = ({ group }: RulePage): number => (ORDER.indexOf(group.name) + ORDER.length + 1) % (ORDER.length + 1);
  return files
    .flatMap(({ file, text }) => file.rules.map((rule) => pageOf(rule, text, rules, macros, lists)))
    .toSorted((a, b) => placeOf(a) - placeOf(b) || (a.id < b.id ? -1 : 1));
}

function pageOf(
  rule: RuleSpec,
  text: string,
  rules: readonly RuleSpec[],
  macros: ReadonlyMap<string, string>,
  lists: ReadonlyMap<string, readonly string[]>,
): RulePage {
  const { id, category, severity, title, description } = rule;
  const condition = writtenCondition(text, rule.line);
  return {
    id,
    family: 'anomaly',
    group: groupOf(category),
    severity,
    verdict: null,
    title,
    means: description === '' ? `${title}.` : description,
    doubt: null,
    remedy: rule.look,
    supersedes: partsOf(rule).filter((one) => one !== id && rules.some((other) => other.id === one)),
    superseded_by: rules.filter((other) => other.id !== id && partsOf(other).includes(id)).map((other) => other.id),
    sources: [],
    example: (rule.fires[0]?.lines ?? '').split('\n').filter((line) => line.trim() !== ''),
    variants: variantsOf(rule),
    attack: rule.attack,
    k8s_matrix: rule.k8s_matrix,
    false_positives: rule.false_positives,
    condition,
    definitions: definitionsOf(condition.join('\n'), macros, lists),
  };
}

function groupOf(name: string): RuleGroup {
  return { name, says: CATEGORIES[name] ?? 'rules of a file of your own' };
}

/** Where it is as bad as another severity: its variants, then its clauses. */
function variantsOf({ variants, clauses, severity }: RuleSpec): readonly RuleVariant[] {
  return [
    ...variants.map((one) => ({ severity: one.severity, when: one.when.text })),
    ...clauses.flatMap((clause): readonly RuleVariant[] =>
      clause.severity === undefined || clause.severity === severity
        ? []
        : [{ severity: clause.severity, when: wordsOf(clause) }],
    ),
  ];
}

function wordsOf({ when, sequence }: ClauseSpec): string {
  return sequence === undefined ? when.text : sequence.steps.map((step) => step.when.text).join(', then ');
}

const CONDITION_KEYS = ['on', 'when', 'threshold', 'sequence', 'key', 'any', 'variants'];

/** The keys of a rule that say when it fires, as they are written, from the line on where the rule begins. */
function writtenCondition(text: string, line: number): readonly string[] {
  const lines = text.split('\n').slice(line - 1);
  const [, lead = '', dash = ''] = /^( *)(- +)?/.exec(lines[0] ?? '') ?? [];
  const indent = lead.length + dash.length;
  const written: string[] = [];
  let isWanted = false;
  for (const [index, raw] of lines.entries()) {
    const one = (index === 0 ? ' '.repeat(indent) + raw.slice(indent) : raw).trimEnd();
    if (one === '') continue;
    const depth = one.search(/\S/);
    if (index > 0 && depth < indent) break;
    if (depth === indent && !one.startsWith('#', indent)) {
      isWanted = CONDITION_KEYS.includes(/^\w+(?=:)/.exec(one.slice(indent))?.[0] ?? '');
    }
    if (isWanted) written.push(one.slice(indent));
  }
  return written;
}

const LIST_LIMIT = 24;

/** The macros and lists that a condition names, and those that these name. */
function definitionsOf(
  condition: string,
  macros: ReadonlyMap<string, string>,
  lists: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const found = new Map<string, string>();
  const look = (text: string): void => {
    for (const [name] of text.replace(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/\$?\b[a-z_]\w*/g)) {
      if (found.has(name)) continue;
      const macro = macros.get(name);
      const list = name.startsWith('$') ? lists.get(name.slice(1)) : undefined;
      if (macro !== undefined) {
        found.set(name, macro);
        look(macro);
      } else if (list !== undefined) {
        const more = list.length - LIST_LIMIT;
        found.set(name, list.slice(0, LIST_LIMIT).join(' ') + (more > 0 ? ` and ${more} more` : ''));
        look(list.join(' '));
      }
    }
  };
  look(condition);
  return [...found].map(([name, text]) => `${name}: ${text}`);
}

const partsOf = ({ explains, includes }: RuleSpec): readonly string[] => [...explains, ...includes];
