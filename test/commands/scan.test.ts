/** `runsight scan`, `learn`, `rules test` and `rules lint`: what they print, what they write, and the exit code that goes with it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScanReport } from '../../src/model/scan.js';
import { documentOf, runsight, SAMPLES } from './cli.js';
import { expectOutcome, perform, type Case } from './cases.js';
import { makeFixtures, type Fixtures } from './fixtures.js';

const RELEASE = `${SAMPLES}/release-20240729`;
const SHELL = `${RELEASE}/attack-reverse-shell`;
const DROPPED = `${RELEASE}/attack-dropped-program`;
const JOB = `${RELEASE}/healthy-job`;

const OWN = `rules:
  - id: own-touch
    title: A file was touched
    severity: low
    when: writes and target == /tmp/was-here
    tests:
      fires: ['[   1:   1] sh X openat(AT_FDCWD /, 0x5e /tmp/was-here, O_WRONLY|O_CREAT, 0o666) = 3 (0x3) (30µs)']
      quiet: ['[   1:   1] sh X openat(AT_FDCWD /, 0x5e /tmp/other, O_WRONLY|O_CREAT, 0o666) = 3 (0x3) (30µs)']
`;

const runOf = (folder: string): string => readdirSync(folder).find((name) => name.includes('.run')) ?? '';

let fixtures: Fixtures;
beforeAll(async () => {
  fixtures = makeFixtures();
  const write = (name: string, text: string): void => writeFileSync(fixtures.path(name), text);
  write('own.yaml', OWN);
  write('fails.yaml', OWN.replace('target == /tmp/was-here', 'target == /tmp/other'));
  write('blank.yaml', OWN.replace('    tests:', `    message: '{comm} sent to {peer.ip}'\n    tests:`));
  write('untested.yaml', OWN.replace(/ {4}tests:[^]*/, ''));
  write('replaces.yaml', OWN.replace('own-touch', 'shell-stdio-socket').replace('severity: low', 'severity: info'));
  write(
    'wrong.yaml',
    `rules:
  - id: first
    title: A field that is none
    severity: high
    when: ok and sycall == openat
  - id: second
    title: A severity that is none
    severity: hihg
    when: ok
  - id: third
    title: A type that does not fit
    severity: low
    when: ret > "x"
  - id: fourth
    title: A key that is none
    severity: low
    wehn: ok
    when: ok
`,
  );
  write(
    'untraced.log',
    readFileSync(`${RELEASE}/args-empty/${runOf(`${RELEASE}/args-empty`)}`, 'utf8')
      .replaceAll('trace: true', 'trace: false')
      .replaceAll('(--strace): true', '(--strace): false'),
  );
  write('broken.yaml', 'rules:\n  - id: [a\n');
  write('allowed.yaml', 'exceptions:\n  - rule: shell-stdio-socket\n    reason: a drill\n    until: 2100-12-31\n');
  write('expired.yaml', 'exceptions:\n  - rule: shell-stdio-socket\n    reason: a drill\n    until: 2020-12-31\n');
  write(
    'milder.yaml',
    'exceptions:\n  - rule: shell-stdio-socket\n    when: pid == 2\n    severity: medium\n    reason: a drill\n',
  );
  write('reasonless.yaml', 'exceptions:\n  - rule: shell-stdio-soket\n    wen: pid == 2\n');
  write('baseline.json', (await runsight(['learn', JOB])).stdout);
  write('no-baseline.json', '{"schema":"runsight/summary@1"}');
});
afterAll(() => fixtures.remove());

const CASES: readonly Case[] = [
  {
    what: 'a reverse shell',
    run: `scan ${SHELL}`,
    code: 0,
    stdout: [/^CRITICAL +sh has its/m, /^ {2}Parts/m, /^ {2}Next/m],
  },
  {
    what: 'an ordinary job',
    run: `scan ${JOB}`,
    code: 0,
    stdout: [/^(?:nothing found|1 finding: 1 info) +\d+ rules$/m],
  },
  { what: '--fail-on that is met', run: `scan --fail-on high ${SHELL}`, code: 1, stdout: ['CRITICAL'] },
  { what: '--fail-on that is not met', run: `scan --fail-on low ${JOB}`, code: 0 },
  { what: '--fail-on looks at what --min-severity left', run: `scan --fail-on critical ${DROPPED}`, code: 0 },
  {
    what: '--min-severity leaves out what is below',
    run: `scan --min-severity critical ${DROPPED}`,
    code: 0,
    stdout: [/^nothing found/],
  },
  {
    what: '--disable gives way to what the finding explained',
    run: `scan --disable shell-stdio-socket ${SHELL}`,
    code: 0,
    stdout: ['network-tool-exec'],
    never: ['shell-stdio-socket'],
  },
  { what: '--only', run: `scan --only drop-and-exec ${DROPPED}`, code: 0, stdout: [/^1 finding: 1 high +1 rule$/m] },
  {
    what: 'a rule that is none',
    run: `scan --only drop-an-exec ${DROPPED}`,
    code: 2,
    stdout: [],
    stderr: ['no rule "drop-an-exec"', 'did you mean "drop-and-exec"?'],
  },
  {
    what: 'rules of a file, too',
    run: `scan --rules {tmp}/own.yaml ${SHELL}`,
    code: 0,
    stdout: ['own-touch', 'shell-stdio-socket'],
  },
  {
    what: 'rules of a file alone',
    run: `scan --only-own --rules {tmp}/own.yaml ${SHELL}`,
    code: 0,
    stdout: ['1 rule'],
    never: ['shell-stdio-socket'],
  },
  {
    what: 'a rule in place of a built-in one',
    run: `scan --rules {tmp}/replaces.yaml ${SHELL}`,
    code: 0,
    never: ['shell-stdio-socket'],
  },
  {
    what: 'a rule file with errors: each is told, nothing is run',
    run: `scan --rules {tmp}/wrong.yaml ${SHELL}`,
    code: 2,
    stdout: [],
    stderr: [
      /wrong\.yaml:5:18: unknown field "sycall"\n {2}ok and sycall == openat\n {9}\^{6} {2}did you mean "syscall"\?/,
      /wrong\.yaml:8:15: "hihg" is no severity/,
      /wrong\.yaml:13:17: ret is compared with a number\n {2}ret > "x"\n {8}\^{3}/,
      /wrong\.yaml:17:5: unknown key "wehn" in a rule/,
      '4 errors',
    ],
  },
  {
    what: 'a rule file that is no YAML',
    run: `scan --rules {tmp}/broken.yaml ${SHELL}`,
    code: 2,
    stdout: [],
    stderr: [/broken\.yaml:\d+:\d+/],
  },
  {
    what: 'a rule file that is not there',
    run: `scan --rules {tmp}/none.yaml ${SHELL}`,
    code: 3,
    stdout: [],
    stderr: [/^error: there is no rule file ".*none\.yaml"$/m],
    never: ['ENOENT'],
  },
  {
    what: 'an exceptions file that is not there',
    run: `scan --exceptions {tmp}/none.yaml ${SHELL}`,
    code: 3,
    stdout: [],
    stderr: [/^error: there is no exceptions file ".*none\.yaml"$/m],
    never: ['ENOENT'],
  },
  {
    what: 'a folder of exceptions',
    run: `scan --exceptions {tmp}/others ${SHELL}`,
    code: 3,
    stdout: [],
    stderr: [/^error: cannot read the exceptions file ".*others": it is a folder$/m],
  },
  {
    what: 'rules given as exceptions',
    run: `scan --exceptions {tmp}/own.yaml ${SHELL}`,
    code: 2,
    stdout: [],
    stderr: ['the exceptions file has an error', 'an exceptions file holds a list below "exceptions"'],
    never: ['a rule file'],
  },
  {
    what: 'an exception',
    run: `scan --exceptions {tmp}/allowed.yaml ${SHELL}`,
    code: 0,
    stdout: [/^Allowed +shell-stdio-socket, 3 times: a drill/m],
    never: ['has its standard input'],
  },
  {
    what: 'an exception does not fail',
    run: `scan --only shell-stdio-socket --fail-on high --exceptions {tmp}/allowed.yaml ${SHELL}`,
    code: 0,
  },
  {
    what: 'an exception that has expired',
    run: `scan --exceptions {tmp}/expired.yaml ${SHELL}`,
    code: 0,
    stdout: ['CRITICAL', /^Note +.*ended on 2020-12-31/m],
  },
  {
    what: 'another severity by an exception',
    run: `scan --exceptions {tmp}/milder.yaml ${SHELL}`,
    code: 0,
    stdout: [/^MEDIUM/m, /^Note +by an exception/m],
    never: ['CRITICAL'],
  },
  {
    what: 'an exceptions file with errors',
    run: `scan --exceptions {tmp}/reasonless.yaml ${SHELL}`,
    code: 2,
    stdout: [],
    stderr: ['unknown key "wen"', 'did you mean "shell-stdio-socket"?', 'says its reason'],
  },
  {
    what: 'a baseline: the good run is quiet',
    run: `scan --fail-on info --baseline {tmp}/baseline.json ${JOB}`,
    code: 0,
    stdout: [/^nothing found/],
  },
  {
    what: 'a baseline: what goes beyond it is told',
    run: `scan --baseline {tmp}/baseline.json ${SHELL}`,
    code: 0,
    stdout: ['CRITICAL', 'exec edge sh -> nc: sh started nc; the one good run did not', 'learn --update'],
  },
  {
    what: 'no baseline',
    run: `scan --baseline {tmp}/no-baseline.json ${JOB}`,
    code: 2,
    stdout: [],
    stderr: ['no baseline', 'runsight learn'],
  },
  {
    what: 'a baseline that is not there',
    run: `scan --baseline {tmp}/none.json ${JOB}`,
    code: 3,
    stdout: [],
    stderr: [/^error: there is no baseline ".*none\.json"$/m],
    never: ['ENOENT'],
  },
  {
    what: 'a log without calls, for the program did not start',
    run: `scan ${RELEASE}/args0-not-found`,
    code: 0,
    stdout: [
      /^nothing found, but 87 of 90 rules had nothing to look at/,
      /^Not asked +(?:.*\n)+?.*--strace was on, so the\s+program did not start \(runsight\s+diagnose says why\)/m,
    ],
    never: ['runsc --strace'],
  },
  {
    what: 'a log of a command alone, whose sandbox was never begun',
    run: `scan ${RELEASE}/args-empty`,
    code: 0,
    stdout: [/the boot log,\s+which is not here or was\s+never begun/],
    never: ['runsc --strace'],
  },
  {
    what: 'a log without --strace says so, and names the flag',
    run: 'scan {tmp}/untraced.log',
    code: 0,
    stdout: [/^Not asked +(?:.*\n)+?.*needs the\s+calls of the workload: runsc\s+--strace/m],
  },
  {
    what: 'calls that were left out of the trace',
    run: `scan ${SAMPLES}/release-20221219/healthy-strace-subset`,
    code: 0,
    stdout: [
      /^Not asked +.*(?:\n .*)*ptrace-attach(?:.*\n)+?.*need calls that --strace-syscalls\s+left\s+out \((?:.*\n)?.*ptrace/m,
    ],
  },
  {
    what: 'calls that were left out of the trace, for each rule',
    run: `scan --verbose ${SAMPLES}/release-20221219/healthy-strace-subset`,
    code: 0,
    stdout: [/^Not asked +.*ptrace-attach.*needs ptrace in --strace-syscalls/m],
  },
  { what: 'no log', run: 'scan {tmp}/prose.log', code: 3 },
  {
    what: 'one that cannot be read beside one that can',
    run: `scan {tmp}/none.log ${SHELL}`,
    code: 3,
    stdout: ['CRITICAL'],
    stderr: ['none.log'],
  },
  { what: 'what cannot be read outweighs --fail-on', run: `scan --fail-on high {tmp}/none.log ${SHELL}`, code: 3 },
  {
    what: 'names that would act on a terminal',
    run: 'scan --verbose {tmp}/hostile.log',
    code: 0,
    never: ['\u001b', '\u009b', '\u202e'],
  },
  {
    what: 'what rules cost',
    run: `scan --costs ${SHELL}`,
    code: 0,
    stdout: [/^What the rules cost/m, / ms {2}asked /],
  },
  {
    what: 'fields that have to do with a word',
    run: 'rules fields parent',
    code: 0,
    stdout: [/^\d+ fields$/m, /^ {2}parent\.exe +text: path of that program$/m],
    never: ['fd.shows'],
    stderr: [],
  },
  {
    what: 'all fields, events, conditions and lists',
    run: 'rules fields',
    code: 0,
    stdout: [/^ {2}fd\.shows +text: /m, /^ {2}process-end +/m, /\bis_shell\b/, /\$shells\b/],
  },
  { what: 'fields of no such word', run: 'rules fields qqqqqq', code: 0, stdout: ['nothing of that name'] },
  {
    what: 'lint of a file that holds',
    run: 'rules lint {tmp}/own.yaml',
    code: 0,
    stdout: ['1 rule, 2 tests, no error'],
    stderr: [],
  },
  ...['lint', 'test'].map((word) => ({
    what: `${word} of a rule whose message says nothing of what it names`,
    run: `rules ${word} {tmp}/blank.yaml`,
    code: 0,
    stderr: [/^warning: .*blank\.yaml:\d+: in no test of own-touch that fires \{peer\.ip\} has a value/m],
  })),
  {
    what: 'the page of a rule of the user',
    run: 'rules show own-touch --rules {tmp}/own.yaml',
    code: 0,
    stdout: [/^own-touch /, /^ +when: /m],
    stderr: [],
  },
  { what: 'its page, without the file', run: 'rules show own-touch', code: 2, stderr: ['rules show ID --rules FILE'] },
  {
    what: 'a scan with rules of the user: how to see them',
    run: `scan --rules {tmp}/own.yaml ${SHELL}`,
    code: 0,
    stdout: [/rules\s+show\s+ID\s+--rules\s+\S*own\.yaml/],
  },
  {
    what: 'lint of a rule without tests',
    run: 'rules lint {tmp}/untested.yaml',
    code: 0,
    stderr: [/own-touch has no/],
  },
  { what: 'lint of a file with errors', run: 'rules lint {tmp}/wrong.yaml', code: 2, stdout: [], stderr: ['4 errors'] },
  { what: 'lint of nothing', run: 'rules lint', code: 2, stdout: [] },
  {
    what: 'lint of a folder without rule files',
    run: 'rules lint {tmp}/others',
    code: 2,
    stderr: ['holds no rule file'],
  },
  {
    what: 'tests that pass',
    run: 'rules test {tmp}/own.yaml',
    code: 0,
    stdout: [/^1 rule, 2 tests: all passed$/m],
    stderr: [],
  },
  {
    what: 'tests that pass, named',
    run: 'rules test -v {tmp}/own.yaml',
    code: 0,
    stdout: [/^ok +own-touch \(fires\): fires 1$/m],
  },
  {
    what: 'tests that fail',
    run: 'rules test {tmp}/fails.yaml',
    code: 1,
    stdout: [/^FAIL own-touch \(fires\)/m, /fails\.yaml:7: it did not fire/, /^FAIL own-touch \(quiet\)/m, '2 failed'],
  },
  {
    what: 'a rule without tests fails',
    run: 'rules test {tmp}/untested.yaml',
    code: 1,
    stdout: ['no lines that must fire'],
  },
  {
    what: 'tests as a document',
    run: 'rules test --json {tmp}/own.yaml',
    code: 0,
    stdout: ['"schema":"runsight/rule-tests@1","passed":2,"failed":0'],
  },
  {
    what: 'nothing to learn of a log without calls',
    run: `learn ${RELEASE}/args0-not-found`,
    code: 3,
    stdout: [],
    stderr: ['nothing to learn', '--strace'],
  },
  {
    what: 'an update of no baseline',
    run: `learn --update {tmp}/no-baseline.json ${JOB}`,
    code: 2,
    stdout: [],
    stderr: ['no baseline'],
  },
  {
    what: 'a filter that no record fits',
    run: `scan --where pid==999 ${SHELL}`,
    code: 0,
    stdout: [/^no record fits the filter/, /^Note +no record fits the filter; \d+ were looked at/m],
    stderr: [/note: no record fits the filter; \d+ were looked at/],
  },
  {
    what: 'no rule that is left',
    run: `scan --only shadow-read --disable shadow-read ${SHELL}`,
    code: 2,
    stderr: [/no rule is left to ask/],
  },
  {
    what: 'learning a run that has something grave',
    run: `learn ${SHELL}`,
    code: 0,
    stdout: [/"runsight\/baseline@1"/],
    stderr: [/^warning: this run has \d+ critical/m, /look first: runsight scan --min-severity high /],
  },
];

describe('scan, learn and rule files', () => {
  it.concurrent.each(CASES)('$what', async (wanted) => {
    expectOutcome(wanted, await perform(wanted, fixtures));
  });
});

describe('learn', () => {
  it('writes the same bytes each time, one fact a line', async () => {
    const [first, second] = await Promise.all([runsight(['learn', JOB]), runsight(['learn', JOB])]);
    expect(second.stdout).toBe(first.stdout);
    const facts = first.stdout.split('\n').filter((line) => line.includes('"kind"'));
    expect(facts.length).toBeGreaterThan(10);
    expect(facts.every((line) => /^ {4}\{.*\},?$/.test(line))).toBe(true);
  });

  it('counts runs, and takes in with --update what was accepted', async () => {
    const update = ['learn', '--update', fixtures.path('baseline.json'), SHELL, '-o', fixtures.path('both.json')];
    expect((await runsight(update)).code).toBe(0);
    expect(JSON.parse(readFileSync(fixtures.path('both.json'), 'utf8'))).toMatchObject({ runs: 2 });
    const outcome = await runsight(['scan', '--baseline', fixtures.path('both.json'), SHELL]);
    expect(outcome.stdout).toMatch(/^nothing found/);
  });
});

describe('the document of scan', () => {
  it('holds the worst first, with what it explains and what it rests on', async () => {
    const { findings } = documentOf<ScanReport>(await runsight(['scan', '--json', SHELL]));
    expect(findings[0]).toMatchObject({
      rule: 'shell-stdio-socket',
      severity: 'critical',
      category: 'execution',
      process: { tgid: 2, parent: { tgid: 1 } },
    });
    expect(findings[0]?.parts).toEqual(expect.arrayContaining(['network-tool-exec', 'stdio-over-socket']));
    expect(findings[0]?.evidence[0]?.text).toMatch(/nc X execve\(.*\/bin\/sh/);
  });

  it('is the same from stdin, gzip, and a second time', async () => {
    const read = async (argv: readonly string[]): Promise<unknown> =>
      documentOf<ScanReport>(await runsight(['scan', '--json', ...argv])).findings.map(
        ({ rule, count, first, fingerprint }) => ({
          rule,
          count,
          first,
          fingerprint,
        }),
      );
    expect(await read([SHELL])).toEqual(await read([SHELL]));
  });

  it('masks environments and secrets, unless it is told not to', async () => {
    const [masked, plain] = await Promise.all([
      runsight(['scan', '--json', SHELL]),
      runsight(['scan', '--json', '--no-redact', SHELL]),
    ]);
    expect(masked.stdout).toContain('HOME=***');
    expect(plain.stdout).toContain('HOME=/root');
    expect(documentOf<ScanReport>(plain).masked).toBe(0);
  });
});
