/** CSV and Markdown of the views: cells that stay cells, whatever a program in a sandbox called its files. */
import { describe, expect, it } from 'vitest';
import { formatSummary, columnNames } from '../../src/formats/summary.js';
import { PLAIN } from '../../src/formats/layout.js';
import { csvCell } from '../../src/formats/view-csv.js';
import { VIEWS } from '../../src/formats/index.js';
import type { SummaryReport } from '../../src/model/report.js';
import { summarize } from '../../src/summarize.js';

/** A reader of RFC 4180. */
function readCsv(text: string): readonly (readonly string[])[] {
  return text
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
}

describe('a cell of CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\\t=1"],
    ['\r=1', "'\\r=1"],
    ['a=1', 'a=1'],
    [-1, '-1'],
    [null, ''],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['a\nb', 'a\\nb'],
    ['\u001b[2J', '\\x1b[2J'],
    [' a', '" a"'],
    ['=a,"b"', '"\'=a,""b"""'],
  ])('%j', (value, cell) => expect(csvCell(value)).toBe(cell));
});

const evil = '=cmd|"/c calc"!A1,\n| `x` <b> \u001b[2J';
const FILE = {
  calls: 1,
  errors: 0,
  opens: 0,
  open_errors: 0,
  bytes_read: 7,
  bytes_written: 0,
  total_ns: 5,
  max_ns: 5,
  slowest: 'read',
};
const report: SummaryReport = {
  schema: 'runsight/summary@1',
  totals: { calls: 1, errors: 0, normal_errors: 0, total_ns: 5 },
  syscalls: [],
  classes: [],
  files: [
    { ...FILE, path: evil },
    { other: true, ...FILE },
  ],
  errnos: [],
  reading: [],
};

it('a file with an evil name is one cell of one row', () => {
  const rows = readCsv(formatSummary(report, 'file', 'csv', PLAIN));
  expect(rows.map((row) => row.length)).toEqual([10, 10, 10]);
  expect(rows[0]?.join(' ')).toBe('calls errors opens failed read_bytes written_bytes time_ns max_ns slowest file');
  expect(rows[1]?.at(-1)).toBe(`'${evil.replace('\n', '\\n').replace('\u001b', '\\x1b')}`);
  expect(rows[2]?.at(-1)).toBe('');
});

it('and one cell of a Markdown table', () => {
  const lines = formatSummary(report, 'file', 'markdown', PLAIN).split('\n');
  const row = lines.find((line) => line.includes('calc')) ?? '';
  expect(row.match(/(?<!\\)\|/g)?.length).toBe(11);
  expect(row).not.toContain('\u001b');
});

it('every view has a row in CSV for each in JSON, and no time without its unit', async () => {
  const { report: whole } = await summarize('samples/release-20240729/connection-refused', {
    by: ['thread', 'container', 'second'],
    histogram: 'all',
  });
  for (const view of VIEWS) {
    const rows = readCsv(formatSummary(whole, view, 'csv', PLAIN));
    expect(new Set(rows.map((row) => row.length)).size, view).toBe(1);
    expect(rows.length, view).toBeGreaterThan(1);
    expect(rows[0]?.length).toBe(columnNames(view).length);
  }
  const calls = readCsv(formatSummary(whole, 'syscall', 'csv', PLAIN));
  const row = whole.syscalls.find(({ name }) => name === 'connect');
  const cells = calls.find(([name]) => name === 'connect') ?? [];
  expect(cells[calls[0]?.indexOf('total_ns') ?? 0]).toBe(String(row?.total_ns));
  expect(cells[calls[0]?.indexOf('errnos') ?? 0]).toBe('ECONNREFUSED:1');
});

describe('columns', () => {
  const table = async (choice: object, width = 80): Promise<string[]> => {
    const { report: whole } = await summarize('samples/release-20221219/healthy-pipeline');
    return formatSummary(whole, 'syscall', 'table', { ...PLAIN, width }, choice).split('\n');
  };
  const headOf = (lines: readonly string[]): readonly string[] =>
    (lines.find((line) => line.startsWith('syscall')) ?? '').trim().split(/ +/);
  it('are those that were asked for, in their order', async () => {
    expect(headOf(await table({ columns: ['name', 'max', 'calls'] }))).toEqual(['syscall', 'max', 'calls']);
  });
  it('of times hold nothing where the trace has none', async () => {
    const trace = ['a', 'b', 'c'].map((name) => `openat(AT_FDCWD, "/${name}", O_RDONLY) = 3`).join('\n');
    async function* chunks(): AsyncGenerator<Buffer> {
      yield Buffer.from(`${trace}\n`);
    }
    const { report } = await summarize(chunks());
    const choice = { columns: ['name', 'calls', 'total', 'p99', 'share'] };
    expect(formatSummary(report, 'syscall', 'table', PLAIN, choice)).toMatch(/^openat +3 +- +- +-$/m);
    expect(formatSummary(report, 'syscall', 'csv', PLAIN, choice)).toMatch(/^openat,3,,,\r$/m);
    expect(formatSummary(report, 'class', 'csv', PLAIN, { columns: ['class', 'total'] })).toMatch(/^file,\r$/m);
  });
  it('share as in the document, of all time; work of what did not wait', async () => {
    const { report: whole } = await summarize('samples/release-20221219/healthy-pipeline');
    const rows = formatSummary(whole, 'syscall', 'csv', PLAIN, { columns: ['name', 'share', 'work'] })
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(','));
    for (const { name, share, working_share: work } of whole.syscalls)
      expect(
        rows
          .find(([first]) => first === name)
          ?.map(Number)
          .slice(1),
      ).toEqual([share, work]);
  });
  it('fit the screen', async () => {
    for (const width of [40, 60, 80, 100, 140, 160]) {
      const lines = await table({}, width);
      if (width >= 80) for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(width);
      expect(headOf(lines)).toEqual(expect.arrayContaining(['syscall', 'calls', 'errors', 'total', 'work']));
    }
    expect(headOf(await table({}, 80))).not.toContain('mean');
    expect(headOf(await table({}, 160))).toContain('mean');
  });
  it('sort: numbers from the largest on, names from A to Z', async () => {
    const names = (lines: readonly string[]): readonly string[] =>
      lines.slice(lines.findIndex((line) => line.startsWith('syscall')) + 1).map((line) => line.split(' ')[0] ?? '');
    expect(names(await table({ sort: 'calls', top: 2 })).slice(0, 2)).toEqual(['newfstatat', 'wait4']);
    expect(names(await table({ sort: 'name', top: 2 })).slice(0, 2)).toEqual(['access', 'arch_prctl']);
  });
  it('without a wish: what works first, what waits below', async () => {
    const lines = await table({});
    const heading = lines.findIndex((line) => line.startsWith('mostly waiting:'));
    expect(lines.findIndex((line) => line.startsWith('wait4'))).toBeGreaterThan(heading);
    expect(lines.findIndex((line) => line.startsWith('newfstatat'))).toBeLessThan(heading);
  });
});
