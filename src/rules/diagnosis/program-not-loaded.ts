/** The program cannot be loaded for a reason that no other rule about programs names. */
import { isExec, loadErrors, openingOf, withHint } from '../programs.js';
import { defineRule, matchOf, verdictOf, type Said } from '../rule.js';

const LOOP: Said = {
  title: '{path} is a symbolic link that leads back to itself',
  cause:
    '{path} in the image is a symbolic link, and following it leads back to itself: there is no program at its end.',
  remedy: [
    'Correct the link in the image (ls -l {path}), or start the program that it should lead to by its own path.',
  ],
};

const OTHER: Said = {
  title: '{path} cannot be loaded: {errno}',
  cause: 'The program {path} was found and could not be loaded: {errno}.',
  confidence: 'likely',
  remedy: [
    'cannot allocate memory and the like: the program is larger than the limits of the container allow (RLIMIT_AS, memory limit).',
    'input/output error and the like: the file system below the image does not deliver the file; look at dmesg of the host.',
    'argument list too long: shorten the arguments and the environment of the container.',
  ],
};

/** Error texts that other rules explain. */
const ELSEWHERE =
  /no such file|not a directory|permission denied|operation not permitted|is a directory|exec format error/;

export const programNotLoaded = defineRule({
  id: 'program-not-loaded',
  severity: 'high',
  title: 'The program to run cannot be loaded',
  remedy: OTHER.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['pkg/sentry/loader/loader.go Load'],
  judge(products) {
    const groups = loadErrors(products, /./).filter(({ failure }) => !ELSEWHERE.test(failure.captures['errno'] ?? ''));
    return verdictOf(
      groups.map((group) => {
        const { path = '', errno = '' } = group.failure.captures;
        const said = errno.startsWith('too many symbolic links') ? LOOP : OTHER;
        const match = matchOf(withHint(group, openingOf(products, path)), said, products.runs);
        return isExec(group.failure) ? { ...match, severity: 'medium', tier: 'aftermath' } : match;
      }),
    );
  },
});
