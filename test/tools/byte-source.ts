/** Reads bytes as a source would: in chunks of any size, by the event path or the bulk path, with all that comes of it. */
import type { Carrier } from '../../src/events/carriers.js';
import { nativeRowOf } from '../../src/events/native.js';
import { SourceStream, type InputFormat } from '../../src/events/stream.js';
import type { OpenSource } from '../../src/input/source.js';
import type { Batch } from '../../src/model/analyzer.js';
import type { LogEvent } from '../../src/model/event.js';
import type { Reading } from '../../src/model/reading.js';

/** A source of bytes in memory. `size` says how many come at the next read (at least one). */
export function sourceOf(
  bytes: Uint8Array,
  options: { name?: string; size?: number | (() => number); modified?: number | null } = {},
): OpenSource {
  const size = options.size ?? 65_536;
  let from = 0;
  return {
    name: options.name ?? 'runsc.log.20261123-222715.440052.boot.txt',
    compression: 'none',
    modified: options.modified ?? null,
    read(into, at) {
      const count = Math.min(
        typeof size === 'number' ? size : Math.max(1, size()),
        bytes.length - from,
        into.length - at,
      );
      into.set(bytes.subarray(from, from + count), at);
      from += count;
      return count;
    },
    reopen: () => sourceOf(bytes, options),
    close() {},
  };
}

/** A trace record as the columns hold it. */
export type Row = {
  readonly isExit: boolean;
  readonly name: string;
  readonly errno: number;
  readonly elapsed: number;
  readonly tgid: number;
  readonly tid: number;
};

export type WholeReading = {
  readonly events: readonly LogEvent[];
  readonly rows: readonly Row[];
  readonly reading: Reading;
};

/** So many passes a caller of the stream grants, to learn where forged records stand. */
const MOST_PASSES = 4;

/**
 * Everything that a source holds. `bulk`: trace records come as rows, the others as events. A source whose forged
 * records were found too late is read again, as the pipeline does.
 */
export async function readAll(
  source: OpenSource,
  options: { bulk?: boolean; inputFormat?: InputFormat; now?: Date; recovery?: false } = {},
): Promise<WholeReading> {
  const carriers = new Map<number, Carrier>();
  for (let pass = 1, from: OpenSource | undefined = source; ; pass++) {
    const { late, ...whole } = await readOnce(from, options, carriers);
    from = source.reopen?.();
    if (late.length === 0 || from === undefined || pass === MOST_PASSES) return whole;
    for (const carrier of late) carriers.set(carrier.offset, carrier);
  }
}

async function readOnce(
  source: OpenSource,
  options: { bulk?: boolean; inputFormat?: InputFormat; now?: Date; recovery?: false },
  carriers: ReadonlyMap<number, Carrier>,
): Promise<WholeReading & { readonly late: readonly Carrier[] }> {
  const events: LogEvent[] = [];
  const rows: Row[] = [];
  const stream = new SourceStream(source, {
    carriers,
    onEvent: (event) => events.push(event),
    ...(options.inputFormat === undefined ? {} : { inputFormat: options.inputFormat }),
    ...(options.now === undefined ? {} : { now: options.now }),
    ...(options.recovery === undefined ? {} : { recovery: options.recovery }),
    ...(options.bulk === true ? { onBatch: (batch) => addRows(rows, batch) } : {}),
  });
  while (await stream.step()) {
    // Each step hands on what it read.
  }
  return { events, rows, reading: stream.reading(), late: stream.lateCarriers };
}

function addRows(rows: Row[], batch: Batch): void {
  for (let row = 0; row < batch.count; row++) {
    rows.push({
      isExit: batch.isExit[row] === 1,
      name: batch.names[batch.name[row] as number] as string,
      errno: batch.errno[row] as number,
      elapsed: batch.elapsed[row] as number,
      tgid: batch.tgid[row] as number,
      tid: batch.tid[row] as number,
    });
  }
}

/** Reads a text, or bytes, by the event path. */
export function eventsOf(content: string | Buffer, name?: string): Promise<WholeReading> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return readAll(sourceOf(bytes, name === undefined ? {} : { name }));
}

/** The row that an event of the trace stands for; undefined for other kinds and for second copies. */
export function rowOf(event: LogEvent): Row | undefined {
  if (event.repeated === true) return undefined;
  if (event.kind === 'native-syscall') return nativeRowOf(event);
  if (event.kind === 'syscall-enter') {
    const { tgid, tid } = event.task;
    return { isExit: false, name: event.name, errno: 0, elapsed: 0, tgid: tgid ?? -1, tid };
  }
  if (event.kind === 'syscall-exit') {
    const { tgid, tid } = event.task;
    return {
      isExit: true,
      name: event.name,
      errno: event.errno ?? 0,
      elapsed: event.duration_ns,
      tgid: tgid ?? -1,
      tid,
    };
  }
  return undefined;
}
