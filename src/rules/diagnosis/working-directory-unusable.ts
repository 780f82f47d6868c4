/** The working directory of the spec cannot be created in the root file system; that of an exec is not there. */
import { isExec } from '../programs.js';
import { defineRule, groupErrors, matchOf, verdictOf, type Said } from '../rule.js';

const FILE: Said = {
  title: 'The working directory {path} is a file',
  cause: 'process.cwd of the spec is {path}, and in the image that is a file, or leads through one, not a directory.',
  remedy: ['Correct WORKDIR of the image, docker run -w, workingDir of the pod, or process.cwd in config.json.'],
};

const UNUSABLE: Said = {
  title: 'The working directory {path} cannot be created',
  cause: 'process.cwd of the spec is {path}, which is not in the image and cannot be created there: {errno}.',
  remedy: [
    'Create {path} in the image, or choose another working directory (WORKDIR, docker run -w, workingDir of the pod, process.cwd).',
  ],
};

const EXEC: Said = {
  title: 'exec failed: the working directory {path} is not there in the container',
  cause:
    'The program of an exec was to start in {path} (--cwd of runsc exec, docker exec -w, else that of the container), and in the file system of the container there is no such directory ({errno}). Nothing on the host is concerned, and the container itself goes on running.',
  severity: 'medium',
  tier: 'aftermath',
  remedy: ['Correct the directory (--cwd, docker exec -w), or create it in the container first: mkdir -p {path}.'],
};

export const workingDirectoryUnusable = defineRule({
  id: 'working-directory-unusable',
  severity: 'high',
  title: 'The working directory of the spec cannot be used',
  remedy: UNUSABLE.remedy,
  needs: ['failures', 'runs'],
  sources: [
    'runsc/cmd/gofer.go setupRootFS (creating working directory)',
    'pkg/sentry/kernel/kernel.go CreateProcess (failed to find initial working directory)',
  ],
  judge: ({ failures, runs }) =>
    verdictOf(
      groupErrors(failures, ({ known }) => known === 'working-directory-unusable').map((group) => {
        const isFile = group.failure.captures['errno'] === 'not a directory';
        return matchOf(group, isExec(group.failure) ? EXEC : isFile ? FILE : UNUSABLE, runs);
      }),
    ),
});
