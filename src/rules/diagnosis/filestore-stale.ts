/** A .gvisor.filestore file was left behind, or the same root is in use twice. */
import { defineRule } from '../rule.js';

export const filestoreStale = defineRule({
  id: 'filestore-stale',
  severity: 'high',
  title: 'The root already holds a backing file of an overlay',
  needs: ['failures', 'runs'],
  sources: ['runsc/container/container.go createGoferFilestoreInSelf'],
  when: {
    'filestore-stale': {
      title: 'A filestore file is left in {source}',
      cause:
        '{source} already holds the filestore file {path}: it was left behind by an earlier container that was killed before it could clean up, or another container uses this root at this moment.',
      remedy: [
        'If no container of that id is running (runsc list), remove the stale file: rm {path}.',
        'Give every container its own copy of the root, or use --overlay2=root:memory or none.',
      ],
    },
  },
});
