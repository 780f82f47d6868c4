/** Exit records of runsc's tracer whose lines somebody broke between the arguments, without a header: as pages show long calls. */
import { errnoName } from './errno.js';

export type BrokenCall = {
  readonly name: string;
  /** The arguments on one line. */
  readonly args: string;
  readonly errno: string;
  /** Lines before it in the text. */
  readonly at: number;
  readonly text: string;
};

/**
 *     worker X sendmsg(
 *       0xb socket:[7],
 *       0x7f1df25fecc0 {name=0x0, ...},
 *       0x40
 *     ) = 0 (0x0) errno=22 (invalid argument) (771ns)
 */
const EXIT =
  /(?:^|(?<=\n))[ \t]{0,8}(?:[IWD]\d{4} [\d:.]{15} +\d+ \S{1,40}\] )?(?:\[[ \d:()]{1,40}\] )?\S{0,15} ?X (?<name>[a-z][a-z0-9_]{1,40})\((?<args>(?:(?!\n[^\n]{0,60} [EX] [a-z]\w{1,40}\()[\s\S]){1,4000}?)\)\s{0,8}=\s{0,4}(?:0x[0-9a-f]{1,16}|-?\d{1,20}(?: \(0x[0-9a-f]{1,16}\))?)\s{1,8}errno=(?<errno>\d{1,3}) \(/g;

/** The refused calls of a text, those that stand on several lines. */
export function brokenCalls(text: string): readonly BrokenCall[] {
  if (!text.includes('\n') || !text.includes('errno=')) return [];
  return [...text.matchAll(EXIT)].flatMap(({ 0: whole, index, groups = {} }) => {
    if (!whole.includes('\n')) return [];
    const { name = '', args = '', errno = '' } = groups;
    return [
      {
        name,
        args: args.replace(/\s*\n\s*/g, ' ').trim(),
        errno: errnoName(Number(errno)),
        at: text.slice(0, index).split('\n').length - 1,
        text: text.slice(index, index + whole.length + 80).split('\n\n')[0] ?? whole,
      },
    ];
  });
}
