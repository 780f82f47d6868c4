/** The diagnosis of one or many sources, as a value. */
import { statSync } from 'node:fs';
import { deepDiagnosisAnalyzers, diagnosisAnalyzers } from './analyzers/diagnosis.js';
import { portionsOf } from './analyzers/portions.js';
import { sandboxOf } from './analyzers/sandboxes.js';
import { filesBehind } from './input/source.js';
import type { DiagnoseReport, Redaction } from './model/report.js';
import { analyze, type Input, type InputProblem, type ReadOptions } from './pipeline.js';
import { assembleDiagnosis } from './report/diagnosis.js';
import { judge } from './rules/diagnose.js';
import { judgementOf } from './rules/several.js';
import { selectFiles, type Selection } from './select.js';

export type DiagnoseOptions = ReadOptions & {
  /**
   * What quoted records do not show: environments, passwords and tokens (`true`, the default, or `'secrets'`), home directories
   * and addresses as well (`'identity'`), or nothing is kept back (`false` or `'none'`).
   */
  readonly redact?: boolean | Redaction;
  /** Say how every rule answered, and why what lost did not come first. */
  readonly explain?: boolean;
  /** Which sandboxes of a large folder. */
  readonly select?: Selection;
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
  const paths = typeof input === 'string' ? [input] : Array.isArray(input) ? (input as readonly string[]) : [];
  const { skip, left } = selectFiles(paths, options.select ?? {});
  const reading = { ...options, skip };
  const analysis =
    sizeOf(paths, skip) > DEEP_BYTES
      ? await analyze(input, diagnosisAnalyzers, reading)
      : await analyze(input, deepDiagnosisAnalyzers, reading);
  const { products, readings, problems } = analysis;
  const portions = portionsOf(products);
  const judged = portions.map((portion) => ({
    portion,
    name: portion.group.id ?? 'unnamed',
    judgement: judge(portion.products),
  }));
  const sandboxes = judged
    .filter(({ portion }) => portion.group.runs.length > 0)
    .map(({ portion, judgement }) => ({
      ...sandboxOf(portion),
      ...(judged.length > 1 ? { verdict: judgement.verdict, headline: judgement.headline } : {}),
    }));
  const judgement = judgementOf(judged);
  const report = assembleDiagnosis(judgement, sandboxes, readings, {
    redaction: redactionOf(options.redact),
    left,
    ...(options.explain === true
      ? { explain: (await import('./report/explanation.js')).explanationOf(judgement.answers) }
      : {}),
  });
  return { report, problems };
}

function redactionOf(redact: boolean | Redaction = true): Redaction {
  if (typeof redact === 'string') return redact;
  return redact ? 'secrets' : 'none';
}

/** Bytes of the files behind the paths; what is no file, or cannot be asked, counts as nothing. */
function sizeOf(paths: readonly string[], skip: ReadonlySet<string>): number {
  let bytes = 0;
  for (const path of paths) {
    if (path === '-') continue;
    try {
      for (const file of filesBehind(path)) if (!skip.has(file.path)) bytes += statSync(file.path).size;
    } catch {
      // Whoever opens it will say so.
    }
  }
  return bytes;
}
