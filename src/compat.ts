/** Which gaps of gVisor a workload meets in a release, as a value. */
import { callUses } from './analyzers/call-uses.js';
import { assembleCompat } from './compat/assemble.js';
import { UserError } from './errors.js';
import { releaseNumber } from '../grammars/releases.js';
import type { CompatReport } from './model/compat.js';
import type { Redaction } from './model/report.js';
import { analyze, type Input, type InputProblem, type ReadOptions } from './pipeline.js';

export type CompatOptions = ReadOptions & {
  /** `20240729.0`, `release-20240729.0`, `2024-07`, or `newest`; else the release of the logs, else the newest that is known. */
  readonly release?: string;
  /** Of a native trace; a log tells it. */
  readonly architecture?: 'amd64' | 'arm64';
  /** List what is fully supported, too. */
  readonly all?: boolean;
  readonly redact?: boolean | Redaction;
};

/** Reads the logs (or native traces) and judges what they used. What could not be read is in `problems`. */
export async function compat(
  input: Input,
  options: CompatOptions = {},
): Promise<{ readonly report: CompatReport; readonly problems: readonly InputProblem[] }> {
  const release = await wantedRelease(options.release);
  const { products, readings, problems } = await analyze(input, { uses: callUses }, options);
  const { redact = true, architecture, all } = options;
  const report = assembleCompat(products.uses, readings, {
    redaction: typeof redact === 'string' ? redact : redact ? 'secrets' : 'none',
    ...(release === undefined ? {} : { release }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(all === undefined ? {} : { all }),
  });
  return { report, problems };
}

async function wantedRelease(text: string | undefined): Promise<string | undefined> {
  if (text === undefined) return undefined;
  if (text === 'newest') return (await import('./knowledge/syscall-support.js')).newestRelease();
  if (releaseNumber(text) === undefined)
    throw new UserError(`--release ${text} names no release of runsc`, {
      suggestions: [
        'releases are dates: 20240729.0, release-20240729.0 or 2018-05; newest takes the newest that is known',
      ],
    });
  return text.replace(/^release-/, '').replace(/^(\d{8})$/, '$1.0');
}
