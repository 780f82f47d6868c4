/** Which calls make the log large: bytes of their records, enter and exit alike. */
import type { Analyzer, Fold } from '../model/analyzer.js';
import type { LogEvent } from '../model/event.js';
import type { SourceName } from '../model/units.js';

/** Bytes by the name of the syscall, as the log holds them (decompressed). */
export type Volume = ReadonlyMap<string, number>;

/** Reads trace records as columns. */
export const volume: Analyzer<Volume> = {
  name: 'volume',
  reads: [],
  start(): Fold<Volume> {
    const bySource = new Map<SourceName, { names: readonly string[]; sums: number[] }>();
    let current: { names: readonly string[]; sums: number[] } = { names: [], sums: [] };
    return {
      sourceStarts(source) {
        current = { names: [], sums: [] };
        bySource.set(source, current);
      },
      see(_event: LogEvent) {},
      seeBatch({ count, name, names, bytes }) {
        const { sums } = current;
        for (let row = 0; row < count; row++) {
          const id = name[row] as number;
          sums[id] = (sums[id] ?? 0) + (bytes[row] as number);
        }
        // the names of a batch grow with the log
        current.names = names;
      },
      sourceEnds() {
        current.names = current.names.slice();
      },
      finish(repeats) {
        const volumes = new Map<string, number>();
        for (const [source, { names, sums }] of bySource) {
          if (repeats.has(source)) continue;
          for (const [id, sum] of sums.entries())
            if (sum > 0) volumes.set(names[id] ?? '', (volumes.get(names[id] ?? '') ?? 0) + sum);
        }
        return volumes;
      },
    };
  },
};
