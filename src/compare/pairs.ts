/** Many pairs: the list of them as it is written in a file, and groups of those whose first difference is the same. */
import type { CompareBatch, ComparedPair, CompareReport, Difference } from '../model/compare.js';
import { masked } from './complaints.js';

/** A line of the file: both sides, and what the pair is called. */
export type PairLine = { readonly a: string; readonly b: string; readonly name: string; readonly line: number };

/** A line that is no pair. */
export type PairFault = { readonly line: number; readonly text: string };

/**
 * Reads `A B [NAME]`, one pair a line, parted by tabs, or by blanks where there is no tab. Empty lines and lines that begin with # are
 * passed over.
 */
export function readPairs(text: string): {
  readonly pairs: readonly PairLine[];
  readonly faults: readonly PairFault[];
} {
  const pairs: PairLine[] = [];
  const faults: PairFault[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const fields = line.includes('\t') ? line.split(/\t+/) : line.split(/ +/);
    const [a, b, ...rest] = fields;
    if (a === undefined || b === undefined || a === '' || b === '')
      faults.push({ line: index + 1, text: line.slice(0, 120) });
    else pairs.push({ a, b, name: rest.join(' ') || `${index + 1}`, line: index + 1 });
  }
  return { pairs, faults };
}

/** By what pairs are grouped: the first difference, without what differs from run to run. */
function groupOf(first: Difference): string {
  if (first.kind === 'exit') return `end: ${first.a?.ret ?? '?'}, ${first.b?.ret ?? '?'}`;
  const answer = first.b?.errno_name ?? (first.b === null ? 'not called' : 'other answer');
  const call = first.subject === '' ? first.syscall : `${first.syscall} ${masked(first.subject)}`;
  return `${first.kind}: ${call}: ${answer}`;
}

/** Puts the reports of pairs together; `undefined`: a side could not be read. */
export function assembleBatch(
  all: readonly { readonly pair: PairLine; readonly report: CompareReport | undefined; readonly why: string }[],
): CompareBatch {
  const groups = new Map<string, { readonly names: string[]; readonly first: Difference }>();
  const pairs = all.map(({ pair, report, why }): ComparedPair => {
    const { a, b, name } = pair;
    if (report === undefined) return { name, a, b, verdict: 'unreadable', headline: why, group: null };
    const [first] = report.verdict === 'same' || report.verdict === 'incomparable' ? [] : report.differences;
    const group = first === undefined ? null : groupOf(first);
    if (first !== undefined && group !== null) {
      const known = groups.get(group);
      if (known === undefined) groups.set(group, { names: [name], first });
      else known.names.push(name);
    }
    return { name, a, b, verdict: report.verdict, headline: report.headline, group };
  });
  return {
    schema: 'runsight/compare-batch@1',
    pairs,
    groups: [...groups]
      .map(([group, { names, first }]) => {
        const { kind, label, syscall, subject, count, a, b, why, remedy } = first;
        return { group, pairs: names, first: { kind, label, syscall, subject, count, a, b, why, remedy } };
      })
      .toSorted(
        (one, other) =>
          weight(one.first.label) - weight(other.first.label) ||
          other.pairs.length - one.pairs.length ||
          (one.group < other.group ? -1 : 1),
      ),
  };
}

/** What hurts comes first. */
const weight = (label: Difference['label']): number => (label === 'likely-cause' || label === 'unexplained' ? 0 : 1);
