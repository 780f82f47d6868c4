/** Starts oclif; bundled with it, so that a start loads one file. */
import { execute } from '@oclif/core';
import { EXIT } from './errors.js';

/** Runs the command line. `dir` is the URL of the file that was started, from which oclif finds package.json. */
export async function start(dir: string): Promise<void> {
  // What nobody caught would be shown with the line of code it came from: half a megabyte, in a bundle.
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    const isOutput = error.syscall === 'write';
    const what = isOutput ? 'cannot write the output' : 'this is a bug of runsight';
    process.stderr.write(`error: ${what}: ${error.message}\n`);
    if (process.env['DEBUG'] && error.stack !== undefined) process.stderr.write(`${error.stack}\n`);
    process.exit(isOutput ? EXIT.unreadable : EXIT.bug);
  });
  await execute({ dir });
}
