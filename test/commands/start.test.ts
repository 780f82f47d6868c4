/** A start runs what V8 made of the program when it was built; a Node to which that means nothing compiles it anew. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BIN, ROOT } from './cli.js';

/** What Node itself says of the code that it was given. */
function isRefused(command: string, flags: readonly string[] = []): unknown {
  const asked = `console.log(require('${ROOT}dist/load.cjs').script.cachedDataRejected)`;
  return JSON.parse(
    execFileSync(process.execPath, [...flags, '--eval', asked, 'run.js', command], { encoding: 'utf8' }),
  );
}

describe('a start', () => {
  it.each(readdirSync(`${ROOT}dist/compiled`))('runs code made before: %s', (command) => {
    expect(isRefused(command)).toBe(false);
  });

  it('of a command without such code runs that of help', () => {
    expect(isRefused('merge')).toBe(false);
    expect(isRefused('../diagnose')).toBe(false);
  });

  it('reads the program as ASCII, which it is', () => {
    const program = readFileSync(`${ROOT}dist/program.cjs`);
    expect(program.findIndex((byte) => byte > 0x7f)).toBe(-1);
    // what would be cut into bytes otherwise
    expect(program.includes(String.raw`(ns|us|\u00b5s|ms|s)$/`)).toBe(true);
  });

  it('of a Node that runs code otherwise compiles the program, and does the same', () => {
    expect(isRefused('summary', ['--no-opt'])).toBe(true);
    const log = `${ROOT}samples/release-20240729/healthy-text`;
    const of = (...flags: string[]): string =>
      execFileSync(process.execPath, [...flags, BIN, 'summary', '--json', log], { encoding: 'utf8' });
    expect(of('--no-opt')).toBe(of());
  });
});
