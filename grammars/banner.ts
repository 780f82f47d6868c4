/** The start-up banner and the configuration block, in both shapes (2024-01-09 divides them). */
import { compileReader, field, literal, optional, production, skip, type Fields, type Production } from './compile.js';
import { decimal, flagName, hex, line, rest, settingName, sliceText, stars, word } from './terminals.js';

/**
 * Edge of the banner: first and last line of the block.
 *
 *     ***************************
 *     **************** gVisor ****************
 */
export const delimiter = production('delimiter', skip(stars), optional(literal(' gVisor '), skip(stars)));

/**
 * Lines between the edges. `field` is what the event is called; the first production that reads the line wins, so the
 * long version line stands before the short one.
 * Source: gVisor runsc/cli/main.go (cli.go since 20250915) Main, runsc/config/config.go Log
 */
export const BANNER: readonly { readonly field: string; readonly line: Production }[] = [
  // Args: [runsc --root=... do /bin/true]
  { field: 'args', line: production('args', literal('Args: ['), optional(field('args', sliceText)), literal(']')) },
  // Version release-20240729.0, go1.22.5, amd64, 2 CPUs, linux, PID 16706, PPID 16705, UID 0, GID 0
  {
    field: 'version',
    line: production(
      'longVersion',
      literal('Version '),
      field('version', word),
      literal(', '),
      field('go', word),
      literal(', '),
      field('arch', word),
      literal(', '),
      field('cpus', decimal),
      literal(' CPUs, '),
      field('os', word),
      literal(', PID '),
      field('pid', decimal),
      literal(', PPID '),
      field('ppid', decimal),
      literal(', UID '),
      field('uid', decimal),
      literal(', GID '),
      field('gid', decimal),
    ),
  },
  // Version release-20211019.0
  { field: 'version', line: production('version', literal('Version '), field('version', line)) },
  // Git Revision: adf8138e069a99aa7f3fe190a9a7c17a4e88b99a        until 20190304.1
  { field: 'revision', line: production('revision', literal('Git Revision: '), field('revision', line)) },
  { field: 'goos', line: production('goos', literal('GOOS: '), field('os', word)) },
  { field: 'goarch', line: production('goarch', literal('GOARCH: '), field('arch', word)) },
  { field: 'pid', line: production('pid', literal('PID: '), field('pid', decimal)) },
  {
    field: 'uid',
    line: production('uid', literal('UID: '), field('uid', decimal), literal(', GID: '), field('gid', decimal)),
  },
  // Page size: 0x1000 (4096 bytes)
  {
    field: 'page-size',
    line: production(
      'pageSize',
      literal('Page size: '),
      skip(hex),
      literal(' ('),
      field('pageBytes', decimal),
      literal(' bytes)'),
    ),
  },
  { field: 'heading', line: production('heading', literal('Configuration:')) },
  // Go started execution at ...        since 20250429
  { field: 'startup', line: production('startup', literal('Go started execution at '), field('started', rest)) },
  { field: 'startup', line: production('spawned', literal('runsc process spawned at '), field('spawned', rest)) },
];

/**
 * One field of the configuration in full (debug level, since 20240109).
 *
 *     Config.RootDir (--root): /var/run/runsc
 *     Config.PanicLog (--panic-log): (empty)
 *     Config.DisableSeccomp: false
 *
 * Source: gVisor runsc/config/config.go Log
 */
export const configField = production(
  'configField',
  literal('Config.'),
  field('setting', settingName),
  optional(literal(' (--'), field('flag', flagName), literal(')')),
  literal(': '),
  optional(field('value', rest)),
);

const readDelimiter = compileReader(delimiter);
const readConfigField = compileReader(configField);
const READERS = BANNER.map(({ field: name, line: shape }) => ({ name, read: compileReader(shape) }));

export function isDelimiter(message: string): boolean {
  return message.startsWith('*****') && readDelimiter(message) !== undefined;
}

/** Reads one line between the edges of the banner, by its field; undefined for anything else. */
export function readBannerLine(message: string): { readonly field: string; readonly values: Fields } | undefined {
  for (const { name, read } of READERS) {
    const values = read(message);
    if (values !== undefined) return { field: name, values };
  }
  return undefined;
}

/**
 * Several settings on one line: `FileAccess: exclusive, overlay: false`, `FileAccess: exclusive / Directfs: true`,
 * `Debug: true. Strace: true, max size: 1024, syscalls: `. A value may hold commas, so only a name and a colon end it.
 */
const SETTING = /(?:^[\t ]*|, | \/ |\. )([A-Za-z][A-Za-z0-9 ]{0,30}): ?/g;

/** From 20200907 to 20210607 two settings print the number of their constant. Source: gVisor runsc/config/config.go */
const NUMBERED: Readonly<Record<string, readonly string[]>> = {
  FileAccess: ['exclusive', 'shared'],
  Network: ['sandbox', 'host', 'none'],
};

/** A line of the configuration block as settings by printed name; undefined for a line that is none. */
export function readConfigLine(
  message: string,
): { readonly flag: string | undefined; readonly values: Record<string, string> } | undefined {
  if (message.startsWith('Config.')) {
    const full = readConfigField(message);
    if (full?.setting === undefined) return undefined;
    const value = full.value === undefined || full.value === '(empty)' ? '' : full.value;
    return { flag: full.flag, values: { [`Config.${full.setting}`]: value } };
  }
  const starts = [...message.matchAll(SETTING)];
  if (starts[0]?.index !== 0) return undefined;
  const values: Record<string, string> = {};
  for (const [index, start] of starts.entries()) {
    const name = start[1] ?? '';
    const value = message.slice(start.index + start[0].length, starts[index + 1]?.index).trimEnd();
    values[name] = (/^\d$/.test(value) ? NUMBERED[name]?.[Number(value)] : undefined) ?? value;
  }
  return { flag: undefined, values };
}
