/** Makes a condition a function of a record, once; what does not fit its field is told with its place. */
import { errnoNumberOf } from '../../grammars/errno.js';
import {
  loadExpressionGrammar,
  OPERATORS,
  type Expression,
  type ExpressionGrammar,
  type Fault,
  type Literal,
  type Name,
  type Operator,
  type Place,
  type Values,
} from '../../grammars/expression.js';
import type { LogEvent } from '../model/event.js';
import {
  fieldsOf,
  type Field,
  type Fields,
  type FieldType,
  type FieldValue,
  type Memo,
  type PathsOf,
} from './fields.js';

export type Condition<S = LogEvent> = (subject: S) => boolean;

/** Names that somebody may have meant. */
export type Suggest = (wanted: string, names: readonly string[]) => readonly string[];

/** What conditions on one sort of subjects may speak of. */
export type Language<S> = {
  readonly fields: Fields<S>;
  /** `$name`: values that stand for it. */
  readonly lists?: ReadonlyMap<string, readonly string[]>;
  /** Conditions by name. */
  readonly macros?: ReadonlyMap<string, Condition<S>>;
  /** What those cost to ask (`Field.cost`), as far as it is known. */
  readonly macroCosts?: ReadonlyMap<string, number>;
  readonly suggest?: Suggest;
  /** Where all fields are listed, for a language of many. */
  readonly listedBy?: string;
  /** Those conditions as they were parsed. */
  readonly macroTrees?: ReadonlyMap<string, Expression>;
  /** The place of one more condition in memories (`Field.memo`). */
  readonly remember?: (memo: Memo<S>) => number;
};

/** A condition that cannot be understood: `message` says what, `text` shows where. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  constructor(
    readonly condition: string,
    readonly place: Place,
    message: string,
    readonly suggestion?: string,
  ) {
    super(message);
  }

  /** The condition, and below it marks under the piece that is meant. */
  get text(): string {
    // one line: a line break in the condition must not move the marks; of a long one the part around them
    const whole = this.condition.replace(/[^ -~\u00a0-\uffff]/gu, ' ');
    const cut = whole.length <= SHOWN ? 0 : Math.max(0, this.place.from - SHOWN / 2);
    const shown = whole.slice(cut, cut + SHOWN);
    const from = this.place.from - cut;
    const marks = '^'.repeat(Math.max(1, Math.min(this.place.to - cut, shown.length) - from));
    const before = cut > 0 ? '...' : '  ';
    return `${before}${shown}\n${' '.repeat(before.length + from)}${marks}${this.suggestion === undefined ? '' : `  ${this.suggestion}`}`;
  }
}
/** Names of fields that share a word with what is none. */
const MOST_AKIN = 4;
/** Characters of a condition around what is wrong. */
const SHOWN = 120;

type Test = (value: FieldValue) => boolean;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const SIZES: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};
const NUMBER = /^(-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?))([a-zA-Zµμ]*)$/;
const ORDERS: Readonly<Partial<Record<Operator, (a: number, b: number) => boolean>>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
const TEXTS: Readonly<Partial<Record<Operator, (a: string, b: string) => boolean>>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  startsWith: (a, b) => a.startsWith(b),
  endsWith: (a, b) => a.endsWith(b),
  contains: (a, b) => a.includes(b),
  under: (a, b) => a === b || (a.startsWith(b) && (b.endsWith('/') || a[b.length] === '/')),
};
const LEVELS = ['debug', 'info', 'warning', 'error'];

/** Parses and compiles a condition on records. Throws an ExpressionError. */
export async function compileCondition(
  condition: string,
  pathsOf: PathsOf,
  suggest: Suggest = () => [],
): Promise<Condition> {
  const grammar = await loadExpressionGrammar();
  return compileExpression(parseCondition(grammar, condition), condition, { fields: fieldsOf(pathsOf), suggest });
}

/** Throws an ExpressionError. */
export function parseCondition(grammar: ExpressionGrammar, condition: string): Expression {
  const parsed = grammar.parse(condition);
  if ('message' in parsed)
    throw new ExpressionError(condition, parsed satisfies Fault, parsed.message, parsed.suggestion);
  return parsed;
}

/** Makes a function of what `parseCondition` read of `condition`. Throws an ExpressionError. */
export function compileExpression<S>(expression: Expression, condition: string, language: Language<S>): Condition<S> {
  return new Compiler(condition, language).compile(expression);
}

/** What it costs to ask a condition, as far as its fields tell. */
export function costOf<S>(expression: Expression, language: Language<S>): number {
  return new Compiler('', language).costOf(expression);
}

class Compiler<S> {
  constructor(
    readonly condition: string,
    readonly language: Language<S>,
  ) {}

  /** What is decided by one thing that lasts is asked once of it, as a whole; `isWithin` such a whole. */
  compile(expression: Expression, isWithin = false): Condition<S> {
    const memo = isWithin ? undefined : this.#memoOf(expression, new Set());
    const place = memo === undefined ? undefined : this.language.remember?.(memo);
    if (memo === undefined || place === undefined) return this.#anew(expression, isWithin);
    const test = this.#anew(expression, true);
    return (subject) => {
      const memory = memo(subject);
      if (memory === null) return test(subject);
      const { verdicts } = memory;
      const at = memory.verdictsFrom + place;
      if (verdicts[at] === 0) verdicts[at] = test(subject) ? 1 : 2;
      return verdicts[at] === 1;
    };
  }

  /** The memory of what alone decides a condition; undefined: more than one thing does, or none that lasts. */
  #memoOf(expression: Expression, above: ReadonlySet<string>): Memo<S> | undefined {
    switch (expression.kind) {
      case 'and':
      case 'or': {
        const memo = this.#memoOf(expression.left, above);
        return memo !== undefined && memo === this.#memoOf(expression.right, above) ? memo : undefined;
      }
      case 'not':
        return this.#memoOf(expression.operand, above);
      case 'holds': {
        const { text } = expression.name;
        const macro = this.language.macroTrees?.get(text);
        return macro === undefined || above.has(text) ? undefined : this.#memoOf(macro, new Set([...above, text]));
      }
      default:
        return this.language.fields.get(expression.field.text)?.memo;
    }
  }

  #anew(expression: Expression, isWithin: boolean): Condition<S> {
    switch (expression.kind) {
      case 'and': {
        // What costs least is asked first: no condition changes anything.
        const tests = conjunctsOf(expression)
          .map((one) => ({ test: this.compile(one, isWithin), cost: this.costOf(one) }))
          .toSorted((a, b) => a.cost - b.cost)
          .map(({ test }) => test);
        return all(tests);
      }
      case 'or': {
        const [left, right] = [this.compile(expression.left, isWithin), this.compile(expression.right, isWithin)];
        return (subject) => left(subject) || right(subject);
      }
      case 'not': {
        const operand = this.compile(expression.operand, isWithin);
        return (subject) => !operand(subject);
      }
      case 'exists': {
        const { of } = this.#field(expression.field);
        return (subject) => {
          const value = of(subject);
          return value !== undefined && (!Array.isArray(value) || value.length > 0);
        };
      }
      case 'holds':
        return this.#holds(expression.name);
      case 'in': {
        const found = this.#field(expression.field);
        return this.#ask(found, this.#oneOf(found, '==', expression.values, expression.field));
      }
      case 'compare': {
        const found = this.#field(expression.field);
        return this.#ask(found, this.#oneOf(found, expression.operator, expression.values, expression.field));
      }
    }
  }

  #holds(name: Name): Condition<S> {
    const macro = this.language.macros?.get(name.text);
    if (macro !== undefined) return macro;
    const found = this.#field(name, [...(this.language.macros?.keys() ?? [])]);
    if (found.type !== 'bool') {
      throw new ExpressionError(
        this.condition,
        { from: name.to, to: name.to + 1 },
        `an operator (${OPERATORS.join(', ')}, in, exists) is expected here`,
      );
    }
    return (subject) => found.of(subject) === true;
  }

  /** See `costOf`. */
  costOf(expression: Expression): number {
    switch (expression.kind) {
      case 'and':
      case 'or':
        return this.costOf(expression.left) + this.costOf(expression.right);
      case 'not':
        return this.costOf(expression.operand);
      case 'holds':
        return (
          this.language.macroCosts?.get(expression.name.text) ??
          this.language.fields.get(expression.name.text)?.cost ??
          5
        );
      default:
        return this.language.fields.get(expression.field.text)?.cost ?? 3;
    }
  }

  /** A subject without the field fits no condition on it, but for `not`. */
  #ask({ of }: Field<S>, test: Test): Condition<S> {
    return (subject) => {
      const value = of(subject);
      return value !== undefined && test(value);
    };
  }

  #field(name: Name, more: readonly string[] = []): Field<S> {
    const { fields, suggest, listedBy } = this.language;
    const found = fields.get(name.text);
    if (found !== undefined) return found;
    const names = [...fields.keys(), ...more];
    const near = suggest?.(name.text, names) ?? [];
    const told =
      listedBy === undefined
        ? [...meant(near.slice(0, 1)), `Fields: ${names.join(', ')}`]
        : [...meant(near.length > 0 ? near : akin(name.text, names)), `All fields: ${listedBy}`];
    throw new ExpressionError(this.condition, name, `unknown field "${name.text}"`, told.join(' '));
  }

  /** Values as literals, those of a list at the place where it is named. */
  #valuesOf(values: Values): readonly Literal[] {
    if (!('isList' in values)) return values;
    const { lists, suggest } = this.language;
    const list = lists?.get(values.text);
    if (list !== undefined) return list.map((text) => ({ from: values.from, to: values.to, form: 'text', text }));
    const names = [...(lists?.keys() ?? [])];
    const [near] = suggest?.(values.text, names) ?? [];
    throw new ExpressionError(
      this.condition,
      values,
      `unknown list "$${values.text}"`,
      near === undefined ? undefined : `did you mean "$${near}"?`,
    );
  }

  #oneOf(found: Field<S>, operator: Operator, values: Values, name: Name): Test {
    const literals = this.#valuesOf(values);
    if (operator === '==' && literals.length > 1 && (found.type === 'text' || found.type === 'list')) {
      const set = new Set(literals.map(({ text }) => text));
      if (found.type === 'text') return (actual) => set.has(actual as string);
      return (actual) => (actual as readonly string[]).some((one) => set.has(one));
    }
    const tests = literals.map((value) => this.#test(found, operator, value, name));
    const [first] = tests;
    if (tests.length === 1 && first !== undefined) return first;
    if (operator === '!=') return (actual) => tests.every((test) => test(actual));
    return (actual) => tests.some((test) => test(actual));
  }

  #fail(place: Place, message: string): never {
    throw new ExpressionError(this.condition, place, message);
  }

  #test(found: Field<S>, operator: Operator, value: Literal, name: Name): Test {
    switch (found.type) {
      case 'number':
      case 'duration':
      case 'errno':
        return this.#ofNumber(found, operator, value, name);
      case 'level':
        return this.#ofLevel(operator, value);
      case 'time':
        return this.#ofTime(operator, value);
      case 'bool':
        return this.#fail(name, `${found.name} holds or does not: it stands alone`);
      case 'text':
      case 'list':
        return this.#ofText(found, operator, value, name);
    }
  }

  #ofNumber(found: Field<S>, operator: Operator, value: Literal, name: Name): Test {
    const order = ORDERS[operator];
    if (order === undefined) return this.#fail(name, `${found.name} is a number: ${operator} is for texts`);
    const wanted = this.#numberOf(found, value);
    return (actual) => order(actual as number, wanted);
  }

  #numberOf({ name, type }: { readonly name: string; readonly type: FieldType }, value: Literal): number {
    const [, digits = '', unit = ''] = NUMBER.exec(value.text) ?? [];
    if (type === 'errno') {
      const errno = digits === '' ? errnoNumberOf(value.text) : Number(digits);
      return errno ?? this.#fail(value, `${value.text} is no errno: a name (ENOENT) or a number is`);
    }
    if (digits === '')
      return this.#fail(value, `${name} is compared with a number${type === 'duration' ? ' and a unit: 5ms' : ''}`);
    const scale = type === 'duration' ? UNITS[unit] : SIZES[unit];
    if (scale !== undefined) return Number(digits) * scale;
    const units = Object.keys(type === 'duration' ? UNITS : SIZES).filter((one) => one !== '' && one !== 'μs');
    return this.#fail(value, `${name} needs a unit: ${units.join(', ')}`);
  }

  #ofLevel(operator: Operator, value: Literal): Test {
    const wanted = LEVELS.indexOf(value.text);
    const order = ORDERS[operator];
    if (wanted === -1) return this.#fail(value, `${value.text} is no level: ${LEVELS.join(', ')} are`);
    if (order === undefined) return this.#fail(value, `a level is compared with ==, !=, <, <=, > or >=`);
    return (actual) => order(LEVELS.indexOf(actual as string), wanted);
  }

  /** Times are printed the same way all through a log: texts order as they do, and a beginning stands for all of it. */
  #ofTime(operator: Operator, value: Literal): Test {
    const wanted = value.text;
    // a time of day is compared with what stands behind the date
    const from = /^\d{2}:\d{2}/.test(wanted) ? 11 : 0;
    const cut = (actual: FieldValue): string => (actual as string).slice(from, from + wanted.length);
    switch (operator) {
      case '==':
      case 'startsWith':
        return (actual) => cut(actual) === wanted;
      case '!=':
        return (actual) => cut(actual) !== wanted;
      case '<':
        return (actual) => cut(actual) < wanted;
      case '<=':
        return (actual) => cut(actual) <= wanted;
      case '>':
        return (actual) => cut(actual) > wanted;
      case '>=':
        return (actual) => cut(actual) >= wanted;
      default:
        return this.#fail(value, 'a time is compared with ==, !=, <, <=, > or >=');
    }
  }

  #ofText(found: Field<S>, operator: Operator, value: Literal, name: Name): Test {
    const isPattern = operator === 'matches' || operator === 'imatches';
    const test = isPattern ? this.#pattern(value, operator === 'imatches') : this.#plain(found, operator, value, name);
    if (found.type !== 'list') return (actual) => test(actual as string);
    // a call that names two paths is not `path != x` because of the other one
    if (operator === '!=') return (actual) => (actual as readonly string[]).every(test);
    return (actual) => (actual as readonly string[]).some(test);
  }

  #plain(found: Field<S>, operator: Operator, value: Literal, name: Name): (actual: string) => boolean {
    const compare = TEXTS[operator];
    if (compare === undefined) return this.#fail(name, `${found.name} is a text: ${operator} is for numbers`);
    return (actual) => compare(actual, value.text);
  }

  #pattern(value: Literal, ignoresCase: boolean): (actual: string) => boolean {
    let pattern: RegExp;
    try {
      pattern = new RegExp(value.text, ignoresCase ? 'iu' : 'u');
    } catch (error) {
      return this.#fail(value, `this is no regular expression: ${(error as Error).message.replace(/^.*: /, '')}`);
    }
    // an expression that backtracks takes long on long texts: it gets the beginning of them
    return (actual) => pattern.test(actual.slice(0, MATCHED_CHARACTERS));
  }
}
const MATCHED_CHARACTERS = 4096;

/** `did you mean "a", "b" or "c"?` */
function meant(names: readonly string[]): readonly string[] {
  const quoted = names.map((name) => `"${name}"`);
  const last = quoted.at(-1);
  if (last === undefined) return [];
  return [`did you mean ${quoted.length === 1 ? last : `${quoted.slice(0, -1).join(', ')} or ${last}`}?`];
}

/** Names that hold a word of a name that is none: of `proc.name` those with `name`. The shortest first. */
function akin(wanted: string, names: readonly string[]): readonly string[] {
  const words = wanted
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length >= 3);
  return names
    .filter((name) =>
      name.split(/[^a-z]+/).some((part) => part.length >= 3 && words.some((word) => word.includes(part))),
    )
    .toSorted((a, b) => a.length - b.length)
    .slice(0, MOST_AKIN);
}

/** The parts of a chain of `and`. */
export function conjunctsOf(expression: Expression): readonly Expression[] {
  return expression.kind === 'and' ? [...conjunctsOf(expression.left), ...conjunctsOf(expression.right)] : [expression];
}

export function all<S>(tests: readonly Condition<S>[]): Condition<S> {
  const [first, second, third] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (third === undefined) return (subject) => first(subject) && second(subject);
  if (tests.length === 3) return (subject) => first(subject) && second(subject) && third(subject);
  return (subject) => {
    for (const test of tests) if (!test(subject)) return false;
    return true;
  };
}
