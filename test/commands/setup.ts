/** Builds dist/ before the tests that run the command, if it is missing or older than what it is made of. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './cli.js';

/** Of each thing that is built, one: the last that the build writes, so that a build that failed in between is seen. */
const BUILT = ['dist/load.cjs', 'dist/schemas/events.json', 'dist/types/src/index.d.ts'];
const SOURCES = ['src', 'grammars'];

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newest(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((time, entry) => Math.max(time, timeOf(join(entry.parentPath, entry.name))), 0);
}

export default function setup(): void {
  const built = Math.min(...BUILT.map((path) => timeOf(join(ROOT, path))));
  const written = Math.max(...SOURCES.map((folder) => newest(join(ROOT, folder))), timeOf(join(ROOT, 'package.json')));
  if (built >= written) return;
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
}
