/** The bundle has no config.json, or it cannot be opened. */
import { defineRule } from '../rule.js';

export const specUnreadable = defineRule({
  id: 'spec-unreadable',
  severity: 'high',
  title: 'config.json of the bundle cannot be read',
  needs: ['failures', 'runs'],
  sources: ['runsc/specutils/specutils.go ReadSpec'],
  when: {
    'spec-unreadable:no such file or directory': {
      title: 'The bundle has no config.json',
      cause: '{path} does not exist: the folder given by --bundle is no OCI bundle, or not any more.',
      remedy: [
        'Point --bundle to the folder that holds config.json and the root file system.',
        'If there is none yet, write one with `runsc spec` in the bundle.',
      ],
    },
    'spec-unreadable': {
      cause: '{path} is there but cannot be opened: {errno}.',
      remedy: ['Let the user who runs runsc read {path} and enter the folders above it.'],
    },
  },
});
