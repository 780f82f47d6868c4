/** Is a host path the root of a container? */
import type { Failure } from '../analyzers/failures.js';
import type { Runs } from '../analyzers/runs.js';
import { specOf } from './rule.js';

/** Engines unpack or mount images to folders of these names. */
const USUAL_NAMES = /\/(?:rootfs|merged|diff|fs)\/?$/;

/** The spec decides; without one, the names that engines give to such folders. */
export function isRootPath(path: string, failure: Failure, runs: Runs): boolean {
  const spec = specOf(failure, runs);
  if (spec === null || spec.root === null) return USUAL_NAMES.test(path);
  if (path === spec.root || path.endsWith(`/${spec.root}`)) return true;
  return !spec.mounts.some((mount) => mount.source === path) && USUAL_NAMES.test(path);
}
