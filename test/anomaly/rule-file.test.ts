/** What is wrong in a rule file is told where it stands, and all of it at once. */
import { expect, it } from 'vitest';
import { loadRules } from '../../src/scan.js';

const errorsOf = async (text: string): Promise<readonly string[]> => {
  const error: unknown = await loadRules({ rules: [{ name: 'own.yaml', text }], onlyOwn: true }).catch((one) => one);
  return error instanceof Error ? error.message.split('\n').filter((line) => line.startsWith('own.yaml:')) : [];
};

const rule = (...lines: readonly string[]): string =>
  ['rules:', '  - id: one', '    title: One', '    severity: low', ...lines.map((line) => `    ${line}`)].join('\n');

it.each([
  ['on the line of a condition', ['when: targt == /x'], 'own.yaml:5:11: unknown field "targt"'],
  ['within quotes', [`when: 'targt == /x'`], 'own.yaml:5:12: unknown field "targt"'],
  ['on a line of a folded condition', ['when: >-', '  ok and', '  targt == /x'], 'own.yaml:7:7: unknown field "targt"'],
  ['on a line of a literal one', ['when: |', '  ok and', '  not targt == /x'], 'own.yaml:7:11: unknown field "targt"'],
])('an unknown field is told %s', async (_, lines, error) => {
  expect(await errorsOf(rule(...lines))).toEqual([error]);
});

it('a share needs something that differs', async () => {
  const lines = ['when: ok', 'threshold: { by: [pid], within: 1s, share: { when: ok, above: 0.5 } }'];
  expect(await errorsOf(rule(...lines))).toEqual([expect.stringContaining('it needs "distinct"')]);
});

it('a rule with a fault is looked at to its end', async () => {
  const errors = await errorsOf(rule('wehn: ok', 'when: targt == /x', 'cites: [nobody]'));
  expect(errors.map((line) => /"(\w+)"/.exec(line)?.[1])).toEqual(['wehn', 'nobody', 'targt']);
});

it('an unknown key is told with what was meant, letters that changed places, too', async () => {
  const errors = await errorsOf(rule('wehn: ok', 'message: m'));
  expect(errors[0]).toBe('own.yaml:5:5: unknown key "wehn" in a rule: did you mean "when"?');
});
