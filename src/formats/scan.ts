/** What `scan` found as a person reads it: what there is at a glance, then each finding with the records that prove it. */
import { SEVERITIES, type Evidence, type Severity } from '../model/finding.js';
import type { NotEvaluated, ScanFinding, ScanReport } from '../model/scan.js';
import { clockOf, labelled, plural, type Screen, shortNames, type Style, wrap } from './layout.js';
import { printable } from './printable.js';
import { readLine } from './reading.js';
import { recordLines } from './record-text.js';
import { tableLines } from './table.js';

export type ScanView = { readonly verbose: boolean };

const STYLES: Readonly<Record<Severity, Style>> = {
  critical: 'bad',
  high: 'bad',
  medium: 'warn',
  low: 'strong',
  info: 'faint',
};
const COLUMN = 9;
/** Findings below this are listed, and told in full with --verbose. */
const TOLD = SEVERITIES.indexOf('medium');
const SHOWN_RECORDS = 4;
const SHOWN_CHARACTERS = 320;

export function formatScan(report: ScanReport, screen: Screen, view: ScanView): string {
  const names = shortNames(report.reading.map(({ source }) => source));
  const shown = view.verbose ? report.findings : report.findings.filter(({ severity }) => severity !== 'info');
  const hidden = report.findings.length - shown.length;
  const lines = headLines(report, screen);
  if (shown.length > 1) lines.push('', ...overview(shown, names, screen));
  for (const finding of shown) {
    if (!view.verbose && SEVERITIES.indexOf(finding.severity) < TOLD) continue;
    lines.push('', ...findingLines(finding, names, screen, view));
  }
  lines.push('', ...footLines(report, hidden, screen, view));
  const told = shown.filter(({ severity }) => view.verbose || SEVERITIES.indexOf(severity) >= TOLD).length;
  const more = view.verbose
    ? ''
    : `More: ${told < report.findings.length ? '--verbose, ' : ''}--json, runsight rules show ID`;
  lines.push(...readLine(report.reading, more, screen));
  return `${lines.join('\n')}\n`;
}

/** `2 findings: 1 critical, 1 medium`, and how many rules were asked. */
function headLines({ findings, rules, not_evaluated, reading }: ScanReport, screen: Screen): string[] {
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = findings.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  const worst = findings[0]?.severity;
  const isEmpty = reading.every(({ records }) => records === 0);
  const isBlind = not_evaluated.length * 2 > rules;
  const unasked = isBlind ? `, but ${not_evaluated.length} of ${rules} rules could not be asked` : '';
  const found = findings.length === 0 ? 'nothing found' : `${plural(findings.length, 'finding')}: ${counts.join(', ')}`;
  const head = isEmpty ? 'nothing was read' : `${found}${unasked}`;
  const isCalm = worst === undefined || SEVERITIES.indexOf(worst) < TOLD;
  const style = isEmpty || (isCalm && isBlind) ? 'warn' : isCalm ? 'good' : STYLES[worst];
  const asked = plural(rules, 'rule');
  const gap = Math.max(2, screen.width - head.length - asked.length);
  return [`${screen.paint(style, head)}${' '.repeat(gap)}${asked}`];
}

function overview(
  findings: readonly ScanFinding[],
  names: ReadonlyMap<string, string>,
  screen: Screen,
): readonly string[] {
  const hasSources = new Set(findings.map(({ evidence }) => evidence[0]?.source)).size > 1;
  const timeOf = ({ first }: ScanFinding): string => clockOf(first).slice(0, 8);
  return tableLines(
    findings,
    [
      { head: 'severity', left: true, cell: ({ severity }) => severity },
      { head: 'rule', left: true, cell: ({ rule }) => rule },
      ...(hasSources
        ? [
            {
              head: 'log',
              left: true,
              cell: ({ evidence }: ScanFinding) => printable(names.get(evidence[0]?.source ?? '') ?? '').slice(-24),
            },
          ]
        : []),
      { head: 'pid', cell: ({ process }) => String(process.tgid) },
      { head: 'time', left: true, cell: timeOf },
      { head: 'times', cell: ({ count }) => String(count) },
      { head: 'what happened', left: true, cell: ({ cause }, room) => cut(printable(cause), room) },
    ],
    screen,
  );
}

const cut = (text: string, room: number): string =>
  text.length > room ? `${text.slice(0, Math.max(1, room - 1))}…` : text;

function findingLines(
  finding: ScanFinding,
  names: ReadonlyMap<string, string>,
  screen: Screen,
  view: ScanView,
): string[] {
  const label = finding.severity.toUpperCase();
  const [first = '', ...more] = wrap(printable(finding.cause), Math.max(20, screen.width - COLUMN - 1));
  const lines = [`${screen.paint(STYLES[finding.severity], label.padEnd(COLUMN))} ${first}`];
  for (const line of more) lines.push(' '.repeat(COLUMN + 1) + line);
  const say = (name: string, text: string): void => {
    lines.push(...labelled(name, printable(text), COLUMN - 1, screen));
  };
  say('Rule', [finding.rule, ...finding.attack, ...finding.k8s_matrix].join('  '));
  say('Process', processText(finding));
  if (finding.count > 1)
    say('Seen', `${plural(finding.count, 'time')}, ${clockOf(finding.first)} to ${clockOf(finding.last)}`);
  const records = view.verbose ? finding.evidence : finding.evidence.slice(0, SHOWN_RECORDS);
  for (const one of inOrder(records)) lines.push(...recordOf(one, names, screen, view));
  const left = finding.evidence.length - records.length;
  if (left > 0) lines.push(`    and ${plural(left, 'more record')}`);
  if (finding.parts !== undefined) say('Parts', `${finding.parts.join(', ')} (not counted again)`);
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

function recordOf(one: Evidence, names: ReadonlyMap<string, string>, screen: Screen, view: ScanView): string[] {
  const source = names.size > 1 ? `${names.get(one.source) ?? one.source}:` : '';
  const head = `    ${printable(source)}${one.line}  ${clockOf(one.time)}  `;
  const text = one.text.replace(HEADER, '');
  const room = view.verbose
    ? { characters: Number.POSITIVE_INFINITY, lines: 40 }
    : { characters: SHOWN_CHARACTERS, lines: 2 };
  return recordLines(text, room)
    .flatMap((line, index) =>
      wrap(line, Math.max(20, screen.width - 6), Math.max(20, screen.width - (index === 0 ? head.length : 6))).map(
        (part, at) => (index === 0 && at === 0 ? head + part : `      ${part}`),
      ),
    )
    .map((line) => line.trimEnd());
}

function footLines(report: ScanReport, hidden: number, screen: Screen, view: ScanView): string[] {
  const lines: string[] = [];
  const say = (label: string, text: string): void => {
    lines.push(...labelled(label, printable(text), 11, screen, 0));
  };
  if (hidden > 0) say('Not shown', `${plural(hidden, 'finding')} of severity info (--verbose)`);
  if (report.excepted.length > 0) {
    say(
      'Allowed',
      report.excepted.map(({ rule, count, reason }) => `${rule}, ${plural(count, 'time')}: ${reason}`).join('; '),
    );
  }
  const groups = new Map<string, NotEvaluated[]>();
  for (const one of report.not_evaluated) groups.set(one.why, [...(groups.get(one.why) ?? []), one]);
  for (const [why, rules] of groups) {
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
