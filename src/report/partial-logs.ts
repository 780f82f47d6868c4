/** The logs of many partials: which came before, and what each is called where several have one name. */
import type { Digest, PartialLog } from '../model/partial.js';
import type { Reading } from '../model/reading.js';
import type { SkippedLog } from '../model/report.js';
import type { SourceName } from '../model/units.js';

/** Does the log hold calls? Only these take part in counts. */
export function isTraced({ events }: PartialLog): boolean {
  return ['syscall-exit', 'syscall-enter', 'native-syscall'].some((kind) => (events[kind as 'syscall-exit'] ?? 0) > 0);
}

/** How much of an eight-digit beginning of a digest tells logs of one name apart. */
const SHORT = 8;

export class PartialLogs {
  readonly #logs: PartialLog[] = [];
  /** Numbers of the logs that hold anything. */
  readonly #known = new Map<Digest, number>();
  #remembered = 0;
  readonly #skipped: (SkippedLog | (Omit<SkippedLog, 'same_as'> & { readonly known: number }))[] = [];

  get all(): readonly PartialLog[] {
    return this.#logs;
  }

  isKnown({ digest }: PartialLog): boolean {
    return this.#known.has(digest);
  }

  /** The number of a log; one that came before is skipped. An empty one is never the same as another. */
  add(log: PartialLog, partial: string): number {
    const known = this.#known.get(log.digest);
    if (known !== undefined) {
      this.#skipped.push({ source: log.source, partial, known });
      return known;
    }
    return this.#logs.push(log) - 1;
  }

  /** What was added counts as known from now on, and not before: within one run of `summary` two logs may be the same. */
  remember(): void {
    for (; this.#remembered < this.#logs.length; this.#remembered++) {
      const { digest, bytes } = this.#logs[this.#remembered] as PartialLog;
      if (bytes > 0 && !this.#known.has(digest)) this.#known.set(digest, this.#remembered);
    }
  }

  /** Takes over what was skipped when a partial was merged. */
  skip(skipped: readonly SkippedLog[]): void {
    this.#skipped.push(...skipped);
  }

  /** Each log by its name; those of different logs with one name have their digest behind it, in whatever order they came. */
  names(): readonly SourceName[] {
    const digests = new Map<SourceName, Set<Digest>>();
    for (const { source, digest } of this.#logs) {
      const sharing = digests.get(source);
      if (sharing === undefined) digests.set(source, new Set([digest]));
      else sharing.add(digest);
    }
    return this.#logs.map(({ source, digest }) => {
      const sharing = digests.get(source) ?? new Set();
      if (sharing.size < 2) return source;
      const isShort = new Set([...sharing].map((one) => one.slice(0, SHORT))).size === sharing.size;
      return `${source}@${isShort ? digest.slice(0, SHORT) : digest}`;
    });
  }

  skipped(names: readonly SourceName[]): readonly SkippedLog[] {
    return this.#skipped.map((one) =>
      'same_as' in one
        ? one
        : {
            source: one.source,
            partial: one.partial,
            same_as: names[one.known] ?? this.#logs[one.known]?.source ?? '',
          },
    );
  }

  readings(names: readonly SourceName[]): readonly Reading[] {
    const nameOf = (digest: Digest): SourceName => names[this.#known.get(digest) ?? -1] ?? '';
    return this.#logs.map(({ digest: _digest, runtime: _runtime, repeats, ...reading }, number) => ({
      ...reading,
      source: names[number] ?? reading.source,
      ...(repeats === undefined ? {} : { repeats: nameOf(repeats) }),
    }));
  }
}
