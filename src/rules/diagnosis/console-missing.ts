/** process.terminal is true and no console socket was given, or it cannot be used. */
import { defineRule } from '../rule.js';

export const consoleMissing = defineRule({
  id: 'console-missing',
  severity: 'high',
  title: 'The spec asks for a terminal and there is none',
  needs: ['failures', 'runs'],
  sources: ['runsc/boot/loader.go, runsc/console/console.go'],
  when: {
    'console-socket-unreachable': {
      title: 'The console socket {path|} does not answer: {errno}',
      cause:
        'The spec asks for a terminal, and runsc was to hand it over on the console socket {path|that was named}, which failed: {errno}. Whoever starts the container (the shim, docker, a script) has to listen on that Unix socket before runsc create runs, and its path may be 107 bytes long at most.',
      confidence: 'likely',
      remedy: [
        'Look whether somebody listens: ss -xl | grep {path|SOCKET}; start the receiver first (the engine does so by itself: restart the one that died).',
        'Without a terminal: process.terminal false in config.json, docker run without -t, tty: false of the pod.',
        'runsc run in a shell needs no --console-socket: it takes the terminal that it has.',
      ],
    },
    'console-pty-refused': {
      title: 'No pseudo terminal can be opened on the host: {errno}',
      cause:
        'The spec asks for a terminal, for which runsc opens /dev/ptmx on the host, and the answer is "{errno}": devpts is not mounted in this mount namespace, its limit (kernel.pty.max) is reached, or the outer container has no /dev/ptmx.',
      confidence: 'likely',
      remedy: [
        'ls -l /dev/ptmx /dev/pts/ptmx; mount -t devpts devpts /dev/pts -o newinstance,ptmxmode=0666,mode=620; sysctl kernel.pty.max kernel.pty.nr.',
        'Or start without a terminal (no -t, process.terminal false).',
      ],
    },
    'console-missing': {
      cause:
        'process.terminal of the spec is true, but no terminal could be set up: no console socket was given to create.',
      remedy: [
        'Pass --console-socket to create, or set process.terminal to false.',
        'With docker or kubectl, start without -t.',
      ],
    },
  },
});
