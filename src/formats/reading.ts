/** The last line of every text report: what was read, and what of it was not understood. */
import type { Reading } from '../model/reading.js';
import { bytes, count, plural, type Screen, wrap } from './layout.js';

/** Sums of all sources, for people: one sentence. */
export function readText(readings: readonly Reading[]): string {
  if (readings.length === 0) return 'nothing.';
  const total = { bytes: 0, records: 0, truncated: 0, forged: 0, repeated: 0 };
  const unread = new Map<string, number>();
  for (const reading of readings) {
    total.bytes += reading.bytes;
    total.records += reading.records;
    total.truncated += reading.truncated;
    total.forged += reading.forged;
    total.repeated += reading.repeated;
    for (const [why, n] of Object.entries(reading.unread)) unread.set(why, (unread.get(why) ?? 0) + n);
  }
  const notes: string[] = [];
  for (const [why, n] of unread) notes.push(`${count(n)} not understood (${why})`);
  if (total.truncated > 0) notes.push(`${count(total.truncated)} cut off`);
  if (total.forged > 0) notes.push(`${count(total.forged)} forged`);
  if (total.repeated > 0) notes.push(`${count(total.repeated)} written twice, counted once`);
  // in a log, all but what follows a record belongs to one
  const strays = readings.reduce((sum, { format, events }) => sum + (format === 'text' ? 0 : (events.text ?? 0)), 0);
  if (strays > 0) notes.push(`${plural(strays, 'piece')} of other text between them`);
  const copies = readings.filter((reading) => reading.repeats !== undefined).length;
  if (copies > 0) notes.push(`${plural(copies, 'file')} repeating another, counted once`);
  const guessed = readings.filter((reading) => reading.year?.from === 'now').length;
  if (guessed > 0) notes.push('no year in the log, the latest possible one assumed');
  if (unread.size === 0 && total.truncated === 0 && strays === 0) notes.unshift('everything understood');
  return `${plural(readings.length, 'file')}, ${bytes(total.bytes)}, ${plural(total.records, 'record')}; ${notes.join(', ')}.`;
}

/** The same as a paragraph, with what shows more. */
export function readLine(readings: readonly Reading[], more: string, screen: Screen): string[] {
  const text = readings.length === 0 ? readText(readings) : `${readText(readings)} ${more}`;
  return wrap(text, screen.width - 11).map((line, index) =>
    index === 0 ? `Read       ${line}` : `           ${line}`,
  );
}
