/** A view as a table for people: what it says in a sentence, the rows, what is left to say. */
import type { SummaryReport } from '../model/report.js';
import { count, plural, wrap, type Screen } from './layout.js';
import { printable } from './printable.js';
import { readLine } from './reading.js';
import { recordLines } from './record-text.js';
import { tableLines, widthsOf } from './table.js';
import { chosenColumns, chosenRows, type Choice, type View, type ViewColumn } from './view.js';

export function viewTable<Row>(
  view: View<Row>,
  report: SummaryReport,
  screen: Screen,
  choice: Choice,
  more: string,
): string {
  const { all, shown, left } = chosenRows(view, report, choice, true);
  const isNothing = all.length === 0 && choice.isFiltered === true;
  const headline = isNothing ? nothing(view, report, choice) : view.headline(report, all, choice);
  const lines = [...wrapped(headline, screen.width), ''];
  const chart = view.chart?.(report, choice) ?? [];
  if (chart.length > 0) lines.push(...chart, '');
  if (shown.length > 0) {
    const wanted = chosenColumns(view, report, choice);
    const isWide = choice.wide === true;
    const columns = isWide || choice.columns !== undefined ? wanted : fitting(wanted, shown, screen);
    const last = wanted.at(-1);
    lines.push(
      ...(last?.isBelow === true && !isWide && isCut(columns, shown, screen)
        ? withTextsBelow(wanted.slice(0, -1), last, shown, screen)
        : tableOf(columns, shown, isWide ? { ...screen, width: Number.MAX_SAFE_INTEGER } : screen)),
      '',
    );
  }
  if (left > 0) lines.push(`${plural(left, `more ${view.noun[0]}`, `more ${view.noun[1]}`)} not shown.`, '');
  const notes = view.notes?.(report, screen, choice, shown) ?? [];
  if (notes.length > 0) lines.push(...notes, '');
  lines.push(...readLine(report.reading, more, screen));
  return `${lines.join('\n')}\n`;
}

function tableOf<Row>(columns: readonly ViewColumn<Row>[], rows: readonly Row[], screen: Screen): readonly string[] {
  return tableLines(rows, columns.map(headed), screen);
}

const headed = <Row>(column: ViewColumn<Row>): ViewColumn<Row> & { readonly head: string } => ({
  ...column,
  head: column.head ?? column.name,
});

/** Is a text of the last column longer than what the others leave of the screen? */
function isCut<Row>(columns: readonly ViewColumn<Row>[], rows: readonly Row[], { width }: Screen): boolean {
  const others = widthsOf(rows, columns.map(headed)).slice(0, -1);
  const room = width - others.reduce((sum, one) => sum + one + 2, 0) - 1;
  return rows.some((row) => (columns.at(-1)?.cell(row, Number.POSITIVE_INFINITY).length ?? 0) > room);
}

/** How much of such a text is shown. */
const BELOW = { characters: 1200, lines: 1 };

/** A table in which the text of each row stands below it. */
function withTextsBelow<Row>(
  columns: readonly ViewColumn<Row>[],
  { cell }: ViewColumn<Row>,
  rows: readonly Row[],
  screen: Screen,
): readonly string[] {
  const [head = '', ...lines] = tableOf(columns, rows, screen);
  const below = rows.map((row) =>
    recordLines(cell(row, Number.POSITIVE_INFINITY), BELOW).flatMap((text) => wrap(text, screen.width - 4)),
  );
  return [head, ...lines.flatMap((line, index) => [line, ...(below[index] ?? []).map((text) => `    ${text}`)])];
}

/** A number stays with its unit. */
function wrapped(text: string, width: number): readonly string[] {
  return wrap(text.replaceAll(' %', '\u00a0%'), width).map((line) => line.replaceAll('\u00a0', ' '));
}

/** A filter let nothing pass: says so, and what there was. */
function nothing<Row>(view: View<Row>, report: SummaryReport, choice: Choice): string {
  const { unfiltered } = report;
  if (unfiltered !== undefined && unfiltered.calls > 0) {
    const listed = (counts: Readonly<Record<string, number>>): string => {
      const entries = Object.entries(counts);
      const shown = entries.slice(0, 6).map(([name, n]) => `${printable(name)} ${count(n)}`);
      return shown.join(', ') + (entries.length > shown.length ? ', …' : '.');
    };
    const errors = Object.keys(unfiltered.errnos).length === 0 ? '' : ` Errors: ${listed(unfiltered.errnos)}`;
    if (choice.asksProcess === true) {
      return `No call fits the filter. There were ${plural(unfiltered.calls, 'call')}; --by process lists who made them.`;
    }
    return `No call fits the filter. There were ${plural(unfiltered.calls, 'call')}: ${listed(unfiltered.syscalls)}${errors}`;
  }
  return view.headline(report, [], {});
}

/** On a narrow screen, columns that say nothing of any row go first, then those of a high rank, until the others fit. */
function fitting<Row>(
  columns: readonly ViewColumn<Row>[],
  rows: readonly Row[],
  screen: Screen,
): readonly ViewColumn<Row>[] {
  let kept = columns;
  let isEmptied = false;
  for (;;) {
    const widths = widthsOf(
      rows,
      kept.map((column) => ({ ...column, head: column.head ?? column.name })),
    );
    const used = widths.reduce((sum, width) => sum + width + 2, -2);
    const rank = Math.max(...kept.map((column) => column.rank ?? 0));
    if (used <= screen.width) return kept;
    if (!isEmptied) {
      isEmptied = true;
      kept = kept.filter(({ cell }) => rows.some((row) => cell(row, screen.width) !== ''));
      continue;
    }
    if (rank === 0) return kept;
    kept = kept.filter((column) => (column.rank ?? 0) < rank);
  }
}
