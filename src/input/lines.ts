/** Frames what arrives line by line (an interactive stdin, a child's output) with split2. Bulk input never comes here. */
import { Transform, type Readable } from 'node:stream';
import split2 from 'split2';

/** No line is held longer than this before it is handed on in pieces. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** Stands for a break that we made inside a line: outside latin1, so no byte of the input can be it. */
const SOFT = '\u0100';

/**
 * The lines of a stream as they arrive, each with its line end, byte for byte; a line longer than `maxBytes` comes in
 * pieces. Text is carried as latin1, one character a byte, so that invalid UTF-8 passes unharmed.
 */
export async function* linesOf(stream: Readable, maxBytes = MAX_LINE_BYTES): AsyncGenerator<Buffer> {
  let inLine = 0;
  let ended = true;
  const bound = new Transform({
    decodeStrings: true,
    readableObjectMode: true,
    transform(chunk: Buffer, _encoding, done) {
      let text = '';
      for (let at = 0; at < chunk.length;) {
        const newline = chunk.indexOf(10, at);
        const end = newline === -1 ? chunk.length : newline + 1;
        const take = Math.min(end - at, maxBytes - inLine);
        text += chunk.toString('latin1', at, at + take);
        inLine = newline !== -1 && at + take === end ? 0 : inLine + take;
        at += take;
        if (inLine >= maxBytes) {
          text += `${SOFT}\n`;
          inLine = 0;
        }
      }
      if (chunk.length > 0) ended = chunk[chunk.length - 1] === 10;
      done(null, text);
    },
  });
  // maxLength is the guard behind the bound above: split2 would fail rather than hold more.
  const framed = stream.pipe(bound).pipe(split2('\n', { maxLength: maxBytes + 2, decodeStrings: false }));
  stream.on('error', (error) => framed.destroy(error));
  let held: string | undefined;
  for await (const line of framed as AsyncIterable<string>) {
    if (held !== undefined) yield piece(held, true);
    held = undefined;
    // The last piece is known only when the next one comes, or the stream ends; but a terminal wants its answer now.
    if (line.endsWith(SOFT)) yield piece(line.slice(0, -1), false);
    else if (stream.readableEnded && !ended) held = line;
    else yield piece(line, true);
  }
  if (held !== undefined) yield piece(held, ended);
}

function piece(line: string, newline: boolean): Buffer {
  return Buffer.from(newline ? `${line}\n` : line, 'latin1');
}
