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

it('what a threshold counted was seen from its first record on', async () => {
  const lines = [open('/a'), '+2s', open('/b'), '+2s', open('/c'), '+2s', open('/d')];
  const [finding] = await findingsOf(THRESHOLD, lines.join('\n'));
  expect(finding).toMatchObject({ count: 4, first: expect.stringContaining('T12:00:00') });
  const times = finding?.evidence.map(({ time }) => time).toSorted();
  expect([finding?.first, finding?.last?.slice(0, 19)]).toEqual([times?.[0], expect.stringContaining('T12:00:06')]);
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

/** Of a file without rules: the built-in ones alone. */
const NO_RULES = 'lists: { none: nothing }';

/** What the built-in rules say of lines. */
const builtIn = async (lines: readonly string[], only: string): Promise<readonly string[]> =>
  (await findingsOf(NO_RULES, lines.join('\n'), { onlyOwn: false, only: [only] })).map(
    ({ severity, count }) => `${severity} ${count}`,
  );
const tagged = (pid: number): string => `[${String(pid).padStart(4)}:${String(pid).padStart(4)}]`;

describe('what happened once is counted once', () => {
  const replaces = (pid: number, names: readonly string[]): readonly string[] =>
    names.flatMap((name) => [
      `${tagged(pid)} python3 X openat(AT_FDCWD /, 0x7f /srv/docs/${name}, O_RDWR|O_CLOEXEC, 0o0) = 3 (0x3) (1µs)`,
      `${tagged(pid)} python3 X rename(0x7f /srv/docs/${name}, 0x7f /srv/docs/${name}.locked) = 0 (0x0) (1µs)`,
    ]);
  const names = (prefix: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, at) => `${prefix}${at}.txt`);
  const fork = (child: number, parent = 1): string => `${tagged(parent)} python3 X fork() = ${child} (0x0) (1µs)`;

  it.each([
    ['by one process', [fork(2), ...replaces(2, names('a', 12))]],
    ['by several of one parent', [2, 3, 4].flatMap((pid) => [fork(pid), ...replaces(pid, names(`p${pid}-`, 4))])],
    ['by a process and its children', [...replaces(1, names('a', 6)), fork(2), ...replaces(2, names('b', 6))]],
    ['by its children and it', [fork(2), ...replaces(2, names('b', 6)), ...replaces(1, names('a', 6))]],
    [
      'by a child and what it forks',
      [fork(2), ...replaces(2, names('a', 6)), fork(3, 2), ...replaces(3, names('b', 6))],
    ],
  ])('files that are replaced %s', async (_, lines) => {
    expect(await builtIn(['EXEC: [python3 /srv/e.py]', ...lines], 'mass-encrypt')).toEqual(['critical 12']);
  });

  const DEATH = [
    '[   1:   1] Signal 11: terminating thread group',
    'Uncaught signal: "segmentation fault" (11), PID: 1, TID: 1, fault addr: 0x0',
  ];
  it.each([
    ['told twice', DEATH],
    ['told without records of debug level', DEATH.slice(1)],
    ['told by a new release', ['[   1:   1] Signal 11, PID: 1, TID: 1, fault addr: 0x0: terminating thread group']],
  ])('a death that is %s', async (_, lines) => {
    const first = ['EXEC: [/usr/bin/sv]', '[   1:   1] sv X getpid() = 1 (0x1) (1µs)'];
    expect(await builtIn([...first, ...lines], 'fatal-signal')).toEqual(['high 1']);
    const [finding] = await findingsOf(NO_RULES, [...first, ...lines].join('\n'), {
      onlyOwn: false,
      only: ['fatal-signal'],
    });
    expect(finding?.evidence.map(({ line }) => line)).toEqual(expect.arrayContaining(lines.map((__, at) => at + 3)));
  });

  it('a burst that reaches several thresholds', async () => {
    const started = ['whoami', 'w', 'ip', 'ss', 'mount', 'arp', 'last', 'dmesg', 'route'].flatMap((name, at) => [
      `[   1:   1] sh X vfork() = ${at + 2} (0x0) (1µs)`,
      `${tagged(at + 2)} sh X execve(0x7f /usr/bin/${name}, 0x7f ["${name}"], 0x7f []) = 0 (0x0) (1µs)`,
    ]);
    expect(await builtIn(['EXEC: [/bin/sh /entry.sh]', ...started], 'recon-burst')).toEqual(['medium 9']);
  });

  it('a backup of /etc is one finding of low', async () => {
    const lines = [
      '',
      '/ssh/ssh_host_rsa_key',
      '/ssh/ssh_host_ed25519_key',
      '/gshadow',
      '/gshadow-',
      '/shadow',
      '/shadow-',
    ];
    const reads = lines.map(
      (path) => `[   2:   2] tar X openat(AT_FDCWD /, 0x7f /etc${path}, O_RDONLY|O_CLOEXEC, 0o0) = 3 (0x3) (1µs)`,
    );
    const exec =
      '[   2:   2] sh X execve(0x7f /usr/bin/tar, 0x7f ["tar", "czf", "/srv/etc.tgz", "/etc"], 0x7f []) = 0 (0x0) (1µs)';
    const findings = await findingsOf(NO_RULES, [exec, ...reads].join('\n'), { onlyOwn: false, minSeverity: 'low' });
    expect(findings.map(({ rule, severity, count }) => `${severity} ${rule} ${count}`)).toEqual(['low shadow-read 4']);
  });
});
