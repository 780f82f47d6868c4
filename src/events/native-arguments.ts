/**
 * Splits the argument text of a native strace(1) call and decodes each argument to the kinds and fields of runsc's. What the
 * text looks like is said in grammars/native-arguments.ts.
 *
 * One look at each character and each level of nesting, and no expression that could look twice: hostile text costs what its
 * length costs.
 */
import {
  ACCESS_MODES,
  FIELD_NAMES,
  FIRST_REALTIME,
  LAST_SIGNAL,
  NATIVE_LISTS,
  NATIVE_TERMINALS as T,
  SIGNAL_NAMES,
} from '../../grammars/native-arguments.js';
import { type ArgumentKind, SHAPES } from '../../grammars/kinds.js';
import { argumentTable } from '../../grammars/syscall-table.js';
import type { Argument, EpollEntry, Fields, Integer, IoVector, Poll } from './arguments.js';

/** A piece of a list; `result` is where what stands behind ` => ` begins, or its start. */
type Piece = { readonly start: number; readonly end: number; readonly result: number };
type Decoded = { readonly [field: string]: unknown } | undefined;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BLANK = 0x20;
const LESS = 0x3c;
const GREATER = 0x3e;
const MINUS = 0x2d;

/** Structures are taken apart so deep; what is nested deeper stays text. */
const MOST_DEPTH = 6;
const MOST_DIGITS = 40;

// ----------------------------------------------------------------------------------------------------------------------- pieces

/** The end of the string whose quote stands at a place; the end of the text where it is not closed. */
function stringEnd(text: string, at: number, end: number): number {
  for (let next = at + 1; next < end; next++) {
    const code = text.charCodeAt(next);
    if (code === BACKSLASH) next++;
    else if (code === QUOTE) return next + 1;
  }
  return end;
}

const SOCKET = /<[A-Z][A-Za-z0-9-]*:\[/y;

/** The end of what stands between `<` and `>` behind a descriptor or a pid, or -1. */
function angleEnd(text: string, at: number, end: number): number {
  SOCKET.lastIndex = at;
  const isSocket = SOCKET.test(text);
  let depth = 0;
  for (let next = at; next < end; next++) {
    const code = text.charCodeAt(next);
    if (code === BACKSLASH) next++;
    else if (code === QUOTE && isSocket) next = stringEnd(text, next, end) - 1;
    else if (code === LESS) depth++;
    else if (code === GREATER && !(isSocket && text.charCodeAt(next - 1) === MINUS) && --depth === 0) return next + 1;
  }
  return -1;
}

/** May an angle at this place open a path? One stands behind a number, AT_FDCWD or a comment; `1<<3` is a shift. */
function opensAngle(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const isBehind = (before >= 0x30 && before <= 0x39) || before === 0x44 || before === 0x2f;
  return isBehind && text.charCodeAt(at + 1) !== LESS && text.charCodeAt(at + 1) !== BLANK;
}

/** Splits at `, ` (or at blanks, in a set) outside strings, paths, comments and brackets. */
function split(text: string, start: number, end: number, separator: ', ' | ' ' = ', '): readonly Piece[] {
  const pieces: Piece[] = [];
  let depth = 0;
  let from = start;
  let result = start;
  // Once nothing closes an angle or a comment, nothing further on is asked for.
  let hasAngles = true;
  let hasComments = true;
  const first = separator.charCodeAt(0);
  for (let at = start; at < end; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = stringEnd(text, at, end) - 1;
        break;
      case 0x7b: // {
      case 0x5b: // [
      case 0x28: // (
        depth++;
        break;
      case 0x7d:
      case 0x5d:
      case 0x29:
        if (depth > 0) depth--;
        break;
      case LESS: {
        const close = hasAngles && opensAngle(text, at) ? angleEnd(text, at, end) : 0;
        if (close === -1) hasAngles = false;
        else if (close > 0) at = close - 1;
        break;
      }
      case 0x2f: // a comment
        if (hasComments && text.startsWith('/* ', at)) {
          const close = text.indexOf(' */', at + 2);
          if (close === -1 || close + 3 > end) hasComments = false;
          else at = close + 2;
        }
        break;
      case 0x3d: // =
        if (depth === 0 && text.startsWith('=> ', at) && text.charCodeAt(at - 1) === BLANK) result = at + 3;
        break;
      case first:
        if (depth > 0 || !text.startsWith(separator, at) || at + separator.length > end) break;
        pieces.push({ start: from, end: at, result });
        at += separator.length - 1;
        from = at + 1;
        result = from;
        break;
      default:
    }
  }
  pieces.push({ start: from, end, result });
  return pieces;
}

/** The pieces between brackets, as text behind the arrow; undefined where the text is no such list. */
function elements(text: string, open: '[' | '{', separator: ', ' | ' ' = ', '): readonly string[] | undefined {
  if (!text.startsWith(open) || !text.endsWith(open === '[' ? ']' : '}') || text.length < 2) return undefined;
  if (text.length === 2) return [];
  return split(text, 1, text.length - 1, separator).map(({ end, result }) => text.slice(result, end));
}

/** Keys and values of a structure, as text; what has no key is left out. */
function entries(text: string): readonly (readonly [key: string, value: string])[] | undefined {
  if (!text.startsWith('{') || !text.endsWith('}') || text.length < 2) return undefined;
  const found: [string, string][] = [];
  for (const { start, end, result } of split(text, 1, text.length - 1)) {
    const [head, key] = KEY.exec(text.slice(start, Math.min(end, start + 48))) ?? ['', ''];
    if (key === undefined || key === '') continue;
    found.push([key, text.slice(Math.max(result, start + head.length), end)]);
  }
  return found;
}

const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`);
const KEY = new RegExp(`^(${T.Key})=`);
const NUMBER = whole(T.Number);
const ADDRESS = whole(T.Address);
const FLAGS = whole(T.Flags);
const NAME = whole(T.Name);
const COMMENT = new RegExp(`${T.Comment}$`);
const DESCRIPTOR = new RegExp(`^(${T.Descriptor})(?:${T.Comment})?`);
const DEVICE = new RegExp(`${T.Device}$`);
const HOST = new RegExp(T.SocketHost);

// ----------------------------------------------------------------------------------------------------------------------- values

const LETTERS: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12, a: 7, b: 8 };

/** Text with C's escapes undone; its bytes are read as UTF-8. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  const from = Buffer.from(text);
  const bytes = Buffer.allocUnsafe(from.length);
  let count = 0;
  for (let at = 0; at < from.length; at++) {
    let byte = from[at] as number;
    if (byte === BACKSLASH && at + 1 < from.length) {
      const letter = from[++at] as number;
      if (letter >= 0x30 && letter <= 0x37) {
        byte = letter - 0x30;
        for (let digits = 1; digits < 3 && isOctal(from[at + 1]); digits++)
          byte = byte * 8 + (from[++at] as number) - 0x30;
      } else if (letter === 0x78) {
        const hex = /^[0-9a-f]{1,2}/.exec(from.toString('latin1', at + 1, at + 3))?.[0];
        byte = hex === undefined ? letter : Number.parseInt(hex, 16);
        at += hex?.length ?? 0;
      } else byte = LETTERS[String.fromCharCode(letter)] ?? letter;
    }
    bytes[count++] = byte & 0xff;
  }
  return bytes.toString('utf8', 0, count);
}

const isOctal = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x37;

/** A string and whether it was cut; undefined where the text is none. */
function stringOf(text: string): { readonly text: string; readonly cut: boolean } | undefined {
  // An abstract socket's name has an @ in front.
  const at = text.startsWith('@"') ? 1 : 0;
  if (text.charCodeAt(at) !== QUOTE) return undefined;
  const end = stringEnd(text, at, text.length);
  if (end < at + 2 || text.charCodeAt(end - 1) !== QUOTE) return undefined;
  const rest = text.slice(end);
  if (rest !== '' && rest !== '...') return undefined;
  return { text: unescaped(text.slice(at + 1, end - 1)), cut: rest !== '' };
}

/** A number as printed: hexadecimal, octal with a leading 0, or decimal. */
function integerOf(text: string): Integer | undefined {
  if (text === T.Null) return 0;
  if (!NUMBER.test(text)) return undefined;
  if (text.length > MOST_DIGITS) return undefined;
  const octal = /^0[0-7]+$/.test(text);
  const isNegativeHex = text.startsWith('-0x');
  const value =
    BigInt(octal ? `0o${text.slice(1)}` : isNegativeHex ? text.slice(1) : text) * (isNegativeHex ? -1n : 1n);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** The value without its comment, and the comment: with `-X verbose` it names what the value is. */
function commented(text: string): { readonly value: string; readonly comment: string | undefined } {
  const match = text.endsWith(' */') ? COMMENT.exec(text) : null;
  return match === null
    ? { value: text, comment: undefined }
    : { value: text.slice(0, match.index), comment: match[1] };
}

/** The names that a value has: those of its comment, if it has any. */
function namesIn(text: string): string {
  const { value, comment } = commented(text);
  return comment !== undefined && FLAGS.test(comment) && !NUMBER.test(comment) ? comment : value;
}

/** The value of a field: a number, a string, a structure, or text as printed. */
function valueOf(text: string, rename: (key: string) => string, depth: number): unknown {
  const { value } = commented(text);
  const integer = integerOf(value);
  if (integer !== undefined && value !== T.Null) return integer;
  const string = stringOf(value);
  if (string !== undefined) return string.text;
  return (depth < MOST_DEPTH ? fieldsOf(value, rename, depth + 1) : undefined) ?? namesIn(text);
}

function fieldsOf(text: string, rename: (key: string) => string, depth = 0): Fields | undefined {
  const pairs = entries(text);
  if (pairs === undefined) return undefined;
  return Object.fromEntries(pairs.map(([key, value]) => [rename(key), valueOf(value, rename, depth)]));
}

const withoutPrefix = (key: string): string => key.replace(/^[a-z]{2,3}_(?=[a-z])/, '');
const capital = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1);

/** Number and path of a descriptor. */
function descriptorOf(text: string): { readonly fd: number; readonly path?: string } | undefined {
  const match = DESCRIPTOR.exec(text);
  if (match === null) return undefined;
  const fd = match[1] === 'AT_FDCWD' ? -100 : Number(match[1]);
  const at = match[0].length;
  if (at === text.length) return { fd };
  if (text.charCodeAt(at) !== LESS) return undefined;
  const end = angleEnd(text, at, text.length);
  const rest = end === -1 ? undefined : text.slice(end);
  if (rest !== '' && rest !== '(deleted)') return undefined;
  return { fd, path: unescaped(text.slice(at + 1, end - 1).replace(DEVICE, '')) };
}

/** A pointer that was not followed: NULL, or an address, perhaps with what is known of it. */
function addressOf(text: string): { readonly address: string } | undefined {
  const { value } = commented(text);
  if (value === T.Null) return { address: '0x0' };
  return ADDRESS.test(value) ? { address: value } : undefined;
}

function flagsOf(text: string): Decoded {
  const named = namesIn(text);
  if (!FLAGS.test(named)) return undefined;
  const parts = named.split('|');
  const isNumber = (part: string): boolean => /^[0-9]/.test(part);
  const numbers = parts
    .filter((part) => isNumber(part) && !/^0(?:x0*)?$/.test(part))
    .map((part) => (/^0[0-7]+$/.test(part) ? `0o${part.slice(1)}` : part));
  return {
    flags: parts.filter((part) => !isNumber(part) && part !== T.Null),
    rest: numbers.length === 0 ? null : numbers.join('|'),
  };
}

/** A signal as runsc prints it: by name, and by number from 32 on. */
function signalOf(text: string): Integer | undefined {
  const named = namesIn(text);
  const integer = integerOf(named);
  if (integer !== undefined) return SIGNAL_NAMES[Number(integer) - 1] ?? integer;
  const name = named.startsWith('SIG') ? named : `SIG${named}`;
  const realtime = /^SIGRT(?:MIN|_(\d{1,2}))$/.exec(name);
  if (realtime !== null) return FIRST_REALTIME + Number(realtime[1] ?? 0);
  return /^SIG[A-Z0-9]+$/.test(name) ? name : undefined;
}

function signalsOf(text: string): readonly Integer[] | undefined {
  const isComplement = text.startsWith('~');
  const signals = elements(isComplement ? text.slice(1) : text, '[', ' ')?.map(signalOf);
  if (signals?.every((signal) => signal !== undefined) !== true) return undefined;
  if (!isComplement) return signals;
  const left = new Set<Integer>(signals);
  const all = Array.from({ length: LAST_SIGNAL }, (_, at) => SIGNAL_NAMES[at] ?? at + 1);
  return all.filter((signal) => !left.has(signal));
}

function vectorsOf(text: string): readonly IoVector[] | undefined {
  const list = elements(text, '[');
  if (list === undefined) return undefined;
  return list
    .filter((element) => element !== '...')
    .map((element) => {
      const { iov_base: base = '', iov_len: length = '' } = Object.fromEntries(entries(element) ?? []);
      return { ...addressBase(base), len: integerOf(length) ?? length, ...stringOf(base) };
    });
}

function addressBase(text: string): { base?: string } {
  const address = addressOf(text)?.address;
  return address === undefined ? {} : { base: address };
}

/** `htons(80)` and `htonl(0)`: what stands between the parentheses. */
const inside = (text: string): string => /^[a-z_]+\((.*)\)$/s.exec(text)?.[1] ?? text;

function socketAddress(text: string): Decoded {
  const pairs = entries(text);
  const values = Object.fromEntries(pairs ?? []);
  const family = values['sa_family'];
  if (pairs === undefined || family === undefined) return undefined;
  const port = values['sin_port'] ?? values['sin6_port'];
  const host = values['sin_addr'] ?? elements(text, '{')?.find((element) => element.startsWith('inet_pton('));
  const addr = host === undefined ? undefined : HOST.exec(host)?.[1];
  const path = values['sun_path'] === undefined ? undefined : stringOf(values['sun_path'])?.text;
  const { nl_pid: id, nl_groups: groups } = values;
  return {
    family: namesIn(family),
    ...(addr === undefined ? {} : { addr }),
    ...(port === undefined ? {} : { port: integerOf(inside(port)) ?? port }),
    ...(path === undefined ? {} : { path: values['sun_path']?.startsWith('@') === true ? `\0${path}` : path }),
    ...(id === undefined ? {} : { fields: { PortID: integerOf(id) ?? id, Groups: groupsOf(groups) } }),
  };
}

/** Groups of netlink are eight hexadecimal digits without 0x. */
const groupsOf = (text = ''): Integer => (/^[0-9a-f]{8}$/.test(text) ? Number.parseInt(text, 16) : text);

function messageOf(text: string): Decoded {
  const pairs = entries(text);
  if (pairs === undefined) return undefined;
  const fields = pairs.map(([key, value]): [string, unknown] => {
    const name = key.replace(/^msg_/, '').replace(/^controllen$/, 'control_len');
    if (key === 'msg_iov') return ['iovecs', vectorsOf(value) ?? null];
    return [name, integerOf(value) ?? value];
  });
  return { fields: Object.fromEntries(fields.filter(([name]) => name !== 'iovlen')) };
}

function pollsOf(text: string): readonly Poll[] | undefined {
  const list = elements(text, '[')?.filter((element) => element !== '...');
  return list?.map((element) => {
    const { fd = '', events = '', revents = '...' } = Object.fromEntries(entries(element) ?? []);
    return { ...(descriptorOf(fd) ?? { fd: -1 }), events: namesIn(events), revents: namesIn(revents) };
  });
}

/** The data of an epoll event as two halves, the low one first; 7.x prints one number, others two in a union. */
function epollEvent(text: string): EpollEntry | undefined {
  const { events, data } = Object.fromEntries(entries(text) ?? []);
  if (events === undefined || data === undefined) return undefined;
  const word = integerOf(
    commented(data.startsWith('{') ? (Object.fromEntries(entries(data) ?? [])['u64'] ?? '') : data).value,
  );
  const bits = BigInt.asUintN(64, BigInt(word ?? 0));
  const half = (value: bigint): string => `0x${(value & 0xffffffffn).toString(16)}`;
  return { events: namesIn(events), data: [half(bits), half(bits >> 32n)] };
}

const numbersIn = (list: readonly string[] | undefined): readonly Integer[] | undefined => {
  const numbers = list?.map((element) => descriptorOf(element)?.fd ?? integerOf(element));
  return numbers?.every((number) => number !== undefined) === true ? numbers : undefined;
};

/** A field by itself; undefined where it has no value. */
const field = (name: string, value: unknown): Decoded => (value === undefined ? undefined : { [name]: value });

/** What the text says under a kind; undefined where it has none of the kind's shapes. */
function decode(kind: ArgumentKind, text: string): Decoded {
  const { form } = SHAPES[kind];
  switch (form) {
    case 'number':
      return field('value', numberOf(text) ?? (kind === 'Oct' ? accessOf(text) : undefined));
    case 'descriptor':
      return descriptorOf(text);
    case 'flags':
      return flagsOf(text);
    case 'name': {
      const named = namesIn(text);
      return NAME.test(named) && named !== T.Null ? { name: named } : field('value', integerOf(named));
    }
    case 'signal':
      return field('signal', signalOf(text));
    case 'path':
      return field('path', stringOf(text)?.text) ?? addressOf(text);
    default:
      return addressOf(text) ?? pointed(kind, text);
  }
}

/** A number, behind which strace may say whose pid it is. */
function numberOf(text: string): Integer | undefined {
  const { value } = commented(text);
  const at = value.indexOf('<');
  return integerOf(at > 0 && angleEnd(value, at, value.length) === value.length ? value.slice(0, at) : value);
}

/** The mode of access(2) and its kin: `F_OK`, `R_OK|W_OK`. */
function accessOf(text: string): number | undefined {
  const bits = namesIn(text)
    .split('|', 4)
    .map((name) => ACCESS_MODES.get(name));
  return bits.reduce((sum, bit) => (sum === undefined || bit === undefined ? undefined : sum | bit), 0);
}

/** What an address points to. */
function pointed(kind: ArgumentKind, text: string): Decoded {
  const { form } = SHAPES[kind];
  switch (form) {
    case 'buffer':
      return stringOf(text);
    case 'optionValue': {
      const list = elements(text, '[');
      return stringOf(text) ?? (list?.length === 1 ? field('value', integerOf(list[0] ?? '')) : undefined);
    }
    case 'iovecs':
      return field('iovecs', vectorsOf(text));
    case 'message':
      return messageOf(text);
    case 'strings': {
      const strings = elements(text, '[')?.map((element) => stringOf(element)?.text);
      return field(
        'strings',
        strings?.filter((element) => element !== undefined),
      );
    }
    case 'numbers':
      return field('fds', numbersIn(elements(text, '[', kind === 'PipeFDs' ? ', ' : ' ')));
    case 'signals':
      return field('signals', signalsOf(text));
    case 'address':
      return socketAddress(text);
    case 'length':
      return field('length', integerOf(elements(text, '[')?.[0] ?? ''));
    case 'action': {
      const pairs = entries(text);
      if (pairs === undefined) return undefined;
      const {
        sa_handler: handler = '',
        sa_flags: flags = '',
        sa_restorer: restorer = '0x0',
        sa_mask: mask = '',
      } = Object.fromEntries(pairs);
      const Mask = signalsOf(mask) ?? mask;
      return { fields: { Handler: namesIn(handler), Flags: namesIn(flags), Restorer: restorer, Mask } };
    }
    case 'polls':
      return field('polls', pollsOf(text));
    case 'event':
      return field('fields', epollEvent(text));
    case 'events': {
      const list = elements(text, '[');
      const events = list?.filter((element) => element !== '...').map(epollEvent);
      if (events?.every((event) => event !== undefined) !== true) return undefined;
      return { events, cut: list?.at(-1) === '...' };
    }
    default: {
      const first = kind === 'UTimeTimespec' ? elements(text, '[')?.[0] : undefined;
      if (first?.startsWith('UTIME_') === true) return { fields: { nsec: first } };
      const rename = FIELD_NAMES[kind] === 'capital' ? capital : withoutPrefix;
      return field('fields', fieldsOf(first ?? text, rename));
    }
  }
}

/** Paths that strace shows of descriptors: of files, and of what has no name in a file system. */
const FILE =
  /^(?:AT_FDCWD$|(?:AT_FDCWD|-?[0-9]{1,10})(?: \/\* AT_FDCWD \*\/)?<(?:\/|[A-Za-z0-9_-]+:)|-100 \/\* AT_FDCWD \*\/$)/;

/** What an argument says whose place tells no kind. */
function byShape(raw: string, text: string): Argument {
  const value = numberOf(text);
  const descriptor = FILE.test(text) ? descriptorOf(text) : undefined;
  if (descriptor !== undefined) return { kind: 'FD', raw, ...descriptor };
  if (value !== undefined) return { kind: 'Hex', raw, value };
  return { kind: 'Unknown', raw, ...stringOf(text) };
}

let lists: ReadonlyMap<string, readonly ArgumentKind[]> | undefined;

/** The kinds by call: strace's own, else those of the newest release, on x86 first. */
function kindsOf(name: string): readonly ArgumentKind[] {
  lists ??= new Map<string, readonly ArgumentKind[]>([
    ...(['arm64', 'amd64'] as const).flatMap((architecture) =>
      [...argumentTable(architecture)].map(([call, found]) => [call, found[0]?.kinds ?? []] as const),
    ),
    ...NATIVE_LISTS,
  ]);
  return lists.get(name) ?? [];
}

/**
 * Splits the arguments of a native call.
 *
 *     openat, "AT_FDCWD</srv>, \"a, b\", O_RDWR|O_CREAT, 0644"
 *     → FD -100 /srv, Path "a, b", OpenFlags [O_RDWR, O_CREAT], Mode 0o644
 *
 * The raw texts joined by ", " are `args` again, whatever the text. Fields have runsc's names and values: signals from 32 on
 * are numbers, a complement is what it holds, octal digits have 0o in front.
 */
export function splitNativeArguments(name: string, args: string): readonly Argument[] {
  if (args === '') return [];
  const kinds = kindsOf(name);
  return split(args, 0, args.length).map(({ start, end, result }, place) => {
    const raw = args.slice(start, end);
    // `clone` alone names its arguments.
    const [head, key] = name === 'clone' ? (KEY.exec(raw.slice(0, 48)) ?? ['', '']) : ['', ''];
    const text = args.slice(Math.max(result, start + head.length), end);
    const kind = name === 'clone' ? (key === 'flags' ? 'CloneFlags' : undefined) : kinds[place];
    // A bare number of runsc's may be a descriptor or a text here, and shows it.
    const decoded = kind === undefined || kind === 'Hex' || text === '' ? undefined : decode(kind, text);
    return decoded === undefined ? byShape(raw, text) : ({ kind, raw, ...decoded } as unknown as Argument);
  });
}
