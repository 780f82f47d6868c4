/** Lines generated from the productions themselves: their terminals' patterns are the only list of what may be printed. */
import fc from 'fast-check';
import type { Part, Production } from '../../grammars/compile.js';
import type { Terminal } from '../../grammars/terminals.js';

/** A piece of a line: what a literal or a terminal printed, and the field that it fills. */
export type Piece = { readonly text: string; readonly terminal?: string; readonly field?: string };
export type Line = readonly Piece[];

export function textOfLine(line: Line): string {
  return line.map(({ text }) => text).join('');
}

/** The pattern without what it only looks at: that is printed by the parts that follow. */
export function withoutLookahead(pattern: string): string {
  const at = pattern.indexOf('(?=');
  return at === -1 ? pattern : pattern.slice(0, at);
}

/** What an application may put into raw text: all that looks like the end of a field, of a record, or another record. */
const HOSTILE = [
  ', ',
  ')',
  '(',
  ') = ',
  ' = 0 (0x0) (1us)',
  ') = 0 (0x0) (1us)',
  ') = 0x0 (1us)',
  ' errno=2 (no such file) (1µs)',
  ') = -1 errno=2 (no such file or directory) (1.7µs)',
  ' X kill(1) = (',
  ' E kill(',
  ' X ',
  ' E ',
  '] ',
  '[   1:   2] a E b()',
  '"',
  '\\"',
  '{',
  '}',
  '\n',
  '\r',
  '\t',
  'µ',
  'é',
  '漢',
  '😀',
  '\u0000',
  ' ',
  '  ',
  'x',
  '0x7f',
  ' gVisor ',
  '***********',
] as const;

const PLAIN = [
  'app',
  '/srv/data.txt',
  '0x7f02',
  'AT_FDCWD',
  ', ',
  '0o644',
  'null',
  ' ',
  '-',
  '{sec=1 nsec=5}',
  '"a"',
] as const;

/** A terminal is raw if it takes (nearly) anything. */
function isRaw(terminal: Terminal): boolean {
  return terminal.pattern.startsWith('[\\s\\S]') || terminal.pattern.startsWith('[^\\n]');
}

/** Texts of one terminal; raw ones hold the words given, where the pattern lets them. */
function textsOf(terminal: Terminal, words: readonly string[]): fc.Arbitrary<string> {
  const expression = new RegExp(`^(?:${withoutLookahead(terminal.pattern)})$`);
  if (!isRaw(terminal)) return fc.stringMatching(expression);
  const composed = fc
    .array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(''))
    .map((text) => (expression.test(text) ? text : text.replaceAll('\n', ' ').slice(0, 15)))
    .filter((text) => expression.test(text));
  return words === HOSTILE
    ? fc.oneof({ weight: 3, arbitrary: composed }, { weight: 1, arbitrary: fc.stringMatching(expression) })
    : composed;
}

function linesOfParts(parts: readonly Part[], words: readonly string[]): fc.Arbitrary<Line> {
  const pieces = parts.map((part): fc.Arbitrary<Line> => {
    switch (part.part) {
      case 'literal':
        return fc.constant([{ text: part.text }]);
      case 'field':
        return textsOf(part.terminal, words).map((text) => [{ text, terminal: part.terminal.name, field: part.field }]);
      case 'skip':
        return textsOf(part.terminal, words).map((text) => [{ text, terminal: part.terminal.name }]);
      case 'optional':
        return fc.oneof(
          { weight: 3, arbitrary: linesOfParts(part.parts, words) },
          { weight: 1, arbitrary: fc.constant([]) },
        );
      case 'choice':
        return fc.oneof(...part.options.map((option) => linesOfParts(option, words)));
    }
  });
  return fc.tuple(...pieces).map((lines) => lines.flat());
}

/** Lines that a production may write, with raw texts that imitate what follows them. */
export function hostileLines(rule: Production): fc.Arbitrary<Line> {
  return linesOfParts(rule.parts, HOSTILE);
}

/** Lines whose raw texts hold nothing that looks like another part: they can be read in one way only. */
export function plainLines(rule: Production): fc.Arbitrary<Line> {
  return linesOfParts(rule.parts, PLAIN);
}

/** Characters that matter somewhere in the format, and a few that matter nowhere. */
export const NASTY = [...' ()[]:.,=-_0129abxzEXIWDµμé\n\r\t\0"{}*|'];

/** A text with one character inserted, deleted, replaced, or swapped with the next. */
export function damagedByCharacter(text: string): fc.Arbitrary<string> {
  if (text === '') return fc.constantFrom(...NASTY);
  return fc
    .record({
      at: fc.nat(text.length - 1),
      kind: fc.constantFrom('insert', 'delete', 'replace', 'swap'),
      with: fc.constantFrom(...NASTY),
    })
    .map(({ at, kind, with: character }) => {
      const [before, here, after] = [text.slice(0, at), text[at] ?? '', text.slice(at + 1)];
      switch (kind) {
        case 'insert':
          return `${before}${character}${here}${after}`;
        case 'delete':
          return `${before}${after}`;
        case 'replace':
          return `${before}${character}${after}`;
        default:
          return `${before}${after.slice(0, 1)}${here}${after.slice(1)}`;
      }
    });
}

/** A line with one whole piece emptied, halved or doubled, or with three in a row emptied. */
export function damagedByPiece(line: Line): fc.Arbitrary<string> {
  return fc
    .record({
      at: fc.nat(Math.max(0, line.length - 1)),
      kind: fc.constantFrom('empty', 'halve', 'double', 'empty three'),
    })
    .map(({ at, kind }) =>
      line
        .map(({ text }, index) => {
          if (kind === 'empty three' && index >= at && index < at + 3) return '';
          if (index !== at) return text;
          if (kind === 'empty') return '';
          return kind === 'halve' ? text.slice(0, Math.floor(text.length / 2)) : text + text;
        })
        .join(''),
    );
}

/** Whole lines and damaged ones, as text. */
export function anyLines(rule: Production): fc.Arbitrary<string> {
  const whole = fc.oneof(hostileLines(rule), plainLines(rule));
  return fc.oneof(
    whole.map(textOfLine),
    whole.chain((line) => damagedByCharacter(textOfLine(line))),
    whole.chain((line) => damagedByPiece(line)),
  );
}
