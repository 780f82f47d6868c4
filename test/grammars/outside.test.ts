/** Lines of those who run runsc and of the kernel: kind, level, time, message and fields; and the errors of runsc inside of them. */
import { describe, expect, it } from 'vitest';
import { opensOutside, readOutside, readPairs, unescapeGo } from '../../grammars/outside.js';
import { syscallOfNumber } from '../../grammars/syscall-numbers.js';
import { eventsOf } from '../tools/byte-source.js';

type Expected = Readonly<Record<string, unknown>>;

describe('lines of callers', () => {
  it.each<[line: string, expected: Expected]>([
    [
      'time="2026-01-02T03:04:05.000000006Z" level=error msg="Create, id: web1, bundle: \\"/b\\"" error="creating container: x\\ny" id=web1',
      {
        kind: 'shim',
        level: 'error',
        time: '2026-01-02T03:04:05.000000006Z',
        message: 'Create, id: web1, bundle: "/b"',
        fields: { error: 'creating container: x\ny', id: 'web1' },
      },
    ],
    ['level=warning msg=simple id=7', { kind: 'shim', level: 'warning', message: 'simple', fields: { id: '7' } }],
    [
      'ERRO[0003] error waiting for container: context canceled ',
      { kind: 'docker', level: 'error', message: 'error waiting for container: context canceled' },
    ],
    [
      'INFO[2026-02-14T02:26:53.92Z] stopping healthcheck  module=libcontainerd',
      { kind: 'docker', level: 'info', time: '2026-02-14T02:26:53.92Z', fields: { module: 'libcontainerd' } },
    ],
    [
      'docker: Error response from daemon: OCI runtime create failed: creating container: x: unknown.',
      { kind: 'docker', level: 'error', isFailure: true },
    ],
    [
      '  Warning  FailedCreatePodSandBox  3s (x4 over 42s)  kubelet  Failed to create pod sandbox: rpc error: code = Unknown desc = x',
      {
        kind: 'kubernetes',
        level: 'warning',
        message: 'Failed to create pod sandbox: rpc error: code = Unknown desc = x',
        fields: { reason: 'FailedCreatePodSandBox', age: '3s', from: 'kubelet' },
      },
    ],
    [
      '2m10s       Normal   Pulled   pod/web-1    Container image "web" already present',
      {
        kind: 'kubernetes',
        level: 'info',
        message: 'Container image "web" already present',
        fields: { reason: 'Pulled', age: '2m10s', object: 'pod/web-1' },
      },
    ],
    [
      'E0102 03:04:05.000006    1201 pod_workers.go:1294] "Error syncing pod, skipping" err="failed to create shim task: x" pod="default/web"',
      {
        kind: 'kubernetes',
        level: 'error',
        message: 'Error syncing pod, skipping',
        errors: ['failed to create shim task: x', 'Error syncing pod, skipping'],
        fields: { pod: 'default/web', site: 'pod_workers.go:1294' },
      },
    ],
    ['  Exit Code:    137', { kind: 'kubernetes', fields: { exit_code: '137' } }],
  ])('%s', (line, expected) => {
    expect(readOutside(line)).toMatchObject(expected);
  });

  it('the writer that a journal names decides what its lines do not', () => {
    expect(opensOutside('anything at all', 0, 'dockerd')).toBe('docker');
    expect(opensOutside('level=info msg=x', 0, 'kubelet')).toBe('kubernetes');
    expect(opensOutside('anything at all', 0, 'cron')).toBeUndefined();
  });
});

describe('lines of the kernel', () => {
  it.each<[line: string, fields: Readonly<Record<string, string>>]>([
    [
      '[12345.678901] Out of memory: Killed process 4711 (exe) total-vm:1kB, anon-rss:2kB',
      { event: 'oom', pid: '4711', comm: 'exe', uptime: '12345.678901' },
    ],
    [
      '[Wed Nov 25 10:00:00 2026] Memory cgroup out of memory: Killed process 9 (exe) total-vm:1kB',
      { event: 'oom', pid: '9', comm: 'exe' },
    ],
    [
      '[  1.000001] Memory cgroup out of memory: Killed process 9 (runsc-sandbox) total-vm:1kB',
      { event: 'oom', pid: '9' },
    ],
    [
      'kernel: [    9.000001] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,task_memcg=/y,task=exe,pid=77,uid=0',
      { event: 'oom', comm: 'exe', pid: '77' },
    ],
    ['[    9.000001] exe invoked oom-killer: gfp_mask=0x6000c0', { event: 'oom', comm: 'exe' }],
    [
      'audit: type=1326 audit(1771034512.100:77): auid=0 uid=0 pid=34 comm="exe" exe="/usr/bin/runsc" sig=31 arch=c000003e syscall=435 compat=0 ip=0x1 code=0x80000000',
      { event: 'seccomp', syscall: 'clone3', signal: '31', pid: '34', comm: 'exe', arch: 'amd64', number: '435' },
    ],
    [
      'type=SECCOMP msg=audit(1771034512.100:77): auid=0 pid=34 comm="exe" sig=31 arch=c00000b7 syscall=222 compat=0',
      { event: 'seccomp', syscall: 'mmap', arch: 'arm64' },
    ],
    ['[  8.000001] potentially unexpected fatal signal 7.', { event: 'fatal-signal', signal: '7' }],
    ['[  8.000001] CPU: 5 PID: 6 Comm: exe Not tainted 6.1.0-9 #1', { event: 'process', pid: '6', comm: 'exe' }],
    ['[  8.000001] traps: exe[6] general protection fault ip:1 sp:2 error:0', { event: 'trap', pid: '6' }],
    ['[  8.000001] exe[6]: segfault at 18 ip 00 sp 00 error 4 in exe', { event: 'segfault', pid: '6', address: '18' }],
    [
      'Linux host1 3.10.0-123.el7.x86_64 #1 SMP Wed May 9 2018 x86_64',
      { event: 'release', release: '3.10.0-123.el7.x86_64' },
    ],
  ])('%s', (line, fields) => {
    expect(opensOutside(line, 0)).toBe('kernel');
    expect(readOutside(line)).toMatchObject({ kind: 'kernel', fields });
  });

  it('numbers have the names of their architecture', () => {
    expect([syscallOfNumber('amd64', 9), syscallOfNumber('arm64', 9), syscallOfNumber('amd64', 9999)]).toEqual([
      'mmap',
      'lgetxattr',
      undefined,
    ]);
  });
});

describe('pairs and escapes', () => {
  it('reads what Go writes', () => {
    expect(readPairs('a=1 b="x \\"y\\" \\\\" c= d=é')).toEqual({ a: '1', b: 'x "y" \\', c: '', d: 'é' });
    expect(unescapeGo('\\x41\\u00b5\\U0001f600\\t\\q')).toBe('Aµ😀\t\\q');
  });
});

describe('as events', () => {
  it('an error of runsc inside of a caller’s line is known', async () => {
    const { events } = await eventsOf(
      'Jan 02 03:04:05 host1 dockerd[812]: time="2026-01-02T03:04:05Z" level=error msg="Handler failed" error="OCI runtime create failed: creating container: cannot create sandbox: cannot read client sync file: waiting for sandbox to start: EOF: unknown"\n' +
        'Jan 02 03:04:06 host1 kernel: oom-kill:constraint=CONSTRAINT_NONE,task=exe,pid=7,uid=0\n',
    );
    expect(events).toMatchObject([
      { kind: 'docker', known: 'sandbox-start-eof', recovered: 'prefix', fields: { unit: 'dockerd' } },
      { kind: 'kernel', known: 'kernel-oom', recovered: 'prefix', fields: { unit: 'kernel', comm: 'exe' } },
    ]);
  });

  it('a shim’s log is read without recovery', async () => {
    const { events } = await eventsOf(
      'time="2026-01-02T03:04:05Z" level=info msg="Create"\ntime="2026-01-02T03:04:06Z" level=debug msg="Start"\n',
    );
    expect(events.map(({ kind, message, recovered }) => [kind, message, recovered])).toEqual([
      ['shim', 'Create', undefined],
      ['shim', 'Start', undefined],
    ]);
  });
});
