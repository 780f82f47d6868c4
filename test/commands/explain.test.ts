/** `diagnose --explain`, `--format markdown` and what they mask, on samples and on hand-made logs. */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DiagnoseReport } from '../../src/model/report.js';
import { documentOf, runsight, SAMPLES } from './cli.js';
import { FAILED_START, HEALTHY, HOSTILE, makeFixtures, type Fixtures } from './fixtures.js';

let fixtures: Fixtures;
beforeAll(() => {
  fixtures = makeFixtures();
  writeFileSync(fixtures.path('private.log'), PRIVATE);
  writeFileSync(fixtures.path('panic.log'), PANIC);
});
afterAll(() => fixtures.remove());

/** A spec that cannot be parsed: the record goes on with the whole file. */
const PRIVATE = `W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: reading spec: error unmarshaling spec from file "/home/ada/b/config.json": invalid character ']' after object key
 {
  "process": {
   "env": ["PATH=/usr/bin", "npm_token=s3cr3t", "DB=10.9.8.7"],
   "args": ["curl", "https://ada:hunter2@git.example.org/x", "http://10.1.2.3/"]]
  }
 }
`;
const SECRETS = ['/usr/bin', 's3cr3t', '10.9.8.7', 'hunter2'];

/** A crash, and a command that only saw it. */
const PANIC = `I0410 09:12:03.100200       5 loader.go:900] Process should have started...
panic: Dentry.DecRef() called without holding a reference

goroutine 88 [running]:
gvisor.dev/gvisor/pkg/sentry/fsimpl/gofer.(*dentry).decRefNoCaching(...)
	pkg/sentry/fsimpl/gofer/gofer.go:1500 +0x88
`;

const explained = async (...argv: readonly string[]): Promise<DiagnoseReport> =>
  documentOf<DiagnoseReport>(await runsight(['diagnose', '--json', '--explain', ...argv]));

describe('--explain', () => {
  it('says what won, on what evidence, and why the echo lost', async () => {
    const { findings, explain } = await explained(FAILED_START);
    expect(explain?.rules[0]).toMatchObject({ rule: 'mount-source-missing', state: 'found' });
    const [first] = explain?.rules[0]?.matches ?? [];
    expect(first).toMatchObject({ rank: 1, confidence: 'certain', line: findings[0]?.evidence[0]?.line });
    expect(first?.because).toMatch(/the fatal error of runsc prints it \(path \/srv/);
    expect(first).not.toHaveProperty('lost');
    const echo = explain?.rules.find(({ rule }) => rule === 'start-echo')?.matches[0];
    expect(echo).toMatchObject({ rank: null, confidence: 'possible' });
    expect(echo?.because).toMatch(/Several causes are known to end like this/);
    expect(echo?.lost).toMatch(/^an echo: .*mount-source-missing/);
  });

  it('counts every rule once', async () => {
    const { explain } = await explained(FAILED_START);
    const rules = documentOf<{ rules: { family: string }[] }>(await runsight(['rules', 'list', '--json'])).rules.filter(
      ({ family }) => family === 'diagnosis',
    );
    expect((explain?.rules.length ?? 0) + (explain?.clear ?? 0)).toBe(rules.length);
    expect(explain?.rules.filter(({ state }) => state === 'not-applicable').every(({ why }) => why)).toBe(true);
  });

  it('says that a healthy run has no winner', async () => {
    const { explain } = await explained(HEALTHY);
    expect(explain?.rules.flatMap(({ matches }) => matches).filter(({ rank }) => rank !== null)).toEqual([]);
  });

  it('changes nothing else of the document', async () => {
    const { explain: _, ...rest } = await explained(FAILED_START);
    expect(rest).toEqual(documentOf(await runsight(['diagnose', '--json', FAILED_START])));
  });

  it('follows the report as text, at 80 columns and without colour', async () => {
    const plain = await runsight(['diagnose', FAILED_START]);
    const { code, stdout } = await runsight(['diagnose', '--explain', FAILED_START]);
    expect(code).toBe(0);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n')[0]).toBe(plain.stdout.split('\n')[0]);
    const [report = '', explanation = ''] = stdout.split('\nExplain ');
    expect(report).toMatch(/^Read /m);
    expect(explanation).toMatch(/^ {2}mount-source-missing: certain, severity high, gofer:\d+$/m);
    expect(explanation).toMatch(/^ {4}Rank {5}first: this is the answer\.$/m);
    expect(explanation).toMatch(/^ {4}Lost {5}an echo/m);
    expect(explanation.indexOf('mount-source-missing')).toBeLessThan(explanation.indexOf('start-echo'));
  });

  it('explains the sandbox that leads, where there are several', async () => {
    const { findings, sandboxes, explain } = await explained(`${SAMPLES}/release-20240729/healthy-text`, FAILED_START);
    expect(sandboxes.length).toBeGreaterThan(1);
    expect(explain?.rules[0]?.rule).toBe(findings[0]?.rule);
    expect(explain?.rules[0]?.matches[0]?.rank).toBe(1);
  });

  it('tells a symptom from a cause', async () => {
    const { explain } = await explained(fixtures.path('panic.log'));
    expect(explain?.rules[0]).toMatchObject({ rule: 'sentry-panic' });
    expect(explain?.rules[0]?.matches[0]?.because).toMatch(/^the panic /);
  });
});

describe('--format markdown', () => {
  it('holds headline, cause, remedy, evidence in fences, life, environment and reading', async () => {
    const { code, stdout, stderr } = await runsight(['diagnose', '--format', 'markdown', FAILED_START]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^### FAILED START: \S.* does not exist: \/srv/);
    expect(stdout).toMatch(/^\*\*Cause:\*\* \S/m);
    expect(stdout).toMatch(/^\*\*What to do\*\*\n\n1\. Create/m);
    expect(stdout).toMatch(/^`gofer:\d+` at \d\d:\d\d:\d\d\.\d+\n\n```text\nFATAL ERROR: error setting up FS/m);
    expect(stdout).toMatch(/^\*\*What followed from it\*\*$/m);
    for (const label of ['Run', 'Life', 'Read'])
      expect(stdout).toMatch(new RegExp(`^- \\*\\*${label}:\\*\\* \\S`, 'm'));
    expect(stdout).not.toContain('masked');
    expect(stdout.match(/^```/gm)?.length).toBe((stdout.match(/^```text$/gm)?.length ?? 0) * 2);
  });

  it('has a table where there are several sandboxes', async () => {
    const { stdout } = await runsight(['diagnose', '--format', 'markdown', HEALTHY, FAILED_START]);
    expect(stdout).toMatch(/^\| \d\d:\d\d:\d\d \| `\S+` \| FAILED START \| \S/m);
    expect(stdout).toMatch(/\| HEALTHY \|/);
  });

  it('explains, too', async () => {
    const { stdout } = await runsight(['diagnose', '--format', 'markdown', '--explain', FAILED_START]);
    expect(stdout).toMatch(/^- `mount-source-missing`, certain, severity high, `gofer:\d+`: /m);
    expect(stdout).toMatch(/^ {2}- an echo: /m);
  });

  it.each(['text', 'markdown', 'json'])('%s keeps hostile text from acting', async (format) => {
    const { code, stdout } = await runsight([
      'diagnose',
      '--explain',
      '--format',
      format,
      fixtures.path('hostile.log'),
    ]);
    expect(code).toBe(0);
    if (format !== 'json') {
      expect(stdout).toMatch(/\\x1b\\?\[1;31mPWNED/);
      expect(stdout).not.toMatch(/[^\P{Cc}\n\t]|\p{Cf}/u);
    }
    expect(HOSTILE.some((name) => stdout.includes(name))).toBe(false);
  });
});

describe('masking', () => {
  const sources = (): readonly string[] => [fixtures.path('private.log')];

  it.each(['text', 'markdown', 'json'])(
    '%s --verbose shows no value of the environment, and counts',
    async (format) => {
      const { stdout } = await runsight(['diagnose', '-v', '--format', format, ...sources()]);
      for (const secret of SECRETS) expect(stdout).not.toContain(secret);
      expect(stdout).toContain('npm_token=***');
      if (format !== 'json') expect(stdout).toMatch(/\d values masked .*--no-redact shows them/);
    },
  );

  it.each(['text', 'markdown', 'json'])('%s --no-redact shows all', async (format) => {
    const { stdout } = await runsight(['diagnose', '-v', '--no-redact', '--format', format, ...sources()]);
    for (const secret of SECRETS) expect(stdout).toContain(secret);
    expect(stdout).not.toContain('masked (');
  });

  it('markdown hides who and where as well; text and json do not', async () => {
    const [markdown, text] = await Promise.all(
      ['markdown', 'text'].map((format) => runsight(['diagnose', '-v', '--format', format, ...sources()])),
    );
    for (const one of ['/home/ada', '10.1.2.3', 'git.example.org']) {
      expect(markdown?.stdout).not.toContain(one);
      expect(text?.stdout.replace(/\n +/g, '')).toContain(one);
    }
  });

  it('the count is that of the marks in the document', async () => {
    const report = documentOf<DiagnoseReport>(await runsight(['diagnose', '--json', ...sources()]));
    expect(report.masked).toBe(JSON.stringify(report).split('***').length - 1);
    expect(report.masked).toBe(4);
    const plain = documentOf<DiagnoseReport>(await runsight(['diagnose', '--json', '--no-redact', ...sources()]));
    expect(plain.masked).toBe(0);
  });

  it('events is the log as it is, and its help says so', async () => {
    const { stdout } = await runsight(['events', ...sources()]);
    for (const secret of SECRETS) expect(stdout).toContain(secret);
    const help = await runsight(['events', '--help']);
    expect(help.stdout.replace(/\s+/g, ' ')).toContain('environments and secrets in it are not masked');
  });
});
