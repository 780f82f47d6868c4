/** A document as one line of JSON that is harmless on a terminal, too. */

/**
 * What JSON leaves as it is and a terminal or a reader would act on: DEL and C1, marks of direction, and line ends of Unicode. C0 is
 * escaped by JSON itself.
 */
// oxlint-disable-next-line no-control-regex
const LEFT = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** JSON of a value: the same value to every reader. */
export function harmlessJson(value: unknown): string {
  return JSON.stringify(value).replace(LEFT, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function documentJson(value: unknown): string {
  return `${harmlessJson(value)}\n`;
}

/** The same in pieces: of long lists so many elements at once. What is large is never held as one text. */
export function* documentPieces(value: object): Generator<string> {
  let before = '{';
  for (const [name, part] of Object.entries(value)) {
    if (part === undefined) continue;
    if (Array.isArray(part) && part.length > PIECE_ELEMENTS) {
      for (let at = 0; at < part.length; at += PIECE_ELEMENTS) {
        const elements = harmlessJson(part.slice(at, at + PIECE_ELEMENTS)).slice(1, -1);
        yield at === 0 ? `${before}${harmlessJson(name)}:[${elements}` : `,${elements}`;
      }
      before = '],';
    } else {
      yield `${before}${harmlessJson(name)}:${harmlessJson(part)}`;
      before = ',';
    }
  }
  yield before === '{' ? '{}\n' : before === ',' ? '}\n' : ']}\n';
}
const PIECE_ELEMENTS = 256;
