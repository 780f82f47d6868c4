/** What of a path changes from run to run is left out of facts, and nothing else is. */
import { describe, expect, it } from 'vitest';
import { baselineText, beyond, EMPTY_BASELINE, readBaseline, withRun } from '../../src/anomaly/baseline.js';
import { generalised, type Fact } from '../../src/anomaly/facts.js';

describe('generalised paths', () => {
  it.each([
    ['/srv/data/doc33.txt', '/srv/data/docN.txt'],
    ['/proc/4211/status', '/proc/N/status'],
    ['/var/log/app-20261126.log', '/var/log/app-N.log'],
    ['/cache/3f786850e387550fdab836ed7e6dc881de23001b', '/cache/HASH'],
    ['/x/550e8400-e29b-41d4-a716-446655440000.json', '/x/UUID.json'],
    ['/tmp/tmpab12cd_x', '/tmp/TEMP'],
    ['/opt/app/config/settings.yaml', '/opt/app/config/settings.yaml'],
    ['/etc/passwd', '/etc/passwd'],
    ['/tmp/download', '/tmp/download'],
  ])('%s', (path, wanted) => expect(generalised(path)).toBe(wanted));
});

const fact = (kind: Fact['kind'], program: string, what: string): Fact => ({ kind, program, what });

describe('baselines', () => {
  const once = withRun(EMPTY_BASELINE, [fact('exec', 'sh', 'curl'), fact('read', 'curl', '/etc/passwd')], []);
  const twice = withRun(once, [fact('exec', 'sh', 'curl'), fact('connect', 'curl', '10.0.0.1:443')], []);

  it('count in how many runs a fact was seen', () => {
    expect(twice.runs).toBe(2);
    expect(twice.facts).toEqual([
      { kind: 'exec', program: 'sh', what: 'curl', runs: 2 },
      { kind: 'read', program: 'curl', what: '/etc/passwd', runs: 1 },
      { kind: 'connect', program: 'curl', what: '10.0.0.1:443', runs: 1 },
    ]);
  });

  it('are read as they were written, one fact a line', () => {
    const text = baselineText(twice);
    expect(readBaseline(text)).toEqual(twice);
    expect(text.split('\n').filter((line) => line.includes('"kind"'))).toHaveLength(3);
  });

  it.each([
    ['{', /no JSON/],
    ['{"schema":"runsight/baseline@9","runs":1,"facts":[]}', /newer/],
    ['{"schema":"runsight/summary@1"}', /no baseline/],
    ['{"schema":"runsight/baseline@1","runs":1,"facts":[{"kind":"dance"}]}', /fact 1/],
  ])('%s is refused with a reason', (text, reason) => expect(readBaseline(text)).toMatch(reason));

  it('tell what goes beyond them, and nothing of what they hold', () => {
    const seen = (one: Fact): Parameters<typeof beyond>[1][number] =>
      ({ ...one, count: 1, tid: 1, process: {}, record: { source: 'x', line: 1, time: null, text: '' } }) as never;
    expect(beyond(twice, [seen(fact('exec', 'sh', 'curl'))])).toEqual([]);
    const [fresh] = beyond(twice, [seen(fact('exec', 'sh', 'nc'))]);
    expect(fresh).toMatchObject({ rule: 'baseline-exec', severity: 'high', said: expect.stringContaining('sh -> nc') });
    // a program that no good run started is told by its start, not by each of its files
    expect(beyond(twice, [seen(fact('read', 'nc', '/etc/hosts'))])).toEqual([]);
    expect(beyond(twice, [seen(fact('read', 'nc', '/etc/shadow'))])).toHaveLength(1);
  });
});
