/** What the rest of the input says to matches that are made: that another runtime was meant, or that another release works. */
import { isWrittenByRunsc, tellingsOf, type Match, type Products } from './rule.js';

/**
 * What a program was refused is said of gVisor. Where the input shows that another runtime was used, and nothing names gVisor, that has to
 * be left open: the same words come from programs in any container.
 */
export function ifInGvisor(matches: readonly Match[], { tellings, runs, refusals }: Products): readonly Match[] {
  const isElsewhere =
    !isWrittenByRunsc(runs) &&
    (tellings.signs.has('other-command') || tellings.signs.has('other-asked')) &&
    !tellings.signs.has('runsc-command') &&
    ![...refusals.values()].some(({ refused }) => refused.some(({ isNative }) => !isNative));
  return isElsewhere
    ? matches.map((match) => ({
        ...match,
        cause: `The command in the input starts the container with another runtime, and nothing names gVisor: such things are refused there by its profiles and capabilities. If it ran in gVisor: ${match.cause}`,
        confidence: 'possible',
        leads: 'inconclusive',
      }))
    : matches;
}

/** Somebody tells that another release works: then the way out is that release. */
export function regressionOf(matches: readonly Match[], { tellings }: Products): readonly Match[] {
  const [told] = tellingsOf(tellings, ['other-release-works']);
  if (told === undefined) return matches;
  const { release } = told.captures;
  const which = release === undefined ? 'that release' : `release ${release}`;
  return matches.map((match) => ({
    ...match,
    remedy: [
      `The text seems to say that another release works (line ${told.evidence.line}): then this is a regression of runsc. Pin ${which} for now, and report both releases at github.com/google/gvisor/issues, or try the newest one.`,
      ...match.remedy,
    ],
  }));
}
