/** The byte readers (header, scanner) agree with the record readers, on generated lines and on every sample. */
import { describe, expect, it } from 'vitest';
import { compileReader } from '../../grammars/compile.js';
import { emit } from '../../grammars/record.js';
import { nanosOfDuration } from '../../grammars/syscall.js';
import { headerEnd, isClockAt, isHeaderAt, siteStart } from '../../src/input/header.js';
import { durationsAgree, durationsAreExact } from '../grammars/agreement.js';
import { rowOf } from '../tools/byte-source.js';
import { samples } from '../tools/samples.js';
import { closeAll, headersAgree, plainRowsAreTaken, recordsOf, rowsAgree, scanning } from './agreement.js';

/** The scanner's reading of a duration, by way of an exit line; -1 where it refuses. */
function scannedNanos(text: string): number {
  const line = Buffer.from(`I1123 22:27:15.478394       1 strace.go:599] [   1:   1] a X b() = 0 (0x0) (${text})`);
  closeAll();
  return scanning()(line, 0, line.length)?.elapsed ?? -1;
}

describe('scanner', () => {
  it('takes nothing that the record reader would read otherwise, and most of what it reads', () => {
    const { taken, calls } = rowsAgree(scanning);
    expect(taken).toBeGreaterThan(1000);
    expect(taken).toBeLessThan(calls);
  });
  it('takes plain lines of every era', () => plainRowsAreTaken(scanning));
  it('reads durations as Go prints them, to the nanosecond', () => durationsAreExact(scannedNanos));
  it('reads odd durations like the record reader', () => durationsAgree(scannedNanos));
  it('reads no call that begins beyond the end of its line', () => {
    const head = 'I1123 22:27:15.478394       1 strace.go:599] [   1(   1):   1(   1)]';
    // what an earlier block left behind the last line
    for (const left of [' )', ' a)', ' ab)']) {
      const line = `${head}${left}`;
      const block = Buffer.from(`${line}\n E read(0x3)\n`);
      expect(scanning()(block, 0, line.length), left).toBeUndefined();
    }
    const whole = `${head} a E read(0x3)`;
    expect(scanning()(Buffer.from(`${whole}\n`), 0, whole.length)?.name).toBe('read');
  });
  it('reads the restarts, the largest ids and the longest name', () => {
    const name = 'n'.repeat(64);
    const line = Buffer.from(
      `I1123 22:27:15.478394 4194303 strace.go:599] [ 999999999: 999999999] a X ${name}() = 18446744073709551615 (0xffffffffffffffff) errno=516 (interrupted by signal) (2m3.4s)`,
    );
    expect(scanning()(line, 0, line.length)).toEqual({
      isExit: true,
      name,
      errno: 516,
      elapsed: 123_400_000_000,
      tgid: 999_999_999,
      tid: 999_999_999,
    });
  });

  it('takes nearly all trace lines of the samples, and reads them alike', () => {
    let taken = 0;
    let calls = 0;
    for (const { name, bytes } of samples()) {
      if (!name.includes('boot') && !name.includes('runsc.log')) continue;
      closeAll();
      const read = scanning();
      for (const event of recordsOf(bytes)) {
        const row = rowOf(event);
        const end = event.offset + event.bytes;
        const line = bytes.indexOf(10, event.offset) === end - 1;
        const scanned = read(bytes, event.offset, end - 1);
        if (!line || bytes[event.offset] === 0x7b) continue;
        if (row !== undefined) calls++;
        if (scanned === undefined) continue;
        taken++;
        if (JSON.stringify(scanned) !== JSON.stringify(row)) expect(scanned, event.message).toEqual(row);
      }
    }
    expect(calls).toBeGreaterThan(5000);
    expect(taken / calls).toBeGreaterThan(0.99);
  });
});

describe('header', () => {
  it('ends where the production’s message begins', () => headersAgree(headerEnd));

  it('agrees on every line of the samples', () => {
    const read = compileReader(emit);
    let headers = 0;
    for (const { bytes } of samples()) {
      for (let at = 0; at < bytes.length;) {
        const newline = bytes.indexOf(10, at);
        const end = newline === -1 ? bytes.length : newline;
        const text = bytes.toString('latin1', at, end);
        const found = read(text);
        const expected = found === undefined ? -1 : at + text.length - (found['message'] ?? '').length;
        // A hundred thousand lines: what is alike is not handed to expect.
        if (headerEnd(bytes, at, end) !== expected) expect(headerEnd(bytes, at, end), text.slice(0, 80)).toBe(expected);
        if (found !== undefined) {
          headers++;
          const site = at + text.indexOf(`${found['file']}:${found['line']}] `);
          if (siteStart(bytes, at, end) !== site) expect(siteStart(bytes, at, end), text.slice(0, 80)).toBe(site);
        }
        at = end + 1;
      }
    }
    expect(headers).toBeGreaterThan(20_000);
  });

  /** What the quick look at fixed columns refuses is never a header; what is one, it accepts. */
  it('is never refused by the quick look', () => {
    headersAgree((buf, start, end) => {
      const found = headerEnd(buf, start, end);
      if (found !== -1) {
        expect(isHeaderAt(buf, start, end)).toBe(true);
        expect(isClockAt(buf, start, end)).toBe(true);
      }
      return found;
    }, 500);
  });

  it.each([
    ['I0000 00:00:00.000000       1 x:0] a'],
    ['I1301 00:00:00.000000       1 x:0] a'],
    ['I0132 00:00:00.000000       1 x:0] a'],
    ['I0131 24:00:00.000000       1 x:0] a'],
    ['I0131 23:60:00.000000       1 x:0] a'],
    ['I0131 23:59:60.000000       1 x:0] a'],
    ['E0131 23:59:59.000000       1 x:0] a'],
    ['I0131 23:59:59.00000        1 x:0] a'],
    ['I0131 23:59:59.000000       x x:0] a'],
    ['I0131 23:59:59.000000       1 x y:0] a'],
    ['I0131 23:59:59.000000       1 x:0]a'],
    ['I0131 23:59:59.000000       1 x:0]'],
  ])('is not %s', (text) => {
    expect(headerEnd(Buffer.from(text), 0, text.length)).toBe(-1);
  });
});

it('durations of both readers are one', () => {
  for (const text of [
    '0s',
    '1ns',
    '1.5µs',
    '1.5μs',
    '1.5us',
    '2ms',
    '3s',
    '1m0s',
    '1h0m0s',
    '2m3.4s',
    '100h0m0.000000001s',
  ]) {
    expect(scannedNanos(text), text).toBe(nanosOfDuration(text));
  }
});
