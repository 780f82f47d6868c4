/** Follows a folder while a test writes into it. */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { follow, type FollowOptions } from '../../src/follow.js';
import type { FollowRecord } from '../../src/model/follow.js';

export const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

export type OfType<T extends FollowRecord['type']> = Extract<FollowRecord, { type: T }>;

export class Live {
  readonly folder: string;
  readonly records: FollowRecord[] = [];
  #stop: () => void = () => undefined;
  #ended: Promise<boolean> = Promise.resolve(true);

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(options: FollowOptions = {}, folder = newFolder()): Promise<Live> {
    const live = new Live(folder);
    const { ended, stop } = await follow(folder, (record) => void live.records.push(record), {
      from: 'start',
      minSeverity: 'off',
      ...options,
    });
    live.#stop = stop;
    live.#ended = ended;
    return live;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  all<T extends FollowRecord['type']>(type: T): readonly OfType<T>[] {
    return this.records.filter((record): record is OfType<T> => record.type === type);
  }

  /** Waits until something holds, and says whether it did. */
  async until(holds: () => boolean, most = 8000): Promise<boolean> {
    for (let waited = 0; waited < most && !holds(); waited += 20) await pause(20);
    return holds();
  }

  async end(): Promise<boolean> {
    this.#stop();
    const could = await this.#ended;
    return could;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function newFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'follow-')), 'runsc');
  mkdirSync(folder);
  return folder;
}

/** Logs of a sample, in the order in which they were begun. */
export function logsOf(sample: string): readonly { readonly name: string; readonly bytes: Buffer }[] {
  return readdirSync(sample)
    .filter(
      (name) => name !== 'sample.json' && statSync(join(sample, name)).isFile() && !/\.(?:zst|xz|tar)$/.test(name),
    )
    .toSorted()
    .map((name) => {
      const bytes = readFileSync(join(sample, name));
      return name.endsWith('.gz') ? { name: name.slice(0, -3), bytes: gunzipSync(bytes) } : { name, bytes };
    });
}

/** Writes bytes in uneven pieces that cut lines and characters. */
export async function writePieces(path: string, bytes: Buffer, pieces = 12): Promise<void> {
  let seed = 7;
  const next = (): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
  for (let at = 0; at < bytes.length;) {
    const size = Math.ceil(Math.max(37, bytes.length / pieces) * (0.1 + 2 * next()));
    appendFileSync(path, bytes.subarray(at, at + size));
    at += size;
    await pause(1);
  }
}
