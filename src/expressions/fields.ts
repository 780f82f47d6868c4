/** The fields of records that conditions speak of: their types, and how each is read. */
import type { LogEvent } from '../model/event.js';

/** What a field holds. A list holds if one of its members does; a `bool` stands alone. */
export type FieldType = 'text' | 'number' | 'duration' | 'errno' | 'level' | 'time' | 'list' | 'bool';
export type FieldValue = string | number | boolean | readonly string[] | undefined;

/** A field of a subject `S`. */
export type Field<S> = {
  readonly name: string;
  readonly type: FieldType;
  readonly says: string;
  readonly of: (subject: S) => FieldValue;
  /** Of the conditions of an `and`, those on cheap fields are asked first; 0: next to nothing, 3: the usual. */
  readonly cost?: number;
  /** A small whole number that stands for the value, where there is one: for keys. */
  readonly idOf?: (subject: S) => number | undefined;
  /** Where something that lasts (a path, a program) decides the value, its memory: a condition on it is asked once. */
  readonly memo?: Memo<S>;
};
/** The memory of what fields of a subject are about; null: there is no such thing. */
export type Memo<S> = (subject: S) => Memory | null;
/** What conditions on it said, from `verdictsFrom` on: 0 not asked, 1 holds, 2 does not. */
export type Memory = { readonly verdicts: Uint8Array; readonly verdictsFrom: number };

export type Fields<S> = ReadonlyMap<string, Field<S>>;

/** Splits the arguments of a call: only fields that need them cost that. */
export type PathsOf = (event: LogEvent) => readonly string[];
type RecordField = Omit<Field<LogEvent>, 'of'> & {
  readonly of: (event: LogEvent, pathsOf: PathsOf) => FieldValue;
};

function isCall(
  event: LogEvent,
): event is Extract<LogEvent, { kind: 'syscall-enter' | 'syscall-exit' | 'native-syscall' }> {
  return event.kind === 'syscall-enter' || event.kind === 'syscall-exit' || event.kind === 'native-syscall';
}

const field = (name: string, type: FieldType, says: string, of: RecordField['of']): RecordField => ({
  name,
  type,
  says,
  of,
});

export const FIELDS: readonly RecordField[] = [
  field('syscall', 'text', 'name of the call', (event) =>
    isCall(event) || event.kind === 'unsupported-syscall' ? event.name : undefined,
  ),
  field('errno', 'errno', 'error of the call, by name or number', (event) =>
    isCall(event) && 'errno' in event && event.errno !== null ? event.errno : undefined,
  ),
  field('duration', 'duration', 'time of the call: 5ms, 1.5s', (event) =>
    isCall(event) && 'duration_ns' in event && event.duration_ns !== null ? event.duration_ns : undefined,
  ),
  field('ret', 'number', 'returned value', (event) =>
    isCall(event) && 'ret' in event && event.ret !== null && event.ret !== '?' ? Number(event.ret) : undefined,
  ),
  field('args', 'text', 'arguments as printed', (event) => (isCall(event) ? event.args : undefined)),
  field('path', 'list', 'paths that the call names, and those beside its descriptors', (event, pathsOf) =>
    isCall(event) ? pathsOf(event) : undefined,
  ),
  field('comm', 'text', 'name of the task', (event) => ('comm' in event ? event.comm : undefined)),
  field('pid', 'number', 'process (thread group) of the task; of other records the process that wrote them', (event) =>
    'task' in event && event.task !== undefined ? (event.task.tgid ?? event.task.tid) : (event.pid ?? undefined),
  ),
  field('tid', 'number', 'task', (event) => ('task' in event ? event.task?.tid : undefined)),
  field('kind', 'text', 'kind of the record: syscall-exit, fatal, warning, ...', (event) => event.kind),
  field('level', 'level', 'debug, info, warning, error', (event) => event.level ?? undefined),
  field('message', 'text', 'text of the record without its header', (event) => event.message),
  field('time', 'time', '2026-11-23T22:01:59, or its beginning', (event) => event.time ?? undefined),
  field('source', 'text', 'file', (event) => event.source),
  field('line', 'number', 'line of the file', (event) => event.line),
  field('site', 'text', 'place in the source of gVisor: strace.go:567', (event) => event.site ?? undefined),
];

/** The fields of records, with their way to split arguments. */
export function fieldsOf(pathsOf: PathsOf): Fields<LogEvent> {
  return new Map(FIELDS.map((one) => [one.name, { ...one, of: (event) => one.of(event, pathsOf) }]));
}
