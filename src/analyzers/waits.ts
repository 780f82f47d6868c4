/** What each task was waiting in when the log ended, or when it was killed: the ground for telling a hang from an idle program. */
import type { Analyzer, Fold } from '../model/analyzer.js';
import { isRestart, type LogEvent, type SyscallEnter, type SyscallExit } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import type { Nanos, SourceName } from '../model/units.js';
import { evidenceOf } from './evidence.js';

/** Tasks that are followed in a source, and sources at once; the newest are kept. */
const TASKS_LIMIT = 4096;
const SOURCES_LIMIT = 64;

/** A call that did not end by itself. */
export type Wait = {
  readonly name: string;
  readonly args: string;
  readonly comm: string;
  readonly tgid: number;
  readonly tid: number;
  /** The record of its beginning. */
  readonly evidence: Evidence;
  /** The record in which a signal broke it off; null: it has no end in the log. */
  readonly end: Evidence | null;
  /** How long it had lasted then. */
  readonly waited_ns: Nanos | null;
  readonly order: number;
  /** Place of its end in the same order; null without one. */
  readonly ended: number | null;
};

export type Waits = ReadonlyMap<
  SourceName,
  {
    readonly waits: readonly Wait[];
    /** The last calls of tasks whose last call came back: they were computing then. */
    readonly busy: readonly Wait[];
    /** The calls that took longest and came back. */
    readonly long: readonly Wait[];
  }
>;

type Last = {
  readonly enter: SyscallEnter;
  readonly order: number;
  exit: SyscallExit | undefined;
  ended: number | null;
};

/** Calls that took this long are kept, so many of a source. */
const LONG_NS = 30e9;
const LONG_LIMIT = 32;

const EINTR = 4;

/** Calls that do not come back. */
const ENDS = new Set(['exit', 'exit_group']);

export const waitsAnalyzer: Analyzer<Waits> = {
  name: 'waits',
  reads: ['syscall-enter', 'syscall-exit'],
  start(): Fold<Waits> {
    const sources = new Map<SourceName, Map<string, Last>>();
    const long = new Map<SourceName, Wait[]>();
    const keepLong = (last: Last): void => {
      const { source } = last.enter;
      const kept = [...(long.get(source) ?? []), waitOf(last)];
      long.set(source, kept.toSorted((a, b) => (b.waited_ns ?? 0) - (a.waited_ns ?? 0)).slice(0, LONG_LIMIT));
    };
    let order = 0;
    const tasksOf = (source: SourceName): Map<string, Last> => {
      const known = sources.get(source);
      if (known !== undefined) return known;
      if (sources.size >= SOURCES_LIMIT) sources.delete(sources.keys().next().value as string);
      const tasks = new Map<string, Last>();
      sources.set(source, tasks);
      return tasks;
    };
    return {
      see(event: LogEvent) {
        if (event.kind !== 'syscall-enter' && event.kind !== 'syscall-exit') return;
        order++;
        const tasks = tasksOf(event.source);
        const key = `${event.task.tgid}:${event.task.tid}`;
        if (event.kind === 'syscall-exit') {
          const last = tasks.get(key);
          if (last === undefined || last.enter.name !== event.name) return;
          last.exit = event;
          last.ended = order;
          if (event.duration_ns >= LONG_NS && !isRestart(event.errno)) keepLong(last);
          return;
        }
        tasks.delete(key);
        if (ENDS.has(event.name)) {
          // the call of one task ends its whole group
          if (event.name === 'exit_group')
            for (const one of tasks.keys()) if (one.startsWith(`${event.task.tgid}:`)) tasks.delete(one);
          return;
        }
        if (tasks.size >= TASKS_LIMIT) tasks.delete(tasks.keys().next().value as string);
        tasks.set(key, { enter: event, order, exit: undefined, ended: null });
      },
      finish() {
        return new Map(
          [...sources].map(([source, tasks]) => {
            const lasts = [...tasks.values()];
            // the last call of a task that a signal broke off: it is redone, or (EINTR) is not
            const isWaiting = ({ exit }: Last): boolean =>
              exit === undefined || isRestart(exit.errno) || exit.errno === EINTR;
            return [
              source,
              {
                waits: lasts.filter(isWaiting).map(waitOf),
                long: long.get(source) ?? [],
                busy: lasts.filter((last) => !isWaiting(last)).map(waitOf),
              },
            ];
          }),
        );
      },
    };
  },
};

function waitOf({ enter, exit, order, ended }: Last): Wait {
  const { name, args, comm, task } = enter;
  return {
    name,
    args,
    comm,
    tgid: task.tgid ?? task.tid,
    tid: task.tid,
    evidence: evidenceOf(enter),
    end: exit === undefined ? null : evidenceOf(exit),
    waited_ns: exit?.duration_ns ?? null,
    order,
    ended,
  };
}
