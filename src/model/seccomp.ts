/** The document of `seccomp`: a profile of what a workload needs, and why it allows what it allows. */
import type { Evidence } from './finding.js';
import type { Reading } from './reading.js';

/** A condition on an argument, as libseccomp has them. `valueTwo` belongs to SCMP_CMP_MASKED_EQ: the mask is `value`. */
export type SeccompArgument = {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: string;
};

/** One rule of a profile; Docker's profiles have more fields than the runtime's (`includes`, `excludes`, `comment`). */
export type SeccompRule = {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly SeccompArgument[];
};

/** What `docker run --security-opt seccomp=FILE` and `linux.seccomp` of a config.json take. */
export type SeccompProfile = {
  readonly defaultAction: string;
  readonly architectures?: readonly string[];
  readonly syscalls: readonly SeccompRule[];
};

/**
 * Why a call is in the profile. `used`: a trace shows it; `runtime`: it starts the container; `kernel`, `vdso`: no trace need show it;
 * `fallback`: libraries need this answer to take an older call; `merged`: the other profile has it.
 */
export const SECCOMP_REASONS = ['used', 'runtime', 'kernel', 'vdso', 'fallback', 'merged'] as const;
export type SeccompReason = (typeof SECCOMP_REASONS)[number];

export type SeccompCall = {
  readonly call: string;
  /** `allow`, `conditions` (only with these arguments), `answer` (refused, with the errno that the trace or a library asks for). */
  readonly verdict: 'allow' | 'conditions' | 'answer';
  readonly reasons: readonly SeccompReason[];
  /** The conditions, or the answer, in words. */
  readonly detail: string | null;
  readonly runtimes: readonly string[];
  readonly calls: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly programs: readonly { readonly program: string; readonly calls: number }[];
  readonly first: Evidence | null;
};

/** Against another profile, by name. */
export type SeccompComparison = {
  /** The file, or `docker-default`. */
  readonly with: string;
  readonly allows: number;
  /** Needed here, and not allowed there, or only with conditions that are not met for certain. */
  readonly lacks: readonly string[];
  readonly conditional: readonly string[];
  /** Allowed there, and not needed here. */
  readonly beyond: readonly string[];
};

export type SeccompReport = {
  readonly schema: 'runsight/seccomp@1';
  readonly headline: string;
  readonly architecture: 'amd64' | 'arm64';
  readonly runtimes: readonly string[];
  readonly profile: SeccompProfile;
  /** How many calls are allowed, with conditions or without, and how many the architecture has. */
  readonly allows: number;
  readonly of: number;
  /** By name. */
  readonly calls: readonly SeccompCall[];
  /** Numbers that no table has: they are not in the profile. */
  readonly unknown: readonly { readonly name: string; readonly calls: number; readonly first: Evidence }[];
  readonly compared: readonly SeccompComparison[];
  /** What these logs cannot tell. */
  readonly warnings: readonly string[];
  readonly masked: number;
  readonly reading: readonly Reading[];
};
