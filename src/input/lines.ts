/** Frames what arrives piece by piece (an interactive stdin, a child's output, a stream that is followed) with split2. Bulk input never comes here. */
import type { Readable } from 'node:stream';
import split2 from 'split2';

/** No line is held longer than this before it is handed on in pieces. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** Stands for a break that we made inside a line: outside latin1, so no byte of the input can be it. */
const SOFT = '\u0100';

/**
 * Makes lines of pieces. Text is carried as latin1, one character a byte, so that invalid UTF-8 passes unharmed; a line longer than
 * `maxBytes` comes in pieces, all but the last without a line end.
 */
export class LineFramer {
  readonly #maxBytes: number;
  readonly #split: ReturnType<typeof split2>;
  #lines: string[] = [];
  #inLine = 0;

  constructor(maxBytes = MAX_LINE_BYTES) {
    this.#maxBytes = maxBytes;
    // Lines are taken where split2 finds them: as objects of a stream each of them costs 8 µs. maxLength is the guard behind our own bound.
    this.#split = split2(
      '\n',
      (line: string) => {
        this.#lines.push(line.endsWith(SOFT) ? line.slice(0, -1) : `${line}\n`);
        return undefined;
      },
      { maxLength: maxBytes + 2, decodeStrings: false },
    );
  }

  /** The lines that end in this piece, and parts of one that is too long, each with its line end. */
  lines(chunk: Buffer): readonly string[] {
    this.#split.write(this.#bounded(chunk));
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  /** What no line end has followed. */
  rest(): string {
    if (this.#inLine === 0) return '';
    this.#split.write('\n');
    const [line = ''] = this.#lines;
    this.#lines = [];
    return line.slice(0, -1);
  }

  #bounded(chunk: Buffer): string {
    let text = '';
    for (let at = 0; at < chunk.length;) {
      const newline = chunk.indexOf(10, at);
      // what fits goes on as it is: most chunks hold many lines
      const last = chunk.lastIndexOf(10) + 1;
      if (last > at && chunk.length - at <= this.#maxBytes - this.#inLine) {
        this.#inLine = chunk.length - last;
        return text + chunk.toString('latin1', at);
      }
      const end = newline === -1 ? chunk.length : newline + 1;
      const take = Math.min(end - at, this.#maxBytes - this.#inLine);
      text += chunk.toString('latin1', at, at + take);
      this.#inLine = newline !== -1 && at + take === end ? 0 : this.#inLine + take;
      at += take;
      if (this.#inLine >= this.#maxBytes) {
        text += `${SOFT}\n`;
        this.#inLine = 0;
      }
    }
    return text;
  }
}

/** The lines of a stream as they arrive, each with its line end, byte for byte; a line longer than `maxBytes` comes in pieces. */
export async function* linesOf(stream: Readable, maxBytes = MAX_LINE_BYTES): AsyncGenerator<Buffer> {
  const framer = new LineFramer(maxBytes);
  for await (const chunk of stream) for (const line of framer.lines(chunk as Buffer)) yield Buffer.from(line, 'latin1');
  const rest = framer.rest();
  if (rest !== '') yield Buffer.from(rest, 'latin1');
}
