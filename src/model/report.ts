/** The documents that commands print: plain JSON values, shaped by the contract. */
import type { Confidence, Finding, Severity } from './finding.js';
import type { Reading } from './reading.js';
import type { SourceName } from './units.js';

export const VERDICTS = [
  'failed-start',
  'sandbox-crash',
  'app-failure',
  'hang',
  'degraded',
  'healthy',
  'inconclusive',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** How a container ended, from the safest source there is. */
export type Exit = { readonly status: number } | { readonly signal: string } | null;

/** A step in the life of a sandbox. */
export type TimelineEntry = {
  readonly time: string | null;
  readonly source: SourceName;
  readonly line: number;
  /** Milliseconds since the first step, on the common clock; null without a time. */
  readonly after_ms: number | null;
  readonly what: string;
};

export type Sandbox = {
  /** Of the sandbox: that of its first container. Null where the input names none. */
  readonly id: string | null;
  readonly containers: readonly string[];
  readonly version: string | null;
  readonly platform: string | null;
  readonly files: readonly SourceName[];
  readonly outcome: string;
  readonly exit: Exit;
  readonly timeline: readonly TimelineEntry[];
  /** Settings of the run that a reader asks for first: network, overlay, pid, command, args. */
  readonly config: Readonly<Record<string, string>>;
  /** How each container ended, as far as the input tells. */
  readonly exits: Readonly<Record<string, Exit>>;
  /** What the OCI spec asks for; null where the input holds none. */
  readonly spec: {
    readonly args: readonly string[];
    readonly cwd: string | null;
    readonly user: { readonly uid: number | null; readonly gid: number | null };
    readonly root: string | null;
    readonly mounts: readonly {
      readonly destination: string;
      readonly type: string;
      readonly source: string;
      readonly options: readonly string[];
    }[];
    readonly capabilities: readonly string[];
    readonly rlimits: Readonly<Record<string, number>>;
    readonly annotations: Readonly<Record<string, string>>;
  } | null;
  /** Files of its life that are not in the input, and what that means. */
  readonly missing: readonly { readonly file: string; readonly means: string }[];
  /** Processes that write the local time of another zone than the others; the order of the records takes it into account. */
  readonly clocks: readonly string[];
  /** How it fared by itself, where the input holds several. */
  readonly verdict?: Verdict;
  readonly headline?: string;
};

export type Benign = { readonly rule: string; readonly count: number; readonly why: string };

/** What quoted records do not show: nothing is kept back; environments, passwords and tokens; homes and addresses as well. */
export type Redaction = 'none' | 'secrets' | 'identity';

export type DiagnoseReport = {
  readonly schema: 'runsight/diagnose@1';
  readonly verdict: Verdict;
  readonly headline: string;
  readonly findings: readonly Finding[];
  readonly sandboxes: readonly Sandbox[];
  readonly collect: readonly string[];
  readonly benign: readonly Benign[];
  readonly reading: readonly Reading[];
  /** Values that stand as `***` in this document. */
  readonly masked: number;
  /** Older sandboxes of a large folder, and their files. */
  readonly not_read?: { readonly sandboxes: number; readonly files: number };
  /** How the rules answered, where that was asked for. */
  readonly explain?: Explanation;
};

/** Why the first finding is the first: what each rule said that had something to say. */
export type Explanation = {
  /** Those that found something, could not be applied or failed; matches that won first. */
  readonly rules: readonly ExplainedRule[];
  /** Rules that found nothing. */
  readonly clear: number;
};

export type ExplainedRule = {
  readonly rule: string;
  readonly state: 'found' | 'not-applicable' | 'failed';
  /** Why it could not be applied, or what went wrong in it. */
  readonly why?: string;
  readonly matches: readonly ExplainedMatch[];
};

export type ExplainedMatch = {
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** On what evidence the confidence rests, and what would raise it. */
  readonly because: string;
  readonly source: SourceName;
  readonly line: number;
  /** Its place among the findings that decide, from 1; null for a note, and for what others outrank. */
  readonly rank: number | null;
  /** Why it is not the first finding. */
  readonly lost?: string;
};

/** One row per syscall, sorted by `total_ns`; times are printed durations in nanoseconds. */
export type SyscallRow = {
  readonly name: string;
  /** Exit records. */
  readonly calls: number;
  /** Exit records with an errno below 512. */
  readonly errors: number;
  /** Exit records with errno 512 to 516. */
  readonly restarts: number;
  /** Enter records without an exit. */
  readonly unfinished: number;
  readonly errnos: Readonly<Record<string, number>>;
  readonly total_ns: number;
  readonly min_ns: number;
  readonly max_ns: number;
  readonly p50_ns: number;
  readonly p95_ns: number;
  readonly p99_ns: number;
  /** Part of the total time of all calls, 0 to 1. */
  readonly share: number;
  readonly mean_ns: number;
  /** What it is about: file, network, memory, ... */
  readonly class: string;
  /** Calls by powers of two of their time, those without a call left out. */
  readonly latency: readonly LatencyBucket[];
  /** Calls that waited by design; these three are there where that was asked for. */
  readonly waiting_calls?: number;
  readonly waiting_ns?: number;
  /** Part of the time of all calls that did not wait. */
  readonly working_share?: number;
  /** Bytes of its records, where that was asked for. */
  readonly log_bytes?: number;
  /** How far the release of the log supports it, where that was asked for; null where the release or the call is not known. */
  readonly support?: SyscallSupport | null;
};

export type SyscallSupport = {
  /** `handled`: releases before 2019-07 tell only that there is a handler. */
  readonly level: 'full' | 'partial' | 'handled' | 'unimplemented';
  /** What is missing, or what a call answers that is not implemented; null of what is supported in full. */
  readonly note: string | null;
};

/** A release of runsc that wrote traces, and how many sources it wrote. */
export type RuntimeRow = {
  readonly release: string;
  readonly architecture: 'amd64' | 'arm64';
  readonly sources: number;
};

/** How the next trace can be smaller. */
export type VolumeAdvice = {
  /** Bytes of all trace records, and of those that the flag would keep. */
  readonly trace_bytes: number;
  readonly kept_bytes: number;
  /** Bytes of records that hold what was read and written: --strace-log-size bounds them. */
  readonly data_bytes: number;
  /** What runsc (or strace, of its traces) is to be started with; and to keep all, and less of what is read and written. */
  readonly flag: string;
  readonly data_flag: string;
  /** The calls that make the log large, the largest first. */
  readonly large: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly share: number;
    readonly kept: boolean;
  }[];
};

/** A call as it stands in the log. */
export type ShownRecord = {
  readonly source: SourceName;
  readonly line: number;
  /** A clock without a date in native traces of `-t` and `-tt`. */
  readonly time: string | null;
  /** The record without its header, and the call in it with its result. */
  readonly text: string;
  readonly call: string;
  readonly syscall: string;
  readonly tgid: number | null;
  readonly tid: number;
  readonly comm: string | null;
  /** Null where the trace holds no times. */
  readonly duration_ns: number | null;
  readonly errno: string | null;
};

/** The slowest records, slowest first. */
export type ShownRecords = {
  /** Of which calls they are the slowest: those that fit the filter, or those that do not wait by design. */
  readonly of: 'matching' | 'working';
  readonly calls: number;
  readonly total_ns: number;
  readonly records: readonly ShownRecord[];
};

/** Calls that took `from_ns` or longer, and less than the next power of two. */
export type LatencyBucket = { readonly from_ns: number; readonly calls: number };

/** The sums over all syscalls. */
export type SummaryTotals = {
  readonly calls: number;
  readonly errors: number;
  /** Those of the errors that healthy programs meet, too. */
  readonly normal_errors: number;
  readonly total_ns: number;
  /** There where waiting was asked for. */
  readonly waiting_ns?: number;
  /** The slowest of the calls that did not wait, and how much of their time they took; null where time is spread. */
  readonly slowest?: { readonly calls: number; readonly share_of_calls: number; readonly share_of_time: number } | null;
};

export type ErrnoRow = {
  readonly name: string;
  readonly count: number;
  readonly syscalls: Readonly<Record<string, number>>;
  /** How many of them are met by healthy programs, too, and why, by syscall. */
  readonly normal: number;
  readonly why: readonly { readonly syscall: string; readonly why: string }[];
  /** The paths that failed most. */
  readonly paths?: readonly { readonly path: string; readonly count: number }[];
  /** Failures on paths beyond the bound of those that are kept apart. */
  readonly paths_other?: number;
};

/** A thread group of the root PID namespace; of logs that tag tasks with a TID only, a task (`tgid` null, `tid`). */
export type ProcessRow = {
  readonly source: SourceName;
  readonly tgid: number | null;
  readonly tid?: number;
  readonly parent: number | null;
  readonly program: string | null;
  readonly argv: readonly string[] | null;
  readonly exit: Exit;
  readonly threads: number;
  readonly calls: number;
  readonly errors: number;
  readonly total_ns: number;
  /** Time in calls that wait by design. */
  readonly waiting_ns: number;
};

/** The fields of a row that a sum of rows lacks. */
type NoneOf<Row> = { readonly [Field in keyof Row]?: undefined };

type ProcessSums = {
  readonly threads: number;
  readonly calls: number;
  readonly errors: number;
  readonly total_ns: number;
  readonly waiting_ns: number;
};
/** The sum of processes that are not listed. */
export type OtherProcesses = NoneOf<Omit<ProcessRow, keyof ProcessSums>> &
  ProcessSums & { readonly other: true; readonly processes: number; readonly container?: undefined };

type FileCounts = {
  readonly calls: number;
  readonly errors: number;
  readonly opens: number;
  readonly open_errors: number;
  readonly bytes_read: number;
  readonly bytes_written: number;
  readonly total_ns: number;
  /** The longest of its calls, and which syscall that was; null where none took any time. */
  readonly max_ns: number;
  readonly slowest: string | null;
};
/** A file by its absolute path, or the sum of all that are not listed (`bound_ns`: a listed time may be too low by so much). */
export type FileRow =
  (FileCounts & { readonly path: string }) | (FileCounts & { readonly other: true; readonly bound_ns?: number });

export type SocketRow = {
  readonly source: SourceName;
  readonly socket: string;
  readonly family: string | null;
  readonly type: string | null;
  readonly local: string | null;
  readonly peer: string | null;
  readonly calls: number;
  readonly errors: number;
  readonly connects: number;
  readonly connect_errors: Readonly<Record<string, number>>;
  readonly accepted: number;
  readonly bytes_in: number;
  readonly bytes_out: number;
};

type SocketSums = {
  readonly calls: number;
  readonly errors: number;
  readonly connects: number;
  readonly accepted: number;
  readonly bytes_in: number;
  readonly bytes_out: number;
};
/** The sum of sockets that are not listed. */
export type OtherSockets = NoneOf<Omit<SocketRow, keyof SocketSums>> &
  SocketSums & { readonly other: true; readonly sockets: number };

/** Syscalls that are about the same; `share` is that of the working time, where waiting is told apart. */
export type ClassRow = {
  readonly name: string;
  readonly calls: number;
  readonly errors: number;
  readonly total_ns: number;
  readonly waiting_ns?: number;
  readonly share: number;
  readonly max_ns: number;
  /** Most time first. */
  readonly syscalls: readonly string[];
};

/** A task of a process. */
export type ThreadRow = {
  readonly source: SourceName;
  readonly tgid: number | null;
  readonly tid: number;
  /** That of its process. */
  readonly program: string | null;
  readonly calls: number;
  readonly errors: number;
  readonly total_ns: number;
  readonly waiting_ns: number;
  /** The syscall with the most working time. */
  readonly busiest: string | null;
};

/** The processes that were started in one container, `runsc exec` included, and what they forked. */
export type ContainerRow = {
  readonly source: SourceName;
  /** Null where the log does not tell. */
  readonly container: string | null;
  readonly processes: number;
  readonly threads: number;
  readonly calls: number;
  readonly errors: number;
  readonly total_ns: number;
  readonly waiting_ns: number;
  /** Of its first process. */
  readonly program: string | null;
  readonly exit: Exit;
};

/** Calls that came back within a span of time. */
export type SecondRow = {
  /** The beginning of the span, as the log prints its clock; a `+1d` before those of the next day. */
  readonly time: string;
  /** Seconds after the first span. */
  readonly after: number;
  readonly calls: number;
  readonly errors: number;
  readonly total_ns: number;
  readonly waiting_ns: number;
  /** The syscall with the most working time. */
  readonly busiest: string | null;
};

/** When the calls came back. Spans without a call are left out. */
export type TimeLineTable = {
  /** Of a span, in seconds: 1, or a power of two where the log is long. */
  readonly width: number;
  /** Calls whose records tell no time. */
  readonly timeless: number;
  readonly spans: readonly SecondRow[];
};

/** How long the calls of one syscall took. */
export type Histogram = {
  /** `all`: those of all syscalls. */
  readonly name: string;
  readonly calls: number;
  /** In bins of one part in 16; those without a call are left out. */
  readonly bins: readonly HistogramBin[];
};
/** Calls that took `from_ns` or longer, and less than `to_ns`. */
export type HistogramBin = {
  readonly from_ns: number;
  readonly to_ns: number;
  readonly calls: number;
  /** Those of them that waited by design. */
  readonly waiting: number;
  /** Part of all calls that took less than `to_ns`. */
  readonly cumulative: number;
};

export type SummaryReport = {
  readonly schema: 'runsight/summary@1';
  readonly totals: SummaryTotals;
  readonly syscalls: readonly SyscallRow[];
  readonly classes: readonly ClassRow[];
  /** The views: left out where only the table was asked for. */
  readonly processes?: readonly (ProcessRow | OtherProcesses)[];
  readonly files?: readonly FileRow[];
  readonly sockets?: readonly (SocketRow | OtherSockets)[];
  readonly errnos: readonly ErrnoRow[];
  /** These are there where they were asked for. */
  readonly threads?: readonly (ThreadRow | OtherThreads)[];
  readonly containers?: readonly (ContainerRow | OtherProcesses)[];
  readonly seconds?: TimeLineTable;
  readonly histogram?: Histogram;
  readonly shown?: ShownRecords;
  /** What there was before a filter: calls by syscall, errors by name, the most first. */
  readonly unfiltered?: {
    readonly calls: number;
    readonly syscalls: Readonly<Record<string, number>>;
    readonly errnos: Readonly<Record<string, number>>;
  };
  readonly runtimes?: readonly RuntimeRow[];
  /** Null: nothing is to be saved. */
  readonly advice?: VolumeAdvice | null;
  /** Of what it was merged, where it was. */
  readonly merged?: Merged;
  readonly reading: readonly Reading[];
};

/** Of what a summary was merged. */
export type Merged = {
  /** Runs of `summary` whose counts are in it. */
  readonly partials: number;
  /** The flags that decided which records count; null: all did. */
  readonly filter: Readonly<Record<string, string>> | null;
  readonly skipped: readonly SkippedLog[];
};

/** A log that came twice: it is counted once. */
export type SkippedLog = {
  /** Its name where it was not counted, and the partial that held it. */
  readonly source: SourceName;
  readonly partial: string;
  /** Its name where it was. */
  readonly same_as: SourceName;
};

/** The sum of threads that are not listed. */
export type OtherThreads = {
  readonly other: true;
  readonly calls: number;
  readonly errors: number;
  readonly total_ns: number;
  readonly waiting_ns: number;
};
