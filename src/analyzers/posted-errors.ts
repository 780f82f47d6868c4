/** Errors of runsc in the middle of a text: a terminal session holds prompts, output and the error on lines of their own. */
import { recogniseMessage, recogniseSpoken, UNKNOWN_ERROR } from '../../grammars/messages.js';
import { quotedIn } from '../../grammars/speech.js';
import type { Captures, LogEvent } from '../model/event.js';
import type { LineNumber } from '../model/units.js';

/** Lines of one text that are looked at. */
const LINES_LIMIT = 2_000;
/** What an error of runsc reads like; others are not taken apart. */
const LOOKS_LIKE = /^\s{0,16}[A-Za-z/"[][^\n]{0,400}(?::\s|FATAL|not )/;
/** Sentences that other programs print in the same words. */
const ANYBODY = new Set([
  UNKNOWN_ERROR,
  'user-unknown',
  'helper-not-started',
  'spec-malformed',
  'environment-invalid',
  'capability-unknown',
  'container-unknown',
  'flag-value-invalid',
  'context-canceled',
  'sandbox-start-eof',
]);

/** Wrappers that runsc alone puts around an error (`creating container: cannot create sandbox: ...`). */
const OWN =
  /\b(?:run|create|start-root|start-sub|load|spec|network|interfaces|cgroup|platform|create-sandbox|create-sub|create-gofer|client-sync|loader|fatal)\b/;
/** The engine's own answer to a command is an error, whatever it says. */
const OF_DAEMON = /^(?:docker: )?Error response from daemon: \S/;
const isOfRunsc = (wrappers = ''): boolean => OWN.test(wrappers);

export type PostedError = {
  readonly known: string;
  readonly captures: Captures;
  readonly line: LineNumber;
  readonly text: string;
  readonly isQuoted?: true;
};

/** A known error of runsc that a sentence quotes. */
function quotedError(text: string): Pick<PostedError, 'known' | 'captures'> | undefined {
  return quotedIn(text)
    .map((one) => recogniseSpoken(one))
    .find(({ known, captures }) => !ANYBODY.has(known) || (known !== UNKNOWN_ERROR && isOfRunsc(captures['wrappers'])));
}

/** The errors on the lines behind the first, which is the event's own, and those that sentences quote. */
export function postedErrors(event: LogEvent): readonly PostedError[] {
  const isLoose = event.kind === 'text' || event.kind === 'continuation';
  if (!isLoose && ((event.kind !== 'banner' && event.kind !== 'config') || !event.message.includes('\n\n'))) return [];
  if ('known' in event && event.known !== undefined) return [];
  const lines = event.message.split('\n', LINES_LIMIT);
  // Behind the last line of a banner, after a blank one, stands what was posted beside it.
  const from = isLoose ? 0 : lines.indexOf('') + 1;
  return lines.flatMap((text, index) => {
    if (index < from) return [];
    const place = { line: (event.line + index) as LineNumber, text: text.trim() };
    if (index > 0 && LOOKS_LIKE.test(text)) {
      const here = recogniseMessage(place.text, 'text');
      if (
        here !== undefined &&
        (!ANYBODY.has(here.known) || isOfRunsc(here.captures['wrappers']) || OF_DAEMON.test(place.text))
      )
        return [{ ...here, ...place }];
    }
    const quoted = quotedError(text);
    return quoted === undefined ? [] : [{ ...quoted, ...place, isQuoted: true as const }];
  });
}
