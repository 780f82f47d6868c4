/** Baselines of good runs, as values: what they do, and what the rules find in them all the same. */
import { anomaliesOf } from './anomaly/anomalies.js';
import { EMPTY_BASELINE, withRun, type Baseline } from './anomaly/baseline.js';
import { analyze, type Input, type InputProblem, type ReadOptions } from './pipeline.js';
import type { Severity } from './model/finding.js';
import { assembleScan, maskOfBaselines } from './report/scan.js';
import { loadRules } from './scan.js';

export { baselineText, readBaseline, type Baseline } from './anomaly/baseline.js';

export type LearnOptions = ReadOptions & {
  /** Add to this one: facts that were looked at and accepted. */
  readonly base?: Baseline;
};

/** Learns the logs that hold calls, each as a run of its own. */
export async function learn(
  input: Input,
  options: LearnOptions = {},
): Promise<{
  readonly baseline: Baseline;
  readonly logs: number;
  /** How bad what the rules find in these runs is: one of each finding. */
  readonly severities: readonly Severity[];
  readonly problems: readonly InputProblem[];
}> {
  const book = await loadRules();
  const analyzers = { anomalies: anomaliesOf(book, { facts: true }) };
  const { products, readings, problems } = await analyze(input, analyzers, options);
  const { anomalies } = products;
  const { findings } = assembleScan(anomalies, book, readings, { redaction: 'none' });
  const mask = maskOfBaselines();
  let baseline = options.base ?? EMPTY_BASELINE;
  for (const [source, facts] of anomalies.facts) {
    const own = findings.filter(({ evidence }) => evidence[0]?.source === source);
    baseline = withRun(
      baseline,
      facts,
      own.map(({ rule, fingerprint, cause }) => ({ rule, fingerprint, said: cause })),
      mask,
    );
  }
  return { baseline, logs: anomalies.facts.size, severities: findings.map(({ severity }) => severity), problems };
}
