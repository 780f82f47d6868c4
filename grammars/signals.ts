/** Names of signals, by number: those of Linux on amd64 and arm64. */

const NAMES =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  );

/** `SIGSEGV`; `SIGRT_3` of a real-time signal, `signal 99` of a number that is none. */
export function signalName(signal: number): string {
  const name = NAMES[signal - 1];
  if (name !== undefined) return `SIG${name}`;
  return signal >= 32 && signal <= 64 ? `SIGRT_${signal - 32}` : `signal ${signal}`;
}
