/** Properties that hold the byte readers to the record readers. Each takes its reader, so that faults can be handed in. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { compileReader } from '../../grammars/compile.js';
import { emit } from '../../grammars/record.js';
import { printEnter, printExit } from '../../grammars/syscall.js';
import { EventReader } from '../../src/events/read.js';
import { BulkScanner } from '../../src/events/scan.js';
import { RecordReader } from '../../src/input/records.js';
import type { LogEvent } from '../../src/model/event.js';
import { anyLines, damagedByCharacter, plainLines, textOfLine } from '../grammars/agreement-lines.js';
import { durations } from '../grammars/agreement.js';
import { rowOf, type Row } from '../tools/byte-source.js';

/** Reads `[start, end)` of a buffer, a line without its end: its row, or nothing where it is not for this reader. */
export type RowReader = (buf: Buffer, start: number, end: number) => Row | undefined;

/** Scanners in use: the memory of each is freed late, so that those of one run serve the next. */
const inUse: BulkScanner[] = [];
export function closeAll(): void {
  for (const scanner of inUse.splice(0)) scanner.close();
}

/** The scanner of the bulk path as a reader of single lines. It keeps what it learned of the headers before. */
export function scanning(): RowReader {
  const scanner = new BulkScanner(() => {});
  inUse.push(scanner);
  return (buf, start, end) => {
    buf.copy(scanner.block);
    // As the stream asks: the header may look beyond the line's end.
    const message = scanner.messageAt(start, buf.length);
    if (message === -1 || !scanner.line(start, message, end)) return undefined;
    scanner.take(start, end + 1);
    const { batch } = scanner;
    const row = batch.count - 1;
    const read: Row = {
      isExit: batch.isExit[row] === 1,
      name: batch.names[batch.name[row] as number] as string,
      errno: batch.errno[row] as number,
      elapsed: batch.elapsed[row] as number,
      tgid: batch.tgid[row] as number,
      tid: batch.tid[row] as number,
    };
    batch.count = 0;
    return read;
  };
}

/** The events of a text, by the record reader alone. */
export function recordsOf(bytes: Buffer): readonly LogEvent[] {
  const events: LogEvent[] = [];
  const reader = new EventReader({
    source: 'lines',
    year: 2026,
    isLog: true,
    hasRecords: true,
    isBinary: false,
    sentences: false,
  });
  const records = new RecordReader((record) => events.push(reader.read(record)));
  for (let at = 0; at < bytes.length;) {
    const newline = bytes.indexOf(10, at);
    const end = newline === -1 ? bytes.length : newline + 1;
    records.feed(bytes, at, end, true);
    at = end;
  }
  records.close();
  return events;
}

/** Headers of the tracer: mostly one and the same but for the microseconds, as in real logs; some damaged. */
const headers = fc
  .record({
    start: fc.constantFrom(
      'I1123 22:27:15.',
      'I1123 22:27:15.',
      'I1123 22:27:16.',
      'D0101 00:00:00.',
      'W1231 23:59:59.',
    ),
    micros: fc.nat(999_999).map((micros) => `${micros}`.padStart(6, '0')),
    pid: fc.constantFrom('      1', '      1', '  24470', '4194303'),
    site: fc.constantFrom('strace.go:599', 'strace.go:599', 'strace.go:7', 'x:0'),
  })
  .map(({ start, micros, pid, site }) => `${start}${micros} ${pid} ${site}] `)
  .chain((header) =>
    fc.oneof({ weight: 8, arbitrary: fc.constant(header) }, { weight: 1, arbitrary: damagedByCharacter(header) }),
  );

/** Exit lines with a duration that is no accident. */
const timed = fc
  .tuple(plainLines(printExit), durations)
  .map(([line, { text }]) => line.map((piece) => (piece.field === 'elapsed' ? text : piece.text)).join(''));

/** Messages of the tracer: whole, hostile, damaged. */
const messages = fc.oneof(
  anyLines(printEnter),
  anyLines(printExit),
  timed,
  plainLines(printEnter).map(textOfLine),
  plainLines(printExit).map(textOfLine),
);

const traces = fc
  .array(
    fc.tuple(headers, messages).map(([header, message]) => `${header}${message}`),
    { minLength: 1, maxLength: 6 },
  )
  .map((lines) => Buffer.from(`${lines.join('\n')}\n`));

/** Splits a text into its physical lines, as places in it. */
function* lineEnds(bytes: Buffer): Generator<readonly [start: number, end: number]> {
  for (let at = 0; at < bytes.length;) {
    const newline = bytes.indexOf(10, at);
    const end = newline === -1 ? bytes.length : newline;
    yield [at, end];
    at = end + 1;
  }
}

/**
 * Whatever the reader takes, the record reader takes for the same call. Says which share of the calls it took; lines
 * stand in one buffer and are read by one reader, so that what it keeps from line to line is tried, too.
 */
export function rowsAgree(
  makeReader: () => RowReader,
  runs = 2500,
): { readonly taken: number; readonly calls: number } {
  let taken = 0;
  let calls = 0;
  fc.assert(
    fc.property(traces, (bytes) => {
      closeAll();
      const read = makeReader();
      for (const [start, end] of lineEnds(bytes)) {
        const row = read(bytes, start, end);
        const events = recordsOf(bytes.subarray(start, end + 1));
        const expected = events.length === 1 && events[0] !== undefined ? rowOf(events[0]) : undefined;
        if (expected !== undefined) calls++;
        if (row === undefined) continue;
        taken++;
        expect(row, bytes.toString('utf8', start, end)).toEqual(expected);
      }
    }),
    { numRuns: runs },
  );
  return { taken, calls };
}

/** Plain lines of a log of any era are taken, nearly all: a reader that refuses everything agrees with anybody. */
export function plainRowsAreTaken(makeReader: () => RowReader, runs = 300): void {
  const lines = fc
    .tuple(fc.constantFrom(2018, 2021, 2026), fc.constantFrom('E', 'X'), fc.nat(99_999), durations, fc.nat(132))
    .map(([era, direction, tid, { text: elapsed }, errno]) => {
      const id = `${tid}`.padStart(4, ' ');
      const task = era === 2018 ? `[ ${id}]` : `[ ${id}: ${id}]`;
      const enter = `I1123 22:27:15.478394       1 strace.go:599] ${task} app ${direction} openat(AT_FDCWD /, 0x7f x, 0x0)`;
      if (direction === 'E') return enter;
      const value = era === 2018 ? '0x3' : errno > 0 && era === 2026 ? '-1' : '3 (0x3)';
      return `${enter} = ${value}${errno > 0 ? ` errno=${errno} (why (not))` : ''} (${elapsed})`;
    });
  fc.assert(
    fc.property(lines, (text) => {
      closeAll();
      const bytes = Buffer.from(text);
      const row = makeReader()(bytes, 0, bytes.length);
      expect(row, text).toBeDefined();
      expect(row).toEqual(rowOf(recordsOf(bytes)[0] as LogEvent));
    }),
    { numRuns: runs },
  );
}

/** A reader of headers in bytes: where the message begins, or -1. */
export type HeaderReader = (buf: Buffer, start: number, end: number) => number;

/** The header in bytes ends where the message of the production begins, wherever the line stands in its buffer. */
export function headersAgree(read: HeaderReader, runs = 3000): void {
  const readHeader = compileReader(emit);
  fc.assert(
    fc.property(anyLines(emit), fc.constantFrom('', 'I', 'abc\n', '\n\n'), (text, before) => {
      const end = text.indexOf('\n') === -1 ? text.length : text.indexOf('\n');
      const line = text.slice(0, end);
      const start = Buffer.byteLength(before);
      const bytes = Buffer.from(`${before}${line}\nI1123 22:27:15.478394   24470 main.go:196] next`);
      const found = readHeader(line);
      const headerText = found === undefined ? undefined : line.slice(0, line.length - (found['message'] ?? '').length);
      const expected = headerText === undefined ? -1 : start + Buffer.byteLength(headerText);
      expect(read(bytes, start, start + Buffer.byteLength(line)), line).toBe(expected);
    }),
    { numRuns: runs },
  );
}
