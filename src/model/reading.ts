/** What was read of a source and what was not understood: stands in every document. */
import type { Kind } from './event.js';
import type { SourceName } from './units.js';

/** Where the year of a text log comes from (its header has none). */
export type YearFrom = 'record' | 'file-name' | 'file-time' | 'now';

/** Told by the first bytes, not by a name. */
export type Compression = 'none' | 'gzip' | 'zstd' | 'xz';

/** Mirrors `Reading` of the contract; `bytes` are those of the decompressed input. */
export type Reading = {
  readonly source: SourceName;
  /** Container format of the records. */
  readonly format: Format;
  /** Variant that the release writes (grammars/dialects.ts), null where nothing tells. */
  readonly dialect: string | null;
  readonly compression: Compression;
  readonly bytes: number;
  readonly lines: number;
  readonly records: number;
  readonly events: Readonly<Partial<Record<Kind, number>>>;
  /** Events that nobody understood, by reason. */
  readonly unread: Readonly<Record<string, number>>;
  readonly forged: number;
  /** Records of which some bytes were not kept. */
  readonly truncated: number;
  /** Second copies of records (builds of 2018), counted once everywhere else. */
  readonly repeated: number;
  readonly year: { readonly value: number; readonly from: YearFrom } | null;
  /** Another source holds the same trace (`--log` beside `--debug-log` in 2018): this one takes part in no count. */
  readonly repeats?: SourceName;
};

export const FORMATS = ['glog', 'json', 'json-k8s', 'error-log', 'go-crash', 'native-strace', 'text', 'empty'] as const;
export type Format = (typeof FORMATS)[number];
