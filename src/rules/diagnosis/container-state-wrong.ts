/** start, exec, pause and others each need a certain state. */
import { defineRule } from '../rule.js';

export const containerStateWrong = defineRule({
  id: 'container-state-wrong',
  severity: 'medium',
  tier: 'aftermath',
  title: 'The command does not fit the state of the container',
  needs: ['failures', 'runs'],
  sources: ['runsc/container/container.go requireStatus'],
  when: {
    'container-state-wrong': {
      title: 'Cannot {action} a container that is {state}',
      cause: '{action} does not work on container "{container|this one}", which is {state}.',
      remedy: [
        'Ask for the state with runsc state {container|ID}; create and start come once and in this order, exec and pause need a running container.',
        'If the container ended unexpectedly, look at the end of its boot log for the reason.',
      ],
    },
    'container-not-started': {
      leads: 'degraded',
      title: 'Container {container|} was created and has not been started',
      cause:
        'A command (exec, kill, wait, ps) names container {container|in this sandbox}, whose program does not run yet: it was created and its start was not called, failed, or is still under way.',
      confidence: 'likely',
      remedy: [
        'runsc state {container|ID} tells; start it (runsc start, docker start), or wait until the engine has done so.',
        'If its start failed, diagnose the log of that start: it holds the cause.',
      ],
    },
    'container-ended': {
      leads: 'degraded',
      title: 'Container {container|of the command} has ended already',
      cause:
        'A command wants something of container {container|in this sandbox}, whose program has ended, or which was deleted, by that time. The command is late; why the program ended is another question.',
      confidence: 'likely',
      remedy: [
        'Look how it ended: its output, runsc state {container|ID}, the line "Container ... exited" or "application exiting" of the boot log.',
        'Start it again; probes and scripts that use exec see this error once a container restarts.',
      ],
    },
    'process-foreign': {
      leads: 'degraded',
      title: 'Process {pid} belongs to another container of the sandbox',
      cause:
        'A command names process {pid}, which runs in container {other|of the same pod} and not in the one that was named: all containers of a pod are in one sandbox.',
      remedy: ['List the processes of each container with runsc ps ID, and name the container that owns the process.'],
    },
    'terminal-not-attached': {
      leads: 'degraded',
      title: 'The signal was for the terminal of a container that has none',
      cause:
        'A signal was to go to the foreground process group of a terminal, and the container (or exec session) was started without one.',
      remedy: ['Send it to the program instead (runsc kill ID SIGNAL), or start with a terminal (docker run -t).'],
    },
    'container-not-of-sandbox': {
      leads: 'degraded',
      title: 'The container {container|that is named} is no sandbox',
      cause:
        'The command wants the sandbox, and {container|what it names} is a container inside of one, or one that is gone or not yet up: only the first container of a pod has the id of the sandbox. A tool that walks through all containers (a security agent, a metrics collector) meets this for each of the others, and for those that stop meanwhile.',
      confidence: 'likely',
      remedy: [
        'Name the sandbox (crictl pods, the annotation io.kubernetes.cri.sandbox-id); runsc list shows all ids.',
        'A tool that asks all containers should pass over those that are no sandbox: update it; the containers themselves are not concerned.',
      ],
    },
    'container-id-ambiguous': {
      leads: 'degraded',
      title: 'The short id "{container}" fits more than one container',
      cause: 'runsc takes the beginning of an id, and "{container}" is the beginning of several: {error}.',
      remedy: ['Give more letters, or the whole id: runsc list.'],
    },
    'process-gone': {
      title: 'There is no process {pid} in the container',
      cause:
        'A command names process {pid} of the container (kill --pid, exec), and there is none of that number: it has ended.',
      remedy: [
        'List the processes with runsc ps {id|ID}: the numbers are those inside the container, not of the host.',
      ],
    },
  },
});
