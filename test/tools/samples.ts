/** The logs of samples/, as bytes: what each file holds once it is decompressed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

export const SAMPLES_FOLDER = fileURLToPath(new URL('../../samples/', import.meta.url));

/** `name` is the path below samples/, without `.gz`. */
export type Sample = { readonly name: string; readonly bytes: Buffer };

function load(): readonly Sample[] {
  return readdirSync(SAMPLES_FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'sample.json' && entry.parentPath !== SAMPLES_FOLDER)
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.slice(SAMPLES_FOLDER.length).includes('/'))
    .toSorted()
    .map((path) => {
      const bytes = readFileSync(path);
      return path.endsWith('.gz')
        ? { name: path.slice(SAMPLES_FOLDER.length, -'.gz'.length), bytes: gunzipSync(bytes) }
        : { name: path.slice(SAMPLES_FOLDER.length), bytes };
    });
}

let all: readonly Sample[] | undefined;

/** Every log of every scenario. */
export function samples(): readonly Sample[] {
  all ??= load();
  return all;
}

/** The one sample whose name ends so. */
export function sample(end: string): Sample {
  const found = samples().filter(({ name }) => name.endsWith(end));
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} samples end in ${end}`);
  return first;
}

/** The samples of one scenario, of one release or of all. */
export function samplesOf(part: string): readonly Sample[] {
  const found = samples().filter(({ name }) => name.includes(part));
  if (found.length === 0) throw new Error(`no sample has ${part} in its name`);
  return found;
}
