/** The analyzer that is made of rule files: it follows the calls of each sandbox and asks the rules that look at them. */
import { releaseNumber } from '../../grammars/releases.js';
import { learnContext, type Context } from '../events/arguments-of.js';
import type { Analyzer, Batch, Fold, RowPlace } from '../model/analyzer.js';
import { KINDS, type LogEvent } from '../model/event.js';
import type { Severity } from '../model/finding.js';
import type { SourceName } from '../model/units.js';
import { AFTER, ENTER, EXIT_BEFORE, type Handler } from './calls.js';
import type { Exception } from './exceptions.js';
import { FactTable, type SeenFact } from './facts.js';
import { FindingTable, type Draft } from './findings.js';
import { Counter, Follower, type Fired } from './matcher.js';
import { Moment, type Derived, type EventName } from './moment.js';
import { PathTable, type PathEntry } from './paths.js';
import { ProcessTable, type Process } from './processes.js';
import type { Program } from './program-names.js';
import type { Clause, Known, Probe, RuleBook } from './rule-book.js';
import type { TaskState } from './tasks.js';
import { Teller, type Told } from './telling.js';
import { World, type Trades } from './world.js';

/** What one log can show, for rules that need more. */
export type Shown = {
  readonly source: SourceName;
  /** Traced calls that it holds. */
  readonly calls: number;
  /** The list of `--strace-syscalls`; empty: all. */
  readonly traced: readonly string[];
  readonly debug: boolean | null;
  /** Was --strace given? Null where the log does not tell. */
  readonly strace: boolean | null;
  readonly clone3: boolean;
  /** A log of a sandbox, not of another command of runsc. */
  readonly isBoot: boolean;
  /** Number of the release: 20221219; null where the log does not tell. */
  readonly release: number | null;
};

export type Anomalies = {
  readonly drafts: readonly Draft[];
  /** What each log's workload does; empty unless asked for. */
  readonly facts: ReadonlyMap<SourceName, readonly SeenFact[]>;
  readonly shown: readonly Shown[];
  /** What had to be left out at a bound, by name. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly costs: readonly { readonly rule: string; readonly asked: number; readonly nanos: number }[];
};

export type AnomalyOptions = {
  /** Measure what each rule costs. */
  readonly measure?: boolean;
  readonly exceptions?: readonly Exception[];
  /** Only findings whose decisive record fits are told; what goes before counts all the same. Each record has to come as an event. */
  readonly where?: (event: LogEvent) => boolean;
  /** Write down what the workload does, too: for a baseline. */
  readonly facts?: boolean;
  /** Findings from here on are told while they are found, by `drain`, and forgotten once their log has ended; of one log alone. */
  readonly tellsFrom?: Severity;
};

/** One log or many, one after the other. */
export interface AnomalyFold extends Fold<Anomalies> {
  /** What is to be told since the last call, if findings are told while they are found. `isSettled`: nothing more comes soon. */
  drain(isSettled: boolean): readonly Told[];
  /** What had to be left out at a bound, by name. */
  dropped(): Readonly<Record<string, number>>;
}

/** Conditions that are asked together. */
type ProbeList = {
  /** A number of its own: where each program keeps which of them can hold for it. */
  readonly number: number;
  readonly all: readonly Probe[];
  /** Those that can hold without a path. */
  readonly pathless: readonly Probe[];
  /** Where each path keeps which of them can hold for it; -1 where none asks for a path, or there are too many lists. */
  readonly place: number;
  /** Those that can hold for some path; a path keeps the number of its own. */
  readonly subsets: (readonly Probe[])[];
  /** Those for calls that took long, and how long at least. */
  readonly slow: readonly Probe[];
  readonly least: number;
};

/** Of exit records: those for calls that succeeded, and for those that failed by their errors. */
type Exits = { readonly ok: ProbeList; readonly failed: (errno: number) => ProbeList };

type Plan = {
  /** What the world does before the rules are asked of a call that was entered, or that came back. */
  readonly entered: Handler | undefined;
  readonly before: Handler | undefined;
  /** And after them, of one that succeeded. */
  readonly after: Handler | undefined;
  /** Does nobody look at a call that was entered; does the world look at none that came back? */
  readonly isEnterQuiet: boolean;
  readonly isExitQuiet: boolean;
  readonly exits: Exits;
  readonly enter: ProbeList;
  /** Of a call that opens files: those for opens that may write; the ones above are for the others. */
  readonly writing: Exits | undefined;
};
const OPENS = new Set(['open', 'openat', 'creat']);
/** Errors beyond are none of the kernel's: what can hold of them is not remembered. */
const ERRNOS = 1024;
/** Lists of conditions of which each path keeps those that can hold for it, a byte each. */
const LISTS_LIMIT = 128;
const SUBSETS_LIMIT = 255;
/** Programs for which it is remembered which conditions can hold. */
const PROGRAMS = 1024;

const NONE: readonly Probe[] = [];
/** Kinds that come as rows or as records of calls. */
const LINES = KINDS.filter((kind) => kind !== 'blank' && kind !== 'text' && !kind.startsWith('native-'));

/** One log: its own sandbox. */
class SourceScan {
  readonly world: World;
  readonly moment: Moment;
  readonly #context: Context = {};
  readonly #paths: PathTable;
  readonly #plans: (Plan | undefined)[] = [];
  readonly #plansByName = new Map<string, Plan>();
  /** Conditions on records that are no calls, by the kind of record. */
  readonly #byKind = new Map<LogEvent['kind'], readonly Probe[]>();
  /** Conditions on what several records amount to. */
  readonly #byEvent = new Map<EventName, ProbeList>();
  /** By program which conditions of each list can hold for it. */
  readonly #byProgram = new Map<Program, (readonly Probe[] | undefined)[]>();
  readonly #counters = new Map<Clause, Counter>();
  readonly #followers = new Map<Clause, Follower>();
  readonly #subject: { readonly moment: Moment; readonly world: World };
  readonly #nobody: Process;
  #touched: TaskState[] = [];
  readonly facts: FactTable | undefined;
  calls = 0;
  traced: readonly string[] = [];
  debug: boolean | null = null;
  strace: boolean | null = null;
  isBoot = false;

  constructor(
    readonly source: SourceName,
    readonly book: RuleBook,
    readonly findings: FindingTable,
    trades: Trades,
    readonly options: AnomalyOptions,
  ) {
    this.#paths = new PathTable(book.verdicts + LISTS_LIMIT);
    this.world = new World(this.#paths, trades);
    this.moment = new Moment(source, this.#paths, this.#context);
    this.facts = options.facts === true ? new FactTable() : undefined;
    this.#subject = { moment: this.moment, world: this.world };
    this.#nobody = new ProcessTable().of(0, 0, -1, 0).process;
  }

  #planFor(name: string): Plan {
    let plan = this.#plansByName.get(name);
    if (plan === undefined) {
      const { index } = this.book;
      const [entered, before, after] = [ENTER.get(name), EXIT_BEFORE.get(name), AFTER.get(name)];
      const enter = this.#listOf(index.enter.get(name), index.anyEnter);
      plan = {
        entered,
        before,
        after,
        isEnterQuiet: entered === undefined && enter.all.length === 0,
        isExitQuiet: before === undefined && after === undefined,
        exits: this.#exitsOf(name, false),
        enter,
        writing: OPENS.has(name) ? this.#exitsOf(name, true) : undefined,
      };
      this.#plansByName.set(name, plan);
    }
    return plan;
  }

  #exitsOf(name: string, writes: boolean): Exits {
    const { index } = this.book;
    const byErrno: (ProbeList | undefined)[] = [];
    return {
      ok: this.#listOf(index.ok.get(name), index.anyOk, { syscall: name, errno: 0, writes }),
      failed: (errno) => {
        let list = byErrno[errno];
        if (list === undefined) {
          list = this.#listOf(index.failed.get(name), index.anyFailed, { syscall: name, errno, writes });
          if (errno > 0 && errno < ERRNOS) byErrno[errno] = list;
        }
        return list;
      },
    };
  }

  #lists = 0;
  #numbers = 0;
  #listOf(named: readonly Probe[] | undefined, any: readonly Probe[], known?: Known): ProbeList {
    const both = named === undefined ? any : [...named, ...any];
    const every = known === undefined ? both : both.filter(({ canHold }) => canHold(known));
    const slow = every.filter(({ least }) => least > 0);
    const all = every.filter(({ least }) => least === 0);
    const pathless = all.filter(({ needsPath }) => !needsPath);
    const isOfPaths = this.#lists < LISTS_LIMIT && all.some(({ path }) => path !== undefined);
    const place = isOfPaths ? this.book.verdicts + this.#lists++ : -1;
    const least = Math.min(...slow.map((one) => one.least));
    return { number: this.#numbers++, all, pathless, place, subsets: [], slow, least };
  }

  #askList(list: ProbeList): void {
    if (list.slow.length > 0 && this.moment.elapsed >= list.least) this.#ask(list.slow);
    if (list.all.length === 0) return;
    if (list.place === -1) {
      const probes = this.#fitting(list);
      if (probes.length > 0) this.#ask(probes);
      return;
    }
    const { entry } = this.moment;
    if (entry === null) {
      this.#ask(list.pathless);
      return;
    }
    const subset = entry.verdicts[entry.verdictsFrom + list.place] as number;
    const probes = subset === 0 ? this.#subsetOf(list, entry) : (list.subsets[subset - 1] as readonly Probe[]);
    if (probes.length > 0) this.#ask(probes);
  }

  /** Of a list those that can hold for a path. */
  #subsetOf(list: ProbeList, entry: PathEntry): readonly Probe[] {
    const { all, subsets } = list;
    const fitting = all.filter(({ path }) => path === undefined || path(entry.path));
    let number = subsets.findIndex(
      (one) => one.length === fitting.length && one.every((probe, at) => probe === fitting[at]),
    );
    if (number === -1) {
      if (subsets.length >= SUBSETS_LIMIT) return fitting;
      number = subsets.push(fitting) - 1;
    }
    entry.verdicts[entry.verdictsFrom + list.place] = number + 1;
    return fitting;
  }

  /** Of a list those that can hold for the program at hand: a few of many. */
  #fitting({ number, all }: ProbeList): readonly Probe[] {
    const { program } = this.moment.process.run;
    if (program !== this.#program) {
      let lists = this.#byProgram.get(program);
      if (lists === undefined) {
        if (this.#byProgram.size >= PROGRAMS) this.#byProgram.clear();
        this.#byProgram.set(program, (lists = []));
      }
      this.#program = program;
      this.#fittingLists = lists;
    }
    return (this.#fittingLists[number] ??= all.filter(({ program: holds }) => holds?.(this.#subject) !== false));
  }
  #program: Program | undefined;
  #fittingLists: (readonly Probe[] | undefined)[] = [];

  seeRows(batch: Batch, place: RowPlace): void {
    const { world, moment, facts } = this;
    const { count, isExit, name, names, tid, tgid, errno, texts } = batch;
    if (texts === null) return;
    this.calls += count;
    for (let row = 0; row < count; row++) {
      const id = name[row] as number;
      const plan = (this.#plans[id] ??= this.#planFor(names[id] as string));
      const task =
        world.taskAgain(tgid[row] as number, tid[row] as number) ?? this.#taskOf(batch, row, place, texts.nestedTgid);
      if (task.isNew) this.#began(task, batch, row, place);
      // where a log has no records of debug level, only the records of calls tell that a task took another name
      if (this.debug !== true) {
        moment.useRow(batch, row, place, task.process);
        world.named(task, moment);
      }
      if (isExit[row] === 0) {
        task.entered(batch, row, this.#touched);
        if (plan.isEnterQuiet) continue;
        moment.useRow(batch, row, place, task.process);
        plan.entered?.(world, moment);
        this.#askList(plan.enter);
        if (world.derived.length > 0) this.#follow();
        continue;
      }
      task.pending = null;
      let probes = errno[row] === 0 ? plan.exits.ok : plan.exits.failed(errno[row] as number);
      if (plan.isExitQuiet && probes.all.length === 0 && facts === undefined) {
        if ((batch.elapsed[row] as number) < probes.least || probes.slow.length === 0) continue;
      }
      moment.useRow(batch, row, place, task.process);
      if (plan.writing !== undefined && moment.opensToWrite)
        probes = errno[row] === 0 ? plan.writing.ok : plan.writing.failed(errno[row] as number);
      plan.before?.(world, moment);
      this.#askList(probes);
      facts?.call(moment);
      if (world.derived.length > 0) this.#follow();
      if (plan.after === undefined || moment.errno !== 0) continue;
      plan.after(world, moment);
      if (world.derived.length > 0) this.#follow();
    }
    // the block is used again: what is still waited for is written down
    for (const task of this.#touched) task.keep(moment, place);
    if (count > 0) {
      moment.useRow(batch, count - 1, place, this.#nobody);
      moment.settle();
      world.lastAt = moment.at;
    }
    this.#touched = [];
  }

  /** Apart: a function within the loop would have V8 put the loop's variables aside for each row. */
  #taskOf(batch: Batch, row: number, place: RowPlace, nested: Int32Array): TaskState {
    return this.world.task(batch.tgid[row] as number, batch.tid[row] as number, nested[row] as number, () => {
      this.moment.useRow(batch, row, place, this.#nobody);
      return this.moment.at;
    });
  }

  #began(task: TaskState, batch: Batch, row: number, place: RowPlace): void {
    task.isNew = false;
    this.moment.useRow(batch, row, place, task.process);
    if (task.process.parent === null) this.world.started(task.process);
    this.#follow();
  }

  see(event: LogEvent): void {
    const { world, moment } = this;
    const { where } = this.options;
    if (where !== undefined) this.#fits = where(event);
    switch (event.kind) {
      case 'banner':
        learnContext(this.#context, event.values);
        if (/\bboot\b/.test(event.values['args'] ?? '')) this.isBoot = true;
        break;
      case 'config':
        this.#config(event.values);
        break;
      case 'syscall-enter':
      case 'syscall-exit':
        this.#call(event);
        return;
    }
    moment.useEvent(event, this.#nobody);
    if (event.time !== null) world.lastAt = Math.max(world.lastAt, moment.clock.microsOf(event.time));
    world.line(event, moment);
    let probes = this.#byKind.get(event.kind);
    if (probes === undefined) {
      probes = (this.book.index.events.get('line') ?? NONE).filter(({ canHold }) => canHold({ kind: event.kind }));
      this.#byKind.set(event.kind, probes);
    }
    if (probes.length > 0) this.#ask(probes);
    this.#follow();
  }

  #config(values: Readonly<Record<string, string>>): void {
    const syscalls = values['syscalls'] ?? values['Config.StraceSyscalls'];
    if (syscalls !== undefined) this.traced = syscalls.split(',').filter((one) => one !== '');
    const debug = values['Debug'] ?? values['Config.Debug'];
    if (debug !== undefined) this.debug = debug === 'true';
    const strace = values['Strace'] ?? values['Config.Strace'];
    if (strace !== undefined) this.strace = strace === 'true';
  }

  #call(event: Extract<LogEvent, { kind: 'syscall-enter' | 'syscall-exit' }>): void {
    const { world, moment } = this;
    this.calls++;
    const { tgid, tid, nested } = event.task;
    const at = event.time === null ? world.lastAt : moment.clock.microsOf(event.time);
    const task = world.task(tgid ?? -1, tid, nested?.tgid ?? -1, () => at);
    const plan = this.#planFor(event.name);
    if (task.isNew) {
      task.isNew = false;
      moment.useEvent(event, task.process);
      if (task.process.parent === null) world.started(task.process);
      this.#follow();
    }
    moment.useEvent(event, task.process);
    if (this.debug !== true) world.named(task, moment);
    world.lastAt = at;
    if (event.kind === 'syscall-enter') task.enteredEvent(event, at, moment.evidence);
    else task.pending = null;
    if (event.kind === 'syscall-enter') plan.entered?.(world, moment);
    else plan.before?.(world, moment);
    const exits = plan.writing !== undefined && moment.opensToWrite ? plan.writing : plan.exits;
    if (event.kind === 'syscall-enter') this.#askList(plan.enter);
    else this.#askList(event.errno === null || event.errno === 0 ? exits.ok : exits.failed(event.errno));
    if (event.kind === 'syscall-exit') this.facts?.call(moment);
    this.#follow();
    if (event.kind === 'syscall-exit' && moment.errno === 0) plan.after?.(world, moment);
    this.#follow();
  }

  end(): void {
    this.world.finish();
    this.#follow();
  }

  /** What follows from the record, and what follows from that. */
  #follow(): void {
    const { derived } = this.world;
    for (let next = derived.shift(); next !== undefined; next = derived.shift()) this.#askOf(next);
  }

  #askOf(derived: Derived): void {
    const { facts } = this;
    if (derived.event === 'exec' && facts !== undefined) this.moment.as(derived, () => facts.exec(this.moment));
    let list = this.#byEvent.get(derived.event);
    if (list === undefined) {
      const all = this.book.index.events.get(derived.event) ?? NONE;
      list = { ...this.#listOf(undefined, NONE), all };
      this.#byEvent.set(derived.event, list);
    }
    if (list.all.length === 0) return;
    this.moment.as(derived, () => {
      const probes = this.#fitting(list);
      if (probes.length > 0) this.#ask(probes);
    });
  }

  #ask(probes: readonly Probe[]): void {
    if (this.options.measure === true) {
      this.#askMeasured(probes);
      return;
    }
    const subject = this.#subject;
    for (const probe of probes) if (!this.#isIdle(probe) && probe.test(subject)) this.#holds(probe);
  }

  /** Is it about what was counted or begun before, and nothing was? */
  #isIdle({ act, clause }: Probe): boolean {
    if (act === 'fire' || act === 0) return false;
    const state = typeof act === 'number' ? this.#followers.get(clause) : this.#counters.get(clause);
    return state === undefined || state.isEmpty;
  }

  #askMeasured(probes: readonly Probe[]): void {
    const subject = this.#subject;
    for (const probe of probes) {
      const before = process.hrtime.bigint();
      if (!this.#isIdle(probe) && probe.test(subject)) this.#holds(probe);
      probe.asked++;
      probe.nanos += Number(process.hrtime.bigint() - before);
    }
  }

  /** Does the record at hand fit the filter? */
  #fits = true;

  #fire(clause: Clause, fired: Fired): void {
    if (this.#fits) this.findings.fire(clause, this.#subject, fired);
  }

  #holds({ clause, act }: Probe): void {
    const subject = this.#subject;
    if (act === 'reset') {
      this.#counters.get(clause)?.reset(subject);
      return;
    }
    if (act === 'minus') {
      this.#counters.get(clause)?.take(subject);
      return;
    }
    if (clause.threshold !== undefined) {
      let counter = this.#counters.get(clause);
      if (counter === undefined) this.#counters.set(clause, (counter = new Counter(clause.threshold)));
      const fired = counter.see(subject);
      if (fired !== undefined) this.#fire(clause, fired);
      return;
    }
    if (clause.sequence !== undefined && typeof act === 'number') {
      let follower = this.#followers.get(clause);
      if (follower === undefined) this.#followers.set(clause, (follower = new Follower(clause.sequence)));
      const fired = follower.see(subject, act);
      if (fired !== undefined) this.#fire(clause, fired);
      return;
    }
    this.#fire(clause, NO_RECORDS);
  }

  get release(): string | undefined {
    return this.#context.release;
  }

  dropped(): Readonly<Record<string, number>> {
    const { world } = this;
    const counted = {
      processes: world.processes.forgotten,
      tasks: world.forgottenTasks,
      sockets: world.sockets.forgotten,
      paths: this.#paths.forgotten,
      keys: [...this.#counters.values(), ...this.#followers.values()].reduce((sum, one) => sum + one.forgotten, 0),
    };
    return Object.fromEntries(Object.entries(counted).filter(([, count]) => count > 0));
  }
}

const NO_RECORDS: Fired = {
  records: [],
  count: 1,
  goesOn: false,
};

export type AnomalyAnalyzer = Omit<Analyzer<Anomalies>, 'start'> & { start(): AnomalyFold };

/** The analyzer of a rule book. */
export function anomaliesOf(book: RuleBook, options: AnomalyOptions = {}): AnomalyAnalyzer {
  const listed = (name: string): ReadonlySet<string> => new Set(book.lists.get(name) ?? []);
  const trades: Trades = {
    downloaders: listed('downloaders'),
    decoders: listed('decoders'),
    copiers: listed('copiers'),
    fetchers: listed('fetchers'),
    unpackers: listed('unpackers'),
    installers: listed('installers'),
  };
  return {
    name: 'anomalies',
    reads: LINES,
    start(): AnomalyFold {
      const teller = options.tellsFrom === undefined ? undefined : new Teller(book, options.tellsFrom);
      const findings = new FindingTable(options.exceptions, teller);
      teller?.use(findings);
      const shown: Shown[] = [];
      const facts = new Map<SourceName, readonly SeenFact[]>();
      const dropped: Record<string, number> = {};
      let current: SourceScan | undefined;
      let lastAt = 0;
      const allDropped = (): Readonly<Record<string, number>> => {
        const all = { ...dropped };
        for (const [name, count] of Object.entries(current?.dropped() ?? {})) all[name] = (all[name] ?? 0) + count;
        return { ...all, ...(findings.dropped > 0 ? { findings: findings.dropped } : {}) };
      };
      return {
        drain(isSettled) {
          if (teller === undefined) return [];
          if (current !== undefined) return teller.drain(current.world.lastAt, isSettled);
          const told = [...teller.drain(lastAt, true), ...teller.end()];
          findings.clear();
          return told;
        },
        dropped: allDropped,
        sourceStarts(source) {
          current = new SourceScan(source, book, findings, trades, options);
        },
        passesIdle: !book.wantsIdle,
        see: (event) => current?.see(event),
        seeRows: (batch, place) => current?.seeRows(batch, place),
        sourceEnds(source) {
          if (current === undefined) return;
          current.end();
          const { calls, traced, debug, strace, isBoot, world } = current;
          if (current.facts !== undefined && calls > 0) facts.set(source, current.facts.facts());
          shown.push({
            source,
            calls,
            traced,
            debug,
            strace,
            clone3: world.hasClone3,
            isBoot,
            release: releaseNumber(current.release) ?? null,
          });
          for (const [name, count] of Object.entries(current.dropped())) dropped[name] = (dropped[name] ?? 0) + count;
          lastAt = world.lastAt;
          current = undefined;
        },
        finish: (repeats) => ({
          drafts: findings.drafts().filter(({ source }) => !repeats.has(source)),
          facts,
          shown,
          dropped: allDropped(),
          costs: costsOf(book),
        }),
      };
    },
  };
}

function costsOf({ index }: RuleBook): Anomalies['costs'] {
  const costs = new Map<string, { rule: string; asked: number; nanos: number }>();
  const probes = new Set([
    ...[...index.events.values(), ...index.ok.values(), ...index.failed.values(), ...index.enter.values()].flat(),
    ...index.anyOk,
    ...index.anyFailed,
    ...index.anyEnter,
  ]);
  for (const { clause, asked, nanos } of probes) {
    const { id } = clause.rule.spec;
    const known = costs.get(id) ?? { rule: id, asked: 0, nanos: 0 };
    known.asked += asked;
    known.nanos += nanos;
    costs.set(id, known);
  }
  return [...costs.values()].toSorted((a, b) => b.nanos - a.nanos);
}
