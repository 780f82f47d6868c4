/** Findings of a log that grows: told once, when they are found, with what came to them later. */
import { describe, expect, it } from 'vitest';
import { readEvents } from '../../src/pipeline.js';
import { logOf } from '../../src/rule-tests.js';
import { loadRules, startLiveScan, type LiveScan, type LiveScanOptions } from '../../src/scan.js';
import { chunked } from './scanning.js';

const open = (path: string, task = 1): string =>
  `[${String(task).padStart(4)}:${String(task).padStart(4)}] app X openat(AT_FDCWD /, 0x7f ${path}, O_RDONLY|0x0, 0o0) = 3 (0x3) (10µs)`;

const rule = (id: string, path: string, more = ''): string => `  - id: ${id}
    title: ${id}
    severity: low
    when: syscall == openat and ok and target startsWith "${path}"
    message: 'opens {target}'
${more}`;
const RULES = `rules:
${rule('part', '/part')}${rule('whole', '/whole', '    explains: [part]\n')}${rule('other', '/other', '    variants:\n      - { when: target endsWith "bad", severity: high }\n    key: [pid]\n')}  - id: tried
    title: tried
    severity: low
    when: syscall == openat and target startsWith "/tried"
    message: '[opens|tried to open] {target}'
`;

/** A scan that is fed line by line, with what it tells after each step. */
async function live(options: LiveScanOptions = {}): Promise<{
  readonly scan: LiveScan;
  readonly feed: (...lines: readonly string[]) => Promise<void>;
  readonly told: (isSettled?: boolean) => readonly string[];
  readonly end: () => readonly string[];
}> {
  const book = await loadRules({ rules: [{ name: 'test.yaml', text: RULES }], onlyOwn: true });
  const scan = startLiveScan(book, options);
  const fold = scan.analyzer.start();
  fold.sourceStarts?.('log');
  const lines: string[] = [];
  let seen = 0;
  const told = (isSettled?: boolean): readonly string[] =>
    scan.drain(isSettled).map(({ what, finding, by }) => {
      const parts = finding.parts === undefined ? '' : ` of ${finding.parts.join(', ')}`;
      return `${what} ${finding.rule} ${finding.severity} x${finding.count}${parts}${by === undefined ? '' : ' explained'}`;
    });
  return {
    scan,
    async feed(...more) {
      lines.push(...more);
      let at = 0;
      for await (const event of readEvents(chunked(Buffer.from(logOf(lines.join('\n'))), 4096), {
        inputFormat: 'glog',
      }))
        if (at++ >= seen) fold.see(event);
      seen = at;
    },
    told,
    end() {
      fold.sourceEnds?.('log', false);
      return told();
    },
  };
}

describe('a scan of a log that grows', () => {
  it('tells a finding once, and at the end how often it was met', async () => {
    const { feed, told, end } = await live();
    await feed(open('/other/a'));
    expect(told()).toEqual(['new other low x1']);
    await feed(open('/other/a'), open('/other/a'));
    expect(told()).toEqual([]);
    expect(end()).toEqual(['last other low x3']);
    expect(told()).toEqual([]);
  });

  it('tells that a finding became worse', async () => {
    const { feed, told } = await live();
    await feed(open('/other/a'));
    expect(told()).toEqual(['new other low x1']);
    await feed(open('/other/bad'));
    expect(told()).toEqual(['changed other high x2']);
  });

  it('tells that what was tried in vain came about', async () => {
    const { feed, scan } = await live();
    const failed = open('/tried/a').replace('= 3 (0x3)', '= 0 (0x0) errno=13 (permission denied)');
    const causes = (): readonly string[] => scan.drain().map(({ what, finding }) => `${what} ${finding.cause}`);
    await feed(failed);
    expect(causes()).toEqual(['new tried to open /tried/a: EACCES']);
    await feed(failed, open('/tried/a'));
    expect(causes()).toEqual(['changed opens /tried/a']);
    await feed(failed, open('/tried/a'), failed);
    expect(causes()).toEqual([]);
  });

  it('tells what reaches the least severity then', async () => {
    const { feed, told, end } = await live({ minSeverity: 'high' });
    await feed(open('/other/a'));
    expect(told()).toEqual([]);
    await feed(open('/other/bad'));
    expect(told()).toEqual(['new other high x2']);
    expect(end()).toEqual([]);
  });

  it('keeps back what may be explained, for a second of the log', async () => {
    const { feed, told } = await live();
    await feed(open('/part'));
    expect(told(false)).toEqual([]);
    await feed(open('/whole'));
    expect(told(false)).toEqual(['new whole low x1']);
    await feed('+2s', open('/nothing'));
    expect(told(false)).toEqual(['changed whole low x1 of part']);
  });

  it('tells it alone once the second is over', async () => {
    const { feed, told } = await live();
    await feed(open('/part'));
    expect(told(false)).toEqual([]);
    await feed('+2s', open('/nothing'));
    expect(told(false)).toEqual(['new part low x1']);
    await feed(open('/whole'));
    expect(told(false)).toEqual(['new whole low x1 of part', 'explained part low x1 explained']);
  });

  it('has one with its parts where both come together', async () => {
    const { feed, told } = await live();
    await feed(open('/part'), open('/whole'));
    expect(told()).toEqual(['new whole low x1 of part']);
  });

  it('gives the same finding the same id, and each its own', async () => {
    const ids: string[][] = [];
    for (let run = 0; run < 2; run++) {
      const { scan, feed } = await live();
      await feed(open('/other/a'), open('/part/a'), open('/part/b'));
      ids.push(scan.drain().map(({ id }) => id));
    }
    expect(ids[0]).toEqual(ids[1]);
    expect(new Set(ids[0]).size).toBe(3);
  });

  it('remembers two hundred of a rule, and goes on telling', async () => {
    const { feed, told, scan } = await live();
    await feed(...Array.from({ length: 150 }, (_, at) => open(`/part/${at}`)));
    expect(told()).toHaveLength(150);
    await feed(...Array.from({ length: 150 }, (_, at) => open(`/part/x${at}`)));
    expect(told()).toHaveLength(150);
    expect(scan.dropped()).toEqual({});
    await feed(...Array.from({ length: 250 }, (_, at) => open(`/part/y${at}`)));
    expect(told()).toHaveLength(200);
    expect(scan.dropped()).toEqual({ findings: 50 });
  });
});
