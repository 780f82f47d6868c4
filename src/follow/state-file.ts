/** What was told already, on disk: after a restart the logs are read again, and nothing is told twice. */
import { readFileSync } from 'node:fs';
import { UserError } from '../errors.js';
import { isCount, NO_COUNTS, readCounts } from './counts.js';
import type { KeySet } from './key-set.js';
import { NOTHING_COUNTED, type Counted, type CountedFile } from './ledger.js';
import { putInPlace } from './put-in-place.js';

const SCHEMA = 'runsight/follow-state@1';

type Stored = Counted & { readonly schema: string; readonly told: readonly string[] };

export class StateFile {
  #written = '';
  #version = -1;
  #isBroken = false;

  constructor(
    readonly path: string,
    readonly onProblem: (why: string) => void,
  ) {}

  /** What the file holds; nothing if there is none. Throws where it is none of ours. */
  read(): Stored & { readonly isThere: boolean } {
    const none = { schema: SCHEMA, told: [], ...NOTHING_COUNTED, isThere: false };
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return none;
      throw new UserError(`cannot read the state file ${this.path}: ${(error as Error).message}`);
    }
    try {
      const { schema, told, gone = NO_COUNTS, files = [] } = JSON.parse(text) as Partial<Stored>;
      if (schema !== SCHEMA || !Array.isArray(told)) throw new Error('it was not written by follow');
      const counts = readCounts(gone);
      if (counts === undefined || !Array.isArray(files) || !files.every(isCountedFile))
        throw new Error('its counts are no numbers');
      return { schema, told: told.map(String), gone: counts, files, isThere: true };
    } catch (error) {
      throw new UserError(`${this.path} is no state file: ${(error as Error).message}`, {
        suggestions: ['give another --state, or remove the file to begin anew'],
      });
    }
  }

  /** Puts what was told and counted into its place, if any of it is new. */
  write(told: KeySet, { gone, files }: Counted): void {
    const counted = JSON.stringify({ gone, files });
    if (told.version === this.#version && counted === this.#written) return;
    const text = `${JSON.stringify({ schema: SCHEMA, told: told.values(), gone, files })}\n`;
    try {
      putInPlace(this.path, text, { mode: 0o600, isSynced: true });
      this.#written = counted;
      this.#version = told.version;
      this.#isBroken = false;
    } catch (error) {
      if (!this.#isBroken) this.onProblem(`the state could not be written: ${(error as Error).message}`);
      this.#isBroken = true;
    }
  }
}

function isCountedFile(value: unknown): value is CountedFile {
  const { key, path, head, counts, from } = (value ?? {}) as Partial<CountedFile>;
  return (
    [key, path, head?.digest, head?.brief].every((one) => typeof one === 'string') &&
    isCount(head?.length) &&
    (from === undefined || (from !== null && isCount(from.offset) && isCount(from.lines))) &&
    readCounts(counts) !== undefined
  );
}
