/** Properties that hold the readers of a production together. Each takes its readers, so that faults can be handed in. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Fields, Production, Reader } from '../../grammars/compile.js';
import { nanosOfDuration } from '../../grammars/syscall.js';
import { duration } from '../../grammars/terminals.js';
import { anyLines, plainLines, textOfLine, withoutLookahead } from './agreement-lines.js';

/** The production and two readers of it. */
export type Readers = { readonly rule: Production; readonly fast: Reader; readonly grammar: Reader };

/** Whole, hostile and damaged lines: both refuse, or both find the same. */
export function readersAgree({ rule, fast, grammar }: Readers, runs = 600): void {
  fc.assert(
    fc.property(anyLines(rule), (text) => {
      expect(fast(text)).toEqual(grammar(text));
    }),
    { numRuns: runs },
  );
}

/** A line that can be read in one way only gives back what was written. */
export function readsWhatWasWritten(rule: Production, read: Reader, runs = 300): void {
  fc.assert(
    fc.property(plainLines(rule), (line) => {
      const written: Record<string, string> = {};
      for (const { field, text } of line) if (field !== undefined) written[field] = text;
      expect(read(textOfLine(line))).toEqual(written);
    }),
    { numRuns: runs },
  );
}

/** Every line that is given: both refuse, or both find the same. Says how many were read. */
export function readersAgreeOn({ fast, grammar }: Readers, lines: Iterable<string>): number {
  let read = 0;
  for (const text of lines) {
    const found: Fields | undefined = fast(text);
    const meant = grammar(text);
    // Tens of thousands of lines: what is alike is not handed to expect.
    if (JSON.stringify(found) !== JSON.stringify(meant)) expect(found, text).toEqual(meant);
    if (found !== undefined) read++;
  }
  return read;
}

const UNITS: readonly (readonly [unit: string, nanos: bigint])[] = [
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
];
const FRACTIONS: readonly (readonly [unit: string, digits: number])[] = [
  ['ns', 0],
  ['µs', 3],
  ['ms', 6],
  ['s', 9],
];

/** Prints nanoseconds as Go's time.Duration.String does. */
export function goDuration(nanos: bigint): string {
  if (nanos === 0n) return '0s';
  const fraction = (value: bigint, digits: number): string => {
    if (digits === 0) return `${value}`;
    const text = `${value}`.padStart(digits + 1, '0');
    return `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, '');
  };
  if (nanos < 1_000_000_000n) {
    const [unit, digits] = FRACTIONS.findLast(([, power]) => nanos >= 10n ** BigInt(power)) ?? ['ns', 0];
    return `${fraction(nanos, digits)}${unit}`;
  }
  let left = nanos;
  let text = '';
  for (const [unit, size] of UNITS) {
    if (unit === 's') return `${text}${fraction(left, 9)}s`;
    const whole = left / size;
    left %= size;
    if (whole > 0n || text !== '') text += `${whole}${unit}`;
  }
  return text;
}

/** Durations as Go prints them, from a nanosecond to a hundred days. */
export const durations = fc
  .oneof(
    fc.bigInt(0n, 1000n),
    fc.bigInt(0n, 10n ** 6n),
    fc.bigInt(0n, 10n ** 9n),
    fc.bigInt(0n, 10n ** 12n),
    fc.bigInt(0n, 9n * 10n ** 15n),
    fc.constantFrom(60n, 3600n, 61n, 3661n, 120n, 86_400n).map((seconds) => seconds * 10n ** 9n),
  )
  .map((nanos) => ({ nanos, text: goDuration(nanos) }));

/** What Go printed is what is read: all units, fractions, and hours and minutes in front. */
export function durationsAreExact(read: (text: string) => number, runs = 500): void {
  fc.assert(
    fc.property(durations, ({ nanos, text }) => {
      expect(text).toMatch(new RegExp(`^(?:${withoutLookahead(duration.pattern)})$`));
      expect(read(text)).toBe(Number(nanos));
    }),
    { numRuns: runs },
  );
}

/** Texts of the terminal that Go would not print (leading zeros, other micro signs) read alike by another reader. */
export function durationsAgree(read: (text: string) => number, runs = 500): void {
  fc.assert(
    fc.property(fc.stringMatching(new RegExp(`^(?:${duration.pattern})$`)), (text) => {
      const nanos = read(text);
      if (nanos >= 0 && nanos <= Number.MAX_SAFE_INTEGER) expect(nanos).toBe(nanosOfDuration(text));
    }),
    { numRuns: runs },
  );
}
