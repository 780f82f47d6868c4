/** Commands on a container, or on the host, that runsc refuses for the way in which they are called, or for what they meet. */
import { defineRule } from '../rule.js';

export const commandRefused = defineRule({
  id: 'command-refused',
  severity: 'medium',
  tier: 'aftermath',
  leads: 'degraded',
  title: 'A command of runsc was refused',
  needs: ['failures', 'runs'],
  sources: ['runsc/cmd (exec, kill, wait, list, ps, spec, debug, portforward, install)'],
  when: {
    'command-misused': {
      title: 'A command of runsc was called with a value that it does not take',
      cause: 'The command was refused before it did anything: {error}. No container is concerned.',
      remedy: [
        'Compare the call with runsc help COMMAND of this very release: ids and numbers (no names for users and groups), the list of formats, flags that exclude each other.',
        'Where a tool or engine makes the call, its version and that of runsc do not fit: update both.',
      ],
    },
    'process-file-unusable': {
      title: 'The file that describes the process of an exec cannot be used: {path}',
      cause:
        'runsc exec --process reads the process (args, env, user, cwd) as JSON from {path}, and that failed ({action}): {error}.',
      remedy: ['The file holds the object "process" of an OCI spec alone; check it with jq . {path}, and its rights.'],
    },
    'port-not-reached': {
      title: 'The port in the sandbox cannot be reached',
      cause:
        'A port was to be forwarded into the sandbox (runsc port-forward, kubectl port-forward), and the connection inside failed: {error}. Mostly nothing listens there: the program listens on another port or address (not 127.0.0.1), has not opened it yet, or has ended.',
      confidence: 'likely',
      remedy: [
        'Look inside: runsc exec ID ss -ltn (or cat /proc/net/tcp); the port counts inside of the sandbox.',
        'Wait until the program is ready; with --network=host the port is the one of the host.',
      ],
    },
    'install-failed': {
      title: 'runsc install could not change the configuration of Docker',
      cause:
        'runsc install (and uninstall) enters the runtime into /etc/docker/daemon.json, which did not work: {error}.',
      remedy: [
        'Run it as root; look at rights and JSON of the file: jq . /etc/docker/daemon.json (a missing comma is enough). --config_file names another one.',
        'Or write it yourself: {"runtimes": {"runsc": {"path": "/usr/local/bin/runsc"}}}, then systemctl restart docker.',
      ],
    },
  },
});
