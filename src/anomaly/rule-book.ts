/** Rules made ready: conditions compiled, and indexed by what a record must be for any of them to look at it. */
import { errnoNumberOf } from '../../grammars/errno.js';
import { loadExpressionGrammar, type Expression, type ExpressionGrammar } from '../../grammars/expression.js';
import {
  all,
  compileExpression,
  conjunctsOf,
  costOf,
  ExpressionError,
  parseCondition,
  type Condition,
  type Language,
  type Suggest,
} from '../expressions/compile.js';
import type { Field, Fields, Memo } from '../expressions/fields.js';
import type { Severity } from '../model/finding.js';
import { PATH_FIELDS, PROGRAM_FIELDS, RULE_FIELDS, type Subject } from './fields.js';
import { Memories } from './memories.js';
import type { EventName } from './moment.js';
import type { ClauseSpec, RuleFault, RuleFile, RuleSpec, Text } from './rule-file.js';

type Test = Condition<Subject>;

export type Threshold = {
  readonly by: readonly Field<Subject>[];
  readonly within: number;
  readonly count: number;
  readonly distinct: readonly { readonly field: Field<Subject>; readonly count: number }[];
  readonly share?: { readonly test: Test; readonly above: number };
  readonly all?: readonly { readonly test: Test; readonly count: number }[];
  /** Are there events that are taken off the count? */
  readonly hasMinus: boolean;
};

export type Sequence = { readonly within: number; readonly same: readonly Field<Subject>[]; readonly steps: number };

/** One way in which a rule fires. */
export type Clause = {
  readonly rule: Rule;
  readonly place: number;
  readonly severity: Severity | undefined;
  readonly message: string;
  readonly key: readonly Field<Subject>[] | undefined;
  readonly threshold: Threshold | undefined;
  readonly sequence: Sequence | undefined;
  /** Calls without which it cannot fire; null: any, or none. */
  readonly calls: ReadonlySet<string> | null;
};

/** What is known of a record before a condition is asked. */
export type Known = {
  readonly syscall?: string;
  /** 0: it succeeded; null: it was entered. */
  readonly errno?: number | null;
  readonly writes?: boolean;
  /** Of a record that is no call. */
  readonly kind?: string;
};

/** A condition and what happens where it holds. */
export type Probe = {
  readonly clause: Clause;
  readonly test: Test;
  /** What of it the path alone decides: where this does not hold, it does not. */
  readonly path: ((path: string) => boolean) | undefined;
  /** Does it not hold either where there is no path? */
  readonly needsPath: boolean;
  /** What of it the program alone decides: where this does not hold, it does not. */
  readonly program: Test | undefined;
  /** Nanoseconds that a call must have taken at least; 0: any. */
  readonly least: number;
  /** Could it hold for a record of which that much is known? */
  readonly canHold: (known: Known) => boolean;
  /** The step of a sequence, `reset` of a count or what is taken off it, or the condition itself. */
  readonly act: 'fire' | 'reset' | 'minus' | number;
  /** For the list of what costs most. */
  asked: number;
  nanos: number;
};

export type Rule = {
  readonly spec: RuleSpec;
  readonly clauses: readonly Clause[];
  readonly variants: readonly { readonly test: Test; readonly severity: Severity; readonly message?: string }[];
};

/** Probes by what they are about. Calls are found by name, result and direction. */
export type Index = {
  readonly events: ReadonlyMap<EventName, readonly Probe[]>;
  /** Conditions on calls of any name. */
  readonly anyOk: readonly Probe[];
  readonly anyFailed: readonly Probe[];
  readonly anyEnter: readonly Probe[];
  readonly ok: ReadonlyMap<string, readonly Probe[]>;
  readonly failed: ReadonlyMap<string, readonly Probe[]>;
  readonly enter: ReadonlyMap<string, readonly Probe[]>;
};

export type RuleBook = {
  readonly rules: readonly Rule[];
  readonly index: Index;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** Does a rule of one's own look at lines that are no calls? Of those that are built in none fires at an idle note (grammars/idle.ts). */
  readonly wantsIdle: boolean;
  /** How many conditions on paths are remembered with each path. */
  readonly verdicts: number;
  /** Names of the fields that the conditions of a rule ask for, macros taken apart. */
  readonly asked: (rule: Rule) => ReadonlySet<string>;
  /** Compiles a condition of an exception. Throws an ExpressionError. */
  readonly compile: (tree: Expression, condition: string) => Test;
};

/** Makes rules ready. Faults of conditions are added; a rule with a fault is left out. */
export async function makeRuleBook(
  files: readonly RuleFile[],
  faults: RuleFault[],
  suggest: Suggest,
): Promise<RuleBook> {
  const texts = files.flatMap(({ macros, rules }) => [...macros.values(), ...rules.flatMap(textsOf)]);
  const grammar = texts.every(({ tree }) => tree !== undefined) ? undefined : await loadExpressionGrammar();
  return new Maker(grammar, files, faults, suggest).make();
}

function isAboutLines({ clauses }: RuleSpec): boolean {
  return clauses.some(({ on, threshold, sequence }) =>
    [on, threshold?.minus?.on, threshold?.reset?.on, ...(sequence?.steps.map((step) => step.on) ?? [])].includes(
      'line',
    ),
  );
}

/** The conditions of a rule. */
function textsOf({ variants, clauses }: RuleSpec): readonly Text[] {
  return [
    ...variants.map(({ when }) => when),
    ...clauses.flatMap(({ when, threshold, sequence }) => [
      ...(sequence === undefined ? [when] : sequence.steps.map((step) => step.when)),
      ...[threshold?.share, ...(threshold?.all ?? []), threshold?.minus, threshold?.reset].flatMap(
        (one) => one?.when ?? [],
      ),
    ]),
  ];
}

class Maker {
  readonly #lists = new Map<string, readonly string[]>();
  readonly #macros = new Map<string, Condition<Subject>>();
  readonly #trees = new Map<string, Expression>();
  readonly #macroCosts = new Map<string, number>();
  #verdicts = 0;
  #programVerdicts = 0;
  #programMemories: Memories | undefined;
  readonly #ofProgram: Memo<Subject> = ({ moment }) => {
    const { program } = moment.process.run;
    // how many conditions there are is known once all are compiled
    return (program.memory ??= (this.#programMemories ??= new Memories(this.#programVerdicts)).next());
  };
  readonly #language: Language<Subject>;
  readonly #events = new Map<EventName, Probe[]>();
  readonly #ok = new Map<string, Probe[]>();
  readonly #failed = new Map<string, Probe[]>();
  readonly #enter = new Map<string, Probe[]>();
  readonly #any: { readonly ok: Probe[]; readonly failed: Probe[]; readonly enter: Probe[] } = {
    ok: [],
    failed: [],
    enter: [],
  };

  constructor(
    readonly grammar: ExpressionGrammar | undefined,
    readonly files: readonly RuleFile[],
    readonly faults: RuleFault[],
    readonly suggest: Suggest,
  ) {
    const memoOf = (name: string): Memo<Subject> | undefined =>
      PATH_FIELDS.has(name) ? ofPath : PROGRAM_FIELDS.has(name) ? this.#ofProgram : undefined;
    const fields = new Map(
      [...RULE_FIELDS].map(([name, field]) => {
        const memo = memoOf(name);
        return [name, memo === undefined ? field : { ...field, memo }];
      }),
    );
    this.#language = {
      fields,
      lists: this.#lists,
      macros: this.#macros,
      suggest,
      listedBy: 'runsight rules fields',
      macroTrees: this.#trees,
      remember: (memo) => (memo === ofPath ? this.#verdicts++ : this.#programVerdicts++),
      macroCosts: this.#macroCosts,
    };
  }

  make(): RuleBook {
    for (const file of this.files) for (const [name, items] of file.lists) this.#lists.set(name, items);
    for (const [name] of this.#lists) this.#lists.set(name, this.#expanded(name, new Set()));
    this.#makeMacros();
    const rules: Rule[] = [];
    const ids = new Set<string>();
    for (const file of this.files) {
      for (const spec of file.rules) {
        if (ids.has(spec.id)) {
          this.#fault(spec.file, spec.line, 1, `there are two rules with the id "${spec.id}"`);
          continue;
        }
        ids.add(spec.id);
        const rule = this.#rule(spec);
        if (rule !== undefined) rules.push(rule);
      }
    }
    for (const spec of this.files.flatMap((file) => file.rules)) {
      for (const [verb, named] of Object.entries({ explains: spec.explains, includes: spec.includes })) {
        for (const id of named) {
          if (!ids.has(id)) this.#fault(spec.file, spec.line, 1, `rule ${spec.id} ${verb} "${id}", which is no rule`);
        }
      }
    }
    return {
      rules,
      index: {
        events: this.#events,
        ok: this.#ok,
        failed: this.#failed,
        enter: this.#enter,
        anyOk: this.#any.ok,
        anyFailed: this.#any.failed,
        anyEnter: this.#any.enter,
      },
      lists: this.#lists,
      wantsIdle: this.files.some((file) => file.isShipped !== true && file.rules.some(isAboutLines)),
      verdicts: this.#verdicts,
      asked: ({ spec }) => this.#askedBy(spec),
      // exceptions have no places in memories
      compile: (tree, condition) => {
        const { remember: _, ...language } = this.#language;
        return compileExpression(tree, condition, language);
      },
    };
  }

  /** Macros may stand in any order, and in several files: each is known by name before any is compiled. */
  #makeMacros(): void {
    const ready = new Map<string, { test: Condition<Subject> }>();
    const all = this.files.flatMap((file) => [...file.macros].map(([name, text]) => ({ name, text, file: file.name })));
    for (const { name, text, file } of all) {
      const tree = this.#parsed(text, file);
      if (tree === undefined) continue;
      this.#trees.set(name, tree);
      const known: { test: Condition<Subject> } = { test: () => false };
      ready.set(name, known);
      this.#macros.set(name, (subject) => known.test(subject));
    }
    for (const { name, text, file } of all) {
      const tree = this.#trees.get(name);
      if (tree === undefined) continue;
      if (this.#names(name, name, new Set())) {
        this.#fault(file, text.line, text.column, `the macro "${name}" comes back to itself`);
        this.#trees.delete(name);
      } else {
        this.#macroCosts.set(name, costOf(tree, this.#language));
        const compiled = this.#compiled(tree, text, file);
        const known = ready.get(name);
        if (compiled !== undefined && known !== undefined) known.test = compiled;
      }
    }
  }

  #askedBy(spec: RuleSpec): ReadonlySet<string> {
    const names = new Set<string>();
    const macros = new Set<string>();
    const visit = (tree: Expression): void => {
      switch (tree.kind) {
        case 'and':
        case 'or':
          visit(tree.left);
          visit(tree.right);
          return;
        case 'not':
          visit(tree.operand);
          return;
        case 'holds': {
          const { text } = tree.name;
          const macro = this.#trees.get(text);
          if (macro === undefined) names.add(text);
          else if (!macros.has(text)) {
            macros.add(text);
            visit(macro);
          }
          return;
        }
        default:
          names.add(tree.field.text);
      }
    };
    for (const text of textsOf(spec)) {
      const tree = text.text === '' ? undefined : this.#parsed(text, spec.file);
      if (tree !== undefined) visit(tree);
    }
    return names;
  }

  /** Does a macro lead to another? */
  #names(from: string, to: string, seen: Set<string>): boolean {
    const tree = this.#trees.get(from);
    if (tree === undefined || seen.has(from)) return false;
    seen.add(from);
    return macrosIn(tree).some((name) => name === to || this.#names(name, to, seen));
  }

  #fault(file: string, line: number, column: number, message: string, detail?: string): void {
    this.faults.push({ file, line, column, message, ...(detail === undefined ? {} : { detail }) });
  }

  /** A list with the lists that it names (`$shells`). */
  #expanded(name: string, above: Set<string>): readonly string[] {
    if (above.has(name)) return [];
    above.add(name);
    return (this.#lists.get(name) ?? []).flatMap((item) =>
      item.startsWith('$') ? this.#expanded(item.slice(1), above) : [item],
    );
  }

  #parsed(text: Text, file: string): Expression | undefined {
    if (text.tree !== undefined) return text.tree;
    try {
      return parseCondition(this.grammar as ExpressionGrammar, text.text);
    } catch (error) {
      this.#wrong(error, text, file);
      return undefined;
    }
  }

  #compiled(tree: Expression, text: Text, file: string): Test | undefined {
    try {
      return compileExpression(tree, text.text, this.#language);
    } catch (error) {
      this.#wrong(error, text, file);
      return undefined;
    }
  }

  #wrong(error: unknown, { text, line, column, begins }: Text, file: string): void {
    if (!(error instanceof ExpressionError)) throw error;
    const { from } = error.place;
    const row = Math.max(
      0,
      begins.findLastIndex((begin) => begin <= Math.min(from, text.length)),
    );
    this.#fault(file, line + row, column + from - (begins[row] ?? 0), error.message, error.text);
  }

  /** `at`: where the name stands in the message of the rule. */
  #field(name: string, spec: RuleSpec, at?: number): Field<Subject> | undefined {
    const found = this.#language.fields.get(name);
    if (found !== undefined) return found;
    const { messageAt } = spec;
    const row = at === undefined ? 0 : Math.max(0, messageAt?.begins.findLastIndex((begin) => begin <= at) ?? 0);
    const place =
      at === undefined || messageAt === undefined
        ? { line: spec.line, column: 1 }
        : { line: messageAt.line + row, column: messageAt.column + at - (messageAt.begins[row] ?? 0) };
    const [near] = this.suggest(name, [...this.#language.fields.keys()]);
    this.#fault(
      spec.file,
      place.line,
      place.column,
      `unknown field "${name}" in rule ${spec.id}${near === undefined ? '' : `: did you mean "${near}"?`}`,
    );
    return undefined;
  }

  #fields(names: readonly string[], spec: RuleSpec): readonly Field<Subject>[] {
    return names.flatMap((name) => this.#field(name, spec) ?? []);
  }

  #rule(spec: RuleSpec): Rule | undefined {
    const before = this.faults.length;
    const clauses: Clause[] = [];
    const variants = spec.variants.flatMap(({ when, severity, message }) => {
      const test = this.#test(when, spec.file)?.test;
      return test === undefined ? [] : [{ test, severity, ...(message === undefined ? {} : { message }) }];
    });
    const rule: Rule = { spec, clauses, variants };
    for (const { 1: raw = '', 2: name = '', index } of spec.message.matchAll(/\{((?:raw:)?)([\w.]+)\}/g)) {
      this.#field(name, spec, index + 1 + raw.length);
    }
    const probes: (() => void)[] = [];
    for (const [place, clause] of spec.clauses.entries()) this.#clause(rule, clauses, clause, place, probes);
    if (this.faults.length > before) return undefined;
    for (const add of probes) add();
    return rule;
  }

  #test(text: Text, file: string): { readonly test: Test; readonly tree: Expression } | undefined {
    const tree = this.#parsed(text, file);
    const test = tree === undefined ? undefined : this.#compiled(tree, text, file);
    return tree === undefined || test === undefined ? undefined : { test, tree };
  }

  #clause(rule: Rule, clauses: Clause[], spec: ClauseSpec, place: number, probes: (() => void)[]): void {
    const { file } = rule.spec;
    const parts: {
      readonly on: EventName;
      readonly tree: Expression;
      readonly test: Test;
      readonly act: Probe['act'];
    }[] = [];
    const add = (on: EventName, text: Text, act: Probe['act']): void => {
      const found = this.#test(text, file);
      if (found !== undefined) parts.push({ on, ...found, act });
    };
    if (spec.sequence === undefined) add(spec.on, spec.when, 'fire');
    else for (const [step, { on, when }] of spec.sequence.steps.entries()) add(on, when, step);
    const { threshold } = spec;
    if (threshold?.reset !== undefined) add(threshold.reset.on, threshold.reset.when, 'reset');
    if (threshold?.minus !== undefined) add(threshold.minus.on, threshold.minus.when, 'minus');
    const names = parts
      .filter(({ act }) => act !== 'reset' && act !== 'minus')
      .map(({ on, tree }) => (isCall(on) ? this.#callsOf(tree) : (CALLS_OF[on] ?? null)));
    const clause: Clause = {
      rule,
      place,
      severity: spec.severity,
      message: spec.message ?? rule.spec.message,
      key: spec.key === undefined ? undefined : this.#fields(spec.key, rule.spec),
      threshold: threshold === undefined ? undefined : this.#threshold(threshold, rule.spec),
      sequence:
        spec.sequence === undefined
          ? undefined
          : {
              within: spec.sequence.within,
              same: this.#fields(spec.sequence.same, rule.spec),
              steps: spec.sequence.steps.length,
            },
      calls: names[0] ?? null,
    };
    clauses.push(clause);
    for (const { on, tree, test, act } of parts)
      probes.push(() =>
        this.#index(on, tree, {
          clause,
          test,
          ...askedOf(this.#pathOf(tree)),
          program: this.#programTest(tree),
          least: leastOf(tree),
          canHold: (known) => this.#verdictOf(tree, known) !== false,
          act,
          asked: 0,
          nanos: 0,
        }),
      );
  }

  #threshold(spec: NonNullable<ClauseSpec['threshold']>, rule: RuleSpec): Threshold {
    const share = spec.share === undefined ? undefined : this.#test(spec.share.when, rule.file)?.test;
    const all = spec.all?.flatMap(({ when, count }) => {
      const test = this.#test(when, rule.file)?.test;
      return test === undefined ? [] : [{ test, count }];
    });
    return {
      by: this.#fields(spec.by, rule),
      within: spec.within,
      count: spec.count,
      distinct: Object.entries(spec.distinct).flatMap(([name, count]) => {
        const field = this.#field(name, rule);
        return field === undefined ? [] : [{ field, count }];
      }),
      ...(spec.share === undefined || share === undefined ? {} : { share: { test: share, above: spec.share.above } }),
      ...(all === undefined ? {} : { all }),
      hasMinus: spec.minus !== undefined,
    };
  }

  #index(on: EventName, tree: Expression, probe: Probe): void {
    const put = (map: Map<string, Probe[]>, any: Probe[], names: ReadonlySet<string> | null): void => {
      if (names === null) any.push(probe);
      else for (const name of names) map.set(name, [...(map.get(name) ?? []), probe]);
    };
    if (on === 'exit') {
      const names = this.#callsOf(tree);
      const { isOk, isFailed } = this.#resultOf(tree);
      if (!isFailed) put(this.#ok, this.#any.ok, names);
      if (!isOk) put(this.#failed, this.#any.failed, names);
    } else if (on === 'enter') put(this.#enter, this.#any.enter, this.#callsOf(tree));
    else this.#events.set(on, [...(this.#events.get(on) ?? []), probe]);
  }

  /** What a condition asks of the path alone; undefined where it may hold for any. */
  #pathOf(tree: Expression): PathAsked | undefined {
    switch (tree.kind) {
      case 'and': {
        const asked = conjunctsOf(tree).flatMap((one) => this.#pathOf(one) ?? []);
        if (asked.length === 0) return undefined;
        return {
          test: all(asked.map(({ test }) => test)),
          isNeeded: asked.some(({ isNeeded }) => isNeeded),
        };
      }
      case 'or': {
        const [left, right] = [this.#pathOf(tree.left), this.#pathOf(tree.right)];
        if (left === undefined || right === undefined) return undefined;
        return { test: (path) => left.test(path) || right.test(path), isNeeded: left.isNeeded && right.isNeeded };
      }
      case 'holds':
        return this.#pathOfMacro(tree.name.text);
      case 'compare':
      case 'in':
        return PATH_FIELDS.has(tree.field.text) ? { test: this.#pathTest(tree), isNeeded: true } : undefined;
      case 'exists':
        return PATH_FIELDS.has(tree.field.text) ? { test: () => true, isNeeded: true } : undefined;
      case 'not':
        // where there is no path, what is denied of it holds
        return this.#isOfPath(tree.operand) ? { test: this.#pathTest(tree), isNeeded: false } : undefined;
    }
  }

  #pathOfMacro(name: string): PathAsked | undefined {
    const macro = this.#trees.get(name);
    if (macro === undefined) return undefined;
    if (!this.#macrosOfPath.has(name)) {
      const asked = this.#pathOf(macro);
      this.#macrosOfPath.set(name, asked && { ...asked, test: askedLately(asked.test) });
    }
    return this.#macrosOfPath.get(name);
  }
  readonly #macrosOfPath = new Map<string, PathAsked | undefined>();

  #pathTest(tree: Expression): (path: string) => boolean {
    return compileExpression(tree, '', { lists: this.#lists, fields: ONLY_PATH, macros: this.#pathMacros });
  }
  readonly #pathMacros = new Map<string, Condition<string>>();

  /** Is it about the path and nothing else? */
  #isOfPath(tree: Expression): boolean {
    switch (tree.kind) {
      case 'and':
      case 'or':
        return this.#isOfPath(tree.left) && this.#isOfPath(tree.right);
      case 'not':
        return this.#isOfPath(tree.operand);
      case 'holds': {
        const macro = this.#trees.get(tree.name.text);
        if (macro === undefined || !this.#isOfPath(macro)) return false;
        if (!this.#pathMacros.has(tree.name.text)) this.#pathMacros.set(tree.name.text, this.#pathTest(macro));
        return true;
      }
      default:
        return PATH_FIELDS.has(tree.field.text);
    }
  }

  #programTest(tree: Expression): Test | undefined {
    const part = this.#programPart(tree);
    return part === undefined ? undefined : compileExpression(part, '', this.#language);
  }

  /** What a condition asks of the program alone; undefined where it may hold for any. */
  #programPart(tree: Expression): Expression | undefined {
    if (this.#isOf(PROGRAM_FIELDS, tree)) return tree;
    switch (tree.kind) {
      case 'and':
      case 'or': {
        const [left, right] = [this.#programPart(tree.left), this.#programPart(tree.right)];
        if (left !== undefined && right !== undefined) return { ...tree, left, right };
        return tree.kind === 'and' ? (left ?? right) : undefined;
      }
      case 'holds': {
        const macro = this.#trees.get(tree.name.text);
        return macro === undefined ? undefined : this.#programPart(macro);
      }
      default:
        return undefined;
    }
  }

  /** Is it about some fields and nothing else? */
  #isOf(fields: ReadonlySet<string>, tree: Expression): boolean {
    switch (tree.kind) {
      case 'and':
      case 'or':
        return this.#isOf(fields, tree.left) && this.#isOf(fields, tree.right);
      case 'not':
        return this.#isOf(fields, tree.operand);
      case 'holds': {
        const macro = this.#trees.get(tree.name.text);
        return macro !== undefined && this.#isOf(fields, macro);
      }
      default:
        return fields.has(tree.field.text);
    }
  }

  /** The calls that a condition is about; null where it may be any. */
  #callsOf(tree: Expression): ReadonlySet<string> | null {
    switch (tree.kind) {
      case 'and': {
        let found: ReadonlySet<string> | null = null;
        for (const part of conjunctsOf(tree)) {
          const names = this.#callsOf(part);
          if (names === null) continue;
          found = found === null ? names : common(found, names);
        }
        return found;
      }
      case 'or': {
        const [left, right] = [this.#callsOf(tree.left), this.#callsOf(tree.right)];
        return left === null || right === null ? null : new Set([...left, ...right]);
      }
      case 'holds': {
        const macro = this.#trees.get(tree.name.text);
        return macro === undefined ? (CALLS_OF_FIELD[tree.name.text] ?? null) : this.#callsOf(macro);
      }
      case 'compare':
        return tree.field.text === 'syscall' && tree.operator === '==' ? new Set(this.#texts(tree.values)) : null;
      case 'in':
        return tree.field.text === 'syscall' ? new Set(this.#texts(tree.values)) : null;
      default:
        return null;
    }
  }

  #texts(values: Extract<Expression, { kind: 'in' }>['values']): readonly string[] {
    return 'isList' in values ? (this.#lists.get(values.text) ?? []) : values.map(({ text }) => text);
  }

  /** What a condition comes to by what is known of a record; undefined: that depends on more. */
  #verdictOf(tree: Expression, known: Known): boolean | undefined {
    switch (tree.kind) {
      case 'and':
      case 'or': {
        const decisive = tree.kind === 'or';
        const [left, right] = [this.#verdictOf(tree.left, known), this.#verdictOf(tree.right, known)];
        if (left === decisive || right === decisive) return decisive;
        return left === undefined || right === undefined ? undefined : !decisive;
      }
      case 'not': {
        const verdict = this.#verdictOf(tree.operand, known);
        return verdict === undefined ? undefined : !verdict;
      }
      case 'holds': {
        const macro = this.#trees.get(tree.name.text);
        if (macro !== undefined) return this.#verdictOf(macro, known);
        if (tree.name.text === 'ok') return known.errno === undefined ? undefined : known.errno === 0;
        return tree.name.text === 'writes' ? known.writes : undefined;
      }
      case 'compare':
      case 'in': {
        const isEqual = tree.kind === 'in' || tree.operator === '==';
        if (!isEqual) return undefined;
        const name = tree.field.text;
        if (name === 'syscall' || name === 'kind') {
          const text = known[name];
          return text === undefined ? undefined : this.#texts(tree.values).includes(text);
        }
        if (name !== 'errno' || known.errno === undefined) return undefined;
        return this.#texts(tree.values).some((one) => (errnoNumberOf(one) ?? Number(one)) === known.errno);
      }
      default:
        return undefined;
    }
  }

  /** Does a condition ask for a call that succeeded, or for one that failed? */
  #resultOf(tree: Expression): { readonly isOk: boolean; readonly isFailed: boolean } {
    switch (tree.kind) {
      case 'and': {
        const parts = conjunctsOf(tree).map((one) => this.#resultOf(one));
        return { isOk: parts.some(({ isOk }) => isOk), isFailed: parts.some(({ isFailed }) => isFailed) };
      }
      case 'or': {
        const [left, right] = [this.#resultOf(tree.left), this.#resultOf(tree.right)];
        return { isOk: left.isOk && right.isOk, isFailed: left.isFailed && right.isFailed };
      }
      case 'holds': {
        const macro = this.#trees.get(tree.name.text);
        return macro === undefined ? { isOk: tree.name.text === 'ok', isFailed: false } : this.#resultOf(macro);
      }
      case 'compare':
      case 'in':
        return { isOk: false, isFailed: tree.field.text === 'errno' && (tree.kind === 'in' || tree.operator === '==') };
      default:
        return { isOk: false, isFailed: false };
    }
  }
}

const ofPath: Memo<Subject> = ({ moment }) => moment.entry;

/** Many rules ask the same of a path, one after the other. */
function askedLately(test: (path: string) => boolean): (path: string) => boolean {
  let asked: string | undefined;
  let holds = false;
  return (path) => {
    if (path !== asked) {
      asked = path;
      holds = test(path);
    }
    return holds;
  };
}

type PathAsked = { readonly test: (path: string) => boolean; readonly isNeeded: boolean };
const askedOf = (asked: PathAsked | undefined): Pick<Probe, 'path' | 'needsPath'> => ({
  path: asked?.test,
  needsPath: asked?.isNeeded === true,
});

/** How long a call must have taken at least for a condition to hold. */
function leastOf(tree: Expression): number {
  if (tree.kind === 'and') return Math.max(...conjunctsOf(tree).map(leastOf));
  if (tree.kind === 'or') return Math.min(leastOf(tree.left), leastOf(tree.right));
  if (
    tree.kind !== 'compare' ||
    tree.field.text !== 'duration' ||
    !tree.operator.startsWith('>') ||
    'isList' in tree.values
  )
    return 0;
  const [, digits = '0', unit = ''] = /^(\d+(?:\.\d+)?)(ns|us|µs|ms|s)$/.exec(tree.values[0]?.text ?? '') ?? [];
  return (
    Number(digits) * (({ ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9 } as Readonly<Record<string, number>>)[unit] ?? 0)
  );
}

function macrosIn(tree: Expression): readonly string[] {
  switch (tree.kind) {
    case 'and':
    case 'or':
      return [...macrosIn(tree.left), ...macrosIn(tree.right)];
    case 'not':
      return macrosIn(tree.operand);
    case 'holds':
      return [tree.name.text];
    default:
      return [];
  }
}

const common = (a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...a].filter((one) => b.has(one)));

const ONLY_PATH: Fields<string> = new Map(
  [...PATH_FIELDS].map((name) => [name, { name, type: 'text', says: 'the path', of: (path) => path }]),
);

const isCall = (on: EventName): boolean => on === 'exit' || on === 'enter';

/** Fields that hold of some calls only. */
const CALLS_OF_FIELD: Readonly<Record<string, ReadonlySet<string>>> = {
  writes: new Set(['open', 'openat', 'creat']),
  reads: new Set(['open', 'openat']),
};

/** The calls without which nothing is known of an event. */
const CALLS_OF: Readonly<Partial<Record<EventName, ReadonlySet<string>>>> = {
  exec: new Set(['execve', 'execveat']),
  fork: new Set(['clone', 'clone3', 'fork', 'vfork']),
  'process-end': new Set(['exit_group']),
  'exec-failure': new Set(['execve', 'execveat']),
  connected: new Set(['connect']),
  'session-end': new Set(['connect']),
  'replaced-file': new Set(['open', 'openat', 'creat']),
};
