/**
 * The first pieces of the arguments of a call, cheaply: descriptor, path, request. Most calls of a trace are told by these, and are
 * compared without taking all of their arguments apart (events/arguments.ts and native-arguments.ts do that for the others).
 */

import { unescaped } from '../events/native-arguments.js';

/** How arguments are written. */
export type Dialect = 'native' | 'runsc';

/** A descriptor as it is printed. */
export type Descriptor = { readonly fd: number; readonly shows: string };

const CWD = -100;

/** Where the first argument ends; the end of the text if it is the only one. A path may hold `, `, and is then cut there. */
export function firstEnd(args: string, dialect: Dialect): number {
  if (dialect === 'native') {
    const angle = args.indexOf('<');
    const comma = args.indexOf(', ');
    if (angle !== -1 && (comma === -1 || angle < comma)) {
      const close = args.indexOf('>, ', angle);
      return close === -1 ? args.length : close + 1;
    }
    return comma === -1 ? args.length : comma;
  }
  const comma = args.indexOf(', ');
  return comma === -1 ? args.length : comma;
}

/** `3</etc/passwd>`, `0x3 /etc/passwd`, `AT_FDCWD </srv>`: the descriptor in `[0, end)`. */
export function descriptorAt(args: string, end: number, dialect: Dialect): Descriptor {
  if (args.startsWith('AT_FDCWD')) {
    const shows = dialect === 'native' ? args.slice(9, end - 1) : args.slice(9, end);
    return { fd: CWD, shows };
  }
  if (dialect === 'native') {
    const angle = args.indexOf('<');
    if (angle === -1 || angle >= end) return { fd: Number.parseInt(args, 10), shows: '' };
    const shows = args.slice(angle + 1, args.charCodeAt(end - 1) === GREATER ? end - 1 : args.lastIndexOf('>', end));
    return { fd: Number.parseInt(args, 10), shows: shows.includes('\\') ? unescaped(shows) : shows };
  }
  const blank = args.indexOf(' ');
  if (blank === -1 || blank >= end) return { fd: Number.parseInt(args.slice(0, end), 16) | 0, shows: '' };
  const shows = args.slice(blank + 1, end);
  return { fd: Number.parseInt(args.slice(0, blank), 16) | 0, shows: shows === '(bad FD)' ? '' : shows };
}

/** A path argument that begins at `at`; undefined where it cannot be read (a null pointer). */
export function pathAt(args: string, at: number, dialect: Dialect): string | undefined {
  if (dialect === 'native') {
    if (args.charCodeAt(at) !== QUOTE) return undefined;
    const end = quoteEnd(args, at);
    const path = args.slice(at + 1, end - 1);
    return path.includes('\\') ? unescaped(path) : path;
  }
  if (args.charCodeAt(at) !== ZERO) return undefined;
  const blank = args.indexOf(' ', at);
  if (blank === -1) return undefined;
  const comma = args.indexOf(', ', at);
  if (comma !== -1 && comma < blank) return undefined;
  if (args.startsWith('(error ', blank + 1)) return undefined;
  return args.slice(blank + 1, comma === -1 ? args.length : comma);
}

/** Where the argument behind the one at `at` begins; the length of the text if it was the last. */
export function nextAt(args: string, at: number, dialect: Dialect): number {
  let from = at;
  if (dialect === 'native' && args.charCodeAt(at) === QUOTE) from = quoteEnd(args, at);
  const comma = args.indexOf(', ', from);
  return comma === -1 ? args.length : comma + 2;
}

function quoteEnd(text: string, at: number): number {
  for (let next = at + 1; next < text.length; next++) {
    const code = text.charCodeAt(next);
    if (code === BACKSLASH) next++;
    else if (code === QUOTE) return next + 1;
  }
  return text.length;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const GREATER = 0x3e;
const ZERO = 0x30;
