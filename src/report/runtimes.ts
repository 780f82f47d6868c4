/** What the releases that wrote the traces support: of several the least. */
import type { Runtimes } from '../analyzers/runtime.js';
import { supportTable } from '../knowledge/syscall-support.js';
import type { RuntimeRow, SyscallSupport } from '../model/report.js';

/** Each release and architecture once, the most sources first. */
export function runtimeRows(runtimes: Runtimes): readonly RuntimeRow[] {
  const rows = new Map<string, { release: string; architecture: 'amd64' | 'arm64'; sources: number }>();
  for (const { release, architecture } of runtimes.values()) {
    const key = `${release} ${architecture}`;
    const row = rows.get(key) ?? { release, architecture, sources: 0 };
    row.sources++;
    rows.set(key, row);
  }
  return [...rows.values()].toSorted((a, b) => b.sources - a.sources || (a.release < b.release ? -1 : 1));
}

/** The less a release supports, the earlier it stands. */
const LEVELS = ['unimplemented', 'handled', 'partial', 'full'] as const;

/** By the name of a syscall; null where no release is known, or the call is not. */
export function supportOf(runtimes: Runtimes): (name: string) => SyscallSupport | null {
  const tables = runtimeRows(runtimes).map(({ release, architecture }) => supportTable(architecture, release));
  return (name) =>
    tables
      .flatMap((table) => table(name) ?? [])
      .toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))[0] ?? null;
}
