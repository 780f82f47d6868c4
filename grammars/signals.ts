/** Names of signals, by number: those of Linux on amd64 and arm64. */

const NAMES =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  );

/** The number of `SIGTERM`, `term` or `15`; undefined of what is none. */
export function signalNumber(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const at = NAMES.indexOf(text.toUpperCase().replace(/^SIG/, ''));
  return at < 0 ? undefined : at + 1;
}

/** `SIGSEGV`; `SIGRT_3` of a real-time signal, `signal 99` of a number that is none. */
export function signalName(signal: number): string {
  const name = NAMES[signal - 1];
  if (name !== undefined) return `SIG${name}`;
  return signal >= 32 && signal <= 64 ? `SIGRT_${signal - 32}` : `signal ${signal}`;
}
