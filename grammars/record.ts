/** The shapes in which a record begins: glog header, JSON envelopes, the marker of lost messages, Go crash text. */
import { compileReader, field, literal, optional, production, skip } from './compile.js';
import { blanks, clock, decimal, fileName, letter, monthDay, rest } from './terminals.js';

/**
 * The header that each text record begins with.
 *
 *     I1123 22:27:15.478394   24470 main.go:196] **************** gVisor ****************
 *     D0915 08:00:01.000001       1 x:0] ***************************
 *
 * Shape:  letter mmdd SP clock blanks pid SP file ":" line "] " message
 * Units:  clock in microseconds, local time of the writing process, no year; pid in the process's own namespace
 * Source: gVisor pkg/log/glog.go GoogleEmitter.Emit; the file is the literal x:0 until 20200127
 */
export const emit = production(
  'emit',
  field('letter', letter),
  field('monthDay', monthDay),
  literal(' '),
  field('clock', clock),
  skip(blanks),
  field('pid', decimal),
  literal(' '),
  field('file', fileName),
  literal(':'),
  field('line', decimal),
  literal('] '),
  optional(field('message', rest)),
);
export const readHeader = compileReader(emit);

/**
 * The call site that JSON records carry inside their text since 20240109.
 *
 *     util.go:64] FATAL ERROR: starting container: ...
 *
 * Source: gVisor pkg/log/json.go
 */
export const jsonSite = production(
  'jsonSite',
  field('file', fileName),
  literal(':'),
  field('line', decimal),
  literal('] '),
  optional(field('message', rest)),
);

/**
 * The two JSON envelopes, by the key that holds the text. Each object has three keys, in this order: text, level, time.
 * The error log (`--log`) uses `msg` and puts nothing between its objects.
 * Source: gVisor pkg/log/json.go JSONEmitter, json_k8s.go K8sJSONEmitter
 */
export const ENVELOPES = [
  { format: 'json', text: 'msg' },
  { format: 'json-k8s', text: 'log' },
] as const;

/** Levels of a JSON record by the words (and, in old dumps, numbers) that it prints. */
export const JSON_LEVELS: Readonly<Record<string, 'debug' | 'info' | 'warning' | 'error'>> = {
  debug: 'debug',
  info: 'info',
  warning: 'warning',
  error: 'error',
  '0': 'warning',
  '1': 'info',
  '2': 'debug',
};

/** What follows failed writes of the log: the only trace of messages that were lost. Source: pkg/log/log.go Writer.Write */
export const DROPPED = /^\*\*\* Dropped (\d+) log messages \*\*\*$/;

/**
 * First line of the text with which the Go runtime ends: at column 0, without a header, to the end of the file. `runtime: runsc`
 * is a line of a configuration.
 * Source: Go runtime/panic.go, signal_unix.go
 */
export const CRASH =
  /^(?:panic: |fatal error: |runtime: (?!\S+\s*(?:#|$))|runtime stack:|unexpected fault address |SIG[A-Z0-9]{2,6}: |goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[)/;

/** A message that boot's helper writes to the shared descriptor when boot is gone; also the bare copies of fatal errors. */
export const SYNC_DESCRIPTOR = /^unable to read from the sync descriptor: -?\d+, error .*$/;
