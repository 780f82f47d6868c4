/** Records that carry forged ones: what an application wrote into its own log. */
import type { Analyzer, Fold } from '../model/analyzer.js';
import type { LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import type { SourceName } from '../model/units.js';
import { evidenceOf } from './evidence.js';

/** Carriers of a source that are quoted; the others are counted. */
const QUOTED = 5;

/** What was forged in a source. */
type Forgery = {
  /** Records that were pretended. */
  readonly forged: number;
  /** Records that carry them. */
  readonly carriers: number;
  readonly evidence: readonly Evidence[];
  /** Names of the tasks that wrote them, as far as they are quoted. */
  readonly tasks: readonly string[];
};
export type Forgeries = ReadonlyMap<SourceName, Forgery>;

export const forgeriesAnalyzer: Analyzer<Forgeries> = {
  name: 'forgeries',
  reads: [],
  start(): Fold<Forgeries> {
    const sources = new Map<
      SourceName,
      { forged: number; carriers: number; evidence: Evidence[]; tasks: Set<string> }
    >();
    return {
      see() {},
      seeForged(event: LogEvent) {
        const known = sources.get(event.source) ?? { forged: 0, carriers: 0, evidence: [], tasks: new Set() };
        sources.set(event.source, known);
        known.forged += event.forged ?? 0;
        known.carriers++;
        if (known.evidence.length >= QUOTED) return;
        known.evidence.push(evidenceOf(event));
        if (event.kind === 'syscall-enter' || event.kind === 'syscall-exit') {
          known.tasks.add(`${event.comm} [${event.task.tgid ?? event.task.tid}]`);
        }
      },
      finish: () => new Map([...sources].map(([source, { tasks, ...one }]) => [source, { ...one, tasks: [...tasks] }])),
    };
  },
};
