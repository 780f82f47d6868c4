/**
 * One clock for the processes of a sandbox. Text logs print the local time of whoever writes, and these may disagree by whole
 * quarters of an hour: a process that lost /etc/localtime with its root writes UTC, a gofer changes in the middle of its file.
 */
import type { Evidence } from '../model/finding.js';
import type { Run } from './runs.js';

const STAMP = /(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)\.(\d{3})/;
const QUARTER = 15 * 60_000;
/** Zones are at most 14 hours from UTC: 28 apart. */
const MOST_QUARTERS = 28 * 4;
/** A file is opened when its process starts; so far its first record may lie behind its name. */
const SLACK = 60_000;
/** Between two records of a start there are seconds at most: a step that is so near to a quarter of an hour is one of the zone. */
const STEP_SLACK = 5_000;
/** A process changes its zone while it prepares its root, within its first records; later a long pause is a pause. */
const STEP_RECORDS = 400;

const hasZone = (time: string): boolean => /(?:Z|[+-]\d\d:\d\d)$/.test(time);

/** ISO text as milliseconds; text without a zone is taken as UTC, since only differences matter. */
export function millisOf(time: string): number {
  return Date.parse(hasZone(time) ? time : `${time}Z`);
}

/** A difference as whole quarters of an hour, in milliseconds; 0 where it is none. */
function quartersOf(difference: number, slack: number): number {
  const quarters = Math.round(difference / QUARTER);
  const isShift =
    quarters !== 0 && Math.abs(quarters) <= MOST_QUARTERS && Math.abs(difference - quarters * QUARTER) < slack;
  return isShift ? quarters * QUARTER : 0;
}

/** By how much the clock of a process jumps between two of its records that follow each other; 0: time goes on. */
export function stepOf(before: string | null, after: string | null, records: number): number {
  if (before === null || after === null || records > STEP_RECORDS) return 0;
  // nearly all pairs are of the same quarter: `2026-11-23T22:3`
  if (before.slice(0, 15) === after.slice(0, 15) || hasZone(after)) return 0;
  return quartersOf(millisOf(after) - millisOf(before), STEP_SLACK);
}

/** The time in a file's name, which the command that started the process gave it. */
function namedTime(source: string): number | undefined {
  const stamp = STAMP.exec(source.slice(source.lastIndexOf('/') + 1));
  if (stamp === null) return undefined;
  const [, year, month, day, hour, minute, second, milli] = stamp;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milli}Z`);
}

/** Adds how far each process is ahead of the command that started it: by the time in the name of its file, else by what that says. */
export function withShifts(runs: readonly Run[]): readonly Run[] {
  // A sandbox has the pid that its parent names; a gofer is pid 1 of a namespace of its own.
  const started = new Map<number, string>();
  for (const { children } of runs)
    for (const { what, pid, time } of children) if (what === 'sandbox') started.set(pid, time);
  return runs.map((run) => {
    // what is joined of several readings was told already
    if (run.firstTime === null || hasZone(run.firstTime) || run.shifts[0]?.line === 1) return run;
    const told = run.command === 'boot' && run.pid !== null ? started.get(run.pid) : undefined;
    const expected = namedTime(run.source) ?? (told === undefined ? undefined : millisOf(told));
    const ahead = expected === undefined ? 0 : quartersOf(millisOf(run.firstTime) - expected, SLACK);
    if (ahead === 0) return run;
    return { ...run, shifts: [{ line: 1, ahead }, ...run.shifts.map((one) => ({ ...one, ahead: one.ahead + ahead }))] };
  });
}

/** How far the clock of a process is ahead at a line. */
export function aheadAt(run: Run, line: number): number {
  return run.shifts.findLast((shift) => shift.line <= line)?.ahead ?? 0;
}

/** When a process began and when it wrote last, on the common clock; NaN without times. */
export function beginOf(run: Run): number {
  return run.firstTime === null ? Number.NaN : millisOf(run.firstTime) - aheadAt(run, 1);
}
export function endOf(run: Run): number {
  return run.lastTime === null ? Number.NaN : millisOf(run.lastTime) - aheadAt(run, Number.POSITIVE_INFINITY);
}

/** Says when a record was written, on the common clock; NaN where it has no time. Processes that share a file share its clock. */
export function clockOf(runs: readonly Run[]): (evidence: Evidence) => number {
  const bySource = new Map<string, Run>();
  for (const run of runs) if (!bySource.has(run.source)) bySource.set(run.source, run);
  return ({ source, time, line }) => {
    if (time === null) return Number.NaN;
    const run = bySource.get(source);
    return millisOf(time) - (run === undefined ? 0 : aheadAt(run, line));
  };
}
