/** Text for terminals that show ASCII alone: the signs that this program writes itself have a likeness there. */

const LIKENESS: Readonly<Record<string, string>> = {
  µ: 'u',
  '…': '...',
  '·': '|',
  '–': '-',
  '→': '->',
};

/** Everything else beyond ASCII, which only the log can have brought, becomes `?`. */
export function inAscii(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[^\x00-\x7f]/gu, (c) => LIKENESS[c] ?? '?');
}

/** Does the locale name an encoding that is not UTF-8? Where none is set, terminals show UTF-8. */
export function isAsciiLocale(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  return locale !== '' && !/utf-?8/i.test(locale);
}
