/** Which calls wait by design: by name, by what is read from, by the operation of a futex. */
import { expect, it } from 'vitest';
import { waiting, type Waiting } from '../../src/analyzers/waiting.js';
import { analyze } from '../../src/pipeline.js';
import { summarize } from '../../src/summarize.js';

const record = (call: string, nanos: number): string =>
  `I1123 22:01:14.834607   11 strace.go:605] [   1:   1] sh X ${call} = 0 (0x0) (${nanos}ns)\n`;

async function* pipe(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
const waitedIn = async (text: string): Promise<Waiting> => (await analyze(pipe(text), { waiting })).products.waiting;

function waited(...calls: readonly string[]): Promise<Waiting> {
  return waitedIn(calls.map((call, index) => record(call, 2 ** index)).join(''));
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

it('a lock is waited for, unless the call asks not to wait or lets go', async () => {
  const product = await waited(
    'flock(0x3 /tmp/a, 0x2, 0x2)',
    'flock(0x3 /tmp/lock, 0x1)',
    'flock(0x3 /tmp/lock, 0x2)',
    'flock(0x3 /tmp/lock, 0x6)',
    'flock(0x3 /tmp/lock, 0x8)',
    'fcntl(0x3 /tmp/lock, 0x7, 0x7f00)',
    'fcntl(0x3 /tmp/lock, 0x26, 0x7f00)',
    'fcntl(0x3 /tmp/lock, 0x6, 0x7f00)',
    'fcntl(0x3 /tmp/a, 0x7, 0x3, 0x3)',
  );
  expect(summed(product)).toEqual({ flock: [3, 7], fcntl: [2, 96] });
});

it('messages, semaphores and events are waited for', async () => {
  const product = await waited(
    'msgrcv(0x1, 0x7f60, 0x8, 0x0, 0x0)',
    'msgsnd(0x1, 0x7f20, 0x8, 0x0)',
    'semtimedop(0x1, 0x7f, 0x1, 0x7f)',
    'read(0x4 anon_inode:[eventfd], 0x7f58 "", 0x8)',
    'write(0x4 anon_inode:[eventfd], ..., 0x8)',
  );
  expect(summed(product)).toEqual({ msgrcv: [1, 1], semtimedop: [1, 4], read: [1, 8] });
});

it('a vfork stops its task within the call natively alone: runsc prints the call before', async () => {
  const native =
    'vfork()                  = 2 <0.500000>\nflock(3, LOCK_EX)                 = 0 <0.250000>\ngetpid()   = 1 <0.000001>\n';
  expect(summed(await waited('vfork()'))).toEqual({});
  expect(summed(await waitedIn(native))).toEqual({ vfork: [1, 500e6], flock: [1, 250e6] });
  const parted =
    '7 vfork( <unfinished ...>\n8 exit_group(0)  = ?\n7 <... vfork resumed>)              = 8 <0.500000>\n8 +++ exited with 0 +++\n';
  expect(summed(await waitedIn(parted))).toEqual({ vfork: [1, 500e6] });
});

it('the time of a process is told as ever: what waits in the table alone is work of it', async () => {
  const text = record('flock(0x3 /tmp/lock, 0x2)', 100) + record('wait4(0x1, 0x7f, 0x0, 0x0)', 7);
  const { report } = await summarize(pipe(text));
  expect(report.processes).toMatchObject([{ total_ns: 107, waiting_ns: 7 }]);
  expect(report.syscalls.map((row) => ('name' in row ? [row.name, row.waiting_ns] : []))).toEqual([
    ['flock', 100],
    ['wait4', 7],
  ]);
});
