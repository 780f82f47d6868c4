/** Puts what differs, the sides and what was read together to the document of `compare`; masks secrets on the way. */
import type { Compared } from './differences.js';
import { callText, exitText, type Judged, type Judgement } from './judge.js';
import type { Pairing, ProcessPair } from './pairing.js';
import type { Side } from './side.js';
import type {
  Answer,
  ComparedProcess,
  ComparedSide,
  CompareReport,
  CompareVerdict,
  ContextRow,
  Difference,
  TimeRow,
} from '../model/compare.js';
import type { LogEvent } from '../model/event.js';
import type { Reading } from '../model/reading.js';
import type { Redaction } from '../model/report.js';
import { Redactor } from '../report/redaction.js';

export type ComparedSides = {
  readonly a: Side;
  readonly b: Side;
  readonly readings: readonly Reading[];
  readonly isCut: { readonly a: boolean; readonly b: boolean };
  readonly containers: readonly [readonly string[], readonly string[]];
};

export type CompareReportOptions = { readonly redaction: Redaction; readonly isEmpty: boolean };

/** Differences that are listed; the others are counted. */
const LISTED = 500;

export function assembleCompare(
  sides: ComparedSides,
  pairing: Pairing,
  compared: readonly Compared[],
  judgement: Judgement | undefined,
  _rows: (side: 'a' | 'b', row: number) => LogEvent | undefined,
  options: CompareReportOptions,
): CompareReport {
  const all = merged((judgement?.judged ?? []).map(differenceOf));
  const verdict: CompareVerdict =
    judgement === undefined ? 'incomparable' : judgement.differs ? 'differs' : all.length > 0 ? 'expected' : 'same';
  const root = pairing.pairs[0];
  const redactor = new Redactor(options.redaction);
  const document = {
    headline: headlineOf(verdict, all, sides, pairing, options),
    sides: [sideOf(sides.a, root?.a ?? null, sides.isCut.a), sideOf(sides.b, root?.b ?? null, sides.isCut.b)] as const,
    differences: all.slice(0, LISTED),
    notes: notesOf(sides),
    reading: sides.readings,
  };
  const kept = new Set([
    'schema',
    'kind',
    'label',
    'syscall',
    'verdict',
    'time',
    'events',
    'unread',
    'year',
    ...(options.redaction === 'identity' ? [] : ['source', 'sources', 'repeats']),
  ]);
  const { headline, differences, notes, reading, sides: shownSides } = redactor.value(document, kept);
  return {
    schema: 'runsight/compare@1',
    verdict,
    headline,
    sides: shownSides,
    differences,
    others: Math.max(0, all.length - LISTED),
    time: timeOf(sides, compared),
    notes,
    reading,
    masked: redactor.masked,
  };
}

function processOf({ a, b }: ProcessPair): ComparedProcess {
  return {
    program: b?.program ?? a?.program ?? null,
    argv: b?.argv ?? a?.argv ?? null,
    a: a?.id ?? null,
    b: b?.id ?? null,
  };
}

function differenceOf({ told, kind, label, why, remedy, pair }: Judged): Difference {
  const exit = (process: ProcessPair['a']): Answer | null =>
    process === null ? null : { ret: exitText(process), errno_name: null };
  if (told === null) {
    return {
      kind,
      label,
      syscall: '',
      subject: '',
      process: processOf(pair),
      count: 1,
      a: exit(pair.a),
      b: exit(pair.b),
      why,
      remedy,
      evidence_a: [],
      evidence_b: [],
    };
  }
  const { a, b } = told;
  return {
    kind,
    label,
    syscall: told.name,
    subject: told.subject,
    process: processOf(pair),
    count: told.count,
    a: a?.answer ?? null,
    b: b?.answer ?? null,
    why,
    remedy,
    evidence_a: a === null ? [] : [a.evidence],
    evidence_b: b === null ? [] : [b.evidence],
  };
}

/** Equal differences of several processes are one, but for those that matter. */
function merged(differences: readonly Difference[]): readonly Difference[] {
  const byKey = new Map<string, Difference>();
  for (const [index, one] of differences.entries()) {
    const matters = one.kind === 'exit' || one.label === 'likely-cause' || one.label === 'unexplained';
    const key = matters
      ? String(index)
      : [one.kind, one.label, one.syscall, one.subject, one.a?.errno_name, one.b?.errno_name].join(' ');
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? one : { ...known, count: known.count + one.count });
  }
  return [...byKey.values()];
}

function sideOf(side: Side, root: ProcessPair['a'], truncated: boolean): ComparedSide {
  return {
    kind: side.kind,
    version: side.version,
    sources: side.sources,
    processes: side.tree.processes.filter(({ mergedInto, calls }) => mergedInto === null && calls > 0).length,
    calls: side.calls,
    exit: root?.exit ?? null,
    truncated,
  };
}

function headlineOf(
  verdict: CompareVerdict,
  differences: readonly Difference[],
  { a, b, isCut }: ComparedSides,
  pairing: Pairing,
  { isEmpty }: CompareReportOptions,
): string {
  const [first] = differences;
  const root = pairing.pairs[0];
  switch (verdict) {
    case 'incomparable': {
      if (isEmpty)
        return `${a.calls === 0 ? (b.calls === 0 ? 'Neither side holds' : 'A holds no') : 'B holds no'} calls${a.calls === 0 && b.calls === 0 ? ' any' : ''}: there is nothing to compare`;
      return `A runs ${root?.a?.program ?? 'one program'}, B ${root?.b?.program ?? 'another'}: these are traces of different programs`;
    }
    case 'same':
      return `Both sides do the same${isCut.a || isCut.b ? `, up to where ${isCut.b ? 'B' : 'A'} ends` : ''}`;
    case 'expected':
      return first === undefined
        ? ''
        : `Both sides end alike; ${differences.length === 1 ? 'one difference that is' : `${differences.length} differences that are`} normal, first: ${first.why}`;
    case 'differs': {
      if (first === undefined) return 'The sides differ';
      return first.syscall === ''
        ? first.why
        : `${callText({ name: first.syscall, subject: first.subject })}: ${first.why}`;
    }
  }
}

function notesOf({ a, b, isCut, containers }: ComparedSides): readonly string[] {
  const notes: string[] = [];
  for (const [name, side, cut, list] of [
    ['A', a, isCut.a, containers[0]],
    ['B', b, isCut.b, containers[1]],
  ] as const) {
    if (cut) notes.push(`${name} ends in the middle (cut off, or still running): it is compared up to there`);
    if (side.kind === 'native' && side.calls > 0) {
      if (!side.hasTimes) notes.push(`${name} holds no times of calls: strace -T shows where time goes`);
      if (!side.showsPaths) notes.push(`${name} does not show what descriptors are: strace -y names files and sockets`);
      const hasLost =
        side.tree.processes.some(({ children }) => children.length > 0) === false &&
        side.names.some(({ name: call }) => /^(?:clone|clone3|fork|vfork)$/.test(call)) &&
        side.tree.processes.length === 1;
      if (hasLost) notes.push(`${name} follows no child processes: strace -f does`);
    }
    if (list.length > 1)
      notes.push(
        `${name} holds ${list.length} containers (${list.slice(0, 4).join(', ')}): --container compares one of them`,
      );
    if (side.columns.dropped > 0)
      notes.push(`${name} is long: ${side.columns.dropped} calls in its middle were not aligned`);
  }
  return notes;
}

function timeOf(_sides: ComparedSides, _compared: readonly Compared[]): readonly TimeRow[] {
  return [];
}

export type { ContextRow };
