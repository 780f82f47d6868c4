// What `follow` costs and how fast it tells, each on request:
//   node test/perf/follow.mjs latency [STARTS]     failed starts: from the record that decides to the line on stdout (median, worst)
//   node test/perf/follow.mjs idle [SECONDS]       CPU while nothing happens, and memory
//   node test/perf/follow.mjs soak [MINUTES] [KILLS] [SEED]   writers that rotate, empty, rename, cut lines; kill -9 and restart meanwhile
//   node test/perf/follow.mjs rate [LINES_A_SECOND] a steady stream: how far it falls behind
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { readdirSync } from 'node:fs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const samples = join(root, 'samples/release-20240729');
/** In milliseconds; whoever waits longer has found a fault. */
const PATIENCE = 120_000;
const wait = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
const logOf = (sample, word) => {
  const name = readdirSync(join(samples, sample)).find((one) => one.includes(word));
  const bytes = readFileSync(join(samples, sample, name));
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
};

function start(folder, flags = []) {
  const child = spawn(
    process.execPath,
    [join(root, 'bin/run.js'), 'follow', '--json', '--from', 'start', ...flags, folder],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const records = [];
  const waiting = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const record = { ...JSON.parse(line), seen: performance.now() };
    records.push(record);
    for (const one of waiting) if (one.fits(record)) one.resolve(record);
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const until = (fits) =>
    new Promise((resolve, reject) => {
      waiting.push({ fits, resolve });
      setTimeout(() => reject(new Error('what was waited for was not told')), PATIENCE).unref();
    });
  return { child, records, ended, until };
}

/** User and system time of a process in seconds, and its memory in MiB. */
function costOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '0';
  return { cpu: (Number(stat[11]) + Number(stat[12])) / 100, memory: Number(rss) / 1024 };
}

async function latency(starts = 20) {
  const folder = mkdtempSync(join(tmpdir(), 'follow-latency-'));
  const live = start(folder);
  await wait(3000);
  const text = logOf('mount-destination-relative', '.txt').toString('latin1');
  const at = text.indexOf('FATAL ERROR');
  const line = text.lastIndexOf('\n', at) + 1;
  const times = [];
  for (let run = 0; run < starts; run++) {
    const id = `web-${run}`;
    const named = (part) => part.replaceAll(/\bweb\b/g, id);
    const file = join(folder, `runsc.log.20261125-1941${String(run).padStart(2, '0')}.000001.create.txt`);
    appendFileSync(file, named(text.slice(0, line)), 'latin1');
    await wait(300);
    const told = live.until(
      ({ type, sandbox, diagnosis }) => type === 'verdict' && sandbox === id && diagnosis.verdict === 'failed-start',
    );
    const begun = performance.now();
    appendFileSync(file, named(text.slice(line)), 'latin1');
    times.push((await told).seen - begun);
    await wait(200);
  }
  live.child.kill('SIGINT');
  await live.ended;
  rmSync(folder, { recursive: true });
  times.sort((a, b) => a - b);
  console.log(`latency of ${starts}: median ${times[starts >> 1].toFixed(0)} ms, worst ${times.at(-1).toFixed(0)} ms`);
}

async function idle(seconds = 60) {
  const folder = mkdtempSync(join(tmpdir(), 'follow-idle-'));
  for (let run = 0; run < 200; run++)
    appendFileSync(join(folder, `runsc.log.${run}.boot.txt`), logOf('healthy-job', 'boot'));
  const live = start(folder);
  await wait(20_000);
  const before = costOf(live.child.pid);
  await wait(seconds * 1000);
  const after = costOf(live.child.pid);
  live.child.kill('SIGINT');
  await live.ended;
  rmSync(folder, { recursive: true });
  const share = ((after.cpu - before.cpu) / seconds) * 100;
  console.log(
    `idle: ${(after.cpu - before.cpu).toFixed(2)} s CPU in ${seconds} s (${share.toFixed(1)} % of a core), ${after.memory.toFixed(0)} MiB`,
  );
}

/** Numbers from 0 to 1, the same for the same seed. */
function randoms(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Writes as hard as it can what is hard to count, and kills the reader meanwhile. What it does not do, since no reader could
 * tell: it deletes a piece only three seconds after it was rotated away (what was read of it stands in the state by then) and
 * never one that was written to while no reader was there. What the killed reader had read and remembered is deleted before the
 * next one looks.
 */
async function soak(minutes = 10, kills = 1, seed = 1, perSecond = 150_000) {
  const random = randoms(seed);
  const folder = mkdtempSync(join(tmpdir(), 'follow-soak-'));
  const logs = join(folder, 'runsc');
  mkdirSync(logs);
  const metrics = join(folder, 'runsight.prom');
  const flags = ['--state', join(folder, 'state'), '--metrics', metrics, '--min-severity', 'off'];
  let live = start(logs, flags);
  await wait(2500);
  const line =
    'D1126 06:41:34.670419    3179 strace.go:605] [   1:   1] sh X read(0x3 /etc/passwd, 0x7f0, 0x1000) = 0 (0x0) (1.5µs)\n';
  const names = ['a', 'b', 'c', 'd'].map((name) => join(logs, `${name}.boot.txt`));
  const counted = () => Number(/^runsight_read_lines_total (\d+)$/m.exec(readFileSync(metrics, 'utf8'))?.[1]);
  let written = 0;
  const write = (path, bytes) => {
    const fd = openSync(path, 'a');
    writeSync(fd, bytes);
    closeSync(fd);
  };
  /** Files that were rotated away: since when, or (if nobody read then) since when somebody reads again. */
  const old = new Map();
  let number = 0;
  const rotate = {
    a: () => moved(names[0], `${names[0]}.${number}`),
    // what runs between the copy and the emptying would be lost by any reader: the writer of this file waits
    b: () => {
      copyFileSync(names[1], `${names[1]}.${number}`);
      truncateSync(names[1], 0);
      old.set(`${names[1]}.${number}`, performance.now());
    },
    c: () => moved(names[2], join(logs, `old-${number}.boot.txt`)),
    d: () => moved(names[3], `${names[3]}.${number}`),
  };
  const moved = (from, to) => {
    renameSync(from, to);
    old.set(to, performance.now());
  };
  const clear = (before) => {
    for (const [path, since] of old) {
      if (since >= before) continue;
      rmSync(path);
      old.delete(path);
    }
  };
  const batch = Buffer.from(line.repeat(499));
  const losses = [];
  const restart = async (isQuiet) => {
    if (isQuiet) await wait(2500);
    live.child.kill('SIGKILL');
    await live.ended;
    losses.push(...live.records.filter(({ type }) => type === 'loss'));
    // of what was quiet all was read, and stands in the state: it may go
    const before = old.size;
    if (isQuiet) clear(Infinity);
    console.log(
      `killed after ${written} lines, ${counted()} in the metrics, ${isQuiet ? `quiet, ${before} pieces deleted` : 'busy'}`,
    );
    live = start(logs, flags);
    live.since = Date.now();
  };
  const isUp = () => live.since === undefined || statSync(metrics).mtimeMs > live.since;
  const begun = performance.now();
  const killTimes = Array.from(
    { length: kills },
    (_, index) => ((index + 0.3 + 0.6 * random()) / kills) * minutes * 60_000,
  );
  let told = begun;
  let rotated = begun;
  while (performance.now() - begun < minutes * 60_000) {
    const due = ((performance.now() - begun) / 1000) * perSecond;
    for (let round = 0; round < 200 && written < due; round++) {
      for (const path of names) {
        // the first line tells the pieces apart, as times do; the last one comes in two, cut within a character
        const cut = batch.length - 4;
        write(
          path,
          Buffer.concat([Buffer.from(line.replace('0x1000', `0x${written.toString(16)}`)), batch.subarray(0, cut)]),
        );
        write(path, batch.subarray(cut));
        written += 500;
      }
    }
    if (performance.now() - rotated > 200 + 800 * random() && written > 0) {
      rotated = performance.now();
      number++;
      rotate['abcd'[Math.floor(random() * 4)]]();
      if (isUp()) clear(rotated - 3000);
    }
    if (live.since !== undefined && live.upSince === undefined && isUp()) {
      live.upSince = performance.now();
      // what was written while nobody read is kept until it was read
      for (const path of old.keys()) old.set(path, live.upSince);
    }
    if (performance.now() - told > 60_000) {
      told = performance.now();
      const { memory } = costOf(live.child.pid);
      console.log(`${((told - begun) / 60_000).toFixed(0)} min: ${written} lines written, ${memory.toFixed(0)} MiB`);
    }
    if (killTimes.length > 0 && performance.now() - begun > killTimes[0] && isUp()) {
      killTimes.shift();
      await restart(random() < 0.5 || kills === 1);
    }
    await wait(5);
  }
  const stop = performance.now();
  await wait(3000);
  const end = live.until(({ type }) => type === 'end');
  live.child.kill('SIGINT');
  await live.ended;
  const { reading } = await end;
  const total = counted();
  losses.push(...live.records.filter(({ type }) => type === 'loss'));
  console.log(
    `soak ${minutes} min, ${kills} kills, seed ${seed}: ${written} lines written, ${total} counted (${reading.length} files at the end, ${((performance.now() - stop - 3000) / 1000).toFixed(1)} s to end); ${total === written ? 'every line once' : `NOT every line once: ${total - written}`}`,
  );
  const reasons = new Map(losses.map(({ why }) => [why, losses.filter((one) => one.why === why)]));
  for (const [why, all] of reasons)
    console.log(`told: ${all.length} x ${why}, e.g. ${all[0]?.source} ${all[0]?.count}`);
  rmSync(folder, { recursive: true });
}

async function rate(perSecond = 150_000, seconds = 20) {
  const folder = mkdtempSync(join(tmpdir(), 'follow-rate-'));
  const metrics = join(folder, 'runsight.prom');
  const logs = join(folder, 'runsc');
  mkdirSync(logs);
  const live = start(logs, ['--metrics', metrics]);
  await wait(3000);
  const whole = logOf('healthy-job', 'boot');
  const lines = whole
    .toString('latin1')
    .split('\n')
    .filter((line) => / [EX] \w+\(/.test(line) && line.includes('strace.go'));
  const text = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
  const file = join(logs, 'x.boot.txt');
  appendFileSync(file, whole);
  const begun = performance.now();
  let written = 0;
  while (performance.now() - begun < seconds * 1000) {
    const due = ((performance.now() - begun) / 1000) * perSecond;
    while (written < due) {
      appendFileSync(file, text);
      written += lines.length;
    }
    await wait(5);
  }
  const stop = performance.now();
  const { cpu } = costOf(live.child.pid);
  live.child.kill('SIGINT');
  await live.ended;
  const late = performance.now() - stop;
  console.log(
    `rate: ${written} lines in ${seconds} s; ${late.toFixed(0)} ms from the last line to the end; ${(cpu / seconds).toFixed(2)} cores, all rules`,
  );
  rmSync(folder, { recursive: true });
}

const [what = 'latency', ...numbers] = process.argv.slice(2);
await { latency, idle, soak, rate }[what](...numbers.map(Number));
