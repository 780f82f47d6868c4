/** The registry of output formats: which names `--format` takes, by document. */

/** A format that is not here does not exist; help and `--format` take their names from it. */
export const FORMATS = {
  diagnose: ['text', 'json', 'markdown'],
  summary: ['table', 'json', 'csv', 'markdown'],
  events: ['json', 'text'],
  rules: ['table', 'json'],
  rule: ['text', 'json'],
} as const;

/** What `summary --by` shows: the table of syscalls, or one of the views. */
export const VIEWS = ['syscall', 'process', 'file', 'socket', 'errno', 'class'] as const;
export type ViewName = (typeof VIEWS)[number];
