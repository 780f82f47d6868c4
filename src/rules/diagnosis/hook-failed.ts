/** An OCI hook ended with an error; what it printed follows in the same record. */
import { defineRule, groupErrors, matchOf, verdictOf, type Said } from '../rule.js';

const FAILED: Said = {
  title: 'Hook {path} failed',
  cause:
    'The hook {path} of config.json failed ({error}); it printed: {output|nothing that the log kept}. The hook is a program of the host that the engine or you put into the spec; runsc itself did its part.',
  remedy: [
    "Run the hook by hand with the container's state on its standard input and look at what it prints; it is listed under hooks in config.json.",
    'Remove the hook if it is not needed (a GPU or CNI hook of an engine that is set up for another runtime).',
  ],
};

const LATE: Said = {
  title: 'Hook {path} took longer than its timeout',
  cause:
    'The hook {path} of config.json was not done when its timeout (hooks[].timeout, in seconds) was over, and runsc gave up; it printed: {output|nothing that the log kept}.',
  remedy: [
    'Raise timeout of that hook in config.json (in seconds), or leave it out: runsc waits without a limit then.',
    "Find what it waits for: run it by hand with the container's state on its standard input.",
  ],
};

const HELPER: Said = {
  title: '{path} could not be started: {errno}',
  cause:
    'runsc wanted to run {path} on the host, a hook of config.json or a helper program, and could not start it: {errno}.',
  confidence: 'likely',
  remedy: [
    'no such file or directory: install {path} on the host, or remove the hook that names it (hooks in config.json; an engine puts hooks of GPU and CNI tools there).',
    'permission denied: make {path} executable for the user who runs runsc.',
  ],
};

export const hookFailed = defineRule({
  id: 'hook-failed',
  severity: 'high',
  title: 'A hook of the spec failed',
  remedy: FAILED.remedy,
  needs: ['failures', 'runs'],
  sources: ['runsc/specutils/... runsc/container/hook.go executeHook'],
  judge: ({ failures, runs }) =>
    verdictOf(
      groupErrors(
        failures,
        // programs of the container start helpers of their own, in the words of the same library
        ({ known, kind, captures, error }) =>
          known === 'hook-failed' ||
          (known === 'helper-not-started' &&
            (kind !== 'outside' || /\b(?:runsc|OCI runtime|hook|containerd|docker)\b/.test(error)) &&
            captures['errno']?.startsWith('fuse') !== true),
      ).map((group) => {
        const { known, captures } = group.failure;
        const isLate = captures['error'] === 'it took longer than its timeout';
        return matchOf(group, known === 'helper-not-started' ? HELPER : isLate ? LATE : FAILED, runs);
      }),
    ),
});
