/** A record as evidence: where it stands and what it says, as it is; secrets are masked in the report. */
import type { LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';

/** Fields in which engines put the error itself; their message only says what was tried. */
const ERRORS = ['error', 'err'] as const;

export function evidenceOf(event: LogEvent): Evidence {
  const message = event.message.trimEnd();
  const errors = 'fields' in event ? ERRORS.flatMap((name) => event.fields[name] ?? []) : [];
  const text = [message, ...errors.filter((error) => error !== '' && !message.includes(error))].join(': ');
  return { source: event.source, line: event.line, time: event.time, text };
}
