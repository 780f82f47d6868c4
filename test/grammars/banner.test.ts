/** The banner and the configuration block in all their eras, and on the samples. */
import { describe, expect, it } from 'vitest';
import { BANNER, isDelimiter, readBannerLine, readConfigLine } from '../../grammars/banner.js';
import { eventsOf } from '../tools/byte-source.js';
import { sample, samples } from '../tools/samples.js';

it.each([
  ['***************************', true],
  ['**************** gVisor ****************', true],
  ['*****', false],
  ['*** Dropped 17 log messages ***', false],
  ['**************** gVisor', false],
  ['**************** runc ****************', false],
])('%j is an edge: %s', (message, isEdge) => {
  expect(isDelimiter(message)).toBe(isEdge);
});

describe('lines of the banner', () => {
  it.each<[message: string, field: string, values: Readonly<Record<string, string>>]>([
    ['Args: [runsc --root=/a b do /bin/true]', 'args', { args: 'runsc --root=/a b do /bin/true' }],
    ['Args: []', 'args', {}],
    ['Args: [runsc run ]]', 'args', { args: 'runsc run ]' }],
    [
      'Version release-20240729.0, go1.22.5, amd64, 2 CPUs, linux, PID 16706, PPID 16705, UID 0, GID 5',
      'version',
      {
        version: 'release-20240729.0',
        go: 'go1.22.5',
        arch: 'amd64',
        cpus: '2',
        os: 'linux',
        pid: '16706',
        ppid: '16705',
        uid: '0',
        gid: '5',
      },
    ],
    ['Version release-20211019.0', 'version', { version: 'release-20211019.0' }],
    ['Version 0.0~20221219.0', 'version', { version: '0.0~20221219.0' }],
    ['Git Revision: adf8138e069a99aa', 'revision', { revision: 'adf8138e069a99aa' }],
    ['GOOS: linux', 'goos', { os: 'linux' }],
    ['GOARCH: arm64', 'goarch', { arch: 'arm64' }],
    ['PID: 123', 'pid', { pid: '123' }],
    ['UID: 0, GID: 7', 'uid', { uid: '0', gid: '7' }],
    ['Page size: 0x1000 (4096 bytes)', 'page-size', { pageBytes: '4096' }],
    ['Configuration:', 'heading', {}],
    ['Go started execution at 2026', 'startup', { started: '2026' }],
    ['runsc process spawned at 2026, Go', 'startup', { spawned: '2026, Go' }],
  ])('%j', (message, field, values) => {
    expect(readBannerLine(message)).toEqual({ field, values });
  });
  it.each(['PID: x', 'UID: 0', 'Args: [', 'Version ', 'Configuration: x', 'Creating container', ''])(
    '%j is none',
    (message) => {
      expect(readBannerLine(message)).toBeUndefined();
    },
  );
  it('have a field that one of the cases above has', () => {
    expect(new Set(BANNER.map(({ field }) => field)).size).toBe(10);
  });
});

describe('lines of the configuration', () => {
  it.each<[message: string, values: Readonly<Record<string, string>>, flag?: string]>([
    ['\t\tRootDir: /var/run/docker/runtime-runsc/moby', { RootDir: '/var/run/docker/runtime-runsc/moby' }],
    ['\t\tPlatform: ptrace  ', { Platform: 'ptrace' }],
    ['\t\tFileAccess: exclusive, overlay: false', { FileAccess: 'exclusive', overlay: 'false' }],
    ['\t\tFileAccess: 1, overlay: false', { FileAccess: 'shared', overlay: 'false' }],
    ['\t\tNetwork: 2, logging: false', { Network: 'none', logging: 'false' }],
    ['\t\tStrace: true, max size: 1024, syscalls: []', { Strace: 'true', 'max size': '1024', syscalls: '[]' }],
    ['\t\tStrace: true, max size: 1024, syscalls: ', { Strace: 'true', 'max size': '1024', syscalls: '' }],
    ['\t\tVFS2 enabled: true, LISAFS: false', { 'VFS2 enabled': 'true', LISAFS: 'false' }],
    [
      'FileAccess: exclusive / Directfs: true / Overlay: root:self',
      { FileAccess: 'exclusive', Directfs: 'true', Overlay: 'root:self' },
    ],
    [
      'Debug: true. Strace: true, max size: 1024, syscalls: ',
      { Debug: 'true', Strace: 'true', 'max size': '1024', syscalls: '' },
    ],
    ['Platform: systrap', { Platform: 'systrap' }],
    ['Config.RootDir (--root): /var/run/runsc', { 'Config.RootDir': '/var/run/runsc' }, 'root'],
    ['Config.PanicLog (--panic-log): (empty)', { 'Config.PanicLog': '' }, 'panic-log'],
    ['Config.DisableSeccomp: false', { 'Config.DisableSeccomp': 'false' }],
    [
      'Config.explicitlySet: <map[string]struct {} Value> (unexported)',
      { 'Config.explicitlySet': '<map[string]struct {} Value> (unexported)' },
    ],
    ['Config.Empty: ', { 'Config.Empty': '' }],
  ])('%j', (message, values, flag) => {
    expect(readConfigLine(message)).toEqual({ flag, values });
  });
  it.each(['no setting here', '', 'Config.', 'Config. x'])('%j is none', (message) => {
    expect(readConfigLine(message)).toBeUndefined();
  });
});

describe('of the samples', () => {
  const settingsOf = async (name: string): Promise<Record<string, string>> => {
    const { bytes } = sample(name);
    const { events } = await eventsOf(bytes, name);
    return Object.assign(
      {},
      ...events.filter((event) => event.kind === 'config').map(({ values }) => values),
    ) as Record<string, string>;
  };

  it('hold version and platform of the run', async () => {
    const old = await settingsOf('release-20211019.0/volume-destination/runsc.log.20211028-080751.680195.create');
    expect(old).toMatchObject({ FileAccess: 'exclusive', overlay: 'true' });
    expect(old['Platform']).toMatch(/^(?:ptrace|kvm)$/);
    const shared = await settingsOf('healthy-mixed-file/runsc.log');
    expect(shared['Platform']).toBe('ptrace');
  });

  it('leave no line between their edges unread', async () => {
    for (const { name, bytes } of samples()) {
      const { events } = await eventsOf(bytes, name);
      let inside = new Set<number | null>();
      for (const event of events) {
        if (event.kind === 'banner' && event.field === 'delimiter') {
          inside = new Set(inside);
          if (!inside.delete(event.pid)) inside.add(event.pid);
        } else if (inside.has(event.pid) && event.kind !== 'banner' && event.kind !== 'config') {
          // Only what runsc warns of in between.
          expect(event.level, `${name}:${event.line} ${event.message}`).toBe('warning');
        }
      }
      expect([...inside], name).toEqual([]);
    }
  });
});
