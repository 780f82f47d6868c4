/** Lists that are cut: the rows that lead are the same however the logs are parted, and nothing is lost from the sums. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProcessUsage } from '../../src/analyzers/processes.js';
import type { SocketUsage } from '../../src/analyzers/sockets.js';
import { formatSummary } from '../../src/formats/summary.js';
import { addedOther, listedProcesses, listedSockets } from '../../src/report/bounds.js';
import { exit, partialOf, reportOf, summed } from './merging.js';

const MOST = 5;

function process(id: number, total: number): ProcessUsage {
  const times = { total_ns: total, waiting_ns: total / 2 };
  const source = `log-${id % 3}`;
  return {
    source,
    tgid: id,
    parent: null,
    program: null,
    argv: null,
    exit: null,
    threads: 1,
    calls: 2,
    errors: 1,
    ...times,
  };
}

function socket(id: number, calls: number): SocketUsage {
  const addresses = { family: null, type: null, local: null, peer: null };
  const counts = { calls, errors: 1, connects: 1, connect_errors: {}, accepted: 0, bytes_in: 7, bytes_out: 8 };
  return { source: `log-${id % 3}`, socket: `socket:[${id}]`, ...addresses, ...counts };
}

describe('rows that are cut in parts and once more together', () => {
  const totals = fc.array(fc.nat(6), { minLength: MOST + 1, maxLength: 30 });

  it('are those that are cut at once: processes', () => {
    fc.assert(
      fc.property(totals, fc.nat(30), (times, at) => {
        const rows = times.map((time, id) => process(id, time * 100));
        const whole = listedProcesses(rows, null, MOST);
        const [one, two] = [rows.slice(0, at), rows.slice(at)].map((part) => listedProcesses(part, null, MOST));
        const both = [...(two?.rows ?? []), ...(one?.rows ?? [])];
        const parted = listedProcesses(both, addedOther(one?.other ?? null, two?.other ?? null), MOST);
        expect(parted).toEqual(whole);
        expect(whole.other).toMatchObject({ processes: rows.length - MOST, calls: 2 * (rows.length - MOST) });
      }),
    );
  });

  it('are those that are cut at once: sockets', () => {
    fc.assert(
      fc.property(totals, fc.nat(30), (calls, at) => {
        const rows = calls.map((some, id) => socket(id, some));
        const whole = listedSockets(rows, null, MOST);
        const [one, two] = [rows.slice(0, at), rows.slice(at)].map((part) => listedSockets(part, null, MOST));
        const both = [...(two?.rows ?? []), ...(one?.rows ?? [])];
        const parted = listedSockets(both, addedOther(one?.other ?? null, two?.other ?? null), MOST);
        expect(parted).toEqual(whole);
        expect(whole.other).toMatchObject({ sockets: rows.length - MOST, bytes_in: 7 * (rows.length - MOST) });
      }),
    );
  });
});

it('the sum of what is not listed is shown as such, in every view', async () => {
  const partial = await partialOf(exit('read(0x3 socket:[1], 0x7f00, 0x1)'), { by: ['container'] });
  const sums = { other: true, threads: 3, calls: 40, errors: 5, total_ns: 6e6, waiting_ns: 1e6 } as const;
  const counts = { calls: 50, errors: 0, connects: 0, accepted: 0, bytes_in: 9, bytes_out: 0 };
  const report = reportOf(
    summed([
      {
        ...partial,
        other_processes: { ...sums, processes: 3 },
        other_sockets: { other: true, sockets: 4, ...counts },
      },
    ]),
  );
  const screen = { width: 100, paint: (_: unknown, text: string): string => text };
  for (const [view, headline, row] of [
    ['process', '4 processes: ', /^40,5,5000000,1000000,/m],
    ['socket', '5 sockets.', /^50,0,9,0,/m],
    ['container', 'container', /^,3,3,40,5,/m],
  ] as const) {
    const table = formatSummary(report, view, 'table', screen);
    expect(table).toContain(headline);
    expect(table).toContain('(all others)');
    expect(formatSummary(report, view, 'csv', screen)).toMatch(row);
  }
});
