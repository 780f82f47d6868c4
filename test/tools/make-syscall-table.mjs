// Writes grammars/syscall-table.ts from two tables of syscalls (gVisor's pkg/sentry/strace/linux64_{amd64,arm64}.go over time).
//
//   node test/tools/make-syscall-table.mjs AMD64.json ARM64.json > grammars/syscall-table.ts
//
// A table: { syscalls: [{ name, args: [kind], straceHistory?: [{ from, args: [kind] }] }] }, the history oldest first.
import { readFileSync } from 'node:fs';

const CODES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const kinds = [
  ...readFileSync(new URL('../../grammars/kinds.ts', import.meta.url), 'utf8')
    .split('ARGUMENT_KINDS = [')[1]
    .split(']')[0]
    .matchAll(/'(\w+)'/g),
].map(([, kind]) => kind);

const code = (kind) => {
  const index = kinds.indexOf(kind);
  if (index < 0) throw new Error(`grammars/kinds.ts lacks ${kind}`);
  return CODES[index];
};
const list = (args) => args.map(code).join('') || '-';

function table(path) {
  const lines = JSON.parse(readFileSync(path, 'utf8')).syscalls.map(({ name, args, straceHistory }) => {
    const lists = (straceHistory ?? [{ args }]).toReversed().map((h) => list(h.args) + (h.from ? `@${h.from}` : ''));
    return `${name} ${lists.join(' ')}`;
  });
  return lines.sort().join('\n');
}

const [amd64, arm64] = process.argv.slice(2).map(table);
process.stdout.write(`/**
 * Which kinds of arguments each syscall has, by architecture and release. Made by test/tools/make-syscall-table.mjs; do not edit.
 *
 *     openat BCST@20190529.1 ACST@2018-10 ACAT@2018-05
 *
 * A line is a name and its lists of kinds, the newest first, \`@\` and the first release that prints it so where there are
 * several. A list has one letter for each argument (A is the first of ARGUMENT_KINDS, then B to Z, a to z, 0 to 9) or is \`-\`.
 * Numbers that the tracer does not know print as sys_NNN with six Hex and are not listed.
 *
 * Source: gVisor pkg/sentry/strace/linux64_amd64.go and linux64_arm64.go, 2018-05 to 2026-08
 */
import { ARGUMENT_KINDS, type ArgumentKind } from './kinds.js';
import { releaseNumber } from './releases.js';

export type Architecture = 'amd64' | 'arm64';

/** A list of kinds and the release it came with, as a number that grows: 20190529.1 is 2019052901, 2018-05 is 2018050000. */
export type ArgumentList = { readonly from: number; readonly kinds: readonly ArgumentKind[] };

const CODES = '${CODES}';

/** The lists of every syscall of an architecture, newest first. Made anew at each call: keep it. */
export function argumentTable(architecture: Architecture): ReadonlyMap<string, readonly ArgumentList[]> {
  const lines = (architecture === 'amd64' ? AMD64 : ARM64).split('\\n');
  return new Map(
    lines.map((line) => {
      const [name = '', ...lists] = line.split(' ');
      return [name, lists.map(readList)];
    }),
  );
}

function readList(text: string): ArgumentList {
  const [letters = '', from = '2018-05'] = text.split('@');
  return { from: releaseNumber(from) ?? 0, kinds: letters === '-' ? [] : [...letters].map(kindOf) };
}

function kindOf(letter: string): ArgumentKind {
  return ARGUMENT_KINDS[CODES.indexOf(letter)] ?? 'Hex';
}

const AMD64 = \`${amd64}\`;

const ARM64 = \`${arm64}\`;
`);
