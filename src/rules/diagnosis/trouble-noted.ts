/** Trouble that runsc notes and goes on with: worth knowing beside a failure, none by itself. */
import { matchesOfSentences } from '../notes.js';
import { defineRule, groupErrors, matchOf, verdictOf, type Said } from '../rule.js';

const TROUBLE: Readonly<Record<string, Said>> = {
  'channel-broken': {
    title: 'A connection between sentry and gofer broke: {error}',
    cause:
      'A channel over which the sentry asks its gofer for files broke ({error}). At the end of a container that is how they part; in the middle, files of that mount are out of reach, since the other process died.',
    confidence: 'possible',
    remedy: ['If programs failed at that moment, look at the end of the log of the other process, and at dmesg.'],
  },
  'io-error-untranslated': {
    title: 'The sentry logged an odd answer to a {operation|read or write} of {path|a file}, and went on: no crash',
    cause:
      'A file system answered the {operation|call} of a program on {path|a file} with a part of the result and an error ("{error}") at once, which the sentry does not expect. It is a warning: the stack behind it only shows where it was noticed, the program got its answer (the part, or the error), and nothing ended by it. Files that the sentry writes itself (below /proc and /sys, sysctl settings) and fuzzers bring it up.',
    confidence: 'likely',
    remedy: [
      'Ignore it where the program works; a defect of this release at most, which newer ones may not have.',
      'If the program fails on that file, the errno of its own call decides (--strace); report the record at github.com/google/gvisor/issues if the newest release still writes it.',
    ],
  },
  'firewall-rule-refused': {
    title: 'A firewall rule of a program is not supported: {error}',
    cause:
      'A program in the sandbox set a rule by iptables, a part of which the network stack of the sandbox does not support: {error}. The program sees an error for the whole table.',
    confidence: 'likely',
    remedy: [
      'Leave out or simplify the rule (a match or target that is not known), or switch the firewall support of the program off.',
    ],
  },
  'self-check-failed': {
    title: 'The sentry found an inconsistency in itself at {place}',
    cause:
      'A check inside of runsc failed at {place}, and it went on: a defect of this release, which may or may not have to do with what the programs met.',
    confidence: 'likely',
    remedy: [
      'Update runsc; if it stays, report the record and the goroutines behind it at github.com/google/gvisor/issues.',
    ],
  },
  'shim-oom-unpublished': {
    title: 'The shim could not tell containerd that memory ran out',
    cause:
      'The memory limit of a container was hit, and the event of it could not be delivered: containerd was gone or busy. The engine does not show OOMKilled then.',
    confidence: 'possible',
    remedy: ['Look at memory.events in the cgroup of the container, and at the journal of containerd.'],
  },
};

export const troubleNoted = defineRule({
  id: 'trouble-noted',
  severity: 'low',
  tier: 'note',
  leads: 'healthy',
  title: 'runsc noted trouble and went on',
  remedy: TROUBLE['channel-broken']?.remedy ?? [],
  needs: ['failures', 'sentences', 'runs'],
  sources: ['pkg/lisafs/connection.go', 'pkg/sentry/socket/netfilter', 'pkg/log (BugTraceback)', 'pkg/shim/v1'],
  judge(products) {
    const told = groupErrors(products.failures, ({ known }) => known !== null && TROUBLE[known] !== undefined);
    return verdictOf([
      ...told.map((group) => matchOf(group, TROUBLE[group.failure.known ?? ''] as Said, products.runs)),
      ...matchesOfSentences(products, TROUBLE),
    ]);
  },
});
