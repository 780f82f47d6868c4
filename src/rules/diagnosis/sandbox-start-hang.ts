/** The watchdog waits for a start that does not come. */
import { defineRule } from '../rule.js';

export const sandboxStartHang = defineRule({
  id: 'sandbox-start-hang',
  severity: 'high',
  leads: 'hang',
  title: 'The container was created and never started',
  needs: ['failures', 'runs'],
  sources: ['pkg/sentry/watchdog/watchdog.go'],
  when: {
    'watchdog-start': {
      cause:
        'The watchdog of the sandbox reports that no start command reached it within {time} after it was created: the engine stopped between create and start, or the start is stuck.',
      remedy: [
        'Look at what the engine did after create (docker or containerd log, a start file beside this log); then start or delete the container: runsc start {id|ID}.',
      ],
      confidence: 'likely',
    },
  },
});
