/** The host refused a mount of the spec. */
import { defineRule } from '../rule.js';

export const mountFailed = defineRule({
  id: 'mount-failed',
  severity: 'high',
  title: 'A mount of the spec failed',
  needs: ['failures', 'runs'],
  sources: ['runsc/cmd/gofer.go setupMounts'],
  when: {
    'mount-mapped-failed': {
      title: 'A mount with id mappings, or one that the gofer may not open, failed',
      cause:
        'The mount has uid and gid mappings of its own (idmap), or a source that is closed for the user as whom the gofer runs, so that runsc opens and mounts it beforehand and moves it into place; that failed: {error}.',
      confidence: 'likely',
      remedy: [
        'Id-mapped mounts need a kernel from 5.12 on and a file system that knows them (ext4, xfs, tmpfs, overlay from 5.19): try the mount without idmap.',
        'ls -ld of the source and the directories above it: open them (r-x) for the mapped user, or run without a user namespace.',
      ],
    },
    'rootfs-bind-refused': {
      title: 'The root of the container could not be bound to itself: {errno}',
      cause:
        'The gofer of newer releases mounts the root {path} onto itself, so that hooks of a CDI spec can make it their root, and the kernel answered "{errno}". "invalid argument" comes where the root is no tree of the host: for a root of an image file (EROFS, with an overlay by annotation) the directory lies on a mount that the gofer itself made unbindable. A root in a directory is not concerned.',
      confidence: 'likely',
      remedy: [
        'Use a root in a directory (root.path), without the annotations dev.gvisor.spec.rootfs.*.',
        'Look in the issues of runsc for "self-bind-mounting rootfs" and the release that mends it, and update; releases from before the support of CDI hooks do not bind the root.',
        'For another answer than "invalid argument" look at the rights of who starts runsc: mounts need CAP_SYS_ADMIN.',
      ],
    },
    'mount-failed:permission denied': {
      cause: '{source|The source} could not be mounted at {destination|its destination}: {error}.',
      remedy: [
        'Let the gofer enter every directory above {source|the source} (it runs as root of its user namespace; network file systems often squash root), or choose another source.',
      ],
    },
    'mount-failed': {
      title: 'The mount at {destination|one destination} failed',
      cause:
        '{source|The source} could not be mounted at {destination|its destination} ({type|of an unnamed type}, options {options|none}): {error}.',
      remedy: [
        'Try the mount by hand on the host: mount --rbind {source|SOURCE} DIR. If that fails, too, correct the source or the permissions.',
        'Inside another container or a user namespace mounts need CAP_SYS_ADMIN there.',
      ],
    },
  },
});
