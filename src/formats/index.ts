/** The registry of output formats: which names `--format` takes, by document. */

/** A format that is not here does not exist; help and `--format` take their names from it. */
export const FORMATS = {
  compare: ['text', 'json', 'markdown'],
  compat: ['text', 'json', 'markdown'],
  diagnose: ['text', 'json', 'markdown'],
  summary: ['table', 'json', 'csv', 'markdown'],
  events: ['json', 'text'],
  scan: ['text', 'json', 'sarif'],
  follow: ['text', 'json'],
  rules: ['table', 'json'],
  rule: ['text', 'json'],
  seccomp: ['profile', 'text', 'json'],
} as const;

/** What `summary --by` shows: the table of syscalls, or one of the views. */
export const VIEWS = [
  'syscall',
  'process',
  'thread',
  'container',
  'file',
  'socket',
  'errno',
  'class',
  'second',
] as const;
/** Those, and what a flag of its own asks for. */
export type ViewName = (typeof VIEWS)[number] | 'histogram' | 'record';
