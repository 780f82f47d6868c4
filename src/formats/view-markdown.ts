/** A view as a Markdown table: for an issue, a report, a wiki. */
import type { SummaryReport } from '../model/report.js';
import { plural } from './layout.js';
import { code, fenced, prose } from './markdown-text.js';
import { readText } from './reading.js';
import { chosenColumns, chosenRows, type Choice, type View } from './view.js';

/** Room for the last cell of a row, which a table for a screen would cut at its edge. */
const ROOM = 120;
/** `1,048`, `17.3ms`, `<0.1 %`: acts on nothing. */
const NUMBER = /^[\d.,]+(?: ?[a-zµ%]{1,5}){0,2}$/;

export function viewMarkdown<Row>(view: View<Row>, report: SummaryReport, choice: Choice): string {
  const { all, shown, left } = chosenRows(view, report, choice);
  const columns = chosenColumns(view, report, choice);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const lines = [prose(view.headline(report, all, choice)), ''];
  const chart = view.chart?.(report, choice) ?? [];
  if (chart.length > 0) lines.push(...fenced(chart), '');
  if (shown.length > 0) {
    lines.push(
      line(columns.map(({ head, name }) => head ?? name)),
      line(columns.map(({ left: isLeft }) => (isLeft === true ? '---' : '---:'))),
      ...shown.map((row) =>
        line(
          columns.map(({ cell, left: isLeft }) => {
            const text = cell(row, ROOM).trim();
            return text === '' || NUMBER.test(text) ? text : isLeft === true ? code(text) : prose(text);
          }),
        ),
      ),
      '',
    );
  }
  if (left > 0) lines.push(`${plural(left, `more ${view.noun[0]}`, `more ${view.noun[1]}`)} not shown.`, '');
  lines.push(prose(`Read: ${readText(report.reading)}`));
  return `${lines.join('\n')}\n`;
}
