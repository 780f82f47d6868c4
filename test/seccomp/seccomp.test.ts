/** Profiles: what they allow and refuse, that conditions are never narrower than what was seen, and what is joined and compared. */
import fc from 'fast-check';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syscallOfNumber } from '../../grammars/syscall-numbers.js';
import { dockerDefault } from '../../src/knowledge/docker-seccomp.js';
import { KERNEL_CALLS, RUNTIMES, startCalls, VDSO_CALLS } from '../../src/knowledge/runtime-calls.js';
import { linuxName, syscallNames } from '../../src/knowledge/syscall-names.js';
import type { SeccompProfile, SeccompReport } from '../../src/model/seccomp.js';
import { cloneConditions, personalityConditions, socketConditions } from '../../src/seccomp/conditions.js';
import { readProfile } from '../../src/seccomp/profile-file.js';
import { seccomp } from '../../src/seccomp.js';
import { documentOf, runsight, SAMPLES } from '../commands/cli.js';
import { bootLog, bytesOf, ENOSYS } from '../compat/logs.js';

async function make(text: string, options: Parameters<typeof seccomp>[1] = {}): Promise<SeccompReport> {
  return (await seccomp(bytesOf(text), options)).report;
}

/** What a filter made of a profile answers: `allow`, or an errno. `args` are the numbers that the call has. */
function answer(profile: SeccompProfile, call: string, args: readonly bigint[] = []): 'allow' | number {
  let errno = 1;
  for (const { names, action, args: conditions, errnoRet } of profile.syscalls) {
    if (!names.includes(call)) continue;
    const holds = (conditions ?? []).every(({ index, value, valueTwo, op }) => {
      const arg = args[index] ?? 0n;
      return op === 'SCMP_CMP_MASKED_EQ' ? (arg & BigInt(value)) === BigInt(valueTwo ?? 0) : arg === BigInt(value);
    });
    if (!holds) continue;
    if (action === 'SCMP_ACT_ALLOW') return 'allow';
    errno = errnoRet ?? 1;
  }
  return errno;
}

const CLONE = 'clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|0x11, 0x0, null, null, 0x0) = 2 (0x2)';
const SOCKET = 'socket(AF_INET, SOCK_STREAM|0x0, IPPROTO_IP) = 3 (0x3)';

describe('a profile of a log', () => {
  it('allows what was used and what starts a container, and nothing else', async () => {
    const { profile, calls } = await make(bootLog(['getuid() = 0 (0x0)', 'exit 0']));
    expect(profile.defaultAction).toBe('SCMP_ACT_ERRNO');
    expect(profile.architectures).toEqual(['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']);
    const allowed = [...syscallNames('amd64')].filter((name) => answer(profile, name) === 'allow');
    const base = [...startCalls('runc'), ...startCalls('crun'), ...KERNEL_CALLS, ...VDSO_CALLS];
    expect(allowed.toSorted()).toEqual([...new Set(['getuid', ...base])].toSorted());
    expect(calls.find(({ call }) => call === 'getuid')).toMatchObject({
      verdict: 'allow',
      reasons: ['used'],
      calls: 1,
      programs: [{ program: 'app', calls: 1 }],
      first: { line: 6 },
    });
  });

  it('holds the start of the runtimes that are asked for', async () => {
    const log = bootLog(['getuid() = 0 (0x0)', 'exit 0']);
    const crun = (await make(log, { runtimes: ['crun'] })).profile;
    expect(answer(crun, 'setresuid')).toBe('allow');
    expect(answer(crun, 'epoll_ctl')).toBe(1);
    const none = (await make(log, { runtimes: [] })).profile;
    expect(answer(none, 'setresuid')).toBe(1);
    expect(answer(none, 'execve')).toBe('allow');
  });

  it('answers ENOSYS where libraries need it to take an older call', async () => {
    const { profile } = await make(bootLog([CLONE, 'exit 0']));
    expect(answer(profile, 'clone3')).toBe(38);
    expect(answer(profile, 'statx')).toBe(38);
    expect(answer(profile, 'clone', [0x1200011n])).toBe('allow');
    // CLONE_NEWUSER
    expect(answer(profile, 'clone', [0x10000011n])).toBe(1);
  });

  it('refuses as the log does what gVisor did not have, and allows it once another log shows it', async () => {
    const refused = [
      `clone3(0x7f0000001000, 0x58) = ${ENOSYS}`,
      'perf_event_open(0x1, 0x0, 0xffffffffffffffff, 0xffffffffffffffff, 0x0) = 0 (0x0) errno=19 (no such device)',
      CLONE,
      'exit 0',
    ];
    const { profile, warnings } = await make(bootLog(refused));
    expect([answer(profile, 'clone3'), answer(profile, 'perf_event_open')]).toEqual([38, 19]);
    expect(warnings.join('\n')).toMatch(/refused as in the log.*clone3, perf_event_open/);
    const folder = mkdtempSync(join(tmpdir(), 'runsight-'));
    writeFileSync(join(folder, 'a.boot.txt'), bootLog(refused));
    writeFileSync(
      join(folder, 'b.strace'),
      '100 clone3({flags=CLONE_VM, exit_signal=0}, 88) = 101\n100 +++ exited with 0 +++\n',
    );
    const { report } = await seccomp([join(folder, 'a.boot.txt'), join(folder, 'b.strace')]);
    rmSync(folder, { recursive: true });
    expect(answer(report.profile, 'clone3')).toBe('allow');
    // A filter sees no flags of clone3: those of clone keep nobody from anything then.
    expect(answer(report.profile, 'clone', [0x10000011n])).toBe('allow');
    expect(report.warnings.join()).toMatch(/--clone3 enosys/);
  });

  it('restricts families of sockets to those that were seen, unless that is not wanted', async () => {
    const log = bootLog([SOCKET, 'exit 0']);
    const { profile } = await make(log);
    expect([answer(profile, 'socket', [2n]), answer(profile, 'socket', [40n])]).toEqual(['allow', 1]);
    expect(answer((await make(log, { conditions: false })).profile, 'socket', [40n])).toBe('allow');
  });

  it('leaves out numbers that nobody knows, and says so', async () => {
    const six = '(0x1, 0x2, 0x3, 0x4, 0x5, 0x6)';
    const { profile, unknown, warnings } = await make(
      bootLog([`sys_437${six} = 3 (0x3)`, `sys_600${six} = 3 (0x3)`, 'exit 0']),
    );
    expect(answer(profile, 'openat2')).toBe('allow');
    expect(JSON.stringify(profile)).not.toMatch(/sys_/);
    expect(unknown).toMatchObject([{ name: 'sys_600', calls: 1 }]);
    expect(warnings[0]).toMatch(/sys_600/);
  });

  it('is not made of the calls of the runtime that a trace of it holds', async () => {
    const trace = [
      '100 execve("/usr/bin/crun", ["crun", "run", "web"], 0x7f /* 9 vars */) = 0',
      '100 pivot_root(".", ".") = 0',
      '100 socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3',
      '100 execve("/bin/app", ["app"], 0x7f /* 2 vars */) = 0',
      '100 socket(AF_INET, SOCK_STREAM, 0) = 3',
      '100 exit_group(0) = ?',
      '100 +++ exited with 0 +++',
    ];
    const { profile, warnings } = await make(`${trace.join('\n')}\n`);
    expect(answer(profile, 'pivot_root')).toBe(1);
    expect([answer(profile, 'socket', [2n]), answer(profile, 'socket', [16n])]).toEqual(['allow', 1]);
    expect(warnings.join()).toMatch(/runtime itself/);
  });

  it('says what the log cannot show', async () => {
    const { warnings } = await make(bootLog([SOCKET, 'exit 3'], { args: '--oci-seccomp=true boot --bundle=/b web' }));
    expect(warnings.join('\n')).toMatch(/made under a profile \(--oci-seccomp\)/);
    expect(warnings.join('\n')).toMatch(/ended with an error.*: app/);
    const subset = (await seccomp(`${SAMPLES}/release-20240729/healthy-pod`)).report.warnings.join();
    expect(subset).not.toMatch(/only some calls were traced/);
    const some = (await seccomp(`${SAMPLES}/release-20221219/healthy-strace-subset`)).report.warnings.join();
    expect(some).toMatch(/only some calls were traced/);
  });
});

describe('conditions', () => {
  const NAMESPACES = [
    'CLONE_NEWNS',
    'CLONE_NEWCGROUP',
    'CLONE_NEWUTS',
    'CLONE_NEWIPC',
    'CLONE_NEWUSER',
    'CLONE_NEWPID',
    'CLONE_NEWNET',
  ];
  const BITS = [0x20000n, 0x2000000n, 0x4000000n, 0x8000000n, 0x10000000n, 0x20000000n, 0x40000000n];
  const allows = (call: string, conditions: ReturnType<typeof cloneConditions>, args: readonly bigint[]): boolean =>
    conditions === null ||
    answer(
      {
        defaultAction: '',
        syscalls: conditions.any.map((one) => ({ names: [call], action: 'SCMP_ACT_ALLOW', args: one })),
      },
      call,
      args,
    ) === 'allow';

  it('of clone hold for every flag that was seen, and keep the other namespaces out', () => {
    fc.assert(
      fc.property(fc.subarray(NAMESPACES), fc.nat(0x1ffff), (seen, others) => {
        const bits = seen.reduce((sum, name) => sum | (BITS[NAMESPACES.indexOf(name)] as bigint), 0n);
        const conditions = cloneConditions([...seen, 'CLONE_VM']);
        expect(allows('clone', conditions, [bits | BigInt(others)])).toBe(true);
        for (const [index, name] of NAMESPACES.entries())
          if (!seen.includes(name)) expect(allows('clone', conditions, [bits | (BITS[index] as bigint)])).toBe(false);
      }),
    );
  });

  it.each([
    [['0xffffffff', '0x8'], [0xffffffffn, 8n], [0n]],
    [['PER_LINUX|ADDR_NO_RANDOMIZE'], [0x40000n], [0n]],
  ])('of personality hold for %j', (seen, fits, others) => {
    for (const value of fits) expect(allows('personality', personalityConditions(seen), [value])).toBe(true);
    for (const value of others) expect(allows('personality', personalityConditions(seen), [value])).toBe(false);
  });

  it('are not given where one of the values is not understood', () => {
    expect(personalityConditions(['0x8', 'PER_SOMETHING'])).toBeNull();
    expect(personalityConditions(['0xffffffffffffffff'])).toBeNull();
    expect(socketConditions(['AF_INET', 'AF_NOBODY_KNOWS'])).toBeNull();
    expect(socketConditions(['AF_INET', '0x2c'])?.any).toHaveLength(2);
  });
});

describe("other people's profiles", () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'runsight-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const log = bootLog([`clone3(0x7f0000001000, 0x58) = 2 (0x2)`, SOCKET, 'exit 0']);

  const DOCKER = JSON.stringify({
    defaultAction: 'SCMP_ACT_ERRNO',
    archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86'] }],
    syscalls: [
      { names: ['getuid', 'fancy_call'], action: 'SCMP_ACT_ALLOW' },
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38, excludes: { caps: ['CAP_SYS_ADMIN'] } },
      { names: ['mount'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] } },
    ],
  });

  it('are joined: what either allows is allowed, and their own form stays', async () => {
    const { profile } = await make(log, { merge: { name: 'docker.json', text: DOCKER } });
    for (const call of ['getuid', 'clone3', 'openat']) expect(answer(profile, call), call).toBe('allow');
    expect(answer(profile, 'socket', [2n])).toBe('allow');
    expect(profile).toMatchObject({ archMap: [{}] });
    expect(profile).not.toHaveProperty('architectures');
    expect(profile.syscalls).toContainEqual(
      expect.objectContaining({ names: ['mount'], includes: { caps: ['CAP_SYS_ADMIN'] } }),
    );
    const twice = await make(log, { merge: { name: 'again', text: JSON.stringify(profile) } });
    expect(twice.profile).toEqual(profile);
  });

  it('are compared', async () => {
    const { compared } = await make(log, { diff: { name: 'docker.json', text: DOCKER } });
    const [own, docker] = compared;
    expect(own).toMatchObject({ with: 'docker.json', allows: 1, beyond: ['getuid'] });
    expect(own?.lacks).toContain('clone3');
    expect(docker).toMatchObject({ with: 'docker-default' });
    expect(docker?.lacks).toEqual(['clone3']);
  });

  it.each([
    ['[]', /no object/],
    ['{', /no JSON/],
    ['{"syscalls": []}', /defaultAction/],
    ['{"defaultAction": "SCMP_ACT_ERRNO"}', /no list "syscalls"/],
    [
      '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["a b"], "action": "SCMP_ACT_ALLOW"}]}',
      /syscalls\[0\] has no list "names"/,
    ],
    [
      '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["a"], "action": "allow"}]}',
      /syscalls\[0\] has no "action"/,
    ],
    [
      '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["a"], "action": "SCMP_ACT_ALLOW", "args": [{}]}]}',
      /condition without/,
    ],
  ])('%s is none', (text, fault) => {
    expect(readProfile(text)).toMatch(fault);
  });

  it('may stand in a config.json', () => {
    expect(
      readProfile(JSON.stringify({ ociVersion: '1.0.0', linux: { seccomp: JSON.parse(DOCKER) as unknown } })),
    ).toMatchObject({ archMap: [{}] });
  });

  it('are read before the same file is written', async () => {
    const path = join(folder, 'profile.json');
    writeFileSync(path, DOCKER);
    const outcome = await runsight([
      'seccomp',
      `${SAMPLES}/release-20240729/healthy-text`,
      '--merge',
      path,
      '-o',
      path,
    ]);
    expect(outcome.code, outcome.stderr).toBe(0);
    const profile = JSON.parse(readFileSync(path, 'utf8')) as SeccompProfile;
    expect(answer(profile, 'fancy_call')).toBe('allow');
    expect(answer(profile, 'write')).toBe('allow');
  });
});

const FOLDERS = ['release-20221219', 'release-20240729', 'native'].flatMap((release) =>
  readdirSync(`${SAMPLES}/${release}`)
    .filter((name) => /^(?:healthy|follow|exit|connection|plain|tasks)/.test(name) && name !== 'healthy-info-level')
    .map((name) => `${release}/${name}`),
);

it.each(FOLDERS)('the profile of %s allows each call that succeeded in it', async (folder) => {
  const path = `${SAMPLES}/${folder}`;
  const { report } = await seccomp(path);
  const { summarize } = await import('../../src/summarize.js');
  const { syscalls } = (await summarize(path)).report;
  const allowed = new Set(report.calls.filter(({ verdict }) => verdict !== 'answer').map(({ call }) => call));
  for (const { name, calls, errors } of syscalls)
    if (calls > errors && name !== '???') expect(allowed, name).toContain(linuxName('amd64', name));
  expect(report.profile).toEqual((await seccomp(path, { where: () => true })).report.profile);
});

describe('the command', () => {
  const log = `${SAMPLES}/release-20240729/healthy-text`;

  it('prints a profile that engines take, and a note beside it', async () => {
    const { stdout, stderr, code } = await runsight(['seccomp', log]);
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(['defaultAction', 'architectures', 'syscalls']);
    expect(stderr).toMatch(/^note: allows \d+ of \d+ calls/);
    const { profile } = documentOf<SeccompReport>(await runsight(['seccomp', '--json', log]));
    expect(profile).toEqual(JSON.parse(stdout));
  });

  it('explains on stdout, in 80 columns, while the profile goes to its file', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'runsight-')), 'profile.json');
    const { stdout } = await runsight(['seccomp', '--explain', log, '-o', path]);
    expect(stdout).toMatch(/^Allows \d+ of \d+ calls, where Docker's default allows \d+/);
    expect(stdout).toMatch(/^write +\d+ /m);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveProperty('defaultAction');
  });

  it('makes nothing of an input without calls', async () => {
    const { code, stderr } = await runsight(['seccomp', `${SAMPLES}/release-20240729/bind-source-missing`]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/holds no calls/);
    const path = join(tmpdir(), `runsight-${process.pid}-none.json`);
    const missing = await runsight(['seccomp', '/no/such/log', '-o', path]);
    expect(missing).toMatchObject({ code: 3, stdout: '' });
    expect(missing.stderr).toMatch(/no such file/);
    expect(existsSync(path)).toBe(false);
  });
});

it("knows Docker's default and the runtimes by names that Linux has", () => {
  const names = syscallNames('amd64');
  for (const runtime of RUNTIMES) for (const call of startCalls(runtime)) expect(names, call).toContain(call);
  const docker = dockerDefault('amd64');
  for (const call of ['openat', 'clone', 'ptrace', 'keyctl', 'chroot']) expect(docker, call).toContain(call);
  for (const call of ['mount', 'unshare', 'bpf', 'io_uring_setup', 'clone3', 'userfaultfd', 'kexec_load'])
    expect(docker, call).not.toContain(call);
  expect(syscallOfNumber('arm64', 79)).toBe('fstatat');
  expect(linuxName('arm64', 'fstatat')).toBe('newfstatat');
});
