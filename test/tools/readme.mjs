// Puts real output into the README: behind `<!-- output of: COMMAND -->` stands what the command prints, below the command
// itself if the block is a `console`; behind `<!-- file: PATH -->` the file. What shortens the output for the page (sed,
// head, grep) is not shown. `node test/tools/readme.mjs` writes, `--check` only says whether it is as it should be.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const RUNSIGHT = /(?<=^|\| |; |xargs -n1 )(?:npx )?runsight /g;
const SHORTENED = / \| (?:sed|head|grep|tail) .*/;

/** Runs the built command (in its shell pipe) as a reader of the README would: no terminal, no colours. */
function outputOf(command) {
  const line = command.replace(RUNSIGHT, `"${process.execPath}" bin/run.js `);
  return execFileSync('bash', ['--norc', '-c', line], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
  });
}

const BLOCK = /(<!-- (output of|file): (.+?) -->\n\n```(\w+)\n)[\s\S]*?(```\n)/g;

/** The README with every block made anew. */
export function readme() {
  const text = readFileSync(`${root}README.md`, 'utf8');
  return text.replace(BLOCK, (_, head, kind, what, language, tail) => {
    const body = kind === 'file' ? readFileSync(root + what, 'utf8') : outputOf(what);
    const typed = language === 'console' ? `$ ${what.replace(SHORTENED, '')}\n` : '';
    return `${head}${typed}${body.trimEnd()}\n${tail}`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = readme();
  if (!process.argv.includes('--check')) writeFileSync(`${root}README.md`, made);
  else if (made !== readFileSync(`${root}README.md`, 'utf8')) {
    console.error('README.md is not as the commands print it: run node test/tools/readme.mjs');
    process.exitCode = 1;
  }
}
