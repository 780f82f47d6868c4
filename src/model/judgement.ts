/** What the rules make of a run, before it is a report. */
import type { Finding } from './finding.js';
import type { Benign, Verdict } from './report.js';

/** How one rule answered: for `--explain`. */
export type RuleAnswer = {
  readonly rule: string;
  readonly state: 'found' | 'clear' | 'not-applicable' | 'failed';
  /** Why it could not answer, or what went wrong in it. */
  readonly why?: string;
  /** Its findings that others outrank: `aftermath` and `symptom` count only where no cause is found. */
  readonly outranked?: number;
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
