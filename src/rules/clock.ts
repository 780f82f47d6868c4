/** One clock for the processes of a sandbox: text logs print the local time of whoever writes, and these may disagree by whole hours. */
import type { Run, Runs } from '../analyzers/runs.js';
import type { Evidence } from '../model/finding.js';

const STAMP = /(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)\.(\d{3})/;
const QUARTER = 15 * 60_000;
/** A file is opened when its process starts; so far its first record may lie behind its name. */
const SLACK = 60_000;

/** ISO text as milliseconds; text without a zone is taken as UTC, since only differences matter. */
function millis(time: string): number {
  return Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(time) ? time : `${time}Z`);
}

/** By how much the clock of a process is ahead of that of the command that named its file: whole quarters of an hour, or 0. */
function shiftOf(run: Run): number {
  const stamp = STAMP.exec(run.source.slice(run.source.lastIndexOf('/') + 1));
  if (stamp === null || run.firstTime === null || /(?:Z|[+-]\d\d:\d\d)$/.test(run.firstTime)) return 0;
  const [, year, month, day, hour, minute, second, milli] = stamp;
  const named = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milli}Z`);
  const ahead = millis(run.firstTime) - named;
  const quarters = Math.round(ahead / QUARTER);
  return quarters !== 0 && Math.abs(ahead - quarters * QUARTER) < SLACK && Math.abs(quarters) <= 56
    ? quarters * QUARTER
    : 0;
}

/** A function that says when a record was written, on the common clock; NaN where it has no time. */
export function clockOf({ runs }: Runs): (evidence: Evidence) => number {
  const shifts = new Map<string, number>();
  for (const run of runs) if (!shifts.has(run.source)) shifts.set(run.source, shiftOf(run));
  return ({ source, time }) => (time === null ? Number.NaN : millis(time) - (shifts.get(source) ?? 0));
}
