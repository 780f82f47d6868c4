/** What is learnt of each process of runsc, in both shapes of the banner. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diagnosisAnalyzers } from '../../src/analyzers/diagnosis.js';
import type { Run } from '../../src/analyzers/runs.js';
import { portionsOf } from '../../src/analyzers/portions.js';
import { sandboxOf } from '../../src/analyzers/sandboxes.js';
import { analyze } from '../../src/pipeline.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function productsOf(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return (await analyze([folder], diagnosisAnalyzers)).products;
}
const lines = (pid: number, messages: readonly string[]): string =>
  messages.map((message) => `I0410 10:00:00.100000 ${String(pid).padStart(7)} main.go:1] ${message}\n`).join('');

const OLD = [
  '***************************',
  'Args: [/usr/bin/runsc --root /var/run/docker/runtime-runsc/moby --log-format json create --bundle /b/web --console-socket /tmp/pty.sock web]',
  'Version release-20211019.0',
  'PID: 7',
  'Configuration:',
  '\t\tRootDir: /var/run/docker/runtime-runsc/moby',
  '\t\tPlatform: ptrace',
  '\t\tFileAccess: exclusive, overlay: true',
  '\t\tNetwork: sandbox, logging: false',
  '***************************',
];

it('reads command, id, bundle and settings from an old banner, flags without equals signs too', async () => {
  const { runs } = await productsOf({ 'runsc.log.20211028-100000.000001.create': lines(7, OLD) });
  expect(runs.runs).toHaveLength(1);
  expect(runs.runs[0]).toMatchObject({
    command: 'create',
    container: 'web',
    bundle: '/b/web',
    version: 'release-20211019.0',
    pid: 7,
    root: '/var/run/docker/runtime-runsc/moby',
  });
  expect(runs.runs[0]?.config).toMatchObject({ Platform: 'ptrace', overlay: 'true', Network: 'sandbox' });
});

it('the name of the file tells the command where no banner does', async () => {
  const { runs } = await productsOf({
    'runsc.log.20240410-100000.000001.gofer.txt': lines(1, ['Sandbox started, PID: 12']),
  });
  expect(runs.runs[0]?.command).toBe('gofer');
});

it('a second banner of the same pid is the same process, another pid in the same file another one', async () => {
  const { runs } = await productsOf({ 'all.log': lines(7, [...OLD, ...OLD]) + lines(8, OLD) });
  expect(runs.runs.map((run: Run) => [run.pid, run.banners])).toEqual([
    [7, 2],
    [8, 1],
  ]);
});

it.each([
  ['runsc --root=/r exec --cwd=/ web /bin/sh -c id', 'exec', 'web'],
  ['runsc --root=/r exec -t --user 5:5 -cwd / web sh', 'exec', 'web'],
  ['runsc exec --detach web', 'exec', 'web'],
  ['runsc --root=/r start web', 'start', 'web'],
  ['runsc --network=none do /bin/true', 'do', null],
  ['runsc-sandbox --root=/r boot --bundle=/b --controller-fd=3 web', 'boot', 'web'],
  ['runsc-gofer gofer --bundle /b --io-fds=3', 'gofer', null],
])('%s', async (args, command, container) => {
  const { runs } = await productsOf({
    'x.log': lines(7, [
      '**************** gVisor ****************',
      `Args: [${args}]`,
      '**************** gVisor ****************',
    ]),
  });
  expect(runs.runs[0]).toMatchObject({ command, container });
});

it('reads the facts of a spec', async () => {
  const spec = {
    process: {
      args: ['/bin/web', '-v'],
      user: { uid: 5, gid: 6 },
      cwd: '/x',
      rlimits: [{ type: 'RLIMIT_AS', soft: 9, hard: 9 }],
    },
    root: { path: 'rootfs' },
    mounts: [{ destination: '/d', type: 'bind', source: '/s' }],
    linux: { namespaces: [{ type: 'network', path: '/n' }] },
  };
  const { runs } = await productsOf({
    'x.boot.log': `D0410 10:00:00.100000       7 specutils.go:1] Spec:\n${JSON.stringify(spec, null, 2)}\n`,
  });
  expect(runs.runs[0]?.spec).toMatchObject({
    args: ['/bin/web', '-v'],
    uid: 5,
    gid: 6,
    cwd: '/x',
    root: 'rootfs',
    namespaces: { network: '/n' },
    rlimits: { RLIMIT_AS: 9 },
    mounts: [{ destination: '/d', source: '/s', type: 'bind' }],
  });
});

it('gathers the files of a sandbox, boot and gofer by bundle, and says how it ended', async () => {
  const banner = (args: string): readonly string[] => [
    '**************** gVisor ****************',
    `Args: [${args}]`,
    'Platform: systrap',
    'Network: none',
    '**************** gVisor ****************',
  ];
  const products = await productsOf({
    'a.create.log': lines(7, banner('runsc create --bundle /b/web web')),
    'a.gofer.log': lines(1, banner('runsc-gofer gofer --bundle /b/web')),
    'a.boot.log': lines(8, [
      ...banner('runsc-sandbox boot --bundle=/b/web web'),
      'application exiting with exit status 42',
    ]),
    'b.create.log': lines(9, banner('runsc create --bundle /b/other other')),
  });
  const sandboxes = portionsOf(products).map(sandboxOf);
  expect(sandboxes.map((one) => [one.id, one.files.length, one.exit]).toSorted()).toEqual([
    ['other', 1, null],
    ['web', 3, { status: 42 }],
  ]);
  expect(sandboxes.find((one) => one.id === 'web')).toMatchObject({
    platform: 'systrap',
    outcome: 'exited with status 42',
    config: { network: 'none' },
  });
});

it('reads a spec that is printed as Go structs, a part a record', async () => {
  const { runs } = await productsOf({
    'x.boot.log': lines(7, [
      'Spec: &{Version:1.0.1 Process:0xc0001b80f0 Root:0xc0001eac20 Hostname:w Mounts:[{Destination:/proc Type:proc Source:/b/proc Options:[]} {Destination:/d Type:bind Source:/srv/d Options:[rbind ro]}] Hooks:<nil> Annotations:map[] Linux:0xc0 Solaris:<nil>}',
      'Spec.Linux: &{UIDMappings:[] GIDMappings:[] Sysctl:map[] Resources:<nil> CgroupsPath: Namespaces:[{Type:pid Path:} {Type:network Path:/run/netns/x}] Devices:[] Seccomp:<nil>}',
      'Spec.Process: &{Terminal:false ConsoleSize:<nil> User:{UID:5 GID:6 Umask:<nil> AdditionalGids:[] Username:} Args:[/bin/sh -c echo [a] b] CommandLine: Env:[PATH=/bin X=]] Cwd:/x Capabilities:0xc0000ae380 Rlimits:[{Type:RLIMIT_NOFILE Hard:1024 Soft:512}] NoNewPrivileges:false}',
      'Spec.Root: &{Path:/b/rootfs Readonly:false}',
    ]),
  });
  expect(runs.runs[0]?.spec).toMatchObject({
    args: ['/bin/sh', '-c', 'echo', '[a]', 'b'],
    cwd: '/x',
    uid: 5,
    gid: 6,
    root: '/b/rootfs',
    namespaces: { pid: '', network: '/run/netns/x' },
    rlimits: { RLIMIT_NOFILE: 512 },
    mounts: [
      { destination: '/proc', type: 'proc', source: '/b/proc' },
      { destination: '/d', type: 'bind', source: '/srv/d' },
    ],
  });
});

it('says how each container ended, and which files of the life are missing', async () => {
  const products = await productsOf({
    'a.create.log': lines(7, [
      '***************************',
      'Args: [runsc create --bundle /b/web web]',
      '***************************',
      'Gofer started, PID: 30',
      'Sandbox started, PID: 31',
    ]),
    'a.boot.log': lines(31, [
      '***************************',
      'Args: [runsc-sandbox boot --bundle=/b/web web]',
      '***************************',
      'containerManager.Wait returned, cid: web, waitStatus: 0x2a00, err: <nil>',
      'containerManager.Wait returned, cid: side, waitStatus: 0x9, err: <nil>',
    ]),
  });
  const [sandbox] = portionsOf(products).map(sandboxOf);
  expect(sandbox?.exits).toEqual({ web: { status: 42 }, side: { signal: 'SIGKILL' } });
  expect(sandbox?.missing.map(({ file }) => file)).toEqual(['gofer']);
});

it('a file that is called as many are names no command', async () => {
  const { runs } = await productsOf({ 'events.log': lines(7, ['Exiting with status: 0']) });
  expect(runs.runs[0]?.command).toBeNull();
});
