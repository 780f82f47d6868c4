/** The root file system of the container is not there, or cannot be mounted. */
import type { Failure } from '../../analyzers/failures.js';
import { isRootPath } from '../root-path.js';
import { defineRule, groupErrors, matchOf, runOf, specOf, verdictOf, type Products, type Said } from '../rule.js';

const MISSING: Said = {
  title: 'The root file system {rootfs} does not exist',
  cause:
    'The root file system of the container, {rootfs} (root.path of config.json), does not exist on the host, so there is nothing to start in.',
  remedy: [
    'Create {rootfs} by unpacking the image there (docker export, umoci unpack), or correct root.path in config.json: a relative path counts from the bundle{bundleHint}.',
    'If an engine made the bundle, its snapshot was removed or not mounted: pull the image and start the container again.',
  ],
};

const FILE: Said = {
  title: 'The root file system {rootfs} is not a directory',
  cause:
    'root.path of config.json leads to {rootfs}, which is a file (or leads through one), not the directory of an unpacked image.',
  remedy: [
    'Unpack the image to a directory and name that in root.path of config.json; runsc does not mount image files.',
  ],
};

const REFUSED: Said = {
  title: 'The root file system cannot be mounted: {errno}',
  cause:
    'The root file system of the container, {rootfs}, could not be mounted: {errno}. The directory is there, the host refuses the mount.',
  confidence: 'likely',
  remedy: [
    'invalid argument: the file system below does not take the flags of the mount (eCryptfs, some FUSE and network file systems): put the bundle on a local file system such as ext4 or xfs.',
    'permission denied or operation not permitted: run as root, let runsc enter every directory above {rootfs}; inside another container give that CAP_SYS_ADMIN.',
  ],
};

/** MS_SLAVE with or without MS_REC: no mount is made, the propagation of one that is there is changed. */
const NO_MOUNT: Said = {
  title: 'The root file system {rootfs} is no mount point',
  cause:
    'The gofer wanted to change how mounts propagate below {rootfs} (flags {flags}), and the kernel answered "{errno}", which it does where a path is not itself a mount point but an ordinary directory. This build did not mount it there first.',
  confidence: 'likely',
  remedy: [
    'Make it a mount point before the start: mount --bind {rootfs} {rootfs}.',
    'Or update runsc: other releases, newer ones among them, bind the root file system to itself or to a place of their own first.',
  ],
};
const PROPAGATION = /^0x[0-9a-f]*[0-9a-f]{5}$/;
const MS_PROPAGATION = 0x1e_0000;

/** The path that the record names, or the one of the spec where the record only names a place in /proc (until 2021). */
function rootOf(failure: Failure, runs: Products['runs']): string {
  const { path = '' } = failure.captures;
  if (path !== '' && !path.startsWith('/proc/')) return path;
  const root = specOf(failure, runs)?.root ?? '';
  const bundle = runOf(failure, runs)?.bundle ?? runs.runs.find((run) => run.bundle !== null)?.bundle ?? '';
  if (root.startsWith('/')) return root;
  if (root !== '' && bundle !== '') return `${bundle.replace(/\/$/, '')}/${root}`;
  return root !== '' ? root : bundle === '' ? 'root.path of the bundle' : `root.path of the bundle ${bundle}`;
}

export const rootfsMissing = defineRule({
  id: 'rootfs-missing',
  severity: 'high',
  title: 'The root file system of the container does not exist',
  remedy: ['Unpack the image to root.path of config.json, or correct root.path.'],
  needs: ['failures', 'runs'],
  sources: [
    'runsc/container/container.go (failed to stat mount)',
    'runsc/cmd/gofer.go setupRootFS',
    'runsc/fsgofer (2018: failed to chroot)',
  ],
  judge({ failures, runs }) {
    const groups = groupErrors(failures, (failure) => {
      const { known, captures } = failure;
      return (
        known === 'rootfs-mount-failed' ||
        (known === 'mount-stat-failed' && isRootPath(captures['path'] ?? '', failure, runs))
      );
    });
    return verdictOf(
      groups.map((group) => {
        const rootfs = rootOf(group.failure, runs);
        const { errno = '', flags = '' } = group.failure.captures;
        const propagates = PROPAGATION.test(flags) && (Number(flags) & MS_PROPAGATION) !== 0;
        const bundle = runOf(group.failure, runs)?.bundle ?? '';
        const bundleHint = bundle === '' ? '' : ` (${bundle})`;
        return matchOf(
          group,
          /no such file/.test(errno)
            ? MISSING
            : errno === 'not a directory'
              ? FILE
              : errno === 'invalid argument' && propagates
                ? NO_MOUNT
                : REFUSED,
          runs,
          {
            rootfs,
            bundleHint,
          },
        );
      }),
    );
  },
});
