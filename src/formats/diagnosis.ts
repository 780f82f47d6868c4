/** The diagnosis as a person reads it: the first line answers, then cause and remedy, then the proof, then the rest. */
import type { Evidence, Finding } from '../model/finding.js';
import type { DiagnoseReport, Explanation, Sandbox } from '../model/report.js';
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
import { clockOf, labelled, plural, type Screen, shortNames, wrap } from './layout.js';
import { printable } from './printable.js';
import { recordLines } from './record-text.js';
import { readLine } from './reading.js';

const COLUMN = 9;
/** A record of many kilobytes (a spec, an environment) is shown up to here; --verbose shows all. */
const SHOWN_CHARACTERS = 600;
const SHOWN_LINES = 4;

export type DiagnosisView = { readonly verbose: boolean };

export function formatDiagnosis(
  report: DiagnoseReport,
  screen: Screen,
  view: DiagnosisView = { verbose: false },
): string {
  const names = shortNames(report.reading.map((reading) => reading.source));
  const { label, style } = LABELS[report.verdict];
  const lines: string[] = [];
  const head = wrap(printable(report.headline), Math.max(20, screen.width - label.length - 2));
  lines.push(`${screen.paint(style, label)}  ${head[0] ?? ''}`);
  for (const line of head.slice(1)) lines.push(`${' '.repeat(label.length + 2)}${line}`);

  // harmless lines of a whole log are set aside below; what is said of an excerpt is said here
  const setApart = new Set(report.benign.map(({ rule }) => rule));
  const [first, ...rest] = report.findings.filter(
    ({ rule, severity }) => severity !== 'info' || (report.findings.length < 4 && !setApart.has(rule)),
  );
  // of other sandboxes their own line below says what failed
  const others = view.verbose ? rest : rest.filter(({ sandbox }) => sandbox === first?.sandbox);
  if (first !== undefined) lines.push('', ...findingLines(first, names, screen, view));
  if (report.collect.length > 0) {
    lines.push('');
    for (const [index, text] of report.collect.entries()) {
      lines.push(...labelled(index === 0 ? 'Collect' : '', printable(`${index + 1}. ${text}`), COLUMN, screen));
    }
  }
  if (others.length > 0) {
    lines.push('', screen.paint('strong', 'Also'));
    for (const finding of view.verbose ? others : others.slice(0, 3)) {
      if (view.verbose) lines.push('', ...findingLines(finding, names, screen, view));
      else lines.push(...item(printable(`${finding.title}: ${finding.cause}`), '  - ', screen));
    }
    if (!view.verbose && others.length > 3) lines.push(`  and ${plural(others.length - 3, 'more finding')}`);
  }
  lines.push('', ...setAside(report, screen, view), ...runLines(report, screen, view));
  if (report.not_read !== undefined) {
    const { sandboxes, files } = report.not_read;
    const what = `${plural(sandboxes, 'more sandbox', 'more sandboxes')} in ${plural(files, 'file')}, read with --all, --last N or --id ID.`;
    lines.push(...labelled('Not read', what, 11, screen, 0));
  }
  const masked = maskedText(report);
  if (masked !== undefined) lines.push(...labelled('Masked', masked, 11, screen, 0));
  const more = ['--verbose', '--explain', '--json'].filter(
    (flag) => !(flag === '--verbose' && view.verbose) && !(flag === '--explain' && report.explain !== undefined),
  );
  lines.push(...readLine(report.reading, view.verbose ? '' : `More: ${more.join(', ')}`, screen));
  if (report.explain !== undefined) lines.push('', ...explanationLines(report.explain, names, screen));
  return `${lines.join('\n')}\n`;
}

function findingLines(
  finding: Finding,
  names: ReadonlyMap<string, string>,
  screen: Screen,
  view: DiagnosisView,
): string[] {
  const lines = labelled('Cause', printable(finding.cause), COLUMN, screen);
  if (finding.why !== undefined) lines.push(...labelled('Why', printable(finding.why), COLUMN, screen));
  for (const [index, remedy] of finding.remedy.entries()) {
    lines.push(...labelled(index === 0 ? 'Do' : '', printable(remedy), COLUMN, screen));
  }
  lines.push(
    ...labelled('Rule', `${finding.rule}: ${finding.confidence}, severity ${finding.severity}`, COLUMN, screen),
  );
  lines.push('');
  for (const evidence of view.verbose ? finding.evidence : finding.evidence.slice(0, 2)) {
    lines.push(...evidenceLines(evidence, names, screen, view));
  }
  if (finding.echoes.length > 0) {
    lines.push(`  ${screen.paint('faint', 'what followed from it:')}`);
    for (const echo of view.verbose ? finding.echoes : finding.echoes.slice(0, 4)) {
      lines.push(
        ...evidenceLines(echo, names, screen, { verbose: false }, 160).map((line) => screen.paint('faint', line)),
      );
    }
    if (!view.verbose && finding.echoes.length > 4) {
      lines.push(`  ${screen.paint('faint', `and ${plural(finding.echoes.length - 4, 'more echo', 'more echoes')}`)}`);
    }
  }
  return lines;
}

/** A record: place and time, then its text; further lines below, as far as they are shown. */
function evidenceLines(
  evidence: Evidence,
  names: ReadonlyMap<string, string>,
  screen: Screen,
  view: DiagnosisView,
  shown = SHOWN_CHARACTERS,
): string[] {
  const source = view.verbose ? evidence.source : (names.get(evidence.source) ?? evidence.source);
  const place = printable(`${source}:${evidence.line}`);
  const clock = clockOf(evidence.time);
  const head = `${place}  ${clock}${clock === '' ? '' : '  '}`;
  const indent = 13;
  const isLong = head.length > screen.width / 2;
  const [first = '', ...more] = recordLines(
    evidence.text,
    view.verbose ? { characters: Infinity, lines: Infinity } : { characters: shown, lines: SHOWN_LINES },
  );
  const width = Math.max(20, screen.width - indent);
  const beside = Math.max(20, screen.width - 2 - head.length);
  const wrapped = isLong ? ['', ...wrap(first, width)] : wrap(first, width, beside);
  const lines = [`  ${screen.paint('strong', place)}${head.slice(place.length)}${wrapped[0] ?? ''}`.trimEnd()];
  for (const line of [...wrapped.slice(1), ...more.flatMap((text) => wrap(text, width))]) {
    lines.push(' '.repeat(indent) + line);
  }
  return lines;
}

function setAside(report: DiagnoseReport, screen: Screen, view: DiagnosisView): string[] {
  if (report.benign.length === 0) return [];
  const total = report.benign.reduce((sum, benign) => sum + benign.count, 0);
  const what = report.benign.map((benign) => benign.rule).join(', ');
  const text = `${plural(total, 'alarming line')} that ${total === 1 ? 'is' : 'are'} normal here (${what}).`;
  const lines = labelled('Set aside', printable(text), 11, screen, 0);
  if (view.verbose) {
    for (const benign of report.benign) {
      lines.push(
        ...wrap(printable(`${benign.rule} (${benign.count}): ${benign.why}`), screen.width - 13).map(
          (l, i) => `${' '.repeat(i === 0 ? 11 : 13)}${l}`,
        ),
      );
    }
  }
  return lines;
}

/** Sandboxes that are listed. */
const LISTED = 12;

/** The run that the verdict is about, with its life; where there are several, a line on each. */
function runLines(report: DiagnoseReport, screen: Screen, view: DiagnosisView): string[] {
  const { sandboxes } = report;
  const lead = leadOf(report);
  if (lead === undefined) return [];
  const lines = sandboxLines(lead, screen, view);
  if (sandboxes.length === 1) return lines;
  const shown = view.verbose ? sandboxes : sandboxes.slice(0, LISTED);
  lines.push(
    ...labelled('Sandboxes', `${plural(sandboxes.length, 'sandbox', 'sandboxes')}, the newest first:`, 11, screen, 0),
  );
  for (const one of shown) {
    const { label, style } = LABELS[one.verdict ?? 'inconclusive'];
    const said = printable(
      `${clockOf(one.timeline[0]?.time ?? null).slice(0, 8)} ${one.headline ?? one.outcome}`.trim(),
    );
    const pad = ' '.repeat(Math.max(2, 15 - label.length));
    const [first = '', ...more] = item(said, ' '.repeat(17), screen);
    lines.push(`  ${screen.paint(style, label)}${pad}${first.slice(17)}`, ...more);
  }
  if (shown.length < sandboxes.length) {
    lines.push(
      `  and ${plural(sandboxes.length - shown.length, 'older one')}: --verbose lists them all, --id ID shows one`,
    );
  }
  return lines;
}

/** A line of a list: the mark in front, what does not fit below its text. */
function item(text: string, mark: string, screen: Screen): string[] {
  return wrap(text, Math.max(20, screen.width - mark.length)).map(
    (line, index) => (index === 0 ? mark : ' '.repeat(mark.length)) + line,
  );
}

function sandboxLines(sandbox: Sandbox, screen: Screen, view: DiagnosisView): string[] {
  const lines = labelled('Run', printable(`${factsOf(sandbox, view.verbose).join(', ')}.`), 11, screen, 0);
  const steps = lifeOf(sandbox, view.verbose);
  if (view.verbose) {
    for (const [index, step] of steps.entries())
      lines.push(...labelled(index === 0 ? 'Life' : '', printable(step), 11, screen, 0));
  } else if (steps.length > 0) lines.push(...labelled('Life', printable(`${steps.join('; ')}.`), 11, screen, 0));
  for (const clock of sandbox.clocks) lines.push(...labelled('Clock', printable(`${clock}.`), 11, screen, 0));
  return lines;
}

/** How the rules answered: those that found something, the first finding first, then those that could not. */
function explanationLines(explanation: Explanation, names: ReadonlyMap<string, string>, screen: Screen): string[] {
  const lines = labelled('Explain', explainedText(explanation), 11, screen, 0);
  for (const rule of explanation.rules) {
    for (const match of rule.matches) {
      const place = `${names.get(match.source) ?? match.source}:${match.line}`;
      const head = `${rule.rule}: ${match.confidence}, severity ${match.severity}, ${place}`;
      lines.push('', `  ${screen.paint('strong', rule.rule)}${printable(head.slice(rule.rule.length))}`);
      for (const [label, text] of [
        ['Says', match.title],
        ['Because', match.because],
        [match.rank === 1 ? 'Rank' : 'Lost', standingOf(match)],
      ] as const)
        lines.push(...labelled(label, printable(text), COLUMN, screen, 4));
    }
    if (rule.matches.length === 0) {
      lines.push('', ...labelled(rule.rule, printable(silenceText(rule)), rule.rule.length + 2, screen));
    }
  }
  return lines;
}
