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
  joints,
  mend,
  mendHeader,
  recordAt,
  unwrap,
  unwrapLike,
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
export function postedSign(line: string): Posted | undefined {
  const body = line.slice(0, OPENER_BYTES);
  const found = unwrap(body, (at, facts) => openerAt(body, at, facts) !== undefined);
  const kind = found === undefined ? undefined : openerAt(body, found.at, found.facts);
  const isPage = found === undefined || !isSteady(found.chain);
  if (kind !== undefined && kind !== 'outside') return { sign: 'record', isPage, width: 0 };
  if (joints(line, -1).some((at) => isPostedHeader(line, at))) return { sign: 'record', isPage: true, width: 0 };
  if (isFrame(body) || isAround(body)) return { sign: 'frame', isPage: true, width: 0 };
  return kind === undefined ? undefined : { sign: 'outside', isPage, width: 0 };
}

/**
 * Is a line that begins with a whole header none of a clean log? Other records stand behind it on the same line, or a page has set
 * its command line.
 */
export function isPostedRecord(line: string): boolean {
  return joints(line, 0).length > 0 || (ARGUMENTS.test(line) && isTypeset(line));
}

/** Columns after which the line with the arguments of a banner was broken; 0 where it is whole. */
export function brokenAt(line: string): number {
  return ARGUMENTS.test(line) && !line.endsWith(']') ? columns(line) : 0;
}
const ARGUMENTS = /^[IWD?]\d{4} [\d:.]{15} +\d+ [\w.]+:\d+\] Args: \[/;

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

/** Is this a line of a container's file as docker keeps it? */
export function isDockerLine(line: string): boolean {
  return dockerLine(line) !== undefined;
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

  constructor(records: RecordReader, posted: Posted) {
    this.#records = records;
    this.#isPage = posted.isPage;
    this.#width = posted.width;
  }

  /** A whole line, or (isWhole: false) a piece of one that goes on with the next call. */
  line(buf: Buffer, start: number, end: number, isWhole: boolean): void {
    const text = buf.toString('latin1', start, end);
    const body = text.replace(/\r?\n$/, '');
    const kept = isWhole && !this.#isMidLine ? dockerLine(body) : undefined;
    if (kept !== undefined) {
      this.#dockerLine(kept, text.length);
      return;
    }
    const rest = this.#first(body, text.length, isWhole);
    let from = rest.at;
    const places = [...rest.places, text.length];
    for (let index = 0; index + 1 < places.length; index++) {
      from = places[index] as number;
      const to = places[index + 1] as number;
      const isLast = index + 2 === places.length;
      this.#piece(body.slice(from, to), 0, to - from, isLast && isWhole, ['joined-lines'], {});
    }
    this.#isMidLine = !isWhole;
    this.#isAfterBlank = isWhole && body.trim() === '';
    const isBroken = this.#width > 0 && isWhole && columns(body) === this.#width;
    this.#why = rest.part === 'P' ? 'partial' : isBroken ? 'wrapped' : undefined;
  }

  /** A line of a container's file as docker keeps it: the text in it is one line of the log, or a part of a longer one. */
  #dockerLine({ text, stamp, isPart }: DockerLine, bytes: number): void {
    const facts = { stamp };
    const isRest = this.#why === 'partial';
    const opener = isRest ? undefined : openerAt(text.slice(0, OPENER_BYTES), 0, facts);
    this.#chain = ['docker-json'];
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
      if (this.#isMidLine || !isPostedHeader(head, like.at)) {
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
      const opener = openerAt(head, at, facts);
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
    let text = mend(body.slice(at, bytes), this.#isPage, marks);
    // A part of a line ends where it was cut, whatever letters stand there.
    const isPart = facts['part'] === 'P' || (this.#width > 0 && columns(body) === this.#width);
    if (!isPart && opener !== 'json') text = withoutTail(text, done.includes('backticks') ? ['ticks'] : [], marks);
    else if (opener === 'json' && text.endsWith('}\\n')) {
      text = text.slice(0, -2);
      marks.push('literal-newline');
    }
    this.#isLiteral = marks.includes('literal-newline');
    this.#isJson = opener === 'json';
    if (!isWhole || marks.includes('joined-lines')) text = text.trimEnd();
    if (opener === 'header') text = mendHeader(text, marks) ?? text;
    if (opener === 'cut-header') marks.push('cut-header');
    this.#give({
      text: isWhole ? `${text}\n` : text,
      bytes,
      isWhole,
      as: opener === undefined ? 'loose' : opener === 'outside' || opener === 'cut-header' ? opener : undefined,
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
    if (this.#isLiteral && !isProse) mended = withoutTail(mended, [], marks);
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
    this.#records.feedMended(mended);
  }
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

type DockerLine = { readonly text: string; readonly stamp: string; readonly isPart: boolean };

/** Reads `{"log":"I1123 ...\\n","stream":"stderr","time":"..."}`, as docker keeps what a container prints; its text as bytes. */
function dockerLine(line: string): DockerLine | undefined {
  if (!line.startsWith('{"log":"') || !line.includes('","stream":"std')) return undefined;
  try {
    const { log, time } = JSON.parse(Buffer.from(line, 'latin1').toString('utf8')) as { log?: unknown; time?: unknown };
    if (typeof log !== 'string') return undefined;
    const text = Buffer.from(log.replace(/\r?\n$/, ''), 'utf8').toString('latin1');
    return { text, stamp: typeof time === 'string' ? time : '', isPart: !log.endsWith('\n') };
  } catch {
    return undefined;
  }
}
