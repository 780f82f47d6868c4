/** A view as CSV (RFC 4180): for spreadsheets, data frames and databases. */
import type { SummaryReport } from '../model/report.js';
import { printable } from './printable.js';
import { chosenColumns, chosenRows, headOf, type Choice, type Value, type View } from './view.js';

/** A spreadsheet takes a cell that begins so for a formula, and would run what a program in a sandbox wrote. */
const ACTS = /^[=+\-@\t\r]/;

/**
 * One cell: numbers as they are, text in quotation marks where it needs them, with an apostrophe before what would act. Control
 * characters are escapes, so that a row is a line.
 */
export function csvCell(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const shown = printable(value);
  const harmless = ACTS.test(value) ? `'${shown}` : shown;
  return /[",]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The head, then a line a row; lines end in CR LF. */
export function viewCsv<Row>(view: View<Row>, report: SummaryReport, choice: Choice): string {
  // everything that is known, if nobody says otherwise
  const columns = chosenColumns(view, report, { ...choice, wide: true }).filter(({ inCsv }) => inCsv !== false);
  const { shown } = chosenRows(view, report, choice);
  const lines = [
    columns.map(headOf).map(csvCell),
    ...shown.map((row) => columns.map(({ value }) => csvCell(value(row)))),
  ];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}
