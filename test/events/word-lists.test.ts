/** Words of programs are shared, and what is kept of them is bounded, however many and long they are. */
import { expect, it } from 'vitest';
import { WordLists } from '../../src/events/word-lists.js';

it('a list that comes again is the same words', () => {
  const words = new WordLists();
  const first = words.of('["sh", "-c", "true"]');
  expect(first).toEqual(['sh', '-c', 'true']);
  expect(words.of('["sh", "-c", "true"]')).toBe(first);
});

it.each([
  ['many short ones', 5000, 10],
  ['long ones', 500, 16_000],
  ['ones of megabytes', 5, 2_000_000],
])('of %s no more than a million characters are kept', (_, lists, length) => {
  const words = new WordLists();
  let most = 0;
  for (let n = 0; n < lists; n++) {
    const word = String(n).padEnd(length, 'x');
    expect(words.of(`["${word}"]`)).toEqual([word]);
    most = Math.max(most, words.characters);
  }
  expect(most).toBeLessThanOrEqual(1024 * 1024);
});
