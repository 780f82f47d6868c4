/** The same answers live: follows a folder, a file or a stream, and tells what happens as it happens. */
import type { Readable } from 'node:stream';
import type { InputFormat } from './events/stream.js';
import { Follower } from './follow/follower.js';
import { Hook } from './follow/hook.js';
import { KeySet } from './follow/key-set.js';
import { LossTeller } from './follow/losses.js';
import { Metrics } from './follow/metrics.js';
import { checkOutputs } from './follow/outputs.js';
import { StateFile } from './follow/state-file.js';
import type { Severity } from './model/finding.js';
import type { FollowRecord, Told } from './model/follow.js';
import type { Redaction } from './model/report.js';
import { liveScans, type RuleSource } from './scan.js';

export type FollowOptions = {
  /** What is there already is told as well (`start`), or only what comes (`end`, the default). */
  readonly from?: 'start' | 'end';
  /** Given: this stream is followed in place of a path. */
  readonly stdin?: Readable;
  readonly inputFormat?: InputFormat;
  readonly container?: string;
  /** End when a sandbox (that of `container`) has ended. */
  readonly untilExit?: boolean;
  /** Tell of tasks that are in a call which does not wait by design for so many milliseconds. */
  readonly stuck?: number;
  /** Tell a summary of the calls every so many milliseconds. */
  readonly summaryEvery?: number;
  /** Findings below this are not told; `off`: no rules are asked. */
  readonly minSeverity?: Severity | 'off';
  readonly rules?: readonly RuleSource[];
  readonly exceptions?: RuleSource;
  /** Records of each task that a failure is told with. */
  readonly recorder?: number;
  readonly redact?: boolean | Redaction;
  /** A file that remembers what was told. */
  readonly state?: string;
  /** A file for the textfile collector of Prometheus. */
  readonly metrics?: string;
  /** Where the caller writes what it is told: neither of those two files may be it. */
  readonly output?: string;
  /** A program, with arguments, that gets each finding and each failure on its standard input. */
  readonly exec?: readonly string[];
  /** Look often in place of waiting for the kernel. */
  readonly isPolling?: boolean;
};

export type Following = {
  /** Resolves when it has ended. False: nothing could be read at all. */
  readonly ended: Promise<boolean>;
  /** Ends it, with a final report. */
  readonly stop: () => void;
};

/** Begins to follow. `tell` gets every record in order; a promise that it gives is waited for. Throws a UserError for what is wrong with files. */
export async function follow(
  root: string,
  tell: (record: FollowRecord) => void | Promise<void>,
  options: FollowOptions = {},
): Promise<Following> {
  const losses = new LossTeller();
  const { minSeverity = 'low', rules = [], exceptions, redact = true, state, metrics, output, exec } = options;
  const outputs = { '--output': output, '--state': state, '--metrics': metrics };
  checkOutputs(
    options.stdin === undefined ? root : '-',
    Object.entries(outputs).flatMap(([flag, path]) => (path === undefined ? [] : [{ flag, path }])),
  );
  const startScan =
    minSeverity === 'off'
      ? undefined
      : await liveScans({ rules, minSeverity, redact, ...(exceptions === undefined ? {} : { exceptions }) });
  const hook = exec === undefined ? undefined : new Hook(exec, losses);
  const called = new KeySet(MOST_CALLED);
  const follower = new Follower({
    root,
    from: options.from ?? 'end',
    untilExit: options.untilExit ?? false,
    recorder: options.recorder ?? 8,
    redact,
    isPolling: options.isPolling ?? false,
    losses,
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
    ...(options.inputFormat === undefined ? {} : { inputFormat: options.inputFormat }),
    ...(startScan === undefined ? {} : { startScan }),
    ...(options.container === undefined ? {} : { container: options.container }),
    ...(options.stuck === undefined ? {} : { stuck: options.stuck }),
    ...(options.summaryEvery === undefined ? {} : { summaryEvery: options.summaryEvery }),
    ...(state === undefined ? {} : { state: new StateFile(state, (why) => losses.tell(state, why, 1)) }),
    ...(metrics === undefined ? {} : { metrics: new Metrics(metrics, (why) => losses.tell(metrics, why, 1)) }),
    tell: (told) => {
      const record: FollowRecord = { schema: 'runsight/follow@1', at: new Date().toISOString(), ...told };
      if (hook !== undefined && isFinding(told) && called.isNew(findingKey(told)))
        hook.add(`${JSON.stringify(record)}\n`);
      return tell(record);
    },
  });
  const ended = follower.run().then(async () => {
    await hook?.end();
    return !follower.isRefused();
  });
  return { ended, stop: () => follower.stop() };
}

/** Findings that a program was called for. */
const MOST_CALLED = 10_000;

/** A verdict that only became final is the same failure. */
function findingKey(told: Told): string {
  if (told.type === 'finding') return `${told.id} ${told.finding.first} ${told.finding.severity}`;
  return told.type === 'verdict' ? `${told.sandbox} ${told.diagnosis.verdict} ${told.diagnosis.headline}` : told.type;
}

function isFinding(told: Told): boolean {
  if (told.type === 'finding') return told.what === 'new' || told.what === 'changed';
  return told.type === 'verdict' && told.diagnosis.verdict !== 'healthy' && told.diagnosis.verdict !== 'inconclusive';
}
