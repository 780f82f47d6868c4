/**
 * Where the arguments of the commonest calls begin and end, in bytes: no text is decoded and nothing is made. It takes an argument text
 * only if it reads it as the splitter does (events/arguments.ts): the shortest text of each path after which the rest has the shapes
 * that remain. Whatever else there is, it leaves to that one; test/analyzers/argument-scan.test.ts holds the two together.
 */
import type { ArgumentKind } from '../../grammars/kinds.js';

const COMMA = 44;
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const DOT = 46;
const OPEN = 40;
const ZERO = 48;
const LETTER_X = 120;
const LESS = 60;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Shapes that this reader knows. */
export const enum Shape {
  Number,
  Word,
  Descriptor,
  Path,
  Buffer,
  Stat,
}

const SHAPE_OF: Readonly<Partial<Record<ArgumentKind, Shape>>> = {
  Hex: Shape.Number,
  Oct: Shape.Word,
  OpenFlags: Shape.Word,
  Mode: Shape.Word,
  MmapProt: Shape.Word,
  MmapFlags: Shape.Word,
  FD: Shape.Descriptor,
  Path: Shape.Path,
  ReadBuffer: Shape.Buffer,
  WriteBuffer: Shape.Buffer,
  Stat: Shape.Stat,
};

/** The shapes of a list of kinds; null where one of them is none of these. */
export function shapesOf(kinds: readonly ArgumentKind[]): readonly Shape[] | null {
  const shapes = kinds.map((kind) => SHAPE_OF[kind]);
  return shapes.every((shape) => shape !== undefined) ? (shapes as readonly Shape[]) : null;
}

/** Ends of a free text that are tried; a name with more commas is left to the splitter. */
const MOST_ENDS = 16;
const MOST_ARGUMENTS = 8;
const BAD_DESCRIPTOR = Buffer.from('(bad FD)');
const NO_PATH = Buffer.from('<null>');
const CURRENT_FOLDER = Buffer.from('AT_FDCWD');
const NULL = Buffer.from('null');
const DEVICE = Buffer.from(' {dev=');

export class ArgumentScan {
  /** Of argument `i` its bytes, and those of its text: what is printed behind a descriptor or an address (empty: nothing). */
  readonly start = new Int32Array(MOST_ARGUMENTS);
  readonly end = new Int32Array(MOST_ARGUMENTS);
  readonly textStart = new Int32Array(MOST_ARGUMENTS);
  #buf: Buffer = Buffer.alloc(0);
  #to = 0;
  #shapes: readonly Shape[] = [];
  #tries = 0;

  /** Reads `[from, to)`. False: not sure, or not these shapes. */
  read(shapes: readonly Shape[], buf: Buffer, from: number, to: number): boolean {
    if (shapes.length > MOST_ARGUMENTS) return false;
    this.#buf = buf;
    this.#to = to;
    this.#shapes = shapes;
    this.#tries = 0;
    return shapes.length === 0 ? from === to : this.#argument(0, from);
  }

  /** Has argument `index` a text, a path? */
  hasText(index: number): boolean {
    return (this.textStart[index] as number) < (this.end[index] as number);
  }

  #argument(index: number, at: number): boolean {
    this.start[index] = at;
    switch (this.#shapes[index] as Shape) {
      case Shape.Number:
        return this.#closed(index, this.#hex(at));
      case Shape.Word:
        return this.#closed(index, this.#word(at));
      case Shape.Buffer:
        return this.#closed(index, this.#buffer(at));
      case Shape.Stat:
        return this.#closed(index, this.#stat(at));
      case Shape.Descriptor:
        return this.#named(index, this.#isAt(CURRENT_FOLDER, at) ? at + CURRENT_FOLDER.length : this.#hex(at), true);
      case Shape.Path:
        if (this.#buf[at] === LESS) return this.#isAt(NO_PATH, at) && this.#closed(index, at + NO_PATH.length);
        return this.#named(index, this.#hex(at), false);
    }
  }

  /** An argument that ends at `end` (-1: it has not its shape), then the others. */
  #closed(index: number, end: number): boolean {
    if (end === -1) return false;
    this.end[index] = end;
    this.textStart[index] = end;
    return this.#rest(index, end);
  }

  #rest(index: number, end: number): boolean {
    if (index + 1 === this.#shapes.length) return end === this.#to;
    return (
      this.#buf[end] === COMMA &&
      this.#buf[end + 1] === SPACE &&
      end + 2 <= this.#to &&
      this.#argument(index + 1, end + 2)
    );
  }

  /** A number, and a free text behind it: the shortest one after which the rest fits. */
  #named(index: number, end: number, canBeBare: boolean): boolean {
    if (end === -1) return false;
    if (end === this.#to || this.#buf[end] === COMMA) return canBeBare && this.#closed(index, end);
    if (this.#buf[end] !== SPACE) return false;
    const text = end + 1;
    // what stands in parentheses is an error of the sentry, or the beginning of a strange name
    if (this.#buf[text] === OPEN) {
      return this.#isAt(BAD_DESCRIPTOR, text) && canBeBare && this.#closed(index, text + BAD_DESCRIPTOR.length);
    }
    const isLast = index + 1 === this.#shapes.length;
    for (let at = text; ; at++) {
      if (at === this.#to) {
        if (!isLast) return false;
        this.end[index] = at;
        this.textStart[index] = text;
        return true;
      }
      if (isLast || this.#buf[at] !== COMMA || this.#buf[at + 1] !== SPACE) continue;
      if (++this.#tries > MOST_ENDS) return false;
      if (!this.#argument(index + 1, at + 2)) continue;
      this.end[index] = at;
      this.textStart[index] = text;
      return true;
    }
  }

  /** `0x` and digits: their end, -1 where there are none. */
  #hex(at: number): number {
    const buf = this.#buf;
    if (buf[at] !== ZERO || buf[at + 1] !== LETTER_X) return -1;
    let end = at + 2;
    while (end < this.#to && isHexByte(buf[end] as number)) end++;
    return end === at + 2 ? -1 : end;
  }

  /** An address, or `null`. */
  #pointer(at: number): number {
    return this.#isAt(NULL, at) ? at + NULL.length : this.#hex(at);
  }

  /** Flags and octal numbers: letters, digits, `_` and `|`. */
  #word(at: number): number {
    let end = at;
    while (end < this.#to && isWordByte(this.#buf[end] as number)) end++;
    return end === at ? -1 : end;
  }

  /** An address, and perhaps the text that was moved, cut off or not. */
  #buffer(at: number): number {
    const buf = this.#buf;
    const end = this.#pointer(at);
    if (end === -1 || end === this.#to || buf[end] === COMMA) return end;
    if (buf[end] !== SPACE || buf[end + 1] !== QUOTE) return -1;
    let close = buf.indexOf(QUOTE, end + 2);
    while (close !== -1 && close < this.#to && isEscaped(buf, close, end + 2)) close = buf.indexOf(QUOTE, close + 1);
    if (close === -1 || close >= this.#to) return -1;
    const after = close + 1;
    return buf[after] === DOT && buf[after + 1] === DOT && buf[after + 2] === DOT ? after + 3 : after;
  }

  #stat(at: number): number {
    const buf = this.#buf;
    const end = this.#pointer(at);
    if (end === -1 || end === this.#to || buf[end] === COMMA) return end;
    if (!this.#isAt(DEVICE, end)) return -1;
    const close = buf.indexOf(CLOSE_BRACE, end);
    const open = buf.indexOf(OPEN_BRACE, end + 2);
    return close === -1 || close >= this.#to || (open !== -1 && open < close) ? -1 : close + 1;
  }

  #isAt(bytes: Buffer, at: number): boolean {
    if (at + bytes.length > this.#to) return false;
    for (let i = 0; i < bytes.length; i++) if (this.#buf[at + i] !== bytes[i]) return false;
    return true;
  }
}

function isHexByte(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 97 && c <= 102);
}
function isWordByte(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 124;
}
/** Does an odd number of backslashes stand before a quote? */
function isEscaped(buf: Buffer, quote: number, from: number): boolean {
  let at = quote;
  while (at > from && buf[at - 1] === BACKSLASH) at--;
  return (quote - at) % 2 === 1;
}
