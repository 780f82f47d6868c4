/** Flags that are each valid do not go together. */
import { defineRule, groupErrors, matchOf, verdictOf } from '../rule.js';

const ARGUMENTS = 'the runtime arguments (runtimeArgs in /etc/docker/daemon.json, [runsc_config] in runsc.toml)';

/** By the text of the error: what goes with what, and since when. */
const CONFLICTS: readonly { readonly pattern: RegExp; readonly means: string; readonly remedy: string }[] = [
  {
    pattern: /overlay flag has been replaced/,
    means: '--overlay2 took the place of --overlay in release 20221205.0, and both are given',
    remedy: `Keep --overlay2 alone in ${ARGUMENTS}; --overlay2=all:memory does what --overlay did.`,
  },
  {
    pattern: /overlay flag is incompatible/,
    means:
      'an overlay hides what others change below it, which --file-access=shared is to show; since release 20230313.0 an overlay over the root is the default',
    remedy: `Add --overlay2=none, or leave --file-access=shared out of ${ARGUMENTS}.`,
  },
  {
    pattern: /fsgofer-host-uds has been replaced/,
    means: '--host-uds took the place of --fsgofer-host-uds in release 20221026.0, and both are given',
    remedy: `Keep --host-uds alone in ${ARGUMENTS}; --host-uds=open does what --fsgofer-host-uds did.`,
  },
  {
    pattern: /requires enabling profiling/,
    means: 'a file for a profile (--profile-cpu, --profile-heap, ...) is named, and profiling is not switched on',
    remedy: 'Add --profile, or leave the --profile-... flags out.',
  },
  {
    pattern: /qdisc=tbf requires/,
    means: 'packets are to be held to a rate (--qdisc=tbf), and no rate is given',
    remedy: 'Add --qdisc-tbf-rate=BYTES and --qdisc-tbf-burst=BYTES, or use --qdisc=fifo.',
  },
  {
    pattern: /--debug-log-fd/,
    means:
      'descriptors of log files are for the processes that runsc starts itself; they were copied from a list of processes, perhaps',
    remedy: `Leave --debug-log-fd and --panic-log-fd out of ${ARGUMENTS}: --debug-log and --panic-log name files.`,
  },
];

export const flagConflict = defineRule({
  id: 'flag-conflict',
  severity: 'high',
  title: 'Two flags of runsc exclude each other',
  remedy: ['Keep one of the two in the runtime arguments.'],
  needs: ['failures', 'runs'],
  sources: ['runsc/config/config.go validate'],
  judge({ failures, runs }) {
    return verdictOf(
      groupErrors(failures, ({ known }) => known === 'flag-conflict').map((group) => {
        const found = CONFLICTS.find(({ pattern }) => pattern.test(group.failure.captures['error'] ?? ''));
        return matchOf(
          group,
          {
            cause: `The flags of runsc do not fit together: {error}${found === undefined ? '' : '; {means}'}.`,
            remedy: [found?.remedy ?? `Keep one of the two in ${ARGUMENTS}.`],
          },
          runs,
          { means: found?.means ?? '' },
        );
      }),
    );
  },
});
