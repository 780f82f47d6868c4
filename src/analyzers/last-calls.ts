/** The last failing calls and the last words of the programs: what a failure of the application is explained by. */
import type { Analyzer, Fold } from '../model/analyzer.js';
import { isRestart, type LogEvent, type SyscallEnter, type SyscallExit } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import { evidenceOf } from './evidence.js';

/** Signals sent that are kept of each source. */
const SENT_LIMIT = 16;
/** Failing calls that are kept of each source; a program acts on its last failures. */
const CALLS_LIMIT = 64;
/** Writes to standard error that are kept of each source. */
const WORDS_LIMIT = 24;
/** Sources that are followed at once; the newest are kept. */
const SOURCES_LIMIT = 64;

/** EINTR and EAGAIN are how waiting works; ENOTTY and ESPIPE how libraries ask what a descriptor is. */
const USUAL = new Set([4, 11, 25, 29]);

export type FailedCall = {
  readonly name: string;
  readonly args: string;
  readonly errno: number;
  readonly comm: string;
  readonly tgid: number;
  readonly order: number;
  readonly evidence: Evidence;
};
export type Words = {
  readonly text: string;
  readonly comm: string;
  readonly tgid: number;
  readonly order: number;
  readonly evidence: Evidence;
};
/** A signal that a process of the container sent: by its name, to whom, and the call. */
export type SentSignal = {
  readonly signal: string;
  readonly target: number;
  /** To itself: its own process, or one of its threads (raise, abort). */
  readonly isOwn: boolean;
  readonly call: string;
  readonly comm: string;
  readonly tgid: number;
  readonly evidence: Evidence;
};
/** A process that ended itself, by exit_group. */
export type SelfExit = {
  readonly status: number;
  readonly comm: string;
  readonly order: number;
  readonly evidence: Evidence;
};
export type LastCalls = ReadonlyMap<
  string,
  {
    readonly failed: readonly FailedCall[];
    readonly words: readonly Words[];
    readonly sent: readonly SentSignal[];
    /** The last one. */
    readonly ended: SelfExit | null;
  }
>;

const SENDING = new Set(['kill', 'tkill', 'tgkill', 'rt_sigqueueinfo', 'rt_tgsigqueueinfo', 'pidfd_send_signal']);
/** Target and name of `kill(0x1, SIGTERM)`, `tgkill(0x1, 0x1, SIGABRT)`. */
const SENT = /^(0x[0-9a-f]+|-?\d+),.*?\b(SIG[A-Z0-9]+)/;

/** The quoted text of a write to descriptor 1 or 2, decoded as far as a person needs; what goes to /dev/null nobody reads. */
const WRITE = /^(?:0x)?([12])(?: (?!\/dev\/null,)[^,]*)?, 0x[0-9a-f]+ "((?:[^"\\]|\\.)*)"/;
/** The pieces of a writev, joined: loaders print a message piece by piece. */
const WRITEV = /^(?:0x)?[12](?: (?!\/dev\/null,)[^,]*)?, 0x[0-9a-f]+ \{base=/;
const PIECE = /len=\d+, "((?:[^"\\]|\\.)*)"/g;

function wordsOf(event: SyscallEnter): string | undefined {
  const args = event.args.slice(0, 2048);
  let raw: string | undefined;
  if (event.name === 'write') raw = WRITE.exec(args)?.[2];
  else if (WRITEV.test(args)) raw = [...args.matchAll(PIECE)].map((piece) => piece[1] ?? '').join('');
  const text = (raw ?? '')
    .replace(/\\[nrt]/g, ' ')
    .replace(/\\(["\\])/g, '$1')
    .trim();
  return /[A-Za-z]{3}/.test(text) ? text : undefined;
}

/** The second number of `tgkill(0x1, 0x2, SIGABRT)`: a thread. */
const THREAD = /^[^,]+, (0x[0-9a-f]+|\d+),/;

/**
 * `tkill` reaches the threads of its own process alone; the others name a process first, by its number in the namespace of the caller.
 * Logs without thread groups do not tell that number of the caller: there a thread that is the caller's own is enough.
 */
function isToItself({ name, args, task }: SyscallEnter, target: number): boolean {
  if (name === 'tkill') return true;
  const { tgid, tid, nested } = task;
  if (target === (tgid ?? tid) || (nested !== undefined && target === nested.tgid)) return true;
  return tgid === null && name.includes('tg') && Number(THREAD.exec(args)?.[1]) === (nested?.tid ?? tid);
}

type Rings = {
  failed: (SyscallExit & { order: number })[];
  words: { event: SyscallEnter; text: string; order: number }[];
  sent: SyscallEnter[];
  ended: { event: SyscallEnter; order: number } | null;
};

export const lastCallsAnalyzer: Analyzer<LastCalls> = {
  name: 'last-calls',
  reads: ['syscall-enter', 'syscall-exit'],
  start(): Fold<LastCalls> {
    const sources = new Map<string, Rings>();
    let order = 0;
    const ringsOf = (source: string): Rings => {
      const known = sources.get(source);
      if (known !== undefined) return known;
      if (sources.size >= SOURCES_LIMIT) sources.delete(sources.keys().next().value as string);
      const rings: Rings = { failed: [], words: [], sent: [], ended: null };
      sources.set(source, rings);
      return rings;
    };
    const push = <T>(ring: T[], limit: number, item: T): void => {
      ring.push(item);
      if (ring.length > 2 * limit) ring.splice(0, limit);
    };
    return {
      see(event: LogEvent) {
        order++;
        if (event.kind === 'syscall-exit') {
          const { errno } = event;
          if (errno === null || errno === 0 || USUAL.has(errno) || isRestart(errno)) return;
          push(ringsOf(event.source).failed, CALLS_LIMIT, { ...event, order });
        } else if (event.kind === 'syscall-enter' && event.name === 'exit_group') {
          ringsOf(event.source).ended = { event, order };
        } else if (event.kind === 'syscall-enter' && SENDING.has(event.name)) {
          // the call that ends its own process has no exit record
          if (SENT.test(event.args)) push(ringsOf(event.source).sent, SENT_LIMIT, event);
        } else if (event.kind === 'syscall-enter' && (event.name === 'write' || event.name === 'writev')) {
          const text = wordsOf(event);
          if (text !== undefined) push(ringsOf(event.source).words, WORDS_LIMIT, { event, text, order });
        }
      },
      finish() {
        const task = ({ task: { tgid, tid } }: SyscallEnter | SyscallExit): number => tgid ?? tid;
        return new Map(
          [...sources].map(([source, { failed, words, sent, ended }]) => [
            source,
            {
              ended:
                ended === null
                  ? null
                  : {
                      status: Number(ended.event.args) & 0xff,
                      comm: ended.event.comm,
                      order: ended.order,
                      evidence: evidenceOf(ended.event),
                    },
              failed: failed.slice(-CALLS_LIMIT).map((one) => ({
                name: one.name,
                args: one.args,
                errno: one.errno ?? 0,
                comm: one.comm,
                tgid: task(one),
                order: one.order,
                evidence: evidenceOf(one),
              })),
              words: words.slice(-WORDS_LIMIT).map(({ event, text, order: at }) => ({
                text,
                comm: event.comm,
                tgid: task(event),
                order: at,
                evidence: evidenceOf(event),
              })),
              sent: sent.slice(-SENT_LIMIT).map((event) => {
                const [, target = '', signal = ''] = SENT.exec(event.args) ?? [];
                return {
                  signal,
                  target: Number(target),
                  isOwn: isToItself(event, Number(target)),
                  call: `${event.name}(${event.args})`,
                  comm: event.comm,
                  tgid: task(event),
                  evidence: evidenceOf(event),
                };
              }),
            },
          ]),
        );
      },
    };
  },
};
