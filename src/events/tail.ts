/** The end of a source, read again record by record: how a program ended stands in its last calls. */
import { openStream, type OpenSource } from '../input/source.js';
import type { LogEvent } from '../model/event.js';
import type { Carrier } from './carriers.js';
import { SourceStream, type StreamOptions } from './stream.js';

/** How much of the end of a source is read again as objects: some 40,000 trace records, half a second. */
export const TAIL_BYTES = 4 * 1024 * 1024;

/** The last bytes of a source: where the first of them stands, and how many lines the source holds up to their end. */
export type TailBytes = { readonly bytes: Buffer; readonly offset: number; readonly lines: number };

/** Reads them record by record, from the first line that is whole; the events stand where they stand in the whole. */
export async function readTail(
  source: Pick<OpenSource, 'name' | 'modified'>,
  tail: TailBytes,
  options: Pick<StreamOptions, 'inputFormat' | 'now' | 'carriers'>,
  onEvent: (event: LogEvent) => void,
): Promise<void> {
  const from = tail.offset === 0 ? 0 : tail.bytes.indexOf(10) + 1;
  const bytes = tail.bytes.subarray(from);
  const offset = tail.offset + from;
  let newlines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) newlines++;
  const ahead = Math.max(0, tail.lines - newlines - (bytes.length > 0 && bytes.at(-1) !== 10 ? 1 : 0));
  const carriers = new Map<number, Carrier>();
  for (const [at, carrier] of options.carriers ?? []) carriers.set(at - offset, { ...carrier, offset: at - offset });
  async function* chunks(): AsyncGenerator<Buffer> {
    yield bytes;
  }
  const stream = new SourceStream(
    { ...openStream(source.name, chunks()), modified: source.modified },
    {
      ...options,
      sentences: false,
      carriers,
      onEvent: (event) => {
        if (event.repeated === true) return;
        onEvent({ ...event, line: event.line + ahead, offset: event.offset + offset } as LogEvent);
      },
    },
  );
  while (await stream.step());
}
