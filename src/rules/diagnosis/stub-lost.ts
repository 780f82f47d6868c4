/** A stub process of the platform, in which programs of the sandbox run on the host, was killed, died or could not be made. */
import { endingOf, wasEnded } from '../endings.js';
import { matchesOfSentences } from '../notes.js';
import { defineRule, groupErrors, matchOf, verdictOf, type Sayings, type Said } from '../rule.js';

const KILLER = [
  'dmesg -T | grep -iE "oom|killed process|audit" of that moment: the OOM killer, a memory limit of the cgroup or a seccomp profile around runsc kill stubs.',
  'Raise the memory limit of the container: stubs, sentry and programs share it.',
] as const;

const KILLED: Said = {
  title: 'A stub process of the platform was killed on the host',
  cause:
    'Stub process {pid} of the platform was killed by SIGKILL from outside. Programs of the sandbox run in such processes on the host, so the program in it died with it.',
  confidence: 'likely',
  remedy: KILLER,
};

const ERRORS: Sayings = {
  'stub-died': {
    title: 'A stub process of systrap died unexpectedly',
    cause:
      'systrap runs the programs of the sandbox in stub processes on the host, and one of them was suddenly gone: it was killed (memory, a seccomp profile of an outer container), or crashed.',
    confidence: 'likely',
    remedy: [...KILLER, 'If the host killed nothing, try --platform=kvm and report it with the boot log.'],
  },
  'stub-memory-corrupted': {
    title: 'The memory that systrap shares with its stubs is inconsistent',
    cause:
      'The sentry found values that it did not write in the memory it shares with a stub process ({error|not described}): a program overwrote that memory, or this release has a defect.',
    confidence: 'likely',
    remedy: [
      'Update runsc and try again; if it stays, report the release, the program and this record.',
      'Until then use --platform=kvm for this program.',
    ],
  },
  'stub-untraceable': {
    title: 'A traced stub process vanished: {errno}',
    cause:
      'The ptrace platform asked for the registers of a stub process that it traces, and the host answered "{errno}": the process was killed from outside while the sentry worked on it, or ended in a race that this release does not expect. The sentry panics then, and every container of the sandbox ends.',
    confidence: 'likely',
    remedy: [
      ...KILLER,
      'If nothing on the host killed it: update runsc, use --platform=systrap (the default since 2023) instead of ptrace, and report it with the stack if it stays.',
    ],
  },
};

const LINES: Readonly<Record<string, Said>> = {
  'stub-killed': { ...KILLED, tier: 'aftermath', leads: 'app-failure', severity: 'medium' },
  'stub-thread-refused': {
    title: 'The host refused systrap another thread: {error}',
    cause:
      'systrap needs a host thread for each thread of a program, and could not make one: {error}. A limit of processes is reached: pids.max of the cgroup, ulimit -u, kernel.threads-max.',
    confidence: 'likely',
    tier: 'aftermath',
    leads: 'degraded',
    severity: 'medium',
    remedy: [
      'Raise the limit: docker run --pids-limit, podPidsLimit of the kubelet, TasksMax= of the unit, ulimit -u.',
    ],
  },
};

export const stubLost = defineRule({
  id: 'stub-lost',
  severity: 'critical',
  leads: 'sandbox-crash',
  title: 'A stub process of the platform was lost',
  remedy: KILLER,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['pkg/sentry/platform/systrap/subprocess.go, stub_unsafe.go', 'pkg/sentry/platform/ptrace/subprocess.go'],
  judge(products) {
    const { failures, runs } = products;
    const errors = groupErrors(failures, ({ known }) => known !== null && ERRORS[known] !== undefined).map((group) =>
      matchOf(group, ERRORS[group.failure.known ?? ''] as Said, runs),
    );
    if (errors.length > 0) return verdictOf(errors);
    // Whoever ends a container ends its stubs, too; and a program that ended well missed nothing.
    if (wasEnded(products, null) || endingOf(products)?.exit?.status === 0) return { state: 'clear' };
    return verdictOf(matchesOfSentences(products, LINES));
  },
});
