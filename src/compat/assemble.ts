/** Puts the uses of all logs together to the document of `compat`: what blocks comes first, then what goes another way. */
import { releaseName, releaseNumber } from '../../grammars/releases.js';
import type { CallUse, SourceUses } from '../analyzers/call-uses.js';
import { newestRelease, supportTable } from '../knowledge/syscall-support.js';
import {
  COMPAT_OUTCOMES,
  COMPAT_SUPPORT,
  type CompatReport,
  type CompatSupport,
  type CompatUse,
  type CompatVerdict,
} from '../model/compat.js';
import type { Reading } from '../model/reading.js';
import type { Redaction } from '../model/report.js';
import { Redactor } from '../report/redaction.js';
import { judgeUse, type Target, type UseGroup } from './verdicts.js';

export type CompatAssembly = {
  /** The release to judge against; else that of the logs, else the newest that the tables know. */
  readonly release?: string;
  readonly architecture?: 'amd64' | 'arm64';
  /** List what is fully supported, too. */
  readonly all?: boolean;
  readonly redaction?: Redaction;
};

/** Words of our own, numbers and names. */
const OWN = new Set([
  'schema', 'verdict', 'release', 'kind', 'syscall', 'of', 'support', 'note', 'since', 'changes', 'outcome', 'fallback', 'errors',
  'do', 'notes', 'time', 'events', 'unread', 'year', 'source', 'format', 'dialect', 'repeats',
]); // prettier-ignore

export function assembleCompat(
  sources: readonly SourceUses[],
  readings: readonly Reading[],
  options: CompatAssembly = {},
): CompatReport {
  const release = releaseOf(sources, options);
  const architecture =
    options.architecture ?? sources.find(({ architecture: one }) => one !== null)?.architecture ?? 'amd64';
  const target: Target = { release: release.name, architecture, table: supportTable(architecture, release.name) };
  const uses = groupsOf(sources, release.name)
    .map((group) => judgeUse(group, target))
    .toSorted(byWeight);
  const isTraced = sources.some(({ calls }) => calls > 0);
  const blocking = uses.filter(({ outcome }) => outcome === 'failed' || outcome === 'will-fail');
  const others = uses.filter(
    ({ outcome, harmless }) => !harmless && ['fell-back', 'will-fall-back', 'went-on', 'will-go-on'].includes(outcome),
  );
  const verdict: CompatVerdict = !isTraced
    ? 'inconclusive'
    : blocking.length > 0
      ? 'blocked'
      : others.length > 0
        ? 'ready-with-fallbacks'
        : 'ready';
  const redactor = new Redactor(options.redaction ?? 'secrets');
  const listed = options.all === true ? uses : uses.filter((use) => use.support !== 'full' || !isWell(use));
  const shown = redactor.value({ uses: listed, reading: readings }, OWN);
  return {
    schema: 'runsight/compat@1',
    verdict,
    headline: headlineOf(verdict, blocking, others, release.name, sources),
    release: { ...release, architecture },
    blocked_by: blocking.length,
    fallbacks: others.length,
    counts: countsOf(uses),
    uses: shown.uses,
    notes: notesOf(sources, release, isTraced),
    masked: redactor.masked,
    reading: shown.reading,
  };
}

const isWell = ({ outcome }: CompatUse): boolean => outcome === 'works' || outcome === 'will-work';

function releaseOf(
  sources: readonly SourceUses[],
  { release }: CompatAssembly,
): Pick<CompatReport['release'], 'name' | 'from'> {
  if (release !== undefined) return { name: release, from: 'flag' };
  const own = sources
    .flatMap((one) => (one.release === null ? [] : [one.release]))
    .toSorted((a, b) => (releaseNumber(b) ?? 0) - (releaseNumber(a) ?? 0));
  // Of a folder the newest sandboxes count.
  return own[0] === undefined ? { name: newestRelease(), from: 'newest' } : { name: own[0], from: 'log' };
}

function groupsOf(sources: readonly SourceUses[], release: string): readonly UseGroup[] {
  const groups = new Map<string, { here: CallUse[]; elsewhere: CallUse[]; endsBadly: boolean }>();
  for (const source of sources) {
    const isHere =
      !source.isNative && (source.release === null || releaseNumber(source.release) === releaseNumber(release));
    const { exit } = source;
    const isBad = exit === null || 'signal' in exit || exit.status !== 0;
    for (const use of source.uses) {
      const key = use.option === '' ? use.call : `${use.of} ${use.option}`;
      const group = groups.get(key) ?? { here: [], elsewhere: [], endsBadly: false };
      (isHere ? group.here : group.elsewhere).push(use);
      if (isHere && isBad && use.ended !== null) group.endsBadly = true;
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

function byWeight(a: CompatUse, b: CompatUse): number {
  const weight = (use: CompatUse): number =>
    COMPAT_OUTCOMES.indexOf(use.outcome) * 10 + (use.harmless ? 5 : 0) + COMPAT_SUPPORT.indexOf(use.support);
  const nameOf = ({ syscall, of, option }: CompatUse): string => `${of === '' ? syscall : of} ${option}`;
  return weight(a) - weight(b) || b.calls - a.calls || (nameOf(a) < nameOf(b) ? -1 : 1);
}

function countsOf(uses: readonly CompatUse[]): Readonly<Record<CompatSupport, number>> {
  const counts = { missing: 0, partial: 0, unknown: 0, full: 0 };
  for (const { support } of uses) counts[support]++;
  return counts;
}

/** `io_uring_setup`, `ioctl FICLONE`, `/proc/PID/pagemap`: a use by its name. */
export function useName({ syscall, of, option }: Pick<CompatUse, 'syscall' | 'of' | 'option'>): string {
  if (option === '') return syscall;
  return of === 'file' ? option : `${of.replace(/^(?:netlink|inet)$/, 'socket')} ${option}`;
}

function headlineOf(
  verdict: CompatVerdict,
  blocking: readonly CompatUse[],
  others: readonly CompatUse[],
  release: string,
  sources: readonly SourceUses[],
): string {
  const under = `under ${releaseName(release)}`;
  const listed = (uses: readonly CompatUse[]): string => {
    const names = uses.slice(0, 4).map(useName);
    return names.join(', ') + (uses.length > 4 ? ` and ${uses.length - 4} more` : '');
  };
  switch (verdict) {
    case 'blocked':
      return `blocked by ${blocking.length} ${under}: ${listed(blocking)}`;
    case 'ready-with-fallbacks':
      return `ready with fallbacks ${under}: the program goes another way for, or without, ${listed(others)}`;
    case 'ready':
      return `ready ${under}: nothing that the workload used is missing`;
    default: {
      const noticed = sources.flatMap(({ uses }) => uses.filter(({ notice }) => notice !== null));
      const names = [...new Set(noticed.map(useName2))];
      return names.length === 0
        ? `nothing can be said ${under}: the input holds no calls`
        : `nothing is certain ${under}: the input holds no calls, and the sentry notes ${names.slice(0, 6).join(', ')} as unsupported`;
    }
  }
}

const useName2 = ({ call, of, option }: CallUse): string => useName({ syscall: call, of, option });

function notesOf(
  sources: readonly SourceUses[],
  release: Pick<CompatReport['release'], 'name' | 'from'>,
  isTraced: boolean,
): readonly string[] {
  const notes: string[] = [];
  const traced = sources.filter(({ calls }) => calls > 0);
  if (!isTraced)
    notes.push(
      'no calls were read: run runsc with --debug --strace, or the program with strace -f -tt -T -y -o FILE; a program that did not start makes none (runsight diagnose)',
    );
  const subset = traced.find(({ traced: list }) => list.length > 0);
  if (subset !== undefined)
    notes.push(
      `only some calls were traced (--strace-syscalls=${subset.traced.slice(0, 8).join(',')}): what else the workload needs is not known`,
    );
  if (release.from === 'newest' && isTraced)
    notes.push(
      `no log names a release: judged against the newest that the tables know (${release.name}); --release names another`,
    );
  const others = [
    ...new Set(
      traced.flatMap((one) =>
        !one.isNative && one.release !== null && one.release !== release.name ? [one.release] : [],
      ),
    ),
  ];
  if (others.length > 0 && release.from === 'flag')
    notes.push(
      `the log is of ${others.map(releaseName).join(', ')}: what works there is no proof for ${releaseName(release.name)}`,
    );
  if (traced.some(({ isNative }) => isNative))
    notes.push(
      'a native trace shows what the program needs, not how it takes a refusal: run it once in runsc with --strace, and read that',
    );
  const clone3 = traced.some(({ isNative, uses }) => !isNative && uses.some(({ call }) => call === 'clone3'));
  if (clone3) notes.push('runsc does not print the flags of clone3: they were not judged');
  const dropped = sources.reduce((sum, one) => sum + one.dropped, 0);
  if (dropped > 0) notes.push(`${dropped} records of calls and options beyond the bound were not judged`);
  if (isTraced)
    notes.push('one run shows one way through a program: error paths and features that were not used are not in it');
  return notes;
}
