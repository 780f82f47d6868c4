/** Thresholds and sequences: by key, within a time of the log, told once and counted. */
import { describe, expect, it } from 'vitest';
import { findingsOf } from './scanning.js';

const open = (path: string, task = 1, result = '3 (0x3)'): string =>
  `[${String(task).padStart(4)}:${String(task).padStart(4)}] app X openat(AT_FDCWD /, 0x7f ${path}, O_RDONLY|0x0, 0o0) = ${result} (10µs)`;
const fails = (path: string, task = 1): string => open(path, task, '0 (0x0) errno=2 (no such file or directory)');

const THRESHOLD = `rules:
  - id: many
    title: Many files
    severity: low
    when: syscall == openat and ok
    message: 'many files'
    key: [pid]
    threshold: { by: [pid], within: 10s, count: 3 }
`;

describe('a threshold', () => {
  it.each([
    ['is reached', [open('/a'), open('/b'), open('/c')], [1]],
    ['is not reached', [open('/a'), open('/b')], []],
    ['is not reached by what does not fit', [open('/a'), fails('/b'), open('/c')], []],
    ['counts each key by itself', [open('/a', 1), open('/b', 2), open('/c', 1)], []],
    ['is reached by two keys', [1, 2].flatMap((task) => ['/a', '/b', '/c'].map((path) => open(path, task))), [1, 2]],
    ['forgets what is long ago', [open('/a'), '+9s', open('/b'), '+9s', open('/c')], []],
    ['holds within its time', [open('/a'), '+4s', open('/b'), '+4s', open('/c')], [1]],
  ])('%s', async (_, lines, pids) => {
    const findings = await findingsOf(THRESHOLD, lines.join('\n'));
    expect(findings.map(({ process }) => process.tgid).toSorted()).toEqual(pids);
  });

  it('counts different values', async () => {
    const rules = THRESHOLD.replace('count: 3', 'count: 3, distinct: { target: 3 }');
    expect(await findingsOf(rules, [open('/a'), open('/a'), open('/a'), open('/b')].join('\n'))).toEqual([]);
    expect(await findingsOf(rules, [open('/a'), open('/a'), open('/b'), open('/c')].join('\n'))).toHaveLength(1);
  });

  it('looks at a share of the different values', async () => {
    const rules = THRESHOLD.replace('and ok', '').replace(
      'count: 3',
      'count: 4, distinct: { target: 4 }, share: { when: errno == ENOENT, above: 0.6 }',
    );
    expect(await findingsOf(rules, [fails('/a'), fails('/b'), open('/c'), open('/d')].join('\n'))).toEqual([]);
    expect(await findingsOf(rules, [fails('/a'), fails('/b'), fails('/c'), open('/d')].join('\n'))).toHaveLength(1);
  });

  it('begins anew after a reset', async () => {
    const rules = THRESHOLD.replace('count: 3', 'count: 3, reset: { on: exit, when: errno == ENOENT }');
    expect(await findingsOf(rules, [open('/a'), open('/b'), fails('/x'), open('/c')].join('\n'))).toEqual([]);
  });
});

const SEQUENCE = `rules:
  - id: then
    title: One after the other
    severity: low
    message: 'then {target}'
    sequence:
      within: 10s
      same: [pid]
      steps:
        - when: syscall == openat and target == /first
        - when: syscall == openat and target == /second
`;

describe('a sequence', () => {
  it.each([
    ['in order', [open('/first'), open('/second')], 1],
    ['with others between', [open('/first'), open('/x'), open('/second')], 1],
    ['in the other order', [open('/second'), open('/first')], 0],
    ['the first step alone', [open('/first'), open('/first')], 0],
    ['of two processes', [open('/first', 1), open('/second', 2)], 0],
    ['too late', [open('/first'), '+11s', open('/second')], 0],
    ['just in time', [open('/first'), '+9s', open('/second')], 1],
  ])('%s', async (_, lines, count) => {
    expect(await findingsOf(SEQUENCE, lines.join('\n'))).toHaveLength(count);
  });

  it('cites its steps', async () => {
    const [finding] = await findingsOf(SEQUENCE, [open('/first'), open('/x'), open('/second')].join('\n'));
    expect(finding?.evidence.map(({ line }) => line).toSorted()).toEqual([1, 3]);
  });
});

it('equal findings are one, with a count and the times of the first and the last', async () => {
  const rules = `rules: [{ id: one, title: t, severity: low, when: syscall == openat, message: 'opened {target}' }]`;
  const findings = await findingsOf(rules, [open('/a'), open('/b'), '+5s', open('/a')].join('\n'));
  expect(findings.map(({ cause, count }) => [cause, count])).toEqual([
    ['opened /a', 2],
    ['opened /b', 1],
  ]);
  expect(findings[0]?.first?.slice(11, 19)).toBe('12:00:00');
  expect(findings[0]?.last?.slice(11, 19)).toBe('12:00:05');
});

it('what goes on after a threshold was reached is counted with it, to its last record', async () => {
  const lines = ['/a', '/b', '/c', '/d', '+2s', '/e'].map((one) => (one.startsWith('/') ? open(one) : one));
  const [finding] = await findingsOf(THRESHOLD, lines.join('\n'));
  expect(finding).toMatchObject({ count: 5, last: expect.stringContaining('T12:00:02') });
});

it('what shows at the end of the log is told with the record that shows it', async () => {
  const rules = `rules: [{ id: stuck, title: t, severity: low, on: stalled, when: not waits, message: 'stuck in {syscall}' }]`;
  const lines = ['[   1:   1] app E flock(0x3 /srv/lock, 0x2)', '+20s', open('/a', 2)].join('\n');
  const [finding] = await findingsOf(rules, lines);
  expect(finding).toMatchObject({ cause: 'stuck in flock', first: expect.stringContaining('T12:00:00') });
  expect(finding?.evidence.map(({ line, text }) => [line, text.includes('E flock(')])).toEqual([[1, true]]);
});

describe('what a finding explains', () => {
  const rules = (more: string): string => `rules:
  - id: whole
    title: t
    severity: medium
    message: 'whole {target}'
    variants: [{ when: target endsWith "/bad", severity: high }]
    when: syscall == openat and target startsWith "/whole"
${more}
  - id: part
    title: t
    severity: medium
    message: 'part {target}'
    variants: [{ when: target endsWith "/bad", severity: high }]
    when: syscall == openat and target startsWith "/part"
`;
  const fork = '[   1:   1] app X clone(0x1200011) = 2 (0x2) (10µs)';
  const causes = async (more: string, ...lines: readonly string[]): Promise<readonly string[]> =>
    (await findingsOf(rules(more), lines.join('\n'))).map(({ cause, parts }) => [cause, ...(parts ?? [])].join(' + '));

  it.each([
    ['in the same process', '    includes: [part]', [open('/whole'), open('/part')], ['whole /whole + part']],
    [
      'in a child, of includes',
      '    includes: [part]',
      [open('/whole'), fork, open('/part', 2)],
      ['whole /whole', 'part /part'],
    ],
    [
      'in a child, of explains',
      '    explains: [part]',
      [open('/whole'), fork, open('/part', 2)],
      ['whole /whole + part'],
    ],
    [
      'what is worse, of includes',
      '    includes: [part]',
      [open('/whole'), open('/part/bad')],
      ['part /part/bad', 'whole /whole'],
    ],
    [
      'of its own rule what is less',
      '    explains: [whole]',
      [open('/whole'), open('/whole/bad')],
      ['whole /whole/bad'],
    ],
    [
      'of its own rule what is the same',
      '    explains: [whole]',
      [open('/whole/a'), open('/whole/b')],
      ['whole /whole/a', 'whole /whole/b'],
    ],
  ])('%s', async (_, more, lines, wanted) => {
    expect(await causes(more, ...lines)).toEqual(wanted);
  });

  it('names a rule that there is', async () => {
    await expect(causes('    includes: [prat]', open('/whole'))).rejects.toThrow(
      /whole includes "prat", which is no rule/,
    );
  });
});

it('names the task that made a call', async () => {
  const rules = `rules:
  - { id: one, title: t, severity: low, when: comm == app and target == /a, message: '{comm} opens {target}' }
  - { id: other, title: t, severity: low, when: comm == sh and target == /a }
`;
  expect((await findingsOf(rules, open('/a'))).map(({ cause }) => cause)).toEqual(['app opens /a']);
});
