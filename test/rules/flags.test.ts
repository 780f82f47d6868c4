/** What is told of a flag depends on when it came and went, who passes it, and which release is here. */
import { expect, it } from 'vitest';
import { FLAGS, knows, nearest, PASSED, VALUES } from '../../src/knowledge/flags.js';
import { isOlder, releaseNumber } from '../../grammars/releases.js';
import { recogniseError } from '../../grammars/messages.js';
import { flagUnknown } from '../../src/rules/diagnosis/flag-unknown.js';
import type { Products } from '../../src/rules/rule.js';

function told(error: string, version: string | null = null): string {
  const { known, captures } = recogniseError(error);
  const evidence = { source: 'runsc.log', line: 1, time: null, text: error };
  const run = {
    source: 'runsc.log',
    pid: 1,
    command: 'create',
    spec: null,
    container: null,
    bundle: null,
    version,
    root: null,
  };
  const failures = { failures: [{ kind: 'stderr', known, captures, error, evidence, pid: 1, order: 1 }], dropped: {} };
  const verdict = flagUnknown.judge({
    failures,
    runs: { runs: [run] },
    tellings: { signs: new Map() },
  } as unknown as Products);
  if (verdict.state !== 'found') throw new Error(verdict.state);
  const { title, cause, remedy } = verdict.matches[0];
  return [title, cause, ...remedy].join('\n');
}

const unknown = (flag: string): string => `flag provided but not defined: -${flag}`;

it.each([
  [
    'newer',
    unknown('overlay2'),
    null,
    /came with release 20221205\.0.*older[\s\S]*Update runsc to release 20221205\.0/,
  ],
  ['newer, with the release', unknown('directfs'), 'release-20220103.0', /release-20220103\.0/],
  [
    'removed',
    unknown('verity'),
    '0.0~20240729.0',
    /from release 20210309\.0 on and was removed in release 20220621\.0/,
  ],
  ['replaced', unknown('debug-log-dir'), null, /builds of 2018-10[\s\S]*--debug-log=DIR\//],
  ['misspelt', unknown('overlay9'), null, /--overlay2?/],
  ['misspelt', unknown('debug_log'), null, /--debug-log\b/],
  ['unheard of', unknown('flux-capacitor'), null, /no release of runsc/],
  ['behind its command', `failed to parse flags for "create": ${unknown('debug')}`, null, /before the command/],
  ['of Docker', unknown('console'), null, /Docker 1\.12[\s\S]*Update Docker to 17\.06/],
  ['of CRI-O', unknown('systemd-cgroup'), null, /CRI-O[\s\S]*20191104\.0[\s\S]*cgroup_manager = "cgroupfs"/],
])('%s: %s', (_, error, version, expected) => {
  expect(told(error, version)).toMatch(expected);
});

it('releases compare, in each of their spellings', () => {
  expect(releaseNumber('release-20240729.0')).toBe(releaseNumber('0.0~20240729.0'));
  expect(isOlder('2018-10', '20190304.1')).toBe(true);
  expect(isOlder('20190304.1', '20190304.0')).toBe(false);
  expect(isOlder('VERSION_MISSING', '20190304.0')).toBeUndefined();
});

it('the table of flags is whole: every flag came before it went, and values are of flags', () => {
  for (const flag of FLAGS.values()) {
    expect(releaseNumber(flag.since)).toBeDefined();
    if (flag.removed !== undefined) {
      expect(isOlder(flag.since, flag.removed)).toBe(true);
      expect(flag.instead).toMatch(/\.$/);
    }
  }
  for (const name of Object.keys(VALUES)) expect(FLAGS.has(name.split(' ')[0] ?? '')).toBe(true);
  for (const { by, remedy } of Object.values(PASSED)) {
    expect(by).not.toMatch(/\.$/);
    expect(remedy.length).toBeGreaterThan(0);
  }
});

it('which release knows a flag', () => {
  const verity = FLAGS.get('verity');
  if (verity === undefined) throw new Error('verity');
  expect(['20210301.0', '20210309.0', '20220614.0', '20220621.0'].map((one) => knows(one, verity))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(knows(null, verity)).toBeUndefined();
  expect(nearest('Platform')?.name).toBe('platform');
  expect(nearest('x'.repeat(5000))).toBeUndefined();
});
