/** The sandbox has more and more tasks on the host: the limit of the pids cgroup is in reach, or reached. */
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const REACHED: Said = {
  title: 'The pids limit of the cgroup {cgroup} is reached',
  cause:
    'The kernel refused the cgroup {cgroup} another process or thread, since its pids limit is reached. A sandbox needs more host tasks than the program has threads: stubs of the platform, threads of the sentry (the Go runtime adds some for each blocking call), the gofer.',
  remedy: [
    'Raise the limit well above the need of the program: docker run --pids-limit, podPidsLimit of the kubelet, pids.max of the cgroup.',
    'Or use another platform than ptrace (systrap, kvm), which needs fewer host tasks.',
  ],
};

const GROWING: Said = {
  title: 'The sandbox keeps more and more stub tasks on the host ({first} → {last} in tracing stop)',
  cause:
    'The number of tasks in "tracing stop" grew from {first} to {last}: these are stub threads of the ptrace platform, one for each thread and address space of a program, kept for later use; the threads of the sentry come on top. All of them count against the pids limit of the cgroup, so that the number of host tasks of the container grows with its use until no process can be started.',
  confidence: 'likely',
  remedy: [
    'Raise the pids limit well above the need of the program: docker run --pids-limit, podPidsLimit of the kubelet, pids.max of the cgroup.',
    'Or use another platform: --platform=kvm, or systrap in releases since 2023, which keeps far fewer.',
  ],
};

export const hostTasksMany = defineRule({
  id: 'host-tasks-many',
  severity: 'medium',
  leads: 'degraded',
  title: 'The sandbox has too many tasks on the host',
  remedy: REACHED.remedy,
  needs: ['tellings', 'runs'],
  sources: ['Linux kernel/cgroup/pids.c', 'pkg/sentry/platform/ptrace/subprocess.go (thread pool)'],
  judge({ tellings, runs }) {
    const [rejected, ...others] = tellingsOf(tellings, ['pids-rejected']);
    if (rejected !== undefined) return verdictOf([matchOfTellings([rejected, ...others], REACHED, runs)]);
    const states = tellingsOf(tellings, ['thread-states']);
    const [first] = states;
    const last = states.at(-1);
    // One count alone is how ptrace works.
    if (first === undefined || last === undefined || Number(last.captures['count']) <= Number(first.captures['count']))
      return { state: 'clear' };
    return verdictOf([
      matchOfTellings([first, ...states.slice(1), ...tellingsOf(tellings, ['tasks-listed'])], GROWING, runs, {
        first: first.captures['count'] ?? '',
        last: last.captures['count'] ?? '',
      }),
    ]);
  },
});
