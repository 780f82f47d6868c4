/** Runs the tests that rule files hold: lines that must fire and lines that must stay quiet. */
import { anomaliesOf } from './anomaly/anomalies.js';
import { PROGRAM_FIELDS } from './anomaly/fields.js';
import type { Draft } from './anomaly/findings.js';
import type { RuleBook } from './anomaly/rule-book.js';
import type { RuleSpec, RuleTest } from './anomaly/rule-file.js';
import { SEVERITIES, type Severity } from './model/finding.js';
import type { TestResult } from './model/scan.js';
import { analyze } from './pipeline.js';

/** Runs the tests of rules, one log for each. Rules without any test are told as failures. */
export async function testRules(
  book: RuleBook,
  rules: readonly RuleSpec[] = book.rules.map(({ spec }) => spec),
): Promise<readonly TestResult[]> {
  const results: TestResult[] = [];
  for (const rule of rules) {
    if (rule.fires.length === 0) {
      const { id, file, line } = rule;
      const why = 'the rule has no lines that must fire (tests: fires:)';
      results.push({ rule: id, file, line, name: '-', wants: 'fires', passed: false, why });
    }
    for (const test of rule.fires) results.push(await run(book, rule, test, 'fires'));
    for (const test of rule.quiet) results.push(await run(book, rule, test, 'quiet'));
  }
  return results;
}

async function run(book: RuleBook, rule: RuleSpec, test: RuleTest, wants: TestResult['wants']): Promise<TestResult> {
  const found = await severityOf(book, rule.id, test.lines);
  const base = { rule: rule.id, file: rule.file, line: test.line, name: test.name, wants };
  if (wants === 'quiet') {
    const isLoud = found !== undefined && (SEVERITIES.indexOf(found) > 0 || rule.severity === 'info');
    return { ...base, passed: !isLoud, why: isLoud ? `it fired (${found}), and should not` : '' };
  }
  if (found === undefined) return { ...base, passed: false, why: `it did not fire${lackOf(book, rule, test.lines)}` };
  const isOther = test.severity !== undefined && test.severity !== found;
  return { ...base, passed: !isOther, why: isOther ? `it fired as ${found}, not as ${test.severity}` : '' };
}

/** Lines that say which program runs. */
const STARTS = /^ *(?:EXEC: |\[[^\]]*\] .{0,15} X execve(?:at)?\()/m;

/** What the lines lack, that the rule asks for; empty where that is not known. */
function lackOf(book: RuleBook, { id }: RuleSpec, lines: string): string {
  if (STARTS.test(lines)) return '';
  const rule = book.rules.find(({ spec }) => spec.id === id);
  const asked = rule === undefined ? [] : [...book.asked(rule)].filter((name) => PROGRAM_FIELDS.has(name));
  if (asked.length === 0) return '';
  return `: it asks for ${asked.join(', ')}, and no line says which program runs. Put one before the calls: EXEC: [/usr/bin/NAME ARGUMENTS]`;
}

/** The worst that a rule says of some lines; undefined: nothing. */
async function severityOf(book: RuleBook, id: string, lines: string): Promise<Severity | undefined> {
  const severities = (await draftsOf(book, id, lines)).map(({ severity }) => severity);
  return SEVERITIES.findLast((one) => severities.includes(one));
}

/** What a rule says of some lines. */
async function draftsOf(book: RuleBook, id: string, lines: string): Promise<readonly Draft[]> {
  async function* bytes(): AsyncGenerator<Buffer> {
    yield Buffer.from(logOf(lines));
  }
  const { products } = await analyze(bytes(), { anomalies: anomaliesOf(book) }, { inputFormat: 'glog' });
  return products.anomalies.drafts.filter(({ rule }) => rule.spec.id === id);
}

/** Of rules whose message says `?` in each test that fires: what was never filled in, as a sentence with the place of the rule. */
export async function blankWarnings(book: RuleBook): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const { spec } of book.rules) {
    const drafts: Draft[] = [];
    for (const { lines } of spec.fires) drafts.push(...(await draftsOf(book, spec.id, lines)));
    const [first, ...others] = drafts;
    // a log says which program runs, lines of a test need not
    const isKnown = (name: string): boolean =>
      PROGRAM_FIELDS.has(name) && !spec.fires.some(({ lines }) => STARTS.test(lines));
    const never = (first?.blanks ?? []).filter(
      (name) => !isKnown(name) && others.every(({ blanks }) => blanks.includes(name)),
    );
    const { line } = spec.messageAt ?? spec;
    for (const name of new Set(never)) {
      warnings.push(
        `${spec.file}:${line}: in no test of ${spec.id} that fires {${name}} has a value, and the message says "?": ` +
          `"${first?.message}". Ask another field, or put it in brackets, with the words that go with it: [ to {${name}}]`,
      );
    }
  }
  return warnings;
}

const HEADER = /^[IWDE]\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ /;
const STEP = /^\+(\d+(?:\.\d+)?)(ms|s|m|h)$/;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * A log of lines that may lack their header: each then gets one a millisecond after the one before. `+30s` moves the clock on;
 * `x40: LINE` is that line so many times.
 */
export function logOf(lines: string): string {
  let millis = 12 * 3_600_000;
  const records: string[] = [];
  const write = (line: string): void => {
    millis++;
    const clock = new Date(millis).toISOString().slice(11, 23);
    records.push(HEADER.test(line) ? line : `${levelOf(line)}1126 ${clock}000    4321 ${siteOf(line)}] ${line}`);
  };
  for (const line of lines.split('\n')) {
    const text = line.trimEnd();
    if (text.trim() === '') continue;
    const [, amount, unit = ''] = STEP.exec(text.trim()) ?? [];
    if (amount !== undefined) {
      millis += Number(amount) * (UNITS[unit] ?? 0);
      continue;
    }
    const [, count, repeated] = /^x(\d{1,4}): (.*)$/s.exec(text) ?? [];
    if (repeated === undefined) write(text);
    else for (let one = 1; one <= Number(count); one++) write(repeated.replaceAll('{n}', String(one)));
  }
  return `${records.join('\n')}\n`;
}

/** The call site decides what a record is: of those that rules look at. */
function siteOf(line: string): string {
  if (/^\[[ \d:()]+\] .{0,15} [EX] \w+\(/.test(line)) return 'strace.go:567';
  if (line.startsWith('EXEC: ')) return 'kernel.go:791';
  if (line.startsWith('Uncaught signal') || line.startsWith('Unsupported syscall')) return 'compat.go:135';
  if (/Set thread name/.test(line)) return 'task_acct.go:138';
  if (/Signal \d+/.test(line)) return 'task_signals.go:204';
  if (/Transitioning from exit state/.test(line)) return 'task_exit.go:204';
  return 'loader.go:100';
}

const levelOf = (line: string): string => (/Set thread name|Signal \d+|Transitioning/.test(line) ? 'D' : 'I');
