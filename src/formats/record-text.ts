/** The lines of a quoted record, harmless for a terminal, as far as they are shown. */
import { plural } from './layout.js';
import { printable } from './printable.js';

/** How much of a record is shown. */
export type Room = { readonly characters: number; readonly lines: number };

/** What is left out is said. */
export function recordLines(text: string, room: Room): string[] {
  const all = text.trimEnd().split('\n').map(printable);
  const lines: string[] = [];
  let left = room.characters;
  for (const [index, line] of all.entries()) {
    if (line.length > left || lines.length >= room.lines) {
      if (index === 0) lines.push(`${line.slice(0, left)}…`);
      const more = all.length - Math.max(1, index);
      if (more > 0) lines.push(`… ${plural(more, 'more line')}`);
      else if (index === 0) lines.push(`(${line.length - left} more characters)`);
      break;
    }
    lines.push(line);
    left -= line.length;
  }
  return lines;
}
