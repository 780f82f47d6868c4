/** Records to events: which kind a record is and what its kind holds. Never throws on a strange line, never drops one. */
import { isDelimiter, readBannerLine, readConfigLine } from '../../grammars/banner.js';
import { compileReader } from '../../grammars/compile.js';
import { DIALECTS, dialectOfLine, dialectOfRelease, releaseOf, type Dialect } from '../../grammars/dialects.js';
import { compareReleases } from '../../grammars/releases.js';
import { errnoName } from '../../grammars/errno.js';
import { recogniseMessage, UNKNOWN_ERROR } from '../../grammars/messages.js';
import {
  DUMP,
  FAULT,
  GOROUTINES,
  PACKET,
  readEnding,
  SECCOMP,
  SIGNAL,
  SPEC,
  WATCHDOG,
} from '../../grammars/notices.js';
import { readOutside } from '../../grammars/outside.js';
import { isAround, isSentence, readCutHeader } from '../../grammars/posted.js';
import { DROPPED, ENVELOPES, JSON_LEVELS, jsonSite, readHeader } from '../../grammars/record.js';
import { isAlarm, isTelling } from '../../grammars/told.js';
import { COMM_BYTES, nanosOfDuration, readEnter, readExit, readTaskLog, UNSUPPORTED } from '../../grammars/syscall.js';
import type { BannerField, Captures, Kind, Level, LogEvent, Task, UnreadReason } from '../model/event.js';
import type { Fields } from '../../grammars/compile.js';
import type { LogRecord } from '../input/records.js';
import { fitsCall } from './arguments.js';
import { NativeReader } from './native.js';

const readJsonSite = compileReader(jsonSite);

const LEVELS: Readonly<Record<string, Level>> = { I: 'info', W: 'warning', D: 'debug' };

/** Where the year comes from that text headers lack, and how loose lines are to be taken. */
export type ReadOptions = {
  readonly source: string;
  readonly year: number;
  /** Does the source hold a log at all? If not, its lines are `unread`; if so, lines before the first record go on one. */
  readonly isLog: boolean;
  /** Are there records in it? Text that has none (what a command printed) is not the rest of one. */
  readonly hasRecords: boolean;
  /** Are known sentences to be recognised (`known`, `captures`)? Counting kinds does not need them. */
  readonly sentences: boolean;
  /** Is the source full of NUL and control bytes, rather than text? */
  readonly isBinary: boolean;
};

/** An event in the making: filled in place, since a copy a record would be the larger part of the reader's cost. */
type Base = {
  kind: Kind;
  source: string;
  line: number;
  offset: number;
  bytes: number;
  time: string | null;
  level: Level | null;
  pid: number | null;
  site: string | null;
  message: string;
  cut?: number;
  recovered?: string;
};

/** What the headers of a source have told so far. One reader a source; it needs its records in order. */
export class EventReader {
  readonly #options: ReadOptions;
  #year: number;
  #month = 0;
  /** pids whose banner is open; JSON records have none, and count as one process. */
  readonly #inBanner = new Set<number | null>();
  #dialect: Dialect | undefined;
  #release: string | undefined;
  #seenRecord = false;
  #natives: NativeReader | undefined;

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#year = options.year;
  }

  /** The variant that the source writes, as far as is known. */
  get dialect(): Dialect | undefined {
    return this.#dialect;
  }
  /** `20211019.0`, from the banner. */
  get release(): string | undefined {
    return this.#release;
  }

  read(record: LogRecord): LogEvent {
    const base: Base = {
      kind: 'unread',
      source: this.#options.source,
      line: record.line,
      offset: record.offset,
      bytes: record.bytes,
      time: null,
      level: null,
      pid: null,
      site: null,
      message: record.text,
    };
    if (record.cut > 0) base.cut = record.cut;
    if (record.recovered.length > 0) base.recovered = record.recovered.join(',');
    switch (record.shape) {
      case 'glog':
        this.#seenRecord = true;
        return this.#glog(base);
      case 'json':
        return this.#json(base);
      case 'crash':
        this.#seenRecord = true;
        return record.text.startsWith('goroutine ') || record.text.startsWith('runtime stack:')
          ? make(base, 'goroutines')
          : make(base, 'panic', { error: firstLine(record.text), ...this.#known(record.text, 'panic') });
      case 'dropped':
        return make(base, 'dropped', { count: Number(DROPPED.exec(record.text)?.[1] ?? 0) });
      case 'stderr':
        return make(base, 'stderr', this.#known(record.text, 'stderr'));
      case 'native':
        this.#seenRecord = true;
        return this.#native(base);
      case 'outside':
        return this.#outside(base, record);
      case 'cut-header':
        return this.#cutHeader(base);
      case 'blank':
        return make(base, 'blank');
      case 'loose':
        if (this.#options.isBinary) return unread(base, 'binary');
        if (!this.#options.isLog) return unread(base, 'not-a-log');
        return this.#seenRecord || !this.#options.hasRecords || isAround(record.text) || isSentence(record.text)
          ? make(base, 'text', this.#known(record.text, 'text'))
          : make(base, 'continuation', this.#known(record.text, 'text'));
    }
  }

  /** The reader of calls of native strace(1); calls that are read in bulk are told to it. */
  get natives(): NativeReader {
    return (this.#natives ??= new NativeReader(this.#options.source));
  }

  /** A record was read elsewhere. */
  sawRecord(): void {
    this.#seenRecord = true;
  }

  #native(base: Base): LogEvent {
    const { kind, time, fields } = this.natives.read(base.message);
    base.time = time;
    return make(base, kind, fields);
  }

  /** A line of a caller of runsc or of the kernel: an error of runsc may stand in it. */
  #outside(base: Base, record: LogRecord): LogEvent {
    const { kind, level, time, message, errors, fields, isFailure } = readOutside(record.text, record.facts);
    base.level = level;
    base.time = time;
    base.message = message;
    if (kind === 'kernel') {
      const sentence = fields['event'] === undefined || level === null ? {} : { known: `kernel-${fields['event']}` };
      return make(base, kind, this.#options.sentences ? { ...sentence, captures: fields, fields } : { fields });
    }
    let known: { known: string; captures: Captures } | undefined;
    for (const error of errors) {
      const here = this.#known(error, kind);
      if (here !== undefined && (known === undefined || known.known === UNKNOWN_ERROR)) known = here;
    }
    if (known === undefined && this.#options.sentences && isFailure && errors[0] !== undefined) {
      known = recogniseMessage(errors[0], 'fatal');
    }
    return make(base, kind, { ...known, fields });
  }

  /** A record of which only the end of the header is left. */
  #cutHeader(base: Base): LogEvent {
    const cut = readCutHeader(base.message);
    if (cut === undefined) return unread(base, 'undecodable');
    this.#seenRecord = true;
    base.site = cut.site;
    base.message = cut.message;
    return this.#interpret(base);
  }

  #glog(base: Base): LogEvent {
    const header = readHeader(base.message);
    if (header === undefined) return unread(base, 'undecodable');
    const { letter = '', monthDay = '', clock = '', pid = '', file = '', line = '', message = '' } = header;
    base.time = this.#isoTime(monthDay, clock);
    base.level = LEVELS[letter] ?? null;
    base.pid = Number(pid);
    base.site = `${file}:${line}`;
    base.message = message;
    return this.#interpret(base);
  }

  /** `2026-11-23` of the `1123` of a header that is read elsewhere; in order, as the year turns. */
  dateOf(monthDay: string): string {
    return this.#isoTime(monthDay, '').slice(0, -1);
  }

  /** Text headers have no year: it is given for the first record, and turns when the month drops from 12 to 01. */
  #isoTime(monthDay: string, clock: string): string {
    const month = Number(monthDay.slice(0, 2));
    if (month === 1 && this.#month === 12) this.#year++;
    this.#month = month;
    return `${this.#year}-${monthDay.slice(0, 2)}-${monthDay.slice(2)}T${clock}`;
  }

  #json(base: Base): LogEvent {
    let object: unknown;
    try {
      object = JSON.parse(base.message);
    } catch {
      return unread(base, base.cut === undefined ? 'broken-json' : 'undecodable');
    }
    if (object === null || typeof object !== 'object') return unread(base, 'broken-json');
    const values = object as Readonly<Record<string, unknown>>;
    const envelope = ENVELOPES.find(({ text }) => typeof values[text] === 'string');
    if (envelope === undefined) return unread(base, 'broken-json');
    this.#seenRecord = true;
    const text = String(values[envelope.text]);
    base.time = typeof values['time'] === 'string' && ISO_TIME.test(values['time']) ? values['time'] : null;
    base.level = JSON_LEVELS[String(values['level'])] ?? null;
    const site = readJsonSite(text);
    base.site = site === undefined ? null : `${site['file'] ?? ''}:${site['line'] ?? ''}`;
    base.message = site === undefined ? text : (site['message'] ?? '');
    // runsc writes no field beside its message: an error in one of its own is another program's.
    const others = values['error'] ?? values['err'];
    if (base.level === 'error' && typeof others === 'string' && others !== '') {
      base.message = `${base.message}: ${others}`;
      return make(base, 'text', this.#known(base.message, 'text'));
    }
    // a record of runsc has a time; a program's own log in the same form may have none
    if (base.level === 'error' && values['time'] === undefined) {
      return make(base, 'text', this.#known(base.message, 'text'));
    }
    if (base.level === 'error') {
      return make(base, 'json-error', { error: base.message, ...this.#known(base.message, 'json-error') });
    }
    return this.#interpret(base);
  }

  /** The kind of a decoded record, by its message. Order: what is frequent, then what is specific, then the rest. */
  #interpret(base: Base): LogEvent {
    const { message } = base;
    if (message.startsWith('[')) {
      const tagged = this.#ofTask(base);
      if (tagged !== undefined) return tagged;
    }
    if (message.startsWith('*****') && isDelimiter(message)) {
      if (!this.#inBanner.delete(base.pid)) this.#inBanner.add(base.pid);
      this.#learn(message, base.site);
      return make(base, 'banner', { field: 'delimiter', values: {} });
    }
    if (message.startsWith('FATAL ERROR: ')) {
      const error = message.slice('FATAL ERROR: '.length).trimEnd();
      return make(base, 'fatal', { error, ...this.#known(error, 'fatal') });
    }
    // Banners hold information alone; a log that was cut within one has its closing edge where an opening one would be.
    if (this.#inBanner.size > 0 && base.level !== 'warning' && this.#inBanner.has(base.pid)) {
      const line = this.#bannerLine(base);
      if (line !== undefined) return line;
      if (base.level === 'info') this.#inBanner.delete(base.pid);
    }
    if (NOTICE_LETTERS.has(message.charCodeAt(0))) {
      const notice = this.#notice(base);
      if (notice !== undefined) return notice;
    }
    if (message.includes('\n') && GOROUTINES.test(message)) return make(base, 'goroutines', this.#known(message));
    return make(base, base.level === 'warning' ? 'warning' : 'note', this.#known(message));
  }

  /** Messages that are kinds of their own, by what they begin with (grammars/notices.ts). */
  #notice(base: Base): LogEvent | undefined {
    const { message } = base;
    const ending = readEnding(message);
    if (ending !== undefined) return make(base, 'exit', ending);
    const unsupported = UNSUPPORTED.exec(message);
    if (unsupported !== null) return make(base, 'unsupported-syscall', { name: unsupported[1] ?? '' });
    const signal = SIGNAL.exec(message);
    if (signal !== null) return make(base, 'signal', { signal: signalOf(signal) });
    if (SPEC.test(message.replace('\r', ''))) return make(base, 'spec');
    if (SECCOMP.test(message)) return make(base, 'seccomp-dump');
    if (WATCHDOG.test(message) && base.level === 'warning') return make(base, 'watchdog', this.#known(message));
    if (PACKET.test(message)) return make(base, 'packet');
    if (message.startsWith('panic: ')) {
      return make(base, 'panic', { error: firstLine(message), ...this.#known(message, 'panic') });
    }
    return undefined;
  }

  /** Which known sentence this is; not asked where nobody wants to know. */
  #known(text: string, kind?: Kind): { known: string; captures: Captures } | undefined {
    return this.#options.sentences ? recogniseMessage(text, kind) : undefined;
  }

  #bannerLine(base: Base): LogEvent | undefined {
    const line = readBannerLine(base.message);
    if (line !== undefined) {
      const { version } = line.values;
      if (version !== undefined) {
        this.#release = releaseOf(version);
        if (this.#release !== undefined) this.#dialect = dialectOfRelease(this.#release);
      }
      if (line.values['revision'] !== undefined) this.#dialect = DIALECTS[0];
      return make(base, 'banner', { field: line.field as BannerField, values: given(line.values) });
    }
    const config = readConfigLine(base.message);
    if (config === undefined) return undefined;
    const flag = config.flag === undefined ? {} : { flag: config.flag };
    return make(base, 'config', { values: config.values, ...flag });
  }

  /** A record with a task tag: a call, or what the sentry says of a task. */
  #ofTask(base: Base): LogEvent | undefined {
    const tag = TAG.exec(base.message)?.[0];
    if (tag === undefined) return undefined;
    if (base.site === null || base.site.startsWith('strace.go:') || base.site === 'x:0') {
      const call = readCall(base, tag);
      if (call !== undefined) {
        this.#learn(base.message, base.site);
        return call;
      }
    }
    const message = base.message.slice(tag.length);
    if (SPECIAL.test(message)) {
      // What looks like a tag may still be none: `[()] `.
      if (readTaskLog(tag) === undefined) return undefined;
      const signal = SIGNAL.exec(message);
      if (signal !== null) return make(base, 'signal', { signal: signalOf(signal), task: taskOf(tag) });
      if (FAULT.test(message)) return make(base, 'fault');
      const unsupported = UNSUPPORTED.exec(message);
      if (unsupported !== null) {
        return make(base, 'unsupported-syscall', { name: unsupported[1] ?? '', task: taskOf(tag) });
      }
    }
    if (DUMP.test(message)) return make(base, 'dump');
    return make(base, base.level === 'warning' ? 'warning' : 'note', this.#known(message));
  }

  /** Learns the dialect from a line that is read elsewhere (in bulk). */
  peek(line: string): void {
    if (line.startsWith('{')) {
      const { msg, log } = JSON.parse(line) as { readonly msg?: string; readonly log?: string };
      const text = msg ?? log ?? '';
      const end = text.indexOf('] ');
      this.#learn(text.slice(end + 2), text.slice(0, end));
      return;
    }
    const header = readHeader(line);
    if (header !== undefined) this.#learn(header['message'] ?? '', `${header['file'] ?? ''}:${header['line'] ?? ''}`);
  }

  /** A banner's release settles the dialect; without one, the newest that a line betrays. */
  #learn(message: string, site: string | null): void {
    if (this.#release !== undefined || this.#dialect === DIALECTS[0]) return;
    const dialect = dialectOfLine(message, site);
    if (dialect === undefined) return;
    if (this.#dialect === undefined || compareReleases(dialect.from, this.#dialect.from) > 0) this.#dialect = dialect;
  }
}

/**
 * Where the direction letter and the name of a call stand. A task's name may imitate them (`a X kill(1) = (`), so all
 * places within its 15 bytes are asked.
 */
const DIRECTION = / ([EX]) ([a-z0-9_]+)\(/g;

/** First letters of the messages that are kinds of their own: nearly all others are spared a dozen patterns. */
const NOTICE_LETTERS = new Set([...'aEFUSNRsrWp'].map((letter) => letter.charCodeAt(0)));

/** What Go prints of a time (RFC 3339). */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** A task tag, in front of what is said of the task; `readTaskLog` reads what is in it. */
const TAG = /^\[[ \d:()]+\] /;
/** How the kinds begin that are told apart by longer patterns. */
const SPECIAL = /^(?:Signal|Received|Notified|Uncaught|Unhandled|Unable|Unsupported) /i;

const FULL_COMM = 'x'.repeat(COMM_BYTES);

/** Reads an enter or exit record. Where a task's name allows several readings, the last that fits the syscall tables. */
function readCall(base: Base, tag: string): LogEvent | undefined {
  // A blank line behind a record (as the marker of lost messages brings one) is none of the call's.
  const text = base.message.slice(tag.length).replace(/[\r\n]+$/, '');
  const places = [...text.slice(0, COMM_BYTES + 40).matchAll(DIRECTION)].filter(
    ({ index }) => bytesOf(text.slice(0, index)) <= COMM_BYTES,
  );
  const readings: LogEvent[] = [];
  for (const { index, 1: direction, 2: name = '' } of places) {
    const comm = text.slice(0, index);
    // A name of full length: a shorter one could reach to the next place.
    const plain = `${tag}${FULL_COMM}${text.slice(index)}`;
    const fields = direction === 'X' ? readExit(plain) : readEnter(plain);
    if (fields === undefined) continue;
    const args = fields['args'] ?? '';
    const call = places.length === 1 ? base : { ...base };
    if (direction === 'E') {
      readings.push(make(call, 'syscall-enter', { task: taskOf(tag), comm, name, args }));
      continue;
    }
    const errno = fields['errno'] === undefined ? null : Number(fields['errno']);
    readings.push(
      make(call, 'syscall-exit', {
        task: taskOf(tag),
        comm,
        name,
        args,
        ret: decimalOf(fields['value'] ?? '0'),
        errno,
        errno_name: errno === null ? null : errnoName(errno),
        duration_ns: nanosOfDuration(fields['elapsed'] ?? '0s'),
      }),
    );
  }
  if (readings.length < 2) return readings[0];
  return readings.findLast((call) => 'args' in call && fitsCall(call.name, call.args)) ?? readings.at(-1);
}

/** UTF-8 length of a name; what could not be decoded was a byte. */
function bytesOf(text: string): number {
  return Buffer.byteLength(text.replaceAll('\ufffd', '?'));
}

/** Hexadecimal results of old releases as decimal text; 64 bits do not fit a number. */
function decimalOf(value: string): string {
  return value.startsWith('0x') ? BigInt(value).toString() : value;
}

function taskOf(tag: string): Task {
  const fields = readTaskLog(tag) ?? {};
  const tid = Number(fields['tid']);
  const tgid = fields['tgid'] === undefined ? null : Number(fields['tgid']);
  if (fields['nestedTid'] === undefined) return { tgid, tid };
  return { tgid, tid, nested: { tgid: Number(fields['nestedTgid']), tid: Number(fields['nestedTid']) } };
}

function signalOf(match: RegExpExecArray): number {
  const { terminating, external, notified, uncaught } = match.groups ?? {};
  return Number(terminating ?? external ?? notified ?? uncaught ?? 0);
}

/** A text that names gVisor in one line and a failure in another. */
export const speaksOfFailure = isAlarm;

/**
 * Is this line, which stands in no record, something that runsc or its callers print? `strict`: only a known error of
 * runsc's own at the very beginning, as a command writes it to stderr.
 */
export function isKnownText(line: string, strict: boolean): boolean {
  if (!strict) return recogniseMessage(line, 'text') !== undefined || isTelling(line);
  return /^[a-zA-Z]/.test(line) && (recogniseMessage(line, 'fatal')?.known ?? UNKNOWN_ERROR) !== UNKNOWN_ERROR;
}

function given(fields: Fields): Captures {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) values[name] = value;
  return values;
}

/** Makes the event of what was read so far: its kind, and the fields that the kind has. */
function make(base: Base, kind: Kind, fields?: object): LogEvent {
  base.kind = kind;
  if (fields !== undefined) Object.assign(base, fields);
  return base as unknown as LogEvent;
}

function unread(base: Base, why: UnreadReason): LogEvent {
  return make(base, 'unread', { why });
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text : text.slice(0, end);
}
