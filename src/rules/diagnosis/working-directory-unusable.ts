/** The working directory of the spec cannot be created in the root file system. */
import { defineRule } from '../rule.js';

export const workingDirectoryUnusable = defineRule({
  id: 'working-directory-unusable',
  severity: 'high',
  title: 'The working directory of the spec cannot be used',
  needs: ['failures', 'runs'],
  sources: ['runsc/cmd/gofer.go setupRootFS (creating working directory)'],
  when: {
    'working-directory-unusable:not a directory': {
      title: 'The working directory {path} is a file',
      cause:
        'process.cwd of the spec is {path}, and in the image that is a file, or leads through one, not a directory.',
      remedy: ['Correct WORKDIR of the image, docker run -w, workingDir of the pod, or process.cwd in config.json.'],
    },
    'working-directory-unusable': {
      title: 'The working directory {path} cannot be created',
      cause: 'process.cwd of the spec is {path}, which is not in the image and cannot be created there: {errno}.',
      remedy: [
        'Create {path} in the image, or choose another working directory (WORKDIR, docker run -w, workingDir of the pod, process.cwd).',
      ],
    },
  },
});
