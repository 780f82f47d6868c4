/** The diagnosis of one or many sources, as a value. */
import { diagnosisAnalyzers, ENDING_ANALYZERS } from './analyzers/diagnosis.js';
import { portionsOf, type Portion } from './analyzers/portions.js';
import { UserError } from './errors.js';
import { sandboxOf } from './analyzers/sandboxes.js';
import type { Reading } from './model/reading.js';
import type { DiagnoseReport, Redaction } from './model/report.js';
import { analyze, type Input, type InputProblem, type ReadOptions } from './pipeline.js';
import { assembleDiagnosis } from './report/diagnosis.js';
import { isOnContainer } from './rules/commands.js';
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

/** Reads the sources and says what failed and why. What could not be read is in `problems`; the rest is judged. */
export async function diagnose(
  input: Input,
  options: DiagnoseOptions = {},
): Promise<{ readonly report: DiagnoseReport; readonly problems: readonly InputProblem[] }> {
  const paths = typeof input === 'string' ? [input] : Array.isArray(input) ? (input as readonly string[]) : [];
  const { skip, left } = selectFiles(paths, options.select ?? {});
  const { products, readings, problems } = await analyze(input, diagnosisAnalyzers, {
    ...options,
    skip,
    tail: ENDING_ANALYZERS,
  });
  const report = await reportOf(asked(portionsOf(products), options.select?.id), readings, { ...options, left });
  return { report, problems };
}

/** Judges the lives of sandboxes, each by itself, and puts the document together. */
export async function reportOf(
  portions: readonly Portion[],
  readings: readonly Reading[],
  options: Pick<DiagnoseOptions, 'redact' | 'explain'> & {
    readonly left?: { readonly sandboxes: number; readonly files: number };
  } = {},
): Promise<DiagnoseReport> {
  const judged = portions.map((portion) => ({
    portion,
    name: portion.group.id ?? 'unnamed',
    judgement: judge(portion.products),
    isCommandOnly: portion.group.runs.length > 0 && portion.group.runs.every(isOnContainer),
  }));
  const sandboxes = judged
    .filter(({ portion }) => portion.group.runs.length > 0)
    .map(({ portion, judgement }) => ({
      ...sandboxOf(portion),
      ...(judged.length > 1 ? { verdict: judgement.verdict, headline: judgement.headline } : {}),
    }));
  const judgement = judgementOf(judged);
  return assembleDiagnosis(judgement, sandboxes, readings, {
    redaction: redactionOf(options.redact),
    ...(options.left === undefined ? {} : { left: options.left }),
    ...(options.explain === true
      ? { explain: (await import('./report/explanation.js')).explanationOf(judgement.answers) }
      : {}),
  });
}

function redactionOf(redact: boolean | Redaction = true): Redaction {
  if (typeof redact === 'string') return redact;
  return redact ? 'secrets' : 'none';
}

/** The sandboxes with a container whose id begins so. */
function asked(portions: readonly Portion[], id: string | undefined): readonly Portion[] {
  if (id === undefined) return portions;
  const found = portions.filter(({ group }) => group.containers.some((one) => one.startsWith(id)));
  if (found.length > 0) return found;
  const ids = [...new Set(portions.flatMap(({ group }) => group.containers))];
  throw new UserError(`no container of these logs has an id that begins with ${JSON.stringify(id.slice(0, 80))}`, {
    suggestions: [
      ids.length === 0
        ? 'they name no container at all'
        : `there are: ${ids.slice(0, 12).join(', ')}${ids.length > 12 ? ', ...' : ''}`,
    ],
  });
}
