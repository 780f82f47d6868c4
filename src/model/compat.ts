/** The document of `compat`: what a workload asks of the kernel, and how far a release of gVisor has it. */
import type { Evidence } from './finding.js';
import type { Reading } from './reading.js';
import type { Exit } from './report.js';

export const COMPAT_VERDICTS = ['ready', 'ready-with-fallbacks', 'blocked', 'inconclusive'] as const;
export type CompatVerdict = (typeof COMPAT_VERDICTS)[number];

/** `unknown`: it was refused, and no table says whether the release has it. */
export const COMPAT_SUPPORT = ['missing', 'partial', 'unknown', 'full'] as const;
export type CompatSupport = (typeof COMPAT_SUPPORT)[number];

/**
 * What the program did, seen in a log of that release (`works`, `fell-back`, `went-on`, `failed`), or what it will do there, as far
 * as a native trace or a log of another release tells (`will-...`).
 */
export const COMPAT_OUTCOMES = [
  'failed',
  'will-fail',
  'fell-back',
  'will-fall-back',
  'went-on',
  'will-go-on',
  'works',
  'will-work',
] as const;
export type CompatOutcome = (typeof COMPAT_OUTCOMES)[number];

export type CompatUse = {
  readonly kind: 'syscall' | 'option' | 'file';
  /** The call; of an option and of a file the first call that used it. */
  readonly syscall: string;
  /** What the option belongs to (`ioctl`, `socket`, `netlink`, `inet`), and its name; empty for the call itself. */
  readonly of: string;
  readonly option: string;
  /** How the log prints the call, where that is another name (`sys_437`). */
  readonly printed: readonly string[];
  readonly support: CompatSupport;
  readonly note: string | null;
  /** The release that supports it better, newer than the one that is judged. */
  readonly since: string | null;
  /** All releases that changed it, the newest first. */
  readonly changes: readonly { readonly release: string; readonly support: CompatSupport }[];
  readonly outcome: CompatOutcome;
  /** What does its work instead: calls, or in words. */
  readonly fallback: string | null;
  /** Nobody fails without it. */
  readonly harmless: boolean;
  readonly calls: number;
  readonly ok: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly programs: readonly { readonly program: string; readonly calls: number }[];
  /** How the program ended that was refused it. */
  readonly ended: { readonly program: string; readonly exit: Exit } | null;
  readonly do: readonly string[];
  readonly evidence: readonly Evidence[];
};

export type CompatReport = {
  readonly schema: 'runsight/compat@1';
  readonly verdict: CompatVerdict;
  readonly headline: string;
  /** The release that is judged, and where it comes from. */
  readonly release: {
    readonly name: string;
    readonly from: 'flag' | 'log' | 'newest';
    readonly architecture: 'amd64' | 'arm64';
  };
  /** How many uses block, and how many go another way. */
  readonly blocked_by: number;
  readonly fallbacks: number;
  readonly counts: Readonly<Record<CompatSupport, number>>;
  /** The worst first: all that is not fully there; with `all` what is, too. */
  readonly uses: readonly CompatUse[];
  /** What one run, or this input, cannot tell. */
  readonly notes: readonly string[];
  readonly masked: number;
  readonly reading: readonly Reading[];
};
