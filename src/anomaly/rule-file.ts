/** Rule files: YAML to rules, checked to the letter. What is wrong is told with line and column, all of it at once. */
import type * as Yaml from 'yaml';
import type { Expression } from '../../grammars/expression.js';
import { SEVERITIES, type Severity } from '../model/finding.js';
import type { Suggest } from '../expressions/compile.js';
import { EVENTS, type EventName } from './moment.js';
import { loadYaml, placeOf, type Placed, yamlFaults } from './yaml.js';

export type ClauseSpec = {
  readonly on: EventName;
  readonly when: Text;
  readonly severity?: Severity;
  readonly message?: string;
  readonly threshold?: ThresholdSpec;
  readonly sequence?: SequenceSpec;
  /** Fields whose values make two findings equal; without, what the message says does. */
  readonly key?: readonly string[];
};

/** A text and where it stands in its file. */
export type Text = {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  /** Of a text that stands on several lines: where in it each of them begins. */
  readonly begins: readonly number[];
  /** What it was parsed to, if it was. */
  readonly tree?: Expression;
};

export type ThresholdSpec = {
  readonly by: readonly string[];
  /** Micros. */
  readonly within: number;
  readonly count: number;
  /** So many different values of a field. */
  readonly distinct: Readonly<Record<string, number>>;
  /** Of those counted, more than this part has to fit. */
  readonly share?: { readonly when: Text; readonly above: number };
  /** Each of several conditions so often. */
  readonly all?: readonly { readonly when: Text; readonly count: number }[];
  /** What is taken off the count. */
  readonly minus?: { readonly on: EventName; readonly when: Text };
  /** What begins the count anew. */
  readonly reset?: { readonly on: EventName; readonly when: Text };
};

export type SequenceSpec = {
  readonly within: number;
  readonly same: readonly string[];
  readonly steps: readonly { readonly on: EventName; readonly when: Text }[];
};

export type RuleTest = {
  readonly name: string;
  readonly lines: string;
  readonly line: number;
  readonly severity?: Severity;
};

/** Records of debug level, in all releases or since one. */
export type Need = { readonly what: 'debug'; readonly since: number };

export type RuleSpec = {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly severity: Severity;
  readonly variants: readonly { readonly when: Text; readonly severity: Severity; readonly message?: string }[];
  readonly attack: readonly string[];
  readonly k8s_matrix: readonly string[];
  readonly description: string;
  readonly false_positives: readonly string[];
  /** What to look at next. */
  readonly look: readonly string[];
  readonly message: string;
  /** Where that stands in its file; of the built-in rules nobody asks. */
  readonly messageAt?: Omit<Text, 'text' | 'tree'>;
  /** Records of the process's past that prove it, too: exec, fork, accept, listen, socket, made, carries, memfd, terminal. */
  readonly cites: readonly string[];
  /** Rules whose findings in related processes become parts of this one's; of its own id those of lower severity. */
  readonly explains: readonly string[];
  /** Rules whose findings in the very same process do, unless they are worse. */
  readonly includes: readonly string[];
  /** What has to be in the log, beyond the calls that it asks for. */
  readonly needs: readonly Need[];
  readonly clauses: readonly ClauseSpec[];
  /** Its clauses are about the same happenings: how often is what the clause says that was met most. */
  readonly countsMost: boolean;
  readonly fires: readonly RuleTest[];
  readonly quiet: readonly RuleTest[];
  readonly file: string;
  readonly line: number;
};

export type RuleFile = {
  readonly name: string;
  /** Is it built in? */
  readonly isShipped?: true;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly macros: ReadonlyMap<string, Text>;
  readonly rules: readonly RuleSpec[];
};

/** What is wrong in a rule file. */
export type RuleFault = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly detail?: string;
};

const CITES = ['exec', 'parent', 'fork', 'accept', 'listen', 'socket', 'made', 'carries', 'memfd', 'terminal'];
const RULE_KEYS = [
  'id',
  'title',
  'category',
  'severity',
  'variants',
  'attack',
  'k8s_matrix',
  'description',
  'false_positives',
  'look',
  'message',
  'cites',
  'explains',
  'includes',
  'needs',
  'on',
  'when',
  'threshold',
  'sequence',
  'key',
  'any',
  'counts',
  'tests',
];
const CLAUSE_KEYS = ['on', 'when', 'severity', 'message', 'threshold', 'sequence', 'key'];
const UNITS: Readonly<Record<string, number>> = { ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 };

/** Reads one file. Faults are added; what could be read is given all the same. */
export async function readRuleFile(
  name: string,
  text: string,
  faults: RuleFault[],
  suggest: Suggest,
): Promise<RuleFile> {
  const yaml = await loadYaml();
  return new FileReader(yaml, name, text, faults, suggest).read();
}

const NOTHING: RuleFile = { name: '', lists: new Map(), macros: new Map(), rules: [] };

class FileReader {
  readonly #counter: Yaml.LineCounter;

  constructor(
    readonly yaml: typeof Yaml,
    readonly name: string,
    readonly source: string,
    readonly faults: RuleFault[],
    readonly suggest: Suggest,
  ) {
    this.#counter = new yaml.LineCounter();
  }

  read(): RuleFile {
    const { yaml } = this;
    const document = yaml.parseDocument(this.source, {
      lineCounter: this.#counter,
      maxAliasCount: 100,
    } as Yaml.ParseOptions);
    for (const fault of yamlFaults(document.errors, this.#counter)) this.faults.push({ file: this.name, ...fault });
    if (document.errors.length > 0) return { ...NOTHING, name: this.name };
    const root = document.contents;
    if (!yaml.isMap(root)) {
      this.#fault(root, 'a rule file is a mapping with "rules", "lists" or "macros"');
      return { ...NOTHING, name: this.name };
    }
    this.#keys(root, ['category', 'lists', 'macros', 'rules'], 'a rule file');
    const category = this.#text(root, 'category') ?? 'own';
    const lists = new Map<string, readonly string[]>();
    this.#each(root, 'lists', (key, node) => lists.set(key, this.#wordsOf(node)));
    const macros = new Map<string, Text>();
    this.#each(root, 'macros', (key, node) => {
      const found = this.#placedOf(node);
      if (found !== undefined) macros.set(key, found);
    });
    const rules: RuleSpec[] = [];
    const list = root.get('rules', true);
    if (yaml.isSeq(list)) for (const item of list.items) rules.push(...this.#rule(item as Yaml.Node, category));
    else if (list !== undefined) this.#fault(list as Yaml.Node, '"rules" is a list');
    const isEmpty = rules.length === 0 && lists.size === 0 && macros.size === 0;
    if (isEmpty && this.faults.length === 0) this.#fault(root, 'the file holds no rule');
    return { name: this.name, lists, macros, rules };
  }

  #place(node: Yaml.Node | null | undefined): Placed {
    return placeOf(this.#counter, node);
  }

  #fault(node: Yaml.Node | null | undefined, message: string): void {
    this.faults.push({ file: this.name, ...this.#place(node), message });
  }

  #keys(map: Yaml.YAMLMap, known: readonly string[], what: string): void {
    for (const { key } of map.items) {
      const name = this.yaml.isScalar(key) ? String(key.value) : '';
      if (known.includes(name)) continue;
      const [near] = this.suggest(name, known);
      this.#fault(
        key as Yaml.Node,
        `unknown key "${name}" in ${what}${near === undefined ? `: ${known.join(', ')} are known` : `: did you mean "${near}"?`}`,
      );
    }
  }

  #each(map: Yaml.YAMLMap, key: string, found: (key: string, node: Yaml.Node) => void): void {
    const node = map.get(key, true) as Yaml.Node | undefined;
    if (node === undefined) return;
    if (!this.yaml.isMap(node)) {
      this.#fault(node, `"${key}" is a mapping of names`);
      return;
    }
    for (const pair of node.items)
      found(String(this.yaml.isScalar(pair.key) ? pair.key.value : ''), pair.value as Yaml.Node);
  }

  #text(map: Yaml.YAMLMap, key: string): string | undefined {
    const node = map.get(key, true) as Yaml.Node | undefined;
    if (node === undefined) return undefined;
    if (this.yaml.isScalar(node) && ['string', 'number', 'boolean'].includes(typeof node.value))
      return String(node.value).trim();
    this.#fault(node, `"${key}" is a text`);
    return undefined;
  }

  #placedOf(node: Yaml.Node | undefined): Text | undefined {
    if (!this.yaml.isScalar(node) || typeof node.value !== 'string') {
      this.#fault(node, 'a condition is a text');
      return undefined;
    }
    const { line, column } = this.#place(node);
    const text = node.value.trim();
    const isBlock = node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL';
    const quote = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE' ? 1 : 0;
    if (!isBlock || node.range === undefined || node.range === null)
      return { text, line, column: column + quote, begins: [0] };
    const [, ...lines] = this.source.slice(node.range[0], node.range[1]).split('\n');
    const begins: number[] = [];
    let at = 0;
    for (const one of lines) {
      begins.push(at);
      at += one.trim().length + 1;
    }
    const indent = (lines[0] ?? '').length - (lines[0] ?? '').trimStart().length;
    return { text, line: line + 1, column: indent + 1, begins };
  }

  #placed(map: Yaml.YAMLMap, key: string): Text | undefined {
    const node = map.get(key, true) as Yaml.Node | undefined;
    return node === undefined ? undefined : this.#placedOf(node);
  }

  #messagePlace(map: Yaml.YAMLMap): Pick<RuleSpec, 'messageAt'> {
    const node = map.get(map.has('message') ? 'message' : 'title', true) as Yaml.Node | undefined;
    if (!this.yaml.isScalar(node) || typeof node.value !== 'string') return {};
    const placed = this.#placedOf(node);
    if (placed === undefined) return {};
    const { line, column, begins } = placed;
    return { messageAt: { line, column, begins } };
  }

  #textsOf(node: Yaml.Node | undefined): readonly string[] {
    if (node === undefined) return [];
    if (this.yaml.isScalar(node)) return [String(node.value)];
    if (this.yaml.isSeq(node))
      return node.items.map((item) => (this.yaml.isScalar(item) ? String(item.value) : '')).filter((one) => one !== '');
    this.#fault(node, 'a list of texts is expected');
    return [];
  }

  /** A list, or a text of words with blanks or commas between them. */
  #wordsOf(node: Yaml.Node): readonly string[] {
    if (this.yaml.isScalar(node)) {
      return String(node.value)
        .split(/[\s,]+/)
        .filter((word) => word !== '');
    }
    return this.#textsOf(node);
  }

  #texts(map: Yaml.YAMLMap, key: string): readonly string[] {
    return this.#textsOf(map.get(key, true) as Yaml.Node | undefined);
  }

  #severity(map: Yaml.YAMLMap, isNeeded: boolean): Severity | undefined {
    const text = this.#text(map, 'severity');
    const found = SEVERITIES.find((one) => one === text);
    if (found === undefined && (text !== undefined || isNeeded)) {
      const at = (map.get('severity', true) as Yaml.Node | undefined) ?? map;
      this.#fault(
        at,
        text === undefined ? 'a rule has a severity' : `"${text}" is no severity: ${SEVERITIES.join(', ')}`,
      );
    }
    return found;
  }

  #event(map: Yaml.YAMLMap): EventName {
    const text = this.#text(map, 'on');
    if (text === undefined) return 'exit';
    if (Object.hasOwn(EVENTS, text)) return text as EventName;
    const names = Object.keys(EVENTS);
    const [near] = this.suggest(text, names);
    this.#fault(
      map.get('on', true) as Yaml.Node,
      `"${text}" is no event${near === undefined ? `: ${names.join(', ')}` : `: did you mean "${near}"?`}`,
    );
    return 'exit';
  }

  #duration(map: Yaml.YAMLMap, key: string): number {
    const text = this.#text(map, key) ?? '';
    const [, digits, unit = ''] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h)$/.exec(text) ?? [];
    if (digits === undefined) {
      this.#fault(
        (map.get(key, true) as Yaml.Node | undefined) ?? map,
        `"${key}" is a time with a unit: 10s, 500ms, 5m`,
      );
      return 1e6;
    }
    return Number(digits) * (UNITS[unit] ?? 1);
  }

  #number(map: Yaml.YAMLMap, key: string): number | undefined {
    const text = this.#text(map, key);
    if (text === undefined) return undefined;
    const found = Number(text);
    if (Number.isFinite(found) && found > 0) return found;
    this.#fault(map.get(key, true) as Yaml.Node, `"${key}" is a number above 0`);
    return undefined;
  }

  #threshold(map: Yaml.YAMLMap): ThresholdSpec | undefined {
    const node = map.get('threshold', true) as Yaml.Node | undefined;
    if (node === undefined) return undefined;
    if (!this.yaml.isMap(node)) {
      this.#fault(node, '"threshold" is a mapping: by, within, count, distinct, ...');
      return undefined;
    }
    this.#keys(node, ['by', 'within', 'count', 'distinct', 'share', 'all', 'minus', 'reset'], 'a threshold');
    const distinct: Record<string, number> = {};
    this.#each(node, 'distinct', (key, one) => {
      distinct[key] = Number(this.yaml.isScalar(one) ? one.value : Number.NaN);
      if (!(distinct[key] > 0)) this.#fault(one, 'how many different values is a number above 0');
    });
    const share = node.get('share', true);
    const minus = node.get('minus', true);
    const minusWhen = this.yaml.isMap(minus) ? this.#placed(minus, 'when') : undefined;
    const reset = node.get('reset', true);
    const all = node.get('all', true);
    if (this.yaml.isMap(share) && Object.keys(distinct).length === 0)
      this.#fault(share, '"share" is a part of different values: it needs "distinct"');
    const shareWhen = this.yaml.isMap(share) ? this.#placed(share, 'when') : undefined;
    const resetWhen = this.yaml.isMap(reset) ? this.#placed(reset, 'when') : undefined;
    return {
      by: this.#texts(node, 'by'),
      within: this.#duration(node, 'within'),
      count: this.#number(node, 'count') ?? 1,
      distinct,
      ...(this.yaml.isMap(share) && shareWhen !== undefined
        ? { share: { when: shareWhen, above: this.#number(share, 'above') ?? 0.5 } }
        : {}),
      ...(this.yaml.isMap(minus) && minusWhen !== undefined
        ? { minus: { on: this.#event(minus), when: minusWhen } }
        : {}),
      ...(this.yaml.isMap(reset) && resetWhen !== undefined
        ? { reset: { on: this.#event(reset), when: resetWhen } }
        : {}),
      ...(this.yaml.isSeq(all)
        ? {
            all: all.items.flatMap((one) => {
              if (!this.yaml.isMap(one)) return [];
              const when = this.#placed(one, 'when');
              return when === undefined ? [] : [{ when, count: this.#number(one, 'count') ?? 1 }];
            }),
          }
        : {}),
    };
  }

  #sequence(map: Yaml.YAMLMap): SequenceSpec | undefined {
    const node = map.get('sequence', true) as Yaml.Node | undefined;
    if (node === undefined) return undefined;
    const steps = this.yaml.isMap(node) ? node.get('steps', true) : undefined;
    if (!this.yaml.isMap(node) || !this.yaml.isSeq(steps) || steps.items.length < 2) {
      this.#fault(node, '"sequence" is a mapping: within, same, and two steps or more');
      return undefined;
    }
    this.#keys(node, ['within', 'same', 'steps'], 'a sequence');
    return {
      within: this.#duration(node, 'within'),
      same: this.#texts(node, 'same'),
      steps: steps.items.flatMap((step) => {
        const when = this.yaml.isMap(step) ? this.#placed(step, 'when') : undefined;
        return this.yaml.isMap(step) && when !== undefined ? [{ on: this.#event(step), when }] : [];
      }),
    };
  }

  #clause(map: Yaml.YAMLMap, isOwn: boolean): readonly ClauseSpec[] {
    if (!isOwn) this.#keys(map, CLAUSE_KEYS, 'a clause');
    const sequence = this.#sequence(map);
    const when = this.#placed(map, 'when');
    if (when === undefined && sequence === undefined) {
      this.#fault(map, 'a rule says "when", or has a "sequence"');
      return [];
    }
    const threshold = this.#threshold(map);
    const severity = isOwn ? undefined : this.#severity(map, false);
    const message = isOwn ? undefined : this.#text(map, 'message');
    const key = map.has('key') ? this.#texts(map, 'key') : undefined;
    return [
      {
        on: this.#event(map),
        when: when ?? { text: '', line: 0, column: 0, begins: [0] },
        ...(severity === undefined ? {} : { severity }),
        ...(message === undefined ? {} : { message }),
        ...(threshold === undefined ? {} : { threshold }),
        ...(sequence === undefined ? {} : { sequence }),
        ...(key === undefined ? {} : { key }),
      },
    ];
  }

  #counts(map: Yaml.YAMLMap): boolean {
    const text = this.#text(map, 'counts') ?? 'all';
    if (text !== 'all' && text !== 'most') this.#fault(map.get('counts', true) as Yaml.Node, '"counts" is all or most');
    return text === 'most';
  }

  #tests(map: Yaml.YAMLMap, key: 'fires' | 'quiet'): readonly RuleTest[] {
    const tests = map.get('tests', true) as Yaml.Node | undefined;
    if (tests === undefined) return [];
    if (!this.yaml.isMap(tests)) {
      this.#fault(tests, '"tests" is a mapping: fires, quiet');
      return [];
    }
    if (key === 'fires') this.#keys(tests, ['fires', 'quiet'], 'tests');
    const list = tests.get(key, true) as Yaml.Node | undefined;
    if (list === undefined) return [];
    if (!this.yaml.isSeq(list)) {
      this.#fault(list, `"${key}" is a list of tests, each with lines of a log`);
      return [];
    }
    return list.items.flatMap((item, index) => {
      const node = item as Yaml.Node;
      const { line } = this.#place(node);
      if (this.yaml.isScalar(node)) return [{ name: `${key} ${index + 1}`, lines: String(node.value), line }];
      if (!this.yaml.isMap(node)) return [];
      this.#keys(node, ['name', 'lines', 'severity'], 'a test');
      const severity = this.#severity(node, false);
      return [
        {
          name: this.#text(node, 'name') ?? `${key} ${index + 1}`,
          lines: String(node.get('lines') ?? ''),
          line,
          ...(severity === undefined ? {} : { severity }),
        },
      ];
    });
  }

  #rule(node: Yaml.Node, category: string): readonly RuleSpec[] {
    if (!this.yaml.isMap(node)) {
      this.#fault(node, 'a rule is a mapping');
      return [];
    }
    this.#keys(node, RULE_KEYS, 'a rule');
    const id = this.#text(node, 'id');
    if (id === undefined || !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))
      this.#fault(node, 'a rule has an id of small letters, digits and hyphens');
    const title = this.#text(node, 'title');
    if (title === undefined) this.#fault(node, `rule ${id ?? ''} has no title`);
    const severity = this.#severity(node, true);
    const any = node.get('any', true);
    const key = node.has('key') ? { key: this.#texts(node, 'key') } : {};
    const clauses = this.yaml.isSeq(any)
      ? any.items.flatMap((one) =>
          this.yaml.isMap(one) ? this.#clause(one, false).map((clause) => ({ ...key, ...clause })) : [],
        )
      : this.#clause(node, true);
    const variants = node.get('variants', true);
    const cites = this.#texts(node, 'cites');
    for (const cite of cites)
      if (!CITES.includes(cite))
        this.#fault(node.get('cites', true) as Yaml.Node, `"${cite}" is no record of a process: ${CITES.join(', ')}`);
    return [
      {
        // of a rule with faults the rest is looked at all the same: all that is wrong is told at once
        id: id ?? `rule-of-line-${this.#place(node).line}`,
        title: title ?? '',
        category: this.#text(node, 'category') ?? category,
        severity: severity ?? 'medium',
        variants: this.yaml.isSeq(variants)
          ? variants.items.flatMap((one) => {
              if (!this.yaml.isMap(one)) return [];
              const when = this.#placed(one, 'when');
              const level = this.#severity(one, true);
              const message = this.#text(one, 'message');
              return when === undefined || level === undefined
                ? []
                : [{ when, severity: level, ...(message === undefined ? {} : { message }) }];
            })
          : [],
        attack: this.#texts(node, 'attack'),
        k8s_matrix: this.#texts(node, 'k8s_matrix'),
        description: this.#text(node, 'description') ?? '',
        false_positives: this.#texts(node, 'false_positives'),
        look: this.#texts(node, 'look'),
        message: this.#text(node, 'message') ?? title ?? '',
        ...this.#messagePlace(node),
        cites,
        explains: this.#texts(node, 'explains'),
        includes: this.#texts(node, 'includes'),
        needs: this.#texts(node, 'needs').flatMap((one): readonly Need[] => {
          const [, since] = /^debug(?: since (\d{8}))?$/.exec(one) ?? [];
          if (one === 'debug' || since !== undefined) return [{ what: 'debug', since: Number(since ?? 0) }];
          this.#fault(
            node.get('needs', true) as Yaml.Node,
            `"${one}" is nothing that can be needed: debug, debug since 20230306`,
          );
          return [];
        }),
        clauses,
        countsMost: this.#counts(node),
        fires: this.#tests(node, 'fires'),
        quiet: this.#tests(node, 'quiet'),
        file: this.name,
        line: this.#place(node).line,
      },
    ];
  }
}
