/** Every terminal of a strace(1) line, once: its name, its pattern, what it means. The productions are in native.ts. */
import type { Terminal } from './terminals.js';

function terminal(name: string, pattern: string, means: string): Terminal {
  return { name, pattern, means };
}

/** Linux gives at most 4194304; a longer number is a time. */
export const nativePid = terminal('nativePid', '[0-9]{1,8}(?=[ <\\]])', 'task id; in strace’s own PID namespace');
/** Raw bytes of the application, as `-Y` prints them; at most 15, escaped. */
export const nativeComm = terminal('nativeComm', '[^\\n]{1,60}?(?=>[\\] ])', 'name of the task (-Y)');
export const padding = terminal('padding', ' {1,40}', 'blanks of an aligned column');
export const nativeClock = terminal(
  'nativeClock',
  '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-6][0-9](?:\\.[0-9]{3,9})?(?= )',
  'local time without a date (-t, -tt)',
);
export const epoch = terminal('epoch', '[0-9]{9,11}(?:\\.[0-9]{3,9})?(?= )', 'seconds since 1970, UTC (-ttt)');
export const since = terminal(
  'since',
  ' {0,12}[0-9]{1,8}\\.[0-9]{3,9}(?=[ )])',
  'seconds since the line before it, right aligned (-r)',
);
export const callNumber = terminal('callNumber', ' {0,4}[0-9]{1,10}(?=\\] )', 'number of the call (-n)');
export const instruction = terminal(
  'instruction',
  '[0-9a-f]{16}(?=\\] )|[0-9a-f]{8}(?=\\] )|\\?{8,16}',
  'instruction pointer (-i); question marks where it could not be read',
);
export const nativeName = terminal(
  'nativeName',
  '[a-z_][a-z0-9_]*|\\?\\?\\?',
  'name of the call, syscall_0x3e7 for a number without one, ??? for a call that strace could not read',
);

export const returnValue = terminal(
  'returnValue',
  '0x[0-9a-f]{1,16}|-?[0-9]{1,22}',
  'the result: decimal, hexadecimal, or octal with a leading 0',
);
export const errnoWord = terminal('errnoWord', 'E[A-Z0-9_]{1,30}(?= )', 'name of an errno');
export const errnoDigits = terminal('errnoDigits', '[0-9]{1,4}(?=[ )])', 'number of an errno without a name');
/** Up to the time, which is matched at the end: texts in parentheses and the path of a descriptor hold anything. */
export const detail = terminal(
  'detail',
  '(?:(?:(?: \\(|<)[^\\n]*?[)>]|\\)(?: \\([^\\n]*?\\))?)(?: /\\* [0-9]+ in strace.s PID NS \\*/)?| /\\* [0-9]+ in strace.s PID NS \\*/)(?= <[0-9]{1,10}(?:\\.[0-9]{1,9})?>$|$)',
  'what is said of the result: text of the errno, path of the descriptor, decoded flags, (INJECTED)',
);
export const spent = terminal('spent', '[0-9]{1,10}(?:\\.[0-9]{1,9})?(?=>$)', 'seconds spent in the call (-T)');

export const noResult = terminal('noResult', '\\?(?: <unavailable>)?', 'the call did not return');

export const signalName = terminal(
  'signalName',
  'SIG[A-Z0-9_]+|[0-9]{1,3}|0x[0-9a-f]{1,4}',
  'name of a signal, or its number',
);
export const signalInfo = terminal('signalInfo', '[^\\n]+(?=\\} ---$)', 'fields of siginfo_t');
export const successorPid = terminal(
  'successorPid',
  '[0-9]{1,8}',
  'the task whose execve ended all others of its group',
);
export const exitStatus = terminal('exitStatus', '[0-9]{1,3}', 'exit status');

export const percentOfTime = terminal('percentOfTime', ' {0,3}[0-9]{1,3}\\.[0-9]{2}', 'share of the time in all calls');
export const secondsColumn = terminal('secondsColumn', '[0-9]{1,10}\\.[0-9]{6}', 'seconds in this call');
export const countColumn = terminal('countColumn', '[0-9]{1,15}(?= )', 'a count');
export const tableName = terminal(
  'tableName',
  '(?:[0-9]+:)?[a-z_?][A-Za-z0-9_?]*',
  'name of the call, behind 32: in another personality',
);
