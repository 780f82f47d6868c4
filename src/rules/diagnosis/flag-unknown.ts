/** The Go flag package prints this with the usage text; no log file is opened. */
import { defineRule } from '../rule.js';

export const flagUnknown = defineRule({
  id: 'flag-unknown',
  severity: 'high',
  title: 'runsc does not know a flag that it was given',
  needs: ['failures', 'runs'],
  sources: ['Go flag package, runsc/cli/main.go'],
  when: {
    'flag-unknown': {
      title: 'Unknown flag --{flag}',
      cause:
        'runsc was given the flag --{flag}, which this release does not know: it is misspelt, was removed, or belongs to a newer release.',
      remedy: [
        'Remove or correct --{flag} in the runtime arguments (runtimeArgs in /etc/docker/daemon.json, [runsc_config] in runsc.toml of containerd, the command line).',
        'If documentation names it, compare its release with `runsc --version`, and `runsc flags` for what this one knows.',
      ],
    },
  },
});
