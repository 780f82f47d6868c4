/** The diagnosis of one or many sources, as a value. */
import type { DiagnoseReport } from './model/report.js';
import { type Input, type InputProblem, type ReadOptions } from './pipeline.js';

export async function diagnose(
  _input: Input,
  _options: ReadOptions & { readonly redact?: boolean } = {},
): Promise<{ readonly report: DiagnoseReport; readonly problems: readonly InputProblem[] }> {
  throw new Error('not wired yet');
}
