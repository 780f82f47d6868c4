/** Rule files that were read when the program was built: no start reads YAML or parses a condition of the built-in rules. */
import { loadExpressionGrammar, type Expression } from '../../grammars/expression.js';
import { parseCondition } from '../expressions/compile.js';
import { readRuleFile, type RuleFault, type RuleFile, type RuleSpec, type Text } from './rule-file.js';

/** A rule file as JSON: maps are lists of pairs, and each condition has its tree. */
export type PreparedFile = {
  readonly name: string;
  readonly lists: readonly (readonly [string, readonly string[]])[];
  readonly macros: readonly (readonly [string, Text])[];
  readonly rules: readonly RuleSpec[];
};

/** Reads files (name and text), without their tests. Throws all that is wrong. */
export async function prepareRules(files: Readonly<Record<string, string>>): Promise<readonly PreparedFile[]> {
  const grammar = await loadExpressionGrammar();
  const faults: RuleFault[] = [];
  const prepared: PreparedFile[] = [];
  const withTrees = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(withTrees);
    if (typeof value !== 'object' || value === null) return value;
    // of a sequence the steps have the conditions
    if (isText(value)) return value.text === '' ? value : { ...value, tree: parseCondition(grammar, value.text) };
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withTrees(one)]));
  };
  for (const [name, text] of Object.entries(files)) {
    const { lists, macros, rules } = await readRuleFile(name, text, faults, () => []);
    prepared.push({
      name,
      lists: [...lists],
      macros: withTrees([...macros]) as PreparedFile['macros'],
      rules: withTrees(
        rules.map((rule) => ({ ...rule, messageAt: undefined, fires: [], quiet: [] })),
      ) as readonly RuleSpec[],
    });
  }
  const [fault] = faults;
  if (fault !== undefined) throw new Error(`${fault.file}:${fault.line}:${fault.column}: ${fault.message}`);
  return prepared;
}

const isText = (value: object): value is Text & { readonly tree?: Expression } => 'text' in value && 'begins' in value;

export function ruleFileOf({ name, lists, macros, rules }: PreparedFile): RuleFile {
  return { name, lists: new Map(lists), macros: new Map(macros), rules };
}
