/** What `compare` found, for a person: the answer, the difference that matters with the calls around it, then the others in a line each. */
import type {
  CompareBatch,
  ComparedSide,
  CompareReport,
  CompareVerdict,
  ContextRow,
  Difference,
} from '../model/compare.js';
import type { Evidence } from '../model/finding.js';
import { clockOf, count, duration, labelled, plural, shortNames, type Screen, type Style, wrap } from './layout.js';
import { printable } from './printable.js';
import { readLine } from './reading.js';
import { recordLines } from './record-text.js';
import { tableLines } from './table.js';

export type CompareView = { readonly verbose: boolean };

export const HEADS: Readonly<Record<CompareVerdict | 'unreadable', string>> = {
  same: 'SAME',
  expected: 'EXPECTED',
  differs: 'DIFFERS',
  incomparable: 'INCOMPARABLE',
  unreadable: 'UNREADABLE',
};
const STYLES: Readonly<Record<CompareVerdict | 'unreadable', Style>> = {
  same: 'good',
  expected: 'good',
  differs: 'bad',
  incomparable: 'warn',
  unreadable: 'warn',
};
const COLUMN = 9;
/** From this width on both sides stand beside each other. */
const WIDE = 110;
const RECORD = { characters: 320, lines: 3 };
/** Differences that are listed without --verbose. */
const LISTED = 12;

export function formatCompare(report: CompareReport, screen: Screen, view: CompareView): string {
  const names = shortNames(report.reading.map(({ source }) => source));
  const { verdict, differences } = report;
  const head = HEADS[verdict];
  const lines = wrap(printable(report.headline), screen.width - head.length - 2).map((line, index) =>
    index === 0 ? `${screen.paint(STYLES[verdict], head)}  ${line}` : `${' '.repeat(head.length + 2)}${line}`,
  );
  const matter = differences.filter(isTold);
  for (const one of view.verbose ? differences : matter) lines.push('', ...differenceLines(one, names, screen));
  const others = differences.filter((one) => !isTold(one));
  if (!view.verbose && others.length > 0) lines.push('', ...otherLines(report, others, screen));
  if (report.time.length > 0) lines.push('', ...timeLines(report, screen));
  lines.push('');
  for (const [name, side] of [
    ['A', report.sides[0]],
    ['B', report.sides[1]],
  ] as const)
    lines.push(...footLine(name, sideText(side), screen));
  for (const note of report.notes) lines.push(...footLine('Note', note, screen));
  const hasMore = !view.verbose && others.length > 0;
  lines.push(...readLine(report.reading, `More: ${hasMore ? '--verbose, ' : ''}--json, --format markdown`, screen));
  return `${lines.join('\n')}\n`;
}

/** Those that are told in full: what the end hangs on. */
export const isTold = ({ label, kind }: Difference): boolean =>
  label === 'likely-cause' || (label === 'unexplained' && kind !== 'exit');

const footLine = (label: string, text: string, screen: Screen): readonly string[] =>
  wrap(printable(text), screen.width - 11).map((line, index) => (index === 0 ? label : '').padEnd(11) + line);

/** `native strace, 3 processes, 1,203 calls, status 0`. */
export function sideText({ kind, version, processes, calls, exit, truncated }: ComparedSide): string {
  const ended =
    exit === null ? (truncated ? 'no end' : 'end not known') : 'status' in exit ? `status ${exit.status}` : exit.signal;
  const name = kind === 'native' ? 'native strace' : `runsc ${version ?? 'of unknown version'}`;
  return `${name}, ${plural(processes, 'process', 'processes')}, ${plural(calls, 'call')}, ${ended}`;
}

/** `openat /dev/kmsg`. */
export function title({ kind, syscall, subject }: Difference): string {
  if (kind === 'exit') return 'the end';
  return subject === '' ? syscall : `${syscall} ${subject}`;
}

const LABELS: Readonly<Record<Difference['label'], string>> = {
  'likely-cause': 'likely cause',
  unexplained: 'unexplained',
  'known-gap': 'known gap',
  expected: 'expected',
};

function differenceLines(one: Difference, names: ReadonlyMap<string, string>, screen: Screen): readonly string[] {
  const style: Style = isTold(one) ? 'bad' : 'strong';
  const lines = wrap(printable(title(one)), screen.width - 2).map((line) => `  ${screen.paint(style, line)}`);
  lines.push(
    ...labelled(
      'Label',
      `${LABELS[one.label]} (${one.kind}${one.count > 1 ? `, ${count(one.count)} times` : ''})`,
      COLUMN,
      screen,
    ),
  );
  lines.push(...labelled('Why', printable(one.why), COLUMN, screen));
  const { program, argv, a, b } = one.process;
  const command = (argv ?? [program ?? '?']).join(' ');
  const ids = `process ${a ?? '-'} in A, ${b ?? '-'} in B`;
  lines.push(
    ...labelled(
      'In',
      printable(`${command.length > 120 ? `${command.slice(0, 120)}…` : command} (${ids})`),
      COLUMN,
      screen,
    ),
  );
  one.remedy.forEach((text, index) =>
    lines.push(...labelled(index === 0 ? 'Do' : '', printable(text), COLUMN, screen)),
  );
  const { context } = one;
  if (context !== undefined && context.length > 1) lines.push('', ...contextLines(context, screen));
  for (const [side, evidence] of [
    ['A', one.evidence_a],
    ['B', one.evidence_b],
  ] as const)
    for (const record of evidence) lines.push('', ...evidenceLines(side, record, names, screen));
  return lines;
}

function evidenceLines(
  side: string,
  record: Evidence,
  names: ReadonlyMap<string, string>,
  screen: Screen,
): readonly string[] {
  const place = printable(`${names.get(record.source) ?? record.source}:${record.line}`);
  const clock = clockOf(record.time);
  const [first = '', ...rest] = recordLines(record.text, RECORD).flatMap((line) => wrap(line, screen.width - 4));
  return [`  ${side} ${place}${clock === '' ? '' : `  ${clock}`}`, ...[first, ...rest].map((line) => `    ${line}`)];
}

/** Both sides beside each other, or, on a narrow screen, one above the other. `>` marks the difference. */
function contextLines(context: readonly ContextRow[], screen: Screen): readonly string[] {
  const paint = (row: ContextRow, text: string): string => (row.isHere ? screen.paint('strong', text) : text);
  if (screen.width >= WIDE) {
    const half = Math.floor((screen.width - 7) / 2);
    return [
      `    ${'A'.padEnd(half)} | B`,
      ...context.map((row) => {
        const [left, right] = [cut(row.a ?? '', half), cut(row.b ?? '', half)];
        return `  ${row.isHere ? '>' : ' '} ${paint(row, left)}${' '.repeat(half - left.length)} | ${paint(row, right)}`.trimEnd();
      }),
    ];
  }
  const width = screen.width - 6;
  return (['a', 'b'] as const).flatMap((side) => [
    `  ${side.toUpperCase()}`,
    ...context.flatMap((row) => {
      const text = row[side];
      return text === null ? [] : [`  ${row.isHere ? '>' : ' '} ${paint(row, cut(text, width))}`];
    }),
  ]);
}

/** A call cut to a width: its arguments lose their end, its result stays. */
function cut(text: string, width: number): string {
  const shown = printable(text.replaceAll('\n', ' '));
  if (shown.length <= width) return shown;
  const result = /\) = [^()"]{1,24}$/.exec(shown)?.[0] ?? '';
  return `${shown.slice(0, Math.max(1, width - result.length - 1))}…${result}`;
}

function otherLines(report: CompareReport, others: readonly Difference[], screen: Screen): readonly string[] {
  const shown = others.slice(0, LISTED);
  const lines = tableLines(
    shown,
    [
      { head: 'label', left: true, cell: ({ label }) => LABELS[label] },
      { head: 'kind', left: true, cell: ({ kind }) => kind },
      { head: 'A', left: true, cell: ({ a, kind }) => answerText(a, kind) },
      { head: 'B', left: true, cell: ({ b, kind }) => answerText(b, kind) },
      {
        head: 'difference',
        left: true,
        cell: (one, room) => {
          const text = printable(title(one));
          return text.length > room ? `${text.slice(0, Math.max(1, room - 1))}…` : text;
        },
      },
    ],
    screen,
  );
  const more = others.length - shown.length + report.others;
  return [...lines, ...(more > 0 ? [`and ${plural(more, 'more difference')} of no harm`] : [])];
}

function answerText(answer: Difference['a'], kind: Difference['kind']): string {
  if (answer === null) return kind === 'fails' || kind === 'succeeds' || kind === 'fallback' ? 'ok' : '-';
  if (kind === 'exit') return printable(answer.ret.replace(/^(?:status|signal) /, ''));
  return answer.errno_name ?? 'ok';
}

function timeLines({ time }: CompareReport, screen: Screen): readonly string[] {
  return tableLines(
    time,
    [
      { head: 'time in', left: true, cell: (row) => row.class },
      { head: 'A', cell: ({ a_ns }) => duration(a_ns) },
      { head: 'B', cell: ({ b_ns }) => duration(b_ns) },
      { head: 'B to A', cell: ({ ratio }) => `${ratio}` },
    ],
    screen,
  );
}

/** Many pairs: groups of equal first differences, then each pair in a line. */
export function formatCompareBatch({ pairs, groups }: CompareBatch, screen: Screen): string {
  const tally = (['differs', 'incomparable', 'unreadable', 'expected', 'same'] as const).flatMap((verdict) => {
    const number = pairs.filter((pair) => pair.verdict === verdict).length;
    return number === 0 ? [] : [`${count(number)} ${verdict}`];
  });
  const worst = pairs.some(({ verdict }) => verdict === 'differs') ? 'bad' : 'good';
  const lines = [screen.paint(worst, `${plural(pairs.length, 'pair')}: ${tally.join(', ')}`)];
  if (groups.length > 0) {
    lines.push(
      '',
      ...tableLines(
        groups,
        [
          { head: 'pairs', cell: (group) => count(group.pairs.length) },
          { head: 'label', left: true, cell: ({ first }) => LABELS[first.label] },
          { head: 'first difference', left: true, cell: ({ group }, room) => printable(group).slice(0, room) },
        ],
        screen,
      ),
    );
  }
  lines.push(
    '',
    ...tableLines(
      pairs,
      [
        { head: 'pair', left: true, cell: ({ name }) => printable(name).slice(-40) },
        { head: 'verdict', left: true, cell: ({ verdict }) => verdict },
        {
          head: 'first difference',
          left: true,
          cell: ({ group, headline }, room) => printable(group ?? headline).slice(0, room),
        },
      ],
      screen,
    ),
  );
  return `${lines.join('\n')}\n`;
}
