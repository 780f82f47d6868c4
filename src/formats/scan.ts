/** What `scan` found as a person reads it: what there is at a glance, then each finding with the records that prove it. */
import { SEVERITIES, type Evidence, type Severity } from '../model/finding.js';
import type { NotEvaluated, ScanFinding, ScanReport } from '../model/scan.js';
import { clockOf, labelled, plural, type Screen, shortNames, type Style, tellingNames, wrap } from './layout.js';
import { printable } from './printable.js';
import { readLine } from './reading.js';
import { recordLines } from './record-text.js';
import { type Column, tableLines, widthsOf } from './table.js';

export type ScanView = {
  readonly verbose: boolean;
  /** The filter let no record pass. */
  readonly isUnfit?: boolean;
  /** More words for the command that shows a rule: where those of the user are. */
  readonly rulesFlags?: string;
};

const STYLES: Readonly<Record<Severity, Style>> = {
  critical: 'bad',
  high: 'bad',
  medium: 'warn',
  low: 'strong',
  info: 'faint',
};
const COLUMN = 9;
/** Of the name of a log in the table. */
const LOG_CHARACTERS = 24;
/** Findings below this are listed, and told in full with --verbose. */
const TOLD = SEVERITIES.indexOf('medium');
const SHOWN_RECORDS = 4;
/** Of processes that did the same, beyond the first. */
const SHOWN_OTHERS = 3;
/** What happened cannot be told in less; rather other columns are left out. */
const LEAST_TEXT = 48;
const SHOWN_CHARACTERS = 320;

export function formatScan(report: ScanReport, screen: Screen, view: ScanView): string {
  const names = shortNames(report.reading.map(({ source }) => source));
  const shown = view.verbose ? report.findings : report.findings.filter(({ severity }) => severity !== 'info');
  const hidden = report.findings.length - shown.length;
  const lines = headLines(report, screen, view);
  const acts = actsOf(shown);
  // one finding that is told in full needs no table
  const isTold = ({ finding }: Act): boolean => view.verbose || SEVERITIES.indexOf(finding.severity) >= TOLD;
  if (acts.length > 1 || !acts.every(isTold)) lines.push('', ...overview(acts, names, screen));
  const page = { names, screen, view, quoted: new Set<string>(), advised: new Set<string>() };
  for (const act of acts) {
    if (isTold(act)) lines.push('', ...actLines(act, page));
  }
  lines.push('', ...footLines(report, hidden, screen, view));
  const told = shown.filter(({ severity }) => view.verbose || SEVERITIES.indexOf(severity) >= TOLD).length;
  const more = view.verbose
    ? ''
    : `More: ${told < report.findings.length ? '--verbose, ' : ''}--json, runsight rules show ID${view.rulesFlags ?? ''}`;
  lines.push(...readLine(report.reading, more, screen));
  return `${lines.join('\n')}\n`;
}

/** Findings that say the same of several processes are told once. */
type Act = {
  readonly finding: ScanFinding;
  /** Those of other processes, in their order. */
  readonly others: readonly ScanFinding[];
  readonly times: number;
};

function actsOf(findings: readonly ScanFinding[]): readonly Act[] {
  const same = new Map<string, ScanFinding[]>();
  for (const finding of findings) {
    const { severity, rule, cause, process, evidence } = finding;
    const key = [severity, rule, cause, process.program, evidence[0]?.source].join('\n');
    same.set(key, [...(same.get(key) ?? []), finding]);
  }
  return [...same.values()].flatMap(([finding, ...others]) =>
    finding === undefined
      ? []
      : [{ finding, others, times: others.reduce((sum, { count }) => sum + count, finding.count) }],
  );
}

/** What was said on the page is not said again. */
type Page = {
  readonly names: ReadonlyMap<string, string>;
  readonly screen: Screen;
  readonly view: ScanView;
  /** Records that were quoted, by source and line. */
  readonly quoted: Set<string>;
  /** Rules whose advice was given. */
  readonly advised: Set<string>;
};

/** `1 critical`, `2 high`, the worst first. */
export function severityCounts(severities: readonly Severity[]): readonly string[] {
  return SEVERITIES.toReversed().flatMap((severity) => {
    const count = severities.filter((one) => one === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
}

/** `2 findings: 1 critical, 1 medium`, and how many rules were asked. */
function headLines({ findings, rules, not_evaluated, reading }: ScanReport, screen: Screen, view: ScanView): string[] {
  const counts = severityCounts(findings.map(({ severity }) => severity));
  const worst = findings[0]?.severity;
  const isEmpty = reading.every(({ records }) => records === 0);
  const isBlind = not_evaluated.length * 2 > rules;
  const unasked = isBlind ? `, but ${not_evaluated.length} of ${rules} rules had nothing to look at` : '';
  const found = findings.length === 0 ? 'nothing found' : `${plural(findings.length, 'finding')}: ${counts.join(', ')}`;
  const isUnfit = view.isUnfit === true && findings.length === 0;
  const head = isEmpty ? 'nothing was read' : isUnfit ? 'no record fits the filter' : `${found}${unasked}`;
  const isCalm = worst === undefined || SEVERITIES.indexOf(worst) < TOLD;
  const style = isEmpty || isUnfit || (isCalm && isBlind) ? 'warn' : isCalm ? 'good' : STYLES[worst];
  const asked = plural(rules, 'rule');
  const gap = Math.max(2, screen.width - head.length - asked.length);
  return [`${screen.paint(style, head)}${' '.repeat(gap)}${asked}`];
}

function overview(acts: readonly Act[], names: ReadonlyMap<string, string>, screen: Screen): readonly string[] {
  const sourceOf = ({ finding }: Act): string => finding.evidence[0]?.source ?? '';
  const hasSources = new Set(acts.map(sourceOf)).size > 1;
  const logs = tellingNames(names, LOG_CHARACTERS);
  const columns: readonly Column<Act>[] = [
    { head: 'severity', left: true, cell: ({ finding }) => finding.severity },
    { head: 'rule', left: true, cell: ({ finding }) => finding.rule },
    ...(hasSources ? [{ head: 'log', left: true, cell: (act: Act) => logs.get(sourceOf(act)) ?? '' }] : []),
    {
      head: 'pid',
      cell: ({ finding, others }) =>
        others.length === 0 ? String(finding.process.tgid) : `${finding.process.tgid} +${others.length}`,
    },
    { head: 'time', left: true, cell: ({ finding }) => clockOf(finding.first).slice(0, 8) },
    { head: 'times', cell: ({ times }) => String(times) },
    {
      head: 'what happened',
      left: true,
      least: LEAST_TEXT,
      cell: ({ finding }, room) => cut(printable(finding.cause), room),
    },
  ];
  // each finding below says when it was, and how often
  const isWide = widthsOf(acts, columns).reduce((sum, width) => sum + width + 2, 0) <= screen.width;
  return tableLines(acts, isWide ? columns : columns.filter(({ head }) => head !== 'time' && head !== 'times'), screen);
}

const cut = (text: string, room: number): string =>
  text.length > room ? `${text.slice(0, Math.max(1, room - 1))}…` : text;

function actLines({ finding, others }: Act, page: Page): string[] {
  const { screen, view, advised } = page;
  const label = finding.severity.toUpperCase();
  const [first = '', ...more] = wrap(printable(finding.cause), Math.max(20, screen.width - COLUMN - 1));
  const lines = [`${screen.paint(STYLES[finding.severity], label.padEnd(COLUMN))} ${first}`];
  for (const line of more) lines.push(' '.repeat(COLUMN + 1) + line);
  const say = (name: string, text: string): void => {
    lines.push(...labelled(name, printable(text), COLUMN - 1, screen).map((line) => line.trimEnd()));
  };
  say('Rule', [finding.rule, ...finding.attack, ...finding.k8s_matrix].join('  '));
  say('Process', processText(finding));
  if (finding.count > 1)
    say('Seen', `${plural(finding.count, 'time')}, ${clockOf(finding.first)} to ${clockOf(finding.last)}`);
  const records = view.verbose ? finding.evidence : finding.evidence.slice(0, SHOWN_RECORDS);
  for (const one of inOrder(records)) lines.push(...recordOf(one, page));
  const left = finding.evidence.length - records.length;
  if (left > 0) lines.push(`    and ${plural(left, 'more record')}`);
  const listed = view.verbose ? others : others.slice(0, SHOWN_OTHERS);
  for (const [index, other] of listed.entries()) {
    say(index === 0 ? 'Also' : '', processText(other));
    const { evidence } = other;
    for (const one of view.verbose ? inOrder(evidence) : evidence.slice(0, 1)) lines.push(...recordOf(one, page));
  }
  if (listed.length < others.length)
    say('', `and ${plural(others.length - listed.length, 'more process', 'more processes')}`);
  if (finding.parts !== undefined) say('Parts', `${finding.parts.join(', ')} (not counted again)`);
  if (advised.has(finding.rule)) return lines;
  advised.add(finding.rule);
  for (const [index, text] of finding.remedy.entries()) say(index === 0 ? 'Next' : '', text);
  if (finding.false_positives.length > 0) say('Lawful', finding.false_positives.join('; '));
  return lines;
}

function processText({ process }: ScanFinding): string {
  const { program, argv, script, tgid, parent } = process;
  const name = program ?? argv[0] ?? 'not known';
  const args = argv.length > 1 ? `: ${cut(argv.join(' '), 100)}` : '';
  const run = script === undefined ? '' : ` running ${script}`;
  const from = parent === undefined ? '' : `, child of ${parent.program ?? 'a process'} (${parent.tgid})`;
  return `${name}${run} (pid ${tgid}${from})${args}`;
}

/** By file and line: the decisive record is first in the document, people read a story. */
function inOrder(records: readonly Evidence[]): readonly Evidence[] {
  return records.toSorted((a, b) => (a.source === b.source ? a.line - b.line : 0));
}

const HEADER = /^[IWDE]\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ [^ ]+\] /;

/** The environment that a call hands over, where nothing of it is left to read: `["HOME=***", "PATH=***"]`. */
const MASKED_VARIABLES = /\["[A-Za-z_]\w*=\*\*\*"(?:, "[A-Za-z_]\w*=\*\*\*")*\]/g;
const withoutVariables = (text: string): string =>
  text.replace(MASKED_VARIABLES, (all) => `[${plural(all.split('=***"').length - 1, 'variable')}]`);

function recordOf(one: Evidence, { names, screen, view, quoted }: Page): string[] {
  const source = names.size > 1 ? `${names.get(one.source) ?? one.source}:` : '';
  const head = `    ${printable(source)}${one.line}  ${clockOf(one.time)}  `;
  const text = one.text.replace(HEADER, '');
  const key = `${one.source}\n${one.line}`;
  if (quoted.has(key) && !view.verbose) {
    const [line = ''] = recordLines(withoutVariables(text), { characters: SHOWN_CHARACTERS, lines: 1 });
    return [head + cut(line, Math.max(20, screen.width - head.length))];
  }
  quoted.add(key);
  const room = view.verbose
    ? { characters: Number.POSITIVE_INFINITY, lines: 40 }
    : { characters: SHOWN_CHARACTERS, lines: 2 };
  return recordLines(view.verbose ? text : withoutVariables(text), room)
    .flatMap((line, index) =>
      wrap(line, Math.max(20, screen.width - 6), Math.max(20, screen.width - (index === 0 ? head.length : 6))).map(
        (part, at) => (index === 0 && at === 0 ? head + part : `      ${part}`),
      ),
    )
    .map((line) => line.trimEnd());
}

/** Rules that lacked the same. Calls that the trace leaves out are as many reasons as rules: several are told as one. */
function lacksOf(lacking: readonly NotEvaluated[], view: ScanView): ReadonlyMap<string, readonly NotEvaluated[]> {
  const groups = new Map<string, NotEvaluated[]>();
  for (const one of lacking) groups.set(one.why, [...(groups.get(one.why) ?? []), one]);
  const untraced = [...groups].filter(([why]) => UNTRACED.test(why));
  if (view.verbose || untraced.length <= SHOWN_LACKS) return groups;
  const calls = new Set(untraced.flatMap(([why]) => UNTRACED.exec(why)?.[1]?.split(', ') ?? []));
  const named = [...calls].filter((name) => !name.startsWith('sys_'));
  const some = named.length <= SHOWN_CALLS ? named.join(', ') : `${named.slice(0, SHOWN_CALLS).join(', ')}, ...`;
  for (const [why] of untraced) groups.delete(why);
  groups.set(
    `need calls that --strace-syscalls left out (${some}); --verbose says what each needs`,
    untraced.flatMap(([, rules]) => rules),
  );
  return groups;
}
const UNTRACED = /^needs (.*) in --strace-syscalls$/;
const SHOWN_LACKS = 2;
const SHOWN_CALLS = 8;

function footLines(report: ScanReport, hidden: number, screen: Screen, view: ScanView): string[] {
  const lines: string[] = [];
  const say = (label: string, text: string): void => {
    lines.push(...labelled(label, printable(text), 11, screen, 0));
  };
  if (hidden > 0) say('Not shown', `${plural(hidden, 'finding')} of severity info (--verbose)`);
  if (report.excepted.length > 0) {
    const known = report.excepted.flatMap(({ severity }) => severity ?? []);
    const counts = known.length === 0 ? '' : `${severityCounts(known).join(', ')} in the baseline: `;
    say(
      'Allowed',
      counts +
        report.excepted
          .map(({ rule, count, reason, severity }) => {
            const why = severity === undefined ? reason : reason.replace(/^in the baseline: /, '');
            return `${rule}, ${plural(count, 'time')}: ${why}`;
          })
          .join('; '),
    );
  }
  for (const [why, rules] of lacksOf(report.not_evaluated, view)) {
    const ids = rules.map(({ rule }) => rule);
    const listed =
      view.verbose || ids.length <= 6 ? ids.join(', ') : `${ids.slice(0, 4).join(', ')} and ${ids.length - 4} more`;
    say('Not asked', `${listed}: ${why}`);
  }
  for (const note of report.notes) say('Note', note);
  if (report.masked > 0)
    say('Masked', `${plural(report.masked, 'value')} of environments and secrets (--no-redact shows them)`);
  if (report.costs !== undefined) {
    lines.push('', 'What the rules cost, the dearest first:');
    for (const { rule, asked, ms } of report.costs.slice(0, view.verbose ? 200 : 5)) {
      lines.push(`  ${rule.padEnd(32)} ${String(ms).padStart(10)} ms  asked ${plural(asked, 'time')}`);
    }
    lines.push('');
  }
  return lines;
}
