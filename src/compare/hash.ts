/** Texts as numbers: calls are compared by hash, so that millions of them fit into columns. */

/**
 * 53 bits of a text, as a whole number. Two different texts of one comparison meet with a chance of one in 2^53 a pair: among two
 * million calls one in four thousand runs would see one wrong match.
 */
export function hashOf(text: string): number {
  let one = 0x811c9dc5;
  let two = 0x9e3779b9;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x01000193);
    two = Math.imul(two ^ (unit + at), 0x85ebca6b);
    two = (two << 13) | (two >>> 19);
  }
  one ^= one >>> 15;
  return (one >>> 0) * 0x200000 + ((two >>> 11) & 0x1fffff);
}

/** 31 bits of a text, never 0: what a call answered. */
export function shortHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return ((hash ^ (hash >>> 15)) & 0x7fffffff) | 1;
}
