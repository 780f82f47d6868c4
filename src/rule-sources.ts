/** Files of rules and exceptions that a user names: files, or folders of rule files. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unreadable, UserError } from './errors.js';
import type { RuleSource } from './scan.js';

const MOST_BYTES = 4 * 1024 * 1024;
const RULES = 'rule file';
const EXCEPTIONS = 'exceptions file';

/** Reads rule files. Throws a UserError that names what cannot be read. */
export function ruleSourcesOf(paths: readonly string[]): readonly RuleSource[] {
  return paths.flatMap((path) =>
    reading(RULES, path, () => {
      if (!statSync(path).isDirectory()) return [read(RULES, path)];
      const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
      if (names.length === 0) throw new UserError(`${path} holds no rule file (*.yaml)`);
      return names.toSorted().map((name) => read(RULES, join(path, name)));
    }),
  );
}

/** Reads a file of exceptions. Throws a UserError that says why it cannot be read. */
export function exceptionsSourceOf(path: string): RuleSource {
  return reading(EXCEPTIONS, path, () => read(EXCEPTIONS, path));
}

function reading<T>(what: string, path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(what, path, error);
  }
}

function read(what: string, path: string): RuleSource {
  const { size } = statSync(path);
  if (size > MOST_BYTES) throw new UserError(`${path} is too large for ${what === RULES ? 'a' : 'an'} ${what}`);
  return { name: path, text: readFileSync(path, 'utf8') };
}
