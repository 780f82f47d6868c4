/**
 * Splits the argument text of a syscall record into arguments and decodes each. What shapes a kind can take is said in
 * grammars/kinds.ts; which kinds a call has, in grammars/syscall-table.ts. Pairing and meaning are left to others.
 *
 * Written by hand, since `events --args` decodes every record: the chevrotain grammar (grammars/arguments.ts) reads the same
 * shapes, but takes 0.1 s to load and reads an eighth of the nested pieces a second (measured: 36 000 against 280 000); tests
 * hold the two together.
 */
import {
  ARGUMENT_KINDS,
  CONTROL,
  EPOLL_EVENT,
  type ArgumentKind,
  type FieldValue,
  IOVEC_ERROR,
  IOVEC_HEAD,
  NAME_OR_NUMBER,
  POLL_HEAD,
  POLL_TAIL,
  SHAPES,
  SIGACTION_HEAD,
  SIGNAL,
  type Structure,
  TERMINALS,
  timerPart,
  UNAME_LABELS,
  USAGE,
  FIELD_VALUES,
  flagSet,
} from '../../grammars/kinds.js';
import { type Architecture, type ArgumentList, argumentTable } from '../../grammars/syscall-table.js';
import { releaseNumber } from '../../grammars/releases.js';

/** A whole number as printed: a number up to 2^53-1, a decimal string beyond. */
export type Integer = number | string;

export type IoVector = {
  /** Native traces print either the address or the text. */
  readonly base?: string;
  readonly len: Integer;
  readonly text?: string;
  readonly cut?: boolean;
  readonly error?: string;
};

export type Poll = {
  readonly fd: number;
  readonly path?: string;
  readonly error?: string;
  readonly events: string;
  readonly revents: string;
};

export type EpollEntry =
  { readonly events: string; readonly data: readonly [string, string] } | { readonly error: string };

/** Values of a structure by their printed names; a nested structure is one more of these. */
export type Fields = { readonly [name: string]: unknown };

type Piece<K extends string> = { readonly kind: K; readonly raw: string };
/** `address` is hex as printed (null: 0x0); `error` is what the sentry said where it could not read the argument. */
type Pointer<K extends string> = Piece<K> & { readonly address?: string; readonly error?: string };

/**
 * An argument: its kind, its text as printed, and what the text says. Fields that the text does not hold are left out.
 * The table of fields is section 10 of the format's description.
 */
export type Argument =
  | (Piece<'Unknown'> & { readonly text?: string; readonly cut?: boolean })
  | (Piece<'Hex' | 'Oct'> & { readonly value: Integer })
  | (Piece<'FD'> & { readonly fd: number; readonly path?: string; readonly error?: string })
  | (Pointer<'Path' | 'PostPath'> & { readonly path?: string })
  | (Pointer<'ReadBuffer' | 'WriteBuffer'> & { readonly text?: string; readonly cut?: boolean })
  | (Pointer<'SetSockOptVal' | 'GetSockOptVal'> & {
      readonly value?: Integer;
      readonly text?: string;
      readonly cut?: boolean;
    })
  | (Pointer<'ReadIOVec' | 'WriteIOVec' | 'IOVec'> & { readonly iovecs?: readonly IoVector[] })
  | (Pointer<'ExecveStringVector'> & { readonly strings?: readonly string[] })
  | (Pointer<'PipeFDs' | 'SelectFDSet'> & { readonly fds?: readonly Integer[] })
  | (Pointer<'SockAddr' | 'PostSockAddr'> & {
      readonly family?: string;
      readonly addr?: string;
      readonly port?: Integer;
      readonly path?: string;
      readonly fields?: Fields;
    })
  | (Pointer<'SockLen'> & { readonly length?: Integer })
  | (Piece<
      | 'OpenFlags'
      | 'Mode'
      | 'CloneFlags'
      | 'FutexOp'
      | 'MmapProt'
      | 'MmapFlags'
      | 'SockType'
      | 'SockFlags'
      | 'CloseRangeFlags'
    > & { readonly flags: readonly string[]; readonly rest: string | null })
  | (Piece<
      | 'SockFamily'
      | 'SockProtocol'
      | 'SockOptLevel'
      | 'SockOptName'
      | 'EpollCtlOp'
      | 'ItimerType'
      | 'PtraceRequest'
      | 'SignalMaskAction'
    > & { readonly name?: string; readonly value?: Integer })
  | (Piece<'Signal'> & { readonly signal: Integer })
  | (Pointer<'SigSet' | 'PostSigSet'> & { readonly signals?: readonly Integer[] })
  | (Pointer<'PollFDs'> & { readonly polls?: readonly Poll[] })
  | (Pointer<'EpollEvents'> & { readonly events?: readonly EpollEntry[]; readonly cut?: boolean })
  | (Pointer<
      | 'SendMsgHdr'
      | 'RecvMsgHdr'
      | 'SigAction'
      | 'PostSigAction'
      | 'Timespec'
      | 'PostTimespec'
      | 'UTimeTimespec'
      | 'Timeval'
      | 'Utimbuf'
      | 'Stat'
      | 'Uname'
      | 'CapHeader'
      | 'CapData'
      | 'PostCapData'
      | 'Rusage'
      | 'ItimerVal'
      | 'ItimerSpec'
      | 'PostItimerVal'
      | 'PostItimerSpec'
      | 'EpollEvent'
    > & { readonly fields?: Fields });

/** What is known of the log: without a release every known spelling is accepted, without an architecture both tables are tried. */
export type ArgumentContext = {
  readonly arch?: Architecture | undefined;
  /** "20211019.0", "2018-11", or the version as the banner prints it */
  readonly release?: string | undefined;
};

// ---------------------------------------------------------------------------------------------------------------- numbers, text

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BLANK = 0x20;
const COMMA = 0x2c;
const BRACE = 0x7b;
const PAREN = 0x28;
const BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const CLOSING_BRACE = 0x7d;
const ZERO = 0x30;
const NINE = 0x39;

const MOST_DIGITS = 40; // twice what 64 bits print; more is nobody's number, and a BigInt of megabytes takes minutes

function toInteger(text: string): Integer {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  return text.length > MOST_DIGITS ? text : BigInt(text).toString();
}

/** The low 32 bits of a printed descriptor, signed: 0xffffff9c is -100. */
function toDescriptor(text: string): number {
  return text.startsWith('0x') ? Number.parseInt(text.slice(-8).replace('x', ''), 16) | 0 : -100;
}

const startsWithDigit = (text: string): boolean => {
  const code = text.charCodeAt(text.charCodeAt(0) === 0x2d ? 1 : 0);
  return code >= ZERO && code <= NINE;
};

/** The end of `0x…` at a place, or -1. */
function hexEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== ZERO || text.charCodeAt(at + 1) !== 0x78) return -1;
  let end = at + 2;
  for (;;) {
    const code = text.charCodeAt(end);
    if (!((code >= ZERO && code <= NINE) || (code >= 0x61 && code <= 0x66))) break;
    end++;
  }
  return end === at + 2 ? -1 : end;
}

/** The end of a quoted string at a place, or -1. */
function quotedEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== QUOTE) return -1;
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slash = quote;
    while (text.charCodeAt(slash - 1) === BACKSLASH) slash--;
    if ((quote - slash) % 2 === 0) return quote + 1;
  }
  return -1;
}

/** What a simple escape stands for, by the code of its letter; 0 for the rest, which stand for themselves. */
const SIMPLE_ESCAPES = new Uint8Array(128);
for (const [letter, code] of Object.entries({ a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 })) {
  SIMPLE_ESCAPES[letter.charCodeAt(0)] = code;
}

const REPLACEMENT = 0xfffd;
const scratch = new Uint16Array(16384); // where text is put together: no string a character, and no new array a call

/**
 * The text between two quotes, Go's escapes undone, runs of `\xNN` read as UTF-8.
 *
 * Measured: four times as fast on binary data as joining slices and characters.
 */
export function unquote(text: string, from: number, to: number): string {
  const plain = text.slice(from, to);
  if (!plain.includes('\\')) return plain;
  const units = to - from <= scratch.length ? scratch : new Uint16Array(to - from);
  let count = 0;
  let at = from;
  while (at < to) {
    const unit = text.charCodeAt(at++);
    if (unit !== BACKSLASH || at >= to) {
      units[count++] = unit;
      continue;
    }
    const letter = text.charCodeAt(at++);
    const digits = letter === 0x78 ? 2 : letter === 0x75 ? 4 : letter === 0x55 ? 8 : 0; // x, u, U
    const code = digits > 0 && at + digits <= to ? hexValue(text, at, digits) : -1;
    if (code < 0) {
      units[count++] = (letter < 128 && SIMPLE_ESCAPES[letter]) || letter;
      continue;
    }
    at += digits;
    if (digits === 2 && code >= 0x80) {
      const bytes = [code];
      for (; text.charCodeAt(at) === BACKSLASH && text.charCodeAt(at + 1) === 0x78 && at + 4 <= to; at += 4) {
        const next = hexValue(text, at + 2, 2);
        if (next < 0x80) break;
        bytes.push(next);
      }
      const read = bytes.length === 1 ? '\ufffd' : Buffer.from(bytes).toString();
      for (let i = 0; i < read.length; i++) units[count++] = read.charCodeAt(i);
    } else if (code < 0x10000) {
      units[count++] = code >= 0xd800 && code <= 0xdfff ? REPLACEMENT : code;
    } else if (code <= 0x10ffff) {
      units[count++] = 0xd7c0 + (code >> 10);
      units[count++] = 0xdc00 + (code & 0x3ff);
    } else {
      units[count++] = REPLACEMENT;
    }
  }
  return Buffer.from(units.buffer, 0, 2 * count).toString('utf16le');
}

function hexValue(text: string, from: number, digits: number): number {
  let value = 0;
  for (let i = from; i < from + digits; i++) {
    const code = text.charCodeAt(i);
    const digit = code >= ZERO && code <= NINE ? code - ZERO : code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

// --------------------------------------------------------------------------------------------------------------------- readers

/** Where decoded fields go; undefined where only the end is asked for. */
type Sink = { [field: string]: unknown } | undefined;

/** Reads one shape at a place: its end, or -1. The same function finds the end and, given a sink, decodes: no second reading to drift. */
type Reader = (text: string, at: number, sink: Sink) => number;

const sticky = (pattern: string): RegExp => new RegExp(pattern, 'y');

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const ERROR = sticky(`(?:${TERMINALS.ParenError}|${TERMINALS.BraceError})`);

/** An address, alone, with an error, or with a body after a blank; or null. */
function pointer(body: Reader): Reader {
  return (text, at, sink) => {
    const end = hexEnd(text, at);
    if (end < 0) {
      if (!text.startsWith(TERMINALS.Null, at)) return -1;
      if (sink) sink['address'] = '0x0';
      return at + TERMINALS.Null.length;
    }
    if (sink) sink['address'] = text.slice(at, end);
    if (text.charCodeAt(end) !== BLANK) return end;
    const opening = text.charCodeAt(end + 1);
    if (opening === PAREN || opening === BRACE) {
      const after = matchEnd(ERROR, text, end + 1);
      if (after >= 0) {
        if (sink) sink['error'] = text.slice(end + 2, after - 1);
        return after;
      }
    }
    return body(text, end + 1, sink);
  };
}

const readHex: Reader = (text, at, sink) => {
  const end = hexEnd(text, at);
  if (sink && end >= 0) sink['value'] = toInteger(text.slice(at, end));
  return end;
};

const OCTAL = sticky(TERMINALS.Octal);
const readOctal: Reader = (text, at, sink) => {
  const end = matchEnd(OCTAL, text, at);
  if (sink && end >= 0) sink['value'] = toInteger(text.slice(at, end));
  return end;
};

/** The head of a descriptor (the number, or AT_FDCWD); given a sink, all of the text is the descriptor. */
const readDescriptor: Reader = (text, at, sink) => {
  const end = text.startsWith(TERMINALS.Cwd, at) ? at + TERMINALS.Cwd.length : hexEnd(text, at);
  if (end < 0 || !sink) return end;
  sink['fd'] = toDescriptor(text.slice(at, end));
  if (end === text.length) return end;
  if (text.charCodeAt(end) !== BLANK) return -1;
  describeDescriptor(text.slice(end + 1), sink);
  return text.length;
};

function describeDescriptor(text: string, into: { [field: string]: unknown }): void {
  if (text === '(bad FD)') into['error'] = 'bad FD';
  else into['path'] = text;
}

const PATH_ERROR = sticky(`${TERMINALS.ParenError}$`);

/** The head of a path (the address, or <null>); given a sink, all of the text is the path. */
const readPath: Reader = (text, at, sink) => {
  const isNull = text.startsWith(TERMINALS.PathNull, at);
  const end = isNull ? at + TERMINALS.PathNull.length : hexEnd(text, at);
  if (end < 0 || !sink) return end;
  sink['address'] = isNull ? '0x0' : text.slice(at, end);
  if (end === text.length) return end;
  if (isNull || text.charCodeAt(end) !== BLANK) return -1;
  if (text.startsWith('(error ', end + 1) && matchEnd(PATH_ERROR, text, end + 1) === text.length) {
    sink['error'] = text.slice(end + 2, -1);
  } else {
    sink['path'] = text.slice(end + 1);
  }
  return text.length;
};

const readDump: Reader = (text, at, sink) => {
  const end = quotedEnd(text, at);
  if (end < 0) return -1;
  const isCut = text.startsWith('...', end);
  if (sink) {
    sink['text'] = unquote(text, at + 1, end - 1);
    sink['cut'] = isCut;
  }
  return isCut ? end + 3 : end;
};

const DATALESS = sticky(`${IOVEC_HEAD}\\}`);
const readPointedDump = pointer(readDump);

/** A dump behind its address; `...` where only the entry shows it; nothing at all where it is empty. */
const readBuffer: Reader = (text, at, sink) => {
  const code = text.charCodeAt(at);
  if (code === COMMA || at === text.length) {
    if (sink) {
      sink['text'] = '';
      sink['cut'] = false;
    }
    return at;
  }
  if (text.startsWith('...', at)) return at + 3;
  if (code !== BRACE) return readPointedDump(text, at, sink);
  const match = matchAt(DATALESS, text, at); // data logging is off
  if (!match) return -1;
  if (sink) sink['address'] = match[1];
  return at + match[0].length;
};

const OPTION = sticky(`\\{value=(${TERMINALS.Decimal})\\}`);
const readOption = pointer((text, at, sink) => {
  if (text.charCodeAt(at) !== BRACE) return readDump(text, at, sink);
  const match = matchAt(OPTION, text, at);
  if (!match) return -1;
  if (sink) sink['value'] = toInteger(match[1] ?? '');
  return at + match[0].length;
});
const readOptionValue: Reader = (text, at, sink) =>
  text.charCodeAt(at) === COMMA || at === text.length ? readBuffer(text, at, sink) : readOption(text, at, sink);

const VECTOR_HEAD = sticky(IOVEC_HEAD);
const VECTOR_ERROR = sticky(IOVEC_ERROR);

/** The elements of an I/O vector: `{base=0x1, len=2, "ab"}, {base=0x3, len=0}`; none leaves nothing behind the blank. */
const readVectors: Reader = (text, at, sink) => {
  const list: IoVector[] | undefined = sink && [];
  if (sink) sink['iovecs'] = list;
  if (at === text.length || text.charCodeAt(at) === COMMA) return at;
  for (;;) {
    const head = matchAt(VECTOR_HEAD, text, at);
    if (!head) return -1;
    const element: Sink = list && { base: head[1], len: toInteger(head[2] ?? '') };
    at += head[0].length;
    if (text.startsWith(', "', at)) {
      at = readDump(text, at + 2, element);
      if (at < 0) return -1;
      const error = text.charCodeAt(at) === COMMA ? matchAt(VECTOR_ERROR, text, at) : null;
      if (error) {
        if (element) element['error'] = error[1];
        at += error[0].length - 1;
      }
    }
    if (text.charCodeAt(at) !== CLOSING_BRACE) return -1;
    at++;
    list?.push(element as IoVector);
    if (!text.startsWith(', {base=', at)) return at;
    at += 2;
  }
};
const readPointedVectors = pointer(readVectors);
const readVectorArgument: Reader = (text, at, sink) =>
  text.startsWith('...', at) ? at + 3 : readPointedVectors(text, at, sink);

const MESSAGE_HEAD = sticky(`\\{name=(${TERMINALS.Hex}), namelen=(${TERMINALS.Decimal}), iovecs=`);
const MESSAGE_TAIL = sticky(
  `, control=(?:(${CONTROL})|(${TERMINALS.Hex}), control_len=(${TERMINALS.Decimal})), flags=(${TERMINALS.Decimal})\\}`,
);
const readMessage = pointer((text, at, sink) => {
  const head = matchAt(MESSAGE_HEAD, text, at);
  if (!head) return -1;
  const vectors: Sink = sink && {};
  const end = readPointedVectors(text, at + head[0].length, vectors);
  const tail = end < 0 ? null : matchAt(MESSAGE_TAIL, text, end);
  if (!tail) return -1;
  if (sink) {
    const [, nested, bare, length, flags = ''] = tail;
    sink['fields'] = {
      name: head[1],
      namelen: toInteger(head[2] ?? ''),
      iovecs: vectors?.['iovecs'] ?? null,
      control: nested ?? bare,
      ...(length === undefined ? {} : { control_len: toInteger(length) }),
      flags: toInteger(flags),
    };
    if (vectors?.['error'] !== undefined) sink['error'] = vectors['error'];
  }
  return end + tail[0].length;
});

const readStrings = pointer((text, at, sink) => {
  if (text.charCodeAt(at) !== BRACKET) return -1;
  const strings: string[] | undefined = sink && [];
  if (sink) sink['strings'] = strings;
  if (text.charCodeAt(at + 1) === CLOSING_BRACKET) return at + 2;
  for (;;) {
    const end = quotedEnd(text, at + 1);
    if (end < 0) return -1;
    strings?.push(unquote(text, at + 2, end - 1));
    if (text.charCodeAt(end) === CLOSING_BRACKET) return end + 1;
    if (!text.startsWith(', ', end)) return -1;
    at = end + 1;
  }
});

const DECIMAL = sticky(TERMINALS.Decimal);
const SIGNAL_TEXT = sticky(SIGNAL);

/** `[4 5]`: values with blanks between them. */
function blankSeparated(element: RegExp, text: string, at: number, into: Integer[] | undefined): number {
  if (text.charCodeAt(at) !== BRACKET) return -1;
  if (text.charCodeAt(at + 1) === CLOSING_BRACKET) return at + 2;
  for (;;) {
    const end = matchEnd(element, text, at + 1);
    if (end < 0) return -1;
    into?.push(nameOrNumber(text.slice(at + 1, end)));
    const code = text.charCodeAt(end);
    if (code === CLOSING_BRACKET) return end + 1;
    if (code !== BLANK) return -1;
    at = end;
  }
}

const nameOrNumber = (text: string): Integer => (startsWithDigit(text) ? toInteger(text) : text);

const listOf = (field: string, element: RegExp): Reader =>
  pointer((text, at, sink) => {
    const list: Integer[] | undefined = sink && [];
    if (sink) sink[field] = list;
    return blankSeparated(element, text, at, list);
  });

const SOCKET_ADDRESS = sticky(
  `\\{Family: (${NAME_OR_NUMBER}), (?:Addr: (${TERMINALS.Quoted})|Addr: (${TERMINALS.SocketHost}), Port: (${TERMINALS.Decimal})` +
    `|PortID: (${TERMINALS.Decimal}), Groups: (${TERMINALS.Decimal})|(${TERMINALS.PlainError}))\\}`,
);
const readAddress = pointer((text, at, sink) => {
  const match = matchAt(SOCKET_ADDRESS, text, at);
  if (!match) return -1;
  if (sink) {
    const [, family, quoted, host, port, portId, groups, error] = match;
    sink['family'] = family;
    if (quoted !== undefined) {
      sink['path'] = unquote(quoted, 1, quoted.length - 1);
    } else if (host !== undefined) {
      sink['addr'] = host;
      sink['port'] = toInteger(port ?? '');
    } else if (portId !== undefined) {
      sink['fields'] = { PortID: toInteger(portId), Groups: toInteger(groups ?? '') };
    } else {
      sink['error'] = error;
    }
  }
  return at + match[0].length;
});

const LENGTH = sticky(`\\{length=(${TERMINALS.Decimal})\\}`);
const readLength = pointer((text, at, sink) => {
  const match = matchAt(LENGTH, text, at);
  if (!match) return -1;
  if (sink) sink['length'] = toInteger(match[1] ?? '');
  return at + match[0].length;
});

function flagReader(prefix: string): Reader {
  const pattern = sticky(flagSet(prefix));
  return (text, at, sink) => {
    const end = matchEnd(pattern, text, at);
    if (sink && end >= 0) {
      const flags: string[] = [];
      let rest: string | null = null;
      for (const part of text.slice(at, end).split('|')) {
        if (!startsWithDigit(part)) flags.push(part);
        else if (part !== '0x0' && part !== '0') rest = rest === null ? part : `${rest}|${part}`;
      }
      sink['flags'] = flags;
      sink['rest'] = rest;
    }
    return end;
  };
}

const NAME = sticky(NAME_OR_NUMBER);
const readName: Reader = (text, at, sink) => {
  const end = matchEnd(NAME, text, at);
  if (sink && end >= 0) {
    const value = nameOrNumber(text.slice(at, end));
    sink[startsWithDigit(text.slice(at, end)) ? 'value' : 'name'] = value;
  }
  return end;
};

const readSignal: Reader = (text, at, sink) => {
  const end = matchEnd(SIGNAL_TEXT, text, at);
  if (sink && end >= 0) sink['signal'] = nameOrNumber(text.slice(at, end));
  return end;
};

const ACTION_HEAD = sticky(SIGACTION_HEAD);
const readAction = pointer((text, at, sink) => {
  const head = matchAt(ACTION_HEAD, text, at);
  if (!head) return -1;
  const mask: Integer[] | undefined = sink && [];
  const end = blankSeparated(SIGNAL_TEXT, text, at + head[0].length - 1, mask);
  if (text.charCodeAt(end) !== CLOSING_BRACE) return -1;
  if (sink) sink['fields'] = { Handler: head[1], Flags: head[2], Restorer: head[3], Mask: mask };
  return end + 1;
});

const INTEGER = /^-?[0-9]+$/;
const fieldValue = (text: string, value: FieldValue): Integer =>
  (value === 'number' || value === 'version') && INTEGER.test(text) ? toInteger(text) : text;

/** A structure's pattern with a capture for each value, and the reader of its captures from the nth on. */
function structureReader({ sign, separator, fields }: Structure): {
  pattern: string;
  readFrom: (match: RegExpExecArray, nth: number) => Fields;
} {
  return {
    pattern: `\\{${fields.map(({ name, value }) => `${name}${sign}(${FIELD_VALUES[value]})`).join(separator)}\\}`,
    readFrom: (match, nth) => {
      const out: { [name: string]: unknown } = {};
      for (const [i, { name, value }] of fields.entries()) out[name] = fieldValue(match[nth + i] ?? '', value);
      return out;
    },
  };
}

function structureArgument(structure: Structure): Reader {
  const { pattern, readFrom } = structureReader(structure);
  const expression = sticky(pattern);
  return pointer((text, at, sink) => {
    if (!sink) return matchEnd(expression, text, at);
    const match = matchAt(expression, text, at);
    if (!match) return -1;
    sink['fields'] = readFrom(match, 1);
    return at + match[0].length;
  });
}

function timerArgument(structure: Structure): Reader {
  const { pattern, readFrom } = structureReader(structure);
  const part = sticky(timerPart(structure));
  const inner = new RegExp(pattern);
  return pointer((text, at, sink) => {
    if (!text.startsWith('{interval=', at)) return -1;
    const from = at + '{interval='.length;
    const between = matchEnd(part, text, from);
    if (between < 0 || !text.startsWith(', value=', between)) return -1;
    const then = between + ', value='.length;
    const end = matchEnd(part, text, then);
    if (end < 0 || text.charCodeAt(end) !== CLOSING_BRACE) return -1;
    if (sink) {
      const [interval = null, value = null] = [text.slice(from, between), text.slice(then, end)].map((raw) => {
        const match = inner.exec(raw);
        return match && readFrom(match, 1);
      });
      sink['fields'] = { interval, value };
    }
    return end + 1;
  });
}

const USAGE_TEXT = sticky(USAGE);
const readUsage = pointer((text, at, sink) => {
  const end = matchEnd(USAGE_TEXT, text, at);
  if (sink && end >= 0) {
    const out: { [name: string]: unknown } = {};
    for (const [, name = '', nested, value = ''] of text
      .slice(at + 1, end - 1)
      .matchAll(/(\w+):(?:\{([^{}]*)\}|(-?[0-9]+))/g)) {
      if (nested === undefined) {
        out[name] = toInteger(value);
        continue;
      }
      const pairs = nested === '' ? [] : nested.split(' ').map((pair) => pair.split(':'));
      out[name] = Object.fromEntries(pairs.map(([key = '', number = '']) => [key, toInteger(number)]));
    }
    sink['fields'] = out;
  }
  return end;
});

/** A utsname is raw text and the only argument of its call: it ends with the text. */
const readSystem = pointer((text, at, sink) => {
  const values: { [name: string]: string } = {};
  let from = at + 1;
  if (text.charCodeAt(at) !== BRACE || text.charCodeAt(text.length - 1) !== CLOSING_BRACE) return -1;
  for (const [i, label] of UNAME_LABELS.entries()) {
    if (!text.startsWith(`${label}: `, from)) return -1;
    from += label.length + 2;
    const next = UNAME_LABELS[i + 1];
    const end = next === undefined ? text.length - 1 : text.indexOf(`, ${next}: `, from);
    if (end < from) return -1;
    values[label] = text.slice(from, end);
    from = end + 2;
  }
  if (sink) sink['fields'] = values;
  return text.length;
});

const POLL_START = sticky(POLL_HEAD);
const POLL_END = new RegExp(`${POLL_TAIL}(?=, ${POLL_HEAD}|\\](?:, |$))`, 'g');
const readPolls = pointer((text, at, sink) => {
  if (text.charCodeAt(at) !== BRACKET) return -1;
  const polls: Poll[] | undefined = sink && [];
  if (sink) sink['polls'] = polls;
  if (text.charCodeAt(at + 1) === CLOSING_BRACKET) return at + 2;
  for (at++; ; at += 2) {
    const head = matchAt(POLL_START, text, at);
    if (!head) return -1;
    const path = at + head[0].length;
    const tail = matchAt(POLL_END, text, path);
    if (!tail || (tail.index > path && text.charCodeAt(path) !== BLANK)) return -1;
    if (polls) {
      const poll: { [field: string]: unknown } = { fd: toDescriptor(head[1] ?? '') };
      if (tail.index > path) describeDescriptor(text.slice(path + 1, tail.index), poll);
      poll['events'] = tail[1];
      poll['revents'] = tail[2];
      polls.push(poll as Poll);
    }
    at = tail.index + tail[0].length;
    if (text.charCodeAt(at) === CLOSING_BRACKET) return at + 1;
  }
});

const EVENT = sticky(EPOLL_EVENT);
const EVENT_ERROR = sticky(TERMINALS.BraceError);
const toEvent = (match: RegExpExecArray): EpollEntry => ({
  events: match[1] ?? '',
  data: [match[2] ?? '', match[3] ?? ''],
});

const readEvent = pointer((text, at, sink) => {
  const match = matchAt(EVENT, text, at);
  if (!match) return -1;
  if (sink) sink['fields'] = toEvent(match);
  return at + match[0].length;
});

const readEvents = pointer((text, at, sink) => {
  if (text.charCodeAt(at) !== BRACE) return -1;
  const events: EpollEntry[] | undefined = sink && [];
  for (at++; text.charCodeAt(at) === BRACE;) {
    const match = matchAt(EVENT, text, at) ?? matchAt(EVENT_ERROR, text, at);
    if (!match) return -1;
    events?.push(match[1] === undefined ? { error: match[0].slice(1, -1) } : toEvent(match));
    at += match[0].length;
  }
  const isCut = text.startsWith('...', at);
  if (isCut) at += 3;
  if (text.charCodeAt(at) !== CLOSING_BRACE) return -1;
  if (sink) {
    sink['events'] = events;
    sink['cut'] = isCut;
  }
  return at + 1;
});

function readerOf(kind: ArgumentKind): Reader {
  const shape = SHAPES[kind];
  switch (shape.form) {
    case 'number':
      return shape.terminal === 'Hex' ? readHex : readOctal;
    case 'descriptor':
      return readDescriptor;
    case 'path':
      return readPath;
    case 'buffer':
      return readBuffer;
    case 'optionValue':
      return readOptionValue;
    case 'iovecs':
      return readVectorArgument;
    case 'message':
      return readMessage;
    case 'strings':
      return readStrings;
    case 'numbers':
      return listOf('fds', DECIMAL);
    case 'signals':
      return listOf('signals', SIGNAL_TEXT);
    case 'address':
      return readAddress;
    case 'length':
      return readLength;
    case 'flags':
      return flagReader(shape.prefix);
    case 'name':
      return readName;
    case 'signal':
      return readSignal;
    case 'action':
      return readAction;
    case 'structure':
      return structureArgument(shape.structure);
    case 'usage':
      return readUsage;
    case 'system':
      return readSystem;
    case 'timer':
      return timerArgument(shape.structure);
    case 'polls':
      return readPolls;
    case 'event':
      return readEvent;
    case 'events':
      return readEvents;
    default:
      return shape satisfies never;
  }
}

const READERS = Object.fromEntries(ARGUMENT_KINDS.map((kind) => [kind, readerOf(kind)])) as Record<
  ArgumentKind,
  Reader
>;

/**
 * Decodes the text of one argument.
 *
 * Fails:  returns undefined where the text has none of the kind's shapes
 */
export function decodeArgument(kind: ArgumentKind, raw: string): Argument | undefined {
  const argument = { kind, raw };
  return READERS[kind](raw, 0, argument) === raw.length ? (argument as unknown as Argument) : undefined;
}

// ----------------------------------------------------------------------------------------------------------------------- plans

/** How the text after a piece's head goes on: not at all, as raw text after a blank, or (bare) either way. */
type Tail = 'closed' | 'raw' | 'raw-or-bare';

/** One way to read the arguments of a call: the kinds to report, and the readers of the shapes to look for. */
type Plan = {
  readonly kinds: readonly ArgumentKind[];
  readonly readers: readonly Reader[];
  readonly tails: readonly Tail[];
};

function planOf(kinds: readonly ArgumentKind[], shapes: readonly ArgumentKind[], bare: readonly boolean[] = []): Plan {
  return {
    kinds,
    readers: shapes.map((kind) => READERS[kind]),
    tails: shapes.map((kind, i) => {
      const { form } = SHAPES[kind];
      if (form !== 'descriptor' && form !== 'path') return 'closed';
      return form === 'descriptor' || kind === 'PostPath' || bare[i] === true ? 'raw-or-bare' : 'raw';
    }),
  };
}

/**
 * The ways to read a call, likeliest first: as the release printed it, if that is known; as any release prints it now; and with
 * bare addresses for paths where a release once printed them. The kinds are always those of the newest list of that length.
 */
function plansOf(lists: readonly ArgumentList[], release: number | undefined): readonly Plan[] {
  const newest = new Map<number, ArgumentList>();
  for (const list of lists) if (!newest.has(list.kinds.length)) newest.set(list.kinds.length, list);
  const plans: Plan[] = [];
  const current = release === undefined ? undefined : (lists.find(({ from }) => from <= release) ?? lists.at(-1));
  if (current) {
    const kinds = newest.get(current.kinds.length)?.kinds ?? current.kinds;
    if (kinds !== current.kinds) plans.push(planOf(kinds, current.kinds));
    else plans.push(planOf(kinds, kinds));
  }
  for (const { kinds } of newest.values()) plans.push(planOf(kinds, kinds));
  for (const { kinds } of newest.values()) {
    const older = lists.filter((list) => list.kinds.length === kinds.length);
    const bare = kinds.map((kind, i) => kind === 'Path' && older.some((list) => list.kinds[i] === 'Hex'));
    if (bare.includes(true)) plans.push(planOf(kinds, kinds, bare));
  }
  return plans;
}

const tables = new Map<Architecture, ReadonlyMap<string, readonly ArgumentList[]>>();

function tableOf(architecture: Architecture): ReadonlyMap<string, readonly ArgumentList[]> {
  let table = tables.get(architecture);
  if (!table) tables.set(architecture, (table = argumentTable(architecture)));
  return table;
}

const SIX_HEX: readonly Plan[] = [planOf(Array(6).fill('Hex'), Array(6).fill('Hex'))];
const UNLISTED = /^sys_[0-9]+$/;

/** The plans of one log's calls, kept since they cost more to make than to use. Only names of the tables are kept. */
type Planner = (name: string) => readonly Plan[];

function plannerOf({ arch, release }: ArgumentContext): Planner {
  const architectures: readonly Architecture[] = arch ? [arch] : ['amd64', 'arm64'];
  const number = release === undefined ? undefined : releaseNumber(release);
  const kept = new Map<string, readonly Plan[]>();
  return (name) => {
    let plans = kept.get(name);
    if (plans) return plans;
    plans = architectures.flatMap((architecture) => {
      const lists = tableOf(architecture).get(name);
      return lists ? plansOf(lists, number) : [];
    });
    if (plans.length > 0) kept.set(name, plans);
    else if (UNLISTED.test(name)) plans = SIX_HEX;
    return plans;
  };
}

const planners = new Map<string, Planner>();
const MOST_PLANNERS = 64; // a log has one release, but a folder can hold many logs; releases come from text nobody checked

let latest: (ArgumentContext & { readonly planner: Planner }) | undefined; // one log's records follow each other

function plannerFor(context: ArgumentContext): Planner {
  if (latest && latest.arch === context.arch && latest.release === context.release) return latest.planner;
  const key = `${context.arch ?? ''} ${context.release ?? ''}`;
  let planner = planners.get(key);
  if (!planner) {
    if (planners.size >= MOST_PLANNERS) planners.clear();
    planners.set(key, (planner = plannerOf(context)));
  }
  latest = { ...context, planner };
  return planner;
}

// -------------------------------------------------------------------------------------------------------------------- splitting

/**
 * The ends of the pieces if a plan fits the whole text. A raw piece ends at the first `, ` after which the rest fits; `barren`
 * remembers, for each argument, the place from which on no separator was followed by it, so that going back costs no more
 * than one look at every separator for every argument. One that is among `names` ends where the name does, if the rest fits there.
 */
function fit(plan: Plan, text: string, names: ReadonlySet<string> | undefined): number[] | undefined {
  const { readers, tails } = plan;
  const count = readers.length;
  if (count === 0) return text === '' ? [] : undefined;
  const ends: number[] = [];
  let barren: number[] | undefined;

  const fits = (i: number, at: number): boolean => {
    const reader = readers[i];
    const head = reader ? reader(text, at, undefined) : -1;
    if (head < 0) return false;
    const tail = tails[i];
    const isLast = i === count - 1;
    const code = text.charCodeAt(head);
    if (tail === 'closed' || code !== BLANK) {
      if (tail === 'raw' && text.charCodeAt(at) === ZERO) return false;
      ends[i] = head;
      if (isLast) return head === text.length;
      return code === COMMA && text.charCodeAt(head + 1) === BLANK && fits(i + 1, head + 2);
    }
    if (text.charCodeAt(at) === 0x3c) return false; // <null> has no text
    if (isLast) {
      ends[i] = text.length;
      return true;
    }
    const known = names === undefined ? -1 : endOfName(text, head + 1, names);
    if (known >= 0 && fits(i + 1, known + 2)) {
      ends[i] = known;
      return true;
    }
    for (let end = text.indexOf(', ', head + 1); end >= 0; end = text.indexOf(', ', end + 2)) {
      if (barren && end + 2 >= (barren[i + 1] ?? Infinity)) break;
      if (fits(i + 1, end + 2)) {
        ends[i] = end;
        return true;
      }
    }
    barren ??= Array(count).fill(Infinity);
    barren[i + 1] = Math.min(barren[i + 1] ?? Infinity, head + 3);
    return false;
  };
  return fits(0, 0) ? ends : undefined;
}

const DELETED = ' (deleted)';

/** Where the longest of the names ends that stands at a place, with a separator behind it; -1 where none does. */
function endOfName(text: string, at: number, names: ReadonlySet<string>): number {
  let longest = -1;
  for (const name of names) {
    if (!text.startsWith(name, at)) continue;
    const end = at + name.length;
    const after = text.startsWith(DELETED, end) ? end + DELETED.length : end;
    if (text.startsWith(', ', after)) longest = Math.max(longest, after);
  }
  return longest;
}

function planFor(
  name: string,
  text: string,
  context: ArgumentContext,
  names?: ReadonlySet<string>,
): { plan: Plan; ends: number[] } | undefined {
  for (const plan of plannerFor(context)(name)) {
    const ends = fit(plan, text, names);
    if (ends) return { plan, ends };
  }
  return undefined;
}

const NO_CONTEXT: ArgumentContext = {};

/** Whether the text is a list of arguments that the call prints: where a name imitates a record, this tells which reading holds. */
export function fitsCall(name: string, args: string, context: ArgumentContext = NO_CONTEXT): boolean {
  try {
    return planFor(name, args, context) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * Splits the argument text of an enter or exit record.
 *
 *     openat, "AT_FDCWD /srv, 0x55d0 data, old.txt, O_RDWR|O_CREAT, 0o644"
 *     → FD "AT_FDCWD /srv", Path "0x55d0 data, old.txt", OpenFlags "O_RDWR|O_CREAT", Mode "0o644"
 *
 * The raw texts joined by ", " are `args` again, whatever the text. Text that no list of the call fits (a call not in the tables,
 * a record cut at the end of a file, a newer spelling) is split by quotes and brackets: `Hex` where a piece is one, the kind of
 * its place where there are no more pieces than arguments, else `Unknown`. `names` are paths that are known to hold what looks like
 * an argument: of two readings, the one holds in which they are whole.
 *
 * Measured: 1.0 to 1.5 M records/s for the ends alone, 0.28 to 0.36 M with all fields (Node 20, 84 637 records of 145
 * characters, many of them binary dumps).
 */
export function splitArguments(
  name: string,
  args: string,
  context: ArgumentContext = NO_CONTEXT,
  names?: ReadonlySet<string>,
): readonly Argument[] {
  try {
    const found = planFor(name, args, context, names);
    if (!found) return splitByNesting(args, plannerFor(context)(name)[0]?.kinds ?? []);
    const { plan, ends } = found;
    // not by map: that makes two sorts of arrays, and all who read them were compiled anew for the second
    const split: Argument[] = [];
    let at = 0;
    for (const [i, kind] of plan.kinds.entries()) {
      const end = ends[i] ?? args.length;
      const raw = args.slice(at, end);
      at = end + 2;
      split.push(decodeArgument(kind, raw) ?? { kind: 'Unknown', raw });
    }
    return split;
  } catch (error) {
    // V8 gives up on an expression whose backtracking needs too much memory: tens of megabytes of hostile text
    if (error instanceof RangeError) return args === '' ? [] : [{ kind: 'Unknown', raw: args }];
    throw error;
  }
}

/**
 * The path of an execve as nearly all are printed, with its words and its environment as they stand there (`wordsOf` reads them);
 * undefined where `splitArguments` has to tell. It finds the same: the shortest path behind which two lists of texts follow.
 *
 *     0x5ac272 /bin/nc, 0x5eea80 ["nc", "-l"], 0x5eeac0 ["HOME=/root"]
 *
 * Measured: 19,000 of them (1.4 % of the calls) took a tenth of a full report.
 */
export function readExecve(
  args: string,
): { readonly path: string; readonly words: string; readonly env: string } | undefined {
  const start = hexEnd(args, 0) + 1;
  if (start === 0 || args.charCodeAt(start - 1) !== BLANK || args.charCodeAt(start) === PAREN) return undefined;
  const pathEnd = args.indexOf(', ', start);
  const argv = pathEnd === -1 ? -1 : hexEnd(args, pathEnd + 2);
  const argvEnd = argv === -1 ? -1 : stringsEnd(args, argv);
  if (argvEnd === -1 || !args.startsWith(', ', argvEnd)) return undefined;
  const env = hexEnd(args, argvEnd + 2);
  if (env === -1 || stringsEnd(args, env) !== args.length) return undefined;
  return { path: args.slice(start, pathEnd), words: args.slice(argv + 1, argvEnd), env: args.slice(env + 1) };
}

/** The texts of a list as it is printed: `["nc", "-l"]`. */
export function wordsOf(list: string): readonly string[] {
  const words: string[] = [];
  for (let from = 1; from < list.length;) {
    const end = quotedEnd(list, from);
    words.push(unquote(list, from + 1, end - 1));
    from = end + 2;
  }
  return words;
}

/** Where a list of texts ends that stands behind a blank at `at`; -1 where there is none. */
function stringsEnd(text: string, at: number): number {
  if (!text.startsWith(' ["', at)) return -1;
  for (let from = at + 2; ;) {
    const end = quotedEnd(text, from);
    if (end === -1) return -1;
    if (text.charCodeAt(end) === CLOSING_BRACKET) return end + 1;
    if (!text.startsWith(', "', end)) return -1;
    from = end + 2;
  }
}

/** Splits at each `, ` outside quotes and brackets; the elements of an I/O vector stay with their address. */
function splitByNesting(args: string, kinds: readonly ArgumentKind[]): readonly Argument[] {
  if (args === '') return [];
  const pieces: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at <= args.length; at++) {
    const code = args.charCodeAt(at);
    if (code === QUOTE) {
      const end = quotedEnd(args, at);
      if (end < 0) at = args.length;
      else at = end - 1;
    } else if (code === BRACE || code === BRACKET || code === PAREN) depth++;
    else if (code === CLOSING_BRACE || code === CLOSING_BRACKET || code === 0x29) depth = Math.max(0, depth - 1);
    const isEnd = at >= args.length;
    const separates = code === COMMA && depth === 0 && args.charCodeAt(at + 1) === BLANK;
    if (!isEnd && (!separates || args.startsWith('{base=', at + 2))) continue;
    pieces.push(args.slice(start, at));
    start = at + 2;
  }
  const isPlaced = pieces.length <= kinds.length;
  return pieces.map((raw, i) => {
    const kind = kinds[i];
    const placed = isPlaced && kind !== undefined && raw !== '' ? decodeArgument(kind, raw) : undefined;
    return placed ?? decodeArgument('Hex', raw) ?? { kind: 'Unknown', raw };
  });
}
