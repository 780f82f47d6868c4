/** The overlay over the root file system or a mount could not be put together. */
import { defineRule, type Said } from '../rule.js';

const REMEDY = [
  '--overlay2=none starts without the overlay (writes then go to the host), --overlay2=root:memory with one in memory: what starts tells where the trouble is.',
  'ls -ld of the root file system and of the mount sources as root; network file systems often keep root out.',
];

const FAILED: Said = {
  title: 'The overlay over the root file system or a mount could not be set up',
  cause:
    'runsc lays an overlay over the root file system (--overlay2, by default root:self since 2023) or over a mount: a writable upper layer in memory or in a filestore, and the files of the host below. Putting it together failed: {error}.',
  confidence: 'likely',
  remedy: REMEDY,
};

export const overlayFailed = defineRule({
  id: 'overlay-failed',
  severity: 'high',
  title: 'The overlay of the container could not be set up',
  needs: ['failures', 'runs'],
  sources: ['runsc/boot/vfs.go configureOverlay (fs.go until 2022)'],
  when: {
    'overlay-layer-failed:no space left on device': {
      ...FAILED,
      title: 'There is no room for the overlay of the container',
      remedy: [
        'df -h and df -i of the directory of the filestore (dir= of --overlay2, or the root file system of the container with self), and of /dev/shm or memory with memory.',
        ...REMEDY,
      ],
    },
    'overlay-layer-failed:permission denied': {
      confidence: 'likely',
      ...FAILED,
      title: 'The overlay may not read the files below it: permission denied',
      cause:
        'runsc lays an overlay over the root file system or a mount, for which the gofer opens the directory below, and the host denies it: {error}. The directory, or one above it, is closed for the user as whom the gofer runs (a user namespace, NFS with root_squash, FUSE without allow_other, SELinux).',
      remedy: ['namei -l of the root file system and of the mount sources; dmesg or ausearch -m avc.', ...REMEDY],
    },
    'overlay-layer-failed': FAILED,
    'overlay-root-kind': {
      title: 'An overlay cannot be laid over what is mounted there',
      cause:
        'An overlay can be laid over a directory or a regular file, and the source of this mount is of another kind ({kind}): a socket, a pipe or a device.',
      confidence: 'likely',
      remedy: [
        'Use --overlay2=root:self (the default), which leaves bind mounts alone, rather than all:...; or mount the directory that holds the file.',
      ],
    },
  },
});
