/** Starts oclif; bundled with it and all commands, so that a start loads one file. */
import { execute } from '@oclif/core';
import { COMMANDS } from './index.js';
import { EXIT } from '../errors.js';

/** For oclif, which finds them in the file that it is told in package.json. */
export { COMMANDS };
/** First words of all commands. */
const COMMAND_WORDS = [...new Set(Object.keys(COMMANDS).map((id) => id.split(':', 1)[0] ?? ''))];

/** Runs the command line. In the folder `dir` is package.json, from which oclif knows what there is. */
export async function start(dir: string): Promise<void> {
  // What nobody caught would be shown with the line of code it came from: half a megabyte, in a bundle.
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    const isOutput = error.syscall === 'write';
    const what = isOutput ? 'cannot write the output' : 'this is a bug of runsight';
    process.stderr.write(`error: ${what}: ${error.message}\n`);
    if (process.env['DEBUG'] && error.stack !== undefined) process.stderr.write(`${error.stack}\n`);
    process.exit(isOutput ? EXIT.unreadable : EXIT.bug);
  });
  const mistake = await mistakeIn(process.argv.slice(2));
  if (mistake !== undefined) {
    process.stderr.write(mistake);
    process.exit(EXIT.usage);
  }
  await execute({ dir });
}

/** What is wrong with a first word that is no command: a slip of the hand, or a path whose command was left out. */
async function mistakeIn([word]: readonly string[]): Promise<string | undefined> {
  if (word === undefined || word.startsWith('-') || COMMAND_WORDS.includes(word.split(':', 1)[0] ?? '')) {
    return undefined;
  }
  const [{ existsSync }, { nearest }, { shellWord }] = await Promise.all([
    import('node:fs'),
    import('../nearest.js'),
    import('../input/source.js'),
  ]);
  const shown = JSON.stringify(word.slice(0, 80)).replace(/[^ -~]/g, '?');
  const near = nearest(word, COMMAND_WORDS);
  const advice = existsSync(word)
    ? `to read it:  runsight diagnose ${shellWord(word)}`
    : near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : `commands: ${COMMAND_WORDS.join(', ')}`;
  return `error: there is no command ${shown}\n  ${advice}\n  all commands: runsight --help\n`;
}
