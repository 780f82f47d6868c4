/** What runsc asks of the host's kernel, and since which kernel it is there. */

export type KernelNeed = {
  /** First Linux release that has it. */
  readonly linux: readonly [number, number];
  readonly what: string;
  /** First runsc release that needs it; undefined: all. */
  readonly since?: string;
  /** First release that does without where it is missing. */
  readonly until?: string;
};

/** Oldest kernels by era. Source: gVisor README (3.17 in 2018, 4.14.77 since 2019), memfd_create(2), seccomp(2) */
export const OLDEST: readonly KernelNeed[] = [
  {
    linux: [3, 17],
    what: 'memfd_create, with which the sentry allocates all memory, and seccomp filters for all threads',
  },
  { linux: [4, 14], what: 'what gVisor names as its oldest kernel (4.14.77)', since: '20190529.1' },
];

/** Seccomp features. Source: seccomp(2); pkg/sentry/platform/systrap (user notification since 2024) */
export const SECCOMP_NEEDS: readonly KernelNeed[] = [
  {
    linux: [5, 0],
    what: 'seccomp user notification (Linux 5.0), with which systrap of 2024 watches its stubs',
    since: '20240100.0',
    until: '20240715.0',
  },
  { linux: [4, 14], what: 'the seccomp actions KILL_PROCESS and LOG (Linux 4.14)' },
];

/** Numbers of Linux that hosts of containers may have: others (`1.0.1-dev`, `20.10.7-ce`) are versions of something else. */
const MAJORS: readonly [number, number] = [2, 12];

/** `3.10.0-693.el7.x86_64` → 3, 10; undefined for what is the version of no kernel. */
export function kernelVersion(release: string): readonly [number, number] | undefined {
  const found = /^(\d{1,3})\.(\d{1,3})/.exec(release);
  if (found === null) return undefined;
  const [major, minor] = [Number(found[1]), Number(found[2])];
  return major < MAJORS[0] || major > MAJORS[1] ? undefined : [major, minor];
}

export function isOlder([major, minor]: readonly [number, number], than: readonly [number, number]): boolean {
  return major < than[0] || (major === than[0] && minor < than[1]);
}

/** Kernels of distributions, by the mark in their release. They get repairs for years, and few features. */
export function distributionOf(release: string): string {
  const found = /\.el(\d{1,2})(?=[._]|$)/.exec(release);
  return found === null ? '' : ` of RHEL/CentOS ${found[1]}`;
}
