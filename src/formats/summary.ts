/** A summary as text: the view that was asked for, in the format that was asked for. */
import type { SummaryReport } from '../model/report.js';
import { inAscii } from './ascii.js';
import { documentPieces } from './document.js';
import type { FORMATS, ViewName } from './index.js';
import type { Screen } from './layout.js';
import { viewCsv } from './view-csv.js';
import { viewMarkdown } from './view-markdown.js';
import { viewTable } from './view-table.js';
import { VIEW } from './views/index.js';
import type { Choice } from './view.js';

export type SummaryFormat = (typeof FORMATS.summary)[number];

/** The columns of a view, by name. */
export function columnNames(view: ViewName): readonly string[] {
  return VIEW[view].columns.map(({ name }) => name);
}

const MORE = 'More: --by VIEW, --histogram NAME, --show N, --wide, --json';
/** Records do not add up. */
const MORE_OF_MERGED = 'More: --by VIEW, --histogram NAME, --wide, --json';

/** The JSON document holds everything, whatever the view. */
export function* summaryPieces(
  report: SummaryReport,
  view: ViewName,
  format: SummaryFormat,
  screen: Screen,
  choice: Choice = {},
): Generator<string> {
  if (format === 'json') yield* documentPieces(report);
  else yield formatSummary(report, view, format, screen, choice);
}

export function formatSummary(
  report: SummaryReport,
  view: ViewName,
  format: Exclude<SummaryFormat, 'json'>,
  screen: Screen,
  choice: Choice = {},
): string {
  switch (format) {
    case 'csv':
      return viewCsv(VIEW[view], report, choice);
    case 'markdown':
      return viewMarkdown(VIEW[view], report, choice);
    case 'table': {
      const text = viewTable(VIEW[view], report, screen, choice, report.merged === undefined ? MORE : MORE_OF_MERGED);
      return choice.ascii === true ? inAscii(text) : text;
    }
  }
}
