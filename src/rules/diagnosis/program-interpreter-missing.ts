/** The program is there, the loader or interpreter that it names is not; the error names only the program. */
import { interpreterOf, isExec, loadErrors } from '../programs.js';
import { defineRule, matchOf, verdictOf, type Said } from '../rule.js';

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

export const programInterpreterMissing = defineRule({
  id: 'program-interpreter-missing',
  severity: 'high',
  title: 'The interpreter of the program does not exist in the image',
  remedy: MISSING.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['pkg/sentry/loader/elf.go loadELF (Error opening interpreter)'],
  judge(products) {
    return verdictOf(
      loadErrors(products, /no such file|permission denied/).flatMap((group) => {
        const hint = interpreterOf(products, group.failure.captures['path'] ?? '');
        if (hint === undefined) return [];
        const [first, ...rest] = group.evidence;
        const match = matchOf(group, MISSING, products.runs, { interpreter: hint.captures['path'] ?? '' });
        const confidence = hint.sure ? match.confidence : ('likely' as const);
        const rank = isExec(group.failure) ? ({ severity: 'medium', tier: 'aftermath' } as const) : {};
        return [{ ...match, ...rank, confidence, evidence: [hint.evidence, first, ...rest] as const }];
      }),
    );
  },
});
