/** Whatever may have ended a run or says how it ended, in the order of the input: candidates for a diagnosis, with their records. */
import type { Analyzer, Fold } from '../model/analyzer.js';
import type { Captures, Kind, LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import type { SourceName } from '../model/units.js';
import { recogniseMessage } from '../../grammars/messages.js';
import { evidenceOf } from './evidence.js';
import { postedErrors } from './posted-errors.js';

/** Most candidates that are kept of a kind; the rest is counted. The first ones matter: what follows is an echo. */
const KEPT_LIMIT = 200;
/** Lines of one text that are searched for its error. */
const FOCUS_LIMIT = 2_000;
/** Of each known sentence that is no error, so many records of a process are kept, and so many in all. */
const SENTENCE_LIMIT = 8;
const SENTENCES_LIMIT = 4_000;

/** Sent when the soft limit of processor time is used up. */
const SIGXCPU = 24;

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
  /** A sentence of somebody who tells of it quotes the error. */
  readonly isQuoted?: true;
  /** An engine only warns of it, and goes on. */
  readonly isWarning?: true;
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

/** A table or a session is one text: of its lines the one that holds the error is quoted. */
function focused(event: LogEvent): Evidence {
  const whole = evidenceOf(event);
  const known = 'known' in event ? event.known : undefined;
  if (KIND_OF[event.kind] !== 'outside' || known === undefined || !event.message.includes('\n')) return whole;
  const lines = event.message.split('\n', FOCUS_LIMIT);
  const at = lines.findIndex((line) => recogniseMessage(line.trim(), 'text')?.known === known);
  if (at < 1) return whole;
  return { ...whole, line: (event.line + at) as Evidence['line'], text: (lines[at] as string).trim() };
}

function errorOf(event: LogEvent): string {
  return event.kind === 'fatal' || event.kind === 'json-error' || event.kind === 'panic' ? event.error : event.message;
}

export const failuresAnalyzer: Analyzer<Failures> = {
  name: 'failures',
  reads: [...(Object.keys(KIND_OF) as Kind[]), 'banner', 'config'],
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
        }
        for (const { known, captures, line, text, isQuoted } of postedErrors(event)) {
          const count = (counts.get('outside') ?? 0) + 1;
          counts.set('outside', count);
          if (count > KEPT_LIMIT) break;
          const evidence = { source: event.source, line, time: event.time, text };
          failures.push({
            kind: 'outside',
            known,
            captures,
            error: text,
            evidence,
            pid: null,
            order: ++order,
            ...(isQuoted === true ? { isQuoted } : {}),
          });
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
          evidence: focused(event),
          pid: event.pid,
          order,
          ...(event.kind === 'docker' && event.level === 'warning' ? { isWarning: true as const } : {}),
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

/** The failures of several readings as those of one, in their order. */
export function joinFailures(parts: readonly Failures[]): Failures {
  const failures: Failure[] = [];
  const counts = new Map<FailureKind, number>();
  const dropped: Partial<Record<FailureKind, number>> = {};
  let before = 0;
  for (const part of parts) {
    let last = 0;
    for (const failure of part.failures) {
      const count = (counts.get(failure.kind) ?? 0) + 1;
      counts.set(failure.kind, count);
      last = Math.max(last, failure.order);
      if (count > KEPT_LIMIT) dropped[failure.kind] = (dropped[failure.kind] ?? 0) + 1;
      else failures.push({ ...failure, order: before + failure.order });
    }
    for (const [kind, count] of Object.entries(part.dropped))
      dropped[kind as FailureKind] = (dropped[kind as FailureKind] ?? 0) + count;
    before += last;
  }
  return { failures, dropped };
}

/** A known sentence that is no error: how often it came, and its first records. */
export type Heard = {
  readonly count: number;
  readonly first: readonly { readonly captures: Captures; readonly evidence: Evidence; readonly pid: number | null }[];
  /** How often each process said it: source and pid → count. */
  readonly by: readonly { readonly source: SourceName; readonly pid: number | null; readonly count: number }[];
};
export type Sentences = ReadonlyMap<string, Heard>;

/** Counts the known sentences among warnings and notes: the benign ones, hints, and marks of the life of a sandbox. */
export const sentencesAnalyzer: Analyzer<Sentences> = {
  name: 'sentences',
  reads: ['warning', 'note', 'watchdog', 'goroutines', 'signal', 'unsupported-syscall', 'dropped', 'stderr'],
  start(): Fold<Sentences> {
    type Entry = {
      count: number;
      first: Heard['first'][number][];
      by: { source: string; pid: number | null; count: number }[];
    };
    const heard = new Map<string, Entry>();
    /** Who says what in the source that is being read. */
    let speakers = new Map<string, Entry['by'][number]>();
    const idOf = (event: LogEvent): string | undefined => {
      if (event.kind === 'unsupported-syscall') return 'unsupported-syscall';
      if (event.kind === 'dropped') return 'log-messages-dropped';
      if (event.kind === 'signal') {
        if (event.message.includes('terminating thread group')) return 'signal-terminates';
        if (event.message.startsWith('Uncaught signal')) return 'signal-uncaught';
        if (event.signal === SIGXCPU && event.message.includes('Notified of signal')) return 'cpu-time-used-up';
        return event.message.startsWith('Received external signal') && event.signal !== 23
          ? 'signal-received'
          : undefined;
      }
      return 'known' in event ? event.known : undefined;
    };
    return {
      sourceStarts() {
        speakers = new Map();
      },
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
        const entry: Entry = heard.get(id) ?? { count: 0, first: [], by: [] };
        entry.count++;
        const { source, pid } = event;
        const key = `${pid} ${id}`;
        let speaker = speakers.get(key);
        if (speaker === undefined) {
          speaker = { source, pid, count: 0 };
          speakers.set(key, speaker);
          entry.by.push(speaker);
        }
        speaker.count++;
        if (speaker.count <= SENTENCE_LIMIT && entry.first.length < SENTENCES_LIMIT)
          entry.first.push({ captures, evidence: evidenceOf(event), pid });
        heard.set(id, entry);
      },
      finish: () => heard,
    };
  },
};

/** The sentences of several readings as those of one, in their order. */
export function joinSentences(parts: readonly Sentences[]): Sentences {
  const heard = new Map<string, { count: number; first: Heard['first'][number][]; by: Heard['by'][number][] }>();
  for (const part of parts) {
    for (const [id, { count, first, by }] of part) {
      const sum = heard.get(id) ?? { count: 0, first: [], by: [] };
      heard.set(id, sum);
      sum.count += count;
      sum.first.push(...first.slice(0, SENTENCES_LIMIT - sum.first.length));
      sum.by.push(...by);
    }
  }
  return heard;
}
