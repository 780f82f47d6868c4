/** A view: rows of a summary under named columns, from which tables, CSV and Markdown are made alike. */
import type { SummaryReport } from '../model/report.js';
import type { Screen } from './layout.js';

/** What a cell of CSV holds: numbers as they are (nanoseconds, bytes, parts of 1), nothing for null. */
export type Value = string | number | null;

export type ViewColumn<Row> = {
  /** What `--columns` and `--sort` call it, and the head of CSV. */
  readonly name: string;
  /** The head of the table, where that is another. */
  readonly head?: string;
  /** The unit of its values, as CSV names it behind the name: `total_ns`. */
  readonly unit?: 'ns' | 'bytes' | 's';
  readonly value: (row: Row) => Value;
  /** As people read it; `room`: how wide it may be, only the last column is bounded. */
  readonly cell: (row: Row, room: number) => string;
  readonly left?: boolean;
  /** Of the last column: how wide it is at least, before others are left out for it. */
  readonly least?: number;
  /** Left out first on a narrow screen are those with the highest rank; without one it always stays. */
  readonly rank?: number;
  /** Of the last column: what does not fit into it stands whole below its row. */
  readonly isBelow?: true;
  /** Only where it is asked for by name, or with --wide. */
  readonly hidden?: true;
  /** What only people see: bars. */
  readonly inCsv?: false;
  /** Left out where the trace holds no times: strace without -T. */
  readonly isTime?: true;
  /** Sorts from the smallest on: names, times of day, ids. */
  readonly ascends?: true;
};

/** Which rows and columns are shown. */
export type Choice = {
  readonly columns?: readonly string[] | undefined;
  readonly sort?: string | undefined;
  readonly top?: number | undefined;
  readonly wide?: boolean | undefined;
  /** Does a filter decide which records count? */
  readonly isFiltered?: boolean | undefined;
  /** Was a process or a name asked for? What it called is beside the point where there is none. */
  readonly asksProcess?: boolean | undefined;
  /** Is it for a screen, which holds some lines and not thousands? */
  readonly isPage?: boolean | undefined;
  /** Is it asked for how the log can be smaller, however large it is? */
  readonly advice?: boolean | undefined;
  /** Only signs of ASCII. */
  readonly ascii?: boolean | undefined;
};

export type View<Row> = {
  readonly columns: readonly ViewColumn<Row>[];
  /** In the order in which they are shown, and counted by `--top`. */
  readonly rows: (report: SummaryReport, choice: Choice) => readonly Row[];
  /** The sentence above the table. */
  readonly headline: (report: SummaryReport, rows: readonly Row[], choice: Choice) => string;
  /** Lines between the sentence and the table. */
  readonly chart?: (report: SummaryReport, choice: Choice) => readonly string[];
  /** Lines below the table. */
  readonly notes?: (report: SummaryReport, screen: Screen, choice: Choice, shown: readonly Row[]) => readonly string[];
  /** What a row is called: `file`, `files`. */
  readonly noun: readonly [string, string];
  /** The rows of a table that nobody has sorted, where they are in another order than in lists: a tree. */
  readonly arranged?: (rows: readonly Row[]) => readonly Row[];
  /** The rows of such a table that are shown, with lines between its sections. */
  readonly parted?: (rows: readonly Row[]) => readonly Row[];
  /** Columns that say nothing here, and are left out. */
  readonly idle?: (report: SummaryReport) => readonly string[];
};

/** Does the trace hold times? Without them columns of time are left out; where they are asked for by name, they hold nothing. */
const isTimed = ({ totals }: SummaryReport): boolean => totals.total_ns > 0 || totals.calls === 0;

function withoutTimes<Row>(column: ViewColumn<Row>): ViewColumn<Row> {
  return column.isTime === true ? { ...column, value: () => null, cell: () => '-' } : column;
}

/** The columns that are shown: those that were asked for, in their order, else those of the view. */
export function chosenColumns<Row>(view: View<Row>, report: SummaryReport, choice: Choice): readonly ViewColumn<Row>[] {
  const { columns } = choice;
  const hasTimes = isTimed(report);
  if (columns !== undefined) {
    const chosen = columns.flatMap((name) => view.columns.find((column) => column.name === name) ?? []);
    return hasTimes ? chosen : chosen.map(withoutTimes);
  }
  const idle = view.idle?.(report) ?? [];
  return view.columns.filter(
    ({ name, hidden, isTime }) =>
      (choice.wide === true || (hidden !== true && !idle.includes(name))) && (hasTimes || isTime !== true),
  );
}

/** Rows of a table that nobody bounded. */
const MOST_LINES = 1000;

/** The rows that are shown, and how many are not. */
export function chosenRows<Row>(
  view: View<Row>,
  report: SummaryReport,
  choice: Choice,
  isTable = false,
): { readonly all: readonly Row[]; readonly shown: readonly Row[]; readonly left: number } {
  const all = view.rows(report, { ...choice, isPage: isTable && choice.wide !== true });
  const by = view.columns.find(({ name }) => name === choice.sort);
  const isPlain = by === undefined && isTable;
  const most = choice.top ?? (isTable && choice.wide !== true ? MOST_LINES : undefined);
  const rows = by === undefined ? all : sorted(all, by);
  const first = rows.slice(0, most);
  const shown = isPlain ? (view.arranged?.(first) ?? first) : first;
  const left = rows.length - shown.length;
  return { all, shown: isPlain && choice.columns === undefined ? (view.parted?.(shown) ?? shown) : shown, left };
}

/** The largest first, names from A to Z; what has no value comes last, and equals stay as they were. */
function sorted<Row>(rows: readonly Row[], { value, ascends }: ViewColumn<Row>): readonly Row[] {
  return rows.toSorted((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === b) return 0;
    if (a === null || a === '') return b === null || b === '' ? 0 : 1;
    if (b === null || b === '') return -1;
    const isNumber = typeof a === 'number' && typeof b === 'number';
    const order = isNumber ? a - b : String(a) < String(b) ? -1 : 1;
    return isNumber && ascends !== true ? -order : order;
  });
}

/** A row of CSV is told apart from others by these heads: the name, and the unit of what stands below. */
export function headOf<Row>({ name, unit }: ViewColumn<Row>): string {
  return unit === undefined ? name : `${name}_${unit}`;
}
