/** The program is there, the loader or interpreter that it names is not; the error names only the program. */
import { interpreterOf, isExec, loadErrors } from '../programs.js';
import { defineRule, groupErrors, matchOf, verdictOf, type Said } from '../rule.js';

const MISSING: Said = {
  title: '{path} needs the interpreter {interpreter}, which is not in the image',
  cause:
    '{path} exists, but {interpreter}, its program interpreter (the dynamic loader of an ELF binary, or the program of a #! line), does not exist in the image. The error of the start names only {path}.',
  why: 'Linux and gVisor both answer "no such file or directory" for the program when it is its interpreter that is missing.',
  remedy: [
    'Use a base image that has {interpreter} (a binary built for glibc does not run on Alpine with musl, and the other way round), or install the package that holds it.',
    'Or build {path} statically (CGO_ENABLED=0 for Go); for a script, correct its #! line.',
  ],
};

/** `#!/bin/sh\\r`: the carriage return is part of the name that the kernel looks for. */
const LINE_ENDS: Said = {
  title: '{path} has Windows line ends',
  cause:
    'The first line of {path} ends in a carriage return, so its interpreter is looked for under the name {interpreter}\\r, which does not exist in the image. The file was saved with Windows line ends (CR LF).',
  remedy: [
    'Convert {path} to Unix line ends (dos2unix, or sed -i "s/\\r$//") and build the image again.',
    'Keep git from converting it: a line "*.sh text eol=lf" in .gitattributes.',
  ],
};

/** The name itself ends in a carriage return: it comes from an argument, or from a #! line that was read without a trace of it. */
const NAMED: Said = {
  title: '{path} is named with a carriage return at its end',
  cause:
    'The program to start is named {path}\\r: the name comes from a text with Windows line ends (CR LF), a script whose #! line ends in one, an entrypoint or a list of arguments, and no file has a name with a carriage return at its end.',
  remedy: [
    'Convert the script or the file that names the program to Unix line ends (dos2unix, or sed -i "s/\\r$//") and build the image again.',
    'Keep git from converting it: a line "*.sh text eol=lf" in .gitattributes.',
  ],
};

export const programInterpreterMissing = defineRule({
  id: 'program-interpreter-missing',
  severity: 'high',
  title: 'The interpreter of the program does not exist in the image',
  remedy: MISSING.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['pkg/sentry/loader/elf.go loadELF (Error opening interpreter)'],
  judge(products) {
    const named = groupErrors(products.failures, ({ known }) => known === 'program-name-carriage-return');
    return verdictOf([
      ...named.map((group) => matchOf(group, NAMED, products.runs)),
      ...loadErrors(products, /no such file|permission denied/).flatMap((group) => {
        const hint = interpreterOf(products, group.failure.captures['path'] ?? '');
        if (hint === undefined) return [];
        const [first, ...rest] = group.evidence;
        const interpreter = hint.captures['path'] ?? '';
        const said = interpreter.endsWith('\r') ? LINE_ENDS : MISSING;
        const match = matchOf(group, said, products.runs, { interpreter: interpreter.trimEnd() });
        const confidence = hint.sure ? match.confidence : ('likely' as const);
        const rank = isExec(group.failure) ? ({ severity: 'medium', tier: 'aftermath' } as const) : {};
        return [{ ...match, ...rank, confidence, evidence: [hint.evidence, first, ...rest] as const }];
      }),
    ]);
  },
});
