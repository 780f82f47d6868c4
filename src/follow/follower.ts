/** Follows logs: reads what comes, settles what is whole, judges what changed, tells what is new. One loop, nothing beside it. */
import type { Readable } from 'node:stream';
import { usageOf, addUsage, type SyscallUsage } from '../analyzers/syscall-usage.js';
import type { Told } from '../model/follow.js';
import type { Reading } from '../model/reading.js';
import type { Redaction, SummaryReport } from '../model/report.js';
import { assembleSummary } from '../report/summary.js';
import type { LiveScan } from '../scan.js';
import { countsOf } from './counts.js';
import { Folder, type Entry } from './folder.js';
import type { GrowingFile } from './growing-file.js';
import { Judge } from './judge.js';
import type { LiveOptions, LiveSource } from './live-source.js';
import { NOTHING_COUNTED, type Counted } from './ledger.js';
import { LossTeller } from './losses.js';
import type { Gauges, Metrics } from './metrics.js';
import { Pipe } from './pipe.js';
import type { StateFile } from './state-file.js';
import { stuckTasks } from './stuck.js';

/** Nothing has come for so long: what is there is taken for whole. All in milliseconds. */
const SETTLE_QUIET = 40;
/** A log is idle: nothing that rules wait for will come soon. */
const IDLE_QUIET = 300;
/** Who is behind with reading judges so seldom, where nothing decides. */
const BEHIND_QUIET = 2000;
/** How often the folder is looked at where the kernel tells, and where it does not. */
const LOOK_EVERY = 2000;
const POLL_EVERY = 100;
const STATE_EVERY = 1000;
/** A large state is written less often: it takes at most so small a part of the time. */
const STATE_REST = 50;
const METRICS_EVERY = 5000;
/** Blocks of 256 KiB that are read of one file before the next has its turn. */
const TURN_BLOCKS = 8;
/** Judging takes at most a part of the time: after so many milliseconds it waits so many times as long. */
const JUDGE_REST = 8;
/** Sources without any process of runsc are let go when they have been quiet for so long. */
const NAMELESS_QUIET = 600_000;
/** Whoever still writes into a file without a name has so long to do it. */
const DELETED_QUIET = 30_000;
/** Readings that are listed at the end; those of earlier logs are one sum. */
const MOST_READINGS = 1000;

export type FollowOptions = {
  /** A folder, a file, or `-`. */
  readonly root: string;
  readonly stdin?: Readable;
  readonly from: 'start' | 'end';
  readonly inputFormat?: LiveOptions['inputFormat'];
  readonly startScan?: () => LiveScan;
  /** Only sandboxes with a container whose id begins so. */
  readonly container?: string;
  /** End when a sandbox has ended. */
  readonly untilExit: boolean;
  /** Tell of tasks that are in a call for so long. */
  readonly stuck?: number;
  /** Tell a summary of the calls so often. */
  readonly summaryEvery?: number;
  /** Records of each task that a failure is told with. */
  readonly recorder: number;
  readonly redact: boolean | Redaction;
  readonly state?: StateFile;
  readonly metrics?: Metrics;
  /** Look often, whatever the file system. */
  readonly isPolling: boolean;
  /** Takes what is told; resolves when there is room for more. */
  readonly tell: (told: Told) => void | Promise<void>;
  readonly losses: LossTeller;
};

export class Follower {
  readonly #options: FollowOptions;
  readonly #folder: Folder | undefined;
  readonly #pipe: Pipe | undefined;
  readonly #judge: Judge;
  readonly #losses: LossTeller;
  #isStopped = false;
  #wake: (() => void) | undefined;
  #isAwake = false;
  /** Something was read or settled since it was judged. */
  #isUnjudged = false;
  #judgeFrom = 0;
  readonly #goneReadings: Reading[] = [];
  #isUntil = false;
  readonly #undrained = new Set<LiveSource>();
  readonly #due = { state: 0, metrics: 0, summary: 0 };
  readonly #tallies = new Map<string | null, Map<string, SyscallUsage>>();

  constructor(options: FollowOptions) {
    this.#options = options;
    const { recorder, startScan, inputFormat, stdin } = options;
    this.#losses = options.losses;
    const live = {
      recorder,
      tallies: options.summaryEvery !== undefined,
      ...(inputFormat === undefined ? {} : { inputFormat }),
      ...(startScan === undefined ? {} : { startScan }),
    };
    this.#judge = new Judge(
      {
        redact: options.redact,
        ...(options.container === undefined ? {} : { container: options.container }),
      },
      this.#losses,
    );
    const earlier = options.state?.read();
    for (const key of earlier?.told ?? []) this.#judge.told.isNew(key);
    this.#goesOn = earlier?.isThere === true;
    if (stdin === undefined) this.#folder = new Folder(options.root, live, this.#losses, options.isPolling, earlier);
    else this.#pipe = new Pipe(live, Date.now());
    const part = this.#folder ?? this.#pipe;
    if (part !== undefined) part.onWake = () => this.wake();
  }

  /** To be called from a handler of signals: ends with a final report. */
  stop(): void {
    this.#isStopped = true;
    this.wake();
  }

  wake(): void {
    this.#isAwake = true;
    this.#wake?.();
  }

  /** A state tells what was told: what happened since then is news. */
  readonly #goesOn: boolean;
  get #isFromEnd(): boolean {
    return this.#options.from === 'end' && this.#pipe === undefined && !this.#goesOn;
  }

  #sources(): readonly LiveSource[] {
    const entries = this.#folder?.entries ?? this.#pipe?.entries ?? new Map<string, Entry>();
    return [...entries.values()].map(({ source }) => source);
  }

  async run(): Promise<void> {
    const { stdin } = this.#options;
    if (stdin !== undefined) {
      this.#pipe?.take(stdin).catch((error: Error) => {
        this.#losses.tell('-', error.message, 1);
        this.stop();
      });
    }
    this.#judge.isSilent = this.#isFromEnd;
    for (let isFirst = true; !this.#isStopped; isFirst = false) {
      const more = await this.#read(Date.now(), isFirst);
      const now = Date.now();
      this.#settle(now);
      if (this.#isJudging(now, more) && !(isFirst && more)) await this.#judgeAll(now, false);
      if (this.#judge.isSilent && this.#folder?.isCaughtUp() !== false) await this.#speak();
      await this.#rest(now);
      if (this.#pipe?.isEnded === true && !more) break;
      if (this.#isUntil) break;
      if (more) await new Promise((resolve) => setImmediate(resolve));
      else await this.#sleep(now);
    }
    await this.#end();
  }

  /** What was there before anybody asked has been read: once it is judged, what is found in it is told as well. */
  async #speak(): Promise<void> {
    if (!this.#isOldSettled) for (const source of this.#sources()) if (source.isOld) source.settle();
    this.#isOldSettled = true;
    await this.#judgeAll(Date.now(), false);
    this.#judgeFrom = 0;
    if (this.#judge.isIncomplete) return;
    await this.#findings(Date.now(), true);
    this.#judge.isSilent = false;
  }
  #isOldSettled = false;

  async #read(now: number, isFirst: boolean): Promise<boolean> {
    if (this.#pipe !== undefined) {
      const before = this.#sources().reduce((sum, { bytes }) => sum + bytes, 0);
      await this.#pipe.read(now);
      if (this.#sources().reduce((sum, { bytes }) => sum + bytes, 0) > before) this.#touched(this.#sources());
      return false;
    }
    const folder = this.#folder as Folder;
    if (isFirst || now >= this.#nextLook()) {
      const begun = performance.now();
      await folder.look(now, isFirst && this.#isFromEnd);
      for (const entry of folder.entries.values())
        if (this.#judge.lifeOf(entry.source) === undefined) await this.#lost(entry, now);
      this.#looked = { at: now, took: performance.now() - begun };
    }
    let more = false;
    for (const entry of folder.dirty) {
      const before = entry.source.touched;
      const goesOn = await folder.read(entry, now, TURN_BLOCKS);
      if (entry.source.touched !== before || entry.source.isOpen) this.#touched([entry.source]);
      more ||= goesOn;
      if (!goesOn) folder.dirty.delete(entry);
      if (!goesOn && !entry.isLinked) await this.#lost(entry, now);
    }
    return more;
  }

  /** A folder of many files takes long to look at: then it is looked at less often, not quite so where something has changed in it. */
  #nextLook(): number {
    const { at, took } = this.#looked;
    const { isChanged, watch } = this.#folder as Folder;
    if (isChanged) return at + Math.max(POLL_EVERY / 2, took * JUDGE_REST);
    return at + Math.max(watch.isPolling ? POLL_EVERY : LOOK_EVERY, took * JUDGE_REST * 4);
  }
  #looked = { at: 0, took: 0 };

  #touched(sources: readonly LiveSource[]): void {
    for (const source of sources) this.#undrained.add(source);
    this.#isUnjudged = true;
  }

  /** A file without a name, or without a sandbox, is followed as long as it grows. */
  async #lost(entry: Entry, now: number): Promise<void> {
    if (now - entry.source.touched < (entry.isLinked ? NAMELESS_QUIET : DELETED_QUIET)) return;
    await this.#release(entry);
  }

  async #release(entry: Entry): Promise<void> {
    await entry.source.end();
    await this.#findings(Date.now(), true);
    this.#collect(entry.source);
    for (const reading of entry.source.readings()) this.#remember(reading);
    this.#undrained.delete(entry.source);
    this.#folder?.release(entry);
  }

  #remember(reading: Reading): void {
    if (reading.bytes === 0) return;
    this.#goneReadings.push(reading);
    if (this.#goneReadings.length > MOST_READINGS) this.#goneReadings.shift();
  }

  #settle(now: number): void {
    for (const source of this.#undrained) {
      if (!source.isOpen || now - source.touched < SETTLE_QUIET) continue;
      source.settle();
      this.#isUnjudged = true;
    }
  }

  /** Judging is due: something came and is settled, a record that decides came, or time alone has changed an answer. */
  #isJudging(now: number, isMore: boolean): boolean {
    if (now < this.#judgeFrom) return false;
    if (now >= this.#judge.nextAt()) return true;
    if (!this.#isUnjudged) return false;
    const sources = this.#sources();
    if (sources.some(({ isDecisive }) => isDecisive)) return true;
    // whoever is behind reads first
    if (isMore) return now - this.#judgedAt > BEHIND_QUIET;
    return sources.every(({ isOpen }) => !isOpen) || now - this.#judgedAt > IDLE_QUIET;
  }
  #judgedAt = 0;

  async #judgeAll(now: number, isEnd: boolean): Promise<void> {
    const begun = performance.now();
    this.#isUnjudged = false;
    this.#judgedAt = now;
    const entries = this.#folder?.entries;
    const parts =
      entries === undefined
        ? this.#sources().map((source) => ({ source, name: source.name }))
        : [...entries.values()].map(({ source, path, isLinked }) => ({
            source,
            name: isLinked ? path : `${source.name} (deleted)`,
          }));
    const told = await this.#judge.judge(parts, now, isEnd);
    const isUrgent = this.#judge.isBehind;
    this.#isUnjudged ||= this.#judge.isIncomplete || isUrgent;
    this.#judgeFrom = isUrgent ? 0 : Date.now() + (performance.now() - begun) * (told.length > 0 ? 1 : JUDGE_REST);
    for (const one of told) {
      await this.#tell(one);
      if (this.#options.untilExit && one.type === 'verdict' && one.final && !isEnd) this.#isUntil = true;
    }
    for (const name of this.#judge.forget(now)) {
      const entry = [...(entries?.values() ?? [])].find(({ path }) => path === name);
      if (entry !== undefined) await this.#release(entry);
    }
  }

  async #tell(told: Told): Promise<void> {
    this.#options.metrics?.see(told);
    await this.#options.tell(told);
    // what was told is remembered at once: only what a kill in this moment cuts off is told twice
    this.#due.state = 0;
  }

  async #findings(now: number, isAll: boolean): Promise<void> {
    for (const source of this.#undrained) {
      const isIdle = isAll || (!source.isOpen && now - source.touched >= IDLE_QUIET);
      const found = source.drain(isIdle);
      for (const [what, count] of source.takeDropped())
        this.#losses.tell(source.name, `${what} that rules had to forget: more at once than are remembered`, count);
      const life = this.#judge.lifeOf(source);
      for (const { id, what, finding, by } of found) {
        if (!this.#judge.isWanted(life)) continue;
        if (!this.#judge.told.isNew(`finding ${id} ${finding.first} ${what} ${finding.severity}`)) continue;
        if (this.#judge.isSilent && source.isOld) continue;
        await this.#tell({
          type: 'finding',
          sandbox: life?.id ?? null,
          finding,
          id,
          what,
          ...(by === undefined ? {} : { by }),
        });
      }
      if (isIdle) this.#undrained.delete(source);
    }
  }

  async #rest(now: number): Promise<void> {
    const { stuck, metrics, state, summaryEvery } = this.#options;
    await this.#findings(now, false);
    if (stuck !== undefined) {
      for (const source of this.#sources()) {
        const life = this.#judge.lifeOf(source);
        if (life?.endedAt !== undefined || (this.#judge.isSilent && source.isOld)) continue;
        for (const told of await stuckTasks(source, now - stuck, life?.id ?? null)) await this.#tell(told);
      }
    }
    for (const loss of this.#losses.drain()) await this.#tell({ type: 'loss', ...loss });
    if (summaryEvery !== undefined && now >= this.#due.summary) {
      if (this.#due.summary > 0) await this.#summarise(summaryEvery / 1000);
      this.#due.summary = now + summaryEvery;
    }
    if (metrics !== undefined && now >= this.#due.metrics) {
      metrics.write(this.gauges());
      this.#due.metrics = now + METRICS_EVERY;
    }
    if (state !== undefined && now >= this.#due.state) {
      const begun = performance.now();
      state.write(this.#judge.told, this.#counted());
      this.#due.state = now + Math.max(STATE_EVERY, (performance.now() - begun) * STATE_REST);
    }
  }

  /** What was read and told so far. */
  gauges(): Gauges {
    return {
      ...(this.#folder?.counts() ?? countsOf(this.#sources().flatMap((source) => source.readings()))),
      losses: this.#losses.total,
      behind: [...(this.#folder?.entries.values() ?? [])].reduce(
        (total, { file }) => total + Math.max(0, sizeOf(file) - file.position),
        0,
      ),
      sources: this.#sources().length,
      sandboxes: [...this.#judge.lives.values()].filter(({ endedAt }) => endedAt === undefined).length,
    };
  }

  /** What was counted, for a later run. A stream can be read by none: whoever feeds it again begins anew. */
  #counted(): Counted {
    return this.#folder?.counted() ?? NOTHING_COUNTED;
  }

  /** Of all logs, the ones that were let go first. */
  readings(): readonly Reading[] {
    return [...this.#goneReadings, ...this.#sources().flatMap((source) => source.readings())].filter(
      ({ bytes }) => bytes > 0,
    );
  }

  async #summarise(seconds: number): Promise<void> {
    for (const source of this.#sources()) this.#collect(source);
    for (const [sandbox, sum] of this.#tallies) {
      const summary: SummaryReport = assembleSummary({ usage: usageOf(sum.values()) }, []);
      await this.#tell({ type: 'summary', sandbox, summary, seconds });
    }
    this.#tallies.clear();
  }

  /** Takes what a source has counted. */
  #collect(source: LiveSource): void {
    if (source.tally === undefined || source.tally.calls === 0) return;
    const id = this.#judge.lifeOf(source)?.id ?? null;
    const sum = this.#tallies.get(id) ?? new Map<string, SyscallUsage>();
    this.#tallies.set(id, sum);
    for (const usage of source.tally.take()) addUsage(sum, usage.syscalls);
  }

  /** Until something comes, or something is due. */
  async #sleep(now: number): Promise<void> {
    const { stuck, metrics, state, summaryEvery } = this.#options;
    const times = [this.#judge.nextAt()];
    if (this.#folder !== undefined) times.push(this.#nextLook());
    for (const source of this.#undrained) times.push(source.touched + (source.isOpen ? SETTLE_QUIET : IDLE_QUIET));
    if (this.#isUnjudged) times.push(this.#judgeFrom);
    if (stuck !== undefined) times.push(now + Math.max(100, Math.min(1000, stuck / 4)));
    if (metrics !== undefined) times.push(this.#due.metrics);
    if (state !== undefined) times.push(this.#due.state);
    if (summaryEvery !== undefined) times.push(this.#due.summary);
    const wait = Math.max(
      1,
      Math.min(LOOK_EVERY, Math.max(Math.min(...times), this.#isUnjudged ? 0 : now + 1) - Date.now()),
    );
    if (!this.#isAwake && !this.#isStopped) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = undefined;
    this.#isAwake = false;
  }

  /** The rest is read, everything is settled, and the last word on every sandbox is told. */
  async #end(): Promise<void> {
    const now = Date.now();
    if (this.#folder !== undefined) {
      await this.#folder.look(now, false);
      for (const entry of this.#folder.dirty) while (await this.#folder.read(entry, now, TURN_BLOCKS));
    }
    for (const source of this.#sources()) {
      this.#undrained.add(source);
      await source.end();
    }
    await this.#judgeAll(now, true);
    await this.#findings(now, true);
    if (this.#options.summaryEvery !== undefined) await this.#summarise(this.#options.summaryEvery / 1000);
    for (const loss of this.#losses.drain(true)) await this.#tell({ type: 'loss', ...loss });
    this.#options.metrics?.write(this.gauges());
    const reading = this.readings();
    await this.#tell({
      type: 'end',
      reason: this.#isUntil ? 'until' : this.#pipe?.isEnded === true ? 'closed' : 'signal',
      reading,
    });
    this.#options.state?.write(this.#judge.told, this.#counted());
    this.#folder?.close();
    for (const { source } of this.#pipe?.entries.values() ?? []) source.close();
  }

  /** Could nothing be read at all? */
  isRefused(): boolean {
    if (this.#folder?.isRefused() === true && this.readings().length === 0) return true;
    // an empty folder is no fault; a file or a pipe without a log is
    const isOne = this.#folder === undefined || this.#folder.watch.isFolder === false;
    return isOne && this.#goneReadings.length === 0 && !this.#sources().some((source) => source.isLog);
  }
}

function sizeOf(file: GrowingFile): number {
  try {
    return file.stat().size;
  } catch {
    return 0;
  }
}
