/** Adds partials up, in bounded memory: what comes of it are the products that one reading of all the logs would give. */
import type { Counts } from '../analyzers/counts.js';
import { addCounts, emptyCounts } from '../analyzers/counts.js';
import { FileTable } from '../analyzers/files.js';
import type { ProcessUsage } from '../analyzers/processes.js';
import { Spans } from '../analyzers/seconds.js';
import type { SocketUsage } from '../analyzers/sockets.js';
import { addUsage, BINS, usageOf, type Bins, type SyscallUsage } from '../analyzers/syscall-usage.js';
import { THREADS_LIMIT, type ThreadUsage } from '../analyzers/threads.js';
import { addWaited, type Waited } from '../analyzers/waiting.js';
import type { PartialBins, PartialCounts, PartialReport, PartialSyscall } from '../model/partial.js';
import type { OtherProcesses, OtherSockets } from '../model/report.js';
import type { SourceName } from '../model/units.js';
import { addedOther, listedProcesses, listedSockets, MOST_LISTED } from './bounds.js';
import { MOST_SYSCALLS } from './partial-check.js';
import { isTraced, PartialLogs } from './partial-logs.js';
import type { PartialFrame } from './partial.js';
import type { Counted } from './summary.js';

/** Tables that a partial holds only where they were asked for. */
export const ASKED_TABLES = ['threads', 'containers', 'seconds'] as const;
export type AskedTable = (typeof ASKED_TABLES)[number];

/** What became of a partial. */
export type Added =
  | { readonly as: 'counted' | 'repeated' }
  /** Of its logs some were counted before, others not: it can be neither added nor left out. */
  | { readonly as: 'overlapping'; readonly known: readonly SourceName[]; readonly others: number }
  | { readonly as: 'filtered'; readonly filter: PartialReport['filter']; readonly others: PartialReport['filter'] }
  /** More different syscalls than there can be. */
  | { readonly as: 'absurd' };

/** A row of one log, by its number. */
type InLog<Row> = Row & { readonly log: number };

export class PartialSum {
  readonly #logs = new PartialLogs();
  readonly #usage = new Map<string, SyscallUsage>();
  readonly #waiting = new Map<string, Waited>();
  readonly #volume = new Map<string, number>();
  readonly #files = new FileTable();
  #processes: InLog<ProcessUsage>[] = [];
  #sockets: InLog<SocketUsage>[] = [];
  #beyond: { processes: OtherProcesses | null; sockets: OtherSockets | null } = { processes: null, sockets: null };
  readonly #threads: InLog<ThreadUsage>[] = [];
  #otherThreads: Counts | null = null;
  readonly #containers = new Map<number, Map<number, string | null>>();
  readonly #seconds = new Spans();
  readonly #seen = { calls: 0, syscalls: new Map<string, number>(), errnos: new Map<string, number>() };
  /** The partial that was made without a table: then the sum has none. */
  readonly #lacking = new Map<AskedTable, string>();
  #filter: { readonly of: PartialReport['filter'] } | undefined;
  #partials = 0;

  /** Which partial lacks a table. */
  get lacking(): ReadonlyMap<AskedTable, string> {
    return this.#lacking;
  }

  get partials(): number {
    return this.#partials;
  }

  /** Adds a partial that was checked, wholly or not at all. `from`: what it is called. */
  add(partial: PartialReport, from: string): Added {
    const traced = partial.logs.filter(isTraced);
    const known = traced.filter((log) => this.#logs.isKnown(log));
    if (known.length > 0 && known.length < traced.length)
      return {
        as: 'overlapping',
        known: known.map(({ source }) => source),
        others: traced.length - known.length,
      };
    if (this.#filter !== undefined && !isSame(this.#filter.of, partial.filter))
      return { as: 'filtered', filter: partial.filter, others: this.#filter.of };
    const isRepeated = partial.logs.length > 0 && partial.logs.every((log) => this.#logs.isKnown(log));
    const isCounted = known.length === 0;
    const added = partial.syscalls.filter(({ name }) => !this.#usage.has(name)).length;
    if (isCounted && this.#usage.size + added > MOST_SYSCALLS) return { as: 'absurd' };
    this.#filter ??= { of: partial.filter };
    const numbers = partial.logs.map((log) => this.#logs.add(log, from));
    this.#logs.remember();
    if (isCounted) this.#logs.skip(partial.skipped);
    if (isCounted) this.#count(partial, numbers, from);
    if (isCounted && !isRepeated) this.#partials += partial.partials;
    return { as: isRepeated || !isCounted ? 'repeated' : 'counted' };
  }

  #count(partial: PartialReport, numbers: readonly number[], from: string): void {
    addUsage(this.#usage, partial.syscalls.map(usageIn));
    for (const { name, waiting, log_bytes: bytes } of partial.syscalls) {
      const { calls, total_ns: total, bins } = waiting;
      if (calls > 0) addWaited(this.#waiting, name, { calls, total, bins: binsOf(bins) });
      addTo(this.#volume, name, bytes);
    }
    const inLog = <Row extends { readonly log: number }>(row: Row): Row & { source: SourceName } => ({
      ...row,
      log: numbers[row.log] as number,
      source: partial.logs[row.log]?.source ?? '',
    });
    this.#addProcesses(partial.processes.map(inLog), partial.other_processes);
    this.#addSockets(
      partial.sockets.map((row) => ({ ...inLog(row), connect_errors: { ...row.connect_errors } })),
      partial.other_sockets,
    );
    for (const row of partial.files.rows) this.#files.add(row);
    const { other, bound_ns: bound } = partial.files;
    if (other !== null) this.#files.addOther({ path: '', ...other }, bound);
    for (const { errno, paths, other: others } of partial.failures) {
      for (const [path, failures] of paths) this.#files.failing.add(errno, path, failures);
      this.#files.failing.add(errno, null, others);
    }
    for (const table of ASKED_TABLES)
      if (partial[table] === undefined && !this.#lacking.has(table)) this.#lacking.set(table, from);
    if (!this.#lacking.has('threads')) this.#addThreads(partial.threads, inLog);
    if (!this.#lacking.has('containers')) this.#addContainers(partial, numbers);
    if (!this.#lacking.has('seconds')) this.#addSeconds(partial.seconds);
    const { unfiltered } = partial;
    this.#seen.calls += unfiltered?.calls ?? 0;
    for (const [name, calls] of unfiltered?.syscalls ?? []) addTo(this.#seen.syscalls, name, calls);
    for (const [name, errors] of unfiltered?.errnos ?? []) addTo(this.#seen.errnos, name, errors);
  }

  #addProcesses(rows: readonly InLog<ProcessUsage>[], other: OtherProcesses | null): void {
    for (const row of rows) this.#processes.push(row);
    this.#beyond.processes = addedOther(this.#beyond.processes, other);
    if (this.#processes.length < 2 * MOST_LISTED) return;
    const listed = listedProcesses(this.#processes, this.#beyond.processes);
    this.#processes = [...listed.rows];
    this.#beyond.processes = listed.other;
    const kept = new Map<number, Set<number>>();
    for (const row of listed.rows) kept.set(row.log, (kept.get(row.log) ?? new Set()).add(idOf(row)));
    for (const [log, ids] of this.#containers)
      for (const id of ids.keys()) if (kept.get(log)?.has(id) !== true) ids.delete(id);
  }

  #addSockets(rows: readonly InLog<SocketUsage>[], other: OtherSockets | null): void {
    for (const row of rows) this.#sockets.push(row);
    this.#beyond.sockets = addedOther(this.#beyond.sockets, other);
    if (this.#sockets.length < 2 * MOST_LISTED) return;
    const listed = listedSockets(this.#sockets, this.#beyond.sockets);
    this.#sockets = [...listed.rows];
    this.#beyond.sockets = listed.other;
  }

  #addThreads(
    threads: PartialReport['threads'],
    inLog: <Row extends { readonly log: number }>(row: Row) => Row & { source: SourceName },
  ): void {
    for (const row of threads?.rows ?? []) {
      const { log, source, tgid, tid } = inLog(row);
      const counts = countsIn(row);
      if (this.#threads.length < THREADS_LIMIT) this.#threads.push({ log, source, tgid, tid, counts });
      else addCounts((this.#otherThreads ??= emptyCounts()), counts);
    }
    const other = threads?.other ?? null;
    if (other !== null) addCounts((this.#otherThreads ??= emptyCounts()), countsIn({ ...other, work: [] }));
  }

  #addContainers({ containers, processes }: PartialReport, numbers: readonly number[]): void {
    const listed = new Map<number, Set<number>>();
    for (const row of processes) listed.set(row.log, (listed.get(row.log) ?? new Set()).add(idOf(row)));
    for (const { log, container, processes: ids } of containers ?? []) {
      const number = numbers[log] as number;
      const known = this.#containers.get(number) ?? new Map<number, string | null>();
      this.#containers.set(number, known);
      for (const id of ids) if (listed.get(log)?.has(id) === true) known.set(id, container);
    }
  }

  #addSeconds(seconds: PartialReport['seconds']): void {
    if (seconds === undefined) return;
    const spans = new Spans();
    spans.width = seconds.width;
    spans.timeless = seconds.timeless;
    for (const { at, ...counts } of seconds.spans) spans.spans.set(at, countsIn(counts));
    this.#seconds.add(spans);
  }

  /** What each log is called: as it was found, or where several of that name came, with its digest. */
  names(): readonly SourceName[] {
    return this.#logs.names();
  }

  /** The products. `names`: of the logs. */
  counted(names: readonly SourceName[]): Counted {
    const named = <Row extends { readonly log: number }>({ log, ...row }: Row) => ({
      ...row,
      source: names[log] ?? '',
    });
    const lacks = (table: AskedTable): boolean => this.#lacking.has(table) || this.#partials === 0;
    return {
      usage: usageOf([...this.#usage.values()].map((row) => ({ ...row }))),
      waiting: this.#waiting,
      volume: this.#volume,
      runtimes: new Map(
        this.#logs.all.flatMap(({ runtime }, number) => (runtime === null ? [] : [[names[number] ?? '', runtime]])),
      ),
      workload: {
        processes: this.#processes.map(named),
        files: this.#files,
        sockets: this.#sockets.map(named),
        dropped: 0,
      },
      beyond: this.#beyond,
      ...(lacks('threads') ? {} : { threads: { threads: this.#threads.map(named), other: this.#otherThreads } }),
      ...(lacks('containers')
        ? {}
        : { containers: new Map([...this.#containers].map(([log, ids]) => [names[log] ?? '', ids])) }),
      ...(lacks('seconds') ? {} : { seconds: this.#seconds }),
      ...(this.#filter === undefined || this.#filter.of === null ? {} : { seen: this.#seen }),
    };
  }

  /** What stands in a document beside the counts. */
  frame(names: readonly SourceName[]): PartialFrame {
    return {
      partials: this.#partials,
      filter: this.#filter?.of ?? null,
      logs: this.#logs.all,
      skipped: this.#logs.skipped(names),
    };
  }

  readings(names: readonly SourceName[]): ReturnType<PartialLogs['readings']> {
    return this.#logs.readings(names);
  }
}

const idOf = ({ tgid, tid }: { readonly tgid: number | null; readonly tid?: number }): number => tgid ?? tid ?? 0;

function addTo(sums: Map<string, number>, name: string, some: number): void {
  const sum = sums.get(name);
  if (sum !== undefined) sums.set(name, sum + some);
  else if (some > 0 && sums.size < MOST_NAMES) sums.set(name, some);
}
/** Names of calls and errors that are counted apart; there are not so many. */
const MOST_NAMES = 4096;

function isSame(a: PartialReport['filter'], b: PartialReport['filter']): boolean {
  const text = (filter: PartialReport['filter']): string =>
    JSON.stringify(filter === null ? null : Object.entries(filter).toSorted());
  return text(a) === text(b);
}

function binsOf(pairs: PartialBins): Bins {
  const bins = new Float64Array(BINS);
  for (const [bin, calls] of pairs) bins[bin] = calls;
  return bins;
}

function usageIn(row: PartialSyscall): SyscallUsage {
  const { name, calls, errors, restarts, unfinished, errnos, total_ns: total, min_ns: min, max_ns: max, bins } = row;
  return {
    name,
    calls,
    errors,
    restarts,
    unfinished,
    errnos: new Map(errnos),
    total,
    min: min ?? Number.POSITIVE_INFINITY,
    max,
    bins: binsOf(bins),
  };
}

function countsIn({ calls, errors, total_ns: total, waiting_ns: waiting, work }: PartialCounts): Counts {
  return {
    calls,
    errors,
    total,
    waiting,
    work: new Map(work.map(([name, time, some]) => [name, { time, calls: some }])),
  };
}
