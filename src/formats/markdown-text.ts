/** Makes log text harmless in Markdown: prose that stays prose, fences that hold, code that stays in its cell. */
import { printable } from './printable.js';

/** Shows nothing and parts what GitHub and others would join: a mention, a reference, a link. */
const NOTHING = '&#8203;';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', $: '&dollar;' };

/**
 * Log text as one paragraph or cell of prose. Nothing in it makes markup, HTML, a table, a link, an image, a formula, a mention or
 * a reference; every character is seen as it was printed.
 *
 * Source: CommonMark 0.31 (backslash escapes, entities), GitHub Flavored Markdown (tables, strikethrough, autolinks)
 */
export function prose(text: string): string {
  return (
    printable(text)
      .replace(/[&<>$]/g, (c) => ENTITIES[c] ?? c)
      .replace(/[\\`*[\]|~]/g, '\\$&')
      // within a word it marks nothing
      .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
      .replace(/#(?!\w)/g, '\\#')
      .replace(/[@#](?=\w)/g, `$&${NOTHING}`)
      .replace(/:(?=\/\/)/g, `:${NOTHING}`)
      .replace(/\b(www)(?=\.)/gi, `$1${NOTHING}`)
      // at its beginning: headings, lists, quotations, rules
      .replace(/^\s+/, '')
      .replace(/^[-+=]/, '\\$&')
      .replace(/^(\d{1,9})([.)])/, '$1\\$2')
  );
}

/** The longest run of backticks. */
function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/** Text as code within a line; `|` is escaped, since a table takes it before code does. */
export function code(text: string): string {
  const shown = printable(text).replaceAll('|', '\\|');
  if (shown.trim() === '') return '` `';
  const ticks = '`'.repeat(longestRun(shown) + 1);
  const pad = /^`|`$|^ .* $/.test(shown) ? ' ' : '';
  return `${ticks}${pad}${shown}${pad}${ticks}`;
}

/** Lines as a block of code: its fence is longer than any run of backticks in them, so none of them ends it. */
export function fenced(lines: readonly string[]): readonly string[] {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}text`, ...lines, fence];
}
