/** The program exists and may not be executed. */
import { isExec, loadErrors, openingOf, withHint } from '../programs.js';
import { defineRule, matchOf, specOf, verdictOf, type Said } from '../rule.js';

const DENIED: Said = {
  title: '{path} is not executable',
  cause:
    '{path} exists in the image, but it may not be executed{user}: it has no execute permission (x bit), is a directory, or a directory above it is closed to that user.',
  remedy: [
    'Make it executable in the image: RUN chmod +x {path} (or COPY --chmod=755), and open the directories above it.',
    'If it is no program at all, correct the entry point: ENTRYPOINT, CMD, command of the pod, process.args.',
    "If the root file system of the host has mode 0750 or stricter, open it (chmod 755): the gofer checks the permissions of the container's user.",
  ],
};

/** A directory opens with "permission denied" as well: known by the errno, or by a name that images hold as a directory. */
const DIRECTORY: Said = {
  title: '{path} is a directory, not a program',
  cause: '{path}, which the container is to run, is a directory of the image: a directory cannot be executed.',
  remedy: [
    'Correct the entry point: name the program inside of it (ENTRYPOINT, CMD, arguments of docker run, command of the pod, process.args).',
  ],
};
const DIRECTORIES =
  /^\/(?:bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var|usr\/(?:bin|lib|lib64|local|local\/bin|sbin|share|src)|var\/(?:lib|log|run|tmp|cache))?\/?$|\/$/;

export const programNotExecutable = defineRule({
  id: 'program-not-executable',
  severity: 'high',
  title: 'The program to run may not be executed',
  remedy: DENIED.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['pkg/sentry/loader/loader.go openPath, loadExecutable'],
  judge(products) {
    return verdictOf(
      loadErrors(products, /permission denied|operation not permitted|is a directory/).map((group) => {
        const { path = '' } = group.failure.captures;
        const uid = specOf(group.failure, products.runs)?.uid;
        const user = uid === undefined || uid === null ? '' : ` by user ${uid}`;
        const isDirectory =
          /is a directory/.test(group.failure.captures['errno'] ?? '') || (path !== '' && DIRECTORIES.test(path));
        const said = isDirectory ? DIRECTORY : DENIED;
        const match = matchOf(withHint(group, openingOf(products, path)), said, products.runs, { user });
        if (isExec(group.failure)) return { ...match, severity: 'medium', tier: 'aftermath' };
        // a name says less than the errno
        return said === DIRECTORY && !/is a directory/.test(group.failure.captures['errno'] ?? '')
          ? { ...match, confidence: 'likely' }
          : match;
      }),
    );
  },
});
