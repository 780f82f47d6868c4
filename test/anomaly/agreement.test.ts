/** The same findings whatever the way: at any chunk size, of a text log and of the JSON log with the same records. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ScanFinding } from '../../src/model/scan.js';
import { scan } from '../../src/scan.js';
import { chunked, told } from './scanning.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SAMPLES = ['attack-reverse-shell', 'attack-dropped-program', 'healthy-job', 'deadlock', 'app-segv'].map(
  (name) => `${root}samples/release-20240729/${name}`,
);

function bootOf(folder: string): Buffer {
  const name = readdirSync(folder).find((file) => file.includes('.boot.')) ?? '';
  const bytes = readFileSync(`${folder}/${name}`);
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

const YEAR = new Date('2026-12-01T00:00:00Z');
async function findingsOf(bytes: Buffer, size: number): Promise<readonly ScanFinding[]> {
  return (await scan(chunked(bytes, size), { now: YEAR })).report.findings;
}

describe.each(SAMPLES)('%s', (folder) => {
  const bytes = bootOf(folder);

  it('at any chunk size', async () => {
    const whole = told(await findingsOf(bytes, bytes.length));
    if (folder.includes('attack')) expect(whole.length).toBeGreaterThan(1);
    for (const size of [97, 1009, 4096, 65_536]) expect(told(await findingsOf(bytes, size)), `${size}`).toEqual(whole);
  });

  it('as a JSON log', async () => {
    const folderOfBoth = mkdtempSync(join(tmpdir(), 'runsight-json-'));
    const [from, to] = [join(folderOfBoth, 'boot.log'), join(folderOfBoth, 'boot.json')];
    writeFileSync(from, bytes);
    execFileSync(process.execPath, [`${root}test/perf/convert-log.mjs`, 'json', from, to, '1000']);
    const json = readFileSync(to);
    rmSync(folderOfBoth, { recursive: true });
    const text = await findingsOf(bytes, 65_536);
    // The conversion leaves the spec out, and with it the arguments of the first process, which are in fingerprints.
    const same = ({ rule, severity, cause, count }: ScanFinding): unknown => ({ rule, severity, cause, count });
    expect((await findingsOf(json, 65_536)).map(same)).toEqual(text.map(same));
  });
});

it('at chunk sizes of a few bytes', async () => {
  const bytes = bootOf(SAMPLES[0] ?? '');
  const lines = bytes.toString('latin1').split('\n');
  const part = Buffer.from(`${lines.slice(1700, 1980).join('\n')}\n`, 'latin1');
  const whole = told(await findingsOf(part, part.length));
  expect(whole.length).toBeGreaterThan(0);
  for (const size of [1, 2, 3, 5, 7, 11, 13, 64]) expect(told(await findingsOf(part, size)), `${size}`).toEqual(whole);
});
