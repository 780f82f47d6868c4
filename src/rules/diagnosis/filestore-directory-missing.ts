/** --overlay2 names a host directory that is not there. */
import { defineRule } from '../rule.js';

export const filestoreDirectoryMissing = defineRule({
  id: 'filestore-directory-missing',
  severity: 'high',
  title: "The directory of the overlay's backing file does not exist",
  needs: ['failures', 'runs'],
  sources: ['runsc/container/container.go createGoferFilestore', 'runsc/config/config.go Overlay2'],
  when: {
    'filestore-directory-missing': {
      title: '--overlay2 names {path|a directory}, which does not exist',
      cause:
        'The overlay is to keep its filestore in {path|the directory named by dir=} on the host, as --overlay2=...:dir=... says, and that directory does not exist.',
      remedy: [
        'Create the directory on the host: mkdir -p {path|DIR}.',
        'Or choose another medium: --overlay2=root:self keeps the data beside the root file system, root:memory in memory, none switches the overlay off.',
      ],
    },
  },
});
