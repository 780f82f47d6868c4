/** An application wrote text into its own log that looks like records of runsc. It explains no failure, and takes part in none. */
import { defineRule, type RuleVerdict } from '../rule.js';

/** Carriers that are shown. */
const QUOTED = 5;

const REMEDY = [
  'Nothing is to be mended for the container to run; whoever runs it should know that its program tries to mislead the readers of this log.',
  'Write the debug log as JSON (--debug-log-format=json): there newlines in names are escaped, and nothing can be forged.',
];

export const forgedRecords = defineRule({
  id: 'forged-records',
  severity: 'low',
  tier: 'note',
  leads: 'healthy',
  title: 'An application wrote forged records into its log',
  remedy: REMEDY,
  needs: ['forgeries'],
  sources: ['pkg/sentry/strace/strace.go (paths and names are printed raw)'],
  judge({ forgeries }): RuleVerdict {
    const sources = [...(forgeries?.values() ?? [])];
    const [first, ...rest] = sources.flatMap(({ evidence }) => evidence).slice(0, QUOTED);
    if (first === undefined) return { state: 'clear' };
    const forged = sources.reduce((sum, one) => sum + one.forged, 0);
    const carriers = sources.reduce((sum, one) => sum + one.carriers, 0);
    const tasks = sources.flatMap((one) => one.tasks).slice(0, QUOTED);
    const by = tasks.length === 0 ? '' : ` by ${tasks.join(', ')}`;
    return {
      state: 'found',
      matches: [
        {
          cause: `${carriers} true records carry ${forged} forged ones${by}: newlines and headers in the names that a program chose. They were told apart by comparing the two records of each call, and take part in no count and no verdict.`,
          remedy: REMEDY,
          confidence: 'certain',
          evidence: [first, ...rest],
          order: Number.MAX_SAFE_INTEGER,
        },
      ],
    };
  },
});
