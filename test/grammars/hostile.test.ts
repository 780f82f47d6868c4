/**
 * Lines are hostile input: no pattern may take time that grows with the square of a line's length. Each is fed what costs a careless
 * one most, the words it looks for repeated to the longest text that is looked at.
 */
import { describe, expect, it } from 'vitest';
import { recogniseError, recogniseMessage, SENTENCES } from '../../grammars/messages.js';
import { subjectOf } from '../../grammars/subjects.js';
import { readSigns, SIGNS } from '../../grammars/told.js';
import { speakerOf, workOf } from '../../grammars/work.js';

/** Characters of a line, and of an error chain, that are looked at. */
const LINE = 4096;
const ERROR = 16_384;
/** Milliseconds that one call may take. Careless patterns take seconds, all of today's a fraction of this on an idle machine. */
const ALLOWED_MS = 400;

/** What a pattern's source spells out: `/\bmodif\w+|new files?/` holds `modif` and `new files`. */
function wordsOf(source: string): readonly string[] {
  const bare = source
    .replace(/\(\?(?:<\w+>|[:=!]|<[=!])/g, '(')
    .replace(/\[\^(?:\\.|[^\]\\])*\]|\\[bBdDsSwWn]|\{\d*,?\d*\}|\[(?:\\.|[^\]\\]){4,}\]/g, '\n')
    .replace(/\[(\\?[\w'"=:])[^\]]*\]/g, '$1')
    .replace(/\\(.)/g, '$1');
  return [...new Set(bare.match(/[\w/:='"-][\w /:='".-]*/g))].filter(({ length }) => length > 1 && length < 60);
}

const fill = (piece: string, length: number): string => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** Each word alone, glued to a letter, and in front of the next. */
function* hostile(words: readonly string[], length: number): Generator<string> {
  for (const [index, word] of words.entries()) {
    const next = words[(index + 1) % words.length] ?? '';
    yield fill(word, length);
    yield fill(`${word}a`, length);
    yield fill(word, length / 2) + fill(`${next} `, length / 2);
  }
}

/** Milliseconds of a call: the better of two, where the first was slow, since the machine may be busy. */
function timeOf(call: () => void): number {
  const once = (): number => {
    const began = performance.now();
    call();
    return performance.now() - began;
  };
  const first = once();
  return first < ALLOWED_MS ? first : Math.min(first, once());
}

/** Asserts that reading each text is quick. Names the text where one is not. */
function expectQuick(read: (text: string) => void, texts: Iterable<string>): void {
  for (const text of texts) {
    const shown = `${text.slice(0, 80)} ... ${text.slice(text.length / 2, text.length / 2 + 40)}`;
    expect(
      timeOf(() => read(text)),
      shown,
    ).toBeLessThan(ALLOWED_MS);
  }
}

describe('a hostile line is read in no time', () => {
  it('by each sign', () => {
    for (const { words, pattern } of SIGNS) {
      const gate = words[0] ?? '';
      expectQuick(
        (text) => void readSigns(`${gate} ${text}`),
        hostile(wordsOf(pattern.source), LINE - gate.length - 1),
      );
    }
  }, 60_000);

  it('by each sentence', () => {
    for (const { place, pattern } of SENTENCES) {
      const [first = '', second = '', third = 'a'] = wordsOf(pattern.source);
      if (place === 'error') {
        expectQuick(recogniseError, [`${first} ${second} ${fill(`${third}: `, ERROR / 2)}`.slice(0, ERROR)]);
      } else {
        const read = (text: string): unknown => recogniseMessage(text, place === 'crash' ? 'panic' : 'info');
        expectQuick(read, [`${first} ${fill(`${second || first} `, ERROR / 2)}`]);
      }
    }
  }, 60_000);

  it.each([
    ['getting file for unix socket ', ['a: ', ': ', 'a']],
    ['setting up console with socket "/a": ', ['a: ', 'aa ']],
    ['failed to copy up overlay file', ['a', ' a', 'a: ', '- ']],
    ['error opening /proc/self/fd', [': ', ' a: ', 'no such file or directory: ']],
    ['failed to mount rootfs component {', ['}): ', '}): a', '}): a: ', 'a']],
    ['failed to create log dir: ', ['a: ', 'a', ': ']],
  ])('by the sentence that begins with %j', (head, pieces) => {
    const texts = pieces.flatMap((piece) => [fill(piece, ERROR), `${fill(piece, ERROR / 2)}${fill('a', ERROR / 2)}`]);
    expectQuick(
      recogniseError,
      texts.map((text) => `${head}${text}1`),
    );
    expectQuick(
      (text) => void recogniseMessage(text, 'stderr'),
      texts.map((text) => `FATAL ERROR: ${head}${text}1`),
    );
  });

  it('by those that look for what an error is about, what was done and who speaks', () => {
    const pieces = [
      '-a',
      '--a-',
      'a-',
      'lock ',
      'locking',
      'invalid character ',
      'rcu',
      'rcu ',
      'level=a msg=',
      'level=a',
    ];
    const texts = [...pieces, 'level=', '"msg":"', 'listen tcp ', 'Bind for ', 'a'].map((piece) =>
      fill(piece, 100_000),
    );
    expectQuick((text) => void subjectOf([text, text]), texts);
    expectQuick((text) => void workOf(text), texts);
    expectQuick((text) => void speakerOf(text, 'text'), texts);
  });
});
