/**
 * The language of conditions (`--where`): which records are meant.
 *
 *     syscall in (openat, open) and errno == ENOENT and path startsWith "/etc" and duration > 5ms and not comm == "sh"
 *
 * chevrotain is loaded when the first condition is parsed, never by an import of this file.
 */
import type * as Chevrotain from 'chevrotain';

/** A piece of the condition, and where it stands: `[from, to)`. */
export type Place = { readonly from: number; readonly to: number };
export type Name = Place & { readonly text: string };
/** A word as it stands (`ENOENT`), a quoted text, or a number with its unit (`5ms`). */
export type Literal = Place & { readonly form: 'word' | 'text' | 'number'; readonly text: string };

export const OPERATORS = [
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'startsWith',
  'endsWith',
  'contains',
  'matches',
  'imatches',
  'under',
] as const;
/** Longer ones first: `<=` is not `<` and a rest. */
const SIGNS = OPERATORS.filter((one) => !/\w/.test(one)).toSorted((a, b) => b.length - a.length);
const WORDS = OPERATORS.filter((one) => /\w/.test(one));

export type Operator = (typeof OPERATORS)[number];

export type Expression =
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  /** One of the values fits (of `!=`: none is equal). */
  | { readonly kind: 'compare'; readonly field: Name; readonly operator: Operator; readonly values: Values }
  | { readonly kind: 'in'; readonly field: Name; readonly values: Values }
  | { readonly kind: 'exists'; readonly field: Name }
  /** A field that holds or does not, or the name of a condition that stands elsewhere (a macro). */
  | { readonly kind: 'holds'; readonly name: Name };

/** The values as they stand, or the name of a list of them (`$shells`). */
export type Values = readonly Literal[] | (Name & { readonly isList: true });

/** A condition that is none: what is wrong, and where. */
export type Fault = Place & { readonly message: string; readonly suggestion?: string };

export type ExpressionGrammar = { readonly parse: (text: string) => Expression | Fault };

let loading: Promise<ExpressionGrammar> | undefined;

export function loadExpressionGrammar(): Promise<ExpressionGrammar> {
  loading ??= import('chevrotain').then(build);
  return loading;
}

/** Signs of other languages, and what they are here. */
const FOREIGN: readonly (readonly [string, string])[] = [
  ['=', '=='],
  ['&&', 'and'],
  ['&', 'and'],
  ['||', 'or'],
  ['|', 'or'],
  ['!', 'not'],
  ['~', 'matches'],
];

/** Longest condition that is read, and how deep it may nest: people write neither. */
const TEXT_LIMIT = 10_000;
const DEPTH_LIMIT = 100;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' };

/** The inside of a quoted text. What is no escape keeps its backslash: patterns are full of them. */
function unquoted(image: string): string {
  return image.slice(1, -1).replace(/\\(.)/gs, (all, letter: string) => ESCAPES[letter] ?? all);
}

function build({ createToken, Lexer, EmbeddedActionsParser }: typeof Chevrotain): ExpressionGrammar {
  const blank = createToken({ name: 'blank', pattern: /\s+/, group: Lexer.SKIPPED });
  const text = createToken({ name: 'text', pattern: /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/ });
  const number = createToken({
    name: 'number',
    pattern: /-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?)(?:[a-zA-Zµμ]+)?(?![\w.])/,
  });
  const moment = createToken({
    name: 'moment',
    pattern: /\d{4}-\d{2}-\d{2}(?:T[\d:.]*(?:Z|[+-]\d{2}:\d{2})?)?|\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?![\w:.])/,
  });
  const list = createToken({ name: 'list', pattern: /\$[A-Za-z_]\w*/ });
  const word = createToken({ name: 'word', pattern: /[A-Za-z_/][\w.:@/-]*/ });
  const keyword = (name: string, pattern = name): Chevrotain.TokenType =>
    createToken({ name, pattern: new RegExp(`${pattern}(?![\\w.:@/-])`), longer_alt: word });
  const and = keyword('and', '(?:and|AND)');
  const or = keyword('or', '(?:or|OR)');
  const not = keyword('not', '(?:not|NOT)');
  const inside = keyword('in');
  const exists = keyword('exists');
  const operator = createToken({
    name: 'operator',
    pattern: new RegExp(`${SIGNS.join('|')}|=~|(?:${WORDS.join('|')})(?![\\w.:@/-])`),
  });
  const open = createToken({ name: 'open', pattern: /\(/ });
  const close = createToken({ name: 'close', pattern: /\)/ });
  const comma = createToken({ name: 'comma', pattern: /,/ });
  const tokens = [blank, text, moment, number, and, or, not, inside, exists, operator, list, word, open, close, comma];
  const lexer = new Lexer(tokens, { positionTracking: 'onlyOffset' });

  const placeOf = ({ startOffset, image }: Chevrotain.IToken): Place => ({
    from: startOffset,
    to: startOffset + image.length,
  });

  class Parser extends EmbeddedActionsParser {
    depth = 0;

    constructor() {
      super(tokens, { recoveryEnabled: false });
      this.performSelfAnalysis();
    }

    readonly expression = this.RULE('expression', (): Expression => {
      let left = this.SUBRULE(this.all);
      this.MANY(() => {
        this.CONSUME(or);
        left = { kind: 'or', left, right: this.SUBRULE1(this.all) };
      });
      return left;
    });

    readonly all = this.RULE('all', (): Expression => {
      let left = this.SUBRULE(this.one);
      this.MANY(() => {
        this.CONSUME(and);
        left = { kind: 'and', left, right: this.SUBRULE1(this.one) };
      });
      return left;
    });

    readonly one = this.RULE('one', (): Expression =>
      this.OR([
        {
          ALT: (): Expression => {
            this.CONSUME(not);
            return { kind: 'not', operand: this.SUBRULE(this.one) };
          },
        },
        {
          ALT: (): Expression => {
            this.CONSUME(open);
            const inner = this.SUBRULE(this.expression);
            this.CONSUME(close);
            return inner;
          },
        },
        { ALT: (): Expression => this.SUBRULE(this.comparison) },
      ]),
    );

    readonly comparison = this.RULE('comparison', (): Expression => {
      const field = this.CONSUME(word);
      const name = { ...placeOf(field), text: field.image };
      return this.OR([
        {
          ALT: (): Expression => {
            const found = this.CONSUME(operator);
            const values = this.SUBRULE(this.values);
            const image = found.image === '=~' ? 'matches' : found.image;
            return { kind: 'compare', field: name, operator: image as Operator, values };
          },
        },
        { ALT: (): Expression => ({ kind: 'in', field: name, values: this.SUBRULE(this.members) }) },
        {
          ALT: (): Expression => {
            this.CONSUME(not);
            return { kind: 'not', operand: { kind: 'in', field: name, values: this.SUBRULE1(this.members) } };
          },
        },
        {
          ALT: (): Expression => {
            this.CONSUME(exists);
            return { kind: 'exists', field: name };
          },
        },
        { ALT: (): Expression => ({ kind: 'holds', name }) },
      ]);
    });

    readonly members = this.RULE('members', (): Values => {
      this.CONSUME(inside);
      return this.OR([
        { ALT: (): Values => this.SUBRULE(this.named) },
        { ALT: (): Values => this.SUBRULE(this.several) },
      ]);
    });

    readonly values = this.RULE('values', (): Values =>
      this.OR([
        { ALT: (): Values => this.SUBRULE(this.named) },
        { ALT: (): Values => this.SUBRULE(this.several) },
        { ALT: (): Values => [this.SUBRULE(this.literal)] },
      ]),
    );

    readonly named = this.RULE('named', (): Values => {
      const found = this.CONSUME(list);
      return { ...placeOf(found), text: found.image.slice(1), isList: true };
    });

    readonly several = this.RULE('several', (): readonly Literal[] => {
      const found: Literal[] = [];
      this.CONSUME(open);
      this.AT_LEAST_ONE_SEP({ SEP: comma, DEF: () => found.push(this.SUBRULE(this.literal)) });
      this.CONSUME(close);
      return found;
    });

    readonly literal = this.RULE('literal', (): Literal =>
      this.OR([
        { ALT: (): Literal => literalOf(this.CONSUME(text), 'text') },
        { ALT: (): Literal => literalOf(this.CONSUME(number), 'number') },
        { ALT: (): Literal => literalOf(this.CONSUME(word), 'word') },
        { ALT: (): Literal => literalOf(this.CONSUME(moment), 'word') },
      ]),
    );
  }

  const literalOf = (token: Chevrotain.IToken, form: Literal['form']): Literal => ({
    ...placeOf(token),
    form,
    text: form === 'text' ? unquoted(token.image) : token.image,
  });

  let parser: Parser | undefined;

  return {
    parse(condition) {
      if (condition.length > TEXT_LIMIT) return { from: 0, to: 1, message: 'the condition is too long' };
      const lexed = lexer.tokenize(condition);
      const [error] = lexed.errors;
      if (error !== undefined) {
        const quote = /["']/.test(condition[error.offset] ?? '')
          ? 'a quote is not closed'
          : 'this is no part of a condition';
        const meant = FOREIGN.find(([sign]) => condition.startsWith(sign, error.offset));
        return {
          from: error.offset,
          to: error.offset + (meant?.[0].length ?? 1),
          message: quote,
          ...(meant === undefined ? {} : { suggestion: `did you mean "${meant[1]}"?` }),
        };
      }
      let depth = 0;
      for (const token of lexed.tokens) {
        if (token.tokenType === open || token.tokenType === not) depth++;
        if (depth > DEPTH_LIMIT) return { ...placeOf(token), message: 'the condition is nested too deeply' };
      }
      parser ??= new Parser();
      parser.input = lexed.tokens;
      const expression = parser.expression();
      const [fault] = parser.errors;
      if (fault === undefined) return expression;
      const { token } = fault;
      const isEnd = Number.isNaN(token.startOffset) || token.image === '';
      const place = isEnd ? { from: condition.length, to: condition.length + 1 } : placeOf(token);
      const before = lexed.tokens.findLast((one) => one.startOffset < place.from);
      return { ...place, message: expected(before?.tokenType.name, isEnd) };
    },
  };
}

/** What may follow a token. */
function expected(before: string | undefined, isEnd: boolean): string {
  const what: Readonly<Record<string, string>> = {
    operator: 'a value (a word, a number, "a text")',
    word: 'an operator (==, !=, <, <=, >, >=, in, contains, startsWith, endsWith, matches, imatches, under, exists)',
    in: 'a list: (a, b, ...)',
    comma: 'a value',
  };
  const wanted =
    before === undefined || ['and', 'or', 'not', 'open'].includes(before)
      ? 'the name of a field'
      : (what[before] ?? '"and" or "or"');
  return isEnd ? `the condition ends where ${wanted} is expected` : `${wanted} is expected here`;
}
