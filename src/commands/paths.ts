/** Which sources a command reads: those that were named, else stdin if it was handed over, else /tmp/runsc. */
import { existsSync } from 'node:fs';
import { UserError } from '../errors.js';
import { stdinIsGiven } from '../input/source.js';

/** Where Docker's and containerd's guides let runsc put its debug logs. */
export const DEFAULT_FOLDER = '/tmp/runsc';

export function pathsOf(argv: readonly string[]): readonly string[] {
  if (argv.length > 0) return argv;
  if (stdinIsGiven()) return ['-'];
  if (existsSync(DEFAULT_FOLDER)) return [DEFAULT_FOLDER];
  throw new UserError(
    `nothing to read: no path was given, stdin is no pipe or file, and ${DEFAULT_FOLDER} does not exist`,
    {
      suggestions: [
        'name a log or a folder:  runsight diagnose /path/to/runsc-logs',
        'or pipe it in:           cat boot.log | runsight diagnose',
        'to get logs, run runsc with --debug --debug-log=/tmp/runsc/ (and --strace for syscalls)',
      ],
    },
  );
}

/** What is followed: it need not exist yet. */
export function followedPath(path: string | undefined): string {
  return path ?? (stdinIsGiven() ? '-' : DEFAULT_FOLDER);
}
