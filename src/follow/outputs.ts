/** Files that follow writes: none may take the place of another, or of a log. */
import { closeSync, openSync, readSync, realpathSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../errors.js';
import { METRICS_BEGIN } from './metrics.js';

/** A file that is written, and the flag that asks for it. */
export type Output = { readonly flag: string; readonly path: string };

/** Throws a UserError where two of the files are one, or one is what is followed (`root`), or would take the place of something else. */
export function checkOutputs(root: string, outputs: readonly Output[]): void {
  const met = new Map<string, string>();
  if (root !== '-' && statOf(root)?.isFile() === true) met.set(identityOf(root), 'the file that is followed');
  for (const { flag, path } of outputs) {
    const identity = identityOf(path);
    const other = met.get(identity);
    if (other !== undefined)
      throw new UserError(
        `${flag} ${path} is ${other === 'the file that is followed' ? other : `the file of ${other}, too`}`,
        {
          suggestions: [`give ${flag} a file of its own`],
        },
      );
    met.set(identity, flag);
    const stat = statOf(path);
    if (stat !== undefined && !stat.isFile() && flag !== '--output')
      throw new UserError(`${flag} ${path} is no regular file`, { suggestions: [`give ${flag} a file of its own`] });
    if (flag === '--metrics' && stat !== undefined && stat.size > 0 && !beginsWith(path, METRICS_BEGIN))
      throw new UserError(`${flag} ${path} was not written by follow, and would be replaced`, {
        suggestions: [`give ${flag} a file of its own, or remove this one`],
      });
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** What a file is; of one that is not there yet, where it will be. */
function identityOf(path: string): string {
  const stat = statOf(path);
  if (stat !== undefined) return `${stat.dev}:${stat.ino}`;
  const whole = resolve(path);
  try {
    return join(realpathSync(dirname(whole)), basename(whole));
  } catch {
    return whole;
  }
}

function beginsWith(path: string, text: string): boolean {
  const bytes = Buffer.alloc(text.length);
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    return bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0)) === text;
  } catch {
    return true; // whoever cannot read it is told when it is written
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
