/** A start ended without words, and the text itself tells of something around it that is known to end starts so. */
import { ECHOES } from '../../knowledge/echoes.js';
import { FLAGS } from '../../knowledge/flags.js';
import { FLAG_MEANS, SURROUNDINGS, type Surrounding } from '../../knowledge/surroundings.js';
import type { Failure } from '../../analyzers/failures.js';
import type { Telling } from '../../analyzers/tellings.js';
import { defineRule, matchOf, tellingsOf, verdictOf, type Products } from '../rule.js';

/** Errors that say where the sandbox was missed, not why it had gone. */
const WORDLESS = new Set(['shim-error-unreadable', 'runtime-without-words', 'network-setup-failed']);
const GONE =
  /(?:broken pipe|\bEOF|connection (?:refused|reset by peer)|container not started|did not terminate suc\w+)\S{0,4}(?:: unknown)?\.?\s*$/;

function isWordless({ kind, known, error }: Failure): boolean {
  if (known === null || kind === 'stderr' || kind === 'exit') return false;
  const echo = ECHOES[known];
  if (echo !== undefined) return echo.quiet !== true;
  return WORDLESS.has(known)
    ? known !== 'network-setup-failed' || GONE.test(error)
    : known === 'unknown-error' && GONE.test(error);
}

/** Logs help nobody to start, and flags of engines (`--runtime`, `--rm`) are none of runsc's. */
const isOfRunsc = ({ captures: { flag } }: Telling): boolean =>
  flag === undefined ||
  (FLAGS.has(flag.split('=')[0] ?? '') && !/^(?:debug|strace|log|alsologtostderr|root|version)/.test(flag));

/** The lines that tell of it: one of each group of signs. */
function toldOf({ tellings }: Products, { signs }: Surrounding): readonly Telling[] | undefined {
  const lines = signs.map((ids) => tellingsOf(tellings, ids, isOfRunsc)[0]);
  return lines.every((line) => line !== undefined) ? lines : undefined;
}

export const startSurroundings = defineRule({
  id: 'start-surroundings',
  severity: 'high',
  tier: 'symptom',
  title: 'Something around runsc is known to end starts without words',
  remedy: SURROUNDINGS[0]?.remedy ?? [],
  needs: ['failures', 'tellings', 'runs'],
  supersedes: ['start-echo'],
  sources: [
    'gvisor.dev/docs (installation, platforms, FAQ); runsc/specutils, runsc/sandbox (pivot_root, re-exec)',
    'runsc/boot/filter (directfs)',
  ],
  judge(products) {
    const failure = products.failures.failures.find(isWordless);
    if (failure === undefined) return { state: 'clear' };
    for (const surrounding of SURROUNDINGS) {
      const told = toldOf(products, surrounding);
      if (told === undefined) continue;
      const captures = Object.assign({}, ...told.map((one) => one.captures)) as Record<string, string>;
      const flag = captures['flag'];
      const { title, says, remedy } = surrounding;
      return verdictOf([
        matchOf(
          { failure, evidence: [failure.evidence, ...told.map((one) => one.evidence)] },
          {
            title,
            cause: `${says} The error itself ("{last}") does not prove it: it is what is left when the other process has gone.`,
            remedy,
            confidence: 'possible',
          },
          products.runs,
          {
            ...captures,
            last: failure.error.slice(-120),
            ...(flag === undefined ? {} : { flag: `--${flag}`, means: FLAG_MEANS[flag.split('=')[0] ?? ''] ?? '' }),
          },
        ),
      ]);
    }
    return { state: 'clear' };
  },
});
