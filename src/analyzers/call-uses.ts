/**
 * Which calls a workload makes, with which options: how often, how they ended, which programs made them, where first, and what a
 * program did where one was refused. Reads rows of runsc's text logs in bulk, and events of everything else; what is the same as before
 * costs a look into a table.
 */
import type { Architecture } from '../../grammars/syscall-table.js';
import { splitArguments, type Argument } from '../events/arguments.js';
import { learnContext, type Context } from '../events/arguments-of.js';
import { splitNativeArguments } from '../events/native-arguments.js';
import { detached } from '../events/word-lists.js';
import { fallbackOf } from '../knowledge/call-fallbacks.js';
import { speaksOf } from '../knowledge/error-words.js';
import { linuxName } from '../knowledge/syscall-names.js';
import type { Analyzer, Batch, Fold, RowPlace } from '../model/analyzer.js';
import { RESTART_FIRST, RESTART_LAST, type LogEvent } from '../model/event.js';
import type { Evidence } from '../model/finding.js';
import type { Exit } from '../model/report.js';
import type { SourceName } from '../model/units.js';
import { errnoName } from '../../grammars/errno.js';
import { signalName } from '../../grammars/signals.js';
import { hasOptions, namesFiles, optionOfNotice, optionsOf, type CallOption } from './call-options.js';
import { evidenceOf } from './evidence.js';

/** How a program ended that had been refused something. */
export type Ending = { readonly program: string; readonly exit: NonNullable<Exit>; readonly evidence: Evidence };

/** A call, or one option of it, of one log. */
export type CallUse = {
  /** As Linux calls it; a number that no table has as it is printed. */
  readonly call: string;
  /** What the option belongs to and the option; both empty for the call itself. */
  readonly of: string;
  readonly option: string;
  /** Names that the log prints for it. */
  readonly printed: Set<string>;
  /** Records of its return. */
  calls: number;
  /** Records of its beginning. */
  entered: number;
  ok: number;
  /** Restarts among the calls: neither success nor error. */
  restarts: number;
  readonly errors: Map<string, number>;
  /** How many calls of which programs. */
  readonly programs: Map<string, number>;
  readonly first: Evidence;
  firstError: Evidence | null;
  /** The line in which the sentry says that it is not supported. */
  notice: Evidence | null;
  /** What the same program did next in its place: calls, by name. */
  readonly fellBackTo: Set<string>;
  /** The program's own words for the error. */
  told: Evidence | null;
  /** It ended soon after, and badly. */
  ended: Ending | null;
};

export type SourceUses = {
  readonly source: SourceName;
  readonly isNative: boolean;
  readonly release: string | null;
  readonly architecture: Architecture | null;
  /** Was a seccomp profile in force (--oci-seccomp)? What it refuses is not traced. */
  readonly hasProfile: boolean;
  /** The list of `--strace-syscalls`; empty: all. */
  readonly traced: readonly string[];
  readonly uses: readonly CallUse[];
  /** How many calls came back. */
  readonly calls: number;
  /** Programs that ran. */
  readonly programs: readonly string[];
  /** How the workload ended, as far as the log tells. */
  readonly exit: Exit;
  /** Programs that ended with an error, or by a signal. */
  readonly failed: readonly string[];
  /** Uses beyond the bound. */
  readonly dropped: number;
};

/** Uses that are kept of a log. Linux has some 400 calls, and programs some hundreds of options. */
const USES_LIMIT = 8192;
const PROCESSES_LIMIT = 65_536;
const PROGRAMS_LIMIT = 64;
const FAILED_LIMIT = 16;
/** A program of which no record tells the name. */
const UNKNOWN = 'not known';
/** A fallback comes at once, or where the program gets to the work: after so many calls at most. */
const FALLBACK_CALLS = 128;
/** A program that ends within so many calls after a refusal ended by it, if nothing took its place. */
const DEADLY_CALLS = 12;
const REFUSALS_LIMIT = 8;

/** Errors that say that something is not there; others are the everyday of programs. */
const REFUSALS = new Set(
  'ENOSYS EINVAL ENOTTY EOPNOTSUPP ENOTSUP EPERM EAFNOSUPPORT EPROTONOSUPPORT ESOCKTNOSUPPORT ENODEV ENXIO ENOPROTOOPT ENOENT'.split(
    ' ',
  ),
);

type Refusal = { readonly use: CallUse; readonly errno: number; readonly errnoName: string; readonly at: number };

type Process = {
  /** The file that it executes; empty before that is known. */
  program: string;
  comm: string;
  /** Calls so far. */
  at: number;
  /** The latest refusals, oldest first. */
  refusals: Refusal[];
};

/** One record of a call, from whatever it was read; filled anew for each. */
class Call {
  name = '';
  isExit = false;
  errno = 0;
  ret = 0;
  tgid = 0;
  tid = 0;
  isNative = false;
  /** Does the record name its process, and not the thread alone? */
  hasProcess = true;
  #event: LogEvent | undefined;
  #batch: Batch | undefined;
  #row = 0;
  #place: RowPlace | undefined;
  #text: string | undefined;
  #args: readonly Argument[] | undefined;

  constructor(
    readonly source: SourceName,
    readonly context: Context,
  ) {}

  useRow(batch: Batch, row: number, place: RowPlace): void {
    this.#event = undefined;
    this.#batch = batch;
    this.#row = row;
    this.#place = place;
    this.#text = undefined;
    this.#args = undefined;
    this.isNative = false;
    this.name = batch.names[batch.name[row] as number] ?? '';
    this.isExit = batch.isExit[row] === 1;
    this.errno = this.isExit ? (batch.errno[row] as number) : 0;
    this.ret = batch.texts?.ret[row] ?? 0;
    this.tid = batch.tid[row] as number;
    const tgid = batch.tgid[row] as number;
    this.hasProcess = tgid !== -1;
    this.tgid = tgid === -1 ? this.tid : tgid;
  }

  useEvent(event: Extract<LogEvent, { kind: 'syscall-enter' | 'syscall-exit' | 'native-syscall' }>): void {
    this.#event = event;
    this.#batch = undefined;
    this.#text = event.args;
    this.#args = undefined;
    this.isNative = event.kind === 'native-syscall';
    this.name = event.name;
    this.isExit =
      event.kind === 'native-syscall' ? event.ret !== null && event.ret !== '?' : event.kind === 'syscall-exit';
    this.errno = event.kind === 'syscall-enter' ? 0 : (event.errno ?? 0);
    this.ret = event.kind === 'syscall-enter' ? 0 : Number(event.ret ?? 0);
    this.tid = event.task.tid;
    this.hasProcess = event.task.tgid !== null;
    this.tgid = event.task.tgid ?? event.task.tid;
  }

  get text(): string {
    if (this.#text === undefined) {
      const texts = this.#batch?.texts;
      const block = texts?.blocks[texts.block[this.#row] as number];
      this.#text =
        texts === null || texts === undefined
          ? ''
          : (block?.toString('utf8', texts.from[this.#row], texts.to[this.#row]) ?? '');
    }
    return this.#text;
  }

  readonly args = (): readonly Argument[] => {
    this.#args ??= this.isNative
      ? splitNativeArguments(this.name, this.text)
      : splitArguments(this.name, this.text, this.context);
    return this.#args;
  };

  /** The name of the task; of a row it stands between the tag and ` X name(`. */
  get comm(): string {
    if (this.#event !== undefined) return 'comm' in this.#event ? (this.#event.comm ?? '') : '';
    const from = this.#batch?.texts?.from[this.#row] as number;
    const { block } = this.#place as RowPlace;
    const end = from - this.name.length - 4;
    let begin = end;
    while (begin > end - 16 && block[begin - 1] !== CLOSE_BRACKET) begin--;
    return block.toString('latin1', begin + 1, end);
  }

  /** The record without its header, as everywhere else. */
  get evidence(): Evidence {
    if (this.#event !== undefined) return evidenceOf(this.#event);
    const place = this.#place as RowPlace;
    const start = place.starts[this.#row] as number;
    const bytes = this.#batch?.bytes[this.#row] as number;
    const line = place.block.toString('utf8', start, start + bytes).trimEnd();
    const day = place.dateOf(place.block.toString('latin1', start + 1, start + 5));
    return {
      source: this.source,
      line: place.line + this.#row,
      time: `${day}T${place.block.toString('latin1', start + 6, start + 21)}`,
      text: line.slice(line.indexOf('] ') + 2),
    };
  }
}

const CLOSE_BRACKET = 93;
const FORKS = new Set(['clone', 'clone3', 'fork', 'vfork']);
const WRITES = new Set(['write', 'writev', 'pwrite64', 'sendto', 'sendmsg']);

/** One log. */
class SourceCalls {
  readonly #context: Context = {};
  readonly #uses = new Map<string, CallUse>();
  readonly #processes = new Map<number, Process>();
  /** Forks whose child has made no call yet: the program that it runs. */
  readonly #children = new Map<number, string>();
  readonly #programs = new Set<string>();
  readonly #failed = new Set<string>();
  readonly #call: Call;
  #traced: readonly string[] = [];
  #calls = 0;
  #dropped = 0;
  #exit: Exit = null;
  #firstTask: number | undefined;
  #hasNative = false;
  #hasProfile = false;
  #hasTrace = false;

  /** `forks`: the children of native traces, of which each may have a file of its own (strace -ff), and the programs that they run. */
  constructor(
    readonly source: SourceName,
    readonly forks: Map<number, string>,
  ) {
    this.#call = new Call(source, this.#context);
  }

  see(event: LogEvent): void {
    switch (event.kind) {
      case 'banner':
        learnContext(this.#context, event.values);
        if (/--?oci-seccomp(?:=true)?(?: |\]|$)/.test(event.values['args'] ?? '')) this.#hasProfile = true;
        return;
      case 'config': {
        const traced = event.values['syscalls'] ?? event.values['Config.StraceSyscalls'];
        if (traced !== undefined)
          this.#traced = traced
            .replace(/^\[|\]$/g, '')
            .split(/[, ]+/)
            .filter((one) => one !== '');
        return;
      }
      case 'unsupported-syscall':
        this.#notice(event);
        return;
      case 'warning':
      case 'note':
        if (event.known === 'gpu-call-unknown') this.#noticeOfGpu(event);
        return;
      case 'exit':
        if (event.of === 'application' && (event.status !== null || event.signal !== null))
          this.#exit = event.status === null ? { signal: signalName(event.signal ?? 0) } : { status: event.status };
        return;
      case 'native-exit': {
        const { task, status, signal } = event;
        const exit = status !== null ? { status } : signal !== null ? { signal } : null;
        if (exit === null) return;
        if (task.tid === this.#firstTask) this.#exit = exit;
        this.#end(task.tgid ?? task.tid, exit, () => evidenceOf(event));
        return;
      }
      case 'signal': {
        const { task } = event;
        if (task === undefined || !event.message.includes('terminating thread group')) return;
        this.#end(task.tgid ?? task.tid, { signal: signalName(event.signal) }, () => evidenceOf(event));
        return;
      }
      case 'syscall-enter':
      case 'syscall-exit':
      case 'native-syscall': {
        // The first half of a call comes again, whole, with its end; only of one that never ends it is all there is.
        if (event.kind === 'native-syscall' && event.ret === null && event.resumed !== true) {
          if (event.name !== 'exit_group' && event.name !== 'exit') return;
        }
        if (event.kind === 'native-syscall') this.#hasNative = true;
        this.#call.useEvent(event);
        this.#take();
      }
    }
  }

  seeRows(batch: Batch, place: RowPlace): void {
    if (batch.texts === null) return;
    for (let row = 0; row < batch.count; row++) {
      this.#call.useRow(batch, row, place);
      this.#take();
    }
  }

  #process(call: Call): Process {
    let process = this.#processes.get(call.tgid);
    if (process === undefined) {
      this.#firstTask ??= call.tid;
      const inherited = this.#children.get(call.tgid) ?? (call.isNative ? this.forks.get(call.tgid) : undefined);
      this.#children.delete(call.tgid);
      process = { program: inherited ?? '', comm: call.comm, at: 0, refusals: [] };
      if (this.#processes.size < PROCESSES_LIMIT) this.#processes.set(call.tgid, process);
    }
    return process;
  }

  #take(): void {
    const call = this.#call;
    const process = this.#process(call);
    this.#hasTrace = true;
    const name = this.#nameOf(call.name);
    if (!call.isExit) {
      this.#enter(call, name, process);
      return;
    }
    this.#calls++;
    process.at++;
    if (name === 'execve' || name === 'execveat') this.#execute(call, process);
    const isRestarted = call.errno >= RESTART_FIRST && call.errno <= RESTART_LAST;
    const isError = call.errno !== 0 && !isRestarted;
    const use = this.#useOf(name, NO_OPTION, call);
    this.#count(use, call, process, isError, isRestarted);
    let refused = isError ? use : undefined;
    if (hasOptions(name) || namesFiles(name)) {
      for (const option of optionsOf(name, call.text, call.args)) {
        const own = this.#useOf(name, option, call);
        this.#count(own, call, process, isError, isRestarted);
        if (isError) refused = own;
      }
    }
    if (isError) this.#refuse(refused, use, call, process);
    else if (process.refusals.length > 0 && !isRestarted) this.#after(call, name, process);
    // Where tasks are known by their thread alone, a thread is a child that runs the same program.
    if (!isError && FORKS.has(name) && call.ret > 0 && !(call.hasProcess && /\bCLONE_THREAD\b/.test(call.text)))
      this.#fork(call, process);
  }

  readonly #names = new Map<string, string>();
  #nameOf(printed: string): string {
    let name = this.#names.get(printed);
    if (name === undefined) {
      name = linuxName(this.#context.arch ?? 'amd64', printed);
      this.#names.set(printed, name);
    }
    return name;
  }

  #enter(call: Call, name: string, process: Process): void {
    const use = this.#useOf(name, NO_OPTION, call);
    if (use !== undefined) {
      use.entered++;
      if (call.isNative || name === 'exit_group' || name === 'exit') this.#countProgram(use, call, process);
    }
    // What is written stands in the record of its beginning.
    if (process.refusals.length > 0 && WRITES.has(name)) this.#listen(call, process);
    if (name !== 'exit_group') return;
    const status = Number.parseInt(call.text, call.text.startsWith('0x') ? 16 : 10) & 0xff;
    if (call.tid === this.#firstTask || call.tgid === this.#firstTask) this.#exit ??= { status };
    this.#end(call.tgid, { status }, () => call.evidence);
  }

  #useOf(call: string, { of, option }: CallOption, record: Call): CallUse | undefined {
    const key = option === '' ? call : `${of} ${option}`;
    let use = this.#uses.get(key);
    if (use !== undefined) return use;
    if (this.#uses.size >= USES_LIMIT) {
      this.#dropped++;
      return undefined;
    }
    use = newUse(call, of, option, record.evidence);
    this.#uses.set(detached(key), use);
    return use;
  }

  #countProgram(use: CallUse, call: Call, process: Process): void {
    const program = process.program || process.comm || call.comm || UNKNOWN;
    const count = use.programs.get(program);
    if (count !== undefined) use.programs.set(program, count + 1);
    else if (use.programs.size < PROGRAMS_LIMIT) use.programs.set(program, 1);
  }

  #count(use: CallUse | undefined, call: Call, process: Process, isError: boolean, isRestarted: boolean): void {
    if (use === undefined) return;
    use.calls++;
    if (use.printed.size < 4 && !use.printed.has(call.name)) use.printed.add(call.name);
    this.#countProgram(use, call, process);
    if (isRestarted) use.restarts++;
    else if (!isError) use.ok++;
    else {
      const errno = errnoName(call.errno);
      use.errors.set(errno, (use.errors.get(errno) ?? 0) + 1);
      use.firstError ??= call.evidence;
    }
  }

  #refuse(use: CallUse | undefined, whole: CallUse | undefined, call: Call, process: Process): void {
    const name = errnoName(call.errno);
    if (use === undefined || !REFUSALS.has(name)) return;
    // Files that are not there are the everyday, but for those that the kernel makes.
    if (name === 'ENOENT' && use.of !== 'file') return;
    process.refusals.push({ use, errno: call.errno, errnoName: name, at: process.at });
    if (use !== whole && whole !== undefined && name === 'ENOSYS')
      process.refusals.push({ use: whole, errno: call.errno, errnoName: name, at: process.at });
    if (process.refusals.length > REFUSALS_LIMIT) process.refusals = process.refusals.slice(-REFUSALS_LIMIT);
  }

  /** A call succeeded after one that was refused: does it take its place? */
  #after(call: Call, name: string, process: Process): void {
    let isStale = false;
    for (const { use, at } of process.refusals) {
      if (process.at - at > FALLBACK_CALLS) isStale = true;
      else if (fallbackOf(use.option === '' ? use.call : use.of, use.option)?.to.includes(name) === true)
        use.fellBackTo.add(name);
    }
    if (call.isNative && WRITES.has(name)) this.#listen(call, process);
    if (isStale) process.refusals = process.refusals.filter(({ at }) => process.at - at <= FALLBACK_CALLS);
  }

  /** Does a program speak of what it was refused: of one by its name, else of the last that its words fit? */
  #listen(call: Call, process: Process): void {
    const { text } = call;
    const named = process.refusals.filter(({ use }) => names(text, use));
    const spoken =
      named.length > 0
        ? named
        : process.refusals.filter(({ errno, errnoName: name }) => speaksOf(text, errno, name)).slice(-1);
    for (const { use } of spoken) use.told ??= call.evidence;
  }

  #end(tgid: number, exit: NonNullable<Exit>, evidence: () => Evidence): void {
    const process = this.#processes.get(tgid);
    if (process === undefined) return;
    if (!('status' in exit) || exit.status !== 0) {
      const program = process.program === '' ? process.comm : process.program;
      if (this.#failed.size < FAILED_LIMIT) this.#failed.add(program);
      const status = 'status' in exit ? exit.status : -1;
      for (const [index, { use, errno, at }] of process.refusals.entries()) {
        // Of files that are not there many are looked for; only the program's own words say which it missed.
        const isLast = index === process.refusals.length - 1 && use.of !== 'file';
        const isNear = isLast && process.at - at <= DEADLY_CALLS && use.fellBackTo.size === 0;
        if (use.ended === null && (use.told !== null || (status === errno && use.of !== 'file') || isNear))
          use.ended = { program, exit, evidence: evidence() };
      }
    }
    process.refusals = [];
  }

  #execute(call: Call, process: Process): void {
    if (call.errno !== 0) return;
    const path = call.args().find((arg) => arg.kind === 'Path');
    const printed = path?.kind === 'Path' ? (path.path ?? '') : '';
    if (printed === '' || printed === '/proc/self/exe') return;
    process.program = detached(printed);
    process.refusals = [];
    this.#note(process.program);
  }

  #note(program: string): void {
    if (this.#programs.size < PROGRAMS_LIMIT) this.#programs.add(program);
  }

  #fork(call: Call, process: Process): void {
    const program = process.program;
    if (call.isNative && program !== '' && this.forks.size < PROCESSES_LIMIT) this.forks.set(call.ret, program);
    const child = this.#processes.get(call.ret);
    if (child !== undefined) {
      if (child.program === '') child.program = program;
    } else if (program !== '' && this.#children.size < PROCESSES_LIMIT) this.#children.set(call.ret, program);
  }

  #notice(event: Extract<LogEvent, { kind: 'unsupported-syscall' }>): void {
    const call = this.#nameOf(event.name);
    const numbers = (/\(((?:0x[0-9a-f]+,?)+)\)/.exec(event.message)?.[1] ?? '')
      .split(',')
      .filter((one) => one !== '')
      .map(Number);
    const option = optionOfNotice(call, numbers);
    const key = option === undefined ? call : `${option.of} ${option.option}`;
    this.#noted(key, call, option ?? NO_OPTION, event);
    this.#uses.get(key)?.printed.add(event.name);
  }

  /** `nvproxy: unknown frontend ioctl 212 == 0xd4 (...)`: a call of the GPU's driver that is not passed on. */
  #noticeOfGpu(event: LogEvent): void {
    const [, option] =
      /((?:control command|frontend ioctl|uvm ioctl|allocation class) (?:0x[0-9a-f]+|\d+))/.exec(event.message) ?? [];
    if (option !== undefined) this.#noted(`nvproxy ${option}`, 'ioctl', { of: 'nvproxy', option }, event);
  }

  #noted(key: string, call: string, { of, option }: CallOption, event: LogEvent): void {
    let use = this.#uses.get(key);
    if (use === undefined) {
      if (this.#uses.size >= USES_LIMIT) {
        this.#dropped++;
        return;
      }
      use = newUse(call, of, option, evidenceOf(event));
      this.#uses.set(detached(key), use);
    }
    use.notice ??= evidenceOf(event);
  }

  product(): SourceUses {
    for (const { program, comm } of this.#processes.values()) this.#note(program === '' ? comm : program);
    return {
      source: this.source,
      isNative: this.#hasNative,
      release: this.#context.release ?? null,
      architecture: this.#context.arch ?? null,
      hasProfile: this.#hasProfile,
      traced: this.#traced,
      uses: this.#hasTrace || this.#uses.size > 0 ? [...this.#uses.values()] : [],
      calls: this.#calls,
      programs: [...this.#programs].filter((one) => one !== ''),
      exit: this.#exit,
      failed: [...this.#failed].filter((one) => one !== ''),
      dropped: this.#dropped,
    };
  }
}

const NO_OPTION: CallOption = { of: '', option: '' };

function newUse(call: string, of: string, option: string, first: Evidence): CallUse {
  return {
    call: detached(call),
    of: detached(of),
    option: detached(option),
    printed: new Set(),
    calls: 0,
    entered: 0,
    ok: 0,
    restarts: 0,
    errors: new Map(),
    programs: new Map(),
    first,
    firstError: null,
    notice: null,
    fellBackTo: new Set(),
    told: null,
    ended: null,
  };
}

/** Does it name the call, the option or the file, with something that went wrong? */
function names(text: string, { call, option, of }: CallUse): boolean {
  const name = option === '' ? call : of === 'file' ? option.slice(option.lastIndexOf('/')) : option;
  return (
    name.length > 4 && text.includes(name) && /fail|error|not |unable|cannot|can't|no such|unsupported/i.test(text)
  );
}

export const callUses: Analyzer<readonly SourceUses[]> = {
  name: 'call-uses',
  reads: [
    'banner',
    'config',
    'unsupported-syscall',
    'warning',
    'note',
    'exit',
    'signal',
    'syscall-enter',
    'syscall-exit',
    'native-syscall',
    'native-exit',
  ],
  start(): Fold<readonly SourceUses[]> {
    const done: SourceUses[] = [];
    const forks = new Map<number, string>();
    let current: SourceCalls | undefined;
    const close = (): void => {
      if (current !== undefined) done.push(current.product());
      current = undefined;
    };
    return {
      sourceStarts(source) {
        close();
        current = new SourceCalls(source, forks);
      },
      see: (event) => current?.see(event),
      seeRows: (batch, place) => current?.seeRows(batch, place),
      sourceEnds: close,
      finish(repeats) {
        close();
        return done.filter(({ source }) => !repeats.has(source));
      },
    };
  },
};
