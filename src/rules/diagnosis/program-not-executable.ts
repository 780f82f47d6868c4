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
        const match = matchOf(withHint(group, openingOf(products, path)), DENIED, products.runs, { user });
        return isExec(group.failure) ? { ...match, severity: 'medium', tier: 'aftermath' } : match;
      }),
    );
  },
});
