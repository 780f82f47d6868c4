/** What conditions of rules can name, a row each; or what of it has to do with a word. */
import type { RuleWords } from '../model/rule-page.js';
import { labelled, plural, type Screen, wrap } from './layout.js';

type Row = { readonly name: string; readonly says: string; readonly type?: string };

/** `about`: only what holds this word, in its name or in what is said of it. */
export function formatRuleWords(words: RuleWords, about: string | undefined, screen: Screen): string {
  const wanted = about?.toLowerCase() ?? '';
  const holds = (text: string): boolean => text.toLowerCase().includes(wanted);
  const rowsOf = (rows: readonly Row[]): readonly Row[] => rows.filter(({ name, says }) => holds(name) || holds(says));
  const [fields, events] = [rowsOf(words.fields), rowsOf(words.events)];
  const conditions = words.conditions.filter(holds);
  const lists = words.lists.filter(holds).map((name) => `$${name}`);
  const parts = [
    tableOf(plural(fields.length, 'field'), fields, screen),
    tableOf(`${plural(events.length, 'event')} (on:)`, events, screen),
    namesOf(plural(conditions.length, 'built-in condition'), conditions, screen),
    namesOf(plural(lists.length, 'built-in list'), lists, screen),
  ].filter((lines) => lines.length > 0);
  if (parts.length === 0) return 'nothing of that name; runsight rules fields lists all\n';
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function tableOf(head: string, rows: readonly Row[], screen: Screen): readonly string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(({ name }) => name.length));
  return [
    screen.paint('strong', head),
    ...rows.flatMap(({ name, says, type }) =>
      labelled(name, type === undefined ? says : `${type}: ${says}`, width + 2, screen),
    ),
  ];
}

function namesOf(head: string, names: readonly string[], screen: Screen): readonly string[] {
  if (names.length === 0) return [];
  return [
    screen.paint('strong', head),
    ...wrap(names.join(', '), Math.max(20, screen.width - 2)).map((line) => `  ${line}`),
  ];
}
