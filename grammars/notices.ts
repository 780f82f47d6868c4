/** Messages that are kinds of event of their own: how something ended, signals, dumps, spec, packets. Not their causes. */

/**
 * How a process ended, by wording and era.
 *
 *     application exiting with exit status 42         since 20210712 (or: killed by signal 11)
 *     application exiting with {Code:42 Signo:0}      2018 .. 20210601
 *     application exiting with Code=42, Signal=11     20210607 .. 20210705; nothing behind `with` for 0
 *     Exiting with status: 10752                      the command; raw wait status, 42*256
 *     Failure to execute command, err: 1
 *
 * Source: gVisor runsc/cmd/boot.go, runsc/cli/main.go; the wait status is that of wait(2)
 */
const APPLICATION = /^application exiting with ?(.*)$/s;
const APPLICATION_FORMS: readonly RegExp[] = [
  /^exit status (?<status>\d+)/,
  /^killed by signal (?<signal>\d+)/,
  /^\{Code:(?<status>\d+) Signo:(?<signal>\d+)\}/,
  /^(?:Code=(?<status>\d+))?(?:, )?(?:Signal=(?<signal>\d+))?/,
];
const ENDS = /^(?:application exiting|Exiting with|Failure to execute)/;
const COMMAND = /^Exiting with status: (\d+)$/;
const COMMAND_FAILURE = /^Failure to execute command, err: (\d+)/;

export type Ending = {
  readonly of: 'application' | 'command' | 'command-failure';
  readonly status: number | null;
  readonly signal: number | null;
};

/** Reads a line that says how something ended; undefined for any other line. */
export function readEnding(message: string): Ending | undefined {
  if (!ENDS.test(message)) return undefined;
  const application = APPLICATION.exec(message);
  if (application !== null) {
    for (const form of APPLICATION_FORMS) {
      const groups = form.exec(application[1] ?? '')?.groups;
      if (groups === undefined) continue;
      const signal = Number(groups['signal'] ?? 0);
      return { of: 'application', status: signal > 0 ? null : Number(groups['status'] ?? 0), signal: signal || null };
    }
  }
  const command = COMMAND.exec(message);
  if (command !== null) {
    const raw = Number(command[1]);
    const signal = raw & 0x7f;
    return { of: 'command', status: signal > 0 ? null : (raw >> 8) & 0xff, signal: signal || null };
  }
  const failure = COMMAND_FAILURE.exec(message);
  return failure === null ? undefined : { of: 'command-failure', status: Number(failure[1]), signal: null };
}

/**
 * A signal that ends a thread group, or reaches the sandbox from outside.
 *
 *     Signal 11, PID: 1, TID: 1, fault addr: 0x0: terminating thread group
 *     Signal 9: terminating thread group
 *     Received external signal 15
 *
 * Source: gVisor pkg/sentry/kernel/task_signals.go, runsc/boot/loader.go
 */
export const SIGNAL =
  /^(?:Signal (?<terminating>\d+)(?:, [^\n]*)?: terminating thread group|Received external signal (?<external>\d+)|Notified of signal (?<notified>\d+)|Uncaught signal: "[^"\n]*" \((?<uncaught>\d+)\))/;

/** The application touched memory that it may not, or hit an instruction that the platform cannot run. */
export const FAULT = /^(?:Unhandled user fault|Unhandled (?:SIG|signal)|Unable to handle (?:user|page) fault)/i;

/** The OCI spec of a container: JSON since 2020, one-line Go dumps before. Source: gVisor runsc/specutils/specutils.go */
export const SPEC = /^Spec(?:\.[A-Za-z]+)?(?: after [^:\n]*)?:(?:[ \n]|$)/;

/** Kinds of long records, by their first line. */
export const SECCOMP = /^(?:Seccomp program dump:|syscall filter )/;
export const GOROUTINES = /^[^\n]*(?::| \*\*\*)\n+goroutine \d+ /;
export const WATCHDOG = /^(?:Sentry detected \d+ stuck task|Watchdog)/;
export const PACKET = /^(?:send|recv) (?:tcp|udp|icmp|arp|unknown|\d|[0-9a-f:]+ )/;
/** Dumps that a dying task leaves: registers, stack, code, mappings, descriptors. Source: pkg/sentry/kernel/task_log.go */
export const DUMP =
  /^(?:Registers:|Stack:|Code:|Mappings:|FDTable:|[A-Z][A-Za-z_0-9]{1,8} *= [0-9a-f]{16}$|[0-9a-f]{6,16}: (?:[0-9a-f]{2} ?)+|Error reading (?:stack|code) at|(?:Rax|Rip) )/;
