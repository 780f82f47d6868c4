/** The Go runtime of runsc dies for lack of memory, address space or threads. */
import { defineRule } from '../rule.js';

export const sentryMemory = defineRule({
  id: 'sentry-memory',
  severity: 'critical',
  leads: 'sandbox-crash',
  title: 'The sandbox process could not get memory',
  needs: ['failures', 'runs'],
  sources: ['Go runtime'],
  when: {
    'memory-not-reserved': {
      title: 'The address space of runsc is limited too much',
      cause:
        'The Go runtime of runsc could not reserve its address space: a limit on virtual memory (ulimit -v, RLIMIT_AS, LimitAS= of a systemd unit) is far below the hundreds of gigabytes of addresses that runsc reserves without using them.',
      remedy: [
        'Lift the limit for runsc: ulimit -v unlimited, LimitAS=infinity; bound real memory with a cgroup instead.',
      ],
    },
    'memory-exhausted': {
      title: 'The sandbox process ran out of memory',
      cause:
        'The Go runtime of runsc could not get memory from the host any more: a memory cgroup or the host itself is full. Sentry and program share the limit of the container.',
      remedy: ['Raise the memory limit of the container or pod; dmesg says whether the OOM killer was there as well.'],
    },
    'threads-exhausted': {
      title: 'The sandbox process could not start threads',
      cause:
        'The host refused runsc a new thread: the limit of processes (ulimit -u, pids cgroup, kernel.threads-max) is reached. A program written in Go inside the sandbox says the same of its own threads, for the same reason.',
      confidence: 'likely',
      remedy: [
        'Raise the pids limit of the container or pod (docker run --pids-limit) and ulimit -u; ptrace and systrap need a host thread for each thread of the program.',
      ],
    },
  },
});
