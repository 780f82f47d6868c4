/** What rules share that speak of records which are no errors: one match for each different thing that a known sentence says. */
import type { Heard } from '../analyzers/failures.js';
import { matchOf, type Match, type Products, type Said } from './rule.js';

/** Different values of one sentence that are told apart (two refused sockets). */
const APART_LIMIT = 4;
/** Records of one kind that are quoted; more prove no more. */
const QUOTED_LIMIT = 3;

type Spoken = Heard['first'][number];

/** The records of known sentences, grouped by what they speak of, as matches of what a table says of them. */
export function matchesOfSentences(
  { sentences, runs }: Pick<Products, 'sentences' | 'runs'>,
  sayings: Readonly<Record<string, Said>>,
): readonly Match[] {
  return Object.entries(sayings).flatMap(([id, said]) => {
    const apart = new Map<string, Spoken[]>();
    for (const one of sentences.get(id)?.first ?? []) {
      const { path, error } = one.captures;
      const key = path ?? error ?? '';
      const same = apart.get(key);
      if (same !== undefined) same.push(one);
      else if (apart.size < APART_LIMIT) apart.set(key, [one]);
    }
    return [...apart.values()].map((group) => {
      const [first, ...rest] = group as [Spoken, ...Spoken[]];
      const { captures, evidence, pid } = first;
      const failure = { kind: 'outside' as const, known: id, captures, error: '', evidence, pid, order: 0 };
      const quoted = rest.slice(0, QUOTED_LIMIT - 1).map((one) => one.evidence);
      return matchOf({ failure, evidence: [evidence, ...quoted] }, said, runs);
    });
  });
}
