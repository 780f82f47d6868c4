/** What holds of every reading, whatever the bytes: none lost, none twice, lines and counts right, two paths alike. */
import { expect } from 'vitest';
import type { LogEvent } from '../../src/model/event.js';
import { readAll, rowOf, sourceOf, type WholeReading } from '../tools/byte-source.js';

function countBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) {
    const key = keyOf(item);
    if (key !== undefined) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The events of these bytes are these bytes: in order, without a gap, each on its line. */
export function holdsEveryByte(bytes: Buffer, { events, reading }: WholeReading): void {
  let offset = 0;
  let newlines = 0;
  for (const event of events) {
    if (event.offset !== offset || event.line !== newlines + 1 || event.bytes <= 0) {
      expect({ offset: event.offset, line: event.line, bytes: event.bytes }).toEqual({
        offset,
        line: newlines + 1,
        bytes: expect.any(Number),
      });
      expect(event.bytes).toBeGreaterThan(0);
    }
    for (let at = bytes.indexOf(10, offset); at !== -1 && at < offset + event.bytes; at = bytes.indexOf(10, at + 1)) {
      newlines++;
    }
    offset += event.bytes;
  }
  expect(offset).toBe(bytes.length);
  const partial = bytes.length > 0 && bytes[bytes.length - 1] !== 10 ? 1 : 0;
  expect(reading.bytes).toBe(bytes.length);
  expect(reading.lines).toBe(newlines + partial);
  countsEvents(events, { events, rows: [], reading });
}

function countsEvents(events: readonly LogEvent[], { reading }: WholeReading): void {
  expect(reading.records).toBe(events.length);
  expect(reading.events).toEqual(countBy(events, ({ kind }) => kind));
  expect(reading.unread).toEqual(countBy(events, (event) => (event.kind === 'unread' ? event.why : undefined)));
  // A trace record without its end was cut by whoever stopped writing, too.
  const isCutOff = ({ cut, kind, site }: LogEvent): boolean =>
    cut !== undefined || (kind === 'note' && site?.startsWith('strace.go:') === true);
  expect(reading.truncated).toBe(events.filter(isCutOff).length);
  expect(reading.forged).toBe(events.reduce((sum, { forged }) => sum + (forged ?? 0), 0));
  expect(reading.repeated).toBe(events.filter(({ repeated }) => repeated === true).length);
}

/** The values of an event are those of JSON: no NaN, no infinity, nothing undefined. */
export function isPlain(events: readonly LogEvent[]): void {
  for (const event of events) {
    const odd = Object.entries(event).find(
      ([, value]) => value === undefined || (typeof value === 'number' && !Number.isFinite(value)),
    );
    if (odd !== undefined) expect(odd, event.message.slice(0, 200)).toBeUndefined();
    if ('task' in event && event.task !== undefined) {
      const ids = [event.task.tid, event.task.tgid, event.task.nested?.tid ?? 0, event.task.nested?.tgid ?? 0];
      if (ids.some((id) => id !== null && !Number.isInteger(id))) expect(ids, event.message).toEqual('whole numbers');
    }
  }
}

/** The bulk path says the same as the event path: reading, rows, and all events that are no calls. */
export function pathsAgree(whole: WholeReading, bulk: WholeReading): void {
  expect(bulk.reading).toEqual(whole.reading);
  const rows = whole.events.map(rowOf).filter((row) => row !== undefined);
  const others = whole.events.filter(({ kind }) => kind !== 'syscall-enter' && kind !== 'syscall-exit');
  if (JSON.stringify(bulk.rows) !== JSON.stringify(rows)) expect(bulk.rows).toEqual(rows);
  if (JSON.stringify(bulk.events) !== JSON.stringify(others)) expect(bulk.events).toEqual(others);
}

/** Two readings of the same bytes are one and the same. */
export function readsAlike(a: WholeReading, b: WholeReading): void {
  expect(a.reading).toEqual(b.reading);
  if (JSON.stringify(a.events) !== JSON.stringify(b.events)) expect(a.events).toEqual(b.events);
  if (JSON.stringify(a.rows) !== JSON.stringify(b.rows)) expect(a.rows).toEqual(b.rows);
}

/** Reads bytes by both paths and holds them to all of the above. */
export async function readSoundly(
  bytes: Buffer,
  options: { name?: string; size?: number | (() => number) } = {},
): Promise<WholeReading> {
  const whole = await readAll(sourceOf(bytes, options));
  const bulk = await readAll(sourceOf(bytes, options), { bulk: true });
  holdsEveryByte(bytes, whole);
  isPlain(whole.events);
  pathsAgree(whole, bulk);
  return whole;
}
