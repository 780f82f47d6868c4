/** Starts oclif; bundled with it and all commands, so that a start loads one file. */
import { execute } from '@oclif/core';
import { HelpPage } from './help-page.js';
import { COMMANDS } from './index.js';
import { EXIT } from '../errors.js';

/** For oclif, which finds them in the file that it is told in package.json. */
export { COMMANDS, HelpPage };
/** First words of all commands. */
const COMMAND_WORDS = [...new Set(Object.keys(COMMANDS).map((id) => id.split(':', 1)[0] ?? ''))];

/** What may stand where a command is expected. */
const GENERAL_FLAGS: ReadonlySet<string> = new Set(['--help', '-h', '--version', '-V']);

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

/** What is wrong with the first words: a slip of the hand, a path whose command was left out, a word too many. */
async function mistakeIn([word, below, more]: readonly string[]): Promise<string | undefined> {
  if (word === undefined || GENERAL_FLAGS.has(word)) return undefined;
  if (word.startsWith('-'))
    return wrong(`there is no flag ${shown(word)} before a command`, 'flags of a command stand behind it');
  if (!COMMAND_WORDS.includes(word) && !Object.hasOwn(COMMANDS, word)) {
    const { existsSync } = await import('node:fs');
    if (!existsSync(word)) {
      // oclif knows `rules list` as `rules:list`, too
      const [topic = ''] = word.split(':', 1);
      const known = wordsBelow(topic);
      return known.length > 0
        ? noCommand(word.slice(topic.length + 1), known, `${topic} `)
        : noCommand(word, COMMAND_WORDS, '', topic);
    }
    const { shellWord } = await import('../input/source.js');
    return wrong(`there is no command ${shown(word)}`, `to read it:  runsight diagnose ${shellWord(word)}`);
  }
  if (Object.hasOwn(COMMANDS, word) || below === undefined || below.startsWith('-')) return undefined;
  const known = wordsBelow(word);
  if (!known.includes(below)) return noCommand(below, known, `${word} `);
  const id = `${word}:${below}`;
  // oclif takes a word after a command without arguments for the name of another command
  const isFree = Object.keys(COMMANDS[id as keyof typeof COMMANDS].args ?? {}).length > 0;
  if (isFree || more === undefined || more.startsWith('-')) return undefined;
  return wrong(`${word} ${below} takes no argument, and was given ${shown(more)}`, '');
}

/** `list`, `show` of the commands whose first word is `rules`. */
function wordsBelow(topic: string): readonly string[] {
  const ids = Object.keys(COMMANDS).filter((id) => id.startsWith(`${topic}:`));
  return ids.map((id) => id.slice(topic.length + 1));
}

const shown = (word: string): string => JSON.stringify(word.slice(0, 80)).replace(/[^ -~]/g, '?');

/** `topic` is that of the known words, with a blank, or nothing; `meant` is the part of the word that may be near to one. */
async function noCommand(word: string, known: readonly string[], topic: string, meant = word): Promise<string> {
  const { nearest } = await import('../nearest.js');
  const near = nearest(meant, known).map((name) => topic + name);
  return wrong(
    `there is no command ${shown(`${topic}${word}`.trimEnd())}`,
    near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : `commands: ${known.map((name) => topic + name).join(', ')}`,
  );
}

function wrong(what: string, advice: string): string {
  return [`error: ${what}`, ...(advice === '' ? [] : [advice]), 'all commands: runsight --help'].join('\n  ') + '\n';
}
