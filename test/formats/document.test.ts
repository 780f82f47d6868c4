/** A document in pieces is the document. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { documentJson, documentPieces } from '../../src/formats/document.js';
import { SEED } from '../tools/seed.js';

it('in pieces is the same, however long its lists are', () => {
  const row = fc.record({ name: fc.string(), count: fc.integer(), none: fc.constant(undefined) });
  const part = fc.oneof(fc.string(), fc.constant(undefined), fc.constant(null), row, fc.array(row, { maxLength: 3 }));
  const list = fc
    .tuple(row, fc.constantFrom(0, 1, 255, 256, 257, 512, 513, 1000))
    .map(([one, count]) => Array<unknown>(count).fill(one));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(part, list), { maxKeys: 5 }), (value) => {
      const pieces = [...documentPieces(value)];
      expect(pieces.join('')).toBe(documentJson(value));
    }),
    { numRuns: 300, seed: SEED },
  );
});

it('holds no long list in one piece', () => {
  const rows = Array.from({ length: 10_000 }, (_, index) => ({ name: `row ${index}` }));
  const pieces = [...documentPieces({ schema: 'x', rows, more: [...rows] })];
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(10_000);
});
