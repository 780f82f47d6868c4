/** Small charts of text: a row of blocks for counts side by side, a bar for one of them. */

const BLOCKS = '▁▂▃▄▅▆▇█';
const ASCII_BLOCKS = '_.:-=+*#';

/** One glyph a count, as high as it is beside the largest; a blank for none, so that the least count still shows. */
export function sparkline(counts: readonly number[], ascii = false): string {
  const glyphs = ascii ? ASCII_BLOCKS : BLOCKS;
  const most = Math.max(0, ...counts);
  return counts
    .map((count) => (count === 0 ? ' ' : (glyphs[Math.ceil((count / most) * glyphs.length) - 1] ?? ' ')))
    .join('');
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of so many characters for a part of the whole (0 to 1), exact to an eighth of one. */
export function bar(part: number, width: number, ascii = false): string {
  if (ascii) return '#'.repeat(Math.max(part > 0 ? 1 : 0, Math.round(part * width)));
  const eighths = Math.max(part > 0 ? 1 : 0, Math.round(part * width * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

/** Counts by powers of two on one axis: so that the sparklines of several rows can be held side by side. */
export type Axis = {
  /** The power of two at its beginning, and how many of them one glyph stands for. */
  readonly first: number;
  readonly step: number;
  readonly length: number;
};

type Bucket = { readonly from_ns: number; readonly calls: number };
const powerOf = (from: number): number => (from < 1 ? 0 : Math.floor(Math.log2(from)));

/** The axis on which all buckets have a place, with so many glyphs at the most. */
export function axisOf(rows: readonly (readonly Bucket[])[], most: number): Axis {
  const powers = rows.flatMap((buckets) => buckets.map(({ from_ns }) => powerOf(from_ns)));
  const first = powers.reduce((least, power) => Math.min(least, power), 64);
  const last = powers.reduce((greatest, power) => Math.max(greatest, power), first);
  const step = Math.max(1, Math.ceil((last - first + 1) / most));
  return { first, step, length: Math.ceil((last - first + 1) / step) };
}

/** The counts of one row on the axis. */
export function onAxis(buckets: readonly Bucket[], { first, step, length }: Axis): readonly number[] {
  const counts = Array.from({ length }, () => 0);
  for (const { from_ns, calls } of buckets) {
    const at = Math.floor((powerOf(from_ns) - first) / step);
    if (counts[at] !== undefined) counts[at] += calls;
  }
  return counts;
}
