/** Why a program gave up: the call that it complains of, and what of runsc's settings stands behind that call. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { diagnosisAnalyzers } from '../../src/analyzers/diagnosis.js';
import { analyze } from '../../src/pipeline.js';
import { judge } from '../../src/rules/diagnose.js';

const folder = mkdtempSync(join(tmpdir(), 'complaints-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function told(log: string): Promise<{ rule: string | undefined; verdict: string; text: string }> {
  const path = join(folder, 'x.log');
  writeFileSync(path, log);
  const { verdict, headline, findings } = judge((await analyze([path], diagnosisAnalyzers)).products);
  const [first] = findings;
  return {
    rule: first?.rule,
    verdict,
    text: [headline, first?.title, first?.cause, ...(first?.remedy ?? [])].join('\n'),
  };
}

const head = (at: number, file = 'strace.go:605'): string =>
  `I0410 09:12:04.${String(at).padStart(6, '0')}       5 ${file}] `;
const trace = (at: number, call: string, comm = 'app'): string => `${head(at)}[   1:   1] ${comm} ${call}\n`;
const said = (text: string, comm = 'app'): string =>
  trace(900, `E write(0x2 host:[3], 0x7efb00000020 "${text}", 0x40)`, comm);
const ended = (how = 'exit status 1'): string => `${head(999999, 'boot.go:534')}application exiting with ${how}\n`;
const spec = (more: object): string => `${head(1, 'specutils.go:1')}Spec:\n${JSON.stringify(more, null, 2)}\n`;

const CONNECT =
  '0x3 socket:[4], 0x7ed700001be0 {Family: AF_UNIX, error extracting address: address family not supported by protocol}, 0x6e';
const REJECTED =
  'W0410 09:12:04.000150       1 lisafs.go:790] Rejecting attempt to connect to unix domain socket from host filesystem: "/run/db/pg.sock". If you want to allow this, set flag --host-uds=open\n';

it.each([
  [
    'a connection that runsc refused is no server that does not listen',
    REJECTED +
      trace(160, `X connect(${CONNECT}) = 0 (0x0) errno=111 (connection refused) (8µs)`) +
      said('psql: error: Connection refused\\n') +
      ended(),
    'host-file-refused',
    /--host-uds=open is not set[\s\S]*fsgofer-host-uds/,
  ],
  [
    'a Unix socket is named by its path, never by its descriptor',
    spec({ process: { args: ['/bin/app', '--db=unix:///run/db/pg.sock'] } }) +
      trace(160, `X connect(${CONNECT}) = 0 (0x0) errno=2 (no such file or directory) (8µs)`) +
      said('app: connect: No such file or directory\\n') +
      ended(),
    'application-call-failed',
    /^(?![\s\S]*socket:\[)[\s\S]*socket \/run\/db\/pg\.sock does not exist/,
  ],
  [
    'a mount that was left out is why a file is missing',
    spec({ mounts: [{ destination: '/data', type: 'cifs', source: '//srv/x' }] }) +
      `${head(2, 'vfs.go:1020')}ignoring unknown filesystem type "cifs"\n` +
      trace(
        160,
        'X openat(AT_FDCWD /, 0x7 /data/a.csv, 0x0, 0o0) = 0 (0x0) errno=2 (no such file or directory) (8µs)',
      ) +
      said('app: /data/a.csv: No such file or directory\\n') +
      ended(),
    'mount-type-unknown',
    /cifs mount at \/data was left out[\s\S]*\/data\/a\.csv/,
  ],
  [
    'words of its own for EPERM',
    trace(160, 'X socket(AF_INET, SOCK_RAW|0x0, IPPROTO_ICMP) = 0 (0x0) errno=1 (operation not permitted) (8µs)') +
      said('traceroute: permission denied (are you root?)\\n') +
      ended(),
    'application-call-failed',
    /not permitted to call socket\.?[\s\S]*NET_RAW/,
  ],
  [
    'no route to a name server',
    trace(
      160,
      'X connect(0x3 socket:[1], 0x5 {Family: AF_INET, Addr: 192.0.2.9, Port: 53}, 0x10) = 0 (0x0) errno=113 (no route to host) (8µs)',
    ) +
      said("dig: can't connect to 192.0.2.9: No route to host\\n") +
      ended(),
    'application-call-failed',
    /no way to 192\.0\.2\.9:53[\s\S]*name server/,
  ],
  [
    'a limit of descriptors kills without a word',
    spec({ process: { rlimits: [{ type: 'RLIMIT_NOFILE', soft: 16, hard: 16 }] } }) +
      trace(160, 'X fcntl(0x1 host:[2], 0x406, 0xa) = 0 (0x0) errno=24 (too many open files) (8µs)') +
      ended(),
    'application-call-failed',
    /RLIMIT_NOFILE = 16/,
  ],
  [
    'a shell that does not overwrite',
    said("can't create /run/app.pid: File exists") + ended('exit status 2'),
    'application-exit',
    /\/run\/app\.pid exists already/,
  ],
  [
    'a tmpfs of the spec that is full',
    spec({ mounts: [{ destination: '/cache', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'size=4m'] }] }) +
      trace(160, 'X write(0x1 /cache/blob, 0x5 ..., 0x1000) = 0 (0x0) errno=28 (no space left on device) (8µs)') +
      said('app: write /cache/blob: No space left on device\\n') +
      ended(),
    'application-call-failed',
    /tmpfs at \/cache is full[\s\S]*size=4m/,
  ],
  [
    'root needs the x bit as well',
    trace(160, 'X execve(0x5 /opt/tool, 0x6 ["/opt/tool"], 0x7 []) = 0 (0x0) errno=13 (permission denied) (8µs)') +
      said('/opt/tool: Permission denied') +
      ended('exit status 126'),
    'application-call-failed',
    /^(?![\s\S]*chown)[\s\S]*may not be executed[\s\S]*chmod \+x \/opt\/tool[\s\S]*noexec/,
  ],
])('%s', async (_, log, rule, expected) => {
  const found = await told(log);
  expect([found.rule, found.verdict]).toEqual([rule, 'app-failure']);
  expect(found.text).toMatch(expected);
});

it.each([
  [
    'a program that ends itself by a signal',
    trace(160, 'E kill(0x1, SIGTERM)', 'sh') + ended('killed by signal 15'),
    /^(?![\s\S]*\(dmesg\))[\s\S]*sh \[1\] itself sent SIGTERM with kill\(0x1, SIGTERM\)/,
  ],
  ['SIGTERM is never the OOM killer', ended('killed by signal 15'), /OOM killer is not it/],
  ['a kill of another signal explains nothing', trace(160, 'E kill(0x1, SIGHUP)') + ended('killed by signal 9'), /OOM/],
])('%s', async (_, log, expected) => {
  const found = await told(log);
  expect([found.rule, found.verdict]).toEqual(['application-exit', 'app-failure']);
  expect(found.text).toMatch(expected);
});

const lookUp = (program = 'app'): string =>
  trace(
    160,
    'X openat(AT_FDCWD /, 0x7 /etc/app.conf, O_RDONLY|0x0, 0o0) = 0 (0x0) errno=2 (no such file or directory) (8µs)',
    program,
  );

it.each([
  [
    'a file that was looked for before, and a signal of its own',
    lookUp() + said('app: /etc/app.conf: No such file or directory\\n') + trace(170, 'E kill(0x1, SIGTERM)', 'app'),
    'killed by signal 15',
    /ended itself with SIGTERM/,
  ],
  [
    'a file that was looked for, without a word of it, and a status',
    lookUp(),
    'exit status 1',
    /^(?![\s\S]*app\.conf)[\s\S]*exit status 1/,
  ],
  [
    'words that went to /dev/null',
    lookUp() + trace(165, 'E write(0x2 /dev/null, 0x7 "app: /etc/app.conf: No such file or directory\\n", 0x40)'),
    'exit status 1',
    /^(?![\s\S]*app\.conf)[\s\S]*exit status 1/,
  ],
  [
    'a complaint of a child, after which its parent goes on',
    lookUp('cat').replaceAll('1:   1', '2:   2') +
      said("cat: can't open '/etc/app.conf': No such file or directory\\n").replaceAll('1:   1', '2:   2') +
      trace(170, 'E write(0x1 host:[2], 0x7 "working\\n", 0x8)', 'sh'),
    'exit status 1',
    /exit status 1[\s\S]*last that it wrote was "working"[\s\S]*Before that[\s\S]*\/etc\/app\.conf[\s\S]*the log does not show/,
  ],
  [
    'SIGSEGV that a program sends itself is no fault of memory',
    trace(170, 'E tgkill(0x1, 0x1, SIGSEGV)', 'app'),
    'killed by signal 11',
    /^(?![\s\S]*touched memory)[\s\S]*ended itself with SIGSEGV[\s\S]*nothing crashed/,
  ],
  [
    'a time-out that kills a child of the shell',
    trace(170, 'E kill(0x4, SIGTERM)', 'timeout').replaceAll('1:   1', '3:   3'),
    'exit status 143',
    /timeout \[3\], a process of the container, ended the program with SIGTERM/,
  ],
])('%s', async (_, log, how, expected) => {
  const found = await told(log + ended(how));
  expect([found.rule, found.verdict]).toEqual(['application-exit', 'app-failure']);
  expect(found.text).toMatch(expected);
});

it('a shell that goes on after a command that is not there does not end over it', async () => {
  const missing = trace(170, 'E write(0x2 host:[3], 0x7 "sh: tool: not found\\n", 0x14)', 'sh');
  const on = await told(
    missing + trace(180, 'E write(0x1 host:[2], 0x7 "working without it\\n", 0x13)', 'sh') + ended(),
  );
  expect(on.text).toMatch(/exit status 1[\s\S]*Before that sh wrote "sh: tool: not found"/);
  const up = await told(missing + trace(180, 'E write(0x1 host:[2], 0x7 "giving up\\n", 0xa)', 'sh') + ended());
  expect(up.text).toMatch(/The command tool is not in the image/);
});

const copyRefused = (how = 'errno=38 (invalid system call number)'): string =>
  trace(160, `X copy_file_range(0x3 /a, 0x0, 0x4 /b, 0x0, 0x64, 0x0) = 0 (0x0) ${how} (8µs)`);
const COPIED = trace(170, 'X write(0x4 /b, 0x7 ..., 0x64) = 100 (0x64) (8µs)');

it('a call that was refused explains the end only where the program did not go on without it', async () => {
  const over = await told(copyRefused() + said('app: copy: Function not implemented\\n') + ended());
  expect(over).toMatchObject({ rule: 'program-trouble', verdict: 'app-failure' });
  const named = await told(copyRefused() + COPIED + said('app: copy_file_range failed\\n') + ended());
  expect(named.rule).toBe('program-trouble');
  const without = await told(copyRefused() + COPIED + said('app: checksum is wrong\\n') + ended());
  expect(without.rule).toBe('application-exit');
  expect(without.text).not.toMatch(/copy_file_range/);
});

it('a call that was refused to two processes explains the end of the one that gave up', async () => {
  const other = (text: string): string => text.replaceAll('1:   1', '7:   7');
  const goesOn = other(copyRefused() + COPIED);
  for (const log of [copyRefused() + goesOn, goesOn + copyRefused()]) {
    const found = await told(log + said('app: copy: failed\\n') + ended());
    expect(found.rule).toBe('program-trouble');
  }
  const both = await told(copyRefused() + goesOn + COPIED + said('app: checksum is wrong\\n') + ended());
  expect(both.rule).toBe('application-exit');
});

const CROSSES = '0 (0x0) errno=18 (cross-device link) (8µs)';
const linkRefused = trace(160, `X link(0x5 /tmp/a, 0x6 /data/a) = ${CROSSES}`, 'ln').replaceAll('1:   1', '2:   2');
const anotherProcess = (call: string): string => trace(170, call, 'cp').replaceAll('1:   1', '3:   3');

it.each([
  ['a copy', 'X openat(AT_FDCWD /, 0x6 /data/a, O_WRONLY|O_CREAT|O_TRUNC, 0o644) = 4 (0x4) (8µs)'],
  ['a copy that gets its name in the end', 'X rename(0x5 /data/.a.new, 0x6 /data/a) = 0 (0x0) (8µs)'],
  ['a folder', 'X mkdir(0x6 /data/a, 0o755) = 0 (0x0) (8µs)'],
  ['another sort of link', 'X symlinkat(0x5 /tmp/a, AT_FDCWD /, 0x6 /data/a) = 0 (0x0) (8µs)'],
])('a link between mounts that %s stands for is no cause of what comes later', async (_, call) => {
  const failed = `cat: can't open '/missing': No such file or directory\\n`;
  const missing = trace(
    800,
    'X openat(AT_FDCWD /, 0x7 /missing, O_RDONLY|0x0, 0o0) = 0 (0x0) errno=2 (no such file or directory) (8µs)',
    'cat',
  );
  const after = await told(linkRefused + anotherProcess(call) + missing + said(failed, 'cat') + ended());
  expect(after).toMatchObject({ rule: 'application-call-failed', verdict: 'app-failure' });
  expect(after.text).toMatch(/\/missing does not exist/);
  expect(after.text).not.toMatch(/EXDEV/);
});

it.each([
  ['nothing', ''],
  ['a copy elsewhere', 'X openat(AT_FDCWD /, 0x6 /data/b, O_WRONLY|O_CREAT|O_TRUNC, 0o644) = 4 (0x4) (8µs)'],
  ['a copy that fails', `X openat(AT_FDCWD /, 0x6 /data/a, O_WRONLY|O_CREAT, 0o644) = ${CROSSES}`],
  ['a look at what is there', 'X openat(AT_FDCWD /, 0x6 /data/a, O_RDONLY|0x0, 0o0) = 4 (0x4) (8µs)'],
])('a link between mounts after which there is %s explains the end', async (_, call) => {
  const found = await told(linkRefused + (call === '' ? '' : anotherProcess(call)) + ended());
  expect(found.rule).toBe('program-trouble');
  expect(found.text).toMatch(/EXDEV/);
});

it('in a native trace, too, a rename between mounts counts only where no copy follows', async () => {
  const refused = 'rename("/tmp/a", "/data/a") = -1 EXDEV (Invalid cross-device link)\n';
  const copied = 'openat(AT_FDCWD, "/data/a", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 4\n';
  const other = 'rename("/tmp/b", "/data/b") = -1 EXDEV (Invalid cross-device link)\n';
  const end = 'exit_group(1)                           = ?\n+++ exited with 1 +++\n';
  expect((await told(refused + end)).text).toMatch(/EXDEV/);
  expect((await told(refused + copied + end)).text).not.toMatch(/EXDEV/);
  expect((await told(refused + other + copied + end)).text).toMatch(/EXDEV/);
});

it('a signal to a thread of another process is not sent to itself', async () => {
  const sent = (call: string): string => trace(170, `E ${call}`, 'watcher').replaceAll('1:   1', '9:   9');
  for (const call of ['tgkill(0x1, 0x1, SIGABRT)', 'rt_tgsigqueueinfo(0x1, 0x1, SIGABRT, 0x7)']) {
    const found = await told(sent(call) + ended('killed by signal 6'));
    expect(found.text).toMatch(/watcher \[9\], a process of the container, ended the program with SIGABRT/);
  }
});

it('a call that was refused explains no end that somebody else brought about', async () => {
  const signalled = `${head(180, 'controller.go:767')}containerManager.Signal: cid: web, PID: 0, signal: 9, mode: Process\n`;
  const stopped = await told(copyRefused() + signalled + ended('killed by signal 9'));
  expect(stopped).toMatchObject({ rule: 'application-exit', verdict: 'healthy' });
});

it('SIGSEGV without a record of a fault is told with doubt', async () => {
  const line = `${head(170, 'task_signals.go:204').replace(/^./, 'D')}[   1:   1] Signal 11, PID: 1, TID: 1, fault addr: 0x1: terminating thread group\n`;
  const found = await told(line + ended('killed by signal 11'));
  expect(found.text).toMatch(/no fault of memory beside it[\s\S]*probably sent by a process/);
  expect(found.text).not.toMatch(/touched memory/);
});

it('of a table the line with the error is quoted', async () => {
  const table = [
    'Events:',
    '  Type     Reason     Age   From     Message',
    '  ----     ------     ----  ----     -------',
    '  Normal   Scheduled  12s   default-scheduler  Successfully assigned default/job to node-2',
    '  Warning  Failed     10s   kubelet  Error: failed to create containerd task: failed to start shim task: OCI runtime start failed: starting container: starting sub-container [/run.sh]: creating process: failed to load /run.sh: permission denied: unknown',
  ];
  const path = join(folder, 'events.txt');
  writeFileSync(path, `${table.join('\n')}\n`);
  const { findings } = judge((await analyze([path], diagnosisAnalyzers)).products);
  expect(findings[0]?.evidence[0]).toMatchObject({ line: 5, text: table[4]?.trim() });
});

it('the same finding of two commands is one', async () => {
  const missing = (pid: number, what: string): string =>
    `W0410 09:12:03.100200    ${pid} util.go:64] FATAL ERROR: loading ${what}: file does not exist\n`;
  const path = join(folder, 'two.log');
  writeFileSync(path, missing(4100, 'container') + missing(4200, 'sandbox'));
  const { findings } = judge((await analyze([path], diagnosisAnalyzers)).products);
  expect(findings.map(({ rule, evidence }) => [rule, evidence.length])).toEqual([['container-unknown', 2]]);
});

const SUBMOUNT =
  'running container: starting container: starting root container: starting sandbox: failed to setupFS: mounting submounts: mount submount';
const fatal = (error: string): string => `W0410 09:12:03.100200    4100 util.go:64] FATAL ERROR: ${error}\n`;

it.each([
  [
    `${SUBMOUNT} "/run/pg.sock": failed to mount "/run/pg.sock" (type: bind): operation not permitted, opts: &{{false false} false {trans=fd,rfdno=5,wfdno=5 {/run/pg.sock false false}} true}`,
    'host-file-refused',
    /^(?![\s\S]*[{&])[\s\S]*host-uds/,
  ],
  [
    `${SUBMOUNT} "/s": failed to mount "/s" (type: tmpfs): invalid argument, opts: &{{false false} false {true mode=9x,size=10QB <nil>} false}`,
    'mount-options-invalid',
    /^(?![\s\S]*[{&])[\s\S]*"mode=9x,size=10QB"/,
  ],
])('%s', async (error, rule, expected) => {
  const found = await told(fatal(error));
  expect([found.rule, found.verdict]).toEqual([rule, 'failed-start']);
  expect(found.text).toMatch(expected);
});

it('to remove what is not there is no cause, unless the program says so', async () => {
  const removed = trace(
    100,
    'X unlink(0x7efb00000010 /srv/copy/a1b2c3) = 0 (0x0) errno=2 (no such file or directory) (8µs)',
  );
  expect((await told(removed + said("fatal: bad object '/srv/copy/a1b2c3'") + ended())).rule).toBe('application-exit');
  const cleared = await told(removed + said("fatal: hardlink different from source at '/srv/copy/a1b2c3'") + ended());
  expect(cleared.rule).toBe('application-exit');
  expect(cleared.text).toMatch(/--no-hardlinks/);
  expect(cleared.text).not.toMatch(/to the image/);
  const made = trace(100, 'X mkdir(0x7efb00000010 /srv/copy, 0o777) = 0 (0x0) errno=17 (file exists) (8µs)');
  expect((await told(made + said("fatal: bad object in '/srv/copy'") + ended())).rule).toBe('application-exit');
  const missed = await told(
    removed + said("rm: cannot remove '/srv/copy/a1b2c3': No such file or directory", 'rm') + ended(),
  );
  expect(missed.rule).toBe('application-call-failed');
});

it('a folder on the way to the file that the program names is not what it names', async () => {
  const probed = trace(
    100,
    'X newfstatat(AT_FDCWD /, 0x7f /srv/repo/.git/.git, 0x7f, 0x0) = 0 (0x0) errno=2 (no such file or directory) (8µs)',
  );
  const other = await told(probed + said("fatal: bad object '/srv/copy/.git/objects/6e'") + ended());
  expect(other.rule).toBe('application-exit');
  const same = await told(probed + said("fatal: '/srv/repo/.git/.git' is gone") + ended());
  expect(same.rule).toBe('application-call-failed');
});

it('who reads a trace is not told to make one', async () => {
  const traced = await told(trace(100, 'E exit_group(0x3)') + said('bad luck') + ended('exit status 3'));
  expect(traced.text).toMatch(/runsight summary --by errno/);
  expect(traced.text).not.toMatch(/with --strace/);
  expect((await told(ended('exit status 3'))).text).toMatch(/with --strace/);
});

it('what goes to the next program of a pipeline is not the last that anybody saw', async () => {
  const piped = trace(950, 'E write(0x1 pipe:[5], 0x7efb00000020 "curl example.net", 0x10)', 'base64');
  const { text } = await told(
    trace(100, 'X getpid() = 1 (0x1) (1µs)') + said('three of four') + piped + ended('exit status 4'),
  );
  expect(text).toMatch(/three of four/);
  expect(text).not.toMatch(/example\.net/);
});
