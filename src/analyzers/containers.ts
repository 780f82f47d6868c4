/** Which container a process of a sandbox was started for: told by the last order before its first record. */
import type { Analyzer, Fold } from '../model/analyzer.js';
import type { LogEvent } from '../model/event.js';
import type { SourceName } from '../model/units.js';
import { processOf } from './runs.js';

/**
 * By source and process (thread group; task in logs without one): the container that was started last when its first
 * record came. That holds for first processes; what they fork belongs to them. Null where the log tells none.
 */
export type Containers = ReadonlyMap<SourceName, ReadonlyMap<number, string | null>>;

/** Processes that are kept apart, in each source. */
const PROCESSES_LIMIT = 100_000;

/** `containerManager.StartSubcontainer, cid: api, args: ...`, `containerManager.StartRoot "web"`. */
const ORDER =
  /^containerManager\.(?:StartRoot|StartSubcontainer|ExecuteAsync|Restore|RestoreSubcontainer)[,:]? (?:cid: |")(?<container>[^",\s]+)/;

/** Reads trace records as columns, in the order of the other records. */
export const containers: Analyzer<Containers> = {
  name: 'containers',
  reads: ['banner', 'note'],
  start(): Fold<Containers> {
    const all = new Map<SourceName, Map<number, string | null>>();
    let processes = new Map<number, string | null>();
    let source: SourceName = '';
    let current: string | null = null;
    return {
      wantsTexts: true,
      sourceStarts(name) {
        source = name;
        current = null;
        processes = new Map();
        all.set(source, processes);
      },
      passesIdle: true,
      isFor: (event) => event.kind !== 'note' || event.message.startsWith('containerManager.'),
      see(event: LogEvent) {
        if (event.kind === 'banner') {
          // the arguments of boot end with the container that the sandbox was made for
          if (event.field === 'args' && current === null)
            current = processOf(source, event.values['args'] ?? null).container;
          return;
        }
        const container = ORDER.exec(event.message)?.groups?.['container'];
        if (container !== undefined) current = container;
      },
      seeBatch({ count, tgid, tid }) {
        for (let row = 0; row < count; row++) {
          const group = tgid[row] as number;
          const id = group === -1 ? (tid[row] as number) : group;
          if (!processes.has(id) && processes.size < PROCESSES_LIMIT) processes.set(id, current);
        }
      },
      finish(repeats) {
        return new Map([...all].filter(([name]) => !repeats.has(name)));
      },
    };
  },
};
