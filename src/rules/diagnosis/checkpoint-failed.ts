/** Saving or restoring a container is refused. */
import { defineRule } from '../rule.js';

export const checkpointFailed = defineRule({
  id: 'checkpoint-failed',
  severity: 'high',
  title: 'A checkpoint or restore failed',
  needs: ['failures', 'runs'],
  sources: ['runsc/boot/controller.go, runsc/boot/restore.go, runsc/cmd/checkpoint.go'],
  when: {
    'checkpoint-failed': {
      cause: 'runsc could not save or restore the container: {cause}.',
      remedy: [
        'Restore with the same release, the same spec and the same kind of network that the checkpoint was made with, on a processor with the same features.',
        'Resources outside of the sandbox cannot be saved (host network, open connections, GPU objects): end them before the checkpoint.',
      ],
    },
  },
});
