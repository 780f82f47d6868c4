/** Names that differ from run to run: of temporary files, and of processes in paths. */

/** Folders whose files have names of the moment. */
const TEMPORARY = /^\/(?:tmp|var\/tmp|dev\/shm|run|var\/run|usr\/tmp)\//;
/** Names that were made up, of files that were made in this run, are kept; more is no workload. */
const NAMES_LIMIT = 4096;
/** `tmpk3jx_8aq` of Python, `tmp.Ab3dE9xQ2z` of mktemp, `.Ab3dE9` of mkstemp, numbers. */
const RANDOM = /tmp[a-z0-9_]{8}(?![a-z0-9_])|(?<=[._-])(?=[A-Za-z0-9]*(?:\d|[a-z][A-Z]|[A-Z][a-z]))[A-Za-z0-9]{6,}|\d{2,}/g;
const PROCESS = /^\/proc\/\d+(?=\/|$)/;
const TASK = /\/task\/\d+(?=\/|$)/;
const NUMBERED = /^((?:pipe|socket|host|anon_inode|mnt|net|pid|user|uts|ipc|cgroup|time):\[)\d+\]/;

/** The names of one side. */
export class Names {
  readonly #made = new Set<string>();

  /** A path as it is compared. */
  of(path: string): string {
    if (path.charCodeAt(0) !== SLASH) return path.replace(NUMBERED, '$1]');
    if (path.startsWith('/proc/')) return path.replace(PROCESS, '/proc/self').replace(TASK, '/task/N');
    if (TEMPORARY.test(path)) return path.replace(RANDOM, '*');
    if (this.#made.size === 0) return path;
    const name = path.slice(path.lastIndexOf('/') + 1);
    return this.#made.has(name) ? path.slice(0, -name.length) + name.replace(RANDOM, '*') : path;
  }

  /** A file that is made under a name that nothing has: elsewhere than in a folder for such files it may be made up, too. */
  madeNew(path: string): void {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (this.#made.size < NAMES_LIMIT && !TEMPORARY.test(path) && name.search(RANDOM) !== -1) this.#made.add(name);
  }
}

const SLASH = 0x2f;
