/** The published JSON Schemas hold what the built command prints for the samples, and refuse what it does not print. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARGUMENT_KINDS } from '../../grammars/kinds.js';
import { KINDS } from '../../src/model/event.js';
import { FACT_KINDS } from '../../src/anomaly/facts.js';
import { SEVERITIES } from '../../src/model/finding.js';
import { FORMATS } from '../../src/model/reading.js';
import { VERDICTS } from '../../src/model/report.js';
import { checkedPartial } from '../../src/report/partial-check.js';
import { ShapeFault } from '../../src/report/shape.js';
import { documentOf, linesOf, ROOT, runsight, SAMPLES } from '../commands/cli.js';
import { makeFixtures, type Fixtures } from '../commands/fixtures.js';
import { logsOf, newFolder, pause } from '../follow/live.js';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type JsonObject = { [name: string]: Json };

function schemaOf(name: string): JsonObject {
  return JSON.parse(readFileSync(`${ROOT}dist/schemas/${name}.json`, 'utf8')) as JsonObject;
}

const NAMES = [
  'diagnose',
  'summary',
  'partial',
  'events',
  'rules',
  'scan',
  'baseline',
  'compare',
  'compat',
  'seccomp',
  'follow',
] as const;
type Name = (typeof NAMES)[number];

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false });
ajv.addSchema(schemaOf('common'));
const validators = Object.fromEntries(NAMES.map((name) => [name, ajv.compile(schemaOf(name))])) as Record<
  Name,
  ValidateFunction
>;

/** What is wrong, for a person; an empty list if nothing is. */
function faults(name: Name, value: unknown): readonly string[] {
  const validate = validators[name];
  if (validate(value)) return [];
  return (validate.errors ?? []).slice(0, 5).map((error) => {
    return `${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params).slice(0, 200)}`;
  });
}

const FOLDERS = readdirSync(SAMPLES, { withFileTypes: true })
  .filter((release) => release.isDirectory())
  .flatMap((release) => readdirSync(`${SAMPLES}/${release.name}`).map((scenario) => `${release.name}/${scenario}`))
  .toSorted();

let fixtures: Fixtures;
beforeAll(() => {
  fixtures = makeFixtures();
});
afterAll(() => fixtures.remove());

describe('the documents of every sample', () => {
  // A process for each would take a minute: the library of the package gives the values, and the commands print them.
  it.each(FOLDERS)('%s', async (folder) => {
    const { compat, diagnose, learn, scan, seccomp, summarize, summarizePartially } = await import('runsight');
    for (const [command, read] of [
      ['diagnose', diagnose],
      ['summary', summarize],
      ['scan', scan],
      ['compat', compat],
    ] as const) {
      const { report, problems } = await read(`${SAMPLES}/${folder}`);
      expect(problems.filter(({ kind }) => kind !== 'empty')).toEqual([]);
      expect(faults(command, JSON.parse(JSON.stringify(report))), command).toEqual([]);
    }
    const { partial } = await summarizePartially(`${SAMPLES}/${folder}`, { by: ['thread', 'container', 'second'] });
    expect(faults('partial', JSON.parse(JSON.stringify(partial)))).toEqual([]);
    const { baseline, logs } = await learn(`${SAMPLES}/${folder}`);
    if (logs === 0) return;
    expect(faults('baseline', JSON.parse(JSON.stringify(baseline)))).toEqual([]);
    const { report } = await seccomp(`${SAMPLES}/${folder}`);
    expect(faults('seccomp', JSON.parse(JSON.stringify(report)))).toEqual([]);
  });

  it.concurrent.each(FOLDERS.filter((_, index) => index % 10 === 0))(
    '%s, as the commands print them',
    async (folder) => {
      const { diagnose, scan, summarize } = await import('runsight');
      for (const [command, read] of [
        ['diagnose', diagnose],
        ['summary', summarize],
        ['scan', scan],
      ] as const) {
        const outcome = await runsight([command, '--json', `${SAMPLES}/${folder}`]);
        const { report } = await read(`${SAMPLES}/${folder}`);
        expect(outcome.code, outcome.stderr).toBe(0);
        expect(faults(command, documentOf(outcome)), command).toEqual([]);
        expect(outcome.stdout).toBe(`${JSON.stringify(report)}\n`);
      }
    },
  );
});

describe('pairs of traces', () => {
  const pairs = `${ROOT}test/compare/pairs`;
  it.each(readdirSync(pairs))('%s', async (name) => {
    const { compare } = await import('runsight');
    const { report } = await compare(`${pairs}/${name}/a`, `${pairs}/${name}/b`);
    expect(faults('compare', JSON.parse(JSON.stringify(report)))).toEqual([]);
  });

  it('as the command prints them, one and many', async () => {
    const side = (name: string): string => `${pairs}/device/${name}`;
    expect(faults('compare', documentOf(await runsight(['compare', '--json', side('a'), side('b')])))).toEqual([]);
    const list = fixtures.path('pairs.txt');
    writeFileSync(list, `${side('a')} ${side('b')} device\n${side('a')} ${side('a')}\n${side('a')} /nowhere\n`);
    expect(faults('compare', documentOf(await runsight(['compare', '--json', '--pairs', list])))).toEqual([]);
  });

  it('a document with a label that there is none of is refused', async () => {
    const { compare } = await import('runsight');
    const { report } = await compare(`${pairs}/device/a`, `${pairs}/device/b`);
    const [first] = report.differences;
    expect(faults('compare', { ...report, differences: [{ ...first, label: 'odd' }] })).not.toEqual([]);
  });
});

it('the rules, listed and shown', async () => {
  for (const argv of [['list'], ['show', 'start-echo'], ['show', 'shell-stdio-socket']])
    expect(faults('rules', documentOf(await runsight(['rules', ...argv, '--json'])))).toEqual([]);
});

it('partial summaries and what they are merged to, as the commands print them', async () => {
  const log = `${SAMPLES}/release-20221219/connection-refused`;
  const { stdout } = await runsight(['summary', '--partial', '--errno', 'ECONNREFUSED', log]);
  expect(faults('partial', JSON.parse(stdout))).toEqual([]);
  const twice = { stdin: { bytes: stdout + stdout } };
  expect(faults('partial', documentOf(await runsight(['merge', '--partial', '-'], twice)))).toEqual([]);
  const merged = documentOf<JsonObject>(await runsight(['merge', '--json', '-'], twice));
  expect(faults('summary', merged)).toEqual([]);
  expect(merged['merged']).toMatchObject({ partials: 1, filter: { errno: 'ECONNREFUSED' }, skipped: [{}, {}, {}] });
});

describe('what scan and learn print', () => {
  const attacked = `${SAMPLES}/release-20240729/attack-reverse-shell`;
  const good = `${SAMPLES}/release-20240729/healthy-job`;

  it('a baseline, and what goes beyond it', async () => {
    const learnt = await runsight(['learn', good]);
    expect(faults('baseline', documentOf(learnt))).toEqual([]);
    const path = fixtures.path('job.baseline.json');
    writeFileSync(path, learnt.stdout);
    const document = documentOf<JsonObject>(
      await runsight(['scan', '--json', '--costs', '--baseline', path, attacked]),
    );
    expect(faults('scan', document)).toEqual([]);
    expect(JSON.stringify(document)).toMatch(/"category":"baseline"/);
  });

  it('what an exception took out', async () => {
    const path = fixtures.path('exceptions.yaml');
    writeFileSync(path, 'exceptions:\n  - rule: shell-stdio-socket\n    reason: a test\n    until: 2100-01-31\n');
    const document = documentOf<JsonObject>(await runsight(['scan', '--json', '--exceptions', path, attacked]));
    expect(faults('scan', document)).toEqual([]);
    expect(document['excepted']).toMatchObject([{ rule: 'shell-stdio-socket', until: '2100-01-31' }]);
  });

  // The schema of OASIS (in the form of draft-04, which this ajv reads but for the name of the draft and the old `id`).
  const {
    $schema: _,
    id: __,
    ...sarif
  } = JSON.parse(readFileSync(`${ROOT}test/schemas/sarif-2.1.0.json`, 'utf8')) as JsonObject;
  const isSarif = new Ajv2020({
    strict: false,
    unicodeRegExp: false,
    allErrors: true,
    formats: {
      uri: /^[a-z][a-z0-9+.-]*:\S+$/i,
      'uri-reference': /^[^\s<>"{}|\\^`]*$/,
      'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
    },
  }).compile(sarif);

  it.each([
    'attack-reverse-shell',
    'attack-dropped-program',
    'healthy-job',
    'deadlock',
    'args0-not-found',
    'weird-bytes-text',
  ])('SARIF of %s', async (name) => {
    const outcome = await runsight(['scan', '--format', 'sarif', `${SAMPLES}/release-20240729/${name}`]);
    expect(outcome.code, outcome.stderr).toBe(0);
    isSarif(documentOf(outcome));
    expect(isSarif.errors ?? []).toEqual([]);
  });

  it('SARIF of hostile names', async () => {
    isSarif(documentOf(await runsight(['scan', '--format', 'sarif', fixtures.path('hostile.log')])));
    expect(isSarif.errors ?? []).toEqual([]);
  });

  it('SARIF with a level that is none is refused', async () => {
    const text = (await runsight(['scan', '--format', 'sarif', attacked])).stdout;
    expect(isSarif(JSON.parse(text.replace('"level": "error"', '"level": "bad"')))).toBe(false);
  });
});

it('a diagnosis that is explained', async () => {
  const folders = ['bind-source-missing', 'healthy-text'].map((name) => `${SAMPLES}/release-20240729/${name}`);
  for (const folder of folders)
    expect(faults('diagnose', documentOf(await runsight(['diagnose', '--json', '--explain', folder])))).toEqual([]);
});

describe('the events of many kinds of logs', () => {
  const logs = [
    ['native/follow-7.2'],
    ['native/names-7.2'],
    ['native/raw-6.1'],
    ['native/tasks-6.13'],
    ['native/verbose-6.13'],
    ['release-20211019.0/volume-destination'],
    ['release-20221219/healthy-json'],
    ['release-20221219/healthy-json-k8s'],
    ['release-20221219/healthy-mixed-file'],
    ['release-20221219/healthy-pipeline'],
    ['release-20221219/panic-signal'],
    ['release-20221219/weird-bytes-json'],
    ['release-20221219/weird-bytes-text'],
    ['release-20240729/debug-stacks'],
    ['release-20240729/deadlock'],
    ['release-20240729/healthy-text'],
    ['release-20240729/healthy-unsupported'],
    ['release-20240729/panic-syscall-json'],
    ['release-20240729/weird-bytes-json'],
    ['release-20240729/weird-bytes-text'],
  ];
  const seen = new Set<unknown>();

  it.each(logs)('%s', async (folder) => {
    const outcome = await runsight(['events', '--args', `${SAMPLES}/${folder}`]);
    expect(outcome.code, outcome.stderr).toBe(0);
    const events = linesOf<{ kind: string; line: number }>(outcome);
    expect(events.length).toBeGreaterThan(10);
    for (const event of events) {
      seen.add(event.kind);
      const found = faults('events', event);
      if (found.length > 0) expect.fail(`${event.kind} of line ${event.line}: ${found.join('; ')}`);
    }
  });

  it('without --args, too', async () => {
    const events = linesOf<JsonObject>(await runsight(['events', `${SAMPLES}/release-20240729/healthy-text`]));
    for (const event of events) expect(faults('events', event)).toEqual([]);
    expect(events.some((event) => 'args' in event && !('arguments' in event))).toBe(true);
  });

  it('are of most kinds that runsc writes', () => {
    const kinds = ['banner', 'config', 'spec', 'fatal', 'warning', 'note', 'syscall-enter', 'syscall-exit', 'signal'];
    expect([...seen]).toEqual(
      expect.arrayContaining([...kinds, 'unsupported-syscall', 'exit', 'panic', 'seccomp-dump']),
    );
  });
});

describe('inputs that are hardly logs', () => {
  it.each(['empty.log', 'binary.log', 'prose.log', 'hostile.log', 'cut.log.gz', 'nothing', 'mixed'])(
    '%s',
    async (name) => {
      for (const command of ['diagnose', 'summary', 'scan'] as const) {
        const outcome = await runsight([command, '--json', fixtures.path(name)]);
        expect(faults(command, documentOf(outcome)), command).toEqual([]);
      }
      for (const event of linesOf(await runsight(['events', '--args', fixtures.path(name)]))) {
        expect(faults('events', event)).toEqual([]);
      }
    },
  );
});

/** Every way to damage a document in one place: each field renamed, dropped, and of another type. */
function* damaged(value: Json, path = ''): Generator<{ readonly how: string; readonly value: Json }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const { how, value: changed } of damaged(item, `${path}/${index}`))
        yield { how, value: value.with(index, changed) };
    }
    return;
  }
  if (value === null || typeof value !== 'object') return;
  for (const [name, item] of Object.entries(value)) {
    const at = `${path}/${name}`;
    const { [name]: _, ...others } = value;
    yield { how: `${at} renamed`, value: { ...others, [`${name}s`]: item } };
    yield { how: `${at} dropped`, value: others };
    yield { how: `${at} of another type`, value: { ...value, [name]: typeof item === 'boolean' ? 'true' : true } };
    for (const { how, value: changed } of damaged(item, at)) yield { how, value: { ...value, [name]: changed } };
  }
}

/** Fields that a record may lack, and maps whose names are the log's own: what dropping or renaming there says is lawful. */
const LAWFUL =
  /\/(?:why|known|captures|cut|forged|recovered|repeated|flag|nested|arguments|repeats|task|lost|costs|parts|script|parent|uid) dropped$|\/(?:config|captures|values|errnos|syscalls|fields|exits|annotations|rlimits)\/[^/]+ (?:dropped|renamed)$|^\/(?:explain|costs) (?:dropped|renamed)$|\/(?:events|unread)\/[^/]+ dropped$/;
/** What an argument says depends on its text: only its kind and its raw text are sure to be there. */
const OF_ARGUMENT =
  /^\/arguments\/\d+\/(?!kind|raw)\w+ dropped$|^\/arguments\/\d+\/fields\/|\/repeated of another type$/;

describe('a damaged document is refused', () => {
  const documents: readonly [Name, readonly string[], string][] = [
    ['diagnose', ['--json'], 'release-20221219/bind-source-missing'],
    ['diagnose', ['--json'], 'release-20240729/healthy-text'],
    ['diagnose', ['--json', '--explain'], 'release-20221219/exit-42'],
    ['summary', ['--json'], 'release-20240729/healthy-text'],
    ['scan', ['--json', '--costs'], 'release-20240729/attack-reverse-shell'],
    ['events', ['--args'], 'release-20240729/healthy-text'],
    ['events', ['--args'], 'release-20221219/panic-signal'],
    ['events', ['--args'], 'release-20221219/healthy-json'],
  ];

  it.each(documents)('%s %s %s', async (command, flags, folder) => {
    const outcome = await runsight([command, ...flags, `${SAMPLES}/${folder}`]);
    const all = linesOf<JsonObject>(outcome);
    const some = command === 'events' ? oneOfEach(all) : all;
    let count = 0;
    const accepted: string[] = [];
    for (const document of some) {
      expect(faults(command, document)).toEqual([]);
      for (const { how, value } of damaged(document)) {
        if (LAWFUL.test(how) || OF_ARGUMENT.test(how)) continue;
        count++;
        if (validators[command](value)) accepted.push(how);
      }
    }
    expect(count).toBeGreaterThan(100);
    expect([...new Set(accepted)]).toEqual([]);
  });

  it('partial: the schema and the reader of merge refuse the same', async () => {
    const { summarizePartially } = await import('runsight');
    const input = `${SAMPLES}/release-20240729/connection-refused`;
    const { partial } = await summarizePartially(input, { by: ['thread', 'container', 'second'] });
    const document = JSON.parse(JSON.stringify(partial)) as JsonObject;
    expect(() => checkedPartial(document)).not.toThrow();
    const optional =
      /^\/(?:threads|containers|seconds) (?:dropped|renamed)$|^\/processes\/\d+\/tid |\/connect_errors\/\w+ dropped$|\/(?:events|unread)\/[^/]+ dropped$/;
    let count = 0;
    for (const { how, value } of damaged(document)) {
      if (optional.test(how)) continue;
      count++;
      if (validators.partial(value)) expect.fail(`the schema takes ${how}`);
      try {
        checkedPartial(value);
      } catch (error) {
        expect(error, how).toBeInstanceOf(ShapeFault);
        continue;
      }
      expect.fail(`the reader takes ${how}`);
    }
    expect(count).toBeGreaterThan(1000);
  });

  /** One event of each kind, and one call of each shape of arguments. */
  function oneOfEach(events: readonly JsonObject[]): readonly JsonObject[] {
    const found = new Map<string, JsonObject>();
    for (const event of events) {
      const shape = ((event['arguments'] ?? []) as JsonObject[])
        .map((argument) => Object.keys(argument).join(' '))
        .join(', ');
      const key = `${String(event['kind'])} ${Object.keys(event).join(' ')} ${shape}`;
      if (!found.has(key)) found.set(key, event);
    }
    return [...found.values()];
  }

  it.each<[Name, string, (document: JsonObject) => Json | undefined]>([
    ['diagnose', 'another schema', (document) => ({ ...document, schema: 'runsight/diagnose@2' })],
    ['diagnose', 'a verdict that is none', (document) => ({ ...document, verdict: 'fine' })],
    ['diagnose', 'a finding without evidence', (document) => changed(document, 'findings', { evidence: [] })],
    ['diagnose', 'a severity that is none', (document) => changed(document, 'findings', { severity: 'fatal' })],
    ['diagnose', 'an unknown field in a finding', (document) => changed(document, 'findings', { weight: 3 })],
    [
      'diagnose',
      'an exit that is both',
      (document) => changed(document, 'sandboxes', { exit: { status: 1, signal: 'SIGKILL' } }),
    ],
    ['diagnose', 'a kind that is none', (document) => changed(document, 'reading', { events: { syscall: 3 } })],
    ['diagnose', 'a format that is none', (document) => changed(document, 'reading', { format: 'xml' })],
  ])('%s: %s', async (command, _what, damage) => {
    const outcome = await runsight([command, '--json', `${SAMPLES}/release-20221219/bind-source-missing`]);
    const document = documentOf<JsonObject>(outcome);
    expect(faults(command, document)).toEqual([]);
    expect(faults(command, damage(document))).not.toEqual([]);
    expect(faults(command, { ...document, added: 1 }), 'a later release may add a field to the document').toEqual([]);
  });

  /** The document with fields of the first entry of one of its lists changed. */
  function changed(document: JsonObject, list: string, fields: JsonObject): Json {
    const entries = document[list] as JsonObject[];
    return { ...document, [list]: entries.map((entry, index) => (index === 0 ? { ...entry, ...fields } : entry)) };
  }
});

describe('the schemas', () => {
  const common = schemaOf('common')['$defs'] as Record<string, { enum: string[] } & JsonObject>;
  const enumOf = (name: string): readonly string[] => (common[name]?.enum ?? []).toSorted();

  it('list what the model lists', () => {
    expect(enumOf('Kind')).toEqual([...KINDS].toSorted());
    expect(enumOf('Severity')).toEqual([...SEVERITIES].toSorted());
    const reading = common['Reading']?.['properties'] as Record<string, { enum: string[] }>;
    expect(reading['format']?.enum.toSorted()).toEqual([...FORMATS].toSorted());
    const { facts } = schemaOf('baseline')['properties'] as Record<
      string,
      { items: { properties: { kind: { enum: string[] } } } }
    >;
    expect(facts?.items.properties.kind.enum).toEqual([...FACT_KINDS]);
    const { Verdict } = schemaOf('diagnose')['$defs'] as { Verdict: { enum: string[] } };
    expect(Verdict.enum.toSorted()).toEqual([...VERDICTS].toSorted());
    const { Argument } = schemaOf('events')['$defs'] as { Argument: { properties: { kind: { enum: string[] } } } };
    expect(Argument.properties.kind.enum.toSorted()).toEqual(['Unknown', ...ARGUMENT_KINDS].toSorted());
  });

  it('stand in the package under their names', () => {
    for (const name of [...NAMES, 'common']) {
      expect(import.meta.resolve(`runsight/schemas/${name}.json`), name).toMatch(`/dist/schemas/${name}.json`);
      expect(schemaOf(name)['$id']).toBe(`${name}.json`);
    }
  });
});

describe('what follow tells', () => {
  it.each(['bind-source-missing', 'attack-reverse-shell', 'app-segv'])('of %s', async (name) => {
    const { follow } = await import('runsight');
    const folder = newFolder();
    const records: JsonObject[] = [];
    const { ended, stop } = await follow(folder, (record) => void records.push(record as unknown as JsonObject), {
      from: 'start',
      summaryEvery: 200,
      stuck: 100,
    });
    for (const log of logsOf(`${SAMPLES}/release-20240729/${name}`)) writeFileSync(`${folder}/${log.name}`, log.bytes);
    for (let waited = 0; waited < 8000 && !records.some(({ type }) => type === 'verdict'); waited += 50)
      await pause(50);
    stop();
    await ended;
    expect(new Set(records.map(({ type }) => type))).toContain('verdict');
    for (const record of records) expect(faults('follow', JSON.parse(JSON.stringify(record)))).toEqual([]);
  });
});
