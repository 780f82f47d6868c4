// What `follow` costs and how fast it tells, each on request:
//   node test/perf/follow.mjs latency [STARTS]     failed starts: from the record that decides to the line on stdout (median, worst)
//   node test/perf/follow.mjs idle [SECONDS]       CPU while nothing happens, and memory
//   node test/perf/follow.mjs soak [MINUTES]       writers that rotate, empty, rename, cut lines; kill -9 and restart in the middle
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

async function soak(minutes = 10, perSecond = 150_000) {
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
  let written = 0;
  const write = (path, bytes) => {
    const fd = openSync(path, 'a');
    writeSync(fd, bytes);
    closeSync(fd);
  };
  const begun = performance.now();
  let told = begun;
  let killed = false;
  let generation = 0;
  const batch = Buffer.from(line.repeat(499));
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
    generation++;
    if (generation % 400 === 0) renameSync(names[0], `${names[0]}.${generation}`);
    if (generation % 400 === 100) {
      // what runs between the copy and the emptying would be lost by any reader: the writer of this file waits
      copyFileSync(names[1], `${names[1]}.${generation}`);
      truncateSync(names[1], 0);
    }
    if (generation % 400 === 200) renameSync(names[2], join(logs, `old-${generation}.boot.txt`));
    if (generation % 400 === 300) renameSync(names[3], `${names[3]}.${generation}`);
    if (generation % 800 === 350 && generation > 400) {
      // old pieces are deleted once they were read
      await wait(1500);
      for (const name of readdirSync(logs)) if (/\.\d+$|^old-/.test(name)) rmSync(join(logs, name));
    }
    if (performance.now() - told > 60_000) {
      told = performance.now();
      console.log(
        `${((told - begun) / 60_000).toFixed(0)} min: ${written} lines written, ${costOf(live.child.pid).memory.toFixed(0)} MiB`,
      );
    }
    if (!killed && performance.now() - begun > (minutes * 60_000) / 2) {
      killed = true;
      await wait(2500);
      live.child.kill('SIGKILL');
      await live.ended;
      live = start(logs, flags);
    }
    await wait(5);
  }
  await wait(3000);
  const end = live.until(({ type }) => type === 'end');
  live.child.kill('SIGINT');
  await live.ended;
  const { reading } = await end;
  const total = Number(/^runsight_read_lines_total (\d+)$/m.exec(readFileSync(metrics, 'utf8'))?.[1]);
  const losses = live.records.filter(({ type }) => type === 'loss');
  console.log(
    `soak: ${written} lines written, ${total} read (${reading.length} files at the end); ${losses.length} losses; ${total === written ? 'every line once' : 'NOT every line once'}`,
  );
  for (const loss of losses.slice(0, 5)) console.log(loss.source, loss.why, loss.count);
  console.log(
    `files left: ${readdirSync(logs)
      .map((name) => `${name} ${statSync(join(logs, name)).size}`)
      .join(', ')}`,
  );
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

const [what = 'latency', number] = process.argv.slice(2);
await { latency, idle, soak, rate }[what](...(number === undefined ? [] : [Number(number)]));
