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
