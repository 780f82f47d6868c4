/** The analyzers whose products the rules of diagnosis judge, by the names that rules ask for. */
import { failuresAnalyzer, sentencesAnalyzer } from './failures.js';
import { runsAnalyzer } from './runs.js';

export const diagnosisAnalyzers = {
  failures: failuresAnalyzer,
  sentences: sentencesAnalyzer,
  runs: runsAnalyzer,
} as const;
