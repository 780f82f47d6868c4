/** The analyzers whose products the rules of diagnosis judge, by the names that rules ask for. */
import type { Analyzer } from '../model/analyzer.js';
import { failuresAnalyzer, joinFailures, joinSentences, sentencesAnalyzer } from './failures.js';
import { faultsAnalyzer } from './faults.js';
import { forgeriesAnalyzer } from './forgeries.js';
import { lastCallsAnalyzer } from './last-calls.js';
import { refusalsAnalyzer } from './refusals.js';
import { joinRuns, runsAnalyzer } from './runs.js';
import { joinTellings, tellingsAnalyzer } from './tellings.js';
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

/**
 * What was read source by source, each by folds of its own, as if one fold had read them all in this order. So sources can grow at
 * the same time, and what is no longer asked about can be let go.
 */
export function joinProducts(parts: readonly DiagnosisProducts[]): DiagnosisProducts {
  const bySource = <T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> =>
    new Map(maps.flatMap((map) => [...map]));
  return {
    failures: joinFailures(parts.map(({ failures }) => failures)),
    sentences: joinSentences(parts.map(({ sentences }) => sentences)),
    runs: joinRuns(parts.map(({ runs }) => runs)),
    forgeries: bySource(parts.map(({ forgeries }) => forgeries)),
    tellings: joinTellings(parts.map(({ tellings }) => tellings)),
    faults: bySource(parts.map(({ faults }) => faults)),
    calls: bySource(parts.map(({ calls }) => calls)),
    waits: bySource(parts.map(({ waits }) => waits)),
    refusals: bySource(parts.map(({ refusals }) => refusals)),
  };
}
