/** Puts what differs, the sides and what was read together to the document of `compare`; masks secrets on the way. */
import { classOf } from '../knowledge/syscall-classes.js';
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
import type { Reading } from '../model/reading.js';
import type { Redaction } from '../model/report.js';
import { Redactor } from '../report/redaction.js';
import { exitText, type Judged, type Judgement, type Told } from './judge.js';
import type { Pairing, ProcessPair } from './pairing.js';
import type { Side } from './side.js';

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
/** Words of our own, and names of calls: nothing of the log is in them. */
const OWN = ['schema', 'kind', 'label', 'syscall', 'verdict', 'time', 'events', 'unread', 'year'] as const;
/** Sources are named as they were found, unless who and where is to be hidden. */
const PLACES = ['source', 'sources', 'repeats'] as const;

export function assembleCompare(
  sides: ComparedSides,
  pairing: Pairing,
  judgement: Judgement | undefined,
  contexts: ReadonlyMap<Told, readonly ContextRow[]>,
  options: CompareReportOptions,
): CompareReport {
  const all = merged((judgement?.judged ?? []).map((one) => differenceOf(one, contexts)));
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
  const kept = new Set<string>(options.redaction === 'identity' ? OWN : [...OWN, ...PLACES]);
  const { headline, differences, notes, reading, sides: shownSides } = redactor.value(document, kept);
  return {
    schema: 'runsight/compare@1',
    verdict,
    headline,
    sides: shownSides,
    differences,
    others: Math.max(0, all.length - LISTED),
    time: timeOf(sides),
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

function differenceOf(
  { told, kind, label, why, remedy, pair }: Judged,
  contexts: ReadonlyMap<Told, readonly ContextRow[]>,
): Difference {
  const shared = { kind, label, process: processOf(pair), why, remedy };
  if (told === null) {
    const exit = (process: ProcessPair['a']): Answer | null =>
      process === null ? null : { ret: exitText(process), errno_name: null };
    const ends = { a: exit(pair.a), b: exit(pair.b) };
    return { ...shared, ...ends, syscall: '', subject: '', count: 1, evidence_a: [], evidence_b: [] };
  }
  const { a, b } = told;
  const context = contexts.get(told) ?? [];
  return {
    ...shared,
    syscall: told.name,
    subject: told.subject,
    count: told.count,
    a: a?.answer ?? null,
    b: b?.answer ?? null,
    evidence_a: a === null ? [] : [a.evidence],
    evidence_b: b === null ? [] : [b.evidence],
    ...(context.length === 0 ? {} : { context }),
  };
}

/** Equal differences of several processes are one, but for those that matter. */
function merged(differences: readonly Difference[]): readonly Difference[] {
  const byKey = new Map<string, Difference>();
  for (const [index, one] of differences.entries()) {
    const matters = one.kind === 'exit' || one.label === 'likely-cause' || one.label === 'unexplained';
    const key = matters
      ? String(index)
      : [one.kind, one.label, one.syscall, one.subject, one.a?.errno_name, one.b?.errno_name].join('\n');
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

/** What differs, without why: its first clause. */
const shortWhy = ({ why }: Difference): string => why.split(/[:;] /, 1)[0] ?? why;

function headlineOf(
  verdict: CompareVerdict,
  differences: readonly Difference[],
  { a, b, isCut }: ComparedSides,
  pairing: Pairing,
  { isEmpty }: CompareReportOptions,
): string {
  const [first] = differences;
  const [root] = pairing.pairs;
  const upTo = isCut.a || isCut.b ? `, up to where ${isCut.b ? 'B' : 'A'} ends` : '';
  switch (verdict) {
    case 'incomparable': {
      if (isEmpty) {
        const lacking =
          a.calls > 0 ? 'B holds no calls' : b.calls > 0 ? 'A holds no calls' : 'neither side holds a call';
        return `there is nothing to compare: ${lacking}`;
      }
      const name = (process: ProcessPair['a']): string =>
        (process?.argv ?? [process?.program ?? '?']).join(' ').slice(0, 80);
      return `these are traces of different programs: A runs ${name(root?.a ?? null)}, B runs ${name(root?.b ?? null)}`;
    }
    case 'same':
      return `both sides do the same${upTo}`;
    case 'expected': {
      const count = differences.length === 1 ? 'one difference that does' : `${differences.length} differences that do`;
      return `both sides end alike${upTo}, with ${count} no harm${first === undefined ? '' : `; first: ${shortWhy(first)}`}`;
    }
    case 'differs': {
      if (first === undefined) return 'the sides differ';
      const ends = differences.filter(({ kind }) => kind === 'exit');
      const end = ends.find(({ process }) => process.b === root?.b?.id) ?? ends[0];
      if (end === undefined || first.kind === 'exit') return shortWhy(first);
      return `${shortWhy(first)}; A ends with ${end.a?.ret ?? '?'}, B with ${end.b?.ret ?? '?'}`;
    }
  }
}

const FORKS = /^(?:clone|clone3|fork|vfork)$/;

function notesOf({ a, b, isCut, containers }: ComparedSides): readonly string[] {
  const notes: string[] = [];
  for (const [name, side, cut, list] of [
    ['A', a, isCut.a, containers[0]],
    ['B', b, isCut.b, containers[1]],
  ] as const) {
    if (side.calls === 0) {
      notes.push(
        side.kind === 'native' || side.version === null
          ? `${name} holds no trace: strace -f -tt -T -y -o FILE makes a native one, runsc --debug-log DIR/ --strace one of runsc`
          : `${name} holds logs of runsc without calls: its boot log has them with --strace`,
      );
      continue;
    }
    if (cut) notes.push(`${name} ends in the middle (cut off, or still running): it is compared up to there`);
    if (side.kind === 'native') {
      if (!side.hasTimes) notes.push(`${name} holds no times of calls: strace -T shows where time goes`);
      if (!side.showsPaths) notes.push(`${name} does not show what descriptors are: strace -y names files and sockets`);
      const { processes } = side.tree;
      if (processes.length === 1 && side.names.some((call) => FORKS.test(call.name)))
        notes.push(`${name} follows no child processes: strace -f does`);
    }
    if (list.length > 1)
      notes.push(
        `${name} holds ${list.length} containers (${list.slice(0, 4).join(', ')}${list.length > 4 ? ', ...' : ''}): --container compares one of them`,
      );
    const { dropped } = side.columns;
    if (dropped > 0) notes.push(`${name} is very long: ${dropped} calls in its middle were not aligned`);
  }
  return notes;
}

/** Classes of which one side took so long, and so much longer, that it is no chance: strace slows calls down by far less. */
const LEAST_NANOS = 100e6;
const LEAST_RATIO = 5;

/** Where time goes: only what is large and certain, and only where both traces hold times. */
function timeOf({ a, b }: ComparedSides): readonly TimeRow[] {
  if (!a.hasTimes || !b.hasTimes) return [];
  const classes = new Map<string, { a: number; b: number }>();
  for (const [side, work] of [
    ['a', a.work],
    ['b', b.work],
  ] as const) {
    for (const [name, nanos] of work) {
      const key = classOf(name);
      const sums = classes.get(key) ?? { a: 0, b: 0 };
      sums[side] += nanos;
      classes.set(key, sums);
    }
  }
  return [...classes]
    .filter(([, sums]) => Math.max(sums.a, sums.b) >= LEAST_NANOS && Math.min(sums.a, sums.b) > 0)
    .map(([name, sums]): TimeRow => ({
      class: name,
      a_ns: sums.a,
      b_ns: sums.b,
      ratio: Math.round((sums.b / sums.a) * 100) / 100,
    }))
    .filter(({ ratio }) => ratio >= LEAST_RATIO || ratio <= 1 / LEAST_RATIO)
    .toSorted((one, other) => Math.abs(other.b_ns - other.a_ns) - Math.abs(one.b_ns - one.a_ns));
}
