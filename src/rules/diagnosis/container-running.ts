/** delete without --force on a container that has not stopped. */
import { defineRule } from '../rule.js';

export const containerRunning = defineRule({
  id: 'container-running',
  severity: 'medium',
  tier: 'aftermath',
  title: 'A running container cannot be deleted',
  needs: ['failures', 'runs'],
  sources: ['runsc/cmd/delete.go'],
  when: {
    'container-running': {
      title: 'delete was refused: container {id|it} is still running',
      cause: 'The container {id|} is still running, and delete removes only stopped containers.',
      remedy: [
        'Stop it first (runsc kill {id|ID} KILL, then runsc wait {id|ID}), or use runsc delete --force {id|ID}.',
      ],
    },
  },
});
