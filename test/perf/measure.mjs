/** What the benchmarks are made of: commands timed in turn, their memory, and the table that is printed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = fileURLToPath(new URL('.', import.meta.url));
export const root = fileURLToPath(new URL('../..', import.meta.url));
export const bin = join(root, 'bin/run.js');

export const temporary = mkdtempSync(join(tmpdir(), 'runsight-perf-'));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/** Node reads these certificates before it runs anything, which takes it a tenth of a second. */
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;
export const ENV = { ...environment, LC_ALL: 'C', NO_COLOR: '1' };

export function has(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

export function run(argv) {
  const { status, stdout, stderr, error } = spawnSync(argv[0], argv.slice(1), {
    encoding: 'utf8',
    env: ENV,
    maxBuffer: 1e9,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

/** Seconds of a command whose output nobody reads: on the clock, and of the processors. */
export function timed(argv) {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" > /dev/null 2>&1';
  const { stderr } = spawnSync('bash', ['-c', script, 'bash', ...argv], {
    encoding: 'utf8',
    env: ENV,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [wall, user, system] = stderr.trim().split(' ').map(Number);
  return { wall, cpu: user + system };
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The first command's share of the second's, pair by pair. */
function ratiosOf(runs, field) {
  const ratios = runs.map(([a, b]) => a[field] / b[field]).toSorted((a, b) => a - b);
  return { ratio: median(ratios), ratios };
}

/** Runs two commands in turn and gives the median of each and of their ratios. */
export function alternate(first, second, count) {
  const runs = Array.from({ length: count }, (_, index) => {
    // Who goes first changes, too.
    if (index % 2 === 0) return [timed(first), timed(second)];
    const other = timed(second);
    return [timed(first), other];
  });
  const of = (side, field) => median(runs.map((pair) => pair[side][field]));
  return {
    first: { wall: of(0, 'wall'), cpu: of(0, 'cpu') },
    second: { wall: of(1, 'wall'), cpu: of(1, 'cpu') },
    ...ratiosOf(runs, 'cpu'),
    wall: ratiosOf(runs, 'wall'),
    added: { wall: median(runs.map(([a, b]) => a.wall - b.wall)), cpu: median(runs.map(([a, b]) => a.cpu - b.cpu)) },
  };
}

/** Kilobytes at most, as GNU time says; undefined where it is missing. */
export function peakMebibytes(argv) {
  if (!existsSync('/usr/bin/time')) return undefined;
  const file = join(temporary, 'peak');
  run(['/usr/bin/time', '-f', '%M', '-o', file, ...argv]);
  return Number(run(['tail', '-n', '1', file])) / 1024;
}

export const rows = [];
export const row = (what, value, goal = '') => rows.push([what, value, goal]);
export function print() {
  const widths = [0, 1].map((column) => Math.max(...rows.map((cells) => cells[column].length)));
  for (const [what, value, goal] of rows)
    console.log(`${what.padEnd(widths[0])}  ${value.padStart(widths[1])}  ${goal}`.trimEnd());
}
