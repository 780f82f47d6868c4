/** Small pieces of a stream: joined, in order, read twice, and in no more time than large ones. */
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { Blocks } from '../../src/follow/blocks.js';
import { Pipe } from '../../src/follow/pipe.js';

function textOf(blocks: Blocks, step: number): string {
  const into = Buffer.alloc(step);
  let text = '';
  for (let count = blocks.take(into, 0); count > 0; count = blocks.take(into, 0))
    text += into.toString('latin1', 0, count);
  return text;
}

it.each([1, 7, 4096, 70_000])('gives back what came, taken %i bytes at a time', (step) => {
  const pieces = Array.from({ length: 300 }, (_, at) => String.fromCharCode(65 + (at % 26)).repeat((at * 37) % 1201));
  const blocks = new Blocks();
  const into = Buffer.alloc(10);
  blocks.add(Buffer.from(pieces[1] as string));
  blocks.take(into, 3);
  for (const piece of pieces.slice(2)) blocks.add(Buffer.from(piece));
  const expected = pieces.join('').slice(7);
  const copy = blocks.copy();
  blocks.add(Buffer.from('later'));
  expect(into.toString('latin1', 3)).toBe(pieces[1]?.slice(0, 7));
  expect(textOf(blocks, step)).toBe(`${expected}later`);
  expect(textOf(copy, step)).toBe(expected);
});

it('hundreds of thousands of small pieces are read as fast as few large ones', async () => {
  const line = 'I0410 a.go:1] x\n';
  const pieces = 250_000;
  const pipe = new Pipe({ tallies: false, recorder: 0 }, Date.now());
  await pipe.take(
    Readable.from(
      (function* () {
        for (let at = 0; at < pieces; at++) yield Buffer.from(line);
      })(),
    ),
  );
  const queue = pipe.entries.get('-')?.queue;
  const into = Buffer.alloc(65_536);
  const begun = performance.now();
  let bytes = 0;
  for (let count = queue?.read(into, 0) ?? 0; count > 0; count = queue?.read(into, 0) ?? 0) bytes += count;
  expect(bytes).toBe(pieces * line.length);
  expect(performance.now() - begun).toBeLessThan(3000);
});
