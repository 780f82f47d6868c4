/** What follow has seen, as Prometheus text for the textfile collector. Source: Prometheus, exposition format 0.0.4 */
import type { Told } from '../model/follow.js';
import { putInPlace } from './put-in-place.js';

export type Gauges = {
  readonly bytes: number;
  readonly lines: number;
  readonly records: number;
  readonly unread: number;
  readonly losses: number;
  /** Bytes that are there and were not read. */
  readonly behind: number;
  readonly sources: number;
  readonly sandboxes: number;
};

/** Every file of metrics begins so. */
export const METRICS_BEGIN = '# HELP runsight_';

type Series = Map<string, number>;

const count = (series: Series, key: string): void => void series.set(key, (series.get(key) ?? 0) + 1);
const label = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

export class Metrics {
  readonly #verdicts: Series = new Map();
  readonly #findings: Series = new Map();
  #stuck = 0;
  #isBroken = false;

  constructor(
    readonly path: string,
    readonly onProblem: (why: string) => void,
  ) {}

  see(told: Told): void {
    if (told.type === 'verdict' && told.final) count(this.#verdicts, `verdict="${label(told.diagnosis.verdict)}"`);
    if (told.type === 'finding' && told.what === 'new')
      count(this.#findings, `rule="${label(told.finding.rule)}",severity="${label(told.finding.severity)}"`);
    if (told.type === 'stuck') this.#stuck++;
  }

  text(gauges: Gauges): string {
    const lines: string[] = [];
    const metric = (
      name: string,
      type: 'counter' | 'gauge',
      help: string,
      values: Iterable<readonly [string, number]>,
    ): void => {
      lines.push(`# HELP runsight_${name} ${help}`, `# TYPE runsight_${name} ${type}`);
      for (const [labels, value] of values)
        lines.push(`runsight_${name}${labels === '' ? '' : `{${labels}}`} ${value}`);
    };
    const one = (value: number): readonly (readonly [string, number])[] => [['', value]];
    metric('sandboxes_total', 'counter', 'Sandboxes whose verdict is final, by verdict.', this.#verdicts);
    metric('findings_total', 'counter', 'Findings of rules, by rule and severity.', this.#findings);
    metric('stuck_tasks_total', 'counter', 'Tasks that did not come back from a call in time.', one(this.#stuck));
    metric('read_bytes_total', 'counter', 'Bytes of logs that were read.', one(gauges.bytes));
    metric('read_lines_total', 'counter', 'Lines of logs that were read.', one(gauges.lines));
    metric('read_records_total', 'counter', 'Records of logs that were read.', one(gauges.records));
    metric('unread_records_total', 'counter', 'Records that were not understood.', one(gauges.unread));
    metric('losses_total', 'counter', 'What could not be read, kept up with or done.', one(gauges.losses));
    metric('behind_bytes', 'gauge', 'Bytes that are there and were not read yet.', one(gauges.behind));
    metric('open_sources', 'gauge', 'Logs that are followed.', one(gauges.sources));
    metric('open_sandboxes', 'gauge', 'Sandboxes that have not ended.', one(gauges.sandboxes));
    metric('resident_memory_bytes', 'gauge', 'Memory of this process.', one(process.memoryUsage.rss()));
    return `${lines.join('\n')}\n`;
  }

  /** Puts the file into its place as a whole. */
  write(gauges: Gauges): void {
    try {
      putInPlace(this.path, this.text(gauges), { mode: 0o666, isSynced: false });
      this.#isBroken = false;
    } catch (error) {
      if (!this.#isBroken) this.onProblem(`the metrics could not be written: ${(error as Error).message}`);
      this.#isBroken = true;
    }
  }
}
