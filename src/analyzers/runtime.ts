/** Which release of runsc wrote the traces, and for which architecture, as their banners say. */
import { learnContext, type Context } from '../events/arguments-of.js';
import type { Analyzer, Fold } from '../model/analyzer.js';
import type { SourceName } from '../model/units.js';

export type Runtime = {
  readonly release: string;
  /** Amd64 where no banner names another: older ones name none, and ran on it. */
  readonly architecture: 'amd64' | 'arm64';
};

/** By source; those with a trace and without a banner that names a release are not in it. */
export type Runtimes = ReadonlyMap<SourceName, Runtime>;

export const runtimes: Analyzer<Runtimes> = {
  name: 'runtimes',
  reads: ['banner'],
  start(): Fold<Runtimes> {
    const contexts = new Map<SourceName, Context>();
    const traced = new Set<SourceName>();
    let source: SourceName = '';
    return {
      sourceStarts(name) {
        source = name;
      },
      see(event) {
        if (event.kind !== 'banner') return;
        const context = contexts.get(source) ?? {};
        learnContext(context, event.values);
        contexts.set(source, context);
      },
      seeBatch({ count }) {
        if (count > 0) traced.add(source);
      },
      finish(repeats) {
        const known = [...contexts].flatMap(([name, { release, arch }]): [SourceName, Runtime][] =>
          release === undefined || repeats.has(name) || !traced.has(name)
            ? []
            : [[name, { release, architecture: arch ?? 'amd64' }]],
        );
        return new Map(known);
      },
    };
  },
};
