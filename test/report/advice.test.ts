/** How far releases support calls, and how a trace can be smaller. */
import { describe, expect, it } from 'vitest';
import { argumentTable } from '../../grammars/syscall-table.js';
import { supportTable } from '../../src/knowledge/syscall-support.js';
import { ALWAYS_KEPT } from '../../src/knowledge/syscall-signal.js';
import type { SyscallRow } from '../../src/model/report.js';
import { adviceOf } from '../../src/report/advice.js';
import { supportOf } from '../../src/report/runtimes.js';
import { summarize } from '../../src/summarize.js';

describe('support', () => {
  it.each([
    ['amd64', '20240729.0', 'read', 'full'],
    ['amd64', '20180601.0', 'read', 'handled'],
    ['amd64', '20200115.0', 'setxattr', 'partial'],
    ['amd64', '20190722.1', 'setxattr', 'unimplemented'],
    ['amd64', '20221122.0', 'setxattr', 'full'],
    ['amd64', '20230822.0', 'clone3', 'partial'],
    ['amd64', '20230828.0', 'clone3', 'unimplemented'],
    ['amd64', '20230904.0', 'clone3', 'partial'],
    ['arm64', '20240729.0', 'add_key', 'unimplemented'],
    ['amd64', '20240729.0', 'sys_1000', 'unimplemented'],
    ['amd64', '20240729.0', 'no_such_call', undefined],
  ] as const)('%s %s %s: %s', (architecture, release, name, level) => {
    expect(supportTable(architecture, release)(name)?.level).toBe(level);
  });

  it('of a call that a release lacks names its answer', () => {
    expect(supportTable('amd64', '20190722.1')('setxattr')?.note).toBe('always fails: ENOTSUP');
    expect(supportTable('amd64', '20240729.0')('kcmp')?.note).toContain('CAP_SYS_PTRACE');
  });

  it('has a note wherever it is partial', () => {
    for (const architecture of ['amd64', 'arm64'] as const) {
      const table = supportTable(architecture, '20260803.0');
      for (const name of argumentTable(architecture).keys()) {
        const support = table(name);
        if (support?.level !== 'full') expect(support?.note, name).toBeTruthy();
      }
    }
  });

  it('of several releases is the least', () => {
    const runtime = (release: string) => ({ release, architecture: 'amd64' as const });
    const support = supportOf(
      new Map([
        ['new.log', runtime('20240729.0')],
        ['old.log', runtime('20190722.1')],
      ]),
    );
    expect(support('setxattr')?.level).toBe('unimplemented');
    expect(supportOf(new Map())('setxattr')).toBeNull();
  });

  it('is learnt from the banner', async () => {
    const { report } = await summarize('samples/release-20240729/healthy-unsupported');
    expect(report.runtimes).toEqual([{ release: '20240729.0', architecture: 'amd64', sources: 1 }]);
    expect(report.syscalls.find(({ name }) => name === 'add_key')?.support?.level).toBe('unimplemented');
  });
});

describe('advice', () => {
  const row = (name: string, errnos: Record<string, number> = {}): SyscallRow =>
    ({ name, errnos, calls: 1, support: null }) as unknown as SyscallRow;
  it('keeps what programs do and what is trouble, and tells what fills the log', () => {
    const rows = [
      row('openat'),
      row('read'),
      row('futex'),
      row('mprotect', { EACCES: 1 }),
      row('sys_999', { ENOSYS: 1 }),
    ];
    const advice = adviceOf(
      rows,
      new Map([
        ['openat', 10],
        ['read', 700],
        ['futex', 200],
        ['mprotect', 5],
        ['sys_999', 85],
      ]),
    );
    expect(advice?.trace_bytes).toBe(1000);
    expect(advice?.kept_bytes).toBe(15);
    expect(advice?.data_bytes).toBe(700);
    expect(advice?.large[0]).toEqual({ name: 'read', bytes: 700, share: 0.7, kept: false });
    const names = advice?.flag.replace('--strace-syscalls=', '').split(',') ?? [];
    expect(names).toEqual(expect.arrayContaining(['openat', 'mprotect', 'execve']));
    expect(names).not.toContain('read');
    // runsc does not start with a name that it does not know
    expect(names).not.toContain('sys_999');
  });
  it('speaks to strace in its own words', () => {
    const volume = new Map([
      ['openat', 10],
      ['read', 90],
    ]);
    const rows = [row('openat'), row('read'), row('syscall_0x3e7', { ENOSYS: 1 })];
    expect(adviceOf(rows, volume, true)?.flag).toMatch(/^-e trace=[a-z0-9_,]+$/);
    expect(adviceOf(rows, volume, true)?.flag).not.toContain('syscall_0x');
  });
  it('is none where nothing is to be saved', () => {
    expect(
      adviceOf(
        [row('openat'), row('read')],
        new Map([
          ['openat', 90],
          ['read', 10],
        ]),
      ),
    ).toBeNull();
    expect(adviceOf([], new Map())).toBeNull();
  });
  it('asks for no call that an architecture lacks', () => {
    for (const architecture of ['amd64', 'arm64'] as const)
      for (const name of ALWAYS_KEPT) expect([...argumentTable(architecture).keys()], name).toContain(name);
  });
  it('counts the bytes of all trace records, and no others', async () => {
    const { report } = await summarize('samples/release-20221219/healthy-pipeline');
    const bytes = report.syscalls.reduce((sum, one) => sum + (one.log_bytes ?? 0), 0);
    const all = report.reading.reduce((sum, one) => sum + one.bytes, 0);
    expect(bytes).toBe(report.advice?.trace_bytes);
    expect(bytes).toBeGreaterThan(0.2 * all);
    expect(bytes).toBeLessThan(all);
  });
});
