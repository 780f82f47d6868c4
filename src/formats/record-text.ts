/** The lines of a quoted record, harmless for a terminal, as far as they are shown. */
import { plural } from './layout.js';
import { printable } from './printable.js';

/** How much of a record is shown. */
export type Room = { readonly characters: number; readonly lines: number };

/** A byte said over and over, as a program writes that fills a file: a few of them show it. */
const REPEATED = /(\\x[0-9a-f]{2}|\\0)\1{15,}/g;
const SHOWN = 4;
/** Of the end of a long line so much is shown. */
const TAIL = 160;
/** So little more is shown rather than counted. */
const SMALL_REST = 40;

const shortened = (text: string): string =>
  text.replace(REPEATED, (all, one: string) => `${one.repeat(SHOWN)}…(${all.length / one.length} times ${one})`);

/** Stacks of Go are indented with tabs. */
const indented = (tabs: string): string => '    '.repeat(tabs.length);

/** What is left out is said. */
export function recordLines(text: string, room: Room): string[] {
  const all = text
    .trimEnd()
    .split('\n')
    .map((line) => printable(shortened(line).replace(/^\t+/, indented)));
  const lines: string[] = [];
  let left = room.characters;
  for (const [index, line] of all.entries()) {
    const isFit = line.length <= left + (all.length === 1 ? SMALL_REST : 0);
    if (!isFit || lines.length >= room.lines) {
      const more = all.length - Math.max(1, index);
      // an error stands at its end: of a long line the middle is left out
      if (index === 0 && more === 0 && left >= 2 * TAIL) {
        const rest = line.length - left;
        lines.push(`${line.slice(0, left - TAIL)}… (${rest} characters) …${line.slice(-TAIL)}`);
      } else if (index === 0) lines.push(`${line.slice(0, left)}…`);
      if (more > 0) lines.push(`… ${plural(more, 'more line')}`);
      else if (index === 0 && left < 2 * TAIL) lines.push(`(${line.length - left} more characters)`);
      break;
    }
    lines.push(line);
    left -= line.length;
  }
  return lines;
}
