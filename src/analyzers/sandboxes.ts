/** Gathers the processes of each sandbox: which files are its own, how it was set up, how it ended. */
import { signalName } from '../../grammars/signals.js';
import type { Evidence } from '../model/finding.js';
import type { Exit, Sandbox, TimelineEntry } from '../model/report.js';
import type { Failures } from './failures.js';
import type { Portion } from './portions.js';
import type { Run } from './runs.js';

/** Steps of a life that are listed; commands on a long-lived container may be thousands. */
const TIMELINE_LIMIT = 40;

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

type Ending = { readonly exit: Exit; readonly evidence: Evidence | null };

function endingOf(runs: readonly Run[], { failures }: Failures): Ending {
  const sources = new Set(runs.map((run) => run.source));
  const said = failures.findLast((one) => one.exit?.of === 'application' && sources.has(one.evidence.source));
  if (said?.exit !== undefined) {
    const { status, signal } = said.exit;
    if (status !== null) return { exit: { status }, evidence: said.evidence };
    return { exit: { signal: signalName(signal ?? 0) }, evidence: said.evidence };
  }
  const waited = runs.findLast(
    (run) => run.exit !== null && (run.command === 'run' || run.command === 'wait' || run.command === 'do'),
  );
  if (waited?.exit === null || waited?.exit === undefined) return { exit: null, evidence: null };
  const { exit } = waited;
  return {
    exit: 'status' in exit ? exit : { signal: signalName(exit.signal) },
    evidence: waited.last,
  };
}

function outcomeOf(runs: readonly Run[], exit: Exit, failed: boolean): string {
  if (exit !== null) return 'status' in exit ? `exited with status ${exit.status}` : `ended by ${exit.signal}`;
  const commands = new Set(runs.map((run) => run.command));
  if (!commands.has('boot')) return failed ? 'not started: no boot log' : 'no boot log in the input';
  return failed ? 'failed' : 'no end in the log: still running, killed, or cut off';
}

/** Records that mark a step in the life of a sandbox, by the id of their sentence. */
const STEPS: Readonly<Record<string, string>> = {
  'gofer-process-started': 'the gofer is started',
  'sandbox-process-started': 'the sandbox process is started',
  'process-started': 'the sandbox runs the program',
  'container-exec': 'a program is executed',
  'container-signalled': 'a signal is sent to the container',
  'gofer-disconnected': 'the gofer closes its connection',
  'sandbox-killed': 'the sandbox is killed',
};

function timelineOf({ group, products }: Portion): readonly TimelineEntry[] {
  const { runs, sentences, failures } = products;
  const steps: { readonly evidence: Evidence; readonly what: string }[] = [];
  for (const run of group.runs) {
    const { source, firstTime: time, command, banners } = run;
    // what stands in front of the first banner is not the beginning of a process
    if (banners > 0 || time !== null) {
      steps.push({ evidence: { source, line: 1, time, text: '' }, what: `${command ?? 'a process'} begins` });
    }
  }
  for (const [id, what] of Object.entries(STEPS)) {
    for (const { evidence, captures } of sentences.get(id)?.first ?? []) {
      const { argv, signal } = captures;
      const more = argv ?? (signal === undefined ? '' : `signal ${signal}`);
      steps.push({ evidence, what: more === '' ? what : `${what}: ${more.slice(0, 160)}` });
    }
  }
  for (const { kind, evidence } of failures.failures) {
    if (kind === 'stderr' || kind === 'outside') continue;
    steps.push({ evidence, what: evidence.text.split('\n', 1)[0]?.slice(0, 200) ?? '' });
  }
  const ordered = steps
    .map((step) => ({ ...step, at: runs.when(step.evidence) }))
    .toSorted((a, b) => (a.at === b.at || Number.isNaN(a.at) || Number.isNaN(b.at) ? 0 : a.at - b.at))
    .slice(0, TIMELINE_LIMIT);
  const begin = ordered.find(({ at }) => !Number.isNaN(at))?.at ?? Number.NaN;
  return ordered.map(({ evidence: { source, line, time }, what, at }) => ({
    time,
    source,
    line,
    after_ms: Number.isNaN(at) ? null : at - begin,
    what,
  }));
}

/** How containers ended: what the sentry answered to those who waited, with the raw wait status decoded. */
function exitsOf({ products }: Portion): Readonly<Record<string, Exit>> {
  const exits: Record<string, Exit> = {};
  for (const { captures } of products.sentences.get('container-waited')?.first ?? []) {
    const { container, status } = captures;
    if (container === undefined || status === undefined) continue;
    const raw = Number(status);
    exits[container] = (raw & 0x7f) === 0 ? { status: (raw >> 8) & 0xff } : { signal: signalName(raw & 0x7f) };
  }
  return exits;
}

function specOf(runs: readonly Run[]): Sandbox['spec'] {
  const spec = runs.find((run) => run.spec !== null && run.spec.args.length > 0)?.spec ?? null;
  if (spec === null) return null;
  const { args, cwd, uid, gid, root, mounts, capabilities, rlimits, annotations } = spec;
  return { args, cwd, user: { uid, gid }, root, mounts, capabilities, rlimits, annotations };
}

/** Files that the commands of this life must have written, and are not there. */
function missingOf({ group, products }: Portion): Sandbox['missing'] {
  const commands = new Set(group.runs.map((run) => run.command));
  const missing: { file: string; means: string }[] = [];
  const creates = ['create', 'run', 'do', 'restore'].some((command) => commands.has(command));
  const started = products.sentences.has('sandbox-process-started');
  if (creates && !commands.has('boot')) {
    missing.push({
      file: 'boot',
      means: started
        ? 'the sandbox process was started, so its log exists: what happened inside is told there alone'
        : 'no sandbox process was started, or its log is not in the input',
    });
  }
  if (creates && !commands.has('gofer') && products.sentences.has('gofer-process-started')) {
    missing.push({ file: 'gofer', means: 'a gofer was started: errors of mounts are told in its log first' });
  }
  if (!creates && commands.has('boot')) {
    missing.push({
      file: 'create or run',
      means: 'how the start was asked for and what the engine was told is not known',
    });
  }
  return missing;
}

/** Processes whose clock is not that of the others, in words. */
function clocksOf(runs: readonly Run[]): readonly string[] {
  return runs.flatMap(({ source, command, shifts }) =>
    shifts.map(({ line, ahead }, index) => {
      const minutes = Math.abs(ahead) / 60_000;
      const hours = minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
      const from = index === 0 && line === 1 ? '' : ` from line ${line} on`;
      const name = source.slice(source.lastIndexOf('/') + 1);
      const which = command === null ? name : `${command} (${name})`;
      return ahead === 0
        ? `${which} is on the common clock${from}`
        : `${which} is ${hours} ${ahead > 0 ? 'ahead' : 'behind'}${from}`;
    }),
  );
}

/** What the report says of a sandbox beside its findings. */
export function sandboxOf({ group, products }: Portion): Sandbox {
  const { runs } = group;
  const { failures } = products;
  const failed = failures.failures.some((one) => one.kind === 'fatal');
  const { exit } = endingOf(runs, failures);
  const { config } = runs.find((run) => run.config['Platform'] !== undefined) ?? { config: {} as Run['config'] };
  return {
    id: group.id,
    containers: group.containers,
    version: runs.find((run) => run.version !== null)?.version ?? null,
    platform: config['Platform']?.trim() ?? null,
    files: [...new Set(runs.map((run) => run.source))],
    outcome: outcomeOf(runs, exit, failed),
    exit,
    timeline: timelineOf({ group, products }),
    config: settingsOf(runs),
    clocks: clocksOf(runs),
    exits: exitsOf({ group, products }),
    spec: specOf(runs),
    missing: missingOf({ group, products }),
  };
}
