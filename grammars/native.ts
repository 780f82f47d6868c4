/**
 * Lines of native strace(1), as versions 4 to 7 print them: calls, whole or in two halves, signals, exits, strace's own
 * words, and the tables of `-c`. What is before the call (pid, time, instruction pointer) is one list of parts.
 */
import { choice, compileReader, field, literal, optional, production, skip, type Part } from './compile.js';
import {
  callNumber,
  countColumn,
  detail,
  epoch,
  errnoDigits,
  errnoWord,
  exitStatus,
  instruction,
  nativeClock,
  nativeComm,
  nativeName,
  nativePid,
  noResult,
  padding,
  percentOfTime,
  returnValue,
  secondsColumn,
  signalInfo,
  signalName,
  since,
  spent,
  successorPid,
  tableName,
} from './native-terminals.js';
import { rest } from './terminals.js';

/**
 * What stands before a call, a signal or an exit, in all the ways that strace has.
 *
 *     execve("/bin/true", ["true"], 0x7ffd /* 4 vars *\/) = 0
 *     [pid 11205] wait4(-1,  <unfinished ...>                          -f to a terminal, while there is more than one task
 *     25221 22:42:14.877567 brk(NULL)         = 0x1aaa8000 <0.000010>  -f -o FILE -tt -T
 *     11728<sh> exit_group(5)                 = ?                      -Y: with the task's name
 *     1700000000.123456 close(3)              = 0                      -ttt
 *          0.000046 close(3)                  = 0                      -r
 *     11654 20:50:24 (+     0.000051) [ 257] [00007f729469e090] openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3    -t -r -n -i
 *
 * Source: strace 6.1, 6.13 and 7.2, printleader
 */
const leader: readonly Part[] = [
  optional(
    choice(
      [
        literal('[pid'),
        skip(padding),
        field('pid', nativePid),
        optional(literal('<'), field('comm', nativeComm), literal('>')),
        literal('] '),
      ],
      [field('pid', nativePid), optional(literal('<'), field('comm', nativeComm), literal('>')), skip(padding)],
    ),
  ),
  optional(
    choice([field('clock', nativeClock)], [field('epoch', epoch)], [field('since', since)]),
    literal(' '),
    optional(literal('(+'), field('since', since), literal(') ')),
  ),
  optional(literal('['), skip(callNumber), literal('] ')),
  optional(literal('['), field('ip', instruction), literal('] ')),
];

/**
 * A call, from its name on. Its end is found from the right (`nativeResult`), since arguments may hold anything.
 *
 *     openat(AT_FDCWD</srv>, "data.txt", O_RDWR|O_CREAT, 0644) = 3</srv/data.txt>
 *     clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>
 *     ???( <unfinished ...>                                            the task was killed before strace could read the call
 *
 * Source: strace syscall_entering_trace
 */
export const nativeCall = production(
  'nativeCall',
  ...leader,
  field('name', nativeName),
  literal('('),
  optional(field('rest', rest)),
);

/**
 * The second half of a call, after lines of other tasks.
 *
 *     [pid 11205] <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 11279
 *     25110 <... futex resumed>)              = ? <unavailable>
 *
 * Source: strace syscall_exiting_trace
 */
export const nativeResumed = production(
  'nativeResumed',
  ...leader,
  literal('<... '),
  field('name', nativeName),
  literal(' resumed>'),
  optional(field('rest', rest)),
);

/**
 * The end of a call, from the parenthesis that closes its arguments.
 *
 *     )                 = 3</etc/passwd> <0.000012>
 *     ) = -1 ENOENT (No such file or directory) (INJECTED)
 *     ) = 1 ([{fd=3, revents=POLLIN}])
 *     ) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
 *     ) = -1 ERESTARTNOHAND (Unknown error 514)                        -e raw
 *     ) = ?                                                            exit, or the task was killed in the call
 *
 * Units:  elapsed in seconds, with three to nine digits behind the dot
 * Source: strace print_syscall_ret
 */
export const nativeResult = production(
  'nativeResult',
  literal(')'),
  optional(skip(padding)),
  literal('= '),
  choice(
    [literal('-1 '), optional(literal('(errno ')), field('errno', errnoDigits)],
    [literal('-1 '), field('errnoName', errnoWord)],
    [literal('? '), field('errnoName', errnoWord)],
    [field('unknown', noResult)],
    [field('value', returnValue)],
  ),
  optional(field('detail', detail)),
  optional(literal(' <'), field('elapsed', spent), literal('>')),
);

/**
 * A signal that was delivered to the task, or stopped it.
 *
 *     --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=11279, si_uid=0, si_status=3} ---
 *     --- stopped by SIGSTOP ---
 *
 * Source: strace print_stopped, print_event_exit
 */
export const nativeSignal = production(
  'nativeSignal',
  ...leader,
  literal('--- '),
  choice(
    [literal('stopped by '), field('signal', signalName)],
    [field('signal', signalName), optional(literal(' {'), optional(field('info', signalInfo)), literal('}'))],
  ),
  literal(' ---'),
);

/**
 * How a task ended.
 *
 *     [pid 11279] +++ exited with 3 +++
 *     11286 +++ killed by SIGSEGV (core dumped) +++
 *     25110 +++ superseded by execve in pid 25121 +++
 *
 * Source: strace print_exited, print_signalled
 */
export const nativeExit = production(
  'nativeExit',
  ...leader,
  literal('+++ '),
  choice(
    [literal('exited with '), field('status', exitStatus)],
    [literal('killed by '), field('signal', signalName), optional(literal(' (core dumped)'))],
    [literal('superseded by execve in pid '), field('successor', successorPid)],
  ),
  literal(' +++'),
);

/**
 * A row of the table of `-c` and `-C`: microseconds a call, calls, errors. Where the first of them is left out (the total
 * of versions before 5.3), the gap is wider than its column.
 *
 *       4.47    0.000075          18         4         1 openat
 *       0.00    0.000000           0         3           mprotect
 *     100.00    0.001677          25        67         5 total
 *
 * Source: strace call_summary_pers
 */
export const nativeRow = production(
  'nativeRow',
  field('percent', percentOfTime),
  skip(padding),
  field('seconds', secondsColumn),
  field('gap', padding),
  field('first', countColumn),
  skip(padding),
  optional(field('second', countColumn), skip(padding)),
  optional(field('third', countColumn), skip(padding)),
  field('name', tableName),
);

export const readNativeCall = compileReader(nativeCall);
export const readNativeResumed = compileReader(nativeResumed);
export const readNativeResult = compileReader(nativeResult);
export const readNativeSignal = compileReader(nativeSignal);
export const readNativeExit = compileReader(nativeExit);
export const readNativeRow = compileReader(nativeRow);

/** How the first half of a call ends. */
export const UNFINISHED = ' <unfinished ...>';

/** strace's own words: `strace: Process 11272 attached`, with its path if it was started by that; before 5.0 without a name. */
const NOTE =
  /^(?:(?:\/[\w./-]{1,200}\/)?strace: |Process \d+ (?:attached|detached|resumed|suspended)|\[ Process PID=\d+ runs in |System call usage summary for )/;
/** Head, rules and rows of the table of `-c`; with `-U` the columns are others. */
const TABLE = /^(?:% time +seconds|[- ]{20,}$| *\d+\.\d\d +\d+\.\d+ )/;
/** `wait4(-1, strace: Process 11279 attached`: on a terminal strace's own words come into the line. */
const WORDS_WITHIN = /(?:\/[\w./-]{1,200}\/)?strace: Process \d+ attached\n/g;

/**
 * Lines that belong to the call above them: its stack (`-k`), the bytes that it read or wrote (`-e read=3`).
 *
 *      > /usr/lib/x86_64-linux-gnu/libc.so.6(exit+0x1a) [0x3e69a]
 *      | 00000  68 65 6c 6c 6f 0a                                 hello.           |
 *      * 5 bytes in buffer 0
 */
export const NATIVE_BELOW = /^ (?:> \S[^\n]*|\| [0-9a-f]{5,} [^\n]*\|?|\* \d+ bytes in buffer \d+)$/;

/** Does a line end as a call does: in a result, or in the words that its second half comes later? */
const CLOSES = /\) *= (?:-?[0-9]|\?)[^\n]*$|<unfinished \.\.\.>$/;
export function closesNativeCall(tail: string): boolean {
  return CLOSES.test(tail);
}

export type NativeKind = 'native-syscall' | 'native-signal' | 'native-exit' | 'native-note' | 'native-table';

/** The kind of the record that a line begins in a native trace: a call may go on below. */
export function nativeOpening(text: string): NativeKind | undefined {
  const first = text.charCodeAt(0);
  // What most lines of other text begin with.
  if ((first >= 65 && first <= 90 && first !== 80 && first !== 83) || Number.isNaN(first)) return undefined;
  if (readNativeCall(text) !== undefined || readNativeResumed(text) !== undefined) return 'native-syscall';
  if (text.endsWith(' ---') && readNativeSignal(text) !== undefined) return 'native-signal';
  if (text.endsWith(' +++') && readNativeExit(text) !== undefined) return 'native-exit';
  if (NOTE.test(text)) return 'native-note';
  return TABLE.test(text) ? 'native-table' : undefined;
}

/** The kind of a whole native line and, for a call, its name; undefined where the line is something else. */
export function readNativeLine(text: string): { readonly kind: NativeKind; readonly name: string } | undefined {
  const kind = nativeOpening(text);
  if (kind !== 'native-syscall') return kind === undefined ? undefined : { kind, name: '' };
  const call = readNativeCall(text);
  const fields = call ?? readNativeResumed(text);
  const tail = fields?.['rest'] ?? '';
  const isWhole = tail.endsWith('<unfinished ...>') || endOfArguments(tail) !== undefined || call === undefined;
  return isWhole ? { kind, name: fields?.['name'] ?? '' } : undefined;
}

/** Results are shorter than this: the path of a descriptor, escaped, is the longest thing in one. */
const RESULT_BYTES = 20_000;
/** So many places are tried, from the right: what a path or a decoded text pretends is one of the first. */
const MOST_PLACES = 32;
const PLACE = /\)(?= *= )/g;

/** Where the arguments end in what follows the name of a call, and the fields of the result; undefined: it has none. */
export function endOfArguments(
  text: string,
): { readonly at: number; readonly result: NonNullable<ReturnType<typeof readNativeResult>> } | undefined {
  const from = Math.max(0, text.length - RESULT_BYTES);
  const places = [...(from === 0 ? text : text.slice(from)).matchAll(PLACE)].slice(-MOST_PLACES).toReversed();
  for (const { index } of places) {
    const result = readNativeResult(text.slice(from + index));
    if (result !== undefined) return { at: from + index, result };
  }
  return undefined;
}

/** The text of a call in one line: without the lines below it, and without what strace said in its midst. */
export function callText(text: string): string {
  if (!text.includes('\n')) return text;
  const lines = text.split('\n');
  while (lines.length > 1 && (NATIVE_BELOW.test(lines.at(-1) ?? '') || lines.at(-1)?.trim() === '')) lines.pop();
  return joined(lines.join('\n').replace(WORDS_WITHIN, ''));
}

/**
 * `wait4(8,  <unfinished ...>` and `NULL, 0, NULL) = 8` on the line below: strace 6.1 with `-z` or `-Z` leaves the head of
 * the second half out.
 */
function joined(text: string): string {
  const newline = text.lastIndexOf('\n');
  const first = text.slice(0, Math.max(newline, 0)).trimEnd();
  return first.endsWith(UNFINISHED) ? first.slice(0, -UNFINISHED.length) + text.slice(newline + 1) : text;
}

/** Nanoseconds of seconds as printed, exact. */
export function nanosOfSeconds(text: string): number {
  const [whole = '0', fraction = ''] = text.trim().split('.');
  return Number(whole) * 1e9 + Number(fraction.padEnd(9, '0').slice(0, 9));
}
