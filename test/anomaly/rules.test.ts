/** The rules that are built in pass their own tests, and each has enough of them. */
import { describe, expect, it } from 'vitest';
import { testRules } from '../../src/rule-tests.js';
import { loadRules } from '../../src/scan.js';

const book = await loadRules({ withTests: true });
const specs = book.rules.map(({ spec }) => spec);

it('are ninety, each with its own id', () => {
  expect(new Set(specs.map(({ id }) => id)).size).toBe(specs.length);
  expect(specs.length).toBeGreaterThanOrEqual(90);
});

describe('each rule', () => {
  it.each(specs.map((spec) => [spec.id, spec] as const))(
    '%s: its lines fire, its look-alikes stay quiet',
    async (id, spec) => {
      const results = await testRules(book, [spec]);
      expect(results.filter(({ passed }) => !passed).map(({ name, line, why }) => `${line} ${name}: ${why}`)).toEqual(
        [],
      );
      const isGrave = ['high', 'critical'].includes(spec.severity);
      expect(spec.fires.length, `${id}: lines that fire`).toBeGreaterThanOrEqual(isGrave ? 2 : 1);
      expect(spec.quiet.length, `${id}: lines that stay quiet`).toBeGreaterThanOrEqual(1);
    },
  );
});
