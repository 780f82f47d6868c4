/** A rule as `runsight rules` shows it, whatever its family. */
import type { Severity } from './finding.js';
import type { Verdict } from './report.js';

export const FAMILIES = ['diagnosis', 'anomaly'] as const;
export type Family = (typeof FAMILIES)[number];

/** What a family calls the groups of its rules, in the order in which they are listed. */
export type RuleGroup = { readonly name: string; readonly says: string };

/** Another severity, and the condition under which a rule has it. */
export type RuleVariant = { readonly severity: Severity; readonly when: string };

export type RulePage = {
  readonly id: string;
  readonly family: Family;
  /** Part of the family: for diagnosis what a match counts for, for anomalies the category. */
  readonly group: RuleGroup;
  readonly severity: Severity;
  /** The verdict of a run of which this is the first finding; null where a rule has none to give. */
  readonly verdict: Verdict | null;
  readonly title: string;
  /** One or two sentences; the title again where nobody wrote any. */
  readonly means: string;
  /** What else looks like this, and what would separate them. */
  readonly doubt: string | null;
  /** What to do; of an anomaly what to look at next. */
  readonly remedy: readonly string[];
  /** Rules whose findings this one explains and therefore hides, and those that hide this one. */
  readonly supersedes: readonly string[];
  readonly superseded_by: readonly string[];
  /** Who prints it: files and functions. */
  readonly sources: readonly string[];
  /** Lines of a log on which it fires. */
  readonly example: readonly string[];
  readonly variants?: readonly RuleVariant[];
  /** Techniques of MITRE ATT&CK. */
  readonly attack?: readonly string[];
  /** Cells of the threat matrix for Kubernetes. */
  readonly k8s_matrix?: readonly string[];
  /** Who does this lawfully. */
  readonly false_positives?: readonly string[];
  /** When it fires, line by line as its file says it. */
  readonly condition?: readonly string[];
  /** `name: text` of the macros and lists that the condition names. */
  readonly definitions?: readonly string[];
};

export type RulesReport = { readonly schema: 'runsight/rules@1'; readonly rules: readonly RulePage[] };

/** What the conditions of rule files can name. */
export type RuleWords = {
  readonly events: readonly { readonly name: string; readonly says: string }[];
  readonly fields: readonly { readonly name: string; readonly type: string; readonly says: string }[];
  /** Names of conditions (macros) that stand in the built-in files. */
  readonly conditions: readonly string[];
  readonly lists: readonly string[];
};
