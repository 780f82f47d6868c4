/** A stream that is followed: framed by split2, and parted where `tail -F` says that another file goes on. */
import type { Readable } from 'node:stream';
import { LineFramer } from '../input/lines.js';
import { Blocks } from './blocks.js';
import { LiveSource, type Feed, type LiveOptions } from './live-source.js';

/** So many bytes wait to be read at most; then the writer waits. */
const MOST_WAITING = 4 * 1024 * 1024;
/** Files that one stream may name; what names more goes on in the last. */
const MOST_NAMES = 256;
/** What `tail` prints before the lines of another file. */
const HEADER = /^==> (.{1,4096}) <==\r?\n$/s;

/** Bytes that were read are kept for whoever has to read them again: so many of all files of a stream. */
class KeptCount {
  bytes = 0;
}
const MOST_KEPT = 8 * 1024 * 1024;

/** Bytes that have come and were not read yet, and what was read of them as long as that is little. */
class Queue implements Feed {
  readonly modified = null;
  readonly #unread = new Blocks();
  /** All that was read; undefined when it was too much. */
  #read: Blocks | undefined = new Blocks();
  #readBytes = 0;
  /** What is left to be read again; undefined: nothing is read again. */
  #again: Blocks | undefined;
  waiting = 0;

  constructor(readonly kept: KeptCount) {}

  add(bytes: Buffer): void {
    this.#unread.add(bytes);
    this.waiting += bytes.length;
  }

  read(into: Buffer, at: number): number {
    if (this.#again !== undefined) return this.#again.take(into, at);
    const count = this.#unread.take(into, at);
    this.waiting -= count;
    this.#keep(into.subarray(at, at + count));
    return count;
  }

  #keep(bytes: Buffer): void {
    if (this.#read === undefined) return;
    this.#readBytes += bytes.length;
    this.kept.bytes += bytes.length;
    if (this.kept.bytes <= MOST_KEPT) this.#read.add(bytes);
    else this.#forget();
  }

  #forget(): void {
    this.#read = undefined;
    this.kept.bytes -= this.#readBytes;
    this.#readBytes = 0;
  }

  /** Begins again at the first byte, where that is still there. What was not read before comes when it is lifted. */
  get rewind(): (() => void) | undefined {
    const read = this.#read;
    return read === undefined ? undefined : () => void (this.#again = read.copy());
  }

  lift(): void {
    this.#again = undefined;
  }

  close(): void {
    this.#unread.clear();
    this.#forget();
  }
}

export type PipeEntry = { readonly source: LiveSource; readonly queue: Queue };

export class Pipe {
  readonly entries = new Map<string, PipeEntry>();
  #current: PipeEntry;
  #isParted = false;
  #waiting = 0;
  readonly #kept = new KeptCount();
  #resume: (() => void) | undefined;
  isEnded = false;
  onWake: () => void = () => undefined;

  constructor(
    readonly options: Omit<LiveOptions, 'isListed'>,
    now: number,
  ) {
    this.#current = this.#entry('-', now);
  }

  #entry(name: string, now: number): PipeEntry {
    const known = this.entries.get(name);
    if (known !== undefined) return known;
    if (this.entries.size >= MOST_NAMES) return this.#current;
    const queue = new Queue(this.#kept);
    const entry = { queue, source: new LiveSource(name, queue, { ...this.options, isListed: false }, now) };
    this.entries.set(name, entry);
    return entry;
  }

  /** Takes lines as they come, until the stream ends. */
  async take(stream: Readable): Promise<void> {
    const framer = new LineFramer();
    for await (const chunk of stream) {
      this.#takeLines(framer.lines(chunk as Buffer));
      if (this.#waiting > MOST_WAITING) await new Promise<void>((resolve) => (this.#resume = resolve));
    }
    this.#takeLines([framer.rest()]);
    this.#add('\n'.repeat(this.#blanks));
    this.isEnded = true;
    this.onWake();
  }

  /** Blank lines that `tail` may have printed before a header. */
  #blanks = 0;
  #isFirst = true;

  /**
   * The file that goes on behind this line, if `tail` wrote it: the first line of all, or one behind a blank line, or (where the file before
   * it ended within a line) one with a name that came before. A program can write such lines into its log all the same, by a path with
   * newlines in it: whoever must not be misled follows the folder.
   */
  #nameIn(line: string): string | undefined {
    const text = HEADER.exec(line)?.[1];
    if (text === undefined || !(this.#isFirst || this.#isParted)) return undefined;
    const name = Buffer.from(text, 'latin1').toString('utf8');
    return this.#isFirst || this.#blanks > 0 || this.entries.has(name) ? name : undefined;
  }

  #takeLines(lines: readonly string[]): void {
    let text = '';
    for (const line of lines) {
      const name = line.startsWith('==> ') ? this.#nameIn(line) : undefined;
      if (name !== undefined) {
        this.#add(text + '\n'.repeat(Math.max(0, this.#blanks - 1)));
        text = '';
        this.#blanks = 0;
        this.#isParted = true;
        if (this.#isFirst) this.entries.delete('-');
        this.#current = this.#entry(name, Date.now());
      } else if (this.#isParted && line === '\n') this.#blanks++;
      else {
        text += '\n'.repeat(this.#blanks) + line;
        this.#blanks = 0;
      }
      this.#isFirst = false;
    }
    this.#add(text);
  }

  #add(text: string): void {
    if (text === '') return;
    this.#current.queue.add(Buffer.from(text, 'latin1'));
    if (this.#waiting === 0) this.onWake();
    this.#waiting += text.length;
  }

  /** Reads what waits. False: nothing is left. */
  async read(now: number): Promise<boolean> {
    for (const { source } of this.entries.values()) while (await source.step(now));
    this.#waiting = 0;
    this.#resume?.();
    this.#resume = undefined;
    return false;
  }
}
