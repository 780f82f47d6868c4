/** Gathers the processes of each sandbox: which files are its own, how it was set up, how it ended. */
import type { Evidence } from '../model/finding.js';
import type { Exit, Sandbox, TimelineEntry } from '../model/report.js';
import type { Failures, Sentences } from './failures.js';
import type { Run, Runs } from './runs.js';

/** Steps of a life that are listed; commands on a long-lived container may be thousands. */
const TIMELINE_LIMIT = 40;

const STAMP = /\d{8}-\d{6}\.\d+/;

/**
 * Parts the processes by container id. boot and gofer carry it in no fixed place: they join by bundle, then by the time stamp in the
 * file name (shared since 20240715), then by being the only one.
 */
function groupRuns({ runs }: Runs): ReadonlyMap<string | null, readonly Run[]> {
  const ids = new Set(runs.map((run) => run.container).filter((id) => id !== null));
  const only = ids.size === 1 ? [...ids][0] : undefined;
  const byBundle = new Map<string, string>();
  const byStamp = new Map<string, string>();
  for (const run of runs) {
    if (run.container === null) continue;
    if (run.bundle !== null) byBundle.set(run.bundle, run.container);
    const stamp = STAMP.exec(run.source)?.[0];
    if (stamp !== undefined) byStamp.set(stamp, run.container);
  }
  const groups = new Map<string | null, Run[]>();
  for (const run of runs) {
    const stamp = STAMP.exec(run.source)?.[0] ?? '';
    const id = run.container ?? byBundle.get(run.bundle ?? '') ?? byStamp.get(stamp) ?? only ?? null;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [run]);
    else group.push(run);
  }
  return groups;
}

/** Settings by the names that a reader uses; the banner of each era prints other ones. */
function settingsOf(runs: readonly Run[]): Readonly<Record<string, string>> {
  const main = runs.find((run) => run.command !== 'gofer' && Object.keys(run.config).length > 0) ?? runs[0];
  if (main === undefined) return {};
  const { config } = main;
  const settings: Record<string, string> = {};
  const put = (name: string, value: string | null | undefined): void => {
    if (value !== null && value !== undefined && value !== '') settings[name] = value;
  };
  put('command', main.command);
  put('network', config['Network']);
  put('overlay', config['overlay'] ?? config['Overlay'] ?? config['Config.Overlay2']);
  put('fileAccess', config['FileAccess']);
  put('directfs', config['Directfs']);
  put('strace', config['Strace']);
  put('root', config['RootDir'] ?? main.root);
  put('bundle', main.bundle);
  if (main.pid !== null) put('pid', String(main.pid));
  const args = runs.find((run) => run.spec !== null && run.spec.args.length > 0)?.spec?.args;
  if (args !== undefined) put('program', args.join(' ').slice(0, 400));
  return settings;
}

const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
  31: 'SIGSYS',
};

type Ending = { readonly exit: Exit; readonly evidence: Evidence | null };

function endingOf(runs: readonly Run[], { failures }: Failures): Ending {
  const sources = new Set(runs.map((run) => run.source));
  const said = failures.findLast((one) => one.exit?.of === 'application' && sources.has(one.evidence.source));
  if (said?.exit !== undefined) {
    const { status, signal } = said.exit;
    if (status !== null) return { exit: { status }, evidence: said.evidence };
    return { exit: { signal: SIGNALS[signal ?? 0] ?? `signal ${signal ?? 0}` }, evidence: said.evidence };
  }
  const waited = runs.findLast(
    (run) => run.exit !== null && (run.command === 'run' || run.command === 'wait' || run.command === 'do'),
  );
  if (waited?.exit === null || waited?.exit === undefined) return { exit: null, evidence: null };
  const { exit } = waited;
  return {
    exit: 'status' in exit ? exit : { signal: SIGNALS[exit.signal] ?? `signal ${exit.signal}` },
    evidence: waited.last,
  };
}

function outcomeOf(runs: readonly Run[], exit: Exit, failed: boolean): string {
  if (exit !== null) return 'status' in exit ? `exited with status ${exit.status}` : `ended by ${exit.signal}`;
  const commands = new Set(runs.map((run) => run.command));
  if (!commands.has('boot')) return failed ? 'not started: no boot log' : 'no boot log in the input';
  return failed ? 'failed' : 'no end in the log: still running, killed, or cut off';
}

function timelineOf(runs: readonly Run[], { failures }: Failures): readonly TimelineEntry[] {
  const sources = new Set(runs.map((run) => run.source));
  const entries: TimelineEntry[] = runs.map((run) => ({
    time: run.firstTime,
    source: run.source,
    line: 1,
    what: `${run.command ?? 'a process'} begins`,
  }));
  for (const failure of failures) {
    if (!sources.has(failure.evidence.source) || failure.kind === 'stderr' || failure.kind === 'outside') continue;
    const { source, line, time, text } = failure.evidence;
    entries.push({ time, source, line, what: text.split('\n', 1)[0]?.slice(0, 200) ?? '' });
  }
  return entries
    .toSorted((a, b) => ((a.time ?? '') < (b.time ?? '') ? -1 : (a.time ?? '') > (b.time ?? '') ? 1 : 0))
    .slice(0, TIMELINE_LIMIT);
}

/** The sandboxes of the input, the newest first. */
export function sandboxesOf(products: {
  readonly runs: Runs;
  readonly failures: Failures;
  readonly sentences: Sentences;
}): readonly Sandbox[] {
  const found = [...groupRuns(products.runs)].map(([id, runs]) => {
    const sources = new Set(runs.map((run) => run.source));
    const failed = products.failures.failures.some((one) => one.kind === 'fatal' && sources.has(one.evidence.source));
    const { exit } = endingOf(runs, products.failures);
    const { config } = runs.find((run) => run.config['Platform'] !== undefined) ?? { config: {} as Run['config'] };
    const sandbox: Sandbox = {
      id,
      version: runs.find((run) => run.version !== null)?.version ?? null,
      platform: config['Platform']?.trim() ?? null,
      files: [...sources],
      outcome: outcomeOf(runs, exit, failed),
      exit,
      timeline: timelineOf(runs, products.failures),
      config: settingsOf(runs),
    };
    const last = runs.reduce((latest, run) => ((run.lastTime ?? '') > latest ? (run.lastTime ?? '') : latest), '');
    return { sandbox, last };
  });
  return found.toSorted((a, b) => (a.last > b.last ? -1 : a.last < b.last ? 1 : 0)).map(({ sandbox }) => sandbox);
}
