/** Which lines belong to which record: long records, raw newlines, crashes, bare copies of errors, lost messages. */
import { describe, expect, it } from 'vitest';
import { readSoundly } from '../events/conservation.js';
import { eventsOf } from '../tools/byte-source.js';
import { sample, samplesOf } from '../tools/samples.js';

const at = (site: string, letter = 'D'): string => `${letter}1123 22:27:15.478394       1 ${site}] `;

/** Kinds of the events of these lines, with how many lines each has. */
async function shapeOf(...lines: readonly string[]): Promise<readonly string[]> {
  const { events } = await readSoundly(Buffer.from(`${lines.join('\n')}\n`));
  return events.map(({ kind, message }) => `${kind} ${message.replace(/\n$/, '').split('\n').length}`);
}

const enter = `${at('strace.go:561', 'I')}[   1:   1] a E open(0x7f /x`;
const exit = `${at('strace.go:599', 'I')}[   1:   1] a X close(0x3 /x) = 0 (0x0) (1µs)`;

describe('a record', () => {
  it.each<[what: string, lines: readonly string[], shape: readonly string[]]>([
    ['of a spec', [`${at('specutils.go:80')}Spec:`, '{', '  "a": {', '  }', '}', exit], ['spec 5', 'syscall-exit 1']],
    [
      'of a seccomp program',
      [`${at('seccomp.go:180')}Seccomp program dump:`, '0: A <- sys', '278: pc += (A == 1) ? 0 : 139', '', exit],
      ['seccomp-dump 3', 'syscall-exit 1'],
    ],
    ['with a raw newline in a path', [enter, 'b, 0x0)', exit], ['syscall-enter 2', 'syscall-exit 1']],
    ['with an empty line in a path', [enter, '', 'b, 0x0)', exit], ['syscall-enter 3', 'syscall-exit 1']],
    ['with what looks like JSON in a path', [enter, '{"msg":"x"}, 0x0)', exit], ['syscall-enter 2', 'syscall-exit 1']],
    ['with what looks like a panic in a path', [enter, 'panic: x, 0x0)', exit], ['syscall-enter 2', 'syscall-exit 1']],
    [
      'of a Go panic',
      [
        exit,
        'panic: oops',
        '',
        'goroutine 1 gp=0xc0 m=0 mp=0x1 [running]:',
        'main.main()',
        '\t/x.go:1 +0x1',
        '',
        'goroutine 2 [x]:',
      ],
      ['syscall-exit 1', 'panic 7'],
    ],
    [
      'of goroutines behind a warning',
      [
        `${at('watchdog.go:1', 'W')}Sentry detected 1 stuck task(s):`,
        '\tTask tid: 3 (goroutine 57), entered RunSys state 3m0s ago.',
        ':',
        'goroutine 1 [running]:',
        'main.main()',
        exit,
      ],
      ['watchdog 5', 'syscall-exit 1'],
    ],
    [
      'of lost messages',
      [exit, '*** Dropped 17 log messages ***', exit],
      ['syscall-exit 1', 'dropped 1', 'syscall-exit 1'],
    ],
    [
      'of lost messages, behind their blank line',
      [exit, '', '*** Dropped 17 log messages ***', exit],
      ['syscall-exit 1', 'blank 1', 'dropped 1', 'syscall-exit 1'],
    ],
    [
      'of a fatal error, with its bare copy',
      [`${at('util.go:64', 'W')}FATAL ERROR: starting: EOF`, 'starting: EOF', exit],
      ['fatal 1', 'stderr 1', 'syscall-exit 1'],
    ],
    [
      'of a fatal error of two lines, with its bare copy',
      [`${at('util.go:64', 'W')}FATAL ERROR: hook:`, 'stderr: x', 'hook:', 'stderr: x', exit],
      ['fatal 2', 'stderr 2', 'syscall-exit 1'],
    ],
    [
      'of the helper that boot leaves behind',
      [exit, 'unable to read from the sync descriptor: 0, error EOF'],
      ['syscall-exit 1', 'stderr 1'],
    ],
    [
      'of JSON, with text between',
      ['{"msg":"a","level":"info","time":"t"}', 'plain', 'text', '{"msg":"b","level":"info","time":"t"}'],
      ['note 1', 'text 2', 'note 1'],
    ],
    [
      'of JSON, and its bare copy',
      ['{"msg":"FATAL ERROR: x: y","level":"warning","time":"t"}', 'x: y', '{"msg":"b","level":"info","time":"t"}'],
      ['fatal 1', 'stderr 1', 'note 1'],
    ],
    [
      'whose first line was cut off',
      ['tail of a record', 'and its next line', exit],
      ['continuation 2', 'syscall-exit 1'],
    ],
    ['whose last line was cut off', [exit, exit.slice(0, -6)], ['syscall-exit 1', 'note 1']],
    [
      'of one register',
      [`${at('task_log.go:1')}[   1:   1] Rax      = 00000000000000ff`, exit],
      ['dump 1', 'syscall-exit 1'],
    ],
    [
      'of mappings',
      [`${at('task_log.go:1')}[   1:   1] Mappings:`, 'VMAs:', '00400000-00401000 r-xp', 'PMAs:', '', exit],
      ['dump 4', 'syscall-exit 1'],
    ],
    ['of two processes in one file', [exit, exit.replace('     1 ', ' 24470 ')], ['syscall-exit 1', 'syscall-exit 1']],
  ])('%s', async (_, lines, shape) => {
    expect(await shapeOf(...lines)).toEqual(shape);
  });

  it('ends its lines as Windows does', async () => {
    const { events } = await readSoundly(Buffer.from(`${exit}\r\n${enter}\r\nb, 0x0)\r\n${exit}\r\n`));
    expect(events).toMatchObject([
      { kind: 'syscall-exit', name: 'close', message: exit.slice(exit.indexOf('[')) },
      { kind: 'syscall-enter', args: '0x7f /x\r\nb, 0x0' },
      { kind: 'syscall-exit' },
    ]);
  });
});

describe('in real logs', () => {
  it('seccomp dumps and specs are one event each', async () => {
    for (const { name, bytes } of samplesOf('healthy-text/')) {
      const { events } = await readSoundly(bytes, { name });
      for (const event of events.filter(({ kind }) => kind === 'spec')) expect(event.message).toMatch(/\n\}\n?$/);
      expect(
        events.filter(({ kind }) => ['unread', 'text', 'continuation'].includes(kind)),
        name,
      ).toEqual([]);
    }
  });

  it('names and paths with newlines stay in their records', async () => {
    for (const { name, bytes } of samplesOf('weird-bytes-text/')) {
      const { events } = await readSoundly(bytes, { name });
      expect(
        events.filter(({ kind }) => ['unread', 'text', 'continuation', 'panic'].includes(kind)),
        name,
      ).toEqual([]);
      if (!name.includes('boot')) continue;
      const long = events.filter((event) => event.kind === 'syscall-enter' && event.args.includes('\n'));
      expect(long.length, name).toBeGreaterThan(3);
    }
  });

  it('a panic runs to the end, and the goroutines of it are no events of their own', async () => {
    for (const part of [
      'panic-signal',
      'panic-syscall/',
      'panic-syscall-json',
      '20221219/go-traceback',
      '20240729/go-traceback',
    ]) {
      const kinds: string[] = [];
      for (const { name, bytes } of samplesOf(part)) {
        const { events } = await readSoundly(bytes, { name });
        kinds.push(...events.map(({ kind }) => kind));
      }
      expect(
        kinds.filter((kind) => kind === 'panic'),
        part,
      ).toHaveLength(1);
      expect(
        kinds.filter((kind) => kind === 'unread'),
        part,
      ).toEqual([]);
    }
  });

  it('runsc debug --stacks gives one event of goroutines', async () => {
    const found = await Promise.all(samplesOf('debug-stacks').map(({ name, bytes }) => readSoundly(bytes, { name })));
    const dumps = found.flatMap(({ events }) => events).filter(({ kind }) => kind === 'goroutines');
    expect(dumps).not.toEqual([]);
    for (const { message } of dumps) expect(message.match(/^goroutine /gm)?.length).toBeGreaterThan(5);
  });

  it('the error log is one event an error, with nothing between', async () => {
    const { events, reading } = await eventsOf(sample('release-20240729/exec-not-found/log.json').bytes);
    expect(events.map(({ kind }) => kind)).toEqual(['json-error', 'json-error']);
    expect(events.every(({ line }) => line === 1)).toBe(true);
    expect(reading.format).toBe('error-log');
  });

  it('a file that all processes share holds several banners', async () => {
    const { events } = await eventsOf(sample('healthy-mixed-file/runsc.log').bytes);
    expect(new Set(events.map(({ pid }) => pid)).size).toBeGreaterThan(2);
    const delimiters = events.filter((event) => event.kind === 'banner' && event.field === 'delimiter');
    expect(delimiters.length % 2).toBe(0);
    expect(delimiters.length).toBeGreaterThanOrEqual(6);
    expect(events.filter(({ kind }) => kind === 'unread')).toEqual([]);
  });
});
