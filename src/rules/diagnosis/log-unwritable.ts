/** The place named by --log or --debug-log cannot be created, and runsc stops before it does anything. */
import { defineRule } from '../rule.js';

export const logUnwritable = defineRule({
  id: 'log-unwritable',
  severity: 'high',
  title: 'runsc cannot open its log',
  needs: ['failures', 'runs'],
  sources: ['runsc/cli/main.go', 'pkg/log, runsc/specutils DebugLogFile'],
  when: {
    'log-unwritable:not a directory': {
      title: '--{flag} points below a file',
      cause: '--{flag}={path} cannot be created: a part of that path is a regular file, not a directory.',
      remedy: [
        'Choose another directory for --{flag}, one that runsc may create or write to, and end it in a slash (--debug-log=/var/log/runsc/).',
      ],
    },
    'log-unwritable:permission denied': {
      title: '--{flag} points where runsc may not write',
      cause: '--{flag}={path} cannot be created: runsc lacks the permission to write there.',
      remedy: ['Create the directory for the user who runs runsc, or choose another one for --{flag}.'],
    },
    'log-unwritable': {
      cause: '--{flag}={path} cannot be opened: {errno}.',
      remedy: [
        'Check that the directory of {path} exists, is writable and has room, or choose another one for --{flag}.',
      ],
    },
  },
});
