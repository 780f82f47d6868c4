/** The log ends before it can tell how the start went: it was cut off, or taken while the start was going on. */
import { endingOf } from '../endings.js';
import type { Run } from '../../analyzers/runs.js';
import { defineRule, matchOf, verdictOf, type Said } from '../rule.js';

const CUT: Said = {
  title: 'The log ends before the program was started',
  cause:
    'The last record of runsc {process} is of {time}, while the container was still being brought up; neither an end nor an error follows. The log was cut off, or copied while the start was going on, or its writer was killed there: it does not say how the container fared.',
  confidence: 'possible',
  remedy: [
    'Give the whole log of this start, all files of it: {missing}.',
    'If the file ends so on the machine, too, the process was killed or hangs: dmesg | tail -50, and ps ax | grep runsc.',
  ],
  collect: [
    'the whole log of runsc {process}, and beside it: {missing}',
    'dmesg | tail -50 of the host: a kill by the OOM killer or by seccomp leaves no line in a log of runsc',
  ],
};

const STARTING = new Set(['run', 'do', 'create', 'restore']);

const isCut = (run: Run): boolean => run.banners > 0 && run.exit === null && run.fatal === 0 && run.last !== null;

export const logCut = defineRule({
  id: 'log-cut',
  severity: 'medium',
  tier: 'symptom',
  leads: 'inconclusive',
  title: CUT.title ?? '',
  remedy: CUT.remedy,
  needs: ['failures', 'sentences', 'runs', 'calls', 'waits'],
  sources: ['runsc/boot/loader.go (Process should have started), runsc/cli/main.go (Exiting with status)'],
  judge(products) {
    const { runs, sentences, calls, waits, failures } = products;
    // a program that made calls was started, whatever else is missing
    const hasStarted = sentences.has('process-started') || calls.size > 0 || waits.size > 0;
    const failed = failures.failures.some(({ kind }) => kind === 'fatal' || kind === 'panic');
    if (hasStarted || failed || endingOf(products) !== undefined) return { state: 'clear' };
    const boot = runs.runs.findLast(({ command }) => command === 'boot');
    const starting = runs.runs.findLast(({ command }) => STARTING.has(command ?? ''));
    // a container that was created and not started yet waits like this
    if (starting?.command === 'create' && starting.exit !== null) return { state: 'clear' };
    const cut = [boot, starting].find((run) => run !== undefined && isCut(run));
    if (cut?.last === null || cut?.last === undefined) return { state: 'clear' };
    const commands = new Set(runs.runs.map(({ command }) => command));
    const missing = ['create or run', 'gofer', 'boot', 'start'].filter(
      (name) => !name.split(' or ').some((one) => commands.has(one)),
    );
    const failure = {
      kind: 'outside' as const,
      known: null,
      captures: {},
      error: '',
      evidence: cut.last,
      pid: cut.pid,
      order: 0,
    };
    return verdictOf([
      matchOf({ failure, evidence: [cut.last] }, CUT, runs, {
        process: cut.command ?? '',
        time: cut.lastTime ?? 'an unknown time',
        missing: missing.length === 0 ? 'create or run, gofer, boot, start' : missing.join(', '),
      }),
    ]);
  },
});
