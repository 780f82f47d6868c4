/** Makes a condition a function of a record, once; what does not fit its field is told with its place. */
import { errnoNumberOf } from '../../grammars/errno.js';
import {
  loadExpressionGrammar,
  type Expression,
  type Fault,
  type Literal,
  type Name,
  type Operator,
  type Place,
} from '../../grammars/expression.js';
import type { LogEvent } from '../model/event.js';
import { FIELDS, FIELDS_BY_NAME, type Field, type FieldValue } from './fields.js';

export type PathsOf = (event: LogEvent) => readonly string[];
export type Condition = (event: LogEvent) => boolean;

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
    // one line: a line break in the condition must not move the marks
    const shown = this.condition.replace(/[^ -~\u00a0-\uffff]/gu, ' ');
    const marks = '^'.repeat(Math.max(1, Math.min(this.place.to, shown.length) - this.place.from));
    return `  ${shown}\n  ${' '.repeat(this.place.from)}${marks}${this.suggestion === undefined ? '' : `  ${this.suggestion}`}`;
  }
}

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
};
const LEVELS = ['debug', 'info', 'warning', 'error'];

/** Names that somebody may have meant. */
export type Suggest = (wanted: string, names: readonly string[]) => readonly string[];

/** Parses and compiles a condition. Throws an ExpressionError. */
export async function compileCondition(
  condition: string,
  pathsOf: PathsOf,
  suggest: Suggest = () => [],
): Promise<Condition> {
  const grammar = await loadExpressionGrammar();
  const parsed = grammar.parse(condition);
  if ('message' in parsed) throw new ExpressionError(condition, parsed satisfies Fault, parsed.message);
  return new Compiler(condition, pathsOf, suggest).compile(parsed);
}

class Compiler {
  constructor(
    readonly condition: string,
    readonly pathsOf: PathsOf,
    readonly suggest: Suggest,
  ) {}

  compile(expression: Expression): Condition {
    switch (expression.kind) {
      case 'and': {
        const [left, right] = [this.compile(expression.left), this.compile(expression.right)];
        return (event) => left(event) && right(event);
      }
      case 'or': {
        const [left, right] = [this.compile(expression.left), this.compile(expression.right)];
        return (event) => left(event) || right(event);
      }
      case 'not': {
        const operand = this.compile(expression.operand);
        return (event) => !operand(event);
      }
      case 'exists': {
        const { of } = this.#field(expression.field);
        return (event) => {
          const value = of(event, this.pathsOf);
          return value !== undefined && (!Array.isArray(value) || value.length > 0);
        };
      }
      case 'in': {
        const found = this.#field(expression.field);
        const tests = expression.values.map((value) => this.#test(found, '==', value, expression.field));
        return this.#ask(found, (value) => tests.some((test) => test(value)));
      }
      case 'compare': {
        const found = this.#field(expression.field);
        return this.#ask(found, this.#test(found, expression.operator, expression.value, expression.field));
      }
    }
  }

  /** A record without the field fits no condition on it, but for `not`. */
  #ask({ of }: Field, test: Test): Condition {
    return (event) => {
      const value = of(event, this.pathsOf);
      return value !== undefined && test(value);
    };
  }

  #field(name: Name): Field {
    const found = FIELDS_BY_NAME.get(name.text);
    if (found !== undefined) return found;
    const names = FIELDS.map((one) => one.name);
    const [near] = this.suggest(name.text, names);
    const meant = near === undefined ? '' : `did you mean "${near}"? `;
    throw new ExpressionError(
      this.condition,
      name,
      `unknown field "${name.text}"`,
      `${meant}Fields: ${names.join(', ')}`,
    );
  }

  #fail(place: Place, message: string): never {
    throw new ExpressionError(this.condition, place, message);
  }

  #test(found: Field, operator: Operator, value: Literal, name: Name): Test {
    switch (found.type) {
      case 'number':
      case 'duration':
      case 'errno':
        return this.#ofNumber(found, operator, value, name);
      case 'level':
        return this.#ofLevel(operator, value);
      case 'time':
        return this.#ofTime(operator, value);
      case 'text':
      case 'list':
        return this.#ofText(found, operator, value, name);
    }
  }

  #ofNumber(found: Field, operator: Operator, value: Literal, name: Name): Test {
    const order = ORDERS[operator];
    if (order === undefined) return this.#fail(name, `${found.name} is a number: ${operator} is for texts`);
    const wanted = this.#numberOf(found, value);
    return (actual) => order(actual as number, wanted);
  }

  #numberOf({ name, type }: Field, value: Literal): number {
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
    const cut = (actual: FieldValue): string => (actual as string).slice(0, wanted.length);
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

  #ofText(found: Field, operator: Operator, value: Literal, name: Name): Test {
    const test = operator === 'matches' ? this.#pattern(value) : this.#plain(found, operator, value, name);
    if (found.type !== 'list') return (actual) => test(actual as string);
    // a call that names two paths is not `path != x` because of the other one
    if (operator === '!=') return (actual) => (actual as readonly string[]).every(test);
    return (actual) => (actual as readonly string[]).some(test);
  }

  #plain(found: Field, operator: Operator, value: Literal, name: Name): (actual: string) => boolean {
    const compare = TEXTS[operator];
    if (compare === undefined) return this.#fail(name, `${found.name} is a text: ${operator} is for numbers`);
    return (actual) => compare(actual, value.text);
  }

  #pattern(value: Literal): (actual: string) => boolean {
    let pattern: RegExp;
    try {
      pattern = new RegExp(value.text, 'u');
    } catch (error) {
      return this.#fail(value, `this is no regular expression: ${(error as Error).message.replace(/^.*: /, '')}`);
    }
    // an expression that backtracks takes long on long texts: it gets the beginning of them
    return (actual) => pattern.test(actual.slice(0, MATCHED_CHARACTERS));
  }
}
const MATCHED_CHARACTERS = 4096;
