// Puts real output into the README: behind `<!-- output of: COMMAND -->` stands what the command prints, behind
// `<!-- file: PATH -->` the file. `node test/tools/readme.mjs` writes, `--check` only says whether it is as it should be.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the built command (and the shell pipe behind it) as a reader of the README would: no terminal, no colours. */
function outputOf(command) {
  const line = command.replace(/^runsight /, `"${process.execPath}" bin/run.js `);
  return execFileSync('bash', ['-c', line], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
  });
}

/** The README with every block made anew. */
export function readme() {
  const text = readFileSync(`${root}README.md`, 'utf8');
  return text.replace(/(<!-- (output of|file): (.+?) -->\n\n```\w+\n)[\s\S]*?(```\n)/g, (_, head, kind, what, tail) => {
    const body = kind === 'file' ? readFileSync(root + what, 'utf8') : outputOf(what);
    return `${head}${body.trimEnd()}\n${tail}`;
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
