/** Calls of native strace(1) that are read in bulk are the rows that the record reader makes of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceStream } from '../../src/events/stream.js';
import { samples } from '../tools/samples.js';
import { sourceOf, type Row } from '../tools/byte-source.js';

type Whole = { readonly rows: readonly (Row & { readonly second: number })[]; readonly calls: number | undefined };

async function read(bytes: Buffer, onlyRows: boolean, name = 'native.strace'): Promise<Whole> {
  const rows: (Row & { readonly second: number })[] = [];
  const stream = new SourceStream(sourceOf(bytes, { name }), {
    onEvent() {},
    onlyRows,
    inputFormat: 'native-strace',
    onBatch({ count, isExit, name: names, names: texts, errno, elapsed, tgid, tid, second }) {
      for (let row = 0; row < count; row++) {
        rows.push({
          isExit: isExit[row] === 1,
          name: texts[names[row] as number] as string,
          errno: errno[row] as number,
          elapsed: elapsed[row] as number,
          tgid: tgid[row] as number,
          tid: tid[row] as number,
          second: second[row] as number,
        });
      }
    },
  });
  while (await stream.step()) {
    // Each step hands on what it read.
  }
  return { rows, calls: stream.reading().events['native-syscall'] };
}

/** Both readings of a trace, which must be one; how many calls there are. */
async function compared(bytes: Buffer, name?: string): Promise<number> {
  const bulk = await read(bytes, true, name);
  const single = await read(bytes, false, name);
  expect(bulk, bytes.toString('latin1').slice(0, 2000)).toEqual(single);
  return bulk.rows.length;
}

describe('rows of native traces', () => {
  it('are the same in bulk, of every sample', async () => {
    let rows = 0;
    for (const { name, bytes } of samples().filter((one) => one.name.includes('native'))) {
      rows += await compared(bytes, name.split('/').at(-1));
    }
    expect(rows).toBeGreaterThan(2000);
  });

  const leaders = fc.constantFrom('', '11205 ', '11205   ', '[pid 11205] ', '11206 ', '11728<sh> ', '5 ', '123456789 ');
  const clocks = fc.constantFrom(
    '',
    '',
    '22:42:14 ',
    '22:42:14.877567 ',
    '24:00:00 ',
    '1700000000.123456 ',
    '     0.000046 ',
  );
  const calls = fc.constantFrom(
    'close(3)',
    'openat(AT_FDCWD</srv>, "data.txt", O_RDWR) ',
    'write(1, ") = 3", 5)',
    'write(1, "a\\n) = 0 <0.1>", 5)',
    'exit_group(0)',
    'wait4(-1, ',
    'futex(0x7f02, FUTEX_WAIT, 2, NULL',
    '<... wait4 resumed>[{WIFEXITED(s)}], 0, NULL)',
    '<... futex resumed>)',
    '<... clone3 resumed> => {parent_tid=[105]}, 88)',
    '???(',
    'Close(3)',
  );
  const results = fc.constantFrom(
    ' = 0',
    '          = 3</srv/data.txt>',
    ' = 0x7f02',
    ' = -1 ENOENT (No such file or directory)',
    ' = -1 ENOENT (No such = file)',
    ' = -1 EWHATEVER (x)',
    ' = -1 ENOENT (a) (INJECTED)',
    ' = ? ERESTARTSYS (To be restarted if SA_RESTART is set)',
    ' = ?',
    ' = 1 ([{fd=3, revents=POLLIN}])',
    ' <unfinished ...>',
    ') = 0 <unfinished ...>',
    ' = 12345678901234567890123',
    '',
    ' = 3<a(b)>',
  );
  const times = fc.constantFrom('', ' <0.000012>', ' <12.345678>', ' <0.>', ' <1>', ' <0.0000000001>');
  const lines = fc.tuple(leaders, clocks, calls, results, times).map((parts) => parts.join(''));
  const others = fc.constantFrom(
    '--- SIGCHLD {si_signo=SIGCHLD} ---',
    '11205 +++ exited with 3 +++',
    '[pid 11205] +++ exited with 3 +++',
    'strace: Process 11272 attached',
    ' | 00000  68 65 6c 6c 6f 0a                                 hello.           |',
    'words of an application',
    '103   <... clock_?nanosleep resumed>, NULL) = 0',
    '103   +++ exited with x',
    'panic: a program that was traced',
    'goroutine 1 [running]:',
    '',
  );
  it('are the same in bulk, of lines in any order', async () => {
    let rows = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 6, arbitrary: lines }, { weight: 1, arbitrary: others }), { maxLength: 12 }),
        async (trace) => {
          rows += await compared(Buffer.from(`${trace.join('\n')}\n`));
        },
      ),
      { numRuns: 1500 },
    );
    expect(rows).toBeGreaterThan(1500);
  });
});
