/** What it means that a signal ended a program, and what to do: by number. */

export type SignalMeaning = { readonly meaning: string; readonly remedy: readonly string[] };

const CRASH: readonly string[] = [
  'Debug the program: it crashed by itself. Run the same image with runc to see whether gVisor has a part in it.',
];

export const SIGNAL_MEANINGS: Readonly<Record<number, SignalMeaning>> = {
  4: {
    meaning: ': it executed an instruction that this processor does not have, or reached a trap of its compiler',
    remedy: [
      'See whether the image was built for a newer processor than that of the host (x86-64-v3, AVX-512); take an image for a lower level, or a newer host.',
      ...CRASH,
    ],
  },
  5: { meaning: ': it reached a breakpoint or a trap of its own', remedy: CRASH },
  6: { meaning: ': it gave up by itself (abort), as a failed assertion or a broken heap does', remedy: CRASH },
  7: {
    meaning: ': it touched a part of a mapped file that is not there (any more)',
    remedy: [
      'See whether a file that it maps was cut short while it ran, or its file system is full (/dev/shm).',
      ...CRASH,
    ],
  },
  8: { meaning: ': it divided by zero or overflowed', remedy: CRASH },
  9: {
    meaning: '',
    remedy: ['Look for whoever sent it: the OOM killer (dmesg), a memory limit, an operator.'],
  },
  15: {
    meaning: '',
    remedy: [
      'Look for whoever sent it: an engine or operator (docker stop, runsc kill, the end of a pod), or a process of the container itself, whose kill call stands in a trace (--strace). The OOM killer is not it: it sends SIGKILL.',
    ],
  },
  11: { meaning: ': it touched memory that it may not', remedy: CRASH },
  13: {
    meaning: ': it wrote to a pipe or socket whose other end was closed',
    remedy: ['Find which peer closed first; a server ignores SIGPIPE and handles EPIPE.'],
  },
  14: {
    meaning: ': a timer that it had set ran out',
    remedy: ['Find what took longer than the time-out of the program.'],
  },
  24: {
    meaning: ': it used up its processor time (RLIMIT_CPU)',
    remedy: ['Raise RLIMIT_CPU (process.rlimits of config.json, ulimit -t), or find what keeps it busy.'],
  },
  25: {
    meaning: ': it wrote a file beyond the allowed size (RLIMIT_FSIZE)',
    remedy: ['Raise RLIMIT_FSIZE (process.rlimits of config.json, ulimit -f), or let it write smaller files.'],
  },
  31: {
    meaning: ': a filter of its own (seccomp) forbade a system call',
    remedy: [
      'Find the call just before the end of the trace: the program installed a filter (prctl, seccomp) that does not allow it under gVisor.',
    ],
  },
};

/** SIGKILL that follows SIGXCPU: the hard limit. */
export const CPU_LIMIT: SignalMeaning = {
  meaning: ': it used up its processor time (RLIMIT_CPU): it got SIGXCPU first, then SIGKILL at the hard limit',
  remedy: [
    'Raise RLIMIT_CPU (process.rlimits of config.json, ulimit -t, setrlimit of the program), or find what keeps it busy.',
  ],
};
