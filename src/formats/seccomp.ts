/** Why a profile allows what it allows, for a person; and the profile itself as a file that engines take. */
import type { SeccompCall, SeccompComparison, SeccompProfile, SeccompReport } from '../model/seccomp.js';
import { count, labelled, plural, shortNames, wrap, type Screen } from './layout.js';
import { harmlessJson } from './document.js';
import { printable } from './printable.js';
import { readLine } from './reading.js';
import { tableLines } from './table.js';

const COLUMN = 11;
const NAMES_SHOWN = 24;

/** Indented, as people read and review it: a list of names fills its lines. */
export function profileText(profile: SeccompProfile): string {
  // Everything that may come from another file passes through here.
  const value = JSON.parse(harmlessJson(profile)) as Record<string, unknown>;
  return `${block(value, 0)}\n`;
}

const WIDTH = 100;
function block(value: unknown, depth: number): string {
  const pad = '  '.repeat(depth + 1);
  const end = `\n${'  '.repeat(depth)}`;
  const flat = harmlessJson(value);
  if (value === null || typeof value !== 'object') return flat;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    if (value.every((one) => typeof one === 'string')) {
      const words = wrap(value.map((one) => harmlessJson(one)).join(', '), WIDTH - pad.length);
      return words.length === 1 && depth > 1
        ? `[${words[0]}]`
        : `[\n${words.map((line) => pad + line).join('\n')}${end}]`;
    }
    return `[\n${value.map((one) => pad + block(one, depth + 1)).join(',\n')}${end}]`;
  }
  const pairs = Object.entries(value);
  if (pairs.every(([, one]) => one === null || typeof one !== 'object') && flat.length < WIDTH) {
    return `{ ${pairs.map(([name, one]) => `${harmlessJson(name)}: ${harmlessJson(one)}`).join(', ')} }`;
  }
  return `{\n${pairs.map(([name, one]) => `${pad}${harmlessJson(name)}: ${block(one, depth + 1)}`).join(',\n')}${end}}`;
}

export type SeccompView = {
  /** Tell of each call who needed it. */
  readonly explain: boolean;
  /** Compare with the other profile in full. */
  readonly diff: boolean;
};

export function formatSeccomp(report: SeccompReport, screen: Screen, view: SeccompView): string {
  const lines = wrap(printable(headline(report)), screen.width).map((line, index) =>
    index === 0 ? screen.paint('strong', line) : line,
  );
  const isSpare = ({ reasons, verdict }: SeccompCall): boolean =>
    verdict === 'answer' && reasons.every((reason) => reason === 'fallback');
  const spare = report.calls.filter(isSpare);
  if (view.explain) {
    lines.push('', ...callTable({ ...report, calls: report.calls.filter((call) => !isSpare(call)) }, screen), '');
    if (spare.length > 0)
      lines.push(
        ...labelled(
          'Answered',
          printable(
            `with ENOSYS instead of EPERM, so that libraries take an older call: ${spare.map(({ call }) => call).join(', ')}`,
          ),
          COLUMN,
          screen,
          0,
        ),
      );
  } else lines.push('');
  for (const one of report.compared) lines.push(...comparisonLines(one, screen, view));
  for (const [index, text] of report.warnings.entries())
    lines.push(...labelled(index === 0 ? 'Know' : '', printable(text), COLUMN, screen, 0));
  if (report.masked > 0)
    lines.push(...labelled('Masked', `${plural(report.masked, 'value')} (--no-redact shows them)`, COLUMN, screen, 0));
  lines.push(...readLine(report.reading, view.explain ? 'More: --json' : 'More: --explain, --json', screen));
  return `${lines.join('\n')}\n`;
}

function headline({ allows, of, compared, runtimes, calls }: SeccompReport): string {
  const docker = compared.find((one) => one.with === 'docker-default')?.allows ?? 0;
  const used = calls.filter(({ reasons, verdict }) => reasons.includes('used') && verdict !== 'answer').length;
  const start = runtimes.length === 0 ? '' : `, the rest by ${[...runtimes].join(' and ')}, the kernel and the vDSO`;
  return `Allows ${allows} of ${of} calls, where Docker's default allows ${docker}: ${used} are used${start}.`;
}

/** The one line that goes with a profile. */
export function seccompNote(report: SeccompReport): string {
  const unsure = plural(report.warnings.length, 'thing');
  return `${report.headline}; ${unsure} to know: --explain`;
}

/** The program by its own name: `/usr/sbin/nginx` is nginx. */
const shortProgram = (program: string): string => program.slice(program.lastIndexOf('/') + 1) || program;

function whoOf({ programs, runtimes, reasons }: SeccompCall): string {
  const who = programs.slice(0, 3).map(({ program }) => shortProgram(program));
  if (programs.length > 3) who.push(`${programs.length - 3} more`);
  if (who.length > 0) return who.join(', ');
  if (runtimes.length > 0) return `start of ${runtimes.join(', ')}`;
  if (reasons.includes('vdso')) return 'vDSO';
  if (reasons.includes('kernel')) return 'kernel';
  return reasons.includes('fallback') ? 'libraries' : 'other profile';
}

function callTable(report: SeccompReport, screen: Screen): readonly string[] {
  const names = shortNames(report.reading.map(({ source }) => source));
  const place = ({ first }: SeccompCall): string =>
    first === null
      ? ''
      : names.size > 1
        ? `${names.get(first.source) ?? first.source}:${first.line}`
        : `:${first.line}`;
  const cut = (text: string, room: number): string =>
    text.length > room ? `${text.slice(0, Math.max(1, room - 1))}…` : text;
  return tableLines(
    report.calls,
    [
      { head: 'call', left: true, cell: ({ call }) => printable(call).slice(0, 40) },
      { head: 'times', cell: ({ calls }) => (calls === 0 ? '' : count(calls)) },
      { head: 'first', left: true, cell: (call) => printable(place(call)).slice(-20) },
      {
        head: 'needed by',
        left: true,
        cell: (call, room) => {
          const detail =
            call.detail === null ? '' : call.verdict === 'answer' ? ` (refused: ${call.detail})` : ` (${call.detail})`;
          return cut(printable(whoOf(call) + detail), room);
        },
      },
    ],
    screen,
  );
}

function comparisonLines(one: SeccompComparison, screen: Screen, view: SeccompView): string[] {
  const lines: string[] = [];
  const isDocker = one.with === 'docker-default';
  const name = isDocker ? "Docker's default" : printable(one.with);
  const list = (names: readonly string[]): string => {
    const shown = view.diff && !isDocker ? names : names.slice(0, NAMES_SHOWN);
    return names.length === 0
      ? 'nothing'
      : shown.join(', ') + (names.length > shown.length ? ` and ${names.length - shown.length} more` : '');
  };
  const say = (label: string, text: string): void => {
    lines.push(...labelled(label, printable(text), COLUMN, screen, 0));
  };
  if (isDocker && view.diff) {
    say('Docker', `its default allows ${one.allows} calls, ${one.beyond.length} of them not needed here`);
    return lines;
  }
  say(
    isDocker ? 'Docker' : 'Against',
    `${name} allows ${one.allows} calls; ${one.beyond.length} of them are not needed here: ${list(one.beyond)}`,
  );
  if (one.lacks.length > 0) say('', `it does not allow what is needed here: ${list(one.lacks)}`);
  if (one.conditional.length > 0) say('', `it allows only with conditions: ${list(one.conditional)}`);
  return lines;
}
