/** The parser of YAML, loaded when the first file is read, and where its nodes stand. */
import type * as Yaml from 'yaml';

export type Placed = { readonly line: number; readonly column: number };

let loading: Promise<typeof Yaml> | undefined;

export function loadYaml(): Promise<typeof Yaml> {
  loading ??= import('yaml').then((module) => ('default' in module ? module.default : module) as typeof Yaml);
  return loading;
}

/** Line and column of a node, from 1; of none the beginning. */
export function placeOf(counter: Yaml.LineCounter, node: Yaml.Node | null | undefined): Placed {
  const { line, col } = counter.linePos(node?.range?.[0] ?? 0);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
