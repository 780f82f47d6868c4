/** The README shows what the commands print today, and its library example runs. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

it('holds the output of its own commands', async () => {
  const { readme } = (await import('./tools/readme.mjs' as string)) as { readme: () => string };
  expect(readme()).toBe(readFileSync(`${root}README.md`, 'utf8'));
});

it('has a library example that runs', () => {
  const output = execFileSync(process.execPath, ['test/library/example.mjs'], { cwd: root, encoding: 'utf8' });
  expect(output.split('\n', 2)).toEqual(['app-failure application-call-failed', '{ ECONNREFUSED: 1 }']);
});
