/** Which files of a folder are read, where it holds the logs of more sandboxes than anybody asks about: the newest first. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { sandboxGroups, type SandboxGroup } from './analyzers/groups.js';
import { processOf } from './analyzers/runs.js';
import { filesBehind } from './input/source.js';

/** Which sandboxes are asked for. */
export type Selection = {
  /** Those with a container whose id begins with this. */
  readonly id?: string;
  /** So many of the newest. */
  readonly last?: number;
  /** All of them, however many. */
  readonly all?: boolean;
};

export type Selected = {
  /** Files that are not read. */
  readonly skip: ReadonlySet<string>;
  /** What is not read: sandboxes, and the files that are theirs. */
  readonly left: { readonly sandboxes: number; readonly files: number };
};

/** A folder with fewer files is read whole. */
const MANY_FILES = 300;
/** Of a larger one, so many of the newest sandboxes are read if nothing else is asked for. */
const NEWEST = 10;
/** Files that tell no container in their beginning are read if they are among so many of the newest. */
const NAMELESS_FILES = 40;
/** The arguments of a process stand in the first lines of its log. */
const HEAD_BYTES = 4096;
const ARGS = /Args: \[([^\n]*?)\](?:"|\n|$)/;
const STAMP = /(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)\.(\d{3})/;

/** Looks at the beginnings of all files in folders, and chooses. Files that are named themselves are always read. */
export function selectFiles(paths: readonly string[], selection: Selection): Selected {
  const none = { skip: new Set<string>(), left: { sandboxes: 0, files: 0 } };
  const listed = paths.flatMap(listedFiles);
  const isAsked = selection.id !== undefined || selection.last !== undefined;
  if (selection.all === true || (!isAsked && listed.length <= MANY_FILES)) return none;

  const head = Buffer.alloc(HEAD_BYTES);
  const runs = listed.map((path) => {
    const time = timeOf(path);
    return { ...processOf(path, ARGS.exec(headOf(path, head))?.[1] ?? null), firstTime: time, lastTime: time };
  });
  const groups = sandboxGroups({ runs });
  const named = groups.filter((group) => group.id !== null);
  const { id } = selection;
  const wanted = id === undefined ? named : named.filter((group) => group.containers.some((one) => one.startsWith(id)));
  // an id that none has: whoever reads the newest ones says which there are
  if (id !== undefined && wanted.length === 0) return selectFiles(paths, {});
  const chosen = wanted.slice(0, selection.last ?? (id === undefined ? NEWEST : wanted.length));
  const nameless = id === undefined ? groups.filter((group) => group.id === null).flatMap(newestFiles) : [];
  const read = new Set([...chosen.flatMap((group) => group.runs.map(({ source }) => source)), ...nameless]);
  const skip = new Set(listed.filter((path) => !read.has(path)));
  return { skip, left: { sandboxes: named.length - chosen.length, files: skip.size } };
}

function listedFiles(path: string): readonly string[] {
  if (path === '-') return [];
  try {
    return filesBehind(path)
      .filter((file) => file.listed)
      .map((file) => file.path);
  } catch {
    return []; // whoever opens it will say so
  }
}

function newestFiles({ runs }: SandboxGroup): readonly string[] {
  return runs
    .toSorted((a, b) => ((a.lastTime ?? '') < (b.lastTime ?? '') ? 1 : -1))
    .slice(0, NAMELESS_FILES)
    .map(({ source }) => source);
}

/** The first bytes of a file as text; empty where it cannot be read. */
function headOf(path: string, into: Buffer): string {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    return into.toString('latin1', 0, readSync(fd, into, 0, into.length, 0));
  } catch {
    return '';
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** When a file was opened, by its name, else when it was changed last. */
function timeOf(path: string): string | null {
  const stamp = STAMP.exec(path.slice(path.lastIndexOf('/') + 1));
  if (stamp !== null) {
    const [, year, month, day, hour, minute, second, milli] = stamp;
    return `${year}-${month}-${day}T${hour}:${minute}:${second}.${milli}`;
  }
  try {
    return new Date(statSync(path).mtimeMs).toISOString();
  } catch {
    return null;
  }
}
