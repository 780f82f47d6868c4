/** Tells when something may have happened below a path: by inotify where the file system tells, else by looking often. */
import { readdirSync, statfsSync, statSync, watch, type FSWatcher } from 'node:fs';
import { dirname, join } from 'node:path';

/** Deep enough for /var/log/pods/<pod>/<container>/. */
const MAX_DEPTH = 8;
/** Folders that are watched; what is deeper or beyond is looked at in turn. */
const MOST_FOLDERS = 512;
/** Where the kernel tells nothing of what others write (magic numbers of statfs(2)): NFS, SMB, CIFS, FUSE, 9p, overlay, Ceph. */
const SILENT = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x794c7630, 0x00c36400]);

export type Found = { readonly path: string; readonly size: number; readonly key: string; readonly modified: number };

/** What stands below a path: files, and folders to watch. Errors are told once each. */
type Listing = { readonly files: readonly Found[]; readonly folders: readonly string[] };

/** Lists and watches one path, a file or a folder, which need not exist yet. */
export class Watch {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #onChange: (path: string | null) => void;
  readonly #onProblem: (path: string, error: NodeJS.ErrnoException) => void;
  #isSilent: boolean | undefined;
  /** Is it a folder? Undefined while there is nothing. */
  isFolder: boolean | undefined;

  /** `onChange` names the file that changed; null: something did. */
  constructor(
    readonly root: string,
    onChange: (path: string | null) => void,
    onProblem: (path: string, error: NodeJS.ErrnoException) => void,
    /** Look often, whatever the file system. */
    isPolling = false,
  ) {
    this.#onChange = onChange;
    this.#onProblem = onProblem;
    this.#isSilent = isPolling ? true : undefined;
  }

  /** Must files be looked at often, since nobody tells? */
  get isPolling(): boolean {
    return this.#isSilent !== false || this.#watchers.size === 0;
  }

  /** A file grew and nobody told. */
  missed(): void {
    this.#isSilent = true;
  }

  /** All files that are there now. */
  list(): readonly Found[] {
    const { files, folders } = this.#look();
    if (this.#isSilent === undefined && folders.length > 0) this.#isSilent = isSilent(folders[0] as string);
    if (this.#isSilent === false) this.#watch(folders);
    return files;
  }

  #look(): Listing {
    const files: Found[] = [];
    const folders: string[] = [];
    const add = (path: string): void => {
      try {
        const stat = statSync(path);
        if (stat.isFile())
          files.push({ path, size: stat.size, key: `${stat.dev}:${stat.ino}`, modified: stat.mtimeMs });
      } catch (error) {
        if (!isGone(error)) this.#onProblem(path, error as NodeJS.ErrnoException);
      }
    };
    const walk = (folder: string, depth: number): void => {
      folders.push(folder);
      let entries: ReturnType<typeof readEntries>;
      try {
        entries = readEntries(folder);
      } catch (error) {
        if (!isGone(error)) this.#onProblem(folder, error as NodeJS.ErrnoException);
        return;
      }
      for (const entry of entries) {
        const path = join(folder, entry.name);
        if (!entry.isDirectory()) add(path);
        else if (depth < MAX_DEPTH) walk(path, depth + 1);
      }
    };
    try {
      this.isFolder = statSync(this.root).isDirectory();
    } catch (error) {
      if (!isGone(error)) this.#onProblem(this.root, error as NodeJS.ErrnoException);
      return { files, folders: nearestFolder(this.root) };
    }
    if (this.isFolder) walk(this.root, 0);
    else {
      add(this.root);
      folders.push(dirname(this.root));
    }
    return { files, folders };
  }

  #watch(folders: readonly string[]): void {
    const wanted = new Set(folders.slice(0, MOST_FOLDERS));
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of wanted) {
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, { persistent: false }, (kind, name) => {
          this.#onChange(kind === 'change' && name !== null ? join(folder, name) : null);
        });
        watcher.on('error', () => this.#drop(folder));
        this.#watchers.set(folder, watcher);
      } catch {
        this.#isSilent = true; // no watches left, or none possible: look often instead
        return;
      }
    }
    if (folders.length > MOST_FOLDERS) this.#isSilent = true;
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
    this.#onChange(null);
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }
}

function readEntries(folder: string): readonly { name: string; isDirectory(): boolean }[] {
  return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP';
}

/** The folder in which a path will appear. */
function nearestFolder(path: string): readonly string[] {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      if (statSync(folder).isDirectory()) return [folder];
    } catch {
      // one up
    }
    if (folder === dirname(folder)) return [];
  }
}

function isSilent(folder: string): boolean {
  try {
    return SILENT.has(statfsSync(folder).type);
  } catch {
    return true;
  }
}
