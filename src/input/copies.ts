/** Files that hold the same bytes as another one: a log that was copied is one log. */
import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { filesBehind } from './source.js';

/** Copies among the files behind paths, each with the file that it is a copy of, which comes first. */
export function copiesAmong(paths: readonly string[]): ReadonlyMap<string, string> {
  const copies = new Map<string, string>();
  const bySize = new Map<number, string[]>();
  const seen = new Set<string>();
  for (const path of paths.flatMap(filesOf)) {
    const size = sizeOf(path, seen);
    if (size === 0) continue;
    const others = bySize.get(size) ?? [];
    const original = others.find((other) => isSame(other, path));
    if (original === undefined) bySize.set(size, [...others, path]);
    else copies.set(path, original);
  }
  return copies;
}

/** What cannot be read is told of where it is opened. */
function filesOf(path: string): readonly string[] {
  try {
    return path === '-' ? [] : filesBehind(path).map((file) => file.path);
  } catch {
    return [];
  }
}

/** Bytes of a regular file; 0 where it was seen under another name. */
function sizeOf(path: string, seen: Set<string>): number {
  try {
    const { size } = seen;
    const stat = statSync(path);
    return stat.isFile() && seen.add(realpathSync(path)).size > size ? stat.size : 0;
  } catch {
    return 0;
  }
}

/** Read in pieces, up to the first that differ. */
function isSame(one: string, other: string): boolean {
  const opened: number[] = [];
  try {
    opened.push(openSync(one, 'r'), openSync(other, 'r'));
    const [left, right] = [Buffer.allocUnsafe(PIECE), Buffer.allocUnsafe(PIECE)];
    for (;;) {
      const [a, b] = [left, right].map((into, index) => readSync(opened[index] as number, into, 0, PIECE, null));
      if (a !== b || !left.subarray(0, a).equals(right.subarray(0, b))) return false;
      if (a === 0) return true;
    }
  } catch {
    return false;
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}
const PIECE = 64 * 1024;
