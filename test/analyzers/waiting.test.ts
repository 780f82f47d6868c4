/** Which calls wait by design: by name, by what is read from, by the operation of a futex. */
import { expect, it } from 'vitest';
import { waiting, type Waiting } from '../../src/analyzers/waiting.js';
import { analyze } from '../../src/pipeline.js';

const record = (call: string, nanos: number): string =>
  `I1123 22:01:14.834607   11 strace.go:605] [   1:   1] sh X ${call} = 0 (0x0) (${nanos}ns)\n`;

async function waited(...calls: readonly string[]): Promise<Waiting> {
  const text = calls.map((call, index) => record(call, 2 ** index)).join('');
  const chunks = (async function* () {
    yield Buffer.from(text);
  })();
  return (await analyze(chunks, { waiting })).products.waiting;
}

const summed = (product: Waiting): Record<string, [number, number]> =>
  Object.fromEntries([...product].map(([name, { calls, total }]) => [name, [calls, total]]));

it('a wait is told by its name', async () => {
  const product = await waited('wait4(0x1, 0x7f, 0x0, 0x0)', 'poll(0x0, 0x0, 0x64)', 'mmap(0x0, 0x1000)');
  expect(summed(product)).toEqual({ wait4: [1, 1], poll: [1, 2] });
});

it('a read waits for a pipe, a socket or what the host hands in, and not for a file', async () => {
  const product = await waited(
    'read(0x3 pipe:[5], 0x7f "", 0x1)',
    'read(0x3 socket:[5], 0x7f "", 0x1)',
    'read(0x0 host:[1], 0x7f "", 0x1)',
    'read(0x3 /etc/passwd, 0x7f "", 0x1)',
    'read(0x3 /pipe:[5], 0x7f "", 0x1)',
    'read(0x3, 0x7f "pipe:[5]", 0x1)',
    'read(0x3 pipeline, 0x7f "", 0x1)',
  );
  expect(summed(product)).toEqual({ read: [3, 7] });
});

it('a futex waits by its operation', async () => {
  const product = await waited(
    'futex(0x7f12, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, 0x0, null)',
    'futex(0x7f12, FUTEX_WAKE|FUTEX_PRIVATE_FLAG, 0x1)',
    'futex(0x7f12, FUTEX_LOCK_PI, 0x0)',
  );
  expect(summed(product)).toEqual({ futex: [2, 5] });
});
