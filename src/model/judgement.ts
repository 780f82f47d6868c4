/** What the rules make of a run, before it is a report. */
import type { Captures } from './event.js';
import type { Confidence, Evidence, Finding, Severity } from './finding.js';
import type { Benign, Verdict } from './report.js';

/** Why a match is not the first finding, and the rule that it lost to. */
export type Loss = {
  /**
   * `superseded`: the other rule explains it. `echo`: its record only follows from that of the other. `tier`: the other explains more
   * (a cause goes before a symptom). `severity`: the other takes more down. `later`: the other was first in time. `note`: it has no part.
   */
  readonly reason: 'superseded' | 'echo' | 'tier' | 'severity' | 'later' | 'note';
  readonly to: string | null;
};

/** One thing that a rule found, with what its confidence rests on. */
export type MatchAnswer = {
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly tier: string;
  /** The deciding record. */
  readonly evidence: Evidence;
  /** What wrote it (`fatal`, `panic`, `outside`, ...); null for a record that is no failure by itself. */
  readonly kind: string | null;
  /** Values that the deciding record prints and the cause names. */
  readonly printed: Captures;
  /** Records that say it, and the sources that they stand in. */
  readonly records: number;
  readonly sources: number;
  readonly collect: readonly string[];
  /** Its place among the findings that decide, from 1; null for a note, and for what others outrank. */
  readonly rank: number | null;
  readonly loss?: Loss;
};

/** How one rule answered: for `--explain`. */
export type RuleAnswer = {
  readonly rule: string;
  readonly state: 'found' | 'clear' | 'not-applicable' | 'failed';
  /** Why it could not answer, or what went wrong in it. */
  readonly why?: string;
  readonly matches?: readonly MatchAnswer[];
};

export type Judgement = {
  readonly verdict: Verdict;
  readonly headline: string;
  /** The most likely root cause first. */
  readonly findings: readonly Finding[];
  readonly collect: readonly string[];
  readonly benign: readonly Benign[];
  readonly answers: readonly RuleAnswer[];
};
