/** The diagnosis of one or many sources, as a value. */
import { statSync } from 'node:fs';
import { deepDiagnosisAnalyzers, diagnosisAnalyzers } from './analyzers/diagnosis.js';
import { sandboxesOf } from './analyzers/sandboxes.js';
import { filesBehind } from './input/source.js';
import type { DiagnoseReport } from './model/report.js';
import { analyze, type Input, type InputProblem, type ReadOptions } from './pipeline.js';
import { assembleDiagnosis } from './report/diagnosis.js';
import { judge } from './rules/diagnose.js';

export type DiagnoseOptions = ReadOptions & {
  /** Mask values of the environment in quoted records (default). */
  readonly redact?: boolean;
};

/**
 * Up to this size trace records are read one by one, so that the last calls of the program are known; above, they go by
 * as columns. An object a record costs 30 µs: two seconds here.
 */
const DEEP_BYTES = 16 * 1024 * 1024;

/** Reads the sources and says what failed and why. What could not be read is in `problems`; the rest is judged. */
export async function diagnose(
  input: Input,
  options: DiagnoseOptions = {},
): Promise<{ readonly report: DiagnoseReport; readonly problems: readonly InputProblem[] }> {
  const analysis =
    sizeOf(input) > DEEP_BYTES
      ? await analyze(input, diagnosisAnalyzers, options)
      : await analyze(input, deepDiagnosisAnalyzers, options);
  const { products, readings, problems } = analysis;
  const report = assembleDiagnosis(
    judge(products),
    sandboxesOf(products),
    readings,
    options.redact === undefined ? {} : { redact: options.redact },
  );
  return { report, problems };
}

/** Bytes of the files behind the paths; what is no file, or cannot be asked, counts as nothing. */
function sizeOf(input: Input): number {
  if (typeof input !== 'string' && !Array.isArray(input)) return 0;
  let bytes = 0;
  for (const path of typeof input === 'string' ? [input] : (input as readonly string[])) {
    if (path === '-') continue;
    try {
      for (const file of filesBehind(path)) bytes += statSync(file.path).size;
    } catch {
      // Whoever opens it will say so.
    }
  }
  return bytes;
}
