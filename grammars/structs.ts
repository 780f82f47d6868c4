/** Go values as `%v` and `%+v` print them, nested, and the mount of an OCI spec among them. */

/**
 * The terminals, each written once: the hand reader below and the chevrotain grammar are both made of them. Go parts fields and
 * elements by one blank, so that two blanks in a row are an empty field.
 */
export const STRUCT_TERMINALS = {
  structOpen: /&?\{/,
  structClose: /\}/,
  listOpen: /\[/,
  listClose: /\]/,
  blank: / /,
  word: /(?:[^ {}[\]&]|&(?!\{))+/,
} as const;

/** A field name in front of its value (`%+v` only): `Destination:/mnt`. */
const FIELD_NAME = /^[A-Z]\w*:/;

/** Longest dump that is read, and how deep: a spec nests six levels. */
const DUMP_LIMIT = 65_536;
const DEPTH_LIMIT = 32;

export type GoValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly GoValue[] }
  | { readonly kind: 'struct'; readonly fields: readonly GoField[] };
export type GoField = { readonly name: string | null; readonly value: GoValue };

/** A piece of the text: a terminal, its text and, for openers, whether a partner closes it inside the same struct. */
type Piece = { readonly terminal: keyof typeof STRUCT_TERMINALS; readonly text: string; paired: boolean };

const ORDER = Object.keys(STRUCT_TERMINALS) as (keyof typeof STRUCT_TERMINALS)[];
const ANY = new RegExp(ORDER.map((name) => `(?<${name}>${STRUCT_TERMINALS[name].source})`).join('|'), 'y');

/**
 * Marks the brackets that have a partner. A destination can be a lone `[` (`&{[ bind /src [rbind]}`), which is then a word; the
 * end of a struct ends the search, so that it does not pair with a bracket outside.
 */
function pair(pieces: readonly Piece[]): void {
  const open: Piece[] = [];
  let structs = 0;
  for (const piece of pieces) {
    if (piece.terminal === 'structOpen') structs++;
    if (piece.terminal === 'structOpen' || piece.terminal === 'listOpen') open.push(piece);
    else if (piece.terminal === 'listClose' && open[open.length - 1]?.terminal === 'listOpen') {
      piece.paired = true;
      (open.pop() as Piece).paired = true;
    } else if (piece.terminal === 'structClose' && structs > 0) {
      structs--;
      let at = open.length - 1;
      while (at >= 0 && open[at]?.terminal !== 'structOpen') at--;
      piece.paired = true;
      (open[at] as Piece).paired = true;
      open.length = at;
    }
  }
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  ANY.lastIndex = 0;
  while (ANY.lastIndex < text.length) {
    const found = ANY.exec(text);
    if (found === null) {
      ANY.lastIndex = 0;
      return [];
    }
    const terminal = ORDER.find((name) => found.groups?.[name] !== undefined) as keyof typeof STRUCT_TERMINALS;
    pieces.push({ terminal, text: found[0], paired: false });
  }
  pair(pieces);
  return pieces;
}

/** Makes a field of the pieces between two blanks: a name, if it has one, and a value; glued pieces (`map[a:1]`) stay text. */
function fieldOf(glued: readonly GoValue[], raw: string): GoField {
  const [first, second] = glued;
  if (first === undefined) return { name: null, value: { kind: 'text', text: '' } };
  const name = first.kind === 'text' ? FIELD_NAME.exec(first.text)?.[0] : undefined;
  if (name === undefined || first.kind !== 'text') {
    return { name: null, value: glued.length === 1 ? first : { kind: 'text', text: raw } };
  }
  const bare = name.slice(0, -1);
  if (first.text.length === name.length) {
    if (glued.length === 1) return { name: bare, value: { kind: 'text', text: '' } };
    if (glued.length === 2 && second !== undefined) return { name: bare, value: second };
  }
  return { name: bare, value: { kind: 'text', text: raw.slice(name.length) } };
}

/** In a named struct a piece without a name goes on with the value before it (a path with a blank). */
function joinValues(fields: readonly GoField[], raws: readonly string[]): readonly GoField[] {
  if (!fields.some((field) => field.name !== null)) return fields;
  const joined: { name: string | null; value: GoValue; raw: string }[] = [];
  fields.forEach((field, index) => {
    const before = joined[joined.length - 1];
    if (field.name !== null || before === undefined) {
      joined.push({ ...field, raw: (raws[index] as string).slice(field.name === null ? 0 : field.name.length + 1) });
    } else {
      before.raw = `${before.raw} ${raws[index] as string}`;
      before.value = { kind: 'text', text: before.raw };
    }
  });
  return joined.map(({ name, value }) => ({ name, value }));
}

/** What both readers share: they find the pieces of a struct or list and hand them over field by field. */
type Item = { readonly glued: readonly GoValue[]; readonly raw: string };
function structOf(items: readonly Item[]): GoValue {
  const fields = items.map((item) => fieldOf(item.glued, item.raw));
  return {
    kind: 'struct',
    fields: joinValues(
      fields,
      items.map((item) => item.raw),
    ),
  };
}
function listOf(items: readonly Item[]): GoValue {
  if (items.length === 1 && items[0]?.raw === '') return { kind: 'list', items: [] };
  return {
    kind: 'list',
    items: items.map(({ glued, raw }) => (glued.length === 1 ? (glued[0] as GoValue) : { kind: 'text', text: raw })),
  };
}

/**
 * Reads a struct dump by hand: the common path, without loading a grammar.
 *
 *     &{[ bind /var/lib/docker/volumes/f51e/_data [rbind]}
 *     {Destination:/mnt Type:bind Source:/nonexistent/src Options:[rbind] UIDMappings:[] GIDMappings:[]}
 *
 * Shape:  ["&"] "{" field *( " " field ) "}" , field = [ name ":" ] ( struct | list | word )
 * Fails:  returns undefined where braces do not match; the caller quotes the text as it is
 * Source: Go's fmt, verbs %v and %+v; since 20210705.0 the gofer prints mounts with field names
 */
export function readStruct(text: string): GoValue | undefined {
  if (text.length > DUMP_LIMIT) return undefined;
  const pieces = piecesOf(text);
  let at = 0;
  const items = (end: 'structClose' | 'listClose', depth: number): Item[] | undefined => {
    const found: Item[] = [];
    let glued: GoValue[] = [];
    let raw = '';
    for (;;) {
      const piece = pieces[at];
      if (piece === undefined) return undefined;
      if (piece.terminal === end && piece.paired) {
        found.push({ glued, raw });
        at++;
        return found;
      }
      if (piece.terminal === 'blank') {
        found.push({ glued, raw });
        glued = [];
        raw = '';
        at++;
        continue;
      }
      const from = at;
      const value = nested(depth);
      if (value === undefined) return undefined;
      glued.push(value);
      for (let each = from; each < at; each++) raw += (pieces[each] as Piece).text;
    }
  };
  const nested = (depth: number): GoValue | undefined => {
    const piece = pieces[at] as Piece;
    if (depth >= DEPTH_LIMIT) return undefined;
    at++;
    if (piece.paired && piece.terminal === 'structOpen') {
      const inner = items('structClose', depth + 1);
      return inner === undefined ? undefined : structOf(inner);
    }
    if (piece.paired && piece.terminal === 'listOpen') {
      const inner = items('listClose', depth + 1);
      return inner === undefined ? undefined : listOf(inner);
    }
    return { kind: 'text', text: piece.text };
  };
  if (pieces[0]?.terminal !== 'structOpen' || !pieces[0].paired) return undefined;
  const value = nested(0);
  return at === pieces.length ? value : undefined;
}

/**
 * The same as a chevrotain grammar, loaded only when asked for (bundled it costs some 80 ms, more than the rest of `diagnose` on
 * a failed start). Tests hold both readers to the same answers.
 */
export async function loadStructReader(): Promise<(text: string) => GoValue | undefined> {
  const { createToken, EmbeddedActionsParser, Lexer } = await import('chevrotain');
  const tokens = {
    structOpen: createToken({ name: 'StructOpen', pattern: STRUCT_TERMINALS.structOpen }),
    structClose: createToken({ name: 'StructClose', pattern: STRUCT_TERMINALS.structClose }),
    listOpen: createToken({ name: 'ListOpen', pattern: STRUCT_TERMINALS.listOpen }),
    listClose: createToken({ name: 'ListClose', pattern: STRUCT_TERMINALS.listClose }),
    blank: createToken({ name: 'Blank', pattern: STRUCT_TERMINALS.blank }),
    word: createToken({ name: 'Word', pattern: STRUCT_TERMINALS.word }),
  };
  const lexer = new Lexer(Object.values(tokens));

  class StructParser extends EmbeddedActionsParser {
    /** Which tokens have a partner; set before each reading, since a lone bracket is a word. */
    pieces: readonly Piece[] = [];
    depth = 0;

    constructor() {
      super(Object.values(tokens), { recoveryEnabled: false });
      this.performSelfAnalysis();
    }

    #isPaired(): boolean {
      return this.pieces[this.LA(1).payload as number]?.paired === true;
    }

    value = this.RULE('value', (): GoValue => {
      return this.OR<GoValue>([
        { GATE: () => this.#isPaired(), ALT: () => this.SUBRULE(this.struct) },
        { GATE: () => this.#isPaired(), ALT: () => this.SUBRULE(this.list) },
        { ALT: () => ({ kind: 'text', text: this.SUBRULE(this.plain) }) },
      ]);
    });

    /** A word, or a bracket that nothing closes. */
    plain = this.RULE('plain', (): string => {
      const token = this.OR([
        { ALT: () => this.CONSUME(tokens.word) },
        { GATE: () => !this.#isPaired(), ALT: () => this.CONSUME(tokens.listOpen) },
        { GATE: () => !this.#isPaired(), ALT: () => this.CONSUME(tokens.listClose) },
        { GATE: () => !this.#isPaired(), ALT: () => this.CONSUME(tokens.structOpen) },
        { GATE: () => !this.#isPaired(), ALT: () => this.CONSUME(tokens.structClose) },
      ]);
      return token.image;
    });

    struct = this.RULE('struct', (): GoValue => {
      this.CONSUME(tokens.structOpen);
      const items = this.SUBRULE(this.items);
      this.CONSUME(tokens.structClose);
      return this.ACTION(() => structOf(items));
    });

    list = this.RULE('list', (): GoValue => {
      this.CONSUME(tokens.listOpen);
      const items = this.SUBRULE(this.items);
      this.CONSUME(tokens.listClose);
      return this.ACTION(() => listOf(items));
    });

    items = this.RULE('items', (): Item[] => {
      const found: Item[] = [this.SUBRULE(this.item)];
      this.MANY(() => {
        this.CONSUME(tokens.blank);
        found.push(this.SUBRULE2(this.item));
      });
      return found;
    });

    /** Values without a blank between them, perhaps none. */
    item = this.RULE('item', (): Item => {
      const glued: GoValue[] = [];
      let raw = '';
      this.MANY({
        GATE: () => {
          const next = this.LA(1).tokenType;
          return (next !== tokens.structClose && next !== tokens.listClose) || !this.#isPaired();
        },
        DEF: () => {
          const from = this.ACTION(() => this.LA(1).payload as number);
          glued.push(this.SUBRULE(this.value));
          this.ACTION(() => {
            const until = this.LA(0).payload as number;
            for (let each = from; each <= until; each++) raw += (this.pieces[each] as Piece).text;
          });
        },
      });
      return { glued, raw };
    });
  }

  const parser = new StructParser();
  return (text) => {
    if (text.length > DUMP_LIMIT) return undefined;
    const lexed = lexer.tokenize(text);
    const pieces = piecesOf(text);
    if (lexed.errors.length > 0 || lexed.tokens.length !== pieces.length || pieces[0]?.paired !== true)
      return undefined;
    if (deepest(pieces) > DEPTH_LIMIT) return undefined;
    lexed.tokens.forEach((token, index) => {
      token.payload = index;
    });
    parser.pieces = pieces;
    parser.input = lexed.tokens;
    const value = parser.struct();
    return parser.errors.length > 0 ? undefined : value;
  };
}

function deepest(pieces: readonly Piece[]): number {
  let depth = 0;
  let most = 0;
  for (const piece of pieces) {
    if (!piece.paired) continue;
    if (piece.terminal === 'structOpen' || piece.terminal === 'listOpen') most = Math.max(most, ++depth);
    else depth--;
  }
  return most;
}

/** A mount of an OCI spec, as runsc dumps it into an error. */
export type MountDump = {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
};

/** File system types that stand between a destination and a source. */
const MOUNT_TYPES = new Set(
  'bind none tmpfs proc sysfs devpts devtmpfs mqueue cgroup cgroup2 overlay ext4 xfs nfs nfs4 erofs 9p shm securityfs debugfs'.split(
    ' ',
  ),
);

/** A value as it was printed. */
function printed(value: GoValue): string {
  if (value.kind === 'text') return value.text;
  if (value.kind === 'list') return `[${value.items.map(printed).join(' ')}]`;
  return `{${value.fields.map((field) => `${field.name === null ? '' : `${field.name}:`}${printed(field.value)}`).join(' ')}}`;
}

function textsOf(value: GoValue | undefined): readonly string[] {
  return value?.kind === 'list' ? value.items.map(printed) : [];
}

/**
 * Reads the dump of a mount, with field names or without.
 *
 *     {/data bind /srv/app/data [rbind] [] []}
 *
 * Shape:  destination " " type " " source " " options [ " " uid mappings " " gid mappings ]
 * Traps:  without names, a destination may be `[` or hold blanks, and so may a source: the lists are taken from the right, and the
 *         type is the first known word with something before and behind it
 * Source: runtime-spec specs-go Mount; the mappings came with its release 1.1
 */
export function readMount(text: string): MountDump | undefined {
  const value = readStruct(text.trim());
  if (value?.kind !== 'struct') return undefined;
  const named = new Map(value.fields.filter((field) => field.name !== null).map((field) => [field.name, field.value]));
  const plain = (name: string): string => {
    const field = named.get(name);
    return field === undefined ? '' : printed(field);
  };
  if (named.has('Destination')) {
    return {
      destination: plain('Destination'),
      type: plain('Type'),
      source: plain('Source'),
      options: textsOf(named.get('Options')),
    };
  }
  const values = value.fields.map((field) => field.value);
  let lists = 0;
  while (lists < 3 && values[values.length - 1 - lists]?.kind === 'list') lists++;
  if (lists === 2) lists = 1;
  const options = textsOf(values[values.length - lists]);
  const words = values.slice(0, values.length - lists).map(printed);
  if (lists === 0 || words.length < 3) return undefined;
  const known = words.findIndex((word, index) => index > 0 && index < words.length - 1 && MOUNT_TYPES.has(word));
  const at = known > 0 ? known : words.length - 2;
  return {
    destination: words.slice(0, at).join(' '),
    type: words[at] as string,
    source: words.slice(at + 1).join(' '),
    options,
  };
}
