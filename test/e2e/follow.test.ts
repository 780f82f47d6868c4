/** `follow` beside runsc itself: a container that fails and one that works are told of while somebody waits. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FollowRecord } from '../../src/model/follow.js';
import { BIN } from '../commands/cli.js';
import { pause } from '../follow/live.js';

const BUSYBOX = '/bin/busybox';
const why =
  process.getuid?.() !== 0
    ? 'not root, as runsc must be'
    : spawnSync('runsc', ['--version']).status !== 0
      ? 'no runsc on PATH'
      : existsSync(BUSYBOX)
        ? undefined
        : `no ${BUSYBOX} (busybox-static)`;
if (why !== undefined && process.env['RUNSIGHT_E2E'] === 'required') throw new Error(`runsc cannot be run: ${why}`);

describe.skipIf(why !== undefined)(`follow beside runsc${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  let folder = '';
  let child: ChildProcess;
  const records: FollowRecord[] = [];
  let ended: Promise<number | null>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'runsight-follow-'));
    child = spawn(process.execPath, [BIN, 'follow', '--json', join(folder, 'logs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    ended = new Promise((resolve) => child.on('close', resolve));
    if (child.stdout === null) throw new Error('no stdout');
    createInterface({ input: child.stdout }).on('line', (line) => records.push(JSON.parse(line) as FollowRecord));
    await pause(2500); // the folder does not exist yet
  }, 60_000);
  afterAll(() => {
    child.kill('SIGKILL');
    for (const id of ['works', 'fails']) runsc(['delete', '--force', id]);
    rmSync(folder, { recursive: true, force: true });
  });

  function runsc(command: readonly string[]): ReturnType<typeof spawn> {
    mkdirSync(join(folder, 'logs'), { recursive: true });
    const flags = ['--platform=ptrace', '--network=none', '--ignore-cgroups', '--debug', '--strace'];
    return spawn('runsc', [`--root=${join(folder, 'state')}`, ...flags, `--debug-log=${folder}/logs/`, ...command], {
      stdio: 'ignore',
    });
  }

  async function run(id: string, args: readonly string[]): Promise<void> {
    const bundle = join(folder, 'bundles', id);
    for (const path of ['bin', 'tmp']) mkdirSync(join(bundle, 'rootfs', path), { recursive: true });
    copyFileSync(BUSYBOX, join(bundle, 'rootfs/bin/sh'));
    const spec = {
      ociVersion: '1.0.0',
      process: { user: { uid: 0, gid: 0 }, args, env: ['PATH=/bin'], cwd: '/' },
      root: { path: 'rootfs' },
      linux: { namespaces: [{ type: 'pid' }, { type: 'mount' }] },
    };
    writeFileSync(join(bundle, 'config.json'), JSON.stringify(spec));
    const running = runsc(['run', '--bundle', bundle, id]);
    await new Promise((resolve) => running.on('close', resolve));
  }

  const verdictOf = async (id: string): Promise<Extract<FollowRecord, { type: 'verdict' }> | undefined> => {
    const find = (): FollowRecord | undefined =>
      records.findLast((record) => record.type === 'verdict' && record.sandbox === id && record.final);
    for (let waited = 0; waited < 15_000 && find() === undefined; waited += 50) await pause(50);
    return find() as Extract<FollowRecord, { type: 'verdict' }> | undefined;
  };

  it('tells why one did not start, and that the other did its work', async () => {
    await run('fails', ['/srv/webapp']);
    const failed = await verdictOf('fails');
    expect(failed?.diagnosis.verdict).toBe('failed-start');
    expect(failed?.diagnosis.findings[0]?.rule).toBe('program-missing');

    await run('works', ['/bin/sh', '-c', 'echo hello > /tmp/f; read line < /tmp/f']);
    const worked = await verdictOf('works');
    expect(worked?.diagnosis.verdict).toBe('healthy');
    const states = records.flatMap((record) =>
      record.type === 'sandbox' && record.sandbox === 'works' ? [record.state] : [],
    );
    expect(states).toEqual(['created', 'booted', 'started', 'ended']);

    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(records.at(-1)?.type).toBe('end');
    expect(records.filter(({ type }) => type === 'loss')).toEqual([]);
  }, 90_000);
});
