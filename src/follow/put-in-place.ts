/** Puts a file into its place as a whole: whoever reads it finds all of it, the old or the new. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes it beside its place first; of that nothing is left where it fails. Throws what the first failing call says. `mode`: less the umask. */
export function putInPlace(
  path: string,
  text: string,
  how: { readonly mode: number; readonly isSynced: boolean },
): void {
  const beside = `${path}.${process.pid}.new`;
  // whoever may write there could have put a link into the way
  rmSync(beside, { force: true });
  const fd = openSync(beside, 'wx', how.mode);
  try {
    try {
      writeFileSync(fd, text);
      if (how.isSynced) fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, path);
  } catch (error) {
    removeIfPossible(beside);
    throw error;
  }
}

function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // why the file could not be written says more
  }
}
