/**
 * What pages, tools and people put around a record: prefixes, quoting, colours, other dashes, several records on one line.
 * Texts are one character a byte here (latin1), so that every place is a place in the input.
 */
import { CRASH } from './record.js';

/** What was done to a text so that it could be read, as `recovered` names it. */
export type Mending =
  | 'prefix'
  | 'grep'
  | 'quoted'
  | 'list'
  | 'indented'
  | 'backticks'
  | 'ansi'
  | 'table'
  | 'tags'
  | 'joined-lines'
  | 'typography'
  | 'entities'
  | 'literal-newline'
  | 'first-letter'
  | 'cut-header'
  | 'wrapped'
  | 'partial';

/** A blank, also the one that does not break and its entity. */
const WS = '(?:[ \\t]|\\xc2\\xa0|&nbsp;)';
const CLOCK = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{6}';
const MONTH_DAY = '(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])';
const SITE = '[A-Za-z][A-Za-z0-9_.]{0,63}:\\d{1,6}\\]';

/**
 * A header that need not be whole: its letter may be missing, its blanks may be others, or fewer.
 *
 *     0506 16:32:44.123456 4892 main.go:218] ***************************
 */
const HEADER = `([IWD?]?)(${MONTH_DAY})${WS}(${CLOCK})${WS}{1,16}(\\d{1,10})${WS}(${SITE})${WS}`;
const HEADER_HERE = new RegExp(HEADER, 'y');

/** The end of a header whose beginning was cut off: `:44.123456 4892 main.go:218] GOOS: linux`, or its call site alone. */
const CUT_HEADER = new RegExp(
  `(?:(?:[IWD?]?\\d{0,4}${WS})?[\\d:]{0,8}\\.?\\d{1,6}${WS}{1,16})?(?:\\d{1,10}${WS})?([a-z][a-z0-9_]{0,63}\\.go:\\d{1,6})\\]${WS}`,
  'y',
);

/** A quotation mark, as a machine writes it or as a page sets it. */
const MARK = '(?:"|\\xe2\\x80[\\x9c\\x9d\\x9e]|&(?:quot|#34);)';
const OBJECT_SOURCE = `\\{${MARK}(?:msg|log|level|time)${MARK}:`;
/** Objects of a JSON log. */
const OBJECT = new RegExp(OBJECT_SOURCE, 'y');

/** What a terminal takes for colours and the like. */
const ESCAPE = String.fromCharCode(27);
const ANSI = `${ESCAPE}\\[[0-9;?]{0,24}[A-Za-z]`;
/** What sets the title of a terminal's window. */
const TITLE = `${ESCAPE}\\][^${ESCAPE}\\x07\\n]{0,512}(?:\\x07|${ESCAPE}\\\\)`;
const ISO_DATE = '\\d{4}-\\d\\d-\\d\\d';
const ISO_ZONE = '(?:Z|[+-]\\d\\d:?\\d\\d)';

/** Something that stands before a record. `isSteady`: a machine put it before every line. */
type Wrapping = {
  readonly id: string;
  readonly mark: Mending;
  readonly pattern: RegExp;
  readonly isSteady: boolean;
  /** Ends in a place where nothing but a record may follow. */
  readonly needsRecord?: true;
};

/**
 * The wrappings, in the order in which they are tried at each place.
 *
 *     Nov 23 22:01:59 host1 dockerd[812]: time="2026-11-23T22:01:59Z" level=error msg="..."
 *     2026-01-02T03:04:05.000000006Z stdout F I0102 03:04:05.123456       1 main.go:196] ...
 *     runsc.log.20240401-221231.6.run.txt:12:W0401 22:12:42.380344   61903 util.go:64] FATAL ERROR: ...
 */
const WRAPPINGS: readonly Wrapping[] = [
  { id: 'bom', mark: 'prefix', pattern: /\xef\xbb\xbf/y, isSteady: false },
  { id: 'ansi', mark: 'ansi', pattern: new RegExp(`(?:${ANSI})+`, 'y'), isSteady: false },
  {
    id: 'cri',
    mark: 'prefix',
    pattern: new RegExp(
      `(?<stamp>${ISO_DATE}T\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?${ISO_ZONE}) std(?:out|err) (?<part>[FP]) `,
      'y',
    ),
    isSteady: true,
  },
  {
    id: 'journal',
    mark: 'prefix',
    pattern: new RegExp(
      `(?:<\\d{1,3}>)?(?:[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?|(?<stamp>${ISO_DATE}T\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?${ISO_ZONE})) [\\w.-]{1,255} (?<unit>[^\\s:\\[\\]]{1,128})(?:\\[\\d{1,10}\\])?: `,
      'y',
    ),
    isSteady: true,
  },
  {
    id: 'syslog',
    mark: 'prefix',
    pattern: new RegExp(
      `<\\d{1,3}>1 (?<stamp>${ISO_DATE}T\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?${ISO_ZONE}) [\\w.:-]{1,255} (?<unit>[\\w./-]{1,48}) [\\w.-]{1,128} [\\w.-]{1,32} (?:-|\\[[^\\]]{1,1024}\\]) `,
      'y',
    ),
    isSteady: true,
  },
  {
    id: 'stamp',
    mark: 'prefix',
    pattern: new RegExp(
      `(?<stamp>${ISO_DATE}[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?: ?${ISO_ZONE}| ?[A-Z]{3,5})?) ?`,
      'y',
    ),
    isSteady: true,
  },
  { id: 'pod', mark: 'prefix', pattern: /\[pod\/[^\]\s]{1,512}\] /y, isSteady: true },
  { id: 'compose', mark: 'prefix', pattern: /[\w.-]{1,128} {1,64}\| /y, isSteady: true },
  { id: 'quote', mark: 'quoted', pattern: /(?:(?:>|&gt;) ?){1,8}/y, isSteady: false },
  { id: 'ticks', mark: 'backticks', pattern: /`{1,3}/y, isSteady: false, needsRecord: true },
  { id: 'marks', mark: 'typography', pattern: /"|\xe2\x80[\x9c\x9d\x98\x99]/y, isSteady: false, needsRecord: true },
  { id: 'list', mark: 'list', pattern: /(?:[-*+]|\xe2\x80\xa2|\d{1,3}[.)]) /y, isSteady: false, needsRecord: true },
  { id: 'cell', mark: 'table', pattern: /\| ?/y, isSteady: true, needsRecord: true },
  {
    id: 'tags',
    mark: 'tags',
    pattern: /(?:<[a-z][a-z0-9]{0,9}(?: [^<>]{0,200})?>){1,8}/y,
    isSteady: false,
    needsRecord: true,
  },
  { id: 'number', mark: 'prefix', pattern: /[ ]{0,8}\d{1,9}\t/y, isSteady: true, needsRecord: true },
  { id: 'diff', mark: 'prefix', pattern: /\+/y, isSteady: true, needsRecord: true },
  { id: 'indent', mark: 'indented', pattern: new RegExp(`${WS}{1,512}`, 'y'), isSteady: false },
  {
    id: 'grep',
    mark: 'grep',
    pattern: /(?:[^\s:"'`|<>(){}[\]]{1,512}[:-])?(?:\d{1,9}[:-])?/y,
    isSteady: true,
    needsRecord: true,
  },
];

/** Most wrappings that stand before one record. */
const MOST_WRAPPINGS = 8;

/** What was found before a record. */
export type Unwrapped = {
  /** Where the record begins. */
  readonly at: number;
  /** Ids of the wrappings, from the outside in. */
  readonly chain: readonly string[];
  readonly marks: readonly Mending[];
  /** What the wrapping tells: `stamp` (a time), `unit` (who wrote the line), `part` (P: the line goes on in the next). */
  readonly facts: Readonly<Record<string, string>>;
};

/** Does a header stand at this place? It may lack its letter. */
export function isPostedHeader(text: string, at: number): boolean {
  HEADER_HERE.lastIndex = at;
  return HEADER_HERE.test(text);
}

/** How a record of runsc's own begins at a place, as far as it can still be told. */
export function recordAt(text: string, at: number): 'header' | 'json' | 'crash' | 'cut-header' | undefined {
  if (isPostedHeader(text, at)) return 'header';
  OBJECT.lastIndex = at;
  if (OBJECT.test(text)) return 'json';
  const code = text.charCodeAt(at);
  if (CRASH_FIRST.has(code) && CRASH.test(text.slice(at, at + 300))) return 'crash';
  CUT_HEADER.lastIndex = at;
  return CUT_HEADER.test(text) ? 'cut-header' : undefined;
}
const CRASH_FIRST = new Set([...'pfrugS'].map((letter) => letter.charCodeAt(0)));

/**
 * Takes off what stands before a record. `opens` says whether a record begins at a place; undefined where none does behind any
 * wrapping.
 */
export function unwrap(
  text: string,
  opens: (at: number, facts: Readonly<Record<string, string>>) => boolean,
): Unwrapped | undefined {
  const chain: string[] = [];
  const marks: Mending[] = [];
  const facts: Record<string, string> = {};
  let at = 0;
  for (let step = 0; step <= MOST_WRAPPINGS; step++) {
    if (opens(at, facts)) return { at, chain, marks, facts };
    const here = at;
    const next = WRAPPINGS.find(({ pattern, needsRecord }) => {
      pattern.lastIndex = here;
      const found = pattern.exec(text);
      if (found === null || found[0] === '') return false;
      const end = here + found[0].length;
      if (needsRecord === true && !opens(end, facts) && !isWrappedTwice(text, end, opens)) return false;
      at = end;
      for (const [name, value] of Object.entries(found.groups ?? {})) if (value !== undefined) facts[name] = value;
      return true;
    });
    if (next === undefined) return undefined;
    chain.push(next.id);
    if (!marks.includes(next.mark)) marks.push(next.mark);
  }
  return undefined;
}

/** `- ` and a backtick, a backtick and blanks: two wrappings that people use together. */
function isWrappedTwice(
  text: string,
  at: number,
  opens: (at: number, facts: Readonly<Record<string, string>>) => boolean,
): boolean {
  INNER.lastIndex = at;
  const found = INNER.exec(text);
  return found !== null && opens(at + found[0].length, {});
}
const INNER = new RegExp(`(?:\`{1,3}| {1,16}|"|${ANSI}|[^\\s:"'\`|<>(){}[\\]]{1,512}:)`, 'y');

/** Takes the same wrappings off a line that goes on a record; as far as they are there. */
export function unwrapLike(text: string, chain: readonly string[], indent = 0): Unwrapped {
  const facts: Record<string, string> = {};
  const taken: string[] = [];
  const marks: Mending[] = [];
  let at = 0;
  for (const id of chain) {
    const wrapping = WRAPPINGS.find((one) => one.id === id);
    if (wrapping === undefined) continue;
    if (wrapping.needsRecord === true && !wrapping.isSteady && id !== 'ticks') continue;
    if (id === 'indent') {
      // The record's own lines are indented, too: no more is taken off than stood before the record.
      if (indent === 0 || text.slice(at, at + indent).trim() !== '' || text.length < at + indent) continue;
      at += indent;
      taken.push(id);
      if (!marks.includes('indented')) marks.push('indented');
      continue;
    }
    wrapping.pattern.lastIndex = at;
    const found = wrapping.pattern.exec(text);
    if (found === null || found[0] === '') break;
    for (const [name, value] of Object.entries(found.groups ?? {})) if (value !== undefined) facts[name] = value;
    at += found[0].length;
    taken.push(id);
    if (!marks.includes(wrapping.mark)) marks.push(wrapping.mark);
  }
  return { at, chain: taken, marks, facts };
}

/** Has a machine put these wrappings before every line? */
export function isSteady(chain: readonly string[]): boolean {
  return chain.some((id) => WRAPPINGS.some((one) => one.id === id && one.isSteady));
}

const OBJECTS = new RegExp(`\\}(?:\\\\n|${WS}{1,8})(?=${OBJECT_SOURCE})`, 'g');
const JOINED_BYTES = 1024 * 1024;
const JOINT = new RegExp(`${HEADER.replace('([IWD?]?)', '([IWD?])')}|docker: Error response from daemon: `, 'g');
/** Where the text of a daemon's error ends and a prompt follows. */
const AFTER_DOCKER = /: unknown\.(?=\s{0,8}(?:\[[\w.-]{1,64}@|[\w.-]{1,64}@|[$#] |I\d{4} ))/g;
/** A record of the tracer: its text may hold anything within quotes. */
const TRACE = /\] \[[ \d:()]+\] [^\n]{0,15}? [EX] [a-z0-9_]+\(/;
const TRACE_END =
  /\)(?: = (?:0x[0-9a-f]+|\d+ \(0x[0-9a-f]+\)|-1)(?: errno=\d{1,6} \([^\n]{1,200}\))? \([^()\n]{2,40}\))?\s*(?:\\n)?\s*$/;
/** Most records that are looked for on one line at a time. */
const MOST_JOINTS = 100_000;

/**
 * Places within a line, behind `from`, where another record begins.
 *
 *     ...main.go:222] GOARCH: amd64 I1028 08:07:51.680456 4892 main.go:223] PID: 4892 I1028 08:07:51.680463 4892 main.go:224] UID: 0
 *
 * A header within an open quotation, or in a call that is not whole before it, is data of a program, and no record.
 */
export function joints(text: string, from: number): readonly number[] {
  const places: number[] = [];
  OBJECT.lastIndex = Math.max(from, 0);
  if (OBJECT.test(text)) {
    // What stands in an object of a JSON log is its text. With nothing between them, the record reader parts them itself.
    const limited = text.slice(0, JOINED_BYTES);
    for (const found of limited.matchAll(OBJECTS)) places.push(found.index + found[0].length);
    // Behind the last object a bare copy of its error may stand.
    const end = endOfObject(limited, places.at(-1) ?? Math.max(from, 0));
    const behind = end === -1 ? null : /^(?:\\n| {1,8})(?=\w)/.exec(limited.slice(end, end + 64));
    if (behind !== null) places.push(end + behind[0].length);
    return places;
  }
  JOINT.lastIndex = from + 1;
  let begins = from;
  let mayEnd = true;
  for (let found = JOINT.exec(text); found !== null && places.length < MOST_JOINTS; found = JOINT.exec(text)) {
    const { index } = found;
    const isDocker = found[0].startsWith('docker');
    if (!isDocker && !endsRecord(text, begins, index)) continue;
    if (isDocker && isPostedHeader(text, begins)) continue;
    places.push(index);
    begins = index;
    if (isDocker && mayEnd) {
      AFTER_DOCKER.lastIndex = index;
      const end = AFTER_DOCKER.exec(text);
      // Where none ends behind this one, none does behind the next.
      mayEnd = end !== null;
      if (end !== null) {
        begins = end.index + end[0].length;
        places.push(begins);
        JOINT.lastIndex = begins;
      }
    }
  }
  return places;
}

/** Where the object that begins at a place ends; -1 where it does not. */
function endOfObject(text: string, at: number): number {
  let depth = 0;
  for (MARKS.lastIndex = at; ;) {
    const found = MARKS.exec(text);
    if (found === null) return -1;
    if (found[0] === '{') depth++;
    else if (found[0] === '}' && --depth <= 0) return MARKS.lastIndex;
  }
}
/** A string, as far as it goes, or a brace. */
const MARKS = /"(?:[^"\\]|\\.)*"?|[{}]/g;

/** May a record end where the next header begins? */
function endsRecord(text: string, begins: number, end: number): boolean {
  const before = text.charCodeAt(end - 1);
  // A quotation mark, a bracket or an equals sign before the header: it is quoted.
  if (before === 61 || before === 91 || before === 40 || before === 96) return false;
  if (before === 34 && quotes(text, Math.max(begins, 0), end) % 2 === 1) return false;
  const record = text.slice(begins, Math.min(end, begins + 400));
  if (!TRACE.test(record)) return true;
  return TRACE_END.test(text.slice(Math.max(begins, end - 400), end)) && quotes(text, begins, end) % 2 === 0;
}

/** Of a longer call it is not asked whether its quotation marks are closed. */
const QUOTES_BYTES = 16_384;

function quotes(text: string, from: number, end: number): number {
  let count = 0;
  if (end - from > QUOTES_BYTES) return 1;
  for (let at = text.indexOf('"', from); at !== -1 && at < end; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) count++;
  }
  return count;
}

/** Flags of a command line with a long dash in place of two short ones, or typographic quotation marks: a page printed this. */
const LONG_DASH = /(^|[ [(=,])\xe2\x80[\x93\x94](?=[a-z])/g;
const DOUBLE_QUOTES = /\xe2\x80[\x9c\x9d\x9e]|&(?:quot|ldquo|rdquo|#34|#8220|#8221);/g;
const SINGLE_QUOTES = /\xe2\x80[\x98\x99]|&(?:apos|lsquo|rsquo|#0?39|#x27|#8216|#8217);/g;
const HARD_BLANK = /\xc2\xa0|&nbsp;|&#160;/g;
const ENTITY = /&(amp|lt|gt|#38|#60|#62);/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', '#38': '&', '#60': '<', '#62': '>' };

/** Does the text show that a page set it: long dashes before flags, curly quotation marks, hard blanks, entities? */
export function isTypeset(text: string): boolean {
  return /(?:^|[ [(=,])\xe2\x80[\x93\x94][a-z]|\xe2\x80[\x8b\x9c\x9d]|\xc2\xa0|&(?:nbsp|quot|lt|gt|amp|#39);/.test(
    text,
  );
}

/** Does the text of an object of a JSON log show that a page set it? Go escapes `<`, `>` and `&` there. */
export function isTypesetObject(text: string): boolean {
  return /&(?:nbsp|lt|gt|amp|#39);|^\{"(?:msg|log)":"[\w.]{1,64}:\d{1,6}\]\xc2\xa0/.test(text);
}

const COLOURS = new RegExp(`${ANSI}|${TITLE}`, 'g');
/** Blanks of no width: a page puts them where a line may break. */
const NO_WIDTH = /\xe2\x80[\x8b\x8c\x8d]|\xe2\x81\xa0|\xef\xbb\xbf/g;

/** Takes out what no reader of a page or a terminal sees, wherever it stands, and says what it was. */
export function visible(text: string, isPage: boolean, marks: Mending[]): string {
  let seen = text;
  if (seen.includes(ESCAPE)) {
    seen = seen.replace(COLOURS, '');
    if (seen !== text) marks.push('ansi');
  }
  if (isPage && /[\xe2\xef]/.test(seen)) {
    const wide = seen.replace(NO_WIDTH, '');
    if (wide !== seen) marks.push('typography');
    return wide;
  }
  return seen;
}

/** Undoes what a page or a terminal did to a text, and says what it was. */
export function mend(text: string, isPage: boolean, marks: Mending[]): string {
  const mark = (mending: Mending): void => {
    if (!marks.includes(mending)) marks.push(mending);
  };
  let mended = text;
  if (isPage && /[\xe2\xc2&]/.test(mended)) {
    const set = mended
      .replace(LONG_DASH, '$1--')
      .replace(DOUBLE_QUOTES, '"')
      .replace(SINGLE_QUOTES, "'")
      .replace(HARD_BLANK, ' ');
    if (set !== mended) mark('typography');
    mended = set.replace(ENTITY, (_, name: string) => ENTITIES[name] ?? '');
    if (mended !== set) mark('entities');
  }
  return mended;
}

/** Gives a header that was cut or reset its own form again, so that the record reader knows it; undefined if it has none. */
export function mendHeader(text: string, marks: Mending[]): string | undefined {
  HEADER_HERE.lastIndex = 0;
  const found = HEADER_HERE.exec(text);
  if (found === null) return undefined;
  const [all, letter = '', monthDay = '', clock = '', pid = '', site = ''] = found;
  if (letter === '' && !marks.includes('first-letter')) marks.push('first-letter');
  return `${letter === '' ? '?' : letter}${monthDay} ${clock} ${pid.padStart(7)} ${site} ${text.slice(all.length)}`;
}

/** The call site and the message of a record whose header was cut off. */
export function readCutHeader(text: string): { readonly site: string; readonly message: string } | undefined {
  CUT_HEADER.lastIndex = 0;
  const found = CUT_HEADER.exec(text);
  return found === null ? undefined : { site: found[1] ?? '', message: text.slice(found[0].length) };
}

/** What people put behind a record: `\n` in letters, closing backticks and quotation marks. */
export function withoutTail(text: string, chain: readonly string[], marks: Mending[]): string {
  let kept = text;
  if (chain.includes('ticks')) kept = kept.replace(/`{1,3}\s{0,8}$/, '');
  if (chain.includes('cell')) kept = kept.replace(/`{0,3}\s{0,8}\|\s{0,8}$/, '');
  if (chain.includes('marks')) kept = kept.replace(/(?:"|\xe2\x80[\x9c\x9d\x98\x99])\s{0,8}$/, '');
  if (/<\/(?:pre|code)>$/.test(kept.slice(-8))) {
    kept = kept.replace(/(?:<\/(?:pre|code)>){1,4}$/, '');
    if (!marks.includes('tags')) marks.push('tags');
  }
  if (/\\n["'`]?\s{0,8}$/.test(kept.slice(-16))) {
    kept = kept.slice(0, kept.lastIndexOf('\\n'));
    if (!marks.includes('literal-newline')) marks.push('literal-newline');
  }
  return kept;
}

/**
 * A line of a shell (`root@host1:~# runsc do true`, `[me@host dir]$ `, `❯ grep ...`), a fence of Markdown, a header of `tail -F`:
 * none of them belongs to a record.
 */
export function isAround(text: string): boolean {
  return AROUND.test(text.slice(0, 512));
}
/** What begins or ends a log within something else: a fence of Markdown, a header of `tail -F`. */
export function isFrame(text: string): boolean {
  return /^(?:\s{0,8}(?:```|~~~)[\w-]{0,32}\s*|==> .{1,400} <==\s*)$/.test(text.slice(0, 512));
}

/** Words of a person: a capital letter, and more words without the marks of code. */
export function isSentence(text: string): boolean {
  return (
    /^[A-Z][\w',-]{0,64}(?: [\w',`"()-]{1,64}){2}/.test(text) &&
    !/^\w{1,64}(?:\.\w{1,64}){0,8}\(|^\S{1,64}:\d+/.test(text)
  );
}

/**
 * Is runsc spoken of together with an error in the words of a program: an errno's text, a crash, something that is not supported?
 *
 *     Running it under runsc ends in "/hello: permission denied".
 */
export function isReport(text: string): boolean {
  const limited = text.slice(0, 65_536);
  return (
    /\b(?:runsc|gvisor|nvproxy|OCI runtime)\b|^.{0,64}Container Sandbox: /im.test(limited) &&
    PROGRAM_WORDS.test(limited)
  );
}
const PROGRAM_WORDS =
  /\b(?:permission denied|no such file or directory|operation not permitted|invalid argument|inappropriate ioctl|does not implement|unknown control command|unsupported (?:syscall|ioctl)|segmentation fault|exit status \d)|\bpanic: /i;

/** Is a text what a terminal showed: a prompt with a command, or a program's own words about a failure? */
export function isSession(text: string): boolean {
  return SESSION.test(text.slice(0, 65_536));
}
const SESSION =
  /^(?:[$❯➜] \S|\/ # \S|\[[\w.-]{1,64}@[\w.-]{1,128} [^\]\n]{1,128}\][#$] \S|[\w.-]{1,64}@[\w.-]{1,128}:[^\s#$]{1,255}[#$] |[Ee]rror: \S|> \S.{0,512}: [a-z ]{3,64}$)|^.{1,256} failed: .{0,512}(?:interrupted system call|permission denied|no such file|not permitted|invalid argument)/m;

/**
 * A line behind a record that can be none of its own: a whole prompt, a closing fence or tag, the last words of script(1); behind a
 * blank line, a sentence. Stricter than `isAround`, since the text of a clean record is asked, too.
 */
export function isBehind(line: string, isAfterBlank: boolean): boolean {
  const code = line.charCodeAt(0);
  if (code === 32 || code === 9 || code === 123 || code === 125) return false;
  return (isAfterBlank && QUESTION.test(line)) || BEHIND.test(line.replace(COLOURS, ''));
}
/** A person's sentence to others; runsc writes none that begin so. */
const QUESTION =
  /^(?:Any|Does|Do|Is|Are|Can|Could|How|What|Why|Thanks?|Please|I|I'm|We|My|This)\b(?: [\w'`",()/-]{1,32}){2,40}[?.!,]?\s{0,8}$/;
const BEHIND =
  /^(?:(?:\([\w.-]{1,32}\) )?(?:\[[\w.-]{1,64}@[\w.-]{1,128} [^\]\s]{1,128}\][#$](?: |$)|[\w.-]{1,64}@[\w.-]{1,128}:[~/][^\s#$]{0,255}[#$](?: |$))|```\s*$|(?:<\/(?:pre|code|details)>){1,4}\s*$|Script done on \d{4}-)/;

const AROUND =
  /^(?:(?:<\/(?:pre|code|details)>){1,4}\s*$|\s{0,8}(?:```|~~~)|==> .{1,400} <==\s*$|(?:\([\w.-]{1,32}\) )?(?:\[[\w.-]{1,64}@[\w.-]{1,128} [^\]\n]{1,128}\][#$] ?|[\w.-]{1,64}@[\w.-]{1,128}:[^\s#$]{1,255}[#$] ?|[$#%] |\/ # |(?:\xe2\x9d\xaf|\xe2\x9e\x9c|\u276f|\u279c) ?))/;
