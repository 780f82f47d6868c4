/** Makes log text harmless for a terminal: an application in a sandbox chooses its own file names, escapes included. */

/**
 * Control characters (C0, DEL, C1), and the marks that turn the direction of text or hide in it. A tab is one of them: how wide it is
 * depends on where it stands, and columns would not.
 * Source: Unicode bidirectional controls; ECMA-48 for C1
 */
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** One line of text in which every unsafe character is written as an escape (`\n`, `\t`, `\x1b`, `\u202e`). */
export function printable(text: string): string {
  return text.replace(UNSAFE, (c) => {
    if (c === '\n') return '\\n';
    if (c === '\r') return '\\r';
    if (c === '\t') return '\\t';
    const code = c.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** The same, but line ends stay: for records that span lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
