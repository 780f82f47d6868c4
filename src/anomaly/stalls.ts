/** Calls that do not come back: which wait by design, and what a wait for a lock looks like. */
import { WAITING_CALLS } from '../knowledge/waiting-calls.js';
import type { Evidence } from '../model/finding.js';

/** A call that was entered. */
export type PendingCall = {
  readonly name: string;
  readonly text: string;
  readonly at: number;
  readonly path: string | null;
  readonly record: () => Evidence;
};

/** Beside those that wait whatever they are given: calls that wait for a message, a turn, or for what they start or end. */
const WAITS: ReadonlySet<string> = new Set([
  ...WAITING_CALLS,
  ...'recvfrom recvmsg recvmmsg msgrcv semop semtimedop io_getevents io_pgetevents execve exit exit_group vfork clone sched_yield'.split(
    ' ',
  ),
]);
const TRANSFERS = new Set(['read', 'readv', 'pread64', 'write', 'writev', 'sendto', 'sendmsg', 'sendfile', 'splice']);
/** What a descriptor shows that others fill or empty at their leisure. */
const OTHER_ENDS = /^0x[0-9a-f]+ (?:socket:|pipe:|host:|anon_inode:|\/dev\/(?:tty|pts|console|ptmx)|inotify|\(bad)/;

/** Does the call wait for somebody else, as it should? */
export function isWaitByDesign(name: string, text: string, isFifo: boolean): boolean {
  if (WAITS.has(name)) return true;
  if (TRANSFERS.has(name)) return OTHER_ENDS.test(text);
  if (name === 'futex') return !/FUTEX_(?:WAIT|LOCK)/.test(text) || hasTimeout(text);
  return isFifo && (name === 'open' || name === 'openat');
}

/** `futex(0x.., FUTEX_WAIT|FUTEX_PRIVATE_FLAG, 0x2, null, ...)`: the fourth argument. */
function hasTimeout(text: string): boolean {
  const timeout = text.split(', ')[3] ?? '';
  return timeout !== 'null' && timeout !== '0x0' && !timeout.startsWith('0x0 ') && !timeout.startsWith('<null>');
}

export type Lock = {
  readonly address: string;
  readonly isContended: boolean;
  readonly isPrivate: boolean;
  readonly call: PendingCall;
};

/** The lock that a futex waits for, without a timeout. */
export function lockOf(call: PendingCall): Lock | undefined {
  if (call.name !== 'futex' || !/FUTEX_WAIT/.test(call.text) || hasTimeout(call.text)) return undefined;
  const [address = '', operation = '', value = ''] = call.text.split(', ');
  const expected = Number(value);
  return {
    address,
    isContended: !operation.includes('BITSET') && (expected === 2 || expected >= 0x8000_0000),
    isPrivate: operation.includes('FUTEX_PRIVATE_FLAG'),
    call,
  };
}
