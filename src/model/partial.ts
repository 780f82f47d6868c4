/** A summary that others can be added to: what `summary --partial` writes, and `merge` reads. Sums and counts, nothing derived. */
import type { Reading } from './reading.js';
import type { FileRow, OtherProcesses, OtherSockets, ProcessRow, RuntimeRow, SkippedLog, SocketRow } from './report.js';

/** What another version writes that cannot be read as this one has another number. */
export const PARTIAL_SCHEMA = 'runsight/partial@1';

/** SHA-256 of all bytes of a log (decompressed), hexadecimal: what it is, under whatever name. */
export type Digest = string;

/** A log that was read. */
export type PartialLog = Omit<Reading, 'repeats'> & {
  readonly digest: Digest;
  /** Of its banner; null where none tells. */
  readonly runtime: Pick<RuntimeRow, 'release' | 'architecture'> | null;
  /** The log of the same run that holds the same trace: this one takes part in no count. */
  readonly repeats?: Digest;
};

/** `[bin, calls]`: bins of one part in 16, in ascending order, those without a call left out. */
export type PartialBins = readonly (readonly [number, number])[];

export type PartialSyscall = {
  readonly name: string;
  readonly calls: number;
  readonly errors: number;
  readonly restarts: number;
  readonly unfinished: number;
  /** `[errno, calls]`, by number. */
  readonly errnos: readonly (readonly [number, number])[];
  readonly total_ns: number;
  /** Null: no time is known. */
  readonly min_ns: number | null;
  readonly max_ns: number;
  readonly bins: PartialBins;
  /** Of these the calls that waited by design. */
  readonly waiting: { readonly calls: number; readonly total_ns: number; readonly bins: PartialBins };
  readonly log_bytes: number;
};

/** A number in `logs`, in the place of the name of a source. */
type InLog<Row> = { readonly log: number } & Omit<Row, 'source'>;

/** What of rows goes into the tables of threads and seconds. `work`: `[syscall, nanoseconds, calls]` of what did not wait. */
export type PartialCounts = {
  readonly calls: number;
  readonly errors: number;
  readonly total_ns: number;
  readonly waiting_ns: number;
  readonly work: readonly (readonly [string, number, number])[];
};

export type PartialProcess = InLog<ProcessRow>;
export type PartialSocket = InLog<SocketRow>;
export type PartialThread = PartialCounts & {
  readonly log: number;
  readonly tgid: number | null;
  readonly tid: number;
};

export type PartialFile = Extract<FileRow, { readonly path: string }>;

export type PartialReport = {
  readonly schema: typeof PARTIAL_SCHEMA;
  /** How many runs of `summary` are in it. */
  readonly partials: number;
  /** The flags that decided which records count, by name; null: all did. */
  readonly filter: Readonly<Record<string, string>> | null;
  readonly logs: readonly PartialLog[];
  /** Logs that came twice, and were counted once. */
  readonly skipped: readonly SkippedLog[];
  readonly syscalls: readonly PartialSyscall[];
  readonly processes: readonly PartialProcess[];
  readonly sockets: readonly PartialSocket[];
  /** What is beyond the bounds of the two lists; null: nothing. */
  readonly other_processes: OtherProcesses | null;
  readonly other_sockets: OtherSockets | null;
  readonly files: {
    readonly rows: readonly PartialFile[];
    /** The sum of those that were let go. */
    readonly other: Omit<PartialFile, 'path'> | null;
    /** By so much the time of a row may be too low; null: none is. */
    readonly bound_ns: number | null;
  };
  /** By errno number: on which paths calls failed, and how often on paths that are not kept. */
  readonly failures: readonly {
    readonly errno: number;
    readonly paths: readonly (readonly [string, number])[];
    readonly other: number;
  }[];
  /** These are there where they were asked for. */
  readonly threads?: {
    readonly rows: readonly PartialThread[];
    readonly other: Omit<PartialCounts, 'work'> | null;
  };
  /** Processes by the container that they were started for; null: the log does not tell. */
  readonly containers?: readonly {
    readonly log: number;
    readonly container: string | null;
    readonly processes: readonly number[];
  }[];
  readonly seconds?: {
    readonly width: number;
    readonly timeless: number;
    /** `at`: the number of the span, each `width` seconds wide. */
    readonly spans: readonly (PartialCounts & { readonly at: number })[];
  };
  /** What there was before the filter. */
  readonly unfiltered?: {
    readonly calls: number;
    readonly syscalls: readonly (readonly [string, number])[];
    readonly errnos: readonly (readonly [string, number])[];
  };
};
