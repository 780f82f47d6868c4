/**
 * Records of native strace(1) to events: the tasks, times, results and errnos of its lines, and which half of a call
 * belongs to which. One reader a source; it needs the records in order.
 */
import { errnoName, errnoNumberOf } from '../../grammars/errno.js';
import {
  callText,
  endOfArguments,
  nanosOfSeconds,
  nativeOpening,
  readNativeCall,
  readNativeExit,
  readNativeResumed,
  readNativeRow,
  readNativeSignal,
  UNFINISHED,
  type NativeKind,
} from '../../grammars/native.js';
import type { Fields } from '../../grammars/compile.js';
import type { LogEvent, Task } from '../model/event.js';
import type { OtherRow } from './scan.js';

/** What a record of a native trace holds besides its place and text. */
export type NativeFields = { readonly kind: NativeKind; readonly time: string | null; readonly fields: object };

/** The event of a call as a row of the tracer's columns; undefined for what is no row. */
export function nativeRowOf(event: LogEvent): Omit<OtherRow, 'second' | 'bytes' | 'text'> | undefined {
  if (event.kind !== 'native-syscall' || event.name === UNREADABLE) return undefined;
  const isExit = event.ret !== null && event.ret !== NO_RESULT;
  // A call that began in an earlier line and never returned is a row already.
  if (!isExit && event.resumed === true) return undefined;
  const { name, errno, duration_ns: elapsed, task } = event;
  return { isExit, name, errno: errno ?? 0, elapsed: isExit ? (elapsed ?? NaN) : 0, tgid: -1, tid: task.tid };
}

/** Printed as result of a call that did not return: an exit, or the task was killed in it. */
const NO_RESULT = '?';
/** Printed as name where the task was killed before strace could read which call it was. */
const UNREADABLE = '???';
/** Tasks whose open call is remembered, and how much of its arguments. */
const MOST_TASKS = 16_384;
const MOST_ARGUMENTS = 4096;
/** strace's file of one task (`-ff -o F`): its name ends in the task. */
const TASK_FILE = /\.([1-9]\d{0,7})(?:\.(?:gz|xz|zst))?$/;

/** The first half of a call. */
type Begun = { readonly name: string; readonly args: string };

export class NativeReader {
  /** The task of lines that name none, as far as the file's name tells. */
  readonly #fileTask: number;
  /** The tasks that were named and have not ended, with the call they are in. */
  readonly #tasks = new Map<number, Begun | undefined>();
  #hasNamed = false;

  constructor(source: string) {
    this.#fileTask = Number(TASK_FILE.exec(source)?.[1] ?? 0);
  }

  /** The task of lines that name none, as long as no line has named one; undefined from then on. */
  get nameless(): number | undefined {
    return this.#hasNamed ? undefined : this.#fileTask;
  }

  /** A whole call of a task was read elsewhere (in bulk). */
  saw(tid: number): void {
    if (this.#tasks.has(tid)) this.#tasks.set(tid, undefined);
    else if (this.#hasNamed && this.#tasks.size < MOST_TASKS) this.#tasks.set(tid, undefined);
  }

  read(text: string): NativeFields {
    const call = this.#call(text);
    if (call !== undefined) return call;
    const newline = text.indexOf('\n');
    const first = newline === -1 ? text : text.slice(0, newline);
    const kind = nativeOpening(first) ?? 'native-note';
    switch (kind) {
      case 'native-signal': {
        const fields = readNativeSignal(first) ?? {};
        const info = fields['info'];
        return this.#made(kind, fields, { signal: fields['signal'] ?? '', ...(info === undefined ? {} : { info }) });
      }
      case 'native-exit':
        return this.#exit(readNativeExit(first) ?? {});
      case 'native-table':
        return { kind, time: null, fields: rowFields(first) };
      // A call that was cut is a note.
      case 'native-syscall':
      case 'native-note':
        return { kind: 'native-note', time: null, fields: {} };
    }
  }

  #made(kind: NativeKind, leader: Fields, fields: object): NativeFields {
    return {
      kind,
      time: leader['epoch'] === undefined ? null : isoTime(leader['epoch']),
      fields: { task: this.#task(leader), ...clockOf(leader), ...fields },
    };
  }

  /** The task that a line is about: the one it names; else that of the file, else the only one that is left. */
  #task(leader: Fields): Task {
    if (leader['pid'] !== undefined) {
      const tid = Number(leader['pid']);
      this.#hasNamed = true;
      if (!this.#tasks.has(tid) && this.#tasks.size < MOST_TASKS) this.#tasks.set(tid, undefined);
      return { tgid: null, tid };
    }
    if (this.#fileTask !== 0) return { tgid: null, tid: this.#fileTask };
    const [only = 0] = this.#named();
    return { tgid: null, tid: only };
  }

  /** The named task, if there is one only; the nameless one before that. */
  #named(): readonly number[] {
    const tasks = this.#tasks.size - (this.#tasks.has(0) ? 1 : 0);
    if (tasks !== 1) return [];
    for (const tid of this.#tasks.keys()) if (tid !== 0) return [tid];
    return [];
  }

  #exit(fields: Fields): NativeFields {
    const { status, signal, successor } = fields;
    const made = this.#made('native-exit', fields, {
      status: status === undefined ? null : Number(status),
      signal: signal ?? null,
      ...(successor === undefined ? {} : { successor: Number(successor) }),
    });
    if (fields['pid'] !== undefined) this.#tasks.delete(Number(fields['pid']));
    return made;
  }

  #call(record: string): NativeFields | undefined {
    const text = callText(record);
    const begun = readNativeCall(text);
    const fields = begun ?? readNativeResumed(text);
    if (fields === undefined) return undefined;
    const name = fields['name'] ?? '';
    const rest = (fields['rest'] ?? '').trimEnd();
    const end = endOfArguments(rest);
    const { tid } = this.#task(fields);
    if (end === undefined) {
      // Neither a result nor the word that it comes later: the line was cut.
      if (!rest.endsWith('<unfinished ...>')) return undefined;
      const args = withoutMark(rest);
      this.#begin(tid, { name, args: this.#first(tid, name, begun === undefined) + args });
      const halves = begun === undefined ? { unfinished: true, resumed: true } : { unfinished: true };
      return this.#made('native-syscall', fields, { name, args, ...NOTHING, ...halves });
    }
    const args = rest.slice(0, end.at);
    const result = resultOf(end.result);
    if (result === undefined) return undefined;
    if (begun === undefined) {
      const whole = this.#first(tid, name, true) + args;
      this.#leave(tid);
      return this.#made('native-syscall', fields, { name, args: whole, ...result, resumed: true });
    }
    this.#leave(tid);
    // `futex(0x7f02, FUTEX_WAIT, 2, NULL <unfinished ...>) = ?`: the task ended in the call.
    if (args.endsWith('<unfinished ...>')) {
      return this.#made('native-syscall', fields, { name, args: withoutMark(args), ...result, unfinished: true });
    }
    return this.#made('native-syscall', fields, { name, args, ...result });
  }

  #begin(tid: number, call: Begun): void {
    if (this.#tasks.size >= MOST_TASKS && !this.#tasks.has(tid)) return;
    this.#tasks.set(tid, call.args.length > MOST_ARGUMENTS ? { ...call, args: '' } : call);
  }

  #leave(tid: number): void {
    if (this.#tasks.has(tid)) this.#tasks.set(tid, undefined);
  }

  /** The arguments that the first half of a call showed: that of the task, else of the one that had no name yet. */
  #first(tid: number, name: string, isResumed: boolean): string {
    if (!isResumed) return '';
    const own = this.#tasks.get(tid);
    if (own?.name === name) return own.args;
    const nameless = this.#tasks.get(0);
    if (own !== undefined || nameless?.name !== name) return '';
    this.#tasks.set(0, undefined);
    return nameless.args;
  }
}

/** Fields of a call that has no result yet. */
const NOTHING = { ret: null, errno: null, errno_name: null, duration_ns: null } as const;

function withoutMark(text: string): string {
  const end = text.length - UNFINISHED.trimStart().length;
  return text.slice(0, text[end - 1] === ' ' ? end - 1 : end);
}

/** The result as runsc's events have it; undefined where its errno is none of Linux. */
function resultOf(result: Fields): object | undefined {
  const duration_ns = result['elapsed'] === undefined ? null : nanosOfSeconds(result['elapsed']);
  const { errnoName: word, errno: digits, value } = result;
  const errno = word === undefined ? (digits === undefined ? null : Number(digits)) : errnoNumberOf(word);
  if (errno === undefined) return undefined;
  if (errno !== null) return { ret: '-1', errno, errno_name: errnoName(errno), duration_ns };
  return { ret: value === undefined ? NO_RESULT : decimalOf(value), errno, errno_name: null, duration_ns };
}

/** `0x7f02` and `022` (umask) as decimal text: 64 bits do not fit a number. */
function decimalOf(value: string): string {
  if (/^0[0-7]+$/.test(value)) return BigInt(`0o${value.slice(1)}`).toString();
  return value.startsWith('0x') ? BigInt(value).toString() : value;
}

/** What is printed of the time where it is no date: the clock (-t), and the time since the line before (-r). */
function clockOf(leader: Fields): { clock?: string; since_ns?: number } {
  return {
    ...(leader['clock'] === undefined ? {} : { clock: leader['clock'] }),
    ...(leader['since'] === undefined ? {} : { since_ns: nanosOfSeconds(leader['since']) }),
  };
}

/** `2023-11-14T22:13:20.123456Z` of 1700000000.123456. */
function isoTime(epoch: string): string {
  const [seconds = '0', fraction] = epoch.split('.');
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return fraction === undefined ? `${whole}Z` : `${whole}.${fraction}Z`;
}

/** Width of the column of microseconds a call. */
const TIME_COLUMN = 11;

/** What a row of the table says; the total's name is `total`. Its head and rules have none. */
function rowFields(line: string): object {
  const row = readNativeRow(line);
  if (row === undefined) return {};
  const { first, second, third, gap = '' } = row;
  const [calls, errors] = gap.length > TIME_COLUMN ? [first, second] : [second, third];
  if (calls === undefined) return {};
  return {
    name: row['name'] ?? '',
    calls: Number(calls),
    errors: Number(errors ?? 0),
    total_ns: nanosOfSeconds(row['seconds'] ?? '0'),
  };
}
