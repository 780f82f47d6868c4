/** A record as evidence: where it stands and what it says, as it is; secrets are masked in the report. */
import type { LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';

export function evidenceOf(event: LogEvent): Evidence {
  return { source: event.source, line: event.line, time: event.time, text: event.message.trimEnd() };
}
