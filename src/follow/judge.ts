/** Judges the lives of the sandboxes whose logs grow: the same rules as at rest, asked again when something may have changed. */
import { joinProducts, type DiagnosisProducts } from '../analyzers/diagnosis.js';
import { BEGINNING } from '../analyzers/groups.js';
import { portionsOf, type Portion } from '../analyzers/portions.js';
import { reportOf } from '../diagnose.js';
import type { Recorded, Told } from '../model/follow.js';
import type { Reading } from '../model/reading.js';
import type { Redaction } from '../model/report.js';
import { hasEnded, Life, lifeKey, processKey, stepsOf, verdictKey } from './lives.js';
import { KeySet } from './key-set.js';
import type { LiveProducts, LiveSource } from './live-source.js';
import type { LossTeller } from './losses.js';

/** A life is over when its records say so and nothing has come for so long; in milliseconds. */
const ENDED_QUIET = 300;
/** Without a record that decides, a failure is told when nothing has come for so long. */
const DOUBT_QUIET = 1200;
/** What ended is let go when nothing has come for so long. */
const FORGET_QUIET = 60_000;
/** Ends of traces are read for so long at most, then others have their turn. */
const MOST_READING = 200;
/** The last time: whoever stops it does not wait for minutes. */
const LAST_READING = 10_000;
/** Lives that ended and are remembered by name, so that a late command of theirs is no new life; and what was told of all. */
const MOST_FORGOTTEN = 20_000;
const MOST_TOLD = 100_000;

/** A source, how it is called now, and what it holds. */
type Part = { readonly source: LiveSource; readonly name: string };

export type JudgeOptions = {
  readonly redact: boolean | Redaction;
  /** Only sandboxes with a container whose id begins so. */
  readonly container?: string;
  /** How long ends of traces are read when it ends, in milliseconds. */
  readonly lastReading?: number;
};

export class Judge {
  readonly lives = new Map<string, Life>();
  readonly #byProcess = new Map<string, Life>();
  /** Which life a source belongs to; of several the newest. */
  readonly #byLive = new WeakMap<LiveSource, Life>();
  /** Ids and keys of lives that were let go. */
  readonly #forgotten = new KeySet(MOST_FORGOTTEN);
  /** What was told, by key, in this run or before it. */
  readonly told = new KeySet(MOST_TOLD);
  /** Of products that are known: the same under another name. */
  readonly #renamed = new WeakMap<LiveProducts, { readonly name: string; readonly value: LiveProducts }>();
  /** The end of a trace was not read yet: to be asked again; if it decides (`isBehind`), as soon as what has come meanwhile is read. */
  isIncomplete = false;
  isBehind = false;
  /** Nothing is told of what old sources (`isOld`) hold: it was there before anybody asked. */
  isSilent = false;

  constructor(
    readonly options: JudgeOptions,
    readonly losses: LossTeller,
  ) {}

  lifeOf(source: LiveSource): Life | undefined {
    return this.#byLive.get(source);
  }

  isWanted(life: Life | undefined): boolean {
    const { container } = this.options;
    return container === undefined || life?.containers.some((one) => one.startsWith(container)) === true;
  }

  /**
   * Judges what has changed. `isEnd`: no more will come. `now` in milliseconds of the wall clock.
   */
  async judge(parts: readonly Part[], now: number, isEnd = false): Promise<readonly Told[]> {
    const products: DiagnosisProducts[] = [];
    const readings = new Map<string, readonly Reading[]>();
    const recorded = new Map<string, readonly Recorded[]>();
    const sources = new Map<string, LiveSource>();
    await this.#readEndings(parts, now, isEnd);
    for (const { source, name } of parts.toSorted(byPlace)) {
      const known = await this.#productsOf(source, true);
      if (known === undefined) continue;
      const { products: held, recorded: last } = this.#called(known, source.name, name);
      products.push(held);
      readings.set(
        name,
        source.readings().map((reading) => ({ ...reading, source: name })),
      );
      recorded.set(name, last);
      sources.set(name, source);
    }
    const portions = products.length === 0 ? [] : portionsOf(joinProducts(products));
    const shared = new Map<string, number>();
    for (const { group } of portions)
      for (const name of new Set(group.runs.map((run) => run.source))) shared.set(name, (shared.get(name) ?? 0) + 1);
    const met = new Set<Life>();
    const owned = new Set(portions.flatMap(({ group }) => group.runs.map((run) => run.source)));
    const unowned = [...sources.keys()].filter((name) => !owned.has(name));
    const told: Told[] = [];
    // the oldest first, as they came
    for (const portion of portions.toReversed()) {
      const life = this.#lifeOf(portion);
      if (life === undefined) continue;
      met.add(life);
      for (const run of portion.group.runs) {
        const source = sources.get(run.source);
        if (source !== undefined) this.#byLive.set(source, life);
      }
      // a log of several sandboxes goes on when this one does not
      const mark = portion.group.runs.map(({ records }) => records).join();
      const alone = portion.group.runs.filter((run) => shared.get(run.source) === 1);
      const touched = Math.max(0, ...alone.map((run) => sources.get(run.source)?.touched ?? 0));
      life.touched = Math.max(touched, mark === life.mark ? life.touched : alone.length > 0 ? touched : now);
      life.mark = mark;
      const own = [...new Set([...portion.group.runs.map((run) => run.source), ...unowned])];
      told.push(
        ...(await this.#judgeOne(life, portion, {
          now,
          isEnd,
          isSilent: this.isSilent && own.some((name) => sources.get(name)?.isOld === true),
          version: own.reduce((sum, name) => sum + (sources.get(name)?.version ?? 0), 0),
          isDecisive: own.some((name) => sources.get(name)?.isDecisive === true),
          unknown: own.flatMap((name) => sources.get(name) ?? []).filter(({ isEndKnown }) => !isEndKnown),
          readings: own.flatMap((name) => readings.get(name) ?? []),
          recorded: own.flatMap((name) => recorded.get(name) ?? []),
        })),
      );
    }
    for (const source of sources.values()) if (source.isEndKnown) source.isDecisive = false;
    // what was taken for a life before more of it was known
    for (const life of this.lives.values()) if (!met.has(life)) this.#drop(life);
    return told;
  }

  /** Reads ends of traces that are due again, as far as there is time; those that decide come first, then the newest. */
  async #readEndings(parts: readonly Part[], now: number, isEnd: boolean): Promise<void> {
    const begun = performance.now();
    const most = isEnd ? (this.options.lastReading ?? LAST_READING) : MOST_READING;
    let left = 0;
    this.isBehind = false;
    for (const { source } of parts.toSorted((a, b) => byUrgency(a.source, b.source))) {
      if (!source.isDecisive && !isEnd && !source.isEndDue(now)) continue;
      if (performance.now() - begun < most) await this.#productsOf(source, false);
      if (source.isEndKnown) continue;
      left++;
      this.isBehind ||= source.isDecisive;
      if (isEnd) this.losses.tell('(ends of traces)', 'there was no time to judge them once more before the end', 1);
    }
    this.isIncomplete = left > 0;
  }

  /** What a source holds; if it cannot be read just now, that is told, and the others are judged. */
  async #productsOf(source: LiveSource, isEndOld: boolean): Promise<LiveProducts | undefined> {
    try {
      await source.mend();
      return await source.products(isEndOld);
    } catch (error) {
      this.losses.tell(source.name, (error as Error).message, 1);
      return undefined;
    }
  }

  /** What a source holds, by the name that it has now. */
  #called(known: LiveProducts, from: string, to: string): LiveProducts {
    if (from === to) return known;
    const before = this.#renamed.get(known);
    if (before?.name === to) return before.value;
    const value = withName({ products: known.products, recorded: known.recorded }, from, to);
    this.#renamed.set(known, { name: to, value });
    return value;
  }

  #drop(life: Life): void {
    this.lives.delete(life.key);
    for (const one of life.processes) if (this.#byProcess.get(one) === life) this.#byProcess.delete(one);
  }

  #lifeOf(portion: Portion): Life | undefined {
    const { group } = portion;
    const keys = group.runs.map(processKey);
    const key = lifeKey(portion);
    let life = keys.map((one) => this.#byProcess.get(one)).find((one) => one !== undefined && one.id === group.id);
    if (life === undefined && this.#isAfterlife(portion)) return undefined;
    if (life === undefined) {
      life = this.lives.get(key) ?? new Life(group.id, key);
      this.lives.set(life.key, life);
    }
    life.containers = group.containers;
    for (const one of keys) {
      life.processes.add(one);
      this.#byProcess.set(one, life);
    }
    for (const { source } of group.runs) life.sources.add(source);
    return life;
  }

  /** Commands on a sandbox that ended long ago. */
  #isAfterlife(portion: Portion): boolean {
    const { group } = portion;
    const begins = group.runs.some(({ command }) => command !== null && BEGINNING.has(command));
    return (!begins && group.id !== null && this.#forgotten.has(group.id)) || this.#forgotten.has(lifeKey(portion));
  }

  async #judgeOne(life: Life, portion: Portion, seen: Seen): Promise<readonly Told[]> {
    const { now, isEnd, isSilent } = seen;
    const sandbox = life.id;
    const told: Told[] = [];
    const isOver = hasEnded(portion) && (now - life.touched >= ENDED_QUIET || isEnd);
    if (life.judgedAt !== seen.version || (isOver && !life.told.has('ended'))) {
      for (const { state, detail } of stepsOf(portion)) {
        // a command that failed may have begun what goes on: nothing has ended before it is quiet
        if (life.told.has(state) || (state === 'ended' && !isOver && !isSilent)) continue;
        life.told.add(state);
        if (this.told.isNew(`state ${life.key} ${state}`) && !isSilent && this.isWanted(life))
          told.push({ type: 'sandbox', sandbox, state, detail });
      }
      const report = await reportOf([portion], seen.readings, { redact: this.options.redact });
      const isFailure = report.verdict !== 'healthy';
      life.verdict = { report, recorded: isFailure ? seen.recorded : [] };
      life.judgedAt = seen.version;
    }
    const { report, recorded } = life.verdict as NonNullable<Life['verdict']>;
    if (isSilent) {
      // it is known, as far as it goes: only what it becomes is news
      life.toldVerdict = verdictKey(report);
      life.isToldFinal = hasEnded(portion);
      if (life.isToldFinal) life.endedAt = now;
      for (const isFinal of [false, life.isToldFinal])
        this.told.isNew(`verdict ${life.key} ${life.toldVerdict} ${isFinal}`);
      return [];
    }
    const quiet = now - life.touched;
    if (isOver) life.endedAt ??= now;
    life.lookedAt = now;
    const key = verdictKey(report);
    const isFinal = isOver || isEnd;
    const isNew = key !== life.toldVerdict;
    const isFailure = report.verdict !== 'healthy' && report.verdict !== 'inconclusive';
    const isDecided = isFailure && (seen.isDecisive || quiet >= DOUBT_QUIET);
    const isDoubtful = report.verdict === 'inconclusive' && report.findings.length > 0 && quiet >= DOUBT_QUIET;
    // what was told as a failure is corrected as soon as it is none
    const isCorrected = isNew && life.toldVerdict !== '' && quiet >= ENDED_QUIET;
    const hasNews = isNew ? isFinal || isDecided || isDoubtful || isCorrected : isFinal && !life.isToldFinal;
    if (!hasNews || (portion.group.runs.length === 0 && report.findings.length === 0)) return told;
    if (seen.unknown.length > 0 && !isEnd) {
      // nothing is told by halves
      for (const source of seen.unknown) source.isDecisive = true;
      this.isBehind = true;
      return told;
    }
    life.toldVerdict = key;
    life.isToldFinal = isFinal;
    if (this.told.isNew(`verdict ${life.key} ${key} ${isFinal}`) && this.isWanted(life))
      told.push({
        type: 'verdict',
        sandbox,
        diagnosis: report,
        final: isFinal,
        ...(recorded.length === 0 ? {} : { recorder: recorded }),
      });
    return told;
  }

  /** The next time at which waiting alone may change an answer; infinite where none. */
  nextAt(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const life of this.lives.values()) {
      if (!life.isToldFinal || life.verdict === undefined) {
        for (const quiet of [ENDED_QUIET, DOUBT_QUIET])
          if (life.touched + quiet > life.lookedAt) next = Math.min(next, life.touched + quiet);
      } else if (life.endedAt !== undefined) next = Math.min(next, life.touched + FORGET_QUIET);
    }
    return next;
  }

  /** Lives that ended, were told, and have been quiet: forgotten from here on. Gives the sources that nobody needs any more. */
  forget(now: number): readonly string[] {
    const free: string[] = [];
    for (const life of this.lives.values()) {
      if (life.endedAt === undefined || !life.isToldFinal || now - life.touched < FORGET_QUIET) continue;
      this.#drop(life);
      if (life.id !== null) this.#forgotten.isNew(life.id);
      this.#forgotten.isNew(life.key);
      for (const source of life.sources)
        if (![...this.lives.values()].some((other) => other.sources.has(source))) free.push(source);
    }
    return free;
  }
}

type Seen = {
  readonly now: number;
  readonly isEnd: boolean;
  readonly isSilent: boolean;
  readonly version: number;
  readonly isDecisive: boolean;
  /** Sources with a trace whose end is not known as it is now. */
  readonly unknown: readonly LiveSource[];
  readonly readings: readonly Reading[];
  readonly recorded: readonly Recorded[];
};

function byUrgency(a: LiveSource, b: LiveSource): number {
  return Number(b.isDecisive) - Number(a.isDecisive) || b.touched - a.touched;
}

/** The order in which the files of a folder are read at rest. */
function byPlace(a: Part, b: Part): number {
  const [left, right] = [a.name.split('/'), b.name.split('/')];
  for (let at = 0; ; at++) {
    const [one, other] = [left[at], right[at]];
    if (one === other && one !== undefined) continue;
    return (one ?? '') < (other ?? '') ? -1 : 1;
  }
}

/** The same value with a source under another name. */
function withName<T>(value: T, from: string, to: string): T {
  if (value === from) return to as T;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one) => withName(one, from, to)) as T;
  if (value instanceof Map)
    return new Map([...value].map(([key, one]) => [withName(key, from, to), withName(one, from, to)])) as T;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withName(one, from, to)])) as T;
}
