/** Somebody is told that a sandbox ended, with status 0: that is how a run that did its work ends. */
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const ZERO: Said = {
  title: '{who} ended with status 0: by itself that is no failure',
  cause:
    'The line reports the end of a {what} with code 0 and no signal: its program came to its own end and called that a success. Whoever started it may not have expected the end just then, which makes the line a warning.{checkpoint}',
  confidence: 'likely',
  remedy: [
    'Nothing is to be done if what it was started for is there (its output, its checkpoint, the next process that goes on).',
    'If it should have gone on running: its own output before the end tells what it took for the end of its work (a closed stdin or pipe, mostly).',
  ],
};

/** Somebody found the end worth telling: without a reason for it, it is no sign of health either. */
const UNASKED: Said = { ...ZERO, tier: 'hint', leads: 'inconclusive', confidence: 'possible' };

const LOOSE = new Set(['text', 'continuation', 'stderr', 'docker', 'shim', 'kubernetes']);

export const endedWell = defineRule({
  id: 'ended-well',
  severity: 'info',
  tier: 'note',
  leads: 'healthy',
  title: 'A sandbox ended with status 0',
  remedy: ZERO.remedy,
  needs: ['failures', 'tellings', 'runs'],
  sources: ['lines of engines and programs that start sandboxes'],
  judge({ failures, tellings, runs }) {
    const isWhole = runs.runs.some(({ banners }) => banners > 0);
    if (isWhole || failures.failures.some(({ known }) => known !== null)) return { state: 'clear' };
    const [first, ...rest] = tellingsOf(tellings, ['ended-well'], ({ kind }) => LOOSE.has(kind));
    if (first === undefined) return { state: 'clear' };
    const [asked] = tellingsOf(tellings, ['checkpoint-asked']);
    const who = first.captures['who'] ?? 'sandbox';
    return verdictOf([
      matchOfTellings(
        [first, ...(asked === undefined ? [] : [asked]), ...rest],
        asked === undefined ? UNASKED : ZERO,
        runs,
        {
          who: `${who === 'runsc' ? who : `A ${who.toLowerCase()}`}`,
          what: who.toLowerCase(),
          checkpoint:
            asked === undefined
              ? ''
              : ' It was started to write a checkpoint (--checkpoint): such a sandbox gets ready, is saved and ends, and the ones that are used are restored from that image.',
        },
      ),
    ]);
  },
});
