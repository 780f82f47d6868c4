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

/** What the errors of the parser come to for whoever wrote the file. */
const PLAIN: Readonly<Record<string, string>> = {
  BAD_INDENT: 'this line is indented otherwise than those that it belongs to',
  TAB_AS_INDENT: 'a tab indents this line: YAML takes blanks only',
  DUPLICATE_KEY: 'this key stands twice in its mapping',
  MISSING_CHAR: 'a sign is missing here: a quote, a bracket, a colon, or the "-" of a list',
  UNEXPECTED_TOKEN: 'this cannot stand here: a text with : # { [ or a quote in it needs quotes around it',
  BLOCK_AS_IMPLICIT_KEY: 'a ": " in a text makes it a mapping: put quotes around it',
  MULTILINE_IMPLICIT_KEY: 'this line is no "key: value", and belongs to no text before it',
  BAD_SCALAR_START: 'a text cannot begin with this sign: put quotes around it',
  BAD_DQ_ESCAPE: 'this backslash is no escape in double quotes: use single ones',
  BAD_ALIAS: 'a text that begins with * is an alias: put quotes around it',
  MULTIPLE_DOCS: 'a file holds one document: no second "---"',
};

/** The errors of a document, each as a sentence with its place; what the parser says stands behind it. */
export function yamlFaults(
  errors: readonly Yaml.YAMLParseError[],
  counter: Yaml.LineCounter,
): readonly (Placed & { readonly message: string })[] {
  return errors.map(({ code, message, pos }) => {
    const { line, col } = counter.linePos(pos[0]);
    const said = (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
    const plain = PLAIN[code];
    return {
      line: Math.max(1, line),
      column: Math.max(1, col),
      message: plain === undefined ? `this is no YAML: ${said}` : `${plain} (${said})`,
    };
  });
}
