/** The package as a library: resolved by its name through `exports`, typed, and usable without the command line. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../commands/cli.js';
import { BOOT_LOG, FAILED_START } from '../commands/fixtures.js';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runsight-library-'));
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  symlinkSync(ROOT, join(folder, 'node_modules/runsight'));
  symlinkSync(`${ROOT}node_modules/@types/node`, join(folder, 'node_modules/@types/node'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  copyFileSync(`${ROOT}test/library/consumer.ts`, join(folder, 'consumer.ts'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The compiler as a user of the package may set it, declarations of the package checked as well. */
function compile(file: string): string {
  const flags = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--skipLibCheck', 'false'];
  const target = ['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023', '--types', 'node'];
  try {
    execFileSync(process.execPath, [`${ROOT}node_modules/typescript/bin/tsc`, ...flags, ...target, file], {
      cwd: folder,
      encoding: 'utf8',
    });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

const node = (argv: readonly string[]): string =>
  execFileSync(process.execPath, argv, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe('library', () => {
  it('scans, learns, and holds what was learnt against another run', async () => {
    const { learn, listRules, scan } = await import('runsight');
    const logs = `${ROOT}samples/release-20240729`;
    const { report } = await scan(`${logs}/attack-reverse-shell`, { minSeverity: 'high' });
    expect(report.findings.map(({ rule, severity }) => [rule, severity])).toEqual([['shell-stdio-socket', 'critical']]);
    const { baseline, logs: count } = await learn(`${logs}/healthy-job`);
    expect({ count, runs: baseline.runs }).toEqual({ count: 1, runs: 1 });
    const again = await scan(`${logs}/healthy-job`, { baseline });
    expect(again.report.findings).toEqual([]);
    const beyond = await scan(`${logs}/attack-reverse-shell`, { baseline, rules: [], disable: ['shell-stdio-socket'] });
    expect(beyond.report.findings.some(({ category }) => category === 'baseline')).toBe(true);
    const wrong = { name: 'own.yaml', text: 'rules: [{ id: one }]' };
    await expect(scan(`${logs}/healthy-job`, { rules: [wrong] })).rejects.toThrow(/own\.yaml:1:\d+/);
    expect((await listRules()).rules.map(({ family }) => family)).toContain('anomaly');
  });

  it('a program in TypeScript compiles against its types and runs', () => {
    expect(compile('consumer.ts')).toBe('');
    const answer: unknown = JSON.parse(node(['consumer.js', BOOT_LOG, FAILED_START]));
    const log = readFileSync(BOOT_LOG, 'latin1').split('\n');
    const exits = log.filter((line) => /\] \[[ \d:]+\] .{1,15} X \w+\(/.test(line)).length;
    expect(answer).toMatchObject({
      first: 1,
      bytes: statSync(BOOT_LOG).size,
      calls: exits,
      problems: ['unreadable'],
      verdict: 'failed-start',
      rules: 1,
      cause: 'mount-source-missing',
      thrown: expect.stringMatching(/missing: no such file/) as string,
    });
    const { events, streamed, nanos, totalNanos } = answer as Record<string, number>;
    expect(events).toBeGreaterThan(exits * 2);
    expect(streamed, 'the same events from a stream').toBe(events);
    expect(totalNanos, 'the same times in both ways').toBe(nanos);
  });

  it('a misuse does not compile', () => {
    writeFileSync(
      join(folder, 'misuse.ts'),
      `import { readEvents, summarize } from 'runsight';
for await (const event of readEvents('x')) console.log(event.duration_ns);
await summarize(42);
`,
    );
    const errors = compile('misuse.ts');
    expect(errors).toMatch(/misuse\.ts\(2,\d+\).*duration_ns/);
    expect(errors).toMatch(/misuse\.ts\(3,\d+\)/);
  });

  it('loads without the command line, and gives its schemas', () => {
    const program = `
      import { createRequire } from 'node:module';
      const names = Object.keys(await import('runsight'));
      const schema = createRequire(import.meta.url)('runsight/schemas/summary.json');
      console.log(JSON.stringify({ names, title: schema.title, oclif: 'oclif' in globalThis }));`;
    const answer = JSON.parse(node(['--input-type=module', '--eval', program])) as { names: string[] };
    expect(answer).toMatchObject({ title: 'runsight summary --json', oclif: false });
    expect(answer.names).toEqual(expect.arrayContaining(['readEvents', 'summarize', 'diagnose', 'splitArguments']));
  });

  it('keeps what it does not export to itself', () => {
    const inner = ['runsight/dist/load.cjs', 'runsight/src/index.ts', 'runsight/schemas/../cli.js'];
    for (const path of inner)
      expect(() => node(['--input-type=module', '--eval', `import '${path}'`])).toThrow(
        'ERR_PACKAGE_PATH_NOT_EXPORTED',
      );
    expect(node(['--input-type=module', '--eval', `import 'runsight'`])).toBe('');
  });
});
