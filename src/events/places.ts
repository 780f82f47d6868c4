/** Records at known places of a source, read again: what went by in columns is quoted with its line and text. */
import { openStream, type OpenSource } from '../input/source.js';
import type { LogEvent } from '../model/event.js';
import { SourceStream, type InputFormat, type StreamOptions } from './stream.js';

/** Where a record stands in the decompressed source, and how long it is. */
export type Place = { readonly place: number; readonly bytes: number };

const BUFFER_BYTES = 1024 * 1024;
/** A longer record is quoted up to here. */
const RECORD_BYTES = 4 * 1024 * 1024;

/** Reads the records at `places`; those that are not there (the source changed) are left out. By place. */
export async function readPlaces(
  source: OpenSource,
  places: readonly Place[],
  options: Pick<StreamOptions, 'now'> & { readonly inputFormat: InputFormat },
): Promise<ReadonlyMap<number, LogEvent>> {
  const wanted = places
    .toSorted((a, b) => a.place - b.place)
    .filter(({ place }, at, all) => place !== all[at - 1]?.place);
  const pieces = await cutOut(source, wanted);
  const bytes = Buffer.concat(pieces.map((piece) => piece.bytes));
  const starts = new Map<number, (typeof pieces)[number]>();
  let offset = 0;
  for (const piece of pieces) {
    starts.set(offset, piece);
    offset += piece.bytes.length;
  }
  const found = new Map<number, LogEvent>();
  async function* chunks(): AsyncGenerator<Buffer> {
    yield bytes;
  }
  const stream = new SourceStream(
    { ...openStream(source.name, chunks()), modified: source.modified },
    {
      ...options,
      sentences: false,
      onEvent: (event) => {
        const piece = starts.get(event.offset);
        if (piece !== undefined)
          found.set(piece.place, { ...event, line: piece.line, offset: piece.place } as LogEvent);
      },
    },
  );
  while (await stream.step());
  return found;
}

type Piece = { readonly place: number; readonly line: number; readonly bytes: Buffer };

/** The bytes of each record with the number of its first line. */
async function cutOut(source: OpenSource, wanted: readonly Place[]): Promise<readonly Piece[]> {
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  const pieces: Piece[] = [];
  let next = 0;
  let open: { readonly place: number; readonly line: number; readonly parts: Buffer[]; left: number } | undefined;
  let offset = 0;
  let line = 1;
  const take = (from: number, to: number): void => {
    if (open === undefined) return;
    const end = Math.min(to, from + open.left);
    open.parts.push(Buffer.from(buffer.subarray(from, end)));
    open.left -= end - from;
    if (open.left > 0) return;
    pieces.push({ place: open.place, line: open.line, bytes: Buffer.concat(open.parts) });
    open = undefined;
  };
  while (next < wanted.length || open !== undefined) {
    const pending = source.read(buffer, 0);
    const count = typeof pending === 'number' ? pending : await pending;
    if (count === 0) break;
    take(0, count);
    let counted = 0;
    for (; next < wanted.length && (wanted[next] as Place).place < offset + count; next++) {
      const { place, bytes } = wanted[next] as Place;
      const at = place - offset;
      line += newlines(buffer, counted, at);
      counted = at;
      if (open !== undefined) continue;
      open = { place, line, parts: [], left: Math.min(bytes, RECORD_BYTES) };
      take(at, count);
    }
    line += newlines(buffer, counted, count);
    offset += count;
  }
  return pieces;
}

function newlines(buffer: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = buffer.indexOf(10, from); at !== -1 && at < to; at = buffer.indexOf(10, at + 1)) count++;
  return count;
}
