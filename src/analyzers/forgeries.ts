/** Records that carry forged ones: what an application wrote into its own log. */
import type { Analyzer, Fold } from '../model/analyzer.js';
import type { LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import { evidenceOf } from './evidence.js';

/** Carriers that are quoted; the others are counted. */
const QUOTED = 5;

export type Forgeries = {
  /** Records that were pretended. */
  readonly forged: number;
  /** Records that carry them. */
  readonly carriers: number;
  readonly evidence: readonly Evidence[];
  /** Names of the tasks that wrote them, as far as they are quoted. */
  readonly tasks: readonly string[];
};

export const forgeriesAnalyzer: Analyzer<Forgeries> = {
  name: 'forgeries',
  reads: [],
  start(): Fold<Forgeries> {
    let forged = 0;
    let carriers = 0;
    const evidence: Evidence[] = [];
    const tasks = new Set<string>();
    return {
      see() {},
      seeForged(event: LogEvent) {
        forged += event.forged ?? 0;
        carriers++;
        if (evidence.length >= QUOTED) return;
        evidence.push(evidenceOf(event));
        if (event.kind === 'syscall-enter' || event.kind === 'syscall-exit') {
          tasks.add(`${event.comm} [${event.task.tgid ?? event.task.tid}]`);
        }
      },
      finish: () => ({ forged, carriers, evidence, tasks: [...tasks] }),
    };
  },
};
