/** What a call says of its files: the same from the bytes of rows, which are not decoded, as from events. */
import { describe, expect, it } from 'vitest';
import { findingsOf } from './scanning.js';

const rule = (id: string, when: string): string => `  - id: ${id}
    title: ${id}
    severity: low
    when: ${when}
    message: '${id} {target}'
`;
const RULES = `rules:
${rule('writes', 'writes')}${rule('folder', 'syscall == fsync and ok and directory')}${rule('exe', 'syscall in (open, openat) and reopens.exe')}${rule('dup', 'syscall == close and stdin.network or syscall == fcntl and ok and ret == 0')}${rule('gone', 'errno == ENOENT and syscall in (openat, stat)')}${rule('linked', 'syscall == fchown and ok and target under /real')}`;

const call = (text: string): string => `[   1:   1] app X ${text} (10µs)`;
const open = (path: string, flags: string, result = '3 (0x3)'): string =>
  call(`openat(AT_FDCWD /, 0x7f ${path}, ${flags}, 0o644) = ${result}`);

const LINES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['reads', [open('/a', 'O_RDONLY|O_CLOEXEC|0x0')], []],
  ['writes alone', [open('/a', 'O_WRONLY|0x0')], ['writes /a']],
  ['reads and writes', [open('/a', 'O_RDWR|O_NONBLOCK|0x0')], ['writes /a']],
  ['makes what it reads', [open('/a', 'O_RDONLY|O_CLOEXEC|O_CREAT|0x0')], ['writes /a']],
  ['empties', [open('/a', 'O_RDONLY|O_TRUNC|0x0')], ['writes /a']],
  ['has flags in its name', [open('/a, O_WRONLY|O_CREAT, 0o644', 'O_RDONLY|0x0')], []],
  ['has a temporary file', [open('/a', 'O_RDONLY|O_TMPFILE|0x0')], []],
  ['fails', [open('/a', 'O_RDONLY|0x0', '0 (0x0) errno=2 (no such file or directory)')], ['gone /a']],
  ['opens a folder', [open('/d', 'O_RDONLY|O_DIRECTORY|0x0'), call('fsync(0x3 /d) = 0 (0x0)')], ['folder /d']],
  ['opens with O_DIRECT', [open('/d', 'O_RDONLY|O_DIRECT|0x0'), call('fsync(0x3 /d) = 0 (0x0)')], []],
  ['opens an executable', [open('/proc/self/exe', 'O_RDONLY|0x0')], ['exe /proc/self/exe']],
  ['opens what is called so', [open('/srv/proc/self/exe', 'O_RDONLY|0x0')], []],
  [
    'follows a link as long as it is there',
    [
      call('symlink(0x7f /real, 0x7f /link) = 0 (0x0)'),
      call('fchown(0x3 /link/a, 0x0, 0x0) = 0 (0x0)'),
      call('unlink(0x7f /link) = 0 (0x0)'),
      call('fchown(0x3 /link/b, 0x0, 0x0) = 0 (0x0)'),
    ],
    [],
  ],
];

describe('what a stat prints', () => {
  const rules = `rules:\n${rule('folder', 'syscall == fchown and ok and directory')}${rule('fifo', 'syscall == fchown and ok and fifo')}`;
  const stat = (name: string, mode: string): string =>
    call(
      `stat(0x7f ${name}, 0x7f {dev=1, ino=1, mode=${mode}|0o644, atime=2026-11-23 22:49:16.5 +0000 UTC}) = 0 (0x0)`,
    );
  const of = async (name: string, mode: string): Promise<readonly string[]> => {
    const lines = [stat(name, mode), call(`fchown(0x3 ${name}, 0x0, 0x0) = 0 (0x0)`)].join('\n');
    const rows = (await findingsOf(rules, lines)).map(({ cause }) => cause);
    expect((await findingsOf(rules, lines, { where: () => true })).map(({ cause }) => cause)).toEqual(rows);
    return rows;
  };
  it('says what a file is', async () => {
    expect(await of('/a', 'S_IFDIR')).toEqual(['folder /a']);
    expect(await of('/a', 'S_IFIFO')).toEqual(['fifo /a']);
    expect(await of('/a', 'S_IFREG')).toEqual([]);
  });
  it('is not what the file is called', async () => {
    expect(await of('/{mode=S_IFDIR', 'S_IFREG')).toEqual([]);
  });
});

it('a log that is sent elsewhere was not written', async () => {
  const rules = `rules:
  - id: emptied
    title: Emptied
    severity: low
    on: emptied
    when: target under /var/log
    message: '{target}'
`;
  const lines = (sends: string): string =>
    [
      'EXEC: [/bin/sh]',
      open('/var/log/a', 'O_WRONLY|O_CREAT|O_TRUNC|0x0'),
      call(sends),
      '[   1:   1] app E exit_group(0x0)',
    ].join('\n');
  const count = async (sends: string): Promise<number> => (await findingsOf(rules, lines(sends))).length;
  expect(await count('sendfile(0x1 pipe:[2], 0x3 /var/log/a, 0x0, 0x10) = 5 (0x5)')).toBe(1);
  expect(await count('sendfile(0x3 /var/log/a, 0x1 pipe:[2], 0x0, 0x10) = 5 (0x5)')).toBe(0);
  expect(await count('copy_file_range(0x3 /var/log/a, 0x0, 0x4 /b, 0x0, 0x10, 0x0) = 5 (0x5)')).toBe(1);
  expect(await count('copy_file_range(0x4 /b, 0x0, 0x3 /var/log/a, 0x0, 0x10, 0x0) = 5 (0x5)')).toBe(0);
});

describe('an open that', () => {
  it.each(LINES)('%s', async (_, lines, causes) => {
    const rows = await findingsOf(RULES, lines.join('\n'));
    const events = await findingsOf(RULES, lines.join('\n'), { where: () => true });
    expect(rows.map(({ cause }) => cause)).toEqual(events.map(({ cause }) => cause));
    expect(rows.map(({ cause }) => cause).filter((cause) => !cause.startsWith('linked'))).toEqual(causes);
  });
});

it('leads elsewhere once a link is there, and back once it is gone', async () => {
  const rules = `rules:\n${rule('real', 'syscall == stat and ok and target under /real')}`;
  const stat = call('stat(0x7f /link/a, 0x7f {dev=1, ino=1, mode=S_IFREG|0o644}) = 0 (0x0)');
  const link = call('symlink(0x7f /real, 0x7f /link) = 0 (0x0)');
  const unlink = call('unlink(0x7f /link) = 0 (0x0)');
  const counted = async (...lines: readonly string[]): Promise<number> =>
    (await findingsOf(rules, lines.join('\n')))[0]?.count ?? 0;
  expect(await counted(stat, link, stat)).toBe(1);
  expect(await counted(stat, link, stat, stat, unlink, stat)).toBe(2);
  expect(await counted(link, stat, unlink, stat, link, stat)).toBe(2);
});

it('only what fits is told of, and what goes before counts', async () => {
  const lines = [open('/a', 'O_WRONLY|0x0'), open('/b', 'O_WRONLY|0x0')].join('\n');
  const where = (event: { readonly line: number }): boolean => event.line === 2;
  expect((await findingsOf(RULES, lines, { where })).map(({ cause }) => cause)).toEqual(['writes /b']);
});
