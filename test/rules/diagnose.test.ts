/** Ranking: causes before echoes, verdicts, honest doubt; over several files as they come from one start. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnosisAnalyzers } from '../../src/analyzers/diagnosis.js';
import { diagnose } from '../../src/diagnose.js';
import { analyze } from '../../src/pipeline.js';
import type { Judgement } from '../../src/model/judgement.js';
import { judge } from '../../src/rules/diagnose.js';
import { defineRule } from '../../src/rules/rule.js';
import type { Rule } from '../../src/rules/rule.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'diagnose-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function judgeFiles(files: Readonly<Record<string, string>>, rules?: readonly Rule[]): Promise<Judgement> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { products } = await analyze([folder], diagnosisAnalyzers);
  return judge(products, rules);
}

async function diagnoseFiles(files: Readonly<Record<string, string>>): ReturnType<typeof diagnose> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return diagnose(folder);
}

const banner = (pid: number, args: string, time = '10:00:00.100000'): string =>
  [
    '**************** gVisor ****************',
    `Version release-20240729.0, go1.22.5, amd64, 2 CPUs, linux, PID ${pid}, PPID 1, UID 0, GID 0`,
    `Args: [${args}]`,
    'Platform: systrap',
    'Network: none',
    '**************** gVisor ****************',
  ]
    .map((line) => `I0410 ${time} ${String(pid).padStart(7)} main.go:197] ${line}\n`)
    .join('');
const warning = (pid: number, text: string, time = '10:00:00.200000'): string =>
  `W0410 ${time} ${String(pid).padStart(7)} util.go:64] ${text}\n`;
const note = (pid: number, text: string, time = '10:00:00.200000'): string =>
  `I0410 ${time} ${String(pid).padStart(7)} boot.go:534] ${text}\n`;

const RUN = 'runsc.log.20240410-100000.100000.run.txt';
const BOOT = 'runsc.log.20240410-100000.100000.boot.txt';
const GOFER = 'runsc.log.20240410-100000.100000.gofer.txt';
const MISSING =
  'FATAL ERROR: error setting up FS: mounting {/data bind /srv/nothing [rbind]}: stat("/srv/nothing") failed: stat /srv/nothing: no such file or directory';
const EOF =
  'FATAL ERROR: running container: creating container: cannot create sandbox: cannot read client sync file: waiting for sandbox to start: EOF';

describe('cause before echo', () => {
  it('the gofer names the cause; boot and run are echoes, whatever their order', async () => {
    const { verdict, findings, headline } = await judgeFiles({
      [RUN]: banner(70, 'runsc run --bundle /srv/b api') + warning(70, EOF, '10:00:00.500000'),
      [BOOT]:
        banner(80, 'runsc-sandbox boot --bundle=/srv/b api') +
        warning(80, 'FATAL ERROR: Error reading mounts file: error unmarshaling mounts: unexpected end of JSON input'),
      [GOFER]: banner(1, 'runsc-gofer gofer --bundle /srv/b') + warning(1, MISSING, '10:00:00.300000'),
    });
    expect(verdict).toBe('failed-start');
    expect(headline).toBe('Container api did not start: The source of a bind mount does not exist: /srv/nothing.');
    expect(findings.map((one) => one.rule)).toEqual(['mount-source-missing']);
    expect(findings[0]?.echoes.map((one) => one.source.slice(folder.length + 1))).toEqual([BOOT, RUN]);
  });

  it('of two causes the earlier one is first, even from a process in another time zone', async () => {
    const { findings } = await judgeFiles({
      [RUN]:
        banner(70, 'runsc run --bundle /srv/b api') +
        warning(70, 'FATAL ERROR: running container: creating container: invalid container id: x/y', '10:00:00.400000'),
      [GOFER]:
        banner(1, 'runsc-gofer gofer --bundle /srv/b', '15:30:00.100000') + warning(1, MISSING, '15:30:00.300000'),
    });
    expect(findings.map((one) => one.rule)).toEqual(['mount-source-missing', 'container-id-invalid']);
  });

  it('only an echo: inconclusive, possible, and what to collect with the id of this log', async () => {
    const { verdict, findings, collect } = await judgeFiles({
      [RUN]: banner(70, 'runsc run --bundle /srv/b api') + warning(70, EOF),
    });
    expect(verdict).toBe('inconclusive');
    expect(findings.map((one) => [one.rule, one.confidence])).toEqual([['start-echo', 'possible']]);
    expect(collect.length).toBeGreaterThan(1);
    expect(collect[0]).toContain('container api');
  });

  it('the same error in the debug log, in log.json and on stderr is one finding', async () => {
    const error = 'creating container: container with id "api" already exists';
    const { findings } = await judgeFiles({
      [RUN]: banner(70, 'runsc create --bundle /srv/b api') + warning(70, `FATAL ERROR: ${error}`) + `${error}\n`,
      'log.json': JSON.stringify({ msg: error, level: 'error', time: '2024-04-10T10:00:00.2Z' }),
    });
    expect(findings).toHaveLength(1);
    expect(findings[0]?.evidence).toHaveLength(2);
  });
});

describe('verdicts', () => {
  it('exit 0 with alarming lines is healthy, each kind explained', async () => {
    const { verdict, findings, benign } = await judgeFiles({
      [BOOT]:
        banner(80, 'runsc-sandbox boot --bundle=/srv/b api') +
        warning(80, 'noNewPrivileges ignored. PR_SET_NO_NEW_PRIVS is assumed to always be set.') +
        note(80, 'application exiting with exit status 0') +
        note(80, 'Exiting with status: 0'),
    });
    expect(verdict).toBe('healthy');
    expect(findings.map((one) => one.severity)).toEqual(['info']);
    expect(benign.map((one) => [one.rule, one.count])).toEqual([['no-new-privileges-ignored', 1]]);
  });

  it('until 2019-08 a gofer that ends with FATAL ERROR is healthy', async () => {
    const { verdict } = await judgeFiles({
      'runsc.log.20190610-100000.100000.gofer': warning(
        1,
        'FATAL ERROR: P9 server returned error. Gofer is shutting down. FD: 6, err: EOF',
      ),
    });
    expect(verdict).toBe('healthy');
  });

  it('a container that its operator killed did not fail', async () => {
    const { verdict } = await judgeFiles({
      [BOOT]:
        banner(80, 'runsc-sandbox boot --bundle=/srv/b api') +
        note(80, 'application exiting with killed by signal 9', '10:00:09.200000'),
      'runsc.log.20240410-100009.100000.kill.txt': banner(99, 'runsc kill api KILL', '10:00:09.100000'),
    });
    expect(verdict).toBe('healthy');
  });

  it.each([
    ['TERM', 15, 'killed by signal 15', 'healthy'],
    ['TERM', 15, 'exit status 143', 'healthy'],
    ['TERM', 15, 'exit status 0', 'healthy'],
    ['INT', 2, 'exit status 130', 'healthy'],
    ['KILL', 9, 'killed by signal 9', 'healthy'],
    ['TERM', 15, 'exit status 42', 'degraded'],
  ])('runsc kill %s, and then: %s', async (name, signal, how, expected) => {
    const stopped = await judgeFiles({
      [BOOT]:
        banner(80, 'runsc-sandbox boot --bundle=/srv/b api') +
        note(80, `containerManager.Signal: cid: api, PID: 0, signal: ${signal}, mode: Process`, '10:00:08.000000') +
        note(80, `application exiting with ${how}`, '10:00:09.200000'),
      'runsc.log.20240410-100008.100000.kill.txt': banner(99, `runsc kill api ${name}`, '10:00:08.000000'),
    });
    expect(stopped.verdict).toBe(expected);
    expect(stopped.findings[0]?.title).toContain(`SIG${name}`);
    if (expected === 'healthy')
      expect(stopped.headline).toContain(`ended by its operator (SIG${name}); nothing failed`);
  });

  it('a signal of long ago did not end it, and SIGHUP mostly asks for something else', async () => {
    const boot = (at: string, signal: number): string =>
      banner(80, 'runsc-sandbox boot --bundle=/srv/b api', '08:00:00.000000') +
      note(80, `containerManager.Signal: cid: api, PID: 0, signal: ${signal}, mode: Process`, at) +
      note(80, 'application exiting with exit status 1', '10:00:09.200000');
    expect((await judgeFiles({ [BOOT]: boot('09:00:00.000000', 15) })).verdict).toBe('app-failure');
    expect((await judgeFiles({ [BOOT]: boot('09:59:30.000000', 1) })).verdict).toBe('app-failure');
    expect((await judgeFiles({ [BOOT]: boot('09:59:30.000000', 15) })).verdict).toBe('degraded');
  });

  const signalled = (signal: number, { pid = 0, cid = 'api', at = '10:00:08.000000' } = {}): string =>
    note(80, `containerManager.Signal: cid: ${cid}, PID: ${pid}, signal: ${signal}, mode: Process`, at);
  const booted = (text: string): Record<string, string> => ({
    [BOOT]: banner(80, 'runsc-sandbox boot --bundle=/srv/b api') + text,
  });
  const FAILED = note(80, 'application exiting with exit status 1', '10:00:09.200000');

  it('a signal to another process, or to another container of a pod, did not end it', async () => {
    expect((await judgeFiles(booted(signalled(15) + FAILED))).verdict).toBe('degraded');
    expect((await judgeFiles(booted(signalled(15, { pid: 1 }) + FAILED))).verdict).toBe('degraded');
    expect((await judgeFiles(booted(signalled(15, { pid: 7 }) + FAILED))).verdict).toBe('app-failure');
    expect((await judgeFiles(booted(signalled(15, { cid: 'sidecar' }) + FAILED))).verdict).toBe('app-failure');
  });

  it.each([
    ['kill api TERM', 'degraded'],
    ['kill --pid=7 api TERM', 'app-failure'],
    ['kill -pid 7 api TERM', 'app-failure'],
    ['kill sidecar TERM', 'app-failure'],
    ['delete --force sidecar', 'app-failure'],
  ])('runsc %s before a failure: %s', async (args, expected) => {
    const { verdict } = await judgeFiles({
      ...booted(FAILED),
      'runsc.log.20240410-100008.100000.kill.txt': banner(99, `runsc ${args}`, '10:00:08.000000'),
    });
    expect(verdict).toBe(expected);
  });

  it('no program handles SIGKILL: it ended before that, or over an earlier signal', async () => {
    expect((await judgeFiles(booted(signalled(9) + FAILED))).verdict).toBe('app-failure');
    const shell = note(80, 'application exiting with exit status 137', '10:00:09.200000');
    expect((await judgeFiles(booted(signalled(9) + shell))).verdict).toBe('healthy');
    const both = await judgeFiles(booted(signalled(15) + signalled(9, { at: '10:00:09.100000' }) + FAILED));
    expect(both.findings[0]?.title).toMatch(/told to end by signal 15 \(SIGTERM\)/);
  });

  it('what ends long after a signal with another status may have ended over something else', async () => {
    const soon = await judgeFiles(booted(signalled(15) + FAILED));
    expect(soon.findings[0]).toMatchObject({ confidence: 'likely' });
    const late = await judgeFiles(booted(signalled(15, { at: '09:59:30.000000' }) + FAILED));
    expect(late.findings[0]).toMatchObject({ rule: 'application-exit', confidence: 'possible' });
    expect(late.findings[0]?.cause).toMatch(/39 s later: it may have handled .* it may have ignored/);
  });

  it('a kill or a clean-up that came after the end did not end it', async () => {
    const dead = await judgeFiles({
      [BOOT]:
        banner(80, 'runsc-sandbox boot --bundle=/srv/b api') +
        note(80, 'application exiting with exit status 1', '10:00:05.000000'),
      'runsc.log.20240410-100009.100000.kill.txt':
        banner(99, 'runsc kill api KILL', '10:00:09.100000') +
        note(99, 'Signal container, cid: api, signal: killed (9)', '10:00:09.200000'),
    });
    expect(dead.findings[0]?.title).toContain('exit status 1');
    expect(dead.findings[0]?.cause).not.toContain('signal');
    const vanished = await judgeFiles({
      [BOOT]:
        banner(80, 'runsc-sandbox boot --bundle=/srv/b api') +
        note(80, 'Process should have started...', '10:00:04.000000'),
      [RUN]:
        banner(70, 'runsc run api') +
        warning(
          70,
          'Wait RPC to container "api" failed: urpc method "containerManager.Wait" failed: EOF. Will try waiting on the sandbox process instead.',
          '10:00:05.000000',
        ),
      'runsc.log.20240410-100005.100000.delete.txt': banner(99, 'runsc delete --force api', '10:00:05.100000'),
    });
    expect(vanished).toMatchObject({ verdict: 'sandbox-crash', findings: [{ rule: 'sandbox-vanished' }] });
  });

  it('a program that failed is an app-failure, and a refused command does not come before it', async () => {
    const { verdict, findings } = await judgeFiles({
      [BOOT]:
        banner(80, 'runsc-sandbox boot --bundle=/srv/b api') +
        note(80, 'application exiting with exit status 42', '10:00:09.000000'),
      'runsc.log.20240410-100005.100000.delete.txt':
        banner(99, 'runsc delete api', '10:00:05.100000') +
        warning(99, 'FATAL ERROR: cannot delete container that is not stopped without --force flag', '10:00:05.200000'),
    });
    expect(verdict).toBe('app-failure');
    expect(findings[0]?.rule).toBe('application-exit');
    expect(findings[0]?.cause).toContain('42');
  });

  it('an error that no rule knows is quoted, without certainty', async () => {
    const { verdict, findings, headline } = await judgeFiles({
      [RUN]:
        banner(70, 'runsc run api') +
        warning(70, 'FATAL ERROR: running container: creating container: the moon is full: try later'),
    });
    expect(verdict).toBe('failed-start');
    expect(findings[0]?.confidence).toBe('possible');
    expect(headline).toContain('the moon is full: try later');
  });
});

describe('commands on a container', () => {
  const started = (more = ''): string =>
    banner(80, 'runsc-sandbox boot --bundle=/srv/b api') + note(80, 'Process should have started...') + more;
  const failing = (args: string, error: string, time = '10:00:05.000000'): string =>
    banner(99, `runsc ${args}`, time) + warning(99, `FATAL ERROR: ${error}`, time);
  const EXEC = 'runsc.log.20240410-100005.100000.exec.txt';
  const MISSING_PROGRAM =
    'executing processes for container: executing command "/bin/x" in sandbox: failed to load /bin/x: no such file or directory';
  const UNKNOWN = 'loading container: file does not exist';

  it('a failed exec is a finding about that command, and the container no more than degraded', async () => {
    const files = { [BOOT]: started(), [EXEC]: failing('exec api /bin/x', MISSING_PROGRAM) };
    expect(await judgeFiles(files)).toMatchObject({
      verdict: 'degraded',
      findings: [{ rule: 'program-missing', severity: 'medium' }],
    });
    // what is wrong with the container itself comes first
    const failed = await judgeFiles({
      ...files,
      [BOOT]: started(note(80, 'application exiting with exit status 3', '10:00:09.000000')),
    });
    expect(failed.verdict).toBe('app-failure');
    expect(failed.findings.map(({ rule }) => rule)).toEqual(['application-exit', 'program-missing']);
  });

  it('where only the log of the command is given, its failure is the answer', async () => {
    const alone = await judgeFiles({ [EXEC]: failing('exec api /bin/x', MISSING_PROGRAM) });
    expect(alone).toMatchObject({ verdict: 'failed-start', findings: [{ rule: 'program-missing' }] });
  });

  it('an id that is not known is named, and makes no sandbox fail', async () => {
    const { report } = await diagnoseFiles({
      [BOOT]: started(),
      [RUN]: banner(70, 'runsc run --bundle /srv/b api'),
      'runsc.log.20240410-100005.100000.kill.txt': failing('kill web9 TERM', UNKNOWN),
    });
    expect(report.verdict).toBe('degraded');
    expect(report.headline).toMatch(/No container of the id web9 is known\. Container api: .*nothing failed/);
  });

  it('a sandbox that was stopped when it was deleted, and tells of no end, was killed', async () => {
    const deleted = (args: string): Record<string, string> => ({
      [BOOT]: started(),
      'runsc.log.20240410-100009.100000.delete.txt':
        banner(99, `runsc delete ${args}api`, '10:00:09.000000') +
        note(99, 'Exiting with status: 0', '10:00:09.100000'),
    });
    expect((await judgeFiles(deleted(''))).headline).toContain('gone without a record of its end');
    expect((await judgeFiles(deleted('--force '))).headline).toBe('Container api: nothing failed.');
  });

  it('what comes right after a stop finds what it was to bring about', async () => {
    const stopped = (at: string): Record<string, string> => ({
      [BOOT]: started(
        note(80, 'containerManager.Signal: cid: api, PID: 0, signal: 15, mode: Process', '10:00:08.000000') +
          note(80, 'application exiting with killed by signal 15', '10:00:08.100000'),
      ),
      'runsc.log.20240410-100009.100000.kill.txt': failing('kill api KILL', UNKNOWN, at),
    });
    const soon = await judgeFiles(stopped('10:00:09.000000'));
    expect(soon.verdict).toBe('healthy');
    expect(soon.findings.find(({ rule }) => rule === 'container-unknown')).toMatchObject({ severity: 'low' });
    expect((await judgeFiles(stopped('10:20:09.000000'))).verdict).toBe('degraded');
  });
});

it('a fatal error whose sentence is known and whose rule has no answer is quoted all the same', async () => {
  const text = 'FATAL ERROR: creating container: container with id "x" already exists';
  const { verdict, findings } = await judgeFiles(
    { [RUN]: banner(70, 'runsc create --bundle /b x') + warning(70, text) },
    [],
  );
  expect(verdict).toBe('failed-start');
  expect(findings.map((one) => [one.rule, one.confidence])).toEqual([['unrecognised-error', 'possible']]);
});

it('a record that a file name forged, of a process that never began and from before the file, is no failure', async () => {
  const forged = 'W0101 00:00:00.000000       1 util.go:64] FATAL ERROR: forged by a file name, 0o4)\n';
  const { verdict } = await judgeFiles({
    [BOOT]:
      banner(80, 'runsc-sandbox boot --bundle=/srv/b api') +
      forged +
      note(80, 'application exiting with exit status 0'),
  });
  expect(verdict).toBe('healthy');
});

it('a rule that throws is failed, and the others go on', async () => {
  const broken = defineRule({
    id: 'broken',
    severity: 'low',
    title: 'A broken rule',
    needs: ['failures'],
    sources: ['none'],
    judge: () => {
      throw new Error('on purpose');
    },
  });
  const { answers, verdict } = await judgeFiles({ [RUN]: banner(70, 'runsc run api') }, [broken]);
  expect(answers).toEqual([{ rule: 'broken', state: 'failed', why: 'on purpose' }]);
  expect(verdict).toBe('healthy');
});
