/** The year that text headers lack: of the file's name, else of its last change, else the latest that is not to come. */
import { differenceInDays } from 'date-fns/differenceInDays';
import { basename } from 'node:path';
import type { OpenSource } from '../input/source.js';
import type { YearFrom } from '../model/reading.js';

/** `20261123-222715` of `runsc.log.20261123-222715.440052.boot.txt`. Source: gVisor runsc/specutils DebugLogFile */
const STAMP = /(?:^|[^0-9])(20\d\d)(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(?:[^0-9]|$)/;

/** The moment in the name of a log file (in the zone of the command that made it), if it has one. */
export function stampOf(name: string): Date | undefined {
  const fields = STAMP.exec(basename(name))?.slice(1).map(Number);
  if (fields === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  const date = new Date(year, month - 1, day, hour, minute, second);
  // what is no month, day or hour runs over into the next
  const isSame = date.getMonth() === month - 1 && date.getDate() === day;
  return isSame && hour < 24 && minute < 60 && second < 60 ? date : undefined;
}

/**
 * The year of the first record of a source. A file's name tells when it was opened, so the record is the nearest; its
 * last change, and the clock, are later than the record (but for a zone).
 */
export function yearOf(source: OpenSource, text: string, now: Date = new Date()): { value: number; from: YearFrom } {
  // In a posted log nothing but other things may stand at the beginning of a line.
  const header = /^[IWD?](\d\d)(\d\d) /m.exec(text) ?? /[IWD?]?(\d\d)(\d\d)\W{1,2}\d\d:\d\d:\d\d\.\d{6}\b/.exec(text);
  const month = Number(header?.[1] ?? 0);
  const day = Number(header?.[2] ?? 0);
  const stamp = stampOf(source.name);
  if (stamp !== undefined) return { value: nearestYear(month, day, stamp), from: 'file-name' };
  if (source.modified !== null) return { value: latestYear(month, day, new Date(source.modified)), from: 'file-time' };
  return { value: latestYear(month, day, now), from: 'now' };
}

function nearestYear(month: number, day: number, moment: Date): number {
  const year = moment.getFullYear();
  if (month === 0) return year;
  const away = (candidate: number): number => Math.abs(differenceInDays(new Date(candidate, month - 1, day), moment));
  return [year - 1, year, year + 1].reduce((best, candidate) => (away(candidate) < away(best) ? candidate : best));
}

function latestYear(month: number, day: number, moment: Date): number {
  const year = moment.getFullYear();
  if (month === 0) return year;
  return differenceInDays(new Date(year, month - 1, day), moment) > 1 ? year - 1 : year;
}
