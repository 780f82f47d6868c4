// Writes src/knowledge/syscall-support-table.ts from two tables of syscalls (gVisor's pkg/sentry/syscalls/linux/linux64.go over time).
//
//   node test/tools/make-syscall-support.mjs AMD64.json ARM64.json > src/knowledge/syscall-support-table.ts
//
// A table: { syscalls: [{ name, supportHistory: [{ from, support, returns?, cap? }] }] }, the history oldest first.
import { readFileSync } from 'node:fs';

const LETTERS = { full: 'F', partial: 'P', listed: 'L', error: 'E', unimplemented: 'U', missing: 'M', removed: 'R' };

function step({ from, support, returns, cap }) {
  const letter = LETTERS[support];
  if (letter === undefined) throw new Error(`no letter for ${support}`);
  const errno = returns ?? cap;
  return `${letter}${errno === undefined ? '' : `:${errno}`}@${from}`;
}

/** Syscalls with the same history share a line, folded at 120 characters. */
function table(path) {
  const groups = new Map();
  for (const { name, supportHistory } of JSON.parse(readFileSync(path, 'utf8')).syscalls) {
    const history = supportHistory.toReversed().map(step).join(' ');
    groups.set(history, [...(groups.get(history) ?? []), name]);
  }
  return [...groups].flatMap(([history, names]) => {
    const lines = [];
    let line = `${history} =`;
    for (const name of names) {
      if (line.length + name.length > 118) {
        lines.push(line);
        line = `${history} =`;
      }
      line += ` ${name}`;
    }
    return [...lines, line];
  });
}

const [amd64, arm64] = process.argv.slice(2).map(table);
process.stdout.write(`/**
 * How far the sentry supports each syscall, by architecture and release. Made by test/tools/make-syscall-support.mjs; do not edit.
 *
 *     F@20221122.0 P@20190722.1 L@2018-05 = open mmap
 *
 * A line is a history, the newest first, and the syscalls that have it. F: full, P: partial, L: there is a handler and no word on
 * how much of the call it does, E: always fails with that errno (or without that capability), U: the same, and the first call
 * is logged as unsupported, M: not in the table, R: taken out of it; then the first release of which that is true.
 *
 * Source: gVisor pkg/sentry/syscalls/linux/linux64.go, 2018-05 to 2026-08
 */

export const AMD64 = \`
${amd64.join('\n')}
\`;

export const ARM64 = \`
${arm64.join('\n')}
\`;
`);
