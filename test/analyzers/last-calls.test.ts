/** The last failing calls and words of a program, and that what is kept does not grow with the log. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { diagnosisAnalyzers } from '../../src/analyzers/diagnosis.js';
import type { LastCalls } from '../../src/analyzers/last-calls.js';
import { analyze } from '../../src/pipeline.js';

const folder = mkdtempSync(join(tmpdir(), 'last-calls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function callsOf(lines: readonly string[]): Promise<LastCalls> {
  const path = join(folder, 'x.boot.log');
  writeFileSync(path, lines.map((line) => `I0410 10:00:00.100000       5 strace.go:605] ${line}\n`).join(''));
  return (await analyze([path], diagnosisAnalyzers)).products.calls;
}
const exit = (name: string, errno: number): string =>
  `[   1:   1] app X ${name}(0x3, 0x10) = 0 (0x0) errno=${errno} (text) (1.2µs)`;

it('keeps failing calls, but for those that are how waiting works', async () => {
  const [boot] = [
    ...(
      await callsOf([exit('openat', 2), exit('read', 11), exit('futex', 512), exit('ioctl', 25), exit('bind', 98)])
    ).values(),
  ];
  expect(boot?.failed.map((call) => [call.name, call.errno])).toEqual([
    ['openat', 2],
    ['bind', 98],
  ]);
});

it('reads what is written to standard output and error, in one piece or in many', async () => {
  const [boot] = [
    ...(
      await callsOf([
        '[   1:   1] app E write(0x2 host:[3], 0x7efb "say \\"no\\"\\n", 0x9)',
        '[   1:   1] app E writev(0x2 host:[3], 0x7efb {base=0x1, len=3, "one"}, {base=0x2, len=2, ": "}, {base=0x3, len=4, "two\\n"}, 0x3)',
        '[   1:   1] app E write(0x5 /tmp/x, 0x7efb "to a file", 0x9)',
      ])
    ).values(),
  ];
  expect(boot?.words.map((one) => one.text)).toEqual(['say "no"', 'one: two']);
});

it('keeps the last ones of many', async () => {
  const [boot] = [
    ...(
      await callsOf(Array.from({ length: 1000 }, (_, index) => exit('openat', 2).replace('0x10', `0x${index}`)))
    ).values(),
  ];
  expect(boot?.failed).toHaveLength(64);
  expect(boot?.failed.at(-1)?.args).toContain('0x999');
});

it.each([
  ['[   2] app E tgkill(0x1, 0x2, SIGABRT)', true],
  ['[   2] app E tgkill(0x1, 0x3, SIGABRT)', false],
  ['[   7:   9] app E tgkill(0x7, 0x9, SIGABRT)', true],
  ['[   7:   9] app E tgkill(0x1, 0x1, SIGABRT)', false],
  ['[   7(   1):   9(   3)] app E tgkill(0x1, 0x3, SIGABRT)', true],
])('whether a signal goes to the sender itself: %s', async (line, isOwn) => {
  const [boot] = [...(await callsOf([line])).values()];
  expect(boot?.sent.map((one) => one.isOwn)).toEqual([isOwn]);
});
