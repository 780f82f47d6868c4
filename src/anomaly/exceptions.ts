/** Exceptions: what of the findings is known and allowed, by whom it was said, and until when. */
import type * as Yaml from 'yaml';
import { loadExpressionGrammar } from '../../grammars/expression.js';
import { ExpressionError, parseCondition, type Condition, type Suggest } from '../expressions/compile.js';
import { SEVERITIES, type Severity } from '../model/finding.js';
import type { Subject } from './fields.js';
import type { RuleBook } from './rule-book.js';
import type { RuleFault } from './rule-file.js';
import { loadYaml, placeOf, yamlFaults } from './yaml.js';

export type Exception = {
  /** Ids of rules; empty: all. */
  readonly rules: readonly string[];
  /** Undefined: whatever the rule finds. */
  readonly test: Condition<Subject> | undefined;
  readonly reason: string;
  /** The last day on which it holds, ISO 8601. */
  readonly until: string | null;
  /** The finding is not left out, it is so bad. */
  readonly severity: Severity | undefined;
  /** How often it was used. */
  count: number;
};

const KEYS = ['rule', 'when', 'reason', 'until', 'severity'];

/** Reads an exceptions file: a list below `exceptions`. Faults are added. */
export async function readExceptions(
  name: string,
  text: string,
  book: RuleBook,
  faults: RuleFault[],
  suggest: Suggest,
): Promise<readonly Exception[]> {
  const [yaml, grammar] = await Promise.all([loadYaml(), loadExpressionGrammar()]);
  const counter = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: counter } as Yaml.ParseOptions);
  const fault = (node: Yaml.Node | null | undefined, message: string, detail?: string): void => {
    faults.push({ file: name, ...placeOf(counter, node), message, ...(detail === undefined ? {} : { detail }) });
  };
  for (const one of yamlFaults(document.errors, counter)) faults.push({ file: name, ...one });
  if (document.errors.length > 0) return [];
  const list = yaml.isMap(document.contents) ? document.contents.get('exceptions', true) : undefined;
  if (!yaml.isSeq(list)) {
    fault(document.contents, 'an exceptions file holds a list below "exceptions"');
    return [];
  }
  const ids = book.rules.map(({ spec }) => spec.id);
  return list.items.flatMap((item) => {
    if (!yaml.isMap(item)) {
      fault(item as Yaml.Node, 'an exception is a mapping: rule, when, reason, until, severity');
      return [];
    }
    for (const { key } of item.items) {
      const word = yaml.isScalar(key) ? String(key.value) : '';
      if (KEYS.includes(word)) continue;
      const [near] = suggest(word, KEYS);
      const meant = near === undefined ? `${KEYS.join(', ')} are known` : `did you mean "${near}"?`;
      fault(key as Yaml.Node, `unknown key "${word}": ${meant}`);
    }
    const node = (key: string): Yaml.Node | undefined => item.get(key, true) as Yaml.Node | undefined;
    const rule = node('rule');
    const rules = yaml.isSeq(rule)
      ? rule.items.map((one) => (yaml.isScalar(one) ? String(one.value) : ''))
      : yaml.isScalar(rule)
        ? [String(rule.value)]
        : [];
    if (rules.length === 0) fault(item, 'an exception names its rule ("*" for all)');
    for (const id of rules) {
      if (id === '*' || ids.includes(id)) continue;
      const [near] = suggest(id, ids);
      fault(rule, `there is no rule "${id}"${near === undefined ? '' : `: did you mean "${near}"?`}`);
    }
    const reason = node('reason');
    if (!yaml.isScalar(reason) || String(reason.value).trim() === '') fault(item, 'an exception says its reason');
    const until = node('until');
    const day = yaml.isScalar(until) ? String(until.value).slice(0, 10) : null;
    if (day !== null && !/^\d{4}-\d\d-\d\d$/.test(day)) fault(until, `"${day}" is no day: 2027-01-31`);
    const severity = node('severity');
    const level = yaml.isScalar(severity) ? SEVERITIES.find((one) => one === severity.value) : undefined;
    if (severity !== undefined && level === undefined) fault(severity, `a severity is one of ${SEVERITIES.join(', ')}`);
    const when = node('when');
    let test: Condition<Subject> | undefined;
    if (yaml.isScalar(when)) {
      try {
        const condition = String(when.value).trim();
        test = book.compile(parseCondition(grammar, condition), condition);
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        fault(when, error.message, error.text);
      }
    }
    return [
      {
        rules: rules.includes('*') ? [] : rules,
        test,
        reason: yaml.isScalar(reason) ? String(reason.value).trim() : '',
        until: day,
        severity: level,
        count: 0,
      },
    ];
  });
}

/** The first exception that a finding falls under. */
export function exceptionOf(exceptions: readonly Exception[], rule: string, subject: Subject): Exception | undefined {
  return exceptions.find(
    ({ rules, test }) => (rules.length === 0 || rules.includes(rule)) && (test === undefined || test(subject)),
  );
}
