/**
 * Makes a large boot log out of the real ones in samples/: their records again and again, each time with other times,
 * durations, addresses, paths and ids, so that no two copies are alike and every record is a valid one.
 *
 *     node make-log.mjs FILE MEGABYTES [RELEASE]
 */
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));
const HEADER = /^[IWD]\d{4} (\d\d:\d\d:\d\d\.\d{6})( +\d+ )[\w.-]+:\d+\] /;
const TRACE =
  /^([ID])\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ (strace\.go:\d+\] )\[ *(\d+): *(\d+)\]( .{1,15} [EX] \w+\(.*\))$/;

/** Text boot logs of a release, but those whose names are forged or whose bytes are no text. */
function bootLogs(release) {
  const folder = join(SAMPLES, release);
  return readdirSync(folder)
    .filter((scenario) => !/^(?:weird-bytes|forged)/.test(scenario) && !/json|k8s/.test(scenario))
    .toSorted()
    .flatMap((scenario) =>
      readdirSync(join(folder, scenario))
        .filter((file) => /\.boot\.txt(?:\.gz)?$/.test(file))
        .map((file) => {
          const bytes = readFileSync(join(folder, scenario, file));
          return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
        }),
    );
}

/** The same numbers on every machine. */
function makeRandom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** As Go prints a duration: `1.5µs`, `2.25ms`, `7m35.1s`. Latin1, as all text here. */
function goDuration(nanos) {
  const micro = '\u00c2\u00b5';
  const decimal = (value) => String(Number(value.toFixed(9)));
  if (nanos < 1e3) return `${nanos}ns`;
  if (nanos < 1e6) return `${decimal(nanos / 1e3)}${micro}s`;
  if (nanos < 1e9) return `${decimal(nanos / 1e6)}ms`;
  if (nanos < 60e9) return `${decimal(nanos / 1e9)}s`;
  const minutes = Math.floor(nanos / 60e9);
  const rest = `${minutes % 60}m${decimal((nanos % 60e9) / 1e9)}s`;
  return minutes < 60 ? rest : `${Math.floor(minutes / 60)}h${rest}`;
}

function nanosOf(text) {
  const scale = { h: 3600e9, m: 60e9, s: 1e9, ms: 1e6, '\u00c2\u00b5s': 1e3, ns: 1 };
  return [...text.matchAll(/([\d.]+)([^\d.]+)/g)].reduce(
    (sum, [, value, unit]) => sum + Number(value) * scale[unit],
    0,
  );
}

const two = (value) => String(value).padStart(2, '0');

/** `1125 19:40:57.683402` of microseconds. */
function stampOf(micros) {
  const date = new Date(micros / 1000);
  const day = `${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())}`;
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${clock}.${String(micros % 1e6).padStart(6, '0')}`;
}

/** What varies in the arguments: heap and stack addresses, and the first folder of paths. */
const VARIABLE = /0x[0-9a-f]{8,12}\b|(?<=[ "])\/(?:tmp|usr|opt|etc|lib|var|data)\/(?=[\w.])/g;

/** A trace record in pieces: what stays and, between, what a copy changes. */
function pieces(line) {
  const [, letter, site, tgid, tid, rest] = TRACE.exec(line);
  const time = / \(((?:[\d.]+(?:h|m|s|ms|\u00c2\u00b5s|ns))+)\)$/.exec(rest);
  const body = time === null ? rest : rest.slice(0, time.index);
  const fixed = [];
  const varied = [];
  let at = 0;
  for (const match of body.matchAll(VARIABLE)) {
    fixed.push(body.slice(at, match.index));
    varied.push(match[0].startsWith('0x') ? BigInt(match[0]) : match[0].slice(0, -1));
    at = match.index + match[0].length;
  }
  fixed.push(body.slice(at));
  return {
    letter,
    site,
    tgid: Number(tgid),
    tid: Number(tid),
    fixed,
    varied,
    nanos: time === null ? null : nanosOf(time[1]),
  };
}

const [file, megabytes = '400', release = 'release-20240729'] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: make-log.mjs FILE MEGABYTES [RELEASE]');

const logs = bootLogs(release);
const whole = logs.reduce((longest, log) => (log.length > longest.length ? log : longest));
const lines = logs.flatMap((log) => log.split('\n'));
const templates = lines.filter((line) => TRACE.test(line)).map(pieces);
if (templates.length < 500) throw new Error(`only ${templates.length} trace records in ${release}`);

const random = makeRandom(42);
const out = openSync(file, 'w');
const wanted = Number(megabytes) * 1e6;
// It begins as a real boot log does: banner, configuration, spec, up to the first trace record.
const begin = whole.split('\n');
const opening = begin.slice(
  0,
  begin.findIndex((line) => TRACE.test(line)),
);
let text = `${opening.join('\n')}\n`;
let written = 0;
// All records of a boot log are of one process.
const [, clock = '', pid = ''] = opening.map((line) => HEADER.exec(line)).findLast((match) => match !== null) ?? [];
let micros = Date.parse(`2026-11-25T${clock.slice(0, 8)}Z`) * 1000 + Number(clock.slice(9));

for (let copy = 0; written + text.length < wanted; copy++) {
  const ids = (copy % 997) * 13;
  const shift = BigInt(copy % 4096) << 12n;
  const folder = copy % 3000;
  for (const { letter, site, tgid, tid, fixed, varied, nanos } of templates) {
    micros += 1 + Math.floor(random() * 40);
    // Go's `% 4d`: a blank stands even before four digits.
    const padded = (id) => ` ${id}`.padStart(4);
    const task = `[${padded(tgid + ids)}:${padded(tid + ids)}]`;
    let line = `${letter}${stampOf(micros)}${pid}${site}${task}${fixed[0]}`;
    for (let i = 0; i < varied.length; i++) {
      const value = varied[i];
      line += typeof value === 'bigint' ? `0x${(value ^ shift).toString(16)}` : `${value}${folder}/`;
      line += fixed[i + 1];
    }
    if (nanos !== null) {
      // A few calls wait for minutes, and one in a while for hours.
      const chance = random();
      const factor = chance < 2e-6 ? 1e9 : chance < 2e-5 ? 1e7 : 0.25 + random() * 4;
      line += ` (${goDuration(Math.max(100, Math.round(Math.min(nanos * factor, 2e13))))})`;
    }
    text += `${line}\n`;
  }
  if (text.length > 4e6) {
    written += writeSync(out, text, null, 'latin1');
    text = '';
  }
}
written += writeSync(out, text, null, 'latin1');
closeSync(out);
console.log(
  `${(written / 1e6).toFixed(1)} MB: ${templates.length} trace records of ${logs.length} boot logs of ${release}, varied`,
);
