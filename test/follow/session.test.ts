/** The recorded session of the README is what a terminal shows: the foot to the letter, the rest by its lines. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const hasPython = spawnSync('python3', ['-c', 'import pty'], { stdio: 'ignore' }).status === 0;

it.skipIf(!hasPython)(
  'shows verdicts and findings, and the table at the foot (skipped where python3 with pty is missing)',
  async () => {
    const { record } = (await import('../tools/follow-session.mjs' as string)) as { record: () => Promise<string> };
    const recorded = readFileSync(new URL('session.txt', import.meta.url), 'utf8').trimEnd();
    const screen = await record();
    const foot = (text: string): string => text.slice(text.indexOf('\njob: '));
    expect(foot(screen)).toBe(foot(recorded));
    // how often a verdict is told on the way to the final one is a matter of time
    const told = new Set(screen.split('\n'));
    const heads = recorded.split('\n').filter((line) => /^ {2}FAILED START|ended|(?:MEDIUM|HIGH|CRITICAL) /.test(line));
    expect(heads.length).toBeGreaterThan(3);
    expect(heads.filter((line) => !told.has(line))).toEqual([]);
  },
);
