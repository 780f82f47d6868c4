// Records what `runsight follow --summary` shows on a terminal while a container fails and another one works: the text of the
// last screen, times and rates as they might be. `node test/tools/follow-session.mjs > test/follow/session.txt`
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SAMPLES = ['bind-source-missing', 'attack-dropped-program'].map((name) =>
  join(root, 'samples/release-20240729', name),
);
const ESCAPE = '\u001b';

/** What a terminal shows of this output: the foot is drawn by going up so many lines and erasing what is below. */
export function screenOf(output) {
  const lines = [''];
  for (const part of output.split(new RegExp(`(${ESCAPE}\\[\\d*[AJ]|\\r?\\n)`))) {
    const up = /\[(\d+)A$/.exec(part);
    if (up !== null) lines.splice(lines.length - 1 - Number(up[1]), Number(up[1]) + 1, '');
    else if (part === '\n' || part === '\r\n') lines.push('');
    else if (!part.startsWith(ESCAPE)) lines[lines.length - 1] += part;
  }
  return lines.join('\n').trimEnd();
}

/** Times of the clock, rates and folders differ from run to run. */
export function steady(text) {
  return text
    .replace(/^\d\d:\d\d:\d\d/gm, '09:30:00')
    .replace(/told at \d\d:\d\d:\d\d/g, 'told at 09:30:00')
    .replace(/, [\d,]+\/s,/g, ', 0/s,');
}

const wait = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

export async function record() {
  const folder = mkdtempSync(join(tmpdir(), 'follow-session-'));
  const run = `stty rows 60 cols 80; exec "${process.execPath}" bin/run.js follow --from start --summary ${folder}`;
  const child = spawn('python3', ['-c', 'import pty,sys; pty.spawn(["sh","-c",sys.argv[1]])', run], {
    cwd: root,
    env: { PATH: process.env.PATH, TERM: 'xterm', NO_COLOR: '1', TZ: 'UTC' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  const shows = async (text) => {
    for (let waited = 0; waited < 20_000 && !output.includes(text); waited += 50) await wait(50);
  };
  await wait(3000);
  for (const sample of SAMPLES) {
    for (const name of readdirSync(sample)
      .filter((one) => one !== 'sample.json')
      .toSorted()) {
      const bytes = readFileSync(join(sample, name));
      appendFileSync(join(folder, name.replace(/\.gz$/, '')), name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
    }
    await wait(1500);
  }
  await shows('calls,');
  await wait(1500);
  const screen = screenOf(output).replaceAll(folder, '/tmp/runsc');
  child.stdin.end('\u0003');
  await new Promise((resolve) => child.on('close', resolve));
  rmSync(folder, { recursive: true });
  return steady(screen);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await record());
