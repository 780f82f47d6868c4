/**
 * Arguments as strace(1) prints them: what they look like, and where their kinds differ from those that runsc decodes. The
 * names of kinds and fields are runsc's, so that one question serves both logs. The splitter is
 * src/events/native-arguments.ts.
 *
 *     arguments   = [ argument { ", " argument } ] ;
 *     argument    = [ key "=" ] value [ " => " value ] ;        (* what the call made of it stands behind the arrow *)
 *     value       = string | number | descriptor | flags | set | list | structure | "NULL" | "..." ;
 *     string      = '"' { character | escape } '"' [ "..." ] ;  (* dots: it was cut at -s *)
 *     escape      = "\" ( '"' | "\" | "n" | "t" | "r" | "v" | "f" | octal digits (1 to 3) | "x" 2 hex digits ) ;
 *     descriptor  = ( "AT_FDCWD" | number ) [ comment ] [ "<" path { "<" device ">" } ">" [ "(deleted)" ] ] ;   (* -y, -yy *)
 *     flags       = part { "|" part } [ comment ] ;             (* O_RDWR|O_CREAT, 0644, 0x80042 *)
 *     comment     = " /* " text " *\/" ;                        (* 0x1 /* PROT_READ *\/, 0x7ffd /* 4 vars *\/ *)
 *     set         = [ "~" ] "[" [ element { " " element } ] "]" ;   (* [INT USR1], ~[KILL STOP], [4 5] *)
 *     list        = "[" [ argument { ", " argument } ] "]" ;
 *     structure   = "{" [ argument { ", " argument } ] "}" ;    (* {tv_sec=1, tv_nsec=0}; an argument may be a call: inet_pton(…) *)
 *
 * In a path `<`, `>`, `"` and newlines are octal escapes or behind a backslash; `->` occurs between the ends of a socket
 * alone (`<TCP:[127.0.0.1:80->127.0.0.1:9]>`).
 *
 * Source: strace 6.1, 6.13 and 7.2, util.c, fd path printing in printfd
 */
import type { ArgumentKind } from './kinds.js';

/** What stands in an argument, as patterns for its beginning. */
export const NATIVE_TERMINALS = {
  Number: '-?(?:0x[0-9a-f]+|[0-9]+)',
  Address: '0x[0-9a-f]+',
  Null: 'NULL',
  Descriptor: '(?:AT_FDCWD|-?[0-9]{1,10})',
  Comment: ' /\\* ([^*\\n]{1,2000}) \\*/',
  Device: '<(?:char|block) [0-9]+:[0-9]+>',
  Key: '[A-Za-z_][A-Za-z0-9_]{0,40}',
  Flags: '[A-Za-z0-9_]+(?:\\|[A-Za-z0-9_]+)*',
  Name: '[A-Z][A-Z0-9_]*',
  SocketHost: '"([^"\\\\\\n]{1,64})"',
} as const;

/** Arguments of a few calls that strace prints in full, and runsc as numbers or under no name. */
const LISTS: Readonly<Record<string, string>> = {
  acct: 'Path',
  fanotify_mark: 'FD Hex Hex FD Path',
  fchmodat2: 'FD Path Mode Hex',
  getrandom: 'ReadBuffer Hex Hex',
  getxattrat: 'FD Path Hex Path',
  inotify_add_watch: 'FD Path Hex',
  inotify_rm_watch: 'FD Hex',
  listxattrat: 'FD Path Hex',
  name_to_handle_at: 'FD Path Hex Hex Hex',
  open_tree_attr: 'FD Path Hex Hex Hex',
  openat2: 'FD Path Hex Hex',
  pipe2: 'PipeFDs OpenFlags',
  recvfrom: 'FD ReadBuffer Hex Hex PostSockAddr SockLen',
  removexattrat: 'FD Path Hex Path',
  sendto: 'FD WriteBuffer Hex Hex SockAddr Hex',
  setxattrat: 'FD Path Hex Path',
  swapoff: 'Path',
  swapon: 'Path Hex',
};

/** The kinds of a call's arguments where they are not those of `syscall-table.ts`. */
export const NATIVE_LISTS: ReadonlyMap<string, readonly ArgumentKind[]> = new Map(
  Object.entries(LISTS).map(([name, kinds]) => [name, kinds.split(' ') as ArgumentKind[]]),
);

/** Signals by number, from 1 on. strace leaves `SIG` out in sets, and counts those behind from SIGRTMIN, which is 32. */
export const SIGNAL_NAMES =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'
    .split(' ')
    .map((name) => `SIG${name}`);
export const FIRST_REALTIME = 32;
export const LAST_SIGNAL = 64;

/** What access(2) asks for, which runsc prints as a number. */
export const ACCESS_MODES: ReadonlyMap<string, number> = new Map(
  Object.entries({ F_OK: 0, X_OK: 1, W_OK: 2, R_OK: 4 }),
);

/** How a structure's fields become those of runsc: `tv_sec` is `sec`, `st_mode` is `mode`; `sysname` is `Sysname`. */
export const FIELD_NAMES: Partial<Record<ArgumentKind, 'without-prefix' | 'capital'>> = {
  Timespec: 'without-prefix',
  PostTimespec: 'without-prefix',
  UTimeTimespec: 'without-prefix',
  Timeval: 'without-prefix',
  Utimbuf: 'without-prefix',
  Stat: 'without-prefix',
  Rusage: 'without-prefix',
  ItimerVal: 'without-prefix',
  ItimerSpec: 'without-prefix',
  PostItimerVal: 'without-prefix',
  PostItimerSpec: 'without-prefix',
  Uname: 'capital',
  CapHeader: 'capital',
  CapData: 'capital',
  PostCapData: 'capital',
};
