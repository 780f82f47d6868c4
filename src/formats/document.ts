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
