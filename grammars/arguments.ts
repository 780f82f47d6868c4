/**
 * The grammar of one argument: what may stand in its text, and what the pieces mean. The definition to read; the splitter
 * (src/events/arguments.ts) reads the same by hand and is held to this grammar by test/grammars/arguments.test.ts.
 *
 * chevrotain is loaded when the first argument is parsed (0.1 to 0.25 s), never by an import of this file.
 */
import {
  type ArgumentKind,
  CONTROL,
  FIELD_VALUES,
  flagSet,
  NAME_OR_NUMBER,
  POLL_HEAD,
  POLL_TAIL,
  SHAPES,
  SIGNAL,
  type Structure,
  TERMINALS,
  UNAME_LABELS,
} from './kinds.js';

import type * as Chevrotain from 'chevrotain';

/** What an argument says: `kind`, `raw`, and the fields that its text holds. */
export type ParsedArgument = { readonly kind: ArgumentKind; readonly raw: string; readonly [field: string]: unknown };

export type ArgumentGrammar = {
  /** The decoded argument; undefined where the text is none of the kind. */
  readonly parse: (kind: ArgumentKind, raw: string) => ParsedArgument | undefined;
};

let loading: Promise<ArgumentGrammar> | undefined;

/** The grammar; one parser serves the whole process. */
export function loadArgumentGrammar(): Promise<ArgumentGrammar> {
  loading ??= import('chevrotain').then(buildGrammar);
  return loading;
}

/** Parses the text of one argument, as `splitArguments` cut it. */
export async function parseArgument(kind: ArgumentKind, raw: string): Promise<ParsedArgument | undefined> {
  return (await loadArgumentGrammar()).parse(kind, raw);
}

// ---------------------------------------------------------------------------------------------------------------------- values

type Values = { [field: string]: unknown };

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);

const HEX = whole(TERMINALS.Hex);
const DECIMAL = whole(TERMINALS.Decimal);
const NUMBER = /^-?[0-9]/;
const DIGITS = /^(?:-?[0-9]+|0x[0-9a-f]+|0o[0-7]+)$/;

/** A number, a decimal string beyond 2^53-1; the text itself where it is no number, which the rule at hand refuses. */
function integer(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text.length > 40 || !DIGITS.test(text) ? text : String(BigInt(text));
}

const nameOrInteger = (text: string): number | string => (NUMBER.test(text) ? integer(text) : text);

const ESCAPE = /((?:\\x[89a-f][0-9a-f])+)|\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([^]))/g;
const LETTERS: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Go's %q undone: runs of bytes are read as UTF-8, code points that are none become U+FFFD. */
function unquoted(quoted: string): string {
  return quoted.slice(1, -1).replace(ESCAPE, (_, bytes, x, u, U, other: string) => {
    if (bytes) return Buffer.from(String(bytes).replaceAll('\\x', ''), 'hex').toString();
    if (other !== undefined) return LETTERS[other] ?? other;
    const code = Number.parseInt(x ?? u ?? U, 16);
    return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? '\ufffd' : String.fromCodePoint(code);
  });
}

function descriptor(number: string, text: string | undefined): Values {
  const fd = number === TERMINALS.Cwd ? -100 : Number(BigInt.asIntN(32, BigInt(number)));
  if (text === undefined) return { fd };
  return text === '(bad FD)' ? { fd, error: 'bad FD' } : { fd, path: text };
}

function flagValues(text: string): Values {
  const parts = text.split('|');
  const numbers = parts.filter((part) => NUMBER.test(part) && part !== '0x0' && part !== '0');
  return { flags: parts.filter((part) => !NUMBER.test(part)), rest: numbers.length === 0 ? null : numbers.join('|') };
}

/** A flat kind: its pattern, and what the text means. */
function flatShape(kind: ArgumentKind): { pattern: RegExp; read: (text: string) => Values } | undefined {
  const shape = SHAPES[kind];
  switch (shape.form) {
    case 'number':
      return { pattern: whole(TERMINALS[shape.terminal]), read: (text) => ({ value: integer(text) }) };
    case 'flags':
      return { pattern: whole(flagSet(shape.prefix)), read: flagValues };
    case 'name':
      return {
        pattern: whole(NAME_OR_NUMBER),
        read: (text) => (NUMBER.test(text) ? { value: integer(text) } : { name: text }),
      };
    case 'signal':
      return { pattern: whole(SIGNAL), read: (text) => ({ signal: nameOrInteger(text) }) };
    default:
      return undefined;
  }
}

// --------------------------------------------------------------------------------------------------------------------- grammar

type Pair = { readonly separator: string; readonly label: string; readonly value: string };

/** The values of a structure if its labels, separators and values are those the kind prints; else undefined. */
function structureValues({ sign, separator, fields }: Structure, pairs: readonly Pair[]): Values | undefined {
  if (pairs.length !== fields.length) return undefined;
  const out: Values = {};
  for (const [i, { name, value }] of fields.entries()) {
    const pair = pairs[i];
    if (pair?.label !== name + sign || pair.separator !== (i === 0 ? '' : separator)) return undefined;
    if (!whole(FIELD_VALUES[value]).test(pair.value)) return undefined;
    out[name] =
      (value === 'number' || value === 'version') && DECIMAL.test(pair.value) ? integer(pair.value) : pair.value;
  }
  return out;
}

function buildGrammar({ createToken, EmbeddedActionsParser, Lexer }: typeof Chevrotain): ArgumentGrammar {
  const token = (name: string, pattern: string, hasLines = false): Chevrotain.TokenType =>
    createToken({ name, pattern: new RegExp(pattern), line_breaks: hasLines });
  type Match = (text: string, at: number, before: Chevrotain.IToken[]) => number;
  /** A token that raw text makes: where it ends depends on what stood before it. The end, or a place not behind `at`. */
  const rawToken = (name: string, match: Match): Chevrotain.TokenType =>
    createToken({
      name,
      line_breaks: true,
      pattern: (text: string, at: number, before: Chevrotain.IToken[]): [string] | null => {
        const end = match(text, at, before);
        return end > at ? [text.slice(at, end)] : null;
      },
    });

  const Quoted = token('Quoted', TERMINALS.Quoted, true);
  const Dots = token('Dots', TERMINALS.Dots);
  const ParenError = token('ParenError', TERMINALS.ParenError);
  const BraceError = token('BraceError', TERMINALS.BraceError);
  const PlainError = token('PlainError', `${TERMINALS.PlainError}(?=\\})`);
  const Control = token('Control', CONTROL, true);
  const Label = token('Label', '[A-Za-z_]+(?:=|: ?)');
  /** Numbers, names, flag sets and times; the rules say which. */
  const Scalar = token('Scalar', `(?:${TERMINALS.GoTime}|-?[A-Za-z0-9_|]+)`);
  const Comma = token('Comma', ', ');
  const Blank = token('Blank', ' ');
  const LeftBrace = token('LeftBrace', '\\{');
  const RightBrace = token('RightBrace', '\\}');
  const LeftBracket = token('LeftBracket', '\\[');
  const RightBracket = token('RightBracket', '\\]');

  const host = new RegExp(TERMINALS.SocketHost, 'y');
  const Host = rawToken('Host', (text, at, before) => {
    if (before.at(-1)?.image !== 'Addr: ') return at;
    host.lastIndex = at;
    return host.test(text) ? host.lastIndex : at;
  });
  const pollEnd = new RegExp(`${POLL_TAIL}(?=, ${POLL_HEAD}|\\](?:, |$))`, 'g');
  /** ` socket:[3]`, the blank included */
  const PollText = rawToken('PollText', (text, at, before) => {
    if (before.at(-2)?.image !== 'FD: ' || !text.startsWith(' ', at)) return at;
    pollEnd.lastIndex = at;
    return pollEnd.exec(text)?.index ?? at;
  });
  const nestedTokens = [
    PollText,
    Host,
    PlainError,
    Control,
    ParenError,
    BraceError,
    Quoted,
    Dots,
    Label,
    Scalar,
    Comma,
    Blank,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
  ];

  const Head = token('Head', `(?:${TERMINALS.Cwd}|${TERMINALS.PathNull}|${TERMINALS.Hex})`);
  /** ` /any/text`, the blank included: all that stands behind a descriptor or an address */
  const Text = token('Text', ' [^]*', true);
  const rawTokens = [Text, Head];

  const SystemLabel = rawToken('SystemLabel', (text, at, before) => {
    const label = UNAME_LABELS[before.filter((t) => t.tokenType === SystemLabel).length];
    const separator = before.some((t) => t.tokenType === SystemLabel) ? ', ' : '';
    return label !== undefined && text.startsWith(`${separator}${label}: `, at)
      ? at + separator.length + label.length + 2
      : at;
  });
  const SystemText = rawToken('SystemText', (text, at, before) => {
    if (before.at(-1)?.tokenType !== SystemLabel) return at;
    const next = UNAME_LABELS[before.filter((t) => t.tokenType === SystemLabel).length];
    return next === undefined ? text.length - 1 : text.indexOf(`, ${next}: `, at);
  });
  const systemTokens = [SystemText, SystemLabel, ParenError, BraceError, LeftBrace, RightBrace, Scalar, Blank];

  class ArgumentParser extends EmbeddedActionsParser {
    /** Set by a rule whose tokens are in order while a text is not what belongs there. */
    isRefused = false;

    constructor() {
      super([...new Set([...nestedTokens, ...rawTokens, ...systemTokens])], { maxLookahead: 3 });
      this.performSelfAnalysis();
    }

    private scalar(index: number, pattern: RegExp): string {
      const { image } = this.consume(index, Scalar);
      this.refuseUnless(pattern.test(image));
      return image;
    }

    private label(index: number, name: string): void {
      const { image } = this.consume(index, Label);
      this.refuseUnless(image === name);
    }

    private refuseUnless(isRight: boolean): void {
      if (!this.RECORDING_PHASE && !isRight) this.isRefused = true;
    }

    private error = this.RULE('error', (): Values => {
      let text = '';
      this.OR([
        { ALT: () => (text = this.CONSUME(ParenError).image) },
        { ALT: () => (text = this.CONSUME(BraceError).image) },
      ]);
      return { error: text.slice(1, -1) };
    });

    /** null; an address; an address, a blank and an error or the body */
    private pointer(name: string, body: () => Values): () => Values {
      return this.RULE(name, () => {
        const address = this.scalar(9, /^(?:null|0x[0-9a-f]+)$/);
        const values: Values = { address: address === 'null' ? '0x0' : address };
        this.OPTION9(() => {
          this.CONSUME9(Blank);
          this.refuseUnless(address !== 'null');
          const rest = this.OR9([{ ALT: () => this.SUBRULE9(this.error) }, { ALT: body }]);
          if (!this.RECORDING_PHASE) Object.assign(values, rest);
        });
        return values;
      });
    }

    private dump = this.RULE('dump', (): Values => {
      const text = this.CONSUME(Quoted).image;
      let cut = false;
      this.OPTION(() => {
        this.CONSUME(Dots);
        cut = true;
      });
      return this.RECORDING_PHASE ? {} : { text: unquoted(text), cut };
    });

    private pointedDump = this.pointer('pointedDump', () => this.SUBRULE(this.dump));

    buffer = this.RULE('buffer', (): Values =>
      this.OR([
        { ALT: () => (this.CONSUME(Dots), {}) },
        { ALT: () => this.SUBRULE(this.pointedDump) },
        {
          ALT: () => {
            this.CONSUME(LeftBrace);
            this.label(1, 'base=');
            const address = this.scalar(1, HEX);
            this.CONSUME(Comma);
            this.label(2, 'len=');
            this.scalar(2, DECIMAL);
            this.CONSUME(RightBrace);
            return { address };
          },
        },
        { ALT: () => ({ text: '', cut: false }) },
      ]),
    );

    private namedNumber = this.RULE('namedNumber', (): Pair => {
      this.CONSUME(LeftBrace);
      const label = this.CONSUME(Label).image;
      const value = this.scalar(1, DECIMAL);
      this.CONSUME(RightBrace);
      return { separator: '', label, value };
    });

    private pointedOption = this.pointer('pointedOption', () =>
      this.OR([
        { ALT: () => this.SUBRULE(this.dump) },
        {
          ALT: () => {
            const { label, value } = this.SUBRULE(this.namedNumber);
            this.refuseUnless(label === 'value=');
            return this.RECORDING_PHASE ? {} : { value: integer(value) };
          },
        },
      ]),
    );

    optionValue = this.RULE('optionValue', (): Values =>
      this.OR([{ ALT: () => this.SUBRULE(this.pointedOption) }, { ALT: () => ({ text: '', cut: false }) }]),
    );

    length = this.pointer('length', () => {
      const { label, value } = this.SUBRULE(this.namedNumber);
      this.refuseUnless(label === 'length=');
      return this.RECORDING_PHASE ? {} : { length: integer(value) };
    });

    private vector = this.RULE('vector', (): Values => {
      this.CONSUME(LeftBrace);
      this.label(1, 'base=');
      const base = this.scalar(1, HEX);
      this.CONSUME1(Comma);
      this.label(2, 'len=');
      const len = this.scalar(2, DECIMAL);
      const values: Values = this.RECORDING_PHASE ? {} : { base, len: integer(len) };
      this.OPTION1(() => {
        this.CONSUME2(Comma);
        Object.assign(values, this.SUBRULE(this.dump));
        this.OPTION2(() => {
          this.CONSUME3(Comma);
          values['error'] = this.CONSUME(PlainError).image;
        });
      });
      this.CONSUME(RightBrace);
      return values;
    });

    /** The one pointer whose body may be nothing at all: a vector of no elements leaves a trailing blank. */
    private pointedVectors = this.RULE('pointedVectors', (): Values => {
      const address = this.scalar(1, /^(?:null|0x[0-9a-f]+)$/);
      const values: Values = { address: address === 'null' ? '0x0' : address };
      this.OPTION(() => {
        this.CONSUME(Blank);
        this.refuseUnless(address !== 'null');
        const iovecs: Values[] = [];
        this.OR([
          { ALT: () => Object.assign(values, this.SUBRULE(this.error)) },
          {
            ALT: () => {
              iovecs.push(this.SUBRULE1(this.vector));
              this.MANY({
                GATE: () => this.LA(2).tokenType === LeftBrace, // a message goes on with ", control="
                DEF: () => {
                  this.CONSUME(Comma);
                  iovecs.push(this.SUBRULE2(this.vector));
                },
              });
              values['iovecs'] = iovecs;
            },
          },
          { ALT: () => (values['iovecs'] = iovecs) },
        ]);
      });
      return values;
    });

    iovecs = this.RULE('iovecs', (): Values =>
      this.OR([{ ALT: () => (this.CONSUME(Dots), {}) }, { ALT: () => this.SUBRULE(this.pointedVectors) }]),
    );

    message = this.pointer('message', () => {
      this.CONSUME(LeftBrace);
      this.label(1, 'name=');
      const name = this.scalar(1, HEX);
      this.CONSUME1(Comma);
      this.label(2, 'namelen=');
      const namelen = this.scalar(2, DECIMAL);
      this.CONSUME2(Comma);
      this.label(3, 'iovecs=');
      const vectors = this.SUBRULE(this.pointedVectors);
      this.CONSUME3(Comma);
      this.label(4, 'control=');
      const fields: Values = {};
      this.OR([
        { ALT: () => (fields['control'] = this.CONSUME(Control).image) },
        {
          ALT: () => {
            fields['control'] = this.scalar(3, HEX);
            this.CONSUME4(Comma);
            this.label(5, 'control_len=');
            const length = this.scalar(4, DECIMAL);
            if (!this.RECORDING_PHASE) fields['control_len'] = integer(length);
          },
        },
      ]);
      this.CONSUME5(Comma);
      this.label(6, 'flags=');
      const flags = this.scalar(5, DECIMAL);
      this.CONSUME(RightBrace);
      if (this.RECORDING_PHASE) return {};
      Object.assign(fields, {
        name,
        namelen: integer(namelen),
        flags: integer(flags),
        iovecs: vectors['iovecs'] ?? null,
      });
      return vectors['error'] === undefined ? { fields } : { fields, error: vectors['error'] };
    });

    strings = this.pointer('strings', () => {
      const strings: string[] = [];
      this.CONSUME(LeftBracket);
      this.MANY_SEP({
        SEP: Comma,
        DEF: () => {
          const { image } = this.CONSUME(Quoted);
          strings.push(unquoted(image));
        },
      });
      this.CONSUME(RightBracket);
      return { strings };
    });

    private list = this.RULE('list', (): string[] => {
      const texts: string[] = [];
      this.CONSUME(LeftBracket);
      this.MANY_SEP({ SEP: Blank, DEF: () => texts.push(this.CONSUME(Scalar).image) });
      this.CONSUME(RightBracket);
      return texts;
    });

    private values(texts: readonly string[], pattern: RegExp): (number | string)[] {
      if (this.RECORDING_PHASE) return [];
      this.refuseUnless(texts.every((text) => pattern.test(text)));
      return this.isRefused ? [] : texts.map(nameOrInteger);
    }

    numbers = this.pointer('numbers', () => ({ fds: this.values(this.SUBRULE(this.list), DECIMAL) }));
    signals = this.pointer('signals', () => ({ signals: this.values(this.SUBRULE(this.list), whole(SIGNAL)) }));

    address = this.pointer('address', () => {
      this.CONSUME(LeftBrace);
      this.label(1, 'Family: ');
      const values: Values = { family: this.scalar(1, whole(NAME_OR_NUMBER)) };
      this.CONSUME1(Comma);
      this.OR([
        { ALT: () => (values['error'] = this.CONSUME(PlainError).image) },
        {
          ALT: () => {
            const first = this.CONSUME2(Label).image;
            this.OR2([
              {
                ALT: () => {
                  const { image } = this.CONSUME(Quoted);
                  this.refuseUnless(first === 'Addr: ');
                  if (!this.RECORDING_PHASE) values['path'] = unquoted(image);
                },
              },
              {
                ALT: () => {
                  const portId = this.scalar(2, DECIMAL);
                  this.CONSUME2(Comma);
                  this.label(3, 'Groups: ');
                  const groups = this.scalar(3, DECIMAL);
                  this.refuseUnless(first === 'PortID: ');
                  if (!this.RECORDING_PHASE && !this.isRefused) {
                    values['fields'] = { PortID: integer(portId), Groups: integer(groups) };
                  }
                },
              },
              {
                ALT: () => {
                  values['addr'] = '';
                  this.OPTION(() => (values['addr'] = this.CONSUME(Host).image));
                  this.CONSUME3(Comma);
                  this.label(4, 'Port: ');
                  const port = this.scalar(4, DECIMAL);
                  this.refuseUnless(first === 'Addr: ');
                  if (!this.RECORDING_PHASE && !this.isRefused) values['port'] = integer(port);
                },
              },
            ]);
          },
        },
      ]);
      this.CONSUME(RightBrace);
      return values;
    });

    action = this.pointer('action', () => {
      this.CONSUME(LeftBrace);
      this.label(1, 'Handler: ');
      const handler = this.scalar(1, whole(`${TERMINALS.Name}|${TERMINALS.Hex}`));
      this.CONSUME1(Comma);
      this.label(2, 'Flags: ');
      const flags = this.scalar(2, whole(flagSet('SA_')));
      this.CONSUME2(Comma);
      this.label(3, 'Restorer: ');
      const restorer = this.scalar(3, HEX);
      this.CONSUME3(Comma);
      this.label(4, 'Mask: ');
      const mask = this.values(this.SUBRULE(this.list), whole(SIGNAL));
      this.CONSUME(RightBrace);
      return { fields: { Handler: handler, Flags: flags, Restorer: restorer, Mask: mask } };
    });

    private pairs = this.RULE('pairs', (): Pair[] => {
      const pairs: Pair[] = [];
      this.CONSUME(LeftBrace);
      pairs.push({ separator: '', label: this.CONSUME1(Label).image, value: this.CONSUME1(Scalar).image });
      this.MANY(() => {
        let separator = '';
        this.OR([
          { ALT: () => (separator = this.CONSUME(Comma).image) },
          { ALT: () => (separator = this.CONSUME(Blank).image) },
        ]);
        pairs.push({ separator, label: this.CONSUME2(Label).image, value: this.CONSUME2(Scalar).image });
      });
      this.CONSUME(RightBrace);
      return pairs;
    });

    structure = this.pointer('structure', () => ({ pairs: this.SUBRULE(this.pairs) }));

    /** null, or an address with a structure or an error */
    private timerPart = this.RULE('timerPart', (): Pair[] | null => {
      const address = this.scalar(1, /^(?:null|0x[0-9a-f]+)$/);
      let pairs: Pair[] | null = null;
      let isAlone = true;
      this.OPTION(() => {
        isAlone = false;
        this.CONSUME(Blank);
        this.OR([{ ALT: () => this.CONSUME(ParenError) }, { ALT: () => (pairs = this.SUBRULE(this.pairs)) }]);
      });
      this.refuseUnless((address === 'null') === isAlone);
      return pairs;
    });

    timer = this.pointer('timer', () => {
      this.CONSUME(LeftBrace);
      this.label(1, 'interval=');
      const interval = this.SUBRULE1(this.timerPart);
      this.CONSUME(Comma);
      this.label(2, 'value=');
      const value = this.SUBRULE2(this.timerPart);
      this.CONSUME(RightBrace);
      return { parts: [interval, value] };
    });

    private usageValue = this.RULE('usageValue', (): [string, number | string] => {
      const { image } = this.CONSUME(Label);
      const value = this.scalar(1, DECIMAL);
      this.refuseUnless(!/[= ]$/.test(image));
      return this.RECORDING_PHASE || this.isRefused ? ['', 0] : [image.slice(0, -1), integer(value)];
    });

    private usageGroup = this.RULE('usageGroup', (): [string, Values] => {
      const { image } = this.CONSUME(Label);
      const values: [string, unknown][] = [];
      this.CONSUME(LeftBrace);
      this.MANY_SEP({ SEP: Blank, DEF: () => values.push(this.SUBRULE(this.usageValue)) });
      this.CONSUME(RightBrace);
      this.refuseUnless(!/[= ]$/.test(image));
      return [image.slice(0, -1), this.RECORDING_PHASE ? {} : Object.fromEntries(values)];
    });

    usage = this.pointer('usage', () => {
      const values: [string, unknown][] = [];
      this.CONSUME(LeftBrace);
      this.AT_LEAST_ONE_SEP({
        SEP: Blank,
        DEF: () =>
          values.push(
            this.OR<[string, unknown]>([
              { ALT: () => this.SUBRULE(this.usageValue) },
              { ALT: () => this.SUBRULE(this.usageGroup) },
            ]),
          ),
      });
      this.CONSUME(RightBrace);
      return this.RECORDING_PHASE ? {} : { fields: Object.fromEntries(values) };
    });

    private poll = this.RULE('poll', (): Values => {
      this.CONSUME(LeftBrace);
      this.label(1, 'FD: ');
      const number = this.scalar(1, whole(`${TERMINALS.Cwd}|${TERMINALS.Hex}`));
      const text = this.OPTION(() => this.CONSUME(PollText).image.slice(1));
      this.CONSUME1(Comma);
      this.label(2, 'Events: ');
      const events = this.scalar(2, whole(flagSet('POLL')));
      this.CONSUME2(Comma);
      this.label(3, 'REvents: ');
      const revents = this.OR([
        { ALT: () => this.scalar(3, whole(flagSet('POLL'))) },
        { ALT: () => this.CONSUME(Dots).image },
      ]);
      this.CONSUME(RightBrace);
      return this.RECORDING_PHASE || this.isRefused ? {} : { ...descriptor(number, text), events, revents };
    });

    polls = this.pointer('polls', () => {
      const polls: Values[] = [];
      this.CONSUME(LeftBracket);
      this.MANY_SEP({ SEP: Comma, DEF: () => polls.push(this.SUBRULE(this.poll)) });
      this.CONSUME(RightBracket);
      return { polls };
    });

    private epollEvent = this.RULE('epollEvent', (): Values => {
      this.CONSUME(LeftBrace);
      this.label(1, 'events=');
      const events = this.scalar(1, whole(flagSet('EP[OU]LL')));
      this.CONSUME(Blank);
      this.label(2, 'data=');
      this.CONSUME(LeftBracket);
      const low = this.scalar(2, whole(TERMINALS.SignedHex));
      this.CONSUME(Comma);
      const high = this.scalar(3, whole(TERMINALS.SignedHex));
      this.CONSUME(RightBracket);
      this.CONSUME(RightBrace);
      return { events, data: [low, high] };
    });

    event = this.pointer('event', () => ({ fields: this.SUBRULE(this.epollEvent) }));

    events = this.pointer('events', () => {
      const events: Values[] = [];
      let cut = false;
      this.CONSUME(LeftBrace);
      this.MANY(() => {
        events.push(
          this.OR([
            { ALT: () => this.SUBRULE(this.epollEvent) },
            { ALT: () => ({ error: this.CONSUME(BraceError).image.slice(1, -1) }) },
          ]),
        );
      });
      this.OPTION(() => {
        this.CONSUME(Dots);
        cut = true;
      });
      this.CONSUME(RightBrace);
      return { events, cut };
    });

    system = this.pointer('system', () => {
      const fields: Values = {};
      let count = 0;
      this.CONSUME(LeftBrace);
      this.AT_LEAST_ONE(() => {
        this.CONSUME(SystemLabel);
        const text = this.OPTION(() => this.CONSUME(SystemText).image);
        const name = UNAME_LABELS[count++];
        if (name !== undefined) fields[name] = text ?? '';
      });
      this.CONSUME(RightBrace);
      this.refuseUnless(count === UNAME_LABELS.length);
      return { fields };
    });

    /** Descriptors and paths: a head, and all the rest */
    headed = this.RULE('headed', (): [head: string, text: string | undefined] => {
      const { image } = this.CONSUME(Head);
      return [image, this.OPTION(() => this.CONSUME(Text).image.slice(1))];
    });
  }

  const parser = new ArgumentParser();
  const [nested, raw, system] = [nestedTokens, rawTokens, systemTokens].map(
    (tokens) => new Lexer(tokens, { positionTracking: 'onlyOffset' }),
  ) as [Chevrotain.Lexer, Chevrotain.Lexer, Chevrotain.Lexer];

  function run<T>(lexer: Chevrotain.Lexer, rule: () => T, text: string): T | undefined {
    const { tokens, errors } = lexer.tokenize(text);
    if (errors.length > 0) return undefined;
    parser.input = tokens;
    parser.isRefused = false;
    const value = rule.call(parser);
    return parser.errors.length > 0 || parser.isRefused ? undefined : value;
  }

  function headed(text: string, isPath: boolean): Values | undefined {
    const read = run(raw, parser.headed, text);
    if (!read) return undefined;
    const [head, rest] = read;
    if (!isPath) return head === TERMINALS.PathNull ? undefined : descriptor(head, rest);
    if (head === TERMINALS.Cwd) return undefined;
    if (head === TERMINALS.PathNull) return rest === undefined ? { address: '0x0' } : undefined;
    if (rest === undefined) return { address: head };
    return rest.startsWith('(error ') && whole(TERMINALS.ParenError).test(rest)
      ? { address: head, error: rest.slice(1, -1) }
      : { address: head, path: rest };
  }

  /** The checks that depend on the kind and not on the form alone. */
  function structured(shape: Structure, text: string): Values | undefined {
    const values = run(nested, parser.structure, text);
    if (!values || values['pairs'] === undefined) return values;
    const fields = structureValues(shape, values['pairs'] as Pair[]);
    return fields && { address: values['address'], fields };
  }

  function timed(shape: Structure, text: string): Values | undefined {
    const values = run(nested, parser.timer, text);
    if (!values || values['parts'] === undefined) return values;
    const [interval, value] = (values['parts'] as (Pair[] | null)[]).map(
      (part) => part && structureValues(shape, part),
    );
    if (interval === undefined || value === undefined) return undefined;
    return { address: values['address'], fields: { interval, value } };
  }

  function read(kind: ArgumentKind, text: string): Values | undefined {
    const flat = flatShape(kind);
    if (flat) return flat.pattern.test(text) ? flat.read(text) : undefined;
    const shape = SHAPES[kind];
    switch (shape.form) {
      case 'descriptor':
      case 'path':
        return headed(text, shape.form === 'path');
      case 'structure':
        return structured(shape.structure, text);
      case 'timer':
        return timed(shape.structure, text);
      case 'system':
        return run(system, parser.system, text);
      case 'number':
      case 'flags':
      case 'name':
      case 'signal':
        return undefined;
      default:
        return run(nested, parser[shape.form], text);
    }
  }

  return {
    parse: (kind, text) => {
      const values = read(kind, text);
      return values && { kind, raw: text, ...values };
    },
  };
}
