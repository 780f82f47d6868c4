/** What follow writes beside its place, and what of a state that somebody could have written is taken for one. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { NO_COUNTS, readCounts } from '../../src/follow/counts.js';
import { KeySet } from '../../src/follow/key-set.js';
import { NOTHING_COUNTED } from '../../src/follow/ledger.js';
import { Metrics } from '../../src/follow/metrics.js';
import { StateFile } from '../../src/follow/state-file.js';

const folder = mkdtempSync(join(tmpdir(), 'state-'));
const path = join(folder, 'file');
const beside = `${path}.${process.pid}.new`;
let problems: string[] = [];
beforeEach(() => {
  problems = [];
  rmSync(path, { force: true });
  rmSync(beside, { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GAUGES = { bytes: 1, lines: 1, records: 1, unread: 0, losses: 0, behind: 0, sources: 1, sandboxes: 1 };
const onProblem = (why: string): void => void problems.push(why);
const metrics = new Metrics(path, onProblem);
const state = new StateFile(path, onProblem);

describe.each([
  ['metrics', () => metrics.write(GAUGES), /^# HELP/],
  ['state', () => state.write(new KeySet(8), NOTHING_COUNTED), /^\{"schema"/],
])('%s', (what, write, expected) => {
  it('that cannot be written, since a folder is in the way, are told once, and written when it is gone', () => {
    mkdirSync(beside);
    write();
    write();
    expect(problems).toEqual([expect.stringContaining(`the ${what} could not be written`)]);
    rmSync(beside, { recursive: true });
    write();
    expect(readFileSync(path, 'utf8')).toMatch(expected);
    expect(problems).toHaveLength(1);
  });
});

describe('a state', () => {
  const FILE = { key: '1:2', path: 'a.log', head: { digest: 'd', brief: 'b', length: 3 }, counts: NO_COUNTS };
  const read = (file: object, gone: object = NO_COUNTS): ReturnType<StateFile['read']> => {
    writeFileSync(
      path,
      JSON.stringify({ schema: 'runsight/follow-state@1', told: [], gone, files: [{ ...FILE, ...file }] }),
    );
    return state.read();
  };

  it('is read with the place from which a file was read, or without', () => {
    expect(read({}).files).toEqual([FILE]);
    expect(read({ from: { offset: 5, lines: 1 } }).files[0]?.from).toEqual({ offset: 5, lines: 1 });
  });

  it.each([
    [{ from: null }],
    [{ from: {} }],
    [{ from: { offset: 5 } }],
    [{ from: { offset: -5, lines: 1 } }],
    [{ from: { offset: '5', lines: 1 } }],
    [{ counts: { ...NO_COUNTS, lines: -1 } }],
    [{ counts: { ...NO_COUNTS, lines: 0.5 } }],
    [{ head: { ...FILE.head, length: -1 } }],
  ])('with a file of %j is none', (file) => {
    expect(() => read(file)).toThrow(/is no state file: its counts are no numbers/);
  });

  it('holds the counts that it should, and nothing else', () => {
    expect(() => read({}, { ...NO_COUNTS, bytes: 2 ** 60 })).toThrow(/is no state file/);
    expect(readCounts({ lines: 2, more: 'text' })).toEqual({ ...NO_COUNTS, lines: 2 });
  });
});
