/** What a program says of its failure: which of the calls that went otherwise is it about? */
import { speaksOf } from '../knowledge/error-words.js';
import { RANDOM } from './names.js';
import type { Words } from './processes.js';

/** Writes that lie so near to each other are one complaint: a traceback is written line by line. */
const NEAR = 60;

/** Text that a program wrote in pieces. */
export type Complaint = { readonly text: string; readonly first: number; readonly last: Words };

/** A text without what differs from run to run: numbers, addresses, names of the moment. */
export function masked(text: string): string {
  return text
    .replace(/0x[0-9a-f]+/gi, '#')
    .replace(RANDOM, '#')
    .replace(/\d+/g, '#');
}

/** What one process wrote and none of the other side did, the pieces joined. */
export function complaintsOf(words: readonly Words[], others: ReadonlySet<string>): readonly Complaint[] {
  const blocks: { text: string; first: number; last: Words }[] = [];
  for (const one of words) {
    const block = blocks.at(-1);
    if (block !== undefined && one.row - block.last.row <= NEAR) {
      if (!others.has(one.text)) block.text += one.text;
      block.last = one;
    } else blocks.push({ text: others.has(one.text) ? '' : one.text, first: one.row, last: one });
  }
  return blocks.filter(({ text }) => /[A-Za-z]{3}/.test(text));
}

/** What is asked of a call that went otherwise. */
export type Suspect = {
  readonly name: string;
  readonly subject: string;
  readonly errno: number;
  readonly errnoName: string | null;
  /** What it was told on this side, and on the other. */
  readonly text: string;
  readonly reference: string;
};

/** A complaint is about a call from this score on. */
export const TELLING_SCORE = 4;

/** Names that are words of every language, or say nothing by themselves. */
const PLAIN = new Set(
  'open openat read write stat access socket close send recv time kill link mount pipe select poll sync get set create setup enter file'.split(
    ' ',
  ),
);

/** How much a complaint says of a call: its error, its path, its name, what it was told. */
export function scoreOf({ name, subject, errno, errnoName, text, reference }: Suspect, complaint: string): number {
  let score = 0;
  const lower = complaint.toLowerCase();
  if (errno !== 0 && errnoName !== null && speaksOf(complaint, errno, errnoName)) score += 4;
  // one place that names it counts once, the fullest
  let named = 0;
  for (const word of subject.split(' ')) {
    if (word.length < 2) continue;
    if (complaint.includes(word))
      named = Math.max(
        named,
        word.startsWith('/') && word.length > 1 ? 4 : /[A-Z_]{4}/.test(word) ? 4 : word.length > 3 ? 3 : 0,
      );
    const base = word.slice(word.lastIndexOf('/') + 1);
    const stem = base.replace(/\.\w{1,4}$/, '');
    if (word.startsWith('/') && stem.length > 3 && complaint.includes(stem)) named = Math.max(named, 3);
    const port = /:(\d+)$/.exec(word)?.[1];
    if (port !== undefined && new RegExp(`\\b${port}\\b`).test(complaint)) named = Math.max(named, 3);
    for (const part of word.split(/[_|]/))
      if (/^[A-Z]{4,}$/.test(part) && !COMMON_PART.has(part) && lower.includes(part.toLowerCase()))
        named = Math.max(named, 2);
  }
  const bare = name.replace(/(?:at)?\d*$/, '');
  if (!PLAIN.has(name) && name.length > 3 && new RegExp(`\\b${name}\\b`).test(complaint)) score += 3;
  else if (!PLAIN.has(bare) && bare.length > 4 && new RegExp(`\\b${bare}`, 'i').test(complaint)) score += 2;
  else for (const part of name.split('_')) if (part.length > 3 && !PLAIN.has(part) && lower.includes(part)) score += 1;
  // an answer is told by what it says; that its file is named, too, adds nothing
  const told = text !== '' && text !== reference ? toldScore(text, reference, complaint) : 0;
  return score + (errno === 0 ? Math.max(named, told) : named + told);
}

const COMMON_PART = new Set(['SOCK', 'STREAM', 'INET', 'OPEN', 'READ', 'FILE']);

/** What a call was told stands in the complaint: a version, a name, a number. */
function toldScore(text: string, reference: string, complaint: string): number {
  const others = new Set(tokens(reference));
  let score = 0;
  for (const token of tokens(text)) {
    if (others.has(token)) continue;
    if (!new RegExp(`(?<![\\w.])${token.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}(?![\\w.])`).test(complaint)) continue;
    score = Math.max(score, token.length > 2 ? 5 : 2);
  }
  return score;
}

const tokens = (text: string): readonly string[] =>
  text
    .slice(0, 4096)
    .match(/\d[\w.:+-]*\w|\d|[A-Za-z_][\w.:+-]{3,}/g)
    ?.slice(0, 400) ?? [];
