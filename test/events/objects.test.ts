/** Objects of JSON logs that are read in bulk are read as the record reader reads them, their escapes included. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printEnter, printExit } from '../../grammars/syscall.js';
import { BulkScanner } from '../../src/events/scan.js';
import type { LogEvent } from '../../src/model/event.js';
import { anyLines, plainLines, textOfLine } from '../grammars/agreement-lines.js';
import { rowOf } from '../tools/byte-source.js';
import { recordsOf } from './agreement.js';

/** As Go's encoder writes it. */
function goJson(message: string, key = 'msg', level = 'debug', time = '2026-11-25T19:41:04.544751624Z'): string {
  const text = JSON.stringify(message).replaceAll(
    /[<>&]/g,
    (c) => `\\u00${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `{"${key}":${text},"level":"${level}","time":"${time}"}`;
}

/** Reads one line; its row with the text of its arguments, or nothing where it is not for the bulk reader. */
function scanned(line: string): object | undefined {
  let read: object | undefined;
  const scanner = new BulkScanner(({ isExit, name, names, errno, elapsed, tgid, tid, texts, bytes, second }) => {
    const block = texts?.blocks[texts.block[0] as number];
    read = {
      isExit: isExit[0] === 1,
      name: names[name[0] as number],
      errno: errno[0],
      elapsed: elapsed[0],
      tgid: tgid[0],
      tid: tid[0],
      args: block?.toString('utf8', texts?.from[0], texts?.to[0]),
      bytes: bytes[0],
      second: second[0],
    };
  }, true);
  const end = scanner.block.write(`${line}\n`) - 1;
  const message = scanner.messageAt(0, end + 1);
  if (message !== -1 && scanner.line(0, message, end)) scanner.take(0, end + 1);
  scanner.flush();
  scanner.close();
  return read;
}

function expected(line: string): object | undefined {
  const [event, ...others] = recordsOf(Buffer.from(`${line}\n`));
  const row = others.length === 0 && event !== undefined ? rowOf(event) : undefined;
  if (row === undefined) return undefined;
  const { args, bytes, time } = event as LogEvent & { readonly args: string };
  const [hours = 0, minutes = 0, seconds = 0] = (time ?? '').slice(11, 19).split(':').map(Number);
  return { ...row, args, bytes, second: hours * 3600 + minutes * 60 + seconds };
}

const messages = fc.oneof(
  plainLines(printExit).map(textOfLine),
  plainLines(printEnter).map(textOfLine),
  anyLines(printExit),
  anyLines(printEnter),
);

/** A piece of a text that JSON escapes. */
const odd = fc.constantFrom('"', '\\', '<', '>', '&', '\n', '\t', '\u0001', 'é', '\ufffd', '\\"', '","level":"');

describe('an object of a JSON log', () => {
  it('is read alike, or left to the record reader', () => {
    let taken = 0;
    fc.assert(
      fc.property(messages, fc.constantFrom('msg', 'log'), fc.constantFrom('debug', 'info'), (message, key, level) => {
        const line = goJson(`strace.go:605] ${message}`, key, level);
        const read = scanned(line);
        if (read === undefined) return;
        taken++;
        expect(read, line).toEqual(expected(line));
      }),
      { numRuns: 2500 },
    );
    expect(taken).toBeGreaterThan(800);
  });

  it('with escapes anywhere is, too', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 4 }), fc.array(odd, { maxLength: 2 }), fc.nat(3), (texts, name, where) => {
        const comm = where === 0 ? `a${name.join('')}` : 'app';
        const result = where === 1 ? `-1 errno=2 (no${name.join('')})` : '3 (0x3)';
        const line = goJson(
          `strace.go:605] [   1:   1] ${comm} X openat(AT_FDCWD /, 0x7f /srv${texts.join('x')}, O_RDONLY, 0o0) = ${result} (1.5ms)`,
        );
        const read = scanned(line);
        if (read === undefined) return;
        taken++;
        expect(read, line).toEqual(expected(line));
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(300);
  });

  it('that is damaged is left', () => {
    const whole = goJson('strace.go:605] [   1:   1] app X close(0x3 /srv/a"b) = 0 (0x0) (1.5ms)');
    expect(scanned(whole)).toEqual(expected(whole));
    const damages = [
      whole.slice(0, -1),
      `${whole} `,
      whole.replace('\\"', '"'),
      whole.replace('\\"', '\\u12'),
      whole.replace('"level"', '"Level"'),
      whole.replace('"time":"2026', '"time":2026'),
      whole.replace('"level":"debug",', ''),
      whole.replace('{"msg"', '{ "msg"'),
      `${whole}${whole}`,
    ];
    for (const line of damages) {
      const read = scanned(line);
      if (read !== undefined) expect(read, line).toEqual(expected(line));
    }
    expect(damages.filter((line) => scanned(line) !== undefined)).toEqual([]);
  });
});
