/** Events one a line: as JSON Lines, or as text for people. */
import type { LogEvent } from '../model/event.js';
import { harmlessJson } from './document.js';
import { printable } from './printable.js';

/** The contract's field order: what every event has, then what its kind has. */
export function eventJson(event: LogEvent, extra: Readonly<Record<string, unknown>> = {}): string {
  const { kind, ...rest } = event;
  return harmlessJson({ kind, ...rest, ...extra });
}

/** `boot.log:912  22:01:59.997224  syscall-exit  [ 1: 1] sh X access(...)`. */
export function eventText(event: LogEvent): string {
  const time = event.time ?? '-';
  return printable(`${event.source}:${event.line}  ${time}  ${event.kind}  ${event.message}`);
}
