/** The lines of the sentry's syscall tracer: task tag, enter line, exit line, and the notice beside unimplemented calls. */
import { choice, compileReader, field, literal, optional, production, skip } from './compile.js';
import {
  decimal,
  duration,
  enterArguments,
  enteringComm,
  errnoNumber,
  errnoText,
  exitArguments,
  exitingComm,
  hex,
  padded,
  rest,
  syscallName,
} from './terminals.js';

/**
 * The task that a record is about.
 *
 *     [   1]                      until 20210927.0: TID only
 *     [   1:   2]                 since 20211005.0: TGID and TID in the root PID namespace
 *     [   3(   2):   3(   2)]     since 20230627.0, in a nested namespace: root ids, then its own
 *
 * Source: gVisor pkg/sentry/kernel/task_log.go updateInfoLocked
 */
const task = [
  literal('['),
  choice(
    [
      field('tgid', padded),
      literal('('),
      field('nestedTgid', padded),
      literal('):'),
      field('tid', padded),
      literal('('),
      field('nestedTid', padded),
      literal(')'),
    ],
    [field('tgid', padded), literal(':'), field('tid', padded)],
    [field('tid', padded)],
  ),
  literal('] '),
] as const;

/** Any record of a task: the tag, then text. Source: gVisor pkg/sentry/kernel/task_log.go */
export const taskLog = production('taskLog', ...task, optional(field('message', rest)));
export const readTaskLog = compileReader(taskLog);

/**
 * The enter line of a call.
 *
 *     [   1:   2] app E openat(AT_FDCWD /srv, 0x55d0 data.txt, O_RDWR|O_CREAT, 0o644)
 *     [   1:   1]  E prctl(0xf, 0x5567, 0x0, 0x7ef6, 0x4)
 *
 * Shape:  task SP comm " E " name "(" arguments ")"; never ends in a result
 * Fails:  returns undefined; the caller makes it a note
 * Source: gVisor pkg/sentry/strace/strace.go printEnter
 */
export const printEnter = production(
  'printEnter',
  ...task,
  optional(field('comm', enteringComm)),
  literal(' E '),
  field('name', syscallName),
  literal('('),
  optional(field('args', enterArguments)),
  literal(')'),
);

/**
 * The exit line of a call. Failure is decided by `errno=` alone: from 20211005 to 20260406 a failed call prints `0 (0x0)`.
 *
 *     [   1:   1] sh X access(0x7f02 /etc/ld.so.preload, 0o4) = 0 (0x0) errno=2 (no such file or directory) (53.239µs)
 *     [   1:   2] app X openat(AT_FDCWD /srv, 0x55d0 data.txt, O_RDWR|O_CREAT, 0o644) = 3 (0x3) (15.433µs)
 *     [   1] sleep X nanosleep(0x7ed5, 0x0) = 0x0 errno=516 (interrupted by signal) (659.7ms)
 *     [   1:   2] app X openat(AT_FDCWD /srv, 0x55d0 nope, O_RDONLY|0x0, 0o0) = -1 errno=2 (no such file or directory) (1.7µs)
 *
 * Shape:  task SP comm " X " name "(" arguments ") = " value [" errno=" n " (" text ")"] " (" elapsed ")"
 * Units:  elapsed as Go prints it (ns, µs, ms, s, m, h); value unsigned 64 bit
 * Fails:  returns undefined; the caller makes it a note
 * Source: gVisor pkg/sentry/strace/strace.go printExit; failed calls print -1 since 542d21e21 (2026-04-14)
 */
export const printExit = production(
  'printExit',
  ...task,
  optional(field('comm', exitingComm)),
  literal(' X '),
  field('name', syscallName),
  literal('('),
  optional(field('args', exitArguments)),
  literal(') = '),
  choice(
    [field('value', hex)],
    [field('value', decimal), literal(' ('), skip(hex), literal(')')],
    [field('value', { name: 'minusOne', pattern: '-1', means: 'the call failed' })],
  ),
  optional(literal(' errno='), field('errno', errnoNumber), literal(' ('), field('errnoText', errnoText), literal(')')),
  literal(' ('),
  field('elapsed', duration),
  literal(')'),
);

export const readEnter = compileReader(printEnter);
export const readExit = compileReader(printExit);

/** Most bytes that a task's name can have (TASK_COMM_LEN less the NUL). */
export const COMM_BYTES = 15;

/**
 * The notice beside a call that gVisor does not implement, once per call number.
 *
 *     Unsupported syscall rseq(0x7f1,0x20,0x0,0x53053053,0x0,0x0). It is likely that you can safely ignore this ...
 *     Unsupported syscall: sys_425, regs: rax:18446744073709551578 ...        until 20200518
 *
 * Source: gVisor runsc/boot/compat.go
 */
export const UNSUPPORTED = /^Unsupported syscall:? ([a-z0-9_]+)[(,]/;

const NANOS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const DURATION_PART = /([0-9]+)(?:\.([0-9]+))?(ns|us|\u00b5s|\u03bcs|ms|h|m|s)/g;

/** Nanoseconds of a Go duration (`1h0m5s`, `15.433µs`), exact: fractions are read digit by digit, not as floats. */
export function nanosOfDuration(text: string): number {
  let nanos = 0;
  for (const [, whole = '0', fraction = '', unit = 'ns'] of text.matchAll(DURATION_PART)) {
    const scale = NANOS[unit] ?? 1;
    nanos += Number(whole) * scale + Math.round((Number(fraction) * scale) / 10 ** fraction.length);
  }
  return nanos;
}
