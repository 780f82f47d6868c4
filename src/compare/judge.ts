/**
 * Says which difference matters: the failure that the program acts on. That is the one that it complains of; else the last before
 * its path parts from that of the other side, in the process that failed first. All others went on alike, or follow from it.
 */
import { errnoName } from '../../grammars/errno.js';
import { whyNormal } from '../knowledge/normal-errors.js';
import { fallbackOf } from '../knowledge/call-fallbacks.js';
import { capabilityFor, gvisorDifference, type GvisorDifference } from '../knowledge/gvisor-differences.js';
import type { DifferenceKind, DifferenceLabel } from '../model/compare.js';
import { complaintsOf, masked, scoreOf, TELLING_SCORE, type Complaint } from './complaints.js';
import type { RowPair } from './context.js';
import type { Detail } from './details.js';
import type { Compared, Found, Gap } from './differences.js';
import type { ProcessPair } from './pairing.js';
import type { Output, Traced } from './processes.js';
import type { QuietError, Side } from './side.js';

/** A difference with what its records say. */
export type Told = {
  readonly kind: DifferenceKind;
  readonly pair: ProcessPair;
  readonly name: string;
  readonly subject: string;
  readonly a: Detail | null;
  readonly b: Detail | null;
  readonly errnoA: number;
  readonly errnoB: number;
  readonly count: number;
  /** Place among the calls of its process, and row in B (of what B lacks: where it would stand). */
  readonly order: number;
  readonly row: number;
  /** Rows of the call on either side; -1 where there is none. */
  readonly rows: RowPair;
  readonly isQuiet: boolean;
};

export type Judged = {
  readonly told: Told | null;
  readonly kind: DifferenceKind;
  readonly label: DifferenceLabel;
  readonly why: string;
  readonly remedy: readonly string[];
  readonly pair: ProcessPair;
};

export type Judgement = {
  readonly judged: readonly Judged[];
  /** The difference that the end of the program hangs on. */
  readonly cause: Told | null;
  readonly exits: readonly ProcessPair[];
  readonly differs: boolean;
};

/** Content that is another from moment to moment, natively, too. */
const VOLATILE =
  /^\/proc\/(?:meminfo|vmstat|loadavg|uptime|stat|diskstats|interrupts|softirqs|schedstat|zoneinfo|buddyinfo|slabinfo|pagetypeinfo|timer_list|net\/\w+|self\/(?:stat|statm|status|maps|smaps|smaps_rollup|sched|schedstat|io|numa_maps|mountinfo|mounts|cgroup|auxv|environ|limits|oom_score|wchan|syscall|task\/.*)|sys\/kernel\/random\/\w+|sys\/fs\/(?:file-nr|inode-nr|inode-state|dentry-state)|pressure\/\w+|cpuinfo|version|locks|keys|sys\/kernel\/(?:ns_last_pid|hostname))$|^\/sys\/(?:class|devices|fs|block|kernel)\//;
/** Folders in which loaders, C libraries and interpreters search. */
const SEARCHED =
  /ld\.so|\.so(?:\.|$)|glibc-hwcaps|\/locale|gconv|\/proc\/self\/exe|\.pyc$|\/__pycache__|\.pth$|pyvenv\.cfg|_sitebuiltins|sitecustomize|\/dist-packages|\/site-packages/;
const LOOKUPS =
  /^(?:open|openat|openat2|stat|lstat|newfstatat|statx|access|faccessat2?|readlink|readlinkat|execve|getdents64|read|pread64|fstat|ioctl|fcntl|getcwd|dup2?|dup3|clone|clone3|fork|vfork|pipe2?|exit_group|uname|get\w+|sched_getaffinity|sysinfo|chdir|fchdir|epoll_\w+|eventfd2|flock|recv\w+|send\w+)$/;

export function judge(
  compared: readonly Compared[],
  told: readonly Told[],
  a: Side,
  b: Side,
  isCut: { readonly a: boolean; readonly b: boolean },
): Judgement {
  const judge = new Judge(compared, told, a, b, isCut);
  return judge.run();
}

class Judge {
  readonly #compared: readonly Compared[];
  readonly #told: readonly Told[];
  readonly #a: Side;
  readonly #b: Side;
  readonly #isCut: { readonly a: boolean; readonly b: boolean };
  readonly #isMixed: boolean;
  /** Did the program complain of the cause? */
  #isComplained = false;

  constructor(
    compared: readonly Compared[],
    told: readonly Told[],
    a: Side,
    b: Side,
    isCut: { readonly a: boolean; readonly b: boolean },
  ) {
    this.#compared = compared;
    this.#told = told;
    this.#a = a;
    this.#b = b;
    this.#isCut = isCut;
    this.#isMixed = a.kind !== b.kind || a.release !== b.release;
  }

  run(): Judgement {
    const exits = this.#compared
      .map(({ pair }) => pair)
      .filter((pair) => hasOtherExit(pair))
      .toSorted((one, other) => (one.b?.last ?? 0) - (other.b?.last ?? 0));
    const outputs = this.#compared
      .map(({ pair }) => pair)
      .filter((pair) => !this.#isCut.a && !this.#isCut.b && hasOtherOutput(pair));
    const found = this.#causeOf(exits, outputs);
    const cause = found === undefined ? undefined : this.#content(found);
    const judged: Judged[] = [];
    const isHurt = exits.length > 0;
    if (cause !== undefined) judged.push(this.#judgedCause(cause, isHurt, outputs.length > 0));
    const rest = this.#told
      .filter((one) => one !== cause)
      .map((one) => this.#judgedOther(one, cause, isHurt || outputs.length > 0));
    judged.push(...rest.filter((one) => one !== undefined));
    for (const pair of exits) judged.push(this.#judgedExit(pair, cause));
    judged.push(...this.#lackingProcesses(cause));
    const differs = exits.length > 0 || judged.some(({ label }) => label === 'likely-cause' || label === 'unexplained');
    return { judged: sorted(judged, cause), cause: cause ?? null, exits, differs };
  }

  // ------------------------------------------------------------------------------------------------------------ the cause

  #causeOf(exits: readonly ProcessPair[], outputs: readonly ProcessPair[]): Told | undefined {
    const hurt = [...exits, ...outputs.filter((pair) => !exits.includes(pair))];
    if (hurt.length === 0) return undefined;
    const said = new Set(
      this.#compared.flatMap(({ pair }) => (pair.a === null ? [] : pair.a.words.map(({ text }) => text))),
    );
    // the process that failed first complains first
    for (const pair of hurt) {
      const found = this.#complainedOf(pair, said);
      if (found !== undefined) {
        this.#isComplained = true;
        return found;
      }
      const isExit = exits.includes(pair);
      const parted = isExit ? this.#beforeParting(pair) : undefined;
      if (parted !== undefined) return parted;
    }
    for (const pair of outputs) {
      const parted = this.#beforeParting(pair);
      if (parted !== undefined) return parted;
    }
    return exits.length > 0 ? this.#unexplained(exits[0] as ProcessPair) : this.#otherOutput(outputs);
  }

  /** The call that a process complains of, the last complaint first. */
  #complainedOf(pair: ProcessPair, said: ReadonlySet<string>): Told | undefined {
    if (pair.b === null) return undefined;
    const complaints = complaintsOf(pair.b.words, said).toReversed();
    for (const complaint of complaints) {
      const scored = this.#told
        .filter((one) => isBefore(one, pair, complaint))
        .map((one) => ({ one, score: scoreOf(suspectOf(one), complaint.text) + preference(one, pair) }))
        .filter(({ score }) => score >= TELLING_SCORE)
        .toSorted((x, y) => y.score - x.score || y.one.row - x.one.row);
      const [best] = scored;
      if (best === undefined) continue;
      // a text that speaks of many failures names them in their order
      const equal = scored.filter(
        ({ score, one }) => score >= best.score - 1 && one.pair === best.one.pair && one.kind === best.one.kind,
      );
      const names = equal.filter(({ one }) => isNamed(one, complaint.text));
      return names.length > 1 && names.includes(best)
        ? (names.map(({ one }) => one).toSorted((x, y) => x.order - y.order)[0] as Told)
        : best.one;
    }
    return undefined;
  }

  /** The last difference before the calls of both sides part for good. */
  #beforeParting(pair: ProcessPair): Told | undefined {
    const compared = this.#compared.find((one) => one.pair === pair);
    if (compared === undefined || pair.b === null) return undefined;
    const gap = partingOf(compared);
    const own = this.#told.filter((one) => one.pair === pair && isAnswer(one));
    const before = gap === undefined ? own : own.filter((one) => one.order <= gap.order + gap.b.length);
    // what a child was told reaches its parent through a pipe
    const row = gap?.b[0] ?? pair.b.last;
    const below = this.#told.filter(
      (one) => one.pair !== pair && isAnswer(one) && one.row < row && isBelow(one.pair.b, pair.b),
    );
    const all = [...before, ...below].filter((one) => !isNoise(one));
    const telling = all.filter((one) => !VOLATILE.test(one.subject));
    const last = latest(telling.filter((one) => !this.#isUsual(one))) ?? latest(telling) ?? latest(all);
    return last;
  }

  /** What is in a file tells more than its size. */
  #content(one: Told): Told {
    if (one.kind !== 'result' || one.errnoB !== 0) return one;
    const isSame = (other: Told): boolean =>
      other.pair === one.pair &&
      other.kind === 'result' &&
      other.subject === one.subject &&
      /^p?read(?:v|64)?$/.test(other.name);
    return this.#told.find(isSame) ?? one;
  }

  /** Differences that programs meet at their start, and seldom act on. */
  #isUsual(one: Told): boolean {
    return one.name === 'uname' || (one.errnoB !== 0 && this.#known(one)?.label === 'expected');
  }

  /** Nothing tells why: the first call of the part in which the sides differ. */
  #unexplained(pair: ProcessPair): Told | undefined {
    const own = this.#told.filter((one) => one.pair === pair && !isNoise(one));
    const compared = this.#compared.find((one) => one.pair === pair);
    const gap = compared === undefined ? undefined : partingOf(compared);
    const within = own.filter((one) => gap === undefined || one.order >= gap.order);
    return within.find((one) => one.kind === 'missing' && isFile(one)) ?? within[0] ?? own[0];
  }

  /** Outputs differ, and no call does: what was written is the difference. */
  #otherOutput(outputs: readonly ProcessPair[]): Told | undefined {
    return this.#told.find(
      (one) =>
        outputs.includes(one.pair) &&
        one.name.startsWith('write') &&
        (one.subject === 'stdout' || one.subject === 'stderr'),
    );
  }

  // ------------------------------------------------------------------------------------------------------------ the words

  #known(one: Told): GvisorDifference | undefined {
    if (this.#b.kind !== 'runsc' && this.#a.kind !== 'runsc') return undefined;
    if (!this.#isMixed) return undefined;
    const isSwapped = this.#b.kind !== 'runsc';
    const errno = isSwapped ? one.errnoA : one.errnoB;
    const reference = isSwapped ? one.errnoB : one.errnoA;
    const side = isSwapped ? this.#a : this.#b;
    return gvisorDifference(
      {
        name: one.name,
        subject: one.subject,
        errno: errno === 0 ? null : errnoName(errno),
        reference: reference === 0 ? null : errnoName(reference),
      },
      side.release,
      side.architecture,
    );
  }

  #judgedCause(cause: Told, isHurt: boolean, isOther: boolean): Judged {
    const known = this.#known(cause);
    const kind = isHurt ? cause.kind : this.#kindOf(cause);
    const isAnswered = isAnswer(cause) || this.#isComplained;
    // the program ended as on the other side: it could do without
    const isSurvived = !isHurt;
    const label: DifferenceLabel =
      isSurvived && known !== undefined ? known.label : isAnswered ? 'likely-cause' : 'unexplained';
    const { why, remedy } = whyOf(cause, known, this.#capability(cause));
    const follows = isHurt ? '; the program acts on it' : isOther ? '; the program says so and goes on' : '';
    return { told: cause, kind, label, why: `${why}${isAnswered ? follows : ''}`, remedy, pair: cause.pair };
  }

  #capability(one: Told): string | undefined {
    return one.errnoB === 1 ? capabilityFor(one.name) : undefined;
  }

  #judgedOther(one: Told, cause: Told | undefined, isHurt: boolean): Judged | undefined {
    if (isNoise(one)) return undefined;
    const known = this.#known(one);
    const kind = this.#kindOf(one);
    const isAfter =
      cause !== undefined &&
      isHurt &&
      (one.pair === cause.pair ? one.order > cause.order : one.row > cause.row || isBelow(cause.pair.b, one.pair.b));
    if (one.kind === 'missing' || one.kind === 'extra') {
      if (cause !== undefined && isAfter && !isAnswer(one)) return undefined;
      if (one.errnoB === 0 && LOOKUPS.test(one.name)) return undefined;
      if (one.kind === 'missing' && LOOKUPS.test(one.name)) return undefined;
      if (one.errnoB !== 0 && LOOKUPS.test(one.name) && known === undefined) return undefined;
      if (this.#isPartOfFallback(one)) return undefined;
    }
    if (one.kind === 'result' && one.errnoA === one.errnoB && one.name.startsWith('write')) {
      if (!isHurt) return undefined;
      if (!hasOtherOutput(one.pair) && !one.subject.startsWith('/')) return undefined;
    }
    if (isAfter && known === undefined && cause !== undefined) {
      if (one.kind === 'missing' || one.kind === 'extra') return undefined;
      return { told: one, kind, label: 'expected', why: `follows from ${callText(cause)}`, remedy: [], pair: one.pair };
    }
    if (known !== undefined) {
      const { why } = whyOf(one, known, undefined);
      return {
        told: one,
        kind,
        label: known.label,
        why: `${why}; both sides go on alike`,
        remedy: known.remedy,
        pair: one.pair,
      };
    }
    const { why } = whyOf(one, undefined, this.#capability(one));
    return { told: one, kind, label: 'expected', why: `${why}; both sides go on alike`, remedy: [], pair: one.pair };
  }

  /** Did another call do the work? */
  #kindOf(one: Told): DifferenceKind {
    if (one.errnoB === 0 || (one.kind !== 'fails' && one.kind !== 'extra')) return one.kind;
    const ways = waysAround(one);
    if (ways.length === 0) return one.kind;
    const isTaken = this.#told.some(
      (other) =>
        other.pair === one.pair &&
        other.kind === 'extra' &&
        other.errnoB === 0 &&
        ways.includes(other.name) &&
        other.order >= one.order &&
        other.subject !== 'stdout' &&
        other.subject !== 'stderr',
    );
    return isTaken ? 'fallback' : one.kind;
  }

  #isPartOfFallback(one: Told): boolean {
    return this.#told.some(
      (other) =>
        other.pair === one.pair &&
        other !== one &&
        other.errnoB !== 0 &&
        (other.kind === 'fails' || other.kind === 'extra') &&
        (waysAround(other).includes(one.name) ||
          (other.name.split('_')[0] === one.name.split('_')[0] && one.name.includes('_'))),
    );
  }

  #judgedExit(pair: ProcessPair, cause: Told | undefined): Judged {
    const [left, right] = [exitText(pair.a), exitText(pair.b)];
    const says = `A ends with ${left}, B with ${right}`;
    const isExplained = cause !== undefined && (isAnswer(cause) || this.#isComplained);
    return {
      told: null,
      kind: 'exit',
      label: isExplained ? 'expected' : 'unexplained',
      why: isExplained ? `${says}: follows from ${callText(cause)}` : `${says}, and no call tells why`,
      remedy: [],
      pair,
    };
  }

  /** Processes of one side alone. */
  #lackingProcesses(_cause: Told | undefined): readonly Judged[] {
    return [];
  }
}

/** Calls that may do the work of one, by name. */
const waysAround = (one: Told): readonly string[] =>
  fallbackOf(one.name, one.name === 'ioctl' || one.name === 'fcntl' ? one.subject.split(' ', 1)[0] : '')?.to ?? [];

const suspectOf = (one: Told): Parameters<typeof scoreOf>[0] => ({
  name: one.name,
  subject: one.subject,
  errno: one.errnoB,
  errnoName: one.errnoB === 0 ? null : errnoName(one.errnoB),
  text: one.b?.text ?? '',
  reference: one.a?.text ?? '',
});

/** Of calls about which a complaint may be as well: which it rather is about. */
function preference(one: Told, pair: ProcessPair): number {
  let sum = one.pair === pair ? 0.5 : 0;
  // libraries meet these and do without
  if (one.isQuiet) sum -= 2.5;
  if (one.kind === 'extra') sum -= 0.25;
  // a file that only A looks at, since B was not told of it
  if (one.kind === 'missing') sum += isFile(one) ? 1.25 : -4;
  // what is asked of the kernel is often asked in passing
  if (/^\/(?:proc|sys)\//.test(one.subject)) sum -= 0.2;
  return sum;
}

const isFile = (one: Told): boolean =>
  /^(?:open|openat|openat2|newfstatat|stat|statx|execve|connect)$/.test(one.name) && !SEARCHED.test(one.subject);

/** May a complaint be about a call? It was made before, by this process or by one below it or above it. */
function isBefore(one: Told, pair: ProcessPair, complaint: Complaint): boolean {
  if (one.row > complaint.last.row || (one.kind === 'extra' && one.errnoB === 0)) return false;
  if (one.name.startsWith('write') && one.kind !== 'fails') return false;
  return one.pair === pair || isBelow(one.pair.b, pair.b) || isBelow(pair.b, one.pair.b);
}

function isNamed(one: Told, text: string): boolean {
  return one.subject.split(' ').some((word) => word.length > 3 && text.includes(word));
}

/** Is a process a descendant of another? */
function isBelow(process: Traced | null, other: Traced | null): boolean {
  if (other === null) return false;
  for (let one = process?.parent ?? null; one !== null; one = one.parent) if (one === other) return true;
  return false;
}

/** Did a call answer otherwise? What one side did and the other did not is what follows of such. */
const isAnswer = (one: Told): boolean =>
  !one.isQuiet &&
  (one.kind === 'fails' ||
    one.kind === 'succeeds' ||
    (one.kind === 'result' && !one.name.startsWith('write')) ||
    (one.kind === 'extra' &&
      one.errnoB !== 0 &&
      one.errnoB !== BAD_DESCRIPTOR &&
      (one.errnoB === 38 || whyNormal(errnoName(one.errnoB), one.name) === undefined)));

/** What follows where a descriptor could not be had. */
const BAD_DESCRIPTOR = 9;

/** Libraries search here and there; which calls start a program depends on its C library and loader. */
function isNoise(one: Told): boolean {
  if (one.isQuiet) return false;
  return (
    SEARCHED.test(one.subject) &&
    (one.errnoB === 0 || one.errnoB === 2) &&
    (one.errnoA === 0 || one.errnoA === 2) &&
    one.kind !== 'fails'
  );
}

const latest = (list: readonly Told[]): Told | undefined =>
  list.toSorted((one, other) => other.row - one.row || other.order - one.order)[0];

/** The part with most calls of one side alone; of equal ones the last. */
function partingOf({ gaps }: Compared): Gap | undefined {
  let best: Gap | undefined;
  for (const gap of gaps) if (best === undefined || gap.weight >= best.weight) best = gap;
  return best;
}

export function hasOtherExit({ a, b }: ProcessPair): boolean {
  if (a === null || b === null || a.exit === null || b.exit === null) return false;
  return JSON.stringify(a.exit) !== JSON.stringify(b.exit);
}

export function hasOtherOutput({ a, b }: ProcessPair): boolean {
  if (a === null || b === null || !a.hasEnded || !b.hasEnded) return false;
  return a.outputs.some((output, index) => isOther(output, b.outputs[index] as Output));
}

function isOther(one: Output, other: Output): boolean {
  if (one.length === other.length && one.hash === other.hash) return false;
  return masked(one.text) !== masked(other.text);
}

export function exitText(process: Traced | null): string {
  const exit = process?.exit ?? null;
  if (exit === null) return 'no known end';
  return 'signal' in exit ? `signal ${exit.signal}` : `status ${exit.status}`;
}

/** `openat of /dev/kmsg`, for a sentence. */
export function callText({ name, subject }: Pick<Told, 'name' | 'subject'>): string {
  return subject === '' ? name : `${name} of ${subject}`;
}

const answerText = (errno: number): string => (errno === 0 ? 'works' : `fails with ${errnoName(errno)}`);

function whyOf(
  one: Told,
  known: GvisorDifference | undefined,
  capability: string | undefined,
): { readonly why: string; readonly remedy: readonly string[] } {
  const call = callText(one);
  const remedy =
    known?.remedy ??
    (capability === undefined ? [] : [`Let the container have what ${one.name} needs: ${capability}.`]);
  const because = known !== undefined ? `: ${known.why}` : capability !== undefined ? `: it needs ${capability}` : '';
  switch (one.kind) {
    case 'missing':
      return { why: `only A calls ${call}`, remedy };
    case 'extra':
      return { why: `only B calls ${call}, which ${answerText(one.errnoB)}${because}`, remedy };
    case 'result': {
      if (one.errnoA !== one.errnoB)
        return {
          why: `${call} gives ${errnoName(one.errnoA)} in A and ${errnoName(one.errnoB)} in B${because}`,
          remedy,
        };
      const [left, right] = [shown(one.a?.text, one.a?.answer.ret), shown(one.b?.text, one.b?.answer.ret)];
      if (left !== '' && (one.a?.text ?? '') === '' && one.b?.text)
        return { why: `${call} tells ${right} in B${because}`, remedy };
      return {
        why:
          left === right || left === '' || right === ''
            ? `${call} answers otherwise${because}`
            : `${call} tells ${left} in A and ${right} in B${because}`,
        remedy,
      };
    }
    default:
      return { why: `${call} ${answerText(one.errnoA)} in A and ${answerText(one.errnoB)} in B${because}`, remedy };
  }
}

function shown(text: string | undefined, ret: string | undefined): string {
  if (text === undefined || text === '') return ret ?? '';
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > 40 ? `"${line.slice(0, 40)}…"` : `"${line}"`;
}

const LABELS: Readonly<Record<DifferenceLabel, number>> = {
  'likely-cause': 0,
  unexplained: 1,
  'known-gap': 2,
  expected: 3,
};
const KINDS: Readonly<Record<DifferenceKind, number>> = {
  fallback: 0,
  fails: 1,
  exit: 2,
  succeeds: 3,
  result: 4,
  order: 5,
  extra: 6,
  missing: 7,
};

function sorted(judged: readonly Judged[], cause: Told | undefined): readonly Judged[] {
  return judged.toSorted(
    (one, other) =>
      Number(one.told !== cause || cause === undefined) - Number(other.told !== cause || cause === undefined) ||
      LABELS[one.label] - LABELS[other.label] ||
      KINDS[one.kind] - KINDS[other.kind] ||
      (one.told?.row ?? 0) - (other.told?.row ?? 0),
  );
}

/** The quiet calls of a pair that failed on one side alone. */
export function quietDifferences(
  pair: ProcessPair,
  a: readonly QuietError[],
  b: readonly QuietError[],
): readonly { readonly kind: 'fails' | 'succeeds'; readonly error: QuietError }[] {
  const own = (list: readonly QuietError[], process: Traced | null): readonly QuietError[] =>
    list.filter(
      (one) =>
        one.process === process &&
        !ORDINARY.has(one.errno) &&
        !(one.errno === 22 && /^(?:lseek|rt_sigaction)$/.test(one.name)) &&
        !/^(?:close|lseek|futex|poll|wait4|waitid)$/.test(one.name),
    );
  const [left, right] = [own(a, pair.a), own(b, pair.b)];
  const same = (one: QuietError) => (other: QuietError) => other.name === one.name && other.errno === one.errno;
  return [
    ...right.filter((one) => !left.some(same(one))).map((error) => ({ kind: 'fails' as const, error })),
    ...left
      .filter((one) => !right.some((other) => other.name === one.name))
      .map((error) => ({ kind: 'succeeds' as const, error })),
  ];
}
/** Of waiting, polling and asking: EINTR, EAGAIN, ECHILD, ESRCH, ETIMEDOUT, ESPIPE. */
const ORDINARY = new Set([4, 11, 10, 3, 110, 29]);

export type { Found };
