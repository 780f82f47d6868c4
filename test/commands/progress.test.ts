/** The progress line: after half a second, five times a second, with what is left where that can be told. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Progress, sizeBehind } from '../../src/commands/progress.js';

const folder = mkdtempSync(join(tmpdir(), 'runsight-progress-'));
afterAll(() => rmSync(folder, { recursive: true }));
const log = join(folder, 'boot.log');
writeFileSync(log, Buffer.alloc(40_000_000));

/** What is written, with a clock of its own. */
function watched(
  paths: readonly string[],
  width = 80,
): { progress: Progress; lines: string[]; at: (ms: number) => void } {
  let now = 0;
  const lines: string[] = [];
  return {
    progress: new Progress(
      paths,
      (text) => lines.push(text.replace('\r\u001b[2K', '')),
      () => now,
      width,
    ),
    lines,
    at: (ms) => (now = ms),
  };
}

it('is silent for half a second, then tells size, rate and time left', () => {
  const { progress, lines, at } = watched([log]);
  at(400);
  progress.told(log, 4e6);
  expect(lines).toEqual([]);
  at(1000);
  progress.told(log, 10e6);
  at(1100);
  progress.told(log, 11e6);
  at(2000);
  progress.told(log, 30e6);
  progress.done();
  expect(lines[0]).toMatch(/^10 MB of 40 MB, 10 MB\/s, 3 s left {2}.*boot\.log$/);
  expect(lines[1]).toMatch(/^30 MB of 40 MB, 15 MB\/s, 1 s left/);
  expect(lines.slice(2)).toEqual(['']);
});

it('counts several sources together, and one that is read again once', () => {
  const { progress, lines, at } = watched([log, log]);
  progress.told('a', 8e6);
  at(1000);
  progress.told('b', 2e6);
  expect(lines[0]).toMatch(/^10 MB of 80 MB/);
  at(2000);
  progress.told('b', 1e6);
  expect(lines[1]).toMatch(/^1 MB of 80 MB/);
});

it('tells no time left of what it does not know the size of', () => {
  const { progress, lines, at } = watched(['-']);
  at(1000);
  progress.told('-', 10e6);
  expect(lines).toEqual(['10 MB, 10 MB/s  -']);
  expect(sizeBehind([folder])).toBe(40_000_000);
  expect(sizeBehind([join(folder, 'missing')])).toBeUndefined();
  writeFileSync(join(folder, 'old.log.gz'), 'x');
  expect(sizeBehind([folder])).toBeUndefined();
});

it('does not let a name act, and stays on its line', () => {
  const { progress, lines, at } = watched(['-'], 20);
  at(1000);
  progress.told('\u001b[2Jé', 10e6);
  expect(lines).toEqual(['10 MB, 10 MB/s  ?[2']);
});
