/**
 * Other formats of a made log: the JSON log that runsc would have written, and a native trace made of samples/native.
 *
 *     node convert-log.mjs json TEXT-LOG FILE MEGABYTES
 *     node convert-log.mjs native FILE MEGABYTES
 */
import { closeSync, createReadStream, openSync, readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const HEADER = /^([IWD])(\d\d)(\d\d) (\d\d:\d\d:\d\d\.\d{6}) +\d+ (.*)$/;
const LEVELS = { I: 'info', D: 'debug', W: 'warning' };

async function json(from, to, wanted) {
  const out = openSync(to, 'w');
  let written = 0;
  let text = '';
  for await (const line of createInterface({ input: createReadStream(from) })) {
    const header = HEADER.exec(line);
    if (header === null) continue; // the lines below a record
    const [, letter, month, day, clock, msg] = header;
    const object = JSON.stringify({ msg, level: LEVELS[letter], time: `2026-${month}-${day}T${clock}000Z` });
    // Go escapes these, too
    text += `${object.replaceAll(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)}\n`;
    if (text.length < 4e6) continue;
    written += writeSync(out, text);
    text = '';
    if (written >= wanted) break;
  }
  writeSync(out, text);
  closeSync(out);
}

function native(to, wanted) {
  const sample = fileURLToPath(new URL('../../samples/native/follow-6.13/native.strace', import.meta.url));
  const lines = readFileSync(sample, 'latin1').split('\n');
  // What pretends to be the end of a call is no fair input for a script that splits at blanks.
  const plain = lines.filter(
    (line) => /^\d+ +[\d:.]+ [a-z_0-9]+\(.* = .*<[\d.]+>$/.test(line) && !/\) += .*\) += /.test(line),
  );
  const out = openSync(to, 'w');
  let state = 42;
  for (let written = 0; written < wanted;) {
    let text = '';
    for (const line of plain) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      text += `${line.replace(/<[\d.]+>$/, `<${(state / 2 ** 32 / 100).toFixed(6)}>`)}\n`;
    }
    written += writeSync(out, text, null, 'latin1');
  }
  closeSync(out);
}

const [format, ...rest] = process.argv.slice(2);
if (format === 'json' && rest.length === 3) await json(rest[0], rest[1], Number(rest[2]) * 1e6);
else if (format === 'native' && rest.length === 2) native(rest[0], Number(rest[1]) * 1e6);
else throw new Error('usage: convert-log.mjs json TEXT-LOG FILE MEGABYTES | native FILE MEGABYTES');
