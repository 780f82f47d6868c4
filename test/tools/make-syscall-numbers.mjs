// Writes grammars/syscall-numbers.ts from two tables of syscalls ({ syscalls: [{ number, name }] }).
//
//   node test/tools/make-syscall-numbers.mjs AMD64.json ARM64.json > grammars/syscall-numbers.ts
import { readFileSync } from 'node:fs';

function table(path) {
  const { syscalls } = JSON.parse(readFileSync(path, 'utf8'));
  const names = new Map(syscalls.map(({ number, name }) => [number, name]));
  const words = [];
  let next = 0;
  for (const number of [...names.keys()].sort((a, b) => a - b)) {
    words.push(number === next ? names.get(number) : `${number}:${names.get(number)}`);
    next = number + 1;
  }
  const lines = [''];
  for (const word of words) {
    if (lines.at(-1).length + word.length > 110) lines.push('');
    lines[lines.length - 1] += `${lines.at(-1) === '' ? '' : ' '}${word}`;
  }
  return lines.join('\n');
}

const [amd64, arm64] = process.argv.slice(2).map(table);
process.stdout.write(`/**
 * Numbers of Linux's syscalls, by architecture: what an audit record of the kernel names. Made by test/tools/make-syscall-numbers.mjs;
 * do not edit. A word is the name of the number that follows the one before, or \`number:name\` behind a gap.
 */
const AMD64 = \`
${amd64}
\`;

const ARM64 = \`
${arm64}
\`;

const TABLES = { amd64: AMD64, arm64: ARM64 } as const;
const read = new Map<string, ReadonlyMap<number, string>>();

function namesOf(arch: keyof typeof TABLES): ReadonlyMap<number, string> {
  const known = read.get(arch);
  if (known !== undefined) return known;
  const names = new Map<number, string>();
  let next = 0;
  for (const word of TABLES[arch].trim().split(/\\s+/)) {
    const [first = '', second] = word.split(':');
    if (second !== undefined) next = Number(first);
    names.set(next++, second ?? first);
  }
  read.set(arch, names);
  return names;
}

/** The name of a syscall by its number; undefined for numbers that gVisor's tables do not know. */
export function syscallOfNumber(arch: 'amd64' | 'arm64', number: number): string | undefined {
  return namesOf(arch).get(number);
}
`);
