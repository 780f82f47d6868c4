/** The analyzers whose products the rules of diagnosis judge, by the names that rules ask for. */
import type { Analyzer } from '../model/analyzer.js';
import { failuresAnalyzer, sentencesAnalyzer } from './failures.js';
import { faultsAnalyzer } from './faults.js';
import { forgeriesAnalyzer } from './forgeries.js';
import { lastCallsAnalyzer } from './last-calls.js';
import { runsAnalyzer } from './runs.js';
import { deepTellingsAnalyzer, tellingsAnalyzer } from './tellings.js';
import { waitsAnalyzer } from './waits.js';

/** What every diagnosis needs. None of them asks for trace records, so that a large boot log goes by as columns. */
export const diagnosisAnalyzers = {
  failures: failuresAnalyzer,
  sentences: sentencesAnalyzer,
  runs: runsAnalyzer,
  forgeries: forgeriesAnalyzer,
  tellings: tellingsAnalyzer,
  faults: faultsAnalyzer,
} as const;

/** With the last calls of the program: for logs up to some MB, since each trace record becomes an object (15 µs each, measured). */
export const deepDiagnosisAnalyzers = {
  ...diagnosisAnalyzers,
  calls: lastCallsAnalyzer,
  waits: waitsAnalyzer,
  tellings: deepTellingsAnalyzer,
} as const;

/** What the analyzers of a diagnosis yield, by their names. */
type ProductOf<A> = { readonly [Key in keyof A]: A[Key] extends Analyzer<infer P> ? P : never };
export type DiagnosisProducts = ProductOf<typeof diagnosisAnalyzers> &
  Partial<ProductOf<typeof deepDiagnosisAnalyzers>>;
