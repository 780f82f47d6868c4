/** Whatever may have ended a run or says how it ended, in the order of the input: candidates for a diagnosis, with their records. */
import type { Analyzer, Fold } from '../model/analyzer.js';
import type { Captures, Kind, LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import { evidenceOf } from './evidence.js';

/** Most candidates that are kept of a kind; the rest is counted. The first ones matter: what follows is an echo. */
const KEPT_LIMIT = 200;
/** Of each known sentence that is no error, this many records are kept. */
const SENTENCE_LIMIT = 8;

export type FailureKind = 'fatal' | 'json-error' | 'stderr' | 'panic' | 'watchdog' | 'fault' | 'exit' | 'outside';

/** One candidate. */
export type Failure = {
  readonly kind: FailureKind;
  /** Id of the known sentence (grammars/messages.ts); `unknown-error` for an error that no sentence fits. */
  readonly known: string | null;
  readonly captures: Captures;
  /** The error as printed, without `FATAL ERROR: `. */
  readonly error: string;
  readonly evidence: Evidence;
  readonly pid: number | null;
  /** Place in the order of reading. */
  readonly order: number;
  /** kind `exit`: how. */
  readonly exit?: {
    readonly of: 'application' | 'command' | 'command-failure';
    readonly status: number | null;
    readonly signal: number | null;
  };
};

export type Failures = {
  readonly failures: readonly Failure[];
  /** Candidates that were not kept, by kind. */
  readonly dropped: Readonly<Partial<Record<FailureKind, number>>>;
};

const KIND_OF: Readonly<Partial<Record<Kind, FailureKind>>> = {
  fatal: 'fatal',
  'json-error': 'json-error',
  stderr: 'stderr',
  panic: 'panic',
  watchdog: 'watchdog',
  fault: 'fault',
  exit: 'exit',
  docker: 'outside',
  kubernetes: 'outside',
  shim: 'outside',
  kernel: 'outside',
  text: 'outside',
  continuation: 'outside',
};

/** Endings that are a success say only that a command did its work; how the application ended is always kept. */
function isNews(event: LogEvent, kind: FailureKind): boolean {
  if (kind === 'outside') return 'known' in event && event.known !== undefined;
  return event.kind !== 'exit' || event.of !== 'command' || event.status !== 0;
}

function errorOf(event: LogEvent): string {
  return event.kind === 'fatal' || event.kind === 'json-error' || event.kind === 'panic' ? event.error : event.message;
}

export const failuresAnalyzer: Analyzer<Failures> = {
  name: 'failures',
  reads: [...(Object.keys(KIND_OF) as Kind[]), 'banner'],
  start(): Fold<Failures> {
    const failures: Failure[] = [];
    const counts = new Map<FailureKind, number>();
    let order = 0;
    /** Of the source: when its first banner was printed, and by whom banners were. */
    let began: string | null = null;
    let pids = new Set<number | null>();
    /**
     * A file name with a newline can bring a perfect header into the log. A record of a process that never began in this file, from
     * before the file began, is none of runsc's.
     */
    const isForged = (event: LogEvent): boolean =>
      began !== null && event.pid !== null && event.time !== null && !pids.has(event.pid) && event.time < began;
    return {
      sourceStarts() {
        began = null;
        pids = new Set();
      },
      see(event) {
        if (event.kind === 'banner') {
          began ??= event.time;
          pids.add(event.pid);
          return;
        }
        const kind = KIND_OF[event.kind];
        if (kind === undefined || event.repeated === true || !isNews(event, kind) || isForged(event)) return;
        order++;
        const count = (counts.get(kind) ?? 0) + 1;
        counts.set(kind, count);
        if (count > KEPT_LIMIT) return;
        failures.push({
          kind,
          known: ('known' in event ? event.known : undefined) ?? null,
          captures: ('captures' in event ? event.captures : undefined) ?? {},
          error: errorOf(event),
          evidence: evidenceOf(event),
          pid: event.pid,
          order,
          ...(event.kind === 'exit' ? { exit: { of: event.of, status: event.status, signal: event.signal } } : {}),
        });
      },
      finish() {
        const dropped: Partial<Record<FailureKind, number>> = {};
        for (const [kind, count] of counts) if (count > KEPT_LIMIT) dropped[kind] = count - KEPT_LIMIT;
        return { failures, dropped };
      },
    };
  },
};

/** A known sentence that is no error: how often it came, and its first records. */
export type Heard = {
  readonly count: number;
  readonly first: readonly { readonly captures: Captures; readonly evidence: Evidence; readonly pid: number | null }[];
};
export type Sentences = ReadonlyMap<string, Heard>;

/** Counts the known sentences among warnings and notes: the benign ones, hints, and marks of the life of a sandbox. */
export const sentencesAnalyzer: Analyzer<Sentences> = {
  name: 'sentences',
  reads: ['warning', 'note', 'watchdog', 'goroutines', 'signal', 'unsupported-syscall', 'dropped', 'stderr'],
  start(): Fold<Sentences> {
    const heard = new Map<
      string,
      { count: number; first: { captures: Captures; evidence: Evidence; pid: number | null }[] }
    >();
    const idOf = (event: LogEvent): string | undefined => {
      if (event.kind === 'unsupported-syscall') return 'unsupported-syscall';
      if (event.kind === 'dropped') return 'log-messages-dropped';
      if (event.kind === 'signal') {
        if (event.message.includes('terminating thread group')) return 'signal-terminates';
        return event.message.startsWith('Received external signal') && event.signal !== 23
          ? 'signal-received'
          : undefined;
      }
      return 'known' in event ? event.known : undefined;
    };
    return {
      see(event) {
        const id = event.repeated === true ? undefined : idOf(event);
        if (id === undefined) return;
        const captures =
          event.kind === 'unsupported-syscall'
            ? { name: event.name }
            : event.kind === 'signal'
              ? {
                  signal: String(event.signal),
                  task: event.task === undefined ? '' : String(event.task.tgid ?? event.task.tid),
                }
              : (('captures' in event ? event.captures : undefined) ?? {});
        const entry = heard.get(id) ?? { count: 0, first: [] };
        entry.count++;
        if (entry.first.length < SENTENCE_LIMIT)
          entry.first.push({ captures, evidence: evidenceOf(event), pid: event.pid });
        heard.set(id, entry);
      },
      finish: () => heard,
    };
  },
};
