/** The results of the tests of rule files, like those of a test runner. */
import type { TestResult } from '../model/scan.js';
import { plural, type Screen } from './layout.js';
import { printable } from './printable.js';

export function formatTests(
  results: readonly TestResult[],
  screen: Screen,
  view: { readonly verbose: boolean },
): string {
  const lines: string[] = [];
  for (const { rule, file, line, name, wants, passed, why } of results) {
    if (passed && !view.verbose) continue;
    const mark = passed ? screen.paint('good', 'ok  ') : screen.paint('bad', 'FAIL');
    lines.push(`${mark} ${printable(`${rule} (${wants}): ${name}`)}`);
    if (!passed) lines.push(`     ${printable(`${file}:${line}: ${why}`)}`);
  }
  const failed = results.filter(({ passed }) => !passed).length;
  const rules = new Set(results.map(({ rule }) => rule)).size;
  if (lines.length > 0) lines.push('');
  lines.push(
    `${plural(rules, 'rule')}, ${plural(results.length, 'test')}: ${failed === 0 ? 'all passed' : `${failed} failed`}`,
  );
  return `${lines.join('\n')}\n`;
}
