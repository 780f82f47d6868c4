/** What rules about waiting tasks share: how long a task waits, on what, and who could end that. */
import { FUTEX_WAITS } from '../knowledge/waiting-calls.js';
import type { Wait, Waits } from '../analyzers/waits.js';
import type { Products } from './rule.js';

/** Seconds: as the tracer measured until a signal broke the call off, else until the last record of the sandbox; NaN without times. */
export function waitedOf({ waited_ns: waited, evidence }: Wait, { runs }: Products): number {
  if (waited !== null) return waited / 1e9;
  const begin = runs.when(evidence);
  const last = runs.runs.flatMap((run) => (run.last === null ? [] : [runs.when(run.last)]));
  return (Math.max(...last) - begin) / 1000;
}

/** The path that a call is about: its first one that is no mere folder to start from. */
export function pathOf(args: string): string | undefined {
  return / (\/[^,]*)/.exec(args.replace(/^AT_FDCWD \/[^,]*, /, ''))?.[1];
}

/**
 * Who ends a wait: `time` (a sleep, a time-out), `outside` (what comes from a client, a terminal, the host), a `signal`, or nobody but
 * another `task` of the sandbox (the owner of a lock, the other end of a pipe, a child).
 */
export type Ender = 'time' | 'outside' | 'signal' | 'task';

const BY_TIME = /^(?:clock_)?nanosleep$|^restart_syscall$/;
const BY_SIGNAL = /^(?:pause|rt_sigsuspend|rt_sigtimedwait)$/;
const BY_TASK = /^(?:wait4|waitid|v?fork|clone3?|open(?:at2?)?|creat|flock|fcntl)$/;
/** The first descriptor is a pipe. */
const OF_PIPE = /^0x[0-9a-f]+ pipe:\[/;
/** `futex(0x4bb320, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, 0x2, null, 0x0, 0x0)`: no time-out. */
const FOR_EVER = /^[^,]+, [^,]+, [^,]+, (?:null|0x0)(?:,|$)/;

export function enderOf({ name, args }: Pick<Wait, 'name' | 'args'>): Ender {
  if (name === 'futex') return FUTEX_WAITS.test(args) && FOR_EVER.test(args) ? 'task' : 'time';
  if (BY_TIME.test(name)) return 'time';
  if (BY_SIGNAL.test(name)) return 'signal';
  return BY_TASK.test(name) || OF_PIPE.test(args) ? 'task' : 'outside';
}

type SourceWaits = Waits extends ReadonlyMap<string, infer Value> ? Value : never;

/**
 * What the tasks of a sandbox were doing when the first of the calls that a signal broke off was broken off, else when the log ended.
 * The end of one task releases others, which then seem to have been at work.
 */
function atTheEnd({ waits, busy }: SourceWaits): SourceWaits {
  const broken = Math.min(...waits.flatMap(({ ended }) => ended ?? []));
  const wasWaiting = ({ order, ended }: Wait): boolean => order < broken && broken < (ended ?? 0);
  return {
    waits: [...waits, ...busy.filter(wasWaiting)],
    busy: busy.filter((one) => !wasWaiting(one)),
    long: [],
  };
}

/**
 * Can anything in the sandbox go on, and so end the waits of others? Only if all tasks are seen to wait for each other, the program itself
 * (process 1) among them, it cannot. A process that waits for signals only looks after its children.
 */
export function canAnyGoOn(own: SourceWaits): boolean {
  const { waits, busy } = atTheEnd(own);
  if (busy.length > 0 || waits.every(({ tgid }) => tgid !== 1)) return true;
  return waits.some((wait) => ['time', 'outside'].includes(enderOf(wait)));
}
