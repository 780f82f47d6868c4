/**
 * Which name a call was to make, and whether another one made it: a rename or link that is refused between two mounts is followed by a
 * copy (mv, shutil.move, git, package managers), and nothing failed.
 */
import { splitArguments } from '../events/arguments.js';
import { splitNativeArguments } from '../events/native-arguments.js';
import type { NativeSyscallEvent, SyscallExit } from '../model/event.js';

type Call = SyscallExit | NativeSyscallEvent;

const MAKES = /^(?:rename(?:at2?)?|(?:sym)?link(?:at)?|mknod(?:at)?|mkdir(?:at)?|creat)$/;
const OPENS = /^open(?:at2?)?$/;
/** What stands behind the path of an open that makes the file or writes it anew. */
const TO_WRITE = /\bO_(?:CREAT|TRUNC|WRONLY)\b/;
/** Longer arguments name nothing that a program would make. */
const MOST_TEXT = 16_384;

/** The last path of a call's arguments, and where it ends in them. */
function lastPath({ kind, name, args }: Call): { readonly path: string; readonly end: number } | undefined {
  if (args.length > MOST_TEXT) return undefined;
  const pieces = kind === 'native-syscall' ? splitNativeArguments(name, args) : splitArguments(name, args);
  const found = pieces.findLast((piece) => piece.kind === 'Path');
  if (found?.kind !== 'Path' || found.path === undefined || found.path === '') return undefined;
  return { path: found.path, end: args.lastIndexOf(found.raw) + found.raw.length };
}

/** The name that a rename or link was to make, as it is printed. */
export function nameToMake(call: Call): string | undefined {
  return /^(?:rename|link)/.test(call.name) ? lastPath(call)?.path : undefined;
}

/** The name that a successful call made, or wrote anew. */
export function nameMade(call: Call): string | undefined {
  if (MAKES.test(call.name)) return lastPath(call)?.path;
  if (!OPENS.test(call.name) || !TO_WRITE.test(call.args)) return undefined;
  const found = lastPath(call);
  return found !== undefined && TO_WRITE.test(call.args.slice(found.end)) ? found.path : undefined;
}
