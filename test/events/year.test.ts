/** The year that text headers lack: of the name, of the file's time, of the clock; and the turn of the year. */
import { describe, expect, it } from 'vitest';
import { stampOf, yearOf } from '../../src/events/year.js';
import { readAll, sourceOf } from '../tools/byte-source.js';
import { samples } from '../tools/samples.js';

const lineOn = (monthDay: string, clock = '12:00:00'): string => `I${monthDay} ${clock}.000000       1 x:0] a\n`;

describe('the year', () => {
  it.each<[what: string, name: string, modified: string | null, monthDay: string, value: number, from: string]>([
    ['of the name', 'runsc.log.20261123-222715.440052.boot.txt', null, '1123', 2026, 'file-name'],
    [
      'of the name, rather than of the file',
      'runsc.log.20191123-222715.440052.boot',
      '2026-01-01',
      '1123',
      2019,
      'file-name',
    ],
    ['of the name, records into the next', 'runsc.log.20201231-235959.000000.boot', null, '0101', 2021, 'file-name'],
    ['of the name, records of another zone', 'runsc.log.20210101-003000.000000.boot', null, '1231', 2020, 'file-name'],
    ['of the file', 'boot.log', '2024-06-15T12:00:00', '0615', 2024, 'file-time'],
    ['of the file, records of the year before', 'boot.log', '2024-01-05T12:00:00', '1230', 2023, 'file-time'],
    ['of the file, a zone ahead', 'boot.log', '2024-06-15T23:30:00', '0616', 2024, 'file-time'],
    ['of the clock', 'boot.log', null, '0301', 2026, 'now'],
    ['of the clock, not yet come', 'boot.log', null, '0305', 2025, 'now'],
    ['of the clock, with a stamp that is no date', 'runsc.log.20269923-992715.boot', null, '0301', 2026, 'now'],
  ])('is that %s', async (_, name, modified, monthDay, value, from) => {
    const bytes = Buffer.from(lineOn(monthDay));
    const source = sourceOf(bytes, { name, modified: modified === null ? null : new Date(modified).getTime() });
    const now = new Date(2026, 2, 2, 12);
    expect(yearOf(source, bytes.toString('latin1'), now)).toEqual({ value, from });
    const { events, reading } = await readAll(source, { now });
    expect(reading.year).toEqual({ value, from });
    expect(events[0]?.time).toBe(`${value}-${monthDay.slice(0, 2)}-${monthDay.slice(2)}T12:00:00.000000`);
  });

  it('turns from December to January, and only then', async () => {
    const text = ['1230', '1231', '0101', '0102', '1201', '0101', '0501', '0401'].map((day) => lineOn(day)).join('');
    const { events } = await readAll(sourceOf(Buffer.from(text), { name: 'a.20201230-000000.log' }));
    expect(events.map(({ time }) => time?.slice(0, 7))).toEqual([
      '2020-12',
      '2020-12',
      '2021-01',
      '2021-01',
      '2021-12',
      '2022-01',
      '2022-05',
      '2022-04',
    ]);
  });

  it('is no matter of JSON records, which carry their own', async () => {
    const { events, reading } = await readAll(
      sourceOf(Buffer.from('{"msg":"a","level":"info","time":"2026-11-23T22:23:37.322767879+05:30"}\n')),
    );
    expect(events[0]?.time).toBe('2026-11-23T22:23:37.322767879+05:30');
    expect(reading.year).toBeNull();
  });

  it('of all samples is that of their names', async () => {
    for (const { name, bytes } of samples()) {
      const stamp = stampOf(name);
      if (stamp === undefined || bytes.length === 0) continue;
      const { events } = await readAll(sourceOf(bytes.subarray(0, 20_000), { name }));
      const month = `${stamp.getFullYear()}-${stamp.getMonth() + 1}-`;
      const times = events.map(({ time }) => time).filter((time) => time !== null);
      if (times.some((time) => !time.startsWith(month))) expect(times).toEqual(name);
    }
  });
});

it('a stamp is a moment in the name, not in its folder', () => {
  expect(stampOf('runsc.log.20261123-222715.440052.boot.txt')).toEqual(new Date(2026, 10, 23, 22, 27, 15));
  expect(stampOf('/logs/20261123-222715/boot.log')).toBeUndefined();
  expect(stampOf('boot.120261123-2227155.log')).toBeUndefined();
});
