/** What was told already, on disk: after a restart the logs are read again, and nothing is told twice. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { UserError } from '../errors.js';
import { NO_COUNTS, readCounts } from './counts.js';
import type { KeySet } from './key-set.js';
import { NOTHING_COUNTED, type Counted, type Kept } from './ledger.js';

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
      if (counts === undefined || !Array.isArray(files) || !files.every(isKept))
        throw new Error('its counts are no numbers');
      return { schema, told: told.map(String), gone: counts, files, isThere: true };
    } catch (error) {
      throw new UserError(`${this.path} is no state file: ${(error as Error).message}`, {
        suggestions: ['give another --state, or remove the file to begin anew'],
      });
    }
  }

  /** Writes it whole beside its place, then puts it there: whoever reads it finds all of it, the old or the new. */
  write(told: KeySet, { gone, files }: Counted): void {
    const counted = JSON.stringify({ gone, files });
    if (told.version === this.#version && counted === this.#written) return;
    const text = `${JSON.stringify({ schema: SCHEMA, told: told.values(), gone, files })}\n`;
    const beside = `${this.path}.${process.pid}.new`;
    try {
      // whoever may write there could have put a link into the way
      rmSync(beside, { force: true });
      const fd = openSync(beside, 'wx', 0o600);
      try {
        writeFileSync(fd, text);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameSync(beside, this.path);
      this.#written = counted;
      this.#version = told.version;
      this.#isBroken = false;
    } catch (error) {
      rmSync(beside, { force: true });
      if (!this.#isBroken) this.onProblem(`the state could not be written: ${(error as Error).message}`);
      this.#isBroken = true;
    }
  }
}

function isKept(value: unknown): value is Kept {
  const { key, path, head, counts, from } = (value ?? {}) as Partial<Kept>;
  return (
    [key, path, head?.digest, head?.brief].every((one) => typeof one === 'string') &&
    [head?.length, from?.offset ?? 0, from?.lines ?? 0].every((one) => Number.isSafeInteger(one) && Number(one) >= 0) &&
    readCounts(counts) !== undefined
  );
}
