/** What can go wrong that is not the log's fault, and the exit code of each. */

/** The exit codes of the contract. */
export const EXIT = {
  done: 0,
  findings: 1,
  usage: 2,
  unreadable: 3,
  bug: 70,
  /** Ended by a second Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

/** The user can act: says what is wrong, where, and what to do next. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exit: number;
  readonly suggestions: readonly string[];
  constructor(message: string, options: { exit?: number; suggestions?: readonly string[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exit = options.exit ?? EXIT.usage;
    this.suggestions = options.suggestions ?? [];
  }
}

/** A file that the user named beside the logs cannot be read; `what` it should be. */
export function unreadable(what: string, path: string, error: unknown): UserError {
  const { code, message } = error as Error & { readonly code?: string };
  const shown = JSON.stringify(path);
  const why = code === undefined ? undefined : WHY[code];
  return new UserError(
    code === 'ENOENT' ? `there is no ${what} ${shown}` : `cannot read the ${what} ${shown}: ${why ?? message}`,
    { exit: EXIT.unreadable, suggestions: code === 'ENOENT' ? ['check the path'] : [] },
  );
}
const WHY: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
};

/** We erred: the stack is shown with DEBUG, and a sample asked for. */
export class BugError extends Error {
  override readonly name = 'BugError';
}
