/** One entry per runsc process: which command it was, with which settings and spec, and how its part of the log ends. */
import type { Analyzer, Fold } from '../model/analyzer.js';
import type { BannerEvent, ConfigEvent, LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import { KINDS, type Kind } from '../model/event.js';
import type { LineNumber } from '../model/units.js';
import { clockOf, stepOf, withShifts } from './clock.js';
import { evidenceOf } from './evidence.js';
import { specAfter, type SpecFacts } from './spec.js';

/** Processes that are kept apart; a folder may hold ten thousand files. */
const RUNS_LIMIT = 20_000;
/** Processes that a command starts: a sandbox and a gofer, or one gofer. */
const CHILDREN_LIMIT = 8;

export type Run = {
  readonly source: string;
  readonly pid: number | null;
  /** create, run, do, boot, gofer, start, exec, ...; null where neither banner nor file name tells. */
  readonly command: string | null;
  readonly args: string | null;
  readonly version: string | null;
  readonly config: Readonly<Record<string, string>>;
  readonly container: string | null;
  readonly bundle: string | null;
  readonly root: string | null;
  readonly spec: SpecFacts | null;
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  readonly records: number;
  /** Banners seen: the boot process replaces itself to drop privileges and prints a second one. */
  readonly banners: number;
  readonly exit: { readonly status: number } | { readonly signal: number } | null;
  /** Fatal errors that it wrote. */
  readonly fatal: number;
  /** The sandbox that the container joined, where that is another one (pods). */
  readonly sandbox: string | null;
  /** When it says that it started a process, and the pid of that as the host sees it. */
  readonly children: readonly { readonly what: 'sandbox' | 'gofer'; readonly pid: number; readonly time: string }[];
  /** How far its clock is ahead of that of the other processes, in milliseconds, from a line on (clock.ts). */
  readonly shifts: readonly Shift[];
  /** The last record with a header, for a log that stops in the middle. */
  readonly last: Evidence | null;
};

/** From this line on the times of a process are ahead by so many milliseconds: it writes the local time of another zone. */
export type Shift = { readonly line: LineNumber; readonly ahead: number };

export type Runs = {
  readonly runs: readonly Run[];
  readonly dropped: number;
  /** When a record was written, in milliseconds on the common clock of all processes; NaN where it has no time. */
  readonly when: (evidence: Evidence) => number;
};

const COMMANDS = new Set(
  'boot checkpoint create debug delete do events exec features fscheckpoint gofer help kill list mitigate nvproxy pause portforward ps read-control restore resume run spec start state symbolize tar trace umount update usage verity-prepare wait write-control'.split(
    ' ',
  ),
);

type Draft = { -readonly [Key in keyof Omit<Run, 'children' | 'shifts' | 'config'>]: Run[Key] } & {
  config: Record<string, string>;
  children: Run['children'][number][];
  shifts: Shift[];
  lastEvent: LogEvent | undefined;
};

/** Commands whose bare name is a name for their log. */
const TELLING_NAMES = new Set(['boot', 'create', 'do', 'exec', 'gofer', 'restore', 'run', 'start']);

/** `runsc.log.20261123-222714.594822.gofer.txt`, `x.gofer`: the part that names the command. */
function commandOfName(source: string): string | null {
  const name = source
    .slice(source.lastIndexOf('/') + 1)
    .replace(/\.(?:gz|zst|xz)$/, '')
    .replace(/\.(?:txt|log|json)$/, '');
  const parts = name.split(/[._-]/);
  // a file that is called as many files are says nothing: `events.txt`, `list.log`
  if (parts.length === 1 && !TELLING_NAMES.has(name)) return null;
  for (let at = parts.length - 1; at >= 0; at--) if (COMMANDS.has(parts[at] as string)) return parts[at] as string;
  return null;
}

/** Flags of `runsc exec` (with their short names, and those of runc) whose value may be a word of its own. */
const EXEC_VALUES = new Set(
  'additional-gids apparmor cap cgroup console-socket cwd e env exec-fd g internal-pid-file log log-format p pass-fd pid-file preserve-fds process process-label u user'.split(
    ' ',
  ),
);

/** Printed arguments are joined by blanks without quotes: the command is the first word that names one. */
function readArgs(draft: Draft, args: string): void {
  draft.args = args;
  const words = args.split(' ');
  const at = words.findIndex((word, index) => index > 0 && COMMANDS.has(word));
  if (at > 0) draft.command = words[at] as string;
  const valueOf = (flag: string): string | null => {
    for (const [index, word] of words.entries()) {
      const bare = word.replace(/^--?/, '');
      if (bare === word) continue;
      if (bare.startsWith(`${flag}=`)) return bare.slice(flag.length + 1);
      if (bare === flag) return words[index + 1] ?? null;
    }
    return null;
  };
  draft.bundle = valueOf('bundle') ?? draft.bundle;
  draft.root = valueOf('root') ?? draft.root;
  const last = words[words.length - 1] ?? '';
  const takesId =
    draft.command !== null && draft.command !== 'gofer' && draft.command !== 'do' && draft.command !== 'exec';
  if (takesId && at < words.length - 1 && !last.startsWith('-')) draft.container = last;
  if ((draft.command === 'exec' || draft.command === 'kill') && at > 0) {
    // the id is the first word behind the flags of the command; a program or a signal follows
    let index = at + 1;
    while (words[index]?.startsWith('-') === true) {
      const flag = (words[index] as string).replace(/^--?/, '');
      index += draft.command === 'exec' && EXEC_VALUES.has(flag) ? 2 : 1;
    }
    draft.container = words[index] ?? draft.container;
  }
}

function draftOf(event: Pick<LogEvent, 'source' | 'pid' | 'time'>): Draft {
  return {
    source: event.source,
    pid: event.pid,
    command: commandOfName(event.source),
    args: null,
    version: null,
    config: {},
    container: null,
    bundle: null,
    root: null,
    spec: null,
    firstTime: event.time,
    lastTime: event.time,
    records: 0,
    banners: 0,
    exit: null,
    fatal: 0,
    sandbox: null,
    children: [],
    shifts: [],
    last: null,
    lastEvent: undefined,
  };
}

/** A process of which no more than the name of its file and its arguments are known. */
export function processOf(source: string, args: string | null): Run {
  const draft = draftOf({ source, pid: null, time: null });
  if (args !== null) readArgs(draft, args);
  const { lastEvent: _, ...run } = draft;
  return run;
}

/** What a process says of containers and of the processes that it starts. */
function readNote(draft: Draft, event: LogEvent): void {
  if (!('known' in event) || event.known === undefined) return;
  const { known, captures, time } = event;
  switch (known) {
    case 'subcontainer-created':
      draft.container ??= captures?.['container'] ?? null;
      draft.sandbox = captures?.['sandbox'] ?? null;
      break;
    case 'container-named':
      draft.container ??= captures?.['container'] ?? null;
      break;
    case 'sandbox-process-started':
    case 'gofer-process-started': {
      const what = known === 'gofer-process-started' ? 'gofer' : 'sandbox';
      if (time !== null && draft.children.length < CHILDREN_LIMIT)
        draft.children.push({ what, pid: Number(captures?.['pid']), time });
    }
  }
}

/** Kinds without a header: they tell no time and no pid. */
const HEADLESS = new Set<Kind>([
  'blank',
  'unread',
  'text',
  'continuation',
  'stderr',
  'dropped',
  'panic',
  'goroutines',
  'native-signal',
  'native-exit',
  'native-note',
  'native-table',
]);
/** Trace records come in millions: they are not asked for one by one. */
const TRACE = new Set<Kind>(['syscall-enter', 'syscall-exit', 'native-syscall', 'packet']);

export const runsAnalyzer: Analyzer<Runs> = {
  name: 'runs',
  reads: KINDS.filter((kind) => !TRACE.has(kind)),
  start(): Fold<Runs> {
    const drafts: Draft[] = [];
    let bySource = new Map<number | null, Draft>();
    let dropped = 0;

    const draftFor = (event: LogEvent): Draft | undefined => {
      const known = bySource.get(event.pid);
      if (known !== undefined) return known;
      if (drafts.length >= RUNS_LIMIT) {
        dropped++;
        return undefined;
      }
      const draft = draftOf(event);
      bySource.set(event.pid, draft);
      drafts.push(draft);
      return draft;
    };

    const seeBanner = (draft: Draft, event: BannerEvent): Draft => {
      if (event.field === 'args') {
        const args = event.values['args'] ?? '';
        // JSON records have no pid: another command in the same file is another process
        const before = draft.args;
        const fresh = draftOf(event);
        readArgs(fresh, args);
        if (event.pid === null && before !== null && fresh.command !== draft.command && drafts.length < RUNS_LIMIT) {
          fresh.version = draft.version;
          fresh.banners = 1;
          bySource.set(event.pid, fresh);
          drafts.push(fresh);
          return fresh;
        }
        draft.banners++;
        readArgs(draft, args);
      }
      const { version } = event.values;
      if (event.field === 'version' && version !== undefined) draft.version = version;
      if (event.field === 'revision' && draft.version === null) draft.version = event.values['revision'] ?? null;
      return draft;
    };

    const seeConfig = (draft: Draft, event: ConfigEvent): void => {
      Object.assign(draft.config, event.values);
    };

    return {
      sourceStarts() {
        bySource = new Map();
      },
      see(event) {
        if (HEADLESS.has(event.kind) || event.repeated === true) return;
        let draft = draftFor(event);
        if (draft === undefined) return;
        if (event.kind === 'banner') draft = seeBanner(draft, event);
        else if (event.kind === 'config') seeConfig(draft, event);
        else if (event.kind === 'spec') draft.spec = specAfter(draft.spec, event.message);
        else if (event.kind === 'exit' && event.of === 'command') {
          if (event.status !== null) draft.exit = { status: event.status };
          else if (event.signal !== null) draft.exit = { signal: event.signal };
        } else if (event.kind === 'fatal') draft.fatal++;
        else if (event.kind === 'note') readNote(draft, event);
        const step = stepOf(draft.lastTime, event.time, draft.records);
        if (step !== 0) draft.shifts.push({ line: event.line, ahead: (draft.shifts.at(-1)?.ahead ?? 0) + step });
        draft.records++;
        draft.lastTime = event.time;
        draft.lastEvent = event;
      },
      finish() {
        const runs = withShifts(
          drafts.map(({ lastEvent, ...run }) => ({
            ...run,
            last: lastEvent === undefined ? null : evidenceOf(lastEvent),
          })),
        );
        return { runs, dropped, when: clockOf(runs) };
      },
    };
  },
};

/** The processes of several readings as those of one, on one clock. */
export function joinRuns(parts: readonly Runs[]): Runs {
  const runs = withShifts(parts.flatMap((part) => part.runs));
  return { runs, dropped: parts.reduce((sum, { dropped }) => sum + dropped, 0), when: clockOf(runs) };
}
