/** Paths of files as calls name them: absolute and normalised, and what is no file at all. */

/** A path without `.`, `..` and doubled slashes; a relative one stays relative. */
export function normalised(path: string): string {
  if (!path.includes('//') && !path.includes('/.') && (path.length === 1 || !path.endsWith('/'))) return path;
  const isAbsolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && (parts.length > 0 ? parts.at(-1) !== '..' : isAbsolute)) parts.pop();
    else parts.push(part);
  }
  return (isAbsolute ? '/' : '') + parts.join('/');
}

/** A path below a directory. */
export function joined(directory: string, path: string): string {
  return normalised(path.startsWith('/') ? path : `${directory}/${path}`);
}

const DELETED = ' (deleted)';

/** The file that is printed beside a descriptor; undefined for sockets, pipes, anonymous inodes and memfds. */
export function fileOf(printed: string | undefined): string | undefined {
  if (printed === undefined || !printed.startsWith('/') || printed.startsWith('/memfd:')) return undefined;
  return normalised(printed.endsWith(DELETED) ? printed.slice(0, -DELETED.length) : printed);
}
