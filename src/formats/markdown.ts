/** The diagnosis for pasting into a report of a bug: what the text says, in GitHub's Markdown. */
import type { Evidence, Finding } from '../model/finding.js';
import type { DiagnoseReport, Explanation } from '../model/report.js';
import {
  explainedText,
  factsOf,
  LABELS,
  leadOf,
  lifeOf,
  maskedText,
  silenceText,
  standingOf,
} from './diagnosis-parts.js';
import { clockOf, plural, shortNames } from './layout.js';
import { code, fenced, prose } from './markdown-text.js';
import { readText } from './reading.js';
import { recordLines, type Room } from './record-text.js';

/** Of a record, so much; of what followed, little. A reader of a report scrolls less than one of a terminal. */
const ROOM: Room = { characters: 2400, lines: 24 };
const ECHO_ROOM: Room = { characters: 300, lines: 4 };
const EVERYTHING: Room = { characters: Infinity, lines: Infinity };
const EVIDENCE = 3;
const ECHOES = 4;
const OTHERS = 3;
const LISTED = 12;

export type MarkdownView = { readonly verbose: boolean };

/** A paragraph is one line: GitHub keeps line ends in issues. */
export function formatMarkdown(report: DiagnoseReport, view: MarkdownView = { verbose: false }): string {
  const names = shortNames(report.reading.map((reading) => reading.source));
  const lines = [`### ${LABELS[report.verdict].label}: ${prose(report.headline)}`];
  const [first, ...rest] = report.findings.filter((finding) => finding.severity !== 'info');
  const others = view.verbose ? rest : rest.filter(({ sandbox }) => sandbox === first?.sandbox);
  if (first !== undefined) lines.push(...findingLines(first, names, view));
  if (report.collect.length > 0) lines.push('', '**Collect**', '', ...numbered(report.collect));
  if (others.length > 0) {
    lines.push('', '**Also**');
    if (view.verbose) for (const finding of others) lines.push(...findingLines(finding, names, view));
    else lines.push('', ...others.slice(0, OTHERS).map(({ title, cause }) => `- ${prose(`${title}: ${cause}`)}`));
    if (!view.verbose && others.length > OTHERS)
      lines.push(`- and ${plural(others.length - OTHERS, 'more finding')} (\`--verbose\`)`);
  }
  lines.push(...sandboxTable(report, view), '', ...environment(report, view));
  if (report.explain !== undefined) lines.push(...explanation(report.explain, names));
  return `${lines.join('\n')}\n`;
}

function numbered(texts: readonly string[]): readonly string[] {
  return texts.map((text, index) => `${index + 1}. ${prose(text)}`);
}

function findingLines(finding: Finding, names: ReadonlyMap<string, string>, view: MarkdownView): readonly string[] {
  const { rule, confidence, severity, cause, why, remedy, evidence, echoes } = finding;
  const lines = ['', `**Cause:** ${prose(cause)}`];
  if (why !== undefined) lines.push('', `**Why:** ${prose(why)}`);
  if (remedy.length > 0) lines.push('', '**What to do**', '', ...numbered(remedy));
  lines.push('', `**Rule:** ${code(rule)}, ${confidence}, severity ${severity}`);
  for (const one of view.verbose ? evidence : evidence.slice(0, EVIDENCE))
    lines.push('', ...record(one, names, view.verbose ? EVERYTHING : ROOM));
  if (echoes.length > 0) {
    lines.push('', '**What followed from it**');
    const shown = view.verbose ? echoes : echoes.slice(0, ECHOES);
    for (const one of shown) lines.push('', ...record(one, names, ECHO_ROOM));
    if (shown.length < echoes.length)
      lines.push('', `and ${plural(echoes.length - shown.length, 'more echo', 'more echoes')}`);
  }
  return lines;
}

/** Place and time, then the record as code. */
function record(evidence: Evidence, names: ReadonlyMap<string, string>, room: Room): readonly string[] {
  const place = code(`${names.get(evidence.source) ?? evidence.source}:${evidence.line}`);
  const clock = clockOf(evidence.time);
  return [clock === '' ? place : `${place} at ${clock}`, '', ...fenced(recordLines(evidence.text, room))];
}

/** Where there are several sandboxes: a row for each. */
function sandboxTable({ sandboxes }: DiagnoseReport, view: MarkdownView): readonly string[] {
  if (sandboxes.length < 2) return [];
  const shown = view.verbose ? sandboxes : sandboxes.slice(0, LISTED);
  const rows = shown.map(({ id, timeline, verdict, headline, outcome }) => {
    const cells = [
      clockOf(timeline[0]?.time ?? null).slice(0, 8),
      id === null ? '' : code(id.slice(0, 64)),
      LABELS[verdict ?? 'inconclusive'].label,
      prose(headline ?? outcome),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const more = sandboxes.length - shown.length;
  return [
    '',
    `**${plural(sandboxes.length, 'sandbox', 'sandboxes')}, the newest first**`,
    '',
    '| begun | sandbox | verdict | |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...(more > 0 ? ['', `and ${plural(more, 'older one')} (\`--verbose\`)`] : []),
  ];
}

function environment(report: DiagnoseReport, view: MarkdownView): readonly string[] {
  const lead = leadOf(report);
  const lines: string[] = [];
  if (lead !== undefined) {
    lines.push(`- **Run:** ${prose(factsOf(lead, view.verbose).join(', '))}`);
    const steps = lifeOf(lead, view.verbose);
    if (steps.length > 0) lines.push(`- **Life:** ${prose(steps.join('; '))}`);
    for (const clock of lead.clocks) lines.push(`- **Clock:** ${prose(clock)}`);
  }
  if (report.benign.length > 0) {
    const total = report.benign.reduce((sum, { count }) => sum + count, 0);
    const which = report.benign.map(({ rule }) => rule).join(', ');
    lines.push(
      `- **Set aside:** ${plural(total, 'alarming line')} that ${total === 1 ? 'is' : 'are'} normal here (${prose(which)})`,
    );
    if (view.verbose)
      for (const { rule, count, why } of report.benign) lines.push(`  - ${prose(`${rule} (${count}): ${why}`)}`);
  }
  if (report.not_read !== undefined) {
    const { sandboxes, files } = report.not_read;
    lines.push(`- **Not read:** ${plural(sandboxes, 'more sandbox', 'more sandboxes')} in ${plural(files, 'file')}`);
  }
  const masked = maskedText(report);
  if (masked !== undefined) lines.push(`- **Masked:** ${prose(masked)}`);
  lines.push(`- **Read:** ${prose(readText(report.reading))}`);
  return lines;
}

function explanation(explained: Explanation, names: ReadonlyMap<string, string>): readonly string[] {
  const lines = ['', `**How the rules answered:** ${explainedText(explained)}`, ''];
  for (const rule of explained.rules) {
    if (rule.matches.length === 0) lines.push(`- ${code(rule.rule)} ${prose(silenceText(rule))}`);
    for (const match of rule.matches) {
      const place = code(`${names.get(match.source) ?? match.source}:${match.line}`);
      lines.push(
        `- ${code(rule.rule)}, ${match.confidence}, severity ${match.severity}, ${place}: ${prose(match.title)}`,
        `  - because ${prose(match.because)}`,
        `  - ${prose(standingOf(match))}`,
      );
    }
  }
  return lines;
}
