/**
 * One production, two readers: a fast one (an anchored regular expression over a string) and a chevrotain grammar.
 * Neither knows what a production is about. The tests hold the two together; the product reads with the fast one.
 */
import type * as Chevrotain from 'chevrotain';
import { rest, type Terminal } from './terminals.js';

/** A piece of a production. */
export type Part =
  | { readonly part: 'literal'; readonly text: string }
  | { readonly part: 'field'; readonly field: string; readonly terminal: Terminal }
  | { readonly part: 'skip'; readonly terminal: Terminal }
  | { readonly part: 'optional'; readonly parts: readonly Part[] }
  | { readonly part: 'choice'; readonly options: readonly (readonly Part[])[] };

/** A line of the format: the gVisor function that writes it, and the pieces it is made of. */
export type Production = { readonly name: string; readonly parts: readonly Part[] };

/** What a reader found: the text of each field that was there. */
export type Fields = Readonly<Record<string, string | undefined>>;
export type Reader = (text: string) => Fields | undefined;

export function literal(text: string): Part {
  return { part: 'literal', text };
}
export function field(name: string, terminal: Terminal): Part {
  return { part: 'field', field: name, terminal };
}
export function skip(terminal: Terminal): Part {
  return { part: 'skip', terminal };
}
export function optional(...parts: readonly Part[]): Part {
  return { part: 'optional', parts };
}
export function choice(...options: readonly (readonly Part[])[]): Part {
  return { part: 'choice', options };
}
export function production(name: string, ...parts: readonly Part[]): Production {
  return { name, parts };
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** The pattern of a production. Fields of the same name in two options get numbered groups. */
function pattern(parts: readonly Part[], groups: string[]): string {
  return parts
    .map((part) => {
      switch (part.part) {
        case 'literal':
          return escape(part.text);
        case 'field':
          groups.push(part.field);
          return `(${part.terminal.pattern})`;
        case 'skip':
          return `(?:${part.terminal.pattern})`;
        case 'optional':
          return `(?:${pattern(part.parts, groups)})?`;
        case 'choice':
          return `(?:${part.options.map((option) => pattern(option, groups)).join('|')})`;
      }
    })
    .join('');
}

/** The fast reader: one anchored expression over the whole text. Returns undefined for a text that is something else. */
export function compileReader(rule: Production): Reader {
  const groups: string[] = [];
  const last = restField(rule);
  const body = last === undefined ? rule.parts : rule.parts.slice(0, -1);
  const expression = new RegExp(`^${pattern(body, groups)}${last === undefined ? '$' : ''}`);
  return (text) => {
    const match = expression.exec(text);
    if (match === null) return undefined;
    const fields: Record<string, string | undefined> = {};
    for (let index = 0; index < groups.length; index++) {
      const value = match[index + 1];
      if (value !== undefined) fields[groups[index] as string] = value;
    }
    if (last !== undefined && match[0].length < text.length) fields[last] = text.slice(match[0].length);
    return fields;
  };
}

/** The field that takes all that is left, if the production ends in one: it is cut off rather than matched. */
function restField(rule: Production): string | undefined {
  const last = rule.parts.at(-1);
  const only = last?.part === 'optional' && last.parts.length === 1 ? last.parts[0] : undefined;
  return only?.part === 'field' && only.terminal === rest ? only.field : undefined;
}

/**
 * The same production as a chevrotain grammar: a lexer mode for each set of places that may come next, so that only what
 * may stand there is tried (the format is not context-free in its characters: a path may hold anything), and a rule over
 * those tokens. Chevrotain is handed in: whoever wants a grammar has loaded it.
 */
export function compileGrammar(rule: Production, chevrotain: typeof Chevrotain): Reader {
  const { createToken, Lexer, EmbeddedActionsParser } = chevrotain;
  /** The numbers of parts are those of the production, so that the parser finds them whichever way it takes. */
  const numbers = new Map<Part, number>();
  /** What a place in the production must match, and the places that may follow. */
  const places: { readonly text: string; readonly next: number[] }[] = [];
  /** What the rule consumes: one type a pattern. The lexer's own types, one for each mode, belong to it. */
  const kinds = new Map<string, Chevrotain.TokenType>();
  const kindOf = (part: Terminated): Chevrotain.TokenType => {
    const text = textOf(part);
    const name = `${part.part === 'literal' ? 'literal' : part.terminal.name}_${kinds.size}`;
    const kind = kinds.get(text) ?? createToken({ name, pattern: Lexer.NA });
    kinds.set(text, kind);
    return kind;
  };

  /** Wires the parts and returns the places where they may begin and end, and whether they may be passed over. */
  type Span = { first: number[]; last: number[]; empty: boolean };
  const wire = (parts: readonly Part[]): Span => {
    const whole: Span = { first: [], last: [], empty: true };
    for (const part of parts) {
      numbers.set(part, numbers.size);
      let span: Span;
      if (part.part === 'optional') span = { ...wire(part.parts), empty: true };
      else if (part.part === 'choice') {
        const spans = part.options.map((option) => wire(option));
        span = {
          first: spans.flatMap((s) => s.first),
          last: spans.flatMap((s) => s.last),
          empty: spans.some((s) => s.empty),
        };
      } else {
        const index = places.push({ text: textOf(part), next: [] }) - 1;
        span = { first: [index], last: [index], empty: false };
      }
      for (const last of whole.last) places[last]?.next.push(...span.first);
      if (whole.empty) whole.first.push(...span.first);
      whole.last = span.empty ? [...whole.last, ...span.last] : span.last;
      whole.empty = whole.empty && span.empty;
    }
    return whole;
  };
  const { first } = wire(rule.parts);
  // Each mode names its tokens itself: their types must exist before a mode can be made of them.
  const each = (parts: readonly Part[]): void => {
    for (const part of parts) {
      if (part.part === 'optional') each(part.parts);
      else if (part.part === 'choice') part.options.forEach(each);
      else kindOf(part);
    }
  };
  each(rule.parts);
  const never = createToken({ name: 'never', pattern: () => null, line_breaks: false });
  const modes: Record<string, Chevrotain.TokenType[]> = {};
  /** The mode in which one of these places comes next. Options that begin alike stay together until they part. */
  const modeOf = (indices: readonly number[]): string => {
    const mode = `at_${indices.join('_')}`;
    if (modes[mode] !== undefined) return mode;
    const tokens: Chevrotain.TokenType[] = (modes[mode] = []);
    const texts = new Set(indices.map((index) => places[index]?.text ?? ''));
    for (const text of texts) {
      const next = indices
        .filter((index) => places[index]?.text === text)
        .flatMap((index) => places[index]?.next ?? []);
      const expression = new RegExp(text, 'y');
      const kind = kinds.get(text) ?? never;
      tokens.push(
        createToken({
          name: `${kind.name}_${mode}`,
          categories: [kind],
          pattern: (input: string, offset: number) => {
            expression.lastIndex = offset;
            return expression.exec(input);
          },
          line_breaks: true,
          push_mode: modeOf([...new Set(next)]),
        }),
      );
    }
    tokens.push(never);
    return mode;
  };
  const defaultMode = modeOf(first);
  const lexer = new Lexer({ modes, defaultMode }, { positionTracking: 'onlyOffset' });

  class RecordParser extends EmbeddedActionsParser {
    readonly record: () => Record<string, string>;
    constructor() {
      super([...kinds.values(), ...new Set(Object.values(modes).flat())], { recoveryEnabled: false });
      const read = (parts: readonly Part[], into: Record<string, string>): void => {
        for (const part of parts) {
          const n = numbers.get(part) ?? 0;
          if (part.part === 'optional') this.option(n, () => read(part.parts, into));
          else if (part.part === 'choice') {
            this.or(
              n,
              part.options.map((option) => ({ ALT: () => read(option, into) })),
            );
          } else {
            const { image } = this.consume(n, kindOf(part));
            if (part.part === 'field') this.ACTION(() => (into[part.field] = image));
          }
        }
      };
      this.record = this.RULE('record', () => {
        const into: Record<string, string> = {};
        read(rule.parts, into);
        return into;
      });
      this.performSelfAnalysis();
    }
  }
  const parser = new RecordParser();
  return (text) => {
    const { tokens, errors } = lexer.tokenize(text);
    if (errors.length > 0) return undefined;
    parser.input = tokens;
    const fields = parser.record();
    return parser.errors.length > 0 ? undefined : fields;
  };
}

type Terminated = Exclude<Part, { part: 'optional' | 'choice' }>;

function textOf(part: Terminated): string {
  return part.part === 'literal' ? escape(part.text) : part.terminal.pattern;
}
