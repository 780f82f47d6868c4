/** The names of files that the module reads from bytes are those that the splitter reads, or are left to it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { argumentTable } from '../../grammars/syscall-table.js';
import { splitArguments } from '../../src/events/arguments.js';
import { namePlans, NONE, NOT_READ } from '../../src/events/file-names.js';
import { BulkScanner } from '../../src/events/scan.js';
import type { Batch } from '../../src/model/analyzer.js';
import { readEvents } from '../../src/pipeline.js';
import { samples } from '../tools/samples.js';

const plans = namePlans('amd64');
const table = argumentTable('amd64');

async function* pipeOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** What a call names: its files with what they are relative to, the folder it stands in, its socket. */
type Named = {
  readonly files: readonly string[];
  readonly folder: string | null;
  readonly socket: string | null;
};

const BASES: Readonly<Record<number, string>> = { [-1]: 'beside', [-2]: 'root', [-3]: 'cwd' };

function named(batch: Batch, row: number): Named | null {
  const { texts } = batch;
  if (texts === null || texts.firstFile[row] === NOT_READ) return null;
  const { names } = texts;
  const text = (number: number): string => {
    const base = names.baseOf(number);
    return `${BASES[base] ?? 'below'}: ${names.textOf(number)}`;
  };
  const folder = texts.folder[row] as number;
  const socket = texts.socket[row] as number;
  return {
    files: [texts.firstFile[row] as number, texts.secondFile[row] as number].filter((one) => one !== NONE).map(text),
    folder: folder === NONE ? null : names.textOf(folder),
    socket: socket === NONE ? null : names.textOf(socket),
  };
}

/** Reads one call by the scanner. */
function scanned(name: string, args: string): Named | null {
  let result: Named | null = null;
  const scanner = new BulkScanner((batch) => (result = named(batch, 0)), true, true);
  const line = `I1123 22:27:15.478394       1 strace.go:599] [   1:   1] app X ${name}(${args}) = 3 (0x3) (1ms)`;
  const end = scanner.block.write(line);
  const message = scanner.messageAt(0, end);
  if (scanner.line(0, message, end)) scanner.take(0, end);
  scanner.flush();
  scanner.close();
  return result;
}

/** The same by the splitter, by the words of the contract. */
function split(name: string, args: string): Named {
  const paths = plans.get(name)?.paths ?? [];
  const pieces = splitArguments(name, args);
  const files = new Set<string>();
  let folder: string | null = null;
  let socket: string | null = null;
  for (const [index, arg] of pieces.entries()) {
    if (arg.kind === 'FD') {
      if (arg.fd === -100 && arg.path?.startsWith('/') === true) folder = arg.path;
      if (arg.path?.startsWith('s') === true) socket = arg.path;
      const next = paths.includes(index + 1) ? pieces[index + 1] : undefined;
      const isBase = next?.kind === 'Path' && (next.path ?? '') !== '';
      if (!isBase && arg.path?.startsWith('/') === true) files.add(`beside: ${arg.path}`);
    } else if (arg.kind === 'Path' && paths.includes(index) && (arg.path ?? '') !== '') {
      const before = pieces[index - 1];
      if (arg.path?.startsWith('/') === true) files.add(`root: ${arg.path}`);
      else if (before?.kind === 'FD') files.add(`below: ${before.path}/${arg.path}`);
      else files.add(`cwd: ${arg.path}`);
    }
  }
  return { files: [...files], folder, socket };
}

it('on every call of the samples, and it reads nine of ten of those that it is for', async () => {
  let read = 0;
  let left = 0;
  const seen = new Set<string>();
  for (const { bytes } of samples().filter((one) => one.bytes.length > 0)) {
    for await (const { kind, ...event } of readEvents(pipeOf(bytes))) {
      if (kind !== 'syscall-exit') continue;
      const { name, args } = event as { name: string; args: string };
      if ((plans.get(name)?.shapes ?? null) === null || seen.has(`${name}(${args}`)) continue;
      seen.add(`${name}(${args}`);
      const result = scanned(name, args);
      if (result === null) left++;
      else {
        read++;
        expect(result, `${name}(${args})`).toEqual(split(name, args));
      }
    }
  }
  expect(read).toBeGreaterThan(9 * left);
  expect(read).toBeGreaterThan(500);
});

it('on paths that imitate arguments', () => {
  const odd = fc
    .array(
      fc.constantFrom('/a', ', ', '0x7f', ' ', '"', '(', 'b', 'null', '0o644', 'O_RDONLY', '{dev=', '}', ')', ',0x1'),
      { maxLength: 8 },
    )
    .map((parts) => parts.join(''));
  let read = 0;
  fc.assert(
    fc.property(
      odd,
      odd,
      fc.constantFrom('openat', 'read', 'write', 'pread64', 'newfstatat', 'rename', 'close', 'access', 'renameat'),
      (a, b, name) => {
        const args = {
          openat: `0x3 /d${a}, 0x7f00 e${b}, O_RDONLY|O_CLOEXEC, 0o0`,
          read: `0x3 /d${a}, 0x7f00 "${b.replaceAll('"', String.raw`\\"`)}", 0x10`,
          write: `0x3 /d${a}, ..., 0x10`,
          pread64: `0x3 /d${a}, , 0x10, 0x${a.length}`,
          newfstatat: `AT_FDCWD /d${a}, 0x7f00 /e${b}, 0x7f10, 0x0`,
          rename: `0x7f00 /d${a}, 0x7f10 e${b}`,
          renameat: `AT_FDCWD /d${a}, 0x7f00 e${b}, AT_FDCWD /f, 0x7f10 g${a}`,
          close: `0x3 /d${a}`,
          access: `0x7f00 /d${a}, 0o4`,
        }[name];
        const result = scanned(name, args ?? '');
        if (result === null) return;
        read++;
        expect(result, `${name}(${args})`).toEqual(split(name, args ?? ''));
      },
    ),
    { numRuns: 3000 },
  );
  expect(read).toBeGreaterThan(1000);
});

it('leaves what it has no shapes for', () => {
  expect(table.get('connect')).toBeDefined();
  expect(scanned('connect', '0x3 socket:[1], 0x7f00 {Family: AF_INET, Addr: 1.2.3.4, Port: 80}, 0x10')).toBeNull();
  expect(scanned('epoll_ctl', '0x3 socket:[1], EPOLL_CTL_ADD, 0x4 socket:[2], 0x7f00')).toBeNull();
});

it('gives numbers anew when they run out, and says so', () => {
  const generations = new Set<number>();
  let rows = 0;
  const scanner = new BulkScanner(
    (batch) => {
      const { texts } = batch;
      generations.add(texts?.names.generation ?? -1);
      for (let row = 0; row < batch.count; row++) {
        expect(texts?.names.textOf(texts.firstFile[row] as number)).toBe(`/srv/${rows++}`);
      }
    },
    true,
    true,
  );
  for (let i = 0; i < 150_000; i++) {
    const line = `I1123 22:27:15.478394       1 strace.go:599] [   1:   1] app X unlink(0x7f00 /srv/${i}) = 0 (0x0) (1ms)`;
    const end = scanner.block.write(line);
    expect(scanner.line(0, scanner.messageAt(0, end), end)).toBe(true);
    scanner.take(0, end);
    scanner.flush();
  }
  scanner.close();
  expect(rows).toBe(150_000);
  expect(generations.size).toBe(10);
});
