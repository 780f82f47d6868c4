/**
 * Compares runsight with mawk: first the tables, which must be equal, then the time, the memory and the start.
 *
 *     node compare.mjs [--mb 400] [--pairs 7] [--starts 25] [--log FILE] [--only-tables]
 *
 * CPU is user + system of the whole process and its children, as bash's `time` says. The two are run in turn, since
 * back-to-back blocks drift; what counts is the median of the ratios of pairs. Exits with 1 only if the tables differ:
 * whether a time is good is for a person to say, who knows what else the machine did.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  alternate,
  bin,
  ENV,
  has,
  here,
  median,
  peakMebibytes,
  print,
  root,
  row,
  run,
  temporary,
  timed,
} from './measure.mjs';

const FAILED_START = join(root, 'samples/release-20221219/bind-source-missing');

const { values: flags } = parseArgs({
  options: {
    mb: { type: 'string', default: '400' },
    pairs: { type: 'string', default: '7' },
    starts: { type: 'string', default: '25' },
    log: { type: 'string' },
    'only-tables': { type: 'boolean', default: false },
  },
});
const pairs = Number(flags.pairs);
const starts = Number(flags.starts);

// The log.
let log = flags.log;
if (log === undefined) {
  log = join(temporary, 'boot.log');
  console.log(run([process.execPath, join(here, 'make-log.mjs'), log, flags.mb]).trim());
}
const size = statSync(log).size;
console.log(`${log}: ${(size / 1e6).toFixed(1)} MB, ${run(['wc', '-l', log]).split(' ')[0]} lines`);

// The tables.
// The table, and the full report with processes, files, sockets and failing paths.
const summary = [process.execPath, bin, 'summary', log];
const full = [process.execPath, bin, 'summary', '--json', log];
const mawk = ['mawk', '-f', join(here, 'table.awk'), log];
const tuned = ['mawk', '-f', join(here, 'table-tuned.awk'), log];
if (!has('mawk')) throw new Error('mawk is missing: apt-get install mawk');

const ours = JSON.parse(run(full))
  .syscalls.filter(({ calls }) => calls > 0)
  .map(
    ({ name, calls, errors, restarts, total_ns, max_ns }) =>
      `${name} ${calls} ${errors + restarts} ${total_ns} ${max_ns}`,
  )
  .toSorted();
let isEqual = ours.length > 0;
for (const command of [mawk, tuned]) {
  const theirs = run(command).trimEnd().split('\n').toSorted();
  const missing = theirs.filter((line) => !ours.includes(line));
  const extra = ours.filter((line) => !theirs.includes(line));
  if (missing.length + extra.length === 0 && ours.length === theirs.length) continue;
  isEqual = false;
  console.error(`the tables differ (name, calls, errors, total, longest)`);
  for (const line of missing.slice(0, 10)) console.error(`  mawk      ${line}`);
  for (const line of extra.slice(0, 10)) console.error(`  runsight  ${line}`);
}
if (!isEqual) process.exit(1);
const calls = ours.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
console.log(`tables equal: ${ours.length} syscalls, ${calls} calls\n`);
if (flags['only-tables']) process.exit(0);

// The time.
const seconds = (value) => `${value.toFixed(3)} s`;
const speed = alternate(summary, mawk, pairs);
row('summary, CPU', seconds(speed.first.cpu));
row('mawk, CPU', seconds(speed.second.cpu));
row(
  `summary / mawk, median of ${pairs} pairs`,
  speed.ratio.toFixed(2),
  `goal <= 0.70   (${speed.ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`,
);
const context = alternate(summary, tuned, Math.max(1, Math.min(3, pairs)));
row('summary / mawk that does not split', context.ratio.toFixed(2), 'context');
const report = alternate(full, mawk, Math.max(1, Math.min(3, pairs)));
row(
  'full report / mawk',
  report.ratio.toFixed(2),
  `goal <= 0.90   (${report.ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`,
);
row('summary, wall', seconds(speed.first.wall), `${(size / 1e6 / speed.first.wall).toFixed(0)} MB/s`);
row('wc -l, CPU', seconds(timed(['wc', '-l', log]).cpu), 'context');
const peak = peakMebibytes(full);
row(
  'full report, peak memory',
  peak === undefined ? '?' : `${peak.toFixed(1)} MiB`,
  peak === undefined ? 'no /usr/bin/time' : 'goal < 100 MiB',
);
const piped = peakMebibytes([
  'bash',
  '-c',
  'cat "$1" | "$2" "$3" summary --json > /dev/null',
  'bash',
  log,
  process.execPath,
  bin,
]);
if (piped !== undefined) row('full report of a pipe, peak memory', `${piped.toFixed(1)} MiB`, 'goal < 100 MiB');

// The start.
const empty = join(temporary, 'empty.mjs');
writeFileSync(empty, '');
const version = [process.execPath, bin, '--version'];
const start = alternate(version, [process.execPath, empty], starts);
const milliseconds = (value) => `${(value * 1000).toFixed(0)} ms`;
row('node, an empty module', milliseconds(start.second.wall));
row(
  'runsight --version, above that',
  milliseconds(start.added.wall),
  `goal <= 75 ms   (median of ${starts} pairs; CPU ${milliseconds(start.added.cpu)})`,
);

// The diagnosis.
const diagnose = [process.execPath, bin, 'diagnose', FAILED_START];
const diagnoses = Array.from({ length: Math.max(3, Math.min(starts, 11)) }, () => timed(diagnose).wall);
row(
  `diagnose, a failed start of ${readdirSync(FAILED_START).filter((name) => name.endsWith('.txt')).length} files`,
  seconds(median(diagnoses)),
  'goal <= 0.5 s',
);
print();

if (has('hyperfine') && pairs >= 5) {
  console.log('\nhyperfine:');
  const quoted = (argv) => argv.map((word) => `'${word}'`).join(' ');
  const args = ['-N', '--style', 'basic', '--warmup', '1', '--runs', '5', quoted(summary), quoted(mawk)];
  spawnSync('hyperfine', args, { env: ENV, stdio: ['ignore', 'inherit', 'ignore'] });
}
