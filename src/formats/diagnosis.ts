/** The diagnosis as a person reads it: the first line answers, then cause and remedy, then the proof, then the rest. */
import type { Evidence, Finding } from '../model/finding.js';
import type { DiagnoseReport, Sandbox, Verdict } from '../model/report.js';
import { clockOf, count, labelled, plural, type Screen, shortNames, type Style, wrap } from './layout.js';
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

  const [first, ...rest] = report.findings.filter((finding) => finding.severity !== 'info');
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

/** Settings that matter first; the others are shown with --verbose. */
const BRIEF = new Set(['command', 'network', 'overlay', 'pid']);
/** Sandboxes that are listed, steps of a life that are shown. */
const LISTED = 12;
const STEPS = 8;

/** The run that the verdict is about, with its life; where there are several, a line on each. */
function runLines({ sandboxes, verdict }: DiagnoseReport, screen: Screen, view: DiagnosisView): string[] {
  const lead = sandboxes.find((one) => one.verdict === verdict) ?? sandboxes[0];
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

const shortId = (id: string): string => (/^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id.slice(0, 64));

function sandboxLines(sandbox: Sandbox, screen: Screen, view: DiagnosisView): string[] {
  const config = Object.entries(sandbox.config)
    .filter(([name]) => view.verbose || BRIEF.has(name))
    .map(([name, value]) => `${name} ${value}`);
  const [own, ...joined] = sandbox.containers;
  const facts = [
    sandbox.version === null ? 'runsc of unknown release' : `runsc ${sandbox.version}`,
    ...(sandbox.platform === null ? [] : [`platform ${sandbox.platform}`]),
    ...config,
    ...(own === undefined ? [] : [`container ${shortId(own)}`]),
    ...(joined.length === 0 ? [] : [`with ${joined.slice(0, 4).map(shortId).join(', ')} in its sandbox`]),
    sandbox.outcome,
  ];
  const lines = labelled('Run', printable(`${facts.join(', ')}.`), 11, screen, 0);
  const life = sandbox.timeline.filter(({ what }) => what !== '');
  if (life.length > 1) {
    const shown = view.verbose ? life : life.slice(0, STEPS);
    const steps = shown.map(({ what, after_ms: after }, index) => {
      const when =
        index === 0 ? clockOf(life[0]?.time ?? null) : after === null ? '' : `+${count(Math.round(after))} ms`;
      return `${when} ${view.verbose ? what : what.slice(0, 60)}`.trim();
    });
    if (shown.length < life.length) steps.push(`and ${plural(life.length - shown.length, 'more step')}`);
    if (view.verbose) {
      for (const [index, step] of steps.entries())
        lines.push(...labelled(index === 0 ? 'Life' : '', printable(step), 11, screen, 0));
    } else lines.push(...labelled('Life', printable(`${steps.join('; ')}.`), 11, screen, 0));
  }
  for (const clock of sandbox.clocks) lines.push(...labelled('Clock', printable(`${clock}.`), 11, screen, 0));
  return lines;
}
