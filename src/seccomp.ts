/** Which calls a workload needs, as a seccomp profile with reasons, as a value. */
import { callUses } from './analyzers/call-uses.js';
import { EXIT, UserError } from './errors.js';
import type { Runtime } from './knowledge/runtime-calls.js';
import type { Redaction } from './model/report.js';
import type { SeccompReport } from './model/seccomp.js';
import { analyze, type Input, type InputProblem, type ReadOptions } from './pipeline.js';
import { assembleSeccomp } from './seccomp/assemble.js';
import { readProfile, type ForeignProfile } from './seccomp/profile-file.js';

/** A profile of somebody else: its name, for the report, and its text. */
export type ProfileSource = { readonly name: string; readonly text: string };

export type SeccompOptions = ReadOptions & {
  /** Whose start is allowed, too (default: runc and crun). */
  readonly runtimes?: readonly Runtime[];
  /** Of a native trace; a log tells it. */
  readonly architecture?: 'amd64' | 'arm64';
  readonly conditions?: boolean;
  readonly refuseClone3?: boolean;
  /** Allow what this profile allows, too. */
  readonly merge?: ProfileSource;
  /** Compare with this profile. */
  readonly diff?: ProfileSource;
  readonly redact?: boolean | Redaction;
};

/** Reads the logs (or native traces) and makes a profile of what they need. What could not be read is in `problems`. */
export async function seccomp(
  input: Input,
  options: SeccompOptions = {},
): Promise<{ readonly report: SeccompReport; readonly problems: readonly InputProblem[] }> {
  const merge = options.merge === undefined ? undefined : foreign(options.merge);
  const diff = options.diff === undefined ? undefined : foreign(options.diff);
  const { products, readings, problems } = await analyze(input, { uses: callUses }, options);
  // A profile of nothing would start nothing, and look like one.
  if (products.uses.every(({ uses }) => uses.every(({ calls, entered }) => calls + entered === 0))) {
    const [first] = problems;
    throw new UserError(
      first === undefined
        ? 'the input holds no calls: there is nothing to make a profile of'
        : `${first.source}: ${first.why}`,
      {
        exit: EXIT.unreadable,
        suggestions: [
          ...problems.slice(0, 1).map(({ suggestion }) => suggestion),
          'a profile is made of calls: run runsc with --debug --strace, or the program with strace -f -o FILE',
        ],
      },
    );
  }
  const { redact = true, runtimes = ['runc', 'crun'], architecture, conditions, refuseClone3 } = options;
  const report = assembleSeccomp(products.uses, readings, {
    runtimes,
    redaction: typeof redact === 'string' ? redact : redact ? 'secrets' : 'none',
    ...(architecture === undefined ? {} : { architecture }),
    ...(conditions === undefined ? {} : { conditions }),
    ...(refuseClone3 === undefined ? {} : { refuseClone3 }),
    ...(merge === undefined ? {} : { merge }),
    ...(diff === undefined ? {} : { diff }),
  });
  return { report, problems };
}

function foreign({ name, text }: ProfileSource): { readonly name: string; readonly profile: ForeignProfile } {
  const profile = readProfile(text);
  if (typeof profile === 'string') throw new UserError(`${name} is no seccomp profile: ${profile}`);
  return { name, profile };
}
