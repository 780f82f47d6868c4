/** The contract of an analyzer: a fold over events that yields one product of bounded size. */
import type { Kind, LogEvent } from './event.js';
import type { SourceName } from './units.js';

/**
 * Trace records of one block as columns: no string and no object per record. Row `i` is in force for `i < count`, and
 * only until `seeBatch` returns (the block is reused).
 */
export type Batch = {
  count: number;
  /** 1: exit record, 0: enter record. */
  readonly isExit: Uint8Array;
  /** Interned syscall name; `names[name[i]]` is its text. */
  readonly name: Int32Array;
  /** 0: success. 512 to 516: restarts. */
  readonly errno: Int32Array;
  /** Nanoseconds, exit records only; NaN where the trace holds no times (native strace without -T). */
  readonly elapsed: Float64Array;
  /** -1 where the tag holds no TGID. */
  readonly tgid: Int32Array;
  readonly tid: Int32Array;
  /** Seconds of the day at which the record was written, as its header prints it; -1 where that is not known. */
  readonly second: Int32Array;
  /** Bytes of the record with its header and its line ends. */
  readonly bytes: Int32Array;
  readonly names: readonly string[];
  /** The texts of the records; null where no analyzer wants them. */
  readonly texts: BatchTexts | null;
};

/** Where the arguments of each row stand, and what it returned. */
export type BatchTexts = {
  /** Of row `i` the bytes `[from[i], to[i])` of `blocks[block[i]]`. */
  readonly blocks: readonly Buffer[];
  readonly block: Uint8Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Where the line of row `i` begins in `blocks[0]`; -1 of one that the record reader read, -2 of such a native call. */
  readonly starts: Int32Array;
  /** Returned value of an exit record, -1 where the record prints that; beyond 2^53 only near. */
  readonly ret: Float64Array;
  /** Ids within a nested namespace; -1 where the tag holds none. */
  readonly nestedTgid: Int32Array;
  readonly nestedTid: Int32Array;
  /** Numbers in `names` of the (at most two) texts by which an exit record names files; -1: none, -2: its text must be read, or no analyzer asked. */
  readonly firstFile: Int32Array;
  readonly secondFile: Int32Array;
  /** Number in `names` of the folder that it prints as AT_FDCWD; -1 and -2 as above. */
  readonly folder: Int32Array;
  /** Number in `names` of the one socket that it prints beside its descriptors; -1 and -2 as above. */
  readonly socket: Int32Array;
  readonly names: FileNames;
};

/** Texts that name files, by number. */
export interface FileNames {
  /** Changes when all numbers begin anew; never within a batch. */
  readonly generation: number;
  /** -1: printed beside a descriptor; -2: an absolute path; -3: relative to where the process stands; else the number of its folder. */
  baseOf(number: number): number;
  /** As it is printed; of one below a folder, that folder, a slash and the text. */
  textOf(number: number): string;
  /** Makes that text `[from, to)` of `bytes`, until the next call. */
  read(number: number): void;
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** Where the rows of a batch stand: whole lines of a text log, in order. */
export type RowPlace = {
  readonly block: Buffer;
  /** Where each row's line begins in the block. */
  readonly starts: Int32Array;
  /** Place of the block's first byte in the source. */
  readonly offset: number;
  /** Number of the first row's line, and by how many lines those of the others are farther. */
  readonly line: number;
  readonly lines: Int32Array;
  /** `2026-11-23` of `1123`. */
  readonly dateOf: (monthDay: string) => string;
};

/**
 * State lives in the closure of `start()`, so that two runs never meet. `reads` lists the kinds that are wanted as
 * objects; an analyzer that gives `seeBatch` gets the trace records as columns instead.
 */
export interface Analyzer<P> {
  readonly name: string;
  readonly reads: readonly Kind[];
  start(): Fold<P>;
}

export interface Fold<P> {
  /** Once for each source, before its first event. */
  sourceStarts?(source: SourceName): void;
  see(event: LogEvent): void;
  /** Of the kinds that it reads, which events it looks at; all, where it does not say. For what comes often and is seldom wanted. */
  isFor?(event: LogEvent): boolean;
  /** Does it look at no idle note (grammars/idle.ts)? Where nobody does, they are counted and do not become events. */
  readonly passesIdle?: boolean;
  seeBatch?(batch: Batch): void;
  /**
   * Trace records of text logs that were read in bulk, with where they stand; all others come to `see`, in the order of the input. No
   * analyzer beside one that gives it gets columns.
   */
  seeRows?(batch: Batch, place: RowPlace): void;
  /** Does `seeBatch` read the texts of its rows? Then batches and events come in the order of the input, too. */
  readonly wantsTexts?: boolean;
  /** Does it read which files they name, too? */
  readonly wantsFiles?: boolean;
  /**
   * Are arguments of native calls wanted, too? Of rows read in bulk they stand in their lines (`starts`); others have texts, and who
   * reads native calls sees those alone, after their rows.
   */
  readonly wantsNativeTexts?: boolean;
  /** Every record that carries forged ones, whatever its kind, and also where trace records come as columns. */
  seeForged?(event: LogEvent): void;
  /** Once for each source, after its last event. `mayRepeat`: only `finish` can tell whether its trace counts. */
  sourceEnds?(source: SourceName, mayRepeat: boolean): void;
  /** `repeats` names the sources whose trace is a copy of another's, and takes part in no count. */
  finish(repeats: ReadonlySet<SourceName>): P;
}
