/** Which calls a filter was asked of, whatever it let pass: what there was where nothing is left. */
import { errnoName } from '../../grammars/errno.js';
import type { Analyzer, Fold } from '../model/analyzer.js';
import { isRestart, type LogEvent } from '../model/event.js';

/** Calls by syscall, and errors by name. */
export type SeenCalls = {
  readonly calls: number;
  readonly syscalls: ReadonlyMap<string, number>;
  readonly errnos: ReadonlyMap<string, number>;
};

/** Different names that are counted; no kernel has so many. */
const NAMES_LIMIT = 4096;

function count(counts: Map<string, number>, name: string): void {
  if (counts.size < NAMES_LIMIT || counts.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** strace prints `?` as result of a call that did not return. */
const hasReturned = (ret: string | null): boolean => ret !== null && ret !== '?';

/** An analyzer, and the function that shows it each call: see `slowestRecords`. */
export function seenCalls(): { readonly analyzer: Analyzer<SeenCalls>; readonly see: (event: LogEvent) => void } {
  let calls = 0;
  const syscalls = new Map<string, number>();
  const errnos = new Map<string, number>();
  return {
    see(event) {
      if (event.kind !== 'syscall-exit' && !(event.kind === 'native-syscall' && hasReturned(event.ret))) return;
      calls++;
      count(syscalls, event.name);
      if (event.errno !== null && event.errno !== 0 && !isRestart(event.errno)) count(errnos, errnoName(event.errno));
    },
    analyzer: {
      name: 'seen-calls',
      reads: [],
      start(): Fold<SeenCalls> {
        calls = 0;
        syscalls.clear();
        errnos.clear();
        return { see() {}, finish: () => ({ calls, syscalls, errnos }) };
      },
    },
  };
}
