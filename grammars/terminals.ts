/**
 * Every terminal of a runsc record, once: its name, its pattern, what it means. Productions (record.ts, banner.ts,
 * syscall.ts, native.ts) are lists of these; compile.ts makes the readers. Argument kinds have theirs in kinds.ts.
 */

/** One terminal. `pattern` is a regular expression without capturing groups that never matches nothing. */
export type Terminal = { readonly name: string; readonly pattern: string; readonly means: string };

function terminal(name: string, pattern: string, means: string): Terminal {
  return { name, pattern, means };
}

export const letter = terminal(
  'letter',
  '[IWD?]',
  'level: I info, W warning, D debug; ? for a level that has no letter',
);
export const monthDay = terminal('monthDay', '(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])', 'month and day; no year');
export const clock = terminal(
  'clock',
  '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{6}',
  'local time of the writing process, microseconds',
);
export const blanks = terminal('blanks', ' +', 'padding');
export const decimal = terminal('decimal', '[0-9]+', 'unsigned decimal number');
export const fileName = terminal('fileName', '[^ :\\n]+', 'base name of the Go file; the literal x until 20200127');
export const rest = terminal('rest', '[\\s\\S]+', 'everything up to the end of the record');
export const line = terminal('line', '[^\\n]+', 'everything up to the end of the line');

/** `% 4d`: blanks so that the number fills four columns, at least one. Bounded: an id fits 32 bits. */
export const padded = terminal('padded', ' +[0-9]{1,9}', 'task id, right aligned');
export const syscallName = terminal('syscallName', '[a-z0-9_]+', 'name in the tracer’s table, or sys_ and the number');
/** Lazy, and held by what must follow: raw bytes of the application, so it may hold anything but NUL. */
const raw = (direction: string): string => `[\\s\\S]{1,15}?(?= ${direction} ${syscallName.pattern}\\()`;
export const enteringComm = terminal(
  'enteringComm',
  raw('E'),
  'name of the task, 1 to 15 bytes (an empty one is left out)',
);
export const exitingComm = terminal('exitingComm', raw('X'), 'the same, in an exit line');
export const hex = terminal('hex', '0x[0-9a-f]+', 'lower-case hexadecimal number');
/**
 * Go prints the largest unit whose integer part is not zero: 480ns, 15.4µs, 2m3.4s, 1h0m5s, 0s. Bounded as Go's are: its
 * longest is 2562047h47m16.854775807s.
 */
export const duration = terminal(
  'duration',
  '(?:[0-9]{1,7}h)?(?:[0-9]{1,2}m)?[0-9]{1,3}(?:\\.[0-9]{1,9})?(?:ns|[\\u00b5\\u03bc]s|us|ms|s)',
  'elapsed time, time blocked included',
);
export const errnoNumber = terminal('errnoNumber', '[0-9]{1,6}', 'Linux number of an error; 512 to 516 are restarts');
/** gVisor's own text; rarely holds parentheses, never a newline. */
export const errnoText = terminal(
  'errnoText',
  '[^\\n]{1,200}?(?=\\) \\([^()\\n]*\\)$)',
  'text of the errno in gVisor’s words; bounded, so that a hostile record cannot make its search long',
);

const returned = `(?:${hex.pattern}|[0-9]+ \\(${hex.pattern}\\)|-1)`;
const failed = ` errno=${errnoNumber.pattern} \\([^\\n]{1,200}\\)`;
/** Arguments are read up to the result, which is matched at the end of the record: they may hold anything. */
export const exitArguments = terminal(
  'exitArguments',
  `[\\s\\S]+(?=\\) = ${returned}(?:${failed})? \\(${duration.pattern}\\)$)`,
  'argument text of an exit record',
);
export const enterArguments = terminal('enterArguments', '[\\s\\S]+(?=\\)$)', 'argument text of an enter record');

export const stars = terminal('stars', '\\*{10,}', 'edge of the banner');
export const sliceText = terminal('sliceText', '[\\s\\S]+(?=\\]$)', 'Go slice: words joined by blanks, unquoted');
export const word = terminal('word', '[^ ,\\n]+', 'a word without blanks and commas');
export const settingName = terminal('settingName', '[A-Za-z][A-Za-z0-9_]*', 'name of a field of runsc’s configuration');
export const flagName = terminal('flagName', '[A-Za-z0-9_-]+', 'command-line flag');
