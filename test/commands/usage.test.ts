/** Help, version, wrong usage and bugs: what the command says of itself, and the exit code that goes with it. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOutcome, perform, type Case } from './cases.js';
import { COMMANDS as REGISTRY } from '../../src/commands/index.js';
import { documentOf, runsight } from './cli.js';
import { BOOT_LOG, makeFixtures, type Fixtures } from './fixtures.js';

let fixtures: Fixtures;
beforeAll(() => {
  fixtures = makeFixtures();
});
afterAll(() => fixtures.remove());

/** Commands by the registry: a new one is in the snapshot without being named here. */
const COMMANDS = Object.keys(REGISTRY)
  .map((id) => id.replaceAll(':', ' '))
  .toSorted();
/** Those that read logs at rest: `follow` waits for a folder that is not there. */
const READING = Object.entries(REGISTRY)
  .filter(([id, command]) => id !== 'follow' && 'path' in (command.args ?? {}))
  .map(([id]) => id);

const BROKEN = '--import data:text/javascript,JSON.stringify=()=>{throw%20new%20RangeError(`out%20of%20order`)}';

const CASES: readonly Case[] = [
  { what: 'the version', run: '--version', code: 0, stdout: [/^runsight\/\d+\.\d+\.\d+ .*node-v\d+/], stderr: [] },
  { what: 'no command: help', run: '--help', code: 0, stdout: ['diagnose', 'summary', 'events', 'USAGE'], stderr: [] },
  {
    what: 'a command that is none',
    run: 'sumary',
    code: 2,
    stdout: [],
    stderr: [/"sumary"/, /did you mean summary\?/],
  },
  {
    what: 'two files of follow that are one',
    run: 'follow --state /nowhere/x/../state --metrics /nowhere/state {failed}',
    code: 2,
    stdout: [],
    stderr: [/--metrics \/nowhere\/state is the file of --state, too/],
  },
  {
    what: 'a file of follow that is a log',
    run: 'follow --metrics {boot} {failed}',
    code: 2,
    stdout: [],
    stderr: [/was not written by follow, and would be replaced/],
  },
  {
    what: 'a path whose command was left out',
    run: '{failed}',
    code: 2,
    stdout: [],
    stderr: [/there is no command/, /runsight diagnose \//],
  },
  {
    what: 'a word behind a command and a colon',
    run: 'diagnose:something-else',
    code: 2,
    stdout: [],
    stderr: [
      /^error: there is no command "diagnose:something-else"\n  did you mean diagnose\?\n  all commands: runsight --help\n$/,
    ],
  },
  {
    what: 'a command below another one that there is not, with a colon',
    run: 'rules:lst',
    code: 2,
    stdout: [],
    stderr: [/^error: there is no command "rules lst"\n  did you mean rules list/],
  },
  {
    what: 'a command below another one, with a colon',
    run: 'rules:list --help',
    code: 0,
    stdout: [/runsight rules list/],
    stderr: [],
  },
  {
    what: 'a flag of other programs in place of a command',
    run: '-x',
    code: 2,
    stdout: [],
    stderr: [/^error: there is no flag "-x" before a command/, /all commands: runsight --help/],
  },
  {
    what: 'the short flag for help',
    run: '-h',
    code: 0,
    stdout: [/COMMANDS/],
    stderr: [],
  },
  {
    what: 'the short flag for help of a command',
    run: 'summary -h',
    code: 0,
    stdout: [/--histogram/],
    stderr: [],
  },
  {
    what: 'the short flag for the version',
    run: '-V',
    code: 0,
    stdout: [/^runsight\//],
    stderr: [],
  },
  {
    what: 'good runs that are not there',
    run: 'learn /nowhere/log',
    code: 3,
    stdout: [],
    stderr: [/no such file/],
  },
  {
    what: 'an id that no container has',
    run: 'diagnose --id nope {failed}',
    code: 2,
    stdout: [],
    stderr: [/"nope"/, /there are/],
  },
  {
    what: 'help for a command that is none',
    run: 'help sumary',
    code: 2,
    stdout: [],
    stderr: [/no command "sumary"/, /did you mean summary\?/],
  },
  {
    what: 'a flag that is none: one error, without the page of help',
    run: 'summary --bogus {boot}',
    code: 2,
    stdout: [],
    stderr: [/^error: there is no flag --bogus\n {2}all flags: runsight summary --help\n$/],
  },
  {
    what: 'a flag that is nearly one',
    run: 'scan --min-severty high {boot}',
    code: 2,
    stdout: [],
    stderr: [/no flag --min-severty\n {2}did you mean --min-severity\?\n/],
  },
  {
    what: 'a number that is no number',
    run: 'summary --top abc {boot}',
    code: 2,
    stdout: [],
    stderr: [/^error: --top: expected an integer but received: abc\n {2}all flags/],
  },
  {
    what: 'a flag without its value',
    run: 'summary {boot} --where',
    code: 2,
    stdout: [],
    stderr: [/^error: Flag --where expects a value\n {2}all flags/],
  },
  {
    what: 'an argument that is missing',
    run: 'rules show',
    code: 2,
    stdout: [],
    stderr: [/^error: missing: id .*\n {2}all flags: runsight rules show --help\n$/],
  },
  {
    what: 'a command that its topic has not',
    run: 'rules lst',
    code: 2,
    stdout: [],
    stderr: [/no command "rules lst"\n {2}did you mean rules list/],
  },
  {
    what: 'an argument for a command that takes none',
    run: 'rules list x',
    code: 2,
    stdout: [],
    stderr: [/rules list takes no argument, and was given "x"/],
  },
  { what: 'a format that is none', run: 'events --format xml {boot}', code: 2, stdout: [], stderr: ['xml', 'json'] },
  {
    what: 'two formats at once',
    run: 'summary --json --format csv {boot}',
    code: 2,
    stdout: [],
    stderr: ['--json and --format csv', 'leave one of them out'],
  },
  { what: 'one format twice', run: 'summary --json --format json --quiet {boot}', code: 0, stderr: [] },
  ...['--columns=a\u001b[31mb', '--since=\u001b[31m', '--output=/no/\u001b[31m', '--\u001b[31m'].map((flag) => ({
    what: `what was typed acts on no terminal: ${JSON.stringify(flag)}`,
    run: `summary ${flag} {boot}`,
    code: 2,
    stderr: ['\\x1b[31m'],
    never: ['\u001b'],
  })),
  {
    what: 'a severity that is none',
    run: 'diagnose --fail-on bad {failed}',
    code: 2,
    stdout: [],
    stderr: ['critical'],
  },
  { what: 'a number that is none', run: 'summary --top 0 {boot}', code: 2, stdout: [], stderr: ['--top'] },
  {
    what: 'a column that is none: the nearest, and all there are',
    run: 'summary --columns name,cals {boot}',
    code: 2,
    stdout: [],
    stderr: ['no column "cals"', 'did you mean calls?', 'p99', 'latency'],
  },
  {
    what: 'a column to sort by that is none',
    run: 'summary --by file --sort p99 {boot}',
    code: 2,
    stdout: [],
    stderr: ['no column "p99" in the view of files', 'written'],
  },
  {
    what: 'records of a view that is no table of calls',
    run: 'summary --show 3 --by file {boot}',
    code: 2,
    stdout: [],
    stderr: ['--show', '--by'],
  },
  {
    what: 'an input format that is none',
    run: 'summary --input-format syslog {boot}',
    code: 2,
    stdout: [],
    stderr: ['syslog', 'json-k8s'],
  },
  {
    what: 'an output that cannot be written',
    run: 'events --output {tmp}/no/such/folder {boot}',
    code: 2,
    stdout: [],
    stderr: ['cannot write', '--output'],
  },
  {
    what: 'a bug of ours asks for a report',
    run: 'summary --json {boot}',
    env: { NODE_OPTIONS: BROKEN },
    code: 70,
    stdout: [],
    stderr: ['bug of runsight', 'out of order', 'DEBUG=1'],
    never: [/^ +at /m],
  },
  {
    what: 'a bug of ours shows its stack to who wants it',
    run: 'events {boot}',
    env: { NODE_OPTIONS: BROKEN, DEBUG: '1' },
    code: 70,
    stdout: [],
    stderr: ['out of order', /^ +at /m],
  },
];

describe('usage', () => {
  it.concurrent.each(CASES)('$what', async (wanted) => {
    expectOutcome(wanted, await perform(wanted, fixtures));
  });

  it('shows the help of every command', async () => {
    expect(COMMANDS).toEqual(expect.arrayContaining(['diagnose', 'events', 'summary']));
    const pages = await Promise.all(
      [['--help'], ...COMMANDS.map((name) => [...name.split(' '), '--help'])].map(async (argv) => {
        const { code, stdout, stderr } = await runsight(argv);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        // The version of Node is the machine's.
        return `$ runsight ${argv.join(' ')}\n\n${stdout.replace(/(runsight\/\S+) \S+ node-\S+/, '$1')}`;
      }),
    );
    await expect(pages.join('\n')).toMatchFileSnapshot('help.txt');
  });

  it.each([60, 80, 140])('help is as wide as COLUMNS says: %i', async (columns) => {
    const pages = await Promise.all(
      [['--help'], ...COMMANDS.map((name) => [...name.split(' '), '--help'])].map(async (argv) => {
        const { stdout } = await runsight(argv, { env: { COLUMNS: String(columns) } });
        return Math.max(...stdout.split('\n').map((line) => line.length));
      }),
    );
    expect(Math.max(...pages)).toBeLessThanOrEqual(columns);
    expect(Math.max(...pages), 'the room is used').toBeGreaterThan(columns - 8);
  });

  it('help COMMAND says the same as COMMAND --help', async () => {
    for (const [asked, page] of [
      [
        ['help', 'diagnose'],
        ['diagnose', '--help'],
      ],
      [
        ['help', 'rules', 'show'],
        ['rules', 'show', '--help'],
      ],
      [['help', 'rules'], ['rules']],
      [['help'], ['--help']],
    ] as const) {
      const [outcome, wanted] = await Promise.all([runsight(asked), runsight(page)]);
      expect(outcome).toMatchObject({ code: 0, stderr: '', stdout: wanted.stdout });
    }
  });

  it('the JSON of summary holds every syscall, whatever --top says', async () => {
    const [all, cut] = await Promise.all([
      runsight(['summary', '--json', BOOT_LOG]),
      runsight(['summary', '--json', '--top', '1', BOOT_LOG]),
    ]);
    expect(documentOf<{ syscalls: unknown[] }>(cut).syscalls.length).toBeGreaterThan(5);
    expect(cut.stdout).toBe(all.stdout);
  });

  const folder = '/tmp/runsc';
  it.skipIf(existsSync(folder))(
    `without any input says both ways to give one (skipped where ${folder} exists)`,
    async () => {
      expect(READING).toEqual(expect.arrayContaining(['diagnose', 'events', 'summary']));
      for (const command of READING) {
        const { code, stdout, stderr } = await runsight([command]);
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(stderr).toMatch(/nothing to read/);
        expect(stderr, 'by path').toMatch(`runsight diagnose /`);
        expect(stderr, 'by pipe').toMatch(/cat \S+ \| runsight/);
        expect(stderr, 'the folder that it looked for').toMatch(folder);
      }
    },
  );
});
