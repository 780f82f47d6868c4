/** Lines of native strace(1), as far as their kind goes; what they hold is read by the commands that compare. */

/**
 * Before the call: pid, time and instruction pointer in all the ways that strace prints them.
 *
 *     25221 22:42:14.877567 execve("/usr/local/bin/procinfo", ["procinfo"], 0x7ffd /* 4 vars *\/) = 0 <0.000321>
 *     [pid  1234] 1700000000.123456 [00007f3c8a2b1c2d] read(3, "abc", 10) = 3
 *
 * Source: strace(1) 6.1; strace-format of the project's reference
 */
const PREFIX =
  '^(?:\\[pid +\\d+\\] |\\d+ +)?(?:\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)? |\\d{9,}\\.\\d+ | +\\d+\\.\\d+ )?(?:\\(\\+ *\\d+\\.\\d+\\) )?(?:\\[(?:[0-9a-f]{8,16}|\\?+)\\] )?';
const CALL = new RegExp(`${PREFIX}([a-z_][a-z0-9_]*|\\?\\?\\?)\\([^\\n]*(?:= (?:-?\\d|\\?|0x)|<unfinished \\.\\.\\.>)`);
const RESUMED = new RegExp(`${PREFIX}<\\.\\.\\. ([a-z0-9_]+|\\?\\?\\?) resumed>`);
const SIGNAL = new RegExp(`${PREFIX}--- [^\\n]* ---$`);
const EXIT = new RegExp(`${PREFIX}\\+\\+\\+ [^\\n]* \\+\\+\\+$`);
const NOTE = /^(?:strace: |Process \d+ (?:attached|detached|resumed|suspended))/;
const TABLE = /^(?:% time +seconds|[- ]{20,}$| *\d+\.\d\d +\d+\.\d+ )/;

export type NativeKind = 'native-syscall' | 'native-signal' | 'native-exit' | 'native-note' | 'native-table';

/** The kind of a native line and, for a call, its name; undefined where the line is something else. */
export function readNativeLine(text: string): { readonly kind: NativeKind; readonly name: string } | undefined {
  const call = CALL.exec(text) ?? RESUMED.exec(text);
  if (call !== null) return { kind: 'native-syscall', name: call[1] ?? '' };
  if (SIGNAL.test(text)) return { kind: 'native-signal', name: '' };
  if (EXIT.test(text)) return { kind: 'native-exit', name: '' };
  if (NOTE.test(text)) return { kind: 'native-note', name: '' };
  if (TABLE.test(text)) return { kind: 'native-table', name: '' };
  return undefined;
}
