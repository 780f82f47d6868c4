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
