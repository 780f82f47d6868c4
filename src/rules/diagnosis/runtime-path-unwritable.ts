/** State directory, pid file or capture file cannot be written. */
import { defineRule } from '../rule.js';

export const runtimePathUnwritable = defineRule({
  id: 'runtime-path-unwritable',
  severity: 'high',
  title: 'runsc cannot write a file of its own',
  needs: ['failures', 'runs'],
  sources: ['runsc/container/container.go New', 'runsc/cmd/create.go', 'runsc/sandbox/sandbox.go'],
  when: {
    'state-directory-unwritable': {
      title: 'The state directory cannot be created',
      cause: 'runsc keeps its state in {path} (--root), which cannot be created: {errno}.',
      remedy: ['Choose a --root that runsc may write to, or let it run as root.'],
    },
    'state-lock-failed': {
      title: 'The state of the container cannot be locked',
      cause:
        'Each command locks the state file of its container in the state directory (--root) first, which failed: {error}. The directory cannot be written to, is full, or the container was deleted at this moment.',
      confidence: 'likely',
      remedy: [
        'ls -ld and df of the state directory (--root); run the command as the user who created the container, and once more if it was deleted at that moment.',
      ],
    },
    'state-file-broken': {
      title: 'The state file of the container is damaged',
      cause:
        'runsc keeps what it knows of a container in a JSON file below --root, and {path|that file} cannot be read as such: {error}. It was cut short by a full disk or a power failure, or another release wrote it.',
      confidence: 'likely',
      remedy: [
        'runsc cannot reach that container any more: end its processes (ps -ef | grep runsc), then remove {path|the file} and its lock, and create the container again.',
        'df -h of the state directory; after an update of runsc delete containers of the old release with the old binary.',
      ],
    },
    'pid-file-unwritable': {
      title: 'The pid file cannot be written',
      cause: 'The file given by --pid-file cannot be written: {errno}.',
      remedy: ['Create its directory, or correct --pid-file.'],
    },
    'pcap-unwritable': {
      title: 'The packet capture cannot be written',
      cause: '{path}, given by --pcap-log, cannot be opened: {errno}.',
      remedy: ['Create its directory, or correct --pcap-log.'],
    },
  },
});
