/** The table of dialects: by release, by a line of their own, and on every sample. */
import { describe, expect, it } from 'vitest';
import { DIALECTS, dialectOfLine, dialectOfRelease, releaseOf } from '../../grammars/dialects.js';
import { compareReleases } from '../../grammars/releases.js';
import { errnoName } from '../../grammars/errno.js';
import { isRestart } from '../../src/model/event.js';
import { eventsOf } from '../tools/byte-source.js';
import { samples } from '../tools/samples.js';

it('are sorted by the release from which they hold, and named once', () => {
  const from = DIALECTS.map((dialect) => dialect.from);
  expect(from).toEqual(from.toSorted(compareReleases));
  expect(new Set(DIALECTS.map(({ id }) => id)).size).toBe(DIALECTS.length);
});

it.each([
  ['release-20221219.0', '20221219.0'],
  ['0.0~20221219.0', '20221219.0'],
  ['release-20190529.1-85-g589f36ac4', '20190529.1'],
  ['release-20211019', '20211019.0'],
  ['VERSION_MISSING', undefined],
  ['', undefined],
])('the release of %j is %j', (version, release) => {
  expect(releaseOf(version)).toBe(release);
});

it.each([
  ['2018-11', 'first'],
  ['20190304.1', 'first'],
  ['20200127.0', 'first'],
  ['20200211.0', 'call-sites'],
  ['20210927.0', 'call-sites'],
  ['20211005.0', 'thread-groups'],
  ['20211019.0', 'thread-groups'],
  ['20231016.0', 'thread-groups'],
  ['20240109.0', 'short-banner'],
  ['20240729.0', 'short-banner'],
  ['20260406.0', 'short-banner'],
  ['20260413.0', 'minus-one'],
  ['20270101.0', 'minus-one'],
])('the release %s writes %s', (release, id) => {
  expect(dialectOfRelease(release)?.id).toBe(id);
});

it.each([
  ['[   1] sh E getpid()', 'x:0', 'first'],
  ['[   1] sh E getpid()', 'strace.go:599', 'call-sites'],
  ['[   1:   1] sh E getpid()', 'strace.go:599', 'thread-groups'],
  ['[   3(   2):   3(   2)] sh E getpid()', 'strace.go:599', 'thread-groups'],
  ['**************** gVisor ****************', 'main.go:196', 'short-banner'],
  ['Config.RootDir (--root): /var/run/runsc', 'config.go:436', 'short-banner'],
  ['[   1:   1] sh X open() = -1 errno=2 (no such file) (1µs)', 'strace.go:599', 'minus-one'],
  ['Creating container', 'container.go:1', undefined],
])('the line %s of %s betrays %s', (message, site, id) => {
  expect(dialectOfLine(message, site)?.id).toBe(id);
});

describe('of a source', () => {
  const line = (message: string, site = 'strace.go:599'): string =>
    `I1123 22:27:15.478394       1 ${site}] ${message}\n`;
  it.each<[what: string, text: string, id: string | null]>([
    [
      'the newest that a line betrays',
      line('[   1:   1] a E b()') + line('[   1:   1] a X b() = -1 errno=2 (x) (1µs)'),
      'minus-one',
    ],
    [
      'the one of the banner’s release, whatever comes behind it',
      `${line('****************', 'main.go:1') + line('Version release-20211019.0', 'main.go:2')}${line('****************', 'main.go:3')}${line('[   1:   1] a X b() = -1 errno=2 (x) (1µs)')}`,
      'thread-groups',
    ],
    [
      'the first where the banner names a revision',
      line('***********', 'x:0') + line('Git Revision: adf8138e069', 'x:0'),
      'first',
    ],
    ['unknown where nothing tells', line('Creating container', 'container.go:1'), null],
  ])('is %s', async (_, text, id) => {
    expect((await eventsOf(text)).reading.dialect).toBe(id);
  });

  it('is that of the sample’s release', async () => {
    let known = 0;
    for (const { name, bytes } of samples()) {
      const { reading, events } = await eventsOf(bytes.subarray(0, 30_000), name);
      if (!events.some(({ kind }) => kind === 'banner')) continue;
      const release = releaseOf(name.split('/')[0] ?? '') ?? '';
      expect(reading.dialect, name).toBe(dialectOfRelease(release)?.id);
      known++;
    }
    expect(known).toBeGreaterThan(200);
  });
});

describe('errno names', () => {
  it.each([
    [1, 'EPERM'],
    [2, 'ENOENT'],
    [11, 'EAGAIN'],
    [13, 'EACCES'],
    [22, 'EINVAL'],
    [38, 'ENOSYS'],
    [40, 'ELOOP'],
    [110, 'ETIMEDOUT'],
    [111, 'ECONNREFUSED'],
    [115, 'EINPROGRESS'],
    [133, 'EHWPOISON'],
    [512, 'ERESTARTSYS'],
    [516, 'ERESTART_RESTARTBLOCK'],
    [999, 'errno 999'],
  ])('of %i is %s', (number, name) => {
    expect(errnoName(number)).toBe(name);
  });
  it('are no name twice', () => {
    const names = Array.from({ length: 600 }, (_, number) => errnoName(number));
    expect(new Set(names).size).toBe(names.length);
    // Linux has no 41 and no 58.
    const unnamed = names.slice(1, 134).filter((name) => name.startsWith('errno'));
    expect(unnamed).toEqual(['errno 41', 'errno 58']);
  });
  it('restarts are the five that the kernel keeps to itself', () => {
    expect([511, 512, 513, 514, 515, 516, 517, 0, null].map(isRestart)).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
