/** Units as brands: a number that means something cannot be handed where another is meant. */

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]?: Name };

/** Nanoseconds, as Go prints durations (up to 2^53 ns = 104 days exactly). */
export type Nanos = Branded<number, 'nanos'>;
/** A count of bytes of the decompressed input. */
export type Bytes = Branded<number, 'bytes'>;
/** 1-based physical line. */
export type LineNumber = Branded<number, 'line'>;
/** The path as it was found (unique in a run); `-` for stdin. */
export type SourceName = Branded<string, 'source'>;
