/** Pairs of real traces with one known difference, or none: what is reported first, and what is never said to matter. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compare } from '../../src/compare.js';
import type { CompareReport, DifferenceKind } from '../../src/model/compare.js';

const PAIRS = fileURLToPath(new URL('pairs/', import.meta.url));

async function reportOf(name: string, swap = false): Promise<CompareReport> {
  const [a, b] = [`${PAIRS}${name}/a`, `${PAIRS}${name}/b`];
  const { report, problems } = await compare(swap ? b : a, swap ? a : b);
  expect(problems).toEqual([]);
  return report;
}

type Case = readonly [name: string, kind: DifferenceKind, syscall: string, subject: RegExp];

/** What make-pairs.sh put into each pair. */
const CAUSES: readonly Case[] = [
  ['ioctl', 'fails', 'ioctl', /^FS_IOC_GETFLAGS/],
  ['ioctl-silent', 'fails', 'ioctl', /^FS_IOC_GETFLAGS/],
  ['proc-content', 'result', 'read', /^\/proc\/meminfo$/],
  ['device', 'fails', 'openat', /^\/dev\/kmsg$/],
  ['uid', 'fails', 'openat', /^\/data\/state$/],
  ['raw-socket', 'fails', 'socket', /SOCK_RAW/],
  ['low-port', 'fails', 'bind', /:80$/],
  ['child', 'fails', 'openat', /threads-max$/],
  ['content', 'result', 'read', /^\/etc\/app\.conf$/],
  ['late', 'fails', 'perf_event_open', /^$/],
  ['old-kernel', 'result', 'uname', /^$/],
];
const TWICE = ['twice-native', 'twice-20221219', 'twice-20240729', 'twice-shell', 'twice-shell-native'];

describe('a known difference comes first', () => {
  it.each(CAUSES)('%s', async (name, kind, syscall, subject) => {
    const report = await reportOf(name);
    expect(report.verdict).toBe('differs');
    const [first, ...others] = report.differences;
    expect(first).toMatchObject({ kind, syscall, label: 'likely-cause' });
    expect(first?.subject).toMatch(subject);
    // the record of the call itself proves it
    for (const { text } of [...(first?.evidence_a ?? []), ...(first?.evidence_b ?? [])])
      expect(text).toContain(syscall);
    expect((first?.evidence_b.length ?? 0) > 0).toBe(true);
    // all that follows, and all that both sides do without, is no cause
    expect(others.filter(({ label }) => label === 'likely-cause' || label === 'unexplained')).toEqual([]);
  });

  it('and the ends follow from it', async () => {
    const { differences } = await reportOf('child');
    const ends = differences.filter(({ kind }) => kind === 'exit');
    expect(ends.length).toBe(2);
    for (const { why } of ends) expect(why).toContain('threads-max');
    // the parent sees only that nobody listens
    expect(differences.filter(({ syscall, label }) => syscall === 'connect' && label !== 'expected')).toEqual([]);
  });

  it('with the calls around it side by side', async () => {
    const { differences } = await reportOf('device');
    const rows = differences[0]?.context ?? [];
    const here = rows.filter(({ isHere }) => isHere);
    expect(here).toHaveLength(1);
    expect(here[0]?.a).toMatch(/^openat\(.*\/dev\/kmsg/);
    expect(here[0]?.b).toMatch(/^openat\(.*\/dev\/kmsg.* = ENOENT$/);
    expect(rows.length).toBeGreaterThan(4);
  });
});

it('a call whose work another does is a fallback, and no harm', async () => {
  const { verdict, differences } = await reportOf('fallback');
  expect(verdict).toBe('expected');
  expect(differences[0]).toMatchObject({ kind: 'fallback', label: 'known-gap', syscall: 'openat2' });
  expect(differences[0]?.subject).toBe('/etc/app.conf');
});

describe('one program twice in one runtime is the same', () => {
  it.each(TWICE)('%s', async (name) => {
    for (const swap of [false, true]) {
      const report = await reportOf(name, swap);
      expect(report.differences).toEqual([]);
      expect(report.verdict).toBe('same');
    }
  });
  it.each(CAUSES.map(([name]) => name))('each side of %s with itself', async (name) => {
    for (const side of ['a', 'b']) {
      const { report } = await compare(`${PAIRS}${name}/${side}`, `${PAIRS}${name}/${side}`);
      expect(report.differences).toEqual([]);
      expect(report.verdict).toBe('same');
    }
  });
});

it('every pair is in a list above', () => {
  const all = [...CAUSES.map(([name]) => name), ...TWICE, 'fallback'];
  expect(readdirSync(PAIRS).toSorted()).toEqual(all.toSorted());
});

it('traces of different programs are not compared', async () => {
  const { report } = await compare(`${PAIRS}device/a`, `${PAIRS}uid/b`);
  expect(report).toMatchObject({ verdict: 'incomparable', differences: [] });
  expect(report.headline).toContain('different programs');
});
