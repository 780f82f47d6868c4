/** How the program in the container ended, and whether whoever runs it ended it: then it did not fail. */
import type { Failure } from '../analyzers/failures.js';
import type { Run } from '../analyzers/runs.js';
import { signalName, signalNumber } from '../../grammars/signals.js';
import type { SentSignal } from '../analyzers/last-calls.js';
import type { Evidence } from '../model/finding.js';
import type { Products } from './rule.js';

/** Signals that an operator or an engine sends to end a container. */
const ENDING_SIGNALS = new Set([1, 2, 3, 9, 15]);

/** Records of a command and of what it brings about are written at nearly the same time. */
const SLACK = 2;

/** When the program or its sandbox ended, as the first record of it says; infinite where none does. */
function endTime(products: Products): number {
  const { sentences, runs } = products;
  const said = endingOf(products);
  const lost = ['wait-rpc-failed', 'gofer-disconnected'].flatMap((id) => sentences.get(id)?.first.slice(0, 1) ?? []);
  const cut = runs.runs.find((run) => run.command === 'boot' && run.exit === null && run.last !== null)?.last;
  const times = [
    ...(said === undefined ? [] : [runs.when(said.evidence)]),
    ...(said?.exit?.of === 'application' ? [] : lost.map(({ evidence }) => runs.when(evidence))),
    ...(said?.exit?.of === 'application' || cut === undefined || cut === null || lost.length === 0
      ? []
      : [runs.when(cut)]),
  ].filter((time) => !Number.isNaN(time));
  return times.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...times);
}

/** A signal that whoever runs the container sent to it, the record of that, and how long before the end; NaN without times. */
export type SentFromOutside = { readonly signal: number; readonly evidence: Evidence; readonly millisBefore: number };

/** So many milliseconds an end may take that a signal asked for: a server lets its clients finish. SIGHUP mostly asks for something else. */
const PATIENCE = 180_000;
const PATIENCE_WITH_HUP = 15_000;
/** An end that comes later than this may have another reason, where its status does not name the signal. */
export const SOON = 15_000;
const HUP = 1;
const TERM = 15;
const KILL = 9;

/** What a `runsc kill` sends, by its arguments: `runsc ... kill --all web KILL`; SIGTERM where they name none. */
function killSignal({ args, container }: Run): number {
  const words = (args ?? '').split(' ');
  const last = words.at(-1) ?? '';
  return (last === container ? undefined : signalNumber(last)) ?? TERM;
}

/** `--pid=7`, `-pid 7` of runsc kill. */
const TO_PID = /(?:^| )--?pid[= ](\d+)(?: |$)/;
/** The program itself, in the records and arguments of a kill: 0 stands for it, and it is the first process. */
const isProgram = (pid: string | undefined): boolean => Number(pid ?? 0) <= 1;

/** The container that ended: of whose process the record of the end is, else the one that was booted; null where nothing tells. */
function endedContainer(products: Products): string | null {
  const said = endingOf(products);
  const { runs } = products.runs;
  if (said === undefined) {
    const booted = new Set(
      runs.flatMap(({ command, args, container }) => (command === 'boot' && args !== null ? (container ?? []) : [])),
    );
    return booted.size === 1 ? ([...booted][0] as string) : null;
  }
  const run = runs.find(({ source, pid }) => source === said.evidence.source && pid === said.pid);
  // without its arguments a process has the name that it speaks of first
  return run === undefined || run.args === null ? null : run.container;
}

/** The signals that were sent to end the container (`null`: whichever ended) before it ended: control calls of `runsc kill`, what that prints itself, its arguments. */
function signalsSent(products: Products, container: string | null = null): readonly SentFromOutside[] {
  const { sentences, runs } = products;
  const end = endTime(products);
  const ended = container ?? endedContainer(products);
  const isOther = (named: string | null | undefined): boolean =>
    ended !== null && (named ?? '') !== '' && named !== ended;
  const said = (sentences.get('container-signalled')?.first ?? []).flatMap(({ captures, evidence }) => {
    if (!isProgram(captures['pid']) || isOther(captures['container'])) return [];
    return [{ signal: Number(captures['signal'] ?? 0), evidence, at: runs.when(evidence) }];
  });
  const called = runs.runs.flatMap((run) => {
    const isForced = run.command === 'delete' && FORCED.test(run.args ?? '');
    if ((run.command !== 'kill' && !isForced) || run.last === null) return [];
    if (!isProgram(TO_PID.exec(run.args ?? '')?.[1]) || isOther(run.container)) return [];
    const at = runs.when({ source: run.source, line: 1, time: run.firstTime, text: '' });
    return [{ signal: isForced ? KILL : killSignal(run), evidence: run.last, at }];
  });
  return [...called, ...said].flatMap(({ signal, evidence, at }) => {
    const patience = signal === HUP ? PATIENCE_WITH_HUP : PATIENCE;
    const isLongAgo = end - at > patience && end < Number.POSITIVE_INFINITY;
    if (!ENDING_SIGNALS.has(signal) || at > end + SLACK || isLongAgo) return [];
    return [{ signal, evidence, millisBefore: end - at }];
  });
}
/** `runsc delete --force`. */
export const FORCED = /(?:^| )--?force(?:=true)?(?: |$)/;

/**
 * The signal that told the container to end before it ended so: that which the status names, else the last one. No program handles
 * SIGKILL: an end that is not by it came before it.
 */
export function endingSignal(products: Products, exit: NonNullable<Failure['exit']>): SentFromOutside | undefined {
  const { status } = exit;
  const isKilled = exit.signal === KILL || status === BY_SIGNAL + KILL;
  const sent = signalsSent(products).filter(({ signal }) => isKilled || signal !== KILL);
  return sent.findLast(({ signal }) => status === BY_SIGNAL + signal) ?? sent.at(-1);
}

/** Did whoever runs the container end it, or another container of a pod? What is done to one that has ended by then did not. */
export function wasEnded(products: Products, signal: number | null, container: string | null = null): boolean {
  const { sentences, runs } = products;
  if (signal !== null && !ENDING_SIGNALS.has(signal)) return false;
  if (signalsSent(products, container).some((one) => signal === null || one.signal === signal || signal === KILL))
    return true;
  const end = endTime(products);
  return (sentences.get('signal-received')?.first ?? []).some(({ evidence }) => !(runs.when(evidence) > end + SLACK));
}

/** Did it end as whoever runs it told it to: by a signal that ends, or with the status that says so? */
export function isStopped(products: Products, exit: NonNullable<Failure['exit']>): boolean {
  const { status, signal } = exit;
  if (!wasEnded(products, signal)) return false;
  if (status === null || status === 0) return true;
  const sent = endingSignal(products, exit);
  return sent !== undefined && status === BY_SIGNAL + sent.signal;
}

/** Sent to the group or to all. */
const isOf = (target: number, pid: number): boolean => target === pid || target <= 0 || target > 0x7fffffff;

/**
 * Who in the container sent the signal that ended the program, or the child of which a shell passes the status on. A program that
 * aborts sends itself SIGABRT, and one that handled a fault sends itself its signal again: that is nobody's order.
 */
export function senderOf({ calls, faults }: Products, { evidence: { source }, exit }: Failure): SentSignal | undefined {
  if (exit === undefined) return undefined;
  const { status, signal } = exit;
  const number = signal ?? (status !== null && status > BY_SIGNAL ? status - BY_SIGNAL : null);
  if (number === null || faults.get(source)?.some((one) => one.signal === number) === true) return undefined;
  const name = signalName(number);
  // the program itself has the pid 1
  const sent = calls
    ?.get(source)
    ?.sent.findLast((one) => one.signal === name && (signal === null || isOf(one.target, 1)));
  return number === ABRT && sent?.isOwn === true ? undefined : sent;
}
const ABRT = 6;

/** Statuses above it say by which signal a program, or the child of a shell, ended. */
export const BY_SIGNAL = 128;

/** How the application ended: what the sentry says of it, else what the command that waited for it returned. */
export function endingOf(products: Products): Failure | undefined {
  const { failures, runs } = products;
  const application = failures.failures.findLast((one) => one.exit?.of === 'application');
  if (application !== undefined) return application;
  // of a trace that was cut out of its log: how the last process ended itself
  const traced = tracedEnd(products);
  if (traced !== undefined) return traced;
  // old boot files may lack that line: run and wait return the status
  return failures.failures.findLast((one) => {
    if (one.exit?.of !== 'command') return false;
    const run = runs.runs.find((each) => each.source === one.evidence.source && each.pid === one.pid);
    return run?.command === 'run' || run?.command === 'wait' || run?.command === 'do' || run?.command === 'boot';
  });
}

/** An excerpt of a trace, without the record of the end: its last process gave up by itself. */
function tracedEnd({ calls, runs }: Products): Failure | undefined {
  if (calls === undefined || runs.runs.some(({ banners }) => banners > 0)) return undefined;
  const ended = [...calls.values()].flatMap((one) => one.ended ?? []).at(-1);
  if (ended === undefined || ended.status === 0) return undefined;
  const { evidence, order, status } = ended;
  const exit = { of: 'application' as const, status, signal: null };
  return { kind: 'exit', known: null, captures: {}, error: evidence.text, evidence, pid: null, order, exit };
}
