/** The views of a workload: processes, files, sockets and failing paths, on logs that are small enough to count by hand. */
import { expect, it } from 'vitest';
import { summarize } from '../../src/summarize.js';

async function* pipe(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
const HEAD = 'I0410 10:00:00.100000       5';
const call = (tag: string, name: string, args: string, result: string): string =>
  `${HEAD} strace.go:567] [${tag}] app E ${name}(${args})\n${HEAD} strace.go:605] [${tag}] app X ${name}(${args}) = ${result}\n`;
const ok = (value: number, time = '10ns'): string => `${value} (0x${value.toString(16)}) (${time})`;
const fails = (errno: number, time = '10ns'): string => `0 (0x0) errno=${errno} (some text) (${time})`;
const note = (text: string): string => `${HEAD} kernel.go:839] ${text}\n`;

async function viewsOf(text: string) {
  const { report } = await summarize(pipe(text));
  const { processes = [], files = [], sockets = [], errnos } = report;
  const file = (path: string) => files.find((one) => 'path' in one && one.path === path);
  return { processes, files, sockets, errnos, file };
}

it('a file is counted by its absolute path, however it is named', async () => {
  const { file, files } = await viewsOf(
    call('   1:   1', 'openat', 'AT_FDCWD /srv/app, 0x7f ../etc/./web.conf, O_RDONLY, 0o0', ok(3)) +
      call('   1:   1', 'read', '0x3 /srv/etc/web.conf, 0x7f "x"..., 0x1000', ok(512)) +
      call('   1:   1', 'stat', '0x7f ../etc/web.conf, 0x7f', fails(13)) +
      call('   1:   1', 'write', '0x3 /srv/etc/web.conf (deleted), 0x7f "x", 0x1', ok(1)) +
      call('   1:   1', 'openat', '0x4 /srv/etc, 0x7f gone, O_RDONLY, 0o0', fails(2)),
  );
  expect(file('/srv/etc/web.conf')).toMatchObject({ calls: 4, errors: 1, opens: 1, bytes_read: 512, bytes_written: 1 });
  expect(file('/srv/etc/gone')).toMatchObject({ calls: 1, errors: 1, open_errors: 1 });
  expect(files).toHaveLength(2);
});

it.each(['/srv/a, 0x7f00', '/srv/a, 0x7f00 b', '/srv/a, 0x3 /etc/passwd'])(
  'a name that holds what looks like an argument is one file: %s',
  async (odd) => {
    const { files } = await viewsOf(
      call('   1:   1', 'openat', `AT_FDCWD /, 0x7f11 ${odd}, O_RDWR|O_CREAT, 0o644`, ok(3)) +
        call('   1:   1', 'read', `0x3 ${odd}, 0x7f22 "abc", 0x3`, ok(3)) +
        call('   1:   1', 'fstat', `0x3 ${odd} (deleted), 0x7f22`, ok(0)) +
        call('   1:   1', 'rename', `0x7f11 ${odd}, 0x7f22 /srv/plain`, ok(0)) +
        call('   1:   1', 'link', `0x7f11 /srv/plain, 0x7f22 ${odd}`, ok(0)) +
        call('   1:   1', 'openat', `0x3 ${odd}, 0x7f11 c.txt, O_RDONLY|0x0, 0o0`, ok(4)) +
        call('   1:   1', 'openat', `AT_FDCWD ${odd}, 0x7f11 d.txt, O_RDONLY|0x0, 0o0`, ok(4)) +
        call('   1:   1', 'sendfile', `0x5 ${odd}, 0x6 /srv/plain, 0x0, 0x1000`, ok(7)) +
        call('   1:   1', 'copy_file_range', `0x5 ${odd}, 0x0, 0x6 /srv/plain, 0x0, 0x1000, 0x0`, ok(9)) +
        call('   1:   1', 'close', `0x3 ${odd}`, ok(0)),
    );
    const counts = files.map((one) => ('path' in one ? [one.path, one.calls, one.bytes_read, one.bytes_written] : []));
    expect(counts.toSorted()).toEqual(
      [
        [odd, 8, 12, 7],
        [`${odd}/c.txt`, 1, 0, 0],
        [`${odd}/d.txt`, 1, 0, 0],
        ['/srv/plain', 4, 7, 9],
      ].toSorted(),
    );
  },
);

it('of a file the slowest call is told, of equals the first by name', async () => {
  const { file } = await viewsOf(
    call('   1:   1', 'read', '0x3 /slow, 0x7f "x"..., 0x10', ok(1, '30ns')) +
      call('   1:   1', 'write', '0x3 /slow, 0x7f "x", 0x1', ok(1, '20ns')) +
      call('   1:   1', 'fstat', '0x3 /slow, 0x7f', ok(0, '30ns')) +
      call('   1:   1', 'fstat', '0x3 /other, 0x7f', ok(0, '5ns')),
  );
  expect(file('/slow')).toMatchObject({ total_ns: 80, max_ns: 30, slowest: 'fstat' });
  expect(file('/other')).toMatchObject({ max_ns: 5, slowest: 'fstat' });
});

it('a copy reads one side and writes the other, whichever of them are files or sockets', async () => {
  const { file, sockets } = await viewsOf(
    call('   1:   1', 'sendfile', '0x1 pipe:[2], 0x3 /a, 0x0, 0x1000', ok(1)) +
      call('   1:   1', 'sendfile', '0x4 /b, 0x3 pipe:[2], 0x0, 0x1000', ok(10)) +
      call('   1:   1', 'sendfile', '0x4 /c, 0x3 /d, 0x0, 0x1000', ok(100)) +
      call('   1:   1', 'sendfile', '0x4 /e, 0x3 /memfd:x, 0x0, 0x1000', ok(1000)) +
      call('   1:   1', 'sendfile', '0x5 socket:[1], 0x3 /f, 0x0, 0x1000', ok(3)) +
      call('   1:   1', 'splice', '0x5 socket:[1], 0x0, 0x3 /g, 0x0, 0x1000, 0x0', ok(30)) +
      call('   1:   1', 'splice', '0x3 /h, 0x0, 0x1 pipe:[2], 0x0, 0x1000, 0x0', ok(300)) +
      call('   1:   1', 'copy_file_range', '0x3 /i, 0x0, 0x4 /j, 0x0, 0x1000, 0x0', ok(7)) +
      call('   1:   1', 'sendfile', '0x5 socket:[1], 0x3 /k, 0x0, 0x1000', fails(11)) +
      call('   1:   1', 'sendfile', '0x4 /l, 0x3 /l, 0x0, 0x1000', ok(20)) +
      call('   1:   1', 'copy_file_range', '0x3 /m, 0x0, 0x4 /m, 0x0, 0x1000, 0x0', ok(40)),
  );
  const moved = [...'abcdefghijklm'].map((name) => {
    const { bytes_read: read = -1, bytes_written: written = -1 } = file(`/${name}`) ?? {};
    return `${name} ${read} ${written}`;
  });
  expect(moved).toEqual([
    'a 1 0',
    'b 0 10',
    'c 0 100',
    'd 100 0',
    'e 0 1000',
    'f 3 0',
    'g 0 30',
    'h 300 0',
    'i 7 0',
    'j 0 7',
    'k 0 0',
    'l 20 20',
    'm 40 40',
  ]);
  expect(sockets).toMatchObject([{ calls: 3, errors: 1, bytes_in: 30, bytes_out: 3 }]);
});

it('files are listed as long as all are held', async () => {
  const many = Array.from({ length: 3000 }, (_, n) => call('   1:   1', 'stat', `0x7f /f/${n}, 0x7f`, ok(0)));
  const { files } = await viewsOf(many.join(''));
  expect(files).toHaveLength(3000);
});

it('sockets, pipes and the texts of links and attributes are no files; a call counts once for each file', async () => {
  const { files } = await viewsOf(
    call('   1:   1', 'read', '0x3 pipe:[4], 0x7f, 0x10', ok(0)) +
      call('   1:   1', 'symlink', '0x7f /target, 0x7f /link', ok(0)) +
      call('   1:   1', 'getxattr', '0x7f /file, 0x7f user.note, 0x0, 0x0', fails(61)) +
      call('   1:   1', 'rename', '0x7f /same, 0x7f /same', ok(0)) +
      call('   1:   1', 'fstat', '0x3 /memfd:x, 0x7f', ok(0)),
  );
  expect(files.map((one) => ('path' in one ? [one.path, one.calls] : one)).toSorted()).toEqual([
    ['/file', 1],
    ['/link', 1],
    ['/same', 1],
  ]);
});

it('a process has the program of its last exec, before that of its parent, and the status of its exit_group', async () => {
  const { processes } = await viewsOf(
    note('EXEC: [/bin/sh -c run]') +
      call('   1:   1', 'fork', '', ok(7)) +
      call('   7:   7', 'getpid', '', ok(7)) +
      call('   1:   1', 'fork', '', ok(8)) +
      call('   8:   8', 'execve', '0x7f tool, 0x7f ["tool", "-x"], 0x7f []', fails(2)) +
      call('   8:   8', 'chdir', '0x7f /opt', ok(0)) +
      call('   8:   8', 'execve', '0x7f ./tool, 0x7f ["tool", "-x"], 0x7f []', ok(0)) +
      `${HEAD} strace.go:561] [   8:   8] tool E exit_group(0x103)\n` +
      `${HEAD} task_signals.go:204] [   7:   7] Signal 9, PID: 7, TID: 7, fault addr: 0x0: terminating thread group\n`,
  );
  expect(processes.toSorted((a, b) => (a.tgid ?? 0) - (b.tgid ?? 0))).toMatchObject([
    { tgid: 1, parent: null, program: '/bin/sh', argv: null, exit: null, calls: 2 },
    { tgid: 7, parent: 1, program: '/bin/sh', exit: { signal: 'SIGKILL' } },
    { tgid: 8, parent: 1, program: '/opt/tool', argv: ['tool', '-x'], exit: { status: 3 }, calls: 3, errors: 1 },
  ]);
});

it('a child whose records come before the fork returns is still its child', async () => {
  const { processes } = await viewsOf(
    call('   3:   3', 'getpid', '', ok(3)) + call('   2:   2', 'clone', 'CLONE_VM|SIGCHLD, 0x0, 0x0, 0x0, 0x0', ok(3)),
  );
  expect(processes.find(({ tgid }) => tgid === 3)?.parent).toBe(2);
});

it('threads are counted, waiting is told from working', async () => {
  const { processes } = await viewsOf(
    call('   1:   1', 'futex', '0x4b, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, 0x0, null, 0x0, 0x0', ok(0, '2s')) +
      call('   1:   2', 'futex', '0x4b, FUTEX_WAKE|FUTEX_PRIVATE_FLAG, 0x1, null, 0x0, 0x0', ok(1, '1ms')) +
      call('   1:   2', 'read', '0x3 pipe:[4], 0x7f "x", 0x10', ok(1, '3s')) +
      call('   1:   2', 'read', '0x3 /file, 0x7f "x", 0x10', ok(1, '4s')),
  );
  expect(processes).toMatchObject([{ threads: 2, waiting_ns: 5e9, total_ns: 9.001e9 }]);
});

it('a socket has the family of the call that made it, its peer, and what came of its connect', async () => {
  const { sockets } = await viewsOf(
    call('   1:   1', 'socket', 'AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0x0', ok(5)) +
      call(
        '   1:   1',
        'connect',
        '0x5 socket:[9], 0x7f {Family: AF_INET, Addr: 10.0.0.2, Port: 80}, 0x10',
        fails(115),
      ) +
      call(
        '   1:   1',
        'getsockopt',
        '0x5 socket:[9], SOL_SOCKET, SO_ERROR, 0x7f {value=111}, 0x7f {length=4}',
        ok(0),
      ) +
      call('   1:   1', 'write', '0x5 socket:[9], 0x7f "hi", 0x2', ok(2)),
  );
  expect(sockets).toMatchObject([
    {
      socket: 'socket:[9]',
      family: 'AF_INET',
      type: 'SOCK_STREAM',
      peer: '10.0.0.2:80',
      calls: 3,
      connects: 1,
      connect_errors: { ECONNREFUSED: 1 },
      bytes_out: 2,
    },
  ]);
});

it('a socket without a name has none, though it was asked for it', async () => {
  const unnamed = '0x7f {Family: AF_UNIX, Addr: ""}, 0x7f {length=2}';
  const { sockets } = await viewsOf(
    call('   1:   1', 'connect', '0x5 socket:[9], 0x7f {Family: AF_UNIX, Addr: "/run/l.sock"}, 0xe', ok(0)) +
      call('   1:   1', 'getsockname', `0x5 socket:[9], ${unnamed}`, ok(0)) +
      call('   1:   1', 'getpeername', `0x6 socket:[10], ${unnamed}`, ok(0)),
  );
  expect(sockets).toMatchObject([
    { local: null, peer: '/run/l.sock' },
    { local: null, peer: null },
  ]);
});

it('an accepted socket has the family of its listener and the address of its peer', async () => {
  const { sockets } = await viewsOf(
    call('   1:   1', 'socket', 'AF_INET, SOCK_STREAM, 0x0', ok(3)) +
      call('   1:   1', 'bind', '0x3 socket:[1], 0x7f {Family: AF_INET, Addr: , Port: 80}, 0x10', ok(0)) +
      call(
        '   1:   1',
        'accept4',
        '0x3 socket:[1], 0x7f {Family: AF_INET, Addr: 10.0.0.9, Port: 5000}, 0x7f {length=16}, 0x0',
        ok(4),
      ) +
      call('   1:   1', 'read', '0x4 socket:[2], 0x7f "hello", 0x10', ok(5)),
  );
  expect(sockets.find(({ socket }) => socket === 'socket:[1]')).toMatchObject({ local: '0.0.0.0:80', accepted: 1 });
  expect(sockets.find(({ socket }) => socket === 'socket:[2]')).toMatchObject({
    family: 'AF_INET',
    type: 'SOCK_STREAM',
    peer: '10.0.0.9:5000',
    bytes_in: 5,
  });
});

it('errors list the paths that failed', async () => {
  const { errnos } = await viewsOf(
    call('   1:   1', 'access', '0x7f /a, 0o4', fails(2)) +
      call('   1:   1', 'access', '0x7f /a, 0o4', fails(2)) +
      call('   1:   1', 'access', '0x7f /b, 0o4', fails(2)),
  );
  expect(errnos[0]).toMatchObject({
    name: 'ENOENT',
    count: 3,
    paths: [
      { path: '/a', count: 2 },
      { path: '/b', count: 1 },
    ],
  });
});

it('of more paths than are kept the sums stay right, and the busiest stay in the list', async () => {
  let text = '';
  for (let index = 0; index < 70_000; index++)
    text += `${HEAD} strace.go:605] [   1:   1] app X access(0x7f /many/${index}, 0o4) = ${ok(0, '5ns')}\n`;
  for (let index = 0; index < 5; index++) text += call('   1:   1', 'access', '0x7f /busy, 0o4', ok(0, '1ms'));
  const { files } = await viewsOf(text);
  expect(files[0]).toMatchObject({ path: '/busy', calls: 5 });
  expect(files.at(-1)).toMatchObject({ other: true });
  expect(files.reduce((sum, one) => sum + one.calls, 0)).toBe(70_005);
});
