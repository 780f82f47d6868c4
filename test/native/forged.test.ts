/** A native trace that also holds runsc's own records: what is forged in them is found, wherever they begin. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readEvents } from '../../src/pipeline.js';
import { samples } from '../tools/samples.js';

const folder = mkdtempSync(join(tmpdir(), 'runsight-native-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function forgedIn(name: string, bytes: Buffer): Promise<{ forged: number; format: string }> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  let forged = 0;
  let format = '';
  const onReading = (reading: { format: string }): void => void (format = reading.format);
  for await (const event of readEvents(path, { onReading })) forged += event.forged ?? 0;
  return { forged, format };
}

const boots = samples().filter(({ name }) => /forged-text\/.*boot/.test(name));

it.each(boots.map(({ name, bytes }) => [name, bytes] as const))('%s behind a trace', async (_, bytes) => {
  const alone = await forgedIn('alone.log', bytes);
  expect(alone.forged).toBeGreaterThan(5);
  for (const calls of [5, 40_000]) {
    const trace = Buffer.from('close(3)                                = 0\n'.repeat(calls));
    const { forged } = await forgedIn(`behind-${calls}.log`, Buffer.concat([trace, bytes]));
    expect(forged, `${calls} calls`).toBe(alone.forged);
  }
});

it('there are such logs', () => expect(boots.length).toBeGreaterThan(1));
