/** Errors: which calls failed so, on which paths, and whether that is normal. */
import type { ErrnoRow } from '../../model/report.js';
import { count, labelled, plural } from '../layout.js';
import { printable } from '../printable.js';
import type { View } from '../view.js';
import { counted, cutAtBegin, listed, text } from './columns.js';
import { nativeNote } from './notes.js';

const MOST_CALLS = 2;
const MOST_REASONS = 8;

/** `openat:4 stat:2`: for programs. */
const pairs = (entries: readonly (readonly [string, number])[]): string =>
  entries.map(([name, n]) => `${name}:${n}`).join(' ');

/** The reasons of the errors that are shown, each once. */
function reasonsOf(rows: readonly ErrnoRow[]): readonly (readonly [string, string])[] {
  return rows
    .flatMap(({ name, why }) => {
      const calls = new Map<string, string[]>();
      for (const one of why) calls.set(one.why, [...(calls.get(one.why) ?? []), one.syscall]);
      return [...calls].map(([reason, names]): [string, string] => [
        name,
        `${names.slice(0, MOST_CALLS + 1).join(', ')}${names.length > MOST_CALLS + 1 ? ', …' : ''}: ${reason}`,
      ]);
    })
    .slice(0, MOST_REASONS);
}

export const errnoView: View<ErrnoRow> = {
  noun: ['error', 'errors'],
  columns: [
    counted('count', (row) => row.count),
    counted('normal', (row) => row.normal),
    text('errno', (row) => row.name),
    text('calls', (row) => pairs(Object.entries(row.syscalls)), {
      cell: (row) => printable(listed(row.syscalls, MOST_CALLS)),
    }),
    {
      ...text<ErrnoRow>('paths', (row) => pairs((row.paths ?? []).map(({ path, count: n }) => [path, n]))),
      cell: (row, room) => {
        const [first, second] = row.paths ?? [];
        if (first === undefined) return '';
        const n = ` ${count(first.count)}${second === undefined ? '' : ', …'}`;
        return cutAtBegin(first.path, room - n.length) + n;
      },
    },
  ],
  rows: ({ errnos }) => errnos,
  headline: (_report, rows) => {
    const failed = rows.reduce((sum, row) => sum + row.count, 0);
    const normal = rows.reduce((sum, row) => sum + row.normal, 0);
    const part = normal === 0 ? '' : `; ${count(normal)} of them as healthy programs meet them, too`;
    return `${plural(failed, 'call')} failed, with ${plural(rows.length, 'error')}${part}.`;
  },
  notes: (report, screen, _choice, shown) => [
    ...reasonsOf(shown).flatMap(([name, why], index) =>
      labelled(index === 0 ? 'normal' : '', printable(`${name} of ${why}`), 11, screen, 0),
    ),
    ...nativeNote(report, screen),
  ],
};
