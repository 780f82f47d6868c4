/** A command, or a call into the sandbox, failed; the record with the reason is not in the input. */
import { METHODS, PHASES } from '../../knowledge/phases.js';
import { replyOf } from '../../knowledge/replies.js';
import { endingOf } from '../endings.js';
import { defineRule, fill, matchOf, verdictOf, type Said } from '../rule.js';

const LOG = 'the debug log of the command itself, whole: its FATAL ERROR stands right before the line that it failed';

const USAGE: Said = {
  title: 'A command of runsc was called in a way that it does not take',
  cause:
    'A command of runsc ended with status 2, the answer to a wrong call (a missing id, an unknown flag behind the command), and printed its usage instead of an error.',
  confidence: 'likely',
  tier: 'symptom',
  leads: 'inconclusive',
  remedy: ['Compare the call (the line Args of the banner) with runsc help COMMAND of this release.'],
  collect: ['what the command printed on stderr, and how it was called'],
};

const FAILED: Said = {
  title: 'A command of runsc failed, and the input does not hold its error',
  cause:
    'A command of runsc says that it failed (status {status}), and its error is not in the input: the record before it was left out, or stands on stderr or in log.json only.',
  confidence: 'possible',
  tier: 'symptom',
  leads: 'inconclusive',
  remedy: ['Collect what is listed and diagnose it together with this log.'],
  collect: [LOG],
};

const CALL: Said = {
  title: 'The sandbox could not do what a command asked: {short}',
  cause:
    'The sandbox refused the call {method} of a command while {doing}: "{error}".{reply} {means} Nothing else in the input says more.',
  confidence: 'possible',
  tier: 'symptom',
  leads: 'inconclusive',
  remedy: [],
  collect: [LOG],
};

export const commandFailed = defineRule({
  id: 'command-failed',
  severity: 'medium',
  tier: 'symptom',
  leads: 'inconclusive',
  title: 'A command of runsc failed and its error is not in the input',
  remedy: FAILED.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['runsc/cli/main.go (Failure to execute command)', 'pkg/urpc/urpc.go (RPC call failed)'],
  judge(products) {
    const { failures, sentences, runs } = products;
    // Wherever an error stands, another rule speaks of it; and a program that ended was started.
    const hasError = failures.failures.some(({ kind }) => kind !== 'exit' && kind !== 'watchdog' && kind !== 'fault');
    if (hasError || endingOf(products) !== undefined) return { state: 'clear' };
    const call = sentences.get('control-call-failed')?.first[0] ?? sentences.get('call-failed')?.first[0];
    if (call !== undefined) {
      const { captures, evidence, pid } = call;
      const { error = '' } = captures;
      const method = (captures['method'] ?? '').replace(/^(?!\w+\.)/, 'containerManager.');
      const phase = PHASES[METHODS[method] ?? 'urpc'];
      const reply = replyOf(error);
      const failure = { kind: 'outside' as const, known: 'call-failed', captures, error, evidence, pid, order: 0 };
      const remedy = [...(reply === undefined ? [] : [reply.check]), ...(phase?.checks ?? [])];
      return verdictOf([
        matchOf({ failure, evidence: [evidence] }, { ...CALL, remedy }, runs, {
          method,
          short: error.slice(0, 120),
          error: error.slice(0, 400),
          doing: fill(phase?.doing ?? '', { method }),
          means: phase?.means ?? '',
          reply: reply === undefined ? '' : ` That means: ${reply.means}.`,
        }),
      ]);
    }
    const ended = failures.failures.find((one) => one.exit?.of === 'command-failure');
    if (ended === undefined) return { state: 'clear' };
    const status = ended.exit?.status ?? 1;
    return verdictOf([
      matchOf({ failure: ended, evidence: [ended.evidence] }, status === 2 ? USAGE : FAILED, runs, {
        status: String(status),
      }),
    ]);
  },
});
