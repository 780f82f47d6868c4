// Feeds the built reader garbage and damaged logs for as long as it is given: nothing may throw, hang or lose a byte.
//
//     npm run fuzz -- --minutes 10 --seed 7
//
// A failing input is kept in a file of its own, and the exit code is 1.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { readEvents, summarize } from '../../dist/index.js';
import { chance, chunkSizes, damaged, garbage } from './damage.js';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string', default: String(Date.now() % 1e9) } },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0) || !Number.isInteger(seed))
  throw new Error('--minutes takes a number above 0, --seed a whole number');

/** An input of a few hundred kilobytes takes some milliseconds: whoever needs so long hangs. */
const LIMIT_MS = 20_000;

const folder = fileURLToPath(new URL('../../samples/', import.meta.url));
const samples = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== 'sample.json' && entry.name !== 'README.md')
  .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
  .map((bytes) => (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes))
  .filter((bytes) => bytes.length > 0);

/** The input of a round: garbage, a damaged log, or two logs in one another's middle. */
function inputOf(random) {
  const pick = () => samples[Math.floor(random() * samples.length)];
  const kind = random();
  if (kind < 0.15) return garbage(Math.floor(random() * 100_000), random);
  if (kind < 0.8) return damaged(pick(), random);
  const [a, b] = [damaged(pick(), random), pick()];
  const at = Math.floor(random() * a.length);
  return Buffer.concat([a.subarray(0, at), b, a.subarray(at)]);
}

async function* chunksOf(bytes, size) {
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + size());
    yield bytes.subarray(at, end);
    at = end;
  }
}

function demand(claim, what) {
  if (!claim) throw new Error(what);
}

/** Does the event stand for a call that came back? A native half has no result, and exits have `?`. */
function isCall(event) {
  if (event.kind === 'syscall-exit') return true;
  return event.kind === 'native-syscall' && event.ret !== null && event.ret !== '?' && event.name !== '???';
}

/** Reads the input by the event path and by the bulk path. */
async function check(bytes, random) {
  const problems = [];
  const onProblem = (problem) => problems.push(problem);
  let offset = 0;
  let calls = 0;
  let reading;
  const options = { onProblem, onReading: (one) => (reading = one) };
  const size = chunkSizes(random);
  // Single bytes of a long input would take the time of a hundred others.
  const least = bytes.length / 20_000;
  const atLeast = () => Math.max(least, size());
  for await (const event of readEvents(chunksOf(bytes, atLeast), options)) {
    demand(event.offset === offset, `an event at ${event.offset} where ${offset} comes next`);
    demand(event.bytes > 0, `an event of ${event.bytes} bytes at ${offset}`);
    offset += event.bytes;
    if (event.repeated !== true && isCall(event)) calls++;
  }
  demand(offset === bytes.length, `events hold ${offset} of ${bytes.length} bytes`);
  demand(reading.bytes === bytes.length, `reading tells of ${reading.bytes} of ${bytes.length} bytes`);
  demand(
    problems.every(({ kind }) => kind !== 'unreadable'),
    `a problem: ${JSON.stringify(problems)}`,
  );
  const { report } = await summarize(chunksOf(bytes, atLeast));
  const counted = report.syscalls.reduce((sum, row) => sum + row.calls, 0);
  const [bulk] = report.reading;
  demand(bulk.bytes === bytes.length, `the bulk path tells of ${bulk.bytes} of ${bytes.length} bytes`);
  // A stream cannot be read again, so records that were forged are found at other times by the two paths.
  if (bulk.forged === 0 && reading.forged === 0) {
    demand(counted === calls, `the bulk path counts ${counted} calls, the event path ${calls}`);
    demand(JSON.stringify(bulk.unread) === JSON.stringify(reading.unread), 'the paths differ in what is unread');
  }
}

const until = Date.now() + minutes * 60_000;
let rounds = 0;
let bytesRead = 0;
/** The input of the round stands here before it is read: a reader that hangs cannot be asked any more. */
const kept = mkdtempSync(join(tmpdir(), 'runsight-fuzz-'));
const path = join(kept, `seed-${seed}.log`);

function fail(error) {
  console.error(`seed ${seed}, round ${rounds}: ${error.stack ?? error}\nthe input is ${path}`);
  process.exit(1);
}

// A hang keeps this thread busy, so another one watches the clock.
const beat = new Int32Array(new SharedArrayBuffer(8));
const watch = new Worker(
  `const { workerData } = require('node:worker_threads');
   const { beat, limit, note, path } = workerData;
   let last = -1, since = Date.now();
   setInterval(() => {
     const now = Atomics.load(beat, 0);
     if (now !== last) { last = now; since = Date.now(); }
     else if (Date.now() - since > limit) {
       require('node:fs').writeSync(2, note + (now - 1) + ': hangs for ' + limit + ' ms\\nthe input is ' + path + '\\n');
       process.kill(process.pid, 'SIGKILL');
     }
   }, 500);`,
  { eval: true, workerData: { beat, limit: LIMIT_MS, note: `seed ${seed}, round `, path } },
);
watch.unref();

const begun = Date.now();
while (Date.now() < until) {
  Atomics.store(beat, 0, rounds + 1);
  const random = chance(seed + rounds);
  try {
    const input = inputOf(random);
    writeFileSync(path, input);
    await check(input, random);
    bytesRead += input.length;
  } catch (error) {
    fail(error);
  }
  rounds++;
}
await watch.terminate();
rmSync(kept, { recursive: true });
const seconds = (Date.now() - begun) / 1000;
console.log(`seed ${seed}: ${rounds} rounds, ${(bytesRead / 1e6).toFixed(1)} MB, ${seconds.toFixed(0)} s, no failure`);
