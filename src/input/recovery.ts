/**
 * Recovery: records out of text as people post it. Only for sources that do not begin as a clean log; it cuts and mends
 * lines and hands them to the record reader, with the bytes that they had in the input.
 */
import { opensOutside } from '../../grammars/outside.js';
import {
  isAround,
  isFrame,
  isPostedHeader,
  isSentence,
  isSteady,
  isTypeset,
  isTypesetObject,
  joints,
  mend,
  mendHeader,
  recordAt,
  unwrap,
  unwrapLike,
  visible,
  withoutTail,
  type Mending,
  type Unwrapped,
} from '../../grammars/posted.js';
import type { MendedText, RecordReader } from './records.js';

/** What a source was seen to be before its first record. */
export type Posted = {
  /** `record`: one of runsc's own inside of something; `outside`: a line of its callers; `frame`: what pages and tools put around one. */
  readonly sign: 'record' | 'outside' | 'frame';
  /** May a page have set the text: other dashes, other quotation marks? Machines that put a prefix before each line do not. */
  readonly isPage: boolean;
  /** Columns at which its lines were broken; 0: they were not. */
  readonly width: number;
};

/** Longest beginning of a line in which wrappings and openers are looked for. */
const OPENER_BYTES = 2048;

/** Asked of one line where no clean record has been seen yet: what does it show? */
export function postedSign(raw: string): Posted | undefined {
  const line = visible(raw, true, []);
  const body = line.slice(0, OPENER_BYTES);
  const found = unwrap(body, (at, facts) => openerAt(body, at, facts) !== undefined);
  const kind = found === undefined ? undefined : openerAt(body, found.at, found.facts);
  const isPage = found === undefined || !isSteady(found.chain);
  if (carriedLine(line)?.isSure === true) return { sign: 'record', isPage: false, width: 0 };
  if (kind !== undefined && kind !== 'outside') return { sign: 'record', isPage, width: 0 };
  if (joints(line, -1).some((at) => isPostedHeader(line, at))) return { sign: 'record', isPage: true, width: 0 };
  if (isFrame(body) || isAround(body)) return { sign: 'frame', isPage: true, width: 0 };
  return kind === undefined ? undefined : { sign: 'outside', isPage, width: 0 };
}

/**
 * Is a line that begins with a whole header none of a clean log? Other records stand behind it on the same line, or a page has set
 * it. Asked of the first record and of its banner.
 */
export function isPostedRecord(line: string): boolean {
  if (line.startsWith('{')) return isTypesetObject(line.slice(0, OPENER_BYTES)) || joints(line, 0).length > 0;
  return joints(line, 0).length > 0 || (!isTrace(line) && isTypeset(line));
}

/** Is this a line of a banner, or an object of a JSON log, whose end is missing: was it broken? */
export function isBroken(line: string): boolean {
  if (line.startsWith('{')) return !line.endsWith('}');
  if (ARGUMENTS.test(line)) return !line.endsWith(']');
  return VERSION.test(line) && !/ GID \d{1,10}$/.test(line);
}
const ARGUMENTS = /^[IWD?]\d{4} [\d:.]{15} +\d+ [\w.]+:\d+\] Args: \[/;
const VERSION = /^[IWD?]\d{4} [\d:.]{15} +\d+ [\w.]+:\d+\] Version [^ ,]{1,128}, /;

/** Lines are not broken at fewer columns. */
const LEAST_WIDTH = 40;

/**
 * The columns at which the lines of a text were broken; 0 where they were not. Records are whole lines else: where none is longer than
 * the longest, and that one goes on in the next line more than once, somebody broke them there.
 */
export function widthOf(text: string, least = 2): number {
  const lines = text.split('\n').map((line) => visible(line.replace(/\r$/, ''), true, []));
  let width = 0;
  let broken = 0;
  let whole = 0;
  lines.forEach((line, index) => {
    if (index + 1 === lines.length) return;
    const found = unwrap(line.slice(0, OPENER_BYTES), (at) => isRecordAt(line, at));
    if (found === undefined) return;
    const count = columns(line);
    if (count < width) return;
    if (count > width) [width, broken, whole] = [count, 0, 0];
    const next = lines[index + 1] as string;
    const like = unwrapLike(next.slice(0, OPENER_BYTES), found.chain);
    if (next.trim() === '' || isRecordAt(next, like.at) || isAround(next)) whole++;
    else broken++;
  });
  return width >= LEAST_WIDTH && broken >= least && broken > whole ? width : 0;
}

function isRecordAt(line: string, at: number): boolean {
  const kind = recordAt(line, at);
  return kind === 'header' || kind === 'json';
}

/** Characters of a text whose characters are its bytes in UTF-8. */
function columns(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xc0) !== 0x80) count++;
  return count;
}

/** A header is not longer. */
const HEADER_BYTES = 128;
const TAIL_BYTES = 1024;

/** Where a line that fills a whole block may be cut, so that no header is. */
export function cutOf(buf: Buffer, filled: number): number {
  const from = filled - TAIL_BYTES;
  const last = joints(buf.toString('latin1', from, filled), 0).at(-1);
  return last === undefined ? filled - HEADER_BYTES : from + last;
}

/** Is this an object that a collector of logs made of a line: docker, journald, fluentd and the like? */
export function isCarriedLine(line: string): boolean {
  return carriedLine(line)?.isSure === true;
}

type Opener = 'header' | 'json' | 'crash' | 'cut-header' | 'outside';

function openerAt(text: string, at: number, facts: Readonly<Record<string, string>>): Opener | undefined {
  return recordAt(text, at) ?? (opensOutside(text, at, facts['unit']) === undefined ? undefined : 'outside');
}

/** Reads the lines of one posted source. */
export class Recovery {
  readonly #records: RecordReader;
  readonly #isPage: boolean;
  readonly #width: number;
  /** What stood before the last record. */
  #chain: readonly string[] = [];
  /** A line is open: only pieces of it have come. */
  #isMidLine = false;
  /** The last line was broken: the next one goes on in it. */
  #why: 'wrapped' | 'partial' | undefined;
  #isAfterBlank = true;
  /** Blanks that stood before the last record. */
  #indent = 0;
  /** Do the lines end in the letters `\\n`? */
  #isLiteral = false;
  /** Is the last record an object of a JSON log? */
  #isJson = false;
  /** Is the last record one of runsc's own, and who wrote its line? */
  #isOwn = false;
  #unit: string | undefined;
  /** Bytes of the line that are not in its text, and what was taken out of it. */
  #unseen = 0;
  #unseenMarks: readonly Mending[] = [];
  /** Were line ends of the open line letters? */
  #isSpelled = false;

  constructor(records: RecordReader, posted: Posted) {
    this.#records = records;
    this.#isPage = posted.isPage;
    this.#width = posted.width;
  }

  /** A whole line, or (isWhole: false) a piece of one that goes on with the next call. */
  line(buf: Buffer, start: number, end: number, isWhole: boolean): void {
    const raw = buf.toString('latin1', start, end);
    const rawBody = raw.replace(/\r?\n$/, '');
    const kept = isWhole && !this.#isMidLine ? carriedLine(rawBody) : undefined;
    if (kept !== undefined) {
      this.#carriedLine(kept, raw.length);
      return;
    }
    const marks: Mending[] = [];
    const body = visible(rawBody, this.#isPage, marks);
    this.#unseen = rawBody.length - body.length;
    this.#unseenMarks = marks;
    const length = raw.length - this.#unseen;
    const rest = this.#first(body, length, isWhole);
    let from = rest.at;
    const places = [...rest.places, length];
    for (let index = 0; index + 1 < places.length; index++) {
      from = places[index] as number;
      const to = places[index + 1] as number;
      const isLast = index + 2 === places.length;
      this.#piece(body.slice(from, to), 0, to - from, isLast && isWhole, ['joined-lines'], {});
    }
    if (isWhole) this.#isSpelled = false;
    this.#isMidLine = !isWhole;
    this.#isAfterBlank = isWhole && body.trim() === '';
    const isBroken = this.#width > 0 && isWhole && columns(body) === this.#width;
    this.#why = rest.part === 'P' ? 'partial' : isBroken ? 'wrapped' : undefined;
  }

  /** An object that a collector made of a line: the text in it is one line of the log, or a part of a longer one. */
  #carriedLine({ text, facts, isPart }: CarriedLine, bytes: number): void {
    const isRest = this.#why === 'partial';
    const opener = isRest ? undefined : this.#openerAt(text.slice(0, OPENER_BYTES), 0, facts);
    this.#chain = ['carried'];
    this.#saw(opener, facts);
    this.#give({
      text: isPart ? text : `${text}\n`,
      bytes,
      isWhole: true,
      as: isRest ? 'more' : opener === 'outside' || opener === 'cut-header' ? opener : undefined,
      marks: opener === 'cut-header' ? ['prefix', opener] : isRest ? ['prefix', 'partial'] : ['prefix'],
      facts,
    });
    this.#why = isPart ? 'partial' : undefined;
    this.#isAfterBlank = text === '';
  }

  /** Hands on what stands before the first joint, and says where the joints are. */
  #first(body: string, bytes: number, isWhole: boolean): { at: number; places: readonly number[]; part?: string } {
    const head = body.length > OPENER_BYTES ? body.slice(0, OPENER_BYTES) : body;
    const upTo = (places: readonly number[]): number => places[0] ?? bytes;
    if (this.#isMidLine || this.#why !== undefined) {
      const like = this.#isMidLine
        ? { at: 0, marks: [], facts: {} as Readonly<Record<string, string>> }
        : unwrapLike(head, this.#chain, this.#indent);
      const isEnd = !this.#isMidLine && (isRecordAt(head, like.at) || body.trim() === '');
      if (!isEnd) {
        const places = this.#isJson ? [] : joints(body, this.#isMidLine ? -1 : like.at);
        const to = upTo(places);
        if (to === 0) return { at: 0, places };
        const marks: Mending[] = this.#why === undefined ? [] : [this.#why];
        const kept = mend(body.slice(like.at, to), this.#isPage, marks);
        const ends = isWhole && places.length === 0;
        this.#give({ text: ends ? `${kept}\n` : kept, bytes: to, isWhole: ends, as: 'more', marks });
        return { at: to, places, ...partOf(like.facts) };
      }
    }
    const inCall = this.#records.isInCall;
    const opens = (at: number, facts: Readonly<Record<string, string>>): boolean => {
      const opener = this.#openerAt(head, at, facts);
      return opener !== undefined && !(inCall && opener !== 'header');
    };
    const found = unwrap(head, opens);
    if (found !== undefined) {
      const places = joints(body, found.at);
      this.#chain = found.chain;
      this.#indent = found.chain.includes('indent') ? blanksBefore(head, found.at) : 0;
      this.#piece(body, found.at, upTo(places), isWhole && places.length === 0, found.marks, found.facts);
      return { at: upTo(places), places, ...partOf(found.facts) };
    }
    const places = joints(body, -1);
    const to = upTo(places);
    if (to === 0) return { at: 0, places };
    const facts = this.#other(body, to, isWhole && places.length === 0);
    return { at: to, places, ...partOf(facts) };
  }

  /** A text that begins a record at `at`, within `bytes` of the line. */
  #piece(
    body: string,
    at: number,
    bytes: number,
    isWhole: boolean,
    done: readonly Mending[],
    facts: Readonly<Record<string, string>>,
  ): void {
    const marks = [...done];
    const opener = openerAt(body.slice(at, at + OPENER_BYTES), 0, facts);
    this.#saw(opener, facts);
    let text = mend(body.slice(at, bytes), this.#isPage, marks);
    // A part of a line ends where it was cut, whatever letters stand there.
    const isPart = facts['part'] === 'P' || (this.#width > 0 && columns(body) === this.#width);
    const tails = [...(done.includes('backticks') ? ['ticks'] : []), ...(done.includes('table') ? ['cell'] : [])];
    if (!isPart && opener !== 'json') text = withoutTail(text, tails, marks);
    else if (opener === 'json') {
      const behind = /\}((?:\\n|[\s"'`|]|\xe2\x80[\x9c\x9d]|<\/(?:pre|code)>){1,16})$/.exec(text.slice(-64))?.[1] ?? '';
      text = text.slice(0, text.length - behind.length);
      if (behind.includes('\\n')) marks.push('literal-newline');
    }
    // One line of which the records are parted by line ends in letters: within its records they are, too.
    if (marks.includes('literal-newline') && marks.includes('joined-lines')) this.#isSpelled = true;
    const wasJson = this.#isJson;
    this.#isLiteral = marks.includes('literal-newline');
    this.#isJson = opener === 'json';
    if (!isWhole || marks.includes('joined-lines')) text = text.trimEnd();
    if (opener === 'header') text = mendHeader(text, marks) ?? text;
    if (opener === 'cut-header') marks.push('cut-header');
    let left = bytes;
    if (opener === 'header' && this.#isSpelled && text.includes('\\n') && !isTrace(text)) {
      const lines = text.split('\\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const count = Math.min(left, line.length + 2);
        this.#give({ text: `${line}\n`, bytes: count, isWhole: false, as: undefined, marks });
        left -= count;
      }
    }
    const isCopy = opener === undefined && (wasJson || left < bytes);
    this.#give({
      text: isWhole ? `${text}\n` : text,
      bytes: left,
      isWhole,
      as: isCopy
        ? undefined
        : opener === undefined
          ? 'loose'
          : opener === 'outside' || opener === 'cut-header'
            ? opener
            : undefined,
      marks: opener === undefined ? [] : marks,
      facts,
    });
  }

  /** A line that begins nothing: it goes on the open record, or stands around the log. */
  #other(body: string, bytes: number, isWhole: boolean): Readonly<Record<string, string>> {
    const like: Unwrapped = unwrapLike(body.slice(0, OPENER_BYTES), this.#chain, this.#indent);
    const marks = [...like.marks];
    const text = body.slice(like.at, bytes);
    const isWrapped = like.chain.length > 0;
    const isSame = isWrapped || !this.#chain.some((id) => id === 'quote' || id === 'indent' || isSteady([id]));
    const isProse = !this.#records.isInCall && (isAround(text) || !isSame || (this.#isAfterBlank && isSentence(text)));
    let mended = mend(text, this.#isPage && !isProse, marks);
    const tails = like.chain.filter((id) => id === 'ticks' || id === 'cell');
    if ((this.#isLiteral || tails.length > 0 || mended.endsWith('>')) && !isProse)
      mended = withoutTail(mended, tails, marks);
    this.#give({
      text: isWhole ? `${mended}\n` : mended,
      bytes,
      isWhole,
      as: isProse && text.trim() !== '' ? 'loose' : undefined,
      marks: isProse ? [] : marks,
      facts: like.facts,
    });
    return like.facts;
  }

  #give(mended: MendedText): void {
    const unseen = this.#unseen;
    this.#unseen = 0;
    const marks = this.#unseenMarks.filter((mark) => !mended.marks.includes(mark));
    const isSame = mended.as === 'loose' || marks.length === 0;
    this.#records.feedMended({
      ...mended,
      bytes: mended.bytes + unseen,
      marks: isSame ? mended.marks : [...mended.marks, ...marks],
    });
  }

  /** What begins at a place; a writer of many lines may have printed the lines of a record of runsc, too. */
  #openerAt(text: string, at: number, facts: Readonly<Record<string, string>>): Opener | undefined {
    const opener = openerAt(text, at, facts);
    if (opener !== 'outside' || !this.#isOwn || facts['unit'] !== this.#unit) return opener;
    return opensOutside(text, at) === undefined ? undefined : opener;
  }

  #saw(opener: Opener | undefined, facts: Readonly<Record<string, string>>): void {
    if (opener === undefined) return;
    this.#isOwn = opener !== 'outside';
    this.#unit = facts['unit'];
  }
}

/** Shows a record the bytes of an application? */
function isTrace(text: string): boolean {
  return /\] \[[ \d:()]+\] /.test(text.slice(0, HEADER_BYTES));
}

function partOf(facts: Readonly<Record<string, string>>): { part?: string } {
  return facts['part'] === undefined ? {} : { part: facts['part'] };
}

/** How many blanks stand right before a place. */
function blanksBefore(text: string, at: number): number {
  let from = at;
  while (from > 0 && (text[from - 1] === ' ' || text[from - 1] === '\t')) from--;
  return at - from;
}

/** The text of a line within an object that a collector of logs made of it. */
type CarriedLine = {
  readonly text: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly isPart: boolean;
  /** Does the object, or the text, say that it is a log's line? */
  readonly isSure: boolean;
};

/** Keys of the text, and of what is told of it. */
const TEXT_KEYS = ['log', 'message', 'MESSAGE', 'msg'] as const;
const STAMP_KEYS = ['time', '@timestamp', 'timestamp'] as const;
const OWN_KEYS: ReadonlySet<string> = new Set(['msg', 'log', 'level', 'time']);

/**
 * Reads an object around a line, as docker keeps it, journalctl -o json prints it, and fluentd and others send it; its text as bytes.
 *
 *     {"log":"I1123 ...\\n","stream":"stderr","time":"2026-11-23T22:01:59.1Z"}
 *     {"__REALTIME_TIMESTAMP":"1795471319000000","SYSLOG_IDENTIFIER":"runsc","MESSAGE":"I1123 ..."}
 */
function carriedLine(line: string): CarriedLine | undefined {
  if (!line.startsWith('{"') || !line.endsWith('}') || !/"(?:log|message|MESSAGE|msg)": ?"/.test(line))
    return undefined;
  let object: Readonly<Record<string, unknown>>;
  try {
    object = JSON.parse(Buffer.from(line, 'latin1').toString('utf8')) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  const keys = Object.keys(object);
  if (keys.every((key) => OWN_KEYS.has(key))) return undefined;
  const key = TEXT_KEYS.find((one) => typeof object[one] === 'string');
  if (key === undefined) return undefined;
  const value = object[key] as string;
  const text = Buffer.from(value.replace(/\r?\n$/, ''), 'utf8').toString('latin1');
  const facts: Record<string, string> = {};
  const stamp = STAMP_KEYS.map((one) => object[one]).find((one) => typeof one === 'string');
  if (typeof stamp === 'string') facts['stamp'] = stamp;
  const micros = Number(object['__REALTIME_TIMESTAMP']);
  if (micros > 0 && micros < 8.64e18) facts['stamp'] = new Date(micros / 1000).toISOString();
  if (typeof object['SYSLOG_IDENTIFIER'] === 'string') facts['unit'] = object['SYSLOG_IDENTIFIER'];
  const isDocker = key === 'log' && typeof object['stream'] === 'string';
  const isFile = isDocker && keys.every((one) => DOCKER_KEYS.has(one));
  return {
    text,
    facts,
    isPart: (isFile && !value.endsWith('\n')) || object['logtag'] === 'P',
    isSure: isDocker || openerAt(text.slice(0, OPENER_BYTES), 0, facts) !== undefined,
  };
}
const DOCKER_KEYS: ReadonlySet<string> = new Set(['log', 'stream', 'attrs', 'time']);
