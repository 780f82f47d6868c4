/** Names that differ from run to run: of temporary files, and of processes in paths. */

/** Folders whose files have names of the moment. */
const TEMPORARY = /^\/(?:tmp|var\/tmp|dev\/shm|run|var\/run|usr\/tmp)\//;
/** Names that were made up, of files that were made in this run, are kept; more is no workload. */
const NAMES_LIMIT = 4096;
/** `tmpk3jx_8aq` of Python, `tmp.Ab3dE9xQ2z` of mktemp, `.Ab3dE9` of mkstemp, numbers. */
export const RANDOM =
  /tmp[a-z0-9_]{8}(?![a-z0-9_])|(?<=[._-])(?=[A-Za-z0-9]*(?:\d|[a-z][A-Z]|[A-Z][a-z]))[A-Za-z0-9]{6,}|\d{2,}/g;
const PROCESS = /^\/proc\/\d+(?=\/|$)/;
const TASK = /\/task\/\d+(?=\/|$)/;
const NUMBERED = /^((?:pipe|socket|host|anon_inode|mnt|net|pid|user|uts|ipc|cgroup|time):\[)\d+\]/;

/** The names of one side. */
export class Names {
  readonly #made = new Set<string>();
  /** Files and folders that were made new in a folder for such: whatever their names are. */
  readonly #aliases = new Map<string, string>();

  /** A path as it is compared. */
  of(path: string): string {
    if (path.charCodeAt(0) !== SLASH) return path.replace(NUMBERED, '$1]');
    if (path.startsWith('/proc/')) return path.replace(PROCESS, '/proc/self').replace(TASK, '/task/N');
    if (TEMPORARY.test(path)) return this.#temporary(path);
    if (this.#made.size === 0) return path;
    const name = path.slice(path.lastIndexOf('/') + 1);
    return this.#made.has(name) ? path.slice(0, -name.length) + name.replace(RANDOM, '*') : path;
  }

  #temporary(path: string): string {
    if (this.#aliases.size > 0) {
      for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
        const alias = this.#aliases.get(path.slice(0, end));
        if (alias !== undefined) return alias + path.slice(end).replace(RANDOM, '*');
      }
    }
    return path.replace(RANDOM, '*');
  }

  /** A file that is made under a name that nothing has: elsewhere than in a folder for such files it may be made up, too. */
  madeNew(path: string): void {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (TEMPORARY.test(path)) {
      if (this.#aliases.size < NAMES_LIMIT) this.#aliases.set(path, `${this.#temporary(path.slice(0, -name.length))}*`);
      return;
    }
    if (this.#made.size < NAMES_LIMIT && name.search(RANDOM) !== -1) this.#made.add(name);
  }
}

const SLASH = 0x2f;
