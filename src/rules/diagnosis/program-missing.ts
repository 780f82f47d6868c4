/** The program that the container is to run does not exist in its root file system. */
import { hintsOf, interpreterOf, isExec, loadErrors, openingOf, withHint } from '../programs.js';
import { defineRule, matchOf, specOf, verdictOf, type Match, type Products, type Said } from '../rule.js';

const START: Said = {
  title: '{path} does not exist in the image',
  cause:
    'The program that the container is to run, {path} (the first of process.args), does not exist in the root file system of the image.',
  remedy: [
    'Correct the entry point (ENTRYPOINT, CMD or the arguments of docker run; command of the pod; process.args), or add {path} to the image.',
    'If the file is there, look at its first line and its interpreter: a script whose #! program is missing (or ends in a carriage return) and a binary without its loader give the same error.',
    'A volume mounted over its directory hides what the image has there.',
  ],
};

/** A command line where a program should be: the shell that would split it is not there. */
const ONE_STRING: Said = {
  title: 'The whole command line stands in one string: {path}',
  cause:
    'The program that the container is to run is "{path}": the first of process.args is a command line with blanks, and no file of the image has such a name. Nobody splits it at the blanks; only a shell would.',
  remedy: [
    'Write it as a list, one string for each word: {list} (ENTRYPOINT or CMD as a JSON array, command and args of the pod, process.args of config.json).',
    'Or let a shell split it: ["/bin/sh", "-c", "..."]. With docker run leave the quotes around the whole command away.',
  ],
};

/** The words of a command line as a JSON list; quotes of a shell hold words together. */
function asList(line: string): string {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  return JSON.stringify(words).replaceAll('","', '", "');
}

const EXEC: Said = {
  title: 'exec failed: {path} does not exist in the container',
  cause:
    'The program for exec, {path}, does not exist in the root file system of the container (its image does not hold it); the container itself goes on running.',
  severity: 'medium',
  tier: 'aftermath',
  remedy: [
    'Use exec with a program that the image has (many images have /bin/sh but no bash, some no shell at all), or add {path} to the image.',
    'If the file is there, its interpreter is missing: the #! line of a script, the loader of a binary.',
  ],
};

/** Loaders that look along PATH name whole paths; without a slash it is the word that the container was given. */
const isGiven = (path: string): boolean => !path.includes('/') || /^\S+ \S/.test(path);

/** An excerpt with the note of the loader alone: old releases told nobody else of it. */
function notedMatches(products: Products): readonly Match[] {
  const { runs, failures } = products;
  if (runs.runs.some(({ banners }) => banners > 0) || failures.failures.some(({ kind }) => kind !== 'outside'))
    return [];
  const noted = ['program-load-noted', 'program-not-opened'].flatMap((id) => hintsOf(products, id));
  const [first, ...rest] = noted.filter(
    ({ captures }) => isGiven(captures['path'] ?? '') && /no such file|not a directory/.test(captures['errno'] ?? ''),
  );
  if (first === undefined) return [];
  const { captures, evidence } = first;
  const path = captures['path'] ?? '';
  const isLine = /\S \S/.test(path);
  const failure = { kind: 'outside' as const, known: null, captures, error: '', evidence, pid: null, order: 0 };
  const others = rest.filter((one) => one.captures['path'] === path).map((one) => one.evidence);
  return [
    matchOf(
      { failure, evidence: [evidence, ...others.slice(0, 2)] },
      { ...(isLine ? ONE_STRING : START), confidence: 'likely' },
      runs,
      { path, list: isLine ? asList(path).slice(0, 200) : '' },
    ),
  ];
}

export const programMissing = defineRule({
  id: 'program-missing',
  severity: 'high',
  title: 'The program to run does not exist in the image',
  remedy: START.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: [
    'pkg/sentry/kernel/kernel.go CreateProcess, pkg/sentry/loader (creating process: failed to load)',
    'runsc/boot (2018: failed to create init process)',
  ],
  judge(products) {
    // the same error stands for a missing interpreter: that is another rule's
    const groups = loadErrors(products, /no such file|not a directory/).filter(
      (group) => interpreterOf(products, group.failure.captures['path'] ?? '') === undefined,
    );
    if (groups.length === 0) return verdictOf(notedMatches(products));
    return verdictOf(
      groups.map((group) => {
        const { path = '' } = group.failure.captures;
        const argument = specOf(group.failure, products.runs)?.args[0];
        const named = path === '' ? (argument ?? 'of the spec') : path;
        const isLine = /\S \S/.test(named) && (path === '' || argument === undefined || argument.includes(' '));
        return matchOf(
          withHint(group, openingOf(products, path)),
          isExec(group.failure) ? EXEC : isLine ? ONE_STRING : START,
          products.runs,
          { path: named, list: isLine ? asList(named).slice(0, 200) : '' },
        );
      }),
    );
  },
});
