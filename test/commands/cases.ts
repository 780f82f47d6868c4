/** Cases as data: a command line, what is on stdin, and what must come of it. */
import { expect } from 'vitest';
import { bash, runsight, type Outcome, type Stdin } from './cli.js';
import { BOOT_LOG, FAILED_START, HEALTHY, type Fixtures } from './fixtures.js';

export type Case = {
  readonly what: string;
  /** The words after `runsight`, parted by blanks: `{boot}`, `{healthy}`, `{failed}` are samples, `{tmp}` the fixtures. */
  readonly run: string;
  /** `< FILE`: opened as stdin. `| FILE`: comes through a pipe of bash. Otherwise stdin is /dev/null. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly code: number;
  /** What must stand in it; an empty list: nothing at all. */
  readonly stdout?: readonly (string | RegExp)[];
  readonly stderr?: readonly (string | RegExp)[];
  readonly never?: readonly (string | RegExp)[];
};

export function filled(text: string, fixtures: Fixtures): string {
  return text
    .replaceAll('{tmp}', fixtures.folder)
    .replaceAll('{boot}', BOOT_LOG)
    .replaceAll('{healthy}', HEALTHY)
    .replaceAll('{failed}', FAILED_START);
}

export function perform({ run, stdin, env }: Case, fixtures: Fixtures): Promise<Outcome> {
  const argv = filled(run, fixtures).split(' ');
  const file = stdin === undefined ? undefined : filled(stdin.slice(2), fixtures);
  if (stdin?.startsWith('| ') === true) return bash('cat "$1" | $RUNSIGHT "${@:2}"', [file ?? '', ...argv], { env });
  const given: Stdin | undefined = file === undefined ? undefined : { file };
  return runsight(argv, { stdin: given, env });
}

function expectText(stream: string, text: string, wanted: readonly (string | RegExp)[] | undefined): void {
  if (wanted?.length === 0) expect(text, stream).toBe('');
  for (const part of wanted ?? []) expect(text, stream).toMatch(part);
}

export function expectOutcome(wanted: Case, outcome: Outcome): void {
  expect({ code: outcome.code, stderr: outcome.code === wanted.code ? '' : outcome.stderr }).toEqual({
    code: wanted.code,
    stderr: '',
  });
  expectText('stdout', outcome.stdout, wanted.stdout);
  expectText('stderr', outcome.stderr, wanted.stderr);
  for (const part of wanted.never ?? []) {
    expect(outcome.stdout, 'stdout').not.toMatch(part);
    expect(outcome.stderr, 'stderr').not.toMatch(part);
  }
}
