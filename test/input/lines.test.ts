/** Lines as they arrive: each at once, byte for byte, in pieces where they are too long. */
import fc from 'fast-check';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/input/lines.js';

async function all(chunks: readonly Uint8Array[], maxBytes?: number): Promise<Buffer[]> {
  const lines: Buffer[] = [];
  const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  for await (const line of linesOf(stream, maxBytes)) lines.push(line);
  return lines;
}

/** Bytes that are mostly line ends and odd characters, cut anywhere. */
const chunkings = fc
  .array(fc.constantFrom(...'ab\n\n\r\0'), { maxLength: 60 })
  .map((text) => Buffer.from(text.join('')))
  .chain((bytes) => fc.constantFrom(bytes, Buffer.concat([bytes, Buffer.from([0xff, 0xc2, 10, 0xb5, 0xc3])])))
  .chain((bytes) =>
    fc.array(fc.nat(bytes.length), { maxLength: 8 }).map((cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
    }),
  );

describe('lines', () => {
  it('are the bytes, and each ends where a line ends', async () => {
    await fc.assert(
      fc.asyncProperty(chunkings, async (chunks) => {
        const bytes = Buffer.concat(chunks);
        const lines = await all(chunks);
        expect(Buffer.concat(lines).equals(bytes)).toBe(true);
        const expected = bytes.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
        expect(lines.map((line) => line.toString('latin1'))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('come in pieces where they are longer than allowed, and no byte is lost', async () => {
    await fc.assert(
      fc.asyncProperty(chunkings, fc.integer({ min: 1, max: 5 }), async (chunks, most) => {
        const bytes = Buffer.concat(chunks);
        const lines = await all(chunks, most);
        expect(Buffer.concat(lines).equals(bytes)).toBe(true);
        for (const line of lines) {
          expect(line.length).toBeLessThanOrEqual(most + 1);
          expect(line.subarray(0, -1).includes(10)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['', []],
    ['\n', ['\n']],
    ['a', ['a']],
    ['a\n', ['a\n']],
    ['a\r\nb', ['a\r\n', 'b']],
    ['abcdefg\nh', ['abcd', 'efg\n', 'h']],
    ['abcd\ne', ['abcd', '\n', 'e']],
  ])('of %j with at most four bytes are %j', async (text, expected) => {
    const lines = await all([Buffer.from(text)], 4);
    expect(lines.map(String)).toEqual(expected);
  });

  it('are handed on as soon as their newline came', async () => {
    const stream = new PassThrough();
    const lines = linesOf(stream);
    for (const text of ['first\n', 'second\n']) {
      const next = lines.next();
      stream.write(text);
      const answer = await Promise.race([next, new Promise((resolve) => setTimeout(() => resolve('late'), 2000))]);
      expect(answer).toEqual({ done: false, value: Buffer.from(text) });
    }
    stream.end('third');
    expect(String((await lines.next()).value)).toBe('third');
    expect((await lines.next()).done).toBe(true);
  });

  it('pass an error of their stream on', async () => {
    const stream = new PassThrough();
    const lines = linesOf(stream);
    const next = lines.next();
    stream.destroy(new Error('gone'));
    await expect(next).rejects.toThrow('gone');
  });
});
