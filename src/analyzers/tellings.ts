/**
 * What is told of a run outside of runsc's own errors: signs in the lines of engines, kernel, programs and posted excerpts,
 * and the stacks of goroutines.
 */
import { brokenCalls } from '../../grammars/broken-calls.js';
import { readSigns } from '../../grammars/told.js';
import type { Analyzer, Fold } from '../model/analyzer.js';
import type { Captures, Kind, LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';

/** Of each sign so many are kept; the rest is counted. */
const KEPT_LIMIT = 32;
/** Lines of loose text that are read in all: prose beyond is no excerpt of a failure. */
const LINES_LIMIT = 20_000;
/** Lines of one broken message, and how all but its last end. */
const BROKEN_LINES = 16;
const GOES_ON = /[,:({[=]\s*$/;
/** More lines than these behind a note are a dump of its own. */
const PRINTED_LIMIT = 8;
/** Goroutines that are kept, and frames of each. */
const GOROUTINES_LIMIT = 256;
const FRAMES_LIMIT = 24;

/** A sign, and the line in which it stands. */
export type Telling = {
  readonly captures: Captures;
  readonly kind: Kind;
  readonly evidence: Evidence;
  readonly order: number;
};

/** A function of gVisor on a stack: package path and name. */
export type Frame = { readonly package: string; readonly name: string };

export type Goroutine = {
  readonly id: string;
  /** `running`, `semacquire`, `chan receive`. */
  readonly state: string;
  readonly minutes: number;
  /** gVisor's own frames, the innermost first, without those of Go's runtime. */
  readonly frames: readonly Frame[];
  /** The first function of another module (or of `main`), the innermost; null where there is none. */
  readonly other: string | null;
  /** Are gVisor's files those of a module that a program was built with (`gvisor.dev/gvisor@v0...`)? */
  readonly isModule: boolean;
  readonly evidence: Evidence;
  readonly order: number;
};

export type Tellings = {
  readonly signs: ReadonlyMap<string, { readonly count: number; readonly first: readonly Telling[] }>;
  readonly goroutines: readonly Goroutine[];
};

const ERROR_FIELDS = ['error', 'err', 'message'] as const;
const LINES: readonly Kind[] = [
  'text',
  'continuation',
  'stderr',
  'native-note',
  'shim',
  'docker',
  'kubernetes',
  'kernel',
  'warning',
  'note',
  'fault',
  'dump',
  'fatal',
  'json-error',
  'panic',
];

type StackDraft = {
  -readonly [Key in keyof Omit<Goroutine, 'frames' | 'evidence' | 'order'>]: Goroutine[Key];
} & { readonly frames: Frame[]; readonly line: number; head: string };

const GOROUTINE =
  /^goroutine (?<id>\d+)(?: gp=\S+ m=\S+(?: mp=\S+)?)? \[(?<state>[^\],]+)(?:, (?<minutes>\d+) minutes?)?[^\]]*\]:/;
/** `gvisor.dev/gvisor/pkg/sentry/mm.(*MemoryManager).MMap(0xc0001, ...)`; inside Google the path ends in the package's name twice. */
const FRAME =
  /^\s{0,16}(?:gvisor\.dev\/gvisor|gvisor\.googlesource\.com\/gvisor|google3\/third_party\/(?:golang\/)?gvisor)\/(?<package>[\w./-]+?)\.(?<name>(?:\(\*?\w+(?:\[[^\]]*\])?\)|\w+)[\w.[\]*]*)(?:\(|\s*$)/;
/** People shorten frames to the last part of their package: `kernel.(*Task).run(...)`. */
const SHORT_FRAME = /^\s{0,16}(?:\.{3}\/|runsc\/)?(?<package>[a-z]\w{1,20})\.(?<name>\(\*?\w+\)\.\w+)\(/;
const PACKAGES: Readonly<Record<string, string>> = {
  systrap: 'pkg/sentry/platform/systrap',
  sysmsg: 'pkg/sentry/platform/systrap/sysmsg',
  kvm: 'pkg/sentry/platform/kvm',
  ptrace: 'pkg/sentry/platform/ptrace',
  kernel: 'pkg/sentry/kernel',
  mm: 'pkg/sentry/mm',
  pgalloc: 'pkg/sentry/pgalloc',
  gofer: 'pkg/sentry/fsimpl/gofer',
  lisafs: 'pkg/lisafs',
  vfs: 'pkg/sentry/vfs',
  netstack: 'pkg/sentry/socket/netstack',
  urpc: 'pkg/urpc',
  boot: 'runsc/boot',
  container: 'runsc/container',
  sandbox: 'runsc/sandbox',
};

/** Package and function of a frame of gVisor's; undefined where the line is none. */
function frameOf(line: string, isStack: boolean): Frame | undefined {
  const whole = FRAME.exec(line)?.groups;
  if (whole !== undefined) return { package: withoutDouble(whole['package'] ?? ''), name: whole['name'] ?? '' };
  const short = isStack ? SHORT_FRAME.exec(line)?.groups : undefined;
  const path = PACKAGES[short?.['package'] ?? ''];
  return path === undefined ? undefined : { package: path, name: short?.['name'] ?? '' };
}

/** A line of a dump of goroutines. */
const OF_STACK =
  /^(?:\s|goroutine \d|created by |panic\(|runtime\.|[\w./-]{1,300}\.[\w.()*[\]{}, ]{1,300}\(.{0,2000}\)$|\.\.\.)/;
/** The function that prints a stack beside a warning. */
const LOGGED = /\bpkg\/log\.(?:Stacks|Traceback\w*|BugTraceback\w*|\(\*?\w+\)\.Traceback\w*)\(/;
/** Frames in which it stands, lines of files among them. */
const LOGGED_LINES = 8;
/** A function of another module, or of a program's own `main`. */
const OTHER =
  /^\s{0,16}((?:main|(?!gvisor\.|google3\/)[a-z0-9-]{1,64}(?:\.[a-z0-9-]{1,64}){1,4}\/[\w./-]{1,300})\.[(\w][\w.()*[\]]{0,200})\(/;
/**
 * The file of a frame, of a copy of gVisor that the Go tool fetched for a program or that lies among the sources of one, or a file
 * of Windows, where no runsc runs.
 */
const MODULE_FILE =
  /gvisor@v\d+\.\d+\.\d+-[\w.-]{1,64}\/|\/vendor\/gvisor\.dev\/gvisor\/|^\s{1,16}[A-Za-z]:[\\/]\S{1,400}\.go:\d/;
/** A frame as debuggers and core dumps print it: `#4 0x0000 in gvisor.dev/gvisor/pkg/x.(*y).z (...)`. */
const DEBUGGER =
  /^\s{0,64}(?:#(?<hash>\d{1,4})|(?<bare>\d{1,4})) {1,4}(?:0x[0-9a-f]{4,16} (?:in )?)?(?<call>[\w./*()[\]-]{3,400}?)(?:\s|\(\)?$|$)/;
/** Frames that only report: what failed stands below them. */
const REPORTERS = /^pkg\/(?:log|sync|sync\/locking|atomicbitops|refs)$/;

/** `pkg/sentry/kernel/kernel` is `pkg/sentry/kernel`. */
function withoutDouble(path: string): string {
  const parts = path.split('/');
  return parts.length > 1 && parts.at(-1) === parts.at(-2) ? parts.slice(0, -1).join('/') : path;
}

function fold(): Fold<Tellings> {
  const signs = new Map<string, { count: number; first: Telling[] }>();
  const goroutines: Goroutine[] = [];
  let order = 0;
  let lines = 0;

  const keep = (id: string, telling: Telling): void => {
    const entry = signs.get(id) ?? { count: 0, first: [] };
    entry.count++;
    if (entry.first.length < KEPT_LIMIT) entry.first.push(telling);
    signs.set(id, entry);
  };

  const seeStack = (event: LogEvent, text: readonly string[]): void => {
    let open: StackDraft | undefined;
    const close = (): void => {
      if (open === undefined || goroutines.length >= GOROUTINES_LIMIT) return;
      const { line, head, ...rest } = open;
      const at = (event.line + line) as Evidence['line'];
      goroutines.push({ ...rest, order, evidence: { source: event.source, line: at, time: event.time, text: head } });
    };
    const begin = (line: number, head: string, groups: Readonly<Record<string, string | undefined>>): StackDraft => {
      close();
      const { id = '', state = 'running', minutes = '0' } = groups;
      return { id, state, minutes: Number(minutes), frames: [], other: null, isModule: false, line, head };
    };
    text.forEach((line, index) => {
      const groups = GOROUTINE.exec(line)?.groups;
      if (groups !== undefined) {
        open = begin(index, line.trim(), groups);
        return;
      }
      const frame = frameOf(line, open !== undefined);
      if (frame === undefined) {
        if (open === undefined) return;
        open.other ??= OTHER.exec(line)?.[1] ?? null;
        if (MODULE_FILE.test(line)) open.isModule = true;
        return;
      }
      // A post may leave out the line that names the goroutine.
      if (open === undefined && event.kind === 'panic') open = begin(index, line.trim(), {});
      if (open === undefined) return;
      if (open.frames.length >= FRAMES_LIMIT || REPORTERS.test(frame.package)) return;
      open.frames.push(frame);
      // The first frames prove where it stands.
      if (open.frames.length <= 3 && open.head !== line.trim()) open.head += `\n${line.trim()}`;
    });
    close();
  };

  /** The stack of a debugger that is being read; blank lines between its frames part it into several events. */
  let traced: (StackDraft & { readonly event: LogEvent }) | undefined;
  const tracedStack = (): readonly Goroutine[] => {
    // Fewer frames of gVisor's than two are a word in a list.
    if (traced === undefined || traced.frames.length < 2 || goroutines.length >= GOROUTINES_LIMIT) return [];
    const { line, head, event, ...rest } = traced;
    const at = (event.line + line) as Evidence['line'];
    return [{ ...rest, order, evidence: { source: event.source, line: at, time: event.time, text: head } }];
  };
  const closeTraced = (): void => {
    goroutines.push(...tracedStack());
    traced = undefined;
  };
  const seeDebugger = (event: LogEvent, text: readonly string[]): void => {
    text.forEach((line, index) => {
      const found = DEBUGGER.exec(line)?.groups;
      if (found === undefined) {
        // Lines of one frame (file, arguments) are indented; others end the stack.
        if (line !== '' && !/^\s/.test(line)) closeTraced();
        return;
      }
      if (traced?.event.source !== event.source || (found['hash'] ?? found['bare']) === '0') closeTraced();
      const open = (traced ??= {
        id: '',
        state: 'backtrace',
        minutes: 0,
        frames: [],
        other: null,
        isModule: false,
        line: index,
        head: line.trim(),
        event,
      });
      const frame = FRAME.exec(`${found['call'] ?? ''}(`)?.groups;
      if (frame !== undefined) {
        const path = withoutDouble(frame['package'] ?? '');
        if (open.frames.length < FRAMES_LIMIT && !REPORTERS.test(path))
          open.frames.push({ package: path, name: frame['name'] ?? '' });
      }
      if (open.frames.length <= 3 && open.head !== line.trim()) open.head += `\n${line.trim()}`;
    });
  };

  const see = (event: Pick<LogEvent, 'kind' | 'source' | 'line' | 'time'>, line: string, index: number): void => {
    if (line === '' || ++lines > LINES_LIMIT) return;
    for (const { id, captures } of readSigns(line)) {
      const at = (event.line + index) as Evidence['line'];
      keep(id, {
        captures,
        kind: event.kind,
        evidence: { source: event.source, line: at, time: event.time, text: line.trim() },
        order,
      });
    }
  };

  /** A message that was broken after a comma or colon, its rest indented: signs that no single line of it shows. */
  const seeBroken = (event: LogEvent, text: readonly string[]): void => {
    for (let from = 0; from + 1 < text.length;) {
      let end = from + 1;
      while (
        end < text.length &&
        end - from < BROKEN_LINES &&
        GOES_ON.test(text[end - 1] ?? '') &&
        /^\s+\S/.test(text[end] ?? '')
      )
        end++;
      if (end > from + 1) {
        const lines = text.slice(from, end);
        const single = new Set(lines.flatMap((line) => readSigns(line).map(({ id }) => id)));
        const joined = lines.map((line) => line.trim()).join(' ');
        for (const { id, captures } of readSigns(joined)) {
          if (single.has(id)) continue;
          const line = (event.line + from) as Evidence['line'];
          const evidence = { source: event.source, line, time: event.time, text: joined };
          keep(id, { captures, kind: event.kind, evidence, order });
        }
      }
      from = end;
    }
  };

  return {
    see(event) {
      if (event.repeated === true) return;
      order++;
      // A note is one line of runsc's own: few of them tell more than how it works.
      const text = event.message.split('\n', LINES_LIMIT);
      if (event.kind === 'note' && !event.message.includes('nvproxy')) {
        // What a program printed between two records stands behind the first of them.
        const printed = { ...event, kind: 'continuation' as const };
        if (text.length <= PRINTED_LIMIT)
          for (const [index, line] of text.entries()) if (index > 0) see(printed, line, index);
        return;
      }
      if (event.kind === 'goroutines' || event.kind === 'panic') seeStack(event, text);
      if (event.kind === 'goroutines') {
        const known = 'known' in event ? event.known : undefined;
        if (
          event.level === 'warning' &&
          known === undefined &&
          text.slice(1, LOGGED_LINES + 1).some((line) => LOGGED.test(line))
        )
          keep('stack-logged', {
            captures: { words: (text[0] ?? '').trim() },
            kind: 'goroutines',
            evidence: { source: event.source, line: event.line, time: event.time, text: (text[0] ?? '').trim() },
            order,
          });
        // The head says why they were printed; what a program printed may stand behind them.
        see(event, text[0] ?? '', 0);
        const printed = { ...event, kind: 'continuation' as const };
        for (let index = 1, seen = 0; index < text.length && seen < PRINTED_LIMIT; index++) {
          const line = text[index] ?? '';
          if (line === '' || OF_STACK.test(line)) continue;
          seen++;
          see(printed, line, index);
        }
        return;
      }
      if (event.kind === 'banner' || event.kind === 'config') {
        // A line of the banner that ends a record takes what was posted behind it, after a blank line.
        const behind = text.indexOf('') + 1;
        const printed = { ...event, kind: 'text' as const };
        if (behind > 1) for (let index = behind; index < text.length; index++) see(printed, text[index] ?? '', index);
        return;
      }
      if (event.kind === 'text') seeDebugger(event, text);
      else closeTraced();
      const errors = 'fields' in event ? ERROR_FIELDS.flatMap((name) => event.fields[name] ?? []) : [];
      // Engines put the error into a field of its own; what was tried stands before it.
      if (errors.length > 0) see(event, [event.message, ...errors].join(': '), 0);
      else for (const [index, line] of text.entries()) see(event, line, index);
      if (event.kind !== 'text' && event.kind !== 'continuation') return;
      seeBroken(event, text);
      for (const { at, text: whole, ...captures } of brokenCalls(event.message)) {
        const line = (event.line + at) as Evidence['line'];
        const evidence = { source: event.source, line, time: event.time, text: whole.trim() };
        keep('broken-call', { captures, kind: event.kind, evidence, order });
      }
    },
    finish: () => ({ signs, goroutines: [...goroutines, ...tracedStack()] }),
  };
}

export const tellingsAnalyzer: Analyzer<Tellings> = {
  name: 'tellings',
  reads: [...LINES, 'goroutines', 'banner', 'config'],
  start: fold,
};

/** The tellings of several readings as those of one, in their order. */
export function joinTellings(parts: readonly Tellings[]): Tellings {
  const signs = new Map<string, { count: number; first: Telling[] }>();
  const goroutines: Goroutine[] = [];
  let before = 0;
  for (const part of parts) {
    const later = <T extends { readonly order: number }>(one: T): T => ({ ...one, order: one.order + before });
    for (const [id, { count, first }] of part.signs) {
      const sum = signs.get(id) ?? { count: 0, first: [] };
      signs.set(id, sum);
      sum.count += count;
      sum.first.push(...first.slice(0, KEPT_LIMIT - sum.first.length).map(later));
    }
    goroutines.push(...part.goroutines.map(later));
    const orders = [...part.goroutines, ...[...part.signs.values()].flatMap(({ first }) => first)];
    before += Math.max(0, ...orders.map(({ order }) => order));
  }
  return { signs, goroutines: goroutines.slice(0, GOROUTINES_LIMIT) };
}

/** Facts of the host: they hold for every sandbox on it. */
const SHARED = new Set([
  'host-kernel',
  'runsc-release',
  'kernel-without',
  'embedded-resolver',
  'user-network',
  'engine-old',
  'built-as-pie',
  'mandatory-access-control',
]);

/** The part of the tellings that is about one sandbox. */
export function tellingsPart(
  tellings: Tellings,
  isOwn: (one: { readonly evidence: Evidence; readonly captures: Captures }) => boolean,
): Tellings {
  const signs = [...tellings.signs].flatMap(([id, { count, first }]) => {
    const own = SHARED.has(id) ? first : first.filter(isOwn);
    return own.length === 0
      ? []
      : [[id, { count: own.length === first.length ? count : own.length, first: own }] as const];
  });
  return {
    signs: new Map(signs),
    goroutines: tellings.goroutines.filter(({ evidence }) => isOwn({ evidence, captures: {} })),
  };
}
