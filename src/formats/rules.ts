/** Rules as a list, and the page of one. */
import type { RulePage, RulesReport } from '../model/rule-page.js';
import { labelled, plural, type Screen, wrap } from './layout.js';
import { printable } from './printable.js';

/** Words for the families, as a heading counts them. */
const FAMILIES: Readonly<Record<RulePage['family'], string>> = {
  diagnosis: 'rule of diagnosis',
  anomaly: 'rule of scan',
};

/** A row each, by family and group: id, severity, title. Rows survive `grep`; long titles go on below. */
export function formatRules({ rules }: RulesReport, screen: Screen): string {
  const lines: string[] = [];
  const ids = Math.max(...rules.map(({ id }) => id.length));
  const severities = Math.max(...rules.map(({ severity }) => severity.length));
  const indent = 2 + ids + 2 + severities + 2;
  const width = Math.max(20, screen.width - indent);
  for (const family of new Set(rules.map((rule) => rule.family))) {
    const own = rules.filter((rule) => rule.family === family);
    const noun = FAMILIES[family];
    if (lines.length > 0) lines.push('');
    const count = plural(own.length, noun, noun.replace('rule', 'rules'));
    lines.push(...wrap(`${count}. More of one: runsight rules show ID`, screen.width));
    for (const name of new Set(own.map((rule) => rule.group.name))) {
      const group = own.filter((rule) => rule.group.name === name);
      const [head = '', ...more] = wrap(`${name}: ${group[0]?.group.says ?? ''}`, screen.width);
      lines.push('', screen.paint('strong', name) + head.slice(name.length), ...more);
      for (const { id, severity, title } of group) {
        const [first = '', ...rest] = wrap(title, width);
        lines.push(`  ${id.padEnd(ids)}  ${severity.padEnd(severities)}  ${first}`);
        for (const line of rest) lines.push(' '.repeat(indent) + line);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The label's column on a page. */
const COLUMN = 10;

/** The pages of a report, one below the other. */
export function formatPages({ rules }: RulesReport, screen: Screen): string {
  return rules.map((page) => pageText(page, screen)).join('\n');
}

function pageText(page: RulePage, screen: Screen): string {
  const lines: string[] = [];
  const say = (label: string, text: string): void => {
    lines.push(...labelled(label, printable(text), COLUMN, screen));
  };
  const list = (label: string, texts: readonly string[]): void => {
    for (const [index, text] of texts.entries()) say(index === 0 ? label : '', text);
  };
  const [head = '', ...more] = wrap(`${page.id}  ${page.title}`, screen.width);
  lines.push(screen.paint('strong', page.id) + head.slice(page.id.length), ...more, '');
  say('Means', page.means);
  if (page.doubt !== null) say('Doubt', page.doubt);
  say('Severity', page.severity);
  for (const { severity, when } of page.variants ?? []) say('', `${severity} where ${when}`);
  say('Group', `${page.group.name}: ${page.group.says}`);
  if (page.verdict !== null) say('Verdict', page.verdict);
  if (page.attack !== undefined && page.attack.length > 0) say('ATT&CK', page.attack.join(', '));
  if (page.k8s_matrix !== undefined && page.k8s_matrix.length > 0) say('K8s', page.k8s_matrix.join(', '));
  list('Lawful', page.false_positives ?? []);
  list(page.family === 'anomaly' ? 'Next' : 'Do', page.remedy);
  list('Printed', page.sources);
  if (page.supersedes.length > 0) say('Hides', page.supersedes.join(', '));
  if (page.superseded_by.length > 0) say('Hidden by', page.superseded_by.join(', '));
  const quote = (texts: readonly string[]): void => {
    for (const line of texts) {
      const text = printable(line.replaceAll('\t', '    '));
      const lead = 4 + text.search(/\S|$/);
      const parts = wrap(text.trimStart(), screen.width - lead - 4, screen.width - lead);
      for (const [index, part] of parts.entries()) lines.push(`${' '.repeat(index === 0 ? lead : lead + 4)}${part}`);
    }
  };
  if (page.condition !== undefined && page.condition.length > 0) {
    lines.push('', `  ${screen.paint('strong', 'Condition')}`);
    quote(page.condition);
  }
  if (page.definitions !== undefined && page.definitions.length > 0) {
    lines.push('', `  ${screen.paint('strong', 'Where')}`);
    quote(page.definitions);
  }
  if (page.example.length > 0) {
    lines.push('', `  ${screen.paint('strong', 'In a log')} (values are invented)`);
    quote(page.example);
  }
  return `${lines.join('\n')}\n`;
}
