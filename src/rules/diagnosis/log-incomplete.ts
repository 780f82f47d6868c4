/** The log itself says that records are missing from it. */
import { matchesOfSentences } from '../notes.js';
import { defineRule, verdictOf, type Said } from '../rule.js';

const DROPPED: Said = {
  title: 'Records are missing from this log',
  cause:
    'runsc could not write its log for a while (a full disk, a pipe whose reader went away) and counted what it dropped: what was to be read there is lost, and counts of calls are too low.',
  remedy: ['Free space where the debug log is (df -h), or keep the reader of the pipe alive, and run once more.'],
};

export const logIncomplete = defineRule({
  id: 'log-incomplete',
  severity: 'low',
  tier: 'note',
  leads: 'degraded',
  title: 'Records are missing from the log',
  remedy: DROPPED.remedy,
  needs: ['sentences', 'runs'],
  sources: ['pkg/log/log.go (Dropped N log messages)'],
  judge(products) {
    return verdictOf(matchesOfSentences(products, { 'log-messages-dropped': DROPPED }));
  },
});
