/** The progress line: bytes read, how fast, and how long it will take, as far as the sizes of the files tell. */
import { statSync } from 'node:fs';
import { filesBehind } from '../input/source.js';

/** What is read faster than this needs no line; and so often it is written anew, in milliseconds. */
const QUIET = 500;
const EVERY = 200;
/** The names of what is larger than its file. */
const PACKED = /\.(?:gz|tgz|zst|xz|tar|bz2|zip)$/i;

/** Bytes of all files behind the paths; undefined where that does not tell how much there is to read (pipes, compressed files). */
export function sizeBehind(paths: readonly string[]): number | undefined {
  let sum = 0;
  for (const path of paths) {
    if (path === '-') return undefined;
    try {
      for (const file of filesBehind(path)) {
        const stat = statSync(file.path);
        if (PACKED.test(file.path) || !stat.isFile()) return undefined;
        sum += stat.size;
      }
    } catch {
      return undefined;
    }
  }
  return sum;
}

/** `412 MB`, `1.6 GB`. */
function sized(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** `4 s`, `3 min`, `2.5 h`. */
function lasting(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

export class Progress {
  readonly #paths: readonly string[];
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  readonly #width: number;
  readonly #begun: number;
  #last: number;
  #isShown = false;
  #size: number | undefined;
  #isSizeKnown = false;
  #source = '';
  #bytes = 0;
  #before = 0;

  /** `paths`: what is read. `now` in milliseconds. */
  constructor(paths: readonly string[], write: (text: string) => void, now: () => number = Date.now, width = 80) {
    this.#paths = paths;
    this.#write = write;
    this.#now = now;
    this.#width = width;
    this.#begun = now();
    this.#last = this.#begun;
  }

  /** So many bytes of a source have been read. */
  told(source: string, bytes: number): void {
    // a source that begins anew was read before: what counts is the whole again
    if (source !== this.#source) this.#before += this.#bytes;
    else if (bytes < this.#bytes) this.#before = 0;
    this.#source = source;
    this.#bytes = bytes;
    const now = this.#now();
    if (now - this.#last < EVERY || now - this.#begun < QUIET) return;
    this.#last = now;
    this.#isShown = true;
    this.#write(`\r\x1b[2K${this.#line((now - this.#begun) / 1000).slice(0, this.#width - 1)}`);
  }

  done(): void {
    if (this.#isShown) this.#write('\r\x1b[2K');
  }

  #line(seconds: number): string {
    if (!this.#isSizeKnown) {
      this.#size = sizeBehind(this.#paths);
      this.#isSizeKnown = true;
    }
    const done = this.#before + this.#bytes;
    const rate = done / seconds;
    const size = this.#size;
    // names are cut where they are the least telling
    const name = this.#source.replace(/[^\x20-\x7e]/g, '?').slice(-40);
    if (size === undefined || done > size || rate === 0) return `${sized(done)}, ${sized(rate)}/s  ${name}`;
    return `${sized(done)} of ${sized(size)}, ${sized(rate)}/s, ${lasting((size - done) / rate)} left  ${name}`;
  }
}
