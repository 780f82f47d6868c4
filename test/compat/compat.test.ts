/** What compat says of calls, options and files: by tables, by what a log shows, and by what the program did. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compat } from '../../src/compat.js';
import { formatCompat, formatCompatMarkdown } from '../../src/formats/compat.js';
import { PLAIN } from '../../src/formats/layout.js';
import type { CompatReport, CompatUse } from '../../src/model/compat.js';
import { documentOf, runsight, SAMPLES } from '../commands/cli.js';
import { bootLog, bytesOf, ENOSYS } from './logs.js';

async function judge(text: string, options: Parameters<typeof compat>[1] = {}): Promise<CompatReport> {
  return (await compat(bytesOf(text), options)).report;
}
const nameOf = ({ syscall, of, option }: CompatUse): string => (option === '' ? syscall : `${of} ${option}`);
const use = (report: CompatReport, name: string): CompatUse | undefined =>
  report.uses.find((one) => nameOf(one) === name);

const RING = `io_uring_setup(0x20, 0x7f0000001000) = ${ENOSYS}`;
const WORDS =
  'write(0x2 host:[3], 0x7f0000002000 "engine: io_uring_setup: Function not implemented\\n", 0x30) = 48 (0x30)';

describe('a log of the release that is judged', () => {
  it.each([
    ['a program that gives up over it', [RING, WORDS, 'exit 1'], 'blocked', 'failed', 1],
    [
      'a program whose status is the errno',
      [RING, ...Array(40).fill('getpid() = 1 (0x1)'), 'exit 38'],
      'blocked',
      'failed',
      1,
    ],
    [
      'a program that takes another call',
      [RING, 'epoll_create1(0x0) = 3 (0x3)', 'exit 0'],
      'ready-with-fallbacks',
      'fell-back',
      0,
    ],
    ['a program that does without', [RING, WORDS, 'exit 0'], 'ready-with-fallbacks', 'went-on', 0],
    [
      'one that fails long after, over something else',
      [RING, ...Array(40).fill('getpid() = 1 (0x1)'), 'exit 3'],
      'ready-with-fallbacks',
      'went-on',
      0,
    ],
  ] as const)('%s', async (_, calls, verdict, outcome, blockedBy) => {
    const report = await judge(bootLog(calls));
    expect(report).toMatchObject({ verdict, blocked_by: blockedBy, release: { name: '20240729.0', from: 'log' } });
    expect(use(report, 'io_uring_setup')).toMatchObject({ support: 'missing', outcome, errors: { ENOSYS: 1 } });
  });

  it('proves what it says with the records, and says what to do', async () => {
    const ring = use(await judge(bootLog([RING, WORDS, 'exit 1'])), 'io_uring_setup');
    expect(ring?.evidence.map(({ text }) => text.replace(/^\[.*?\] app /, '').slice(0, 16))).toEqual([
      'X io_uring_setup',
      'E write(0x2 host',
      'E exit_group(0x1',
    ]);
    expect(ring?.ended).toEqual({ program: 'app', exit: { status: 1 } });
    expect(ring?.do.length).toBeGreaterThan(0);
  });

  it('counts for more than the table', async () => {
    const { verdict, uses } = await judge(bootLog(['userfaultfd(0x80000) = 3 (0x3)', 'exit 0']), { all: true });
    expect(verdict).toBe('ready');
    expect(uses.find(({ syscall }) => syscall === 'userfaultfd')).toMatchObject({ support: 'full', outcome: 'works' });
  });

  it('names numbers that the release prints as such', async () => {
    const report = await judge(
      bootLog([
        `sys_437(0xffffff9c, 0x1, 0x2, 0x18, 0x0, 0x0) = ${ENOSYS}`,
        `sys_600(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = ${ENOSYS}`,
        'exit 0',
      ]),
    );
    expect(use(report, 'openat2')).toMatchObject({ printed: ['sys_437'], support: 'missing' });
    expect(use(report, 'sys_600')).toMatchObject({ support: 'missing' });
  });

  it('does not take what every kernel refuses for a gap', async () => {
    const tty = 'ioctl(0x1 pipe:[3], 0x5401, 0x7f0000001000) = 0 (0x0) errno=25 (not a typewriter)';
    const missing =
      'openat(AT_FDCWD /, 0x7f0000001000 /etc/missing, O_RDONLY|0x0, 0o0) = 0 (0x0) errno=2 (no such file or directory)';
    const rseq = `rseq(0x1000, 0x20, 0x0, 0x53053053) = ${ENOSYS}`;
    expect(await judge(bootLog([tty, missing, rseq, 'exit 1']))).toMatchObject({ verdict: 'ready', blocked_by: 0 });
  });

  it.each([
    ['ioctl(0x3 /tmp/x, 0x40049409, 0x4) = 0 (0x0) errno=25 (not a typewriter)', 'ioctl FICLONE'],
    [
      'socket(AF_VSOCK, SOCK_STREAM|0x0, 0x0) = 0 (0x0) errno=97 (address family not supported by protocol)',
      'socket AF_VSOCK',
    ],
    ['socket(0x2c, SOCK_RAW|0x0, 0x0) = 0 (0x0) errno=97 (address family not supported by protocol)', 'socket AF_XDP'],
    ['prctl(0x2f, 0x4, 0x0, 0x0, 0x0) = 0 (0x0) errno=22 (invalid argument)', 'prctl PR_CAP_AMBIENT'],
    ['fcntl(0x3 /tmp/x, 0x400, 0x0) = 0 (0x0) errno=22 (invalid argument)', 'fcntl F_SETLEASE'],
    ['madvise(0x7f0000000000, 0x1000, 0x8) = 0 (0x0) errno=22 (invalid argument)', 'madvise MADV_FREE'],
    [
      'renameat2(AT_FDCWD /, 0x1 /a, AT_FDCWD /, 0x2 /b, 0x2) = 0 (0x0) errno=22 (invalid argument)',
      'renameat2 RENAME_EXCHANGE',
    ],
    [
      'openat(AT_FDCWD /, 0x7f0000001000 /proc/12/pagemap, O_RDONLY|0x0, 0o0) = 0 (0x0) errno=2 (no such file or directory)',
      'file /proc/PID/pagemap',
    ],
  ])('knows the option: %s', async (call, name) => {
    expect(use(await judge(bootLog([call, 'exit 0'])), name)).toMatchObject({ support: 'missing', ok: 0, calls: 1 });
  });

  it('takes an option that is accepted without effect as partial', async () => {
    const report = await judge(
      bootLog(['setsockopt(0x4 socket:[1], SOL_TCP, TCP_ULP, 0x47a0fd, 0x4) = 0 (0x0)', 'exit 0']),
    );
    expect(report.verdict).toBe('ready');
    expect(use(report, 'setsockopt TCP_ULP')).toMatchObject({
      support: 'partial',
      outcome: 'works',
      note: 'accepted, and of no effect',
    });
  });

  it('names what only a notice tells of, and decides nothing by it', async () => {
    const notice =
      'Unsupported syscall ioctl(0x3,0x40049409,0x4,0x0,0x0,0x0). It is likely that you can safely ignore this message.';
    const report = await judge(bootLog([notice]));
    expect(report.verdict).toBe('inconclusive');
    expect(use(report, 'ioctl FICLONE')).toMatchObject({ support: 'missing' });
  });
});

describe('another release, or a native trace', () => {
  const CLONE3 =
    '100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD, exit_signal=0, stack=0x7f, stack_size=0x1000}, 88) = 101\n100 +++ exited with 0 +++\n';

  it.each([
    ['20221219.0', 'missing', 'will-fall-back', '20230904.0'],
    ['20240729.0', 'partial', 'will-work', null],
  ])('clone3 under %s', async (release, support, outcome, since) => {
    expect(use(await judge(CLONE3, { release }), 'clone3')).toMatchObject({ support, outcome, since });
  });

  it('says before moving what will fail, and what fails already', async () => {
    const agent =
      '100 socket(AF_VSOCK, SOCK_STREAM, 0) = 3\n100 socket(AF_CAN, SOCK_RAW, 1) = -1 EAFNOSUPPORT (Address family not supported by protocol)\n100 +++ exited with 0 +++\n';
    const report = await judge(agent, { release: '20240729.0' });
    expect(report).toMatchObject({ verdict: 'blocked', blocked_by: 1 });
    expect(use(report, 'socket AF_VSOCK')?.outcome).toBe('will-fail');
    expect(use(report, 'socket AF_CAN')).toMatchObject({ outcome: 'will-go-on', harmless: true });
  });

  it('judges against the newest release that is known, and says so', async () => {
    const report = await judge(CLONE3);
    expect(report.release.from).toBe('newest');
    expect(report.notes.join()).toMatch(/--release/);
  });

  it('takes what works in one release as no proof for another', async () => {
    const log = bootLog(['clone3(0x7f0000001000, 0x58) = 2 (0x2)', 'exit 0']);
    expect(use(await judge(log, { release: '20221219.0' }), 'clone3')).toMatchObject({
      support: 'missing',
      outcome: 'will-fall-back',
    });
  });
});

const FOLDERS = ['release-20221219', 'release-20240729', 'native'].flatMap((release) =>
  readdirSync(`${SAMPLES}/${release}`).map((name) => `${release}/${name}`),
);

it.each(FOLDERS)('reads %s in bulk as record by record', async (folder) => {
  const path = `${SAMPLES}/${folder}`;
  const [bulk, single] = [await compat(path, { all: true }), await compat(path, { all: true, where: () => true })];
  expect(bulk.report.uses).toEqual(single.report.uses);
  expect(bulk.report.verdict).toBe(single.report.verdict);
});

it.each(FOLDERS.filter((name) => /\/healthy/.test(name)))('%s is not blocked', async (folder) => {
  const { report } = await compat(`${SAMPLES}/${folder}`);
  expect(report.verdict).not.toBe('blocked');
});

describe('what a person reads', () => {
  const hostile = bootLog([
    `ioctl(0x3 /tmp/\u001b[31m|x, 0x40049409, 0x4) = 0 (0x0) errno=25 (not a typewriter)`,
    RING,
    WORDS,
    'exit 1',
  ]);

  it('fits 80 columns, and nothing in it acts on a terminal', async () => {
    const text = formatCompat(await judge(hostile), PLAIN, { verbose: true });
    expect(text.split('\n')[0]).toMatch(/^BLOCKED by 1 under release 20240729.0: io_uring_setup$/);
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('is Markdown, too', async () => {
    const text = formatCompatMarkdown(await judge(hostile), { verbose: true });
    expect(text).toMatch(/^### BLOCKED by 1 under release/);
    expect(text).toMatch(/^\| `ioctl FICLONE` \| missing/m);
  });
});

describe('the command', () => {
  const healthy = `${SAMPLES}/release-20240729/healthy-unsupported`;

  it('prints a document, and fails on what it is told to', async () => {
    const { verdict, reading } = documentOf<CompatReport>(await runsight(['compat', '--json', healthy]));
    expect(verdict).toBe('ready-with-fallbacks');
    expect(reading.length).toBeGreaterThan(0);
    expect((await runsight(['compat', '--fail-on', 'fallbacks', healthy])).code).toBe(1);
    expect((await runsight(['compat', '--fail-on', 'blocked', healthy])).code).toBe(0);
  });

  it('fails on nothing where there was nothing to judge, and passes nothing either', async () => {
    const unstarted = `${SAMPLES}/release-20240729/args0-not-found`;
    expect(await runsight(['compat', unstarted])).toMatchObject({ code: 0, stderr: '' });
    for (const level of ['blocked', 'fallbacks']) {
      const { code, stderr } = await runsight(['compat', '--fail-on', level, unstarted]);
      expect(code).toBe(3);
      expect(stderr).toMatch('the input holds no calls');
    }
    expect((await runsight(['seccomp', unstarted])).code).toBe(3);
  });

  it('refuses a release that is none', async () => {
    const { code, stderr } = await runsight(['compat', '--release', 'yesterday', healthy]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/names no release/);
  });
});
