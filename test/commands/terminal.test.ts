/** On a terminal: what is typed is answered as it comes, ^D ends it, and colours are for terminals only. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BIN } from './cli.js';
import { BOOT_LOG, FAILED_START } from './fixtures.js';

const DRIVER = fileURLToPath(new URL('terminal.py', import.meta.url));
const hasPython = spawnSync('python3', ['-c', 'import pty'], { stdio: 'ignore' }).status === 0;

type Answer = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly screen: string;
  readonly late: readonly (number | string)[];
};
type Step = { readonly text: string; readonly until?: string };

function onTerminal(
  argv: readonly string[],
  terminals: readonly ('stdin' | 'stdout' | 'stderr')[],
  typed: readonly Step[] = [],
  env: Readonly<Record<string, string>> = {},
): Answer {
  const job = {
    argv: [process.execPath, BIN, ...argv],
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', TERM: 'xterm', TZ: 'UTC', ...env },
    terminals,
    typed,
  };
  const { status, stdout, stderr } = spawnSync('python3', [DRIVER, JSON.stringify(job)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Answer;
}

const EOT = '\u0004';
const ESCAPE = '\u001b[';
const RECORDS = readFileSync(BOOT_LOG, 'utf8')
  .split('\n')
  .filter((line) => / X (?:brk|openat|close)\(/.test(line) && line.length < 300)
  .slice(0, 4);

describe.skipIf(!hasPython)('terminal (skipped where python3 with pty is missing)', () => {
  it.each([[['--version']], [['diagnose', FAILED_START]], [['summary', BOOT_LOG]]])(
    'all three streams on a terminal, as a person has them: %j',
    (argv) => {
      const answer = onTerminal(argv, ['stdin', 'stdout', 'stderr']);
      expect(answer.screen).not.toMatch(/TypeError|^error: |    at /m);
      expect(answer.code).toBe(0);
    },
  );

  it('events: each record is answered when the next begins, and ^D ends it', () => {
    const [first = '', second = '', third = ''] = RECORDS;
    const answer = onTerminal(
      ['events', '-'],
      ['stdin'],
      [
        { text: `${first}\n` },
        { text: `${second}\n`, until: '"line":1' },
        { text: `${third}\n`, until: '"line":2' },
        { text: EOT, until: '"line":3' },
      ],
    );
    expect(answer.late, 'steps that were not answered in time').toEqual([]);
    expect(answer.code).toBe(0);
    const events = answer.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; bytes: number });
    expect(events.map(({ kind }) => kind)).toEqual(['syscall-exit', 'syscall-exit', 'syscall-exit']);
    expect(events.map(({ bytes }) => bytes)).toEqual([first, second, third].map((line) => Buffer.byteLength(line) + 1));
  });

  it('summary: counts what was typed when ^D comes', () => {
    const answer = onTerminal(
      ['summary', '-'],
      ['stdin'],
      [{ text: `${RECORDS.join('\n')}\n` }, { text: EOT, until: 'calls of' }],
    );
    expect(answer.late).toEqual([]);
    expect(answer.code).toBe(0);
    expect(answer.stdout).toMatch(new RegExp(`^${RECORDS.length} calls of `));
  });

  it('a last line without a line end is read, too', () => {
    const answer = onTerminal(
      ['events', '-'],
      ['stdin'],
      [{ text: `${RECORDS[0] ?? ''}\n` }, { text: `${RECORDS[1] ?? ''}${EOT}${EOT}` }],
    );
    expect(answer.late).toEqual([]);
    const events = answer.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { bytes: number });
    expect(events.map(({ bytes }) => bytes)).toEqual([
      Buffer.byteLength(RECORDS[0] ?? '') + 1,
      Buffer.byteLength(RECORDS[1] ?? ''),
    ]);
  });

  it.skipIf(existsSync('/tmp/runsc'))(
    'without a path a terminal is not waited for (skipped where /tmp/runsc exists)',
    () => {
      const answer = onTerminal(['summary'], ['stdin']);
      expect(answer.late).toEqual([]);
      expect(answer.code).toBe(2);
      expect(answer.stderr).toMatch('nothing to read');
    },
  );

  it.each([
    { what: 'a terminal', argv: [], env: {}, coloured: true },
    { what: 'NO_COLOR', argv: [], env: { NO_COLOR: '1' }, coloured: false },
    { what: 'TERM=dumb', argv: [], env: { TERM: 'dumb' }, coloured: false },
    { what: '--color never', argv: ['--color', 'never'], env: {}, coloured: false },
  ])('colours: $what', ({ argv, env, coloured }) => {
    for (const command of ['diagnose', 'summary']) {
      const answer = onTerminal(
        [command, ...argv, command === 'summary' ? BOOT_LOG : FAILED_START],
        ['stdout'],
        [],
        env,
      );
      expect(answer.code).toBe(0);
      expect(answer.screen.length).toBeGreaterThan(200);
      expect(answer.screen.includes(ESCAPE), command).toBe(coloured);
    }
  });

  it('a file behind --output is no terminal', () => {
    const answer = onTerminal(['summary', '--output', '/dev/stderr', BOOT_LOG], ['stdout']);
    expect(answer.screen).toBe('');
    expect(answer.stderr).toMatch('calls of');
    expect(answer.stderr).not.toMatch(ESCAPE);
  });
});
