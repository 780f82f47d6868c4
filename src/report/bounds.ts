/** Lists that grow with the number of logs: the rows that lead, and the sum of all others. */
import type { ProcessUsage } from '../analyzers/processes.js';
import type { SocketUsage } from '../analyzers/sockets.js';
import type { OtherProcesses, OtherSockets } from '../model/report.js';

/**
 * Processes that are listed, and sockets. Each row is of one log, so that the rows that lead are the same in whatever order the logs
 * come.
 */
export const MOST_LISTED = 100_000;

export type Listed<Row, Other> = { readonly rows: readonly Row[]; readonly other: Other | null };

/** By code units: the same everywhere. */
export const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
const idOf = ({ tgid, tid }: ProcessUsage): number => tgid ?? tid ?? 0;

/** Most time first, and the sum of those beyond the bound and of `other`. */
export function listedProcesses<Row extends ProcessUsage>(
  all: readonly Row[],
  other: OtherProcesses | null = null,
  most = MOST_LISTED,
): Listed<Row, OtherProcesses> {
  const sorted = all.toSorted((a, b) => b.total_ns - a.total_ns || idOf(a) - idOf(b) || order(a.source, b.source));
  const beyond = sorted.slice(most);
  return { rows: sorted.slice(0, most), other: beyond.reduce<OtherProcesses | null>(withProcess, other) };
}

function withProcess(sum: OtherProcesses | null, row: ProcessUsage): OtherProcesses {
  return {
    other: true,
    processes: (sum?.processes ?? 0) + 1,
    threads: (sum?.threads ?? 0) + row.threads,
    calls: (sum?.calls ?? 0) + row.calls,
    errors: (sum?.errors ?? 0) + row.errors,
    total_ns: (sum?.total_ns ?? 0) + row.total_ns,
    waiting_ns: (sum?.waiting_ns ?? 0) + row.waiting_ns,
  };
}

/** Most calls first, and the sum of those beyond the bound and of `other`. */
export function listedSockets<Row extends SocketUsage>(
  all: readonly Row[],
  other: OtherSockets | null = null,
  most = MOST_LISTED,
): Listed<Row, OtherSockets> {
  const sorted = all.toSorted((a, b) => b.calls - a.calls || order(a.socket, b.socket) || order(a.source, b.source));
  const beyond = sorted.slice(most);
  return { rows: sorted.slice(0, most), other: beyond.reduce<OtherSockets | null>(withSocket, other) };
}

function withSocket(sum: OtherSockets | null, row: SocketUsage): OtherSockets {
  return {
    other: true,
    sockets: (sum?.sockets ?? 0) + 1,
    calls: (sum?.calls ?? 0) + row.calls,
    errors: (sum?.errors ?? 0) + row.errors,
    connects: (sum?.connects ?? 0) + row.connects,
    accepted: (sum?.accepted ?? 0) + row.accepted,
    bytes_in: (sum?.bytes_in ?? 0) + row.bytes_in,
    bytes_out: (sum?.bytes_out ?? 0) + row.bytes_out,
  };
}

/** The sum of two sums; null: there is none. */
export function addedOther<Other extends OtherProcesses | OtherSockets>(
  a: Other | null,
  b: Other | null,
): Other | null {
  if (a === null || b === null) return a ?? b;
  const sums = Object.entries(a).map(([name, value]) => [
    name,
    typeof value === 'number' ? value + (b[name as keyof Other] as number) : value,
  ]);
  return Object.fromEntries(sums) as Other;
}
