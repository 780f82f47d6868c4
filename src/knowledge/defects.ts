/** Defects of runsc that are known in public, by what they panic with and where: what happens, and since when it is mended. */

export type Defect = {
  readonly panic: RegExp;
  /** Tried on each of gVisor's own frames, `package.name`. */
  readonly frame: RegExp;
  readonly what: string;
  readonly mended: string;
  readonly around?: string;
};

export const DEFECTS: readonly Defect[] = [
  {
    // https://github.com/google/gvisor/issues/10143
    panic: /interface conversion: .* is nil, not \*?gofer\./,
    frame: /fsimpl\/gofer\.\(\*(?:dentry|filesystem)\)\.(?:link|LinkAt|rename|unlink)/i,
    what: 'a directory operation (a hard link, say) on a synthetic file, one that exists in the sentry only, like a Unix socket that a program bound, in a directory of the host without overlay',
    mended: 'mid-March 2024',
    around:
      'Keep the root overlay on (leave out --overlay2=none), so that such files are not made in the gofer file system.',
  },
  {
    // https://github.com/google/gvisor/issues/5128
    panic: /nil pointer|invalid memory address/,
    frame: /fsimpl\/host\.\(\*TTYFileDescription\)|kernel\.\(\*ProcessGroup\)\.Session/,
    what: 'reading the terminal of the host from a process whose terminal has no process group or session yet (through /proc/PID/fd, for instance)',
    mended: '2020-12-17',
    around: 'Start without a terminal (docker run without -t), or do not open the terminal through /proc.',
  },
];
