/** What oclif says of a command line that it cannot read, as our own errors read: one line, what was meant, where help is. */
import { UserError } from '../errors.js';
import { nearest } from '../nearest.js';

/** What oclif throws while it parses; `flags` of a flag that is none. */
export type ParseError = Error & { readonly parse?: unknown; readonly flags?: unknown };

/** Added by oclif to each of them. */
const HELP = /\n+See more help with --help$/;
const NO_OPTION = /^Expected (--\S+?)=(.*) to be one of: (.*)$/s;
const NO_VALUE = /^Parsing (--\S+) \n\t(.*)$/s;
const LACKS = /^Flag (--\S+) expects (?:a value|one of these values: .*)$/;
const NO_ARGUMENT = /^Missing \d+ required args?:\n/;
const TOGETHER = /^The following errors? occurred:\s+/;
/** oclif dims some of its words on a terminal. */
// oxlint-disable-next-line no-control-regex
const DIMMED = /\u001B\[\d*m/g;
/** That flags of several values take what follows them: none of ours does. */
const GREEDY = /\n+Note: --[^]*$/;

/**
 * The mistake in a command line; undefined if `error` is none of those. `command` is `rules show`; `flags` are the names of its
 * flags.
 */
export function mistakeOf(error: ParseError, command: string, flags: readonly string[]): UserError | undefined {
  const said = error.message.replace(HELP, '');
  if (!('parse' in error || LACKS.test(said) || NO_VALUE.test(said))) return undefined;
  const help = `all flags: runsight ${command} --help`;
  const mistake = (message: string, word: string, known: readonly string[], prefix = ''): UserError => {
    const near = nearest(word, known).map((name) => prefix + name);
    return new UserError(message, {
      suggestions: [...(near.length === 0 ? [] : [`did you mean ${near.join(' or ')}?`]), help],
    });
  };
  if (Array.isArray(error.flags)) {
    const [first = '', ...more] = error.flags.map(String);
    const names = [first, ...more].map((flag) => flag.slice(0, 80)).join(', ');
    const message = more.length === 0 ? `there is no flag ${names}` : `there are no flags ${names}`;
    return mistake(message, /^--([^=]*)/.exec(first)?.[1] ?? '', flags, '--');
  }
  const [, flag = '', given = '', options = ''] = NO_OPTION.exec(said) ?? [];
  if (flag !== '') {
    const known = options.split(', ');
    return mistake(`${flag} ${given.slice(0, 80)}: not one of ${known.join(', ')}`, given, known);
  }
  const [, parsed, why = ''] = NO_VALUE.exec(said) ?? [];
  if (parsed !== undefined) return mistake(`${parsed}: ${why.charAt(0).toLowerCase()}${why.slice(1)}`, '', []);
  return mistake(
    said.replace(NO_ARGUMENT, 'missing: ').replace(TOGETHER, '').replace(DIMMED, '').replace(GREEDY, ''),
    '',
    [],
  );
}
