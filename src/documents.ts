/** Text that holds JSON documents: one a line, as commands write them, or one over many lines, as people format them. */
import type { OpenSource } from './input/source.js';

/** The text of one document, and the line where it begins. Undefined: it is longer than is read of one. */
export type DocumentText = { readonly text: string | undefined; readonly line: number };

const BLOCK = 1024 * 1024;
const NEWLINE = 10;

/**
 * The documents of a source, one after the other, of which one is kept at a time. A document over many lines begins with a line
 * `{` and ends with a line `}`. `most`: bytes that are read of one.
 */
export async function* documentsOf(source: OpenSource, most: number): AsyncGenerator<DocumentText> {
  let parts: string[] = [];
  let size = 0;
  let begun = 0;
  const take = (): DocumentText => {
    const text = size > most ? undefined : parts.join('\n');
    parts = [];
    size = 0;
    return { text, line: begun };
  };
  for await (const { text, length, line } of linesOf(source, most)) {
    if (size === 0 && (length === 0 || text?.trim() === '')) continue;
    const isInside = size > 0;
    if (!isInside) begun = line;
    // what is too long is counted, and not kept
    size += length + 1;
    if (text === undefined || size > most) {
      size = most + 1;
      parts = [];
    } else parts.push(text);
    const bare = text?.trimEnd();
    if (isInside ? bare !== '}' : bare === '{') continue;
    yield take();
  }
  if (size > 0) yield take();
}

/** Lines without their ends. `text` is undefined where one is longer than `most` bytes. */
async function* linesOf(
  source: OpenSource,
  most: number,
): AsyncGenerator<{ readonly text: string | undefined; readonly length: number; readonly line: number }> {
  const block = Buffer.alloc(BLOCK);
  let parts: Buffer[] = [];
  let length = 0;
  let line = 1;
  const end = (): { text: string | undefined; length: number; line: number } => {
    const text = length > most ? undefined : Buffer.concat(parts).toString('utf8');
    const found = { text, length, line: line++ };
    parts = [];
    length = 0;
    return found;
  };
  const keep = (from: number, to: number): void => {
    length += to - from;
    if (length > most) parts = [];
    else parts.push(Buffer.from(block.subarray(from, to)));
  };
  for (;;) {
    const pending = source.read(block, 0);
    const filled = typeof pending === 'number' ? pending : await pending;
    if (filled === 0) break;
    const bytes = block.subarray(0, filled);
    let at = 0;
    for (let newline = bytes.indexOf(NEWLINE); newline !== -1; newline = bytes.indexOf(NEWLINE, at)) {
      keep(at, newline);
      yield end();
      at = newline + 1;
    }
    if (at < filled) keep(at, filled);
  }
  if (length > 0) yield end();
}
