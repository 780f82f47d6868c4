/** The views as tables: who stands below whom, what is shortened, and that no name acts on the terminal. */
import { expect, it } from 'vitest';
import type { ViewName } from '../../src/formats/index.js';
import { PLAIN, type Screen } from '../../src/formats/layout.js';
import { formatSummary } from '../../src/formats/summary.js';
import type { ProcessRow, SummaryReport } from '../../src/model/report.js';

const process = (tgid: number, parent: number | null, program: string, more: Partial<ProcessRow> = {}): ProcessRow => ({
  source: 'boot.log',
  tgid,
  parent,
  program,
  argv: [program],
  exit: { status: 0 },
  threads: 1,
  calls: 1,
  errors: 0,
  total_ns: 2000,
  waiting_ns: 0,
  ...more,
});
const report = (more: Partial<SummaryReport>): SummaryReport => ({
  schema: 'runsight/summary@1',
  totals: { calls: 0, errors: 0, normal_errors: 0, total_ns: 0 },
  syscalls: [],
  classes: [],
  errnos: [],
  reading: [],
  ...more,
});
const formatView = (value: SummaryReport, view: ViewName, screen: Screen, top?: number): string =>
  formatSummary(value, view, 'table', screen, { top });
const SUMS = { calls: 1, errors: 0, total_ns: 5, waiting_ns: 0 };
const RECORD = {
  source: 'boot.log',
  line: 1,
  time: null,
  text: '',
  syscall: 'open',
  tgid: 1,
  tid: 1,
  duration_ns: 1,
  errno: null,
};
const FILE = {
  calls: 1,
  errors: 0,
  opens: 0,
  open_errors: 0,
  bytes_read: 0,
  bytes_written: 0,
  total_ns: 5,
  max_ns: 5,
  slowest: 'read',
};

it.each([
  ['an applet of busybox', '/bin/busybox', ['tr', 'a-z', 'A-Z'], '1 tr a-z A-Z (/bin/busybox)'],
  ['a program by its own name', '/bin/sh', ['sh', '-c', 'true'], '1 /bin/sh -c true'],
  ['a login shell', '/bin/bash', ['-bash'], '1 /bin/bash'],
  ['a name that is a link', '/usr/bin/python3.11', ['python3', 'x.py'], '1 python3 x.py (/usr/bin/python3.11)'],
  ['no arguments known', '/bin/x', null, '1 /bin/x'],
  ['no program known', null, ['make', 'all'], '1 make all'],
  ['an empty name', '/bin/x', [''], '1 /bin/x'],
])('a process is told as its user would call it: %s', (_, program, argv, wanted) => {
  const row = { ...process(1, null, ''), program, argv };
  const lines = formatView(report({ processes: [row] }), 'process', { ...PLAIN, width: 140 }).split('\n');
  expect(lines.find((line) => line.endsWith(wanted))).toBeDefined();
});

it('columns that say nothing give way on a narrow screen, and stay on a wide one', () => {
  const row = {
    ...process(1, null, '/bin/sh'),
    argv: ['sh', '-c', 'x'.repeat(120)],
    errors: 0,
    threads: 1,
    waiting_ns: 0,
  };
  const headOf = (width: number): string =>
    formatView(report({ processes: [row] }), 'process', { ...PLAIN, width })
      .split('\n')
      .find((line) => line.startsWith('calls')) ?? '';
  expect(headOf(60)).not.toMatch(/waiting|threads|errors/);
  expect(headOf(160)).toMatch(/errors.*waiting.*threads/);
});

it('a long command leaves room for the file that it is in', () => {
  const row = { ...process(1, null, `/${'d/'.repeat(80)}busybox`), argv: ['tr', 'a'.repeat(200)] };
  const lines = formatView(report({ processes: [row] }), 'process', PLAIN).split('\n');
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(lines.find((line) => line.endsWith('busybox)'))).toMatch(/1 tr aa/);
});

it('children stand below their parents, in the order of their ids; a parent that left no record hides nobody', () => {
  const processes = [
    process(9, 2, '/bin/grandchild'),
    process(3, 1, '/bin/second'),
    process(1, null, '/bin/init', { exit: { signal: 'SIGKILL' } }),
    process(2, 1, '/bin/first'),
    process(7, 77, '/bin/orphan'),
  ];
  const text = formatView(report({ processes }), 'process', PLAIN);
  const lines = text.split('\n');
  const column = lines.find((line) => line.startsWith('calls'))?.indexOf('process') ?? 0;
  const shown = lines.map((line) => line.slice(column)).filter((line) => line.includes('/bin/'));
  expect(shown).toEqual(['1 /bin/init', '  2 /bin/first', '    9 /bin/grandchild', '  3 /bin/second', '7 /bin/orphan']);
  expect(text).toContain('SIGKILL');
});

const TIMES = { total_ns: 9, min_ns: 9, max_ns: 9, p50_ns: 9, p95_ns: 9, p99_ns: 9, mean_ns: 9, waiting_ns: 9 };
const COUNTS = { calls: 1, errors: 0, restarts: 0, unfinished: 0, waiting_calls: 1 };
const WAITED = { ...COUNTS, ...TIMES, errnos: {}, share: 0, class: 'wait', latency: [] };

it('of many calls that wait some are named, and one stop ends the sentence', () => {
  const textOf = (names: readonly string[]): string =>
    formatView(
      report({
        totals: { calls: names.length, errors: 0, normal_errors: 0, total_ns: 9, waiting_ns: 9 },
        syscalls: names.map((name) => ({ name, ...WAITED })),
      }),
      'syscall',
      { ...PLAIN, width: 300 },
    );
  const names = ['wait4', 'poll', 'pause', 'select', 'accept', 'futex', 'read'];
  expect(textOf(names)).toMatch(/futex 9ns in 1, … "work" is/);
  expect(textOf(names.slice(0, 2))).toMatch(/poll 9ns in 1\. "work" is/);
});

it('of a tree of which some are asked for, those with most time are shown', () => {
  const processes = [
    process(9, 1, '/bin/busy', { total_ns: 9000 }),
    process(1, null, '/bin/init', { total_ns: 5000 }),
    process(2, 1, '/bin/idle', { total_ns: 10 }),
  ];
  const text = formatView(report({ processes }), 'process', PLAIN, 2);
  expect(text).toMatch(/1 \/bin\/init\n.* {2}9 \/bin\/busy\n/);
  expect(text).not.toContain('/bin/idle');
  expect(text).toContain('1 more process not shown');
});

it('a call that does not fit beside its place stands below it, to its end', () => {
  const path = `/usr/lib/${'x'.repeat(40)}/the-file.so`;
  const call = `openat(AT_FDCWD /srv, 0x7eef5c9b4f50 ${path}, O_RDONLY|O_CLOEXEC, 0o0) = 0 ENOENT`;
  const shown = { of: 'working' as const, calls: 2, total_ns: 2, records: [{ ...RECORD, call, comm: 'app' }] };
  const [narrow, wide] = [80, 200].map((width) => formatView(report({ shown }), 'record', { ...PLAIN, width }));
  expect(narrow).toMatch(
    /\nboot.log:1 .* app\n {4}openat\(\/usr\/lib\/x+\/the-file.so,\n? *O_RDONLY[^]* = 0\s+ENOENT\n/,
  );
  for (const line of narrow?.split('\n') ?? []) expect(line.length).toBeLessThanOrEqual(80);
  expect(wide).toMatch(
    /boot.log:1 .* app +openat\(\/usr\/lib\/x+\/the-file.so, O_RDONLY\|O_CLOEXEC, 0o0\) = 0 ENOENT\n/,
  );
});

it('text between the records of a log is told of, that of a paste is what it is', () => {
  const reading = {
    source: 'a',
    dialect: 'new',
    compression: 'none',
    bytes: 9,
    lines: 3,
    records: 2,
    year: null,
    unread: {},
  } as const;
  const textOf = (format: 'glog' | 'text'): string =>
    formatView(
      report({ reading: [{ ...reading, format, events: { note: 1, text: 1 }, forged: 0, truncated: 0, repeated: 0 }] }),
      'syscall',
      PLAIN,
    );
  expect(textOf('glog')).toContain('2 records; 1 piece of other text between them');
  expect(textOf('text')).toContain('everything understood');
});

it('a circle of parents ends', () => {
  const text = formatView(report({ processes: [process(1, 2, '/a'), process(2, 1, '/b')] }), 'process', PLAIN);
  expect(text).toMatch(/1 \/a[\s\S]*2 \/b|2 \/b[\s\S]*1 \/a/);
});

it('the end of a long path stays, within the screen', () => {
  const path = `/usr/lib/${'x'.repeat(90)}/the-file.so`;
  const text = formatView(report({ files: [{ ...FILE, path }] }), 'file', PLAIN);
  expect(text).toContain('…');
  expect(text).toContain('/the-file.so');
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

it('names of the log do not act on the terminal', () => {
  const evil = '/tmp/\u001b[2J\u009b\n\tX';
  const text = [
    formatView(report({ files: [{ ...FILE, path: evil }] }), 'file', PLAIN),
    formatView(report({ processes: [process(1, null, evil)] }), 'process', PLAIN),
    formatView(
      report({
        errnos: [
          { name: 'ENOENT', count: 1, syscalls: { stat: 1 }, normal: 0, why: [], paths: [{ path: evil, count: 1 }] },
        ],
      }),
      'errno',
      PLAIN,
    ),
    formatView(
      report({ threads: [{ ...SUMS, source: evil, tgid: 1, tid: 1, program: evil, busiest: evil }] }),
      'thread',
      PLAIN,
    ),
    formatView(
      report({
        containers: [{ ...SUMS, source: evil, container: evil, processes: 1, threads: 1, program: evil, exit: null }],
      }),
      'container',
      PLAIN,
    ),
    formatView(report({ histogram: { name: evil, calls: 0, bins: [] } }), 'histogram', PLAIN),
    formatView(
      report({ shown: { of: 'working', calls: 1, total_ns: 1, records: [{ ...RECORD, call: evil, comm: evil }] } }),
      'record',
      { ...PLAIN, width: 160 },
    ),
  ].join('');
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

it('a tab in a name is shown as such, and the columns behind it stand where they should', () => {
  const calls = ['a\tb', 'plain'].map((call) => ({ ...RECORD, call, comm: call }));
  const shown = { of: 'working' as const, calls: 2, total_ns: 2, records: calls };
  const lines = formatView(report({ shown }), 'record', { ...PLAIN, width: 160 }).split('\n');
  const [tabbed = '', plain = ''] = [String.raw`a\tb`, 'plain'].map((word) =>
    lines.find((line) => line.includes(word)),
  );
  expect(tabbed.lastIndexOf(String.raw`a\tb`)).toBe(plain.lastIndexOf('plain'));
});

const SOCKET = {
  source: 'boot.log',
  socket: 'socket:[1]',
  family: 'AF_INET',
  type: 'SOCK_STREAM',
  local: null,
  peer: '10.0.0.7:5000',
  calls: 1,
  errors: 0,
  connects: 0,
  connect_errors: {},
  accepted: 0,
  bytes_in: 0,
  bytes_out: 0,
};
it.each([
  ['one that connected', { connects: 1 }, 'to 10.0.0.7:5000'],
  ['one that was accepted', {}, 'from 10.0.0.7:5000'],
  ['one from before the log', { family: null, type: null }, 'with 10.0.0.7:5000'],
])('the peer of a socket is on the side that it was on: %s', (_, row, wanted) => {
  expect(formatView(report({ sockets: [{ ...SOCKET, ...row }] }), 'socket', PLAIN)).toContain(`  ${wanted}\n`);
});

it('rows that are not shown are counted', () => {
  const files = [1, 2, 3].map((n) => ({ ...FILE, path: `/f${n}` }));
  expect(formatView(report({ files }), 'file', PLAIN, 1)).toContain('2 more files not shown.');
});
