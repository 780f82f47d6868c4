/**
 * The goals of `summary` and `events` in one table: each against a yardstick that does the same job, timed in turn.
 *
 *     node goals.mjs [--mb 1600] [--pairs 3] [--pipe-gb 5]
 *
 * Yardsticks are mawk (table.awk, native.awk), a C program that checks nothing (table.c), and jq (counts.jq); what is missing
 * on the machine is left out and said. Tables must be equal first. CPU is user + system of the whole process, the start
 * included; the logs are made here and name some 200,000 different paths. `--pipe-gb 0` leaves the long pipe out.
 */
import { spawn } from 'node:child_process';
import { createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { alternate, bin, has, here, peakMebibytes, print, row, run, temporary } from './measure.mjs';

const { values: flags } = parseArgs({
  options: {
    mb: { type: 'string', default: '1600' },
    pairs: { type: 'string', default: '3' },
    'pipe-gb': { type: 'string', default: '5' },
  },
});
const pairs = Number(flags.pairs);
const node = process.execPath;
const ours = (...args) => [node, bin, ...args];
const COLUMNS = ['--columns', 'name,calls,errors,total,max'];

function made(name, script, ...args) {
  const file = join(temporary, name);
  run([node, join(here, script), ...args.map((arg) => (arg === '@' ? file : arg))]);
  console.log(`${name}: ${(statSync(file).size / 1e6).toFixed(0)} MB`);
  return file;
}

/** Lines `name calls errors [total longest]` of a summary. */
function tableOf(log, withTimes) {
  return JSON.parse(run(ours('summary', '--json', log)))
    .syscalls.filter(({ calls }) => calls > 0)
    .map((of) => {
      const counts = `${of.name} ${of.calls} ${of.errors + of.restarts}`;
      return withTimes ? `${counts} ${of.total_ns} ${of.max_ns}` : counts;
    })
    .toSorted();
}

function mustBeEqual(what, log, yardstick, withTimes = true) {
  const theirs = run(yardstick).trimEnd().split('\n').toSorted();
  const own = tableOf(log, withTimes);
  if (own.length > 0 && own.join('\n') === theirs.join('\n')) return;
  const different = own.filter((line) => !theirs.includes(line));
  throw new Error(`${what}: the tables differ, first in ${different[0] ?? theirs.find((line) => !own.includes(line))}`);
}

const span = ({ ratios }) => `(${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`;
/** By CPU; `isWall`: by the clock. */
function compare(what, command, yardstick, goal, isWall = false) {
  const measured = alternate(command, yardstick, pairs);
  const { ratio, ratios } = isWall ? measured.wall : measured;
  row(what, ratio.toFixed(2), `${goal}   ${span({ ratios })}`);
  return measured;
}

const large = made('large.log', 'make-log.mjs', '@', flags.mb);
const small = made('small.log', 'make-log.mjs', '@', '400');
const hundred = made('hundred.log', 'make-log.mjs', '@', '100');
const mawk = (log) => ['mawk', '-f', join(here, 'table.awk'), log];
if (!has('mawk')) throw new Error('mawk is missing: apt-get install mawk');

mustBeEqual('table', large, mawk(large));
compare('table, large log / mawk', ours('summary', ...COLUMNS, large), mawk(large), 'must 0.30, aim 0.18');
if (has('cc')) {
  const floor = join(temporary, 'table');
  run(['cc', '-O2', '-o', floor, join(here, 'table.c')]);
  mustBeEqual('C program', large, [floor, large]);
  compare('table, large log / C program', ours('summary', ...COLUMNS, large), [floor, large], 'aim 2.00');
} else row('table / C program', '-', 'cc is missing');
compare(
  'full report, large log, 200,000 paths / mawk',
  ours('summary', '--json', large),
  mawk(large),
  'must 0.70, aim 0.45',
);
compare('full report, 400 MB / mawk', ours('summary', '--json', small), mawk(small), 'must 0.90, aim 0.70');
compare('table with percentiles, 400 MB / mawk', ours('summary', small), mawk(small), 'must 0.70, aim 0.50');

if (has('jq')) {
  const json = made('json.log', 'convert-log.mjs', 'json', small, '@', '300');
  const jq = ['jq', '-n', '-r', '-f', join(here, 'counts.jq'), json];
  mustBeEqual('JSON log', json, jq, false);
  const { ratio } = alternate(ours('summary', ...COLUMNS, json), jq, 1);
  row('jq / counts of a JSON log', (1 / ratio).toFixed(1), 'must 20, aim 40   (one pair)');
} else row('jq / counts of a JSON log', '-', 'jq is missing');

const native = made('native.log', 'convert-log.mjs', 'native', '@', '400');
const split = ['mawk', '-f', join(here, 'native.awk'), native];
mustBeEqual('native trace', native, split);
compare('native trace, same columns / mawk', ours('summary', ...COLUMNS, native), split, 'must 1.00, aim 0.50');

compare('events --json of 100 MB / mawk, wall', ours('events', hundred), mawk(hundred), 'must 6, aim 3', true);

compare('scan with all rules, 400 MB / mawk, wall', ours('scan', '--json', small), mawk(small), 'must 2.00', true);
const none = join(temporary, 'none.yaml');
writeFileSync(
  none,
  'rules: [{ id: none, title: None, severity: low, message: none, when: syscall == swapoff and not ok }]\n',
);
const without = ours('scan', '--json', '--only-own', '--rules', none, small);
compare('scan with one rule that fits nothing, 400 MB / mawk, wall', without, mawk(small), '', true);

const megabytes = (peak) => (peak === undefined ? '?' : `${peak.toFixed(0)} MiB`);
row('full report, 400 MB, peak', megabytes(peakMebibytes(ours('summary', '--json', small))), 'must 100, aim 64');
row('scan with all rules, 400 MB, peak', megabytes(peakMebibytes(ours('scan', '--json', small))), 'must 250');
row('full report, large log, peak', megabytes(peakMebibytes(ours('summary', '--json', large))), 'must 100, aim 80');

/** Memory of a full report of what comes through a pipe, once so many gigabytes have gone into it. */
async function pipeOf(gigabytes) {
  const child = spawn(node, [bin, 'summary', '--json'], { stdio: ['pipe', 'ignore', 'inherit'] });
  const peakNow = () => Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
  const ended = new Promise((resolve) => child.on('close', resolve));
  let next = 1e9;
  let sent = 0;
  while (sent < gigabytes * 1e9) {
    for await (const chunk of createReadStream(large, { highWaterMark: 1 << 20 })) {
      if (!child.stdin.write(chunk)) await new Promise((resolve) => child.stdin.once('drain', resolve));
      sent += chunk.length;
      if (sent >= next) {
        row(
          `full report of a pipe, peak at ${Math.round(sent / 1e9)} GB`,
          `${peakNow().toFixed(0)} MiB`,
          'must 100, flat',
        );
        next += 2e9;
      }
      if (sent >= gigabytes * 1e9) break;
    }
  }
  child.stdin.end();
  await ended;
}
if (Number(flags['pipe-gb']) > 0) await pipeOf(Number(flags['pipe-gb']));

const empty = join(temporary, 'empty.mjs');
writeFileSync(empty, '');
const start = alternate(ours('--version'), [node, empty], 15);
row('--version, above node’s own start', `${(start.added.wall * 1000).toFixed(0)} ms`, 'must 75 ms, aim 40 ms');
console.log();
print();
