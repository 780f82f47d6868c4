/** The document of `compare`: what differs between two traces of one program, the difference that matters first. */
import type { Evidence } from './finding.js';
import type { Reading } from './reading.js';
import type { Exit } from './report.js';
import type { SourceName } from './units.js';

export const COMPARE_VERDICTS = ['same', 'expected', 'differs', 'incomparable'] as const;
/** `expected`: only differences that every gVisor shows and that no program here was hurt by. */
export type CompareVerdict = (typeof COMPARE_VERDICTS)[number];

export const DIFFERENCE_KINDS = [
  'fails',
  'succeeds',
  'result',
  'missing',
  'extra',
  'fallback',
  'exit',
  'order',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export const DIFFERENCE_LABELS = ['likely-cause', 'unexplained', 'known-gap', 'expected'] as const;
export type DifferenceLabel = (typeof DIFFERENCE_LABELS)[number];

/** Which process of a side; ids are those that its trace prints. */
export type ComparedProcess = {
  readonly program: string | null;
  readonly argv: readonly string[] | null;
  /** Its id in A and in B; null where it has no counterpart. */
  readonly a: number | null;
  readonly b: number | null;
};

/** What a call returned: decimal text, and the name of its errno. */
export type Answer = { readonly ret: string; readonly errno_name: string | null };

export type Difference = {
  readonly kind: DifferenceKind;
  readonly label: DifferenceLabel;
  /** Linux's name of the call; empty of an `exit`. */
  readonly syscall: string;
  /** The path, address, option or request concerned; empty where the call has none. */
  readonly subject: string;
  readonly process: ComparedProcess;
  readonly count: number;
  readonly a: Answer | null;
  readonly b: Answer | null;
  /** One sentence. */
  readonly why: string;
  /** What one can do about it. */
  readonly remedy: readonly string[];
  readonly evidence_a: readonly Evidence[];
  readonly evidence_b: readonly Evidence[];
  /** Calls around it on both sides, in order; of the differences that matter. */
  readonly context?: readonly ContextRow[];
};

/** Calls that stand side by side; null where one side has none. */
export type ContextRow = {
  readonly a: string | null;
  readonly b: string | null;
  /** Is it the difference itself? */
  readonly isHere: boolean;
};

export type ComparedSide = {
  readonly kind: 'native' | 'runsc';
  readonly version: string | null;
  readonly sources: readonly SourceName[];
  readonly processes: number;
  readonly calls: number;
  readonly exit: Exit;
  /** Does the trace end before the program does? */
  readonly truncated: boolean;
};

/** Time of a class of calls on both sides. */
export type TimeRow = {
  readonly class: string;
  readonly a_ns: number;
  readonly b_ns: number;
  /** b to a. */
  readonly ratio: number;
};

export type CompareReport = {
  readonly schema: 'runsight/compare@1';
  readonly verdict: CompareVerdict;
  readonly headline: string;
  readonly sides: readonly [ComparedSide, ComparedSide];
  readonly differences: readonly Difference[];
  /** Differences of no weight that are not listed. */
  readonly others: number;
  readonly time: readonly TimeRow[];
  /** What the traces cannot tell, and which flags would. */
  readonly notes: readonly string[];
  readonly reading: readonly Reading[];
  /** How many values stand as *** in this document. */
  readonly masked: number;
};

/** A pair of a batch. */
export type ComparedPair = {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly verdict: CompareVerdict | 'unreadable';
  readonly headline: string;
  /** Pairs with the same first difference share it; null without one. */
  readonly group: string | null;
};

export type CompareBatch = {
  readonly schema: 'runsight/compare-batch@1';
  readonly pairs: readonly ComparedPair[];
  /** Equal first differences, the most frequent first. */
  readonly groups: readonly {
    readonly group: string;
    readonly pairs: readonly string[];
    readonly first: Omit<Difference, 'evidence_a' | 'evidence_b' | 'context' | 'process'>;
  }[];
};
