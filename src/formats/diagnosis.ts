/** The diagnosis as a person reads it: the first line answers, then cause and remedy, then the proof, then the rest. */
import type { Evidence, Finding } from '../model/finding.js';
import type { DiagnoseReport, Sandbox, Verdict } from '../model/report.js';
import { clockOf, labelled, plural, type Screen, shortNames, type Style, wrap } from './layout.js';
import { printable } from './printable.js';
import { readLine } from './reading.js';

const LABELS: Readonly<Record<Verdict, { readonly label: string; readonly style: Style }>> = {
  'failed-start': { label: 'FAILED START', style: 'bad' },
  'sandbox-crash': { label: 'SANDBOX CRASH', style: 'bad' },
  'app-failure': { label: 'APP FAILURE', style: 'bad' },
  hang: { label: 'HANG', style: 'bad' },
  degraded: { label: 'DEGRADED', style: 'warn' },
  healthy: { label: 'HEALTHY', style: 'good' },
  inconclusive: { label: 'INCONCLUSIVE', style: 'warn' },
};

const COLUMN = 9;
/** A record of many kilobytes (a spec, an environment) is shown up to here; --verbose shows all. */
const SHOWN_CHARACTERS = 600;

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

  const [first, ...others] = report.findings.filter((finding) => finding.severity !== 'info');
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
      else
        lines.push(
          ...wrap(printable(`${finding.title}: ${finding.cause}`), screen.width - 4).map((l, i) =>
            i === 0 ? `  - ${l}` : `    ${l}`,
          ),
        );
    }
  }
  lines.push('', ...setAside(report, screen, view), ...runLines(report.sandboxes, screen, view));
  const more = view.verbose ? '' : 'More: --verbose, --json';
  lines.push(...readLine(report.reading, more, screen));
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
  const [first = '', ...more] = textLines(evidence.text, view.verbose ? Number.POSITIVE_INFINITY : shown);
  const width = Math.max(20, screen.width - indent);
  const beside = Math.max(20, screen.width - 2 - head.length);
  const wrapped = isLong ? ['', ...wrap(first, width)] : wrap(first, width, beside);
  const lines = [`  ${screen.paint('strong', place)}${head.slice(place.length)}${wrapped[0] ?? ''}`.trimEnd()];
  for (const line of [...wrapped.slice(1), ...more.flatMap((text) => wrap(text, width))]) {
    lines.push(' '.repeat(indent) + line);
  }
  return lines;
}

/** The lines of a record, harmless for a terminal; what is left out is said. */
function textLines(text: string, shown: number): string[] {
  const all = text.trimEnd().split('\n').map(printable);
  const lines: string[] = [];
  let room = shown;
  for (const [index, line] of all.entries()) {
    if (line.length > room || (lines.length >= SHOWN_LINES && Number.isFinite(shown))) {
      if (index === 0) lines.push(`${line.slice(0, room)}…`);
      const left = all.length - Math.max(1, index);
      if (left > 0) lines.push(`… ${plural(left, 'more line')}`);
      else if (index === 0) lines.push(`(${line.length - room} more characters)`);
      break;
    }
    lines.push(line);
    room -= line.length;
  }
  return lines;
}
const SHOWN_LINES = 4;

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

/** Settings that a reader asks for first; the others are shown with --verbose. */
const BRIEF = new Set(['command', 'network', 'overlay', 'pid']);

function runLines(sandboxes: readonly Sandbox[], screen: Screen, view: DiagnosisView): string[] {
  const lines: string[] = [];
  for (const sandbox of sandboxes.slice(0, 8)) {
    const config = Object.entries(sandbox.config)
      .filter(([name]) => view.verbose || BRIEF.has(name))
      .map(([name, value]) => `${name} ${value}`);
    const facts = [
      sandbox.version === null ? 'runsc of unknown release' : `runsc ${sandbox.version}`,
      ...(sandbox.platform === null ? [] : [`platform ${sandbox.platform}`]),
      ...config,
      ...(sandbox.id === null ? [] : [`container ${sandbox.id.length > 24 ? sandbox.id.slice(0, 12) : sandbox.id}`]),
      sandbox.outcome,
    ];
    lines.push(...labelled('Run', printable(`${facts.join(', ')}.`), 11, screen, 0));
  }
  if (sandboxes.length > 8)
    lines.push(`           and ${plural(sandboxes.length - 8, 'more sandbox', 'more sandboxes')}`);
  return lines;
}
