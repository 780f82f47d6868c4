/** The analyzers whose products the rules of diagnosis judge, by the names that rules ask for. */
import type { Analyzer } from '../model/analyzer.js';
import { failuresAnalyzer, sentencesAnalyzer } from './failures.js';
import { faultsAnalyzer } from './faults.js';
import { forgeriesAnalyzer } from './forgeries.js';
import { lastCallsAnalyzer } from './last-calls.js';
import { refusalsAnalyzer } from './refusals.js';
import { runsAnalyzer } from './runs.js';
import { tellingsAnalyzer } from './tellings.js';
import { waitsAnalyzer } from './waits.js';

export const diagnosisAnalyzers = {
  failures: failuresAnalyzer,
  sentences: sentencesAnalyzer,
  runs: runsAnalyzer,
  forgeries: forgeriesAnalyzer,
  tellings: tellingsAnalyzer,
  faults: faultsAnalyzer,
  calls: lastCallsAnalyzer,
  waits: waitsAnalyzer,
  refusals: refusalsAnalyzer,
} as const;

/**
 * Those that read trace records one by one: they are for the last part of a trace, where a program meets its end. All else goes by
 * as columns, since each record costs 15 µs as an object (measured).
 */
export const ENDING_ANALYZERS: readonly (keyof typeof diagnosisAnalyzers)[] = ['calls', 'waits', 'refusals'];

/** What the analyzers of a diagnosis yield, by their names. */
export type DiagnosisProducts = {
  readonly [Key in keyof typeof diagnosisAnalyzers]: (typeof diagnosisAnalyzers)[Key] extends Analyzer<infer P>
    ? P
    : never;
};
