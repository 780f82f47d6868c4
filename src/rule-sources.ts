/** Rule files that a user names: files, or folders of them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from './errors.js';
import type { RuleSource } from './scan.js';

const MOST_BYTES = 4 * 1024 * 1024;

/** Reads them. Throws a UserError that names what cannot be read. */
export function ruleSourcesOf(paths: readonly string[]): readonly RuleSource[] {
  return paths.flatMap((path) => {
    try {
      if (!statSync(path).isDirectory()) return [read(path)];
      const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
      if (names.length === 0) throw new UserError(`${path} holds no rule file (*.yaml)`);
      return names.toSorted().map((name) => read(join(path, name)));
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(`cannot read ${JSON.stringify(path)}: ${(error as Error).message}`, {
        exit: EXIT.unreadable,
      });
    }
  });
}

function read(path: string): RuleSource {
  if (statSync(path).size > MOST_BYTES) throw new UserError(`${path} is too large for a rule file`);
  return { name: path, text: readFileSync(path, 'utf8') };
}
