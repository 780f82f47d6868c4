/** What is wrong in a rule file is told where it stands, and all of it at once. */
import { expect, it } from 'vitest';
import { testRules } from '../../src/rule-tests.js';
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
  [
    'in a message',
    ['when: ok', `message: 'wrote {tarrget}'`],
    'own.yaml:6:22: unknown field "tarrget" in rule one: did you mean "target"?',
  ],
  [
    'on a line of a folded message',
    ['when: ok', 'message: >-', '  {comm} wrote', '  to {tarrget}'],
    'own.yaml:8:11: unknown field "tarrget" in rule one: did you mean "target"?',
  ],
])('an unknown field is told %s', async (_, lines, error) => {
  expect(await errorsOf(rule(...lines))).toEqual([error]);
});

it.each([
  ['rules:\n - id: x\n  title: y\n', 'own.yaml:3:1: '],
  ['rules:\n  - id: x\n    id: y\n', 'own.yaml:3:5: this key stands twice'],
  ['rules:\n\t- id: x\n', 'own.yaml:2:1: a tab indents this line'],
  ['rules:\n  - id: x\n    title: a: b\n', 'own.yaml:3:12: a ": " in a text makes it a mapping'],
])('what is no YAML is told in a sentence, with its place: %j', async (text, error) => {
  const [first] = await errorsOf(text);
  expect(first).toContain(error);
  expect(first).toMatch(/: [a-z][^()]{20,} \(/);
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

it.each([
  ['program.nam == x', 'did you mean "program.name"? All fields: runsight rules fields'],
  ['proc.name == x', 'did you mean "name", "old_name" or "program.name"? All fields: runsight rules fields'],
  ['fooo == x', 'All fields: runsight rules fields'],
  ['fooo and ok', 'All fields: runsight rules fields'],
])('of an unknown field the nearest are told, and where all are: %s', async (condition, told) => {
  const error: unknown = await loadRules({
    rules: [{ name: 'own.yaml', text: rule(`when: ${condition}`) }],
    onlyOwn: true,
  }).catch((one) => one);
  const marks = (error as Error).message.split('\n').at(-1) ?? '';
  expect(marks).toBe(`  ${'^'.repeat(condition.search(' '))}  ${told}`);
});

const tested = async (condition: string, ...lines: readonly string[]): Promise<string | undefined> => {
  const text = rule(`when: ${condition}`, 'tests:', '  fires:', '    - |', ...lines.map((line) => `      ${line}`));
  const book = await loadRules({ rules: [{ name: 'own.yaml', text }], onlyOwn: true, withTests: true });
  return (await testRules(book))[0]?.why;
};
const CALL = '[   1:   1] sh X getpid() = 1 (0x1) (1µs)';

it.each([
  ['syscall == getpid and program.name == sh', [CALL], 'it asks for program.name, and no line says which program runs'],
  // a condition that stands elsewhere
  ['syscall == getpid and is_shell', [CALL], 'it asks for interpreter, and no line says which program runs'],
  ['syscall == getpid and program.name == cat', ['EXEC: [/bin/sh]', CALL], ''],
  ['syscall == getuid', [CALL], ''],
])('a test whose lines do not say which program runs says so: %s', async (condition, lines, lack) => {
  const why = await tested(condition, ...lines);
  expect(why?.startsWith(lack === '' ? 'it did not fire' : `it did not fire: ${lack}`)).toBe(true);
  if (lack === '') expect(why).toBe('it did not fire');
});

it('a test whose lines say which program runs fires', async () => {
  expect(await tested('syscall == getpid and program.name == sh', 'EXEC: [/bin/sh]', CALL)).toBe('');
});
