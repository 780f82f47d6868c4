/** The document of `scan`: what rules found in a workload, and which of them could not be asked. */
import type { Finding, Severity } from './finding.js';
import type { Reading } from './reading.js';

export type ScanProcess = {
  readonly tgid: number;
  readonly tid: number;
  /** Path of its executable, as far as the log tells it. */
  readonly program: string | null;
  readonly argv: readonly string[];
  readonly script?: string;
  readonly parent?: { readonly tgid: number; readonly program: string | null };
  readonly uid?: number;
};

export type ScanFinding = Finding & {
  readonly category: string;
  /** Techniques of MITRE ATT&CK. */
  readonly attack: readonly string[];
  /** Cells of the threat matrix for Kubernetes. */
  readonly k8s_matrix: readonly string[];
  readonly process: ScanProcess;
  /** How many times; `first` and `last` are the times of the records. */
  readonly count: number;
  readonly first: string | null;
  readonly last: string | null;
  /** Rules whose findings this one explains, and therefore hides. */
  readonly parts?: readonly string[];
  /** Who does this lawfully. */
  readonly false_positives: readonly string[];
  /** The same in another log of the same workload has the same. */
  readonly fingerprint: string;
};

/** A finding while its log is read. */
export type LiveFinding = {
  /** The same for the same finding of a log, however often it is read. */
  readonly id: string;
  /**
   * `new`; `changed`: told before, and worse now, or it explains more; `explained`: told before, and the one of `by` explains it now;
   * `last`: told before and met again since, once the log has ended.
   */
  readonly what: 'new' | 'changed' | 'explained' | 'last';
  readonly finding: ScanFinding;
  readonly by?: string;
};

export type NotEvaluated = { readonly rule: string; readonly why: string };

export type Excepted = {
  readonly rule: string;
  readonly count: number;
  readonly reason: string;
  readonly until: string | null;
  /** Of a finding that the baseline holds. */
  readonly severity?: Severity;
};

export type ScanReport = {
  readonly schema: 'runsight/scan@1';
  /** The worst first. */
  readonly findings: readonly ScanFinding[];
  readonly not_evaluated: readonly NotEvaluated[];
  /** Findings that an exception took out. */
  readonly excepted: readonly Excepted[];
  /** What is to be known of the scan itself: expired exceptions, bounds that were reached. */
  readonly notes: readonly string[];
  /** How many rules were asked. */
  readonly rules: number;
  /** How many values stand as *** in this document. */
  readonly masked: number;
  readonly costs?: readonly { readonly rule: string; readonly asked: number; readonly ms: number }[];
  readonly reading: readonly Reading[];
};

/** Ends the title of a finding of whose calls none came about. */
export const TRIED = '(tried in vain)';

/** What came of one test of a rule file. */
export type TestResult = {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly wants: 'fires' | 'quiet';
  readonly passed: boolean;
  /** What went otherwise; empty where it passed. */
  readonly why: string;
};
