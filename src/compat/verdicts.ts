/** Judges one use of the kernel: how far the release has it, what the program did or will do, and what can be done. */
import { releaseNumber } from '../../grammars/releases.js';
import type { CallUse } from '../analyzers/call-uses.js';
import { fallbackOf } from '../knowledge/call-fallbacks.js';
import { FEATURES } from '../knowledge/features.js';
import { fileSupport, MEASURED, optionSupport } from '../knowledge/option-support.js';
import { isNamed } from '../knowledge/syscall-names.js';
import {
  supportChanges,
  type Change,
  type Support,
  type SupportLevel,
  type SupportTable,
} from '../knowledge/syscall-support.js';
import type { CompatOutcome, CompatSupport, CompatUse } from '../model/compat.js';
import type { Evidence } from '../model/finding.js';

/** Against what is judged. */
export type Target = {
  readonly release: string;
  readonly architecture: 'amd64' | 'arm64';
  readonly table: SupportTable;
};

/** The same use in all logs: of the release that is judged, and of others and native traces. */
export type UseGroup = {
  readonly here: readonly CallUse[];
  readonly elsewhere: readonly CallUse[];
  /** Did the workload of one of those of this release end badly? */
  readonly endsBadly: boolean;
};

/** Libraries ask every descriptor whether it is a terminal; that it is none says nothing of the kernel. */
const TERMINAL = /^(?:TC[A-Z]+\w*|TIOC\w+|FIO\w+)$/;

const LEVELS: Readonly<Record<SupportLevel, CompatSupport>> = {
  full: 'full',
  handled: 'full',
  partial: 'partial',
  unimplemented: 'missing',
};

/** What runsc offers only with a flag. */
const BEHIND_FLAG: Readonly<Record<string, string>> = {
  io_uring_setup: '--iouring',
  io_uring_enter: '--iouring',
};

/** Errnos with which a kernel says that it does not know an option. */
const UNKNOWN_OPTION = new Set(
  'ENOSYS ENOTTY EINVAL EOPNOTSUPP ENOTSUP ENOPROTOOPT EAFNOSUPPORT EPROTONOSUPPORT ESOCKTNOSUPPORT'.split(' '),
);

type Judged = {
  readonly support: CompatSupport;
  readonly note: string | null;
  readonly changes: readonly Change[];
};

/** What gVisor's tables call otherwise. */
const tableName = (architecture: Target['architecture'], call: string): string =>
  architecture === 'arm64' && call === 'newfstatat' ? 'fstatat' : call;

function callSupport(call: string, { architecture, table }: Target): Judged {
  const name = tableName(architecture, call);
  const found: Support | undefined = table(name);
  if (found !== undefined)
    return { support: LEVELS[found.level], note: found.note, changes: supportChanges(architecture, name) };
  return isNamed(call)
    ? { support: 'missing', note: 'no release of gVisor has it: always fails: ENOSYS', changes: [] }
    : { support: 'missing', note: 'a number that no table of Linux or gVisor has', changes: [] };
}

function tabled({ call, of, option }: CallUse, target: Target): Judged | undefined {
  if (option === '') return callSupport(call, target);
  const found = of === 'file' ? fileSupport(option, target.release) : optionSupport(of, option, target.release);
  if (found === undefined) return undefined;
  const isLater = (releaseNumber(target.release) ?? 0) > (releaseNumber(MEASURED) ?? 0) + 99;
  const measured = isLater && found.level !== 'full' ? ` (as of release ${MEASURED})` : '';
  return {
    support: LEVELS[found.level],
    note: found.note === null ? null : found.note + measured,
    changes: found.changes,
  };
}

const sum = (uses: readonly CallUse[], field: 'calls' | 'ok' | 'entered'): number =>
  uses.reduce((total, use) => total + use[field], 0);

function errorsOf(uses: readonly CallUse[]): Readonly<Record<string, number>> {
  const errors = new Map<string, number>();
  for (const use of uses) for (const [name, count] of use.errors) errors.set(name, (errors.get(name) ?? 0) + count);
  return Object.fromEntries([...errors].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

/** What a log of this release shows counts for more than any table. */
function supportOf(first: CallUse, { here, elsewhere }: UseGroup, target: Target): Judged {
  const table = tabled(first, target);
  const changes = table?.changes ?? [];
  const [calls, ok] = [sum(here, 'calls'), sum(here, 'ok')];
  const errors = Object.keys(errorsOf(here));
  const isNoticed = here.some(({ notice }) => notice !== null);
  const isRefused = calls > 0 && ok === 0 && errors.length > 0;
  const flag = BEHIND_FLAG[first.call];
  if (ok > 0) {
    if (isNoticed)
      return { support: 'partial', note: table?.note ?? 'the sentry says that it does not support all of it', changes };
    if (table === undefined) return { support: 'full', note: null, changes };
    return table.support === 'missing' ? { support: 'full', note: 'the log shows that it works here', changes } : table;
  }
  if (isRefused && (isNoticed || errors.every((errno) => errno === 'ENOSYS'))) {
    const off = flag === undefined ? (table?.note ?? null) : `off without ${flag}: ENOSYS`;
    return { support: 'missing', note: table?.support === 'missing' ? table.note : off, changes };
  }
  if (isNoticed && calls === 0)
    return {
      support: table?.support === 'partial' && first.option === '' ? 'partial' : 'missing',
      note: table?.note ?? null,
      changes,
    };
  if (table !== undefined) {
    if (flag !== undefined && here.length === 0)
      return { support: 'missing', note: `off without ${flag}: ENOSYS`, changes };
    return table;
  }
  const isUnknown =
    isRefused &&
    !TERMINAL.test(first.option) &&
    (first.of === 'file'
      ? errors.every((errno) => errno === 'ENOENT')
      : errors.some((errno) => UNKNOWN_OPTION.has(errno)));
  if (isUnknown)
    return { support: 'unknown', note: `refused with ${errors.join(', ')}; the tables do not have it`, changes };
  if (elsewhere.length > 0 && here.length === 0 && sum(elsewhere, 'ok') > 0 && first.option !== '')
    return { support: 'unknown', note: 'the tables do not have it', changes };
  return { support: 'full', note: null, changes };
}

/** Devices without which a program has no reason to run. */
const DEVICE = /^\/dev\/(?:kvm|kmsg|mem|nvidia|dri\/|vhost|loop|snd|vsock|uinput|kfd|mapper|hpet|userfaultfd)/;

/** Files that libraries look at, and do without. */
const LOOKED_AT =
  /^\/sys\/(?:kernel\/mm\/|fs\/(?:selinux|cgroup)|devices\/system\/(?:cpu|node)|module\/apparmor)|^\/proc\/(?:PID\/(?:attr\/|loginuid|oom_adj|coredump_filter|cgroup|setgroups|task)|sys\/(?:kernel\/(?:ngroups_max|cap_last_cap|osrelease)|vm\/overcommit|crypto\/fips))/;

type Judgement = { readonly outcome: CompatOutcome; readonly fallback: string | null; readonly isHarmless: boolean };

function outcomeOf(first: CallUse, group: UseGroup, { support, note }: Judged): Judgement {
  const known = fallbackOf(first.option === '' ? first.call : first.of, first.option);
  const isHarmless = known?.isHarmless === true;
  const { here, elsewhere } = group;
  const fellBack = [...new Set(here.flatMap(({ fellBackTo }) => [...fellBackTo]))];
  if (here.length > 0) {
    const isNoticed = here.some(({ notice }) => notice !== null);
    // Of a call that is there in part its options tell what is missing; an error of the call may have any reason.
    const isPart = support === 'partial' && first.option === '' && !isNoticed;
    const isGap = support !== 'full' && !isPart && sum(here, 'ok') === 0 && (sum(here, 'calls') > 0 || isNoticed);
    if (!isGap) return { outcome: 'works', fallback: null, isHarmless };
    const hasEnded =
      support !== 'unknown' && group.endsBadly && !isHarmless && here.some(({ ended }) => ended !== null);
    if (hasEnded) return { outcome: 'failed', fallback: null, isHarmless };
    if (fellBack.length > 0) return { outcome: 'fell-back', fallback: fellBack.join(', '), isHarmless };
    return {
      outcome: 'went-on',
      fallback: null,
      isHarmless: isHarmless || support === 'unknown' || first.of === 'file',
    };
  }
  // What fails natively, too, is missed by nobody.
  const isUsed = sum(elsewhere, 'ok') > 0 || sum(elsewhere, 'calls') === 0;
  const needsFlag = support === 'partial' && note?.startsWith('needs ') === true;
  if (support === 'full' || (support === 'partial' && !needsFlag))
    return { outcome: 'will-work', fallback: null, isHarmless };
  if (!isUsed || support === 'unknown') return { outcome: 'will-go-on', fallback: null, isHarmless: true };
  if (known !== undefined)
    return {
      outcome: known.to.length > 0 ? 'will-fall-back' : 'will-go-on',
      fallback: known.to.length > 0 ? known.words : null,
      isHarmless,
    };
  if (first.of === 'file' && !DEVICE.test(first.option))
    return { outcome: 'will-go-on', fallback: null, isHarmless: LOOKED_AT.test(first.option) };
  return { outcome: 'will-fail', fallback: null, isHarmless };
}

/** The release after the one that is judged from which on there is more of it for good. */
function sinceOf({ support, changes }: Judged, release: string): string | null {
  const now = releaseNumber(release) ?? Number.POSITIVE_INFINITY;
  const later = changes.filter((one) => (releaseNumber(one.release) ?? 0) > now);
  const worse = later.findIndex((one) => RANK[LEVELS[one.level]] <= RANK[support]);
  return (worse === -1 ? later : later.slice(0, worse)).at(-1)?.release ?? null;
}
const RANK: Readonly<Record<CompatSupport, number>> = { missing: 0, unknown: 1, partial: 2, full: 3 };

/** What can be done about it, the surest first. */
function doOf(
  first: CallUse,
  judged: Judged,
  { outcome, isHarmless }: Judgement,
  since: string | null,
): readonly string[] {
  if (outcome === 'works' || outcome === 'will-work') return [];
  const isLost = outcome === 'failed' || outcome === 'will-fail';
  if (!isLost && isHarmless) return ['Nothing: programs go on without it.'];
  const found: string[] = [];
  if (since !== null) found.push(`Update runsc: it is there since release ${since}.`);
  const flag = judged.note?.startsWith('needs ') === true ? judged.note : undefined;
  if (flag !== undefined) found.push(`Start runsc with --net-raw, and give the container the capability NET_RAW.`);
  const args = first.firstError?.text ?? first.first.text;
  const name =
    first.option === '' || first.of === 'file' ? first.call : first.of.replace(/^(?:netlink|inet)$/, 'socket');
  const feature = FEATURES.find(({ calls }) =>
    calls.some((call) => call.name.test(name) && (call.args === undefined || call.args.test(args))),
  );
  if (isLost && feature !== undefined && flag === undefined)
    found.push(...feature.remedy.filter((text) => !text.startsWith('Update runsc')).slice(0, 2));
  if (!isLost && found.length === 0)
    found.push('Nothing has to be done as long as the workload does its work that way.');
  if (isLost && found.length === 0)
    found.push(
      'Let the program do without (most have a switch or an older way), or run this container with another runtime.',
    );
  return found;
}

function evidenceOf(uses: readonly CallUse[]): readonly Evidence[] {
  const found: Evidence[] = [];
  const add = (one: Evidence | null | undefined): void => {
    if (one === null || one === undefined) return;
    if (!found.some(({ source, line }) => source === one.source && line === one.line)) found.push(one);
  };
  for (const { firstError } of uses) add(firstError);
  for (const { notice, told, ended } of uses) {
    add(told);
    add(notice);
    add(ended?.evidence);
  }
  if (found.length === 0) for (const { first } of uses) add(first);
  return found.slice(0, 4);
}

function programsOf(uses: readonly CallUse[]): CompatUse['programs'] {
  const programs = new Map<string, number>();
  for (const use of uses)
    for (const [name, count] of use.programs) programs.set(name, (programs.get(name) ?? 0) + count);
  return [...programs]
    .map(([program, calls]) => ({ program, calls }))
    .toSorted((a, b) => b.calls - a.calls || (a.program < b.program ? -1 : 1))
    .slice(0, 8);
}

export function judgeUse(group: UseGroup, target: Target): CompatUse {
  const all = [...group.here, ...group.elsewhere];
  const [first] = all as [CallUse];
  const judged = supportOf(first, group, target);
  const judgement = outcomeOf(first, group, judged);
  const shown = group.here.length > 0 ? group.here : group.elsewhere;
  const since = sinceOf(judged, target.release);
  const ended = shown.find((use) => use.ended !== null)?.ended ?? null;
  const isOver = judgement.outcome === 'failed';
  return {
    kind: first.option === '' ? 'syscall' : first.of === 'file' ? 'file' : 'option',
    syscall: first.call,
    of: first.of,
    option: first.option,
    printed: [...new Set(all.flatMap(({ printed }) => [...printed]))].filter((name) => name !== first.call),
    support: judged.support,
    note: judged.note,
    since,
    changes: judged.changes.map(({ release, level }) => ({ release, support: LEVELS[level] })),
    outcome: judgement.outcome,
    fallback: judgement.fallback,
    harmless: judgement.isHarmless && !isOver,
    calls: Math.max(sum(shown, 'calls'), sum(shown, 'entered')),
    ok: sum(shown, 'ok'),
    errors: errorsOf(shown),
    programs: programsOf(shown),
    ended: isOver && ended !== null ? { program: ended.program, exit: ended.exit } : null,
    do: doOf(first, judged, judgement, since),
    evidence: evidenceOf(shown),
  };
}
