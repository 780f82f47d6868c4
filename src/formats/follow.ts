/** What `follow` tells as a person reads it: a line a step, a verdict as `diagnose` writes it, and a table at the foot. */
import type { FollowRecord } from '../model/follow.js';
import { SEVERITIES } from '../model/finding.js';
import type { SummaryReport } from '../model/report.js';
import { formatDiagnosis } from './diagnosis.js';
import { count, duration, labelled, plural, type Screen, type Style } from './layout.js';
import { printable } from './printable.js';
import { recordLines } from './record-text.js';
import { tableLines } from './table.js';

/** Width of what stands in front of a line's text: the time, the sandbox. */
const SANDBOX_WIDTH = 14;
/** What stands before the message of a record. */
const HEADER = /^[DIWEF]\d{4} [\d:.]{15} +\d+ [\w.]+:\d+\] /;
const SHOWN_RECORDS = 3;
/** Rows of the table at the foot. */
const FOOT_ROWS = 8;
const FOOT_SANDBOXES = 3;

const clock = (at: string): string => new Date(at).toTimeString().slice(0, 8);

function nameOf(sandbox: string | null): string {
  return printable(sandbox ?? '-').slice(0, SANDBOX_WIDTH - 2);
}

function styleOf(severity: string): Style {
  const rank = SEVERITIES.findIndex((one) => one === severity);
  return rank >= SEVERITIES.indexOf('high') ? 'bad' : severity === 'medium' ? 'warn' : 'strong';
}

export type FollowView = { readonly verbose: boolean };

/** Tells records one by one: a verdict that only became final is not written out again. */
export class FollowText {
  /** What was told of each sandbox last, and when. */
  readonly #told = new Map<string | null, { readonly headline: string; readonly at: string }>();

  constructor(
    readonly screen: Screen,
    readonly view: FollowView,
  ) {}

  /** The text of a record, with its line end; empty where there is nothing to show. */
  of(record: FollowRecord): string {
    if (record.type !== 'verdict') return formatFollow(record, this.screen, this.view);
    const { headline } = record.diagnosis;
    const before = this.#told.get(record.sandbox);
    this.#told.delete(record.sandbox);
    this.#told.set(record.sandbox, { headline, at: before?.headline === headline ? before.at : record.at });
    if (this.#told.size > MOST_TOLD) this.#told.delete(this.#told.keys().next().value as string | null);
    return before?.headline === headline && record.final && !this.view.verbose
      ? formatFollow({ ...record, isRepeated: before.at }, this.screen, this.view)
      : formatFollow(record, this.screen, this.view);
  }
}
const MOST_TOLD = 10_000;

/** `isRepeated`: when the same was told as what it was so far. */
function formatFollow(
  record: FollowRecord & { readonly isRepeated?: string },
  screen: Screen,
  view: FollowView,
): string {
  const front = (sandbox: string | null): string =>
    `${screen.paint('faint', clock(record.at))}  ${nameOf(sandbox).padEnd(SANDBOX_WIDTH)}`;
  const indent = ' '.repeat(10);
  const beside = (sandbox: string | null, head: string, style: Style, text: string): string => {
    const lines = labelled(
      '',
      printable(text),
      0,
      { ...screen, width: screen.width - 10 - SANDBOX_WIDTH - head.length - 2 },
      0,
    );
    const rest = lines.slice(1).map((line) => `${' '.repeat(10 + SANDBOX_WIDTH + head.length + 2)}${line}`);
    return `${[`${front(sandbox)}${screen.paint(style, head)}  ${lines[0] ?? ''}`.trimEnd(), ...rest].join('\n')}\n`;
  };
  switch (record.type) {
    case 'sandbox':
      return beside(record.sandbox, record.state, 'strong', record.detail);
    case 'verdict': {
      const { diagnosis } = record;
      if (record.isRepeated !== undefined)
        return beside(record.sandbox, 'final', 'faint', `${diagnosis.verdict}: as told at ${clock(record.isRepeated)}`);
      if (diagnosis.verdict === 'healthy' && !view.verbose)
        return beside(record.sandbox, 'HEALTHY', 'good', diagnosis.headline);
      const head = `${front(record.sandbox)}${record.final ? '' : screen.paint('faint', '(so far)')}`.trimEnd();
      const text = formatDiagnosis(diagnosis, { ...screen, width: screen.width - 2 }, view);
      const recorder = (record.recorder ?? []).flatMap(({ comm, task, records }) => [
        `  last calls of ${printable(comm)} [${task.tgid ?? task.tid}:${task.tid}]`,
        ...records.map(({ text: call }) => `    ${printable(call).slice(0, screen.width - 6)}`),
      ]);
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => (line === '' ? '' : `  ${line}`));
      return `${[head, ...lines, ...(recorder.length === 0 ? [] : ['', ...recorder]), ''].join('\n')}\n`;
    }
    case 'finding': {
      const { finding, what, by } = record;
      if (what === 'explained')
        return view.verbose
          ? beside(record.sandbox, finding.rule, 'faint', `is a part of ${by ?? 'another finding'}`)
          : '';
      if (what === 'last')
        return view.verbose
          ? beside(record.sandbox, finding.rule, 'faint', `${plural(finding.count, 'time')} in all`)
          : '';
      const text = beside(
        record.sandbox,
        finding.severity.toUpperCase(),
        styleOf(finding.severity),
        `${finding.cause} (${finding.rule}${finding.attack.map((id) => ` ${id}`).join('')})`,
      );
      const shown = finding.evidence.slice(0, view.verbose ? undefined : SHOWN_RECORDS);
      const records = shown.map(
        (one) =>
          recordLines(one.text.replace(HEADER, ''), {
            characters: view.verbose ? 4000 : screen.width - 12,
            lines: 1,
          })[0] ?? '',
      );
      return text + records.map((line) => `${indent}${line}\n`).join('');
    }
    case 'stuck':
      return beside(
        record.sandbox,
        'STUCK',
        'warn',
        `${record.comm} [${record.task.tgid ?? record.task.tid}:${record.task.tid}] has not come back from ${record.name} since ${clock(record.since)}: ${record.name}(${record.args})`,
      );
    case 'summary':
      return `${summaryLines(record.sandbox, record.summary, record.seconds, screen).join('\n')}\n`;
    case 'loss':
      return beside(
        null,
        'LOSS',
        'warn',
        `${record.source}: ${record.why}${record.count > 1 ? ` (${count(record.count)} times)` : ''}`,
      );
    case 'end': {
      const sum = record.reading.reduce(
        (all, { bytes, records, unread }) => ({
          bytes: all.bytes + bytes,
          records: all.records + records,
          unread: all.unread + Object.values(unread).reduce((total, one) => total + one, 0),
        }),
        { bytes: 0, records: 0, unread: 0 },
      );
      const unread = sum.unread === 0 ? 'everything understood' : `${count(sum.unread)} not understood`;
      return `${screen.paint('faint', `Read     ${plural(record.reading.length, 'log')}, ${plural(sum.records, 'record')}, ${unread}.`)}\n`;
    }
  }
}

/** The table of an interval, for whoever has no terminal. */
function summaryLines(
  sandbox: string | null,
  summary: SummaryReport,
  seconds: number,
  screen: Screen,
): readonly string[] {
  const { totals, syscalls } = summary;
  const head = `${nameOf(sandbox)}: ${plural(totals.calls, 'call')} in ${seconds} s, ${count(Math.round(totals.calls / seconds))}/s, ${plural(totals.errors, 'error')}`;
  return [screen.paint('strong', head), ...rowsOf(syscalls, seconds, screen)];
}

type Row = { readonly name: string; readonly calls: number; readonly errors: number; readonly total_ns: number };

function rowsOf(rows: readonly Row[], seconds: number, screen: Screen): readonly string[] {
  const shown = rows.toSorted((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1)).slice(0, FOOT_ROWS);
  return tableLines<Row>(
    shown,
    [
      { head: 'syscall', cell: ({ name }) => printable(name), left: true },
      { head: 'calls', cell: ({ calls }) => count(calls) },
      { head: 'per s', cell: ({ calls }) => count(Math.round(calls / seconds)) },
      { head: 'errors', cell: ({ errors }) => count(errors) },
      { head: 'time', cell: ({ total_ns }) => duration(total_ns) },
    ],
    screen,
  );
}

/** The table at the foot of a terminal: what each sandbox has done since it began to be counted, and how fast just now. */
export class Foot {
  readonly #sums = new Map<
    string | null,
    { rows: Map<string, Row>; rate: number; calls: number; errors: number; seen: number }
  >();
  #tick = 0;

  add(sandbox: string | null, { totals, syscalls }: SummaryReport, seconds: number): void {
    const known = this.#sums.get(sandbox) ?? { rows: new Map<string, Row>(), rate: 0, calls: 0, errors: 0, seen: 0 };
    this.#sums.delete(sandbox);
    this.#sums.set(sandbox, known);
    if (this.#sums.size > 4 * FOOT_SANDBOXES) this.#sums.delete(this.#sums.keys().next().value as string | null);
    known.rate = totals.calls / seconds;
    known.calls += totals.calls;
    known.errors += totals.errors;
    known.seen = ++this.#tick;
    for (const { name, calls, errors, total_ns } of syscalls) {
      const row = known.rows.get(name) ?? { name, calls: 0, errors: 0, total_ns: 0 };
      known.rows.set(name, {
        name,
        calls: row.calls + calls,
        errors: row.errors + errors,
        total_ns: row.total_ns + total_ns,
      });
    }
  }

  lines(screen: Screen): readonly string[] {
    return [...this.#sums]
      .slice(-FOOT_SANDBOXES)
      .flatMap(([sandbox, { rows, rate, calls, errors }]) => [
        screen.paint(
          'strong',
          `${nameOf(sandbox)}: ${plural(calls, 'call')}, ${count(Math.round(rate))}/s, ${plural(errors, 'error')}`,
        ),
        ...[...rows.values()]
          .toSorted((a, b) => b.calls - a.calls)
          .slice(0, FOOT_ROWS)
          .map(
            (row) =>
              `  ${printable(row.name).padEnd(20)}${count(row.calls).padStart(12)}${count(row.errors).padStart(10)}${duration(row.total_ns).padStart(10)}`,
          ),
      ])
      .map((line) => line.slice(0, screen.width - 1));
  }
}
