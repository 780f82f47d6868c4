/** The fast reader and the chevrotain grammar of each production agree, on lines made from it and on real ones. */
import * as chevrotain from 'chevrotain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BANNER, configField, delimiter } from '../../grammars/banner.js';
import { compileGrammar, compileReader, type Production } from '../../grammars/compile.js';
import { emit, jsonSite } from '../../grammars/record.js';
import { nanosOfDuration, printEnter, printExit, taskLog } from '../../grammars/syscall.js';
import * as terminals from '../../grammars/terminals.js';
import { samples } from '../tools/samples.js';
import {
  durationsAgree,
  durationsAreExact,
  goDuration,
  readersAgree,
  readersAgreeOn,
  readsWhatWasWritten,
  type Readers,
} from './agreement.js';
import { withoutLookahead } from './agreement-lines.js';

const readersOf = (rule: Production): Readers => ({
  rule,
  fast: compileReader(rule),
  grammar: compileGrammar(rule, chevrotain),
});

/** Records of the text samples: header lines with the lines that follow them. */
const records = samples()
  .filter(({ bytes }) => bytes[0] !== 0x7b)
  .flatMap(({ bytes }) => bytes.toString('utf8').split(/\n(?=[IWD]\d{4} )/));
const readHeader = compileReader(emit);
const messages = records.map((record) => readHeader(record)?.['message'] ?? '');
/** The text of JSON records. */
function* jsonTexts(): Generator<string> {
  for (const { bytes } of samples()) {
    for (const line of bytes.toString('utf8').split('\n')) {
      const text = /^\{"(?:msg|log)":("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
      if (text !== undefined) yield JSON.parse(text) as string;
    }
  }
}
/** One in so many: the grammar reads a record in a tenth of a millisecond, and the samples hold tens of thousands. */
function* every(step: number, lines: Iterable<string>): Generator<string> {
  let count = 0;
  for (const text of lines) if (count++ % step === 0) yield text;
}

describe.each<[string, Production, () => Iterable<string>, least: number]>([
  ['emit', emit, () => every(2, records), 10000],
  ['jsonSite', jsonSite, () => jsonTexts(), 500],
  ['taskLog', taskLog, () => every(2, messages), 3000],
  ['printEnter', printEnter, () => every(2, messages), 1000],
  ['printExit', printExit, () => every(2, messages), 1000],
  ['configField', configField, () => messages, 1000],
  ['delimiter', delimiter, () => messages, 300],
])('%s', (_, rule, lines, least) => {
  const readers = readersOf(rule);
  it('agrees on whole, hostile and damaged lines', () => readersAgree(readers));
  it('gives back what was written', () => {
    readsWhatWasWritten(rule, readers.fast);
    readsWhatWasWritten(rule, readers.grammar);
  });
  it('agrees on the samples', () => {
    expect(readersAgreeOn(readers, lines())).toBeGreaterThanOrEqual(least);
  });
});

describe.each(BANNER.map(({ line }) => [line.name, line] as const))('banner line %s', (_, rule) => {
  const readers = readersOf(rule);
  it('agrees on whole, hostile and damaged lines, and on the samples', () => {
    readersAgree(readers, 200);
    readsWhatWasWritten(rule, readers.fast, 50);
    readersAgreeOn(readers, every(5, messages));
  });
});

/** The sample lines in the doc comments of the productions. */
it.each(
  (
    [
      [emit, 'I1123 22:27:15.478394   24470 main.go:196] **************** gVisor ****************'],
      [emit, 'D0915 08:00:01.000001       1 x:0] ***************************'],
      [emit, 'I1123 22:27:15.478394 4194303 main.go:196] a pid of seven digits has one blank before it'],
      [jsonSite, 'util.go:64] FATAL ERROR: starting container: ...'],
      [printEnter, '[   1:   2] app E openat(AT_FDCWD /srv, 0x55d0 data.txt, O_RDWR|O_CREAT, 0o644)'],
      [printEnter, '[   1:   1]  E prctl(0xf, 0x5567, 0x0, 0x7ef6, 0x4)'],
      [printEnter, '[   3(   2):   3(   2)] sh E getppid()'],
      [printExit, '[   1] sleep X nanosleep(0x7ed5, 0x0) = 0x0 errno=516 (interrupted by signal) (659.7ms)'],
      [
        printExit,
        '[   1:   1] sh X access(0x7f02 /etc/ld.so.preload, 0o4) = 0 (0x0) errno=2 (no such file or directory) (53.239µs)',
      ],
      [
        printExit,
        '[   1:   2] app X openat(AT_FDCWD /srv, 0x55d0 data.txt, O_RDWR|O_CREAT, 0o644) = 3 (0x3) (15.433µs)',
      ],
      [
        printExit,
        '[   1:   2] app X openat(AT_FDCWD /srv, 0x55d0 nope, O_RDONLY|0x0, 0o0) = -1 errno=2 (no such file or directory) (1.7µs)',
      ],
      [printExit, '[   1:   1]  X prctl(0xf, 0x5567, 0x0, 0x7ef6, 0x4) = 0 (0x0) (3.575µs)'],
      [printExit, '[   1:   1] a X b() = 139596166262784 (0x7ef643e6f000) (1h0m5s)'],
      [configField, 'Config.RootDir (--root): /var/run/runsc'],
      [configField, 'Config.DisableSeccomp: false'],
    ] as readonly (readonly [Production, string])[]
  ).map(([rule, text]) => [rule.name, text, rule] as const),
)('%s reads %s', (_, text, rule) => {
  const { fast, grammar } = readersOf(rule);
  expect(fast(text)).toBeDefined();
  expect(grammar(text)).toEqual(fast(text));
});

it('the result of an exit is read from the right, whatever the arguments hold', () => {
  const read = compileReader(printExit);
  fc.assert(
    fc.property(
      fc
        .array(fc.constantFrom(') = 0 (0x0) (1us)', ') = 0 (0x0)', ' errno=2 (x)', ', ', ')', '(', '\n', '"', ' = '))
        .map((a) => a.join('')),
      (args) => {
        const found = read(`[   1:   2] app X open(${args}) = 7 (0x7) errno=13 (no (real) way) (2m3.4s)`);
        expect(found).toMatchObject({
          name: 'open',
          value: '7',
          errno: '13',
          errnoText: 'no (real) way',
          elapsed: '2m3.4s',
        });
        expect(found?.['args'] ?? '').toBe(args);
      },
    ),
  );
});

describe('durations', () => {
  it('are printed as Go does', () => {
    const cases: readonly (readonly [bigint, string])[] = [
      [0n, '0s'],
      [1n, '1ns'],
      [480n, '480ns'],
      [15_433n, '15.433µs'],
      [1_000_000n, '1ms'],
      [659_700_000n, '659.7ms'],
      [1_500_000_000n, '1.5s'],
      [123_400_000_000n, '2m3.4s'],
      [3_605_000_000_000n, '1h0m5s'],
    ];
    for (const [nanos, text] of cases) expect(goDuration(nanos)).toBe(text);
  });
  it('are read to the nanosecond', () => durationsAreExact(nanosOfDuration));
  it('are read alike where Go would not print them so', () => durationsAgree(nanosOfDuration));
  it('know both micro signs and the ASCII one', () => {
    expect(['7.5µs', '7.5μs', '7.5us'].map(nanosOfDuration)).toEqual([7500, 7500, 7500]);
  });
});

it('no terminal matches nothing, and none has a capturing group', () => {
  for (const { name, pattern } of Object.values(terminals)) {
    expect(new RegExp(`^(?:${withoutLookahead(pattern)})$`).test(''), name).toBe(false);
    expect(new RegExp(`${pattern}|`).exec('')?.length, name).toBe(1);
  }
});
