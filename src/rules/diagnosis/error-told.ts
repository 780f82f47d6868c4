/** The last net: a line that speaks of an error stands in an excerpt, and no rule knows it. It is quoted, with what can be said of any such line. */
import { isProse, quotedIn } from '../../../grammars/speech.js';
import { speakerOf, workOf } from '../../../grammars/work.js';
import type { Telling } from '../../analyzers/tellings.js';
import { BENIGN } from '../../knowledge/benign.js';
import { replyOf } from '../../knowledge/replies.js';
import { AROUND } from '../../knowledge/work.js';
import { defineRule, matchOfTellings, tellingsOf, verdictOf, type Said } from '../rule.js';

const SEARCH =
  'Search the issues of whoever speaks, and github.com/google/gvisor/issues, for the text without names and ids.';
const LOGS =
  'the debug logs of all processes of runsc: --debug --debug-log=/tmp/runsc/ in the arguments of the runtime, and start again';

const WITHIN: Said = {
  title: '{Who} reports an error while {doing}: {short}',
  cause: '{Who} says "{words}". {means}{reply} No rule knows this text, so it is quoted as it stands.',
  confidence: 'possible',
  remedy: [],
};

const PLAIN: Said = {
  title: '{Who} reports an error: {short}',
  cause:
    '{Who} says "{words}". The line does not tell what was being done.{reply} No rule knows this text, so it is quoted as it stands.',
  confidence: 'possible',
  remedy: [
    'Read it from the right: the last part is what the system answered, the part before it what was wanted.',
    'Look at the lines before it, of the same moment and of the same container.',
    SEARCH,
  ],
  collect: [LOGS],
};

const KINDS = new Set(['text', 'continuation', 'stderr', 'docker', 'kubernetes', 'shim', 'kernel', 'warning', 'fault']);
/** Somebody waited in vain. */
const WAITED = /did not (?:start|respond|terminate) in time|blocked for more than|soft lockup|hard LOCKUP/;
/** A program gives up, in the forms in which programs do. */
const GIVES_UP =
  /^(?:[\w./+-]{1,80}(?:\[\d+\])?: \S|Traceback \(most recent|(?:[\w.]{0,80}(?:Error|Exception)|[Ff]atal(?: error)?|FATAL|Error|ERROR|E): \S|thread '[^']{1,80}' panicked|Uncaught |Unhandled |Caused by: )/;
/** Lines of engines that only note something. */
const QUIET = /\blevel=(?:debug|info)\b|"level": ?"(?:debug|info)"|^\s*(?:DEBU|INFO)\[/;

/** What only follows when something else has failed. */
const FOLLOWS =
  /cleanup|stream copy|context canceled|Back-off|closed fifo|failed to delete|(?:: |^)EOF\b|did not terminate suc|exit status \d+\.?$|unexpected end of JSON|error waiting for container|State failed to find process/i;
/** A line that only says that an error comes. */
const HEADING = /^[\s>#*-]{0,8}(?:[\w ]{0,60}\b)?(?:errors?|failures?|failed|panic|log)s?:?\s*$/i;

/** What a sentence of the poster quotes, where that speaks of a failure. */
const quotedError = (text: string): string | undefined =>
  isProse(text) ? quotedIn(text).find((one) => ERROR_WORDS.test(one)) : undefined;
const ERROR_WORDS =
  /\b(?:errors?|failed|failure|fails?|fatal|panic|cannot|can't|unable|not|no|denied|refused|invalid|inconsistent|unexpected|unknown|mismatch|missing|timed out|exceeded|broken|too many|bad)\b/i;

/** The error itself, behind the stamps and names that an engine puts before it. */
function wordsOf(text: string): string {
  const quoted = quotedError(text);
  if (quoted !== undefined) return quoted;
  const field = /\b(?:error|err)"?[=:] ?"((?:[^"\\]|\\.){8,2000})"/.exec(text)?.[1];
  const message = field ?? /\bmsg"?[=:] ?"((?:[^"\\]|\\.){8,2000})"/.exec(text)?.[1] ?? text;
  return message
    .replace(/\\+"/g, '"')
    .replace(/\\n/g, ' ')
    .replace(/rpc error: code = \w+ desc = /g, '')
    .trim();
}

/** The last parts of a chain say more than its beginning. */
function shortOf(words: string): string {
  if (words.length <= 120) return words;
  const parts = words.split(': ');
  let short = parts.pop() ?? words;
  for (let part = parts.pop(); part !== undefined && short.length + part.length < 118; part = parts.pop()) {
    short = `${part}: ${short}`;
  }
  return short.slice(0, 120);
}

/** What tells more stands first: an error that names its work and ends in an answer, before one that only says that it failed. */
function weightOf({ evidence: { text }, kind }: Telling): number {
  const words = wordsOf(text);
  return (
    (workOf(text) === undefined ? 0 : 2) +
    (replyOf(words) === undefined ? 0 : 2) +
    (words.includes(': ') ? 1 : 0) +
    (GIVES_UP.test(words) && !isProse(text) ? 1 : 0) +
    (kind === 'warning' ? -1 : 0) +
    (FOLLOWS.test(words) ? -3 : 0) +
    (HEADING.test(text) ? -4 : 0) +
    // what the poster says of it counts only where nothing is printed
    (isProse(text) ? (quotedError(text) === undefined ? -8 : -2) : 0)
  );
}

export const errorTold = defineRule({
  id: 'error-told',
  severity: 'low',
  tier: 'hint',
  leads: 'inconclusive',
  title: 'Somebody reports an error that no rule knows',
  remedy: PLAIN.remedy,
  needs: ['tellings', 'failures', 'runs'],
  sources: ['any line of an engine, a shim, the kernel or a program that speaks of a failure'],
  judge({ tellings, failures, runs }) {
    // A whole log is judged by what runsc itself says of its life.
    if (runs.runs.some(({ banners }) => banners > 0)) return { state: 'clear' };
    const harmless = new Set(
      failures.failures.flatMap(({ known, evidence: { source, line } }) =>
        known !== null && BENIGN[known] !== undefined ? [`${source}:${line}`] : [],
      ),
    );
    const alarms = tellingsOf(
      tellings,
      ['alarm'],
      ({ kind, evidence: { text, source, line } }) =>
        KINDS.has(kind) && !QUIET.test(text) && !harmless.has(`${source}:${line}`),
    );
    const [first, ...rest] = alarms.toSorted((a, b) => weightOf(b) - weightOf(a) || a.order - b.order);
    if (first === undefined) return { state: 'clear' };
    const { text } = first.evidence;
    const words = wordsOf(text);
    const phase = AROUND[workOf(text) ?? ''];
    const reply = replyOf(words);
    // what people write names runsc, and is not said by it
    const who = isProse(text) && quotedError(text) === undefined ? 'the text' : speakerOf(text, first.kind);
    const waited = WAITED.test(words) ? { leads: 'hang' as const, severity: 'medium' as const } : {};
    // The command shows that it ran under runsc, its own words that it gave up; why is open.
    const isProgram =
      (who === 'somebody' || who === 'the text') &&
      GIVES_UP.test(words) &&
      tellings.signs.has('runsc-command') &&
      first.kind !== 'kernel';
    const failed = isProgram ? { leads: 'app-failure' as const } : {};
    const said: Said =
      phase === undefined
        ? PLAIN
        : {
            ...WITHIN,
            remedy: [...(reply === undefined ? [] : [reply.check]), ...phase.checks, SEARCH],
            collect: [phase.decides, LOGS],
          };
    return verdictOf([
      matchOfTellings([first, ...rest], { ...said, ...failed, ...waited }, runs, {
        Who: who === 'runsc' ? who : `${who.slice(0, 1).toUpperCase()}${who.slice(1)}`,
        words: words.slice(0, 400),
        short: shortOf(words),
        doing: phase?.doing ?? '',
        means: phase?.means ?? '',
        reply: reply === undefined ? '' : ` The answer "${reply.text}" means: ${reply.means}.`,
      }),
    ]);
  },
});
