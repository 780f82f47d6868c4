/** The house holds: who may import whom, no circles, sorted registries, and names that are the same in every place. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as banner from '../grammars/banner.js';
import type { Part, Production } from '../grammars/compile.js';
import * as record from '../grammars/record.js';
import * as syscall from '../grammars/syscall.js';
import * as terminals from '../grammars/terminals.js';
import { INPUT_FORMAT_NAMES } from '../src/commands/base.js';
import { COMMANDS } from '../src/commands/index.js';
import { INPUT_FORMATS } from '../src/events/stream.js';
import { KINDS } from '../src/model/event.js';
import { DIAGNOSIS_RULES } from '../src/rules/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A room, and what may be imported there; `types` may be imported as types only. */
type Room = {
  readonly may: readonly string[];
  readonly types?: readonly string[];
  readonly packages?: readonly string[];
  readonly why?: string;
};

/** The table of rooms. `why` stands where a door is open that the plan of the house does not show. */
const ROOMS: Readonly<Record<string, Room>> = {
  grammars: { may: [], packages: ['chevrotain'] },
  model: { may: [], types: ['grammars'] },
  input: { may: ['model', 'grammars'], packages: ['node', 'split2'] },
  events: {
    may: ['model', 'grammars', 'input'],
    packages: ['node:crypto', 'node:path', 'date-fns'],
    why: 'the stream joins lines to records to events, so it drives the room before it; dates make years',
  },
  analyzers: {
    may: ['model', 'events', 'grammars', 'knowledge'],
    packages: ['node:path'],
    why: 'errnos and arguments have their names in grammars; which calls wait is knowledge; a path is taken apart, never opened',
  },
  knowledge: { may: ['model', 'grammars'], why: 'releases, signals and numbers of calls have one definition each' },
  rules: {
    may: ['model', 'knowledge', 'grammars'],
    types: ['analyzers'],
    packages: ['node:path'],
    why: 'known sentences have their ids in grammars',
  },
  report: {
    may: ['model', 'analyzers', 'anomaly', 'grammars', 'knowledge'],
    packages: ['node:crypto'],
    why: 'a product knows its own quantiles, and errnos have their names in grammars',
  },
  compare: {
    may: ['model', 'events', 'analyzers', 'report', 'knowledge', 'grammars'],
    why: 'calls are read as events have them; secrets are masked in one place',
  },
  compat: {
    may: ['model', 'report', 'knowledge', 'grammars'],
    types: ['analyzers'],
    why: 'secrets are masked in one place',
  },
  seccomp: {
    may: ['model', 'report', 'knowledge', 'grammars'],
    types: ['analyzers'],
    why: 'secrets are masked in one place; errnos have their names in grammars',
  },
  expressions: { may: ['model', 'grammars'] },
  anomaly: {
    may: ['model', 'events', 'expressions', 'analyzers', 'knowledge', 'grammars'],
    packages: ['yaml'],
    why: 'specs and paths are read in one place; conditions have their grammar in grammars',
  },
  follow: {
    may: ['model', 'input', 'events', 'analyzers', 'report', 'knowledge', 'wiring'],
    packages: ['node'],
    why: 'feeds the analyzers and the rules of the other commands as bytes come, so it joins the rooms as the wiring does',
  },
  formats: { may: ['model'], packages: ['cli-table3', 'node:path'] },
  commands: {
    may: ['model', 'formats', 'wiring', 'input', 'events'],
    packages: ['@oclif/core', 'node'],
    why: 'asks whether stdin was handed over, and adds arguments to events one by one',
  },
  wiring: {
    may: [
      'model',
      'input',
      'events',
      'expressions',
      'analyzers',
      'anomaly',
      'rules',
      'report',
      'grammars',
      'compare',
      'compat',
      'follow',
      'knowledge',
      'seccomp',
    ],
    packages: ['@oclif/core', 'node:crypto', 'node:fs', 'node:path', 'date-fns'],
    why: 'the files at the top of src join the rooms: they know them all; a digest tells whether a log came before; folders of rule files are listed',
  },
};

/** Files that a start of the command loads before it knows which command: they may load no reader. */
const LIGHT = ['src/commands/program.ts', 'src/errors.ts'];

type Import = { readonly from: string; readonly to: string; readonly isType: boolean; readonly isLazy: boolean };

function filesBelow(folder: string, ends: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ends))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted();
}

// Declarations of what is not TypeScript are no code.
const code = [...filesBelow('src', '.ts'), ...filesBelow('grammars', '.ts')].filter((file) => !file.endsWith('.d.ts'));
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Imports, exports from elsewhere, and imports on demand. */
const IMPORT = /^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm;

function importsOf(file: string): readonly Import[] {
  return [...textOf(file).matchAll(IMPORT)].map(([, type, named, bare, lazy]) => {
    const to = named ?? bare ?? lazy ?? '';
    return {
      from: file,
      to: to.startsWith('.') ? join(dirname(file), to).replace(/\.js$/, '.ts') : to,
      isType: type !== undefined,
      isLazy: lazy !== undefined,
    };
  });
}
const imports = code.flatMap(importsOf);

function roomOf(file: string): string {
  if (file.startsWith('grammars/')) return 'grammars';
  const [, room = '', inside] = file.split('/');
  return inside === undefined ? 'wiring' : room;
}

const isOwn = (to: string): boolean => to.startsWith('src/') || to.startsWith('grammars/');

describe('the rooms', () => {
  it('are all in the table', () => {
    expect([...new Set(code.map(roomOf))].toSorted()).toEqual(Object.keys(ROOMS).toSorted());
    expect(imports.length).toBeGreaterThan(200);
    // AssemblyScript names no endings, and what is compiled of it stands beside it; `folder.rules` and `tested.rules` are the rule files beside them.
    const isFolderOfRules = (file: string): boolean =>
      /\/(?:folder|tested)\.rules$/.test(file) && filesBelow(dirname(file), '.yaml').length > 0;
    const isThere = (file: string): boolean =>
      code.includes(file) || code.includes(`${file.replace(/\.wasm$/, '')}.ts`) || isFolderOfRules(file);
    expect(imports.filter(({ to }) => isOwn(to) && !isThere(to))).toEqual([]);
  });

  it.each(Object.entries(ROOMS))('%s imports what it may', (name, { may, types = [], packages = [] }) => {
    const wrong = imports
      .filter(({ from }) => roomOf(from) === name)
      .filter(({ to, isType }) => {
        if (isOwn(to)) {
          const room = roomOf(to);
          return room !== name && !may.includes(room) && !(isType && types.includes(room));
        }
        // date-fns is imported by the function, and node as a whole where `node` stands.
        return !packages.some((one) => to === one || to.startsWith(`${one}/`) || to.startsWith(`${one}:`)) && !isType;
      });
    expect(wrong).toEqual([]);
  });

  it('open no door that nobody goes through', () => {
    for (const [name, { may, types = [] }] of Object.entries(ROOMS)) {
      const used = new Set(
        imports.filter(({ from, to }) => roomOf(from) === name && isOwn(to)).map(({ to }) => roomOf(to)),
      );
      const planned = ['grammars', 'model', 'knowledge', 'analyzers', 'events'];
      expect(
        [...may, ...types].filter((room) => !used.has(room) && !planned.includes(room)),
        name,
      ).toEqual([]);
    }
  });

  it('form no circle', () => {
    const next = new Map<string, string[]>();
    for (const { from, to, isType } of imports)
      if (!isType && isOwn(to)) next.set(from, [...(next.get(from) ?? []), to]);
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) throw new Error([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file)) return;
      for (const to of next.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    };
    for (const file of code) visit(file, []);
  });

  it('load chevrotain and tables on demand only', () => {
    const chevrotain = imports.filter(({ to, isType, isLazy }) => to === 'chevrotain' && !isType && !isLazy);
    expect(chevrotain).toEqual([]);
    // What the commands' bundle loads at once: their own files, formats' registry and errors.
    const seen = new Set<string>();
    const load = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const { to, isType, isLazy } of importsOf(file)) if (isOwn(to) && !isType && !isLazy) load(to);
    };
    LIGHT.forEach(load);
    expect(
      [...seen].filter((file) =>
        ['grammars', 'events', 'analyzers', 'rules', 'report', 'input'].includes(roomOf(file)),
      ),
    ).toEqual([]);
  });

  it('import date-fns by the function', () => {
    expect(imports.filter(({ to }) => to === 'date-fns')).toEqual([]);
  });

  it('let only the command line and its output end the process or print', () => {
    const ending = code.filter(
      (file) => /\bprocess\.exit\(|\bconsole\.\w+\(/.test(textOf(file)) && roomOf(file) !== 'commands',
    );
    expect(ending).toEqual([]);
  });
});

describe('names', () => {
  it('exported by default are those of commands only', () => {
    const files = code.filter((file) => /^export default /m.test(textOf(file)));
    expect(files.filter((file) => roomOf(file) !== 'commands')).toEqual([]);
  });

  it('of files are kebab-case nouns', () => {
    for (const file of code) expect(file).toMatch(/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/);
    expect(code.filter((file) => /\b(?:utils?|helpers?|managers?|misc|common)\.ts$/.test(file))).toEqual([]);
  });

  it('of files begin with a sentence', () => {
    for (const file of code) expect(textOf(file).slice(0, 3), file).toBe('/**');
  });

  it('of folders outside the project stand nowhere', () => {
    const texts = [
      ...code,
      ...filesBelow('test', ''),
      ...filesBelow('samples', '.json'),
      ...filesBelow('samples', '.md'),
      ...readdirSync(root).filter((name) => name.endsWith('.md')),
    ];
    const here = relative(root, fileURLToPath(import.meta.url));
    expect(
      texts.filter((file) => file !== here && /\.\.\/shared\b|\/work\/(?:shared|main)\b/.test(textOf(file))),
    ).toEqual([]);
  });
});

describe('registries', () => {
  it('of rules are sorted, with a file and a fixture of that name each', () => {
    const ids = DIAGNOSIS_RULES.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    expect(filesBelow('src/rules/diagnosis', '.ts')).toEqual(ids.map((id) => `src/rules/diagnosis/${id}.ts`));
    expect(filesBelow('test/rules', '.md')).toEqual(ids.map((id) => `test/rules/${id}.md`));
    for (const id of ids) expect(textOf(`src/rules/diagnosis/${id}.ts`)).toContain(`id: '${id}'`);
  });

  it('of commands are sorted, with a file each', () => {
    const names = Object.keys(COMMANDS);
    expect(names).toEqual(names.toSorted());
    for (const name of names) expect(code).toContain(`src/commands/${name.replaceAll(':', '/')}.ts`);
  });

  it('of input formats are one list', () => {
    expect([...INPUT_FORMAT_NAMES]).toEqual([...INPUT_FORMATS]);
  });

  it('of kinds name each once', () => {
    expect(new Set(KINDS).size).toBe(KINDS.length);
  });
});

describe('terminals', () => {
  const isProduction = (value: unknown): value is Production =>
    typeof value === 'object' && value !== null && 'parts' in value && 'name' in value;
  const productions = [
    ...[...Object.values(record), ...Object.values(syscall), ...Object.values(banner)].filter(isProduction),
    ...banner.BANNER.map(({ line }) => line),
  ];

  it('are each used by a production, and called as they are exported', () => {
    const used = new Set<unknown>();
    const walk = (parts: readonly Part[]): void => {
      for (const part of parts) {
        if (part.part === 'optional') walk(part.parts);
        else if (part.part === 'choice') part.options.forEach(walk);
        else if (part.part !== 'literal') used.add(part.terminal);
      }
    };
    productions.forEach(({ parts }) => walk(parts));
    expect(productions.length).toBeGreaterThan(15);
    expect(
      Object.entries(terminals)
        .filter(([, terminal]) => !used.has(terminal))
        .map(([name]) => name),
    ).toEqual([]);
    for (const [name, terminal] of Object.entries(terminals)) expect(terminal.name).toBe(name);
  });

  it('and productions have a name of their own each', () => {
    const names = productions.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});
