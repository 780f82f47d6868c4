/** How the next trace can be smaller: what makes this one large, and which calls would keep the signal. */
import { whyNormal } from '../knowledge/normal-errors.js';
import { ALWAYS_KEPT, DATA_CALLS, TELLING_CALLS } from '../knowledge/syscall-signal.js';
import type { SyscallRow, VolumeAdvice } from '../model/report.js';
import type { Volume } from '../analyzers/volume.js';

/** Calls that are named as making the log large. */
const MOST_LARGE = 8;
/** Only if the others are a part of the log that is worth it. */
const LEAST_SAVED = 0.3;

/** A call that failed in a way that healthy programs do not, or that the release does not implement, stays. */
function isTrouble(row: SyscallRow): boolean {
  return (
    row.support?.level === 'unimplemented' ||
    Object.keys(row.errnos).some((errno) => whyNormal(errno, row.name) === undefined)
  );
}

/** What both tracers take as the name of a call; a number that has none is refused. */
const NAME = /^(?!sys_\d|syscall_0x)[a-z][a-z0-9_]*$/;

/** Null where there is nothing to save. `isNative`: the trace is of strace(1), which is told in its own words. */
export function adviceOf(syscalls: readonly SyscallRow[], volume: Volume, isNative = false): VolumeAdvice | null {
  const total = [...volume.values()].reduce((sum, one) => sum + one, 0);
  if (total === 0) return null;
  const bytesOf = ({ name }: SyscallRow): number => volume.get(name) ?? 0;
  const kept = syscalls.filter((row) => NAME.test(row.name) && (TELLING_CALLS.has(row.name) || isTrouble(row)));
  const bytes = kept.reduce((sum, row) => sum + bytesOf(row), 0);
  if (1 - bytes / total < LEAST_SAVED) return null;
  const keep = [...new Set([...kept.map(({ name }) => name), ...ALWAYS_KEPT])].toSorted();
  const large = syscalls
    .map((row) => ({ name: row.name, bytes: bytesOf(row), share: bytesOf(row) / total, kept: kept.includes(row) }))
    .toSorted((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  return {
    trace_bytes: total,
    kept_bytes: bytes,
    data_bytes: [...volume].reduce((sum, [name, one]) => sum + (DATA_CALLS.has(name) ? one : 0), 0),
    flag: `${isNative ? '-e trace=' : '--strace-syscalls='}${keep.join(',')}`,
    data_flag: isNative ? '-s 16' : '--strace-log-size=64',
    large: large.slice(0, MOST_LARGE),
  };
}
