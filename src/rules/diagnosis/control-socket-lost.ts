/** A command does not reach its sandbox: the control socket is gone, cannot be placed, or nobody answers on it. */
import { defineRule } from '../rule.js';

const STATE =
  'ls -l of the state directory (--root) and of /var/run, where control sockets are; ps -ef | grep runsc; the end of the boot log of the sandbox';

export const controlSocketLost = defineRule({
  id: 'control-socket-lost',
  severity: 'medium',
  tier: 'aftermath',
  title: 'A command does not reach its sandbox',
  needs: ['failures', 'runs'],
  sources: ['runsc/sandbox/sandbox.go sandboxConnect, createControlSocket'],
  when: {
    'control-socket-missing': {
      title: 'The control socket of sandbox {container} is gone',
      cause:
        'A command looked for the control socket of sandbox {container} and found none where it was made: something cleans up the directory (a service for temporary files, a new mount over it), the command stands in another mount namespace, or another release made the sandbox and put it elsewhere.',
      confidence: 'likely',
      remedy: [
        'Keep cleaners off the state directory (systemd-tmpfiles: an x line for it), and run all commands with the same --root and the same release.',
        'The sandbox cannot be spoken to any more: end it (kill its process), delete the container with --force, and create it again.',
      ],
    },
    'control-socket-unplaced': {
      title: 'There is no place for the control socket',
      cause:
        'runsc puts the control socket of a sandbox into its state directory or into /var/run, and neither will do: the path of a Unix socket may be 107 bytes long, and the directory must be there and be writable.',
      severity: 'high',
      tier: 'cause',
      remedy: ['Choose a shorter --root that runsc may write to (/run/runsc), and shorter ids of containers.'],
    },
    'control-refused': {
      title: 'The sandbox does not answer on its control socket: {errno}',
      cause:
        'A command could not reach the sandbox process {pid}: {errno}. The process has ended (what ended it stands at the end of its boot log), or the command runs with another --root or in another network or mount namespace than the one that created it.',
      confidence: 'possible',
      tier: 'symptom',
      leads: 'inconclusive',
      remedy: [
        'ps -p {pid}: if the process is gone, find out what ended it (boot log, dmesg), delete the container and create it again.',
        'If it runs, use the same --root and user as whoever created the container.',
      ],
      collect: [STATE],
    },
  },
});
