/** Makes the profile of what the logs show and the runtimes need, and says of every call why it is there. */
import { errnoNumberOf } from '../../grammars/errno.js';
import type { CallUse, SourceUses } from '../analyzers/call-uses.js';
import { NEED_NOSYS } from '../knowledge/call-fallbacks.js';
import { capabilityFor, dockerDefault } from '../knowledge/docker-seccomp.js';
import { KERNEL_CALLS, startCalls, VDSO_CALLS, type Runtime } from '../knowledge/runtime-calls.js';
import { isNamed, syscallNames } from '../knowledge/syscall-names.js';
import { supportTable } from '../knowledge/syscall-support.js';
import type { Evidence } from '../model/finding.js';
import type { Reading } from '../model/reading.js';
import type { Redaction } from '../model/report.js';
import type {
  SeccompCall,
  SeccompComparison,
  SeccompProfile,
  SeccompReason,
  SeccompReport,
  SeccompRule,
} from '../model/seccomp.js';
import { Redactor } from '../report/redaction.js';
import { cloneConditions, personalityConditions, socketConditions, type Conditions } from './conditions.js';
import { allowedBy, mergeProfiles, type ForeignProfile } from './profile-file.js';

export type NamedProfile = { readonly name: string; readonly profile: ForeignProfile };

export type SeccompAssembly = {
  readonly runtimes: readonly Runtime[];
  readonly architecture?: 'amd64' | 'arm64';
  /** Conditions on arguments (default). */
  readonly conditions?: boolean;
  /** Refuse clone3 with ENOSYS even where it was seen to work, so that the conditions of clone hold for all. */
  readonly refuseClone3?: boolean;
  readonly merge?: NamedProfile;
  readonly diff?: NamedProfile;
  readonly redaction?: Redaction;
};

/** The other ways in which a processor takes calls. Source: libseccomp's seccomp.h; Docker's archMap */
const ARCHITECTURES = {
  amd64: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
  arm64: ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
} as const;

const ALLOW = 'SCMP_ACT_ALLOW';
const ERRNO = 'SCMP_ACT_ERRNO';
const ENOSYS = 38;
const EPERM = 1;
const PROGRAMS_SHOWN = 8;
/** Words of our own, numbers and names. */
const OWN = new Set(['schema', 'profile', 'time', 'events', 'unread', 'year', 'source', 'format', 'dialect', 'repeats', 'call', 'verdict', 'reasons', 'detail', 'errors', 'name']); // prettier-ignore

/** A call in the making. */
type Entry = {
  readonly call: string;
  readonly reasons: Set<SeccompReason>;
  readonly runtimes: Set<string>;
  uses: CallUse[];
  /** Refused with this errno instead of allowed. */
  answer: number | null;
};

/** Uses of all logs by the name of the call. */
type Seen = ReadonlyMap<string, { readonly uses: readonly CallUse[]; readonly sources: readonly SourceUses[] }>;

export function assembleSeccomp(
  sources: readonly SourceUses[],
  readings: readonly Reading[],
  options: SeccompAssembly,
): SeccompReport {
  const traced = sources.filter(({ calls, uses }) => calls > 0 || uses.some(({ entered }) => entered > 0));
  const architecture =
    options.architecture ?? traced.find(({ architecture: one }) => one !== null)?.architecture ?? 'amd64';
  const names = syscallNames(architecture);
  const workload = traced.map(ofWorkload);
  const { seen, unknown } = seenCalls(workload);
  const entries = entriesOf(seen, names, architecture, options);
  const conditions = options.conditions === false ? new Map<string, Conditions>() : conditionsOf(workload, entries);
  const own: SeccompProfile = {
    defaultAction: ERRNO,
    architectures: [...ARCHITECTURES[architecture]],
    syscalls: rulesOf(entries, conditions),
  };
  const { merge } = options;
  const profile = merge === undefined ? own : mergeProfiles(merge.profile, own, architecture);
  const calls = callsOf(entries, conditions, merge, architecture, names);
  const allowed = calls.filter(({ verdict }) => verdict !== 'answer').map(({ call }) => call);
  const docker: NamedProfile = { name: 'docker-default', profile: dockerProfile(architecture) };
  const compared = [...(options.diff === undefined ? [] : [options.diff]), docker].map((one) =>
    compare(allowed, one, architecture, names),
  );
  const redactor = new Redactor(options.redaction ?? 'secrets');
  const shown = redactor.value({ calls, unknown, reading: readings }, OWN);
  return {
    schema: 'runsight/seccomp@1',
    headline: `allows ${allowed.length} of ${names.size} calls; Docker's default allows ${compared.at(-1)?.allows ?? 0}`,
    architecture,
    runtimes: options.runtimes,
    profile,
    allows: allowed.length,
    of: names.size,
    calls: shown.calls,
    unknown: shown.unknown,
    compared,
    warnings: warningsOf(traced, workload, readings, entries, conditions, unknown, options),
    masked: redactor.masked,
    reading: shown.reading,
  };
}

/** Programs that start containers: what they do before the filter is loaded is no need of the workload. */
const STARTERS =
  /(?:^|\/)(?:runc|crun|youki|runsc|docker|dockerd|containerd|containerd-shim[\w-]*|conmon|podman|nerdctl|ctr)$/;

/** The uses of a log without those that only such a program made, before it executed the workload. */
function ofWorkload(source: SourceUses): SourceUses {
  const isOwn = ({ programs }: CallUse): boolean =>
    programs.size === 0 || [...programs.keys()].some((program) => !STARTERS.test(program));
  return {
    ...source,
    uses: source.uses.filter(isOwn).map((use) => ({
      ...use,
      programs: new Map([...use.programs].filter(([program]) => !STARTERS.test(program))),
    })),
  };
}

function seenCalls(sources: readonly SourceUses[]): {
  readonly seen: Seen;
  readonly unknown: SeccompReport['unknown'];
} {
  const seen = new Map<string, { uses: CallUse[]; sources: SourceUses[] }>();
  const unknown = new Map<string, { name: string; calls: number; first: Evidence }>();
  for (const source of sources)
    for (const use of source.uses) {
      if (use.option !== '' || (use.calls === 0 && use.entered === 0)) continue;
      if (!isNamed(use.call)) {
        const known = unknown.get(use.call);
        if (known !== undefined) known.calls += timesOf(use);
        else unknown.set(use.call, { name: use.call, calls: timesOf(use), first: use.first });
        continue;
      }
      const entry = seen.get(use.call) ?? { uses: [], sources: [] };
      entry.uses.push(use);
      entry.sources.push(source);
      seen.set(use.call, entry);
    }
  return { seen, unknown: [...unknown.values()] };
}

const timesOf = ({ calls, entered }: CallUse): number => Math.max(calls, entered);

function entriesOf(
  seen: Seen,
  names: ReadonlySet<string>,
  architecture: 'amd64' | 'arm64',
  { runtimes, refuseClone3 }: SeccompAssembly,
): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  const add = (call: string, reason: SeccompReason, answer: number | null = null): Entry => {
    const known = entries.get(call);
    if (known !== undefined) {
      known.reasons.add(reason);
      return known;
    }
    const entry: Entry = { call, reasons: new Set([reason]), runtimes: new Set(), uses: [], answer };
    entries.set(call, entry);
    return entry;
  };
  for (const [call, { uses, sources }] of seen) {
    const isRefused = refuseClone3 === true && call === 'clone3';
    add(call, 'used', isRefused ? ENOSYS : answerOf(call, uses, sources, architecture)).uses = [...uses];
  }
  const base = (calls: readonly string[], reason: SeccompReason, runtime?: string): void => {
    for (const call of calls) {
      if (!names.has(call)) continue;
      const entry = add(call, reason);
      if (runtime !== undefined) entry.runtimes.add(runtime);
      // What has to be allowed is, whatever the workload got for an answer.
      entry.answer = null;
    }
  };
  for (const runtime of runtimes) base(startCalls(runtime), 'runtime', runtime);
  base(KERNEL_CALLS, 'kernel');
  base(VDSO_CALLS, 'vdso');
  for (const call of NEED_NOSYS) {
    if (!names.has(call)) continue;
    const known = entries.get(call);
    if (known === undefined) add(call, 'fallback', ENOSYS);
  }
  // Who got ENOSYS for clone3 uses clone then, also where the trace ended before.
  if (entries.get('clone3')?.answer === ENOSYS && [...entries.values()].some(({ call }) => /^v?fork$/.test(call)))
    add('clone', 'fallback');
  return entries;
}

/**
 * The errno with which a call is to be refused as the trace shows: where the kernel, or the sentry, did not have it, a program took
 * another way, and natively it would take one that no trace shows. Null: it is allowed.
 */
function answerOf(
  call: string,
  uses: readonly CallUse[],
  sources: readonly SourceUses[],
  architecture: 'amd64' | 'arm64',
): number | null {
  const errnos = new Set(uses.flatMap(({ errors }) => [...errors.keys()]));
  const hasReturned = uses.some(({ calls }) => calls > 0);
  if (!hasReturned || uses.some(({ ok, restarts }) => ok + restarts > 0) || errnos.size !== 1) return null;
  const [errno = ''] = errnos;
  if (errno === 'ENOSYS') return ENOSYS;
  const isMissing = sources.every(
    ({ isNative, release }) =>
      !isNative && release !== null && supportTable(architecture, release)(call)?.level === 'unimplemented',
  );
  return isMissing ? (errnoNumberOf(errno) ?? null) : null;
}

function conditionsOf(
  sources: readonly SourceUses[],
  entries: ReadonlyMap<string, Entry>,
): ReadonlyMap<string, Conditions> {
  const options = (of: string): readonly string[] => [
    ...new Set(sources.flatMap(({ uses }) => uses.filter((use) => use.of === of).map(({ option }) => option))),
  ];
  const isWhole = sources.every(({ dropped }) => dropped === 0);
  const conditions = new Map<string, Conditions>();
  const add = (call: string, found: Conditions): void => {
    const entry = entries.get(call);
    if (isWhole && found !== null && entry !== undefined && entry.answer === null) conditions.set(call, found);
  };
  // Where clone3 is allowed, whose flags no filter can see, a condition of clone keeps nobody from anything.
  const isOpen = entries.get('clone3')?.answer === null;
  if (!isOpen) add('clone', cloneConditions(options('clone')));
  if (entries.get('personality')?.runtimes.size === 0)
    add('personality', personalityConditions(options('personality')));
  add('socket', socketConditions(options('socket')));
  return conditions;
}

function rulesOf(
  entries: ReadonlyMap<string, Entry>,
  conditions: ReadonlyMap<string, Conditions>,
): readonly SeccompRule[] {
  const sorted = [...entries.values()].toSorted((a, b) => (a.call < b.call ? -1 : 1));
  const rules: SeccompRule[] = [
    {
      names: sorted.filter(({ call, answer }) => answer === null && !conditions.has(call)).map(({ call }) => call),
      action: ALLOW,
    },
  ];
  for (const [call, found] of [...conditions].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    for (const args of found?.any ?? []) rules.push({ names: [call], action: ALLOW, args });
  const answers = new Map<number, string[]>();
  // EPERM is what everything else gets.
  for (const { call, answer } of sorted)
    if (answer !== null && answer !== EPERM) answers.set(answer, [...(answers.get(answer) ?? []), call]);
  for (const [errnoRet, names] of [...answers].toSorted(([a], [b]) => a - b))
    rules.push({ names, action: ERRNO, errnoRet });
  return rules;
}

function callsOf(
  entries: ReadonlyMap<string, Entry>,
  conditions: ReadonlyMap<string, Conditions>,
  merge: NamedProfile | undefined,
  architecture: 'amd64' | 'arm64',
  names: ReadonlySet<string>,
): readonly SeccompCall[] {
  const calls = new Map<string, SeccompCall>();
  for (const entry of entries.values()) {
    const condition = conditions.get(entry.call);
    calls.set(entry.call, {
      call: entry.call,
      verdict: entry.answer !== null ? 'answer' : condition === undefined ? 'allow' : 'conditions',
      reasons: [...entry.reasons],
      detail: detailOf(entry, condition),
      runtimes: [...entry.runtimes],
      calls: entry.uses.reduce((sum, use) => sum + timesOf(use), 0),
      errors: errorsOf(entry.uses),
      programs: programsOf(entry.uses),
      first: entry.uses[0]?.first ?? null,
    });
  }
  if (merge !== undefined) {
    const there = allowedBy(merge.profile, architecture, names);
    for (const call of [...there.always, ...there.sometimes]) {
      if (!names.has(call)) continue;
      const known = calls.get(call);
      const isAlways = there.always.has(call);
      if (known === undefined)
        calls.set(call, { call, verdict: isAlways ? 'allow' : 'conditions', reasons: ['merged'], detail: null, runtimes: [], calls: 0, errors: {}, programs: [], first: null }); // prettier-ignore
      else
        calls.set(call, {
          ...known,
          reasons: [...known.reasons, 'merged'],
          ...(isAlways ? { verdict: 'allow' as const, detail: null } : {}),
          ...(!isAlways && known.verdict === 'answer' ? { verdict: 'conditions' as const, detail: null } : {}),
        });
    }
  }
  return [...calls.values()].toSorted((a, b) => (a.call < b.call ? -1 : 1));
}

function detailOf({ answer, reasons }: Entry, condition: Conditions | undefined): string | null {
  if (answer === null) return condition?.words ?? null;
  const name = answer === ENOSYS ? 'ENOSYS' : answer === EPERM ? 'EPERM' : `errno ${answer}`;
  return reasons.has('used') ? `${name}, as in the log` : `${name}, so that libraries take an older call`;
}

function errorsOf(uses: readonly CallUse[]): Readonly<Record<string, number>> {
  const errors = new Map<string, number>();
  for (const use of uses) for (const [name, count] of use.errors) errors.set(name, (errors.get(name) ?? 0) + count);
  return Object.fromEntries([...errors].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

function programsOf(uses: readonly CallUse[]): SeccompCall['programs'] {
  const programs = new Map<string, number>();
  for (const use of uses)
    for (const [name, count] of use.programs) programs.set(name, (programs.get(name) ?? 0) + count);
  return [...programs]
    .map(([program, calls]) => ({ program, calls }))
    .toSorted((a, b) => b.calls - a.calls || (a.program < b.program ? -1 : 1))
    .slice(0, PROGRAMS_SHOWN);
}

/** Docker's default in the form of a file, for whoever compares. */
function dockerProfile(architecture: 'amd64' | 'arm64'): ForeignProfile {
  const conditional = new Set(['clone', 'personality', 'socket']);
  const names = [...dockerDefault(architecture)];
  return {
    defaultAction: ERRNO,
    syscalls: [
      { names: names.filter((name) => !conditional.has(name)), action: ALLOW },
      { names: names.filter((name) => conditional.has(name)), action: ALLOW, args: [{ index: 0, value: 0, op: '' }] },
    ],
  };
}

function compare(
  allowed: readonly string[],
  { name, profile }: NamedProfile,
  architecture: 'amd64' | 'arm64',
  names: ReadonlySet<string>,
): SeccompComparison {
  const there = allowedBy(profile, architecture, names);
  const all = [...there.always, ...there.sometimes].filter((call) => names.has(call));
  const here = new Set(allowed);
  return {
    with: name,
    allows: all.length,
    lacks: allowed.filter((call) => !there.always.has(call) && !there.sometimes.has(call)),
    conditional: allowed.filter((call) => there.sometimes.has(call)),
    beyond: all.filter((call) => !here.has(call)).toSorted(),
  };
}

/** Calls that only an error path, a signal or another library makes, and how to see them. */
function warningsOf(
  sources: readonly SourceUses[],
  workload: readonly SourceUses[],
  readings: readonly Reading[],
  entries: ReadonlyMap<string, Entry>,
  conditions: ReadonlyMap<string, Conditions>,
  unknown: SeccompReport['unknown'],
  { merge, runtimes, refuseClone3 }: SeccompAssembly,
): readonly string[] {
  const warnings: string[] = [];
  const list = (names: readonly string[]): string =>
    names.slice(0, 6).join(', ') + (names.length > 6 ? ` and ${names.length - 6} more` : '');
  const subset = sources.find(({ traced }) => traced.length > 0);
  if (subset !== undefined)
    warnings.push(
      `only some calls were traced (--strace-syscalls=${subset.traced.slice(0, 6).join(',')}): the profile lacks all others, and no program will start with it`,
    );
  if (unknown.length > 0)
    warnings.push(`not in the profile, since no table has the number: ${list(unknown.map(({ name }) => name))}`);
  const dropped = sources.reduce((sum, one) => sum + one.dropped, 0);
  if (dropped > 0) warnings.push(`${dropped} records beyond the bound were not counted; no conditions are given`);
  const left = sources.reduce((sum, one, index) => sum + one.uses.length - (workload[index]?.uses.length ?? 0), 0);
  if (left > 0)
    warnings.push(
      'the trace holds the runtime itself: calls that it alone made, before the workload was executed, are left out',
    );
  if (sources.some(({ hasProfile }) => hasProfile))
    warnings.push(
      'a log was made under a profile (--oci-seccomp): what that refused stands in no record, and is not in this one either',
    );
  const cut = readings.filter(({ truncated }) => truncated > 0).length;
  if (cut > 0)
    warnings.push(`${cut === 1 ? 'a log has' : `${cut} logs have`} records that are cut off: calls may be missing`);
  warnings.push(
    `${sources.length === 1 ? 'one log shows' : `${sources.length} logs show`} what was done in ${sources.length === 1 ? 'it' : 'them'}: error paths, signals, waits that depend on who comes first, reloads, shutdown and other features need logs of their own (give several logs, or --merge)`,
  );
  const failed = [...new Set(sources.flatMap((one) => one.failed))].filter((program) => !STARTERS.test(program));
  if (failed.length > 0)
    warnings.push(
      `ended with an error, so that what ${failed.length === 1 ? 'it does' : 'they do'} otherwise is not in the profile: ${list(failed)}`,
    );
  const answered = [...entries.values()].filter(({ answer, reasons }) => answer !== null && reasons.has('used'));
  if (answered.length > 0)
    warnings.push(
      `refused as in the log, since the kernel that was traced did not have ${answered.length === 1 ? 'it' : 'them'}: ${list(answered.map(({ call }) => call))}; without that answer a program would use ${answered.length === 1 ? 'it' : 'them'} natively, in a way that no trace shows`,
    );
  if (sources.some(({ isNative }) => !isNative))
    warnings.push(
      'gVisor presents itself as Linux 4.4: programs and libraries that look at the version may make newer calls natively; a trace of strace(1) of the same workload would show them',
    );
  if (sources.some(({ isNative }) => isNative))
    warnings.push('strace sees a process from its first call on: give -f, else calls of its children are missing');
  if (entries.get('clone3')?.answer === null)
    warnings.push(
      'clone3 is allowed: its flags stand in memory, where no filter sees them, so that it can make namespaces; --clone3 enosys lets libraries take clone instead',
    );
  else if (refuseClone3 === true)
    warnings.push(
      'clone3 is refused though it was used: glibc and musl take clone then; a program that calls it itself may not',
    );
  if (conditions.has('socket'))
    warnings.push(
      `sockets of other families than ${conditions.get('socket')?.words.replace('only ', '') ?? ''} are refused: IPv6, name services and logging may need more (--no-conditions)`,
    );
  const locked = [...entries.values()].flatMap(({ call, answer }) => {
    const capability = answer === null ? capabilityFor(call) : undefined;
    return capability === undefined || capability === 'SYS_CHROOT' || call === 'clone3'
      ? []
      : [`${call} (${capability})`];
  });
  if (locked.length > 0)
    warnings.push(`besides the profile these need a capability, in all or in part: ${list(locked)}`);
  warnings.push('another C library, or a newer one, makes other calls: make the profile anew with each new image');
  if (runtimes.length === 0) warnings.push('without the calls of a runtime (--runtime none) a container may not start');
  if (merge !== undefined && 'archMap' in merge.profile)
    warnings.push(
      `${merge.name} is a profile of Docker's own form (archMap): so is the result, and runc and crun do not take it directly`,
    );
  return warnings;
}
