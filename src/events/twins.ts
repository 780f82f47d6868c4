/**
 * Records that were written twice. Until 2019-02 a boot started without `--log` put each of its records two times into
 * its debug log, byte for byte the same (fixed before 20190304.1). One of each pair counts; a single repeat is real.
 */
import { createHash } from 'node:crypto';
import { isHeaderAt } from '../input/header.js';

/** Share of header lines that must stand in pairs. All do, but for those parted by a record of several lines. */
const PAIRED = 0.9;
/** Fewer lines than this tell nothing. */
const FEWEST = 8;

/** Is this the beginning of a log of which each record stands twice? Only old builds (call site `x:0`) do that. */
export function isWrittenTwice(buf: Buffer, filled: number): boolean {
  let lines = 0;
  let paired = 0;
  let previous = -1;
  let previousEnd = -1;
  for (let at = 0; at < filled;) {
    const newline = buf.indexOf(10, at);
    if (newline === -1 || newline >= filled) break;
    if (isHeaderAt(buf, at, newline)) {
      if (!/ x:0\] /.test(buf.toString('latin1', at, Math.min(newline, at + 60)))) return false;
      lines++;
      if (previous !== -1 && buf.compare(buf, previous, previousEnd, at, newline) === 0) {
        paired += 2;
        previous = -1;
      } else {
        previous = at;
        previousEnd = newline;
      }
    }
    at = newline + 1;
  }
  return lines >= FEWEST && paired >= lines * PAIRED;
}

/** Tells the second of each pair. Holds the few records whose twin has not come yet (two threads may cross). */
export class Twins {
  readonly #waiting: string[] = [];

  isSecond(text: string): boolean {
    const key = text.length < 200 ? text : createHash('sha1').update(text).digest('base64');
    const at = this.#waiting.indexOf(key);
    if (at !== -1) {
      this.#waiting.splice(at, 1);
      return true;
    }
    this.#waiting.push(key);
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    return false;
  }
}
const MOST_WAITING = 16;
