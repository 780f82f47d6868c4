/** The source of a bind mount does not exist on the host. */
import { isRootPath } from '../root-path.js';
import { defineRule, groupErrors, matchOf, specOf, verdictOf, type Said } from '../rule.js';

const MISSING: Said = {
  title: 'The source of a bind mount does not exist: {path}',
  cause:
    'The spec mounts {path} of the host at {destination|a destination of the container}, and {path} does not exist on the host. The gofer could not set up the mount and ended; the other processes only saw its pipe close.',
  why: 'Docker creates the missing source of a -v option as a directory, but not that of --mount, and runsc by itself creates none.',
  remedy: [
    'Create {path} on the host (as a directory or a file, as the container expects it), or correct the source of the mount: mounts[].source in config.json, the part before the colon of -v, source= of --mount, hostPath of the pod.',
    'If it is on a network or removable file system, mount that before the container starts.',
  ],
};

export const mountSourceMissing = defineRule({
  id: 'mount-source-missing',
  severity: 'high',
  title: 'The source of a bind mount does not exist',
  remedy: MISSING.remedy,
  needs: ['failures', 'runs'],
  sources: [
    'runsc/cmd/gofer.go setupMounts (since 2019-05)',
    'runsc/container (2018: setup mounts)',
    'runsc/container/container.go (failed to stat mount)',
  ],
  judge({ failures, runs }) {
    const groups = groupErrors(failures, (failure) => {
      const { known, captures } = failure;
      if (known === 'mount-source-missing') return true;
      return known === 'mount-stat-failed' && !isRootPath(captures['path'] ?? '', failure, runs);
    });
    return verdictOf(
      groups.map((group) => {
        const { path = '', destination } = group.failure.captures;
        const mounted = specOf(group.failure, runs)?.mounts.find((mount) => mount.source === path)?.destination;
        return matchOf(group, MISSING, runs, { destination: destination ?? mounted ?? '' });
      }),
    );
  },
});
