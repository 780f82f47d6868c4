/** What was told already, on disk: after a restart the logs are read again, and nothing is told twice. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { UserError } from '../errors.js';

/** Keys that are kept; the oldest go first. */
const MOST_KEYS = 100_000;
const SCHEMA = 'runsight/follow-state@1';

type Stored = { readonly schema: string; readonly told: readonly string[]; readonly gone: Counts };

/** Counts of what can no longer be read: files that were emptied, deleted or let go. */
export type Counts = {
  readonly bytes: number;
  readonly lines: number;
  readonly records: number;
  readonly unread: number;
};
export const NO_COUNTS: Counts = { bytes: 0, lines: 0, records: 0, unread: 0 };

export class StateFile {
  #written = '';
  #isBroken = false;

  constructor(
    readonly path: string,
    readonly onProblem: (why: string) => void,
  ) {}

  /** What the file holds; nothing if there is none. Throws where it is none of ours. */
  read(): Stored {
    const none = { schema: SCHEMA, told: [], gone: NO_COUNTS };
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return none;
      throw new UserError(`cannot read the state file ${this.path}: ${(error as Error).message}`);
    }
    try {
      const { schema, told, gone } = JSON.parse(text) as Partial<Stored>;
      if (schema !== SCHEMA || !Array.isArray(told)) throw new Error('it was not written by follow');
      const counted = { ...NO_COUNTS, ...gone };
      if (!Object.values(counted).every(Number.isFinite)) throw new Error('its counts are no numbers');
      return { schema, told: told.map(String), gone: counted };
    } catch (error) {
      throw new UserError(`${this.path} is no state file: ${(error as Error).message}`, {
        suggestions: ['give another --state, or remove the file to begin anew'],
      });
    }
  }

  /** Writes it whole beside its place, then puts it there: whoever reads it finds all of it, the old or the new. */
  write(told: ReadonlySet<string>, gone: Counts): void {
    for (const key of told) {
      if (told.size <= MOST_KEYS) break;
      (told as Set<string>).delete(key);
    }
    const text = `${JSON.stringify({ schema: SCHEMA, told: [...told], gone })}\n`;
    if (text === this.#written) return;
    const beside = `${this.path}.${process.pid}.new`;
    try {
      const fd = openSync(beside, 'w', 0o600);
      try {
        writeSync(fd, text);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameSync(beside, this.path);
      this.#written = text;
      this.#isBroken = false;
    } catch (error) {
      rmSync(beside, { force: true });
      if (!this.#isBroken) this.onProblem(`the state could not be written: ${(error as Error).message}`);
      this.#isBroken = true;
    }
  }
}
