/** What differs between two traces of one program, as a value. */
import { containers as containersOf } from './analyzers/containers.js';
import { detailOf, readDetail, type Records } from './compare/details.js';
import { contextOf, rowsAround } from './compare/context.js';
import { Comparer, type Compared, type Found } from './compare/differences.js';
import { judge, quietDifferences, type Judgement, type Told } from './compare/judge.js';
import { pairProcesses, type Pairing } from './compare/pairing.js';
import { assembleBatch, type PairLine } from './compare/pairs.js';
import { sideOf, type Side } from './compare/side.js';
import { UserError } from './errors.js';
import { readPlaces, type Place } from './events/places.js';
import type { LogEvent } from './model/event.js';
import type { CompareBatch, CompareReport, ContextRow } from './model/compare.js';
import type { Reading } from './model/reading.js';
import type { Redaction } from './model/report.js';
import { analyze, openAll, type Input, type InputProblem, type ReadOptions } from './pipeline.js';
import { assembleCompare, type ComparedSides } from './compare/assemble.js';

export { readPairs } from './compare/pairs.js';

export type CompareOptions = Omit<ReadOptions, 'where' | 'tail' | 'onDigest'> & {
  /** Only this container, of logs that hold several. */
  readonly container?: string;
  readonly redact?: boolean | Redaction;
};

/** Compares many pairs, one after the other. A pair of which nothing could be read says so, and the others go on. */
export async function comparePairs(
  pairs: readonly PairLine[],
  options: CompareOptions & { readonly onPair?: (done: number) => void } = {},
): Promise<CompareBatch> {
  const all: Parameters<typeof assembleBatch>[0][number][] = [];
  for (const [index, pair] of pairs.entries()) {
    options.onPair?.(index);
    const { report, problems } = await compare(pair.a.split(','), pair.b.split(','), options);
    const serious = problems.filter(({ kind }) => kind === 'unreadable');
    const hasNothing = report.reading.length === 0 || (serious.length > 0 && report.verdict === 'incomparable');
    const why = serious.map(({ source, why: reason }) => `${source}: ${reason}`).join('; ') || 'nothing was read';
    all.push({ pair, report: hasNothing ? undefined : report, why });
  }
  return assembleBatch(all);
}

/** One side, and what was read of it. */
type ReadSide = {
  readonly side: Side;
  readonly readings: readonly Reading[];
  readonly problems: readonly InputProblem[];
  readonly containers: readonly string[];
};

/** Compares A, the reference, with B. What could not be read is in `problems`. */
export async function compare(
  a: Input,
  b: Input,
  options: CompareOptions = {},
): Promise<{ readonly report: CompareReport; readonly problems: readonly InputProblem[] }> {
  const [left, right] = [await readSide(a, options), await readSide(b, options)];
  const pairing = pairProcesses(left.side.tree, right.side.tree, left.side.kind !== right.side.kind);
  const comparer = new Comparer(left.side, right.side);
  const isEmpty = left.side.calls === 0 || right.side.calls === 0;
  const compared = isEmpty
    ? []
    : pairing.pairs
        .filter(({ a: one, b: other }) => one !== null && other !== null)
        .map((pair) => comparer.compare(pair));
  const isCut = { a: isTruncated(left.side, pairing, 'a'), b: isTruncated(right.side, pairing, 'b') };
  const isComparable = !isEmpty && areComparable(pairing, compared);
  const readers: Readers = {
    a: (places) => places.read(a, left.readings, options),
    b: (places) => places.read(b, right.readings, options),
  };
  const told = isComparable ? await tell(compared, left.side, right.side, isCut, readers) : undefined;
  const judgement: Judgement | undefined =
    told === undefined ? undefined : judge(compared, told, left.side, right.side, isCut);
  const contexts =
    judgement === undefined ? new Map() : await contextsOf(judgement, compared, left.side, right.side, readers);
  const sides: ComparedSides = {
    a: left.side,
    b: right.side,
    readings: [...left.readings, ...right.readings],
    isCut,
    containers: [left.containers, right.containers],
  };
  const { redact = true } = options;
  const report = assembleCompare(sides, pairing, judgement, contexts, {
    redaction: typeof redact === 'string' ? redact : redact ? 'secrets' : 'none',
    isEmpty,
  });
  return { report, problems: [...left.problems, ...right.problems] };
}

async function readSide(input: Input, options: CompareOptions): Promise<ReadSide> {
  const { products, readings, problems } = await analyze(input, { side: sideOf(), containers: containersOf }, options);
  const names = new Set<string>();
  for (const processes of products.containers.values())
    for (const name of processes.values()) if (name !== null) names.add(name);
  const { side } = products;
  if (options.container !== undefined) {
    const own = new Set(
      side.tree.processes.filter(
        (process) => products.containers.get(side.sources[process.source] ?? '')?.get(process.id) === options.container,
      ),
    );
    // a native trace knows no containers
    if (own.size === 0 && side.kind === 'runsc' && side.calls > 0) {
      throw new UserError(`there is no container "${options.container}" with calls in ${side.sources.join(', ')}`, {
        suggestions: [names.size === 0 ? 'the log names no containers' : `there are: ${[...names].join(', ')}`],
      });
    }
    if (own.size > 0) {
      side.tree.keep(own);
      const calls = side.tree.processes.reduce((sum, process) => sum + process.calls, 0);
      return { side: { ...side, calls }, readings, problems, containers: [] };
    }
  }
  return { side, readings, problems, containers: [...names] };
}

/** Does a side end before its program does? */
function isTruncated(side: Side, pairing: Pairing, which: 'a' | 'b'): boolean {
  const root = pairing.pairs[0]?.[which];
  return root !== null && root !== undefined && !root.hasEnded && side.calls > 0;
}

/** Sides of which so few calls are the same have nothing to align. */
const LEAST_COMMON = 0.4;

function areComparable({ isSameProgram }: Pairing, compared: readonly Compared[]): boolean {
  const [first] = compared;
  if (first === undefined) return false;
  if (isSameProgram === true) return true;
  const common = first.matched / Math.max(1, Math.min(first.callsA, first.callsB));
  return isSameProgram === null ? common >= LEAST_COMMON : common >= 0.9;
}

/** Differences whose records are read again; the others are counted. */
const TOLD_LIMIT = 3000;
/** Differences that are shown with the calls around them. */
const SHOWN_AROUND = 3;

/** Reads records of either side again. */
type Readers = Readonly<Record<'a' | 'b', (places: PlaceList) => Promise<Records>>>;

async function tell(
  compared: readonly Compared[],
  a: Side,
  b: Side,
  isCut: { readonly a: boolean; readonly b: boolean },
  readers: Readers,
): Promise<readonly Told[]> {
  const found = compared
    .flatMap((one) => withoutCut(one, isCut))
    .toSorted((one, other) => weight(one) - weight(other))
    .slice(0, TOLD_LIMIT);
  const quiet = compared.flatMap(({ pair }) =>
    quietDifferences(pair, a.quietErrors, b.quietErrors).map((one) => ({ ...one, pair })),
  );
  const placesA = new PlaceList(a);
  const placesB = new PlaceList(b);
  for (const one of found) {
    if (one.a !== -1) placesA.addRow(one.a);
    if (one.b !== -1) placesB.addRow(one.b);
  }
  for (const { kind, error } of quiet) (kind === 'fails' ? placesB : placesA).add(error.source, error);
  const recordsA = await readers.a(placesA);
  const recordsB = await readers.b(placesB);
  const told: Told[] = [];
  for (const one of found) {
    const left = one.a === -1 ? null : (detailOf(a, one.a, recordsA) ?? null);
    const right = one.b === -1 ? null : (detailOf(b, one.b, recordsB) ?? null);
    if (
      one.kind === 'result' &&
      one.errnoA === one.errnoB &&
      (isSameText(left, right) || isUnshown(one.name, left, right))
    )
      continue;
    told.push({
      kind: one.kind,
      pair: one.pair,
      name: one.name,
      subject: right?.subject || left?.subject || '',
      a: left,
      b: right,
      errnoA: one.errnoA,
      errnoB: one.errnoB,
      count: one.count,
      order: one.order,
      row: one.b === -1 ? -1 : one.b,
      rows: { a: one.a, b: one.b },
      isQuiet: false,
    });
  }
  for (const { kind, error, pair } of quiet) {
    const [side, records] = kind === 'fails' ? [b, recordsB] : [a, recordsA];
    const event = records(error.source, error.place);
    const detail = event === undefined ? undefined : readDetail(side, event, error.name, error.name, error.errno);
    told.push({
      kind,
      pair,
      name: error.name,
      subject: '',
      a: kind === 'fails' ? null : (detail ?? null),
      b: kind === 'fails' ? (detail ?? null) : null,
      errnoA: kind === 'fails' ? 0 : error.errno,
      errnoB: kind === 'fails' ? error.errno : 0,
      count: error.count,
      order: 0,
      row: 0,
      rows: { a: -1, b: -1 },
      isQuiet: true,
    });
  }
  return withRows(told);
}

/** The calls around the differences that matter. */
async function contextsOf(
  { judged }: Judgement,
  compared: readonly Compared[],
  a: Side,
  b: Side,
  readers: Readers,
): Promise<ReadonlyMap<Told, readonly ContextRow[]>> {
  const shown = judged.flatMap(({ told }, index) =>
    told !== null && index < SHOWN_AROUND && !told.isQuiet ? [told] : [],
  );
  const around = shown.map((told) => ({ told, rows: rowsAround(compared, told) }));
  const [placesA, placesB] = [new PlaceList(a), new PlaceList(b)];
  for (const { a: one, b: other } of around.flatMap(({ rows }) => rows)) {
    if (one !== -1) placesA.addRow(one);
    if (other !== -1) placesB.addRow(other);
  }
  const [recordsA, recordsB] = [await readers.a(placesA), await readers.b(placesB)];
  const eventOf =
    (side: Side, records: Records) =>
    (row: number): LogEvent | undefined =>
      records(side.columns.source[row] as number, side.columns.place[row] as number);
  return new Map(
    around.map(({ told, rows }) => [told, contextOf(rows, told, eventOf(a, recordsA), eventOf(b, recordsB))]),
  );
}

/** What only A calls stands where the next difference of B does. */
function withRows(told: readonly Told[]): readonly Told[] {
  return told.map((one) =>
    one.row !== -1
      ? one
      : {
          ...one,
          row:
            told.find((other) => other.pair === one.pair && other.row > 0 && other.order >= one.order)?.row ??
            Number.MAX_SAFE_INTEGER,
        },
  );
}

/** Failures first, then answers, then what one side did alone. */
function weight({ kind }: Found): number {
  return kind === 'fails' || kind === 'succeeds' ? 0 : kind === 'result' ? 1 : kind === 'extra' ? 2 : 3;
}

/** Of a side that was cut nobody knows what would have come. */
function withoutCut({ found, gaps }: Compared, isCut: { readonly a: boolean; readonly b: boolean }): readonly Found[] {
  if (!isCut.a && !isCut.b) return found;
  const last = gaps.find(({ isLast }) => isLast);
  if (last === undefined) return found;
  return found.filter(
    (one) => one.order < last.order || !((isCut.b && one.kind === 'missing') || (isCut.a && one.kind === 'extra')),
  );
}

/** Is what both show the same, as far as both show it? */
function isSameText(a: { readonly text: string; readonly isCut: boolean } | null, b: typeof a): boolean {
  if (a === null || b === null || a.text === '' || b.text === '' || (!a.isCut && !b.isCut)) return false;
  const length = Math.min(a.text.length, b.text.length) - 4;
  return length > 0 && a.text.slice(0, length) === b.text.slice(0, length);
}

/** What was read stands in one of the records only: what the other side was told is not known. */
function isUnshown(name: string, a: { readonly text: string } | null, b: typeof a): boolean {
  return /^p?read/.test(name) && (a === null || b === null || a.text === '' || b.text === '');
}

/** Places of records of one side, by source. */
class PlaceList {
  readonly #side: Side;
  readonly #bySource = new Map<number, Place[]>();
  constructor(side: Side) {
    this.#side = side;
  }

  addRow(row: number): void {
    const { columns, halves } = this.#side;
    const source = columns.source[row] as number;
    this.add(source, { place: columns.place[row] as number, bytes: columns.bytes[row] as number });
    const half = halves.get(row);
    if (half !== undefined) this.add(source, half);
  }

  add(source: number, { place, bytes }: Place): void {
    const list = this.#bySource.get(source);
    if (list === undefined) this.#bySource.set(source, [{ place, bytes }]);
    else list.push({ place, bytes });
  }

  async read(input: Input, readings: readonly Reading[], options: CompareOptions): Promise<Records> {
    const names = new Map(
      [...this.#bySource].map(([source, places]) => [this.#side.sources[source] ?? '', { source, places }]),
    );
    const found = new Map<number, ReadonlyMap<number, LogEvent>>();
    if (names.size > 0) {
      for await (const { source } of openAll(input, [], { skip: options.skip })) {
        const wanted = names.get(source.name);
        try {
          if (wanted === undefined) continue;
          const format = readings.find((reading) => reading.source === source.name)?.format ?? 'text';
          const inputFormat = format === 'empty' ? 'auto' : format;
          const now = options.now === undefined ? {} : { now: options.now };
          found.set(wanted.source, await readPlaces(source, wanted.places, { inputFormat, ...now }));
        } finally {
          source.close();
        }
      }
    }
    return (source, place) => found.get(source)?.get(place);
  }
}
