/** A fatal error that no other rule knows: its innermost part is quoted, honestly. */
import { defineRule, groupErrors, matchOf, runOf, verdictOf, type Said } from '../rule.js';

const UNKNOWN: Said = {
  title: 'runsc {process|} stopped: {short}',
  cause:
    'runsc {process|} gave up with the error "{cause}". runsight has no rule for this text; it is the innermost part of the error, and the record beside it says the rest.',
  confidence: 'likely',
  remedy: [
    'Read the error from the right: the last part is what the host or the file system answered, the part before it says what runsc wanted to do.',
    "Search github.com/google/gvisor/issues for the text without paths and ids, and tell runsight's issue tracker about it: it becomes a rule.",
  ],
};

/** Commands on a container that is there, or should be: that they fail is seldom why it did not start. */
const TIDYING = new Set(['delete', 'kill', 'state', 'wait', 'events', 'ps', 'list', 'debug']);

export const unrecognisedError = defineRule({
  id: 'unrecognised-error',
  severity: 'high',
  title: 'runsc stopped with an error that no rule knows',
  remedy: UNKNOWN.remedy,
  needs: ['failures', 'runs'],
  sources: ['runsc/cmd/util/util.go Fatalf (error.go until 2022)'],
  judge({ failures, runs }) {
    const groups = groupErrors(
      failures,
      ({ known, kind }) => known === 'unknown-error' && (kind === 'fatal' || kind === 'json-error'),
    );
    return verdictOf(
      groups.map((group) => {
        const { cause = '' } = group.failure.captures;
        const match = matchOf(group, UNKNOWN, runs, { cause: cause.slice(0, 400), short: cause.slice(0, 120) });
        const tidies = TIDYING.has(runOf(group.failure, runs)?.command ?? '');
        return tidies ? { ...match, tier: 'aftermath' as const, severity: 'medium' as const } : match;
      }),
    );
  },
});
