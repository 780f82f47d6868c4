/** The page of the rule language says what the language knows. */
import { format } from 'prettier';
import { expect, it } from 'vitest';
import { RULE_FIELDS } from '../../src/anomaly/fields.js';
import { ruleLanguage } from '../tools/rule-language.js';

it('names every event and field', async () => {
  const page = await format(ruleLanguage(), { parser: 'markdown', printWidth: 120 });
  await expect(page).toMatchFileSnapshot('../../src/rules/anomaly/README.md');
});

it('explains every field in a few words', () => {
  for (const { name, says } of RULE_FIELDS.values()) expect(says.length, name).toBeGreaterThan(2);
});
