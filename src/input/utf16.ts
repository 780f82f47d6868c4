/** UTF-16, as a redirect of PowerShell writes it, to UTF-8. What a source then holds is the text, and its bytes are those of UTF-8. */

/** UTF-16 by its mark at the beginning; undefined for all else. */
export function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

const CHUNK_BYTES = 64 * 1024;

/** Reads text of a file in UTF-16, from its mark on. `read` fills a buffer from its beginning and says how many bytes came. */
export function readUtf16(
  encoding: 'utf-16le' | 'utf-16be',
  read: (into: Buffer) => number,
): (into: Buffer, at: number) => number {
  const decoder = new TextDecoder(encoding);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  let isEnded = false;
  return (into, at) => {
    while (rest.length === 0 && !isEnded) {
      const count = read(chunk);
      isEnded = count === 0;
      rest = Buffer.from(decoder.decode(chunk.subarray(0, count), { stream: !isEnded }), 'utf8');
    }
    const count = rest.copy(into, at);
    rest = rest.subarray(count);
    return count;
  };
}
