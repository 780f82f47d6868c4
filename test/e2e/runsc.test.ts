/** From runsc itself to the answer: containers are run with debug logs on, and the built command reads what they left. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentOf, linesOf, runsight } from '../commands/cli.js';

const BUSYBOX = '/bin/busybox';

/** Why it cannot be run here; undefined if it can. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root, as runsc must be';
  if (spawnSync('runsc', ['--version']).status !== 0) return 'no runsc on PATH';
  if (!existsSync(BUSYBOX)) return `no ${BUSYBOX} (busybox-static)`;
  return undefined;
}

const why = obstacle();
// Where it is meant to run, a machine that cannot is a failure: .ci/run sets this.
if (why !== undefined && process.env['RUNSIGHT_E2E'] === 'required') throw new Error(`runsc cannot be run: ${why}`);

type Finding = {
  readonly rule: string;
  readonly severity: string;
  readonly cause: string;
  readonly evidence: readonly { readonly source: string; readonly line: number; readonly text: string }[];
};
type Diagnosis = {
  readonly verdict: string;
  readonly headline: string;
  readonly findings: readonly Finding[];
  readonly sandboxes: readonly { readonly id: string; readonly platform: string; readonly exit: unknown }[];
  readonly reading: readonly { readonly unread: Readonly<Record<string, number>> }[];
};
type Summary = {
  readonly syscalls: readonly {
    readonly name: string;
    readonly calls: number;
    readonly errors: number;
    readonly unfinished: number;
  }[];
  readonly errnos: readonly { readonly name: string; readonly count: number }[];
  readonly reading: readonly { readonly events: Readonly<Record<string, number>> }[];
};

/** Runs one container and gives the folder of its logs and its exit status. */
type Run = { readonly logs: string; readonly status: number | null; readonly said: string };

describe.skipIf(why !== undefined)(`runsc${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'runsight-e2e-'));
  });
  afterAll(() => {
    // A container that did not start may leave its state behind.
    for (const id of ['healthy', 'no-program', 'no-source', 'status']) runsc(id, ['delete', '--force', id]);
    rmSync(folder, { recursive: true, force: true });
  });

  function runsc(id: string, command: readonly string[]): ReturnType<typeof spawnSync> {
    const logs = join(folder, 'logs', command[0] === 'run' ? id : 'deleted');
    mkdirSync(logs, { recursive: true });
    const flags = [
      '--platform=ptrace',
      '--network=none',
      '--ignore-cgroups',
      '--debug',
      `--debug-log=${logs}/`,
      '--strace',
    ];
    return spawnSync('runsc', [`--root=${join(folder, 'state')}`, ...flags, ...command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 40_000,
    });
  }

  function run(id: string, args: readonly string[], mounts: readonly object[] = []): Run {
    const bundle = join(folder, 'bundles', id);
    for (const path of ['bin', 'tmp', 'proc', 'data']) mkdirSync(join(bundle, 'rootfs', path), { recursive: true });
    copyFileSync(BUSYBOX, join(bundle, 'rootfs/bin/sh'));
    const spec = {
      ociVersion: '1.0.0',
      process: { user: { uid: 0, gid: 0 }, args, env: ['PATH=/bin', 'TOKEN=tell-nobody'], cwd: '/' },
      root: { path: 'rootfs', readonly: false },
      mounts: [{ destination: '/proc', type: 'proc', source: 'proc' }, ...mounts],
      linux: { namespaces: [{ type: 'pid' }, { type: 'ipc' }, { type: 'uts' }, { type: 'mount' }] },
    };
    writeFileSync(join(bundle, 'config.json'), JSON.stringify(spec, null, 2));
    const { status, stdout, stderr } = runsc(id, ['run', '--bundle', bundle, id]);
    return { logs: join(folder, 'logs', id), status, said: `${String(stdout)}${String(stderr)}` };
  }

  async function diagnose({ logs }: Run): Promise<Diagnosis> {
    const outcome = await runsight(['diagnose', '--json', logs]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stdout, 'values of the environment are masked').not.toMatch('tell-nobody');
    const report = documentOf<Diagnosis>(outcome);
    for (const { unread } of report.reading) expect(unread).toEqual({});
    return report;
  }

  it('a container that ends well is healthy, and its calls are those that grep counts', async () => {
    const healthy = run('healthy', [
      '/bin/sh',
      '-c',
      'echo hello > /tmp/f; read line < /tmp/f; echo "$line"; read line < /missing; true',
    ]);
    expect(healthy, healthy.said).toMatchObject({ status: 0 });
    expect(healthy.said).toMatch(/^hello$/m);

    const report = await diagnose(healthy);
    expect(report.verdict).toBe('healthy');
    expect(report.findings.filter(({ severity }) => !['info', 'low'].includes(severity))).toEqual([]);
    expect(report.sandboxes).toMatchObject([{ id: 'healthy', platform: 'ptrace', exit: { status: 0 } }]);

    const outcome = await runsight(['summary', '--json', healthy.logs]);
    const { syscalls, errnos, reading } = documentOf<Summary>(outcome);
    const boot = readdirSync(healthy.logs).find((name) => /boot/.test(name)) ?? '';
    const lines = readFileSync(join(healthy.logs, boot), 'latin1').split('\n');
    const count = (mark: string): number =>
      lines.filter((line) => line.includes('strace.go:') && line.includes(mark)).length;
    const sum = (field: 'calls' | 'errors' | 'unfinished'): number =>
      syscalls.reduce((total, row) => total + row[field], 0);
    const [enters, exits] = [count(' E '), count(' X ')];
    expect(exits).toBeGreaterThan(10);
    expect(sum('calls')).toBe(exits);
    expect(sum('unfinished')).toBe(enters - exits);
    expect(sum('errors')).toBe(count(' errno='));
    expect(errnos.find(({ name }) => name === 'ENOENT')?.count).toBe(count(' errno=2 '));
    for (const name of ['write', 'exit_group']) {
      const row = syscalls.find((one) => one.name === name);
      expect((row?.calls ?? 0) + (row?.unfinished ?? 0), name).toBe(count(` E ${name}(`));
    }
    const events = reading.map((source) => source.events);
    const total = (kind: string): number => events.reduce((all, one) => all + (one[kind] ?? 0), 0);
    expect([total('syscall-enter'), total('syscall-exit')]).toEqual([enters, exits]);
  });

  it('a status that is not 0 is the failure of the application, and every byte of its logs is in one event', async () => {
    const failed = run('status', ['/bin/sh', '-c', 'exit 7']);
    expect(failed.status).toBe(7);
    const report = await diagnose(failed);
    expect(report.verdict).toBe('app-failure');
    expect(report.sandboxes[0]?.exit).toEqual({ status: 7 });

    const { logs } = failed;
    const events = linesOf<{ source: string; bytes: number; kind: string }>(await runsight(['events', logs]));
    const files = readdirSync(logs).map((name) => join(logs, name));
    for (const file of files) {
      const bytes = events.filter(({ source }) => source === file).reduce((sum, event) => sum + event.bytes, 0);
      expect(bytes, file).toBe(readFileSync(file).length);
    }
    expect(events.filter(({ kind }) => kind === 'unread')).toEqual([]);
  });

  it('a program that is not in the image is the cause of a failed start', async () => {
    const failed = run('no-program', ['/srv/webapp', '--port=80']);
    expect(failed.status).not.toBe(0);
    const report = await diagnose(failed);
    expect(report.verdict).toBe('failed-start');
    const [first] = report.findings;
    expect(first?.rule).toBe('program-missing');
    expect(['critical', 'high']).toContain(first?.severity);
    expect(first?.cause).toMatch('/srv/webapp');
    expect(first?.evidence[0]?.text).toMatch('/srv/webapp');
    expect((await runsight(['diagnose', '--fail-on', 'high', failed.logs])).code).toBe(1);
  });

  it('the source of a bind mount that is missing is the cause, and what followed is its echo', async () => {
    const source = join(folder, 'not/there');
    const failed = run(
      'no-source',
      ['/bin/sh', '-c', 'true'],
      [{ destination: '/data', type: 'bind', source, options: ['rbind', 'rw'] }],
    );
    expect(failed.status).not.toBe(0);
    const report = await diagnose(failed);
    expect(report.verdict).toBe('failed-start');
    const [first] = report.findings;
    expect(first?.rule).toBe('mount-source-missing');
    expect(first?.cause).toMatch(source);
    expect(first?.evidence[0]?.text).toMatch(source);
    const [proof] = first?.evidence ?? [];
    const line = readFileSync(proof?.source ?? '', 'utf8').split('\n')[(proof?.line ?? 0) - 1];
    expect(line, 'the evidence stands where it says').toMatch(source);
  });
});
