/** Judging does not keep anybody from reading: ends of traces, which take long to read, are read in turns, those that decide first. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GrowingFile } from '../../src/follow/growing-file.js';
import { Judge } from '../../src/follow/judge.js';
import { LiveSource } from '../../src/follow/live-source.js';
import { LossTeller } from '../../src/follow/losses.js';
import { SAMPLES } from '../commands/cli.js';
import { logsOf, newFolder } from './live.js';

const { bytes } = logsOf(`${SAMPLES}/release-20240729/healthy-job`).find(({ name }) => name.includes('boot')) ?? {
  bytes: Buffer.alloc(0),
};
const calls = bytes
  .toString('latin1')
  .split('\n')
  .filter((line) => / [EX] \w+\(/.test(line) && line.includes('strace.go'))
  .map((line) => `${line}\n`)
  .join('');
const trace = calls.repeat(Math.ceil(3_000_000 / calls.length));

async function follow(path: string): Promise<LiveSource> {
  const source = new LiveSource(
    path,
    new GrowingFile(path),
    { isListed: true, tallies: false, recorder: 0 },
    Date.now(),
  );
  while (await source.step(Date.now()));
  return source;
}
const partOf = (source: LiveSource): { source: LiveSource; name: string } => ({ source, name: source.name });

describe('the ends of traces', () => {
  it('are read in turns, the one that decides first', async () => {
    const folder = newFolder();
    const sources: LiveSource[] = [];
    for (let at = 0; at < 6; at++) {
      const path = join(folder, `${at}.boot.txt`);
      writeFileSync(path, Buffer.concat([bytes, Buffer.from(trace, 'latin1')]));
      const source = await follow(path);
      source.settle();
      source.isDecisive = at === 5;
      sources.push(source);
    }
    const judge = new Judge({ redact: true }, new LossTeller());
    await judge.judge(sources.map(partOf), Date.now());
    expect(sources[5]?.isEndKnown).toBe(true);
    expect(judge.isBehind).toBe(false);
    expect(judge.isIncomplete).toBe(true);
    for (let turn = 0; turn < 6; turn++) await judge.judge(sources.map(partOf), Date.now());
    expect(judge.isIncomplete).toBe(false);
    expect(sources.every(({ isEndKnown }) => isEndKnown)).toBe(true);
    // and what did not grow is not read again when no more comes
    for (const source of sources) await source.end();
    expect(sources.every(({ isEndKnown }) => isEndKnown)).toBe(true);
    for (const source of sources) source.close();
  });

  it('are told as a loss when there is no time for them at the end', async () => {
    const path = join(newFolder(), 'x.boot.txt');
    writeFileSync(path, bytes);
    const source = await follow(path);
    await source.end();
    const losses = new LossTeller();
    const told = await new Judge({ redact: true, lastReading: 0 }, losses).judge([partOf(source)], Date.now(), true);
    expect(losses.drain().map(({ why, count }) => [why, count])).toEqual([[expect.stringContaining('no time'), 1]]);
    expect(told.some(({ type }) => type === 'verdict')).toBe(true);
    source.close();
  });

  it('are not read again and again while bytes come, but when they stop or time has passed', async () => {
    const path = join(newFolder(), 'x.boot.txt');
    writeFileSync(path, Buffer.concat([bytes, Buffer.from(trace, 'latin1')]));
    const source = await follow(path);
    await source.products();
    expect(source.isEndKnown).toBe(true);
    appendFileSync(path, calls, 'latin1');
    while (await source.step(Date.now()));
    expect(source.isEndKnown).toBe(false);
    expect(source.isEndDue(Date.now())).toBe(false);
    expect(source.isEndDue(Date.now() + 600_000)).toBe(true);
    source.settle();
    expect(source.isEndDue(Date.now())).toBe(true);
    source.close();
  });
});
