/** The time line and the histogram as text: a row of blocks, bars, and no more rows than a page has. */
import { expect, it } from 'vitest';
import { formatSummary } from '../../src/formats/summary.js';
import { PLAIN } from '../../src/formats/layout.js';
import { bar, sparkline } from '../../src/formats/sparkline.js';
import type { SecondRow, SummaryReport } from '../../src/model/report.js';

const span = (after: number, calls: number): SecondRow => ({
  time: `22:${String(Math.floor(after / 60)).padStart(2, '0')}:${String(after % 60).padStart(2, '0')}`,
  after,
  calls,
  errors: 0,
  total_ns: calls,
  waiting_ns: 0,
  busiest: 'openat',
});
const report = (more: Partial<SummaryReport>): SummaryReport => ({
  schema: 'runsight/summary@1',
  totals: { calls: 10, errors: 0, normal_errors: 0, total_ns: 5 },
  syscalls: [],
  classes: [],
  errnos: [],
  reading: [],
  ...more,
});

it('a glyph is as high as its count, and none is a blank', () => {
  expect(sparkline([0, 1, 4, 8])).toBe(' ▁▄█');
  expect(sparkline([0, 1, 800], true)).toBe(' _#');
  expect(bar(1, 4)).toBe('████');
  expect(bar(0.0001, 4)).toBe('▏');
  expect(bar(0, 4)).toBe('');
});

it('seconds without a call are gaps of the time line', () => {
  const spans = [span(0, 1), span(3, 2)];
  const text = formatSummary(report({ seconds: { width: 1, timeless: 0, spans } }), 'second', 'table', PLAIN);
  expect(text).toContain('22:00:00  ▄  █  calls, a second each');
});

it('an hour is a page, and loses no call; CSV has every second', () => {
  const spans = Array.from({ length: 3600 }, (_, after) => span(after, 1));
  const value = report({ seconds: { width: 1, timeless: 0, spans } });
  const rows = formatSummary(value, 'second', 'table', PLAIN)
    .split('\n')
    .filter((line) => /^22:\d\d:\d\d +\d/.test(line));
  expect(rows.length).toBe(60);
  expect(rows.reduce((sum, line) => sum + Number(line.split(/ +/)[1]), 0)).toBe(3600);
  expect(formatSummary(value, 'second', 'csv', PLAIN).split('\r\n').length).toBe(3602);
});

it('a histogram parts a power of two where all calls are alike', () => {
  const bins = [
    { from_ns: 1024, to_ns: 1088, calls: 3, waiting: 0, cumulative: 0.75 },
    { from_ns: 1088, to_ns: 1152, calls: 1, waiting: 0, cumulative: 1 },
  ];
  const text = formatSummary(report({ histogram: { name: 'read', calls: 4, bins } }), 'histogram', 'csv', PLAIN);
  expect(text).toBe(
    'from_ns,to_ns,calls,waiting,share,cumulative\r\n1024,1088,3,0,0.75,0.75\r\n1088,1152,1,0,0.25,1\r\n',
  );
});

it('without times it says which flag adds them', () => {
  const timeless = { width: 1, timeless: 10, spans: [] };
  expect(formatSummary(report({ seconds: timeless }), 'second', 'table', PLAIN)).toContain('strace with -t');
  const histogram = { name: 'read', calls: 4, bins: [] };
  expect(formatSummary(report({ histogram }), 'histogram', 'table', PLAIN)).toContain('strace with -T');
});
