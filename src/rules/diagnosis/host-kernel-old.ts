/** The kernel of the host lacks what runsc needs: told by a host fact beside a failure without words, or by a refused filter. */
import { distributionOf, isOlder, kernelVersion, OLDEST, SECCOMP_NEEDS } from '../../knowledge/kernels.js';
import type { Telling } from '../../analyzers/tellings.js';
import { isProse } from '../../../grammars/speech.js';
import {
  defineRule,
  matchOf,
  matchOfTellings,
  tellingsOf,
  verdictOf,
  type Match,
  type Products,
  type Said,
} from '../rule.js';

const OLD: Said = {
  title: "The host's kernel {kernel} is too old for runsc",
  cause:
    'The host runs Linux {kernel}{distribution}, which is older than gVisor supports: it lacks {what}. runsc ends at once, before it can hand a message to the engine, which only reports that it did not terminate successfully.',
  confidence: 'likely',
  remedy: [
    'Run a newer kernel on this host: at least 4.14.77, better 5.10 or later (for RHEL and CentOS 7 that means another release of the distribution, or a kernel of ELRepo).',
    'No option of runsc helps; very old releases of runsc ran on 3.17.',
  ],
};

const SECCOMP: Said = {
  title: "The host's kernel {kernel|} does not take runsc's seccomp filter",
  cause:
    'Installing a seccomp filter failed with "{errno}": the kernel of the host{running} does not support a flag or action that this release of runsc{release} uses{what}.',
  confidence: 'likely',
  remedy: [
    'Update runsc: releases since mid-July 2024 go on without seccomp user notification where the kernel does not have it.',
    'Or use another platform: --platform=ptrace (while the release has it) or --platform=kvm installs other filters.',
    'Or run a newer kernel: seccomp user notification came with Linux 5.0, and kernels of distributions that are older by number may lack parts of it.',
  ],
};

const TOLD =
  'The host runs Linux {kernel}{distribution}, which is older than any release of gVisor supports: it lacks {what}. No container starts with runsc there, and what engine and kubelet report of it (sandboxes that are created again and again, names that are taken, tasks that are not found) only follows.';

/** runsc had written an error, and the engine could not read it: it had come so far. */
const WORDS_LOST = /invalid character .{1,8} (?:after|looking|in)/;

/** Engines that heard nothing of runsc but that it ended. */
const WORDLESS = new Set(['runtime-without-words', 'sandbox-start-eof', 'shim-error-unreadable']);

type Kernel = { readonly telling: Telling; readonly release: string; readonly version: readonly [number, number] };

function kernelOf({ tellings }: Products): Kernel | undefined {
  const kernels = tellingsOf(tellings, ['host-kernel', 'kernel-process']).flatMap((telling) => {
    const release = telling.captures['release'] ?? '';
    const version = kernelVersion(release);
    return version === undefined ? [] : [{ telling, release, version }];
  });
  return kernels[0];
}

function seccompMatch(products: Products, kernel: Kernel | undefined): Match | undefined {
  const { failures, tellings, runs } = products;
  const told = tellingsOf(tellings, ['seccomp-failed'])[0];
  const failure = failures.failures.find((one) => one.known === 'seccomp-unusable');
  const errno = failure?.captures['errno'] ?? told?.captures['errno'];
  if (errno === undefined || !errno.startsWith('invalid argument')) return undefined;
  const facts = tellingsOf(tellings, ['runsc-release']);
  const release = facts[0]?.captures['release'] ?? runs.runs.find((run) => run.version !== null)?.version ?? '';
  // Of the release itself without a host fact another rule speaks.
  if (kernel === undefined && told === undefined) return undefined;
  const need =
    kernel === undefined
      ? SECCOMP_NEEDS[0]
      : SECCOMP_NEEDS.toReversed().find(
          ({ linux, since, until }) =>
            isOlder(kernel.version, linux) &&
            (release === '' || since === undefined || release >= since) &&
            (release === '' || until === undefined || release < until),
        );
  const values = {
    errno,
    kernel: kernel?.release ?? '',
    running: kernel === undefined ? '' : ` (Linux ${kernel.release}${distributionOf(kernel.release)})`,
    release: release === '' ? '' : ` (${release})`,
    what: need === undefined ? '' : `; it is older than ${need.what}`,
  };
  const more = kernel === undefined ? facts : [kernel.telling, ...facts];
  if (told !== undefined) return matchOfTellings([told, ...more], SECCOMP, runs, values);
  if (failure === undefined) return undefined;
  return matchOf({ failure, evidence: [failure.evidence, ...more.map((one) => one.evidence)] }, SECCOMP, runs, values);
}

export const hostKernelOld = defineRule({
  id: 'host-kernel-old',
  severity: 'high',
  title: "The host's kernel is too old for runsc",
  remedy: OLD.remedy,
  needs: ['failures', 'tellings', 'runs'],
  supersedes: ['platform-unusable', 'start-echo', 'unrecognised-error'],
  sources: [
    'gVisor README (minimum kernel), pkg/sentry/platform/systrap, pkg/memutil',
    'uname(1), docker info, kubectl get nodes',
  ],
  judge(products) {
    const { failures, runs } = products;
    const kernel = kernelOf(products);
    const refused = seccompMatch(products, kernel);
    if (refused !== undefined) return verdictOf([refused]);
    if (kernel === undefined) return { state: 'not-applicable', why: 'no line names the kernel of the host' };
    const need = OLDEST.find(({ linux }) => isOlder(kernel.version, linux));
    if (need === undefined) return { state: 'clear' };
    // A kernel of 2014 and older starts no release at all, whatever is heard of it; with 4.x the failure must be a wordless one.
    const isSure = isOlder(kernel.version, [3, 17]);
    const failure = failures.failures.find(
      ({ kind, known, error }) =>
        kind === 'outside' &&
        ((WORDLESS.has(known ?? '') && (isSure || !WORDS_LOST.test(error))) || (isSure && known === 'unknown-error')),
    );
    const values = { kernel: kernel.release, distribution: distributionOf(kernel.release), what: need.what };
    const said: Said = isSure ? OLD : { ...OLD, confidence: 'possible' };
    if (failure === undefined) {
      // No release runs there: whatever goes wrong with runsc on such a host has this reason first.
      const troubles = tellingsOf(products.tellings, ['alarm'], ({ evidence }) => !isProse(evidence.text));
      const [asked] = tellingsOf(products.tellings, ['runsc-release', 'runsc-command']);
      const isKnown = failures.failures.some(({ known }) => known !== null && known !== 'unknown-error');
      if (!isSure || isKnown || troubles.length === 0 || asked === undefined) return { state: 'clear' };
      return verdictOf([
        matchOfTellings([kernel.telling, ...troubles.slice(0, 2), asked], { ...OLD, cause: TOLD }, runs, values),
      ]);
    }
    const others = tellingsOf(products.tellings, ['host-kernel'], (one) => one.captures['release'] === kernel.release);
    const evidence = [
      kernel.telling.evidence,
      failure.evidence,
      ...others.slice(1, 3).map((one) => one.evidence),
    ] as const;
    return verdictOf([matchOf({ failure, evidence }, said, runs, values)]);
  },
});
