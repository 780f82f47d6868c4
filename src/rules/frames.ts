/** How a function of gVisor on a stack is written for people. */
import type { Frame } from '../analyzers/tellings.js';

/** `pkg/sentry/fsimpl/gofer` and `(*dentry).link` are `gofer.(*dentry).link`. */
export function frameText({ package: path, name }: Frame): string {
  return `${path.slice(path.lastIndexOf('/') + 1)}.${name}`;
}
