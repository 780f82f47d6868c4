/** A file is mounted over a directory, or a directory over a file. */
import { defineRule } from '../rule.js';

export const mountKindMismatch = defineRule({
  id: 'mount-kind-mismatch',
  severity: 'high',
  title: 'A mount joins a file and a directory',
  needs: ['failures', 'runs'],
  sources: ['runsc/cmd/gofer.go setupMounts', 'runsc/specutils/safemount.go'],
  when: {
    'mount-kind-mismatch:is a directory': {
      title: 'A file is mounted over the directory {destination|in the container}',
      cause:
        'The mount at {destination|the destination} has the source {source|of the spec}, which is a file, while {destination|the destination} is a directory in the image: a file cannot be mounted over a directory.',
      remedy: [
        'Name a file as destination ({destination|/the/directory}/NAME), or mount a directory there.',
        'If the source was meant to be a directory, create it on the host before the start.',
      ],
    },
    'mount-through-file': {
      title: 'The mount destination {path} leads through a file',
      cause:
        'The destination {path} cannot be reached in the container: a part of it above its end is a file of the image (or a link to one) and not a directory, so nothing can be mounted below it.',
      remedy: [
        'Look which part is a file (ls -ld of each directory above {path} in the root file system), and mount elsewhere, or remove that file from the image.',
        'If an earlier mount of the spec put the file there, correct that one: mounts are made in the order of the spec.',
      ],
    },
    'mount-kind-mismatch': {
      title: 'A directory is mounted over a file at {destination|its destination}',
      cause:
        'The mount of {source|its source} at {destination|its destination} does not fit: a directory and a file cannot be mounted over each other.',
      remedy: [
        'Make source and destination of the same kind: both files or both directories.',
        'Docker creates a missing source as a directory: if {source|the source} should be a file, remove that directory and create the file first.',
      ],
    },
  },
});
