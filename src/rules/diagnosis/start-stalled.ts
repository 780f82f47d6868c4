/** A sandbox began to start and nothing says that it came up, failed or ended. */
import { ECHOES } from '../../knowledge/echoes.js';
import { defineRule, matchOf, verdictOf, type Said } from '../rule.js';

const STALLED: Said = {
  title: 'The start stopped before the program ran',
  cause:
    'The sandbox process wrote its last record while it was still starting, platform {platform}; no error and no end follows, and the command that waits for it (runsc {command}) has no end either. The start hangs at that point, or everything was killed there, or the log was taken while it was starting.',
  confidence: 'possible',
  remedy: [
    'With --platform=kvm: nested virtualisation that does not work hangs like this; use --platform=systrap, or run on the bare host.',
    'See whether the processes are still there (ps ax | grep runsc); if so, runsc debug --stacks {id|ID} shows where the sentry waits.',
  ],
  collect: [
    'whether the processes are still running (ps ax | grep runsc), and the stacks of the sentry: runsc debug --stacks {id|ID}',
    'dmesg | tail -50 of the host: a kill by the OOM killer or by seccomp leaves no line in a log of runsc',
    'the same start with --platform=systrap',
  ],
};

const STARTING = new Set(['run', 'do', 'create', 'start']);

export const startStalled = defineRule({
  id: 'start-stalled',
  severity: 'high',
  tier: 'symptom',
  leads: 'hang',
  // both files of the start are there and stop together: that says more
  supersedes: ['log-cut'],
  title: 'A start stopped without a word',
  remedy: STALLED.remedy,
  needs: ['failures', 'sentences', 'runs'],
  sources: ['runsc/sandbox/sandbox.go (Sandbox started), runsc/boot/loader.go (Process should have started)'],
  judge({ failures, sentences, runs }) {
    const failed = failures.failures.some((one) => one.kind !== 'outside' && ECHOES[one.known ?? '']?.quiet !== true);
    if (sentences.has('process-started') || failed) return { state: 'clear' };
    const boot = runs.runs.findLast((run) => run.command === 'boot');
    const waiting = runs.runs.findLast((run) => STARTING.has(run.command ?? ''));
    if (boot === undefined || waiting === undefined) {
      return { state: 'not-applicable', why: 'the boot log or that of the starting command is not in the input' };
    }
    const last = boot.last;
    if (boot.exit !== null || waiting.exit !== null || waiting.banners === 0 || last === null)
      return { state: 'clear' };
    // a log whose level or trace filter leaves the marks out tells nothing
    if (!sentences.has('sandbox-process-started')) return { state: 'clear' };
    const failure = {
      kind: 'outside' as const,
      known: null,
      captures: {},
      error: '',
      evidence: last,
      pid: boot.pid,
      order: 0,
    };
    const evidence = waiting.last === null ? ([last] as const) : ([last, waiting.last] as const);
    return verdictOf([
      matchOf({ failure, evidence }, STALLED, runs, {
        platform: boot.config['Platform']?.trim() ?? 'not printed',
        command: waiting.command ?? '',
      }),
    ]);
  },
});
