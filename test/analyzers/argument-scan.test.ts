/** The byte reader of arguments says of every text what the splitter says, or nothing. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { argumentTable } from '../../grammars/syscall-table.js';
import { ArgumentScan, shapesOf } from '../../src/analyzers/argument-scan.js';
import { splitArguments } from '../../src/events/arguments.js';
import { readEvents } from '../../src/pipeline.js';
import { samples } from '../tools/samples.js';

const table = argumentTable('amd64');
const scan = new ArgumentScan();

type Piece = { readonly raw: string; readonly text: string };

async function* pipeOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** What the byte reader makes of a text; null where it leaves it to the splitter. */
function scanned(name: string, args: string): readonly Piece[] | null {
  const shapes = shapesOf(table.get(name)?.[0]?.kinds ?? []);
  const bytes = Buffer.from(`<${args}>`);
  if (shapes === null || !scan.read(shapes, bytes, 1, bytes.length - 1)) return null;
  return shapes.map((_, index) => ({
    raw: bytes.toString('utf8', scan.start[index], scan.end[index]),
    text: scan.hasText(index) ? bytes.toString('utf8', scan.textStart[index], scan.end[index]) : '',
  }));
}

function split(name: string, args: string): readonly Piece[] {
  return splitArguments(name, args).map((arg) => ({
    raw: arg.raw,
    text: arg.kind === 'FD' || arg.kind === 'Path' ? (arg.path ?? '') : '',
  }));
}

it('on every call of the samples, and it reads nine of ten of those that it is for', async () => {
  let read = 0;
  let left = 0;
  for (const { bytes } of samples().filter((one) => one.bytes.length > 0)) {
    for await (const event of readEvents(pipeOf(bytes))) {
      if (event.kind !== 'syscall-exit') continue;
      const kinds = table.get(event.name)?.[0]?.kinds ?? [];
      if (shapesOf(kinds) === null) continue;
      const pieces = scanned(event.name, event.args);
      if (pieces === null) left++;
      else {
        read++;
        expect(pieces).toEqual(split(event.name, event.args));
      }
    }
  }
  expect(read).toBeGreaterThan(9 * left);
});

it('on paths that imitate arguments', () => {
  const odd = fc
    .array(
      fc.constantFrom('/a', ', ', '0x7f', ' ', '"', '(', 'b', 'null', '0o644', 'O_RDONLY', '{dev=', '}', ')', ',0x1'),
      {
        maxLength: 8,
      },
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      odd,
      odd,
      fc.constantFrom('openat', 'read', 'newfstatat', 'rename', 'close', 'access'),
      (a, b, name) => {
        const args = {
          openat: `0x3 /d${a}, 0x7f00 /e${b}, O_RDONLY|O_CLOEXEC, 0o0`,
          read: `0x3 /d${a}, 0x7f00 "${b.replaceAll('"', '\\\\"')}", 0x10`,
          newfstatat: `AT_FDCWD /d${a}, 0x7f00 /e${b}, 0x7f10, 0x0`,
          rename: `0x7f00 /d${a}, 0x7f10 /e${b}`,
          close: `0x3 /d${a}`,
          access: `0x7f00 /d${a}, 0o4`,
        }[name];
        const pieces = scanned(name, args ?? '');
        if (pieces !== null) expect(pieces).toEqual(split(name, args ?? ''));
      },
    ),
    { numRuns: 3000 },
  );
});
