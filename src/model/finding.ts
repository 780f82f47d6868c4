/** What a rule says of a run, and the log lines that prove it. */
import type { LineNumber, SourceName } from './units.js';

export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];
export type Confidence = 'certain' | 'likely' | 'possible';

/** Where a fact stands. `text` is the whole decoded record, unshortened. */
export type Evidence = {
  readonly source: SourceName;
  readonly line: LineNumber;
  readonly time: string | null;
  readonly text: string;
};

/** One answer, shaped as the contract prints it. */
export type Finding = {
  readonly rule: string;
  /** The sandbox that it is about, where the input holds several. */
  readonly sandbox?: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly title: string;
  /** One sentence with the values of this log. */
  readonly cause: string;
  /** Why it matters now: what another runtime or an earlier release does. Optional third sentence of the screen. */
  readonly why?: string;
  /** What to do, one way each, with the values of this log. */
  readonly remedy: readonly string[];
  readonly evidence: readonly Evidence[];
  /** What followed from it: the EOF in the other file, Docker's wrapper. */
  readonly echoes: readonly Evidence[];
};
