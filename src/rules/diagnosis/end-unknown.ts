/** The log of a sandbox whose program was started ends without a word of an end: it still runs, or somebody killed the sandbox. */
import { endingOf, FORCED, wasEnded } from '../endings.js';
import { defineRule, matchOf, verdictOf, type Products, type Said } from '../rule.js';

const OPEN: Said = {
  life: 'running when its log ends, unless the sandbox was killed there; nothing failed until then',
  title: 'The log ends while the program runs',
  cause:
    'The program was started, and the last record of the boot log is of {time}; no end follows. Either the container was still running when the log was taken, or the sandbox process was killed from outside (SIGKILL: the OOM killer, an engine, an operator), which leaves no record in its own log.',
  confidence: 'possible',
  remedy: [
    'See whether it still runs: runsc --root={stateRoot|DIR} state {id|ID}, or ps ax | grep {id|runsc-sandbox}.',
    'If not, the log of runsc run, wait or delete beside this one tells how it ended ("Wait RPC ... failed: EOF": it was killed); dmesg | tail -50 shows a kill for lack of memory.',
  ],
};

/** Whoever waits for its end has not seen it either. */
const RUNNING: Said = {
  ...OPEN,
  life: 'still running when its logs end; nothing failed',
  severity: 'info',
  cause:
    'The program was started, and the last record of the boot log is of {time}; no end follows, and the command that waits for it (runsc {waiting}) tells of none either: the container was still running when the logs were taken.',
  confidence: 'likely',
  remedy: [
    'If it should have ended, take the logs again after the end, or look at what its tasks wait for: runsc debug --stacks {id|ID}.',
  ],
};

/** It was deleted later, without force: then it was not running any more. */
const GONE: Said = {
  ...OPEN,
  life: 'gone without a record of its end (killed from outside, or the log was cut off); nothing else failed',
  title: 'The log ends while the program runs, and the container was gone later',
  cause:
    'The program was started, and the last record of the boot log is of {time}; no end follows, though runsc delete found the container stopped afterwards. Its sandbox process was killed from outside (SIGKILL: the OOM killer, an engine, an operator), which leaves no record in its own log, or the log was cut off.',
  remedy: [
    'Look at dmesg | tail -50 and the journal of the host at {time}: a kill for lack of memory names the process (runsc-sandbox or exe).',
  ],
};

/** Commands that last until the container ends. */
const WAITING = new Set(['run', 'do', 'wait']);

function hasStarted({ sentences, calls, waits }: Products): boolean {
  return sentences.has('process-started') || calls.size > 0 || waits.size > 0;
}

export const endUnknown = defineRule({
  id: 'end-unknown',
  severity: 'low',
  tier: 'note',
  leads: 'healthy',
  title: OPEN.title ?? '',
  remedy: OPEN.remedy,
  needs: ['failures', 'sentences', 'runs', 'calls', 'waits', 'faults'],
  sources: ['runsc/cmd/boot.go (application exiting with), runsc/cli/main.go (Exiting with status)'],
  judge(products) {
    const { runs, failures, sentences } = products;
    const boot = runs.runs.findLast(({ command, banners }) => command === 'boot' && banners > 0);
    if (boot?.last === null || boot?.last === undefined || boot.exit !== null || !hasStarted(products))
      return { state: 'clear' };
    // delete without force finds only what has stopped, and nobody had told it to
    const isGone =
      !(sentences.get('container-signalled')?.first ?? []).some(
        ({ captures }) => Number(captures['signal'] ?? 0) > 0,
      ) &&
      runs.runs.some(
        ({ command, fatal, exit, args }) =>
          command === 'delete' && fatal === 0 && exit !== null && !FORCED.test(args ?? ''),
      );
    const isOver =
      endingOf(products) !== undefined ||
      (!isGone && wasEnded(products, null)) ||
      // delete itself kills what is left of a sandbox
      (!isGone && sentences.has('sandbox-killed')) ||
      failures.failures.some(({ kind }) => kind === 'fatal' || kind === 'panic') ||
      ['wait-rpc-failed', 'sandbox-found-dead'].some((id) => sentences.has(id)) ||
      runs.runs.some(({ command, exit }) => WAITING.has(command ?? '') && exit !== null);
    if (isOver) return { state: 'clear' };
    const waiting = runs.runs.find(({ command, banners }) => WAITING.has(command ?? '') && banners > 0);
    const { last, pid } = boot;
    const failure = { kind: 'outside' as const, known: null, captures: {}, error: '', evidence: last, pid, order: 0 };
    return verdictOf([
      matchOf({ failure, evidence: [last] }, isGone ? GONE : waiting === undefined ? OPEN : RUNNING, runs, {
        time: boot.lastTime ?? 'an unknown time',
        waiting: waiting?.command ?? '',
      }),
    ]);
  },
});
