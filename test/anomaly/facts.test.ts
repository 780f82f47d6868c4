/** What of a path changes from run to run is left out of facts, and nothing else is. */
import { describe, expect, it } from 'vitest';
import { baselineText, beyond, EMPTY_BASELINE, readBaseline, withRun } from '../../src/anomaly/baseline.js';
import { generalised, type Fact } from '../../src/anomaly/facts.js';
import { Redactor } from '../../src/report/redaction.js';

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

const asIs = (text: string): string => text;

describe('baselines', () => {
  const once = withRun(EMPTY_BASELINE, [fact('exec', 'sh', 'curl'), fact('read', 'curl', '/etc/passwd')], [], asIs);
  const twice = withRun(once, [fact('exec', 'sh', 'curl'), fact('connect', 'curl', '10.0.0.1:443')], [], asIs);

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
    expect(beyond(twice, [seen(fact('exec', 'sh', 'curl'))], asIs)).toEqual([]);
    const [fresh] = beyond(twice, [seen(fact('exec', 'sh', 'nc'))], asIs);
    expect(fresh).toMatchObject({ rule: 'baseline-exec', severity: 'high', said: expect.stringContaining('sh -> nc') });
    // a program that no good run started is told by its start, not by each of its files
    expect(beyond(twice, [seen(fact('read', 'nc', '/etc/hosts'))], asIs)).toEqual([]);
    expect(beyond(twice, [seen(fact('read', 'nc', '/etc/shadow'))], asIs)).toHaveLength(1);
  });

  it('hold no secret, and know again what had one', () => {
    const mask = (one: string): string => new Redactor('secrets').text(one);
    const seen = (one: Fact): Parameters<typeof beyond>[1][number] =>
      ({ ...one, count: 1, tid: 1, process: {}, record: { source: 'x', line: 1, time: null, text: '' } }) as never;
    const facts = [fact('read', 'app', '/srv/x?token=abc123'), fact('read', 'app', '/srv/x?token=def456')];
    const said = 'curl uploads a file: curl -H X-Api-Key: sk-live-abcdef123456';
    const learnt = withRun(EMPTY_BASELINE, facts, [{ rule: 'upload-tool', fingerprint: 'f', said }], mask);
    const text = baselineText(learnt);
    expect(text).not.toMatch(/abc123|def456/);
    expect(text).toContain('X-Api-Key: ***');
    // two runs in one file are one fact, seen in one run
    expect(learnt.facts).toMatchObject([{ what: '/srv/x?token=***', runs: 1 }]);
    expect(beyond(learnt, facts.map(seen), mask)).toEqual([]);
    // so is one that was written before secrets were masked
    const old = withRun(EMPTY_BASELINE, facts, [], asIs);
    expect(beyond(old, facts.map(seen), mask)).toEqual([]);
    expect(baselineText(withRun(old, [], [], mask))).not.toMatch(/abc123/);
  });
});
