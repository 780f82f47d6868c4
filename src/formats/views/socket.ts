/** Sockets: where each is bound, whom it speaks to, what went through. */
import type { OtherSockets, SocketRow } from '../../model/report.js';
import { count, plural } from '../layout.js';
import type { View } from '../view.js';
import { counted, cutAtEnd, listed, sized, text } from './columns.js';
import { nativeNote } from './notes.js';

/** The last row may stand for many. */
type Row = SocketRow | OtherSockets;

/** As people call them. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  'inet stream': 'tcp',
  'inet dgram': 'udp',
  'inet6 stream': 'tcp6',
  'inet6 dgram': 'udp6',
};

function kindOf(row: Row): string {
  if ('other' in row) return '';
  const { family, type } = row;
  const kind = [family?.replace('AF_', '') ?? '?', type?.replace('SOCK_', '') ?? ''].join(' ').trim().toLowerCase();
  return PROTOCOLS[kind] ?? kind;
}

/**
 * Which side called: one that was made or accepted in the log (its family is known) and never connected was accepted; of one from
 * before the log, whose peer getpeername told, nobody knows.
 */
function sideOf({ connects, family }: SocketRow): string {
  if (connects > 0) return 'to';
  return family === null ? 'with' : 'from';
}

/** Whom it speaks to, what came of its connects and accepts, and where it is bound: first of all, if it speaks to nobody. */
function addressesOf(row: Row): string {
  if ('other' in row) return '(all others)';
  const { local, peer, connects, connect_errors: failed, accepted } = row;
  const words = [
    ...(peer !== null ? [`${sideOf(row)} ${peer}`] : local !== null ? [local] : []),
    ...(accepted === 0 ? [] : [`accepted ${count(accepted)}`]),
    ...(connects < 2 ? [] : [`${count(connects)} connects`]),
    ...(Object.keys(failed).length === 0 ? [] : [listed(failed)]),
    ...(peer === null || local === null ? [] : [`at ${local}`]),
  ];
  return words.join(', ');
}

export const socketView: View<Row> = {
  noun: ['socket', 'sockets'],
  columns: [
    counted('calls', (row) => row.calls),
    counted('errors', (row) => row.errors),
    sized('in', (row) => row.bytes_in),
    sized('out', (row) => row.bytes_out),
    text('socket', (row) => row.socket ?? null, {
      left: false,
      cell: (row) => row.socket?.replace(/^socket:/, '') ?? '',
    }),
    text('kind', kindOf),
    text('local', (row) => row.local ?? null, { hidden: true }),
    text('peer', (row) => row.peer ?? null, { hidden: true }),
    counted('accepted', (row) => row.accepted, { hidden: true }),
    counted('connects', (row) => row.connects, { hidden: true }),
    text('source', (row) => row.source ?? null, { hidden: true }),
    text('addresses', addressesOf, { cell: (row, room) => cutAtEnd(addressesOf(row), room) }),
  ],
  rows: ({ sockets = [] }) => sockets,
  headline: (_report, rows) =>
    `${plural(
      rows.reduce((sum, row) => sum + ('other' in row ? row.sockets : 1), 0),
      'socket',
    )}.`,
  notes: nativeNote,
};
