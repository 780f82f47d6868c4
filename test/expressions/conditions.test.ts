/** Conditions on records: what they let pass, and that a wrong one shows its place. */
import { describe, expect, it } from 'vitest';
import { compileCondition, ExpressionError } from '../../src/expressions/compile.js';
import { FIELDS } from '../../src/expressions/fields.js';
import { filterOf } from '../../src/filter.js';
import type { LogEvent } from '../../src/model/event.js';
import { nearest } from '../../src/nearest.js';
import { readEvents } from '../../src/pipeline.js';

const LOG = `I0410 10:00:00.100000       5 strace.go:605] [   1:   2] web X openat(AT_FDCWD /srv, 0x7f /etc/web.conf, O_RDONLY|0x0, 0o0) = 0 (0x0) errno=2 (no such file or directory) (5.5ms)
I0410 10:00:01.100000       5 strace.go:605] [   7:   7] sh X read(0x3 /tmp/a, 0x7f "x", 0x10) = 16 (0x10) (800ns)
I0410 10:00:02.100000       5 strace.go:605] [   7:   7] sh X rename(0x7f /a, 0x7f /b) = 0 (0x0) (2s)
W0410 10:00:03.100000       5 boot.go:1] Something is odd
`;
async function* pipe(): AsyncGenerator<Buffer> {
  yield Buffer.from(LOG);
}
async function linesThat(condition: string): Promise<readonly number[]> {
  const pathsOf = (await filterOf({ where: condition }))?.passes ?? (() => false);
  const lines: number[] = [];
  for await (const event of readEvents(pipe(), { where: pathsOf })) lines.push(event.line);
  return lines;
}

describe('lets pass what fits', () => {
  it.each([
    ['syscall == openat', [1]],
    ['syscall in (openat, rename)', [1, 3]],
    ['syscall not in (openat, rename)', [2, 4]],
    ['errno == ENOENT', [1]],
    ['errno == 2', [1]],
    ['errno exists', [1]],
    ['duration > 5ms', [1, 3]],
    ['duration <= 0.8us', [2]],
    ['duration >= 2s and not comm == "web"', [3]],
    ['path startsWith "/etc"', [1]],
    ['path == "/srv"', [1]],
    ['path == "/b"', [3]],
    ['path != "/b"', [1, 2]],
    ['path matches "^/t.p"', [2]],
    ['ret == 0x10', [2]],
    ['pid == 7 or tid == 2', [1, 2, 3]],
    ['(pid == 7 or tid == 2) and comm == sh', [2, 3]],
    ['pid == 7 or tid == 2 and comm == sh', [2, 3]],
    ['not not kind == warning', [4]],
    ['level >= warning', [4]],
    ['message contains "odd"', [4]],
    ["message endsWith 'odd'", [4]],
    ['time >= 2026-04-10T10:00:02', [3, 4]],
    ['time >= "10:00:02"', [3, 4]],
    ['time > 10:00:01 and time < 10:00:03', [3]],
    ['path under /etc', [1]],
    ['path under (/etc, "/b")', [1, 3]],
    ['message imatches "ODD"', [4]],
    ['line < 3', [1, 2]],
    ['site =~ "^boot"', [4]],
  ])('%s', async (condition, lines) => {
    expect(await linesThat(condition)).toEqual(lines);
  });
});

describe('shows where a condition is wrong', () => {
  it.each([
    ['sycall == open', 0, 6, /unknown field "sycall"/],
    ['syscall = open', 8, 9, /no part of a condition/],
    ['errno == ENOPE', 9, 14, /ENOPE is no errno/],
    ['duration > 5', 11, 12, /needs a unit/],
    ['duration > 5parsecs', 11, 19, /needs a unit/],
    ['ret contains 3', 0, 3, /is a number: contains is for texts/],
    ['comm < sh', 0, 4, /is a text: < is for numbers/],
    ['level == loud', 9, 13, /is no level/],
    ['path matches "("', 13, 16, /no regular expression/],
    ['errno == ', 9, 10, /ends where a value/],
    ['(errno == 2', 11, 12, /ends where/],
    ['errno == 2 errno == 3', 11, 16, /"and" or "or" is expected/],
    ['comm == "sh', 8, 9, /a quote is not closed/],
    ['', 0, 1, /ends where the name of a field/],
  ])('%s', async (condition, from, to, message) => {
    const error = await compileCondition(condition, () => [], nearest).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(ExpressionError);
    expect((error as ExpressionError).message).toMatch(message);
    expect((error as ExpressionError).place).toMatchObject({ from, to });
  });
});

it('marks the piece and names the field that is meant', async () => {
  const error = (await compileCondition('sycall == open', () => [], nearest).catch(
    (one: unknown) => one,
  )) as ExpressionError;
  expect(error.text).toMatch(/^ {2}sycall == open\n {2}\^{6} {2}did you mean "syscall"\? Fields: /);
});

it.each([
  ['errno = ENOENT', '=='],
  ['pid == 1 && errno == 2', 'and'],
  ['pid == 1 || errno == 2', 'or'],
  ['!(pid == 1)', 'not'],
  ['comm ~ sh', 'matches'],
])('says what a sign of another language is here: %s', async (condition, meant) => {
  const error = await compileCondition(condition, () => [], nearest).catch((one: unknown) => one);
  expect((error as ExpressionError).text).toMatch(new RegExp(`\\^  did you mean "${meant}"\\?$`));
});

it('splits the arguments only for conditions that need them', async () => {
  let asked = 0;
  const count = (): readonly string[] => (asked++, []);
  const call = { kind: 'syscall-exit', name: 'read', args: '', comm: 'sh' } as unknown as LogEvent;
  (await compileCondition('syscall == open and path == "/x"', count))(call);
  expect(asked).toBe(0);
  (await compileCondition('syscall == read and path == "/x"', count))(call);
  expect(asked).toBe(1);
});

it.each(['('.repeat(5000), `${'not '.repeat(3000)}pid == 1`, 'pid == 1 or '.repeat(700), '"'.repeat(9999)])(
  'a hostile condition ends in an error, not in a crash: %#',
  async (condition) => {
    await expect(compileCondition(condition, () => [])).rejects.toBeInstanceOf(ExpressionError);
  },
);

it('every field says what it is', () => {
  for (const { says } of FIELDS) expect(says.length).toBeGreaterThan(3);
});

describe('times', () => {
  it.each([
    [{ since: '10:00:01', until: '10:00:02' }, [2]],
    [{ since: '2026-04-10T10:00:02' }, [3, 4]],
    [{ until: '+1500ms' }, [1, 2]],
    [{ since: '+2s', comm: 'sh' }, [3]],
    [{ syscall: 'read,rename', pid: 7 }, [2, 3]],
    [{ errno: 'ENOENT,EPERM' }, [1]],
  ])('%o', async (options, lines) => {
    const filter = await filterOf(options);
    const found: number[] = [];
    for await (const event of readEvents(pipe(), { where: filter?.passes ?? (() => false) })) found.push(event.line);
    expect(found).toEqual(lines);
    expect(filter).toMatchObject({ seen: 4, passed: lines.length });
  });

  it('refuses what is no time, and says what is', async () => {
    await expect(filterOf({ since: 'yesterday' })).rejects.toThrow('--since yesterday is no time');
    await expect(filterOf({ since: '25:99' })).rejects.toThrow('--since 25:99 is no time');
    await expect(filterOf({ until: '10:61' })).rejects.toThrow('--until 10:61 is no time');
  });
});
